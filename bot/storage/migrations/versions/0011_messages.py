"""A message says in columns of its own what it is about, and in JSON what else makes it unique.

Of what has been enqueued before, that is read out of keys and subjects: here, and nowhere else.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

FIELDS = ("panel", "interview", "scorecard", "application", "opening", "person")
OLD_INDEX = "ix_outbox_workspace_subject"
BATCH = 1000

outbox = sa.table(
    "outbox",
    *(sa.column(name, sa.String) for name in ("workspace", "key", "kind", "subject", *FIELDS)),
    *(sa.column(name, sa.String) for name in ("state", "ts")),
    sa.column("day", sa.Date),
    sa.column("payload", sa.JSON),
)
interviews = sa.table("interviews", *(sa.column(name) for name in ("workspace", "id", "panel")))
panels = sa.table("panels", sa.column("workspace"), sa.column("id"))
scorecards = sa.table("scorecards", *(sa.column(name) for name in ("workspace", "id", "interview")))

OPEN = outbox.c.state.in_(("due", "sending", "unknown"))

Facts = dict[str, Any]


def upgrade() -> None:
    for name in FIELDS:
        op.add_column("outbox", sa.Column(name, sa.String(32)))
    op.add_column("outbox", sa.Column("day", sa.Date))
    op.add_column("outbox", sa.Column("payload", sa.JSON, nullable=False, server_default="{}"))
    connection = op.get_bind()
    for rows in _batches(connection):
        _write(connection, [_address(row) | _facts(row) for row in rows])
    _fill_ids(connection)
    _end_what_is_about_nothing(connection)
    op.drop_index(OLD_INDEX, "outbox")
    op.drop_column("outbox", "subject")
    for name in FIELDS:
        known = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_outbox_workspace_{name}",
            "outbox",
            ["workspace", name],
            sqlite_where=known,
            postgresql_where=known,
        )


def downgrade() -> None:
    subject = sa.Column("subject", sa.String(100), nullable=False, server_default="")
    op.add_column("outbox", subject)
    connection = op.get_bind()
    for rows in _batches(connection):
        _write(connection, [_address(row) | {"subject": _subject(row)} for row in rows])
    op.create_index(OLD_INDEX, "outbox", ["workspace", "subject"])
    for name in FIELDS:
        op.drop_index(f"ix_outbox_workspace_{name}", "outbox")
    for name in (*FIELDS, "day", "payload"):
        op.drop_column("outbox", name)


def _batches(connection: sa.Connection) -> Iterator[list[sa.RowMapping]]:
    """All rows, in the order of their keys."""
    order = (outbox.c.workspace, outbox.c.key)
    after: tuple[str, str] = ("", "")
    while True:
        query = sa.select(outbox).where(sa.tuple_(*order) > sa.tuple_(*map(sa.literal, after)))
        rows = connection.execute(query.order_by(*order).limit(BATCH)).mappings().all()
        if not rows:
            return
        yield list(rows)
        after = (rows[-1]["workspace"], rows[-1]["key"])


def _address(row: sa.RowMapping) -> Facts:
    return {"of_workspace": row["workspace"], "of_key": row["key"]}


def _write(connection: sa.Connection, rows: list[Facts]) -> None:
    """Each row with the same columns as the others."""
    names = sorted({name for row in rows for name in row} - {"of_workspace", "of_key"})
    this = sa.and_(
        outbox.c.workspace == sa.bindparam("of_workspace"), outbox.c.key == sa.bindparam("of_key")
    )
    values = {name: sa.bindparam(f"new_{name}", type_=outbox.c[name].type) for name in names}
    connection.execute(
        sa.update(outbox).where(this).values(values),
        [
            {name: row[name] for name in ("of_workspace", "of_key")}
            | {f"new_{name}": row.get(name) for name in names}
            for row in rows
        ],
    )


def _facts(row: sa.RowMapping) -> Facts:
    read = FACTS.get(row["kind"])
    known = {} if read is None else read(row["subject"], row["key"].split(":"))
    return {"payload": {}, "day": None} | dict.fromkeys(FIELDS) | known


def _moment(stamp: str) -> str:
    return datetime.fromtimestamp(int(stamp), UTC).isoformat()


FACTS: dict[str, Callable[[str, list[str]], Facts]] = {
    "panel.kit": lambda subject, key: {"interview": subject},
    "panel.soon": lambda subject, key: {
        "interview": subject,
        "payload": {"starts_at": _moment(key[2])},
    },
    "panel.declined": lambda subject, key: {
        "interview": subject,
        "payload": {"starts_at": _moment(key[2])},
    },
    "panel.summary": lambda subject, key: {"panel": subject},
    "panel.undelivered": lambda subject, key: {"payload": {"undelivered": subject}},
    "panel.appointed": lambda subject, key: {"panel": subject, "payload": {"part": key[2]}},
    "panel.passed_on": lambda subject, key: {"panel": subject, "payload": {"part": key[2]}},
    "scorecard.receipt": lambda subject, key: {
        "scorecard": subject,
        "payload": {"part": int(key[2])},
    },
    "scorecard.arrived": lambda subject, key: {"scorecard": subject},
    "scorecard.settled": lambda subject, key: {
        "interview": subject,
        "payload": {"closing": int(key[2])},
    },
    "scorecard.handed": lambda subject, key: {
        "interview": subject,
        "payload": {"closing": int(key[2])},
    },
    "reminders.digest": lambda subject, key: {
        "person": key[1],
        "day": date.fromisoformat(subject),
    },
    "reminders.later": lambda subject, key: {
        "person": subject,
        "payload": {"at": _moment(key[2])},
    },
    "reminders.nudge": lambda subject, key: {"interview": subject},
    "reminders.stopped": lambda subject, key: {
        "interview": subject,
        "payload": {"days": int(key[3])},
    },
    "reminders.resumed": lambda subject, key: {
        "interview": subject,
        "payload": {"days": int(key[3])},
    },
    "reminders.unreachable": lambda subject, key: {"person": subject},
}
"""What a message's subject and the parts of its key said, by its kind."""


def _fill_ids(connection: sa.Connection) -> None:
    """The interview of each scorecard, and the panel of each interview; that a message did not
    arrive is about its panel."""
    other = outbox.alias("other")
    is_undelivered = outbox.c.kind == "panel.undelivered"
    for name, value, where in (
        ("interview", _of(scorecards, "interview", "scorecard"), outbox.c.scorecard.is_not(None)),
        ("panel", _of(interviews, "panel", "interview"), outbox.c.interview.is_not(None)),
        (
            "panel",
            sa.select(other.c.panel)
            .where(other.c.workspace == outbox.c.workspace, other.c.key == outbox.c.subject)
            .scalar_subquery(),
            is_undelivered,
        ),
    ):
        connection.execute(sa.update(outbox).where(where).values({name: value}))


def _of(table: sa.TableClause, name: str, id: str) -> sa.ScalarSelect[Any]:
    same = sa.and_(table.c.workspace == outbox.c.workspace, table.c.id == outbox.c[id])
    return sa.select(table.c[name]).where(same).scalar_subquery()


def _end_what_is_about_nothing(connection: sa.Connection) -> None:
    """Where a panel has been deleted nothing more is said about it: its messages could not be
    rendered."""
    kinds = [kind for kind in FACTS if kind.startswith(("panel.", "scorecard."))]
    kinds += ["reminders.nudge", "reminders.stopped", "reminders.resumed"]
    is_there = sa.exists().where(
        panels.c.workspace == outbox.c.workspace, panels.c.id == outbox.c.panel
    )
    is_about_nothing = sa.and_(outbox.c.kind.in_(kinds), ~is_there, OPEN)
    connection.execute(sa.delete(outbox).where(is_about_nothing, outbox.c.ts.is_(None)))
    connection.execute(sa.update(outbox).where(is_about_nothing).values(state="sent"))


def _subject(row: sa.RowMapping) -> str:
    """What the message was about in the version before, by the kind's own field."""
    kind: str = row["kind"]
    if kind == "panel.undelivered":
        return str(row["payload"]["undelivered"])
    if kind == "reminders.digest":
        return str(row["day"])
    if kind in ("panel.summary", "panel.appointed", "panel.passed_on"):
        return row["panel"] or ""
    return row["scorecard"] or row["interview"] or row["person"] or ""

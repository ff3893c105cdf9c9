"""Reminders in the database: how people are reminded, and when what is looked at next.

`interviews.remind_at` is when an interview has to be looked at next, from its end on, and
`reminder_people.next_digest_at` when a person has: an index on each finds all that there is to do.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Date,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.organizers import Organized
from bot.domain.reminders import (
    MissingScorecard,
    RemindedPerson,
    ReminderPolicy,
    is_zone,
    with_defaults,
)
from bot.storage.outbox import OPEN, outbox
from bot.storage.panels.rows import interviews, panels
from bot.storage.schema import Moment, metadata, partial_index, upsert
from bot.storage.scorecards.closings import closings
from bot.storage.scorecards.due import is_due, is_pending, owner_of

HAS_NEXT = text("next_digest_at IS NOT NULL")

policies = Table(
    "reminder_cadences",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("hour", Integer, nullable=False),
    Column("working_days", JSON, nullable=False),
    Column("holidays", JSON, nullable=False),
    Column("chase_days", Integer, nullable=False),
    Column("nudge_minutes", Integer),
    Column("opens", Integer, nullable=False),
    Column("closes", Integer, nullable=False),
)
"""`nudge_minutes` is null where no nudge is to come."""

people = Table(
    "reminder_people",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("person", String(32), primary_key=True),
    Column("zone", String(64), nullable=False),
    Column("hour", Integer),
    Column("working_days", JSON(none_as_null=True)),
    Column("days_off", JSON, nullable=False),
    Column("snoozed_until", Moment),
    Column("next_digest_at", Moment),
    Column("last_digest", Date),
    Column("later_at", Moment),
    partial_index(None, "next_digest_at", where=HAS_NEXT),
)

IDS = ("workspace", "person")


@dataclass(frozen=True)
class Ended(Organized):
    """An interview that has to be looked at, with its panel and who organizes that.

    `zone` is the interviewer's as it was when the interview was set up.
    """

    missing: MissingScorecard
    panel: str
    interviewer: str
    zone: str
    set_up_by: str
    recruiter: str
    hiring_manager: str


class ReminderStore:
    """Reminders within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def policies(self, workspaces: Collection[str]) -> Mapping[str, ReminderPolicy]:
        """How each of these workspaces reminds; by the defaults where nothing was chosen."""
        query = select(policies).where(policies.c.workspace.in_(set(workspaces)))
        rows = (await self._connection.execute(query)).mappings()
        return {id: ReminderPolicy(id) for id in workspaces} | {
            row["workspace"]: with_defaults(policy_of(row)) for row in rows
        }

    async def policy(self, workspace: str) -> ReminderPolicy:
        return (await self.policies([workspace]))[workspace]

    async def policy_to_change(self, workspace: str) -> ReminderPolicy:
        """The same, which nobody else changes until the transaction ends."""
        statement = upsert(self._connection, policies, _policy_row(ReminderPolicy(workspace)))
        await self._connection.execute(statement.on_conflict_do_nothing())
        query = select(policies.c.hour).where(policies.c.workspace == workspace)
        await self._connection.execute(query.with_for_update())
        return await self.policy(workspace)

    async def put_policy(self, item: ReminderPolicy) -> None:
        row = _policy_row(item)
        statement = upsert(self._connection, policies, row)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=("workspace",), set_=row)
        )

    async def get(
        self, workspace: str, person: str, *, lock: bool = False
    ) -> RemindedPerson | None:
        """What is known of the person; with `lock` it stays so until the transaction ends."""
        columns = people.c
        query = select(people).where(columns.workspace == workspace, columns.person == person)
        query = query.with_for_update() if lock else query
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else _reminded(row)

    async def people(self, workspace: str, ids: Collection[str]) -> Mapping[str, RemindedPerson]:
        """Those of these people of whom anything is known yet."""
        columns = people.c
        query = select(people).where(columns.workspace == workspace, columns.person.in_(set(ids)))
        rows = (await self._connection.execute(query)).mappings()
        return {row["person"]: _reminded(row) for row in rows}

    async def set_next_checks(self, items: Iterable[RemindedPerson]) -> None:
        """Each of them has to be looked at at their `next_digest_at` at the latest; what is known
        of them besides stays as it is."""
        in_order = sorted(items, key=lambda item: (item.workspace, item.person))
        if not in_order:
            return
        statement = upsert(self._connection, people, [_row(item) for item in in_order])
        old, new = people.c.next_digest_at, statement.excluded.next_digest_at
        sooner = or_(old.is_(null()), new < old)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=IDS, set_={"next_digest_at": case((sooner, new), else_=old)}
            )
        )

    async def put(self, items: Iterable[RemindedPerson]) -> None:
        """Keeps people as they are given."""
        in_order = sorted(items, key=lambda item: (item.workspace, item.person))
        if not in_order:
            return
        statement = upsert(self._connection, people, [_row(item) for item in in_order])
        new = {c.name: statement.excluded[c.name] for c in people.c if c.name not in IDS}
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=IDS, set_=new)
        )

    async def has_due(self, now: datetime) -> bool:
        """Whether any interview or person has to be looked at."""
        for query in (_due_interviews(now), _due_people(now)):
            if (await self._connection.execute(query.limit(1))).first() is not None:
                return True
        return False

    async def due_interviews(self, now: datetime, most: int) -> Sequence[Ended]:
        """Interviews that have to be looked at, kept from other replicas until the end of the
        transaction."""
        query = _due_interviews(now).limit(most).with_for_update(skip_locked=True, of=interviews)
        return [_ended(row) for row in (await self._connection.execute(query)).mappings()]

    async def due_people(self, now: datetime, most: int) -> Sequence[RemindedPerson]:
        """The same of people."""
        query = _due_people(now).limit(most).with_for_update(skip_locked=True)
        return [_reminded(row) for row in (await self._connection.execute(query)).mappings()]

    async def set_remind_at(
        self, moments: Iterable[tuple[MissingScorecard, datetime | None]]
    ) -> None:
        """When each of these interviews has to be looked at next, if ever."""
        rows = [
            {"this_workspace": missing.workspace, "this_id": missing.interview, "new_at": moment}
            for missing, moment in sorted(moments, key=lambda one: one[0].interview)
        ]
        columns = interviews.c
        this = and_(
            columns.workspace == bindparam("this_workspace"), columns.id == bindparam("this_id")
        )
        if rows:
            new = bindparam("new_at", type_=Moment)
            await self._connection.execute(
                update(interviews).where(this).values(remind_at=new), rows
            )

    async def recheck(self, workspace: str, person: str | None, now: datetime) -> None:
        """All that is owed by somebody, or by everybody, has to be looked at again.

        Whoever changes people or messages too does this first, as a tick does: on PostgreSQL two
        that lock the same in another order would wait for each other.
        """
        columns = interviews.c
        these = select(columns.id).where(columns.workspace == workspace, *is_due(now))
        if person is not None:
            these = these.where(or_(_held_by([person]), _reassigned_to(workspace, [person])))
        these = these.order_by(columns.id).with_for_update()
        await self._connection.execute(
            update(interviews)
            .where(columns.workspace == workspace, columns.id.in_(these))
            .values(remind_at=columns.ends_at)
        )

    async def missing_scorecards(
        self, workspace: str, owners: Collection[str], now: datetime
    ) -> Mapping[str, list[MissingScorecard]]:
        """What each of these people owes, longest first."""
        found: dict[str, list[MissingScorecard]] = {owner: [] for owner in owners}
        whole = _missing_scorecards(now).where(interviews.c.workspace == workspace)
        missing_scorecards: set[MissingScorecard] = set()
        for whose in (_held_by(owners), _reassigned_to(workspace, owners)):
            missing_scorecards.update(await self._missing_scorecards(whole.where(whose)))
        for missing in sorted(
            missing_scorecards, key=lambda missing: (missing.ends_at, missing.interview)
        ):
            if missing.owner in found:
                found[missing.owner].append(missing)
        return found

    async def all_missing_scorecards(self, now: datetime) -> Sequence[MissingScorecard]:
        """Everything that anybody owes."""
        return await self._missing_scorecards(_missing_scorecards(now))

    async def everybody(self) -> Sequence[RemindedPerson]:
        """Everybody of whom anything is known."""
        query = select(people).order_by(people.c.workspace, people.c.person)
        return [_reminded(row) for row in (await self._connection.execute(query)).mappings()]

    async def late(self, before: datetime) -> Mapping[str, int]:
        """How much should have been done by then, by what it is."""
        waiting = select(outbox.c.key).where(OPEN, outbox.c.due_at <= before)
        found = {}
        for what, query in (
            ("messages to send", waiting),
            ("interviews to look at", _due_interviews(before)),
            ("people to look at", _due_people(before)),
        ):
            count = select(func.count()).select_from(query.subquery())
            found[what] = int((await self._connection.execute(count)).scalar_one())
        return found

    async def _missing_scorecards(self, query: Select[Any]) -> list[MissingScorecard]:
        return [
            MissingScorecard(**row) for row in (await self._connection.execute(query)).mappings()
        ]


def _held_by(people: Collection[str]) -> ColumnElement[bool]:
    return interviews.c.interviewer.in_(set(people))


def _reassigned_to(workspace: str, people: Collection[str]) -> ColumnElement[bool]:
    """Interviews whose scorecard was reassigned to one of these people at some time.

    Asked apart from those that they hold: together SQLite would read every interview.
    """
    columns = closings.c
    reassigned = select(columns.interview).where(
        columns.workspace == workspace, columns.receiver.in_(set(people))
    )
    return interviews.c.id.in_(reassigned)


def _missing_scorecards(now: datetime) -> Select[Any]:
    columns = interviews.c
    return (
        select(
            columns.workspace,
            columns.id.label("interview"),
            owner_of(interviews).label("owner"),
            columns.ends_at,
        )
        .where(*is_due(now))
        .order_by(columns.ends_at, columns.id)
    )


def _due_interviews(now: datetime) -> Select[Any]:
    columns = interviews.c
    return (
        select(
            columns.workspace,
            columns.id,
            columns.interviewer,
            owner_of(interviews).label("owner"),
            columns.interviewer_zone,
            columns.ends_at,
            columns.panel,
            panels.c.set_up_by,
            panels.c.recruiter,
            panels.c.hiring_manager,
        )
        .join(panels, and_(panels.c.workspace == columns.workspace, panels.c.id == columns.panel))
        .where(*is_pending(), columns.remind_at <= now)
        .order_by(columns.remind_at)
    )


def _due_people(now: datetime) -> Select[Any]:
    return select(people).where(people.c.next_digest_at <= now).order_by(people.c.next_digest_at)


def _ended(row: RowMapping) -> Ended:
    return Ended(
        missing=MissingScorecard(row["workspace"], row["id"], row["owner"], row["ends_at"]),
        panel=row["panel"],
        interviewer=row["interviewer"],
        zone=row["interviewer_zone"] if is_zone(row["interviewer_zone"]) else "UTC",
        set_up_by=row["set_up_by"],
        recruiter=row["recruiter"],
        hiring_manager=row["hiring_manager"],
    )


def policy_of(row: RowMapping) -> ReminderPolicy:
    """As it stands in the row, whether it can be worked with or not."""
    return ReminderPolicy(
        workspace=row["workspace"],
        hour=row["hour"],
        working_days=frozenset(row["working_days"]),
        holidays=_dates(row["holidays"]),
        chase_days=row["chase_days"],
        nudge_after=_minutes(row["nudge_minutes"]),
        opens=row["opens"],
        closes=row["closes"],
    )


def _policy_row(item: ReminderPolicy) -> dict[str, Any]:
    return {
        "workspace": item.workspace,
        "hour": item.hour,
        "working_days": sorted(item.working_days),
        "holidays": _texts(item.holidays),
        "chase_days": item.chase_days,
        "nudge_minutes": item.nudge_after and item.nudge_after // timedelta(minutes=1),
        "opens": item.opens,
        "closes": item.closes,
    }


def _row(item: RemindedPerson) -> dict[str, Any]:
    own = item.working_days
    return {
        **vars(item),
        "working_days": None if own is None else sorted(own),
        "days_off": _texts(item.days_off),
    }


def _reminded(row: RowMapping) -> RemindedPerson:
    return with_defaults(person_of(row))


def person_of(row: RowMapping) -> RemindedPerson:
    """As they stand in the row, whether it can be worked with or not."""
    own = row["working_days"]
    return RemindedPerson(
        **{
            **row,
            "working_days": None if own is None else frozenset(own),
            "days_off": _dates(row["days_off"]),
        }
    )


def _minutes(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(minutes=number)


def _texts(days: Iterable[date]) -> list[str]:
    return sorted(day.isoformat() for day in days)


def _dates(texts: Iterable[str]) -> frozenset[date]:
    """The days, without what is none."""
    found = set()
    for one in texts:
        with suppress(ValueError, TypeError):
            found.add(date.fromisoformat(one))
    return frozenset(found)

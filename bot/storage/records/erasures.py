"""Erasures, what of them is still to be done in Slack, and legal holds, in the database.

What stands here leads to nobody once a candidate is erased: ids, numbers and times.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    and_,
    delete,
    exists,
    false,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.records.erasing import (
    Backup,
    Because,
    Counts,
    Erasure,
    ErasureState,
    ErasureStep,
    Hold,
    SlackCopy,
)
from bot.storage.schema import Moment, metadata, part_of, upsert

LONGEST_FILE = 1000

erasures = Table(
    "erasures",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("candidate", String(32), primary_key=True),
    Column("people", JSON, nullable=False),
    Column("because", String(10), nullable=False),
    Column("asked_by", String(32), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("step", String(10), nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("done_at", Moment),
    Index(None, "step"),
)

slack_copies = Table(
    "erasure_copies",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("candidate", String(32), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("is_file", Boolean, primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("ts", String(32)),
    Column("since", Moment, nullable=False),
    Column("found_at", Moment, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", String(100)),
    Column("is_left", Boolean, nullable=False),
    Index(None, "next_at"),
)
"""Those that are still there, as far as is known: one that is gone from Slack goes from here."""

holds = Table(
    "legal_holds",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("candidate", String(32), primary_key=True),
    Column("actor", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    part_of("candidates", "candidate"),
)

sent_files = Table(
    "sent_files",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("interview", String(32), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("sent_at", Moment, nullable=False),
    part_of("interviews", "interview"),
    Index(None, "workspace", "interview"),
)
"""Files about an interview that were put into Slack, by Slack's ids."""

backups_made = Table(
    "backups_made",
    metadata,
    Column("file", String(LONGEST_FILE), primary_key=True),
    Column("made_at", Moment, nullable=False),
)
"""Where they were written, and when last."""

GOING_ON = tuple(step for step in ErasureStep if step is not ErasureStep.DONE)
FIELDS = tuple(field.name for field in fields(Erasure))


class ErasureStore:
    """Erasures and holds within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, item: Erasure) -> bool:
        """Remembers that it is to be done; False where it was asked for before."""
        statement = upsert(self._connection, erasures, _row(item)).on_conflict_do_nothing()
        return (await self._connection.execute(statement)).rowcount == 1

    async def save(self, item: Erasure) -> None:
        this = _is_of(erasures, item.workspace, item.candidate)
        await self._connection.execute(update(erasures).where(this).values(_row(item)))

    async def get(self, workspace: str, id: str, *, lock: bool = False) -> Erasure | None:
        """The erasure of this candidate; locked, nobody else goes on with it meanwhile."""
        query = select(erasures).where(_is_of(erasures, workspace, id))
        query = query.with_for_update() if lock else query
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else _erasure_of(row)

    async def anywhere(self, id: str) -> Erasure | None:
        """The erasure of a candidate of whom nothing but the id is known."""
        query = select(erasures).where(erasures.c.candidate == id)
        row = (await self._connection.execute(query)).mappings().first()
        return None if row is None else _erasure_of(row)

    async def going_on(self, workspace: str | None = None) -> Sequence[Erasure]:
        """Those that are not done, the longest asked for first; held ones too."""
        columns = erasures.c
        query = select(erasures).where(columns.step.in_(GOING_ON))
        if workspace is not None:
            query = query.where(columns.workspace == workspace)
        query = query.order_by(columns.asked_at, columns.workspace, columns.candidate)
        return [_erasure_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def states(self, workspace: str | None = None) -> Sequence[ErasureState]:
        """Every erasure that is not done, or has left something in Slack for a person."""
        is_left = and_(
            slack_copies.c.workspace == erasures.c.workspace,
            slack_copies.c.candidate == erasures.c.candidate,
            slack_copies.c.is_left != false(),
        )
        needs_somebody = exists().where(is_left).correlate(erasures)
        query = select(erasures).where(erasures.c.step.in_(GOING_ON) | needs_somebody)
        if workspace is not None:
            query = query.where(erasures.c.workspace == workspace)
        query = query.order_by(erasures.c.asked_at, erasures.c.workspace, erasures.c.candidate)
        rows = (await self._connection.execute(query)).mappings()
        return await self._states([_erasure_of(row) for row in rows])

    async def state_of(self, item: Erasure) -> ErasureState:
        """How far it is."""
        (state,) = await self._states([item])
        return state

    async def _states(self, items: Sequence[Erasure]) -> Sequence[ErasureState]:
        if not items:
            return []
        columns = slack_copies.c
        query = select(slack_copies).where(columns.candidate.in_([one.candidate for one in items]))
        query = query.order_by(columns.next_at, columns.name)
        copies = [SlackCopy(**row) for row in (await self._connection.execute(query)).mappings()]
        people = {id for one in items for id in one.people}
        query = select(holds.c.workspace, holds.c.candidate).where(holds.c.candidate.in_(people))
        held = {tuple(row) for row in await self._connection.execute(query)}
        return [_state(one, copies, held) for one in items]

    async def add_copies(self, items: Sequence[SlackCopy]) -> int:
        """Adds what is not there yet; how many those are."""
        if not items:
            return 0
        rows = [vars(one) for one in sorted(items, key=lambda one: (one.name, one.is_file))]
        statement = upsert(self._connection, slack_copies, rows).on_conflict_do_nothing()
        added = await self._connection.execute(statement.returning(slack_copies.c.name))
        return len(added.all())

    async def copies(self, workspace: str, candidate: str) -> Sequence[SlackCopy]:
        columns = slack_copies.c
        query = select(slack_copies).where(_is_of(slack_copies, workspace, candidate))
        query = query.order_by(columns.next_at, columns.name)
        return [SlackCopy(**row) for row in (await self._connection.execute(query)).mappings()]

    async def copies_due(self, now: datetime, most: int) -> Sequence[SlackCopy]:
        """What is to be tried now, of erasures that no hold has stopped."""
        columns = slack_copies.c
        held = and_(holds.c.workspace == columns.workspace, holds.c.candidate == columns.candidate)
        query = (
            select(slack_copies)
            .where(columns.next_at <= now, ~exists().where(held).correlate(slack_copies))
            .order_by(columns.is_left, columns.next_at, columns.candidate, columns.name)
            .limit(most)
        )
        return [SlackCopy(**row) for row in (await self._connection.execute(query)).mappings()]

    async def gone(self, item: SlackCopy) -> None:
        """It is no longer in Slack."""
        removed = await self._connection.execute(delete(slack_copies).where(_is_copy(item)))
        if removed.rowcount:
            this = _is_of(erasures, item.workspace, item.candidate)
            more = {"deleted": erasures.c.deleted + 1}
            await self._connection.execute(update(erasures).where(this).values(more))

    async def put(self, item: SlackCopy) -> None:
        names = ("next_at", "attempts", "error", "is_left")
        values = {name: getattr(item, name) for name in names}
        await self._connection.execute(update(slack_copies).where(_is_copy(item)).values(values))

    async def add_file(
        self, workspace: str, id: str, interview: str, channel: str, now: datetime
    ) -> None:
        """A file about the interview is in Slack now."""
        row = {
            "workspace": workspace,
            "id": id,
            "interview": interview,
            "channel": channel,
            "sent_at": now,
        }
        statement = upsert(self._connection, sent_files, row).on_conflict_do_nothing()
        await self._connection.execute(statement)

    async def hold(self, item: Hold) -> bool:
        """False where it holds already."""
        statement = upsert(self._connection, holds, vars(item)).on_conflict_do_nothing()
        return (await self._connection.execute(statement)).rowcount == 1

    async def release(self, workspace: str, ids: Collection[str]) -> bool:
        """False where none of these was held."""
        this = and_(holds.c.workspace == workspace, holds.c.candidate.in_(ids))
        return bool((await self._connection.execute(delete(holds).where(this))).rowcount)

    async def held(self, workspace: str, ids: Collection[str]) -> Sequence[Hold]:
        """Which of these may not be erased."""
        this = and_(holds.c.workspace == workspace, holds.c.candidate.in_(ids))
        rows = (await self._connection.execute(select(holds).where(this))).mappings()
        return [Hold(**row) for row in rows]

    async def made_backup(self, item: Backup) -> None:
        statement = upsert(self._connection, backups_made, vars(item))
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=("file",), set_={"made_at": item.made_at}
            )
        )

    async def backups(self, before: datetime) -> Sequence[Backup]:
        """Those that were made before, the latest first."""
        columns = backups_made.c
        query = select(backups_made).where(columns.made_at <= before)
        query = query.order_by(columns.made_at.desc(), columns.file)
        return [Backup(**row) for row in (await self._connection.execute(query)).mappings()]


def _state(
    item: Erasure, copies: Sequence[SlackCopy], held: Collection[tuple[str, ...]]
) -> ErasureState:
    whose = (item.workspace, item.candidate)
    mine = [copy for copy in copies if (copy.workspace, copy.candidate) == whose]
    left = [copy for copy in mine if copy.is_left]
    is_held = any((item.workspace, id) in held for id in item.people)
    return ErasureState(item, len(mine) - len(left), left, is_held)


def _is_of(table: Table, workspace: str, candidate: str) -> ColumnElement[bool]:
    return and_(table.c.workspace == workspace, table.c.candidate == candidate)


def _is_copy(item: SlackCopy) -> ColumnElement[bool]:
    columns = slack_copies.c
    this = _is_of(slack_copies, item.workspace, item.candidate)
    return and_(this, columns.name == item.name, columns.is_file == item.is_file)


def _row(item: Erasure) -> dict[str, Any]:
    row = {name: getattr(item, name) for name in FIELDS}
    return row | {"people": list(item.people), "counts": asdict(item.counts)}


def _erasure_of(row: Any) -> Erasure:
    values = {name: row[name] for name in FIELDS}
    return Erasure(
        **values
        | {
            "people": tuple(row["people"]),
            "because": Because(row["because"]),
            "step": ErasureStep(row["step"]),
            "counts": Counts(**row["counts"]),
        }
    )

"""Which rungs of the ladder were reached, and in whose digest each is told, in the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    Select,
    String,
    Table,
    and_,
    delete,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ladder import Reached, Rung
from bot.storage.panels.rows import interviews
from bot.storage.schema import Moment, metadata, part_of, partial_index, upsert
from bot.storage.scorecards.due import due_since, is_due

UNTOLD = text("day IS NULL")

rungs = Table(
    "reminder_rungs",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("interview", String(32), primary_key=True),
    Column("since", Moment, primary_key=True),
    Column("rung", String(10), primary_key=True),
    Column("days", Integer, primary_key=True),
    Column("recipient", String(32), primary_key=True),
    Column("reached_at", Moment, nullable=False),
    Column("day", Date),
    part_of("interviews", "interview"),
    Index(None, "workspace", "recipient", "day"),
    partial_index("ix_reminder_rungs_untold", "workspace", "interview", where=UNTOLD),
)
"""`day` is null while a rung is still to be told."""


class RungStore:
    """Rungs within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, items: Iterable[Reached]) -> Sequence[Reached]:
        """Keeps those that were not reached before, each once for its recipient, and gives them."""
        wanted = {_key(asdict(one)): one for one in items}
        if not wanted:
            return []
        rows = [asdict(wanted[key]) for key in sorted(wanted)]
        statement = upsert(self._connection, rungs, rows).on_conflict_do_nothing()
        added = await self._connection.execute(statement.returning(*rungs.primary_key.columns))
        return [wanted[_key(dict(row))] for row in added.mappings()]

    async def untold(
        self, workspace: str, recipients: Collection[str], now: datetime
    ) -> Mapping[str, list[Reached]]:
        """What each of these people is still to be told, of scorecards that are still due."""
        found: dict[str, list[Reached]] = {one: [] for one in recipients}
        query = _untold(now).where(
            rungs.c.workspace == workspace, rungs.c.recipient.in_(set(recipients))
        )
        for one in await self._found(query):
            found[one.recipient].append(one)
        return found

    async def all_untold(self, now: datetime) -> Sequence[Reached]:
        """The same of everybody."""
        return await self._found(_untold(now))

    async def tell(
        self, workspace: str, recipient: str, until: datetime, day: date, now: datetime
    ) -> None:
        """What was reached by then, of scorecards that are still due, is told in the digest of that
        day."""
        columns = rungs.c
        still_due = select(interviews.c.id).where(
            interviews.c.workspace == columns.workspace,
            interviews.c.id == columns.interview,
            *_is_same_debt(now),
        )
        await self._connection.execute(
            update(rungs)
            .where(columns.workspace == workspace, columns.recipient == recipient, UNTOLD)
            .where(columns.reached_at <= until, still_due.correlate(rungs).exists())
            .values(day=day)
        )

    async def of_day(self, workspace: str, recipient: str, day: date) -> Sequence[Reached]:
        """What the person's digest of that day tells."""
        columns = rungs.c
        query = select(rungs).where(columns.workspace == workspace, columns.recipient == recipient)
        return await self._found(query.where(columns.day == day))

    async def told(self, workspace: str, ids: Collection[str]) -> Sequence[Reached]:
        """What digests have told of these interviews."""
        columns = rungs.c
        query = select(rungs).where(columns.workspace == workspace, columns.day.is_not(None))
        return await self._found(query.where(columns.interview.in_(set(ids)))) if ids else []

    async def forget_untold(self, workspace: str, which: ColumnElement[bool]) -> None:
        """What is still to be told of these interviews is worked out anew."""
        columns = interviews.c
        these = select(columns.id).where(columns.workspace == workspace, which)
        await self._connection.execute(
            delete(rungs).where(
                rungs.c.workspace == workspace, rungs.c.interview.in_(these), UNTOLD
            )
        )

    async def _found(self, query: Select[Any]) -> Sequence[Reached]:
        columns = rungs.c
        query = query.order_by(columns.reached_at, columns.interview, columns.recipient)
        rows = (await self._connection.execute(query)).mappings()
        return [Reached(**{**row, "rung": Rung(row["rung"])}) for row in rows]


def _untold(now: datetime) -> Select[Any]:
    is_of = and_(interviews.c.workspace == rungs.c.workspace, interviews.c.id == rungs.c.interview)
    query = select(rungs).join(interviews, is_of)
    return query.where(rungs.c.day.is_(None), *_is_same_debt(now))


def _is_same_debt(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of a rung and its interview: the scorecard is still due, and since the same moment."""
    return *is_due(now), due_since() == rungs.c.since


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[column.name]) for column in rungs.primary_key.columns)

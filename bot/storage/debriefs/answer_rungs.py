"""Which reminders of answers are to come, and in whose digest each was told, in the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    Index,
    Select,
    String,
    Table,
    and_,
    delete,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.debriefs.answers import AnswerReached, AnswerRung
from bot.storage.schema import Moment, metadata, part_of, partial_index, upsert

UNTOLD = text("day IS NULL")

answer_rungs = Table(
    "answer_rungs",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("application", String(32), primary_key=True),
    Column("by", Date, primary_key=True),
    Column("rung", String(10), primary_key=True),
    Column("recipient", String(32), primary_key=True),
    Column("reached_at", Moment, nullable=False),
    Column("day", Date),
    part_of("applications", "application"),
    Index(None, "workspace", "recipient", "day"),
    partial_index("ix_answer_rungs_untold", "workspace", "recipient", where=UNTOLD),
)
"""`by` is when the candidate was to hear then; `day` is null while a rung is still to be told."""


class AnswerRungStore:
    """Reminders of answers within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, items: Iterable[AnswerReached]) -> Sequence[AnswerReached]:
        """Keeps those that are new, each once for its recipient, and gives them."""
        wanted = {_key(asdict(one)): one for one in items}
        if not wanted:
            return []
        rows = [asdict(wanted[key]) for key in sorted(wanted)]
        statement = upsert(self._connection, answer_rungs, rows).on_conflict_do_nothing()
        keys = answer_rungs.primary_key.columns
        added = await self._connection.execute(statement.returning(*keys))
        return [wanted[_key(dict(row))] for row in added.mappings()]

    async def untold(
        self, workspace: str, recipients: Collection[str]
    ) -> Mapping[str, list[AnswerReached]]:
        """What each of these people is still to be told, now or later."""
        found: dict[str, list[AnswerReached]] = {one: [] for one in recipients}
        columns = answer_rungs.c
        query = select(answer_rungs).where(columns.workspace == workspace, UNTOLD)
        query = query.where(columns.recipient.in_(set(recipients)))
        for one in await self._found(query):
            found[one.recipient].append(one)
        return found

    async def waiting(self) -> Sequence[tuple[str, str]]:
        """Workspaces and people who are still to be told something."""
        columns = answer_rungs.c
        query = select(columns.workspace, columns.recipient).where(UNTOLD).distinct()
        rows = await self._connection.execute(query.order_by(*query.selected_columns))
        return [(row.workspace, row.recipient) for row in rows]

    async def tell(self, items: Iterable[AnswerReached], day: date) -> None:
        """The digest of that day tells them."""
        columns = answer_rungs.c
        names = ("workspace", "application", "by", "rung", "recipient")
        these = [and_(*(columns[name] == getattr(one, name) for name in names)) for one in items]
        if these:
            statement = update(answer_rungs).where(or_(*these))
            await self._connection.execute(statement.values(day=day))

    async def of_day(self, workspace: str, recipient: str, day: date) -> Sequence[AnswerReached]:
        """What the person's digest of that day tells."""
        columns = answer_rungs.c
        query = select(answer_rungs).where(columns.workspace == workspace, columns.day == day)
        return await self._found(query.where(columns.recipient == recipient))

    async def told(self, workspace: str, application: str) -> Sequence[AnswerReached]:
        """What digests have told of this application."""
        columns = answer_rungs.c
        query = select(answer_rungs).where(columns.workspace == workspace)
        query = query.where(columns.application == application, columns.day.is_not(None))
        return await self._found(query)

    async def applications(self, workspace: str, since: date) -> Sequence[str]:
        """The applications whose candidates were to hear on that day or later."""
        columns = answer_rungs.c
        query = select(columns.application).where(columns.workspace == workspace)
        rows = await self._connection.execute(query.where(columns.by >= since).distinct())
        return sorted(rows.scalars())

    async def forget_untold(self, workspace: str, application: str) -> None:
        columns = answer_rungs.c
        this = and_(columns.workspace == workspace, columns.application == application, UNTOLD)
        await self._connection.execute(delete(answer_rungs).where(this))

    async def _found(self, query: Select[Any]) -> Sequence[AnswerReached]:
        columns = answer_rungs.c
        query = query.order_by(columns.reached_at, columns.application, columns.recipient)
        rows = (await self._connection.execute(query)).mappings()
        return [AnswerReached(**{**row, "rung": AnswerRung(row["rung"])}) for row in rows]


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[column.name]) for column in answer_rungs.primary_key.columns)

"""Reminders that organizers have asked for, in the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import Column, Date, Index, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.remind_now import RemindRequest
from bot.storage.schema import Moment, metadata, part_of, upsert

requests = Table(
    "reminder_requests",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("interview", String(32), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("person", String(32), nullable=False),
    Column("actor", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    part_of("interviews", "interview"),
    Index(None, "workspace", "person", "day"),
)


class RemindRequestStore:
    """Requests within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, items: Iterable[RemindRequest]) -> frozenset[str]:
        """Keeps the first request of each interview and day; gives the interviews whose this is."""
        rows = [asdict(one) for one in sorted(items, key=lambda one: one.interview)]
        if not rows:
            return frozenset()
        statement = upsert(self._connection, requests, rows).on_conflict_do_nothing()
        added = await self._connection.execute(statement.returning(requests.c.interview))
        return frozenset(added.scalars())

    async def of_day(self, workspace: str, person: str, day: date) -> Sequence[RemindRequest]:
        """What the person is reminded of on that day because somebody asked."""
        columns = requests.c
        query = select(requests).where(columns.workspace == workspace, columns.person == person)
        query = query.where(columns.day == day).order_by(columns.interview)
        return [RemindRequest(**row) for row in (await self._connection.execute(query)).mappings()]

    async def latest(
        self, workspace: str, interviews: Collection[str]
    ) -> Mapping[str, RemindRequest]:
        """For each of these interviews the last request, where there is one."""
        return {one.interview: one for one in await self.of_interviews(workspace, interviews)}

    async def of_interviews(
        self, workspace: str, interviews: Collection[str]
    ) -> Sequence[RemindRequest]:
        """All requests about these interviews, by their days."""
        columns = requests.c
        query = select(requests).where(
            columns.workspace == workspace, columns.interview.in_(set(interviews))
        )
        rows = (await self._connection.execute(query.order_by(columns.day))).mappings()
        return [RemindRequest(**row) for row in rows]

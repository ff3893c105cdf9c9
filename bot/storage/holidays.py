"""A company's own calendars of holidays in the database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, RowMapping, Select, String, Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.holidays import CalendarSource, HolidayCalendar
from bot.storage.reminders.rows import days_of, texts_of
from bot.storage.schema import Moment, metadata, upsert

calendars = Table(
    "holiday_calendars",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("source", String(10), primary_key=True),
    Column("url", String(1000)),
    Column("etag", String(200)),
    Column("days", JSON, nullable=False),
    Column("fetched_at", Moment),
    Column("fetch_at", Moment),
    Column("fault", String(300)),
)
"""One row for each source of a workspace: two at most."""

IDS = ("workspace", "source")


class HolidayStore:
    """Companies' calendars within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def days(self, workspaces: Collection[str]) -> Mapping[str, frozenset[date]]:
        """The holidays of each of these workspaces that has a calendar."""
        found: dict[str, frozenset[date]] = {}
        columns = calendars.c
        query = select(columns.workspace, columns.days).where(
            columns.workspace.in_(set(workspaces))
        )
        for row in (await self._connection.execute(query)).mappings():
            days = days_of(row["days"])
            found[row["workspace"]] = found.get(row["workspace"], frozenset()) | days
        return found

    async def get(
        self, workspace: str, source: CalendarSource, *, lock: bool = False
    ) -> HolidayCalendar | None:
        """The calendar; with `lock` it stays so until the transaction ends."""
        columns = calendars.c
        query = select(calendars).where(columns.workspace == workspace, columns.source == source)
        found = await self._all(query.with_for_update() if lock else query)
        return found[0] if found else None

    async def of(self, workspace: str) -> Sequence[HolidayCalendar]:
        """All calendars of a workspace."""
        return await self._all(select(calendars).where(calendars.c.workspace == workspace))

    async def all(self) -> Sequence[HolidayCalendar]:
        """Every workspace's."""
        return await self._all(select(calendars))

    async def due(self, now: datetime, *, lock: bool = False) -> Sequence[HolidayCalendar]:
        """Those that have to be read again; with `lock` kept from other replicas until the end of
        the transaction."""
        query = select(calendars).where(calendars.c.fetch_at <= now)
        return await self._all(query.with_for_update(skip_locked=True) if lock else query)

    async def faults(self) -> Sequence[str]:
        """Why calendars could not be read the last time, of those that could not."""
        query = select(calendars.c.fault).where(calendars.c.fault.is_not(None))
        return (
            (await self._connection.execute(query.order_by(*calendars.primary_key))).scalars().all()
        )

    async def put(self, item: HolidayCalendar) -> None:
        row: dict[str, Any] = {**vars(item), "days": texts_of(item.days)}
        statement = upsert(self._connection, calendars, row)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=IDS, set_=row)
        )

    async def remove(self, workspace: str, source: CalendarSource) -> None:
        columns = calendars.c
        await self._connection.execute(
            delete(calendars).where(columns.workspace == workspace, columns.source == source)
        )

    async def _all(self, query: Select[Any]) -> list[HolidayCalendar]:
        ordered = query.order_by(calendars.c.workspace, calendars.c.source)
        return [_of(row) for row in (await self._connection.execute(ordered)).mappings()]


def _of(row: RowMapping) -> HolidayCalendar:
    return HolidayCalendar(
        **{**row, "source": CalendarSource(row["source"]), "days": days_of(row["days"])}
    )

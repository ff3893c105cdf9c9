"""Who has opened the app's home, and whose has to be shown anew, in the database."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Column, String, Table, null, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.home import LATELY
from bot.storage.schema import Moment, metadata, partial_index, upsert

IS_STALE = text("stale_at IS NOT NULL")

homes = Table(
    "homes",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("person", String(32), primary_key=True),
    Column("opened_at", Moment, nullable=False),
    Column("stale_at", Moment),
    partial_index(None, "stale_at", where=IS_STALE),
)


class HomeStore:
    """Homes within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def opened(self, workspace: str, person: str, now: datetime) -> None:
        row = {"workspace": workspace, "person": person, "opened_at": now, "stale_at": None}
        statement = upsert(self._connection, homes, row)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=("workspace", "person"), set_=row)
        )

    async def changed(self, workspace: str, people: Collection[str] | None, now: datetime) -> None:
        """Something that these people, or all, see at home has changed; it is shown to those who
        have opened it lately.

        Rows are locked in the order of their people: two that change several wait for each other
        at most once.
        """
        columns = homes.c
        lately = (columns.workspace == workspace) & (columns.opened_at > now - LATELY)
        these = select(columns.person).where(lately).order_by(columns.person).with_for_update()
        if people is not None:
            these = these.where(columns.person.in_(set(people)))
        whose = [person for (person,) in await self._connection.execute(these)]
        if whose:
            this = (columns.workspace == workspace) & columns.person.in_(whose)
            await self._connection.execute(update(homes).where(this).values(stale_at=now))

    async def take_stale(self, now: datetime, most: int) -> Sequence[tuple[str, str]]:
        """Whose home has to be shown anew, which is up to the caller from now on."""
        columns = homes.c
        query = (
            select(columns.workspace, columns.person)
            .where(columns.stale_at <= now)
            .order_by(columns.stale_at)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        found = [(row.workspace, row.person) for row in await self._connection.execute(query)]
        if found:
            these = (
                (columns.workspace == workspace) & (columns.person == person)
                for workspace, person in found
            )
            await self._connection.execute(update(homes).where(or_(*these)).values(stale_at=null()))
        return found

    async def has_stale(self, now: datetime) -> bool:
        query = select(homes.c.person).where(homes.c.stale_at <= now).limit(1)
        return (await self._connection.execute(query)).first() is not None

"""Who was seen as a member of a workspace lately, in the database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Column, String, Table, and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.people import SeenMember
from bot.storage.schema import Moment, metadata, upsert

members = Table(
    "members",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("person", String(32), primary_key=True),
    Column("zone", String(64), nullable=False),
    Column("seen_at", Moment, nullable=False, index=True),
)


class MemberStore:
    """Who was seen as a member, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, workspace: str, person: str) -> SeenMember | None:
        this = and_(members.c.workspace == workspace, members.c.person == person)
        row = (await self._connection.execute(select(members).where(this))).mappings().one_or_none()
        return None if row is None else SeenMember(**row)

    async def zones(self, workspace: str, people: Collection[str]) -> Mapping[str, str]:
        """Where those of these people are who were seen."""
        these = and_(members.c.workspace == workspace, members.c.person.in_(people))
        query = select(members.c.person, members.c.zone).where(these)
        return {row.person: row.zone for row in await self._connection.execute(query)}

    async def put(self, seen: Sequence[SeenMember]) -> None:
        """Remembers when they were seen last; each person at most once.

        In the order of their ids, so that two replicas wait for each other at most once.
        """
        rows = [vars(one) for one in sorted(seen, key=lambda one: (one.workspace, one.person))]
        if rows:
            statement = upsert(self._connection, members, rows)
            new = {"zone": statement.excluded.zone, "seen_at": statement.excluded.seen_at}
            await self._connection.execute(
                statement.on_conflict_do_update(index_elements=("workspace", "person"), set_=new)
            )

    async def remove(self, people: Collection[tuple[str, str]]) -> None:
        """Forgets these, each by workspace and person."""
        if people:
            these = (
                and_(members.c.workspace == workspace, members.c.person == person)
                for workspace, person in sorted(people)
            )
            await self._connection.execute(delete(members).where(or_(*these)))

    async def remove_before(self, moment: datetime) -> None:
        """Forgets whoever was not seen since."""
        await self._connection.execute(delete(members).where(members.c.seen_at < moment))

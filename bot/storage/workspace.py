"""Whose the database is, in the database."""

from sqlalchemy import Column, Integer, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.schema import metadata, upsert

ONLY = 1

owners = Table(
    "workspace",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("workspace", String(32), nullable=False),
)
"""One row at most: its id is always ONLY, so that two replicas cannot both be first."""


class WorkspaceStore:
    """Whose the database is, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def owner(self) -> str | None:
        return (await self._connection.execute(select(owners.c.workspace))).scalar_one_or_none()

    async def take(self, workspace: str) -> str | None:
        """Makes the database this workspace's, unless it is another's already; gives whose it
        is."""
        row = {"id": ONLY, "workspace": workspace}
        statement = upsert(self._connection, owners, row).on_conflict_do_nothing()
        await self._connection.execute(statement)
        return await self.owner()

    async def with_rows(self) -> frozenset[str]:
        """The workspaces that any other table has rows of."""
        found: set[str] = set()
        for table in metadata.sorted_tables:
            if "workspace" in table.c and table is not owners:
                rows = await self._connection.execute(select(table.c.workspace).distinct())
                found.update(rows.scalars())
        return frozenset(found)

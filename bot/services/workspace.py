"""Whose the database is: one workspace's, which the token has to be of too."""

from collections.abc import Collection

from bot.errors import SettingsError
from bot.storage.database import Database


class OtherWorkspace(SettingsError):
    """The token is of another workspace than the database."""

    def __init__(self, tokens: str, owners: Collection[str]) -> None:
        owned = " and ".join(sorted(owners))
        super().__init__(
            f"SLACK_BOT_TOKEN is of the workspace {tokens}, but the database holds the data of "
            f"{owned}, which must not be sent there: use the token of {owned}, or give {tokens} "
            "a database of its own with DATABASE_URL."
        )


class WorkspaceService:
    """Remembers whose the database is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self) -> str | None:
        """Whose it is, as far as its own rows tell."""
        async with self._database.read() as tx:
            owner = await tx.workspace.owner()
            if owner is not None:
                return owner
            found = await tx.workspace.with_rows()
        return next(iter(found)) if len(found) == 1 else None

    async def claim(self, workspace: str) -> None:
        """Makes it this workspace's, where it is nobody's yet.

        Raises OtherWorkspace where it is another's, or has rows of others alone.
        """
        async with self._database.write() as tx:
            owner = await tx.workspace.owner()
            if owner is None:
                found = await tx.workspace.with_rows()
                if found and workspace not in found:
                    raise OtherWorkspace(workspace, found)
                owner = await tx.workspace.take(workspace)
        if owner is not None and owner != workspace:
            raise OtherWorkspace(workspace, [owner])

"""What workspaces have chosen, in the database."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Integer, String, Table, false, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.debriefs.answers import USUAL_DAYS
from bot.domain.settings import WorkspaceSettings
from bot.storage.schema import metadata, upsert

workspace_settings = Table(
    "workspace_settings",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("approval", Boolean, nullable=False, server_default=false()),
    Column("approvers", JSON, nullable=False, server_default="[]"),
    Column("jobs_channel", String(32)),
    Column("two_deciders", Boolean, nullable=False, server_default=false()),
    Column("answer_days", Integer, nullable=False, server_default=str(USUAL_DAYS)),
)
"""A column for each setting, with its default: the version before goes on writing its own."""


class SettingsStore:
    """What workspaces have chosen, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, workspace: str) -> WorkspaceSettings:
        """What the workspace has chosen; the defaults where it has chosen nothing."""
        query = select(workspace_settings).where(workspace_settings.c.workspace == workspace)
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return WorkspaceSettings(workspace) if row is None else _settings_of(row)

    async def to_change(self, workspace: str) -> WorkspaceSettings:
        """The same, which nobody else changes until the transaction ends."""
        first = upsert(self._connection, workspace_settings, _row(WorkspaceSettings(workspace)))
        await self._connection.execute(first.on_conflict_do_nothing())
        query = select(workspace_settings.c.approval)
        query = query.where(workspace_settings.c.workspace == workspace)
        await self._connection.execute(query.with_for_update())
        return await self.get(workspace)

    async def put(self, settings: WorkspaceSettings) -> None:
        row = _row(settings)
        statement = upsert(self._connection, workspace_settings, row)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=("workspace",), set_=row)
        )


def _row(settings: WorkspaceSettings) -> dict[str, Any]:
    return asdict(settings) | {"approvers": list(settings.approvers)}


def _settings_of(row: Any) -> WorkspaceSettings:
    return WorkspaceSettings(**{**row, "approvers": tuple(map(str, row["approvers"]))})

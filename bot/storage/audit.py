"""The record of who did what, in the database."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Integer, String, Table, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.audit import AuditEntry
from bot.storage.schema import Moment, metadata, partial_index

UNSEALED = text("seal IS NULL")

audit = Table(
    "audit",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(32), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("part", String(32)),
    Column("fields", JSON, nullable=False),
    Column("seal", Integer),
    Index(None, "workspace", "subject", "revision"),
    Index(None, "workspace", "seal"),
    Index(None, "workspace", "at"),
    partial_index("ix_audit_unsealed", "workspace", "at", where=UNSEALED),
)
"""`seal` is the number of the batch that an entry is sealed in: null for a moment."""


COLUMNS = tuple(column for column in audit.c if column.name != "seal")
"""What an entry is read from."""


class AuditStore:
    """The record within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, entry: AuditEntry) -> None:
        row = asdict(entry) | {"fields": list(entry.fields)}
        await self._connection.execute(insert(audit), row)

    async def first(self, workspace: str, subject: str, action: str) -> datetime | None:
        """When this was done to the subject for the first time."""
        columns = audit.c
        query = select(func.min(columns.at)).where(columns.workspace == workspace)
        query = query.where(columns.subject == subject, columns.action == action)
        found: datetime | None = (await self._connection.execute(query)).scalar()
        return found

    async def since(self, workspace: str, subject: str, revision: int) -> Sequence[AuditEntry]:
        """What was done to the subject after that revision, oldest first."""
        columns = audit.c
        query = (
            select(*COLUMNS)
            .where(columns.workspace == workspace, columns.subject == subject)
            .where(columns.revision > revision)
            .order_by(columns.revision, columns.at, columns.id)
        )
        rows = (await self._connection.execute(query)).mappings()
        return [entry_of(row) for row in rows]

    async def about(self, workspace: str, subjects: Collection[str]) -> Sequence[AuditEntry]:
        """What was done to these, oldest first."""
        columns = audit.c
        query = (
            select(*COLUMNS)
            .where(columns.workspace == workspace, columns.subject.in_(subjects))
            .order_by(columns.at, columns.id)
        )
        rows = (await self._connection.execute(query)).mappings()
        return [entry_of(row) for row in rows]


def entry_of(row: Any) -> AuditEntry:
    """The entry of a row of COLUMNS."""
    return AuditEntry(**{**row, "fields": tuple(row["fields"])})

"""Seals of what was done, and what imports brought along of it, in the database."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    and_,
    delete,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.audit import AuditEntry
from bot.domain.records.chain import OWN, Seal
from bot.storage.audit import COLUMNS, audit, entry_of
from bot.storage.schema import Moment, metadata

seals = Table(
    "audit_seals",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("chain", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed_at", Moment, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("count", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("aged_at", Moment),
)
"""`chain` is empty for what was done here, and the id of an import for what that brought along."""

history = Table(
    "audit_history",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("chain", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(32), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("part", String(32)),
    Column("fields", JSON, nullable=False),
    Column("seal", Integer),
    Index(None, "workspace", "subject"),
)
"""The audit of where an import came from, as it was there: its seals are in `audit_seals`."""

LOCK = 7_025_346_318
"""The key of the advisory lock that lets one replica seal at a time; any fixed number does."""

HISTORY_COLUMNS = tuple(history.c[column.name] for column in COLUMNS)


class SealStore:
    """Seals within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self) -> None:
        """Nobody else seals until the transaction ends; SQLite has one writer as it is."""
        if self._connection.dialect.name == "postgresql":
            query = text("SELECT pg_advisory_xact_lock(:key)")
            await self._connection.execute(query, {"key": LOCK})

    async def unsealed_workspaces(self) -> Sequence[str]:
        query = select(audit.c.workspace).where(audit.c.seal.is_(None)).distinct()
        return sorted((await self._connection.execute(query)).scalars())

    async def unsealed(self, workspace: str, most: int) -> Sequence[AuditEntry]:
        """The earliest that no batch has yet."""
        columns = audit.c
        query = select(*COLUMNS).where(columns.workspace == workspace, columns.seal.is_(None))
        query = query.order_by(columns.at, columns.id).limit(most)
        return [entry_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def last(self, workspace: str, chain: str = OWN) -> Seal | None:
        """The head of a chain."""
        query = select(seals).where(_of(workspace, chain)).order_by(seals.c.number.desc()).limit(1)
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else Seal(**row)

    async def add(self, seal: Seal, ids: Collection[str]) -> None:
        """Seals these entries of our own chain."""
        await self._connection.execute(insert(seals), vars(seal))
        these = and_(audit.c.workspace == seal.workspace, audit.c.id.in_(ids))
        await self._connection.execute(update(audit).where(these).values(seal=seal.number))

    async def chains(self) -> Sequence[tuple[str, str]]:
        """Every chain there is, by its workspace; each workspace's own first."""
        query = select(seals.c.workspace, seals.c.chain).distinct()
        rows = await self._connection.execute(query.order_by(seals.c.workspace, seals.c.chain))
        return [(row.workspace, row.chain) for row in rows]

    async def of(self, workspace: str, chain: str, after: int, most: int) -> Sequence[Seal]:
        """The next of a chain, in their order."""
        query = select(seals).where(_of(workspace, chain), seals.c.number > after)
        query = query.order_by(seals.c.number).limit(most)
        return [Seal(**row) for row in (await self._connection.execute(query)).mappings()]

    async def entries(self, seal: Seal) -> Sequence[AuditEntry]:
        """What is there of a batch's entries."""
        table, columns = (audit, COLUMNS) if seal.chain == OWN else (history, HISTORY_COLUMNS)
        where = and_(table.c.workspace == seal.workspace, table.c.seal == seal.number)
        if seal.chain != OWN:
            where &= history.c.chain == seal.chain
        rows = (await self._connection.execute(select(*columns).where(where))).mappings()
        return [entry_of(row) for row in rows]

    async def age(self, workspace: str, before: datetime, now: datetime, most: int) -> int:
        """Removes the entries of whole batches that ended before then; their seals stay. How many
        batches those are."""
        columns = seals.c
        old = and_(columns.workspace == workspace, columns.last_at < before)
        query = select(seals).where(old, columns.aged_at.is_(None)).limit(most)
        found = [Seal(**row) for row in (await self._connection.execute(query)).mappings()]
        for seal in found:
            table = audit if seal.chain == OWN else history
            where = and_(table.c.workspace == workspace, table.c.seal == seal.number)
            if seal.chain != OWN:
                where &= history.c.chain == seal.chain
            await self._connection.execute(delete(table).where(where))
            this = and_(_of(workspace, seal.chain), columns.number == seal.number)
            await self._connection.execute(update(seals).where(this).values(aged_at=now))
        return len(found)

    async def listed(
        self, since: datetime | None, about: Collection[str] | None, most: int
    ) -> Sequence[tuple[str, AuditEntry]]:
        """What was done since then, about these, oldest first; each with the chain it is in."""
        found: list[tuple[str, AuditEntry]] = []
        for table, columns in ((audit, COLUMNS), (history, HISTORY_COLUMNS)):
            query = select(*columns, *([history.c.chain] if table is history else []))
            if since is not None:
                query = query.where(table.c.at >= since)
            if about is not None:
                named = or_(table.c.subject.in_(about), table.c.part.in_(about))
                query = query.where(named)
            query = query.order_by(table.c.at, table.c.id).limit(most)
            for row in (await self._connection.execute(query)).mappings():
                values: dict[str, Any] = dict(row)
                chain = values.pop("chain", OWN)
                found.append((chain, entry_of(values)))
        return sorted(found, key=lambda one: (one[1].at, one[1].id))[:most]


def _of(workspace: str, chain: str) -> ColumnElement[bool]:
    return and_(seals.c.workspace == workspace, seals.c.chain == chain)

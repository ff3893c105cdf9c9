"""The history that an export brings along: kept apart from what was done here, as a chain of its
own that its own seals verify."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Table, and_, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.records.chain import OWN
from bot.storage.audit import audit
from bot.storage.records.reading import ExportRead
from bot.storage.records.seals import history, seals
from bot.storage.schema import Row

CHAIN_LENGTH = 16

TARGETS: Mapping[str, Table] = {audit.name: history}
"""Where rows go that don't go where they came from."""


class BroughtHistory:
    """Entries and seals on their way in. `is_moved`: they were another workspace's, whose id their
    seals are made of, so they stay without."""

    def __init__(self, export: ExportRead, chain: str, *, is_ours: bool, is_moved: bool) -> None:
        self._export, self._chain = export, chain
        self._is_ours, self._is_moved = is_ours, is_moved

    def rows(self, table: Table) -> Iterator[Row]:
        """The rows of a table as they are put in; none that this database wrote itself."""
        for line in self._export.lines(table):
            row = line.row
            if table is audit:
                row = row | {"chain": self._chain}
            if table is seals and row["chain"] == OWN:
                row = row | {"chain": self._chain}
            if self._is_ours and row["chain"] == self._chain:
                continue
            if self._is_moved and table is seals:
                continue
            if self._is_moved:
                row = row | {"seal": None}
            yield row


async def brought(
    connection: AsyncConnection, export: ExportRead, workspace: str | None, *, is_moved: bool
) -> BroughtHistory:
    """The chain is named after where it began, so that each export of one database continues it."""
    firsts = (
        line.row["hash"]
        for line in export.lines(seals)
        if line.row["chain"] == OWN and line.row["number"] == 1
    )
    first = next(firsts, None)
    entry = next((line.row["id"] for line in export.lines(audit)), None)
    chain = hashlib.sha256(str(first or entry).encode()).hexdigest()[:CHAIN_LENGTH]
    if first is not None:
        query = select(seals.c.hash).where(seals.c.chain == OWN, seals.c.hash == first)
        query = query.where(seals.c.workspace == workspace)
    else:
        query = select(audit.c.id).where(audit.c.workspace == workspace, audit.c.id == entry)
    is_ours = (await connection.execute(query)).first() is not None
    return BroughtHistory(export, chain, is_ours=is_ours, is_moved=is_moved)


async def seal(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    """Entries that came before they were sealed have their batch now."""
    if not rows:
        return
    this = and_(*(column == bindparam(f"_{column.name}") for column in history.primary_key))
    statement = update(history).where(this).values(seal=bindparam("_seal"))
    names = [*history.primary_key.columns.keys(), "seal"]
    await connection.execute(statement, [{f"_{name}": row[name] for name in names} for row in rows])

"""An export, put into a database: what is new is added, and nothing is written over."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select, tuple_
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.messages import MessageState
from bot.errors import UserError
from bot.storage.audit import audit
from bot.storage.candidates import candidates
from bot.storage.database import Database, Transaction
from bot.storage.outbox import outbox
from bot.storage.records.brought import TARGETS, BroughtHistory, brought, seal
from bot.storage.records.erasures import erasures
from bot.storage.records.export import BATCH, Progress, tables
from bot.storage.records.reading import NOTHING, ExportRead
from bot.storage.records.seals import history, seals
from bot.storage.records.values import is_file
from bot.storage.schema import Row

UNSENT = (MessageState.DUE, MessageState.SENDING, MessageState.UNKNOWN)

MOST_NAMED = 10
"""Rows that one sentence names."""

Key = tuple[Any, ...]

Finish = Callable[[Transaction, str | None], Awaitable[None]]
"""What else is done in the same transaction, in the workspace whose the rows are now."""


@dataclass
class Taken:
    """What became of a table's rows: how many are new, how many were there already and are the
    same, and the keys of those that are there and differ, which stay as they are here."""

    table: str
    new: int = 0
    same: int = 0
    different: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Imported:
    """`workspace` is whose the rows are now, and `was` whose they were, if another's."""

    tables: Sequence[Taken]
    held: int
    workspace: str | None
    was: str | None = None


class _DryRun(Exception):
    """Undoes what was only tried."""


async def load(
    database: Database,
    folder: Path,
    now: datetime,
    told: Progress,
    finish: Finish,
    *,
    dry_run: bool,
) -> Imported:
    """Adds what is new in an export, all of it or nothing, and finishes it; with `dry_run` nothing
    stays.

    Raises UserError where the export can't be used, or a new row can't stand beside one that is
    there.
    """
    export = ExportRead(folder)
    done: list[Imported] = []
    try:
        async with database.write() as tx:
            done.append(await _load(tx, export, now, told))
            await finish(tx, done[0].workspace)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return done[0]


async def _load(tx: Transaction, export: ExportRead, now: datetime, told: Progress) -> Imported:
    workspace, was = await _owner(tx, export)
    await _require_none_erased(tx, export)
    is_moved = was is not None
    past = await brought(tx.connection, export, workspace, is_moved=is_moved)
    loading = Loading(tx.connection, export, past, workspace, now, is_moved=is_moved)
    taken = [await loading.take(table, told) for table in tables()]
    if loading.refused:
        named = ", ".join(loading.refused[:MOST_NAMED])
        rest = len(loading.refused) - MOST_NAMED
        more = f" and {rest:,} more" if rest > 0 else ""
        raise UserError(
            f"{named}{more} can't be added: what must be unique is taken by another row here, or "
            f"this database has no room for it. {NOTHING}"
        )
    return Imported(taken, loading.held, workspace, was)


async def _owner(tx: Transaction, export: ExportRead) -> tuple[str | None, str | None]:
    """Whose the rows become; and whose they were, where that is another."""
    here = await tx.workspace.owner()
    if here is None:
        found = await tx.workspace.with_rows()
        here = next(iter(found)) if len(found) == 1 else None
    if len(export.workspaces) > 1:
        raise UserError(
            f"The export has rows of {len(export.workspaces)} workspaces, and a database belongs "
            f"to one. {NOTHING}"
        )
    theirs = next(iter(export.workspaces), None)
    if here is None and theirs is not None:
        here = await tx.workspace.take(theirs)
    return here, theirs if theirs != here else None


async def _require_none_erased(tx: Transaction, export: ExportRead) -> None:
    """Who was erased here does not come back by an older export."""
    done = await tx.connection.execute(select(erasures.c.people))
    gone = {id for people in done.scalars() for id in people}
    back = sorted({line.row["id"] for line in export.lines(candidates)} & gone) if gone else []
    if back:
        raise UserError(
            f"The export has candidates who were erased here: {', '.join(back[:MOST_NAMED])}. "
            f"Erase them where it came from, and export again. {NOTHING}"
        )


class Loading:
    """Rows on their way in."""

    def __init__(
        self,
        connection: AsyncConnection,
        export: ExportRead,
        past: BroughtHistory,
        workspace: str | None,
        now: datetime,
        *,
        is_moved: bool,
    ) -> None:
        self._connection, self._export, self._past = connection, export, past
        self._workspace, self._now, self._is_moved = workspace, now, is_moved
        self.held = 0
        self.refused: list[str] = []

    async def take(self, table: Table, told: Progress) -> Taken:
        taken, count = Taken(table.name), 0
        target = TARGETS.get(table.name, table)
        at_once = 1 if any(map(is_file, table.columns)) else BATCH
        for rows in in_batches(self._rows(table), at_once):
            if new := await self._new(target, rows, taken):
                added = await self._add(target, [self._with_files(table, row) for row in new])
                taken.new += len(added)
                self.held += sum(row.get("state") == MessageState.HELD for row in added)
            count += len(rows)
            told(table.name, count)
        return taken

    def _rows(self, table: Table) -> Iterator[Row]:
        is_past = table in (audit, history, seals)
        rows = self._past.rows(table) if is_past else (one.row for one in self._export.lines(table))
        for found in rows:
            row = found | {"workspace": self._workspace}
            yield self._held(row) if table is outbox else row

    def _held(self, row: Row) -> Row:
        """A message that may have been sent since the export was made is not sent by itself; nor
        is any to people of another workspace."""
        since = row["due_since"] or row["due_at"]
        is_due = min(since, row["due_at"]) <= self._now
        if row["state"] not in UNSENT or not (is_due or self._is_moved):
            return row
        return row | {"state": MessageState.HELD.value, "due_since": since, "again_at": None}

    async def _new(self, table: Table, rows: Sequence[Row], taken: Taken) -> Sequence[Row]:
        there = await self._there(table, rows)
        new, sealed = [], []
        for row in rows:
            key = _key(table, row)
            if (found := there.get(key)) is None:
                new.append(row)
            elif found == row:
                taken.same += 1
            elif table is history and found | {"seal": row["seal"]} == row and not found["seal"]:
                taken.same += 1
                sealed.append(row)
            else:
                taken.different.append(_named(table, row))
        await seal(self._connection, sealed)
        return new

    async def _there(self, table: Table, rows: Sequence[Row]) -> dict[Key, Row]:
        """Those that the database has, by their keys; bytes as the row of an export names them."""
        keys = [*table.primary_key]
        query = select(*table.columns).where(tuple_(*keys).in_([_key(table, row) for row in rows]))
        result = (await self._connection.execute(query)).mappings()
        found = {_key(table, row): dict(row) for row in result}
        for row in rows:
            for column in filter(is_file, table.columns):
                if (other := found.get(_key(table, row))) and other[column.name] is not None:
                    other[column.name] = _as_named(other[column.name], row[column.name])
        return found

    def _with_files(self, table: Table, row: Row) -> Row:
        files = {one.name: row[one.name] for one in table.columns if is_file(one)}
        read = {name: self._export.content(file) for name, file in files.items() if file}
        return row | read

    async def _add(self, table: Table, rows: Sequence[Row]) -> Sequence[Row]:
        """Those that could be added."""
        try:
            await self._insert(table, rows)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            if len(rows) == 1:
                self.refused.append(f"{table.name} {_named(table, rows[0])}")
                return []
            halves = rows[: len(rows) // 2], rows[len(rows) // 2 :]
            return [row for half in halves for row in await self._add(table, half)]
        return rows

    async def _insert(self, table: Table, rows: Sequence[Row]) -> None:
        async with self._connection.begin_nested():
            await self._connection.execute(insert(table), rows)


def in_batches(rows: Iterable[Row], most: int) -> Iterator[Sequence[Row]]:
    left = iter(rows)
    while batch := list(islice(left, most)):
        yield batch


def _key(table: Table, row: Any) -> Key:
    return tuple(row[column.name] for column in table.primary_key)


def _named(table: Table, row: Row) -> str:
    """Its key, as a person can look for it in a file of the export."""
    keys = [one.name for one in table.primary_key if one.name != "workspace"]
    return " ".join(str(row[name]) for name in keys) or str(row["workspace"])


def _as_named(content: bytes, given: Row | None) -> Row:
    file = given["file"] if given else None
    return {"file": file, "sha256": hashlib.sha256(content).hexdigest()}

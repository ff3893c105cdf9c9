"""Everything, as files that any program reads: each table as lines of JSON and for spreadsheets.

Rows are streamed: however many there are, some hundreds are in memory.
"""

import csv
import io
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, String, Table, and_, collate, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.apply.rows import secret_keys
from bot.storage.board.channels import channel_boards
from bot.storage.compatibility import compatibility
from bot.storage.database import Database
from bot.storage.holidays import calendars
from bot.storage.home import homes
from bot.storage.members import members
from bot.storage.migrate import newest
from bot.storage.records.erasures import backups_made, slack_copies
from bot.storage.records.folder import SCHEMA, VERSION, Folder, as_json, written_beside
from bot.storage.records.holding import Export
from bot.storage.records.register import REGISTER
from bot.storage.records.values import (
    cells,
    exported,
    file_name,
    imported,
    is_file,
    kind_of,
    line,
    selected,
)
from bot.storage.schema import Row, metadata
from bot.storage.site import site_fetches
from bot.storage.workspace import owners

BATCH = 500
"""Rows that are in memory at once."""

STREAMED = {"yield_per": BATCH}

BOM = "\ufeff"
"""By which spreadsheets know that a file is UTF-8."""

LEFT_OUT = {
    backups_made.name: "Where this installation's backups were written.",
    calendars.name: "The address of a company's calendar can be a key to it. Enter it again in "
    "Workspace settings: the days are read from there.",
    channel_boards.name: "Which messages of this Slack workspace show a channel's board.",
    compatibility.name: "Which versions of Panelist run on this database.",
    homes.name: "Whose Home tab has to be drawn again.",
    members.name: "What Slack said of people in the last 24 hours: it is asked again.",
    owners.name: "Which Slack workspace this database belongs to: manifest.json names it.",
    slack_copies.name: "What erasures still have to delete in this Slack workspace.",
    secret_keys.name: "What this installation signs its links with.",
    site_fetches.name: "When a job board last fetched a feed from this address.",
}
"""Tables that stay, and why: each says something of one installation, or is a key to more."""

Progress = Callable[[str, int], None]
"""Told how many rows of a table are written so far."""


@dataclass(frozen=True)
class Exported:
    """What was written."""

    tables: int
    rows: int


def tables() -> Sequence[Table]:
    """Those that are exported, each after the ones it belongs to."""
    never = {name for name, one in REGISTER.items() if one.export is Export.NEVER}
    return [table for table in metadata.sorted_tables if table.name not in never]


async def export(database: Database, folder: Path, now: datetime, told: Progress) -> Exported:
    """Writes everything as it is at one moment, whoever goes on working meanwhile.

    Raises UserError where there is something in the folder already, or it can't be written.
    """
    with written_beside(folder) as partial:
        written = Folder(partial, now, newest())
        try:
            async with database.read() as tx:
                await hold_moment(tx.connection)
                rows = await write(tx.connection, written, tables(), told)
            written.close()
        finally:
            written.abandon()
    return Exported(len(tables()), rows)


async def hold_moment(connection: AsyncConnection) -> None:
    """All that the transaction reads from now on is of one moment."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


async def write(
    connection: AsyncConnection, folder: Folder, which: Collection[Table], told: Progress
) -> int:
    """Writes the tables and what they are made of; gives how many rows those are."""
    folder.add(SCHEMA, as_json(schema(which)))
    return sum([await _write_table(connection, folder, table, told) for table in which])


async def _write_table(
    connection: AsyncConnection, folder: Folder, table: Table, told: Progress
) -> int:
    names = [f"{table.name}.{kind}" for kind in ("jsonl", "csv")]
    lines, sheet = map(folder.open, names)
    with ExitStack() as stack:
        for file in (lines, sheet):
            stack.callback(file.abandon)
        lines.write("", rows=0)
        sheet.write(BOM + _csv([table.columns.keys()]), rows=0)
        async for rows in _batches(connection, table):
            folder.workspaces.update(row["workspace"] for row in rows)
            for row in rows:
                await _add_files(connection, folder, table, row)
            lines.write("".join(line(row) for row in rows), rows=len(rows))
            sheet.write(_csv([cells(row) for row in rows]), rows=len(rows))
            told(table.name, lines.rows or 0)
        for name, file in zip(names, (lines, sheet), strict=True):
            folder.finish(name, file)
    return lines.rows or 0


async def _batches(connection: AsyncConnection, table: Table) -> AsyncIterator[Sequence[Row]]:
    """The table's rows as they are written, by their keys."""
    columns = list(table.columns)
    found = await connection.stream(_query(connection, table), {}, execution_options=STREAMED)
    async for rows in found.mappings().partitions(BATCH):
        yield [{one.name: exported(one, row.get(one.name)) for one in columns} for row in rows]


def _query(connection: AsyncConnection, table: Table) -> Select[Any]:
    columns = [selected(column) for column in table.columns if not is_file(column)]
    is_postgres = connection.dialect.name == "postgresql"
    return select(*columns).order_by(*(_order(one, is_postgres) for one in table.primary_key))


def _order(column: Column[Any], is_postgres: bool) -> ColumnElement[Any]:
    """The same on both databases, whatever language the server sorts by."""
    is_text = isinstance(column.type, String)
    return collate(column, "C") if is_text and is_postgres else column


async def _add_files(connection: AsyncConnection, folder: Folder, table: Table, row: Row) -> None:
    """Writes what of the row is no text into files, one at a time: each may be as large as all
    other rows together."""
    for column in filter(is_file, table.columns):
        this = and_(*(key == imported(key, row[key.name]) for key in table.primary_key))
        content = (await connection.execute(select(column).where(this))).scalar_one()
        if content is not None:
            name = file_name(table, column, row)
            row[column.name] = {"file": name, "sha256": folder.add(name, content)}


def schema(which: Collection[Table]) -> Row:
    """What the files hold, for whoever reads them without this program."""
    return {
        "version": VERSION,
        "revision": newest(),
        "tables": [_described(table) for table in which],
        "left_out": [{"table": name, "because": why} for name, why in LEFT_OUT.items()],
        "csv": "UTF-8 with a byte order mark, CRLF. Before a text that a spreadsheet could take "
        "for a formula, and before one that begins with ', there is one more ': take it away to "
        "have the text. Nothing stands for no value, and JSON for what has parts. The .jsonl files "
        "are the faithful ones.",
        "timestamps": "ISO 8601, in UTC",
    }


def _described(table: Table) -> Row:
    return {
        "name": table.name,
        "columns": [
            {
                "name": column.name,
                "kind": kind_of(column),
                "nullable": bool(column.nullable),
                "key": column.primary_key,
            }
            for column in table.columns
        ],
        "belongs_to": [
            {"columns": [*one.column_keys], "table": one.referred_table.name}
            for one in sorted(table.foreign_key_constraints, key=lambda one: tuple(one.column_keys))
        ],
    }


def _csv(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()

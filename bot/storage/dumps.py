"""A dump of our own of all tables, for PostgreSQL servers that no pg_dump here knows: compressed
lines of JSON, from which either database can be restored."""

import base64
import gzip
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import (
    JSON,
    BindParameter,
    Cast,
    Date,
    DateTime,
    Insert,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    cast,
    insert,
    select,
    text,
)
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import UserError
from bot.storage.migrate import LACKS_MIGRATIONS, is_known, newest, revision_of, upgrade_to
from bot.storage.schema import metadata

BEGINNING = b"\x1f\x8b"
"""Of whatever is compressed so."""

WHAT, FORMAT = "panelist-backup", 1
BATCH = 500
"""Rows written in one statement."""

Row = dict[str, Any]


async def write(connection: AsyncConnection, file: Path) -> None:
    """All tables as they are at one moment. Raises UserError where they are not up to date."""
    await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    revision = await connection.run_sync(revision_of)
    if revision is not None and not is_known(revision):
        raise UserError(
            "A newer Panelist has migrated the database. Back it up with that one, or install the "
            "server's pg_dump."
        )
    if revision != newest():
        raise UserError(
            f"{LACKS_MIGRATIONS} To back it up before that, install the server's pg_dump."
        )
    try:
        await _write_rows(connection, file, revision)
    except OSError as error:
        raise UserError(f"{file} can't be written ({error.strerror}).") from error


async def _write_rows(connection: AsyncConnection, file: Path, revision: str) -> None:
    count = 0
    with gzip.open(file, "wt", encoding="utf-8", compresslevel=6) as out:
        made_at = datetime.now(UTC).isoformat()
        _write_line(out, {WHAT: FORMAT, "revision": revision, "made_at": made_at})
        for table in metadata.sorted_tables:
            _write_line(out, {"table": table.name, "columns": [one.name for one in table.c]})
            # JSON as its text: null in it is not the same as no value.
            columns = [
                cast(one, Text).label(one.name) if isinstance(one.type, JSON) else one
                for one in table.c
            ]
            async for row in await connection.stream(select(*columns).select_from(table)):
                _write_line(out, [_dumped(value) for value in row])
                count += 1
        _write_line(out, {"end": count})


async def load(connection: AsyncConnection, file: Path) -> None:
    """Makes the tables of the dump's version and fills them. Raises UserError where the file is no
    such dump, is cut short, or is of a newer Panelist."""
    try:
        with gzip.open(file, "rt", encoding="utf-8") as opened:
            await connection.run_sync(_load, (json.loads(line) for line in opened), file)
    except (EOFError, OSError, ValueError) as error:
        raise _damaged(file) from error


def _load(connection: Connection, lines: Iterator[Any], file: Path) -> None:
    head = next(lines, None)
    if not isinstance(head, dict) or head.get(WHAT) != FORMAT:
        raise UserError(f"{file} isn't a backup of Panelist.")
    upgrade_to(connection, str(head["revision"]))
    count, table, rows, is_whole = 0, None, [], False
    for line in lines:
        if isinstance(line, list):
            rows.append(line)
            count += 1
        if table is not None and (len(rows) == BATCH or isinstance(line, dict)):
            _insert(connection, table, rows)
            rows = []
        match line:
            case {"table": str(name), "columns": list(columns)}:
                table = Reflected(connection, name, columns)
            case {"end": end}:
                is_whole = end == count
    if not is_whole:
        raise _damaged(file)


class Reflected:
    """A table as the database has it, with how rows of a dump are put into it."""

    def __init__(self, connection: Connection, name: str, columns: Sequence[str]) -> None:
        self._table = Table(name, MetaData(), autoload_with=connection)
        self._columns = [self._table.c[column] for column in columns]
        self._is_sqlite = connection.dialect.name == "sqlite"

    @property
    def statement(self) -> Insert:
        return insert(self._table).values({one.name: self._value(one) for one in self._columns})

    def row(self, values: Sequence[Any]) -> Row:
        pairs = zip(self._columns, values, strict=True)
        return {one.name: _loaded(one.type, value) for one, value in pairs}

    def _value(self, column: Any) -> BindParameter[Any] | Cast[Any]:
        if not isinstance(column.type, JSON):
            return bindparam(column.name, type_=column.type)
        as_text = bindparam(column.name, type_=Text())
        return as_text if self._is_sqlite else cast(as_text, JSON)


def _insert(connection: Connection, table: Reflected, rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        connection.execute(table.statement, [table.row(one) for one in rows])


def _dumped(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def _loaded(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value).astimezone(UTC)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def _write_line(out: IO[str], value: Any) -> None:
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def _damaged(file: Path) -> UserError:
    return UserError(f"{file} is damaged or cut short, so nothing was restored.")

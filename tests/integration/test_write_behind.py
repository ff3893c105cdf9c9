"""What is written behind an answer waits out any error of the database, and is seen to wait."""

import logging
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from bot.services import jd, write_behind
from bot.storage.database import Database
from tests.support.databases import Postgres
from tests.support.panelist import Panelist, running
from tests.support.slack import StandIn
from tests.support.waiting import until

Faulty = Callable[[Database], AbstractAsyncContextManager[None]]
"""Breaks the database for as long as the block lasts."""


async def _run(database: Database, *statements: str) -> None:
    async with database.write() as tx:
        for statement in statements:
            await tx.connection.execute(text(statement))


def statements(break_with: tuple[str, ...], mend_with: tuple[str, ...]) -> Faulty:
    @asynccontextmanager
    async def fault(database: Database) -> AsyncIterator[None]:
        await _run(database, *break_with)
        yield
        await _run(database, *mend_with)

    return fault


def refuses_with(state: str) -> Faulty:
    """PostgreSQL answers each insert with an error of this SQLSTATE."""
    return statements(
        (
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END$$",
            "CREATE TRIGGER refuse BEFORE INSERT ON postings EXECUTE FUNCTION refuse()",
        ),
        ("DROP TRIGGER refuse ON postings",),
    )


async def _let_each_connection_begin_with(database: Database, setting: str) -> None:
    alter = "'ALTER DATABASE ' || quote_ident(current_database())"
    await _run(
        database,
        "SET TRANSACTION READ WRITE",
        f"DO $$BEGIN EXECUTE {alter} || ' SET {setting}'; END$$",
    )
    await database.close()


@asynccontextmanager
async def is_read_only(database: Database) -> AsyncIterator[None]:
    """As after a failover to a standby: every connection can only read."""

    await _let_each_connection_begin_with(database, "default_transaction_read_only = on")
    yield
    await _let_each_connection_begin_with(database, "default_transaction_read_only = off")


@asynccontextmanager
async def is_read_only_file(database: Database) -> AsyncIterator[None]:
    await _run(database, "PRAGMA query_only=ON")
    yield
    await database.close()  # a new connection can write again


@asynccontextmanager
async def is_locked(database: Database) -> AsyncIterator[None]:
    """Somebody keeps the table to themselves, and PostgreSQL does not wait for long."""
    await _let_each_connection_begin_with(database, "lock_timeout = 100")
    async with database.write() as tx:
        await tx.connection.execute(text("LOCK TABLE postings"))
        yield


@asynccontextmanager
async def is_locked_file(database: Database) -> AsyncIterator[None]:
    """Another process writes to the same file and does not end."""
    assert database._file is not None
    other = sqlite3.connect(database._file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@dataclass(frozen=True)
class Case:
    """A fault of one kind of database."""

    name: str
    is_sqlite: bool
    fault: Faulty


CASES = [
    Case("read-only", True, is_read_only_file),
    Case("locked", True, is_locked_file),
    Case(
        "table gone",
        True,
        statements(
            ("ALTER TABLE postings RENAME TO away",), ("ALTER TABLE away RENAME TO postings",)
        ),
    ),
    Case(
        "refusing",
        True,
        statements(
            (
                "CREATE TRIGGER refuse BEFORE INSERT ON postings "
                "BEGIN SELECT RAISE(ABORT, 'refused'); END",
            ),
            ("DROP TRIGGER refuse",),
        ),
    ),
    Case("read-only", False, is_read_only),
    Case("locked", False, is_locked),
    Case("statement timeout", False, refuses_with("57014")),
    Case("serialization failure", False, refuses_with("40001")),
    Case("deadlock", False, refuses_with("40P01")),
    Case("disk full", False, refuses_with("53100")),
    Case("unknown", False, refuses_with("XX000")),
]


@pytest.fixture(
    params=CASES, ids=lambda case: f"{'sqlite' if case.is_sqlite else 'postgres'}-{case.name}"
)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture
def url(case: Case, request: pytest.FixtureRequest) -> str:
    if case.is_sqlite:
        url: str = request.getfixturevalue("sqlite_database")
        return url
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


async def count(database: Database) -> int:
    async with database.read() as tx:
        return len((await tx.connection.execute(text("SELECT id FROM postings"))).all())


async def waiting_according_to_the_metrics(panelist: Panelist) -> tuple[float, float]:
    lines = (await panelist.wire.get("/metrics")).text.splitlines()
    found = dict(line.rsplit(" ", 1) for line in lines if line.startswith("panelist_postings"))
    return float(found["panelist_postings_unrecorded"]), float(
        found["panelist_postings_failing_seconds"]
    )


async def test_postings_wait_out_any_error_of_the_database_and_are_seen_to_wait(
    case: Case, url: str, slack: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    async with running(slack, url) as panelist:
        database = panelist.application.database

        async def is_degraded() -> bool:
            degraded: list[str] = (await panelist.wire.get("/readyz")).json["degraded"]
            return any("wait to be recorded" in one for one in degraded)

        async with case.fault(database):
            for _ in range(3):
                posted = await panelist.reply("/jd backend-developer")
                assert posted["response_type"] == "in_channel"
                await until(is_degraded)
            waiting, seconds = await waiting_according_to_the_metrics(panelist)
            assert waiting == 3
            assert seconds > 0

        async def is_well() -> bool:
            return not await is_degraded()

        await until(is_well, within=20)
        assert await count(database) == 3
        assert await waiting_according_to_the_metrics(panelist) == (0, 0)
    assert caplog.messages.count("write_behind.failing") == 1
    assert caplog.messages.count("write_behind.recovered") == 1


async def test_a_stop_writes_what_waits_without_waiting_for_the_next_attempt(
    slack: StandIn, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_behind, "PAUSE", 60)
    monkeypatch.setattr(write_behind, "LONGEST_PAUSE", 60)
    async with running(slack, sqlite_database) as panelist:
        jd_service = panelist.application.jd

        async def has_failed() -> bool:
            return jd_service.seconds_failing > 0

        async with is_read_only_file(panelist.application.database):
            await panelist.reply("/jd backend-developer")
            await until(has_failed)
        assert jd_service.unrecorded == 1
    database = Database(sqlite_database)
    assert await count(database) == 1
    await database.close()


async def test_a_stop_does_not_wait_for_ever_and_says_how_many_are_lost(
    slack: StandIn,
    sqlite_database: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jd, "DRAIN", 0.5)
    async with running(slack, sqlite_database) as panelist:
        await _run(panelist.application.database, "PRAGMA query_only=ON")
        await panelist.reply("/jd backend-developer")
        await panelist.reply("/jd data-engineer")
    (lost,) = [record for record in caplog.records if record.message == "write_behind.lost"]
    assert vars(lost)["count"] == 2

"""The database, on SQLite and on PostgreSQL."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.domain.jd import Posting
from bot.domain.reminders import ReminderPolicy
from bot.errors import DatabaseAway
from bot.storage.database import Database
from bot.storage.migrate import MIGRATIONS, _config, _known, is_current, newest, upgrade
from bot.storage.schema import metadata
from tests.support.databases import sqlite_url
from tests.support.waiting import A_MINUTE

POSTING = Posting(
    "p1", "T1", "C1", "backend-developer", "v1", "U1", datetime(2026, 1, 2, tzinfo=UTC)
)


@pytest.fixture
async def database(database_url: str):  # type: ignore[no-untyped-def]
    opened = Database(database_url)
    yield opened
    await opened.close()


async def test_a_posting_is_read_back_as_it_was_written(database: Database) -> None:
    async with database.write() as tx:
        await tx.postings.add([POSTING])
    async with database.read() as tx:
        assert await tx.postings.get("T1", "p1") == POSTING


async def test_writing_a_posting_again_changes_nothing(database: Database) -> None:
    for _ in range(2):
        async with database.write() as tx:
            await tx.postings.add([POSTING])
    async with database.read() as tx:
        count = await tx.connection.execute(text("SELECT count(*) FROM postings"))
        assert count.scalar() == 1


async def test_another_workspace_sees_nothing_of_it(database: Database) -> None:
    async with database.write() as tx:
        await tx.postings.add([POSTING])
    async with database.read() as tx:
        assert await tx.postings.get("T2", "p1") is None


async def test_an_error_undoes_the_whole_unit_of_work(database: Database) -> None:
    async def fails_half_way() -> None:
        async with database.write() as tx:
            await tx.postings.add([POSTING])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails_half_way()
    async with database.read() as tx:
        assert await tx.postings.get("T1", "p1") is None


async def test_tasks_that_read_then_write_lose_no_update(database: Database) -> None:
    async with database.write() as tx:
        await tx.connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        await tx.connection.execute(text("INSERT INTO counter VALUES (0)"))
    lock = "" if database.is_sqlite else " FOR UPDATE"

    async def add() -> None:
        for _ in range(10):
            async with database.write() as tx:
                found = await tx.connection.execute(text(f"SELECT n FROM counter{lock}"))
                await asyncio.sleep(0)
                await tx.connection.execute(
                    text("UPDATE counter SET n = :n"), {"n": found.scalar_one() + 1}
                )

    await asyncio.gather(*(add() for _ in range(8)))
    async with database.read() as tx:
        found = await tx.connection.execute(text("SELECT n FROM counter"))
        assert found.scalar() == 80


async def test_the_migrations_make_the_tables_that_the_code_describes(database: Database) -> None:
    async with database.read() as tx:
        differences = await tx.connection.run_sync(
            lambda connection: compare_metadata(
                MigrationContext.configure(connection, opts={"compare_type": True}), metadata
            )
        )
    assert differences == []


async def test_the_migrations_make_partial_indexes_of_the_rows_that_the_code_names(
    database: Database,
) -> None:
    named = {
        index.name: index.info["where"]
        for table in metadata.tables.values()
        for index in table.indexes
        if "where" in index.info
    }
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
        if database.is_sqlite
        else "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '% WHERE %'"
        " AND schemaname = 'public'"
    )
    async with database.read() as tx:
        rows = (await tx.connection.execute(text(query))).all()
    made = {name: made.partition(" WHERE ")[2] for name, made in rows}
    assert made.keys() == named.keys()
    assert len(named) >= 6
    if database.is_sqlite:  # PostgreSQL words them anew
        assert made == named


def test_the_files_of_migrations_are_named_by_their_revisions_in_order() -> None:
    scripts = list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())
    assert _known() == {script.revision for script in scripts}
    assert newest() == scripts[0].revision


async def test_several_replicas_starting_at_once_migrate_once(
    empty_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    replicas = [Database(empty_url) for _ in range(4)]
    with caplog.at_level(logging.INFO, "bot"):
        await asyncio.gather(*(upgrade(replica) for replica in replicas))
    assert caplog.messages.count("database.upgraded") == 1
    assert all([await is_current(replica) for replica in replicas])
    for replica in replicas:
        await replica.close()


async def test_a_workspace_keeps_its_cadence_as_it_chooses_more(empty_url: str) -> None:
    """Up and down between two revisions, then up to the last: what was chosen is as it was."""
    database = Database(empty_url)
    await _migrated(database, command.upgrade, "0006")
    async with database.write() as tx:
        await tx.connection.execute(
            text("INSERT INTO reminder_cadences VALUES ('T1', 7, '[0, 1]', '[\"2026-12-25\"]', 5)")
        )
    await _migrated(database, command.upgrade, "0010")
    async with database.write() as tx:
        found = await tx.connection.execute(
            text("SELECT nudge_minutes, opens, closes FROM reminder_cadences")
        )
        assert found.all() == [(60, 9, 18)]
        await tx.connection.execute(text("UPDATE reminder_cadences SET nudge_minutes = NULL"))
    await _migrated(database, command.downgrade, "0006")
    await _migrated(database, command.upgrade, "head")
    chosen = ReminderPolicy(
        "T1", 7, frozenset({0, 1}), frozenset({date(2026, 12, 25)}), 5, timedelta(hours=1), 9, 18
    )
    async with database.read() as tx:
        assert await tx.reminders.policy("T1") == chosen
    await database.close()


async def _migrated(database: Database, how: Callable[..., None], to: str) -> None:
    async with database.write() as tx:
        await tx.connection.run_sync(lambda connection: how(_config(connection), to))


async def test_a_sqlite_writer_that_gets_no_turn_is_told_within_the_acks_time(
    sqlite_database: str,
) -> None:
    one, other = Database(sqlite_database), Database(sqlite_database)
    async with one.write():
        async with asyncio.timeout(A_MINUTE):
            with pytest.raises(DatabaseAway):
                async with other.write():
                    pass
    await one.close()
    await other.close()


async def test_a_database_that_is_not_there_is_told_as_away(tmp_path: Path) -> None:
    for url in (
        sqlite_url(tmp_path / "no" / "such" / "folder.db"),
        f"postgresql+asyncpg://postgres@/nowhere?host={tmp_path}",
        "postgresql+asyncpg://postgres@127.0.0.1:1/nowhere",
    ):
        database = Database(url)
        with pytest.raises(DatabaseAway):
            async with database.read():
                pass
        await database.close()
    await asyncio.sleep(0.1)  # aiosqlite's thread ends a moment after its failed connection

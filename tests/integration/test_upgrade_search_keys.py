"""Candidates of the version before are found by the names that they are found by now."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest
from alembic import command
from sqlalchemy import text

from bot.domain.candidates import candidate
from bot.storage.database import Database
from bot.storage.migrate import _config, upgrade

BEFORE, AFTER = "0013", "0014"

OLD_KEYS = {
    "Łukasz Żak": "łukaszzak",
    "Søren Bø": "sørenbø",
    "カン": "カン",
    "ガン": "カン",
    "राम": "रम",
    "रीमा": "रम",
    "Zoë van der Berg": "zoevanderberg",
    "🙂": "",
}
"""As the version before kept them."""

NEW_KEYS = OLD_KEYS | {
    "Łukasz Żak": "lukaszzak",
    "Søren Bø": "sorenbo",
    "ガン": "カ\u3099ン",
    "राम": "राम",
    "रीमा": "रीमा",
}
EMAIL = "Zoe\u0308@Example.com"


@pytest.fixture
async def old(empty_url: str) -> AsyncIterator[Database]:
    """A database of the version before, with the same people in two workspaces."""
    database = Database(empty_url)
    await migrated(database, command.upgrade, BEFORE)
    created_at = datetime(2026, 11, 1, tzinfo=UTC)
    async with database.write() as tx:
        for workspace in ("T1", "T2"):
            for number, (name, key) in enumerate(OLD_KEYS.items()):
                row = {
                    "workspace": workspace,
                    "id": f"c{number}",
                    "name": name,
                    "key": key,
                    "email": EMAIL,
                    "email_key": EMAIL.casefold(),
                    "created_at": str(created_at) if database.is_sqlite else created_at,
                }
                names, values = ", ".join(row), ", ".join(f":{column}" for column in row)
                statement = text(f"INSERT INTO candidates ({names}) VALUES ({values})")
                await tx.connection.execute(statement, row)
    yield database
    await database.close()


async def migrated(database: Database, how: Callable[..., None], to: str) -> None:
    async with database.write() as tx:
        await tx.connection.run_sync(lambda connection: how(_config(connection), to))


async def keys(database: Database) -> dict[tuple[str, str], tuple[str, str]]:
    async with database.read() as tx:
        rows = await tx.connection.execute(
            text("SELECT workspace, name, key, email_key FROM candidates")
        )
        return {(row.workspace, row.name): (row.key, row.email_key) for row in rows}


async def test_the_keys_of_those_who_are_there_are_computed_anew(old: Database) -> None:
    await upgrade(old)
    assert await keys(old) == {
        (workspace, name): (key, "zo\u00eb@example.com")
        for workspace in ("T1", "T2")
        for name, key in NEW_KEYS.items()
    }


async def test_they_are_the_keys_that_a_new_candidate_gets(old: Database) -> None:
    await upgrade(old)
    for (_, name), found in (await keys(old)).items():
        new = candidate("new", name, EMAIL, None)
        assert found == (new.key, new.email_key)


async def test_going_back_gives_the_keys_of_the_version_before(old: Database) -> None:
    before = await keys(old)
    await migrated(old, command.upgrade, AFTER)
    await migrated(old, command.downgrade, BEFORE)
    assert await keys(old) == before

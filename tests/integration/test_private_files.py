"""What is kept on disk is for the user who runs Panelist, and a place that is none is named."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import UserError
from bot.storage.database import Database
from bot.storage.migrate import upgrade


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_the_database_and_what_is_beside_it_are_private(tmp_path: Path) -> None:
    file = tmp_path / "panelist.db"
    file.touch(0o644)
    file.chmod(0o644)
    database = Database(f"sqlite+aiosqlite:///{file}")
    await upgrade(database)
    async with database.write() as tx:
        await tx.connection.execute(text("CREATE TABLE kept (a)"))
    assert {path.name: oct(mode(path)) for path in tmp_path.iterdir()} == {
        "panelist.db": "0o600",
        "panelist.db-wal": "0o600",
        "panelist.db-shm": "0o600",
    }
    await database.close()


async def test_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "panelist.db"
    database = Database(f"sqlite+aiosqlite:///{file}")
    await upgrade(database)
    async with database.write() as tx:
        await tx.connection.execute(text("CREATE TABLE kept (a)"))
        await tx.connection.execute(text("INSERT INTO kept VALUES ('Robin Doe was here')"))
    await database.close()
    async with database.write() as tx:
        await tx.connection.execute(text("DELETE FROM kept"))
    await database.close()
    assert b"Robin Doe was here" not in file.read_bytes()


@pytest.mark.parametrize(
    ("place", "says"),
    [(".", "names a folder"), ("missing/panelist.db", "mkdir -p -m 700")],
)
async def test_a_place_that_can_hold_no_database_is_named_at_once(
    tmp_path: Path, place: str, says: str
) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / place}")
    with pytest.raises(UserError, match=says):
        await upgrade(database)
    await database.close()

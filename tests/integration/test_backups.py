"""`panelist backup` and `panelist restore`: what was there at the backup is there again, and nobody
gets anything twice."""

import asyncio
import gzip
import itertools
import json
import os
import sqlite3
import stat
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from bot.clock import SystemClock
from bot.commands.backups import hold_what_was_due
from bot.domain.apply.submission import FileFacts
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.storage import backups, dumps
from bot.storage.database import Database
from bot.storage.migrate import is_current, newest, upgrade
from bot.storage.schema import metadata
from tests.integration.test_health import migrated_by_a_newer
from tests.integration.test_outbox_cli import ALEX, KIT, SAM, SAMS_KIT, operator, sets_up
from tests.support.databases import Postgres, sqlite_url
from tests.support.faulty import run_statements
from tests.support.panels import MONDAY, frozen, interview, panel, stored
from tests.support.people import WORKSPACE
from tests.support.served import Served
from tests.support.slack import StandIn
from tests.support.waiting import until
from tests.support.wire import web_client

WAYS = ("sqlite", "pg_dump", "our own dump")


@dataclass(frozen=True)
class Place:
    """A database, another that is empty, and what commands are run with."""

    url: str
    empty: str
    settings: dict[str, str]


@pytest.fixture(params=WAYS)
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    if request.param == "sqlite":
        url: str = request.getfixturevalue("sqlite_database")
        return Place(url, sqlite_url(tmp_path / "another.db"), {})
    server: Postgres = request.getfixturevalue("postgres")
    path = f"{server.tools}:{os.environ['PATH']}" if request.param == "pg_dump" else str(tmp_path)
    monkeypatch.setenv("PATH", path)
    return Place(server.new_database(), server.new_database(empty=True), {})


@asynccontextmanager
async def serving(folder: Path, slack: StandIn, url: str) -> AsyncIterator[Served]:
    """Panelist as a process, which is killed in the end."""
    with Served(folder, slack, DATABASE_URL=url) as served:
        async with web_client() as web:
            await served.answers(web)
        yield served


async def rows(url: str) -> dict[str, list[str]]:
    """Everything that a database holds."""
    database = Database(url)
    async with database.read() as tx:
        found = {
            table.name: sorted(str(row) for row in await tx.connection.execute(select(table)))
            for table in metadata.sorted_tables
        }
    await database.close()
    return found


NOT_TEXT = bytes((0, 255, 128))


async def nothing_else(_: Database) -> None:
    """The restored database is left as it is."""


async def test_what_was_there_is_there_again_to_the_last_value(
    place: Place, library: Library, tmp_path: Path
) -> None:
    database = Database(place.url)
    await sets_up(database, library, ALEX, SAM)
    resume = FileFacts("0" * 16, "resume.pdf", "pdf", len(NOT_TEXT), "0" * 64)
    async with database.write() as tx:
        await tx.files.add(WORKSPACE, resume, NOT_TEXT, MONDAY, form="f", expires_at=MONDAY)
    await database.close()
    file = tmp_path / "nightly.backup"
    await backups.back_up(place.url, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    await backups.restore(place.empty, file, nothing_else, replace=False)
    found = await rows(place.empty)
    assert found == await rows(place.url)
    assert found["interviews"]
    assert str(NOT_TEXT) in found["candidate_files"][0]
    assert found["content_versions"]


def test_a_server_that_asks_for_the_password_is_backed_up_and_restored(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that an address can hold only in other letters."""
    monkeypatch.setenv("PATH", f"{postgres.tools}:{os.environ['PATH']}")
    postgres.asks_for_password("guarded", "se@cr/et:1")
    file = tmp_path / "nightly.backup"
    full, empty = (
        url.replace("postgres@", "guarded:se%40cr%2Fet%3A1@")
        for url in (postgres.new_database(), postgres.new_database(empty=True))
    )
    asyncio.run(backups.back_up(full, file))
    assert file.read_bytes().startswith(b"PGDMP")
    asyncio.run(backups.restore(empty, file, nothing_else, replace=False))
    assert asyncio.run(rows(empty)) == asyncio.run(rows(full))


async def test_who_has_gone_back_a_version_backs_up_what_the_newer_one_added(
    place: Place, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The older one runs on the newer one's database, so its backup has to be whole."""
    await migrated_by_a_newer(place.url, newest())
    database, file = Database(place.url), tmp_path / "nightly.backup"
    added = "CREATE TABLE of_the_newer (id INTEGER)", "INSERT INTO of_the_newer VALUES (7)"
    await run_statements(database, *added)
    await database.close()
    if "own dump" in request.node.name:
        with pytest.raises(UserError, match="install the server's pg_dump"):
            await backups.back_up(place.url, file)
        return
    await backups.back_up(place.url, file)
    for replace in (False, True):
        await backups.restore(place.empty, file, upgrade, replace=replace)
        restored = Database(place.empty)
        assert await is_current(restored)
        async with restored.read() as tx:
            found = await tx.connection.execute(text("SELECT id FROM of_the_newer"))
            assert found.scalars().all() == [7]
        await restored.close()


async def test_a_machine_lost_between_two_backups_sends_nobody_anything_twice(
    place: Place, slack: StandIn, library: Library, tmp_path: Path
) -> None:
    """Two kits are due at the backup. The machine sends them and is lost with all it knew; Sam's is
    even gone from Slack. What it sent is held, then looked for, and only the rest is sent."""
    database = Database(place.url)
    await sets_up(database, library, ALEX, SAM)
    await database.close()
    file = str(tmp_path / "nightly.backup")
    assert (await operator(slack, place.url, "backup", file)).returncode == 0

    async def both_have_their_kits() -> bool:
        return all(slack.conversations.said_to(one) for one in (ALEX, SAM))

    async with serving(tmp_path, slack, place.url):
        await until(both_have_their_kits)
    if place.url.startswith("sqlite"):  # its log of writes is left behind
        Path(place.url.partition(":///")[2]).unlink()
    slack.conversations.messages = [
        one for one in slack.conversations.messages if one["channel"] != f"D{SAM}"
    ]

    replace = () if place.url.startswith("sqlite") else ("--replace",)
    done = await operator(slack, place.url, "restore", file, *replace)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Messages held: 2." in done.stdout
    assert KIT in done.stdout
    held = await operator(slack, place.url, "outbox", "--held", "--json")
    assert {one["key"] for one in json.loads(held.stdout)} == {KIT, SAMS_KIT}
    assert (
        "Held since the restore: 1 panel.kit to UALEX"
        in (await operator(slack, place.url, "doctor")).stdout
    )

    async with serving(tmp_path, slack, place.url):
        posted = len(slack.called("chat.postMessage"))
        assert (await operator(slack, place.url, "outbox", "--release")).returncode == 0

        async def sam_has_it_again() -> bool:
            return bool(slack.conversations.said_to(SAM))

        async def no_kit_is_left() -> bool:
            return "panel.kit" not in (await operator(slack, place.url, "outbox")).stdout

        await until(sam_has_it_again)
        await until(no_kit_is_left)
    assert len(slack.called("chat.postMessage")) == posted + 1, "Alex's was there already"
    assert len(slack.conversations.said_to(ALEX)) == 1


async def test_what_would_be_planned_for_moments_since_the_backup_is_held_too(
    place: Place, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interview ended in between: its nudge may have been sent by the machine that is lost."""
    friday = datetime(2026, 11, 27, 10, tzinfo=UTC)
    database = Database(place.url)
    async with database.write() as tx:
        one = interview(ALEX, id="1" * 16, starts_at=friday)
        await stored(tx, panel(one), frozen(library))
    await database.close()
    file = tmp_path / "nightly.backup"
    await backups.back_up(place.url, file)
    monkeypatch.setattr(SystemClock, "now", lambda _: friday + timedelta(hours=2))
    held = await backups.restore(place.empty, file, hold_what_was_due, replace=False)
    assert [one.kind for one in held] == ["reminders.nudge"]


async def test_a_database_that_holds_anything_is_replaced_only_where_that_is_said(
    place: Place, slack: StandIn, library: Library, tmp_path: Path
) -> None:
    file = tmp_path / "empty.backup"
    await backups.back_up(place.url, file)
    database = Database(place.url)
    await sets_up(database, library, ALEX)
    await database.close()
    done = await operator(slack, place.url, "restore", str(file))
    assert (done.returncode, "isn't empty" in done.stderr) == (1, True)
    assert (await rows(place.url))["interviews"]
    done = await operator(slack, place.url, "restore", str(file), "--replace")
    assert done.returncode == 0
    assert not (await rows(place.url))["interviews"]


async def test_a_database_in_use_is_not_replaced(
    place: Place, slack: StandIn, tmp_path: Path
) -> None:
    file = tmp_path / "nightly.backup"
    async with serving(tmp_path, slack, place.url):
        await backups.back_up(place.url, file)
        done = await operator(slack, place.url, "restore", str(file), "--replace")
    assert done.returncode == 1
    assert "is running on this database" in done.stderr


async def test_a_backup_is_of_one_moment_while_people_write(place: Place, tmp_path: Path) -> None:
    """Postings are written in pairs, so there is never one without the other."""
    database, file = Database(place.url), tmp_path / "live.backup"
    postings = metadata.tables["postings"]
    facts = {"workspace": "T1", "channel": "C1", "role": "r", "version": "v", "posted_by": "U1"}
    stopping = asyncio.Event()

    async def write_pairs() -> None:
        for number in itertools.count():
            if stopping.is_set():
                return
            async with database.write() as tx:
                for half in "ab":
                    row = facts | {"id": f"{number}{half}", "posted_at": datetime.now(UTC)}
                    await tx.connection.execute(insert(postings).values(row))

    writing = asyncio.create_task(write_pairs())
    for _ in range(3):
        await backups.back_up(place.url, file)
    stopping.set()
    await writing
    await database.close()
    await backups.restore(place.empty, file, nothing_else, replace=False)
    pairs = Counter(row.split("'")[3][:-1] for row in (await rows(place.empty))["postings"])
    assert set(pairs.values()) <= {2}


async def test_a_backup_that_is_cut_short_restores_nothing(
    place: Place, library: Library, tmp_path: Path
) -> None:
    database = Database(place.url)
    await sets_up(database, library, ALEX)
    await database.close()
    file = tmp_path / "nightly.backup"
    await backups.back_up(place.url, file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(UserError):
        await backups.restore(place.url, file, nothing_else, replace=True)
    assert (await rows(place.url))["interviews"]


async def test_a_log_of_writes_that_is_left_behind_is_never_read(
    sqlite_database: str, library: Library, tmp_path: Path
) -> None:
    file, target = tmp_path / "nightly.backup", tmp_path / "panelist.db"
    await backups.back_up(sqlite_database, file)
    for suffix in ("-wal", "-shm"):
        target.with_name(f"panelist.db{suffix}").write_bytes(b"of another database" * 100)
    target.unlink()
    await backups.restore(sqlite_database, file, hold_what_was_due, replace=False)
    assert {one.name for one in tmp_path.iterdir()} == {"panelist.db", "nightly.backup"}
    assert (await rows(sqlite_database))["interviews"] == []


async def test_what_is_no_backup_is_neither_restored_nor_overwritten(
    sqlite_database: str, slack: StandIn, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("These are notes.")
    for command in ("backup", "restore"):
        done = await operator(slack, sqlite_database, command, str(notes))
        assert (done.returncode, "isn't a backup" in done.stderr) == (1, True)
    itself = sqlite_database.partition(":///")[2]
    done = await operator(slack, sqlite_database, "backup", itself)
    assert (done.returncode, "is the database itself" in done.stderr) == (1, True)
    assert notes.read_text() == "These are notes."


async def test_a_backup_of_a_newer_panelist_is_refused(
    sqlite_database: str, tmp_path: Path
) -> None:
    file = tmp_path / "newer.backup"
    await backups.back_up(sqlite_database, file)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("UPDATE compatibility SET runs_since = '9999'")
    connection.close()
    with gzip.open(tmp_path / "newer.dump", "wt") as out:
        out.write(json.dumps({dumps.WHAT: dumps.FORMAT, "revision": "9999"}))
    for name in ("newer.backup", "newer.dump"):
        with pytest.raises(UserError, match="newer Panelist"):
            await backups.restore(sqlite_database, tmp_path / name, upgrade, replace=True)
    database = Database(sqlite_database)
    async with database.read() as tx:
        found = await tx.connection.execute(text("SELECT version_num FROM alembic_version"))
        assert found.scalar() != "9999"
    await database.close()

"""`panelist remind` and `panelist doctor`, as an operator runs them."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.domain.messages import MessageState
from bot.library.catalogue import Library
from bot.serving import listen
from bot.storage.database import Database
from bot.storage.outbox import outbox
from tests.integration.test_cli import panelist
from tests.support.content import NO_COMPANY
from tests.support.demo import COMMAND, Process
from tests.support.panels import frozen, interview, panel, stored
from tests.support.slack import Fault, StandIn, refused
from tests.support.wire import SECRET

TODAY = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
FRIDAY = TODAY + timedelta(days=(4 - TODAY.weekday()) % 7 or 7)
"""To come, since the commands go by the machine's own clock."""

MONDAY = f"{FRIDAY + timedelta(days=3):%Y-%m-%d}"
MORNING = f"{MONDAY}T10:00+01:00"


async def store(url: str, library: Library, starts_at: datetime) -> None:
    database = Database(url)
    one = interview("UALEX", id="1" * 16, starts_at=starts_at)
    one = replace(one, interviewer_zone="Europe/Berlin")
    async with database.write() as tx:
        await stored(tx, replace(panel(one), id="a" * 16), frozen(library))
    await database.close()


@pytest.fixture
def url(sqlite_database: str, library: Library) -> str:
    asyncio.run(store(sqlite_database, library, FRIDAY))
    return sqlite_database


@contextmanager
def slack_elsewhere() -> Iterator[StandIn]:
    """Slack's stand-in on a thread of its own, for commands that have a loop of their own."""
    slack, ready, loop = StandIn(), threading.Event(), asyncio.new_event_loop()
    done = asyncio.Event()

    async def serve() -> None:
        async with slack.serving() as address:
            slack.url = address
            ready.set()
            await done.wait()
        while unfinished := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(unfinished)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    ready.wait(5)
    try:
        yield slack
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(5)
        loop.close()


def settings(slack: StandIn, url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "SLACK_BOT_TOKEN": "xoxb-a-token",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.api_url,
    }


def test_a_dry_run_says_who_would_get_what_and_why(url: str, tmp_path: Path) -> None:
    for _ in range(2):
        done = panelist("remind", "--dry-run", "--at", MORNING, cwd=tmp_path, DATABASE_URL=url)
        assert done.returncode == 0
        assert "UALEX" in done.stdout
        assert f"digest: 1 due on Mon {MONDAY} (Europe/Berlin)" in done.stdout
        assert "Robin" not in done.stdout
    before = f"{FRIDAY - timedelta(days=1):%Y-%m-%d}T10:00"
    done = panelist("remind", "--dry-run", "--at", before, cwd=tmp_path, DATABASE_URL=url)
    assert done.stdout == "No one would get anything.\n"


def test_a_tick_is_performed_once(url: str, tmp_path: Path) -> None:
    with slack_elsewhere() as slack:
        for expected in ("digest: 1 due", "Nothing was due."):
            done = panelist("remind", "--at", MORNING, cwd=tmp_path, **settings(slack, url))
            assert (done.returncode, expected in done.stdout) == (0, True)
        [said] = slack.conversations.said_to("UALEX")
        assert said["text"].startswith("You have 1 ")


def test_a_tick_ahead_that_is_killed_in_a_send_sends_it_no_second_time(
    url: str, tmp_path: Path
) -> None:
    """Slack has taken it, nobody has noted so: the next tick, at its own time, finds it there."""

    async def is_a_minute_later() -> list[str]:
        database = Database(url)
        async with database.write() as tx:
            past = datetime(2020, 1, 1, tzinfo=UTC)
            in_flight = outbox.c.state.in_([MessageState.SENDING, MessageState.UNKNOWN])
            await tx.connection.execute(update(outbox).where(in_flight).values(due_at=past))
            states = await tx.connection.execute(select(outbox.c.state))
        await database.close()
        return [state for (state,) in states]

    with slack_elsewhere() as slack:
        slack.fails("chat.postMessage", Fault(taken=True, seconds=1))
        command = (COMMAND, "remind", "--at", MORNING)
        with Process(tmp_path, "remind", *command, **settings(slack, url)):
            deadline = time.monotonic() + 20
            while not slack.conversations.said_to("UALEX"):
                assert time.monotonic() < deadline
                time.sleep(0.02)
        assert asyncio.run(is_a_minute_later()) == [MessageState.SENDING]
        for _ in range(2):
            done = panelist("remind", cwd=tmp_path, **settings(slack, url))
            assert done.returncode == 0
            states = asyncio.run(is_a_minute_later())
        assert states == [MessageState.SENT]
        assert len(slack.conversations.said_to("UALEX")) == 1


def test_what_slack_did_not_take_is_said_and_is_a_failure(url: str, tmp_path: Path) -> None:
    with slack_elsewhere() as slack:
        slack.faults["conversations.open"] = [refused("invalid_auth")] * 9
        done = panelist("remind", "--at", MORNING, cwd=tmp_path, **settings(slack, url))
    assert done.returncode == 1
    assert "digest: 1 due" in done.stdout
    assert "(not sent yet: Panelist tries again while it runs)" in done.stdout


@pytest.mark.parametrize(
    "at", ["nine", "0001-01-01T00:00+14:00", "9999-12-31T23:00-10:00", "2026-13-01T09:00"]
)
def test_a_time_that_is_none_is_bad_use(tmp_path: Path, at: str) -> None:
    done = panelist("remind", "--at", at, cwd=tmp_path)
    assert done.returncode == 2
    assert "2026-12-01T09:00+01:00" in done.stderr


def test_doctor_says_what_is_late_and_puts_it_right(url: str, tmp_path: Path) -> None:
    async def is_long_ago() -> None:
        database = Database(url)
        async with database.write() as tx:
            [ended] = await tx.reminders.due_interviews(FRIDAY + timedelta(days=4), 1)
            await tx.reminders.set_remind_at([(ended.missing, datetime(2020, 1, 1, tzinfo=UTC))])
        await database.close()

    done = panelist("doctor", cwd=tmp_path, DATABASE_URL=url)
    assert (done.returncode, done.stdout) in [(0, f"No faults.\n{NO_COMPANY}"), (1, done.stdout)]
    asyncio.run(is_long_ago())
    done = panelist("doctor", cwd=tmp_path, DATABASE_URL=url)
    assert done.returncode == 1
    assert "Late: 1 interviews to look at." in done.stdout


LOOKS = pytest.mark.parametrize("command", [("doctor",), ("remind", "--dry-run")])


@LOOKS
def test_a_database_that_is_not_up_to_date_is_left_so(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = tmp_path / "empty.db"
    file.touch()
    done = panelist(*command, cwd=tmp_path, DATABASE_URL=f"sqlite+aiosqlite:///{file}")
    assert (done.returncode, "db upgrade" in done.stdout + done.stderr) == (1, True)
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()


@LOOKS
def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, command: tuple[str, ...]) -> None:
    file = tmp_path / "mistyped.db"
    done = panelist(*command, cwd=tmp_path, DATABASE_URL=f"sqlite+aiosqlite:///{file}")
    assert (done.returncode, f"no database at {file}" in done.stderr) == (1, True)
    assert not file.exists()


@pytest.mark.parametrize("command", [("doctor",), ("remind", "--dry-run"), ("db", "upgrade")])
def test_what_is_no_database_or_a_newer_one_is_told(
    url: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("These are notes, and no database at all. " * 100)
    done = panelist(*command, cwd=tmp_path, DATABASE_URL=f"sqlite+aiosqlite:///{other}")
    assert (done.returncode, "file is not a database" in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr

    with sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("UPDATE compatibility SET runs_since = '9999'")
    connection.close()
    done = panelist(*command, cwd=tmp_path, DATABASE_URL=url)
    assert (done.returncode, "newer Panelist" in done.stderr) == (1, True)


def test_doctor_says_that_slack_cannot_be_asked_rather_than_that_people_are_unknown(
    sqlite_database: str, library: Library, tmp_path: Path
) -> None:
    asyncio.run(store(sqlite_database, library, TODAY - timedelta(days=10)))
    with slack_elsewhere() as slack:
        slack.faults["users.info"] = [refused("invalid_auth")] * 9
        done = panelist("doctor", cwd=tmp_path, **settings(slack, sqlite_database))
    assert done.returncode == 1
    assert "Couldn't ask Slack who can be reached: " in done.stdout
    assert "Cannot be reached" not in done.stdout
    assert ".." not in done.stdout


def test_doctor_says_that_a_slack_which_never_answers_was_asked_in_vain(
    sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.slack_api.PATIENCE", 0.1)
    with listen("127.0.0.1", 0) as silent:
        given = {
            "SLACK_API_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/api/",
            "SLACK_BOT_TOKEN": "xoxb-a-token",
            "DATABASE_URL": sqlite_database,
        }
        done = panelist("doctor", cwd=tmp_path, **given)
    assert done.returncode == 1
    assert "Couldn't ask Slack whether it accepts the token (TimeoutError 127.0.0.1" in done.stdout
    assert "Cancelled" not in done.stdout + done.stderr


def test_doctor_says_where_it_has_no_token_to_ask_slack_with(
    sqlite_database: str, tmp_path: Path
) -> None:
    done = panelist("doctor", cwd=tmp_path, DATABASE_URL=sqlite_database)
    assert (done.returncode, done.stdout) == (0, f"No faults.\n{NO_COMPANY}")
    assert "SLACK_BOT_TOKEN isn't set here" in done.stderr


def test_doctor_repairs_a_plan_that_is_too_late_and_is_then_content(
    sqlite_database: str, library: Library, tmp_path: Path
) -> None:
    asyncio.run(store(sqlite_database, library, TODAY - timedelta(days=6)))
    with slack_elsewhere() as slack:
        panelist("remind", cwd=tmp_path, **settings(slack, sqlite_database))
    with sqlite3.connect(sqlite_database.removeprefix("sqlite+aiosqlite:///")) as connection:
        late = "UPDATE reminder_people SET next_digest_at = '2036-01-01 09:00:00.000000'"
        late += " WHERE person = 'UALEX'"
        assert connection.execute(late).rowcount == 1
    connection.close()

    done = panelist("doctor", cwd=tmp_path, DATABASE_URL=sqlite_database)
    assert done.returncode == 1
    assert "is planned for Tue 2036-01-01 09:00 UTC instead of" in done.stdout
    done = panelist("doctor", "--repair", cwd=tmp_path, DATABASE_URL=sqlite_database)
    assert done.stdout == f"Repaired: 1 reminder.\nNo faults.\n{NO_COMPANY}"
    assert done.returncode == 0

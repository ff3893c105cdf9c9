"""`panelist remind` and `panelist doctor`, as an operator runs them."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.domain.outbox import State
from bot.library.catalogue import Library
from bot.storage.database import Database
from bot.storage.outbox import outbox
from tests.integration.test_cli import panelist
from tests.support.demo import COMMAND, Process
from tests.support.panels import frozen, interview, panel
from tests.support.slack import Fault, StandIn
from tests.support.wire import SECRET

FRIDAY = datetime(2026, 11, 27, 10, tzinfo=UTC)
MORNING = "2026-11-30T10:00+01:00"


@pytest.fixture
def url(sqlite_database: str, library: Library) -> str:
    async def store() -> None:
        database = Database(sqlite_database)
        one = replace(
            interview("UALEX", id="1" * 16, starts_at=FRIDAY), interviewer_zone="Europe/Berlin"
        )
        async with database.write() as tx:
            assert await tx.panels.add(panel(one), frozen(library))
        await database.close()

    asyncio.run(store())
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
        assert "digest: owes 1 on 2026-11-30 (Europe/Berlin)" in done.stdout
        assert "Robin" not in done.stdout
    done = panelist(
        "remind", "--dry-run", "--at", "2026-11-26T10:00", cwd=tmp_path, DATABASE_URL=url
    )
    assert done.stdout == "Nobody would get anything.\n"


def test_a_tick_is_performed_once(url: str, tmp_path: Path) -> None:
    with slack_elsewhere() as slack:
        for expected in ("digest: owes 1", "Nothing was due."):
            done = panelist("remind", "--at", MORNING, cwd=tmp_path, **settings(slack, url))
            assert (done.returncode, expected in done.stdout) == (0, True)
        assert [said["text"] for said in slack.conversations.said_to("UALEX")] == [
            "You owe one scorecard"
        ]


def test_a_tick_ahead_that_is_killed_in_a_send_sends_it_no_second_time(
    url: str, tmp_path: Path
) -> None:
    """Slack has taken it, nobody has noted so: the next tick, at its own time, finds it there."""

    async def is_a_minute_later() -> list[str]:
        database = Database(url)
        async with database.write() as tx:
            past = datetime(2020, 1, 1, tzinfo=UTC)
            in_flight = outbox.c.state.in_([State.SENDING, State.UNKNOWN])
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
        assert asyncio.run(is_a_minute_later()) == [State.SENDING]
        for _ in range(2):
            done = panelist("remind", cwd=tmp_path, **settings(slack, url))
            assert done.returncode == 0
            states = asyncio.run(is_a_minute_later())
        assert states == [State.SENT]
        assert len(slack.conversations.said_to("UALEX")) == 1


def test_a_time_that_is_none_is_bad_use(tmp_path: Path) -> None:
    done = panelist("remind", "--at", "nine", cwd=tmp_path)
    assert done.returncode == 2
    assert "2026-12-01T09:00+01:00" in done.stderr


def test_doctor_says_what_is_late_and_puts_it_right(url: str, tmp_path: Path) -> None:
    async def is_long_ago() -> None:
        database = Database(url)
        async with database.write() as tx:
            [ended] = await tx.reminders.due_interviews(datetime(2026, 12, 1, tzinfo=UTC), 1)
            await tx.reminders.look_at([(ended.debt, datetime(2020, 1, 1, tzinfo=UTC))])
        await database.close()

    done = panelist("doctor", cwd=tmp_path, DATABASE_URL=url)
    assert (done.returncode, done.stdout) in [(0, "No faults.\n"), (1, done.stdout)]
    asyncio.run(is_long_ago())
    done = panelist("doctor", cwd=tmp_path, DATABASE_URL=url)
    assert done.returncode == 1
    assert "Late: 1 interviews to look at." in done.stdout


def test_doctor_wants_a_database_that_is_up_to_date(tmp_path: Path) -> None:
    done = panelist(
        "doctor", cwd=tmp_path, DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    )
    assert (done.returncode, "db upgrade" in done.stdout) == (1, True)

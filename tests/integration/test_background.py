"""What Panelist does by itself survives any error of the database, and shows how long it fails."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot import outages
from bot.app import FAILING
from bot.library.catalogue import Library
from bot.scheduling import Chore
from bot.services.reminders import RemindersService
from handlers.ids import ActionId
from tests.support.clock import ManualClock
from tests.support.faulty import Case, cases, is_read_only, is_read_only_file
from tests.support.panelist import Panelist, running, text_of
from tests.support.panels import frozen, interview, panel, stored
from tests.support.slack import Fault, StandIn
from tests.support.waiting import until

FRIDAY = datetime(2026, 11, 27, 10, tzinfo=UTC)
ALEX = "UALEX"


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(outages, "LONGEST_PAUSE", 0.05)


@pytest.fixture
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture
def url(case: Case, request: pytest.FixtureRequest) -> str:
    return case.database(request)


@pytest.fixture
def clock(slack: StandIn) -> ManualClock:
    """Stands at the beginning of Alex's interview."""
    clock = ManualClock(FRIDAY)
    slack.conversations.now = lambda: clock.now().timestamp()
    return clock


@pytest.fixture
async def panelist(
    url: str, slack: StandIn, clock: ManualClock, library: Library
) -> AsyncIterator[Panelist]:
    """Panelist with one interview, of Alex."""
    async with running(slack, url, clock=clock) as panelist:
        one = interview(ALEX, id="1" * 16, starts_at=FRIDAY, minutes=60)
        async with panelist.application.database.write() as tx:
            await stored(tx, panel(one), frozen(library))
        yield panelist


def every(table: str) -> pytest.MarkDecorator:
    """Every way in which nothing can be put into a table."""
    return pytest.mark.parametrize("case", cases(table), ids=str, indirect=True)


async def degraded(panelist: Panelist) -> str:
    ready = await panelist.wire.get("/readyz")
    return " | ".join(ready.json["degraded"])


@every("outbox")
async def test_a_reminder_that_the_database_refuses_is_planned_once_it_no_longer_does(
    case: Case,
    panelist: Panelist,
    slack: StandIn,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def is_seen_to_fail() -> bool:
        return "reminders have not been planned for" in await degraded(panelist)

    async def alex_is_reminded() -> bool:
        return len(slack.conversations.said_to(ALEX)) == 1

    async def is_well() -> bool:
        return await degraded(panelist) == ""

    with caplog.at_level(logging.INFO, "bot"):
        async with case.fault(panelist.application.database):
            clock.set(FRIDAY + timedelta(hours=2))
            await until(is_seen_to_fail)
            page = (await panelist.wire.get("/metrics")).text
            assert 'panelist_failing_seconds{part="reminders"} 0.0\n' not in page
            await asyncio.sleep(2)  # it fails again and again
        await until(alex_is_reminded)
        await until(is_well)
    assert caplog.messages.count("reminders.failing") == 1
    assert caplog.messages.count("reminders.recovered") == 1


async def test_readyz_has_words_for_every_part_that_can_fail(
    slack: StandIn, sqlite_database: str
) -> None:
    address = "https://jobs.example.com"
    async with running(slack, sqlite_database, panelist_public_url=address) as panelist:
        application = panelist.application
        outages = [application.installations.outage]
        chores = (*application.chores, *application.page_chores)
        outages += [chore.outage for chore in chores]
        assert {outage.name for outage in outages} == set(FAILING)


READ_ONLY = [Case("read-only", True, is_read_only_file), Case("read-only", False, is_read_only)]


@pytest.mark.parametrize("case", READ_ONLY, ids=str, indirect=True)
async def test_a_database_that_can_only_be_read_is_seen_before_anybody_writes(
    case: Case, panelist: Panelist
) -> None:
    async with case.fault(panelist.application.database):
        ready = await panelist.wire.get("/readyz")
        assert ready.status == 200, "what all replicas share is no reason to take them out"
        [words] = ready.json["degraded"]
        assert "has refused to save anything" in words
        assert "READONLY" in words or "25006" in words
    assert await degraded(panelist) == ""


@every("reminder_people")
async def test_a_person_reads_that_the_database_is_away(
    case: Case, panelist: Panelist, slack: StandIn
) -> None:
    later = {"type": "button", "action_id": ActionId.REMINDERS_LATER, "value": "later"}
    async with case.fault(panelist.application.database):
        url = await panelist.presses(later, user=ALEX)
        told = text_of(await slack.next_response(url))
    if case.name in ("unknown", "refusing"):
        assert "Something went wrong (ref" in told
    else:
        assert "can't reach its database" in told


@pytest.mark.parametrize("case", READ_ONLY[:1], ids=str, indirect=True)
async def test_one_part_that_breaks_or_hangs_holds_up_no_other(
    case: Case,
    panelist: Panelist,
    slack: StandIn,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Alex's reminder is planned already, and is sent while planning hangs."""
    application = panelist.application
    clock.set(FRIDAY + timedelta(hours=2))
    await application.reminders.tick()

    async def hangs(_: RemindersService) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("bot.scheduling.CHORE_PATIENCE", 0.05)
    monkeypatch.setattr("bot.scheduling.CHORE_LIMIT", 0.3)
    monkeypatch.setattr(RemindersService, "tick", hangs)
    application.chores = (
        Chore(application.reminders.tick, application.chores[0].outage),
        *application.chores[1:],
    )

    async def alex_is_reminded() -> bool:
        return len(slack.conversations.said_to(ALEX)) == 1

    async def is_seen_to_fail() -> bool:
        return "reminders have not been planned" in await degraded(panelist)

    await until(alex_is_reminded)
    await until(is_seen_to_fail)


@pytest.mark.parametrize("case", READ_ONLY[:1], ids=str, indirect=True)
async def test_who_was_seen_is_written_down_after_all(case: Case, panelist: Panelist) -> None:
    """Whatever kept it from being written, also at the last moment."""
    database = panelist.application.database
    await panelist.reply("/jd help")
    async with database.write() as tx:
        await tx.connection.execute(text("ALTER TABLE members RENAME TO away"))
    with pytest.raises(Exception, match="database"):
        await panelist.application.members.flush()
    async with database.write() as tx:
        await tx.connection.execute(text("ALTER TABLE away RENAME TO members"))
    await panelist.application.members.flush()
    async with database.read() as tx:
        assert await tx.members.get("T1", "U1") is not None


async def test_nobody_reads_that_slack_was_slow_where_it_was_the_database(
    postgres_database: str, slack: StandIn
) -> None:
    async with running(slack, postgres_database) as panelist:
        await panelist.reply("/jd help")
        async with panelist.application.database.write() as tx:
            await tx.connection.execute(text("LOCK TABLE interviews"))
            told = text_of(await panelist.reply("/scorecard"))
        assert "That took too long" in told
        slack.fails("users.info", Fault(hang=True), Fault(hang=True))
        told = text_of(await panelist.reply("/scorecard", user_id="U2"))
        assert "Slack isn't answering" in told

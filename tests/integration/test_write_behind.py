"""What is written behind an answer waits out any error of the database, and is seen to wait."""

import logging

import pytest
from sqlalchemy import text

from bot.services import jd, write_behind
from bot.storage.database import Database
from tests.support.faulty import Case, cases, is_read_only_file, run_statements
from tests.support.panelist import Panelist, running
from tests.support.slack import StandIn
from tests.support.waiting import until

CASES = cases("postings")


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture
def url(case: Case, request: pytest.FixtureRequest) -> str:
    return case.database(request)


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

        await until(is_well)
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
        await run_statements(panelist.application.database, "PRAGMA query_only=ON")
        await panelist.reply("/jd backend-developer")
        await panelist.reply("/jd data-engineer")
    (lost,) = [record for record in caplog.records if record.message == "write_behind.lost"]
    assert vars(lost)["count"] == 2

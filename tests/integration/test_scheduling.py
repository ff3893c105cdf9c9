"""The job that ticks, and what is relied on in APScheduler: an upgrade that changes it shows."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers import interval

from bot import scheduling
from bot.scheduling import Ticker

DAY = 24 * 60
"""Minutes."""


class Work:
    """Counts its ticks, and how many of them went on at once."""

    def __init__(self, takes: float = 0.0) -> None:
        self.takes = takes
        self.begun = self.done = self.at_once = 0
        self.again = asyncio.Event()

    async def tick(self) -> None:
        self.begun += 1
        self.at_once = max(self.at_once, self.begun - self.done)
        self.again.set()
        await asyncio.sleep(self.takes)
        self.done += 1

    async def begins(self, times: int) -> None:
        async with asyncio.timeout(3):
            while self.begun < times:
                self.again.clear()
                await self.again.wait()


@asynccontextmanager
async def ticking(work: Work, every: float = 0.05, limit: float = 10) -> AsyncIterator[Ticker]:
    ticker = Ticker(work.tick, every, limit)
    ticker.start()
    yield ticker
    await ticker.stop()


async def test_it_ticks_until_it_is_stopped() -> None:
    work = Work()
    async with ticking(work):
        await work.begins(3)
    begun = work.begun
    await asyncio.sleep(0.2)
    assert work.begun == begun


async def test_a_tick_never_begins_beside_another() -> None:
    work = Work(takes=0.2)
    async with ticking(work):
        await work.begins(3)
    assert work.at_once == 1


async def test_missed_ticks_are_made_up_for_by_one() -> None:
    work = Work()
    async with ticking(work, every=0.2):
        await work.begins(1)
        await asyncio.sleep(0.05)
        time.sleep(1)  # noqa: ASYNC251
        begun = work.begun
        await asyncio.sleep(0.1)
        assert work.begun == begun + 1


async def test_a_tick_that_hangs_holds_up_the_next_for_a_limited_time() -> None:
    work = Work(takes=0.6)
    async with ticking(work, limit=0.1):
        await work.begins(3)
        assert work.done == 0
    assert work.done == work.begun


async def test_a_stop_waits_for_the_tick_in_hand() -> None:
    work = Work(takes=0.3)
    async with ticking(work):
        await work.begins(1)
    assert (work.begun, work.done) == (1, 1)


async def test_a_stop_without_a_start_is_no_fault() -> None:
    await Ticker(Work().tick).stop()


async def test_a_tick_that_fails_is_followed_by_the_next(
    caplog: pytest.LogCaptureFixture,
) -> None:
    work = Work()

    async def fails() -> None:
        await work.tick()
        raise KeyError("Jane Doe")

    ticker = Ticker(fails, every=0.05)
    ticker.start()
    await work.begins(2)
    await ticker.stop()
    assert caplog.messages.count("tick.failing") == 1


class SetClock:
    """The machine's clock, which somebody sets while the process runs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta()
        real, stepped = time.time, self

        class Shown(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return datetime.now(tz) + stepped.ahead

        monkeypatch.setattr(time, "time", lambda: real() + self.ahead.total_seconds())
        for module in (base, interval, scheduling):
            monkeypatch.setattr(module, "datetime", Shown)


@pytest.mark.parametrize("step", [-10, -2 * DAY, 2 * DAY, 365 * DAY])
async def test_it_ticks_on_at_once_where_the_clock_is_set(
    step: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock, work = SetClock(monkeypatch), Work()
    async with ticking(work) as ticker:
        await work.begins(2)
        clock.ahead = timedelta(minutes=step)
        begun = work.begun
        await work.begins(begun + 1)
        assert ticker.seconds_silent < 3
        await asyncio.sleep(0.3)
        assert begun + 3 <= work.begun <= begun + 9, "no tick is made up for more than once"
    [stepped] = [record for record in caplog.records if record.message == "clock.stepped"]
    assert abs(float(vars(stepped)["seconds"]) - step * 60) <= 1


async def test_a_scheduler_that_has_lost_its_wakeup_is_told_to_go_on() -> None:
    """As a timer that was set for a time far off would leave it."""
    work = Work()
    async with ticking(work) as ticker:
        await work.begins(1)
        [job] = ticker._scheduler.get_jobs()
        job.modify(next_run_time=datetime.now(UTC) + timedelta(days=2))
        await work.begins(work.begun + 2)


@asynccontextmanager
async def scheduler() -> AsyncIterator[AsyncIOScheduler]:
    running = AsyncIOScheduler(timezone=UTC)
    running.start()
    yield running
    if running.running:
        running.shutdown()
    await asyncio.sleep(0.05)


async def test_a_late_run_is_dropped_by_default_and_made_without_a_grace_time() -> None:
    ran = []

    async def job(name: str) -> None:
        ran.append(name)

    late = datetime.now(UTC) - timedelta(seconds=2)
    async with scheduler() as running:
        running.add_job(job, "date", run_date=late, args=["by default"])
        running.add_job(job, "date", run_date=late, args=["ours"], misfire_grace_time=None)
        await asyncio.sleep(0.1)
    assert ran == ["ours"]


async def test_an_overlapping_run_is_skipped_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "apscheduler")
    work = Work(takes=0.3)
    async with scheduler() as running:
        running.add_job(work.tick, "interval", seconds=0.1, max_instances=1)
        await asyncio.sleep(0.35)
        assert work.begun == 1
    assert any("maximum number of running instances" in line for line in caplog.messages)


async def test_shutting_down_cancels_what_runs_even_when_told_to_wait() -> None:
    ended = []

    async def job() -> None:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    async with scheduler() as running:
        running.add_job(job, "date", run_date=datetime.now(UTC))
        await asyncio.sleep(0.1)
        running.shutdown(wait=True)
        await asyncio.sleep(0.1)
    assert ended == ["cancelled"]

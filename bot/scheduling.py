"""The one job that ticks, and the chores that it does; what is due stands in the database."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.outages import Outage

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two ticks."""

LIMIT = 60.0
"""Seconds after which the next tick no longer waits for this one, which goes on beside it."""

CHORE_LIMIT = 60.0
"""Seconds after which a chore is given up, and tried again later."""

CHORE_PATIENCE = 5.0
"""Seconds after which a tick goes on with its other chores beside one that takes long."""

STEP = 2.0
"""Seconds by which the machine's clock has to move otherwise than time does to have been set."""

SILENT = 3.0
"""Seconds without a tick beginning after which the scheduler is told to go on."""

Work = Callable[[], Awaitable[object]]


class Chore:
    """One of the things that every tick does.

    Whatever keeps it from being done is logged once, waited out at growing intervals, and seen in
    its `outage`. It is never done beside itself, and holds up no other chore for long.
    """

    def __init__(self, work: Work, outage: Outage) -> None:
        self.outage = outage
        self._work = work
        self._in_hand: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Does it, unless it rests or is being done; does not wait for long."""
        if self.outage.is_resting:
            return
        if self._in_hand is None or self._in_hand.done():
            self._in_hand = asyncio.create_task(self._do())
        await asyncio.wait({self._in_hand}, timeout=CHORE_PATIENCE)

    async def stop(self, seconds: float) -> None:
        """Waits for what is being done, and gives it up after so many seconds."""
        if self._in_hand is not None:
            await asyncio.wait({self._in_hand}, timeout=seconds)
            self._in_hand.cancel()
            await asyncio.gather(self._in_hand, return_exceptions=True)

    async def _do(self) -> None:
        try:
            async with asyncio.timeout(CHORE_LIMIT):
                await self._work()
        except Exception as error:  # whatever it is, it is tried again
            self.outage.failed(error)
        else:
            self.outage.worked()


class Every(IntervalTrigger):  # type: ignore[misc]
    """Fires again so much later than it is now.

    The library's own counts from the time before, through everything that was missed: for minutes,
    where a machine without a clock of its own learns what year it is.
    """

    def get_next_fire_time(self, _: datetime | None, now: datetime) -> datetime:
        after: datetime = now + self.interval
        return after


class Ticker:
    """Does the work every few seconds, never beside itself, from `start` until `stop`.

    A late tick is made all the same, and of several missed ones only the last. The scheduler waits
    by the machine's clock, so a watchdog on the monotonic one has it go on where that clock is set.
    """

    def __init__(self, work: Work, every: float = EVERY, limit: float = LIMIT) -> None:
        self._work = work
        self._every = every
        self._limit = limit
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._unfinished: set[asyncio.Task[None]] = set()
        self._outage = Outage("tick")
        self._watching: asyncio.Task[None] | None = None
        self._ticked_at: float | None = None

    @property
    def seconds_silent(self) -> float:
        """How long no tick has begun; 0 before the start."""
        return 0.0 if self._ticked_at is None else time.monotonic() - self._ticked_at

    def start(self) -> None:
        job = self._scheduler.add_job(
            self._tick,
            Every(seconds=self._every),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()
        self._ticked_at = time.monotonic()
        self._watching = asyncio.create_task(self._watch(job))

    async def stop(self) -> None:
        """Ticks no more, and waits for the work in hand: the scheduler itself would cancel it."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        await asyncio.sleep(0)  # a tick that was about to begin does so now
        while self._unfinished:
            await asyncio.wait(self._unfinished)
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)

    async def _watch(self, job: Job) -> None:
        """Compares the machine's clock with the monotonic one, and has the scheduler go on where
        they have parted, or where it has not ticked for a while."""
        apart = _apart()
        while True:
            await asyncio.sleep(self._every)
            step, apart = _apart() - apart, _apart()
            has_stepped = abs(step) > STEP
            if has_stepped:
                log.warning("clock.stepped", extra={"seconds": f"{step:.0f}"})
            if has_stepped or self.seconds_silent > self._limit_of_silence():
                try:
                    job.modify(next_run_time=datetime.now(UTC))
                except Exception as error:  # it is tried again at the next look
                    self._outage.failed(error)

    def _limit_of_silence(self) -> float:
        """A tick in hand keeps the next from beginning for a while."""
        return SILENT * self._every + (self._limit if self._unfinished else 0.0)

    async def _tick(self) -> None:
        self._ticked_at = time.monotonic()
        task = asyncio.create_task(self._do())
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)
        _, unfinished = await asyncio.wait({task}, timeout=self._limit)
        if unfinished:
            log.error("tick.slow", extra={"seconds": self._limit})

    async def _do(self) -> None:
        try:
            await self._work()
        except Exception as error:
            self._outage.failed(error)
        else:
            self._outage.worked()


def _apart() -> float:
    """How far the machine's clock is from the monotonic one."""
    return time.time() - time.monotonic()

"""The one job that ticks; what is due stands in the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two ticks."""

LIMIT = 60.0
"""Seconds after which the next tick no longer waits for this one, which goes on beside it."""


class Ticker:
    """Does the work every few seconds, never beside itself, from `start` until `stop`.

    A late tick is made all the same, and of several missed ones only the last.
    """

    def __init__(
        self, work: Callable[[], Awaitable[None]], every: float = EVERY, limit: float = LIMIT
    ) -> None:
        self._work = work
        self._every = every
        self._limit = limit
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._unfinished: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=self._every,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """Ticks no more, and waits for the work in hand: the scheduler itself would cancel it."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        await asyncio.sleep(0)  # a tick that was about to begin does so now
        while self._unfinished:
            await asyncio.wait(self._unfinished)
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)

    async def _tick(self) -> None:
        task = asyncio.create_task(self._do())
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)
        _, unfinished = await asyncio.wait({task}, timeout=self._limit)
        if unfinished:
            log.error("tick.slow", extra={"seconds": self._limit})

    async def _do(self) -> None:
        try:
            await self._work()
        except Exception:
            log.exception("tick.failed")

"""Does for each of many things only the latest that was asked, and not too often."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.errors import UserError

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]

EVERY = 1.0
"""Seconds from one time to the next."""


@dataclass
class Lane:
    """What is asked under one key; `idle` is set once nothing of it waits or is being done."""

    waiting: Work | None = None
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    idle: asyncio.Event = field(default_factory=asyncio.Event)


class Latest:
    """Work by key: the first is done at once, the last one always, and of those in between as many
    as there are pauses. Nothing of a key is ever done beside itself."""

    def __init__(self, every: float = EVERY) -> None:
        self._every = every
        self._lanes: dict[str, Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    def put(self, key: str, work: Work) -> None:
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = Lane()
            task = asyncio.create_task(self._run(key, lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        lane.waiting = work
        lane.idle.clear()

    async def done(self, key: str) -> None:
        """Cuts the pause short, and waits until what was asked has been done."""
        lane = self._lanes.get(key)
        if lane is not None:
            lane.hurry.set()
            await lane.idle.wait()

    def forget(self, key: str) -> None:
        """What waits for its turn is not done any more; what is being done goes on."""
        lane = self._lanes.get(key)
        if lane is not None:
            lane.waiting = None

    async def stop(self, within: float | None = None) -> None:
        """Does at once what is waiting, and waits for it; what takes longer than so many seconds is
        given up."""
        self._stopping = True
        for lane in self._lanes.values():
            lane.hurry.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, key: str, lane: Lane) -> None:
        try:
            while (work := lane.waiting) is not None:
                lane.waiting = None
                lane.hurry.clear()
                await _attempt(work)
                if lane.waiting is None:
                    lane.idle.set()
                if not self._stopping:
                    await self._pause(lane)
        finally:
            lane.idle.set()
            del self._lanes[key]

    async def _pause(self, lane: Lane) -> None:
        try:
            async with asyncio.timeout(self._every):
                await lane.hurry.wait()
        except TimeoutError:
            pass


async def _attempt(work: Work) -> None:
    try:
        await work()
    except UserError as error:
        log.warning("latest.refused", extra={"error": type(error).__name__})
    except Exception:
        log.exception("latest.went_wrong")

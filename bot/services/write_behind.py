"""Writes records in batches, behind the answer that they belong to."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.errors import DatabaseAway

log = logging.getLogger(__name__)

Item = TypeVar("Item")

BATCH = 1000
PAUSE = 0.2
"""Seconds between batches, so that a burst is written in few transactions."""

LONGEST_PAUSE = 30.0
CAPACITY = 50_000
"""Records kept in memory while the database is away; beyond it the oldest are given up."""


class WriteBehind(Generic[Item]):
    """A queue whose items reach `write` in order and at least once.

    While the database is away they wait in memory. A crash loses what waits: use it only where no
    promise to a person depends on the write.
    """

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: list[Item] = []
        self._in_hand: list[Item] = []
        self._arrived = asyncio.Event()
        self._all_written = asyncio.Event()
        self._all_written.set()
        self._worker: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> Sequence[Item]:
        """The items not yet written, oldest first."""
        return [*self._in_hand, *self._waiting]

    def add(self, item: Item) -> None:
        self._waiting.append(item)
        if len(self._waiting) > CAPACITY:
            del self._waiting[0]
            log.error("write_behind.given_up")
        self._all_written.clear()
        self._arrived.set()

    def start(self) -> None:
        self._worker = asyncio.create_task(self._run())

    async def stop(self, seconds: float) -> None:
        """Writes what is waiting, for at most `seconds`, and ends the worker."""
        try:
            async with asyncio.timeout(seconds):
                await self._all_written.wait()
        except TimeoutError:
            log.error("write_behind.lost", extra={"count": len(self.waiting)})
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    async def _run(self) -> None:
        pause = PAUSE
        while True:
            if not self._in_hand:
                await self._arrived.wait()
                self._in_hand, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                if not self._waiting:
                    self._arrived.clear()
            try:
                await self._write(self._in_hand)
            except DatabaseAway:
                pause = min(pause * 2, LONGEST_PAUSE)
                log.warning("write_behind.delayed", extra={"count": len(self.waiting)})
            else:
                pause = PAUSE
                self._in_hand = []
                if not self._waiting:
                    self._all_written.set()
            await asyncio.sleep(pause)

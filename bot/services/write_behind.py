"""Writes records in batches, behind the answer that they belong to."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

from bot.outages import cause_of, unexpected

log = logging.getLogger(__name__)

Item = TypeVar("Item")

BATCH = 1000
PAUSE = 0.2
"""Seconds between batches, so that a burst is written in few transactions."""

LONGEST_PAUSE = 30.0
LONGEST_WRITE = 30.0
"""Seconds after which a write that does not come back counts as failed."""

CAPACITY = 50_000
"""Records kept in memory while the database fails; beyond it the oldest are given up."""


class WriteBehind(Generic[Item]):
    """A queue whose items reach `write` at least once, whatever errors it raises meanwhile.

    What cannot be written waits in memory and is tried again: ever smaller batches, at growing
    intervals, and an item that fails alone goes to the end of the queue, so that it holds up no
    other. A crash loses what waits: use it only where no promise to a person depends on the write.
    """

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: deque[Item] = deque()
        self._in_hand: list[Item] = []
        self._arrived = asyncio.Event()
        self._stopping = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._size = BATCH
        self._pause = PAUSE
        self._failing_since: float | None = None
        self._given_up = 0

    @property
    def waiting(self) -> Sequence[Item]:
        """The items not yet written, oldest first."""
        return [*self._in_hand, *self._waiting]

    @property
    def count(self) -> int:
        """How many items are not yet written."""
        return len(self._in_hand) + len(self._waiting)

    @property
    def seconds_failing(self) -> float:
        """How long something has been waiting since a write failed; 0 while writing works."""
        return 0.0 if self._failing_since is None else time.monotonic() - self._failing_since

    def add(self, item: Item) -> None:
        self._waiting.append(item)
        self._arrived.set()
        if self.count > CAPACITY:
            self._waiting.popleft()
            self._given_up += 1
            if self._given_up == 1:
                log.error("write_behind.full", extra={"capacity": CAPACITY})

    def start(self) -> None:
        self._worker = asyncio.create_task(self._run())

    async def stop(self, seconds: float) -> None:
        """Writes what is waiting, for at most `seconds`, and ends the worker."""
        self._stopping.set()
        self._arrived.set()
        if self._worker is not None:
            await asyncio.wait({self._worker}, timeout=seconds)
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        if self.count:
            log.error("write_behind.lost", extra={"count": self.count})

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            if self._waiting:
                await self._write_batch()
            if not self._waiting:
                if self._stopping.is_set():
                    return
                self._arrived.clear()
            await self._rest()

    async def _write_batch(self) -> None:
        self._in_hand = [self._waiting.popleft() for _ in range(min(self._size, self.count))]
        try:
            async with asyncio.timeout(LONGEST_WRITE):
                await self._write(self._in_hand)
        except Exception as error:  # whatever it is, the next batch must not wait for ever
            self._failed(error)
        else:
            self._succeeded()

    def _failed(self, error: Exception) -> None:
        if self._failing_since is None:
            self._failing_since = time.monotonic()
            extra = {"count": self.count, "error": cause_of(error)}
            log.error("write_behind.failing", exc_info=unexpected(error), extra=extra)
        failed, self._in_hand = self._in_hand, []
        if len(failed) == 1:
            self._waiting.extend(failed)
        else:
            self._waiting.extendleft(reversed(failed))
        self._size = max(1, len(failed) // 2)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _succeeded(self) -> None:
        self._in_hand = []
        self._size = min(self._size * 2, BATCH)
        self._pause = PAUSE
        if self._failing_since is not None and not self._waiting:
            extra = {"seconds": f"{self.seconds_failing:.0f}", "given_up": self._given_up}
            log.info("write_behind.recovered", extra=extra)
            self._failing_since = None
            self._given_up = 0

    async def _rest(self) -> None:
        """Pauses; a stop cuts a long pause short."""
        if self._stopping.is_set():
            await asyncio.sleep(PAUSE)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pause):
                await self._stopping.wait()

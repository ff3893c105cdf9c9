"""Does for each of many things only the latest that was asked, and not too often."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.errors import UserError

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]

EVERY = 1.0
"""Seconds from one time to the next."""


class Latest:
    """Work by key: the first is done at once, the last one always, and of those in between as many
    as there are pauses. Nothing of a key is ever done beside itself."""

    def __init__(self, every: float = EVERY) -> None:
        self._every = every
        self._waiting: dict[str, Work] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._hurry = asyncio.Event()

    def put(self, key: str, work: Work) -> None:
        self._waiting[key] = work
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._run(key))

    def forget(self, key: str) -> None:
        """What waits for its turn is not done any more; what is being done goes on."""
        self._waiting.pop(key, None)

    async def stop(self) -> None:
        """Does at once what is waiting, and waits for it."""
        self._hurry.set()
        if self._tasks:
            await asyncio.wait(self._tasks.values())

    async def _run(self, key: str) -> None:
        try:
            while (work := self._waiting.pop(key, None)) is not None:
                await _attempt(work)
                await self._pause()
        finally:
            del self._tasks[key]

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._every):
                await self._hurry.wait()
        except TimeoutError:
            pass


async def _attempt(work: Work) -> None:
    try:
        await work()
    except UserError as error:
        log.warning("latest.refused", extra={"error": type(error).__name__})
    except Exception:
        log.exception("latest.went_wrong")

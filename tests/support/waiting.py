"""Waiting for what says nothing when it happens."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], Awaitable[bool]], within: float = 10) -> None:
    """Raises TimeoutError where the condition does not hold in time."""
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)

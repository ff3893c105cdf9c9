"""Waiting for what says nothing when it happens."""

import asyncio
from collections.abc import Awaitable, Callable

A_MINUTE = 60.0
"""Seconds for what happens at once on an idle machine: a busy one may take them."""


async def until(condition: Callable[[], Awaitable[bool]], within: float = A_MINUTE) -> None:
    """Raises TimeoutError where the condition does not hold in time."""
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)

"""Waiting for what says nothing when it happens."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

A_MINUTE = 60.0
"""Seconds for what happens at once on an idle machine: a busy one may take them."""


async def until(condition: Callable[[], Awaitable[bool]], within: float = A_MINUTE) -> None:
    """Raises TimeoutError where the condition does not hold in time."""
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@contextmanager
def unhurried() -> Iterator[None]:
    """Slack, as the playground plays it, waits a minute for an answer, and Panelist takes as long:
    for tests of what is answered, on a machine that may be busy."""
    with (
        patch("handlers.edge.BEFORE_ACK", A_MINUTE / 2),
        patch("bot.playground.link.http_link.PATIENCE", A_MINUTE),
    ):
        yield

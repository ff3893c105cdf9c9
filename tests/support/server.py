"""Serves an ASGI app over real HTTP on a free port of this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.types import ASGIApp

from bot.serving import Server, listen

Running = AbstractAsyncContextManager[str]


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """Gives the address, such as http://127.0.0.1:40123."""
    listener = listen("127.0.0.1", 0)
    server = Server(app)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event for it
        await asyncio.sleep(0.001)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        await task
        listener.close()

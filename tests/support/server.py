"""Serves an ASGI app over real HTTP on a free port of this machine."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.types import ASGIApp

from bot.serving import BotServer, listen

Running = AbstractAsyncContextManager[str]


class QuickServer(BotServer):
    """A server that stops at once rather than at its next tick."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, web_sockets=True)
        self.stopping = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for listener in sockets or []:
            listener.close()


@asynccontextmanager
async def serving(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """Gives the address, such as http://127.0.0.1:40123; any free port unless told which."""
    listener = listen("127.0.0.1", port)
    server = QuickServer(app)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await server.up.wait()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.force_exit = True
        server.stopping.set()
        await task
        listener.close()

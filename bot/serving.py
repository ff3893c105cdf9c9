"""Listens on a port and serves until told to stop."""

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from bot.connections import Connections, ServerConfig
from bot.errors import SettingsError

GRACE = 10
"""Seconds that an answer in the making gets after a signal."""

QUEUE = 1024
"""Connections that wait to be accepted; the system's own limit holds where it is less."""


def keep_what_is_loaded() -> None:
    """Spares every later collection of garbage from looking at what is in memory by now.

    A start makes next to no garbage: looking for it would take longer than loading the content.
    """
    gc.freeze()
    gc.enable()


class PortTaken(SettingsError):
    """Another program listens on this port already."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"Port {port} on {host} is taken. `lsof -i :{port}` shows which program has it: stop "
            f"it, or choose another port, such as PORT={port + 1} panelist serve."
        )


def listen(host: str, port: int) -> socket.socket:
    """A socket that is ours from now on. Raises PortTaken where another program has it, and
    SettingsError where we may not listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or else asyncio leaves Nagle's algorithm on, at 40 ms an answer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host, port) from None
        raise SettingsError(
            f"Cannot listen on {host} port {port} ({error.strerror}): choose another port."
        ) from error
    return listener


class BotServer(uvicorn.Server):
    """uvicorn with limits for its connections, and without its signal handling, which would end the
    process before we let go.

    `trusted_proxies` are the addresses and networks whose forwarded headers say who the client is.
    """

    def __init__(
        self,
        app: ASGIApp,
        grace: int = GRACE,
        *,
        web_sockets: bool = False,
        trusted_proxies: Sequence[str] = (),
        registry: CollectorRegistry | None = None,
    ) -> None:
        self._connections = Connections(registry)
        super().__init__(
            ServerConfig(
                app,
                self._connections,
                lifespan="off",
                access_log=False,
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=[*trusted_proxies],
                server_header=False,
                timeout_graceful_shutdown=grace,
                ws="websockets-sansio" if web_sockets else "none",
            )
        )

        self.up = asyncio.Event()
        self._told = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or []:
            listener.listen(QUEUE)  # uvicorn's backlog is also how many asyncio takes at once
        self.up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._connections.is_stopping = True
        await super().shutdown(sockets)

    async def stopped(self) -> None:
        """Waits until somebody calls `stop`."""
        await self._told.wait()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        self.should_exit = True
        self._told.set()


def stop_on_signals(*servers: BotServer) -> None:
    """Stops the servers, gracefully, on SIGTERM, Ctrl-C, or where the terminal is closed."""

    def stop() -> None:
        for server in servers:
            server.stop()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup asks
            loop.add_signal_handler(number, stop)

"""The playground as one ASGI app: the page, the Web API, response urls and Socket Mode."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socket import (
    AF_INET,
    AF_INET6,
    IPPROTO_TCP,
    SO_REUSEADDR,
    SOCK_STREAM,
    SOL_SOCKET,
    socket,
)
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from bot.playground.control import routes as control
from bot.playground.link import response_urls, socket_link
from bot.playground.link.delivery import Delivery
from bot.playground.link.http_link import HttpLink
from bot.playground.link.response_urls import ResponseUrls
from bot.playground.link.socket_link import SocketLink
from bot.playground.page import page
from bot.playground.state import clock, manifest
from bot.playground.state.cast import Cast
from bot.playground.state.cast import read as read_cast
from bot.playground.state.file_store import Files
from bot.playground.state.models import Clock, Json
from bot.playground.state.store import Store
from bot.playground.state.workspace import Workspace
from bot.playground.web_api.api import Api
from bot.playground.web_api.endpoint import WebApi
from bot.playground.web_api.faults import Faults, HangUps
from bot.playground.web_api.methods import METHODS

GRACE = 1
"""Seconds that requests in the middle get at a stop, such as one that is late on purpose."""

TEMPLATES = Path(__file__).parents[2] / "templates/playground"


@dataclass(frozen=True)
class Config:
    """How the playground is set up.

    `address` is where it is reached, such as http://127.0.0.1:3000; `request_url` is where the
    app takes HTTP requests, and without it the app comes by Socket Mode. What happens is kept
    in `folder`, which `fresh` empties. `cast` is who is there and where they talk: without one,
    the people of the file cast.toml among the `templates`. `welcome` are lines that a person can
    press in the first channel, each with the `text` shown and what it is to `type`, or to which
    time it moves the `clock`.
    """

    address: str
    signing_secret: str
    bot_token: str
    app_token: str
    manifest: Json
    request_url: str | None
    folder: Path
    cast: Cast | None = None
    templates: Path = TEMPLATES
    fresh: bool = False
    welcome: Sequence[Mapping[str, str]] = ()
    clock: Clock | None = None


class Playground:
    """A workspace with its app's link; `asgi` serves it while it is `running`."""

    def __init__(self, config: Config) -> None:
        app = manifest.read(config.manifest)
        store = Store(config.folder, fresh=config.fresh)
        cast = config.cast or read_cast(config.templates / "cast.toml")
        self.workspace = Workspace(store, cast, app.bot_name, config.clock)
        socket = SocketLink(self.workspace, config.address)
        http = config.request_url and HttpLink(
            self.workspace, config.request_url, config.signing_secret
        )
        self.delivery = Delivery(self.workspace, app, http or socket, config.address)
        self._files = Files(store)
        self._faults = Faults()
        connect = None if http else socket.new_url
        api = Api(self.workspace, app, config.address, self._files, connect)
        web_api = WebApi(api, config.bot_token, config.app_token, self._faults)
        answers = ResponseUrls(self.workspace, self._faults)
        can_fail = frozenset((*METHODS, response_urls.KIND))
        self.asgi: ASGIApp = HangUps(
            Starlette(
                routes=[
                    Route("/api/{method}", web_api.endpoint, methods=["GET", "POST"]),
                    Route(response_urls.PATH + "/{id}", answers.endpoint, methods=["POST"]),
                    WebSocketRoute(socket_link.PATH, socket.endpoint),
                    *self._files.routes(),
                    *control.routes(self.workspace, self._faults, can_fail, self.reset),
                    *page.routes(
                        self.workspace,
                        self.delivery,
                        config.manifest,
                        config.templates,
                        config.welcome,
                    ),
                ],
                middleware=[
                    Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(config.address))
                ],
                lifespan=self._lifespan,
            )
        )

    async def reset(self) -> None:
        """Begins anew, at the real time, while the app goes on."""
        await self.delivery.forget()
        self._faults.clear()
        self._files.clear()
        clock.to_now(self.workspace.clock)
        self.workspace.reset()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keeps in touch with the app meanwhile; what comes after it needs another playground."""
        await self.delivery.start()
        try:
            yield
        finally:
            await self.delivery.stop()
            self.workspace.close()

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        async with self.running():
            yield


class Server(uvicorn.Server):
    """A server of a playground alone, over a socket that it is given; a stop lets go of the
    browsers that listen to it."""

    def __init__(self, playground: Playground, address: str) -> None:
        super().__init__(
            uvicorn.Config(
                playground.asgi,
                log_level="warning",
                timeout_graceful_shutdown=GRACE,
                ws="websockets-sansio",
            )
        )
        self._workspace = playground.workspace
        self._address = address

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"The playground is at {self._address}. Ctrl-C stops it.", flush=True)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self._workspace.end_subscriptions()
        await super().shutdown(sockets)


def run(config: Config) -> None:
    """Serves a playground at its address until Ctrl-C. Exits with a sentence where it cannot."""
    with _listening(config.address) as door, suppress(KeyboardInterrupt):
        Server(Playground(config), config.address).run(sockets=[door])


def _listening(address: str) -> socket:
    where = urlsplit(address)
    host, port = where.hostname or "127.0.0.1", where.port or 80
    # Named as TCP, or else asyncio leaves Nagle's algorithm on, at 40 ms an answer.
    door = socket(AF_INET6 if ":" in host else AF_INET, SOCK_STREAM, IPPROTO_TCP)
    door.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError as error:
        door.close()
        raise SystemExit(
            f"The playground cannot listen on {host} port {port} ({error.strerror}), which another "
            f"program may have: `lsof -i :{port}` shows it. Stop that program, or give the "
            "playground another address."
        ) from None
    return door


def _hosts(address: str) -> list[str]:
    """The names by which the page may be asked for, so that no other site can pose as it."""
    return sorted({urlsplit(address).hostname or "", "127.0.0.1", "localhost"} - {""})

"""The playground over real HTTP, with a foreign app of a few lines beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.link.delivery import Delivery
from bot.playground.server import Config, Playground
from bot.playground.state.cast import Cast
from bot.playground.state.models import Clock, Exchange, Json, Message, View
from bot.playground.state.workspace import Workspace
from tests.support.ports import free_port
from tests.support.server import serving
from tests.support.waiting import A_MINUTE

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-playground", "xapp-playground", "a-signing-secret"
HIRING, PRIVATE, ENGINEERING = "C0HIRING", "C0PRIVATE", "C0ENGINEER"
RILEY, ALEX, ANA = "U0RECRUIT", "U0ALEX", "U0ADMIN"

MANIFEST: Json = {
    "display_information": {"name": "Foreign"},
    "features": {
        "bot_user": {"display_name": "Foreign"},
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [
            {"command": "/hello", "description": "Says hello", "should_escape": True},
            {"command": "/raw", "description": "Repeats", "should_escape": False},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "channels:history", "channels:join", "channels:read", "chat:write", "commands",
                "groups:read", "im:history", "im:read", "im:write", "reactions:write",
                "team:read", "users:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.channels"]},
        "interactivity": {"is_enabled": True},
    },
}  # fmt: skip


@dataclass
class Scene:
    """A running playground, as a test uses it."""

    playground: Playground
    address: str
    folder: Path
    client: AsyncWebClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.client_with(BOT_TOKEN)

    @property
    def workspace(self) -> Workspace:
        return self.playground.workspace

    @property
    def delivery(self) -> Delivery:
        return self.playground.delivery

    def client_with(self, token: str) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=f"{self.address}/api/")

    def said(self, channel: str = HIRING, viewer: str = RILEY) -> list[Message]:
        return self.workspace.messages(channel, viewer)

    def texts(self, channel: str = HIRING, viewer: str = RILEY) -> list[str]:
        return [message.text for message in self.said(channel, viewer)]

    def top(self, user: str = RILEY) -> View:
        return self.workspace.views(user)[-1]

    def last(self, direction: str) -> Exchange:
        return [one for one in self.workspace.exchanges if one.direction == direction][-1]

    async def until(self, happened: Callable[[], Any], within: float = A_MINUTE) -> None:
        """Waits for something in the workspace."""
        changes = self.workspace.subscribe()
        async with asyncio.timeout(within):
            while not happened():
                await anext(changes)


@asynccontextmanager
async def scene(
    folder: Path,
    *,
    request_url: str | None = None,
    manifest: Json = MANIFEST,
    clock: Clock | None = None,
    fresh: bool = False,
    cast: Cast | None = None,
) -> AsyncIterator[Scene]:
    """A playground, served; Socket Mode unless there is a request url."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    playground = Playground(
        Config(
            address=address,
            signing_secret=SECRET,
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            manifest=manifest,
            request_url=request_url,
            folder=folder,
            fresh=fresh,
            clock=clock,
            cast=cast,
        )
    )
    async with serving(playground.asgi, port), playground.running():
        yield Scene(playground, address, folder)


def foreign_app(scene_address: str) -> AsyncApp:
    """A Bolt app that knows nothing of the playground but where Slack's Web API is."""
    return AsyncApp(
        client=AsyncWebClient(token=BOT_TOKEN, base_url=f"{scene_address}/api/"),
        signing_secret=SECRET,
        process_before_response=True,
    )


def over_http(app: AsyncApp) -> Starlette:
    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])


@asynccontextmanager
async def over_socket(app: AsyncApp, here: Scene) -> AsyncIterator[AsyncSocketModeHandler]:
    """The app, connected by Socket Mode."""
    handler = AsyncSocketModeHandler(app, APP_TOKEN, ping_interval=0.5)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await here.until(lambda: here.workspace.app_status.up)
    try:
        yield handler
    finally:
        await closed(handler)


async def closed(handler: AsyncSocketModeHandler) -> None:
    """Closes a Socket Mode connection and waits for what the SDK leaves running."""
    client = handler.client
    await handler.close_async()  # type: ignore[no-untyped-call]
    tasks = (client.current_session_monitor, client.message_receiver, client.message_processor)
    for task in tasks:
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


Register = Callable[[AsyncApp], None]


@asynccontextmanager
async def both(folder: Path, mode: str, register: Register) -> AsyncIterator[Scene]:
    """A playground and a foreign app, reached in the given way."""
    if mode == "socket":
        async with scene(folder) as here:
            app = foreign_app(here.address)
            register(app)
            async with over_socket(app, here):
                yield here
        return
    port = free_port()
    async with scene(folder, request_url=f"http://127.0.0.1:{port}/slack/events") as here:
        app = foreign_app(here.address)
        register(app)
        async with serving(over_http(app), port):
            await here.until(lambda: here.workspace.app_status.up)
            yield here

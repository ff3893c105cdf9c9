"""`panelist demo`: the unchanged bot and a small local Slack, in one process at one address."""

import argparse
import asyncio
import contextlib
import os
import secrets
import socket
from collections.abc import AsyncIterator
from pathlib import Path

from bot import logs, routes
from bot.clock import MovableClock
from bot.commands import DONE
from bot.config import LogLevel, Settings, load_settings
from bot.errors import SettingsError
from bot.library.loader import BUILT_IN
from bot.library.trial import load_tried
from bot.playground.server import Config, Playground
from bot.playground.state.cast import Cast, CastError, read
from bot.serving import BotServer, PortTaken, listen, stop_on_signals
from bot.wiring import wire
from handlers.ids import CommandName
from handlers.manifest import manifest

HOST = "127.0.0.1"
COMPANY = BUILT_IN / "playground" / "company.toml"
"""Who hires in the demo, unless the content folder says it."""

FOLDER = Path("panelist-demo")

DEFAULT_PORT, HIGHEST_PORT = 3100, 65535

GRACE_OF_THE_PAGE = 1
"""Seconds that the page's requests in the middle get at a stop."""


def welcome(prefix: str) -> list[dict[str, str]]:
    """What a newcomer may try first: what it is, and what is typed for them or where it moves
    the clock."""
    return [
        {
            "text": "Post a job description in this channel",
            "type": f"/{prefix}jd backend-developer",
        },
        {
            "text": "Open a job: pay, place, interview plan, and a post with Apply",
            "type": f"/{prefix}jd open senior backend developer",
        },
        {"text": "Look through open jobs and all roles", "type": f"/{prefix}jd list"},
        {
            "text": "Get interview questions with rubrics",
            "type": f"/{prefix}questions data engineer",
        },
        {
            "text": "Set up an interview panel; give yourself an interview today",
            "type": f"/{prefix}panel",
        },
        {
            "text": "Move the clock past it: a reminder comes in your DM with Panelist",
            "clock": "morning",
        },
        {"text": "Write the scorecard that's due", "type": f"/{prefix}scorecard"},
        {"text": "See what happens with a typo", "type": f"/{prefix}jd prodct manager"},
    ]


def demo(options: argparse.Namespace) -> int:
    os.environ.update(NO_PROXY="*", no_proxy="*")  # it talks with itself alone
    settings = load_settings()
    logs.set_up(LogLevel.WARNING, settings.log_format)
    cast = options.cast and _cast(Path(options.cast))
    asyncio.run(_run(options.port, cast, fresh=options.fresh))
    return DONE


async def _run(port: int, cast: Cast | None, *, fresh: bool) -> None:
    """Runs until told to stop. Raises SettingsError where the port is taken."""
    door = _door(port)
    address = f"http://{HOST}:{door.getsockname()[1]}"
    inner = listen(HOST, 0)
    bot_url = f"http://{HOST}:{inner.getsockname()[1]}"
    database = _database(fresh=fresh)
    settings = load_settings(
        slack_bot_token=f"xoxb-{secrets.token_hex(16)}",
        slack_signing_secret=secrets.token_hex(16),
        slack_app_token=None,
        slack_api_url=f"{address}/api/",
        database_url=f"sqlite+aiosqlite:///{database}",
        panelist_admins=frozenset(),
        panelist_public_url=bot_url,
    )
    clock = MovableClock()
    playground = _playground(settings, address, bot_url, clock, cast, fresh=fresh)
    application = wire(settings, load_tried(settings.panelist_content, COMPANY), clock)
    page = BotServer(playground.asgi, GRACE_OF_THE_PAGE, web_sockets=True)
    bot = BotServer(application.asgi())
    stop_on_signals(bot)
    async with playground.running(), _serving(page, door):
        try:
            await application.start()
            async with _serving(bot, inner):
                print(f"Panelist's playground: {address}")
                print(f"The jobs pages of its company: {bot_url}/jobs")
                print(f"Its data is kept in {database.parent}. Ctrl-C stops it.", flush=True)
                await bot.stopped()
        finally:
            await application.stop()
            playground.workspace.end_subscriptions()
    print("Stopped.")


def _cast(file: Path) -> Cast:
    try:
        return read(file)
    except CastError as error:
        raise SettingsError(str(error)) from None


def _door(port: int) -> socket.socket:
    try:
        return listen(HOST, port)
    except PortTaken:
        other = _free_port(port)
        raise SettingsError(
            f"Port {port} on {HOST} is taken, maybe by a demo that's still running in another "
            f"terminal. `lsof -i :{port}` shows which program has it.\n"
            f"To use another port: panelist demo --port {other} "
            f"(or make demo PORT={other})"
        ) from None


def _free_port(taken: int) -> int:
    """The next port that nobody listens on; past the last one, where the page is by default."""
    for port in range(taken + 1, HIGHEST_PORT + 1):
        with contextlib.suppress(SettingsError), listen(HOST, port):
            return port
    return DEFAULT_PORT


def _database(*, fresh: bool) -> Path:
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    database = (FOLDER / "panelist.db").resolve()
    if fresh:
        for path in database.parent.glob(f"{database.name}*"):
            path.unlink()
    return database


def _playground(
    settings: Settings,
    address: str,
    bot_url: str,
    clock: MovableClock,
    cast: Cast | None,
    *,
    fresh: bool,
) -> Playground:
    assert settings.slack_signing_secret is not None  # noqa: S101
    assert settings.slack_bot_token is not None  # noqa: S101
    prefix = settings.panelist_command_prefix
    return Playground(
        Config(
            address=address,
            signing_secret=settings.slack_signing_secret.get_secret_value(),
            bot_token=settings.slack_bot_token.get_secret_value(),
            app_token="",
            manifest=manifest(CommandName, prefix, bot_url),
            request_url=f"{bot_url}{routes.EVENTS}",
            folder=FOLDER,
            fresh=fresh,
            welcome=welcome(prefix),
            clock=clock,
            cast=cast,
        )
    )


@contextlib.asynccontextmanager
async def _serving(server: BotServer, door: socket.socket) -> AsyncIterator[None]:
    task = asyncio.create_task(server.serve(sockets=[door]))
    await server.up.wait()
    try:
        yield
    finally:
        server.stop()
        await task

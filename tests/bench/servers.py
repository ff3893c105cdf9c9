"""The servers that are measured, each in a process of its own: `servers KIND FOLDER`."""

import asyncio
import contextlib
import json
import logging
import sys
from pathlib import Path
from typing import Any

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app import Application, load_content
from bot.clock import SystemClock
from bot.config import load_settings
from bot.domain.jd import Posting
from bot.logs import set_up
from bot.serving import BotServer, keep_what_is_loaded, listen, stop_on_signals
from handlers.views import jd
from tests.support.slack import StandIn
from tests.support.wire import SECRET

KINDS = ("default", "bare", "panelist")


def bare(process_before_response: bool) -> Starlette:
    """A Bolt app that acks `/jd` with the blocks that Panelist posts, and does nothing else."""
    role = load_content(load_settings(_env_file=None)).library.find("backend-developer")
    assert role is not None
    posting = Posting("p", "T1", "C1", role.slug, role.version, "U1", SystemClock().now())
    message = json.loads(jd.posting_message(jd.described(role), posting))

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="xoxb-1")

    app = AsyncApp(
        name="bare",
        logger=logging.getLogger("slack_bolt"),
        signing_secret=SECRET,
        authorize=authorize,
        process_before_response=process_before_response,
    )

    @app.command("/jd")
    async def listener(ack: AsyncAck) -> None:
        await ack(**message)

    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"])])


async def serve(kind: str, folder: Path) -> None:
    listener = listen("127.0.0.1", 0)
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    if kind != "panelist":
        await _run(bare(process_before_response=kind == "bare"), listener)
        return
    slack = StandIn()
    async with slack.serving() as slack.url:
        settings = load_settings(
            _env_file=None,
            slack_bot_token="xoxb-1",
            slack_signing_secret=SECRET,
            slack_api_url=slack.api_url,
            database_url=f"sqlite+aiosqlite:///{folder}.db",
        )
        application = Application(settings, load_content(settings), SystemClock())
        await application.start()
        keep_what_is_loaded()
        try:
            await _run(application.asgi(), listener)
        finally:
            await application.stop()


async def _run(app: Any, listener: Any) -> None:
    server = BotServer(app)
    stop_on_signals(server)
    await server.serve(sockets=[listener])


if __name__ == "__main__":
    settings = load_settings(_env_file=None)
    with Path(f"{sys.argv[2]}.log").open("w") as log, contextlib.redirect_stderr(log):
        set_up(settings.log_level, settings.log_format)
        asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))

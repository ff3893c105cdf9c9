"""The least that could do the same: a bare Bolt app on uvicorn as it comes.

`bare PORT FILE [default]`: the last word is for Bolt's default mode of acknowledging.
It acks every `/jd` with the message in FILE. It has Panelist's HTTP parser and event loop, and
imports nothing of Panelist, so that its start and its memory are its own.
"""

import json
import logging
import sys
from pathlib import Path

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


def bare(message: dict[str, object], secret: str, *, process_before_response: bool) -> Starlette:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="xoxb-1")

    app = AsyncApp(
        name="bare",
        logger=logging.getLogger("slack_bolt"),
        signing_secret=secret,
        authorize=authorize,
        process_before_response=process_before_response,
    )

    @app.command("/jd")
    async def listener(ack: AsyncAck) -> None:
        await ack(**message)

    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    async def readyz(_: Request) -> Response:
        return JSONResponse({"ok": True})

    return Starlette(
        routes=[Route("/slack/events", events, methods=["POST"]), Route("/readyz", readyz)]
    )


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[2]).read_text())
    app = bare(
        given["message"], given["secret"], process_before_response=sys.argv[3:] != ["default"]
    )
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        lifespan="off",
        log_config=None,
        access_log=False,
    )

"""Panelist in a process of its own, to be killed: `server PORT DATABASE_URL SLACK_API_URL`."""

import asyncio
import sys

from bot.config import load_settings
from bot.library.content import load_content
from bot.serving import BotServer, listen
from bot.wiring import wire
from tests.support.wire import SECRET


async def serve(port: int, database_url: str, slack_api_url: str) -> None:
    settings = load_settings(
        _env_file=None,
        slack_bot_token="xoxb-a-token",
        slack_signing_secret=SECRET,
        slack_api_url=slack_api_url,
        database_url=database_url,
        log_level="error",
    )
    application = wire(settings, load_content())
    await application.start()
    server = BotServer(application.asgi())
    task = asyncio.create_task(server.serve(sockets=[listen("127.0.0.1", port)]))
    await server.up.wait()
    print("up", flush=True)
    await task


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3]))

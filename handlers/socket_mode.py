"""Socket Mode: Slack's requests over a WebSocket that we open."""

import asyncio
import logging

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import WHERE_TO_FIND
from bot.errors import SettingsError
from handlers.notifier import DEAD_TOKEN

log = logging.getLogger(__name__)

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0


class SocketMode:
    """Keeps a connection to Slack open; the SDK renews it, we see to the first one."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        self._handler = AsyncSocketModeHandler(
            app, app_token, logger=logging.getLogger("slack_sdk.socket_mode"), web_client=client
        )
        self._connecting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connects, or keeps trying in the background while Slack is away.

        Raises SettingsError where Slack refuses the token.
        """
        if not await self._connect():
            self._connecting = asyncio.create_task(self._keep_trying())

    async def stop(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def _keep_trying(self) -> None:
        pause = FIRST_PAUSE
        while not await self._connect():
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _connect(self) -> bool:
        try:
            await self._handler.connect_async()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            name = str(error.response.get("error", ""))
            if name in DEAD_TOKEN or name == "missing_scope":
                where = WHERE_TO_FIND["SLACK_APP_TOKEN"]
                raise SettingsError(f"Slack refuses SLACK_APP_TOKEN ({name}). {where}") from error
            log.warning("socket_mode.refused", extra={"error": name})
            return False
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("socket_mode.away", extra={"error": type(error).__name__})
            return False
        log.info("socket_mode.connected")
        return True

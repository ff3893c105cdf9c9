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
from handlers.slack_errors import DEAD_TOKEN, slack_error

log = logging.getLogger(__name__)

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0


class SocketMode:
    """Keeps a connection to Slack open; the SDK opens it again whenever it is lost."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        self._app = app
        self._client = client
        self._app_token = app_token
        self._handler: AsyncSocketModeHandler | None = None
        self._trying: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connects, or keeps trying in the background while Slack is away.

        Raises SettingsError where Slack refuses the token.
        """
        if await self._slack_answers():
            await self._connect()
        else:
            self._trying = asyncio.create_task(self._keep_trying())

    async def stop(self) -> None:
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.gather(self._trying, return_exceptions=True)
        if self._handler is not None:
            await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def _keep_trying(self) -> None:
        pause = FIRST_PAUSE
        try:
            while not await self._slack_answers():
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        except SettingsError as error:
            log.error("socket_mode.token_refused: %s", error.text)
            return
        await self._connect()

    async def _connect(self) -> None:
        self._handler = AsyncSocketModeHandler(
            self._app,
            self._app_token,
            logger=logging.getLogger("slack_sdk.socket_mode"),
            web_client=self._client,
        )
        await self._handler.connect_async()  # type: ignore[no-untyped-call]
        log.info("socket_mode.connected")

    async def _slack_answers(self) -> bool:
        """Asked before the SDK connects, since it hides a refused token behind endless retries."""
        try:
            await self._client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            name = slack_error(error)
            if name in DEAD_TOKEN or name == "missing_scope":
                where = WHERE_TO_FIND["SLACK_APP_TOKEN"]
                raise SettingsError(f"Slack refuses SLACK_APP_TOKEN ({name}). {where}") from error
            log.warning("socket_mode.refused", extra={"error": name})
            return False
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("socket_mode.away", extra={"error": type(error).__name__})
            return False
        return True

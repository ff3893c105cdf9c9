"""Socket Mode: Slack's requests over a WebSocket that we open.

The SDK's own client keeps an address for ever that does not work, waits without end for a handshake
that hangs, and measures silence by the machine's clock. So each link is opened here: always at a
new address, within a time limit, after growing pauses, and with heartbeats on the monotonic clock.
"""

import asyncio
import json
import logging
import time
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import WHERE_TO_FIND
from bot.errors import SettingsError
from bot.http import proxy_for
from bot.outages import Outage
from bot.services.ports import NotNow
from handlers.slack_api import answer
from handlers.slack_errors import DEAD_TOKEN, SlackAway, SlackRefused

log = logging.getLogger(__name__)

OPEN_WITHIN = 10.0
"""Seconds for asking for an address and the handshake there."""

HEARTBEAT = 10.0
"""Seconds between two pings; a link whose pong does not come within half of that is closed."""

STEADY = 10.0
"""Seconds after which a link counts as one that works; the next one after less has to wait."""

RETIRE_WITHIN = 3.0
"""Seconds that an old link stays open for the acks of what came by it."""


class Link:
    """One WebSocket. What comes by it is acknowledged by it, as long as it is open."""

    def __init__(self, app: AsyncApp, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.logger = log  # of which Bolt's adapter asks the level
        self.is_over = asyncio.Event()
        self.closed_at = 0.0
        self._app = app
        self._socket = socket
        self._answering: set[asyncio.Task[None]] = set()
        self._reading = asyncio.create_task(self._read())

    @property
    def is_open(self) -> bool:
        return not self._socket.closed

    async def close(self, within: float) -> None:
        """Waits so long for the acks of what has come."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=within)
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        with suppress(aiohttp.ClientError, OSError, TimeoutError):
            async with asyncio.timeout(within):
                await self._socket.close()

    async def send_socket_mode_response(self, response: SocketModeResponse) -> None:
        """An ack, as Bolt's adapter makes it."""
        await self._socket.send_str(json.dumps(response.to_dict()))

    async def _read(self) -> None:
        """Sets `is_over` once Slack announces that it closes the link, or it is closed."""
        try:
            async for message in self._socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            self.closed_at = time.monotonic()
            self.is_over.set()

    def _take(self, text: str) -> None:
        try:
            envelope = json.loads(text)
        except (ValueError, RecursionError):
            envelope = None
        match envelope:
            case {"type": "disconnect"}:
                log.info("socket_mode.refreshing", extra={"reason": str(envelope.get("reason"))})
                self.is_over.set()
            case {"envelope_id": str()}:
                self._answer(envelope)
            case {"type": "hello"}:
                pass
            case _:
                log.warning("socket_mode.unreadable", extra={"bytes": len(text)})

    def _answer(self, envelope: Mapping[str, Any]) -> None:
        task = asyncio.create_task(self._handle(envelope))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _handle(self, envelope: Mapping[str, Any]) -> None:
        try:
            request = SocketModeRequest.from_dict(dict(envelope))
            if request is not None:
                started = time.time()
                response = await run_async_bolt_app(self._app, request)
                await send_async_response(self, request, response, started)  # type: ignore[arg-type]
        except (aiohttp.ClientError, ConnectionError) as error:
            log.warning("socket_mode.unacknowledged", extra={"error": type(error).__name__})
        except Exception as error:  # Bolt's own, of what it cannot read: ours are caught
            log.warning("request.unreadable", extra={"error": type(error).__name__})


async def new_address(client: AsyncWebClient, app_token: str) -> str:
    """Where the next WebSocket is to be opened, for once. Raises SettingsError where Slack refuses
    the token, SlackAway or SlackRefused where it says nothing or something else."""
    try:
        told = await answer(client.apps_connections_open(app_token=app_token))
    except SlackRefused as refused:
        if refused.error in DEAD_TOKEN or refused.error == "missing_scope":
            where = WHERE_TO_FIND["SLACK_APP_TOKEN"]
            text = f"Slack refuses SLACK_APP_TOKEN ({refused.error}). {where}"
            raise SettingsError(text) from refused
        raise
    return str(told["url"])


class SocketMode:
    """Keeps a link to Slack open, for as long as it runs: `stop` after `start`."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        """`client` repeats nothing by itself."""
        self._app = app
        self._client = client
        self._app_token = app_token
        self._outage = Outage("socket_mode")
        self._session: aiohttp.ClientSession | None = None
        self._link: Link | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._started_at = time.monotonic()

    @property
    def fault(self) -> str | None:
        """Why no request of Slack's reaches us, if none does."""
        if self._link is not None and self._link.is_open:
            return None
        since = self._started_at if self._link is None else self._link.closed_at
        seconds = time.monotonic() - (since or time.monotonic())
        why = f" ({self._outage.cause})" if self._outage.cause else ""
        return f"Socket Mode has not been connected to Slack for {seconds:.0f} seconds{why}"

    async def start(self) -> None:
        """Connects, or keeps trying in the background while Slack is away.

        Raises SettingsError where Slack refuses the token.
        """
        self._started_at = time.monotonic()
        self._session = aiohttp.ClientSession()
        pause = await self._renew(at_start=True)
        self._keeping = asyncio.create_task(self._keep(pause))

    async def stop(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._link is not None:
            await self._link.close(RETIRE_WITHIN)
        if self._retiring:
            await asyncio.wait(self._retiring)
        if self._session is not None:
            await self._session.close()

    async def _keep(self, pause: float) -> None:
        while True:
            if self._link is not None and not pause:
                pause = await self._until_over(self._link)
            await asyncio.sleep(pause)
            pause = await self._renew()

    async def _until_over(self, link: Link) -> float:
        """Waits until the link is over; gives the seconds until the next is to be opened, since
        one that Slack closes at once would be followed by the next for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STEADY):
                await link.is_over.wait()
        is_steady = not link.is_over.is_set()
        if is_steady:
            self._outage.worked()
            await link.is_over.wait()
        if not link.is_open:
            log.warning("socket_mode.lost")
        if not is_steady:
            self._outage.failed(ConnectionAbortedError())
        return 0.0 if is_steady else self._outage.pause

    async def _renew(self, *, at_start: bool = False) -> float:
        """Opens a link in the place of the one that is over; gives the seconds until the next
        attempt, or 0 where it is open."""
        try:
            async with asyncio.timeout(OPEN_WITHIN):
                socket = await self._open()
        except SettingsError as error:
            if at_start:
                raise
            self._outage.failed(error)
            return self._outage.pause
        except Exception as error:  # whatever it is, it is tried again
            self._outage.failed(error)
            wait = error.seconds if isinstance(error, NotNow) else 0.0
            return max(self._outage.pause, wait)
        old, self._link = self._link, Link(self._app, socket)
        if old is not None:
            self._retire(old.close(RETIRE_WITHIN))
        log.info("socket_mode.connected")
        return 0.0

    async def _open(self) -> aiohttp.ClientWebSocketResponse:
        """A WebSocket at a new address. Raises SettingsError where Slack refuses the token."""
        assert self._session is not None  # noqa: S101
        address = await new_address(self._client, self._app_token)
        secure = self._client.ssl if self._client.ssl is not None else True
        try:
            return await self._session.ws_connect(
                address, heartbeat=HEARTBEAT, proxy=proxy_for(address), ssl=secure
            )
        except aiohttp.ClientError as error:
            raise SlackAway from error

    def _retire(self, closing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(closing)
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

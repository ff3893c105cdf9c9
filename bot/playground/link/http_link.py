"""Reaches the app by signed HTTP requests to its request URL."""

import asyncio
import hashlib
import hmac
import json
import time
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

import httpx

from bot.playground.link.link import FAILED, PATIENCE, TIMED_OUT, Answer, Outgoing, Sent
from bot.playground.state.workspace import Workspace

MOST_CONNECTIONS = 100

LOOK_EVERY = 1.0
AWAIT_EVERY = 0.05
"""Seconds between two looks whether the app is there; the second while it is not."""


class HttpLink:
    """Posts to `request_url`; the app is up while something listens there."""

    def __init__(self, workspace: Workspace, request_url: str, signing_secret: str) -> None:
        self._workspace = workspace
        self._url = request_url
        self._secret = signing_secret
        self._client: httpx.AsyncClient | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._client = httpx.AsyncClient(
            timeout=PATIENCE,
            limits=httpx.Limits(max_connections=MOST_CONNECTIONS, max_keepalive_connections=0),
        )
        self._watch = asyncio.create_task(self._look())

    async def stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        if self._client is not None:
            await self._client.aclose()

    async def send(self, request: Outgoing) -> Answer:
        if self._client is None:
            raise RuntimeError("start() comes before send()")
        body, content_type = _encoded(request)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0"}
        headers |= signed(self._secret, body)
        if request.retry:
            headers["X-Slack-Retry-Num"] = str(request.retry)
            headers["X-Slack-Retry-Reason"] = request.retry_reason
        sent = Sent(self._workspace, request, "POST", self._url, headers)
        try:
            async with asyncio.timeout(PATIENCE):
                response = await self._client.post(self._url, content=body, headers=headers)
            answer = _answer(response)
            self._workspace.app_is(True)
        except (TimeoutError, httpx.TimeoutException):
            answer = Answer(error=TIMED_OUT)
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            self._workspace.app_is(False)
            answer = Answer(error=FAILED)
        except httpx.HTTPError:
            answer = Answer(error=FAILED)
        return sent.answered(answer)

    async def _look(self) -> None:
        while True:
            up = await self._listens()
            self._workspace.app_is(up)
            await asyncio.sleep(LOOK_EVERY if up else AWAIT_EVERY)

    async def _listens(self) -> bool:
        where = urlsplit(self._url)
        port = where.port or (443 if where.scheme == "https" else 80)
        try:
            async with asyncio.timeout(PATIENCE):
                _, writer = await asyncio.open_connection(where.hostname, port)
        except (OSError, TimeoutError):
            return False
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return True


def signed(secret: str, body: str) -> dict[str, str]:
    """Slack's signature headers, by the machine's clock since that is what the app compares."""
    timestamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
    }


def _encoded(request: Outgoing) -> tuple[str, str]:
    form = "application/x-www-form-urlencoded"
    if request.type == "slash_commands":
        return urlencode(request.payload), form
    if request.type == "interactive":
        return urlencode({"payload": json.dumps(request.payload)}), form
    return json.dumps(request.payload), "application/json"


def _answer(response: httpx.Response) -> Answer:
    status = response.status_code
    try:
        text = response.content.decode(response.encoding or "utf-8")
    except (UnicodeDecodeError, LookupError):
        return Answer(error=FAILED)
    body: object = text
    if text and response.headers.get("Content-Type", "").startswith("application/json"):
        try:
            body = json.loads(text)
        except ValueError:
            return Answer(status, text, FAILED)
    return Answer(status, body, None if status == 200 else FAILED)

"""Slack's Web API and response urls over HTTP, for any token."""

import asyncio
import json
from collections.abc import Awaitable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from prometheus_client import CollectorRegistry, Counter
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.http import HttpClient, NoAnswer, Response, check_proxies, proxy_for
from handlers.slack_errors import (
    Disconnected,
    SlackAway,
    SlackRefused,
    refusal,
    slack_error,
    status_of,
)

PATIENCE = 10
"""Seconds that one call to Slack may take."""

MOST_RETRIES = 2
"""Of a request that Slack wants later."""

RESPONSE_URL, UPLOAD = "response_url", "upload"
"""In the metrics: answers through the url that came with a command or a press, and the content of
files, both of which are no methods."""

JSON = "application/json;charset=utf-8"

Json = Mapping[str, Any]


class Retries(Enum):
    """How a call is repeated that did not work."""

    NEVER = "never"
    UNLESS_POSTED = "unless_posted"
    """On nothing but a 429, since a lost answer does not mean that nothing was posted."""
    REPEATABLE = "repeatable"

    def handlers(self) -> list[AsyncRetryHandler]:
        if self is Retries.NEVER:
            return []
        rate_limit = AsyncRateLimitErrorRetryHandler(max_retry_count=MOST_RETRIES)
        if self is Retries.UNLESS_POSTED:
            return [rate_limit]
        return [rate_limit, AsyncConnectionErrorRetryHandler()]


class CountedClient(AsyncWebClient):
    """Slack's client, whose calls are counted by method and result: "ok", Slack's own word for why
    not, the HTTP status, or "no_answer"."""

    calls: Counter | None = None

    async def api_call(self, api_method: str, *args: Any, **kwargs: Any) -> AsyncSlackResponse:
        result = "no_answer"
        try:
            response = await super().api_call(api_method, *args, **kwargs)
            result = "ok"
        except SlackApiError as error:
            result = slack_error(error) or f"http_{status_of(error)}"
            raise
        else:
            return response
        finally:
            if self.calls is not None:
                self.calls.labels(api_method, result).inc()


class SlackApi:
    """One session for all calls of the SDK's, and one client for all other requests: `start` before
    use, `stop` after."""

    def __init__(self, base_url: str, registry: CollectorRegistry | None = None) -> None:
        """Raises SettingsError where the environment names a proxy that cannot be used."""
        check_proxies()
        self._base_url = base_url
        self._proxy = proxy_for(base_url)
        self._http = HttpClient()
        self._calls = Counter(
            "panelist_slack_calls",
            "Calls to Slack by method and result",
            ["method", "result"],
            registry=registry or CollectorRegistry(),
        )
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE))

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()
        await self._http.stop()

    def client(
        self, token: str | None = None, retries: Retries = Retries.REPEATABLE
    ) -> AsyncWebClient:
        client = CountedClient(
            token=token,
            base_url=self._base_url,
            session=self._session,
            timeout=PATIENCE,
            retry_handlers=retries.handlers(),
        )
        client.proxy = self._proxy  # which the SDK has looked for by itself, without NO_PROXY
        client.calls = self._calls
        return client

    async def identity(self, token: str) -> Json:
        """What auth.test says of the token. SlackAway names the host that was asked."""
        try:
            return await answer(self.client(token).auth_test())
        except SlackAway as away:
            away.host = urlsplit(self._base_url).netloc
            raise

    async def respond(self, url: str, message: Json) -> None:
        """Answers a command or a press through its response url, which needs no token.

        Raises SlackRefused where the url is no longer good, SlackAway where Slack did not answer.
        """
        content = json.dumps(message).encode()
        response = await self._post(RESPONSE_URL, url, content, JSON)
        for _ in range(MOST_RETRIES):
            if response.status == 429:
                await asyncio.sleep(_retry_after(response))
                response = await self._post(RESPONSE_URL, url, content, JSON)
        if response.status != 200:
            raise SlackRefused(
                f"response_url_{response.status}",
                "This is too old to be answered here. Type the command again.",
            )

    async def send_file(self, url: str, content: bytes) -> None:
        """Sends a file to where Slack takes it. Raises SlackRefused or SlackAway."""
        response = await self._post(UPLOAD, url, content, "application/octet-stream")
        if response.status != 200:
            raise SlackRefused(f"upload_{response.status}", "Slack couldn't accept the file.")

    async def _post(self, method: str, url: str, content: bytes, content_type: str) -> Response:
        """Counts it under this name. Raises SlackAway where there is no answer that tells
        anything."""
        try:
            response = await self._http.post(url, content, content_type)
        except NoAnswer as error:
            self._calls.labels(method, "no_answer").inc()
            raise SlackAway from error
        result = "ok" if response.status == 200 else f"http_{response.status}"
        self._calls.labels(method, result).inc()
        if response.status >= 500:
            raise SlackAway(response.status)
        return response


def _retry_after(response: Response) -> int:
    given = response.headers.get("Retry-After", "")
    return max(int(given), 1) if given.isdigit() else 1


@dataclass
class Waiting:
    """What an answer in hand was cut off from waiting for."""

    for_slack: bool = False


waiting: ContextVar[Waiting | None] = ContextVar("waiting", default=None)
"""Of whoever waits for as long as an ack may take."""


async def answer(call: Awaitable[AsyncSlackResponse]) -> Json:
    """What Slack answers. Raises SlackAway, Disconnected where a connection ended, or
    SlackRefused."""
    try:
        response = await call
    except asyncio.CancelledError:
        if (mine := waiting.get()) is not None:
            mine.for_slack = True
        raise
    except SlackApiError as error:
        raise refusal(error) from error
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
        raise Disconnected from error
    except (aiohttp.ClientError, TimeoutError, SlackRequestError, AttributeError) as error:
        raise SlackAway from error  # the SDK looks into any answer as if it were an object
    answered: Json = response.data  # type: ignore[assignment]
    return answered

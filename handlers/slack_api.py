"""Slack's Web API and response urls over HTTP, for any token."""

from collections.abc import Awaitable, Mapping
from enum import Enum
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from handlers.slack_errors import SlackAway, SlackRefused, refusal

PATIENCE = 10
"""Seconds that one call to Slack may take."""

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
        rate_limit = AsyncRateLimitErrorRetryHandler(max_retry_count=2)
        if self is Retries.UNLESS_POSTED:
            return [rate_limit]
        return [rate_limit, AsyncConnectionErrorRetryHandler()]


class SlackApi:
    """One session for all calls: `start` before use, `stop` after."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE))

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()

    def client(
        self, token: str | None = None, retries: Retries = Retries.REPEATABLE
    ) -> AsyncWebClient:
        return AsyncWebClient(
            token=token,
            base_url=self._base_url,
            session=self._session,
            timeout=PATIENCE,
            retry_handlers=retries.handlers(),
        )

    async def identity(self, token: str) -> Json:
        """What auth.test says of the token."""
        return await answer(self.client(token).auth_test())

    async def respond(self, url: str, message: Json) -> None:
        """Answers a command or a press through its response url, which needs no token.

        Raises SlackRefused where the url is no longer good, SlackAway where Slack did not answer.
        """
        webhook = AsyncWebhookClient(
            url,
            session=self._session,
            timeout=PATIENCE,
            retry_handlers=Retries.UNLESS_POSTED.handlers(),
        )
        try:
            response = await webhook.send_dict(dict(message))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackAway from error
        if response.status_code >= 500:
            raise SlackAway
        if response.status_code != 200:
            raise SlackRefused(
                f"response_url_{response.status_code}",
                "This is too old to be answered here. Type the command again.",
            )


async def answer(call: Awaitable[AsyncSlackResponse]) -> Json:
    """What Slack answers. Raises SlackAway or SlackRefused."""
    try:
        response = await call
    except SlackApiError as error:
        raise refusal(error) from error
    except (aiohttp.ClientError, TimeoutError, SlackRequestError) as error:
        raise SlackAway from error
    answered: Json = response.data  # type: ignore[assignment]
    return answered

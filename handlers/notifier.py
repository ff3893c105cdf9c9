"""Everything that Panelist says to Slack of its own accord."""

import logging
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.errors import UserError

log = logging.getLogger(__name__)

PATIENCE = 10
"""Seconds that one call to Slack may take."""

DEAD_TOKEN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)
ABSENT = frozenset({"not_in_channel", "channel_not_found", "is_archived", "restricted_action"})

Json = Mapping[str, Any]


class SlackAway(UserError):
    """Slack did not answer, or not in a way that tells whether it did what was asked."""

    def __init__(self) -> None:
        super().__init__("Slack did not answer in time. Please look whether it worked, then retry.")


class SlackRefused(UserError):
    """Slack said no; `error` is its own word for why."""

    def __init__(self, error: str, text: str) -> None:
        super().__init__(text)
        self.error = error


class NotInChannel(SlackRefused):
    """The bot would have to be a member of the conversation."""

    def __init__(self, error: str) -> None:
        super().__init__(
            error,
            "Panelist is not in this conversation. Type /invite @Panelist there, then try again.",
        )


class SlackNotifier:
    """Slack's Web API and response urls for one workspace's token.

    Methods that post are retried on nothing but 429, since a lost answer does not mean that
    nothing was posted. `token_dead` turns true once Slack says that the token is no longer good.
    """

    def __init__(self, token: str, base_url: str) -> None:
        self._token = token
        self._base_url = base_url
        self._session: aiohttp.ClientSession | None = None
        self.token_dead = False

    async def start(self) -> None:
        self._session = aiohttp.ClientSession()

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()

    def client(self, *, posting: bool = False) -> AsyncWebClient:
        """A Web API client: for methods that post, or for those that may be repeated."""
        return AsyncWebClient(
            token=self._token,
            base_url=self._base_url,
            session=self._session,
            timeout=PATIENCE,
            retry_handlers=_retries(posting),
        )

    async def respond(self, url: str, message: Json) -> None:
        """Answers a command or a press through its response url.

        Raises SlackRefused where the url is no longer good, SlackAway where Slack did not answer.
        """
        webhook = AsyncWebhookClient(
            url, session=self._session, timeout=PATIENCE, retry_handlers=_retries(posting=True)
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
                "This is too old to be answered here. Please type the command again.",
            )

    async def open_view(self, trigger_id: str, view: Json) -> None:
        client = self.client()
        await self._answer(client.views_open(trigger_id=trigger_id, view=dict(view)))

    async def push_view(self, trigger_id: str, view: Json) -> None:
        client = self.client()
        await self._answer(client.views_push(trigger_id=trigger_id, view=dict(view)))

    async def update_view(self, view_id: str, hash: str, view: Json) -> None:
        """Replaces a view, unless it has changed since `hash`: then the newer one stays."""
        try:
            client = self.client()
            await self._answer(client.views_update(view_id=view_id, hash=hash, view=dict(view)))
        except SlackRefused as refusal:
            if refusal.error != "hash_conflict":
                raise

    async def post(self, channel: str, text: str, blocks: Sequence[dict[str, Any]]) -> str:
        """Posts to a conversation; returns the message's ts."""
        client = self.client(posting=True)
        answer = await self._answer(
            client.chat_postMessage(channel=channel, text=text, blocks=list(blocks))
        )
        return str(answer["ts"])

    async def user(self, user: str) -> Json:
        """What users.info says of a person."""
        answer = await self._answer(self.client().users_info(user=user))
        person: Json = answer["user"]
        return person

    async def identity(self) -> Json:
        """What auth.test says of the token."""
        return await self._answer(self.client().auth_test())

    async def _answer(self, call: Awaitable[AsyncSlackResponse]) -> Json:
        try:
            response = await call
        except SlackApiError as error:
            raise self._refusal(error) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackAway from error
        self.token_dead = False
        answer: Json = response.data  # type: ignore[assignment]
        return answer

    def _refusal(self, error: SlackApiError) -> UserError:
        name = slack_error(error)
        method = error.response.api_url.rpartition("/")[2]
        log.warning("slack.refused", extra={"method": method, "error": name})
        if name in DEAD_TOKEN:
            self.token_dead = True
            return SlackRefused(
                name, "Slack no longer accepts Panelist's token. Please tell whoever runs it."
            )
        if name in ABSENT:
            return NotInChannel(name)
        if name in ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"):
            return SlackRefused(name, "That took too long for Slack. Please try again.")
        if name in ("ratelimited", "rate_limited"):
            return SlackRefused(name, "Slack is busy at the moment. Please try again in a minute.")
        if not name:
            return SlackAway()
        return SlackRefused(name, f"Slack refused this ({name}).")


def slack_error(error: SlackApiError) -> str:
    """Slack's own word for what is wrong; empty where it answered without one, as with a 500."""
    answer = error.response.data
    return str(answer.get("error", "")) if isinstance(answer, dict) else ""


def _retries(posting: bool) -> list[AsyncRetryHandler]:
    rate_limit = AsyncRateLimitErrorRetryHandler(max_retry_count=2)
    return [rate_limit] if posting else [rate_limit, AsyncConnectionErrorRetryHandler()]

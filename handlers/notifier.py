"""Everything that Panelist says to Slack of its own accord."""

import logging
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

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

from bot.domain.messages import OutboxMessage
from bot.errors import UserError
from bot.services.ports import NotNow, OutcomeUnknown, Refused, RenderedMessage
from handlers.payloads import Press

log = logging.getLogger(__name__)

PATIENCE = 10
"""Seconds that one call to Slack may take."""

DEAD_TOKEN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)
ABSENT = frozenset({"not_in_channel", "channel_not_found", "is_archived", "restricted_action"})
RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
PERHAPS_DONE = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
"""After these, Slack says, what was asked may have been done all the same."""

RETRY_AFTER = 30
"""Seconds to wait where Slack is busy and does not say for how long."""

MENDED_AFTER = 60
"""Seconds after which a token or a scope that Slack refused may have been mended by somebody."""

METADATA = "panelist_message"
"""The type of our messages' metadata, whose payload is the message's key."""

HISTORY_PAGE = 200
HISTORY_PAGES = 4
MOST_CONVERSATIONS = 10_000

Json = Mapping[str, Any]
Key = TypeVar("Key")
Value = TypeVar("Value")


class SlackAway(OutcomeUnknown):
    """Slack did not answer, or not in a way that tells whether it did what was asked."""

    def __init__(self) -> None:
        super().__init__("Slack did not answer in time. Please look whether it worked, then retry.")


class SlackRefused(Refused):
    """Slack said no; `error` is its own word for why."""


class SlackBusy(SlackRefused, NotNow):
    """Slack takes nothing from us for some seconds."""


class NotInChannel(SlackRefused):
    """The bot would have to be a member of the conversation."""

    def __init__(self, error: str) -> None:
        super().__init__(
            error,
            "Panelist is not in this conversation. Type /invite @Panelist there, then try again.",
        )


class SlackNotifier:
    """Slack's Web API and response urls for one workspace's token. Implements the Notifier port.

    Methods that post are retried on nothing but 429, since a lost answer does not mean that
    nothing was posted. `token_dead` turns true once Slack says that the token is no longer good.
    """

    def __init__(self, token: str, base_url: str) -> None:
        self._token = token
        self._base_url = base_url
        self._session: aiohttp.ClientSession | None = None
        self._conversations: dict[tuple[str, str], str] = {}
        self.token_dead = False

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE))

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()

    def client(self, *, posting: bool = False) -> AsyncWebClient:
        """A Web API client: for methods that post, or for those that may be repeated."""
        return self._client(_retries(posting))

    def _client(self, retries: list[AsyncRetryHandler]) -> AsyncWebClient:
        return AsyncWebClient(
            token=self._token,
            base_url=self._base_url,
            session=self._session,
            timeout=PATIENCE,
            retry_handlers=retries,
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

    async def publish_view(self, user: str, view: Json) -> None:
        """Shows somebody their home."""
        client = self.client()
        await self._answer(client.views_publish(user_id=user, view=dict(view)))

    async def push_view(self, trigger_id: str, view: Json) -> None:
        client = self.client()
        await self._answer(client.views_push(trigger_id=trigger_id, view=dict(view)))

    async def update_view(self, view_id: str, hash: str | None, view: Json) -> str | None:
        """Replaces a view, and gives the new one's hash; None where the view has changed since
        `hash`: then the newer one stays."""
        try:
            client = self.client()
            answer = await self._answer(
                client.views_update(view_id=view_id, hash=hash, view=dict(view))
            )
        except SlackRefused as refusal:
            if refusal.error != "hash_conflict":
                raise
            return None
        return str(answer["view"].get("hash", ""))

    async def show_instead(self, press: Press, view: Json) -> None:
        """Shows a view in the place of the modal that was pressed in, where it was one."""
        if press.modal is not None:
            await self.update_view(press.modal.id, press.modal.hash, view)
        else:
            await self.open_view(press.trigger_id, view)

    async def post(self, channel: str, text: str, blocks: Sequence[dict[str, Any]]) -> str:
        """Posts to a conversation; returns the message's ts."""
        client = self.client(posting=True)
        answer = await self._answer(
            client.chat_postMessage(channel=channel, text=text, blocks=list(blocks))
        )
        return str(answer["ts"])

    async def upload(self, channel: str, name: str, content: str) -> None:
        """Puts a text file into a conversation."""
        upload = self.client(posting=True).files_upload_v2(
            channel=channel, filename=name, title=name, content=content
        )
        try:
            await self._answer(upload)
        except SlackRequestError as error:
            raise SlackAway from error

    async def deliver(self, message: OutboxMessage, content: RenderedMessage, channel: str) -> str:
        """Posts the message with its key as metadata, or edits it in place; returns its ts."""
        client = self._client(retries=[])
        metadata = {"event_type": METADATA, "event_payload": {"key": message.key}}
        shown: dict[str, Any] = {
            "text": content.text,
            "blocks": [*content.blocks],
            "metadata": metadata,
        }
        if message.ts is None:
            answer = await self._answer(client.chat_postMessage(channel=channel, **shown))
        else:
            answer = await self._answer(client.chat_update(channel=channel, ts=message.ts, **shown))
        return str(answer["ts"])

    async def dm(self, workspace: str, user: str) -> str:
        """The id of the conversation with the person, which never changes."""
        known = self._conversations.get((workspace, user))
        if known is not None:
            return known
        answer = await self._answer(self._client(retries=[]).conversations_open(users=user))
        channel = str(answer["channel"]["id"])
        keep(self._conversations, (workspace, user), channel, MOST_CONVERSATIONS)
        return channel

    async def find(self, workspace: str, channel: str, key: str, since: datetime) -> str | None:
        """The ts of the message with this key in its metadata, posted after `since`.

        Raises SlackAway where so much has been said since that it cannot be told.
        """
        client = self._client(retries=[])
        cursor = ""
        for _ in range(HISTORY_PAGES):
            answer = await self._answer(
                client.conversations_history(
                    channel=channel,
                    oldest=f"{since.timestamp():.6f}",
                    limit=HISTORY_PAGE,
                    include_all_metadata=True,
                    cursor=cursor,
                )
            )
            for message in answer["messages"]:
                if _key_of(message) == key:
                    return str(message["ts"])
            if not answer.get("has_more"):
                return None
            cursor = answer["response_metadata"]["next_cursor"]
        raise SlackAway

    async def user(self, user: str) -> Json:
        """What users.info says of a person."""
        answer = await self._answer(self.client().users_info(user=user))
        person: Json = answer["user"]
        return person

    async def conversation(self, channel: str) -> Json:
        """What conversations.info says of a channel."""
        answer = await self._answer(self.client().conversations_info(channel=channel))
        conversation: Json = answer["channel"]
        return conversation

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
        response = error.response
        if not isinstance(response, AsyncSlackResponse) or response.status_code >= 500:
            return SlackAway()
        name = slack_error(error)
        method = response.api_url.rpartition("/")[2]
        log.warning("slack.refused", extra={"method": method, "error": name})
        if name in DEAD_TOKEN:
            self.token_dead = True
            text = "Slack no longer accepts Panelist's token. Please tell whoever runs it."
            return SlackBusy(name, text, MENDED_AFTER)
        if name == "missing_scope":
            text = (
                "Panelist has not been given the permission that this needs. Please ask whoever "
                "runs it to update the app in Slack with the manifest, and to install it again."
            )
            return SlackBusy(name, text, MENDED_AFTER)
        if name in RATE_LIMITED or response.status_code == 429:
            text = "Slack is busy at the moment. Please try again in a minute."
            return SlackBusy(name, text, _retry_after(response))
        if name in ABSENT:
            return NotInChannel(name)
        if name in ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"):
            return SlackRefused(name, "That took too long for Slack. Please try again.")
        if not name or name in PERHAPS_DONE:
            return SlackAway()
        return SlackRefused(name, f"Slack refused this ({name}).")


def slack_error(error: SlackApiError) -> str:
    """Slack's own word for what is wrong; empty where it answered without one, as with a 500."""
    answer = error.response.data
    return str(answer.get("error", "")) if isinstance(answer, dict) else ""


def keep(cache: dict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Puts the value into the cache, and takes out what has been there longest once it is full."""
    cache.pop(key, None)
    cache[key] = value
    if len(cache) > most:
        del cache[next(iter(cache))]


def _retry_after(response: AsyncSlackResponse) -> float:
    given = str(response.headers.get("Retry-After", ""))
    return max(int(given), 1) if given.isdigit() else RETRY_AFTER


def _key_of(message: Json) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA:
        return None
    key: str | None = metadata.get("event_payload", {}).get("key")
    return key


def _retries(posting: bool) -> list[AsyncRetryHandler]:
    rate_limit = AsyncRateLimitErrorRetryHandler(max_retry_count=2)
    return [rate_limit] if posting else [rate_limit, AsyncConnectionErrorRetryHandler()]

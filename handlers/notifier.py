"""The Notifier port: everything that Panelist says to Slack of its own accord."""

from datetime import datetime
from typing import Any

from bot.caches import keep
from bot.domain.messages import OutboxMessage
from bot.services.ports import RenderedMessage
from handlers.slack import Slack
from handlers.slack_api import Json
from handlers.slack_errors import SlackAway

METADATA = "panelist_message"
"""The type of our messages' metadata, whose payload is the message's key."""

HISTORY_PAGE = 200
HISTORY_PAGES = 4
MOST_CONVERSATIONS = 10_000


REMOVED = "This message was removed."
"""All that is left where Slack lets us change a message, but not delete it."""


class SlackNotifier:
    """Implements the Notifier and the Eraser port: what is asked is tried once."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._conversations: dict[tuple[str, str], str] = {}

    async def deliver(self, message: OutboxMessage, content: RenderedMessage, channel: str) -> str:
        """Posts the message with its key as metadata, or edits it in place; returns its ts."""
        slack, ts = self._slack.of(message.workspace), message.ts
        metadata = {"event_type": METADATA, "event_payload": {"key": message.key}}
        shown: dict[str, Any] = {
            "text": content.text,
            "blocks": [*content.blocks],
            "metadata": metadata,
        }
        if ts is None:
            answer = await slack.once(lambda web: web.chat_postMessage(channel=channel, **shown))
        else:
            answer = await slack.once(lambda web: web.chat_update(channel=channel, ts=ts, **shown))
        return str(answer["ts"])

    async def dm(self, workspace: str, user: str) -> str:
        """The id of the conversation with the person, which never changes."""
        known = self._conversations.get((workspace, user))
        if known is not None:
            return known
        slack = self._slack.of(workspace)
        answer = await slack.once(lambda web: web.conversations_open(users=user))
        channel = str(answer["channel"]["id"])
        keep(self._conversations, (workspace, user), channel, MOST_CONVERSATIONS)
        return channel

    async def delete(self, workspace: str, channel: str, ts: str) -> None:
        await self._slack.of(workspace).once(lambda web: web.chat_delete(channel=channel, ts=ts))

    async def empty(self, workspace: str, channel: str, ts: str) -> None:
        gone: dict[str, Any] = {"event_type": METADATA, "event_payload": {"key": ""}}
        await self._slack.of(workspace).once(
            lambda web: web.chat_update(
                channel=channel, ts=ts, text=REMOVED, blocks=[], attachments=[], metadata=gone
            )
        )

    async def delete_file(self, workspace: str, id: str) -> None:
        await self._slack.of(workspace).once(lambda web: web.files_delete(file=id))

    async def find(self, workspace: str, channel: str, key: str, since: datetime) -> str | None:
        """The ts of the message with this key in its metadata, posted after `since`.

        Raises SlackAway where so much has been said since that it cannot be told.
        """
        cursor = ""
        for _ in range(HISTORY_PAGES):
            answer = await self._history(workspace, channel, since, cursor)
            for message in answer["messages"]:
                if _key_of(message) == key:
                    return str(message["ts"])
            if not answer.get("has_more"):
                return None
            cursor = answer["response_metadata"]["next_cursor"]
        raise SlackAway

    async def _history(self, workspace: str, channel: str, since: datetime, cursor: str) -> Json:
        return await self._slack.of(workspace).once(
            lambda web: web.conversations_history(
                channel=channel,
                oldest=f"{since.timestamp():.6f}",
                limit=HISTORY_PAGE,
                include_all_metadata=True,
                cursor=cursor,
            )
        )


def _key_of(message: Json) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA:
        return None
    key: str | None = metadata.get("event_payload", {}).get("key")
    return key

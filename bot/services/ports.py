"""What services need from outside and has more than one implementation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.messages import OutboxMessage
from bot.domain.people import Person
from bot.errors import UserError


class OutcomeUnknown(UserError):
    """There was no answer, or none that tells whether what was asked has been done."""


class Refused(UserError):
    """What was asked has not been done; `error` is Slack's own word for why."""

    def __init__(self, error: str, text: str) -> None:
        super().__init__(text)
        self.error = error


class NotNow(Refused):
    """Nothing of the workspace's is taken before `seconds` have passed."""

    def __init__(self, error: str, text: str, seconds: float) -> None:
        super().__init__(error, text)
        self.seconds = seconds


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        ...


class Directory(Protocol):
    """What Slack knows of people and channels; each method raises OutcomeUnknown or Refused."""

    async def person(self, workspace: str, user: str) -> Person:
        """The person, as they were at most five minutes ago."""
        ...

    async def is_workspace_admin(self, workspace: str, user: str) -> bool:
        """Whether Slack counts the person among the workspace's owners and admins."""
        ...

    async def unsuitable_because(self, workspace: str, channel: str) -> str | None:
        """Why candidates' names cannot be posted there, as a sentence; None where they can."""
        ...


@dataclass(frozen=True)
class RenderedMessage:
    """What a message shows: its text, which notifications and screen readers read, and its blocks,
    which only the edge knows how to make."""

    text: str
    blocks: Sequence[Mapping[str, Any]]


class Notifier(Protocol):
    """Sends messages; each method raises OutcomeUnknown, Refused or NotNow."""

    async def deliver(self, message: OutboxMessage, content: RenderedMessage, channel: str) -> str:
        """Posts the message, or edits it in place where it has a ts; returns its ts.

        It takes no longer than ten seconds, and tries no more than once.
        """
        ...

    async def dm(self, workspace: str, user: str) -> str:
        """The id of the conversation with the person."""
        ...

    async def find(self, workspace: str, channel: str, key: str, since: datetime) -> str | None:
        """The ts of the message of this key, posted after `since`, or None where there is none.

        Raises where that cannot be told for certain.
        """
        ...


class Eraser(Protocol):
    """Takes back what was put into Slack; each method raises OutcomeUnknown, Refused or NotNow, and
    tries once."""

    async def delete(self, workspace: str, channel: str, ts: str) -> None:
        """Deletes a message of ours."""
        ...

    async def empty(self, workspace: str, channel: str, ts: str) -> None:
        """Leaves nothing in a message of ours but that it was removed."""
        ...

    async def delete_file(self, workspace: str, id: str) -> None:
        """Deletes a file of ours, with the message that shows it."""
        ...

    async def find(self, workspace: str, channel: str, key: str, since: datetime) -> str | None:
        """As Notifier.find."""
        ...

"""What all messages share: each is a frozen class that says what it is about and how it is
rendered, and is made again from its row in the outbox."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Self

from pydantic import TypeAdapter

from bot.domain.feedback_hints import FeedbackHint
from bot.domain.messages import About, MessageFacts, MessageKind, NotYet
from bot.domain.reminders import Calendar, RemindedPerson
from bot.services.frozen_contents import Contents
from bot.storage.database import Transaction

ABOUT = frozenset(field.name for field in fields(About))
ADDRESS = frozenset({"workspace", "recipient"})


@dataclass(frozen=True)
class RenderContext:
    """What a message is rendered with, besides what the database holds.

    `is_sent`: it has been posted, and is to be edited in place.
    """

    contents: Contents
    hints: tuple[FeedbackHint, ...]
    now: datetime
    is_sent: bool
    expires_at: datetime | None = None

    def is_early(self, moment: datetime) -> bool:
        """Whether a message would say too soon what is so from that moment on: a clock has been
        set back since it was planned, or something else has been chosen."""
        in_time = self.expires_at is None or moment < self.expires_at
        return not self.is_sent and self.now < moment and in_time


@dataclass(frozen=True, kw_only=True)
class Message(ABC):
    """Something that Panelist says of its own accord.

    Fields called as those of About are columns of the outbox, by which a message is found; all
    others are kept as JSON. CONTRIBUTING.md says how to add a kind.
    """

    kind: ClassVar[MessageKind]

    workspace: str
    recipient: str

    @property
    @abstractmethod
    def key(self) -> str:
        """What there is one message of, made from the fields. It belongs to one recipient."""

    @abstractmethod
    async def render(self, tx: Transaction, context: RenderContext) -> object | NotYet | None:
        """The view model of what is true now; None where there is nothing to say any more."""

    async def failure_notices(
        self, tx: Transaction, error: str, now: datetime
    ) -> Sequence["Message"]:
        """Who is told, and what, once this one has failed for good; `error` is as in its row."""
        return ()

    @property
    def names_candidate(self) -> bool:
        """Whether it has to be edited once the candidate's name is corrected."""
        return True

    @property
    def facts(self) -> MessageFacts:
        """What stands in its row."""
        dumped: dict[str, Any] = _adapter(type(self)).dump_python(self, mode="json")
        return MessageFacts(
            workspace=self.workspace,
            key=self.key,
            kind=self.kind,
            recipient=self.recipient,
            about=About(**{name: getattr(self, name) for name in ABOUT & dumped.keys()}),
            payload={name: dumped[name] for name in dumped.keys() - ABOUT - ADDRESS},
        )

    @classmethod
    def load(cls, row: MessageFacts) -> Self:
        """The message of a row. Raises ValueError where that lacks something."""
        address = {"workspace": row.workspace, "recipient": row.recipient}
        message: Self = _adapter(cls).validate_python({**vars(row.about), **row.payload, **address})
        return message

    async def enqueue(
        self, tx: Transaction, due_at: datetime, expires_at: datetime | None = None
    ) -> None:
        """Puts it into the outbox; see OutboxStore.enqueue."""
        await tx.outbox.enqueue(self.facts, due_at, expires_at)


async def enqueue_all(tx: Transaction, messages: Iterable[tuple[Message, datetime]]) -> None:
    """Puts several into the outbox, each due at its time; see OutboxStore.enqueue."""
    await tx.outbox.enqueue_all((message.facts, due_at) for message, due_at in messages)


async def zone_of(tx: Transaction, workspace: str, reader: str, otherwise: str) -> str:
    """Where the reader of a message is, as far as is known: for times where Slack shows none."""
    seen = await tx.members.get(workspace, reader)
    if seen is not None:
        return seen.zone
    reminded = await tx.reminders.get(workspace, reader)
    return otherwise if reminded is None else reminded.zone


async def personal_calendar(tx: Transaction, workspace: str, user: str) -> Calendar:
    """Of somebody who may never have chosen anything: then in the zone that Slack told of."""
    known = await tx.reminders.get(workspace, user)
    if known is None:
        known = RemindedPerson(workspace, user, await zone_of(tx, workspace, user, "UTC"))
    return known.calendar(await tx.reminders.policy(workspace))


@cache
def _adapter(cls: type[Message]) -> TypeAdapter[Any]:
    return TypeAdapter(cls)

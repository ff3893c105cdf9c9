"""Messages that Panelist sends of its own accord, each from its wish to its outcome."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MessageState(StrEnum):
    DUE = "due"
    """To be sent, or edited where it has been sent before, at `due_at`."""
    SENDING = "sending"
    """Claimed by a process; given up by it for dead at `due_at`."""
    SENT = "sent"
    UNKNOWN = "unknown"
    """Slack may have taken it or not; looked for at `due_at`."""
    FAILED = "failed"
    """Slack refused it; `error` is Slack's own word for why."""


class NextStep(StrEnum):
    """What a message whose time has come needs next."""

    SEND = "send"
    LOOK = "look"
    """Find out whether it has been posted."""
    RETRY = "retry"
    """Make it due again."""
    DROP = "drop"
    KEEP = "keep"
    """Leave it as it was posted."""


@dataclass(frozen=True)
class NotYet:
    """In place of words: what the message would say is not so before that moment."""

    until: datetime


@dataclass(frozen=True)
class OutboxMessage:
    """One message to one person or channel.

    `kind` and `subject` say what it is about; its words are made when it is sent, from what is
    true then. `recipient` is a person's id, who gets a DM, or a channel's. `channel` is the
    conversation, known before anything is posted; `ts` is Slack's, known once it has been posted.
    """

    workspace: str
    key: str
    kind: str
    subject: str
    recipient: str
    due_at: datetime
    expires_at: datetime | None
    state: MessageState
    channel: str | None
    ts: str | None
    claimed_at: datetime | None
    attempts: int
    error: str | None

    @property
    def is_direct(self) -> bool:
        """Whether it goes to a person rather than to a channel."""
        return self.recipient.startswith(("U", "W"))

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    def next_step(self, now: datetime) -> NextStep:
        """What to do with a message whose time has come.

        One whose send was cut short is looked for only where it may have been posted: not before
        its channel was known, and not where it was an edit, which may be made twice.
        """
        if self.state is MessageState.DUE:
            if not self.has_expired(now):
                return NextStep.SEND
            return NextStep.DROP if self.ts is None else NextStep.KEEP
        may_be_posted = self.channel is not None and self.ts is None
        return NextStep.LOOK if may_be_posted else NextStep.RETRY

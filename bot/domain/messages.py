"""Messages that Panelist sends of its own accord, each from being enqueued to its outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

OWN_FAULT = "panelist_error"
OUTCOME_UNKNOWN = "outcome_unknown"
"""Our own words for why a message has failed, beside Slack's."""

LATE = timedelta(minutes=10)
"""A message that has been due for so long is late: somebody may have to look why."""


class MessageKind(StrEnum):
    """Every kind of message. The values stand in rows that have been sent, so they stay."""

    PANEL_KIT = "panel.kit"
    PANEL_SOON = "panel.soon"
    PANEL_DECLINED = "panel.declined"
    PANEL_SUMMARY = "panel.summary"
    PANEL_UNDELIVERED = "panel.undelivered"
    PANEL_APPOINTED = "panel.appointed"
    PANEL_PASSED_ON = "panel.passed_on"
    SCORECARD_RECEIPT = "scorecard.receipt"
    SCORECARD_ARRIVED = "scorecard.arrived"
    SCORECARDS_ALL_IN = "scorecard.all_in"
    SCORECARD_CLOSED = "scorecard.settled"
    SCORECARD_REASSIGNED = "scorecard.handed"
    REMINDERS_DIGEST = "reminders.digest"
    REMINDERS_LATER = "reminders.later"
    REMINDERS_NUDGE = "reminders.nudge"
    REMINDERS_ASKED = "reminders.asked"
    REMINDERS_STOPPED = "reminders.stopped"
    REMINDERS_RESUMED = "reminders.resumed"
    REMINDERS_UNREACHABLE = "reminders.unreachable"
    OPENING_POSTED = "opening.posted"
    OPENING_UNPOSTED = "opening.unposted"
    OPENING_REFERRED = "opening.referred"
    OPENING_APPROVAL = "opening.approval"
    OPENING_ANSWERED = "opening.answered"
    DEBRIEF_OUTCOME = "debrief.outcome"
    DEBRIEF_CONFIRM = "debrief.confirm"
    BOARD_DAY = "board.day"
    BOARD_UNPOSTED = "board.unposted"
    APPLICATION_ARRIVED = "application.arrived"
    APPLICATION_CARD = "application.card"
    APPLICATION_WITHDRAWN = "application.withdrawn"
    HOME_HELP = "home.help"


class MessageState(StrEnum):
    DUE = "due"
    """To be sent, or edited where it has been sent before, at `due_at`."""
    SENDING = "sending"
    """Claimed by a process; given up by it for dead at `due_at`."""
    SENT = "sent"
    UNKNOWN = "unknown"
    """Slack may have taken it or not; looked for at `due_at`."""
    FAILED = "failed"
    """It has ended: `error` is Slack's own word for why it was refused, or OWN_FAULT, or
    OUTCOME_UNKNOWN."""
    HELD = "held"
    """Due before the database was restored from a backup, so perhaps sent already: an operator says
    whether it goes out."""


class NextStep(StrEnum):
    """What a message whose time has come needs next."""

    SEND = "send"
    RECONCILE = "reconcile"
    """Find out whether it has been posted."""
    RETRY = "retry"
    """Make it due again."""
    REMOVE = "remove"
    """It has expired without having been sent."""
    KEEP = "keep"
    """Leave it as it was posted."""


@dataclass(frozen=True)
class NotYet:
    """In place of a view model: what the message would say is not so before that moment."""

    until: datetime


class AboutField(StrEnum):
    """What a message can be found by; each is a column of the outbox with an index."""

    PANEL = "panel"
    INTERVIEW = "interview"
    SCORECARD = "scorecard"
    APPLICATION = "application"
    OPENING = "opening"
    PERSON = "person"


@dataclass(frozen=True)
class About:
    """What a message is about, by id: a field for each AboutField, and the day.

    Whose application a panel belongs to can change, so what is about a panel names no application:
    OutboxStore.about follows the panel.
    """

    panel: str | None = None
    interview: str | None = None
    scorecard: str | None = None
    application: str | None = None
    opening: str | None = None
    person: str | None = None
    day: date | None = None


@dataclass(frozen=True)
class MessageFacts:
    """What a message says of itself once it is enqueued; it holds ids only, no names.

    `recipient` is a person's id, who gets a DM, or a channel's. `payload` is whatever else makes
    the message what it is, such as a start or a number, as JSON.
    """

    workspace: str
    key: str
    kind: str
    recipient: str
    about: About
    payload: Mapping[str, Any]

    @property
    def is_direct(self) -> bool:
        """Whether it goes to a person rather than to a channel."""
        return self.recipient.startswith(("U", "W"))


@dataclass(frozen=True)
class OutboxMessage(MessageFacts):
    """One message in the outbox.

    It is rendered when it is sent, from what is true then. `channel` is the conversation, known
    before anything is posted; `ts` is Slack's, known once it has been posted. `due_at` moves with
    each attempt, `due_since` does not; None before the first.
    """

    due_at: datetime
    expires_at: datetime | None
    state: MessageState
    channel: str | None
    ts: str | None
    claimed_at: datetime | None
    attempts: int
    error: str | None
    due_since: datetime | None = None

    @property
    def since(self) -> datetime:
        """Since when it has been due, or from when it will be."""
        return self.due_since or self.due_at

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    def next_step(self, now: datetime) -> NextStep:
        """What to do with a message whose time has come.

        One whose send was cut short is looked for only where it may have been posted: not before
        its channel was known, and not where it was an edit, which may be made twice. Of one that a
        restore has held back the channel is found out when it is looked for.
        """
        if self.state is MessageState.DUE:
            if not self.has_expired(now):
                return NextStep.SEND
            return NextStep.REMOVE if self.ts is None else NextStep.KEEP
        may_be_posted = self.channel is not None or self.state is MessageState.UNKNOWN
        return NextStep.RECONCILE if may_be_posted and self.ts is None else NextStep.RETRY

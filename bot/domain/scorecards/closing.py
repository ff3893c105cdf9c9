"""What becomes of a scorecard that is due: submitted, reassigned, or closed without one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.organizers import Organized


class ClosingKind(StrEnum):
    """How an interview's scorecard was closed."""

    SCORECARD = "scorecard"
    DID_NOT_INTERVIEW = "did_not_interview"
    NO_SHOW = "no_show"
    CLOSED = "closed"
    """By an organizer: it will not come."""
    REASSIGNED = "handed_over"
    """To someone who owns it from then on."""


@dataclass(frozen=True)
class Closing:
    """How an interview's scorecard was closed; `number` counts closings, and the last one holds.

    Where an organizer did it, `owner` is whose it was, and `reason` what they said of it.
    """

    workspace: str
    interview: str
    number: int
    how: ClosingKind
    actor: str
    at: datetime
    receiver: str | None = None
    owner: str | None = None
    reason: str = ""

    @property
    def whose(self) -> str:
        """Whose scorecard it was until then."""
        return self.owner or self.actor

    @property
    def is_by_organizer(self) -> bool:
        return self.owner is not None


WITHOUT_SCORECARD = frozenset(
    {ClosingKind.DID_NOT_INTERVIEW, ClosingKind.NO_SHOW, ClosingKind.CLOSED}
)
"""Closings without a scorecard, until they are taken back."""


def last_closing_by(person: str, closings: Sequence[Closing]) -> Closing | None:
    """How an interview's scorecard was closed last while it was the person's; `closings` are all of
    it, in order.

    None where it was not, or where it has been reassigned to them since.
    """
    for item in reversed(closings):
        if item.receiver == person:
            return None
        if item.whose == person:
            return item
    return None


@dataclass(frozen=True)
class DueScorecard(Organized):
    """An interview as far as its scorecard goes.

    `candidate` is the candidate's name, `role` the role's title. `interviewer` is the one who was
    to hold it, `owner` the one who gives the scorecard: another once it has been reassigned.
    `declined_at` is when the interviewer said that they can't make it, `entered_at` when the
    interview was given its time, and `closings` counts what closed it, the last of which holds.
    """

    workspace: str
    interview: str
    panel: str
    candidate: str
    role: str
    interviewer: str
    owner: str
    focus: tuple[str, ...]
    zone: str
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None
    declined_at: datetime | None
    closed_at: datetime | None
    closings: int
    set_up_by: str
    recruiter: str
    hiring_manager: str
    entered_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        return self.cancelled_at is None

    @property
    def is_declined(self) -> bool:
        """Whether its interviewer can't make it, and nobody else has its scorecard to write."""
        return self.declined_at is not None and self.owner == self.interviewer

    @property
    def needs_replacement(self) -> bool:
        """Whether the organizers have to find somebody else, or another time."""
        return self.is_on and self.closed_at is None and self.is_declined

    @property
    def is_pending(self) -> bool:
        """Whether a scorecard is still to come, the interview over or not.

        Who can't make it has none to write.
        """
        return self.is_on and self.closed_at is None and not self.is_declined

    @property
    def due_since(self) -> datetime:
        """From when on it is due: its end, or when it was entered after that."""
        return due_since(self.ends_at, self.entered_at)

    def is_due(self, now: datetime) -> bool:
        """Whether it is still to come, and the interview is over."""
        return self.is_pending and self.ends_at <= now

    def is_awaited_from(self, person: str) -> bool:
        """Whether it is still to come, and this person's."""
        return self.is_pending and self.owner == person

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at <= now

    @property
    def people(self) -> frozenset[str]:
        """Who was to hold it, and who gives its scorecard."""
        return frozenset((self.interviewer, self.owner))


def due_since(ends_at: datetime, entered_at: datetime | None) -> datetime:
    """From when on the scorecard of an interview is due."""
    return ends_at if entered_at is None else max(ends_at, entered_at)


def took_part(person: str, due: DueScorecard, closings: Sequence[Closing], now: datetime) -> bool:
    """Whether they held the interview, or have been asked to give its scorecard, as far as is
    known; `closings` are all of it, in order."""
    last = last_closing_by(person, closings)
    has_written = last is not None and last.how is ClosingKind.SCORECARD
    was_there = person == due.interviewer and (due.declined_at is None or has_written)
    is_new_owner = person == due.owner != due.interviewer
    if not due.is_on or not due.has_begun(now) or not (was_there or is_new_owner):
        return False
    return last is None or last.how is not ClosingKind.DID_NOT_INTERVIEW

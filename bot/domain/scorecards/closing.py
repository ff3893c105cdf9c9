"""What becomes of a scorecard that is due: submitted, reassigned, or closed without one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ClosingKind(StrEnum):
    """How an interview's scorecard was settled."""

    SCORECARD = "scorecard"
    DID_NOT_INTERVIEW = "did_not_interview"
    NO_SHOW = "no_show"
    REASSIGNED = "handed_over"
    """To somebody who owes it from then on."""


@dataclass(frozen=True)
class Closing:
    """What somebody said became of an interview; `number` counts them, and the last one holds."""

    workspace: str
    interview: str
    number: int
    how: ClosingKind
    actor: str
    at: datetime
    receiver: str | None = None


WITHOUT_SCORECARD = frozenset({ClosingKind.DID_NOT_INTERVIEW, ClosingKind.NO_SHOW})
"""How an interview is settled without a scorecard, until it is taken back."""


def last_closing_by(person: str, said: Sequence[Closing]) -> Closing | None:
    """What the person said last of an interview, of which this was said in order.

    None where that is nothing, or where its scorecard has been handed to them since.
    """
    for item in reversed(said):
        if item.receiver == person:
            return None
        if item.actor == person:
            return item
    return None


@dataclass(frozen=True)
class DueScorecard:
    """An interview as far as its scorecard goes.

    `candidate` is the candidate's name, `role` the role's title. `interviewer` is the one who was
    to hold it, `owner` the one who gives the scorecard: another once it has been handed over.
    `declined_at` is when the interviewer said that they can't make it, and `closings` counts
    what closed it, the last of which holds.
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

    @property
    def is_on(self) -> bool:
        return self.cancelled_at is None

    @property
    def is_pending(self) -> bool:
        """Whether a scorecard is still to come, the interview over or not."""
        return self.is_on and self.closed_at is None

    def is_due(self, now: datetime) -> bool:
        return self.is_pending and self.ends_at <= now

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at <= now

    @property
    def people(self) -> frozenset[str]:
        """Who was to hold it, and who gives its scorecard."""
        return frozenset((self.interviewer, self.owner))

    @property
    def organizers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.set_up_by, self.recruiter, self.hiring_manager)))

    @property
    def readers(self) -> tuple[str, ...]:
        """Those organisers who read feedback as it arrives."""
        return tuple(dict.fromkeys((self.recruiter, self.hiring_manager)))


def took_part(person: str, due: DueScorecard, said: Sequence[Closing], now: datetime) -> bool:
    """Whether they held the interview, or have been asked to give its scorecard, as far as is
    known; `said` is what was said of it, in order."""
    was_there = person == due.interviewer and due.declined_at is None
    was_handed = person == due.owner != due.interviewer
    if not due.is_on or not due.has_begun(now) or not (was_there or was_handed):
        return False
    word = last_closing_by(person, said)
    return word is None or word.how is not ClosingKind.DID_NOT_INTERVIEW

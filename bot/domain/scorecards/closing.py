"""What becomes of a scorecard that is due: submitted, reassigned, or closed without one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class How(StrEnum):
    """How an interview's scorecard was settled."""

    SCORECARD = "scorecard"
    DID_NOT_INTERVIEW = "did_not_interview"
    NO_SHOW = "no_show"
    HANDED_OVER = "handed_over"
    """To somebody who owes it from then on."""


@dataclass(frozen=True)
class Settlement:
    """What somebody said became of an interview; `number` counts them, and the last one holds."""

    workspace: str
    interview: str
    number: int
    how: How
    actor: str
    at: datetime
    receiver: str | None = None


WITHOUT = frozenset({How.DID_NOT_INTERVIEW, How.NO_SHOW})
"""How an interview is settled without a scorecard, until it is taken back."""


def last_word(person: str, said: Sequence[Settlement]) -> Settlement | None:
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
class Duty:
    """An interview as far as its scorecard goes.

    `candidate` is the candidate's name, `role` the role's title. `interviewer` is the one who was
    to hold it, `owner` the one who gives the scorecard: another once it has been handed over.
    `declined_at` is when the interviewer said that they can't make it, and `settled` counts its
    settlements.
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
    settled_at: datetime | None
    settled: int
    set_up_by: str
    recruiter: str
    hiring_manager: str

    @property
    def is_on(self) -> bool:
        return self.cancelled_at is None

    @property
    def is_pending(self) -> bool:
        """Whether a scorecard is still to come, the interview over or not."""
        return self.is_on and self.settled_at is None

    def is_owed(self, now: datetime) -> bool:
        return self.is_pending and self.ends_at <= now

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at <= now

    @property
    def people(self) -> frozenset[str]:
        """Who was to hold it, and who gives its scorecard."""
        return frozenset((self.interviewer, self.owner))

    @property
    def organisers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.set_up_by, self.recruiter, self.hiring_manager)))

    @property
    def readers(self) -> tuple[str, ...]:
        """Those organisers who read feedback as it arrives."""
        return tuple(dict.fromkeys((self.recruiter, self.hiring_manager)))


def took_part(person: str, duty: Duty, said: Sequence[Settlement], now: datetime) -> bool:
    """Whether they held the interview, or have been asked to give its scorecard, as far as is
    known; `said` is what was said of it, in order."""
    was_there = person == duty.interviewer and duty.declined_at is None
    was_handed = person == duty.owner != duty.interviewer
    if not duty.is_on or not duty.has_begun(now) or not (was_there or was_handed):
        return False
    word = last_word(person, said)
    return word is None or word.how is not How.DID_NOT_INTERVIEW

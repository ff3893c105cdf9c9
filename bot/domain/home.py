"""What a person sees of their own at the app's home."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.reminders import Cadence, Calendar, Reminded, next_look, nudge_at
from bot.domain.scorecards.closing import Duty

LATELY = timedelta(days=1)
"""For so long after somebody opened it their home is kept up to date."""


class Why(StrEnum):
    """Why the next reminder comes."""

    DIGEST = "digest"
    LATER = "later"
    NUDGE = "nudge"


@dataclass(frozen=True)
class Next:
    """When the next reminder comes if all stays as it is, and why."""

    at: datetime
    why: Why


@dataclass(frozen=True)
class Home:
    """What somebody owes and has before them, and how they are reminded.

    `next` is None where no reminder is due. An admin also sees how everybody is reminded.
    """

    now: datetime
    owed: Sequence[Duty]
    coming: Sequence[Duty]
    person: Reminded
    cadence: Cadence
    next: Next | None
    is_admin: bool = False

    @property
    def sleeps(self) -> bool:
        return self.person.calendar(self.cadence).sleeps_at(self.now)


def next_reminder(
    person: Reminded, calendar: Calendar, owed: Iterable[Duty], now: datetime
) -> Next | None:
    """The first of what is to come for what somebody owes; of two at once the digest."""
    duties = list(owed)
    ends = [duty.ends_at for duty in duties]
    own = [duty.ends_at for duty in duties if duty.interviewer == person.person]
    nudges = [nudge_at(calendar, ended) for ended in own]
    moments = [
        (Why.DIGEST, next_look(calendar, ends, now, person.last_digest)),
        (Why.LATER, person.later_at if ends else None),
        *((Why.NUDGE, at) for at in nudges),
    ]
    coming = [
        Next(at, why) for why, at in moments if at is not None and (at > now or why is Why.DIGEST)
    ]
    return min(coming, key=lambda one: one.at, default=None)

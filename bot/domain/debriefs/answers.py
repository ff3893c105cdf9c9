"""By when a candidate hears from us after their interviews, and who is told that it is time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.debriefs.decision import Decision
from bot.domain.panels.panel import Interview
from bot.domain.reminders import Calendar, RemindedPerson, ReminderPolicy

FEWEST_DAYS, USUAL_DAYS, MOST_DAYS = 1, 5, 30
"""Working days after the last interview until the candidate hears, as a workspace chooses."""

AT_MOST = timedelta(days=45)
"""However many of the days in between are free."""

BEFORE = timedelta(days=2)
"""So long before the date its first reminder comes."""


@dataclass(frozen=True)
class Told:
    """That somebody told the candidate."""

    person: str
    at: datetime


class AnswerRung(StrEnum):
    """Which reminder of an answer it is; all end once the candidate has been told."""

    SOON = "soon"
    """To the hiring manager, two days before."""
    TODAY = "today"
    """To the recruiter, on the day."""
    LATE = "late"
    """To both, a working day later."""


@dataclass(frozen=True)
class AnswerReached:
    """A reminder of an answer, which the candidate was to have `by` then, for its recipient: from
    `reached_at` on, once, in the digest of `day`; None while it is still to be told."""

    workspace: str
    application: str
    by: date
    rung: AnswerRung
    recipient: str
    reached_at: datetime
    day: date | None = None


ORDER = tuple(AnswerRung)


@dataclass(frozen=True)
class Answer:
    """What is awaited to a candidate: `by` when they hear, since their last interview `ended_at`.

    `decision` is what was decided about their newest panel, and `told` the last time that they were
    told something.
    """

    by: date
    ended_at: datetime
    decision: Decision | None = None
    told: Told | None = None

    @property
    def is_given(self) -> bool:
        """Whether they know: told after their last interview, and since it was decided last."""
        if self.told is None or self.told.at < self.ended_at:
            return False
        return self.decision is None or self.told.at >= self.decision.counts_at


def last_end(interviews: Iterable[Interview], now: datetime) -> datetime | None:
    """When the last of these interviews that took place ended, if any has."""
    held = (one.ends_at for one in interviews if one.is_on and one.declined_at is None)
    return max((at for at in held if at <= now), default=None)


def recruiter_calendar(
    recruiter: str, people: Mapping[str, RemindedPerson], policy: ReminderPolicy
) -> Calendar:
    """By whose days an answer's date is counted; `people` are those of whom something is known."""
    known = people.get(recruiter, RemindedPerson(policy.workspace, recruiter))
    return known.calendar(policy)


def answer_by(calendar: Calendar, ended_at: datetime, working_days: int = USUAL_DAYS) -> date:
    """The day by which the candidate hears, in the recruiter's calendar."""
    first = calendar.day_of(ended_at)
    days = calendar.working_days_from(first + timedelta(days=1))
    last = first + AT_MOST
    day = first
    for _ in range(working_days):
        day = next(days, last)
    return min(day, last)


def rung_day(rung: AnswerRung, calendar: Calendar, by: date) -> date:
    """The day whose digest reminds somebody with this calendar: a working day of theirs, two days
    before or earlier, and after; for the day itself its own, whatever it is."""
    day = by
    if rung is AnswerRung.SOON:
        latest = by - BEFORE
        week = (latest - timedelta(days=number) for number in range(7))
        day = next((one for one in week if calendar.works_on(one)), latest)
    elif rung is AnswerRung.LATE:
        after = by + timedelta(days=1)
        day = next(calendar.working_days_from(after), after)
    return day


def late_from(calendar: Calendar, by: date) -> datetime:
    """From when on the answer is late: once its day is over."""
    return calendar.at(by + timedelta(days=1), time())


def rung_recipients(rung: AnswerRung, manager: str, recruiter: str) -> Sequence[str]:
    both = {
        AnswerRung.SOON: (manager,),
        AnswerRung.TODAY: (recruiter,),
        AnswerRung.LATE: (manager, recruiter),
    }
    return tuple(dict.fromkeys(both[rung]))

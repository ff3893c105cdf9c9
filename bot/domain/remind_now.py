"""*Remind now*: when a reminder comes that an organizer has asked for."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.reminders import Calendar

WAKES, SLEEPS = time(8), time(20)
"""Between these hours of a person's working day a reminder comes at once."""

NOON = time(12)


class RemindOutcome(StrEnum):
    """What becomes of a reminder that was asked for, or why it comes later or not at all."""

    NOW = "now"
    MORNING = "morning"
    """Outside the person's hours."""
    DAY_OFF = "day_off"
    PAUSED = "paused"
    """They have paused their reminders, or put them off."""
    ALREADY = "already"
    """The scorecard was reminded of on that day."""
    UNREACHABLE = "unreachable"
    """They have left, or are a guest by now."""
    NEVER = "never"
    """They have no working days."""


@dataclass(frozen=True)
class RemindRequest:
    """That an organizer asked for a reminder of an interview's scorecard: it comes `at`, which is
    on `day` in the calendar of the person whose it is. There is one of each interview and day."""

    workspace: str
    interview: str
    day: date
    person: str
    actor: str
    at: datetime


@dataclass(frozen=True)
class Reminded:
    """What became of the reminder to one person: about `count` scorecards, `at` that moment where
    it comes later. `zone` is the organizer's, and `because` follows the person's name."""

    person: str
    count: int
    outcome: RemindOutcome
    at: datetime | None = None
    zone: str = "UTC"
    because: str = ""


def reminder_comes(calendar: Calendar, now: datetime) -> tuple[RemindOutcome, datetime | None]:
    """When somebody is reminded who is to be reminded now, and why not at once."""
    day = calendar.day_of(now)
    if calendar.sleeps_at(now):
        outcome = RemindOutcome.PAUSED
    elif not calendar.works_on(day):
        outcome = RemindOutcome.DAY_OFF
    elif calendar.at(day, WAKES) <= now < calendar.at(day, SLEEPS):
        return RemindOutcome.NOW, now
    else:
        outcome = RemindOutcome.MORNING
    at = next_morning(calendar, now)
    return (outcome, at) if at is not None else (RemindOutcome.NEVER, None)


def next_morning(calendar: Calendar, now: datetime) -> datetime | None:
    """The person's next morning: with the digest, where that comes before noon, so that one
    message says all; None where there is no working day."""
    for day in calendar.working_days_from(calendar.day_of(now)):
        wakes, digest = calendar.at(day, WAKES), calendar.digest_at(day)
        mornings = (digest, wakes) if digest <= calendar.at(day, NOON) else (wakes,)
        for moment in mornings:
            if moment >= now and not calendar.sleeps_at(moment):
                return moment
    return None


def expires(calendar: Calendar, day: date) -> datetime:
    """The end of that day."""
    return calendar.at(day + timedelta(days=1), time())

"""How lateness climbs: who else hears that a scorecard is late, and when; and when organizers hear
that somebody can't make an interview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.organizers import Organized
from bot.domain.reminders import (
    Calendar,
    MissingReplacement,
    ReminderPolicy,
    chase_ends,
    next_digest,
    working_days_after,
)


class Rung(StrEnum):
    """What is told of a scorecard that is due, in the order in which it is; and of an interview
    that its interviewer can't make, while nobody has taken their place."""

    LATE = "late"
    """To the hiring manager: whose it is, and since when it is late."""
    OVERDUE = "overdue"
    """To the recruiter, with what can be done."""
    END = "end"
    """To the organizers: its owner is no longer reminded."""
    AT_ONCE = "at_once"
    """To the organizers, in a message of its own: the interview is near."""
    DECLINED = "declined"
    """To the organizers, in their next digest: it is not."""
    DAY_BEFORE = "day_before"
    """To them, once more."""


ORDER = (Rung.LATE, Rung.OVERDUE, Rung.END)
DECLINES = frozenset({Rung.AT_ONCE, Rung.DECLINED, Rung.DAY_BEFORE})


@dataclass(frozen=True)
class Reached:
    """A rung that a scorecard, due `since` then, reached at that moment: `days` working days later;
    or one of an interview that was declined then.

    It is told to its recipient once, in the digest of `day`; None while it is still to be told.
    """

    workspace: str
    interview: str
    since: datetime
    rung: Rung
    days: int
    recipient: str
    reached_at: datetime
    day: date | None = None


def late_since(calendar: Calendar, due_since: datetime) -> datetime:
    """From when on a scorecard is late: once it has been due for a working day."""
    return working_days_after(calendar, due_since, 1)


def late(
    calendar: Calendar, due_since: Mapping[str, datetime], now: datetime
) -> dict[str, datetime]:
    """Those of the interviews whose scorecard is late by now, each with since when."""
    since = {interview: late_since(calendar, moment) for interview, moment in due_since.items()}
    return {interview: moment for interview, moment in since.items() if moment <= now}


def rungs(
    policy: ReminderPolicy, calendar: Calendar, since: datetime
) -> Sequence[tuple[Rung, int, datetime]]:
    """The rungs of a scorecard that is due since then, each with how many working days later, and
    when, by the calendar of whose it is. A rung after no days is left out."""
    found = [
        (rung, days, working_days_after(calendar, since, days))
        for rung, days in (
            (Rung.LATE, policy.manager_after),
            (Rung.OVERDUE, policy.recruiter_after),
        )
        if days
    ]
    return [*found, (Rung.END, policy.chase_days, chase_ends(calendar, since))]


def recipients(rung: Rung, organized: Organized, owner: str) -> Sequence[str]:
    """Who is told, each once: never whose scorecard it is, for whom another organizer hears of it
    where there is one."""
    by_rung = {
        Rung.LATE: (organized.hiring_manager,),
        Rung.OVERDUE: (organized.recruiter, organized.hiring_manager, organized.set_up_by),
        Rung.END: organized.organizers,
    }
    others = [one for one in dict.fromkeys(by_rung[rung]) if one != owner]
    return others if rung is Rung.END else others[:1]


def instead(rung: Rung, organized: Organized, owner: str, gone: str) -> Sequence[str]:
    """Who is told where a recipient has left or is a guest by now: another organizer, if any; of
    the end, and of who can't make an interview, they are told anyway."""
    if rung is Rung.END or rung in DECLINES:
        return ()
    readers_first = (*organized.readers, organized.set_up_by)
    return [one for one in dict.fromkeys(readers_first) if one not in (owner, gone)][:1]


def is_near(calendar: Calendar, declined_at: datetime, starts_at: datetime) -> bool:
    """Whether an organizer hears at once that an interview was declined: it is within one working
    day of theirs, or no digest comes before it."""
    if starts_at <= working_days_after(calendar, declined_at, 1):
        return True
    digest_at = next_digest(calendar, declined_at)
    return digest_at is None or digest_at >= starts_at


def untold_of(
    calendar: Calendar, one: MissingReplacement, told: Mapping[Rung, date]
) -> Sequence[Reached]:
    """What an organizer is still to be told of an interview that was declined, by or after this
    moment; `told` has for each rung of it in which day's digest, or on which day, it was."""
    ids = (one.workspace, one.interview, one.declined_at)
    found = []
    first = told.get(Rung.AT_ONCE) or told.get(Rung.DECLINED)
    if first is None:
        found.append(Reached(*ids, Rung.DECLINED, 0, one.organizer, one.declined_at))
        digest_at = next_digest(calendar, one.declined_at)
        first = calendar.day_of(digest_at) if digest_at is not None else None
    before = _day_before(calendar, one.starts_at, first)
    if before is not None and Rung.DAY_BEFORE not in told:
        at = calendar.at(before, time())
        found.append(Reached(*ids, Rung.DAY_BEFORE, 0, one.organizer, at))
    return found


def _day_before(calendar: Calendar, starts_at: datetime, first: date | None) -> date | None:
    """The last day before that of the interview on which a digest can come, after the day on which
    it is told for the first time."""
    day = calendar.day_of(starts_at) - timedelta(days=1)
    while first is not None and day > first:
        if calendar.works_on(day) and not calendar.sleeps_at(calendar.digest_at(day)):
            return day
        day -= timedelta(days=1)
    return None

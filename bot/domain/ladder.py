"""How lateness climbs: who else hears that a scorecard is late, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.organizers import Organized
from bot.domain.reminders import Calendar, ReminderPolicy, chase_ends, working_days_after


class Rung(StrEnum):
    """What is told of a scorecard that is due, in the order in which it is."""

    LATE = "late"
    """To the hiring manager: whose it is, and since when it is late."""
    OVERDUE = "overdue"
    """To the recruiter, with what can be done."""
    END = "end"
    """To the organizers: its owner is no longer reminded."""


ORDER = tuple(Rung)


@dataclass(frozen=True)
class Reached:
    """A rung that a scorecard, due `since` then, reached at that moment: `days` working days later.

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
    the end they are told anyway."""
    if rung is Rung.END:
        return ()
    readers_first = (*organized.readers, organized.set_up_by)
    return [one for one in dict.fromkeys(readers_first) if one not in (owner, gone)][:1]

"""Daily reminders of scorecards that are owed: at whose morning, and until when.

Every moment is in UTC, and every day is one of the owing person's calendar. Wall times become
moments by local date: one that does not exist, since clocks are put forward, is taken as much later
as they are; of one that there is twice the first is meant.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NUDGE_AFTER = timedelta(hours=1)
OPENS, CLOSES = time(9), time(18)
"""Within these hours of a working day a nudge may come."""

CHASE_DAYS = 10
EARLIEST_HOUR, LATEST_HOUR = 5, 20
FARTHEST = 400
"""Days that are looked ahead for a working day; a calendar without one by then has none."""

WEEKDAYS = frozenset(range(5))
MOST_SHOWN = 10


@dataclass(frozen=True)
class Calendar:
    """When a person works, and wants to be reminded; Monday is 0."""

    zone: str = "UTC"
    hour: int = OPENS.hour
    working_days: frozenset[int] = WEEKDAYS
    days_off: frozenset[date] = frozenset()
    chase_days: int = CHASE_DAYS
    snoozed_until: datetime | None = None

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def at(self, day: date, wall: time) -> datetime:
        """The moment at which a clock on the person's wall shows this."""
        return datetime.combine(day, wall, ZoneInfo(self.zone)).astimezone(UTC)

    def digest_at(self, day: date) -> datetime:
        return self.at(day, time(self.hour))

    def works_on(self, day: date) -> bool:
        """Whether it is a working day; one that the zone has skipped is none."""
        is_free = day.weekday() not in self.working_days or day in self.days_off
        return not is_free and self.day_of(self.digest_at(day)) == day

    def sleeps_at(self, moment: datetime) -> bool:
        """Whether the person has asked to hear nothing at that moment."""
        return self.snoozed_until is not None and moment < self.snoozed_until

    def working_days_from(self, day: date) -> Iterator[date]:
        days = (day + timedelta(days=number) for number in range(FARTHEST))
        return (day for day in days if self.works_on(day))


@dataclass(frozen=True)
class Cadence:
    """How a workspace reminds, where people have made no other choice."""

    workspace: str
    hour: int = OPENS.hour
    working_days: frozenset[int] = WEEKDAYS
    holidays: frozenset[date] = frozenset()
    chase_days: int = CHASE_DAYS


@dataclass(frozen=True)
class Reminded:
    """A person as far as reminders go.

    `hour` and `working_days` are their own choice, None where they have made none.
    `next_digest_at` is when it has to be looked at whether they get a digest, None while they owe
    nothing: it follows from the rest. `last_digest` is the day of the last one, and `later_at` when
    they asked to be reminded again.
    """

    workspace: str
    person: str
    zone: str = "UTC"
    hour: int | None = None
    working_days: frozenset[int] | None = None
    days_off: frozenset[date] = frozenset()
    snoozed_until: datetime | None = None
    next_digest_at: datetime | None = None
    last_digest: date | None = None
    later_at: datetime | None = None

    def calendar(self, cadence: Cadence) -> Calendar:
        own = self.working_days
        return Calendar(
            zone=self.zone,
            hour=cadence.hour if self.hour is None else self.hour,
            working_days=cadence.working_days if own is None else own,
            days_off=self.days_off | cadence.holidays,
            chase_days=cadence.chase_days,
            snoozed_until=self.snoozed_until,
        )


@dataclass(frozen=True)
class Debt:
    """A scorecard that has not been given: for which interview, by whom, since when."""

    workspace: str
    interview: str
    owner: str
    ends_at: datetime


def next_digest(calendar: Calendar, since: datetime) -> datetime | None:
    """The first digest moment at or after this one; None where there is no working day."""
    for day in calendar.working_days_from(calendar.day_of(since)):
        moment = calendar.digest_at(day)
        if moment >= since and not calendar.sleeps_at(moment):
            return moment
    return None


def digest_day(calendar: Calendar, now: datetime, last: date | None) -> date | None:
    """The day whose digest is due: today, once its moment has come, and never any day before.

    After an outage of days there is one digest, not one for each of them.
    """
    today = calendar.day_of(now)
    moment = calendar.digest_at(today)
    is_due = calendar.works_on(today) and moment <= now and not calendar.sleeps_at(moment)
    return today if is_due and today != last else None


def digest_expires(calendar: Calendar, day: date) -> datetime:
    """The end of the day: a digest that has not been sent by then is not sent."""
    return calendar.at(day + timedelta(days=1), time())


def nudge_at(calendar: Calendar, ended_at: datetime) -> datetime | None:
    """When to nudge once about an interview, if at all; what comes with a digest needs none."""
    moment = ended_at + NUDGE_AFTER
    day = calendar.day_of(moment)
    in_hours = calendar.at(day, OPENS) <= moment < calendar.at(day, CLOSES)
    comes = calendar.works_on(day) and in_hours and moment != calendar.digest_at(day)
    return moment if comes and not calendar.sleeps_at(moment) else None


def nudge_expires(calendar: Calendar, moment: datetime) -> datetime:
    """The end of the working hours that the nudge falls into."""
    return calendar.at(calendar.day_of(moment), CLOSES)


def chase_ends(calendar: Calendar, ended_at: datetime) -> datetime:
    """When reminding of an interview stops: some working days later, at the hour it ended.

    What ended on a free day counts as ended with that day.
    """
    wall = ended_at.astimezone(ZoneInfo(calendar.zone))
    day = wall.date()
    was_free = not calendar.works_on(day)
    days = calendar.working_days_from(day + timedelta(days=1))
    for _ in range(calendar.chase_days):
        day = next(days, day + timedelta(days=1))
    if was_free:
        return calendar.at(day + timedelta(days=1), time())
    return calendar.at(day, wall.time())


def is_chased(calendar: Calendar, ended_at: datetime, now: datetime) -> bool:
    """Whether an interview that ended then, its scorecard still owed, is reminded of."""
    return ended_at <= now < chase_ends(calendar, ended_at)


def listed(calendar: Calendar, day: date, ends: Iterable[datetime]) -> list[datetime]:
    """The ends of what a day's digest lists, whenever it is sent: what was owed at its moment."""
    moment = calendar.digest_at(day)
    return [ended for ended in ends if is_chased(calendar, ended, moment)]


def next_look(
    calendar: Calendar, ends: Iterable[datetime], now: datetime, last: date | None
) -> datetime | None:
    """When it has to be looked at next whether there is a digest, from the ends of what is owed.

    What `next_digest_at` is to be, whatever it was: a moment gone by where today's is still due.
    """
    ends = list(ends)
    today = digest_day(calendar, now, last)
    if today is not None and listed(calendar, today, ends):
        return calendar.digest_at(today)
    if not any(is_chased(calendar, ended, now) for ended in ends):
        return None
    tomorrow = calendar.at(calendar.day_of(now) + timedelta(days=1), time())
    later = tomorrow if calendar.day_of(now) == last else now
    return next_digest(calendar, later)

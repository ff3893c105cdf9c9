"""Daily reminders of scorecards that are owed: at whose morning, and until when.

Every moment is in UTC, and every day is one of the owing person's calendar. Wall times become
moments by local date: one that does not exist, since clocks are put forward, is taken as much later
as they are; of one that there is twice the first is meant.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.dates import clock_hour
from bot.domain.holidays import (
    COMPANY,
    NO_COUNTRY,
    countries_with_holidays,
    country_of_zone,
    is_public_holiday,
)
from bot.errors import UserError

HOUR = 9
NUDGE_AFTER = timedelta(hours=1)
LATER = timedelta(hours=1)
"""For how long somebody puts a digest off."""

OPENS, CLOSES = 9, 18
CHASE_DAYS = 10
"""How a workspace reminds that has chosen nothing else."""

MANAGER_AFTER, RECRUITER_AFTER = 1, 3
"""Working days after which the hiring manager hears that a scorecard is late, and the recruiter."""

LADDER_AFTER = (0, 1, 2, 3, 5)
"""What may be chosen for either: 0 for never."""

NUDGES_AFTER = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 240))
CHASED_FOR = (3, 5, 10, 15, 20)
"""What may be chosen: how long after an interview's end it is nudged about, and for how many
working days it is reminded of."""

EARLIEST_HOUR, LATEST_HOUR = 5, 20
EARLIEST_OPENING, LATEST_CLOSING = 0, 23
FARTHEST = 400
"""Days that are looked ahead for a working day; a calendar without one by then has none."""

HOURS = range(EARLIEST_HOUR, LATEST_HOUR + 1)
OPENING, CLOSING = range(EARLIEST_OPENING, LATEST_CLOSING), range(1, LATEST_CLOSING + 1)
WEEK = range(7)
WEEKDAYS = frozenset(range(5))
MOST_SHOWN = 10
MOST_REPLACED = 5
"""Scorecards, and interviews to find somebody for, that one digest lists."""

MOST_HOLIDAYS = 200


@dataclass(frozen=True)
class Calendar:
    """When a person works, and wants to be reminded; Monday is 0.

    A nudge comes `nudge_after` an interview's end, where that is not None, if it falls into the
    hours of a working day, from `opens` until before `closes`. The public holidays of `country`, if
    there is one, are no working days.
    """

    zone: str = "UTC"
    hour: int = HOUR
    working_days: frozenset[int] = WEEKDAYS
    days_off: frozenset[date] = frozenset()
    chase_days: int = CHASE_DAYS
    nudge_after: timedelta | None = NUDGE_AFTER
    opens: int = OPENS
    closes: int = CLOSES
    snoozed_until: datetime | None = None
    country: str | None = None

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def at(self, day: date, wall: time) -> datetime:
        """The moment at which a clock on the person's wall shows this."""
        return datetime.combine(day, wall, ZoneInfo(self.zone)).astimezone(UTC)

    def digest_at(self, day: date) -> datetime:
        return self.at(day, time(self.hour))

    def works_on(self, day: date) -> bool:
        """Whether it is a working day; one that the zone has skipped is none."""
        if day.weekday() not in self.working_days or day in self.days_off:
            return False
        return not is_public_holiday(self.country, day) and self.day_of(self.digest_at(day)) == day

    def sleeps_at(self, moment: datetime) -> bool:
        """Whether the person has asked to hear nothing at that moment."""
        return self.snoozed_until is not None and moment < self.snoozed_until

    def working_days_from(self, day: date) -> Iterator[date]:
        days = (day + timedelta(days=number) for number in range(FARTHEST))
        return (day for day in days if self.works_on(day))


@dataclass(frozen=True)
class ReminderPolicy:
    """How a workspace reminds; hour and working days hold where people have made no other choice.

    Nudges come `nudge_after` an interview's end, or never, between the hours `opens` and `closes`.
    `company_days` are the holidays in the company's own calendar, which is kept apart; None where
    it has none. With `public_holidays` everybody also has those of their country. Both hold where
    people have made no other choice.
    """

    workspace: str
    hour: int = HOUR
    working_days: frozenset[int] = WEEKDAYS
    holidays: frozenset[date] = frozenset()
    chase_days: int = CHASE_DAYS
    nudge_after: timedelta | None = NUDGE_AFTER
    opens: int = OPENS
    closes: int = CLOSES
    manager_after: int = MANAGER_AFTER
    recruiter_after: int = RECRUITER_AFTER
    public_holidays: bool = True
    company_days: frozenset[date] | None = None

    def check(self) -> None:
        """Raises UserError where it cannot be kept."""
        if self.closes in CLOSING and self.opens in OPENING and self.closes <= self.opens:
            raise UserError(
                f"Reminders after an interview can't go from {clock_hour(self.opens)} to "
                f"{clock_hour(self.closes)}. Choose an end that's later than the start."
            )
        if wrong_fields(self):
            raise UserError("Choose one of the values that are offered.")
        if len(self.holidays) > MOST_HOLIDAYS:
            raise UserError(f"There are already {MOST_HOLIDAYS} holidays. Remove some first.")


def check_not_before(first: date, days: Iterable[date]) -> None:
    """Raises UserError where one of the days comes before the first that makes sense."""
    if any(day < first for day in days):
        raise UserError("This day has passed. Choose a later one.")


@dataclass(frozen=True)
class RemindedPerson:
    """A person as far as reminders go.

    `hour` and `working_days` are their own choice, None where they have made none.
    `next_digest_at` is when it has to be looked at whether they get a digest, None while they owe
    nothing: it follows from the rest. `last_digest` is the day of the last one, and `later_at` when
    they asked to be reminded again. `holiday_country` is whose public holidays they have chosen:
    None for those of their zone's country and the company's calendar, `COMPANY` for the latter
    alone, `NO_COUNTRY` for none.
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
    holiday_country: str | None = None

    def check(self) -> None:
        """Raises UserError where it cannot be kept."""
        if wrong_fields(self):
            raise UserError("Choose one of the values that are offered.")

    def calendar(self, policy: ReminderPolicy) -> Calendar:
        own, company = self.working_days, self.company_days(policy)
        return Calendar(
            zone=self.zone,
            hour=policy.hour if self.hour is None else self.hour,
            working_days=policy.working_days if own is None else own,
            days_off=self.days_off | policy.holidays | (company or frozenset()),
            chase_days=policy.chase_days,
            nudge_after=policy.nudge_after,
            opens=policy.opens,
            closes=policy.closes,
            snoozed_until=self.snoozed_until,
            country=self.country(policy),
        )

    def country(self, policy: ReminderPolicy) -> str | None:
        """Whose public holidays they have, if any."""
        if self.chosen_holidays(policy) is None:
            return country_of_zone(self.zone) if policy.public_holidays else None
        return None if self.holiday_country == COMPANY else self.holiday_country or None

    def chosen_holidays(self, policy: ReminderPolicy) -> str | None:
        """Their choice: none where it is of a calendar that there no longer is."""
        is_gone = self.holiday_country == COMPANY and policy.company_days is None
        return None if is_gone else self.holiday_country

    def company_days(self, policy: ReminderPolicy) -> frozenset[date] | None:
        """The days in the company's calendar; None where there is none, or it is not theirs."""
        return policy.company_days if self.holiday_country in (None, COMPANY) else None


AnyChoices = TypeVar("AnyChoices", ReminderPolicy, RemindedPerson)


def wrong_fields(of: ReminderPolicy | RemindedPerson) -> list[str]:
    """Which of the choices no calendar can be made with."""
    days = WEEKDAYS if of.working_days is None else of.working_days
    is_right = {
        "hour": of.hour is None or of.hour in HOURS,
        "working_days": days <= frozenset(WEEK),
    }
    if isinstance(of, ReminderPolicy):
        is_right |= {
            "chase_days": of.chase_days in CHASED_FOR,
            "nudge_after": of.nudge_after is None or of.nudge_after in NUDGES_AFTER,
            "manager_after": of.manager_after in LADDER_AFTER,
            "recruiter_after": of.recruiter_after in LADDER_AFTER,
            "opens": of.opens in OPENING,
            "closes": of.closes in CLOSING and (of.opens not in OPENING or of.opens < of.closes),
        }
    else:
        is_right["zone"] = is_zone(of.zone)
        is_right["holiday_country"] = (
            of.holiday_country in (None, NO_COUNTRY, COMPANY)
            or of.holiday_country in countries_with_holidays()
        )
    return [name for name, right in is_right.items() if not right]


def with_defaults(of: AnyChoices) -> AnyChoices:
    """The same, with the default for each choice that no calendar can be made with."""
    defaults: dict[str, Any] = {one.name: one.default for one in fields(of)}
    return replace(of, **{name: defaults[name] for name in wrong_fields(of)})


@cache
def is_zone(name: str) -> bool:
    """Whether there is a time zone of this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@dataclass(frozen=True)
class Due:
    """Something that somebody is reminded of from `since` on, for so many working days after
    `counted_from`; until it is told, where that is None."""

    since: datetime
    counted_from: datetime | None

    @classmethod
    def scorecard(cls, since: datetime) -> Self:
        """A scorecard, which is due since then."""
        return cls(since, since)

    @property
    def is_news(self) -> bool:
        return self.counted_from is None

    @classmethod
    def news(cls, reached_at: datetime) -> Self:
        """Something that an organizer is told once."""
        return cls(reached_at, None)


@dataclass(frozen=True)
class PutOff:
    """When somebody who has put off a reminder is reminded again, if at all, and their zone."""

    at: datetime | None
    zone: str


@dataclass(frozen=True)
class MissingScorecard:
    """A scorecard that has not been given: for which interview, by whom, since when it is due."""

    workspace: str
    interview: str
    owner: str
    since: datetime

    @property
    def due(self) -> Due:
        return Due.scorecard(self.since)


@dataclass(frozen=True)
class MissingReplacement:
    """An interview whose interviewer can't make it: who is to find another, and since when.

    `zone` is the one in which it was set up.
    """

    workspace: str
    interview: str
    organizer: str
    declined_at: datetime
    starts_at: datetime
    ends_at: datetime
    zone: str = "UTC"


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


def nudge_at(
    calendar: Calendar, ended_at: datetime, entered_at: datetime | None = None
) -> datetime | None:
    """When to nudge once about an interview, if at all; what comes with a digest needs none.

    Nor does one that was entered when its nudge would have come: the kit was sent just then.
    """
    if calendar.nudge_after is None:
        return None
    moment = ended_at + calendar.nudge_after
    if entered_at is not None and moment <= entered_at:
        return None
    day = calendar.day_of(moment)
    opens, closes = calendar.at(day, time(calendar.opens)), calendar.at(day, time(calendar.closes))
    in_hours = opens <= moment < closes
    comes = calendar.works_on(day) and in_hours and moment != calendar.digest_at(day)
    return moment if comes and not calendar.sleeps_at(moment) else None


def nudge_expires(calendar: Calendar, moment: datetime) -> datetime:
    """The end of the working hours that the nudge falls into."""
    return calendar.at(calendar.day_of(moment), time(calendar.closes))


def chase_ends(calendar: Calendar, ended_at: datetime) -> datetime:
    """When reminding of an interview stops: some working days later, at the hour it ended.

    What ended on a free day counts as ended with that day.
    """
    return working_days_after(calendar, ended_at, calendar.chase_days)


def working_days_after(calendar: Calendar, ended_at: datetime, number: int) -> datetime:
    """The same hour so many working days later; of a free day the end counts."""
    wall = ended_at.astimezone(ZoneInfo(calendar.zone))
    day = wall.date()
    was_free = not calendar.works_on(day)
    days = calendar.working_days_from(day + timedelta(days=1))
    for _ in range(number):
        day = next(days, day + timedelta(days=1))
    if was_free:
        return calendar.at(day + timedelta(days=1), time())
    return calendar.at(day, wall.time())


def is_chased(calendar: Calendar, due: Due, now: datetime) -> bool:
    """Whether somebody is reminded of something that is due from them still."""
    if due.counted_from is None:
        return due.since <= now
    return due.since <= now < chase_ends(calendar, due.counted_from)


def listed(calendar: Calendar, day: date, dues: Iterable[Due]) -> list[Due]:
    """What a day's digest lists, whenever it is sent: what was due at its moment."""
    moment = calendar.digest_at(day)
    return [due for due in dues if is_chased(calendar, due, moment)]


def next_check(
    calendar: Calendar, dues: Iterable[Due], now: datetime, last: date | None
) -> datetime | None:
    """When it has to be looked at next whether there is a digest, from what is due.

    What `next_digest_at` is to be, whatever it was: a moment gone by where today's is still due.
    """
    dues = list(dues)
    today = digest_day(calendar, now, last)
    if today is not None and listed(calendar, today, dues):
        return calendar.digest_at(today)
    tomorrow = calendar.at(calendar.day_of(now) + timedelta(days=1), time())
    return following_digest(calendar, dues, tomorrow if calendar.day_of(now) == last else now)


def following_digest(calendar: Calendar, dues: Iterable[Due], since: datetime) -> datetime | None:
    """The first digest at or after a moment that lists any of this; None where by then nobody is
    reminded of any of what is due any more."""
    dues = list(dues)
    moment = next_digest(calendar, since)
    if moment is not None and any(is_chased(calendar, due, moment) for due in dues):
        return moment
    later = (next_digest(calendar, due.since) for due in dues if due.since > since)
    return min((at for at in later if at is not None), default=None)

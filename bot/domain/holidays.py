"""Public holidays by country, and which country a time zone is in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

from bot.errors import UserError

NO_COUNTRY = ""
"""Chosen by somebody whose reminders are to come on public holidays too."""

COMPANY = "@"
"""Chosen in a country's place by somebody who has the days in the company's calendar instead."""

HOLIDAYS_FILE = "holidays.ics"
"""A company's calendar in its content folder."""

MOST_DAYS_OFF = 400
MOST_AT_ONCE = 366
"""How many days off somebody may have ahead of them, and take in one range."""


@lru_cache(maxsize=4096)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Those of the whole country; none of a country that nobody knows."""
    from holidays import country_holidays  # takes long to load, and many processes need none

    try:
        return frozenset(country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def is_public_holiday(country: str | None, day: date) -> bool:
    return bool(country) and day in public_holidays(str(country), day.year)


@cache
def countries_with_holidays() -> frozenset[str]:
    """Their two letters."""
    from holidays.registry import EntityLoader

    return frozenset(
        code for code in EntityLoader.get_country_codes(include_aliases=False) if len(code) == 2
    )


@cache
def country_of_zone(zone: str) -> str | None:
    """The country that a time zone is of; None for one that is of none, such as UTC.

    Zones by an older name are in the country of what they are called today.
    """
    found = _countries()
    return found.get(zone) or found.get(_renamed().get(zone, zone))


@cache
def _countries() -> dict[str, str]:
    rows = (line.split("\t") for line in _lines("zone.tab"))
    return {zone: country for country, _, zone, *_ in rows}


@cache
def _renamed() -> dict[str, str]:
    """What each zone is called today that once had another name."""
    rows = (line.split() for line in _lines("tzdata.zi") if line.startswith("L "))
    return {old: new for _, new, old in rows}


def _lines(name: str) -> list[str]:
    text = (files("tzdata.zoneinfo") / name).read_text("utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


@dataclass(frozen=True)
class DayRange:
    """Days in a row, the last included."""

    first: date
    last: date

    @property
    def days(self) -> frozenset[date]:
        count = (self.last - self.first).days + 1
        return frozenset(self.first + timedelta(days=number) for number in range(count))

    def check(self) -> None:
        """Raises UserError where nobody could mean it."""
        if self.last < self.first:
            raise UserError("The last day off is before the first. Choose a later one.")
        if (self.last - self.first).days >= MOST_AT_ONCE:
            raise UserError("That's more than a year. Choose an earlier last day.")


def ranges_of(days: Iterable[date]) -> Sequence[DayRange]:
    """The days, first to last, as few ranges as they make."""
    found: list[DayRange] = []
    for day in sorted(set(days)):
        if found and (day - found[-1].last).days == 1:
            found[-1] = DayRange(found[-1].first, day)
        else:
            found.append(DayRange(day, day))
    return found


class CalendarSource(StrEnum):
    """Where a company's calendar of holidays is read from."""

    ADDRESS = "address"
    FILE = "file"


@dataclass(frozen=True)
class HolidayCalendar:
    """A company's own calendar: the days in it when it was last read, at `fetched_at`.

    It is read again at `fetch_at`. `fault` says why that failed the last time, None where it
    worked; the days from before hold meanwhile.
    """

    workspace: str
    source: CalendarSource
    url: str | None = None
    etag: str | None = None
    days: frozenset[date] = frozenset()
    fetched_at: datetime | None = None
    fetch_at: datetime | None = None
    fault: str | None = None

    @property
    def where(self) -> str:
        """The file's name, or the host: the rest of an address may be a secret."""
        if self.source is CalendarSource.FILE:
            return HOLIDAYS_FILE
        return urlsplit(self.url or "").hostname or ""

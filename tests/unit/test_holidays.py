"""Which days nobody works on: of which country, and in which ranges."""

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.holidays import (
    NO_COUNTRY,
    DayRange,
    countries_with_holidays,
    country_of_zone,
    public_holidays,
    ranges_of,
)
from bot.domain.openings.places import countries
from bot.domain.reminders import Calendar, RemindedPerson, ReminderPolicy, next_digest
from bot.errors import UserError

UNITY_DAY = date(2025, 10, 3)
"""A Friday."""


def test_in_munich_october_3_is_a_holiday_and_in_london_a_working_day() -> None:
    assert not Calendar("Europe/Berlin", country="DE").works_on(UNITY_DAY)
    assert Calendar("Europe/London", country="GB").works_on(UNITY_DAY)
    assert Calendar("Europe/Berlin").works_on(UNITY_DAY)


def test_the_digest_of_a_holiday_comes_on_the_next_working_day() -> None:
    calendar = RemindedPerson("T1", "U1", "Europe/Berlin").calendar(ReminderPolicy("T1"))
    moment = next_digest(calendar, calendar.digest_at(UNITY_DAY))
    assert moment == calendar.digest_at(date(2025, 10, 6))


@pytest.mark.parametrize(
    ("zone", "chosen", "is_on", "country"),
    [
        ("Europe/Berlin", None, True, "DE"),
        ("Europe/Berlin", None, False, None),
        ("Europe/Berlin", "AT", True, "AT"),
        ("Europe/Berlin", "AT", False, "AT"),
        ("Europe/Berlin", NO_COUNTRY, True, None),
        ("UTC", None, True, None),
    ],
)
def test_ones_own_choice_comes_before_the_workspaces_and_that_before_the_zones(
    zone: str, chosen: str | None, is_on: bool, country: str | None
) -> None:
    person = RemindedPerson("T1", "U1", zone, holiday_country=chosen)
    assert person.country(ReminderPolicy("T1", public_holidays=is_on)) == country


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("America/New_York", "US"),
        ("US/Eastern", "US"),
        ("Asia/Calcutta", "IN"),
        ("America/Buenos_Aires", "AR"),
        ("GB", "GB"),
        ("Etc/GMT+3", None),
        ("UTC", None),
        ("Mars/Base", None),
    ],
)
def test_a_zone_is_of_the_country_that_it_is_in_by_an_older_name_too(
    zone: str, country: str | None
) -> None:
    assert country_of_zone(zone) == country


def test_every_zone_of_a_place_has_a_country_whose_holidays_are_known() -> None:
    places = [zone for zone in available_timezones() if "/" in zone and "Etc/" not in zone]
    unknown = {country_of_zone(zone) for zone in places} - countries_with_holidays()
    assert unknown == set()


def test_every_country_that_is_offered_has_a_name() -> None:
    assert countries_with_holidays() - set(countries()) <= {"XK"}


def test_of_a_country_that_nobody_knows_no_day_is_a_holiday() -> None:
    assert public_holidays("XX", 2026) == frozenset()


DAYS = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=60)


@given(DAYS)
def test_ranges_hold_the_same_days_and_no_two_of_them_touch(days: frozenset[date]) -> None:
    ranges = ranges_of(days)
    assert frozenset().union(*(one.days for one in ranges)) == days
    assert sum(len(one.days) for one in ranges) == len(days)
    for one, next_one in pairwise(ranges):
        assert next_one.first - one.last > timedelta(days=1)


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(-400, 800))
def test_a_range_is_a_year_at_most_and_never_backwards(first: date, length: int) -> None:
    days = DayRange(first, first + timedelta(days=length))
    if 0 <= length < 366:
        days.check()
        assert len(days.days) == length + 1
    else:
        with pytest.raises(UserError):
            days.check()

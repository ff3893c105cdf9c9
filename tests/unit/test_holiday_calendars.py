"""Which days are off by a company's own calendar, whoever's program wrote it."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.library.holidays import AHEAD, BACK, UnreadableCalendar, days_in, read_days
from tests.support.calendars import (
    APPLE,
    EVERY_DAY,
    GOOGLE,
    OUTLOOK,
    WITHOUT_END,
    calendar,
)

TODAY = date(2026, 12, 1)


def days(content: bytes) -> list[str]:
    found = days_in(content, TODAY - BACK, TODAY + AHEAD)
    return [day.isoformat() for day in sorted(found)]


def test_google_days_on_which_people_work_are_no_holidays() -> None:
    assert days(GOOGLE) == ["2026-12-24", "2026-12-31", "2027-01-01"]


def test_outlook_whole_days_have_hours_and_a_party_is_no_holiday() -> None:
    assert days(OUTLOOK) == ["2026-12-28", "2026-12-29"]


def test_apple_what_recurs_has_its_exceptions_and_what_was_canceled_is_none() -> None:
    assert days(APPLE) == ["2026-11-05", "2026-12-05", "2027-01-05", "2028-01-06"]


def test_an_empty_calendar_has_no_days() -> None:
    assert days(calendar()) == []


def test_a_file_of_windows_begins_with_a_mark_of_its_bytes() -> None:
    assert days(b"\xef\xbb\xbf" + GOOGLE) == days(GOOGLE)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<!DOCTYPE html><title>Sign in</title>",
        b"\xff\xfe\x00\x01" * 100,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
    ],
)
def test_what_is_no_calendar_says_so(content: bytes) -> None:
    with pytest.raises(UnreadableCalendar, match=r"isn't a calendar file \(\.ics\)"):
        days(content)


@given(
    st.dates(date(2026, 11, 1), date(2027, 12, 31)),
    st.integers(1, 40),
)
@settings(max_examples=50)
def test_an_event_of_several_days_is_each_of_them(first: date, length: int) -> None:
    end = first + timedelta(days=length)
    event = f"DTSTART;VALUE=DATE:{first:%Y%m%d}\nDTEND;VALUE=DATE:{end:%Y%m%d}"
    wanted = [(first + timedelta(days=number)).isoformat() for number in range(length)]
    assert days(calendar(event)) == wanted


async def test_days_of_two_years_are_read_in_a_process_of_its_own() -> None:
    assert await read_days(GOOGLE, TODAY) == frozenset(map(date.fromisoformat, days(GOOGLE)))
    found = await read_days(EVERY_DAY, TODAY)
    assert (min(found), max(found)) == (TODAY - BACK, TODAY + AHEAD)


async def test_what_recurs_every_second_for_ever_ends() -> None:
    with pytest.raises(UnreadableCalendar, match="too much time or memory"):
        await read_days(WITHOUT_END, TODAY)


async def test_more_than_a_megabyte_is_not_looked_at() -> None:
    with pytest.raises(UnreadableCalendar, match="larger than 1 MB"):
        await read_days(b"x" * 1_000_001, TODAY)

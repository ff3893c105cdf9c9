"""Whose morning it is: calendars, digest moments, nudges, and the end of chasing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.reminders import (
    CHASED_FOR,
    NUDGES_AFTER,
    Calendar,
    Due,
    RemindedPerson,
    ReminderPolicy,
    chase_ends,
    digest_day,
    digest_expires,
    is_chased,
    next_check,
    next_digest,
    nudge_at,
    nudge_expires,
)
from bot.errors import UserError

ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Apia",
    "Pacific/Kiritimati",
)
MOMENTS = st.datetimes(
    datetime(2011, 1, 1),  # noqa: DTZ001
    datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
CALENDARS = st.builds(
    Calendar,
    zone=st.sampled_from(ZONES),
    hour=st.integers(5, 20),
    working_days=st.frozensets(st.integers(0, 6), min_size=1),
    days_off=st.frozensets(st.dates(date(2011, 1, 1), date(2030, 1, 1)), max_size=5),
    chase_days=st.sampled_from(CHASED_FOR),
    nudge_after=st.sampled_from([None, *NUDGES_AFTER]),
    opens=st.integers(0, 11),
    closes=st.integers(12, 23),
)
BERLIN = Calendar("Europe/Berlin")
TOKYO, HONOLULU = Calendar("Asia/Tokyo"), Calendar("Pacific/Honolulu")
MONDAY = date(2026, 11, 30)


def berlin(day: date, hour: int, minute: int = 0) -> datetime:
    return BERLIN.at(day, time(hour, minute))


@given(CALENDARS, MOMENTS)
def test_the_next_digest_is_the_first_on_a_working_day(calendar: Calendar, since: datetime) -> None:
    moment = next_digest(calendar, since)
    assert moment is not None
    assert moment >= since
    day = calendar.day_of(moment)
    assert calendar.works_on(day)
    assert calendar.digest_at(day) == moment
    earlier = calendar.day_of(since)
    while earlier < day:
        assert not calendar.works_on(earlier) or calendar.digest_at(earlier) < since
        earlier += timedelta(days=1)


@settings(max_examples=40)
@given(CALENDARS, MOMENTS)
def test_digests_come_once_a_working_day_whatever_the_clocks_do(
    calendar: Calendar, since: datetime
) -> None:
    moments = [since]
    while moments[-1] < since + timedelta(days=200):
        following = next_digest(calendar, moments[-1] + timedelta(microseconds=1))
        assert following is not None
        moments.append(following)
    days = [calendar.day_of(moment) for moment in moments[1:]]
    every = (days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days + 1))
    assert days == [day for day in every if calendar.works_on(day)]


@given(CALENDARS, MOMENTS)
def test_an_interview_is_chased_in_as_many_digests_as_days(
    calendar: Calendar, ended_at: datetime
) -> None:
    end = chase_ends(calendar, ended_at)
    count, moment = 0, next_digest(calendar, ended_at)
    while moment is not None and moment < end:
        count += 1
        moment = next_digest(calendar, moment + timedelta(seconds=1))
    assert count == calendar.chase_days


@given(CALENDARS, MOMENTS)
def test_a_nudge_comes_once_its_time_is_over_within_working_hours(
    calendar: Calendar, ended_at: datetime
) -> None:
    moment = nudge_at(calendar, ended_at)
    if calendar.nudge_after is None:
        assert moment is None
        return
    after = ended_at + calendar.nudge_after
    wall = after.astimezone(ZoneInfo(calendar.zone)).time()
    is_working = time(calendar.opens) <= wall < time(calendar.closes)
    suits = calendar.works_on(calendar.day_of(after)) and is_working
    comes_with_a_digest = after == calendar.digest_at(calendar.day_of(after))
    assert moment == (after if suits and not comes_with_a_digest else None)
    if moment is not None:
        longest = timedelta(hours=calendar.closes - calendar.opens + 1)
        assert moment < nudge_expires(calendar, moment) <= moment + longest


@pytest.mark.parametrize(
    ("after", "opens", "closes", "ended", "moment"),
    [
        (60, 9, 18, (16, 59), (17, 59)),
        (60, 9, 18, (17, 0), None),
        (60, 9, 18, (7, 59), None),
        (15, 9, 18, (17, 30), (17, 45)),
        (240, 9, 18, (13, 59), (17, 59)),
        (240, 9, 18, (14, 0), None),
        (60, 7, 20, (18, 30), (19, 30)),
        (60, 7, 20, (6, 15), (7, 15)),
        (60, 9, 18, (8, 0), None),
    ],
)
def test_when_a_nudge_comes(
    after: int,
    opens: int,
    closes: int,
    ended: tuple[int, int],
    moment: tuple[int, int] | None,
) -> None:
    """The last of them would come together with the digest at nine, which lists the interview."""
    calendar = replace(BERLIN, nudge_after=timedelta(minutes=after), opens=opens, closes=closes)
    expected = None if moment is None else berlin(MONDAY, *moment)
    assert nudge_at(calendar, berlin(MONDAY, *ended)) == expected


def test_working_hours_that_leave_no_hour_are_refused_in_words() -> None:
    for opens, closes in ((9, 9), (18, 9)):
        with pytest.raises(UserError, match="an end that's later than the start"):
            ReminderPolicy("T1", opens=opens, closes=closes).check()
    ReminderPolicy("T1", opens=9, closes=10).check()


ENDED_AT_MIDNIGHT = berlin(date(2026, 11, 24), 0)
MONDAYS_AND_TUESDAYS = Calendar("Europe/Berlin", working_days=frozenset({0, 1}), chase_days=3)


@given(CALENDARS, MOMENTS, st.floats(0, 12 * 24))
@example(MONDAYS_AND_TUESDAYS, ENDED_AT_MIDNIGHT, 8 * 24)
def test_what_is_due_is_never_a_day_gone_by(
    calendar: Calendar, ended_at: datetime, hours: float
) -> None:
    now = ended_at + timedelta(hours=hours)
    day = digest_day(calendar, now, None)
    look = next_check(calendar, [Due.scorecard(ended_at)], now, None)
    if day is not None:
        assert day == calendar.day_of(now)
        assert calendar.digest_at(day) <= now < digest_expires(calendar, day)
        assert digest_day(calendar, now, day) is None
        following = next_check(calendar, [Due.scorecard(ended_at)], now, day)
        assert following is None or following > now
    if day is not None and is_chased(calendar, Due.scorecard(ended_at), calendar.digest_at(day)):
        assert look == calendar.digest_at(day)
    else:
        assert look == first_that_lists(calendar, ended_at, now)
        assert look is None or look > now


def first_that_lists(calendar: Calendar, ended_at: datetime, since: datetime) -> datetime | None:
    """Looks at every digest until reminding ends: the last one may come well before that."""
    moment, end = next_digest(calendar, since), chase_ends(calendar, ended_at)
    while moment is not None and moment < end:
        if is_chased(calendar, Due.scorecard(ended_at), moment):
            return moment
        moment = next_digest(calendar, moment + timedelta(seconds=1))
    return None


@pytest.mark.parametrize(
    ("zone", "day", "hour", "moment"),
    [
        ("Europe/Berlin", date(2027, 3, 28), 2, datetime(2027, 3, 28, 1, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 25), 2, datetime(2026, 10, 25, 0, tzinfo=UTC)),
        ("America/Santiago", date(2026, 9, 6), 0, datetime(2026, 9, 6, 4, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 23), 9, datetime(2026, 10, 23, 7, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 26), 9, datetime(2026, 10, 26, 8, tzinfo=UTC)),
    ],
)
def test_where_clocks_change(zone: str, day: date, hour: int, moment: datetime) -> None:
    """What does not exist is taken forward, and of what is there twice the first is meant."""
    assert Calendar(zone, hour).digest_at(day) == moment


def test_a_day_that_a_zone_has_skipped_is_no_working_day() -> None:
    apia = Calendar("Pacific/Apia", working_days=frozenset(range(7)))
    assert apia.works_on(date(2011, 12, 29))
    assert not apia.works_on(date(2011, 12, 30))
    assert apia.works_on(date(2011, 12, 31))


def test_holidays_days_off_and_own_working_days_count() -> None:
    policy = ReminderPolicy("T1", holidays=frozenset({MONDAY}))
    person = RemindedPerson("T1", "U1", "Europe/Berlin", days_off=frozenset({date(2026, 12, 1)}))
    saturday = berlin(date(2026, 11, 28), 12)
    calendar = person.calendar(policy)
    assert next_digest(calendar, saturday) == berlin(date(2026, 12, 2), 9)
    sundays = RemindedPerson("T1", "U1", "Europe/Berlin", 7, frozenset({6})).calendar(policy)
    assert next_digest(sundays, saturday) == berlin(date(2026, 11, 29), 7)


def test_nobody_who_never_works_is_reminded() -> None:
    never = Calendar(working_days=frozenset())
    assert next_digest(never, berlin(MONDAY, 9)) is None
    assert nudge_at(never, berlin(MONDAY, 9)) is None
    assert chase_ends(never, berlin(MONDAY, 9)) > berlin(MONDAY, 9)


def test_snoozed_until_a_morning() -> None:
    snoozed = Calendar("Europe/Berlin", snoozed_until=berlin(date(2026, 12, 1), 9))
    assert nudge_at(snoozed, berlin(MONDAY, 10)) is None
    assert next_digest(snoozed, berlin(MONDAY, 8)) == berlin(date(2026, 12, 1), 9)
    assert digest_day(snoozed, berlin(MONDAY, 9), None) is None


def test_three_days_asleep_are_one_digest() -> None:
    ended, thursday = berlin(MONDAY, 8), date(2026, 12, 3)
    assert next_check(BERLIN, [Due.scorecard(ended)], berlin(thursday, 8), MONDAY) == berlin(
        thursday, 9
    )
    assert digest_day(BERLIN, berlin(thursday, 14), MONDAY) == thursday


def test_what_ended_after_the_morning_waits_for_the_next() -> None:
    ended, now = berlin(MONDAY, 11), berlin(MONDAY, 14)
    assert next_check(BERLIN, [Due.scorecard(ended)], now, None) == berlin(date(2026, 12, 1), 9)


def test_a_clock_set_back_brings_no_second_digest() -> None:
    ended = berlin(date(2026, 11, 27), 15)
    assert digest_day(BERLIN, berlin(MONDAY, 10), MONDAY) is None
    assert next_check(BERLIN, [Due.scorecard(ended)], berlin(MONDAY, 8), MONDAY) == berlin(
        date(2026, 12, 1), 9
    )


def test_a_move_to_the_west_brings_no_second_digest_on_the_same_day() -> None:
    now = HONOLULU.digest_at(MONDAY)
    assert digest_day(HONOLULU, now, MONDAY) is None
    assert digest_day(TOKYO, TOKYO.digest_at(date(2026, 12, 1)), MONDAY) == date(2026, 12, 1)


def test_what_ended_on_a_free_day_counts_from_its_end() -> None:
    saturday = berlin(date(2026, 11, 28), 8)
    assert chase_ends(BERLIN, saturday) == berlin(date(2026, 12, 12), 0)
    assert chase_ends(BERLIN, berlin(MONDAY, 15)) == berlin(date(2026, 12, 14), 15)

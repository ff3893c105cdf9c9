"""Dates as people read them: with their weekday, in the reader's zone, and right for ever."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import dates
from bot.playground.page.render_text import Reader, mrkdwn
from handlers.views import rich
from handlers.views.rich import moment, moment_mrkdwn
from tests.unit.test_render import READER

TUESDAY = datetime(2026, 12, 1, 13, 5, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati")
RELATIVE = re.compile(r"today|tomorrow|yesterday|pretty", re.IGNORECASE)

moments = st.integers(0, 4_000_000_000).map(lambda stamp: datetime.fromtimestamp(stamp, UTC))
zones = st.sampled_from(ZONES)


def spaced(text: str) -> str:
    return text.replace(dates.NO_BREAK, " ")


def test_a_day_has_its_weekday_and_the_american_order() -> None:
    assert spaced(dates.short_day(TUESDAY.date())) == "Tue, Dec 1"
    assert spaced(dates.full_day(TUESDAY.date())) == "Tue, Dec 1, 2026"


def test_a_time_is_written_in_the_readers_zone_and_with_am_or_pm() -> None:
    assert spaced(dates.short_time_in("Europe/Berlin", TUESDAY)) == "Tue, Dec 1, 2:05 PM"
    assert spaced(dates.short_time_in("Pacific/Kiritimati", TUESDAY)) == "Wed, Dec 2, 3:05 AM"
    shown = dates.full_time_in("America/New_York", TUESDAY)
    assert spaced(shown) == "Tue, Dec 1, 2026, 8:05 AM (America/New_York)"
    assert [spaced(dates.clock_hour(hour)) for hour in (0, 9, 12, 20)] == [
        "12:00 AM",
        "9:00 AM",
        "12:00 PM",
        "8:00 PM",
    ]


def test_operators_read_utc_in_a_form_that_sorts() -> None:
    there = TUESDAY.astimezone(ZoneInfo("Asia/Kolkata"))
    assert dates.in_utc(there) == "Tue 2026-12-01 13:05 UTC"


@given(moments, zones)
def test_what_is_written_can_be_read_back_and_is_never_relative(at: datetime, zone: str) -> None:
    written = dates.full_time_in(zone, at)
    text, _, named = spaced(written).rpartition(" (")
    wall = datetime.strptime(f"{text} +0000", "%a, %b %d, %Y, %I:%M %p %z")
    local = at.astimezone(ZoneInfo(zone))
    assert named == f"{zone})"
    assert wall == local.replace(tzinfo=UTC, second=0)
    assert text.startswith(f"{local:%a}, ")
    assert not RELATIVE.search(written)


@given(moments, zones, st.integers(-2, 2))
def test_what_slack_shows_names_the_weekday_and_stays_true_as_days_go_by(
    at: datetime, zone: str, days: int
) -> None:
    reader = Reader(**{**vars(READER), "zone": ZoneInfo(zone), "now": at + timedelta(days=days)})
    shown = rich_text(at, zone, reader)
    assert f"{at.astimezone(ZoneInfo(zone)):%A}" in shown
    assert not RELATIVE.search(shown)


def rich_text(at: datetime, zone: str, reader: Reader) -> str:
    return str(mrkdwn(moment_mrkdwn(at, zone), reader))


def test_a_time_in_rich_text_falls_back_to_what_we_write() -> None:
    element = moment(TUESDAY, "Europe/Berlin").to_dict()
    assert element["fallback"] == dates.full_time_in("Europe/Berlin", TUESDAY)


def test_no_style_of_a_time_is_relative() -> None:
    styles = [rich.DAY_AND_TIME, rich.DAY, rich.TIME]
    assert not [style for style in styles if RELATIVE.search(style)]


def test_dates_are_written_in_one_place() -> None:
    root = Path(__file__).parents[2]
    machines = {"bot/domain/dates.py", "bot/domain/calendar.py", "bot/logs.py"}
    files = [*(root / "bot").rglob("*.py"), *(root / "handlers").rglob("*.py")]
    others = {
        str(path.relative_to(root))
        for path in files
        if re.search(r"%[aAbBHI]\b|%Y-|:02\}:00|_pretty", path.read_text())
        and "playground" not in path.parts
    }
    assert others - machines - {"handlers/views/candidates.py"} == set(), "use bot/domain/dates.py"

"""How days and times are written, everywhere: the one place that knows.

With the weekday always, and in somebody's own zone. Never relative: what says "today" is wrong once
the day is over, and messages stay. Where Slack shows a time itself, in whatever zone and clock its
reader has, `moment` in `handlers/views/rich.py` is better, and writes by this where Slack cannot.
"""

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

NO_BREAK = "\u00a0"
"""Holds a date together where a line ends."""


ENGLISH = "en"


@cache
def babel_locale(language: str) -> str:
    """The language as babel calls it, such as "pt_BR"; American English where it knows none."""
    if language == ENGLISH:
        return "en_US"
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return "en_US"


def short_day(day: date) -> str:
    """Such as "Tue, Dec 1", for what is near."""
    return f"{day:%a}, {day:%b} {day.day}".replace(" ", NO_BREAK)


def full_day(day: date) -> str:
    """Such as "Tue, Dec 1, 2026"."""
    return f"{short_day(day)}, {day.year}".replace(" ", NO_BREAK)


def full_day_for(language: str, day: date) -> str:
    """Such as "Di., 1. Dez. 2026", as somebody reads it who looks for a job in that language."""
    return full_day(day) if language == ENGLISH else _in_language("yMMMEd", language, day)


def short_day_for(language: str, day: date) -> str:
    """Such as "Di., 1. Dez.", likewise."""
    return short_day(day) if language == ENGLISH else _in_language("MMMEd", language, day)


def _in_language(skeleton: str, language: str, day: date) -> str:
    from babel.dates import format_skeleton  # few requests need it

    return format_skeleton(skeleton, day, locale=babel_locale(language)).replace(" ", NO_BREAK)


def clock(of: time | datetime) -> str:
    """Such as "9:00 AM"; a moment has to be in its reader's zone."""
    return f"{of.hour % 12 or 12}:{of:%M}{NO_BREAK}{'AM' if of.hour < 12 else 'PM'}"


def clock_for(language: str, of: datetime) -> str:
    """Such as "14:00" or "2:00 PM", as the language writes it; a moment in its reader's zone."""
    if language == ENGLISH:
        return clock(of)
    from babel.dates import format_time  # few requests need it

    return format_time(of, "short", locale=babel_locale(language)).replace(" ", NO_BREAK)


def day_in(zone: str, moment: datetime) -> date:
    """The day that it is in a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def short_day_in(zone: str, moment: datetime) -> str:
    """Such as "Tue, Dec 1", in the reader's zone."""
    return short_day(day_in(zone, moment))


def short_time_in(zone: str, moment: datetime) -> str:
    """Such as "Tue, Dec 1, 2:00 PM", in the reader's zone: where Slack shows no times itself, as in
    headers, menus and labels."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{short_day(local.date())}, {clock(local)}"


def weekday_in(zone: str, moment: datetime) -> str:
    """Such as "Tue", in the reader's zone."""
    return f"{day_in(zone, moment):%a}"


def weekday_time_in(zone: str, moment: datetime) -> str:
    """Such as "Tue 2:00 PM", of what is told beside its date."""
    return f"{weekday_in(zone, moment)} {clock_in(zone, moment)}".replace(" ", NO_BREAK)


def clock_in(zone: str, moment: datetime) -> str:
    """Such as "2:00 PM", in the reader's zone."""
    return clock(moment.astimezone(ZoneInfo(zone)))


def full_time_in(zone: str, moment: datetime) -> str:
    """Such as "Tue, Dec 1, 2026, 2:00 PM (Europe/Berlin)": for whoever may be in another zone."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{full_day(local.date())}, {clock(local)} ({zone})"


def time_in_name(zone: str, moment: datetime) -> str:
    """Such as "2026-12-01-1400", for the name of a file."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d-%H%M}"


def clock_hour(of: int) -> str:
    """Such as "9:00 AM", of an hour of the day."""
    return clock(time(of))


def sortable_day(day: date) -> str:
    """Such as "Tue 2026-12-01", as operators read days in a terminal."""
    return f"{day:%a %Y-%m-%d}"


def day_in_utc(moment: datetime) -> str:
    """The same of a moment."""
    return sortable_day(moment.astimezone(UTC).date())


def in_utc(moment: datetime) -> str:
    """Such as "Tue 2026-12-01 14:00 UTC", as operators read times in a terminal."""
    return f"{day_in_utc(moment)} {moment.astimezone(UTC):%H:%M} UTC"

"""The days in a company's own calendar of holidays (RFC 5545).

What somebody else's file takes to read has no bound, so a process of its own with little time and
memory reads it.
"""

import asyncio
import json
import math
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.errors import UserError
from bot.library.limits import limit

LARGEST = 1_000_000
"""Bytes of a calendar."""

MOST_DAYS = 1000
BACK, AHEAD = timedelta(days=60), timedelta(days=730)
"""Of which time days are read: far enough back for what is still chased, and two years ahead."""

SECONDS = 5
MEMORY = 1 << 29
"""Of the processor's time and of bytes that reading one may take."""

PATIENCE = 20.0
"""Seconds after which a machine is too busy to go on waiting."""

KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "LANG")
"""What the process may know of our environment, which has secrets."""

TOO_MUCH = "it takes too much time or memory to read"

NO_DAYS_OFF = ("observance",)
"""How Google's calendars of public holidays begin to describe days on which people work."""


class UnreadableCalendar(UserError):
    """No days can be read; the text says why, and quotes nothing of the calendar."""


async def read_days(content: bytes, today: date) -> frozenset[date]:
    """The holidays in the calendar. Raises UnreadableCalendar."""
    if len(content) > LARGEST:
        raise UnreadableCalendar("it's larger than 1 MB")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.library.holidays", today.isoformat()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in KEPT if name in os.environ},
        cwd=Path(__file__).parents[2],
    )
    try:
        async with asyncio.timeout(PATIENCE):
            said, _ = await process.communicate(content)
    except TimeoutError:
        raise UnreadableCalendar(TOO_MUCH) from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode or not said:
        raise UnreadableCalendar(TOO_MUCH)
    found = json.loads(said)
    if "fault" in found:
        raise UnreadableCalendar(found["fault"])
    return frozenset(map(date.fromisoformat, found["days"]))


async def read_file(file: Path, today: date) -> frozenset[date]:
    """The same of a file. Raises UnreadableCalendar."""
    try:
        content = await asyncio.to_thread(_content, file)
    except OSError as error:
        raise UnreadableCalendar(f"it can't be read: {error.strerror}") from error
    return await read_days(content, today)


def _content(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(LARGEST + 1)


def main(today: date) -> None:
    """In the process of its own: the calendar on standard input, its days or what is wrong with it
    on standard output."""
    limit("RLIMIT_AS", MEMORY)
    limit("RLIMIT_CPU", math.ceil(time.process_time()) + SECONDS)
    try:
        days = days_in(sys.stdin.buffer.read(), today - BACK, today + AHEAD)
    except UnreadableCalendar as unreadable:
        print(json.dumps({"fault": unreadable.text}))
    else:
        print(json.dumps({"days": sorted(day.isoformat() for day in days)}))


def days_in(content: bytes, first: date, last: date) -> frozenset[date]:
    """The days of the time on which an event of a whole day, or of several, takes place.

    What has hours is no holiday: such calendars have a company's parties in them too. Raises
    UnreadableCalendar.
    """
    import icalendar  # for this only
    import recurring_ical_events

    try:
        calendar = icalendar.Calendar.from_ical(content)
        events = recurring_ical_events.of(calendar, skip_bad_series=True)
        found: set[date] = set()
        for event in events.between(first, last + timedelta(days=1)):
            found.update(day for day in _days_of(event) if first <= day <= last)
            if len(found) > MOST_DAYS:
                raise UnreadableCalendar(f"it has more than {MOST_DAYS:,} days off in two years")
    except UnreadableCalendar:
        raise
    except Exception as error:  # somebody else's file, and whatever the libraries make of it
        raise UnreadableCalendar("it isn't a calendar file (.ics)") from error
    return frozenset(found)


def _days_of(event: Any) -> Iterator[date]:
    """The days that the event takes in whole; none where it was canceled."""
    is_canceled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    describes = str(event.get("DESCRIPTION", "")).strip().casefold()
    if is_canceled or describes.startswith(NO_DAYS_OFF):
        return
    begin, end = event.start, event.end
    if isinstance(begin, datetime) or isinstance(end, datetime):
        is_whole = not any((begin.hour, begin.minute, end.hour, end.minute)) and begin < end
        if not is_whole:
            return
        begin, end = begin.date(), end.date()
    day = begin
    while day < max(end, begin + timedelta(days=1)):
        yield day
        day += timedelta(days=1)


if __name__ == "__main__":
    main(date.fromisoformat(sys.argv[1]))

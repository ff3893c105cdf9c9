"""Calendar files (RFC 5545) that every calendar reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_LINE = 75
"""Octets of a line; what is longer goes on in the next one, after a space."""


@dataclass(frozen=True)
class Event:
    """Something with a start and an end.

    A calendar that has the event already takes the one with the higher `revision` for it.
    """

    id: str
    revision: int
    title: str
    text: str
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    place: str | None = None
    link: str | None = None


def ics(event: Event) -> str:
    """The file's content."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Panelist//Panelist//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{event.id}@panelist",
        f"SEQUENCE:{event.revision}",
        f"DTSTAMP:{_moment(event.made_at)}",
        f"DTSTART:{_moment(event.starts_at)}",
        f"DTEND:{_moment(event.ends_at)}",
        f"SUMMARY:{_escaped(event.title)}",
        f"DESCRIPTION:{_escaped(event.text)}",
        *([f"LOCATION:{_escaped(event.place)}"] if event.place else []),
        *([f"URL:{event.link}"] if event.link else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(plain, escaped)
    return "\\n".join(text.splitlines())


def _folded(line: str) -> Iterator[str]:
    """The line in pieces that are short enough, none broken within a character."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > LONGEST_LINE:
            yield piece
            piece = " "
        piece += letter
    yield piece

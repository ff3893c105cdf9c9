"""What is odd about an interview's time: told before it is set up, never refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.panels.panel import NewInterview
from bot.domain.reminders import Calendar

MORNING, EVENING = time(7), time(20)
"""Between these nobody is surprised to be interviewing."""

Span = tuple[datetime, datetime]


class WarningKind(StrEnum):
    """What is odd."""

    PAST = "past"
    NIGHT = "night"
    DAY_OFF = "day_off"
    SAME_TIME = "same_time"
    """The candidate has another interview then."""
    BUSY = "busy"
    """The interviewer has another interview then."""


@dataclass(frozen=True)
class TimeWarning:
    """Something odd about one interviewer's time; `other` has an interview at the same time."""

    kind: WarningKind
    interviewer: str
    starts_at: datetime
    other: str | None = None

    @property
    def key(self) -> str:
        at = int(self.starts_at.timestamp())
        return f"{self.kind}:{self.interviewer}:{at}:{self.other or ''}"


def time_warnings(
    interviews: Sequence[NewInterview],
    calendars: Mapping[str, Calendar],
    busy: Mapping[str, Sequence[Span]],
    now: datetime,
) -> tuple[TimeWarning, ...]:
    """For interviews of one candidate; `busy` is when people have other candidates' interviews."""
    found: list[TimeWarning] = []
    for item in interviews:
        kinds = _of_one(item, calendars[item.interviewer], busy.get(item.interviewer, ()), now)
        found += [TimeWarning(kind, item.interviewer, item.starts_at) for kind in kinds]
        found += [
            TimeWarning(WarningKind.SAME_TIME, item.interviewer, item.starts_at, other.interviewer)
            for other in interviews
            if other is not item and _overlap(span_of(item), span_of(other))
        ]
    return tuple(found)


def span_of(item: NewInterview) -> Span:
    return item.starts_at, item.starts_at + timedelta(minutes=item.minutes)


def _of_one(
    item: NewInterview, calendar: Calendar, busy: Sequence[Span], now: datetime
) -> list[WarningKind]:
    begins, ends = (moment.astimezone(ZoneInfo(calendar.zone)) for moment in span_of(item))
    in_hours = begins.time() >= MORNING and ends.time() <= EVENING
    odd = {
        WarningKind.PAST: item.starts_at < now,
        WarningKind.NIGHT: begins.date() != ends.date() or not in_hours,
        WarningKind.DAY_OFF: not calendar.works_on(begins.date()),
        WarningKind.BUSY: any(_overlap(span_of(item), span) for span in busy),
    }
    return [kind for kind, is_so in odd.items() if is_so]


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]

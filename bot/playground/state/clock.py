"""The playground's clock, which people can move where the app keeps the same time."""

from datetime import UTC, datetime, time, timedelta
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from bot.playground.state.models import Clock

MORNING = time(9)
A_MOMENT = timedelta(seconds=2)


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@runtime_checkable
class MovableClock(Clock, Protocol):
    """A clock that goes on from where it is set."""

    def set(self, moment: datetime) -> None: ...


def clock_time(moment: datetime, rest: str = ":%M") -> str:
    """Such as "9:00 AM", as Slack shows times to whoever has not chosen 24 hours."""
    return f"{moment.hour % 12 or 12}{moment:{rest}} {'AM' if moment.hour < 12 else 'PM'}"


def day_and_time(moment: datetime) -> str:
    """Such as "Tue, Dec 1, 9:00 AM"."""
    return f"{moment:%a}, {moment:%b} {moment.day}, {clock_time(moment)}"


def shown(clock: Clock, zone: ZoneInfo) -> str | None:
    """What the clock shows somebody; None where it cannot be moved."""
    if not isinstance(clock, MovableClock):
        return None
    now = clock.now()
    is_real = abs(now - datetime.now(UTC)) < A_MOMENT
    return "Real time" if is_real else day_and_time(now.astimezone(zone))


def morning(clock: Clock, zone: ZoneInfo) -> datetime:
    """Nine o'clock of the next day from Monday to Friday, there."""
    day = clock.now().astimezone(zone).date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def places(clock: Clock, zone: ZoneInfo) -> dict[str, str]:
    """Where the clock can be moved to, by name, as somebody reads it."""
    day = morning(clock, zone).astimezone(zone)
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return {
        "now": "Now",
        "hour": "+1 hour",
        "morning": f"{day:%A} {clock_time(day)} in {city}",
    }


def to_now(clock: Clock) -> None:
    """Puts the clock back to the real time, where it can have been moved."""
    if isinstance(clock, MovableClock):
        clock.set(datetime.now(UTC))


def move(clock: Clock, to: str, zone: ZoneInfo) -> None:
    """Moves the clock to one of the places. Raises LookupError where it cannot be."""
    if not isinstance(clock, MovableClock):
        raise LookupError("this clock cannot be moved.")
    match to:
        case "now":
            to_now(clock)
        case "hour":
            clock.set(clock.now() + timedelta(hours=1))
        case "morning":
            clock.set(morning(clock, zone))
        case _:
            raise LookupError("there is no such time.")

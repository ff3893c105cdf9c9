"""A clock that moves when told to."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class ManualClock:
    """Stands still in between."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = moment

    def moves(self, **by: float) -> None:
        """Such as `clock.moves(minutes=5)`."""
        self._now += timedelta(**by)

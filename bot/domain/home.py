"""What a person sees of their own at the app's home."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.reminders import Cadence, Reminded
from bot.domain.scorecards import Duty

LATELY = timedelta(days=1)
"""For so long after somebody opened it their home is kept up to date."""


@dataclass(frozen=True)
class Home:
    """What somebody owes and has before them, and how they are reminded.

    `next_at` is when the next digest comes, None where none is due. An admin also sees how
    everybody is reminded.
    """

    now: datetime
    owed: Sequence[Duty]
    coming: Sequence[Duty]
    person: Reminded
    cadence: Cadence
    next_at: datetime | None
    is_admin: bool = False

    @property
    def sleeps(self) -> bool:
        return self.person.calendar(self.cadence).sleeps_at(self.now)

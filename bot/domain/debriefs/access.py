"""When a debrief is open to whom: the rule of independence, and that all scorecards are in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.feedback import ReadAccess
from bot.domain.scorecards.closing import DueScorecard


class DebriefAccess(StrEnum):
    """How much of a debrief a person may see."""

    NOTHING = "nothing"
    OWN_FIRST = "own_first"
    """What is missing; nothing else before their own scorecard is in."""
    WAITING = "waiting"
    """What is missing, as long as anything is."""
    ALL = "all"


@dataclass(frozen=True)
class EarlyOpen:
    """That somebody opened a debrief at `at`, while `awaited` scorecards were still to come."""

    person: str
    at: datetime
    awaited: int


@dataclass(frozen=True)
class Arrivals:
    """How far a panel's scorecards are, as far as its state goes.

    `submitted` are the interviews whose scorecard is in, `awaited` what is still to come.
    """

    submitted: frozenset[str]
    awaited: tuple[DueScorecard, ...]

    @property
    def are_all_in(self) -> bool:
        return not self.awaited

    @property
    def expected(self) -> int:
        return len(self.submitted) + len(self.awaited)


def arrivals(due_scorecards: Sequence[DueScorecard], submitted: frozenset[str]) -> Arrivals:
    awaited = (due for due in due_scorecards if due.is_pending and due.interview not in submitted)
    return Arrivals(submitted, tuple(awaited))


def debrief_access(reading: ReadAccess, arrivals: Arrivals, *, opened_early: bool) -> DebriefAccess:
    """`reading` is how much of the feedback the person may read, `opened_early` whether they have
    asked to see the debrief before all is in."""
    if reading is ReadAccess.NOTHING:
        return DebriefAccess.NOTHING
    if reading is not ReadAccess.ALL:
        return DebriefAccess.OWN_FIRST
    return DebriefAccess.ALL if arrivals.are_all_in or opened_early else DebriefAccess.WAITING

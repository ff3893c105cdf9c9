"""What has become of each interview of a panel, as those who see the panel read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.panels.panel import Interview
from bot.domain.scorecards.closing import Closing, ClosingKind, due_since


class InterviewState(StrEnum):
    """Where an interview stands."""

    PLANNED = "planned"
    TODAY = "today"
    DUE = "due"
    """It is over, and its scorecard is still to come."""
    SUBMITTED = "submitted"
    DECLINED = "declined"
    """The interviewer can't make it."""
    NO_SHOW = "no_show"
    CLOSED = "closed"
    """Without a scorecard."""
    CANCELED = "canceled"


AHEAD = frozenset({InterviewState.PLANNED, InterviewState.TODAY})
EXPECTED = frozenset({*AHEAD, InterviewState.DUE, InterviewState.SUBMITTED})
"""States of interviews whose scorecard is in or still to come."""

ENDED_AS: Mapping[ClosingKind, InterviewState] = {
    ClosingKind.SCORECARD: InterviewState.SUBMITTED,
    ClosingKind.NO_SHOW: InterviewState.NO_SHOW,
    ClosingKind.DID_NOT_INTERVIEW: InterviewState.CLOSED,
    ClosingKind.CLOSED: InterviewState.CLOSED,
}
"""What closed it for good; a reassigned scorecard is still to come, from someone else."""


@dataclass(frozen=True)
class Progress:
    """An interview's state, and whose its scorecard is: someone else's once it was reassigned.

    `due_since` is from when on the scorecard is due, unless it is closed.
    """

    state: InterviewState
    owner: str
    due_since: datetime


def progress(item: Interview, closings: Sequence[Closing], now: datetime, zone: str) -> Progress:
    """`closings` are all of its scorecard, in order; `zone` is the reader's, by which it is today.

    Nothing here depends on what a scorecard says.
    """
    receivers = [one.receiver for one in closings if one.receiver is not None]
    owner = receivers[-1] if receivers else item.interviewer
    state = _state(item, closings, now, zone, is_reassigned=bool(receivers))
    return Progress(state, owner, due_since(item.ends_at, item.entered_at))


def _state(
    item: Interview, closings: Sequence[Closing], now: datetime, zone: str, *, is_reassigned: bool
) -> InterviewState:
    last = ENDED_AS.get(closings[-1].how) if closings else None
    if last is InterviewState.SUBMITTED:
        return last
    if not item.is_on:
        return InterviewState.CANCELED
    if last is not None and item.closed_at is not None:
        return last
    if item.declined_at is not None and not is_reassigned:
        return InterviewState.DECLINED
    if item.ends_at <= now:
        return InterviewState.DUE
    here = ZoneInfo(zone)
    is_today = item.starts_at.astimezone(here).date() <= now.astimezone(here).date()
    return InterviewState.TODAY if is_today else InterviewState.PLANNED

"""The state of an interview in words: one table, which every surface reads.

The state itself is derived each time, by `bot/domain/panels/state.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.dates import short_day_in
from bot.domain.panels.state import InterviewState


@dataclass(frozen=True)
class StateWords:
    """A state's mark, as `marked` takes it, and its word in the middle of a line."""

    mark: str
    word: str


WORDS: Mapping[InterviewState, StateWords] = {
    InterviewState.PLANNED: StateWords("ahead", "planned"),
    InterviewState.TODAY: StateWords("due", "today"),
    InterviewState.DUE: StateWords("due", "due since"),
    InterviewState.SUBMITTED: StateWords("in", "submitted"),
    InterviewState.DECLINED: StateWords("declined", "can't make it"),
    InterviewState.NO_SHOW: StateWords("ahead", "no-show"),
    InterviewState.CLOSED: StateWords("ahead", "closed without a scorecard"),
    InterviewState.CANCELED: StateWords("declined", "canceled"),
}

LATE = StateWords("late", "late since")
"""What is due once it has been for a working day."""

CHARACTERS = {"in": "✅", "due": "🟡", "ahead": "⚪", "declined": "🚫"}
"""The marks where a line is our own markup or a menu's text."""


def state_label(state: InterviewState) -> str:
    """The state at the beginning of a line, behind its mark."""
    words = WORDS[state]
    return f"{CHARACTERS[words.mark]} {words.word[0].upper()}{words.word[1:]}"


def on_day(state: InterviewState, moment: datetime, zone: str) -> str:
    """The state with a day, such as "due since Mon, Nov 30"."""
    joint = " on " if state is InterviewState.DECLINED else " "
    return f"{WORDS[state].word}{joint}{short_day_in(zone, moment)}"


def due_or_late(due_since: datetime, late_since: datetime | None, zone: str) -> StateWords:
    """Since when a scorecard is due, or late where it is."""
    if late_since is not None:
        return StateWords(LATE.mark, f"{LATE.word} {short_day_in(zone, late_since)}")
    return StateWords(WORDS[InterviewState.DUE].mark, on_day(InterviewState.DUE, due_since, zone))

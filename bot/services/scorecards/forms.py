"""What an interviewer gets back: a form, that it was saved or submitted, a list of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.feedback_hints import Noticed
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import Panel
from bot.domain.scorecards.closing import DueScorecard
from bot.domain.scorecards.merging import Merged
from bot.domain.scorecards.parts import LAST_STEP
from bot.domain.scorecards.scorecard import (
    Scorecard,
    ScorecardBody,
    ScorecardForm,
)
from bot.errors import UserError


@dataclass(frozen=True)
class OpenScorecard:
    """A scorecard's form as one person is to see it, at a moment.

    `step` is the one shown. `closed` says why it cannot be submitted any more, where that is so.
    `merged`: what was written elsewhere meanwhile is in it too, in the steps in `conflicts`.
    """

    due_scorecard: DueScorecard
    panel: Panel
    content: FrozenContent
    form: ScorecardForm
    body: ScorecardBody
    saved_at: datetime | None
    scorecard: Scorecard | None
    now: datetime
    step: str = LAST_STEP
    closed: str = ""
    merged: Merged | None = None
    conflicts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Saved:
    """A draft is in the database since `at`; `zone` is its author's.

    `is_apart`: something was written in another form too, which this one does not show. `closed`
    says why it cannot be submitted any more, where that is so.
    """

    at: datetime
    zone: str
    is_apart: bool = False
    closed: str = ""


@dataclass(frozen=True)
class Submitted:
    """The scorecard is in the database, with private hints to its author."""

    due_scorecard: DueScorecard
    scorecard: Scorecard
    hints: tuple[Noticed, ...] = ()


class Divergence(StrEnum):
    """Why a form is not submitted as it is."""

    MERGED = "merged"
    """Something else was written in another form: both are shown."""
    CHANGED = "changed"
    """Another form has changed steps that this one does not show."""
    MORE_ASKED = "more_asked"
    UNFINISHED = "unfinished"
    """Something is missing in another step."""


class Diverged(UserError):
    """The form is not what it should be: `sheet` is, with every word, and is saved."""

    def __init__(self, sheet: OpenScorecard, why: Divergence) -> None:
        super().__init__("Someone else just changed this scorecard. Nothing was submitted.")
        self.sheet = sheet
        self.why = why


class AlreadySubmitted(UserError):
    """Something was written in a form, or a step of it, since that was submitted, or so it seems:
    nothing tells that from what was on its way."""

    def __init__(self, *, is_step: bool) -> None:
        what, button = ("step", "Next") if is_step else ("scorecard", "Submit")
        super().__init__(
            f"This {what} was already submitted. Select {button} again to keep what you've "
            "changed since then."
        )


@dataclass(frozen=True)
class OwnScorecards:
    """What a person owes and has written, at a moment.

    Of what is owed and to come the earliest is first, of the rest the latest. `kept` are drafts of
    interviews that they owe nothing for any more. `undelivered` are the ids of scorecards whose
    receipt Slack refused.
    """

    person: str
    now: datetime
    due: Sequence[DueScorecard]
    coming: Sequence[DueScorecard]
    written: Sequence[tuple[DueScorecard, Scorecard]]
    drafted: frozenset[str]
    kept: Sequence[DueScorecard]
    undelivered: frozenset[str] = frozenset()

"""What an interviewer gets back: a form, that it was saved or submitted, a list of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.feedback_hints import Noticed
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import Panel
from bot.domain.scorecards.closing import DueScorecard
from bot.domain.scorecards.merging import Merged
from bot.domain.scorecards.scorecard import (
    Scorecard,
    ScorecardBody,
    ScorecardForm,
)
from bot.errors import UserError


@dataclass(frozen=True)
class OpenScorecard:
    """A scorecard's form as one person is to see it, at a moment.

    `closed` says why it cannot be submitted any more, where that is so. `merged`: what was written
    elsewhere meanwhile stands in it too.
    """

    due_scorecard: DueScorecard
    panel: Panel
    content: FrozenContent
    form: ScorecardForm
    body: ScorecardBody
    saved_at: datetime | None
    scorecard: Scorecard | None
    now: datetime
    closed: str = ""
    merged: Merged | None = None


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


class Diverged(UserError):
    """The form is not what it should be: `sheet` is, with every word, and is saved.

    `is_merged`: something was written in another form; else more is asked for by now.
    """

    def __init__(self, sheet: OpenScorecard, *, is_merged: bool) -> None:
        super().__init__("This scorecard was changed elsewhere in the meantime.")
        self.sheet = sheet
        self.is_merged = is_merged


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

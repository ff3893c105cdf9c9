"""Scorecards: what one interviewer found, with evidence; who may read it, and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.names import UNREADABLE, readable
from bot.domain.questions.question import Rating
from bot.domain.scorecards.closing import DueScorecard
from bot.domain.scorecards.fields import Option, all_texts, chosen, typed
from bot.domain.scorecards.ordering import FormOrder

LONGEST_EVIDENCE = 1500
LONGEST_NOTES = 2000
LONGEST_PROBE = 1000
LONGEST_REASON = 500

FREE_CHANGES = timedelta(hours=24)
"""For so long after it was first submitted a scorecard is changed without a reason."""


class Choice(Option):
    """What can be chosen for a competency."""

    POOR = Rating.POOR.value
    BORDERLINE = Rating.BORDERLINE.value
    SOLID = Rating.SOLID.value
    OUTSTANDING = Rating.OUTSTANDING.value
    NOT_ASSESSED = "not_assessed"

    @property
    def rating(self) -> Rating | None:
        return None if self is Choice.NOT_ASSESSED else Rating(self.value)

    @property
    def label(self) -> str:
        return "Not assessed" if self.rating is None else self.rating.label


class Recommendation(Option):
    """Chosen by the person, never computed, and with no neutral middle."""

    STRONG_NO = "strong_no"
    NO = "no"
    YES = "yes"
    STRONG_YES = "strong_yes"


class ScorecardField(StrEnum):
    """The fields of an assessment and of a scorecard, by their names in the dataclasses."""

    CHOICE = "choice"
    EVIDENCE = "evidence"
    RECOMMENDATION = "recommendation"
    NOTES = "notes"
    PROBE_NEXT = "probe_next"
    REASON = "reason"


@dataclass(frozen=True)
class Assessment:
    """What was found of one competency; `choice` is None while nothing has been chosen."""

    competency: str
    choice: Choice | None = field(default=None, metadata=chosen(Choice))
    evidence: str = field(default="", metadata=typed(LONGEST_EVIDENCE))


@dataclass(frozen=True)
class ScorecardBody:
    """What stands in a scorecard's form, complete or not.

    Once two forms have been merged its texts may be longer than a scorecard's may be.
    """

    assessments: tuple[Assessment, ...] = ()
    recommendation: Recommendation | None = field(default=None, metadata=chosen(Recommendation))
    notes: str = field(default="", metadata=typed(LONGEST_NOTES))
    probe_next: str = field(default="", metadata=typed(LONGEST_PROBE))
    reason: str = field(default="", metadata=typed(LONGEST_REASON, about_candidate=False))

    def of(self, competency: str) -> Assessment:
        found = (item for item in self.assessments if item.competency == competency)
        return next(found, Assessment(competency))

    @property
    def competencies(self) -> tuple[str, ...]:
        return tuple(item.competency for item in self.assessments)

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that was typed about the candidate."""
        return tuple(all_texts((*self.assessments, self), about_candidate=True))

    @property
    def is_bare(self) -> bool:
        """Whether nothing stands in it but, perhaps, what is chosen for the whole."""
        return not (self.assessments or any(all_texts([self])))

    @property
    def says_anything(self) -> bool:
        """Whether anything was typed or chosen, for a competency or for the whole."""
        chose = self.recommendation is not None or any(
            item.choice is not None for item in self.assessments
        )
        return chose or any(text.strip() for text in all_texts((*self.assessments, self)))

    def says_the_same(self, other: "ScorecardBody") -> bool:
        """Whether both say the same of the candidate, whatever the reasons for a change."""
        return replace(self, reason="") == replace(other, reason="")

    def over(self, competencies: Iterable[str]) -> "ScorecardBody":
        """The same with these competencies first, and none of its own lost."""
        ids = dict.fromkeys((*competencies, *self.competencies))
        return replace(self, assessments=tuple(self.of(id) for id in ids))


@dataclass(frozen=True)
class ScorecardVersion:
    """A scorecard as it was submitted; never changed.

    `form` is the id of the form it was submitted from, `submitted_at` is in UTC.
    """

    number: int
    body: ScorecardBody
    form: str
    submitted_at: datetime


@dataclass(frozen=True)
class Scorecard:
    """The one live scorecard of an interview and an interviewer, at its current version.

    `submitted_at` is that of its first version. `seen_others_before`: the author had read others'
    feedback on the candidate by then.
    """

    id: str
    workspace: str
    interview: str
    interviewer: str
    seen_others_before: bool
    submitted_at: datetime
    version: ScorecardVersion

    @property
    def to_change(self) -> ScorecardBody:
        """What a change begins with: why it was changed before is no reason for the next."""
        return replace(self.version.body, reason="")

    def needs_reason(self, now: datetime) -> bool:
        return now - self.submitted_at > FREE_CHANGES


@dataclass(frozen=True)
class ScorecardForm:
    """An open form, and what it was made from.

    `id` is its own, `revision` the draft's and `version` the scorecard's number, 0 where there was
    none. `turn` counts the steps that have been shown in it before this one.
    """

    interview: str
    id: str
    revision: int = 0
    version: int = 0
    turn: int = 0


@dataclass(frozen=True)
class ScorecardDraft:
    """What an interviewer has typed and not submitted.

    `form` is the one it was last written in; `aside` is what was written in other forms, and was
    not shown in that one. `orders` has by form what has arrived of it. Times are in UTC.
    """

    workspace: str
    interview: str
    interviewer: str
    body: ScorecardBody
    revision: int
    form: str
    saved_at: datetime
    aside: ScorecardBody | None = None
    orders: Mapping[str, FormOrder] = field(default_factory=dict)

    @property
    def has_words(self) -> bool:
        """Whether anything was typed or chosen in it."""
        bodies = [body for body in (self.body, self.aside) if body is not None]
        return any(body.says_anything for body in bodies)


@dataclass(frozen=True)
class OwnScorecard:
    """An interview with what one person has written about it.

    `has_read`: they have read others' feedback on the candidate.
    """

    due_scorecard: DueScorecard
    scorecard: Scorecard | None
    draft: ScorecardDraft | None
    has_read: bool


def clean(text: str) -> str:
    """The text without what no database takes: NUL, and halves of a character."""
    return readable(text).replace(UNREADABLE, "")

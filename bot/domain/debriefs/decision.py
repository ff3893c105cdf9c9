"""Decisions: what was decided about an application after a panel, why, by whom; and until when it
can be undone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.applications import Stage
from bot.domain.debriefs.leanings import InvalidLeaning, sentence_of
from bot.domain.debriefs.rule import Checked, LineState
from bot.domain.names import fault_of_name
from bot.errors import UserError

SHORTEST_REASON, LONGEST_REASON = 20, 1000
UNDO_WITHIN = timedelta(minutes=15)
"""For so long a decision can be undone; the panel is told of it afterwards."""


class Outcome(StrEnum):
    """What was decided."""

    ADVANCE = "advance"
    OFFER = "offer"
    DECLINE = "decline"
    HOLD = "hold"
    ANOTHER_ROUND = "another_round"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class ReasonKind(StrEnum):
    """What a decision is about: each has to do with the job."""

    SKILLS_SHOWN = "skills_shown"
    SKILLS_NOT_SHOWN = "skills_not_shown"
    NEED_MORE = "need_more"
    WITHDREW = "withdrew"
    OPENING_CLOSED = "opening_closed"
    PLACE = "place"
    PAY = "pay"
    OTHER = "other"

    @property
    def label(self) -> str:
        return LABELS.get(self, self.value.replace("_", " ").capitalize())


LABELS = {
    ReasonKind.NEED_MORE: "More evidence needed",
    ReasonKind.WITHDREW: "The candidate withdrew",
    ReasonKind.PLACE: "Place or right to work",
    ReasonKind.OTHER: "Other, job-related",
}


class DecisionField(StrEnum):
    """What the form asks for."""

    OUTCOME = "outcome"
    COMPETENCIES = "competencies"
    KIND = "kind"
    REASON = "reason"
    REMAINING = "remaining"
    AGAINST_RULE = "against_rule"


class InvalidDecision(UserError):
    """A decision that cannot be as it was filled in; `field` says where."""

    def __init__(self, field: DecisionField, text: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class NewDecision:
    """What somebody decides; `closes_due`: scorecards that are still due are closed with it, and
    `against_rule`: why, though a line of the rule speaks against it."""

    outcome: Outcome
    kind: ReasonKind
    reason: str
    competencies: tuple[str, ...]
    closes_due: bool = False
    against_rule: str = ""


@dataclass(frozen=True)
class Decision:
    """A decision as it was made; `number` counts those of a panel from 1.

    `stage_before` is the application's before the first that holds, and `competencies` are those
    that it rests on. `rule` is how each line of the rule stood then, and `against_rule` why it was
    decided so where lines spoke against it. `needs_second`: it counts once another decider has
    confirmed it.
    """

    number: int
    outcome: Outcome
    kind: ReasonKind
    reason: str
    competencies: tuple[str, ...]
    person: str
    at: datetime
    stage_before: Stage
    closes_due: bool = False
    undone_at: datetime | None = None
    undone_by: str | None = None
    rule: Checked = ()
    against_rule: str | None = None
    needs_second: bool = False
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None

    @property
    def is_pending(self) -> bool:
        """Whether it counts for nothing yet: another decider is to confirm it."""
        return self.needs_second and self.confirmed_at is None and self.undone_at is None

    @property
    def holds(self) -> bool:
        return self.undone_at is None and not self.is_pending

    @property
    def counts_at(self) -> datetime:
        """From when on it counts, unless it is pending."""
        return self.confirmed_at or self.at

    @property
    def tells_at(self) -> datetime:
        """From when on it is certain, so that the panel hears of it."""
        return self.counts_at + UNDO_WITHIN

    def may_be_undone(self, now: datetime) -> bool:
        return self.is_pending or (self.undone_at is None and now < self.tells_at)

    @property
    def stage(self) -> Stage:
        """Where the application is with it."""
        if self.outcome is Outcome.DECLINE:
            withdrew = self.kind is ReasonKind.WITHDREW
            return Stage.WITHDRAWN if withdrew else Stage.DECLINED
        return STAGES[self.outcome]


STAGES = {
    Outcome.ADVANCE: Stage.DECIDING,
    Outcome.OFFER: Stage.OFFER,
    Outcome.HOLD: Stage.DECIDING,
    Outcome.ANOTHER_ROUND: Stage.INTERVIEWING,
}


@dataclass(frozen=True)
class Decisions:
    """All that were made about a panel, the first first: none is ever overwritten."""

    made: tuple[Decision, ...] = ()

    @property
    def current(self) -> Decision | None:
        """The one that holds."""
        return next((one for one in reversed(self.made) if one.holds), None)

    @property
    def pending(self) -> Decision | None:
        """The one that waits for a second decider: nothing is decided after it meanwhile."""
        return next((one for one in self.made if one.is_pending), None)

    @property
    def earlier(self) -> tuple[Decision, ...]:
        """Those that held before it, the last first."""
        held = [one for one in self.made if one.holds]
        return tuple(reversed(held[:-1]))

    @property
    def last(self) -> int:
        """The number of the last one, undone or not; 0 before the first."""
        return self.made[-1].number if self.made else 0


SPEAK_AGAINST = {
    Outcome.ADVANCE: {LineState.NOT_MET},
    Outcome.OFFER: {LineState.NOT_MET, LineState.NOT_ASSESSED},
}
"""Which lines of a rule speak against an outcome: after an offer nobody rates any more."""


def against(outcome: Outcome, rule: Checked) -> Checked:
    """The lines of the rule that speak against an outcome."""
    return tuple(one for one in rule if one.state in SPEAK_AGAINST.get(outcome, ()))


def checked(new: NewDecision, offered: Iterable[str], rule: Checked = ()) -> NewDecision:
    """The decision with its words as they are kept. Raises InvalidDecision."""
    if not new.competencies or not set(new.competencies) <= set(offered):
        told = "Choose at least one competency that this rests on."
        raise InvalidDecision(DecisionField.COMPETENCIES, told)
    if new.outcome is Outcome.OFFER and new.kind is ReasonKind.WITHDREW:
        told = "Who withdrew gets no offer. Choose another decision, or another kind of reason."
        raise InvalidDecision(DecisionField.KIND, told)
    reason = new.reason.strip()
    if sum(letter.isalnum() for letter in reason) < SHORTEST_REASON:
        told = f"Say why in at least {SHORTEST_REASON} characters, about the job."
        raise InvalidDecision(DecisionField.REASON, told)
    if len(reason) > LONGEST_REASON:
        raise InvalidDecision(DecisionField.REASON, f"Use at most {LONGEST_REASON} characters.")
    if fault := fault_of_name(reason):
        raise InvalidDecision(DecisionField.REASON, fault)
    why = _why_against(new) if against(new.outcome, rule) else ""
    return replace(new, reason=reason, against_rule=why)


def check_withdrawn(new: NewDecision | Decision, stage: Stage, current: Decision | None) -> None:
    """Of a candidate who withdrew by themselves nothing else is decided any more, until somebody
    has recorded that; an offer has an end of its own. Raises InvalidDecision."""
    is_recorded = current is not None and (
        current.stage is Stage.WITHDRAWN or current.outcome is Outcome.OFFER
    )
    if stage is not Stage.WITHDRAWN or is_recorded:
        return
    if (new.outcome, new.kind) != (Outcome.DECLINE, ReasonKind.WITHDREW):
        told = (
            "The candidate has withdrawn. Choose Decline here, and "
            f"{ReasonKind.WITHDREW.label} as the kind of reason."
        )
        raise InvalidDecision(DecisionField.OUTCOME, told)


def _why_against(new: NewDecision) -> str:
    if not new.against_rule.strip():
        told = "A line of the decision rule speaks against this. Say why you decide so anyway."
        raise InvalidDecision(DecisionField.AGAINST_RULE, told)
    try:
        return sentence_of(new.against_rule)
    except InvalidLeaning as invalid:
        raise InvalidDecision(DecisionField.AGAINST_RULE, invalid.text) from invalid

"""What a panel's ratings say to each line of the rule that was written before: facts to read next
to everything else. It decides nothing, and adds nothing up over lines or people."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.debriefs.ratings import SCALE, GivenRating, RatingsTable
from bot.domain.openings.rule import Rule, RuleLine


class LineState(StrEnum):
    """How a line of a rule stands."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_ASSESSED = "not_assessed"
    """It isn't known: too little of what it is about was rated."""

    @property
    def label(self) -> str:
        return self.value.replace("_", " ")


@dataclass(frozen=True)
class CheckedLine:
    """A line in words, and how it stands."""

    text: str
    state: LineState


Checked = tuple[CheckedLine, ...]


def checked_rule(rule: Rule, table: RatingsTable) -> Checked:
    """Each line with what these ratings say to it, in the order of the rule."""
    return tuple(CheckedLine(line.text, _state(line, table)) for line in rule)


def _state(line: RuleLine, table: RatingsTable) -> LineState:
    """A competency that the panel lacks counts as one that nobody rated."""
    rows = {row.competency: row.given for row in table.rows}
    among = [one.id for one in line.competencies] or list(rows)
    ratings = [one for id in among for one in rows.get(id, ())]
    if not line.count:
        return _none_of(line, ratings, is_whole=all(rows.get(id) for id in among))
    if sum(_counts(line, one) for one in ratings) >= line.count:
        return LineState.MET
    return LineState.NOT_MET if len(ratings) >= line.count else LineState.NOT_ASSESSED


def _none_of(line: RuleLine, ratings: Iterable[GivenRating], *, is_whole: bool) -> LineState:
    """`is_whole`: somebody rated each of the competencies."""
    if any(SCALE.index(one.rating) <= SCALE.index(line.rating) for one in ratings):
        return LineState.NOT_MET
    return LineState.MET if is_whole else LineState.NOT_ASSESSED


def _counts(line: RuleLine, one: GivenRating) -> bool:
    is_good = SCALE.index(one.rating) >= SCALE.index(line.rating)
    return is_good and (bool(one.evidence.strip()) or not line.with_evidence)

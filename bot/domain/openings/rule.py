"""An opening's decision rule: what ratings are to show, said before its first interview.

Its lines are facts to look up, never a verdict: `bot/domain/debriefs/rule.py` looks them up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.openings.fields import InvalidOpening, OpeningField
from bot.domain.questions.question import Rating

MOST_COUNTED = 9


@dataclass(frozen=True)
class Named:
    """A competency with its name when the rule was written, for when the role lacks it since."""

    id: str
    name: str


@dataclass(frozen=True)
class RuleLine:
    """One line: at least `count` ratings of `rating` or better, or, where that is 0, none of
    `rating` or lower; in these competencies, or in whichever where there are none.

    `with_evidence`: only those ratings count for which somebody wrote what they saw.
    """

    rating: Rating
    competencies: tuple[Named, ...] = ()
    count: int = 0
    with_evidence: bool = False

    @property
    def text(self) -> str:
        """Such as "No “poor” in Data modeling or Security"."""
        if self.count:
            better = "" if self.rating is Rating.OUTSTANDING else " or better"
            evidence = ", with evidence" if self.with_evidence else ""
            what = f"At least {self.count} “{self.rating}”{better}{evidence}"
        else:
            what = f"No “{self.rating}”{'' if self.rating is Rating.POOR else ' or lower'}"
        return f"{what} in {self._where}" if self.competencies else what

    @property
    def _where(self) -> str:
        *first, last = [one.name for one in self.competencies]
        return f"{', '.join(first)} or {last}" if first else last


Rule = tuple[RuleLine, ...]
"""The lines; none where the opening has no rule."""


@dataclass(frozen=True)
class RuleForm:
    """A rule as its form has it: competencies by id; `count` 0 where no line counts ratings."""

    poor: tuple[str, ...] = ()
    borderline: tuple[str, ...] = ()
    count: int = 0
    counted: tuple[str, ...] = ()
    with_evidence: bool = False


def form_of(rule: Rule) -> RuleForm:
    """The rule as it can be chosen again."""
    ids = {
        (line.rating, bool(line.count)): tuple(one.id for one in line.competencies) for line in rule
    }
    counts = next((line for line in rule if line.count), None)
    return RuleForm(
        poor=ids.get((Rating.POOR, False), ()),
        borderline=ids.get((Rating.BORDERLINE, False), ()),
        count=counts.count if counts else 0,
        counted=ids.get((Rating.SOLID, True), ()),
        with_evidence=counts is not None and counts.with_evidence,
    )


def rule_of(form: RuleForm, names: Mapping[str, str]) -> Rule:
    """The rule that somebody chose; `names` are of what the opening rates, by id, in its order.

    Raises InvalidOpening.
    """
    fields = {
        OpeningField.RULE_POOR: form.poor,
        OpeningField.RULE_BORDERLINE: form.borderline,
        OpeningField.RULE_COUNTED: form.counted,
    }
    faults = {
        field: "Choose among what this job rates."
        for field, ids in fields.items()
        if not set(ids) <= set(names)
    }
    if twice := [names[id] for id in form.poor if id in form.borderline and id in names]:
        told = f"“Borderline or lower” covers {', '.join(twice)} already."
        faults.setdefault(OpeningField.RULE_POOR, told)
    if not 0 <= form.count <= MOST_COUNTED:
        faults[OpeningField.RULE_COUNT] = f"Choose at most {MOST_COUNTED}."
    elif not form.count and (form.counted or form.with_evidence):
        faults[OpeningField.RULE_COUNT] = "Choose how many, or leave the two fields below empty."
    if faults:
        raise InvalidOpening(faults)
    poor, borderline, counted = (_named(ids, names) for ids in fields.values())
    return (
        *([RuleLine(Rating.POOR, poor)] if poor else []),
        *([RuleLine(Rating.BORDERLINE, borderline)] if borderline else []),
        *([RuleLine(Rating.SOLID, counted, form.count, form.with_evidence)] if form.count else []),
    )


def _named(ids: Sequence[str], names: Mapping[str, str]) -> tuple[Named, ...]:
    return tuple(Named(id, name) for id, name in names.items() if id in ids)

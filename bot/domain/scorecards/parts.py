"""The fields of a scorecard that a form shows: all of them, or those of one step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.scorecards.fields import choices_of, texts_of
from bot.domain.scorecards.scorecard import Assessment, ScorecardBody

LAST_STEP = ""
"""The step of what is said of the whole; each step before it is named by its competency."""

NO_FIELDS: Mapping[str, Any] = {}


@dataclass(frozen=True)
class ScorecardPart:
    """What stands in some fields, by name and competency (empty for what is of the whole)."""

    values: Mapping[tuple[str, str], Any]

    @classmethod
    def whole(cls, body: ScorecardBody) -> "ScorecardPart":
        """Every field of it."""
        of_each = {
            (name, item.competency): getattr(item, name)
            for item in body.assessments
            for name in (*choices_of(Assessment), *texts_of(Assessment))
        }
        names = (*choices_of(ScorecardBody), *texts_of(ScorecardBody))
        return cls(of_each | {(name, LAST_STEP): getattr(body, name) for name in names})

    def into(self, body: ScorecardBody) -> ScorecardBody:
        """The body with these values in their fields."""
        steps: dict[str, dict[str, Any]] = {}
        for (name, competency), value in self.values.items():
            steps.setdefault(competency, {})[name] = value
        of_whole = steps.pop(LAST_STEP, NO_FIELDS)
        ids = dict.fromkeys((*body.competencies, *steps))
        assessments = tuple(replace(body.of(id), **steps.get(id, NO_FIELDS)) for id in ids)
        return replace(body, assessments=assessments, **of_whole)

    def out_of(self, body: ScorecardBody) -> ScorecardBody:
        """The body without what stands in these fields of it."""
        known = {key: value for key, value in self.values.items() if key[1] in _steps(body)}
        nothing = {(name, step): _nothing(name, step) for name, step in known}
        return ScorecardPart(nothing).into(body)

    def is_all_of(self, body: ScorecardBody) -> bool:
        """Whether every competency of the body is in it, and what is of the whole."""
        steps = {step for _, step in self.values}
        return steps >= _steps(body)

    def has(self, name: str, competency: str) -> bool:
        return (name, competency) in self.values


def steps_of(body: ScorecardBody) -> tuple[str, ...]:
    """The steps of its form, in order."""
    return (*body.competencies, LAST_STEP)


def _steps(body: ScorecardBody) -> frozenset[str]:
    return frozenset(steps_of(body))


def _nothing(name: str, competency: str) -> str | None:
    holder = Assessment if competency else ScorecardBody
    return "" if name in texts_of(holder) else None

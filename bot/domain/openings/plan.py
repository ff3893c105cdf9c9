"""An opening's interview plan: what a panel for one of its candidates is made from."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.names import fault_of_name
from bot.domain.openings.fields import InvalidOpening, OpeningField
from bot.domain.questions.selection import LEAST_MINUTES, MOST_MINUTES

MOST_PLANNED = 10
LONGEST_NAME = 60
MOST_FOCUS = 5
USUAL_MINUTES = 45
USUAL_SHARE = 2
"""Competencies in one interview, where nobody has said otherwise."""
USUALLY_MOST = 5
"""Interviews of a plan that nobody has edited."""


@dataclass(frozen=True)
class PlannedInterview:
    """An interview that every candidate has; `usually` is who holds it, where that is known."""

    name: str
    minutes: int
    focus: tuple[str, ...]
    usually: str | None = None


Plan = tuple[PlannedInterview, ...]


def plan_for(competencies: Sequence[tuple[str, str]]) -> Plan:
    """A plan to begin with, from ids and names of competencies, most important first: each is in
    one interview, and neighbors are together."""
    count = len(competencies)
    number = min(USUALLY_MOST, -(-count // USUAL_SHARE))
    shares = [
        competencies[count * at // number : count * (at + 1) // number] for at in range(number)
    ]
    return tuple(
        PlannedInterview(
            _name([name for _, name in share]), USUAL_MINUTES, tuple(id for id, _ in share)
        )
        for share in (share[:MOST_FOCUS] for share in shares)
    )


def _name(names: Sequence[str]) -> str:
    first, *more = names
    whole = " and ".join([", ".join(names[:-1]), names[-1]]) if more else first
    return whole if len(whole) <= LONGEST_NAME else first[:LONGEST_NAME]


def check_planned(item: PlannedInterview, competencies: Sequence[str]) -> PlannedInterview:
    """The interview as it is kept. Raises InvalidOpening."""
    faults = {}
    name = " ".join(item.name.split())
    if not name or len(name) > LONGEST_NAME:
        faults[OpeningField.PLAN_NAME] = f"Use 1 to {LONGEST_NAME} characters."
    elif fault := fault_of_name(name):
        faults[OpeningField.PLAN_NAME] = fault
    if not LEAST_MINUTES <= item.minutes <= MOST_MINUTES:
        faults[OpeningField.PLAN_MINUTES] = f"Use {LEAST_MINUTES} to {MOST_MINUTES} minutes."
    focus = tuple(id for id in competencies if id in item.focus)
    if not 1 <= len(focus) <= MOST_FOCUS:
        faults[OpeningField.PLAN_FOCUS] = f"Choose 1 to {MOST_FOCUS} competencies."
    if faults:
        raise InvalidOpening(faults)
    return PlannedInterview(name, item.minutes, focus, item.usually)


def not_covered(plan: Plan, competencies: Sequence[str]) -> tuple[str, ...]:
    """The competencies that no interview is about."""
    covered = {id for item in plan for id in item.focus}
    return tuple(id for id in competencies if id not in covered)

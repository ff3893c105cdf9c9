"""What keeps a form from being a scorecard."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.domain.scorecards.fields import texts_of
from bot.domain.scorecards.parts import LAST_STEP, ScorecardPart, steps_of
from bot.domain.scorecards.scorecard import (
    Assessment,
    ScorecardBody,
    ScorecardField,
)
from bot.errors import UserError


@dataclass(frozen=True)
class FieldError:
    """What is amiss with a part of a scorecard; `competency` says whose where there are several."""

    part: ScorecardField
    text: str
    competency: str = ""


class InvalidScorecard(UserError):
    """A scorecard that cannot be submitted as it is."""

    def __init__(self, field_errors: Sequence[FieldError]) -> None:
        super().__init__(" ".join(fault.text for fault in field_errors))
        self.faults = tuple(field_errors)


def field_errors(body: ScorecardBody, *, needs_reason: bool = False) -> list[FieldError]:
    """What keeps the form from being a scorecard."""
    found = [fault for item in body.assessments for fault in _assessment_errors(item)]
    if body.recommendation is None:
        found.append(FieldError(ScorecardField.RECOMMENDATION, "Choose a recommendation."))
    found += _too_long(body)
    if needs_reason and not in_words(body.reason):
        found.append(
            FieldError(
                ScorecardField.REASON,
                "It's been more than a day. Say briefly why you're changing it.",
            )
        )
    return found


def part_errors(part: ScorecardPart) -> list[FieldError]:
    """What is amiss with this part alone, the reason for a change aside."""
    found = field_errors(part.into(ScorecardBody()))
    return [fault for fault in found if part.has(fault.part, fault.competency)]


def step_to_do(body: ScorecardBody, first: Collection[str] = ()) -> str:
    """The first step of its form that is among `first`, else that is not finished; else the
    last."""
    unfinished = [item.competency for item in body.assessments if is_unfinished(item)]
    steps = [step for step in steps_of(body) if step in first]
    return next(iter([*steps, *unfinished]), LAST_STEP)


def is_unfinished(item: Assessment) -> bool:
    return any(_assessment_errors(item))


def _assessment_errors(item: Assessment) -> Iterable[FieldError]:
    id, evidence = item.competency, item.evidence
    if item.choice is None:
        yield FieldError(ScorecardField.CHOICE, "Choose a rating or “Not assessed”.", id)
    elif item.choice.rating is not None and not in_words(evidence):
        text = (
            "Describe in words what you saw or heard."
            if evidence.strip()
            else "Add what you saw or heard. Every rating needs evidence."
        )
        yield FieldError(ScorecardField.EVIDENCE, text, id)
    yield from _too_long(item, id)


def _too_long(holder: ScorecardBody | Assessment, competency: str = "") -> Iterable[FieldError]:
    for name, one in texts_of(type(holder)).items():
        length = len(getattr(holder, name))
        if length > one.most:
            words = f"Use at most {one.most:,} characters. This is {length:,}."
            yield FieldError(ScorecardField(name), words, competency)


EMOJI = re.compile(r":[\w+'-]+:|[0-9]\ufe0f?\u20e3")
"""Emoji that have letters or digits in them: as Slack sends them, and the keys of a phone."""


def in_words(text: str) -> bool:
    """Whether there is a letter or a digit in it, of any script, emoji aside."""
    return any(letter.isalnum() for letter in EMOJI.sub("", text))

"""What keeps a form from being a scorecard."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.scorecards.scorecard import (
    LONGEST_EVIDENCE,
    LONGEST_NOTES,
    LONGEST_PROBE,
    LONGEST_REASON,
    Assessment,
    Body,
    Part,
)
from bot.errors import UserError


@dataclass(frozen=True)
class Fault:
    """What is amiss with a part of a scorecard; `competency` says whose where there are several."""

    part: Part
    text: str
    competency: str = ""


class Faulty(UserError):
    """A scorecard that cannot be submitted as it is."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(fault.text for fault in faults))
        self.faults = tuple(faults)


def faults(body: Body, *, needs_reason: bool = False) -> list[Fault]:
    """What keeps the form from being a scorecard."""
    found = [fault for item in body.assessments for fault in _assessment_faults(item)]
    if body.recommendation is None:
        found.append(Fault(Part.RECOMMENDATION, "Please choose what you recommend."))
    found += _too_long(Part.NOTES, body.notes, LONGEST_NOTES)
    found += _too_long(Part.PROBE_NEXT, body.probe_next, LONGEST_PROBE)
    found += _too_long(Part.REASON, body.reason, LONGEST_REASON)
    if needs_reason and not in_words(body.reason):
        found.append(
            Fault(Part.REASON, "A day has passed: please say in a few words why you change it.")
        )
    return found


def _assessment_faults(item: Assessment) -> Iterable[Fault]:
    id, evidence = item.competency, item.evidence
    if item.choice is None:
        yield Fault(Part.CHOICE, "Please choose a rating, or “Not assessed”.", id)
    elif item.choice.rating is not None and not in_words(evidence):
        text = (
            "Please say in words what you saw or heard."
            if evidence.strip()
            else "A rating needs evidence: please say what you saw or heard."
        )
        yield Fault(Part.EVIDENCE, text, id)
    yield from _too_long(Part.EVIDENCE, evidence, LONGEST_EVIDENCE, id)


def _too_long(part: Part, text: str, most: int, competency: str = "") -> Iterable[Fault]:
    if len(text) > most:
        words = f"Please use at most {most:,} characters: these are {len(text):,}."
        yield Fault(part, words, competency)


EMOJI = re.compile(r":[\w+'-]+:|[0-9]\ufe0f?\u20e3")
"""Emoji that have letters or digits in them: as Slack sends them, and the keys of a phone."""


def in_words(text: str) -> bool:
    """Whether there is a letter or a digit in it, of any script, emoji aside."""
    return any(letter.isalnum() for letter in EMOJI.sub("", text))

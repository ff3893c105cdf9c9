"""What not to ask: topics that have no place in an interview, and how they are noticed.

Rules go by the weight of words (`bot.domain.wording`), by patterns of their own, or by both.

Everything built from these rules is advice with the date on which it was checked, never legal
advice.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from bot.domain.content import Content, Line, Phrase, is_tested
from bot.domain.wording import Learned, hear


class Severity(StrEnum):
    """How bad it is to ask: prohibited or presumptive evidence, risky, poor practice."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


PAUSE = r"(?=\s*(?:[?.!,;:)]|$)|\s+(?:and|at|currently|early|from|now|or|soon|that|which|who)\b)"
"""Behind a phrase that is about a person only where nothing else follows: "your health?" is,
"your health checks" are not."""

NEVER = "(?!)"


def whole_words(pattern: str, behind: str = "") -> re.Pattern[str]:
    """The pattern where it is not a part of longer words, in any case."""
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w){behind}", re.IGNORECASE)


def _sound(pattern: str, info: ValidationInfo) -> str:
    if not is_tested(info):
        try:
            whole_words(pattern)
        except re.error as error:
            raise ValueError(f"must be a regular expression: {error}") from error
    return pattern


Expression = Annotated[str, AfterValidator(_sound)]


class Rule(Learned):
    """A topic to keep away from."""

    topic: Phrase
    severity: Severity
    jurisdictions: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    why: Line
    ask_instead: Line
    checked: date
    patterns: tuple[Expression, ...] = ()
    before_pause: tuple[Expression, ...] = ()

    @cached_property
    def expressions(self) -> tuple[re.Pattern[str], ...]:
        """Compiled when first needed, which a start does not wait for."""
        anywhere = (whole_words(pattern) for pattern in self.patterns)
        return (*anywhere, *(whole_words(pattern, PAUSE) for pattern in self.before_pause))

    @cached_property
    def _all_in_one(self) -> re.Pattern[str] | None:
        """None where one has groups: they would be numbered and named otherwise in here."""
        if any(expression.groups for expression in self.expressions):
            return None
        anywhere = rf"(?:{'|'.join(self.patterns)})(?!\w)" if self.patterns else NEVER
        ending = rf"(?:{'|'.join(self.before_pause)})(?!\w){PAUSE}" if self.before_pause else NEVER
        return re.compile(rf"(?<!\w)(?:{anywhere}|{ending})", re.IGNORECASE)

    def find(self, text: str) -> re.Match[str] | None:
        """The first of the rule's expressions that is in the text."""
        # To look for each alone takes several times as long, and most texts touch nothing.
        if self._all_in_one is not None and not self._all_in_one.search(text):
            return None
        matches = (expression.search(text) for expression in self.expressions)
        return next((match for match in matches if match), None)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.patterns or self.before_pause or self.learned):
            raise ValueError("needs learned, patterns or before_pause")
        return self


class Rules(Content):
    """A file of rules."""

    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Finding:
    """That a text touches a rule's topic, and with which words."""

    rule: Rule
    words: str

    def __str__(self) -> str:
        rule = self.rule
        return (
            f"{rule.topic} (“{self.words}”): {rule.why} Ask instead: {rule.ask_instead} "
            f"Rule for {', '.join(rule.jurisdictions)} checked on {rule.checked.isoformat()}. "
            "Not legal advice."
        )


def findings(text: str, rules: Iterable[Rule]) -> list[Finding]:
    """What the rules hold against a text, at most once for each rule."""
    rules = tuple(rules)
    heard = hear(text, rules)
    plain = " ".join(text.replace("’", "'").split())
    found = []
    for rule in rules:
        if match := rule.find(plain):
            found.append(Finding(rule, match[0]))
        elif rule.learned in heard:
            found.append(Finding(rule, heard[rule.learned]))
    return found

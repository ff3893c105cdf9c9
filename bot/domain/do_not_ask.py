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
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from bot.domain.content import Content, Line, Phrase
from bot.domain.wording import Learned, hear


class Severity(StrEnum):
    """How bad it is to ask: prohibited or presumptive evidence, risky, poor practice."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


PAUSE = r"(?=\s*(?:[?.!,;:)]|$)|\s+(?:and|at|currently|early|from|now|or|soon|that|which|who)\b)"
"""Behind a phrase that is about a person only where nothing else follows: "your health?" is,
"your health checks" are not."""


def _expression(pattern: Any) -> re.Pattern[str]:
    if not isinstance(pattern, str):
        raise ValueError("must be text in quotes")
    try:
        return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"must be a regular expression: {error}") from error


def _expression_before_pause(pattern: Any) -> re.Pattern[str]:
    return re.compile(_expression(pattern).pattern + PAUSE, re.IGNORECASE)


WholeWords = Annotated[re.Pattern[str], BeforeValidator(_expression)]
WholeWordsBeforePause = Annotated[re.Pattern[str], BeforeValidator(_expression_before_pause)]


class Rule(Learned):
    """A topic to keep away from."""

    topic: Phrase
    severity: Severity
    jurisdictions: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    why: Line
    ask_instead: Line
    checked: date
    patterns: tuple[WholeWords, ...] = ()
    before_pause: tuple[WholeWordsBeforePause, ...] = ()

    @property
    def expressions(self) -> tuple[re.Pattern[str], ...]:
        return (*self.patterns, *self.before_pause)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.expressions and self.learned is None:
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
        matches = (pattern.search(plain) for pattern in rule.expressions)
        if match := next((match for match in matches if match), None):
            found.append(Finding(rule, match[0]))
        elif rule.learned in heard:
            found.append(Finding(rule, heard[rule.learned]))
    return found

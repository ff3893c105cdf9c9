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
from bot.domain.wording import Learned, remarks, weighings


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


class Guard:
    """Holds the rules against one text after another: what they are made of is looked up once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._searching = [
            (place, rule)
            for place, rule in enumerate(self._rules)
            if rule.patterns or rule.before_pause
        ]
        self._listening = weighings(self._rules)

    def findings(self, text: str) -> list[Finding]:
        """What the rules hold against a text, at most once for each rule."""
        heard = remarks(text, self._listening)
        plain = " ".join(text.replace("’", "'").split())
        matches = {
            place: match[0] for place, rule in self._searching if (match := rule.find(plain))
        }
        if not heard and not matches:  # as most texts
            return []
        words = (
            (rule, matches.get(place, heard.get(rule.learned)))
            for place, rule in enumerate(self._rules)
        )
        return [Finding(rule, said) for rule, said in words if said is not None]


def findings(text: str, rules: Iterable[Rule]) -> list[Finding]:
    """What the rules hold against a single text, at most once for each rule."""
    return Guard(rules).findings(text)

"""Words in feedback that say nothing about the job: a private hint to the author, never a block."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, model_validator

from bot.domain.content import Content, Line, Phrase, is_tested
from bot.domain.wording import Learned, hear

HEDGES = (
    "a|about|almost|already|also|an|apparently|approaching|around|at|barely|basically|bit|clearly"
    "|close|definitely|exactly|extremely|fairly|far|for|just|kind|least|like|little|maybe|more|much"
    "|nearing|nearly|not|obviously|of|only|openly|over|past|perhaps|possibly|presumably|pretty"
    "|probably|pushing|quite|rather|really|slightly|so|somewhat|sort|still|such|sure|surely|the"
    "|to|too|totally|typical|typically|under|very|way|well"
)
SOMEBODY_IS = (
    r"(?:he|she|(?:the |this )?(?:candidate|applicant)|this (?:one|person))"
    r"(?:'s| is| was| isn't| wasn't| seems| seemed| looks| looked| sounds| sounded| appears"
    r"| appeared| feels| felt| has been| (?:may|might|must|could|will|would) be"
    r"| comes across as| came across as| strikes me as| struck me as)"
    rf"(?: (?:{HEDGES})){{0,5}} "
)
BEGINNING = (
    rf"(?:(?<![\w,] )(?:(?:{HEDGES}|and|be|but|is|looked|looks|may|might|must|seemed|seems|was) )"
    rf"{{0,5}}|(?<=, )(?:and |but )?(?:(?:{HEDGES}) ){{1,5}})"
)
PAUSE = (
    r"(?= ?(?:[^\w '%/-]|$)"
    r"| (?:and|apparently|as well|because|but|even|i|maybe|now|or|perhaps|probably|so|though|too"
    r"|which|while|who)\b)"
)
NEVER = "(?!)"


def _sound(pattern: str, info: ValidationInfo) -> str:
    if is_tested(info):
        return pattern
    try:
        groups = re.compile(f"(?:{pattern})").groups
    except re.error as error:
        raise ValueError(f"must be a regular expression: {error}") from error
    if groups:
        raise ValueError("must not capture: write (?:…) instead of (…)")
    if pattern != pattern.lower():
        raise ValueError("must be in small letters: capitals are matched all the same")
    return pattern


def _any_of(expressions: Iterable[str]) -> str:
    return f"(?:{'|'.join(expressions) or NEVER})"


def _some_word(match: re.Match[str]) -> str:
    return "_" * len(match[0])


Expression = Annotated[str, StringConstraints(min_length=1), AfterValidator(_sound)]


class FeedbackHint(Learned):
    """A topic that has no place in feedback, what to write of instead, and how it is noticed.

    By the weight of words, where `learned` names the topic, and by `patterns` anywhere. The other
    lists match only where the thought ends or goes on by "and", "but" and the like: `before_pause`
    whatever stands before them, `of_person` behind "she is" or "the candidate seems", `alone` at
    the beginning of a sentence. What is `harmless` is left out.
    """

    topic: Phrase
    why: Line
    instead: Line
    patterns: tuple[Expression, ...] = ()
    before_pause: tuple[Expression, ...] = ()
    of_person: tuple[Expression, ...] = ()
    alone: tuple[Expression, ...] = ()
    harmless: tuple[Expression, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.learned or self._has_patterns):
            raise ValueError("needs learned, patterns, before_pause, of_person or alone")
        return self

    @property
    def _has_patterns(self) -> bool:
        return bool(self.patterns or self.before_pause or self.of_person or self.alone)

    @cached_property
    def _words(self) -> re.Pattern[str]:
        """Compiled when first needed: a start does not wait for it."""
        # One expression for all: to look for each alone takes several times as long.
        ways = (
            _any_of(self.patterns) + r"(?!-?\w)",
            _any_of(self.before_pause) + PAUSE,
            SOMEBODY_IS + _any_of(self.of_person) + PAUSE,
            BEGINNING + _any_of(self.alone) + PAUSE,
        )
        return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})")

    @cached_property
    def _harmless_words(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){_any_of(self.harmless)}(?!\w)")

    def find(self, text: str) -> re.Match[str] | None:
        """The first such words of a text in small letters, with plain spaces and apostrophes."""
        if not self._has_patterns or not self._words.search(text):
            return None
        return self._words.search(self._harmless_words.sub(_some_word, text))


class FeedbackHints(Content):
    """A file of hints."""

    hints: Annotated[tuple[FeedbackHint, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Noticed:
    """That a text touches a hint's topic, and with which words."""

    hint: FeedbackHint
    words: str


def noticed(texts: Iterable[str], hints: Iterable[FeedbackHint]) -> list[Noticed]:
    """What the hints have to say of the texts, each at most once."""
    texts, hints = tuple(texts), tuple(hints)
    plain = "\n".join(" ".join(text.replace("’", "'").split()) for text in texts)
    small = plain.replace("İ", "I").lower()
    heard: dict[str | None, str] = {}
    for text in texts:
        heard = hear(text, hints) | heard
    found = []
    for hint in hints:
        if match := hint.find(small):
            found.append(Noticed(hint, plain[match.start() : match.end()]))
        elif hint.learned in heard:
            found.append(Noticed(hint, heard[hint.learned]))
    return found

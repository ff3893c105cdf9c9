"""The content that advice is made from: laws on pay, words, and how a posting is built."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, StringConstraints, ValidationInfo, model_validator

from bot.domain.content import Content, Line, Phrase, Slug, is_tested
from bot.domain.do_not_ask import Expression, Rule, whole_words
from bot.domain.openings.advice_finding import Reference, Spot
from bot.domain.openings.pay import currencies
from bot.domain.openings.places import REGIONS, Place, country_name
from bot.domain.posting import PostingPart

OF_COMPANY = (PostingPart.BENEFITS, PostingPart.ABOUT, PostingPart.PROCESS)
"""The parts in which the company speaks of itself, and asks nobody anything."""

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Stem = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*\*?$")]


class Source(Content):
    """Where a rule comes from: the text of a link and its address."""

    text: Phrase
    url: Annotated[str, StringConstraints(pattern=r"^https://[^\s<>|\"]+$", max_length=400)]

    @property
    def reference(self) -> Reference:
        return Reference(self.text, self.url)


class Sourced(Content):
    """What goes with every rule; `checked` is the day on which it was compared with its source."""

    source: Source
    checked: date


class Told(Sourced):
    """A rule with why it matters and what to do."""

    why: Line
    instead: Line


class PayIn(StrEnum):
    """Until when the law wants the pay to be told."""

    POSTING = "posting"
    NEGOTIATION = "negotiation"


class PayLaw(Sourced):
    """What a law asks of a posting about pay, where it holds, and since when.

    `cities` are the names of one city. A job that can be done from anywhere in the country counts,
    unless `anywhere_in_country` is false. `widest` is how far apart the ends of a year's pay may
    be, in `currency`, unless the upper end is above `unless_above`. `mentions` name what else the
    posting says.
    """

    name: Phrase
    country: Country
    region: Phrase | None = None
    cities: tuple[Phrase, ...] = ()
    pay_in: PayIn
    employers: Phrase
    since: date
    anywhere_in_country: bool = True
    closing_date: bool = False
    mentions: tuple[Slug, ...] = ()
    widest: Annotated[int, Field(gt=0)] | None = None
    unless_above: Annotated[int, Field(gt=0)] | None = None
    currency: Phrase | None = None

    @model_validator(mode="after")
    def _names_a_place(self, info: ValidationInfo) -> Self:
        if is_tested(info):  # the names of all countries take long to read
            return self
        if country_name(self.country) == self.country:
            raise ValueError(f"{self.country!r} is no country's code (ISO 3166)")
        known = REGIONS.get(self.country)
        if self.region is not None and known is not None and self.region not in known:
            raise ValueError(f"{self.region!r} is no region of {self.country} (ISO 3166-2)")
        if self.widest is not None and self.currency not in currencies():
            raise ValueError("widest needs the currency that it is in (ISO 4217)")
        return self

    def holds_in(self, place: Place) -> bool:
        """Whether a job that can be done there comes under this law."""
        if place.country != self.country:
            return False
        if place.region is None and place.city is None:
            is_country = self.region is None and not self.cities
            return is_country or self.anywhere_in_country
        if self.region is not None and place.region != self.region:
            return False
        return not self.cities or place.city is None or place.city in self.cities


class Mention(Told):
    """Something that some laws want a posting to say; any of the patterns finds that it does."""

    what: Phrase
    patterns: Annotated[tuple[Expression, ...], Field(min_length=1)]

    def is_in(self, text: str) -> bool:
        return any(whole_words(pattern).search(text) for pattern in self.patterns)


class RangeRule(Told):
    """How many times the lower end of a pay range the upper one may be."""

    most: Annotated[float, Field(gt=1)]


class PayLaws(Content):
    """A file of laws on pay."""

    laws: Annotated[tuple[PayLaw, ...], Field(min_length=1)]
    mentions: dict[Slug, Mention]
    wide_range: RangeRule
    region_missing: Told

    @model_validator(mode="after")
    def _mentions_are_there(self) -> Self:
        for law in self.laws:
            if unknown := set(law.mentions) - self.mentions.keys():
                raise ValueError(f"{law.name}: no mentions.{min(unknown)}")
        return self


class Part(StrEnum):
    """In which lines of a posting a rule looks."""

    ANY = "any"
    REQUIREMENTS = "requirements"


SPACE = r"[\s-]?"


class WordRule(Told):
    """Words to look at, and why.

    `words` have what can be written instead, or nothing; a space in them may be missing or be a
    hyphen, and an s may follow. `patterns` are regular expressions. A line that has any of `unless`
    is left alone, and `harmless` words are left out. `law` says where it is a matter of law.
    `covers` are topics of do_not_ask.toml of which it says all that is to be said.
    """

    id: Slug
    title: Phrase
    law: Phrase | None = None
    part: Part = Part.ANY
    covers: tuple[Phrase, ...] = ()
    words: dict[Phrase, str] = Field(default_factory=dict)
    patterns: tuple[Expression, ...] = ()
    unless: tuple[Expression, ...] = ()
    harmless: tuple[Expression, ...] = ()

    @model_validator(mode="after")
    def _looks_for_something(self) -> Self:
        if not (self.words or self.patterns):
            raise ValueError("needs words or patterns")
        return self

    def find(self, line: str) -> Iterable[re.Match[str]]:
        """Every place of a line that it is about; apostrophes are straight ones."""
        if not self._looked_for.search(line) or (self.unless and self._unless.search(line)):
            return ()
        plain = self._harmless.sub(_blank, line) if self.harmless else line
        return self._looked_for.finditer(plain)

    def use_for(self, words: str) -> str | None:
        """What can stand in the place of these words, of several where they are."""
        key = _bare(words)
        if key in self._uses:
            return self._uses[key]
        use = self._uses.get(key.removesuffix("s"))
        return f"{use}s" if use and not use.endswith("s") else use

    @cached_property
    def _uses(self) -> dict[str, str]:
        return {_bare(words): use for words, use in self.words.items() if use}

    @cached_property
    def _looked_for(self) -> re.Pattern[str]:
        """Compiled when first needed: a start does not wait for it."""
        longest_first = sorted(self.words, key=len, reverse=True)
        spaced = (SPACE.join(map(re.escape, re.split(r"[ -]", one))) for one in longest_first)
        return whole_words("|".join([*(f"{one}s?" for one in spaced), *self.patterns]))

    @cached_property
    def _unless(self) -> re.Pattern[str]:
        return whole_words("|".join(self.unless))

    @cached_property
    def _harmless(self) -> re.Pattern[str]:
        return whole_words("|".join(self.harmless))


def _bare(words: str) -> str:
    return re.sub(r"[\s-]", "", words).lower()


def _blank(match: re.Match[str]) -> str:
    return "_" * len(match[0])


class CodedWords(Told):
    """Words that were found to sound masculine or feminine: stems, where a * stands for any ending.

    A posting is told of where it has at least `least` more of one kind than of the other, and
    `share` of them in a hundred words. What is `harmless` is not counted.
    """

    least: Annotated[int, Field(gt=0)]
    share: Annotated[float, Field(gt=0)]
    masculine: Annotated[tuple[Stem, ...], Field(min_length=1)]
    feminine: Annotated[tuple[Stem, ...], Field(min_length=1)]
    harmless: tuple[Expression, ...] = ()

    @cached_property
    def masculine_words(self) -> re.Pattern[str]:
        return _of_stems(self.masculine)

    @cached_property
    def feminine_words(self) -> re.Pattern[str]:
        return _of_stems(self.feminine)

    def without_harmless(self, text: str) -> str:
        return whole_words("|".join(self.harmless)).sub(_blank, text) if self.harmless else text


def _of_stems(stems: Iterable[str]) -> re.Pattern[str]:
    return whole_words("|".join(stem.replace("*", r"[\w-]*") for stem in stems))


class Bound(Content):
    """A number, and what to say of a posting that is on its wrong side."""

    at: float
    why: Line
    instead: Line


class Limit(Sourced):
    """What a number had better keep to."""

    least: Bound | None = None
    most: Bound | None = None

    @model_validator(mode="after")
    def _is_a_limit(self) -> Self:
        if self.least is None and self.most is None:
            raise ValueError("needs least or most")
        return self

    def passed_by(self, value: float) -> Bound | None:
        """The bound that this value is on the wrong side of."""
        if self.least is not None and value < self.least.at:
            return self.least
        if self.most is not None and value > self.most.at:
            return self.most
        return None


class Limits(Content):
    """How a posting is built: must-haves, words, share of the words in lists in percent, and the
    Flesch reading ease."""

    must_haves: Limit
    words: Limit
    lists: Limit
    reading_ease: Limit


class PostingAdvice(Content):
    """A file of advice on the words of a posting.

    `requirements` are how headings of lists of requirements read, in small letters, and
    `company` those under which the company speaks of itself: what it says of family health cover
    asks nobody anything. They are for texts of which only the headings are known. `guard` is where
    the rules of do_not_ask.toml are from.
    """

    requirements: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    company: tuple[Phrase, ...]
    rules: tuple[WordRule, ...]
    coded: CodedWords
    limits: Limits
    guard: Sourced
    remote: Told

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [rule.id for rule in self.rules]
        if doubled := next((id for id in ids if ids.count(id) > 1), None):
            raise ValueError(f"two rules have the id {doubled!r}")
        return self

    def is_requirements(self, spot: Spot) -> bool:
        """Whether what stands there is asked of people: by its part, or else by its heading."""
        if spot.part is not None:
            return spot.part is PostingPart.REQUIREMENTS
        return _has_any(spot.heading, self.requirements)

    def is_of_company(self, spot: Spot) -> bool:
        """Whether the company speaks of itself there: by its part, or else by its heading."""
        if spot.part is not None:
            return spot.part in OF_COMPANY
        return _has_any(spot.heading, self.company)


def _has_any(heading: str, phrases: Iterable[str]) -> bool:
    small = heading.replace("’", "'").lower()
    return any(words in small for words in phrases)


@dataclass(frozen=True)
class AdviceBook:
    """All that advice goes by."""

    pay: PayLaws
    posting: PostingAdvice
    do_not_ask: tuple[Rule, ...] = ()

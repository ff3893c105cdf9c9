"""The parts of a posting, and the fixed words that stand around them in each language."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from bot.domain.content import Content

SHORT_ITEM = 60
"""Characters up to which an item of a list can be taken in at a glance."""

Item = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
"""An entry of a posting's list."""

Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2900)]
"""Prose of a posting: as much as one block of Slack shows."""

Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
"""A language such as `de` or `pt-BR`: the name of its file in `locales/`."""

ENGLISH = "en"


class PostingPart(StrEnum):
    """The parts of a posting that have a heading."""

    SKILLS = "skills"
    RESPONSIBILITIES = "responsibilities"
    REQUIREMENTS = "requirements"
    NICE_TO_HAVE = "nice_to_have"
    LEGALLY_REQUIRED = "legally_required"
    CONDITIONS = "conditions"
    BENEFITS = "benefits"
    ABOUT = "about"
    PROCESS = "process"
    CONTACT = "contact"


@dataclass(frozen=True)
class Section:
    """A part of a posting: what leads into its list, the list, then paragraphs.

    The first part of a posting has no heading.
    """

    heading: str = ""
    items: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()

    @property
    def scans(self) -> bool:
        """Whether its items are so few and short that they can stand in columns."""
        return len(self.items) <= 10 and all(len(item) <= SHORT_ITEM for item in self.items)

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says, in order, without its heading."""
        return (*self.lead, *self.items, *self.paragraphs)


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


def _with(*names: str) -> AfterValidator:
    """What goes with the type of words that others are put into."""

    def check(text: str) -> str:
        if lacking := [name for name in names if f"{{{name}}}" not in text]:
            raise ValueError(f"must have {{{lacking[0]}}} in it")
        return text

    return AfterValidator(check)


def filled(words: str, **given: str) -> str:
    """The words with what is given in the place of its name in curly brackets."""
    return _PLACE.sub(lambda place: given.get(place[1], place[0]), words)


_PLACE = re.compile(r"\{(\w+)\}")


class PostingHeadings(Content):
    """What stands above each part; `details` above facts that are of none."""

    skills: Words = "Key skills"
    responsibilities: Words = "What you'll do"
    requirements: Words = "What you'll bring"
    nice_to_have: Words = "Nice to have"
    legally_required: Words = "Required by law"
    conditions: Words = "Working conditions"
    benefits: Words = "What we offer"
    about: Words = "About us"
    process: Words = "How we hire"
    contact: Words = "Contact"
    details: Words = "At a glance"

    def __getitem__(self, part: PostingPart) -> str:
        heading: str = getattr(self, part)
        return heading


CefrLevel = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
AtLevel = Annotated[Words, _with("language")]


class LanguageLevels(Content):
    """How postings say a level of the CEFR, which few candidates in the US know by its letters."""

    A1: AtLevel = "A little {language}"
    A2: AtLevel = "Basic {language}"
    B1: AtLevel = "Conversational {language}"
    B2: AtLevel = "Professional-level {language}"
    C1: AtLevel = "Fluent {language}"
    C2: AtLevel = "Fully fluent {language}"

    def __getitem__(self, level: CefrLevel) -> str:
        words: str = getattr(self, level)
        return words


class PostingWords(Content):
    """The fixed words of a posting in one language; English where nothing else is given.

    `{text}` and the like are replaced by the role's own words. The defaults are kept here since
    what was frozen with a panel has to be read without any file.
    """

    language: Locale = ENGLISH
    headings: PostingHeadings = Field(default_factory=PostingHeadings)
    also_known_as: Annotated[Words, _with("names")] = "also known as {names}"
    shifts: Annotated[Words, _with("text")] = "Shifts: {text}"
    travel: Annotated[Words, _with("text")] = "Travel: {text}"
    language_need: Annotated[Words, _with("language", "text")] = "{language}: {text}"
    language_levels: LanguageLevels = Field(default_factory=LanguageLevels)

    @property
    def is_english(self) -> bool:
        return self == IN_ENGLISH


IN_ENGLISH = PostingWords()

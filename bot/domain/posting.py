"""The parts of a posting, and the fixed words that stand around them in each language."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from bot.domain.content import Content
from bot.domain.dates import ENGLISH

SHORT_ITEM = 60
"""Characters up to which an item of a list can be taken in at a glance."""

Item = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
"""An entry of a posting's list."""

Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2900)]
"""Prose of a posting: as much as one block of Slack shows."""

Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
"""A language such as `de` or `pt-BR`: the name of its file in `locales/`."""


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

    The first part of a posting has no heading. `part` says which it is, whatever its heading reads;
    None where that isn't known, as in a text file or what was stored by an older version.
    """

    heading: str = ""
    items: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    part: PostingPart | None = field(default=None, compare=False)

    @property
    def scans(self) -> bool:
        """Whether its items are so few and short that they can stand in columns."""
        return len(self.items) <= 10 and all(len(item) <= SHORT_ITEM for item in self.items)

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says, in order, without its heading."""
        return (*self.lead, *self.items, *self.paragraphs)


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


ButtonWords = Annotated[Words, StringConstraints(max_length=40)]
"""What is read on a button, on a phone too."""


def having(*names: str) -> AfterValidator:
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
AtLevel = Annotated[Words, having("language")]


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


class ModeWords(Content):
    """Where work is done, as it stands behind a place."""

    onsite: Words = "on-site"
    hybrid: Words = "hybrid"
    remote: Words = "remote"


class TypeWords(Content):
    """Types of employment."""

    full_time: Words = "Full-time"
    part_time: Words = "Part-time"
    contractor: Words = "Contract"
    temporary: Words = "Temporary"
    intern: Words = "Internship"


class PeriodWords(Content):
    """What is paid for how long."""

    hour: Annotated[Words, having("amount")] = "{amount} an hour"
    day: Annotated[Words, having("amount")] = "{amount} a day"
    week: Annotated[Words, having("amount")] = "{amount} a week"
    month: Annotated[Words, having("amount")] = "{amount} a month"
    year: Annotated[Words, having("amount")] = "{amount} a year"


class LabelWords(Content):
    """What stands before each fact."""

    location: Words = "Location"
    team: Words = "Team"
    pay: Words = "Pay"
    type: Words = "Type"
    hours: Words = "Hours"
    seats: Words = "Openings"
    apply_by: Words = "Apply by"
    hiring_manager: Words = "Hiring manager"


class OpeningWords(Content):
    """The fixed words of an opening: what it offers, how to apply, and what has become of it."""

    labels: LabelWords = Field(default_factory=LabelWords)
    modes: ModeWords = Field(default_factory=ModeWords)
    types: TypeWords = Field(default_factory=TypeWords)
    periods: PeriodWords = Field(default_factory=PeriodWords)
    either: Annotated[Words, having("one", "other")] = "{one} or {other}"
    remote_in: Annotated[Words, having("places")] = "remote in {places}"
    or_remote: Annotated[Words, having("office", "remote")] = "{office} · or {remote}"
    one_more_place: Annotated[Words, having("places")] = "{places} and 1 more place"
    more_places: Annotated[Words, having("places", "count")] = "{places} and {count} more places"
    no_pay: Annotated[Words, having("why")] = "Not shown: {why}"
    no_pay_shown: Annotated[Words, having("why")] = "No pay shown: {why}"
    seats: Annotated[Words, having("count")] = "{count} openings"
    apply_by: Annotated[Words, having("date")] = "Apply by {date}"
    apply: ButtonWords = "Apply"
    apply_by_email: Words = "Apply by email"
    send_to: Annotated[Words, having("address")] = "Send your application to {address}"
    full_description: ButtonWords = "Full description"
    refer: ButtonWords = "Refer someone"
    see_jobs: ButtonWords = "See open jobs"
    hiring: Annotated[Words, having("title")] = "We're hiring: {title}"
    hiring_at: Annotated[Words, having("title", "company")] = "We're hiring: {title} at {company}"
    questions: Words = "Questions? Ask me in the thread."
    paused: Words = "Paused"
    filled: Words = "Filled"
    closed: Words = "Closed"
    applications_closed: Words = "Applications closed"
    paused_since: Annotated[Words, having("date")] = (
        "Not taking applications since {date}. If you applied, nothing changes."
    )
    paused_now: Words = "Not taking applications. If you applied, nothing changes."
    closed_for_applications: Annotated[Words, having("date")] = "Applications closed on {date}."
    filled_on: Annotated[Words, having("date")] = "Filled on {date}."
    closed_on: Annotated[Words, having("date")] = "Closed on {date}."
    thanks: Words = "Thanks to everyone who applied or referred someone."


class PostingWords(Content):
    """The fixed words of a posting in one language; English where nothing else is given.

    `{text}` and the like are replaced by the role's own words. The defaults are kept here since
    what was frozen with a panel has to be read without any file.
    """

    language: Locale = ENGLISH
    headings: PostingHeadings = Field(default_factory=PostingHeadings)
    also_known_as: Annotated[Words, having("names")] = "also known as {names}"
    shifts: Annotated[Words, having("text")] = "Shifts: {text}"
    travel: Annotated[Words, having("text")] = "Travel: {text}"
    language_need: Annotated[Words, having("language", "text")] = "{language}: {text}"
    language_levels: LanguageLevels = Field(default_factory=LanguageLevels)
    opening: OpeningWords = Field(default_factory=OpeningWords)

    @property
    def is_english(self) -> bool:
        return self == IN_ENGLISH


IN_ENGLISH = PostingWords()

"""Roles: what a job is, for candidates (the posting) and for the team (the hiring guide)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bot.domain.competencies import Competency
from bot.domain.content import Content, Line, Passage, Phrase, Slug, Visible
from bot.domain.questions.question import Question
from bot.domain.questions.selection import Level

MOST_IN_POSTING = 7000
"""Characters, about 1,100 words: what fits into one Slack message with its buttons."""


SHORT_ITEM = 60
"""Characters up to which an item of a list can be taken in at a glance."""

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), Visible
]


class Category(Content):
    """A group of roles, such as Engineering; its slug is the name of the folder they are in."""

    slug: Slug
    name: Phrase


class Faq(Content):
    """A question that the role gets asked, with its answer."""

    question: Line
    answer: Annotated[Passage, Field(max_length=600)]


@dataclass(frozen=True)
class Section:
    """A part of a posting: a list, then paragraphs; only the first part has no heading."""

    heading: str = ""
    items: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()

    @property
    def scans(self) -> bool:
        """Whether its items are so few and short that they can stand in columns."""
        return len(self.items) <= 10 and all(len(item) <= SHORT_ITEM for item in self.items)


class Guide(Content):
    """What only the hiring team reads."""

    look_for: Annotated[tuple[Passage, ...], Field(min_length=1, max_length=3)]
    where_to_source: Annotated[tuple[Line, ...], Field(min_length=3, max_length=8)]
    faq: Annotated[tuple[Faq, ...], Field(min_length=3, max_length=8)]


class PhysicalDemand(Content):
    """What the job asks of a body, and how it can be done otherwise."""

    demand: Line
    adjustment: Line


CefrLevel = Literal["A1", "A2", "B1", "B2", "C1", "C2"]

LANGUAGE_AT_LEVEL: dict[CefrLevel, str] = {
    "A1": "A little {language}",
    "A2": "Basic {language}",
    "B1": "Conversational {language}",
    "B2": "Professional-level {language}",
    "C1": "Fluent {language}",
    "C2": "Fully fluent {language}",
}
"""How postings say a level of the CEFR, which few candidates in the US know by its letters."""


class LanguageNeed(Content):
    """A language that the job is done in, with its level by the CEFR and what it is needed for."""

    language: Phrase
    level: CefrLevel
    needed_for: Line

    @property
    def as_read(self) -> str:
        """As candidates read it, such as "Fluent English: Phone orders and handoffs."."""
        return f"{LANGUAGE_AT_LEVEL[self.level].format(language=self.language)}: {self.needed_for}"


class Conditions(Content):
    """Under what conditions the work is done, as far as they differ from a desk in the daytime."""

    shifts: Line | None = None
    travel: Line | None = None
    physical: tuple[PhysicalDemand, ...] = ()
    languages: tuple[LanguageNeed, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """As candidates read them: when and where, what the body does, which languages."""
        when = ((label, text) for label, text in (("Shifts", self.shifts), ("Travel", self.travel)))
        parts = (
            [f"{label}: {text}" for label, text in when if text],
            [f"{item.demand} {item.adjustment}" for item in self.physical],
            [item.as_read for item in self.languages],
        )
        return tuple(" ".join(part) for part in parts if part)


class RoleLevel(Content):
    """How a role differs at one level: what is given here takes the place of the role's own.

    `expectations` say by competency what is expected at this level; `questions` are added.
    """

    title: Title
    summary: Passage | None = None
    day_to_day: Annotated[tuple[Passage, ...], Field(max_length=3)] = ()
    responsibilities: Annotated[tuple[Line, ...], Field(max_length=9)] = ()
    requirements: Annotated[tuple[Line, ...], Field(max_length=8)] = ()
    experience: Passage | None = None
    expectations: dict[Slug, Line] = Field(default_factory=dict)
    questions: tuple[Question, ...] = ()


POSTING_AT_LEVEL = ("summary", "day_to_day", "responsibilities", "requirements", "experience")
"""The parts of a posting that a level may have its own of."""


class Role(Content):
    """A role of the library.

    `version` names the exact content of the role and its competencies: it changes with any word.
    `occupation` is a code of the Standard Occupational Classification 2018. `reviewed` is the date
    of the last review, by `reviewers` readers who had not written it. `kinds` are wider names that
    it shares with other roles, such as "software engineer": whoever asks for one is asked which.
    `day_to_day` and `experience` are prose: what the days look like, and how much experience the
    list usually takes. `level` is None unless `at` made it of the role as it stands in its file.
    `legally_required` are licenses and checks without which nobody may do the job.
    """

    slug: Slug
    title: Title
    category: Category
    aliases: Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=20)]
    kinds: Annotated[tuple[Phrase, ...], Field(max_length=10)] = ()
    occupation: Annotated[str, StringConstraints(pattern=r"^\d{2}-\d{4}$")]
    reviewed: date
    reviewers: Annotated[int, Field(ge=0, le=99)] = 0
    summary: Passage
    day_to_day: Annotated[tuple[Passage, ...], Field(max_length=3)] = ()
    skills: Annotated[tuple[Phrase, ...], Field(min_length=6, max_length=10)]
    responsibilities: Annotated[tuple[Line, ...], Field(min_length=6, max_length=9)]
    requirements: Annotated[tuple[Line, ...], Field(min_length=5, max_length=8)]
    experience: Passage | None = None
    nice_to_have: Annotated[tuple[Line, ...], Field(min_length=3, max_length=5)]
    legally_required: Annotated[tuple[Line, ...], Field(max_length=8)] = ()
    conditions: Conditions | None = None
    levels: dict[Level, RoleLevel] = Field(default_factory=dict)
    competencies: Annotated[tuple[Slug, ...], Field(min_length=5, max_length=8)]
    guide: Guide
    questions: Annotated[tuple[Question, ...], Field(min_length=6, max_length=60)]
    version: str
    level: Level | None = None

    @model_validator(mode="after")
    def _fits_into_one_message(self) -> Self:
        length = sum(len(text) for text in self.posting)
        if length > MOST_IN_POSTING:
            raise ValueError(
                f"the posting takes at most {MOST_IN_POSTING} characters in all, has {length}"
            )
        return self

    @property
    def posting(self) -> tuple[str, ...]:
        """What candidates may read, in order, without the title and the headings."""
        return tuple(
            text for section in self.sections for text in (*section.items, *section.paragraphs)
        )

    @property
    def sections(self) -> tuple[Section, ...]:
        """What candidates may read, in order, without the title; no section is empty."""
        experience = (self.experience,) if self.experience else ()
        conditions = self.conditions.paragraphs if self.conditions else ()
        sections = (
            Section(paragraphs=(self.summary, *self.day_to_day)),
            Section("Key skills", items=self.skills),
            Section("What you'll do", items=self.responsibilities),
            Section("What you'll bring", self.requirements, experience),
            Section("Nice to have", items=self.nice_to_have),
            Section("Required by law", items=self.legally_required),
            Section("Working conditions", paragraphs=conditions),
        )
        return tuple(section for section in sections if section.items or section.paragraphs)

    def at(self, level: Level | None) -> "Role":
        """The role as it is at a level: itself where nothing is different there."""
        different = self.levels.get(level) if level else None
        if different is None:
            return self
        changes = {name: getattr(different, name) for name in POSTING_AT_LEVEL}
        given = {name: value for name, value in changes.items() if value}
        return self.model_copy(update={"level": level, "title": different.title} | given)

    def expected(self, of: Competency, level: Level) -> str | None:
        """What the competency takes at a level: in this role if that is written, or in any."""
        at = self.levels.get(level)
        of_role = at.expectations.get(of.id) if at is not None else None
        return of_role or of.levels.get(level)

    @property
    def all_questions(self) -> tuple[Question, ...]:
        """The role's own questions, those of its levels included."""
        return (*self.questions, *(q for level in self.levels.values() for q in level.questions))

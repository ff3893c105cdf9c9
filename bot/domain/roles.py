"""Roles: what a job is, for candidates (the posting) and for the team (the hiring guide)."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from bot.domain.competencies import Competency
from bot.domain.content import Content, Line, Passage, Phrase, Slug, Visible
from bot.domain.posting import (
    IN_ENGLISH,
    CefrLevel,
    Item,
    Locale,
    Paragraph,
    PostingPart,
    PostingWords,
    Section,
    filled,
)
from bot.domain.questions.question import Question
from bot.domain.questions.selection import Level

MOST_IN_POSTING = 14_000
"""Characters, about 2,200 words: what can be copied out of Slack as a whole."""

FITS_A_MESSAGE = 7000
"""Characters of a posting, about 1,100 words: what one Slack message shows with its buttons."""

MOST_ITEMS = 60
"""Of a list in a posting. How many read best is advice, not a limit: see library/shape.py."""

MOST_PARAGRAPHS = 20
MOST_LINES = MOST_ITEMS + MOST_PARAGRAPHS
"""Of a part of a posting: its list with what leads into it and follows it."""

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), Visible
]
Items = Annotated[tuple[Item, ...], Field(max_length=MOST_ITEMS)]
Paragraphs = Annotated[tuple[Paragraph, ...], Field(max_length=MOST_PARAGRAPHS)]


def _empty(value: object) -> bool:
    return not value


OPTIONAL: Any = {"exclude_if": _empty}
"""For parts that came later: what was frozen without them is written as it always was, so that
the same content keeps its id and the version before can read it."""


class Category(Content):
    """A group of roles, such as Engineering; its slug is the name of the folder they are in."""

    slug: Slug
    name: Phrase


class Faq(Content):
    """A question that the role gets asked, with its answer."""

    question: Line
    answer: Annotated[Passage, Field(max_length=600)]


class Guide(Content):
    """What only the hiring team reads."""

    look_for: Annotated[tuple[Passage, ...], Field(min_length=1, max_length=3)]
    where_to_source: Annotated[tuple[Line, ...], Field(max_length=8)] = ()
    faq: Annotated[tuple[Faq, ...], Field(max_length=8)] = ()


class PhysicalDemand(Content):
    """What the job asks of a body, and how it can be done otherwise."""

    demand: Item
    adjustment: Item


class LanguageNeed(Content):
    """A language that the job is done in, with its level by the CEFR and what it is needed for."""

    language: Phrase
    level: CefrLevel
    needed_for: Item

    def as_read(self, words: PostingWords) -> str:
        """As candidates read it, such as "Fluent English: Phone orders and handoffs."."""
        language = filled(words.language_levels[self.level], language=self.language)
        return filled(words.language_need, language=language, text=self.needed_for)


class Conditions(Content):
    """Under what conditions the work is done, as far as they differ from a desk in the daytime."""

    shifts: Item | None = None
    travel: Item | None = None
    physical: tuple[PhysicalDemand, ...] = ()
    languages: tuple[LanguageNeed, ...] = ()

    def paragraphs(self, words: PostingWords) -> tuple[str, ...]:
        """As candidates read them: when and where, what the body does, which languages."""
        when = ((words.shifts, self.shifts), (words.travel, self.travel))
        parts = (
            [filled(around, text=text) for around, text in when if text],
            [f"{item.demand} {item.adjustment}" for item in self.physical],
            [item.as_read(words) for item in self.languages],
        )
        return tuple(" ".join(part) for part in parts if part)


class MorePart(Content):
    """A part of a posting under a heading of its own, or going on with the part before it."""

    heading: Annotated[str, StringConstraints(strip_whitespace=True, max_length=150)] = ""
    text: Paragraphs = ()
    items: Items = ()


class RoleLevel(Content):
    """How a role differs at one level: what is given here takes the place of the role's own.

    `expectations` say by competency what is expected at this level; `questions` are added.
    """

    title: Title
    summary: Paragraph | None = None
    day_to_day: Paragraphs = ()
    responsibilities: Items = ()
    requirements: Items = ()
    experience: Paragraph | None = None
    expectations: dict[Slug, Line] = Field(default_factory=dict)
    questions: tuple[Question, ...] = ()


POSTING_AT_LEVEL = ("summary", "day_to_day", "responsibilities", "requirements", "experience")
"""The parts of a posting that a level may have its own of."""


class Role(Content):
    """A role of the library. Only the posting is required, and of that a title and a summary.

    `version` names the exact content of the role and its competencies: it changes with any word.
    `occupation` is a code of the Standard Occupational Classification 2018. `reviewed` is the date
    of the last review, by `reviewers` readers who had not written it. `kinds` are wider names that
    it shares with other roles, such as "software engineer": whoever asks for one is asked which.
    `day_to_day` and `experience` are prose: what the days look like, and how much experience the
    list usually takes. `intros` lead into the list of their part. `level` is None unless `at` made
    it of the role as it stands in its file. `legally_required` are licenses and checks without
    which nobody may do the job. `more` are parts under other headings, shown last. `words` are the
    fixed words in the posting's language, which follows from `locale`.
    """

    slug: Slug
    title: Title
    category: Category
    aliases: Annotated[tuple[Phrase, ...], Field(max_length=20)] = ()
    kinds: Annotated[tuple[Phrase, ...], Field(max_length=10)] = ()
    locale: Annotated[Locale | None, Field(**OPTIONAL)] = None
    occupation: Annotated[str, StringConstraints(pattern=r"^\d{2}-\d{4}$")] | None = None
    reviewed: date | None = None
    reviewers: Annotated[int, Field(ge=0, le=99)] = 0
    summary: Paragraph
    day_to_day: Paragraphs = ()
    skills: Items = ()
    responsibilities: Items = ()
    requirements: Items = ()
    experience: Paragraph | None = None
    nice_to_have: Items = ()
    legally_required: Items = ()
    conditions: Conditions | None = None
    benefits: Annotated[Items, Field(**OPTIONAL)] = ()
    about: Annotated[Paragraphs, Field(**OPTIONAL)] = ()
    process: Annotated[Items, Field(**OPTIONAL)] = ()
    contact: Annotated[Paragraphs, Field(**OPTIONAL)] = ()
    intros: Annotated[dict[PostingPart, Paragraph], Field(**OPTIONAL)] = Field(default_factory=dict)
    more: Annotated[tuple[MorePart, ...], Field(max_length=40, **OPTIONAL)] = ()
    levels: dict[Level, RoleLevel] = Field(default_factory=dict)
    competencies: Annotated[tuple[Slug, ...], Field(max_length=8)] = ()
    guide: Guide | None = None
    questions: Annotated[tuple[Question, ...], Field(max_length=60)] = ()
    version: str
    level: Level | None = None
    words: Annotated[PostingWords, Field(exclude_if=lambda words: words.is_english)] = IN_ENGLISH

    @model_validator(mode="after")
    def _can_be_copied_as_a_whole(self) -> Self:
        length = sum(len(text) for text in self.posting)
        if length > MOST_IN_POSTING:
            raise ValueError(
                f"the posting takes at most {MOST_IN_POSTING} characters in all, has {length}"
            )
        return self

    @property
    def posting(self) -> tuple[str, ...]:
        """What candidates may read, in order, without the title and the headings."""
        return tuple(text for section in self.sections for text in section.texts)

    @property
    def sections(self) -> tuple[Section, ...]:
        """What candidates may read, in order, without the title; no section is empty."""
        experience = (self.experience,) if self.experience else ()
        conditions = self.conditions.paragraphs(self.words) if self.conditions else ()
        sections = (
            Section(paragraphs=(self.summary, *self.day_to_day)),
            self._part(PostingPart.SKILLS, self.skills),
            self._part(PostingPart.RESPONSIBILITIES, self.responsibilities),
            self._part(PostingPart.REQUIREMENTS, self.requirements, experience),
            self._part(PostingPart.NICE_TO_HAVE, self.nice_to_have),
            self._part(PostingPart.LEGALLY_REQUIRED, self.legally_required),
            self._part(PostingPart.CONDITIONS, paragraphs=conditions),
            self._part(PostingPart.BENEFITS, self.benefits),
            self._part(PostingPart.ABOUT, paragraphs=self.about),
            self._part(PostingPart.PROCESS, self.process),
            self._part(PostingPart.CONTACT, paragraphs=self.contact),
            *(Section(part.heading, part.items, lead=part.text) for part in self.more),
        )
        return tuple(section for section in sections if section.texts)

    def _part(
        self,
        part: PostingPart,
        items: tuple[str, ...] = (),
        paragraphs: tuple[str, ...] = (),
    ) -> Section:
        lead = (self.intros[part],) if part in self.intros else ()
        return Section(self.words.headings[part], items, paragraphs, lead, part)

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

"""Roles: what a job is, for candidates (the posting) and for the team (the hiring guide)."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.domain.content import Content, Line, Passage, Phrase, Slug
from bot.domain.questions import Question

MOST_IN_POSTING = 7000
"""Characters, about 1,100 words: what fits into one Slack message with its buttons."""


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
    where_to_source: Annotated[tuple[Line, ...], Field(min_length=3, max_length=8)]
    faq: Annotated[tuple[Faq, ...], Field(min_length=3, max_length=8)]


class Role(Content):
    """A role of the library.

    `version` names the exact content of the role and its competencies: it changes with any word.
    `occupation` is a code of the Standard Occupational Classification 2018.
    """

    slug: Slug
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    category: Category
    aliases: Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=10)]
    occupation: Annotated[str, StringConstraints(pattern=r"^\d{2}-\d{4}$")]
    reviewed: date
    summary: Passage
    skills: Annotated[tuple[Phrase, ...], Field(min_length=6, max_length=10)]
    responsibilities: Annotated[tuple[Line, ...], Field(min_length=6, max_length=9)]
    requirements: Annotated[tuple[Line, ...], Field(min_length=5, max_length=8)]
    nice_to_have: Annotated[tuple[Line, ...], Field(min_length=3, max_length=5)]
    competencies: Annotated[tuple[Slug, ...], Field(min_length=5, max_length=8)]
    guide: Guide
    questions: Annotated[tuple[Question, ...], Field(min_length=6, max_length=60)]
    version: str

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
        """What candidates may read, in order, without the title."""
        lists = (self.skills, self.responsibilities, self.requirements, self.nice_to_have)
        return (self.summary, *(text for items in lists for text in items))

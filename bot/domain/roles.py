"""Roles: what a job is, for candidates (the posting) and for the team (the hiring guide)."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.domain.content import Content, Line, Passage, Phrase, Slug
from bot.domain.questions import Question


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
    questions: Annotated[tuple[Question, ...], Field(min_length=6)]
    version: str

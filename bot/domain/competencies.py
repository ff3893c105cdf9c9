"""Competencies: what is rated, shared among roles."""

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.domain.content import Content, Hint, Line, Slug, Visible
from bot.domain.questions.question import Question, Rating
from bot.domain.questions.selection import Level


class RatingText(Content):
    """The behavior that earns a rating, short for a scorecard and longer for the kit."""

    short: Hint
    long: Line


class RatingTexts(Content):
    """A competency's four ratings."""

    poor: RatingText
    borderline: RatingText
    solid: RatingText
    outstanding: RatingText

    def __getitem__(self, rating: Rating) -> RatingText:
        text: RatingText = getattr(self, rating)
        return text


class Competency(Content):
    """Something that is rated: the behavior to look for and a bank of questions about it.

    `family` names the kind of work that its questions come from, such as engineering or care.
    """

    id: Slug
    family: Slug | None = None
    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), Visible
    ]
    summary: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    ratings: RatingTexts
    levels: dict[Level, Line] = Field(default_factory=dict)
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]

"""Interview questions, each with the rubric that makes two interviewers rate alike."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from bot.domain.content import Content, Line, Passage, Slug


class Kind(StrEnum):
    """What a question asks for, by the usual names of structured interviewing."""

    BEHAVIOURAL = "behavioural"
    SITUATIONAL = "situational"
    JOB_KNOWLEDGE = "job_knowledge"
    WORK_SAMPLE = "work_sample"

    @property
    def label(self) -> str:
        return self.replace("_", " ").capitalize()


class Level(StrEnum):
    """Seniority, from least to most."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"

    @property
    def label(self) -> str:
        return self.capitalize()


class Rating(StrEnum):
    """The four points of every rubric, worst first."""

    POOR = "poor"
    BORDERLINE = "borderline"
    SOLID = "solid"
    OUTSTANDING = "outstanding"

    @property
    def label(self) -> str:
        return self.capitalize()


class Rubric(Content):
    """One observable sentence for each rating of an answer."""

    poor: Line
    borderline: Line
    solid: Line
    outstanding: Line

    def __getitem__(self, rating: Rating) -> str:
        text: str = getattr(self, rating)
        return text


class Question(Content):
    """A question as an interviewer asks it, with all they need to rate the answer."""

    id: Slug
    competency: Slug
    kind: Kind
    level: Level
    question: Annotated[Passage, Field(max_length=600)]
    probes: Annotated[tuple[Line, ...], Field(min_length=2, max_length=4)]
    why: Line
    minutes: Annotated[int, Field(ge=3, le=40)]
    red_flags: Annotated[tuple[Line, ...], Field(min_length=1, max_length=3)]
    reviewed: date
    rubric: Rubric

"""Interview questions, each with the rubric that makes two interviewers rate alike."""

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.domain.content import Content, Line, Passage, Phrase, Slug
from bot.domain.questions.selection import Level, Selection

LEAST_QUESTIONS = 3
"""A question that leaves no time for this many of its length gives way to a shorter one."""

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: nothing that is misread or misheard, and no words by chance."""

NAME_LENGTH = 8


class QuestionKind(StrEnum):
    """What a question asks for, by the usual names of structured interviewing."""

    BEHAVIORAL = "behavioral"
    SITUATIONAL = "situational"
    JOB_KNOWLEDGE = "job_knowledge"
    WORK_SAMPLE = "work_sample"

    @property
    def label(self) -> str:
        return self.replace("_", " ").capitalize()

    @classmethod
    def _missing_(cls, value: object) -> "QuestionKind | None":
        # Content of 0.1, frozen panels too, spells it so.
        return cls.BEHAVIORAL if value == "behavioural" else None


class Rating(StrEnum):
    """The four points of every rubric, worst first."""

    POOR = "poor"
    BORDERLINE = "borderline"
    SOLID = "solid"
    OUTSTANDING = "outstanding"

    @property
    def label(self) -> str:
        return self.capitalize()


DecidingLine = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]


class Rubric(Content):
    """One observable sentence for each rating of an answer."""

    poor: Line
    borderline: Line
    solid: Line
    outstanding: Line

    def __getitem__(self, rating: Rating) -> str:
        text: str = getattr(self, rating)
        return text


class DecidingLines(Content):
    """What lifts an answer above the rating below: one thing that was said or done, or was not.

    An answer climbs from poor one rating at a time and stops at the first line that it misses.
    """

    borderline: DecidingLine
    solid: DecidingLine
    outstanding: DecidingLine

    def __getitem__(self, rating: Rating) -> str:
        text: str = getattr(self, rating)
        return text


class Exhibit(Content):
    """What the candidate has to see: code, a table or a brief, on a sheet without rubric.

    `text` keeps its line breaks and is shown as it is; the first row of `table` is its heading.
    What `shows_faults` has things in it on purpose that must not be asked, for candidates to find.
    """

    title: Phrase
    text: Annotated[str, StringConstraints(max_length=3000)] = ""
    is_code: bool = False
    shows_faults: bool = False
    table: tuple[tuple[str, ...], ...] = ()

    @property
    def lines(self) -> str:
        """What is shown, in a font whose letters are all of one width."""
        widths = [max(map(len, column)) for column in zip(*self.table, strict=True)]
        rows = (
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in self.table
        )
        return "\n".join(filter(None, (self.text.strip("\n"), *rows)))

    @model_validator(mode="after")
    def _shows_something(self) -> Self:
        if not (self.text.strip() or self.table):
            raise ValueError("needs text or a table")
        if len({len(row) for row in self.table}) > 1:
            raise ValueError("every row of the table needs as many cells as its heading")
        return self


class Question(Content):
    """A question as an interviewer asks it, with all they need to rate the answer."""

    id: Slug
    competency: Slug
    kind: QuestionKind
    level: Level
    question: Annotated[Passage, Field(max_length=600)]
    probes: Annotated[tuple[Line, ...], Field(min_length=2, max_length=4)]
    why: Line
    minutes: Annotated[int, Field(ge=3, le=40)]
    red_flags: Annotated[tuple[Line, ...], Field(min_length=1, max_length=3)]
    reviewed: date
    rubric: Rubric
    decides: DecidingLines | None = None
    exhibit: Exhibit | None = None

    def deciding(self, rating: Rating) -> str:
        """What lifts an answer to this rating; empty for poor, and where nothing is written."""
        if self.decides is None or rating is Rating.POOR:
            return ""
        return self.decides[rating]


@dataclass(frozen=True)
class QuestionSet:
    """Questions for one interview, in the order in which they are asked.

    `seen` are the ids of questions that came before these, in sets that the same person put aside.
    """

    role: str
    selection: Selection
    questions: tuple[Question, ...]
    seen: frozenset[str] = frozenset()

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(question.id for question in self.questions)

    @property
    def name(self) -> str:
        """Short, made from the role and the questions: the same set has the same name anywhere."""
        content = "\n".join((self.role, *self.ids)).encode()
        number = int.from_bytes(hashlib.sha256(content).digest()[:5], "big")
        return "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(NAME_LENGTH)))

    @property
    def minutes(self) -> int:
        """Of the questions alone, without opening and close."""
        return sum(question.minutes for question in self.questions)

    @property
    def competencies(self) -> tuple[str, ...]:
        """The competencies that the set covers, in the order of its questions."""
        return tuple(dict.fromkeys(question.competency for question in self.questions))


@dataclass(frozen=True)
class KeptSet:
    """A set kept under its name; `version` is the role's when it was made, `created_at` in UTC."""

    workspace: str
    name: str
    role: str
    version: str
    questions: tuple[str, ...]
    created_by: str
    created_at: datetime


@dataclass(frozen=True)
class Bank:
    """The questions of a role; `competencies` are its ids, most important first."""

    role: str
    questions: tuple[Question, ...]
    competencies: tuple[str, ...]

    def suitable(self, selection: Selection) -> tuple[Question, ...]:
        """Those on the competency, for the level or the next to it; else for the nearest level."""
        asked = [q for q in self.questions if selection.competency in (None, q.competency)]
        if selection.level is None or not asked:
            return tuple(asked)
        level = selection.level
        reach = max(1, min(abs(_steps(q.level, level)) for q in asked))
        return tuple(q for q in asked if abs(_steps(q.level, level)) <= reach)

    def choose(self, selection: Selection, without: frozenset[str] = frozenset()) -> QuestionSet:
        """As many questions as fit into the minutes, balanced over competencies and kinds.

        It begins with something easy: a question about what the person has done, where there is
        one. Then the competency least asked about is next, and of those the most important. Within
        it comes first the asked level, or a neighbor where a kind has been used twice already, then
        what leaves time for other questions, then the kind used least. The same arguments always
        give the same set, which is empty where nothing fits.
        """
        pool = [q for q in self.suitable(selection) if q.id not in without]
        asked = Counter(q.competency for q in self.questions if q.id in without)
        chosen: list[Question] = []
        left = selection.plan.questions
        while fitting := [q for q in pool if q.minutes <= left]:
            best = self._next(fitting, selection, asked, chosen)
            pool.remove(best)
            chosen.append(best)
            asked[best.competency] += 1
            left -= best.minutes
        return QuestionSet(self.role, selection, tuple(chosen), without)

    def following(self, selection: Selection, chosen: Sequence[Question]) -> Question | None:
        """The question that comes next after these in a set; None where no other fits."""
        left = selection.plan.questions - sum(q.minutes for q in chosen)
        ids = {q.id for q in chosen}
        fitting = [q for q in self.suitable(selection) if q.id not in ids and q.minutes <= left]
        asked = Counter(q.competency for q in chosen)
        return self._next(fitting, selection, asked, chosen) if fitting else None

    def another(self, old: QuestionSet) -> QuestionSet:
        """A set without anything that was seen before; begins anew once nothing else is left."""
        shown = frozenset(old.ids)
        for without in (old.seen | shown, shown):
            if (new := self.choose(old.selection, without)).questions:
                return new
        return self.choose(old.selection)

    def swap(self, old: QuestionSet, out: str) -> QuestionSet | None:
        """The set with another question in the place of `out`; None where no other fits.

        One not seen before is preferred, then one on the same competency.
        """
        leaving = next((q for q in old.questions if q.id == out), None)
        if leaving is None:
            return None
        staying = [q for q in old.questions if q.id != out]
        room = max(old.selection.plan.questions - old.minutes, 0) + leaving.minutes
        fitting = [
            q for q in self.suitable(old.selection) if q.id not in old.ids and q.minutes <= room
        ]
        if not fitting:
            return None
        asked = Counter(q.competency for q in staying)
        preference = self._preference(old.selection, asked, staying)

        def key(q: Question) -> tuple[object, ...]:
            return (q.id in old.seen, q.competency != leaving.competency, *preference(q))

        new = min(fitting, key=key)
        questions = tuple(new if q.id == out else q for q in old.questions)
        return replace(old, questions=questions, seen=old.seen - {new.id} | {out})

    def mask(self, ids: Iterable[str]) -> int:
        """The ids as a number with a bit for each question, by its place."""
        included = set(ids)
        return sum(1 << place for place, q in enumerate(self.questions) if q.id in included)

    def unmask(self, mask: int) -> frozenset[str]:
        """The ids of a `mask`; it may name others where the bank has changed since."""
        return frozenset(q.id for place, q in enumerate(self.questions) if mask >> place & 1)

    def restored(self, ids: Iterable[str]) -> tuple[Question, ...]:
        """The questions of these ids that are still in the bank, in the same order."""
        known = {question.id: question for question in self.questions}
        return tuple(known[id] for id in dict.fromkeys(ids) if id in known)

    def _next(
        self,
        fitting: Sequence[Question],
        selection: Selection,
        asked: Counter[str],
        chosen: Sequence[Question],
    ) -> Question:
        """The best of these questions to ask next, where at least one fits."""
        preference = self._preference(selection, asked, chosen)
        easy = [q for q in fitting if q.kind is QuestionKind.BEHAVIORAL]
        if chosen or not easy:
            return min(fitting, key=preference)
        total = Counter(q.competency for q in self.questions)
        about_the_past = Counter(
            q.competency for q in self.questions if q.kind is QuestionKind.BEHAVIORAL
        )

        def ease(q: Question) -> tuple[float, ...]:
            share = about_the_past[q.competency] / total[q.competency]
            return (asked[q.competency], -share, *preference(q))

        return min(easy, key=ease)

    def _preference(
        self, selection: Selection, asked: Counter[str], chosen: Sequence[Question]
    ) -> Callable[[Question], tuple[int, ...]]:
        kinds = Counter(q.kind for q in chosen)
        level = selection.level

        def preference(q: Question) -> tuple[int, ...]:
            return (
                asked[q.competency],
                self.competencies.index(q.competency),
                _distance(q.level, level) + max(0, kinds[q.kind] - 1) if level else 0,
                q.minutes > selection.plan.questions / LEAST_QUESTIONS,
                kinds[q.kind],
                _distance(q.level, level or Level.MID),
            )

        return preference


def set_name(text: str) -> str:
    """A set's name as somebody typed or read it out; nothing where it cannot be one."""
    folded = text.strip().lower().replace("-", "").replace(" ", "")
    name = folded.translate(str.maketrans("oil", "011"))
    return name if len(name) == NAME_LENGTH and set(name) <= set(LETTERS) else ""


def code(id: str) -> str:
    """A question's id in four characters, where space is short; the library has each code once."""
    return base64.urlsafe_b64encode(hashlib.sha256(id.encode()).digest()[:3]).decode()


def _steps(level: Level, asked: Level) -> int:
    order = list(Level)
    return order.index(level) - order.index(asked)


def _distance(level: Level, asked: Level) -> int:
    """How far from the asked level; the lower of two as far first: a level is the least suited."""
    steps = _steps(level, asked)
    return 2 * abs(steps) - (steps < 0)

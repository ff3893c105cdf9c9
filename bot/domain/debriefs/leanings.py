"""Leanings: what each decider is inclined to before they see what others recommend."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.names import fault_of_name, without_invisible
from bot.errors import UserError

LONGEST_SENTENCE = 500


class Leaning(StrEnum):
    """Written by the person, never computed."""

    YES = "yes"
    UNDECIDED = "undecided"
    NO = "no"

    @property
    def label(self) -> str:
        return "Undecided" if self is Leaning.UNDECIDED else f"Leaning {self}"


@dataclass(frozen=True)
class WrittenLeaning:
    """One decider's leaning on a panel's candidate, with a sentence of theirs; `leaning` is None
    where only that it is written may be seen."""

    person: str
    leaning: Leaning | None
    sentence: str
    at: datetime


@dataclass(frozen=True)
class Leanings:
    """Those of a panel. `opened_by` opened them before all were in, `opened_at` is when they were
    opened, by that person or by the last one that came in."""

    deciders: tuple[str, ...]
    written: tuple[WrittenLeaning, ...] = ()
    opened_at: datetime | None = None
    opened_by: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The deciders who have written none."""
        there = {one.person for one in self.written}
        return tuple(person for person in self.deciders if person not in there)

    @property
    def are_open(self) -> bool:
        """Once open they stay so, whoever becomes a decider later."""
        return self.opened_at is not None or not self.missing

    def of(self, person: str) -> WrittenLeaning | None:
        return next((one for one in self.written if one.person == person), None)

    def hides_from(self, person: str) -> bool:
        """Whether the person decides, and may not see yet what others recommend."""
        return person in self.deciders and not self.are_open

    def may_be_opened_by(self, person: str) -> bool:
        """Whoever decides writes their own first; whether they organize is told elsewhere."""
        return not self.are_open and (person not in self.deciders or self.of(person) is not None)


class InvalidLeaning(UserError):
    """The sentence of a leaning that cannot be as it was typed."""


def sentence_of(typed: str) -> str:
    """The sentence in one line. Raises InvalidLeaning."""
    sentence = " ".join(without_invisible(typed).split())
    if not sentence:
        raise InvalidLeaning("Say why in one sentence.")
    if len(sentence) > LONGEST_SENTENCE:
        raise InvalidLeaning(f"Use at most {LONGEST_SENTENCE} characters.")
    if fault := fault_of_name(sentence):
        raise InvalidLeaning(fault)
    return sentence


def deciders(hiring_manager: str, named: Iterable[str]) -> tuple[str, ...]:
    """Who decides: the hiring manager and whom the opening names, each once."""
    return tuple(dict.fromkeys((hiring_manager, *named)))

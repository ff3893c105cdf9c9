"""Job titles: whether one that nobody knows may be a slip of another, or another word for it."""

import itertools
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from bot.domain.names import LONGEST_NAME, NEAR, search_key

ALIKE = (
    frozenset({"developer", "architect", "tester"}),
    frozenset({"designer", "researcher"}),
    frozenset({"scientist", "analyst"}),
    frozenset({"driver"}),
    frozenset({"nurse"}),
    frozenset({"teacher"}),
    frozenset({"writer"}),
    frozenset({"technician", "operator", "worker"}),
    frozenset({"manager", "director", "president"}),
    frozenset({"administrator", "assistant", "associate", "clerk", "consultant", "coordinator"})
    | {"executive", "officer", "partner", "representative", "specialist"},
)
"""Kinds of job, and which of them people take for one another."""

JOBS = {
    **{job: job for jobs in ALIKE for job in jobs},
    **dict.fromkeys(("dev", "devs", "engineer", "programmer", "coder"), "developer"),
    **dict.fromkeys(("rep", "agent"), "representative"),
    "admin": "administrator",
    "exec": "executive",
    "mgr": "manager",
    "tech": "technician",
}
"""The words that say what kind of job it is.

They are what most titles share, so two titles are alike only where their other words are.
"""

FILLERS = frozenset({"a", "an", "and", "at", "for", "in", "of", "the"})

SAME_BUT_JOB = 0.85
"""How alike the other words must be where the kind of job is another."""

HALF = 0.5
"""How much of a title another of its kind must have, if it is to be near without being like it."""

BUT_FOR_JOB = 0.9
"""How near a title is that is the same but for the kind of job."""

SHORT = 5
"""Letters below which a slip can't be told from another abbreviation."""

SLIP = 0.8
"""How alike a word must be to one for a kind of job to be a slip of it."""

OWN_WORD = 0.7
"""How alike each word must be to some word of the title that it is taken for."""


@dataclass(frozen=True)
class JobTitle:
    """A title's words, by search key."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str, known: Container[str] | None = None) -> "JobTitle":
        """The title; beside `known` words, a slip of a word for a kind of job is put right."""
        parts = re.split(r"[\s/,()-]+", text[:LONGEST_NAME])
        keys = [key for part in parts if (key := search_key(part)) and key not in FILLERS]
        if known is not None:
            keys = [key if key in known else _as_job(key) for key in keys]
        return cls(tuple(keys))

    @cached_property
    def key(self) -> str:
        return "".join(self.words)

    @cached_property
    def jobs(self) -> frozenset[str]:
        """The kinds of job among the words."""
        return frozenset(JOBS[word] for word in self.words if word in JOBS)

    @cached_property
    def rest(self) -> tuple[str, ...]:
        """The words that tell it from other jobs of its kind."""
        return tuple(word for word in self.words if word not in JOBS)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """What one typed word may stand for: a word, or two written together."""
        pairs = (first + second for first, second in itertools.pairwise(self.words))
        return (*self.words, *pairs, self.key)

    def nearness(self, known: "JobTitle") -> float:
        """From 0 to 1; from NEAR on, the known title may be what was meant by this one."""
        if not self.words or not known.words:
            return 0.0
        if self.key == known.key:
            return 1.0
        if not (self.jobs and known.jobs):
            begun = all(any(_begins(one, other) for other in known.words) for one in self.words)
            share = len(self.words) / len(known.words) if begun else 0.0
            return max(_partly(share), self._likeness(self.words, known, known.words))
        if not self.rest or not known.rest:
            alone = not self.rest and self.jobs <= known.jobs
            return _partly(1 / len(known.words)) if alone else 0.0
        alike = self._likeness(self.rest, known, known.rest)
        if self.jobs.isdisjoint(known.jobs):
            related = any(self.jobs & jobs and known.jobs & jobs for jobs in ALIKE)
            return alike * BUT_FOR_JOB if related and alike >= SAME_BUT_JOB else 0.0
        fewer, more = sorted((set(self.rest), set(known.rest)), key=len)
        share = len(fewer) / len(more) if fewer <= more else 0.0
        return max(_partly(share) if share >= HALF else 0.0, alike)

    def _likeness(self, words: Iterable[str], known: "JobTitle", others: Iterable[str]) -> float:
        """How alike the words are as a whole; nothing where one of them is like none."""
        key, other = "".join(words), "".join(others)
        if key == other:
            return 1.0
        if len(key) < SHORT or not all(
            any(_begins(word, part) or _ratio(word, part) >= OWN_WORD for part in known.parts)
            for word in words
        ):
            return 0.0
        return _ratio(key, other)


def _partly(share: float) -> float:
    """How near a title is of which so much was named, and nothing else."""
    return NEAR + (1 - NEAR) * share if share else 0.0


def _as_job(word: str) -> str:
    """The word for a kind of job that this is a slip of; itself where it is none."""
    near = [job for job in JOBS if abs(len(job) - len(word)) <= 1 and len(word) >= SHORT]
    best = max(near, key=lambda job: _ratio(word, job), default=word)
    return best if _ratio(word, best) >= SLIP else word


def _begins(word: str, other: str) -> bool:
    return word == other or (len(word) >= 3 and other.startswith(word))


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, other, one, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= OWN_WORD else 0.0

"""What the words after `/questions` mean."""

import itertools
import re
from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.domain.names import nearest, search_key
from bot.domain.questions.selection import Level

Item = TypeVar("Item", bound=Hashable)

LEVELS = {
    **{level.value: level for level in Level},
    "jr": Level.JUNIOR,
    "entrylevel": Level.JUNIOR,
    "midlevel": Level.MID,
    "middle": Level.MID,
    "intermediate": Level.MID,
    "sr": Level.SENIOR,
    "principal": Level.STAFF,
}
"""What levels are called, by search key."""

FILLERS = frozenset(
    {"", "a", "about", "and", "at", "for", "in", "level", "minutes", "min", "of", "on", "questions"}
    | {"the", "with"}
)

MINUTES = re.compile(r"(-?\d{1,6}) ?(?:m|min|mins|minute|minutes)?", re.IGNORECASE)
HOURS = re.compile(r"(\d{1,3}(?:\.\d{1,2})?) ?(?:h|hr|hrs|hour|hours)", re.IGNORECASE)

TIME = re.compile(
    r"(?<!\S)-?\d+(?:\.\d+)? ?(?:m|mins?|minutes?|h|hrs?|hours?)?(?!\S)", re.IGNORECASE
)
"""Minutes or hours among other words."""

LONGEST = 10
"""Words that a name may have."""

MOST_WORDS = 60
"""Words that are looked at; whatever follows is not understood."""


@dataclass(frozen=True)
class Vocabulary:
    """The names that words may mean, by search key: slugs of roles, ids of competencies.

    `at_level` are the titles that roles have at a level, such as "Head of Engineering".
    """

    roles: Mapping[str, str]
    competencies: Mapping[str, str]
    at_level: Mapping[str, tuple[str, Level]] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """What was understood, each thing once and in the order of the words, and what was not."""

    roles: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    minutes: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()


def understand(text: str, vocabulary: Vocabulary) -> Words:
    """Reads a role, a competency, a level and minutes in any order, the longest names first."""
    words = text.split()
    known = _known(vocabulary)
    read: dict[int, Words] = {}
    taken: set[int] = set()
    seen = min(len(words), MOST_WORDS)
    for length in range(min(LONGEST, seen), 0, -1):
        for start in range(seen - length + 1):
            span = range(start, start + length)
            if not taken.isdisjoint(span):
                continue
            meaning = _meaning(" ".join(words[start : start + length]), known)
            if meaning is not None:
                read[start] = meaning
                taken.update(span)
    return _together([read[start] for start in sorted(read)], _runs(words, taken))


def without_time(text: str) -> str:
    """The words without minutes and hours."""
    return TIME.sub(" ", text)


def guess(words: Words, vocabulary: Vocabulary) -> Words:
    """The same with the nearest names for what was not understood, where any are near."""
    known = _known(vocabulary)
    guesses = [words]
    unknown: list[str] = []
    for run in words.unknown:
        parts = [run] if nearest(run, known) else run.split()[:LONGEST]
        for part in parts:
            near = nearest(part, known, 1)
            guesses += near
            unknown += [] if near else [part]
    return _together(guesses, unknown)


def _known(vocabulary: Vocabulary) -> Mapping[str, Words]:
    return {
        **{key: Words(levels=(level,)) for key, level in LEVELS.items()},
        **{key: Words(competencies=(id,)) for key, id in vocabulary.competencies.items()},
        **{
            key: Words(roles=(slug,), levels=(level,))
            for key, (slug, level) in vocabulary.at_level.items()
        },
        **{key: Words(roles=(slug,)) for key, slug in vocabulary.roles.items()},
    }


def _meaning(text: str, known: Mapping[str, Words]) -> Words | None:
    text = text.strip(",;.")
    key = search_key(text)
    if key in known:
        return known[key]
    if match := MINUTES.fullmatch(text):
        return Words(minutes=(int(match[1]),))
    if match := HOURS.fullmatch(text):
        return Words(minutes=(round(float(match[1]) * 60),))
    return Words() if key in FILLERS else None


def _together(parts: Sequence[Words], unknown: Iterable[str]) -> Words:
    return Words(
        roles=_once(slug for part in parts for slug in part.roles),
        competencies=_once(id for part in parts for id in part.competencies),
        levels=_once(level for part in parts for level in part.levels),
        minutes=_once(minutes for part in parts for minutes in part.minutes),
        unknown=_once(unknown),
    )


def _runs(words: Sequence[str], taken: Container[int]) -> Iterator[str]:
    """The words that mean nothing, neighbours together."""
    numbered = enumerate(words)
    for known, run in itertools.groupby(numbered, key=lambda item: item[0] in taken):
        if not known:
            yield " ".join(word for _, word in run)


def _once(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(items))

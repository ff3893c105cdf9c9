"""The library in memory: roles by every name they go by, competencies, categories."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bot.domain.company import Company
from bot.domain.competencies import Competency
from bot.domain.do_not_ask import Rule
from bot.domain.feedback_hints import FeedbackHint
from bot.domain.names import LONGEST_NAME, NEAR, search_key
from bot.domain.openings.advice_book import AdviceBook
from bot.domain.questions.question import Question
from bot.domain.questions.selection import Level
from bot.domain.questions.words import LEVELS
from bot.domain.roles import Category, Role
from bot.domain.titles import JobTitle
from bot.errors import UserError
from bot.library.locales import Locale

MOST_SUGGESTED = 5

NOT_MUCH_FURTHER = 0.06
"""How much less near than the nearest role another one may be that is suggested with it."""


@dataclass(frozen=True)
class Suggestions:
    """The roles that may be meant by a name that names none, best first, and the level in it."""

    roles: tuple[Role, ...]
    level: Level | None = None


@dataclass(frozen=True)
class Files:
    """Where roles, by slug, and competencies, by id, were read from."""

    roles: Mapping[str, Path] = field(default_factory=dict)
    competencies: Mapping[str, Path] = field(default_factory=dict)


UNKNOWN = Company(equal_opportunity="", adjustments="", privacy_notice="")
"""Of a library that was made without any file."""


class Library:
    """Validated content; immutable once made."""

    def __init__(
        self,
        roles: Iterable[Role],
        competencies: Iterable[Competency],
        do_not_ask: Iterable[Rule] = (),
        files: Files | None = None,
        feedback_hints: Iterable[FeedbackHint] = (),
        company: Company = UNKNOWN,
        locales: Mapping[str, Locale] | None = None,
        advice: AdviceBook | None = None,
    ) -> None:
        self._advice = advice
        self.company = company
        self.locales = locales or {}
        self.do_not_ask = tuple(do_not_ask)
        self.feedback_hints = tuple(feedback_hints)
        self.files = files or Files()
        self.roles = tuple(sorted(roles, key=lambda role: (role.category.name, role.title)))
        self.competencies = {competency.id: competency for competency in competencies}
        self.categories: tuple[Category, ...] = tuple(
            dict.fromkeys(role.category for role in self.roles)
        )
        self._by_slug = {role.slug: role for role in self.roles}
        self._by_level_title = {
            search_key(at.title): (role, level)
            for role in self.roles
            for level, at in role.levels.items()
        }
        self._by_key = {
            search_key(name): role
            for role in self.roles
            for name in (*role.aliases, role.title, role.slug)
        }
        self._by_kind: dict[str, list[Role]] = {}
        for role in self.roles:
            for name in role.kinds:
                self._by_kind.setdefault(search_key(name), []).append(role)

    @property
    def advice(self) -> AdviceBook:
        """What there is to say of postings, which only a library made without files lacks."""
        if self._advice is None:
            raise LookupError("this library has no advice on postings")
        return self._advice

    def role(self, slug: str) -> Role | None:
        """The role with exactly this slug."""
        return self._by_slug.get(slug)

    def offered(self, slug: str) -> Role:
        """The role that a button or a menu names. Raises UserError where it has gone since."""
        role = self.role(slug)
        if role is None:
            raise UserError("This role isn't in the library anymore.")
        return role

    def find(self, name: str) -> Role | None:
        """The role that goes by this slug, title or alias, however it is written."""
        return self._by_slug.get(name) or self._by_key.get(search_key(name))

    def find_at_level(self, name: str) -> tuple[Role, Level | None] | None:
        """The role and the level that a name such as "sr. backend dev" means.

        The role is as the library has it: `Role.at` says how it differs at the level, if it does.
        """
        if role := self.find(name):
            return role, None
        if at := self._by_level_title.get(search_key(name)):
            return at
        return next(
            ((role, level) for level, rest in _levels_in(name) if (role := self.find(rest))), None
        )

    def suggest(self, name: str) -> Suggestions:
        """The roles that may be meant by a name that `find_at_level` does not know, if any."""
        if len(name) > LONGEST_NAME:
            return Suggestions(())
        splits = [(None, name), *_levels_in(name)]
        for level, rest in splits:
            if roles := self._by_kind.get(search_key(rest)):
                return Suggestions(tuple(roles[:MOST_SUGGESTED]), level)
        level, rest = splits[-1]
        scores = self._nearness(rest)
        best = max(scores.values(), default=0.0)
        near = [slug for slug, score in scores.items() if score >= best - NOT_MUCH_FURTHER]
        near.sort(key=lambda slug: -scores[slug])
        return Suggestions(tuple(self._by_slug[slug] for slug in near[:MOST_SUGGESTED]), level)

    def _nearness(self, name: str) -> dict[str, float]:
        """How near the name is to each role that it is near to, by slug."""
        asked = JobTitle.of(name, self._words)
        scores: dict[str, float] = {}
        for role, title in self._titles:
            score = asked.nearness(title)
            if score >= NEAR:
                scores[role.slug] = max(score, scores.get(role.slug, 0.0))
        return scores

    @cached_property
    def _titles(self) -> Sequence[tuple[Role, JobTitle]]:
        """Every name that a role goes by, read once something is to be suggested."""
        return [
            (role, JobTitle.of(name))
            for role in self.roles
            for name in (role.title, *role.aliases, *role.kinds)
        ]

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for _, title in self._titles for word in title.words)

    def in_category(self, name: str) -> tuple[Role, ...]:
        """The roles of the category that goes by this name, however it is written."""
        return self._by_category.get(search_key(name), ())

    @cached_property
    def _by_category(self) -> Mapping[str, tuple[Role, ...]]:
        """The roles of each category, by the search keys of its name and slug: forms list them
        whenever they are drawn."""
        found: dict[str, tuple[Role, ...]] = {}
        for role in self.roles:
            for key in {search_key(role.category.name), search_key(role.category.slug)}:
                found[key] = (*found.get(key, ()), role)
        return found

    def bank(self, role: Role) -> tuple[Question, ...]:
        """Every question for a role: its own first, then its competencies' shared ones."""
        shared = (self.competencies[id].questions for id in role.competencies)
        return (*role.all_questions, *(question for bank in shared for question in bank))

    def competencies_of(self, role: Role) -> tuple[Competency, ...]:
        """The role's competencies, most important first."""
        return tuple(self.competencies[id] for id in role.competencies)


def _levels_in(name: str) -> Iterator[tuple[Level, str]]:
    """Each way to read a level in the name, with the name without it."""
    words = name.replace("-", " ").split()
    for place in range(len(words)):
        for count in (1, 2):
            if level := LEVELS.get(search_key(" ".join(words[place : place + count]))):
                yield level, " ".join(words[:place] + words[place + count :])

"""The library in memory: roles by every name they go by, competencies, categories."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.competencies import Competency
from bot.domain.do_not_ask import Rule
from bot.domain.feedback_hints import FeedbackHint
from bot.domain.names import LONGEST_NAME, NEAR, likeness, search_key
from bot.domain.questions.question import Question
from bot.domain.questions.selection import Level
from bot.domain.questions.words import LEVELS
from bot.domain.roles import Category, Role

CLOSEST = 3


@dataclass(frozen=True)
class Suggestions:
    """Roles for a name that names none: `near` ones may be what was meant, or else the closest."""

    near: bool
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Files:
    """Where roles, by slug, and competencies, by id, were read from."""

    roles: Mapping[str, Path] = field(default_factory=dict)
    competencies: Mapping[str, Path] = field(default_factory=dict)


class Library:
    """Validated content; immutable once made."""

    def __init__(
        self,
        roles: Iterable[Role],
        competencies: Iterable[Competency],
        do_not_ask: Iterable[Rule] = (),
        files: Files | None = None,
        feedback_hints: Iterable[FeedbackHint] = (),
    ) -> None:
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

    def role(self, slug: str) -> Role | None:
        """The role with exactly this slug."""
        return self._by_slug.get(slug)

    def find(self, name: str) -> Role | None:
        """The role that goes by this slug, title or alias, however it is written."""
        return self._by_key.get(search_key(name))

    def find_at_level(self, name: str) -> tuple[Role, Level | None] | None:
        """The role and the level that a name such as "sr. backend dev" means.

        The role is as the library has it: `Role.at` says how it differs at the level, if it does.
        """
        if role := self.find(name):
            return role, None
        if at := self._by_level_title.get(search_key(name)):
            return at
        words = name.replace("-", " ").split()
        for place, word in enumerate(words):
            level = LEVELS.get(search_key(word))
            if level and (role := self.find(" ".join(words[:place] + words[place + 1 :]))):
                return role, level
        return None

    def suggest(self, name: str) -> Suggestions:
        """Up to three roles for a name that `find` does not know, best first."""
        key = search_key(name[:LONGEST_NAME])
        if not key:
            return Suggestions(near=False, roles=self.roles[:CLOSEST])
        scores: dict[str, float] = {}
        for known, role in self._by_key.items():
            scores[role.slug] = max(likeness(key, known), scores.get(role.slug, 0.0))
        ranked = sorted(self.roles, key=lambda role: (-scores[role.slug], role.title))[:CLOSEST]
        near = tuple(role for role in ranked if scores[role.slug] >= NEAR)
        too_long = len(name) > LONGEST_NAME
        if near and not too_long:
            return Suggestions(near=True, roles=near)
        return Suggestions(near=False, roles=tuple(ranked))

    def in_category(self, name: str) -> tuple[Role, ...]:
        """The roles of the category that goes by this name, however it is written."""
        key = search_key(name)
        return tuple(
            role
            for role in self.roles
            if key in (search_key(role.category.name), search_key(role.category.slug))
        )

    def bank(self, role: Role) -> tuple[Question, ...]:
        """Every question for a role: its own first, then its competencies' shared ones."""
        shared = (self.competencies[id].questions for id in role.competencies)
        return (*role.all_questions, *(question for bank in shared for question in bank))

    def competencies_of(self, role: Role) -> tuple[Competency, ...]:
        """The role's competencies, most important first."""
        return tuple(self.competencies[id] for id in role.competencies)

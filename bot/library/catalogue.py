"""The library in memory: roles by every name they go by, competencies, categories."""

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.competencies import Competency
from bot.domain.questions import Question
from bot.domain.roles import Category, Role

NEAR = 0.72
"""How alike a name must be (difflib's ratio) for a slip of typing to be taken for it."""

CLOSEST = 3
LONGEST_NAME = 80


def search_key(name: str) -> str:
    """A name without what people type differently: case, accents, hyphens, spaces and dots."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in folded if letter.isalnum() or letter in "+#")


@dataclass(frozen=True)
class Suggestions:
    """Roles for a name that names none: `near` ones may be what was meant, or else the closest."""

    near: bool
    roles: tuple[Role, ...]


class Library:
    """Validated content; immutable once made."""

    def __init__(self, roles: Iterable[Role], competencies: Iterable[Competency]) -> None:
        self.roles = tuple(sorted(roles, key=lambda role: (role.category.name, role.title)))
        self.competencies = {competency.id: competency for competency in competencies}
        self.categories: tuple[Category, ...] = tuple(
            dict.fromkeys(role.category for role in self.roles)
        )
        self._by_slug = {role.slug: role for role in self.roles}
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

    def suggest(self, name: str) -> Suggestions:
        """Up to three roles for a name that `find` does not know, best first."""
        key = search_key(name[:LONGEST_NAME])
        if not key:
            return Suggestions(near=False, roles=self.roles[:CLOSEST])
        scores: dict[str, float] = {}
        matcher = difflib.SequenceMatcher(b=key, autojunk=False)
        for known, role in self._by_key.items():
            matcher.set_seq1(known)
            contained = len(key) >= 3 and (known.startswith(key) or known in key)
            score = max(matcher.ratio(), NEAR if contained else 0.0)
            scores[role.slug] = max(score, scores.get(role.slug, 0.0))
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
        return (*role.questions, *(question for bank in shared for question in bank))

    def competencies_of(self, role: Role) -> tuple[Competency, ...]:
        """The role's competencies, most important first."""
        return tuple(self.competencies[id] for id in role.competencies)

"""How long the parts of a posting are best: advice, never a reason to refuse a role."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.domain.roles import FITS_A_MESSAGE, Role, RoleLevel
from bot.library.catalogue import Library

TITLE = 60
ITEM = 400
PARAGRAPH = 900
COUNTS: Mapping[str, tuple[int, int]] = {
    "skills": (6, 10),
    "responsibilities": (6, 9),
    "requirements": (5, 8),
    "nice_to_have": (3, 5),
}
"""How many entries of a list read best."""

CONDITIONS: Mapping[str, int] = {"physical": 5, "languages": 3}
"""How many physical demands and languages somebody still reads."""

LISTS = (*COUNTS, "legally_required", "benefits", "process")
PROSE = ("day_to_day", "about", "contact")


@dataclass(frozen=True)
class ShapeAdvice:
    """What is longer or shorter than reads best: the place, the text there, how much it has."""

    file: Path
    key: str
    text: str
    has: str
    best: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: has {self.has}; {self.best}"


def shape_advice(library: Library, roles: Iterable[Role] | None = None) -> list[ShapeAdvice]:
    """What to shorten or add in the library's roles, or in some of them."""
    return [
        ShapeAdvice(library.files.roles[role.slug], key, text, has, best)
        for role in (library.roles if roles is None else roles)
        for key, text, has, best in _of_role(role)
    ]


Remark = tuple[str, str, str, str]


def _of_role(role: Role) -> Iterator[Remark]:
    yield from _of_part(role, "")
    for level, at in role.levels.items():
        yield from _of_part(at, f"levels.{level}.")
    for key, most in CONDITIONS.items() if role.conditions else ():
        count = len(getattr(role.conditions, key))
        if count > most:
            has, best = f"{count} entries", f"up to {most} read best"
            yield f"conditions.{key}", role.title, has, best
    if (length := sum(map(len, role.posting))) > FITS_A_MESSAGE:
        best = f"up to {FITS_A_MESSAGE:,} fit into one Slack message"
        yield "posting", role.title, f"{length:,} characters", best


def _of_part(part: Role | RoleLevel, before: str) -> Iterator[Remark]:
    yield from _length(f"{before}title", part.title, TITLE)
    for key in ("summary", "experience"):
        yield from _length(f"{before}{key}", getattr(part, key) or "", PARAGRAPH)
    for keys, most in ((LISTS, ITEM), (PROSE, PARAGRAPH)):
        for key in keys:
            for number, text in enumerate(getattr(part, key, ()), start=1):
                yield from _length(f"{before}{key}[{number}]", text, most)
    for key, (fewest, most) in COUNTS.items():
        count = len(getattr(part, key, ()))
        if count and not fewest <= count <= most:
            has = f"{count} {'entry' if count == 1 else 'entries'}"
            yield f"{before}{key}", part.title, has, f"{fewest} to {most} read best"


def _length(key: str, text: str, most: int) -> Iterator[Remark]:
    if len(text) > most:
        yield key, text, f"{len(text)} characters", f"up to {most} read best"

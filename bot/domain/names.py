"""Names, however people type them."""

import difflib
import unicodedata
from collections.abc import Mapping
from typing import TypeVar

Named = TypeVar("Named")

NEAR = 0.72
"""How alike a name must be (difflib's ratio) for a slip of typing to be taken for it."""

LONGEST_NAME = 80
"""Characters of a name that are looked at, and of an unknown one that are shown back."""


def search_key(name: str) -> str:
    """A name without what people type differently: case, accents, hyphens, spaces and dots."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in folded if letter.isalnum() or letter in "+#")


def likeness(key: str, known: str) -> float:
    """From 0 to 1; a beginning of at least three letters, or a name with more round it, is near."""
    contained = len(key) >= 3 and (known.startswith(key) or known in key)
    ratio = difflib.SequenceMatcher(None, known, key, autojunk=False).ratio()
    return max(ratio, NEAR if contained else 0.0)


def nearest(name: str, known: Mapping[str, Named], most: int = 3) -> list[Named]:
    """What may have been meant by a name that is not in `known` (by search key), best first."""
    key = search_key(name[:LONGEST_NAME])
    scores: dict[Named, float] = {}
    for other, named in known.items():
        scores[named] = max(likeness(key, other), scores.get(named, 0.0))
    near = [named for named, score in scores.items() if score >= NEAR]
    return sorted(near, key=lambda named: -scores[named])[:most]


def shown_back(name: str) -> str:
    """An unknown name as it is shown to whoever typed it."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"

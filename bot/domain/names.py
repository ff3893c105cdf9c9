"""Names, however people type them, in any script."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeVar

Named = TypeVar("Named")

NEAR = 0.72
"""How alike a name must be (difflib's ratio) for a slip of typing to be taken for it."""

LONGEST_NAME = 80
"""Characters of a name that are looked at, and of an unknown one that are shown back."""

SPELLED_OUT = {"æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ŋ": "n", "ĸ": "k"}
"""Latin letters of their own, as people write them whose keyboard lacks them (CLDR's Latin-ASCII).

Those whose Unicode name says what they are made of, such as "L WITH STROKE", need no row.
"""

MADE_OF = re.compile(r"LATIN SMALL LETTER ([A-Z]) WITH .+")

ACCENTED = ("LATIN ", "GREEK ")
"""The scripts in which people leave accents out, by how their letters' Unicode names begin.

Elsewhere a mark makes another letter: カ and ガ, या and ये, и and й.
"""

DOTTED_YE = "е\u0308"
"""The Russian ё, which is mostly written е."""

POINTS = range(10, 37)
"""Canonical combining classes of vowel points in Hebrew, Arabic and Syriac: mostly unwritten."""

UNSPACED = ("CJK ", "HIRAGANA ", "KATAKANA ", "HANGUL CHOSEONG ", "THAI ", "LAO ", "KHMER ")
"""The scripts that put no spaces between words, so that a word may begin at any letter."""

INVISIBLE = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x2800, 0x2800),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0),
        (0xE0100, 0xE01EF),
    )
    for code in range(first, last + 1)
)
"""Letters, marks and symbols that show nothing: fillers, joiners and variation selectors."""

JOINERS = "\u200c\u200d"
"""The zero-width non-joiner and joiner."""

UNREADABLE = "\ufffd"
"""What stands where a character could not be read."""


def search_key(name: str) -> str:
    """A name without what people type differently: case, accents, hyphens, spaces and dots.

    Marks that make another letter stay, as they do in most scripts that have marks.
    """
    if name.isascii():
        return "".join(letter for letter in name.lower() if letter.isalnum() or letter in "+#")
    return "".join(key for key, _ in _keyed(name))


def _keyed(name: str) -> Iterator[tuple[str, bool]]:
    """What each letter comes to in the search key, and whether a word begins with it."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    shown = "".join(letter for letter in folded if not _is_ignored(letter))
    base, begins = "", True
    for letter in unicodedata.normalize("NFKD", shown):
        if unicodedata.category(letter).startswith("M"):
            if base and not _is_left_out(letter, base):
                yield letter, False
        elif letter.isalnum() or letter in "+#":
            yield _plain(letter), begins or _script(letter).startswith(UNSPACED)
            base, begins = letter, False
        else:
            base, begins = "", True


def _is_ignored(letter: str) -> bool:
    return letter in INVISIBLE or unicodedata.category(letter) == "Cf"


def _is_left_out(mark: str, base: str) -> bool:
    """Whether people who write a letter with this mark write it without as well."""
    accent = _script(base).startswith(ACCENTED) or base + mark == DOTTED_YE
    return accent or unicodedata.combining(mark) in POINTS


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """The letter's Unicode name, which begins with its script."""
    return unicodedata.name(letter, "")


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    """A small Latin letter without its stroke, hook or the like: o for ø, l for ł."""
    made_of = MADE_OF.fullmatch(_script(letter))
    return made_of[1].lower() if made_of else SPELLED_OUT.get(letter, letter)


def is_visible(text: str) -> bool:
    """Whether there is anything to see of it."""
    return any(
        letter not in INVISIBLE and unicodedata.category(letter)[0] not in "CZ" for letter in text
    )


def without_invisible(text: str) -> str:
    """The text without what came along unseen when it was pasted, such as zero-width spaces.

    The two joiners stay: emoji and several scripts are written with them.
    """
    if text.isascii():
        return text
    return "".join(
        letter for letter in text if letter in JOINERS or unicodedata.category(letter) != "Cf"
    )


def fault_of_name(name: str) -> str | None:
    """Why nobody could read this as the name of someone or something; None where they can."""
    if UNREADABLE in name or not _encodes(name) or "\0" in name:
        return "Part of this can't be read. Please type it again."
    if name and not is_visible(name):
        return "This has no visible characters. Please type it again."
    return None


def readable(text: str) -> str:
    """The text with a mark in place of whatever no file and no database can hold."""
    if "\0" not in text and _encodes(text):
        return text
    marked = text.replace("\0", UNREADABLE)
    return marked.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _encodes(text: str) -> bool:
    """Whether it has no half of a surrogate pair, as a broken emoji leaves behind."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def has_words(name: str, words: str) -> bool:
    """Whether each of these words begins where a word of the name does.

    Spaces and hyphens within either make no difference: "Berg", "van der berg", "vanderberg" and
    "Berg Zoe" all find Zoë van der Berg.
    """
    key, starts = "", []
    for part, begins in _keyed(name):
        if begins:
            starts.append(len(key))
        key += part
    keys = [search_key(word) for word in words.split()]
    return any(keys) and all(any(key.startswith(one, at) for at in starts) for one in keys)


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
    name = readable(name)
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"

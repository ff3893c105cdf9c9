"""A job description as it was found: its text in order, as headings, paragraphs and lists."""

import re
import unicodedata
from dataclasses import dataclass, field

MOST_CHARACTERS = 2_000_000
"""Of a file that is read: far more than any job description has."""

PARAGRAPH_LEVEL = 7
"""The level of a heading that is only a bold or a marked line."""


@dataclass(frozen=True)
class Heading:
    """`level` is 1 to 6 as in HTML, or PARAGRAPH_LEVEL."""

    text: str
    level: int


@dataclass(frozen=True)
class Text:
    """A paragraph or a line. `label` is what stands out at its beginning, such as "Pay:"."""

    text: str
    label: str = ""


@dataclass(frozen=True)
class Listed:
    """A list or a table, an entry each."""

    items: tuple[str, ...]


Block = Heading | Text | Listed


@dataclass
class Source:
    """What was read.

    `title` is what it calls the job, `page_title` what its page is called. `parts` are blocks whose
    part of the posting is known. `facts` and `beside` are kept in comments: what a machine was told
    of the job, and what else stands on its page.
    """

    blocks: list[Block] = field(default_factory=list)
    title: str = ""
    page_title: str = ""
    language: str = ""
    parts: list[tuple[str, Block]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)


CJK = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef"
BROKEN_LINE = re.compile(rf"(?<=[{CJK}])[ \t]*\n[ \t]*(?=[{CJK}])")
"""A line's end within Chinese or Japanese, which have no spaces."""


def tidy(text: str) -> str:
    """The text on one line, with plain spaces and without characters that nobody sees."""
    shown = "".join(one for one in BROKEN_LINE.sub("", text) if _is_shown(one))
    return " ".join(shown.split())


def _is_shown(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")

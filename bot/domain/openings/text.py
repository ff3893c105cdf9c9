"""The texts of an opening's posting: the role's at first, and edited as plain lines."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from bot.domain.names import UNREADABLE
from bot.domain.posting import Section
from bot.domain.roles import MOST_LINES

LONGEST_LINE = 2900
MOST_TEXT = 20_000
"""Characters of a whole posting."""

ONE_FIELD = 3000
"""Characters that one field of a form takes."""

BULLET = "- "
BULLETS = ("- ", "* ", "• ", "– ", "· ")
TEASER = 120
"""Characters of what a job is that a message begins with: about three lines on a phone."""

Text = tuple[Section, ...]


def typed_section(section: Section) -> str:
    """A part of a posting as lines: a list's begin with a dash, paragraphs stand apart."""
    items = "\n".join(f"{BULLET}{item}" for item in section.items)
    return "\n\n".join(part for part in (*section.lead, items, *section.paragraphs) if part)


def section_of(heading: str, typed: str) -> Section:
    """The part of a posting that somebody typed: every line is an item or a paragraph, and those
    before the first item lead into the list."""
    lines = [" ".join(line.split()) for line in typed.splitlines()]
    lines = [line for line in lines if line and line.strip("-*•–·")]
    items = tuple(line[2:].strip() for line in lines if line.startswith(BULLETS))
    lead = tuple(takewhile(lambda line: not line.startswith(BULLETS), lines)) if items else ()
    paragraphs = tuple(line for line in lines[len(lead) :] if not line.startswith(BULLETS))
    return Section(heading, tuple(filter(None, items)), paragraphs, lead)


HEADING = re.compile(
    r"#{1,6}\s+(?P<hash>.+?)\s*#*|\*\*(?P<bold>[^*]+?):?\*\*|(?P<colon>[^.!?]{1,60}):"
)
"""A line of a text file that stands above a part: as in Markdown, or a short one with a colon."""


def headed_lines(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every line of a text file with the heading that it stands under."""
    heading = ""
    for line in lines:
        if found := HEADING.fullmatch(line.strip()):
            heading = next(filter(None, found.groups())).strip()
        yield heading, line


def text_of(lines: Iterable[str]) -> Text:
    """A posting that somebody has in a text file, part by part."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for heading, line in headed_lines(lines):
        if HEADING.fullmatch(line.strip()):
            parts.append((heading, []))
        else:
            parts[-1][1].append(line)
    return without_empty(section_of(heading, "\n".join(of)) for heading, of in parts)


def fault_of_section(section: Section) -> str | None:
    """Why nobody would read this, or could; None where they would."""
    lines = section.texts
    if len(lines) > MOST_LINES:
        return f"Use at most {MOST_LINES} lines. These are {len(lines)}."
    if any(len(line) > LONGEST_LINE for line in lines):
        return f"Use at most {LONGEST_LINE} characters in a line."
    if any(UNREADABLE in line for line in lines):
        return "Part of this can't be read. Please type it again."
    return None


def length_of(text: Iterable[Section]) -> int:
    return sum(len(line) for one in text for line in one.texts)


def without_empty(text: Iterable[Section]) -> Text:
    """The parts that there is something to read of: an emptied one can be filled in again."""
    return tuple(section for section in text if section.texts)


def teaser(text: Sequence[Section], most: int = TEASER) -> str:
    """The first sentences, as many as fit into so many characters."""
    prose = (line for one in text for line in (*one.lead, *one.paragraphs, *one.items))
    first = next(prose, "")
    told = ""
    for sentence in first.replace(". ", ".\n").splitlines():
        if told and len(told) + 1 + len(sentence) > most:
            break
        told = f"{told} {sentence}".strip()
    if len(told) <= most:
        return told
    words, _, cut_off = told[:most].rpartition(" ")
    return f"{(words or cut_off[:-1]).rstrip(' ,;:')}…"

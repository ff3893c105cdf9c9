"""Puts people's texts into Markdown so that a reader shows each of them as it was written.

Only what Markdown would take for something else in its place is escaped: "Data & AI", "SELECT *"
and "snake_case" stay as they are, so that a description pasted elsewhere shows no backslashes.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.links import Link

BEGIN, END = "\ufdd0", "\ufdd1"
"""Round a person's text in what a template gave; Unicode keeps both from ever being characters."""

TEXT = re.compile(f"[{BEGIN}{END}]")

BLOCK = re.compile(r" *(?:[-+*] |\d{1,9}[.)] |> ?|#{1,6} |\[[ x]\] )")
"""What our own markup begins a block with."""

OPENS = re.compile(
    r"#{1,6}(?=\s|$)"
    r"|[-+*](?=\s|$)"
    r"|>"
    r"|(?P<number>\d{1,9})(?=[.)](?:\s|$))"
    r"|(?P<fence>`{3,}|~{3,})"
    r"|[-_*=](?=[-_*=\s|:]*$)"
    r"|:(?=[-:|\s]*$)"
    r"|\|(?=[-:|\s]*$)"
    r"|\[(?=[ xX]\](?:\s|$)|[^\]]*\]:)"
    r"|<(?=[A-Za-z/!?])"
)
"""What begins a block, ends one or makes another of it, where it stands first on a line."""

AUTOLINK = re.compile(r"<(?=[^\s<>]+@[^\s<>]+>)")
ENTITY = re.compile(r"&(?=#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
LINK = re.compile(r"\](?=\()")
TAG = re.compile(r"<(?=[A-Za-z/!?])")
BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
RUN = re.compile(r"`+|\*+|_+|~+")
CLOSES_HEADING = re.compile(r"(?:(?<=\s)|^)#+(?=\s*$)")


class Fenced(str):
    """Text that a reader shows letter for letter, in a block of its own."""

    __slots__ = ()


def fenced(text: str) -> Fenced:
    """The text between fences that it has nothing like in it."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return Fenced(f"{fence}\n{TEXT.sub('', text).rstrip()}\n{fence}")


class Linked(str):
    """An address between angle brackets, in which nothing is escaped."""

    __slots__ = ()


def linked(link: Link) -> Linked:
    """The address as a link: it has no space and no angle bracket in it."""
    return Linked(f"<{TEXT.sub('', link)}>")


def placed(text: str) -> str:
    """A person's text, on one line, marked as such until `escaped` has seen where it stands."""
    if isinstance(text, Fenced | Linked):
        return text
    return f"{BEGIN}{' '.join(TEXT.sub('', text).split())}{END}"


def escaped(marked: str) -> str:
    """What a template gave, with each marked text escaped for the place that it stands in."""
    return "\n".join(line for block in _blocks(marked.split("\n")) for line in _escaped(block))


@dataclass(frozen=True)
class Line:
    """A line, and which of its characters somebody has written."""

    text: str
    theirs: tuple[bool, ...]

    @property
    def start(self) -> int:
        """Where its words begin, behind our own markup."""
        at = 0
        while found := BLOCK.match(self.text, at):
            if any(self.theirs[at : found.end()]):
                break
            at = found.end()
        return at

    @property
    def is_heading(self) -> bool:
        return self.text.startswith("#") and not self.theirs[0]


def _blocks(lines: Iterable[str]) -> Iterator[list[Line]]:
    """The lines in groups within which a mark in one may go with a mark in another."""
    block: list[Line] = []
    depth = 0
    for line in lines:
        characters, theirs = [], []
        for letter in line:
            if letter in (BEGIN, END):
                depth += 1 if letter == BEGIN else -1
            else:
                characters.append(letter)
                theirs.append(depth > 0)
        read = Line("".join(characters), tuple(theirs))
        if block and (not read.text.strip() or read.start):
            yield block
            block = []
        block.append(read)
    yield block


def _escaped(block: list[Line]) -> Iterator[str]:
    found = _paired(block)
    for number, line in enumerate(block):
        later = [other.text for other in block[number + 1 :]]
        found |= {(number, place) for place in _in_line(line, later)}
    ticks = {
        (number, place)
        for number, line in enumerate(block)
        for place, letter in enumerate(line.text)
        if letter == "`"
    }
    if found & ticks:  # what ends code may stand behind a backslash: all of them or none
        found |= ticks
    for number, line in enumerate(block):
        at = {place for of, place in found if of == number}
        yield "".join(
            f"\\{letter}" if place in at and line.theirs[place] else letter
            for place, letter in enumerate(line.text)
        )


def _in_line(line: Line, later: Sequence[str]) -> set[int]:
    """Where a character would be taken for markup by itself; `later` are the lines that follow."""
    text = line.text
    found = {
        match.start()
        for pattern in (AUTOLINK, ENTITY, LINK, BACKSLASH)
        for match in pattern.finditer(text)
    }
    ends = len(text) if any(">" in one for one in later) else text.rfind(">")
    found |= {match.start() for match in TAG.finditer(text) if match.start() < ends}
    if later and text.endswith("\\"):
        found.add(len(text) - 1)
    if line.is_heading:
        return found | {match.start() for match in CLOSES_HEADING.finditer(text)}
    if opens := OPENS.match(text, line.start):
        if opens["number"]:
            found.add(opens.end())
        elif opens["fence"]:
            found |= set(range(*opens.span()))
        else:
            found.add(opens.start())
    return found


@dataclass(frozen=True)
class Run:
    """A row of equal marks that may begin or end something, and where its characters stand.

    `is_inside` says whether it is people's and stands within our own marks, as in bold.
    """

    mark: str
    line: int
    start: int
    length: int
    opens: bool
    closes: bool
    is_theirs: bool
    is_mixed: bool
    is_inside: bool = False

    @property
    def places(self) -> set[tuple[int, int]]:
        return {(self.line, self.start + place) for place in range(self.length)}

    def goes_with(self, later: "Run") -> bool:
        """Whether a reader would take the two for the beginning and the end of something."""
        if not ((self.is_theirs and later.is_theirs) or self.is_inside or later.is_inside):
            return False
        if self.mark == "`":
            return self.length == later.length
        return self.opens and later.closes


def _paired(block: Sequence[Line]) -> set[tuple[int, int]]:
    """Where marks stand that would go together: emphasis, code, struck-out text."""
    runs = [run for number, line in enumerate(block) for run in _runs(number, line)]
    found = {place for run in runs if run.is_mixed for place in run.places}
    for mark in "`*_~":
        same = list(_inside([run for run in runs if run.mark == mark]))
        for place, first in enumerate(same):
            for second in same[place + 1 :]:
                if first.goes_with(second):
                    found |= first.places | second.places
    return found


def _inside(runs: Iterable[Run]) -> Iterator[Run]:
    """The runs of one mark, which know whether they are within ours."""
    ours = 0
    for run in runs:
        yield replace(run, is_inside=run.is_theirs and ours % 2 == 1)
        ours += not run.is_theirs or run.is_mixed


def _runs(number: int, line: Line) -> Iterator[Run]:
    for found in RUN.finditer(line.text, line.start):
        before = line.text[found.start() - 1] if found.start() > line.start else " "
        after = line.text[found.end()] if found.end() < len(line.text) else " "
        left, right = _flanks(before, after), _flanks(after, before)
        mark = found[0][0]
        within_word = mark == "_" and left and right
        theirs = line.theirs[found.start() : found.end()]
        yield Run(
            mark=mark,
            line=number,
            start=found.start(),
            length=len(found[0]),
            opens=left and (not within_word or _is_punctuation(before)),
            closes=right and (not within_word or _is_punctuation(after)),
            is_theirs=any(theirs),
            is_mixed=any(theirs) and not all(theirs),
        )


def _flanks(outside: str, inside: str) -> bool:
    """CommonMark's rule for a run that can begin emphasis, or end it the other way round."""
    if inside.isspace():
        return False
    return not _is_punctuation(inside) or outside.isspace() or _is_punctuation(outside)


def _is_punctuation(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PS"

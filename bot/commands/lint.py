"""`panelist lint`: says what has no place in a posting, a question or feedback."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from bot.commands.content import unknown_role
from bot.config import load_settings
from bot.domain.do_not_ask import Guard
from bot.domain.feedback_hints import noticed
from bot.domain.names import shown_back
from bot.domain.openings.advice import advice_on_text
from bot.domain.openings.advice_book import AdviceBook
from bot.domain.openings.advice_finding import NOT_LEGAL_ADVICE, Finding, Spot
from bot.domain.openings.advice_lines import Written
from bot.domain.openings.advice_shape import on_shape
from bot.domain.openings.advice_words import on_coded_words, on_words
from bot.domain.openings.fields import OpeningField
from bot.domain.openings.text import headed_lines, text_of
from bot.domain.roles import Role
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.library.content import load_content

CLEAN, FOUND, BAD_USE = 0, 1, 2
STANDARD_INPUT = "-"


class Kind(StrEnum):
    """What a text is for."""

    POSTING = "posting"
    QUESTION = "question"
    FEEDBACK = "feedback"


@dataclass(frozen=True)
class Remark:
    """What has no place in a text: its topic, the words, the reason, and where that is from."""

    topic: str
    words: str
    why: str
    source: str = ""

    def __str__(self) -> str:
        words = f" (“{self.words}”)" if self.words else ""
        source = f" {self.source}" if self.source else ""
        return f"{self.topic}{words}: {self.why}{source}"


@dataclass(frozen=True)
class Linted:
    """A text with the place it stands in, and what has no place in it."""

    place: str
    text: str
    remarks: tuple[Remark, ...]


def lint(options: argparse.Namespace) -> int:
    """Prints what was found. Exit codes: 0 nothing, 1 something, 2 bad use."""
    try:
        library = load_content(load_settings().panelist_content).library
        found = told = False
        for linted in _linted(options.what, Kind(options.kind), library):
            found = found or bool(linted.remarks)
            told = told or any(remark.source for remark in linted.remarks)
            _print(linted, as_json=options.json)
    except Unusable as error:
        print(error, file=sys.stderr)
        return BAD_USE
    if not options.json and told:
        print(NOT_LEGAL_ADVICE)
    if not options.json and not found:
        print("Nothing found.")
    return FOUND if found else CLEAN


class Unusable(UserError):
    """Neither a role nor a readable text."""


def _linted(what: list[str], kind: Kind, library: Library) -> Iterator[Linted]:
    check = _checker(kind, library)
    if not what:
        if kind is Kind.FEEDBACK:
            raise Unusable("Roles have no feedback. Name a file, or - to read what comes in.")
        yield from _of_roles(library, None)
    # Every name is looked up before anything is printed: bad use prints nothing else.
    for source in [_source(name, kind, library, check) for name in what]:
        yield from source()


Check = Callable[[str], tuple[Remark, ...]]


def _checker(kind: Kind, library: Library) -> Check:
    if kind is Kind.FEEDBACK:
        return lambda text: tuple(
            Remark(one.hint.topic, one.words, one.hint.why)
            for one in noticed([text], library.feedback_hints)
        )
    if kind is Kind.POSTING:
        # A line by itself may be a requirement, so it is looked at as one.
        spot = Spot(OpeningField.TEXT, library.advice.posting.requirements[0])
        return lambda text: _remarks(on_words([Written(spot, text)], library.advice))
    guard = Guard(library.do_not_ask)
    return lambda text: tuple(
        Remark(one.rule.topic, one.words, one.rule.why) for one in guard.findings(text)
    )


def _remarks(found: Iterable[Finding]) -> tuple[Remark, ...]:
    return tuple(
        Remark(
            one.title.lower(),
            ", ".join(one.words),
            f"{one.why} Try: {one.instead}",
            f"({'; '.join(filter(None, (one.law, *(it.text for it in one.references))))}; "
            f"checked on {one.checked.isoformat()})",
        )
        for one in found
    )


def _source(
    name: str, kind: Kind, library: Library, check: Check
) -> Callable[[], Iterator[Linted]]:
    if name == STANDARD_INPUT:
        return lambda: _of_lines(sys.stdin, "line", check)
    path = Path(name)
    if path.is_file():
        lines = _lines_of(path)
        if kind is Kind.POSTING:
            return lambda: _of_posting(lines, name, library.advice)
        return lambda: _of_lines(lines, name, check)
    if kind is Kind.FEEDBACK:
        raise Unusable(f"{shown_back(name)!r} isn't a file, and roles have no feedback.")
    if found := library.find_at_level(name):
        return lambda: _of_roles(library, found[0].slug)
    raise Unusable(f"{shown_back(name)!r} isn't a file. {unknown_role(library, name)}")


def _lines_of(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"{path} can't be read as text: {error}") from error


def _of_lines(lines: Iterable[str], place: str, check: Check) -> Iterator[Linted]:
    for number, line in enumerate(lines, start=1):
        text = line.rstrip("\r\n")
        yield Linted(f"{place}:{number}", text, check(text))


def _of_posting(lines: list[str], name: str, book: AdviceBook) -> Iterator[Linted]:
    """Each line of the file under its heading, then the posting as a whole."""
    for number, (heading, line) in enumerate(headed_lines(lines), start=1):
        spot = Spot(OpeningField.TEXT, heading)
        found = on_words([Written(spot, line.strip())], book) if line.strip() else ()
        yield Linted(f"{name}:{number}", line, _remarks(found))
    text = text_of(lines)
    whole = [*on_coded_words(text, book.posting), *on_shape(text, book.posting)]
    if whole:
        yield Linted(name, "\n".join(lines), _remarks(whole))


def _of_roles(library: Library, slug: str | None) -> Iterator[Linted]:
    from bot.library.do_not_ask import advice
    from bot.library.shape import shape_advice

    roles = None if slug is None else [role for role in library.roles if role.slug == slug]
    for item in advice(library, roles):
        rule = item.finding.rule
        remark = Remark(rule.topic, item.finding.words, rule.why)
        yield Linted(f"{item.file}: {item.key}", item.text, (remark,))
    for role in library.roles if roles is None else roles:
        yield from _of_role(library, role)
    for one in shape_advice(library, roles):
        remark = Remark("length", one.has, one.best)
        yield Linted(f"{one.file}: {one.key}", one.text, (remark,))


def _of_role(library: Library, role: Role) -> Iterator[Linted]:
    """The role's postings, one for each level; what must not be asked has been looked for."""
    book = replace(library.advice, do_not_ask=())
    for at in (role, *(role.at(level) for level in role.levels)):
        for found in advice_on_text(at.sections, book):
            place = f"{library.files.roles[role.slug]}: {at.title}: {found.spot.in_text}"
            yield Linted(place, "\n".join(at.posting), _remarks([found]))


def _print(linted: Linted, *, as_json: bool) -> None:
    if as_json:
        remarks = [
            {"topic": one.topic, "words": one.words, "why": one.why} for one in linted.remarks
        ]
        print(json.dumps({"text": linted.text, "findings": remarks}, ensure_ascii=False))
        return
    for one in linted.remarks:
        print(f"{linted.place}: {one}")

"""Reads schema.org's JobPosting, as JSON-LD alone or inside a page, into a source."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from bot.library.new_role.page import fragment, read_page
from bot.library.new_role.source import Block, Heading, Listed, Source, tidy

Json = dict[str, Any]

PARTS = {
    "responsibilities": "responsibilities",
    "skills": "skills",
    "qualifications": "requirements",
    "experienceRequirements": "requirements",
    "educationRequirements": "requirements",
    "securityClearanceRequirement": "legally_required",
    "eligibilityToWorkRequirement": "legally_required",
    "jobBenefits": "benefits",
    "incentiveCompensation": "benefits",
    "employerOverview": "about",
}
"""The parts of a posting that properties with text are."""

UNDER_THEIR_NAME = ("workHours", "physicalRequirement", "sensoryRequirement", "specialCommitments")
KEYWORDS = ("@context", "@type", "@id")


def postings_in(page: str) -> list[Json]:
    """The job postings in a page's scripts; a script that isn't JSON, or is too deep to be read,
    is passed over."""
    found: list[Json] = []
    for script in LexborHTMLParser(page).css('script[type="application/ld+json"]'):
        try:
            found += _postings(json.loads(script.text(), strict=False))
        except (ValueError, RecursionError):
            continue
    return found


def read_json(text: str) -> Source | None:
    """The posting in JSON-LD; None where there is none. Raises ValueError where it isn't JSON."""
    found = list(_postings(json.loads(text, strict=False)))
    return read_posting(found[0]) if found else None


def read_posting(posting: Json) -> Source:
    """The posting's texts as blocks, and every other value as a fact."""
    source = Source(title=_title(posting), language=str(posting.get("inLanguage") or ""))
    description = posting.get("description")
    source.blocks = _blocks(description) if isinstance(description, str) else []
    said = " ".join(text for block in source.blocks for text in texts_of(block))
    for key, value in posting.items():
        if key in (*KEYWORDS, "title", "inLanguage"):
            continue
        if key == "description" and isinstance(value, str):
            continue
        texts = _texts(value)
        if texts is None or (key not in PARTS and key not in UNDER_THEIR_NAME):
            source.facts += _facts(key, value)
            continue
        new = [one for one in texts if any(text not in said for text in texts_of(one))]
        if key in PARTS:
            source.parts += [(PARTS[key], block) for block in new]
        elif new:
            source.blocks += [Heading(_words(key), 2), *new]
    return source


def read_page_with_posting(page: str) -> Source:
    """The posting in a page, and what else the page shows."""
    shown = read_page(page)
    found = postings_in(page)
    if not found:
        return shown
    source = read_posting(found[0])
    source.language = source.language or shown.language
    known = " ".join(
        [source.title]
        + [text for block in source.blocks for text in texts_of(block)]
        + [text for _, block in source.parts for text in texts_of(block)]
    )
    around = [text for block in shown.blocks for text in texts_of(block) if text not in known]
    around += shown.beside
    source.beside = [shown.page_title, *around] if shown.page_title not in known else around
    for other in found[1:]:
        source.facts += _facts("also", other)
    return source


def texts_of(block: Block) -> tuple[str, ...]:
    """Its texts, in order."""
    return block.items if isinstance(block, Listed) else (block.text,)


def _postings(value: Any) -> Iterator[Json]:
    """Every JobPosting within, whatever it is nested in."""
    if isinstance(value, list):
        for one in value:
            yield from _postings(one)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        if "JobPosting" in (kinds if isinstance(kinds, list) else [kinds]):
            yield value
        else:
            for one in value.values():
                yield from _postings(one)


def _title(posting: Json) -> str:
    title = posting.get("title") or posting.get("name")
    return tidy(html.unescape(title)) if isinstance(title, str) else ""


def _blocks(text: str) -> list[Block]:
    """A property's text: HTML, or HTML whose marks are written as entities, or lines."""
    if not re.search(r"<[a-zA-Z/!]", text) and re.search(r"&lt;[a-zA-Z/!]", text):
        text = html.unescape(text)
    if not re.search(r"<(?:p|br|li|div|h\d|table|ul|ol)\b", text, re.IGNORECASE):
        text = re.sub(r"\r?\n|\r", "<br>", text)
    return fragment(text)


def _texts(value: Any) -> list[Block] | None:
    """What a property says in words; None where it says something else."""
    if isinstance(value, str):
        return _blocks(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        items = tuple(text for one in value if (text := tidy(html.unescape(one))))
        return [Listed(items)] if items else []
    return None


def _facts(key: str, value: Any) -> Iterator[tuple[str, str]]:
    """Each value within, with where it stands."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in KEYWORDS:
                yield from _facts(f"{key}.{name}", one)
    elif isinstance(value, list):
        for one in value:
            yield from _facts(key, one)
    elif isinstance(value, str):
        for block in _blocks(value):
            for text in texts_of(block):
                yield key, text
    elif value is not None:
        yield key, json.dumps(value)


def _words(key: str) -> str:
    """`workHours` as people write it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key).capitalize()

"""The fixed words of postings in each language, from `locales/`: a company's file replaces ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from bot.domain.apply.words import IN_ENGLISH as APPLY_IN_ENGLISH
from bot.domain.apply.words import ApplyWords
from bot.domain.content import Content
from bot.domain.posting import OpeningWords, PostingPart, PostingWords, Words
from bot.domain.site.words import IN_ENGLISH, SiteWords
from bot.library.faults import Fault
from bot.library.tables import digest, read_table, validated

OPENING = "opening"

Part = PostingPart | Literal["summary"]
"""What a heading can announce; a summary is shown without one."""


class CompanySentences(Content):
    """What is true for anybody who hires with Panelist, said where the company says nothing.

    `{contact}` is whom to ask for adjustments, `{days}` how long what candidates send is kept.
    """

    equal_opportunity: Words
    adjustments: Words
    adjustments_contact: Words
    privacy: Words
    privacy_days: Words


class LocaleFile(PostingWords):
    """A file of `locales/`. `recognized` are headings by which `new-role` knows each part."""

    name: Words
    company: CompanySentences
    site: SiteWords | None = None
    apply: ApplyWords | None = None
    recognized: dict[Part, tuple[Words, ...]] = Field(default_factory=dict)


@dataclass(frozen=True)
class Locale:
    """A language: the words of its file, and a hash of it."""

    words: PostingWords
    company: CompanySentences
    recognized: Mapping[Part, tuple[str, ...]]
    version: str
    site: SiteWords = IN_ENGLISH
    apply: ApplyWords = APPLY_IN_ENGLISH

    @property
    def slug(self) -> str:
        return self.words.language


def locale_of(slug: str, path: Path, faults: list[Fault]) -> Locale | None:
    """The language in this file; None where it has faults. Every word must be in it: what is left
    out would be English in the middle of another language."""
    table = read_table(path, faults)
    if table is None:
        return None
    found = validated(LocaleFile, path, table, {"language": slug}, faults)
    if found is None:
        return None
    missing = [key for key in _lacking(found, PostingWords) if key != OPENING]
    if OPENING in found.model_fields_set:  # a company's file may be older than openings
        missing += [f"{OPENING}.{key}" for key in _lacking(found.opening, OpeningWords)]
    if found.site is not None:  # it may be older than the jobs pages, too
        missing += [f"site.{key}" for key in _lacking(found.site, SiteWords)]
    if found.apply is not None:  # or than applying there
        missing += [f"apply.{key}" for key in _lacking(found.apply, ApplyWords)]
    faults += [Fault(str(path), key, "is missing") for key in missing]
    words = PostingWords.model_validate({name: getattr(found, name) for name in WORDS})
    if missing:
        return None
    site = found.site or IN_ENGLISH
    apply = found.apply or APPLY_IN_ENGLISH
    return Locale(words, found.company, found.recognized, digest(path), site, apply)


def _lacking(given: Content, model: type[Content]) -> Iterator[str]:
    """What the file leaves out, in its tables too, each as TOML names it."""
    for key in model.model_fields:
        inside = getattr(given, key)
        if key not in given.model_fields_set:
            yield key
        elif isinstance(inside, Content) and key != OPENING:
            yield from (f"{key}.{name}" for name in _lacking(inside, type(inside)))


WORDS = tuple(PostingWords.model_fields)


def unknown_language(slug: str, locales: Mapping[str, Locale]) -> str:
    """What is expected where a file names a language that there is no file of."""
    return f"must be one of {', '.join(sorted(locales))}, or have a file locales/{slug}.toml"

"""The fixed words of postings in each language, from `locales/`: a company's file replaces ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from bot.domain.content import Content
from bot.domain.posting import LanguageLevels, PostingHeadings, PostingPart, PostingWords, Words
from bot.domain.site.words import IN_ENGLISH, SiteWords
from bot.library.faults import Fault
from bot.library.tables import digest, read_table, validated

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
    recognized: dict[Part, tuple[Words, ...]] = Field(default_factory=dict)


@dataclass(frozen=True)
class Locale:
    """A language: the words of its file, and a hash of it."""

    words: PostingWords
    company: CompanySentences
    recognized: Mapping[Part, tuple[str, ...]]
    version: str
    site: SiteWords = IN_ENGLISH

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
    missing = [*_lacking(found, PostingWords, "")]
    missing += _lacking(found.headings, PostingHeadings, "headings.")
    if found.site is not None:  # a company's file may be older than the pages
        missing += _lacking(found.site, SiteWords, "site.")
    missing += _lacking(found.language_levels, LanguageLevels, "language_levels.")
    faults += [Fault(str(path), key, "is missing") for key in missing]
    words = PostingWords.model_validate({name: getattr(found, name) for name in WORDS})
    if missing:
        return None
    site = found.site or IN_ENGLISH
    return Locale(words, found.company, found.recognized, digest(path), site)


def _lacking(given: Content, model: type[Content], before: str) -> list[str]:
    return [f"{before}{key}" for key in model.model_fields if key not in given.model_fields_set]


WORDS = tuple(PostingWords.model_fields)


def unknown_language(slug: str, locales: Mapping[str, Locale]) -> str:
    """What is expected where a file names a language that there is no file of."""
    return f"must be one of {', '.join(sorted(locales))}, or have a file locales/{slug}.toml"

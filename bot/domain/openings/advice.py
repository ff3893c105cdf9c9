"""Advice on an opening before it goes out, or on the text of a posting alone.

It is for the person who posts, and never legal advice: nothing is refused because of it.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.domain.openings.advice_book import AdviceBook
from bot.domain.openings.advice_finding import Finding, Spot
from bot.domain.openings.advice_laws import on_pay
from bot.domain.openings.advice_lines import fields_of, is_english, lines_of
from bot.domain.openings.advice_shape import on_shape
from bot.domain.openings.advice_words import on_coded_words, on_words
from bot.domain.openings.fields import OpeningField
from bot.domain.openings.job import Job
from bot.domain.openings.places import WorkMode
from bot.domain.openings.text import Text
from bot.domain.posting import Section

ARTICLE = re.compile(r"\b([Aa])n?$")


def advice_on(job: Job, book: AdviceBook, today: date) -> tuple[Finding, ...]:
    """What there is to look at before the opening goes out: what the law asks for comes first."""
    found = [*on_pay(job, book.pay, today), *_remote(job, book)]
    if is_english(job.text):
        found += on_words(fields_of(job), book)
    return _in_order([*found, *advice_on_text(job.text, book)])


def advice_on_text(text: Text, book: AdviceBook) -> tuple[Finding, ...]:
    """What there is to look at in a posting's text; nothing in one that is not English."""
    if not is_english(text):
        return ()
    words = [*on_words(lines_of(text), book), *on_coded_words(text, book.posting)]
    return _in_order([*words, *on_shape(text, book.posting)])


def mended(text: Text, finding: Finding) -> Section | None:
    """The part of the text that the finding is about, with what can be used instead; None where
    nothing can, or where the words are no longer there."""
    spot = finding.spot
    if finding.use is None or spot.section is None or spot.line is None:
        return None
    section = text[spot.section] if spot.section < len(text) else Section()
    lines = [*section.texts]
    (words,) = finding.words
    line = " ".join(lines[spot.line].split()) if spot.line < len(lines) else ""
    if not re.compile(rf"(?<!\w){re.escape(words)}(?!\w)").match(line, finding.start):
        return None
    use = finding.use[:1].upper() + finding.use[1:] if words[0].isupper() else finding.use
    before, after = line[: finding.start], line[finding.start + len(words) :]
    lines[spot.line] = _with_article(f"{before}{use}{after}", finding.start)
    start, end = len(section.lead), len(section.lead) + len(section.items)
    lead, items, rest = (tuple(part) for part in (lines[:start], lines[start:end], lines[end:]))
    return replace(section, lead=lead, items=items, paragraphs=rest)


def _with_article(line: str, start: int) -> str:
    """The line, with "a" or "an" before what starts there as its first letter wants it."""
    before = ARTICLE.sub(r"\1n" if line[start] in "aeiouAEIOU" else r"\1", line[:start].rstrip())
    return f"{before} {line[start:]}" if line[:start].endswith(" ") else line


def _remote(job: Job, book: AdviceBook) -> Iterable[Finding]:
    if job.terms.work_mode is WorkMode.REMOTE and not job.terms.places:
        rule = book.posting.remote
        yield Finding(
            rule="remote-without-country",
            title="Remote from where?",
            why=rule.why,
            instead=rule.instead,
            spot=Spot(OpeningField.WHERE),
            references=(rule.source.reference,),
            checked=rule.checked,
        )


def _in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda one: not one.law))

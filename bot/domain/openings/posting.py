"""An opening as its posting says it: every fact in words, for documents and texts to paste."""

import unicodedata
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import quote

from bot.domain.company import Company
from bot.domain.dates import full_day_for
from bot.domain.links import Link, link_of
from bot.domain.names import without_invisible
from bot.domain.openings.job import Job
from bot.domain.openings.places import Place, WorkMode, where
from bot.domain.openings.terms import Terms
from bot.domain.openings.text import Text, teaser, without_empty
from bot.domain.posting import IN_ENGLISH, OpeningWords, PostingWords, Section, filled

MOST_HIGHLIGHTS = 4
LONGEST_TEASER = 320
"""Characters: a post has room for more sentences than a message's first screen."""
MOST_PLACES_NAMED = 3


@dataclass(frozen=True)
class JobPosting:
    """What templates are given. No text in it has a line break.

    `remote_from` are the places from which the job can be done remotely, `offices` those where it
    is done otherwise. People apply at `apply_link` or by `apply_email`; `link` is the page that a
    text to paste leads to. `highlights` are the first of what the job is about, `about` is who the
    company is in a paragraph, and `notes` are what it tells everybody who applies.
    """

    title: str
    language: str = "en"
    words: OpeningWords = IN_ENGLISH.opening
    company: str | None = None
    team: str | None = None
    mode: str | None = None
    offices: tuple[str, ...] = ()
    remote_from: tuple[str, ...] = ()
    where: str = ""
    where_in_short: str = ""
    pay: str | None = None
    no_pay: str | None = None
    kind: str | None = None
    hours: str | None = None
    seats: int = 1
    closes_on: str | None = None
    apply_link: Link | None = None
    apply_email: str | None = None
    link: Link | None = None
    teaser: str = ""
    highlights: tuple[str, ...] = ()
    about: str = ""
    sections: Text = ()
    notes: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What people look for first, each with its label."""
        labels = self.words.labels
        no_pay = filled(self.words.no_pay, why=self.no_pay) if self.no_pay else None
        seats = str(self.seats) if self.seats > 1 else None
        told = (
            (labels.location, self.where),
            (labels.team, self.team),
            (labels.pay, self.pay or no_pay),
            (labels.type, self.kind),
            (labels.hours, self.hours),
            (labels.seats, seats),
            (labels.apply_by, self.closes_on),
        )
        return tuple((label, text) for label, text in told if text)

    @property
    def hiring(self) -> str:
        """That somebody is hired, with who hires where that is known."""
        if self.company is None:
            return filled(self.words.hiring, title=self.title)
        return filled(self.words.hiring_at, title=self.title, company=self.company)

    @property
    def apply_by(self) -> str:
        """*Apply*, with the last day where there is one."""
        if self.closes_on is None:
            return self.words.apply
        return filled(self.words.apply_by, date=self.closes_on)

    @property
    def send_to(self) -> str:
        """Where to send an application by email."""
        return filled(self.words.send_to, address=self.apply_email or "")

    @property
    def in_short(self) -> str:
        """Pay, place and type in one line."""
        return " · ".join(filter(None, (self.pay, self.where_in_short, self.kind)))

    @property
    def address(self) -> str | None:
        """Where a text to paste leads to."""
        return self.link or self.apply_email

    @property
    def mailto(self) -> str | None:
        """The address as a link."""
        return f"mailto:{quote(self.apply_email, safe='@')}" if self.apply_email else None


def posting_of(
    job: Job, company: Company | None = None, words: PostingWords = IN_ENGLISH
) -> JobPosting:
    """The opening's posting, with `words` in its language; without a company it says nothing of
    who hires."""
    opening, terms = job.opening, job.terms
    text = without_empty(map(_on_lines, job.text))
    link = link_of(terms.apply_link) if terms.apply_link else None
    is_link = link is not None or job.applies_here
    return JobPosting(
        title=_line(opening.title),
        language=words.language,
        words=words.opening,
        company=_line(company.name or "") or None if company else None,
        team=_line(opening.team or "") or None,
        mode=getattr(words.opening.modes, terms.work_mode) if terms.work_mode else None,
        offices=tuple(place.named(words.language) for place in offices(terms)),
        remote_from=tuple(place.named(words.language) for place in remote_from(terms)),
        where=where(terms.places, terms.work_mode, words),
        where_in_short=_in_short(terms, words),
        pay=terms.pay.text(words) if terms.pay else None,
        no_pay=_line(terms.no_pay or "") or None,
        kind=type_in(terms, words),
        hours=_line(terms.hours or "") or None,
        seats=terms.seats,
        closes_on=full_day_for(words.language, terms.closes_on) if terms.closes_on else None,
        apply_link=link,
        apply_email=terms.apply_at if terms.apply_at and not is_link else None,
        link=link,
        teaser=teaser(text, LONGEST_TEASER),
        highlights=_highlights(text),
        about=_line(company.about[0]) if company and company.about else "",
        sections=(*text, *_of_company(company, words, {section.heading for section in text})),
        notes=_notes(company),
    )


def offices(terms: Terms) -> tuple[Place, ...]:
    """Where people come to work."""
    is_remote = terms.work_mode is WorkMode.REMOTE
    return () if is_remote else tuple(place for place in terms.places if place.city)


def remote_from(terms: Terms) -> tuple[Place, ...]:
    """From where the job can be done without ever coming."""
    there = offices(terms)
    return tuple(place for place in terms.places if place not in there)


def type_in(terms: Terms, words: PostingWords) -> str | None:
    """The type of employment in that language."""
    kind = terms.employment_type
    return getattr(words.opening.types, kind.lower()) if kind else None


def _in_short(terms: Terms, words: PostingWords) -> str:
    """A few of the places, and how many more there are."""
    named = where(terms.places[:MOST_PLACES_NAMED], terms.work_mode, words)
    more = len(terms.places) - MOST_PLACES_NAMED
    if more <= 0:
        return named
    pattern = words.opening.one_more_place if more == 1 else words.opening.more_places
    return filled(pattern, places=named, count=str(more))


def _of_company(company: Company | None, words: PostingWords, there: set[str]) -> Text:
    """What the company says of itself, but for the parts that the posting has its own of."""
    if company is None:
        return ()
    heading = words.headings
    sections = (
        Section(heading.benefits, items=tuple(map(_line, company.benefits))),
        Section(heading.process, items=tuple(_line(stage.text) for stage in company.process)),
        Section(heading.about, paragraphs=tuple(map(_line, company.about))),
    )
    return tuple(section for section in sections if section.texts and section.heading not in there)


def _notes(company: Company | None) -> tuple[str, ...]:
    if company is None:
        return ()
    notes = (company.equal_opportunity, company.adjustments, company.privacy_notice)
    return tuple(filter(None, map(_line, notes)))


def _highlights(text: Text) -> tuple[str, ...]:
    """Of what the person will do, rather than of a list of keywords, where there are both."""
    lists = [section for section in text if section.items]
    told = [section for section in lists if not section.scans] or lists
    return told[0].items[:MOST_HIGHLIGHTS] if told else ()


def _on_lines(section: Section) -> Section:
    """The section with each of its texts on one line, whatever parts it has; none is empty."""
    lists: dict[str, Any] = {}
    for field in fields(Section):
        value = getattr(section, field.name)
        if isinstance(value, tuple):
            lists[field.name] = tuple(filter(None, map(_line, value)))
    return replace(section, heading=_line(section.heading), **lists)


def _line(text: str) -> str:
    """The text on one line, without what no document can hold."""
    line = " ".join(without_invisible(text).split())
    return "".join(letter for letter in line if unicodedata.category(letter) != "Cc")

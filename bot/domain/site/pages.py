"""What the page of one opening shows, and those that stand where there is none; their templates say
how."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bot.domain.apply.submission import ANSWER_DAYS
from bot.domain.company import Stage
from bot.domain.dates import day_in
from bot.domain.links import Link
from bot.domain.openings.posting import JobPosting, posting_of
from bot.domain.openings.text import Text, teaser
from bot.domain.posting import filled
from bot.domain.site.cards import picture_of_job
from bot.domain.site.frame import Frame, href
from bot.domain.site.jobs import Filters, PageState, PublishedJob, Snapshot, key_of
from bot.domain.site.lists import Head, Row, Search, id_of, row_of, search_of, see_all, titled

MOST_OTHERS = 4
"""Other jobs that the page of a job names."""

LONGEST_LEDE = 170
"""Characters of the sentences below the title, unless the first alone is longer."""

LONGEST_SENTENCE = 2 * LONGEST_LEDE
"""Characters up to which that one stands there: a longer one keeps *Apply* off a phone's screen."""

SENTENCE_END = re.compile(r"[.!?](?= \S)|[。！？](?=\S)")

ADDRESS = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,;:!?)])|([^\s<>@,;:()\"]+@[^\s<>@]+\.\w+)")


@dataclass(frozen=True)
class Apply:
    """Where people apply."""

    link: Link
    label: str
    note: str
    address: str


@dataclass(frozen=True)
class Note:
    """What everybody is told who applies; parts that are addresses are links."""

    heading: str
    parts: tuple[tuple[str, Link | None], ...]


@dataclass(frozen=True)
class JobPage:
    """An opening that is open or was. Without `apply` nobody can apply, and `state` says why."""

    head: Head
    title: str
    team: str | None
    team_link: Link
    lede: str
    posting: JobPosting
    pay: str
    facts: tuple[tuple[str, str], ...]
    apply: Apply | None
    state: tuple[str, str] | None
    sections: Text
    steps: tuple[Stage, ...]
    notes: tuple[Note, ...]
    fine_print: str
    others: tuple[Row, ...]
    others_heading: str
    all: str


@dataclass(frozen=True)
class OverPage:
    """An opening that is filled or closed, or an address that there is no page at."""

    head: Head
    heading: str
    text: str
    others: tuple[Row, ...]
    others_heading: str
    all: str
    search: Search | None = None


def job_page(one: PublishedJob, now: Snapshot, site: Frame) -> JobPage:
    """The page of an opening that is not over."""
    words, company = site.words, site.company
    posting = posting_of(one.job, company, one.words)
    state = one.state(now.at)
    apply = _apply(one, posting, site) if state is PageState.OPEN else None
    sections, steps = _sections(posting, company.process, one.words.headings.process)
    lede, sections = _lede(sections)
    others = _others(one, now)
    heading = words.more_jobs
    return JobPage(
        head=Head(
            title=titled(posting.title, site),
            description=" · ".join(
                filter(None, (posting.in_short, teaser(posting.sections, LONGEST_LEDE)))
            ),
            canonical=site.at.whole(site.at.job(one.job.slug)),
            is_indexed=state is PageState.OPEN,
            picture=picture_of_job(posting, one.job.slug, site),
        ),
        title=posting.title,
        team=posting.team,
        team_link=Link(f"{site.at.jobs}#{id_of(key_of(one.team or ''))}"),
        lede=lede,
        posting=posting,
        pay=_pay(posting),
        facts=_facts(posting, site),
        apply=apply,
        state=_state(state, one, site),
        sections=sections,
        steps=steps,
        notes=_notes(site),
        fine_print=_fine_print(posting, one, site),
        others=tuple(row_of(other, site, has_team=True) for other in others),
        others_heading=heading,
        all=see_all(now, site),
    )


def over_page(one: PublishedJob, now: Snapshot, site: Frame) -> OverPage:
    """The page of an opening that is filled or closed, which leads on to those that are open."""
    words = site.words
    posting = posting_of(one.job, site.company, one.words)
    about = " · ".join(filter(None, (posting.title, posting.where_in_short)))
    return OverPage(
        head=Head(titled(f"{words.closed}: {posting.title}", site), words.closed_note),
        heading=words.closed,
        text=f"{about}. {words.closed_note}",
        others=tuple(row_of(other, site, has_team=True) for other in _others(one, now)),
        others_heading=words.more_jobs,
        all=see_all(now, site),
    )


def missing_page(now: Snapshot, site: Frame) -> OverPage:
    """What stands at every address that there is nothing at."""
    words = site.words
    return OverPage(
        head=Head(titled(words.missing, site), words.missing_note),
        heading=words.missing,
        text=words.missing_note,
        others=(),
        others_heading="",
        all=see_all(now, site),
        search=search_of(now, Filters(), site),
    )


def _others(one: PublishedJob, now: Snapshot) -> Sequence[PublishedJob]:
    """Other open jobs: of the same team, then in the same place, then the newest."""
    others = [other for other in now.open if other is not one and other.job.id != one.job.id]
    near = {*one.places}
    others.sort(key=lambda other: (other.team != one.team, near.isdisjoint(other.places)))
    return others[:MOST_OTHERS]


def _pay(posting: JobPosting) -> str:
    if posting.pay:
        return posting.pay
    return filled(posting.words.no_pay, why=posting.no_pay) if posting.no_pay else ""


def _facts(posting: JobPosting, site: Frame) -> tuple[tuple[str, str], ...]:
    """What stands below *Apply*, each with its label."""
    words, labels = site.words, posting.words.labels
    days = site.company.pages.answer_days
    told = (
        (labels.type, posting.kind),
        (labels.hours, posting.hours),
        (labels.team, posting.team),
        (labels.seats, str(posting.seats) if posting.seats > 1 else None),
        (labels.apply_by, posting.closes_on),
        (words.answer, filled(words.answer_days, days=str(days)) if days else None),
    )
    return tuple((label, text) for label, text in told if text)


def _apply(one: PublishedJob, posting: JobPosting, site: Frame) -> Apply | None:
    words = site.words
    if one.job.applies_here:
        link = Link(f"{site.at.job(one.job.slug)}/apply")
        if site.at.are_files and posting.apply_link is not None:
            link = posting.apply_link  # which somebody has to answer
        is_said = site.company.pages.answer_days is not None  # among the facts
        note = "" if is_said else filled(words.answer_days, days=str(ANSWER_DAYS))
        return Apply(link, words.apply, note, site.at.whole(link))
    if posting.apply_link is not None:
        host = urlsplit(posting.apply_link).hostname or ""
        link = posting.apply_link
        return Apply(link, words.apply, filled(words.apply_on, host=host), link)
    if posting.apply_email is not None:
        email = posting.apply_email
        return Apply(href(email), posting.words.apply_by_email, email, email)
    return None


def _state(state: PageState, one: PublishedJob, site: Frame) -> tuple[str, str] | None:
    words, closes_on = site.words, one.job.terms.closes_on
    if state is PageState.PAUSED:
        return words.paused, words.paused_note
    if state is PageState.ENDED and closes_on is not None:
        return filled(words.ended, date=site.day(closes_on)), words.ended_note
    return None


def _sections(
    posting: JobPosting, process: tuple[Stage, ...], heading: str
) -> tuple[Text, tuple[Stage, ...]]:
    """The parts without the company's own process, which is shown as steps."""
    told = tuple(" ".join(stage.text.split()) for stage in process)
    rest = tuple(one for one in posting.sections if (one.heading, one.items) != (heading, told))
    return rest, process if len(rest) < len(posting.sections) else ()


def _lede(sections: Text) -> tuple[str, Text]:
    """The first sentences of what it is, and the rest: who looks on a phone wants to see pay, place
    and *Apply* below them."""
    if not sections or sections[0].heading:
        return "", sections
    first = sections[0]
    if not first.items and first.paragraphs and not first.lead:
        lede, rest = begun(first.paragraphs[0])
        others = (*filter(None, (rest,)), *first.paragraphs[1:])
        first = replace(first, paragraphs=others)
    elif first.lead:
        lede, rest = begun(first.lead[0])
        first = replace(first, lead=(*filter(None, (rest,)), *first.lead[1:]))
    else:
        return "", sections
    if len(lede) > LONGEST_SENTENCE:
        return "", sections
    return lede, ((first, *sections[1:]) if first.texts else sections[1:])


def begun(text: str) -> tuple[str, str]:
    """The first sentence, with as many more as fit, and the rest."""
    ends = [*(found.end() for found in SENTENCE_END.finditer(text)), len(text)]
    end = max((end for end in ends if end <= LONGEST_LEDE), default=ends[0])
    return text[:end], text[end:].lstrip()


def _notes(site: Frame) -> tuple[Note, ...]:
    words, company = site.words, site.company
    told = (
        (words.decides, company.pages.decides),
        (words.equal_opportunity, company.equal_opportunity),
        (words.adjustments, company.adjustments),
        (words.privacy, company.privacy_notice),
    )
    return tuple(Note(heading, linked_parts(text)) for heading, text in told if text)


def linked_parts(text: str) -> tuple[tuple[str, Link | None], ...]:
    """The text in parts, of which addresses have a link."""
    return tuple(_linked(text))


def _linked(text: str) -> Iterator[tuple[str, Link | None]]:
    line, end = " ".join(text.split()), 0
    for found in ADDRESS.finditer(line):
        if before := line[end : found.start()]:
            yield before, None
        yield found[0], href(found[0])
        end = found.end()
    if line[end:]:
        yield line[end:], None


def _fine_print(posting: JobPosting, one: PublishedJob, site: Frame) -> str:
    words = site.words
    told = (
        filled(words.posted, date=site.day(day_in(one.zone, one.posted_at))),
        f"{posting.words.labels.seats}: {posting.seats}",
        filled(words.reference, id=one.job.id),
    )
    return " · ".join(told)

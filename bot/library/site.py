"""What the templates of the jobs pages are tried with: pages of openings that have little, and of
some that have everything."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from bot.domain.applications import Stage
from bot.domain.apply.form import ApplyField
from bot.domain.apply.page import (
    ApplyPage,
    CandidatePage,
    KnownState,
    Meeting,
    apply_page,
    candidate_page,
)
from bot.domain.apply.submission import Answers, FileFacts, RightToWork, Submission, Version
from bot.domain.apply.words import ApplyWords
from bot.domain.company import Stage as ProcessStage
from bot.domain.openings.job import Job
from bot.domain.openings.opening import Opening, OpeningStatus
from bot.domain.openings.pay import Pay, PayPeriod
from bot.domain.openings.places import Place, WorkMode
from bot.domain.openings.terms import Terms
from bot.domain.posting import Section
from bot.domain.site.colors import Theme, accent
from bot.domain.site.frame import Addresses, Frame, Pictures
from bot.domain.site.jobs import Filters, PublishedJob, Snapshot
from bot.domain.site.library import library_page, role_page
from bot.domain.site.lists import list_page
from bot.domain.site.pages import job_page, missing_page, over_page
from bot.library.catalogue import Library

BASE = "https://jobs.example.com"
NOW = datetime(2000, 1, 2, tzinfo=UTC)

TERMS = (
    Terms(employment_type=None),
    Terms(apply_at="jobs@example.com", no_pay="Example"),
    Terms(
        places=(Place("US", "TX", "Austin"), Place("US")),
        work_mode=WorkMode.HYBRID,
        pay=Pay(Decimal(100), Decimal(200), "USD", PayPeriod.YEAR),
        hours="40",
        seats=2,
        closes_on=date(2000, 2, 1),
        apply_at="https://example.com/",
    ),
)
STATUSES = (OpeningStatus.OPEN, OpeningStatus.PAUSED, OpeningStatus.CLOSED)


def contexts(name: str, library: Library) -> Iterator[Mapping[str, Any]]:
    """What the template of this name is rendered with, one after the other."""
    if name.endswith(".js.j2"):
        yield {}
        return
    if not name.endswith(".html.j2"):
        yield {"light": accent("#0b5a6f", Theme.LIGHT), "dark": accent("#0b5a6f", Theme.DARK)}
        return
    now = Snapshot(tuple(_jobs(library)), NOW)
    for site in _frames(library):
        if name.startswith("list"):
            for filters in (Filters(), Filters(team="example"), Filters(words="nothing")):
                yield {"site": site, "page": list_page(now, filters, site)}
            yield {"site": site, "page": list_page(Snapshot((), NOW), Filters(), site)}
        elif name.startswith("job"):
            for one in now.jobs:
                yield {"site": site, "page": job_page(one, now, site), "data": "{}"}
        elif name.startswith("library"):
            yield {"site": site, "page": library_page(library.roles, site)}
        elif name.startswith("apply"):
            yield from ({"site": site, "page": page} for page in _forms(now.jobs[0], site))
        elif name.startswith("candidate"):
            yield from ({"site": site, "page": page} for page in _senders(now.jobs[0], site))
        elif name.startswith("role"):
            for role in library.roles:
                page = role_page(role, library.roles, now, site)
                yield {"site": site, "page": page}
        else:
            yield {"site": site, "page": over_page(now.jobs[0], now, site)}
            yield {"site": site, "page": missing_page(now, site)}


FILE = FileFacts("0", "example.pdf", "pdf", 1000, "0")


def _forms(one: PublishedJob, site: Frame) -> Iterator[ApplyPage]:
    """The form as it is at first, and with everything wrong."""
    fields: tuple[tuple[ApplyField, ...], FileFacts | None] = ((), None)
    for given, file in (fields, (tuple(ApplyField), FILE)):
        faults = dict.fromkeys(given, "Example")
        yield apply_page(one, site, ApplyWords(), NOW.date(), "example", {}, faults, file)


def _senders(one: PublishedJob, site: Frame) -> Iterator[CandidatePage]:
    """The pages of candidates at each stage, one of whom has asked for erasure."""
    answers = Answers("Example", "example@example.com", "US", RightToWork.YES)
    for file, asked in ((None, None), (FILE, NOW)):
        sent = Submission(
            *("0", one.job.id, None, "0", "0", True, NOW, NOW.date(), "en"),
            erasure_asked_at=asked,
            versions=(Version(1, NOW, answers, file),),
        )
        for stage in Stage:
            known = KnownState(stage, (Meeting(NOW, 30),), was_told=True)
            yield candidate_page(sent, known, one, site, ApplyWords(), "example", NOW)


def _jobs(library: Library) -> Iterator[PublishedJob]:
    text = (Section("", paragraphs=("Example.",)), Section("Example", items=("Example",)))
    role = library.roles[0].slug
    for number, terms in enumerate(TERMS):
        for status in STATUSES:
            id = f"{number}{STATUSES.index(status)}"
            head = Opening(id, role, "Example", None, "U0", team="Example", status=status)
            yield PublishedJob(Job(head, f"example-{id}", terms, text), NOW, NOW)


def _frames(library: Library) -> Iterator[Frame]:
    """Of the company as it is, and as one that says everything; served, and as files."""
    yield Frame(library.company, Addresses(BASE))
    pages = replace(
        library.company.pages,
        headline="Example",
        introduction="Example",
        decides="Example",
        answer_days=5,
        legal_notice=BASE,
        contact="jobs@example.com",
    )
    company = replace(
        library.company,
        name="Example",
        process=(ProcessStage("Example", "Example"), ProcessStage("Example")),
        privacy_link=BASE,
        pages=pages,
    )
    yield Frame(company, Addresses(BASE, are_files=True), Pictures(logo="logo.svg"))

"""The jobs pages of a company with a few openings, without a database."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from starlette.applications import Starlette

from bot.domain.openings.job import Job
from bot.domain.openings.opening import OpeningStatus
from bot.domain.openings.places import Place, WorkMode
from bot.domain.openings.terms import EmploymentType, Terms
from bot.domain.roles import Role
from bot.domain.site.jobs import Filters, PublishedJob, Snapshot, filters_of
from bot.library.content import LoadedContent, load_content
from bot.services.site.page import Page
from bot.services.site.rendering import Answer, Site
from bot.site import SitePages
from tests.support.postings import ANYWHERE, IN_AUSTIN, POSTED, TERMS, job_of

BASE = "https://jobs.northwind.example"
ALL = Filters()
NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)

COMPANY = """
name = "Northwind Labs"
site = "https://northwind.example"
logo = "https://northwind.example/logo.png"
about = ["We make the software that small wind farms are run with. We're 140 people."]
benefits = ["25 days of vacation, and your birthday off.", "$2,000 a year to learn."]
equal_opportunity = "We rate everyone we interview by the same written standards."
adjustments = "people@northwind.example"

[pages]
headline = "Help small wind farms run themselves"
introduction = "Our software watches 2,300 turbines. Everyone who applies hears from us."
decides = "The hiring manager decides, after reading what every interviewer wrote down."
answer_days = 10
legal_notice = "https://northwind.example/legal"
contact = "jobs@northwind.example"

[privacy]
notice = "We use what you send us to decide about your application."
link = "https://northwind.example/privacy"
days_kept = 180

[[process]]
stage = "A call with our recruiter"
time = "20 minutes, within a week"

[[process]]
stage = "A conversation about the work"
time = "45 minutes"

[[process]]
stage = "A panel of three interviews"
time = "half a day, in person or by video"

[[process]]
stage = "Our answer, with reasons"
time = "within 5 business days"
"""


def company_folder(at: Path, company: str = COMPANY) -> Path:
    """A content folder that has nothing but the company."""
    at.mkdir(exist_ok=True, parents=True)
    (at / "company.toml").write_text(company)
    return at


def published(job: Job, number: int = 0, **changes: object) -> PublishedJob:
    """The job as the public knows it; each number has an address, an id and a day of its own."""
    opening = replace(job.opening, id=f"{number:016x}")
    posted_at = POSTED + timedelta(days=number)
    one = PublishedJob(
        replace(job, opening=opening, slug=f"{job.opening.role}-{number}"),
        posted_at,
        posted_at,
        "Europe/Berlin",
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def moved(job: Job, status: OpeningStatus) -> Job:
    return replace(job, opening=replace(job.opening, status=status))


NURSE = Terms(
    places=(Place("US", "WA", "Seattle"),),
    work_mode=WorkMode.ONSITE,
    employment_type=EmploymentType.FULL_TIME,
    pay=IN_AUSTIN.pay,
    hours="Three 12-hour shifts a week, every third weekend",
    closes_on=date(2027, 1, 8),
    apply_at="https://apply.northwind.example/nurse?ref=7",
)


def several(content: LoadedContent) -> tuple[PublishedJob, ...]:
    """Jobs of four teams: here and there, with and without pay, one of each state."""
    role = content.library.role
    found = [
        (role("backend-developer"), TERMS, "Engineering", OpeningStatus.OPEN),
        (role("registered-nurse"), NURSE, "Care", OpeningStatus.OPEN),
        (role("product-designer"), ANYWHERE, "Design", OpeningStatus.OPEN),
        (role("frontend-engineer"), IN_AUSTIN, "Engineering", OpeningStatus.OPEN),
        (role("product-manager"), TERMS, "Product", OpeningStatus.PAUSED),
        (role("data-scientist"), TERMS, "Data", OpeningStatus.FILLED),
        (
            role("data-engineer"),
            replace(TERMS, closes_on=date(2026, 11, 20)),
            "Data",
            OpeningStatus.OPEN,
        ),
    ]
    jobs = []
    for number, (one, terms, team, status) in enumerate(found):
        assert one is not None, number
        jobs.append(published(moved(job_of(one, terms, team=team), status), number, role=one.title))
    return tuple(reversed(jobs))


def rendered(site: Site, now: Snapshot, address: str, filters: Filters = ALL) -> Page:
    """What stands at the address, whatever that is."""
    found = site.answer(now, address, filters)
    assert isinstance(found, Page), (address, found)
    return found


@cache
def loaded(folder: Path) -> LoadedContent:
    """The folder's content, read once."""
    return load_content(folder)


class Pages:
    """What stands where, of these openings or of several."""

    def __init__(self, folder: Path, jobs: Sequence[PublishedJob] | None = None) -> None:
        self.content = loaded(folder)
        self.site = Site(self.content, BASE, folder)
        self.now = Snapshot(tuple(several(self.content) if jobs is None else jobs), NOW)

    def page(self, address: str, filters: Filters = ALL) -> Page:
        if self.site.answer(self.now, address, filters) is None:
            return self.site.missing(self.now)
        return rendered(self.site, self.now, address, filters)

    def text(self, address: str, filters: Filters = ALL) -> str:
        return self.page(address, filters).body.decode()

    def role(self, slug: str) -> Role:
        role = self.content.library.role(slug)
        assert role is not None, slug
        return role


class Standing:
    """Pages that never change, as they are served: in the place of the service."""

    age = 0.0

    def __init__(self, pages: Pages) -> None:
        self.site, self._pages = pages.site, pages

    def kept(self, address: str) -> None:
        """Nothing is: each is rendered as it is asked for."""

    async def answer(self, address: str, query: Mapping[str, str] | None = None) -> Answer:
        filters = filters_of(query) if query and address == "/jobs" else ALL
        found = self.site.answer(self._pages.now, address, filters)
        return self.site.missing(self._pages.now) if found is None else found

    def note(self, address: str, agent: str) -> None:
        """Nobody wants to know."""

    def asgi(self) -> Starlette:
        app = Starlette(routes=SitePages(self).routes())  # type: ignore[arg-type]
        app.router.redirect_slashes = False
        return app

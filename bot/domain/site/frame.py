"""What stands around every page: whose it is, where everything is, and words in its language."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote, urlencode, urlsplit

from bot.domain.candidates import EMAIL
from bot.domain.company import Company
from bot.domain.dates import full_day_for
from bot.domain.links import Link, link_of
from bot.domain.site.jobs import Filters
from bot.domain.site.words import IN_ENGLISH, SiteWords

FROM_RIGHT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True)
class Addresses:
    """Where the pages are: below `base`, such as https://jobs.example.com, which may have a path.

    Links within the pages leave out the host. As files on any host, lists by team and place have
    addresses of their own, since nobody there reads what stands behind a question mark.
    """

    base: str
    are_files: bool = False

    @property
    def path(self) -> str:
        return urlsplit(self.base).path

    @property
    def jobs(self) -> Link:
        return link_of(f"{self.path}/jobs")

    def job(self, slug: str) -> Link:
        return link_of(f"{self.path}/jobs/{slug}")

    def whole(self, link: str) -> Link:
        """A link with the host, for who reads it elsewhere."""
        return link_of(f"{self.base.removesuffix(self.path)}{link}")

    def within(self, link: str) -> Link:
        """A link to anything else of these pages."""
        return link_of(f"{self.path}{link}")

    def filtered(self, filters: Filters) -> Link:
        """The list of what the filters leave."""
        if self.are_files:
            for kind, key in (("team", filters.team), ("place", filters.place)):
                if key:
                    return link_of(f"{self.jobs}/{kind}/{quote(key)}/")
            return self.jobs
        given = {"q": filters.words, "team": filters.team, "place": filters.place}
        query = urlencode({name: value for name, value in given.items() if value})
        return link_of(f"{self.jobs}?{query}" if query else self.jobs)


@dataclass(frozen=True)
class Pictures:
    """The company's own, by their names below /static; `style` is the address of the style."""

    style: str = "style.css"
    logo: str | None = None
    icon: str = "icon.svg"


@dataclass(frozen=True)
class Frame:
    """What templates are given as `site`. `color` is that of links in the light."""

    company: Company
    at: Addresses
    pictures: Pictures = Pictures()
    words: SiteWords = IN_ENGLISH
    language: str = "en"
    process: str = "How we hire"
    has_library: bool = False
    color: str = "#0b5a6f"

    @property
    def is_from_right(self) -> bool:
        """Whether its language is written from right to left."""
        return self.language.partition("-")[0] in FROM_RIGHT

    @property
    def name(self) -> str | None:
        return " ".join((self.company.name or "").split()) or None

    @property
    def style(self) -> Link:
        return self.at.within(f"/static/{self.pictures.style}")

    @property
    def logo(self) -> Link | None:
        logo = self.pictures.logo
        return self.at.within(f"/static/{logo}") if logo else None

    @property
    def icon(self) -> Link:
        return self.at.within(f"/static/{self.pictures.icon}")

    @property
    def atom(self) -> Link:
        return self.at.within("/jobs/feed.xml")

    @property
    def json_feed(self) -> Link:
        return self.at.within("/jobs/feed.json")

    @property
    def library(self) -> Link:
        return self.at.within("/library/")

    @property
    def jobs_title(self) -> str:
        words = self.words
        return words.jobs_at.replace("{company}", self.name) if self.name else words.open_jobs

    @property
    def footer(self) -> Sequence[tuple[str, Link]]:
        """Links that the company has to have, or wants."""
        company, words = self.company, self.words
        told = (
            (words.privacy, company.privacy_link),
            (words.legal_notice, company.pages.legal_notice),
            (words.contact, company.pages.contact),
        )
        links = [(label, href(where)) for label, where in told if where]
        return [*links, (words.feed, self.atom)]

    def in_language(self, language: str, words: SiteWords, process: str) -> "Frame":
        return replace(self, language=language, words=words, process=process)

    def day(self, day: date) -> str:
        """Such as "Fri, Dec 18, 2026", as the language writes it."""
        return full_day_for(self.language, day)


def href(where: str) -> Link:
    """A link to a page, or to write to an email address."""
    return link_of(f"mailto:{quote(where, safe='@')}" if EMAIL.fullmatch(where) else where)

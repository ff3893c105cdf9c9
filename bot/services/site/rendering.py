"""Renders the jobs pages and feeds: the same bytes for whoever asks, or for files on any host."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.domain.openings.json_ld import JsonLd, dumped, json_ld
from bot.domain.openings.posting import JobPosting, posting_of, remote_from
from bot.domain.site.boards import BOARDS, Feed, FeedJob, places_of, reference_of
from bot.domain.site.cards import CARD, ENDING, Card, card_of_job, card_of_jobs
from bot.domain.site.colors import Theme, accent
from bot.domain.site.frame import Addresses, Frame, Pictures
from bot.domain.site.jobs import Filters, PageState, PublishedJob, Snapshot
from bot.domain.site.lists import list_page
from bot.domain.site.pages import job_page, missing_page, over_page
from bot.domain.site.words import IN_ENGLISH
from bot.library.content import LoadedContent
from bot.library.formats import Format
from bot.library.layout import PICTURES
from bot.library.loader import BUILT_IN
from bot.services.site.page import MediaType, Moved, Page, page_of

BRAND, BRAND_DARK = "#0b5a6f", "#7cc4d8"
"""Panelist's own colors, where the company names none."""

JOBS = "/jobs"
STATIC = "/static/"

MOST_IN_SITEMAP = 50_000
"""Addresses that one may hold."""

GONE, NOT_FOUND = 410, 404

Answer = Page | Moved


class Site:
    """What stands at each address, of a snapshot of the openings.

    `folder` is the company's content, `are_files`: for a host that reads no query.
    `has_library`: lists lead to the role library, which lies beside them.
    """

    def __init__(
        self,
        content: LoadedContent,
        base: str,
        folder: Path | None = None,
        *,
        are_files: bool = False,
        has_library: bool = False,
    ) -> None:
        self._documents = content.documents
        self._library = content.library
        self._folder = folder
        self._has_library = has_library
        self._in_feeds: WeakKeyDictionary[PublishedJob, Sequence[FeedJob]] = WeakKeyDictionary()
        self._drawn: WeakKeyDictionary[PublishedJob, Page] = WeakKeyDictionary()
        self.at = Addresses(base, are_files)

    @cached_property
    def frame(self) -> Frame:
        """In the company's language."""
        digest = hashlib.sha256(self._style.encode()).hexdigest()[:8]
        icons = [name for name in ("icon.svg", "icon.png") if name in self._pictures]
        logos = [name for name in ("logo.svg", "logo.png") if name in self._pictures]
        pictures = Pictures(
            style=f"style.css?v={digest}",
            logo=logos[0] if logos else None,
            icon=icons[0] if icons else "icon.svg",
        )
        color = self._accents["light"].color
        frame = Frame(self._library.company, self.at, pictures, color=color)
        return self._in(frame, self._library.company.locale)

    @cached_property
    def content_changed_at(self) -> datetime:
        """When something that pages are made of, other than openings, was changed."""
        files = [*(BUILT_IN / "pages").iterdir(), *(BUILT_IN / "locales").iterdir()]
        if self._folder is not None:
            files += (path for path in self._folder.rglob("*") if path.is_file())
        return datetime.fromtimestamp(max(path.stat().st_mtime for path in files), UTC)

    def changed_at(self, now: Snapshot) -> datetime:
        """When any page may have become another."""
        return max(now.changed_at or self.content_changed_at, self.content_changed_at)

    def answer(self, now: Snapshot, address: str, filters: Filters) -> Answer | None:
        """What stands at the address, which begins with a slash; None where nothing does."""
        if address in ("", "/", f"{JOBS}/"):
            return Moved(self.at.whole(self.at.jobs))
        if address == JOBS:
            return self._list(now, filters)
        if address in self._others:
            return self._others[address](now)
        if address.startswith(STATIC):
            return self._static(address.removeprefix(STATIC))
        kind, _, slug = address.removeprefix("/").partition("/")
        return self._of_job(now, slug) if kind == "jobs" else None

    def missing(self, now: Snapshot) -> Page:
        """What stands everywhere else."""
        page = missing_page(now, self.frame)
        return self._html(now, "over", self.frame, NOT_FOUND, page=page)

    @property
    def static_names(self) -> Sequence[str]:
        """What pages are shown with."""
        return [*dict.fromkeys(("style.css", "icon.svg", CARD, *self._pictures))]

    def in_language(self, language: str) -> Frame:
        return self._in(self.frame, language)

    @cached_property
    def _others(self) -> Mapping[str, Callable[[Snapshot], Page]]:
        feeds = {kind.address: partial(self._feed, kind) for kind in Feed}
        return {**feeds, "/sitemap.xml": self._sitemap, "/robots.txt": self._robots}

    def _feed(self, kind: Feed, now: Snapshot) -> Page:
        from bot.services.site.feeds import feed  # lxml, which pages do without

        changed_at = now.changed_at or self.content_changed_at  # a job that is gone is a change
        jobs = [job for one in now.open for job in self._feed_jobs(one)]
        if kind in BOARDS and self.frame.name is None:
            jobs = []  # no board takes a job of nobody
        body = feed(kind, jobs, self.frame, changed_at)
        types = {Feed.ATOM: MediaType.ATOM, Feed.JSON: MediaType.JSON_FEED}
        return page_of(body, types.get(kind, MediaType.XML), self.changed_at(now))

    def _feed_jobs(self, one: PublishedJob) -> Sequence[FeedJob]:
        """The open job, once for each of its places; made anew only when it has changed."""
        known = self._in_feeds.get(one)
        if known is None:
            known = self._in_feeds[one] = self._made_for_feeds(one)
        return known

    def _made_for_feeds(self, one: PublishedJob) -> Sequence[FeedJob]:
        posting = posting_of(one.job, self._library.company, one.words)
        terms, description = one.job.terms, self.description(posting)
        away = remote_from(terms)
        return [
            FeedJob(
                id=one.job.id,
                reference=reference_of(one.job.id, place, len(terms.places) < 2),
                url=self.at.whole(self.at.job(one.job.slug)),
                title=posting.title,
                company=self.frame.name,
                description=description,
                teaser=posting.teaser,
                language=posting.language,
                posted_at=one.posted_at,
                changed_at=one.changed_at,
                ends_at=one.ends_at and one.ends_at.astimezone(ZoneInfo(one.zone)),
                place=place,
                is_remote=place in away,
                work_mode=terms.work_mode,
                kind=terms.employment_type,
                pay=terms.pay,
                team=one.team,
                hours=posting.hours,
            )
            for place in places_of(terms.places)
        ]

    def _sitemap(self, now: Snapshot) -> Page:
        from bot.services.site.feeds import sitemap  # lxml, which pages do without

        jobs = [(self.at.whole(self.at.job(one.job.slug)), one.changed_at) for one in now.open]
        pages = [(self.at.whole(self.at.jobs), now.changed_at), *jobs]
        return page_of(sitemap(pages[:MOST_IN_SITEMAP]), MediaType.XML, self.changed_at(now))

    def _list(self, now: Snapshot, filters: Filters) -> Page:
        site = replace(self.frame, has_library=self._has_library)
        return self._html(now, "list", site, page=list_page(now, filters, site))

    def _of_job(self, now: Snapshot, slug: str) -> Answer | None:
        if slug.endswith(ENDING):
            return self._picture(now, slug.removesuffix(ENDING))
        plain = slug.removesuffix("/")
        one = now.by_slug.get(plain) or now.by_id.get(plain)
        if one is None:
            return None
        if slug != one.job.slug:
            return Moved(self.at.whole(self.at.job(one.job.slug)))
        site = self._in(self.frame, one.words.language)
        if one.state(now.at) is PageState.OVER:
            return self._html(now, "over", site, GONE, page=over_page(one, now, site))
        page = job_page(one, now, site)
        data = Markup(dumped(self.json_ld(one))) if page.apply else ""  # noqa: S704
        return self._html(now, "job", site, page=page, data=data)

    def _picture(self, now: Snapshot, slug: str) -> Page | None:
        """What links to the job unfurl with, drawn anew only when the job has changed."""
        one = now.by_slug.get(slug)
        if one is None or one.state(now.at) is PageState.OVER:
            return None
        known = self._drawn.get(one)
        if known is None:
            site = self._in(self.frame, one.words.language)
            posting = posting_of(one.job, self._library.company, one.words)
            body = self.drawn(card_of_job(posting, site))
            changed_at = max(one.changed_at, self.content_changed_at)
            known = page_of(body, MediaType.PNG, changed_at, is_static=True)
            self._drawn[one] = known
        return known

    def drawn(self, card: Card) -> bytes:
        """The card as a picture, or that of all jobs where no font has its heading."""
        from bot.services.site.pictures import drawn  # Pillow, which pages do without

        return drawn(card, card_of_jobs(self.frame))

    def json_ld(self, one: PublishedJob) -> JsonLd:
        """The open job for search engines."""
        company, logo = self._library.company, self.frame.logo
        if logo is not None:
            company = replace(company, logo=self.at.whole(logo))
        posting = posting_of(one.job, company, one.words)
        return json_ld(
            one.job,
            posting,
            self.description(posting),
            one.posted_at,
            one.zone,
            company,
            self.at.whole(self.at.job(one.job.slug)),
        )

    def description(self, posting: JobPosting) -> str:
        """The posting as the HTML that search engines and boards take."""
        name = "opening_description"
        return self._documents.document(name, Format.HTML, posting=posting).strip()

    def _in(self, frame: Frame, language: str) -> Frame:
        """The frame in a language, or in English where there is no such file."""
        locale = self._library.locales.get(language)
        if locale is None:
            return frame.in_language("en", IN_ENGLISH, frame.process)
        return frame.in_language(language, locale.site, locale.words.headings.process)

    def _html(
        self, now: Snapshot, name: str, site: Frame, status: int = 200, **context: Any
    ) -> Page:
        text = self._documents.render(f"pages/{name}.html.j2", site=site, **context)
        return page_of(text.encode(), MediaType.HTML, self.changed_at(now), status)

    def _robots(self, now: Snapshot) -> Page:
        path = self.at.path
        lines = [
            "User-agent: *",
            f"Disallow: {path}/jobs/*/apply",
            f"Disallow: {path}/applications/",
            f"Disallow: {path}/files/",
            f"Disallow: {path}/slack/",
            f"Sitemap: {self.at.base}/sitemap.xml",
        ]
        return page_of("\n".join([*lines, ""]).encode(), MediaType.TEXT, self.content_changed_at)

    def _static(self, name: str) -> Page | None:
        """The style and the pictures."""
        if name in self._pictures:
            media_type = MediaType.SVG if name.endswith(".svg") else MediaType.PNG
            body = self._pictures[name].read_bytes()
        elif name == CARD:
            media_type, body = MediaType.PNG, self.drawn(card_of_jobs(self.frame))
        elif name == "style.css":
            media_type, body = MediaType.CSS, self._style.encode()
        elif name == "icon.svg":
            icon = self._documents.render("pages/icon.svg.j2", light=self._accents["light"])
            media_type, body = MediaType.SVG, icon.encode()
        else:
            return None
        return page_of(body, media_type, self.content_changed_at, is_static=True)

    @cached_property
    def _style(self) -> str:
        return self._documents.render("pages/style.css.j2", **self._accents)

    @cached_property
    def _accents(self) -> Mapping[str, Any]:
        pages = self._library.company.pages
        dark = pages.brand_dark or pages.brand or BRAND_DARK
        return {
            "light": accent(pages.brand or BRAND, Theme.LIGHT),
            "dark": accent(dark, Theme.DARK),
        }

    @cached_property
    def _pictures(self) -> Mapping[str, Path]:
        if self._folder is None:
            return {}
        found = {Path(name).name: self._folder / name for name in PICTURES}
        return {name: path for name, path in found.items() if path.is_file()}

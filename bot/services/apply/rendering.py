"""Renders the application form and the candidates' own pages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from bot.domain.apply.form import Faults, Typed
from bot.domain.apply.page import KnownState, apply_page, candidate_page
from bot.domain.apply.submission import FileFacts, Submission
from bot.domain.apply.words import IN_ENGLISH, ApplyWords
from bot.domain.dates import day_in
from bot.domain.site.frame import Frame
from bot.domain.site.jobs import PublishedJob, Snapshot
from bot.domain.site.lists import Head, see_all, titled
from bot.domain.site.pages import OverPage
from bot.library.content import LoadedContent


class JobPages(Protocol):
    """What is known of the jobs pages."""

    @property
    def now(self) -> Snapshot:
        """The openings as the public knows them."""
        ...

    async def refresh(self) -> None:
        """Sees whether they have changed."""
        ...


class ApplyRendering:
    """Makes the pages' HTML; `frame` gives what stands around pages in a language."""

    def __init__(self, content: LoadedContent, frame: Callable[[str], Frame]) -> None:
        self._documents = content.documents
        self._library = content.library
        self._frame = frame

    @property
    def days(self) -> int | None:
        """Business days within which the company answers, where it says so."""
        return self._library.company.pages.answer_days

    def words(self, language: str) -> ApplyWords:
        """The words in a language, or in English where there is no such file."""
        locale = self._library.locales.get(language)
        return IN_ENGLISH if locale is None else locale.apply

    def form(
        self,
        one: PublishedJob,
        now: datetime,
        stamp: str,
        typed: Typed,
        faults: Faults,
        kept: FileFacts | None,
        *,
        is_busy: bool = False,
    ) -> str:
        site, words = self._of(one)
        today = day_in(one.zone, now)
        page = apply_page(one, site, words, today, stamp, typed, faults, kept, is_busy=is_busy)
        return self._html("apply", site, page=page)

    def candidate(
        self,
        sent: Submission,
        known: KnownState,
        one: PublishedJob,
        token: str,
        now: datetime,
        faults: Faults | None = None,
    ) -> str:
        site, words = self._of(one)
        page = candidate_page(sent, known, one, site, words, token, now, faults=faults)
        return self._html("candidate", site, page=page)

    def too_large(self, one: PublishedJob | None, now: Snapshot) -> str:
        """What somebody reads who sends more than is read at all."""
        site = self._frame(self._library.company.locale if one is None else one.words.language)
        words = self.words(site.language)
        page = OverPage(
            head=Head(titled(words.too_large, site), words.too_large_note),
            heading=words.too_large,
            text=words.too_large_note,
            others=(),
            others_heading="",
            all=see_all(now, site),
        )
        return self._html("over", site, page=page)

    def _of(self, one: PublishedJob) -> tuple[Frame, ApplyWords]:
        site = self._frame(one.words.language)
        return site, self.words(site.language)

    def _html(self, name: str, site: Frame, **context: Any) -> str:
        return self._documents.render(f"pages/{name}.html.j2", site=site, **context)

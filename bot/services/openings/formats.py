"""An opening as documents, as data for search engines, and as texts that people paste."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import accumulate

from bot.domain.company import Company
from bot.domain.dates import full_day
from bot.domain.links import link_of
from bot.domain.openings.job import Job, check_postable
from bot.domain.openings.json_ld import JsonLd, json_ld
from bot.domain.openings.opening import OpeningStatus
from bot.domain.openings.posting import JobPosting, posting_of
from bot.domain.posting import IN_ENGLISH, PostingWords
from bot.errors import UserError
from bot.library.documents import Documents
from bot.library.formats import Format, ShareFormat
from bot.storage.database import Transaction

SHORT_TITLE = 80
SHORT_NAME = 60

Shortening = Callable[[JobPosting], JobPosting]

SHORTENINGS: tuple[Shortening, ...] = (
    lambda posting: replace(posting, about=""),
    lambda posting: replace(posting, highlights=posting.highlights[:2]),
    lambda posting: replace(posting, highlights=()),
    lambda posting: replace(posting, teaser=_first_sentence(posting.teaser)),
    lambda posting: replace(posting, teaser=""),
    lambda posting: replace(posting, kind=None),
    lambda posting: replace(posting, where_in_short=posting.mode or ""),
    lambda posting: replace(posting, company=_cut(posting.company or "", SHORT_NAME) or None),
    lambda posting: replace(posting, title=_cut(posting.title, SHORT_TITLE)),
    lambda posting: replace(posting, link=None),  # half of an address leads nowhere
)
"""What a text does without where it would be too long, one after the other."""


class OpeningFormats:
    """Renders openings; what it gives is for whoever may read the opening.

    With `public_url`, where the jobs pages are, texts to paste lead to the opening's own page.
    """

    def __init__(
        self,
        documents: Documents,
        company: Company | None = None,
        public_url: str | None = None,
    ) -> None:
        self._documents = documents
        self._company = company
        self._public_url = public_url

    @property
    def names_company(self) -> bool:
        return self._company is not None and self._company.name is not None

    def document(self, job: Job, style: Format, words: PostingWords = IN_ENGLISH) -> str:
        """The whole posting, whose language `words` are in."""
        posting = posting_of(job, self._company, words)
        text = self._documents.document("opening", style, posting=posting)
        return f"{_without_gaps(text)}\n"

    def json_ld(
        self,
        job: Job,
        posted_at: datetime,
        zone: str,
        today: date,
        words: PostingWords = IN_ENGLISH,
        url: str | None = None,
    ) -> JsonLd:
        """The opening as schema.org's JobPosting; `posted_at` is when it was first open, `url` its
        own page.

        Raises UserError where it takes no applications: search engines must not show it then.
        """
        check_taking(job, today)
        check_postable(job, today)
        posting = posting_of(job, self._company, words)
        description = self._documents.document(
            "opening_description", Format.HTML, posting=posting
        ).strip()
        return json_ld(job, posting, description, posted_at, zone, self._company, url)

    def share(self, job: Job, where: ShareFormat, words: PostingWords = IN_ENGLISH) -> str:
        """A text to paste there, no longer than what is taken there."""
        text = ""
        whole = posting_of(job, self._company, words)
        if self._public_url is not None:
            page = f"{self._public_url}/jobs/{job.slug}?src={where}"
            whole = replace(whole, link=link_of(page))
        for posting in _shorter(whole):
            text = _without_gaps(self._documents.render(where.template, posting=posting))
            if len(text) <= where.most:
                return text
        return _cut(text, where.most)


def check_taking(job: Job, today: date) -> None:
    """Raises UserError unless people can apply."""
    title, closes_on = job.opening.title, job.terms.closes_on
    if job.is_taking(today):
        return
    if job.status is OpeningStatus.OPEN and closes_on is not None:
        raise UserError(f"Applications for {title} closed on {full_day(closes_on)}.")
    state = "still a draft" if job.status is OpeningStatus.DRAFT else job.status
    raise UserError(f"{title} is {state}. Only an open job takes applications.")


async def first_open(tx: Transaction, workspace: str, job: Job) -> datetime | None:
    """When the opening was first open; None where it has not been yet."""
    first = await tx.audit.first(workspace, job.id, "opening.opened")
    return first or (job.status_at if job.status is not OpeningStatus.DRAFT else None)


def _shorter(posting: JobPosting) -> Iterator[JobPosting]:
    """The posting, then with ever less in it."""
    yield from accumulate(SHORTENINGS, lambda shorter, shorten: shorten(shorter), initial=posting)


def _without_gaps(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _first_sentence(text: str) -> str:
    first, stop, _ = text.partition(". ")
    return f"{first}{stop.strip()}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"

"""Which boards have read an opening, as far as is known: by who has asked for what, and when."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto
from functools import lru_cache

from bot.domain.openings.job import Job
from bot.domain.site.boards import Feed

UNNAMED = ""
"""A client that calls itself by no name of these."""

READERS: Mapping[str, re.Pattern[str]] = {
    "Googlebot": re.compile(r"Googlebot"),
    "Indeed": re.compile(r"\bindeed", re.I),
    "JoobleBot": re.compile(r"jooble", re.I),
    "Adzuna": re.compile(r"adzuna", re.I),
    "LinkedInBot": re.compile(r"linkedin", re.I),
}
"""Clients by what they call themselves; no other name of a client is kept."""

LONGEST_AGENT = 300


@lru_cache(maxsize=500)
def reader_of(agent: str) -> str:
    """By which of the names a client calls itself."""
    known = (name for name, pattern in READERS.items() if pattern.search(agent))
    return next(known, UNNAMED)


class Board(StrEnum):
    GOOGLE = "Google"
    INDEED = "Indeed"
    JOOBLE = "Jooble"
    ADZUNA = "Adzuna"
    LINKEDIN = "LinkedIn"

    @property
    def feed(self) -> Feed | None:
        """What it reads; None where that is the opening's own page."""
        return None if self is Board.GOOGLE else Feed(self.lower())

    @property
    def reader(self) -> str:
        """By what name its client calls itself."""
        return _READERS[self]


_READERS = dict(
    zip(Board, ("Googlebot", "Indeed", "JoobleBot", "Adzuna", "LinkedInBot"), strict=True)
)


class BoardState(Enum):
    """What is known of a board, and never more."""

    FETCHED = auto()
    WAITING = auto()
    PASTE = auto()


@dataclass(frozen=True)
class Fetch:
    """That a client asked for a feed, or for the page of an opening, the last time."""

    what: str
    reader: str
    fetched_at: datetime


@dataclass(frozen=True)
class BoardStatus:
    """What is known of one board. `address` is what to give to it.

    `is_newest`: it was fetched after the opening's last change. `other_at` is when a client that
    calls itself otherwise asked last. `refusals` are why it may not show this opening.
    """

    board: Board
    state: BoardState
    address: str
    fetched_at: datetime | None = None
    is_newest: bool = False
    other_at: datetime | None = None
    refusals: tuple[str, ...] = ()


TEST = re.compile(
    r"\b(test (?:job|posting|opening|role|ad)|dummy|do not apply|please ignore)\b|^test$",
    re.IGNORECASE,
)
"""What says that nobody is hired for it; a test engineer is."""


def board_statuses(
    job: Job,
    posted_at: datetime,
    changed_at: datetime,
    fetches: Iterable[Fetch],
    base: str,
    company: str | None,
) -> Iterator[BoardStatus]:
    """Each board's; what was fetched before the opening was posted had nothing of it."""
    known = {(one.what, one.reader): one.fetched_at for one in fetches}
    for board in Board:
        what = board.feed or job.id
        times = {
            reader: at for (about, reader), at in known.items() if about == what and at >= posted_at
        }
        fetched_at = times.pop(board.reader, None)
        waiting = BoardState.PASTE if board is Board.LINKEDIN else BoardState.WAITING
        address = board.feed.address if board.feed else "/sitemap.xml"
        yield BoardStatus(
            board=board,
            state=BoardState.FETCHED if fetched_at else waiting,
            address=f"{base}{address}",
            fetched_at=fetched_at,
            is_newest=fetched_at is not None and fetched_at >= changed_at,
            other_at=max(times.values(), default=None) if board.feed else None,
            refusals=tuple(_refusals(board, job, company)),
        )


def _refusals(board: Board, job: Job, company: str | None) -> Iterator[str]:
    terms = job.terms
    if board.feed and company is None:
        yield "The feed leaves every job out until company.toml has your company's name."
    if not terms.places:
        yield "The job has no place, and no country."
    if board is Board.INDEED and (found := TEST.search(job.opening.title)):
        yield f"Indeed refuses test jobs, and the title says “{found[0]}”."
    if terms.pay is None and board in (Board.INDEED, Board.ADZUNA):
        yield "No pay is shown, so it may show an estimate of its own."

"""The openings that the public may know of, and how a list of them is narrowed down."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum, auto
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.domain.audit import AuditEntry
from bot.domain.dates import day_in
from bot.domain.openings.job import Job
from bot.domain.openings.opening import OpeningStatus
from bot.domain.openings.places import WorkMode, country_name
from bot.domain.posting import IN_ENGLISH, PostingWords

REMOTE = "remote"
"""The key of all places from which a job can be done without ever coming."""

LONGEST_SEARCH = 100
"""Characters of a search that are looked for."""

SHOWN = frozenset(
    {
        *("title", "team", "places", "work_mode", "employment_type", "pay", "no_pay", "hours"),
        *("seats", "closes_on", "apply_at", "text"),
    }
)
"""What of an opening pages and feeds show."""

MOVES = frozenset(
    {
        *("opening.opened", "opening.paused", "opening.filled", "opening.closed"),
        "opening.approved",  # what was held until then is public from then on
    }
)
"""What is done with an opening that its page shows, whatever else is changed."""


LONG_AGO = datetime.min.replace(tzinfo=UTC)


class PageState(Enum):
    """What the page of an opening is: with *Apply*, or saying why there is none."""

    OPEN = auto()
    ENDED = auto()
    PAUSED = auto()
    OVER = auto()


@dataclass(frozen=True, eq=False)
class PublishedJob:
    """An opening that has been open once, as pages and feeds show it.

    `posted_at` is when it was first open, `changed_at` when something of it that the public reads
    was last changed; its days are those of `zone`.
    """

    job: Job
    posted_at: datetime
    changed_at: datetime
    zone: str = "UTC"
    words: PostingWords = IN_ENGLISH
    role: str = ""

    def state(self, now: datetime) -> PageState:
        if self.job.is_over:
            return PageState.OVER
        if self.job.status is OpeningStatus.PAUSED:
            return PageState.PAUSED
        is_taking = self.job.is_taking(day_in(self.zone, now))
        return PageState.OPEN if is_taking else PageState.ENDED

    @property
    def ends_at(self) -> datetime | None:
        """From when on it takes no applications, if it has a closing day."""
        day = self.job.terms.closes_on
        if day is None:
            return None
        return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(self.zone)).astimezone(
            UTC
        )

    @property
    def team(self) -> str | None:
        return " ".join((self.job.opening.team or "").split()) or None

    @cached_property
    def places(self) -> Mapping[str, str]:
        """By what places it is found: their keys with their names, in the page's language."""
        terms, found = self.job.terms, dict[str, str]()
        for place in terms.places:
            if terms.work_mode is WorkMode.REMOTE or not place.city:
                found[REMOTE] = ""
            name = place.city or country_name(place.country)
            found[key_of(name)] = name
        return found

    @cached_property
    def searched(self) -> str:
        """Everything that a search looks into."""
        parts = [self.job.opening.title, self.team or "", self.role, *self.places.values()]
        parts += (text for section in self.job.text for text in section.texts)
        return _folded(" ".join(parts))


@dataclass(frozen=True)
class Snapshot:
    """The openings as they were in the database at a time, the newest first.

    `changed_at` is when anything that the public reads last changed, `holds_until` when the next
    closing day is over.
    """

    jobs: tuple[PublishedJob, ...] = ()
    at: datetime = LONG_AGO

    @cached_property
    def open(self) -> tuple[PublishedJob, ...]:
        return tuple(one for one in self.jobs if one.state(self.at) is PageState.OPEN)

    @cached_property
    def by_slug(self) -> Mapping[str, PublishedJob]:
        return {one.job.slug: one for one in self.jobs}

    @cached_property
    def by_id(self) -> Mapping[str, PublishedJob]:
        return {one.job.id: one for one in self.jobs}

    @cached_property
    def changed_at(self) -> datetime | None:
        ended = [end for end in self._ends if end <= self.at]
        return max((*(one.changed_at for one in self.jobs), *ended), default=None)

    @cached_property
    def holds_until(self) -> datetime | None:
        return min((end for end in self._ends if end > self.at), default=None)

    @property
    def _ends(self) -> Iterable[datetime]:
        taking = (one for one in self.jobs if one.job.status is OpeningStatus.OPEN)
        return (end for one in taking if (end := one.ends_at) is not None)


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed down to: keys of a team and a place, and words."""

    team: str = ""
    place: str = ""
    words: str = ""

    def found(self, jobs: Iterable[PublishedJob]) -> Sequence[PublishedJob]:
        words = _folded(self.words).split()
        return [
            one
            for one in jobs
            if (not self.team or key_of(one.team or "") == self.team)
            and (not self.place or self.place in one.places)
            and all(word in one.searched for word in words)
        ]


def filters_of(query: Mapping[str, str]) -> Filters:
    """Those that stand in an address; what has no meaning there is left out."""
    words = " ".join(query.get("q", "")[:LONGEST_SEARCH].split())
    words = "".join(letter for letter in words if unicodedata.category(letter)[0] != "C")
    return Filters(key_of(query.get("team", "")), key_of(query.get("place", "")), words)


def key_of(name: str) -> str:
    """A team or a place in an address: small letters and digits of any script, with hyphens."""
    return re.sub(r"[\W_]+", "-", _folded(name[:LONGEST_SEARCH])).strip("-")


def changed_at(entries: Iterable[AuditEntry], since: datetime) -> datetime:
    """When the public last read something else of an opening that was first open then."""
    changes = (one.at for one in entries if one.action in MOVES or SHOWN & {*one.fields})
    return max((*changes, since))


ACCENTS = re.compile("[\u0300-\u036f]")
"""Marks that nobody types who looks for a name; those of other scripts make other letters."""


def _folded(text: str) -> str:
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", plain)

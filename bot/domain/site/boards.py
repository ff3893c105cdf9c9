"""Job boards and readers: the one model that all their feeds are made of."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.openings.pay import Pay
from bot.domain.openings.places import REGIONS, Place, WorkMode, country_name
from bot.domain.openings.terms import EmploymentType
from bot.domain.site.jobs import key_of


class Feed(StrEnum):
    """A feed, by the name that links in it have as their source."""

    ATOM = "atom"
    JSON = "json"
    INDEED = "indeed"
    JOOBLE = "jooble"
    ADZUNA = "adzuna"
    LINKEDIN = "linkedin"

    @property
    def address(self) -> str:
        readers = {Feed.ATOM: "/jobs/feed.xml", Feed.JSON: "/jobs/feed.json"}
        return readers.get(self, f"/feeds/{self}.xml")


BOARDS = (Feed.INDEED, Feed.JOOBLE, Feed.ADZUNA, Feed.LINKEDIN)
"""What only boards read: each job once for each of its places."""


@dataclass(frozen=True)
class FeedJob:
    """An open job at one of its places, as feeds have it.

    `reference` is its own for each place, and never another; `id` is that of the opening. `url` is
    its page. `description` is HTML in which every text is escaped. `place` is None where it has
    none. `is_remote`: the work can be done from there without ever coming.
    """

    id: str
    reference: str
    url: str
    title: str
    company: str | None
    description: str
    teaser: str
    language: str
    posted_at: datetime
    changed_at: datetime
    ends_at: datetime | None
    place: Place | None
    is_remote: bool
    work_mode: WorkMode | None
    kind: EmploymentType | None
    pay: Pay | None
    team: str | None
    hours: str | None

    def link(self, source: Feed) -> str:
        """The page, saying where whoever follows it comes from."""
        return f"{self.url}?src={source}"

    @property
    def last_day(self) -> datetime | None:
        """The last moment of its last day, in the zone where that ends."""
        return self.ends_at and self.ends_at - timedelta(seconds=1)


def reference_of(id: str, place: Place | None, is_only: bool) -> str:
    """What a board knows a job at a place by: the same whatever order the places are in."""
    if place is None or is_only:
        return id
    where = key_of(" ".join(filter(None, (place.country, place.region, place.city))))
    reference = f"{id}-{where}"
    if len(reference) <= LONGEST_REFERENCE:
        return reference
    return f"{id}-{hashlib.sha256(where.encode()).hexdigest()[:16]}"


LONGEST_REFERENCE = 40
"""Characters; LinkedIn takes no more."""


def location(place: Place | None) -> str:
    """Such as "Austin, TX" or "Berlin, Germany", as boards look places up."""
    if place is None:
        return ""
    if place.country == "US" and place.region and place.city:
        return f"{place.city}, {place.region}"
    region = REGIONS.get(place.country, {}).get(place.region or "", place.region)
    return ", ".join(filter(None, (place.city, region, country_name(place.country))))


def salary(pay: Pay) -> str:
    """Such as "$50000 - $60000 per year": no shortened number, no comma, no space within one."""
    from babel.numbers import get_currency_symbol  # feeds alone need it

    symbol = get_currency_symbol(pay.currency, locale="en_US")
    before = symbol if not symbol.isalpha() else f"{symbol} "
    ends = dict.fromkeys(f"{before}{one:f}" for one in (pay.minimum, pay.maximum))
    return f"{' - '.join(ends)} per {pay.period}"


ENTITY = re.compile(r"&(?=#?\w+;)")
TAG = re.compile(r"<(?=[\w/!?])")
OURS = re.compile(r"(</?(?:p|ul|li|strong)>)")


def without_entities(description: str) -> str:
    """HTML in which nothing is escaped, as Indeed wants it: what would be markup or an entity of
    somebody's text is parted by a space, which browsers show as text."""
    return "".join(
        part if OURS.fullmatch(part) else _unescaped(part) for part in OURS.split(description)
    )


def _unescaped(text: str) -> str:
    from html import unescape

    plain = TAG.sub("< ", ENTITY.sub("& ", unescape(text)))
    return plain.replace("]]>", "]] >")


UNREADABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def for_xml(text: str) -> str:
    """Without what no XML can hold, however it is written."""
    return UNREADABLE.sub("", text)


def places_of(places: tuple[Place, ...]) -> Iterator[Place | None]:
    """Each place, or none once where there is none."""
    yield from places or (None,)

"""What became of an offer: the candidate was hired, or turned it down; and how many seats are
filled by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.applications import Stage
from bot.domain.debriefs.decision import UNDO_WITHIN, Decision, Outcome
from bot.errors import UserError

DAY = timedelta(days=1)
"""By so much days differ around the world."""


class OfferField(StrEnum):
    """What the form asks for."""

    ENDED = "offer_ended"
    DAY = "offer_day"


class OfferEnd(StrEnum):
    """What the candidate answered."""

    HIRED = "hired"
    TURNED_DOWN = "turned_down"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def stage(self) -> Stage:
        return Stage.HIRED if self is OfferEnd.HIRED else Stage.WITHDRAWN


@dataclass(frozen=True)
class OfferResult:
    """What became of an offer on `day`, as `person` recorded it; `number` counts those of an
    application from 1, and none is ever overwritten."""

    number: int
    ended: OfferEnd
    day: date
    person: str
    at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None

    def may_be_undone(self, now: datetime) -> bool:
        return self.undone_at is None and now < self.at + UNDO_WITHIN


@dataclass(frozen=True)
class Offer:
    """An offer that was decided on, with all that was recorded of it since, the first first."""

    made: Decision
    results: tuple[OfferResult, ...] = ()

    @property
    def result(self) -> OfferResult | None:
        """The one that holds."""
        return next((one for one in reversed(self.results) if one.undone_at is None), None)

    @property
    def earlier(self) -> tuple[OfferResult, ...]:
        """Those that held before it, the last first."""
        held = [one for one in self.results if one.undone_at is None]
        return tuple(reversed(held[:-1]))


def offer_of(made: Decision | None, results: Iterable[OfferResult]) -> Offer | None:
    """The offer that holds; what was recorded of one before it is no part of it."""
    if made is None or made.outcome is not Outcome.OFFER:
        return None
    return Offer(made, tuple(one for one in results if one.at >= made.counts_at))


@dataclass(frozen=True)
class Seats:
    """How many of an opening's seats are filled; `opening` is its id."""

    opening: str
    seats: int
    hired: int
    may_mark_filled: bool

    @property
    def are_filled(self) -> bool:
        return self.hired >= self.seats


class InvalidOfferDay(UserError):
    """A day on which an offer can't have been answered."""


def check_day(day: date, made: Decision, today: date) -> None:
    """Raises InvalidOfferDay for a day before the offer, or one that is to come."""
    if day > today:
        raise InvalidOfferDay("This day is to come. Record it once they've answered.")
    if day < made.counts_at.date() - DAY:
        raise InvalidOfferDay("This is before the offer. Choose the day they answered.")

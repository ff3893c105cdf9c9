"""What an opening offers and asks for: where, how, for how much, until when, and how to apply."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypedDict

from bot.domain.candidates import EMAIL, LONGEST_EMAIL
from bot.domain.openings.pay import Pay
from bot.domain.openings.places import Place, WorkMode

LONGEST_HOURS = 200
LONGEST_NO_PAY = 200
LONGEST_APPLY_AT = 1000
MOST_SEATS = 999

LINK = re.compile(
    r"https?://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?([/?#][^\s<>\"]*)?", re.IGNORECASE | re.ASCII
)
"""As much of an address as Slack takes for a button; a whole message is refused for another."""


class EmploymentType(StrEnum):
    """As schema.org's JobPosting has them."""

    FULL_TIME = "FULL_TIME"
    PART_TIME = "PART_TIME"
    CONTRACTOR = "CONTRACTOR"
    TEMPORARY = "TEMPORARY"
    INTERN = "INTERN"

    @property
    def label(self) -> str:
        words = {"FULL_TIME": "Full-time", "PART_TIME": "Part-time", "CONTRACTOR": "Contract"}
        return words.get(self, "Internship" if self is EmploymentType.INTERN else "Temporary")


@dataclass(frozen=True)
class Terms:
    """What is known of them. `pay` is what is shown; where none is, `no_pay` says why.

    `apply_at` is a link or an email address. New applications are shown in the private `channel`
    where `posts_applications`, otherwise in the recruiter's digest. With `posts_board` the job's
    board is shown there.
    """

    places: tuple[Place, ...] = ()
    work_mode: WorkMode | None = None
    employment_type: EmploymentType | None = EmploymentType.FULL_TIME
    pay: Pay | None = None
    no_pay: str | None = None
    hours: str | None = None
    seats: int = 1
    closes_on: date | None = None
    apply_at: str | None = None
    channel: str | None = None
    posts_applications: bool = False
    posts_board: bool = False

    @property
    def apply_link(self) -> str | None:
        """Where people apply, if that is a page rather than an email address."""
        return self.apply_at if self.apply_at and LINK.fullmatch(self.apply_at) else None


def fault_of_apply_at(text: str) -> str | None:
    """Why nobody could apply there; None where they can."""
    if LINK.fullmatch(text) and len(text) <= LONGEST_APPLY_AT:
        return None
    if EMAIL.fullmatch(text) and len(text) <= LONGEST_EMAIL and text.isprintable():
        return None
    return "Enter a link that starts with https://, or an email address."


class PayJson(TypedDict, total=False):
    """Pay as programs read it."""

    minimum: float
    maximum: float
    currency: str
    period: str
    none_because: str


def pay_json(terms: Terms) -> PayJson | None:
    if terms.pay is None:
        return {"none_because": terms.no_pay} if terms.no_pay else None
    pay = terms.pay
    least, most = (
        int(one) if one == one.to_integral_value() else float(one)
        for one in (pay.minimum, pay.maximum)
    )
    return {"minimum": least, "maximum": most, "currency": pay.currency, "period": pay.period}

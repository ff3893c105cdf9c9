"""An opening as a whole, with what a posting, a panel and a page are made from."""

import re
import unicodedata
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Self

from bot.domain.openings.fields import InvalidOpening, OpeningField
from bot.domain.openings.opening import NEXT, OVER, PUBLIC, Opening, OpeningStatus
from bot.domain.openings.places import fault_of_places
from bot.domain.openings.plan import Plan
from bot.domain.openings.public import PUBLIC_HEAD, PUBLIC_TERMS, PublicPart
from bot.domain.openings.rule import Rule
from bot.domain.openings.terms import Terms
from bot.domain.openings.text import Text
from bot.errors import UserError

LONGEST_SLUG = 80

HEAD = ("title", "level", "team", "hiring_manager", "recruiter", "deciders")
"""What of an opening's head its form changes."""


@dataclass(frozen=True)
class Job:
    """The opening with its terms, its posting's text, its plan, its rule and what its panels ask.

    `content` is the id of the frozen role and competencies; an opening that a panel has made has
    none before somebody edits it. Each change makes the next `version`. `status_at` is since when
    its status is what it is. `held` is what is to be public of it once that is approved, where it
    differs from what is.
    """

    opening: Opening
    slug: str
    terms: Terms = Terms()  # noqa: RUF009 - frozen
    text: Text = ()
    plan: Plan = ()
    rule: Rule = ()
    content: str | None = None
    version: int = 1
    status_at: datetime | None = None
    held: PublicPart | None = None

    @property
    def id(self) -> str:
        return self.opening.id

    @property
    def status(self) -> OpeningStatus:
        return self.opening.status

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def applies_here(self) -> bool:
        """Whether people apply on the job's own page rather than elsewhere."""
        return (self.terms.apply_at or "").endswith(own_page("", self.id))

    @property
    def public(self) -> PublicPart:
        """What candidates read of it."""
        head = {name: getattr(self.opening, name) for name in PUBLIC_HEAD}
        terms = {name: getattr(self.terms, name) for name in PUBLIC_TERMS}
        return PublicPart(**head, **terms, text=self.text)

    @property
    def proposed(self) -> Self:
        """As it is to be once what is held is approved."""
        return self if self.held is None else self._showing(self.held)

    def holding(self, public: PublicPart) -> Self:
        """With this public as ever, and what it says now held until that is approved."""
        asked = self.public
        return replace(self._showing(public), held=None if asked == public else asked)

    def _showing(self, public: PublicPart) -> Self:
        head = {name: getattr(public, name) for name in PUBLIC_HEAD}
        terms = {name: getattr(public, name) for name in PUBLIC_TERMS}
        return replace(
            self,
            opening=replace(self.opening, **head),
            terms=replace(self.terms, **terms),
            text=public.text,
            held=None,
        )

    def is_taking(self, today: date) -> bool:
        """Whether people can apply: it is open, and its closing day, if any, isn't over."""
        return self.status is OpeningStatus.OPEN and not self._is_past_closing(today)

    def is_referable(self, today: date) -> bool:
        """Whether someone can be referred: while people can apply, and while it is only paused."""
        return self.status in PUBLIC and not self._is_past_closing(today)

    def _is_past_closing(self, today: date) -> bool:
        return self.terms.closes_on is not None and self.terms.closes_on < today

    def moved(self, status: OpeningStatus, now: datetime, today: date) -> Self:
        """The next version, with this status. Raises UserError where that cannot follow."""
        if status not in NEXT[self.status]:
            raise UserError(f"This opening is {self.status} now, so it can't be {status}.")
        if status is OpeningStatus.OPEN:
            check_postable(self, today)
        opening = replace(self.opening, status=status)
        return replace(self, opening=opening, version=self.version + 1, status_at=now)


def own_page(base: str, id: str) -> str:
    """Where people apply on the own page of an opening, below the address of the jobs pages. The id
    is known before the name that the page has, to which it leads on."""
    return f"{base}/jobs/{id}/apply"


def check_postable(job: Job, today: date) -> None:
    """Raises InvalidOpening where a posting would leave open what everybody asks."""
    terms, faults = job.terms, {}
    if terms.work_mode is None:
        faults[OpeningField.WORK_MODE] = "Choose on-site, hybrid or remote."
    if fault := fault_of_places(terms.places, terms.work_mode):
        faults[OpeningField.WHERE] = fault
    if terms.pay is None and terms.no_pay is None:
        faults[OpeningField.PAY] = "Add the pay range, or say under More why none is shown."
    if terms.employment_type is None:
        faults[OpeningField.EMPLOYMENT_TYPE] = "Choose one."
    if terms.apply_at is None:
        faults[OpeningField.APPLY_AT] = "Say where people apply: a link or an email address."
    if job.opening.hiring_manager is None:
        faults[OpeningField.HIRING_MANAGER] = "Choose the hiring manager."
    if terms.closes_on is not None and terms.closes_on < today:
        faults[OpeningField.CLOSES_ON] = "This day has passed. Choose a later one."
    if faults:
        raise InvalidOpening(faults)


def different(before: Job, after: Job) -> tuple[str, ...]:
    """The names of what differs, for the record."""
    head = [name for name in HEAD if getattr(before.opening, name) != getattr(after.opening, name)]
    terms = [
        field.name
        for field in fields(Terms)
        if getattr(before.terms, field.name) != getattr(after.terms, field.name)
    ]
    rest = [
        name for name in ("text", "plan", "rule") if getattr(before, name) != getattr(after, name)
    ]
    return (*head, *terms, *rest)


def slugs_of(job: Job) -> tuple[str, ...]:
    """How the opening may be called in commands and addresses, the plainest first: by its title,
    with its team or city where that is taken, and at last with a part of its id."""
    title = job.opening.title
    cities = (place.city for place in job.terms.places)
    plain = _slug(title)
    whose = title if plain else "job"  # in a script that addresses don't have
    more = [_slug(f"{whose} {name}") for name in (job.opening.team, *cities) if name]
    found = (plain, *(name for name in more if name != whose), f"{plain or whose}-{job.id[:6]}")
    return tuple(dict.fromkeys(filter(None, found)))


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    most = LONGEST_SLUG - 7
    if len(words) <= most:
        return words
    return (words[: most + 1].rpartition("-")[0] or words[:most]).rstrip("-")

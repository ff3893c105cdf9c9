"""Applications: one candidate for one opening, however many rounds of interviews it takes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """How far an application is; `declined`: we said no, `withdrawn`: the candidate did."""

    APPLIED = "applied"
    IN_REVIEW = "in review"
    INTERVIEWING = "interviewing"
    DECIDING = "deciding"
    OFFER = "offer"
    HIRED = "hired"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Source(StrEnum):
    """How an application reached us."""

    PANEL = "panel"
    """Someone set up a panel for it."""
    REFERRAL = "referral"
    """A colleague referred the candidate."""
    PAGE = "page"
    """The candidate applied on the job's own page."""


@dataclass(frozen=True)
class Application:
    """One candidate for one opening; `referrer` told us of them, and `referred_because` of what."""

    id: str
    candidate: str
    opening: str
    stage: Stage
    source: Source
    applied_at: datetime
    referrer: str | None = None
    referred_because: str | None = None

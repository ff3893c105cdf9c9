"""What candidates read of an opening: the part of it that somebody else may have to approve."""

from dataclasses import dataclass

from bot.domain.openings.pay import Pay
from bot.domain.openings.places import Place, WorkMode
from bot.domain.openings.terms import EmploymentType
from bot.domain.openings.text import Text
from bot.domain.questions.selection import Level

PUBLIC_HEAD = ("title", "level", "team")
PUBLIC_TERMS = (
    "places",
    "work_mode",
    "employment_type",
    "pay",
    "no_pay",
    "hours",
    "apply_at",
)
PUBLIC_FIELDS = frozenset({*PUBLIC_HEAD, *PUBLIC_TERMS, "text"})
"""By what names the record says that one of them was changed."""


@dataclass(frozen=True)
class PublicPart:
    """What is said of the job itself, and where to apply.

    Neither who hires, the seats nor the closing day, which are up to whoever hires; nor what only
    the team reads.
    """

    title: str
    level: Level | None
    team: str | None
    places: tuple[Place, ...]
    work_mode: WorkMode | None
    employment_type: EmploymentType | None
    pay: Pay | None
    no_pay: str | None
    hours: str | None
    apply_at: str | None
    text: Text

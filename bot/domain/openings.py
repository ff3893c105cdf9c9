"""Openings: the jobs that are being hired for."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.questions.selection import Level

LONGEST_TEAM = 60


class OpeningStatus(StrEnum):
    """How far the hiring for an opening is."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    FILLED = "filled"
    CLOSED = "closed"


HIRING = (OpeningStatus.DRAFT, OpeningStatus.OPEN, OpeningStatus.PAUSED)
"""While an opening is one of these, candidates can be interviewed for it."""


@dataclass(frozen=True)
class Opening:
    """A job being hired for, made from a role; without a level any is welcome.

    `author` made it. The hiring manager and the recruiter are those of the hiring as a whole, as
    far as known: a panel has its own.
    """

    id: str
    role: str
    title: str
    level: Level | None
    author: str
    team: str | None = None
    status: OpeningStatus = OpeningStatus.DRAFT
    hiring_manager: str | None = None
    recruiter: str | None = None

    @property
    def name(self) -> str:
        return f"{self.title}, {self.level.label.lower()}" if self.level else self.title

    @property
    def full_name(self) -> str:
        """The name with the team, which tells two openings of one role apart."""
        return f"{self.name} · {self.team}" if self.team else self.name

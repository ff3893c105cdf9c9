"""An opening as everything else knows it: what is hired for, by whom, and how far that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.questions.selection import Level

LONGEST_TEAM = 60
LONGEST_TITLE = 150
MOST_DECIDERS = 10


class OpeningStatus(StrEnum):
    """How far the hiring for an opening is."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    FILLED = "filled"
    CLOSED = "closed"


HIRING = (OpeningStatus.DRAFT, OpeningStatus.OPEN, OpeningStatus.PAUSED)
"""While an opening is one of these, candidates can be interviewed for it."""

PUBLIC = (OpeningStatus.OPEN, OpeningStatus.PAUSED)
"""While an opening is one of these, any member may read its posting."""

OVER = (OpeningStatus.FILLED, OpeningStatus.CLOSED)

NEXT: Mapping[OpeningStatus, frozenset[OpeningStatus]] = {
    OpeningStatus.DRAFT: frozenset({OpeningStatus.OPEN, OpeningStatus.CLOSED}),
    OpeningStatus.OPEN: frozenset({OpeningStatus.PAUSED, *OVER}),
    OpeningStatus.PAUSED: frozenset({OpeningStatus.OPEN, *OVER}),
    OpeningStatus.FILLED: frozenset({OpeningStatus.OPEN}),
    OpeningStatus.CLOSED: frozenset({OpeningStatus.OPEN}),
}
"""What an opening can become from each; one that is over can be opened again."""


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
    deciders: tuple[str, ...] = ()
    """Who decides beside the hiring manager."""

    @property
    def name(self) -> str:
        """The title with the level, unless the title has it already."""
        level = self.level.label.lower() if self.level else ""
        return (
            self.title if level in ("", *self.title.lower().split()) else f"{self.title}, {level}"
        )

    @property
    def hears_of_candidates(self) -> str:
        """Who is told of referrals and applications."""
        return self.recruiter or self.author

    @property
    def keepers(self) -> tuple[str, ...]:
        """Who may change it, admins aside."""
        known = (self.author, self.recruiter, self.hiring_manager)
        return tuple(dict.fromkeys(user for user in known if user))

    @property
    def full_name(self) -> str:
        """The name with the team, which tells two openings of one role apart."""
        return f"{self.name} · {self.team}" if self.team else self.name

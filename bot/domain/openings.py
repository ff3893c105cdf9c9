"""Openings: the jobs that are being hired for."""

import hashlib
from dataclasses import dataclass

from bot.domain.questions.selection import Level


@dataclass(frozen=True)
class Opening:
    """A role being hired for; without a level any is welcome."""

    role: str
    title: str
    level: Level | None

    @property
    def id(self) -> str:
        """The same role at the same level is the same opening."""
        return hashlib.sha256(f"{self.role} {self.level or ''}".encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        return f"{self.title}, {self.level.label.lower()}" if self.level else self.title

"""What a set of questions may be chosen by; free of pydantic, so that the command line is quick."""

from dataclasses import dataclass
from enum import StrEnum

LEAST_MINUTES, MOST_MINUTES = 5, 240


class Level(StrEnum):
    """Seniority, from least to most."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"
    LEAD = "lead"

    @property
    def label(self) -> str:
        return self.capitalize()


@dataclass(frozen=True)
class Selection:
    """How long the set may be, and what it is about; None: about anything."""

    minutes: int = 45
    competency: str | None = None
    level: Level | None = None

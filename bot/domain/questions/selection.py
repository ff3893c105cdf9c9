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
class TimePlan:
    """How the minutes of an interview are spent: opening, questions, the candidate's questions."""

    opening: int
    questions: int
    closing: int


def time_plan(minutes: int) -> TimePlan:
    """Five minutes to open and five to ten for the candidate; less where there are under 20."""
    opening = min(5, minutes // 4)
    closing = min(10, max(opening, minutes // 6))
    return TimePlan(opening, minutes - opening - closing, closing)


@dataclass(frozen=True)
class Selection:
    """What a set of questions is asked for; `minutes` are those of the whole interview."""

    minutes: int = 45
    competency: str | None = None
    level: Level | None = None

    @property
    def plan(self) -> TimePlan:
        return time_plan(self.minutes)

    @classmethod
    def lasting(cls, minutes: int) -> "Selection":
        """The shortest interview with room for questions of so many minutes."""
        lengths = range(LEAST_MINUTES, MOST_MINUTES)
        fitting = (length for length in lengths if time_plan(length).questions >= minutes)
        return cls(next(fitting, MOST_MINUTES))

"""What a set of questions may be chosen by; free of pydantic, so that the command line is quick."""

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

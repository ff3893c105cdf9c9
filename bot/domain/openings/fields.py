"""The fields of an opening as its forms have them, and what is wrong with some."""

from collections.abc import Mapping
from enum import StrEnum

from bot.errors import UserError


class OpeningField(StrEnum):
    """What can be amiss, as a form has it."""

    TITLE = "title"
    WHERE = "where"
    WORK_MODE = "work_mode"
    PAY = "pay"
    NO_PAY = "no_pay"
    HIRING_MANAGER = "hiring_manager"
    RECRUITER = "recruiter"
    DECIDERS = "deciders"
    CLOSES_ON = "closes_on"
    APPLIES_HERE = "applies_here"
    APPLY_AT = "apply_at"
    LEVEL = "level"
    TEAM = "team"
    EMPLOYMENT_TYPE = "employment_type"
    HOURS = "hours"
    SEATS = "seats"
    CHANNEL = "channel"
    POSTS_APPLICATIONS = "posts_applications"
    POSTS_BOARD = "posts_board"
    TEXT = "text"
    PLAN_NAME = "plan_name"
    PLAN_MINUTES = "plan_minutes"
    PLAN_FOCUS = "plan_focus"
    PLAN_USUALLY = "plan_usually"
    RULE_POOR = "rule_poor"
    RULE_BORDERLINE = "rule_borderline"
    RULE_COUNT = "rule_count"
    RULE_COUNTED = "rule_counted"
    RULE_EVIDENCE = "rule_evidence"
    REFERRED = "referred"
    REFERRED_WHY = "referred_why"


PEOPLE = (OpeningField.HIRING_MANAGER, OpeningField.RECRUITER)
"""The fields that name a member."""


class InvalidOpening(UserError):
    """Parts of an opening that cannot be as they were asked for, each with why."""

    def __init__(self, faults: Mapping[OpeningField, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


class InvalidSection(InvalidOpening):
    """A part of a posting's text, by its number, that cannot be as it was typed."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__({OpeningField.TEXT: text})
        self.number = number

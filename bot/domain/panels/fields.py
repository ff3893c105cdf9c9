"""The fields of a panel as its forms have them, and what is wrong with one."""

from enum import StrEnum

from bot.errors import UserError


class PanelField(StrEnum):
    """The parts of a panel that can be amiss, as a form has them."""

    NAME = "name"
    EMAIL = "email"
    LINK = "link"
    ROLE = "role"
    """The role, or the opening."""
    LEVEL = "level"
    TEAM = "team"
    HIRING_MANAGER = "hiring_manager"
    RECRUITER = "recruiter"
    CHANNEL = "channel"
    INTERVIEWS = "interviews"
    INTERVIEWER = "interviewer"
    FOCUS = "focus"
    START = "start"
    MINUTES = "minutes"
    REASON = "reason"
    PLACE = "place"


class InvalidPanel(UserError):
    """A part of a panel that cannot be as it was asked for."""

    def __init__(self, part: PanelField, text: str) -> None:
        super().__init__(text)
        self.part = part

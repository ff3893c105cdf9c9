"""Every name by which Slack and Panelist refer to the same thing, each once."""

from dataclasses import dataclass
from enum import StrEnum


class CommandName(StrEnum):
    """Slash commands, without the slash and without PANELIST_COMMAND_PREFIX."""

    JD = "jd"
    QUESTIONS = "questions"


class ActionId(StrEnum):
    """What buttons, menus and selects are answered by. In a message the id may be followed by
    `:` and anything, since Slack wants each id once in a block."""

    JD_POST = "jd.post"
    JD_QUESTIONS = "jd.questions"
    JD_GUIDE = "jd.guide"
    JD_MENU = "jd.menu"
    JD_PICK = "jd.pick"

    QUESTIONS_ASK = "questions.ask"
    QUESTIONS_SHOW = "questions.show"
    QUESTIONS_SWAP = "questions.swap"
    QUESTIONS_ANOTHER = "questions.another"
    QUESTIONS_DM = "questions.dm"
    QUESTIONS_WARN = "questions.warn"
    QUESTIONS_POST = "questions.post"
    QUESTIONS_PICK = "questions.pick"


class ViewId(StrEnum):
    """Modals, by callback id."""

    JD_PICKER = "jd.picker"
    QUESTIONS_PICKER = "questions.picker"


@dataclass(frozen=True)
class Field:
    """An input of a form: made by the view and read by the parser through the same object."""

    block: str
    action: str


JD_ROLE = Field(block="jd.role", action=ActionId.JD_PICK)

QUESTIONS_ROLE = Field(block="questions.role", action=ActionId.QUESTIONS_PICK)
QUESTIONS_LEVEL = Field(block="questions.level", action="questions.level")
QUESTIONS_MINUTES = Field(block="questions.minutes", action="questions.minutes")


def questions_competency(role: str) -> Field:
    """Each role's own, so that a choice made for one role does not stand when another is chosen."""
    return Field(block=f"questions.competency.{role}", action="questions.competency")

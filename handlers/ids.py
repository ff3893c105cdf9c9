"""Every name by which Slack and Panelist refer to the same thing, each once."""

from dataclasses import dataclass
from enum import StrEnum


class CommandName(StrEnum):
    """Slash commands, without the slash and without PANELIST_COMMAND_PREFIX."""

    JD = "jd"


class ActionId(StrEnum):
    """What buttons, menus and selects are answered by. In a message the id may be followed by
    `:` and anything, since Slack wants each id once in a block."""

    JD_POST = "jd.post"
    JD_QUESTIONS = "jd.questions"
    JD_GUIDE = "jd.guide"
    JD_MENU = "jd.menu"
    JD_PICK = "jd.pick"


class ViewId(StrEnum):
    """Modals, by callback id."""

    JD_PICKER = "jd.picker"


@dataclass(frozen=True)
class Field:
    """An input of a form: made by the view and read by the parser through the same object."""

    block: str
    action: str


JD_ROLE = Field(block="jd.role", action=ActionId.JD_PICK)

"""What Panelist can do, with a button for each: at Home, and in answer to a direct message."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, ButtonElement

from bot.services.messages.home import Help
from handlers.ids import ActionId, CommandName
from handlers.views.common import Json, actions, as_json, context, header, mrkdwn

OFFERS = (
    (
        CommandName.JD,
        "Job descriptions",
        "posts one in a channel. Read them here first.",
        "See roles",
        ActionId.JD_START,
    ),
    (
        CommandName.QUESTIONS,
        "Interview questions",
        "gets a set, with how to rate the answers.",
        "Get questions",
        ActionId.QUESTIONS_START,
    ),
    (
        CommandName.PANEL,
        "Interview panels",
        "plans who interviews whom, and when.",
        "Set up a panel",
        ActionId.PANEL_SET_UP,
    ),
    (
        CommandName.SCORECARD,
        "Scorecards",
        "opens yours, or feedback you may read.",
        "See scorecards",
        ActionId.SCORECARD_MINE,
    ),
)
"""Of each command what it does, and the button that begins it."""

AT_HOME = OFFERS[:3]
"""Home itself lists the scorecards."""


def help_message(help: Help) -> tuple[str, list[Json]]:
    """The answer to whatever somebody writes to Panelist."""
    text = "Here's what I can do"
    blocks = [
        header(text),
        context("I can't answer questions, but each of these is one click away."),
        *sections(help.prefix, OFFERS),
        context("Type “help” after a command for more. My Home tab shows what's due."),
    ]
    return text, as_json(blocks)


def sections(prefix: str, offers: Sequence[tuple[str, ...]] = AT_HOME) -> list[Block]:
    """What there is to do, each with its command and its button."""
    blocks: list[Block] = []
    for command, name, does, label, action in offers:
        block = mrkdwn(f"*{name}*\n`/{prefix}{command}` {does}")
        block.accessory = ButtonElement(text=label, action_id=action)
        blocks.append(block)
    return blocks


def buttons() -> Block:
    """The same in one row, for those who know."""
    return actions([ButtonElement(text=label, action_id=action) for *_, label, action in AT_HOME])

"""The Slack edge: everything that the bot answers, in one table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp

from bot.errors import UserError
from handlers.edge import Answer, AnyRequest, Edge, Listener
from handlers.ids import ActionId, CommandName, ViewId
from handlers.jd import Jd
from handlers.payloads import Command, Press, Submission, command_of, press_of, submission_of
from handlers.questions import Questions

ANYTHING = re.compile(r"")


@dataclass(frozen=True)
class Listeners:
    """What answers each command, press and submission."""

    commands: Mapping[CommandName, Listener[Command]]
    actions: Mapping[ActionId, Listener[Press]]
    views: Mapping[ViewId, Listener[Submission]]


def listeners(jd: Jd, questions: Questions) -> Listeners:
    """The table of contents."""
    return Listeners(
        commands={
            CommandName.JD: jd.command,
            CommandName.QUESTIONS: questions.command,
        },
        actions={
            ActionId.JD_POST: jd.post,
            ActionId.JD_QUESTIONS: questions.of_role,
            ActionId.JD_GUIDE: jd.guide,
            ActionId.JD_MENU: jd.menu,
            ActionId.JD_PICK: jd.pick,
            ActionId.QUESTIONS_ASK: questions.ask,
            ActionId.QUESTIONS_SHOW: questions.show,
            ActionId.QUESTIONS_SWAP: questions.swap,
            ActionId.QUESTIONS_ANOTHER: questions.another,
            ActionId.QUESTIONS_DM: questions.send,
            ActionId.QUESTIONS_WARN: questions.warn,
            ActionId.QUESTIONS_POST: questions.post,
            ActionId.QUESTIONS_PICK: questions.pick,
        },
        views={
            ViewId.JD_PICKER: jd.submit_picker,
            ViewId.QUESTIONS_PICKER: questions.submit_picker,
        },
    )


def register(app: AsyncApp, table: Listeners, edge: Edge, prefix: str) -> None:
    """Puts the table behind Bolt: one listener for each of Slack's kinds, the hottest first."""

    async def command(request: Command) -> Answer:
        name = request.name.removeprefix("/").removeprefix(prefix)
        return await _known(table.commands, name)(request)

    async def action(request: Press) -> Answer:
        return await _known(table.actions, request.action)(request)

    async def view(request: Submission) -> Answer:
        return await _known(table.views, request.view.callback)(request)

    app.command(ANYTHING)(edge.guarded("command", command_of, command))
    app.action(ANYTHING)(edge.guarded("action", press_of, action))
    app.view(ANYTHING)(edge.guarded("view", submission_of, view))
    app.error(last_resort)


async def last_resort(error: Exception) -> BoltResponse:
    """For what reaches no listener of ours; Slack is told that nobody handled it."""
    return BoltResponse(status=404, body="")


def _known(table: Mapping[Any, Listener[AnyRequest]], name: str) -> Listener[AnyRequest]:
    try:
        return table[name]
    except KeyError:
        raise UserError("Panelist does not know this. It may be from an older version.") from None

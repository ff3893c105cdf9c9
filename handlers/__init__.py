"""The Slack edge: everything that the bot answers, in one table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp

from bot.errors import UserError
from handlers.candidates import Candidates
from handlers.edge import Answer, AnyRequest, Edge, Listener
from handlers.feedback import FeedbackListeners
from handlers.home import AppHome
from handlers.ids import ActionId, CommandName, EventName, ViewId
from handlers.jd import Jd
from handlers.panels.changes import PanelsChanges
from handlers.panels.command import Panels
from handlers.panels.details import PanelsDetails
from handlers.panels.kit import PanelsKits
from handlers.panels.setup import PanelsSetup
from handlers.payloads import (
    Command,
    Event,
    Press,
    Submission,
    command_of,
    event_of,
    press_of,
    submission_of,
)
from handlers.questions import Questions
from handlers.reminders import Reminders
from handlers.scorecards.command import Scorecards

ANYTHING = re.compile(r"")


@dataclass(frozen=True)
class Listeners:
    """What answers each command, press, submission and event."""

    commands: Mapping[CommandName, Listener[Command]]
    actions: Mapping[ActionId, Listener[Press]]
    views: Mapping[ViewId, Listener[Submission]]
    events: Mapping[EventName, Listener[Event]]


@dataclass(frozen=True)
class PanelListeners:
    """All that answers about panels."""

    panels: Panels
    setup: PanelsSetup
    changes: PanelsChanges
    details: PanelsDetails
    kits: PanelsKits
    candidates: Candidates


def listeners(
    jd: Jd,
    questions: Questions,
    panel: PanelListeners,
    scorecards: Scorecards,
    feedback: FeedbackListeners,
    reminders: Reminders,
    home: AppHome,
) -> Listeners:
    """The table of contents."""
    return Listeners(
        commands={
            CommandName.JD: jd.command,
            CommandName.QUESTIONS: questions.command,
            CommandName.PANEL: panel.panels.command,
            CommandName.SCORECARD: scorecards.command,
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
            ActionId.PANEL_COPY: panel.setup.copy,
            ActionId.PANEL_ROLE: panel.setup.role,
            ActionId.PANEL_FIRST: panel.setup.first,
            ActionId.PANEL_SLOT: panel.setup.slot,
            ActionId.PANEL_NEW_SEAT: panel.setup.new_slot,
            ActionId.PANEL_OPEN: panel.panels.open,
            ActionId.PANEL_ADD: panel.changes.add,
            ActionId.PANEL_DETAILS: panel.details.edit,
            ActionId.PANEL_RESCHEDULE: panel.changes.reschedule,
            ActionId.PANEL_REPLACE: panel.changes.replace,
            ActionId.PANEL_CANCEL_INTERVIEW: panel.changes.cancel_interview,
            ActionId.PANEL_CANCEL: panel.changes.cancel,
            ActionId.PANEL_QUESTIONS: panel.kits.questions,
            ActionId.PANEL_POSTING: panel.kits.posting,
            ActionId.PANEL_CALENDAR: panel.kits.calendar,
            ActionId.PANEL_DECLINE: panel.kits.decline,
            ActionId.CANDIDATE_MERGE: panel.candidates.merge,
            ActionId.CANDIDATE_UNDO: panel.candidates.undo,
            ActionId.SCORECARD_OPEN: scorecards.open,
            ActionId.SCORECARD_TYPED: scorecards.typed,
            ActionId.SCORECARD_DID_NOT_INTERVIEW: scorecards.did_not_interview,
            ActionId.SCORECARD_NO_SHOW: scorecards.no_show,
            ActionId.SCORECARD_HAND_OVER: scorecards.reassign,
            ActionId.SCORECARD_FEEDBACK: feedback.feedback,
            ActionId.SCORECARD_ANYWAY: feedback.anyway,
            ActionId.SCORECARD_READ: feedback.read,
            ActionId.SCORECARD_EARLIER: feedback.earlier,
            ActionId.SCORECARD_VERSION: feedback.version,
            ActionId.HOME_HOUR: home.hour,
            ActionId.HOME_DAYS: home.days,
            ActionId.HOME_DAY_OFF: home.day_off,
            ActionId.HOME_NO_DAY_OFF: home.no_day_off,
            ActionId.HOME_SNOOZE: home.snooze,
            ActionId.HOME_WAKE: home.wake,
            ActionId.HOME_EVERY_HOUR: home.every_hour,
            ActionId.HOME_EVERY_DAYS: home.every_days,
            ActionId.HOME_EVERY_CHASE: home.every_chase,
            ActionId.HOME_EVERY_NUDGE: home.every_nudge,
            ActionId.HOME_EVERY_OPENS: home.every_opens,
            ActionId.HOME_EVERY_CLOSES: home.every_closes,
            ActionId.HOME_HOLIDAY: home.holiday,
            ActionId.HOME_NO_HOLIDAY: home.no_holiday,
            ActionId.REMINDERS_LATER: reminders.later,
            ActionId.REMINDERS_TOMORROW: reminders.tomorrow,
            ActionId.REMINDERS_CLOSE: reminders.close,
        },
        views={
            ViewId.JD_PICKER: jd.submit_picker,
            ViewId.QUESTIONS_PICKER: questions.submit_picker,
            ViewId.PANEL_FORM: panel.setup.submit,
            ViewId.PANEL_SLOT: panel.setup.submit_slot,
            ViewId.PANEL_ADD: panel.changes.submit_add,
            ViewId.PANEL_DETAILS: panel.details.submit,
            ViewId.PANEL_RESCHEDULE: panel.changes.submit_reschedule,
            ViewId.PANEL_REPLACE: panel.changes.submit_replace,
            ViewId.SCORECARD_FORM: scorecards.submit,
        },
        events={EventName.APP_HOME_OPENED: home.opened},
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

    async def event(request: Event) -> Answer:
        return await _known(table.events, request.name)(request)

    app.command(ANYTHING)(edge.guarded("command", command_of, command))
    app.action(ANYTHING)(edge.guarded("action", press_of, action))
    app.view(ANYTHING)(edge.guarded("view", submission_of, view))
    for name in table.events:
        app.event(name.value)(edge.guarded("event", event_of, event))
    app.error(last_resort)


async def last_resort(error: Exception) -> BoltResponse:
    """For what reaches no listener of ours; Slack is told that nobody handled it."""
    return BoltResponse(status=404, body="")


def _known(table: Mapping[Any, Listener[AnyRequest]], name: str) -> Listener[AnyRequest]:
    try:
        return table[name]
    except KeyError:
        raise UserError("Panelist does not know this. It may be from an older version.") from None

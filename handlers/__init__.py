"""The Slack edge: everything that the bot answers, in one table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.domain.rights import Act
from bot.errors import UserError
from handlers.apply import ApplicationListeners
from handlers.board import BoardListeners
from handlers.candidates import Candidates
from handlers.debriefs.answers import AnswerListeners
from handlers.debriefs.decisions import DecisionListeners
from handlers.debriefs.offers import OfferListeners
from handlers.debriefs.reading import DebriefListeners
from handlers.debriefs.records import RecordListeners
from handlers.edge import NO_LISTENER, Answer, AnyRequest, Edge, Listener
from handlers.feedback import FeedbackListeners
from handlers.gate import Gate
from handlers.home import AppHome
from handlers.ids import ActionId, CommandName, EventName, ViewId
from handlers.jd import Jd
from handlers.openings.approvals import OpeningsApprovals
from handlers.openings.forms import OpeningsForms
from handlers.openings.parts import OpeningsParts
from handlers.openings.postings import OpeningsPostings
from handlers.openings.share import OpeningsShare
from handlers.panels.changes import PanelsChanges
from handlers.panels.command import Panels
from handlers.panels.declines import PanelsDeclines
from handlers.panels.details import PanelsDetails
from handlers.panels.kit import PanelsKits
from handlers.panels.setup import PanelsSetup
from handlers.panels.slot import PanelsSlot
from handlers.payloads import (
    Command,
    Event,
    Press,
    Request,
    Submission,
    command_of,
    event_of,
    press_of,
    submission_of,
)
from handlers.questions import Questions
from handlers.records.erasing import ErasingListeners
from handlers.records.retaining import RetainingListeners
from handlers.reminders import Reminders
from handlers.scorecards.command import Scorecards
from handlers.scorecards.organizing import ScorecardsOrganizing
from handlers.settings import SettingsListeners

ANYTHING = re.compile(r"")


@dataclass(frozen=True)
class Listeners:
    """What answers each command, press, submission and event, and the act that it is.

    An act is what `bot/domain/rights.py` says who may; of a listener of several it is the one that
    everybody does first.
    """

    commands: Mapping[CommandName, tuple[Act, Listener[Command]]]
    actions: Mapping[ActionId, tuple[Act, Listener[Press]]]
    views: Mapping[ViewId, tuple[Act, Listener[Submission]]]
    events: Mapping[EventName, tuple[Act, Listener[Event]]]


@dataclass(frozen=True)
class OpeningListeners:
    """All that answers about openings."""

    forms: OpeningsForms
    parts: OpeningsParts
    postings: OpeningsPostings
    share: OpeningsShare
    approvals: OpeningsApprovals


@dataclass(frozen=True)
class PanelListeners:
    """All that answers about panels."""

    panels: Panels
    setup: PanelsSetup
    slot: PanelsSlot
    changes: PanelsChanges
    details: PanelsDetails
    kits: PanelsKits
    declines: PanelsDeclines
    candidates: Candidates


def listeners(
    jd: Jd,
    questions: Questions,
    opening: OpeningListeners,
    panel: PanelListeners,
    scorecards: Scorecards,
    organizing: ScorecardsOrganizing,
    feedback: FeedbackListeners,
    debriefs: DebriefListeners,
    decisions: DecisionListeners,
    offers: OfferListeners,
    records: RecordListeners,
    answers: AnswerListeners,
    reminders: Reminders,
    home: AppHome,
    settings: SettingsListeners,
    board: BoardListeners,
    applications: ApplicationListeners,
    erasing: ErasingListeners,
    retaining: RetainingListeners,
) -> Listeners:
    """The table of contents."""
    return Listeners(
        commands={
            CommandName.JD: (Act.POST_ROLE, jd.command),
            CommandName.QUESTIONS: (Act.ASK_QUESTIONS, questions.command),
            CommandName.PANEL: (Act.SET_UP_PANEL, panel.panels.command),
            CommandName.SCORECARD: (Act.SEE_OWN, scorecards.command),
            CommandName.HIRING: (Act.SEE_BOARD, board.command),
            CommandName.DEBRIEF: (Act.SEE_OWN, debriefs.command),
        },
        actions={
            ActionId.JD_START: (Act.POST_ROLE, jd.start),
            ActionId.JD_POST: (Act.POST_ROLE, jd.post),
            ActionId.JD_QUESTIONS: (Act.ASK_QUESTIONS, questions.of_role),
            ActionId.JD_GUIDE: (Act.READ_GUIDE, jd.guide),
            ActionId.JD_MENU: (Act.READ_GUIDE, jd.menu),
            ActionId.JD_PICK: (Act.POST_ROLE, jd.pick),
            ActionId.JD_LIST: (Act.POST_ROLE, jd.turn),
            ActionId.QUESTIONS_START: (Act.ASK_QUESTIONS, questions.start),
            ActionId.QUESTIONS_ASK: (Act.ASK_QUESTIONS, questions.ask),
            ActionId.QUESTIONS_SHOW: (Act.ASK_QUESTIONS, questions.show),
            ActionId.QUESTIONS_SWAP: (Act.ASK_QUESTIONS, questions.swap),
            ActionId.QUESTIONS_ANOTHER: (Act.ASK_QUESTIONS, questions.another),
            ActionId.QUESTIONS_DM: (Act.ASK_QUESTIONS, questions.send),
            ActionId.QUESTIONS_WARN: (Act.ASK_QUESTIONS, questions.warn),
            ActionId.QUESTIONS_POST: (Act.ASK_QUESTIONS, questions.post),
            ActionId.QUESTIONS_PICK: (Act.ASK_QUESTIONS, questions.pick),
            ActionId.PANEL_SET_UP: (Act.SET_UP_PANEL, panel.setup.open),
            ActionId.PANEL_COPY: (Act.SEE_PANEL, panel.setup.copy),
            ActionId.PANEL_ENTERED: (Act.SET_UP_PANEL, panel.setup.entered),
            ActionId.PANEL_MORE: (Act.SET_UP_PANEL, panel.setup.more),
            ActionId.PANEL_START_OVER: (Act.SET_UP_PANEL, panel.setup.start_over),
            ActionId.PANEL_SLOT: (Act.SET_UP_PANEL, panel.setup.slot),
            ActionId.PANEL_WHEN: (Act.SET_UP_PANEL, panel.slot.when),
            ActionId.PANEL_OPEN: (Act.SEE_PANEL, panel.panels.open),
            ActionId.PANEL_ADD: (Act.CHANGE_PANEL, panel.changes.add),
            ActionId.PANEL_DETAILS: (Act.CHANGE_PANEL, panel.details.edit),
            ActionId.PANEL_RESCHEDULE: (Act.CHANGE_PANEL, panel.changes.reschedule),
            ActionId.PANEL_REPLACE: (Act.CHANGE_PANEL, panel.changes.replace),
            ActionId.PANEL_CANCEL_INTERVIEW: (Act.CHANGE_PANEL, panel.changes.cancel_interview),
            ActionId.PANEL_CANCEL: (Act.CHANGE_PANEL, panel.changes.cancel),
            ActionId.PANEL_MENU: (Act.CHANGE_PANEL, panel.changes.menu),
            ActionId.PANEL_QUESTIONS: (Act.READ_KIT, panel.kits.questions),
            ActionId.PANEL_RUBRIC: (Act.READ_KIT, panel.kits.rubric),
            ActionId.PANEL_RATINGS: (Act.READ_KIT, panel.kits.ratings),
            ActionId.PANEL_KIT_MENU: (Act.READ_KIT, panel.kits.menu),
            ActionId.PANEL_POSTING: (Act.READ_KIT, panel.kits.posting),
            ActionId.PANEL_JOIN: (Act.SEE_OWN, panel.kits.join),
            ActionId.PANEL_CALENDAR: (Act.READ_KIT, panel.kits.calendar),
            ActionId.PANEL_DECLINE: (Act.DECLINE, panel.declines.decline),
            ActionId.PANEL_ACCEPT: (Act.DECLINE, panel.declines.accept),
            ActionId.BOARD_SHOW: (Act.SEE_BOARD, board.show),
            ActionId.BOARD_OPEN: (Act.SEE_STATE, board.open),
            ActionId.APPLICATION_OPEN: (Act.READ_APPLICATION, applications.open),
            ActionId.APPLICATION_APART: (Act.SCREEN, applications.apart),
            ActionId.APPLICATION_FREE: (Act.SCREEN, applications.free),
            ActionId.CANDIDATE_MERGE: (Act.MERGE, panel.candidates.merge),
            ActionId.CANDIDATE_APART: (Act.TELL_APART, panel.candidates.tell_apart),
            ActionId.CANDIDATE_UNDO: (Act.MERGE, panel.candidates.undo),
            ActionId.OPENING_START: (Act.MAKE_OPENING, opening.forms.start),
            ActionId.OPENING_MORE: (Act.MAKE_OPENING, opening.forms.more),
            ActionId.OPENING_EDIT: (Act.CHANGE_OPENING, opening.forms.edit),
            ActionId.OPENING_REVIEW: (Act.CHANGE_OPENING, opening.postings.review),
            ActionId.OPENING_TEXT: (Act.CHANGE_OPENING, opening.parts.text),
            ActionId.OPENING_USE: (Act.CHANGE_OPENING, opening.parts.use),
            ActionId.OPENING_PLAN: (Act.CHANGE_OPENING, opening.parts.plan),
            ActionId.OPENING_RULE: (Act.CHANGE_OPENING, opening.parts.rule),
            ActionId.OPENING_PLAN_ADD: (Act.CHANGE_OPENING, opening.parts.add),
            ActionId.OPENING_PLAN_MENU: (Act.CHANGE_OPENING, opening.parts.menu),
            ActionId.OPENING_MENU: (Act.CHANGE_OPENING, opening.postings.menu),
            ActionId.OPENING_PAGE: (Act.READ_OPENING, opening.postings.page),
            ActionId.OPENING_LIST: (Act.READ_OPENING, opening.postings.see_jobs),
            ActionId.OPENING_APPLY: (Act.READ_OPENING, opening.postings.apply),
            ActionId.OPENING_FULL: (Act.READ_OPENING, opening.postings.full),
            ActionId.OPENING_REFER: (Act.REFER, opening.postings.refer),
            ActionId.OPENING_SHARE: (Act.CHANGE_OPENING, opening.share.share),
            ActionId.OPENING_WITHDRAW: (Act.CHANGE_OPENING, opening.approvals.withdraw),
            ActionId.OPENING_APPROVAL: (Act.APPROVE_OPENING, opening.approvals.review),
            ActionId.OPENING_SEND_BACK: (Act.APPROVE_OPENING, opening.approvals.send_back),
            ActionId.SCORECARD_MINE: (Act.SEE_OWN, scorecards.own),
            ActionId.SCORECARD_OPEN: (Act.OPEN_SCORECARD, scorecards.open),
            ActionId.SCORECARD_TYPED: (Act.WRITE_SCORECARD, scorecards.typed),
            ActionId.SCORECARD_STEP: (Act.WRITE_SCORECARD, scorecards.step),
            ActionId.SCORECARD_DID_NOT_INTERVIEW: (
                Act.CLOSE_SCORECARD,
                scorecards.did_not_interview,
            ),
            ActionId.SCORECARD_NO_SHOW: (Act.CLOSE_SCORECARD, scorecards.no_show),
            ActionId.SCORECARD_REASSIGN: (Act.CLOSE_SCORECARD, scorecards.reassign),
            ActionId.SCORECARD_REASSIGN_FOR: (Act.CLOSE_FOR, organizing.reassign),
            ActionId.SCORECARD_CLOSE_FOR: (Act.CLOSE_FOR, organizing.close),
            ActionId.SCORECARD_FEEDBACK: (Act.READ_FEEDBACK, feedback.feedback),
            ActionId.SCORECARD_ANYWAY: (Act.OPEN_EARLY, feedback.anyway),
            ActionId.SCORECARD_READ: (Act.READ_FEEDBACK, feedback.read),
            ActionId.SCORECARD_EARLIER: (Act.READ_FEEDBACK, feedback.earlier),
            ActionId.SCORECARD_VERSION: (Act.READ_FEEDBACK, feedback.version),
            ActionId.DEBRIEF_OPEN: (Act.READ_FEEDBACK, debriefs.open),
            ActionId.DEBRIEF_EARLY: (Act.OPEN_EARLY, debriefs.early),
            ActionId.DEBRIEF_EVIDENCE: (Act.READ_FEEDBACK, debriefs.evidence),
            ActionId.DEBRIEF_PAGE: (Act.READ_FEEDBACK, debriefs.page),
            ActionId.DEBRIEF_LEAN: (Act.LEAN, debriefs.lean),
            ActionId.DEBRIEF_LEANINGS: (Act.OPEN_LEANINGS, debriefs.leanings),
            ActionId.DEBRIEF_DECIDE: (Act.DECIDE, decisions.decide),
            ActionId.DEBRIEF_UNDO: (Act.DECIDE, decisions.undo),
            ActionId.DEBRIEF_CONFIRM: (Act.DECIDE, decisions.confirm),
            ActionId.DEBRIEF_RECORD: (Act.READ_FEEDBACK, records.open),
            ActionId.DEBRIEF_OFFER: (Act.DECIDE, offers.record),
            ActionId.DEBRIEF_OFFER_UNDO: (Act.DECIDE, offers.undo),
            ActionId.DEBRIEF_ANSWER: (Act.ANSWER, answers.draft),
            ActionId.HOME_SETTINGS: (Act.CHOOSE_REMINDERS, home.settings),
            ActionId.HOME_EVERYONE: (Act.SET_DEFAULT, home.everyone),
            ActionId.HOME_SET_UP: (Act.SET_DEFAULT, home.set_up),
            ActionId.HOME_HOUR: (Act.CHOOSE_REMINDERS, home.hour),
            ActionId.HOME_DAYS: (Act.CHOOSE_REMINDERS, home.days),
            ActionId.HOME_DAY_OFF: (Act.CHOOSE_REMINDERS, home.day_off),
            ActionId.HOME_DAYS_OFF_UNTIL: (Act.CHOOSE_REMINDERS, home.day_off),
            ActionId.HOME_ADD_DAYS_OFF: (Act.CHOOSE_REMINDERS, home.add_days_off),
            ActionId.HOME_COUNTRY: (Act.CHOOSE_REMINDERS, home.country),
            ActionId.HOME_NO_DAY_OFF: (Act.CHOOSE_REMINDERS, home.no_day_off),
            ActionId.HOME_SNOOZE: (Act.CHOOSE_REMINDERS, home.snooze),
            ActionId.HOME_WAKE: (Act.CHOOSE_REMINDERS, home.wake),
            ActionId.HOME_EVERY_HOUR: (Act.SET_DEFAULT, home.every_hour),
            ActionId.HOME_EVERY_DAYS: (Act.SET_DEFAULT, home.every_days),
            ActionId.HOME_EVERY_CHASE: (Act.SET_DEFAULT, home.every_chase),
            ActionId.HOME_EVERY_NUDGE: (Act.SET_DEFAULT, home.every_nudge),
            ActionId.HOME_EVERY_OPENS: (Act.SET_DEFAULT, home.every_opens),
            ActionId.HOME_EVERY_CLOSES: (Act.SET_DEFAULT, home.every_closes),
            ActionId.HOME_EVERY_MANAGER: (Act.SET_DEFAULT, home.every_manager),
            ActionId.HOME_EVERY_RECRUITER: (Act.SET_DEFAULT, home.every_recruiter),
            ActionId.HOME_HOLIDAY: (Act.SET_DEFAULT, home.holiday),
            ActionId.HOME_NO_HOLIDAY: (Act.SET_DEFAULT, home.no_holiday),
            ActionId.SETTINGS_APPROVAL: (Act.SET_DEFAULT, settings.approval),
            ActionId.SETTINGS_APPROVERS: (Act.SET_DEFAULT, settings.approvers),
            ActionId.SETTINGS_JOBS_CHANNEL: (Act.SET_DEFAULT, settings.jobs_channel),
            ActionId.SETTINGS_DECIDERS: (Act.SET_DEFAULT, settings.deciders),
            ActionId.SETTINGS_ANSWER_DAYS: (Act.SET_DEFAULT, settings.answer_days),
            ActionId.RETENTION_DAYS: (Act.SET_RETENTION, retaining.days),
            ActionId.RETENTION_NOT_HIRED: (Act.SET_RETENTION, retaining.not_hired),
            ActionId.RECORD_ERASE: (Act.ERASE, erasing.ask),
            ActionId.HOME_EVERY_COUNTRY: (Act.SET_DEFAULT, home.every_country),
            ActionId.HOME_CALENDAR: (Act.SET_DEFAULT, home.calendar),
            ActionId.REMINDERS_LATER: (Act.CHOOSE_REMINDERS, reminders.later),
            ActionId.REMINDERS_TOMORROW: (Act.CHOOSE_REMINDERS, reminders.tomorrow),
            ActionId.REMINDERS_CLOSE: (Act.CLOSE_SCORECARD, reminders.close),
            ActionId.REMINDERS_NOW: (Act.REMIND, reminders.now),
        },
        views={
            ViewId.JD_PICKER: (Act.POST_ROLE, jd.submit_picker),
            ViewId.JD_REMOVAL: (Act.REMOVE_POSTING, jd.submit_removal),
            ViewId.OPENING_FORM: (Act.MAKE_OPENING, opening.forms.submit),
            ViewId.OPENING_REVIEW: (Act.CHANGE_OPENING, opening.postings.submit_review),
            ViewId.OPENING_TEXT: (Act.CHANGE_OPENING, opening.parts.submit_text),
            ViewId.OPENING_PLANNED: (Act.CHANGE_OPENING, opening.parts.submit_planned),
            ViewId.OPENING_RULE: (Act.CHANGE_OPENING, opening.parts.submit_rule),
            ViewId.OPENING_STATUS: (Act.CHANGE_OPENING, opening.postings.submit_status),
            ViewId.OPENING_REFER: (Act.REFER, opening.postings.submit_referral),
            ViewId.OPENING_SEND: (Act.CHANGE_OPENING, opening.approvals.submit),
            ViewId.OPENING_APPROVAL: (Act.APPROVE_OPENING, opening.approvals.approve),
            ViewId.OPENING_SEND_BACK: (Act.APPROVE_OPENING, opening.approvals.submit_back),
            ViewId.QUESTIONS_PICKER: (Act.ASK_QUESTIONS, questions.submit_picker),
            ViewId.PANEL_FORM: (Act.SET_UP_PANEL, panel.setup.submit),
            ViewId.PANEL_SLOT: (Act.SET_UP_PANEL, panel.slot.submit),
            ViewId.PANEL_ADD: (Act.CHANGE_PANEL, panel.changes.submit_add),
            ViewId.PANEL_DETAILS: (Act.CHANGE_PANEL, panel.details.submit),
            ViewId.PANEL_RESCHEDULE: (Act.CHANGE_PANEL, panel.changes.submit_reschedule),
            ViewId.PANEL_REPLACE: (Act.CHANGE_PANEL, panel.changes.submit_replace),
            ViewId.PANEL_CANCEL_INTERVIEW: (Act.CHANGE_PANEL, panel.changes.submit_cancel),
            ViewId.PANEL_CANCEL: (Act.CHANGE_PANEL, panel.changes.submit_cancel),
            ViewId.PANEL_DECLINE: (Act.DECLINE, panel.declines.submit),
            ViewId.SCORECARD_REASSIGN_FOR: (Act.CLOSE_FOR, organizing.submit_reassign),
            ViewId.SCORECARD_CLOSE_FOR: (Act.CLOSE_FOR, organizing.submit_close),
            ViewId.SCORECARD_FORM: (Act.WRITE_SCORECARD, scorecards.submit),
            ViewId.HOME_CALENDAR: (Act.SET_DEFAULT, home.submit_calendar),
            ViewId.RECORD_ERASE: (Act.ERASE, erasing.submit),
            ViewId.DEBRIEF_LEANING: (Act.LEAN, debriefs.submit_leaning),
            ViewId.DEBRIEF_DECIDE: (Act.DECIDE, decisions.submit),
            ViewId.DEBRIEF_OFFER: (Act.DECIDE, offers.submit),
            ViewId.DEBRIEF_ANSWER: (Act.ANSWER, answers.submit),
        },
        events={
            EventName.APP_HOME_OPENED: (Act.SEE_OWN, home.opened),
            EventName.MESSAGE: (Act.SEE_OWN, home.written_to),
        },
    )


def register(app: AsyncApp, table: Listeners, edge: Edge, gate: Gate, prefix: str) -> None:
    """Puts the table behind Bolt: one listener for each of Slack's kinds, the hottest first."""

    async def command(request: Command) -> Answer:
        name = request.name.removeprefix("/").removeprefix(prefix)
        return await _answer(gate, table.commands, name, request)

    async def action(request: Press) -> Answer:
        return await _answer(gate, table.actions, request.action, request)

    async def view(request: Submission) -> Answer:
        return await _answer(gate, table.views, request.view.callback, request)

    async def event(request: Event) -> Answer:
        if not request.is_by_person:  # or an answer of ours would be answered
            return Answer()
        return await _answer(gate, table.events, request.name, request)

    def command_name(request: Command) -> str:
        return _known(table.commands, request.name.removeprefix("/").removeprefix(prefix))

    def action_name(request: Press) -> str:
        return _known(table.actions, request.action)

    def view_name(request: Submission) -> str:
        return _known(table.views, request.view.callback)

    def event_name(request: Event) -> str:
        return _known(table.events, request.name)

    app.command(ANYTHING)(edge.guarded("command", command_of, command, command_name))
    app.action(ANYTHING)(edge.guarded("action", press_of, action, action_name))
    app.view(ANYTHING)(edge.guarded("view", submission_of, view, view_name))
    for name in table.events:
        app.event(name.value)(edge.guarded("event", event_of, event, event_name))
    app.error(edge.last_resort)


def _known(table: Mapping[Any, object], name: str) -> str:
    """The name by which a request is counted: one of ours, whatever is sent."""
    return str(name) if name in table else NO_LISTENER


async def _answer(
    gate: Gate,
    table: Mapping[Any, tuple[Act, Listener[AnyRequest]]],
    name: str,
    request: AnyRequest,
) -> Answer:
    """What the listener of this name answers, once the person has been let in."""
    act, listener = table.get(name, (Act.POST_ROLE, _unknown))
    await gate.admit(request, act)
    return await listener(request)


async def _unknown(_: Request) -> Answer:
    raise UserError("Panelist doesn't know this button. It may be from an older version.")

"""Everything that can be typed, pressed, submitted or opened, by anybody, about three panels."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import text, update

from bot.domain.apply.submission import Answers, RightToWork, Submission, Suspicion, Version
from bot.domain.audit import new_id
from bot.domain.openings.approval import Approval
from bot.domain.openings.fields import OpeningField
from bot.domain.openings.job import Job
from bot.domain.openings.opening import Opening, OpeningStatus
from bot.domain.openings.places import Place, WorkMode
from bot.domain.openings.plan import plan_for
from bot.domain.openings.terms import Terms
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.fields import PanelField
from bot.domain.panels.panel import Panel
from bot.domain.questions.selection import Level
from bot.domain.rights import PersonKind
from bot.domain.scorecards.closing import ClosingKind
from bot.domain.scorecards.scorecard import ScorecardField
from bot.storage.openings import openings
from handlers import ids
from handlers.ids import (
    ActionId,
    CommandName,
    EventName,
    FormField,
    ViewId,
    opening_part,
    panel_field,
    panel_part,
)
from handlers.panels.changes import ChangeForm
from handlers.views import jd
from handlers.views.apply.application import ApartToken, ApplicationToken, FreeToken
from handlers.views.board.board import BoardToken, CandidateToken
from handlers.views.candidates import MergeToken
from handlers.views.debriefs.buttons import DebriefToken, TellToken
from handlers.views.debriefs.debrief import SeenToken
from handlers.views.debriefs.decision import ConfirmToken, DecideToken, DecisionToken
from handlers.views.debriefs.evidence import PageToken
from handlers.views.debriefs.leaning import LeaningToken
from handlers.views.debriefs.offer import OfferToken
from handlers.views.debriefs.packet import RecordToken
from handlers.views.feedback import ReadToken, VersionToken
from handlers.views.home.holidays import CalendarToken
from handlers.views.home.settings import DayToken
from handlers.views.home.setup import SetUpStep, SetUpToken
from handlers.views.jd import ListToken, PickerToken, PostingToken, RemovalToken, RoleToken
from handlers.views.openings.advice import UseToken
from handlers.views.openings.approvals import ApprovalToken
from handlers.views.openings.form import FormToken
from handlers.views.openings.page import EditToken as JobPart
from handlers.views.openings.page import (
    OpeningChoice,
    OpeningVerb,
    ReferToken,
    StatusToken,
)
from handlers.views.openings.parts import REMOVE, PlanChoice
from handlers.views.openings.posting import OpeningToken
from handlers.views.openings.review import ReviewToken
from handlers.views.panels.kit import InterviewToken, KitAction, KitChoice
from handlers.views.panels.panel import EditToken, MenuAction, MenuToken, PanelToken
from handlers.views.panels.questions import QuestionToken
from handlers.views.panels.setup import SetupToken, SlotAction, SlotChoice, SlotToken
from handlers.views.questions import picker
from handlers.views.questions.questions import SelectionToken
from handlers.views.records.erasing import EraseToken
from handlers.views.remind_now import RemindToken
from handlers.views.reminders import CloseToken
from handlers.views.scorecards.form import OpenToken, ScorecardToken
from handlers.views.scorecards.organizing import ForToken
from handlers.views.scorecards.pages import FeedbackToken
from tests.support.panelist import Panelist
from tests.support.panels import MONDAY, ROLE, HandClock, new_interview
from tests.support.scorecards import Desk, body, of
from tests.support.waiting import A_MINUTE
from tests.support.wire import (
    CHANNEL,
    WORKSPACE,
    Json,
    Reply,
    Wire,
    press_payload,
    submission_payload,
)

SETTER, RECRUITER, MANAGER = "U1", "URECRUITER", "UMANAGER"
ALEX, SAM, PRIYA, DECIDER = "UALEX", "USAM", "UPRIYA", "UDECIDER"
HELD, COMING, EARLY = "a" * 16, "b" * 16, "c" * 16
"""Alex, Sam and Priya have interviewed, and Sam has submitted; the same three will interview; Alex,
Sam, the recruiter and the manager have interviewed, and nobody has submitted."""

MEMBER = PersonKind.MEMBER


@dataclass(frozen=True)
class Who:
    """Somebody, and what they are to the panels and to Alex's interviews."""

    user: str
    kinds: frozenset[PersonKind]
    workspace: str = WORKSPACE
    """The one that their requests name."""


PEOPLE = {
    "who only set it up": Who(SETTER, frozenset({MEMBER, PersonKind.SET_UP})),
    "recruiter": Who(RECRUITER, frozenset({MEMBER, PersonKind.RECRUITER})),
    "hiring manager": Who(MANAGER, frozenset({MEMBER, PersonKind.HIRING_MANAGER})),
    "decider": Who(DECIDER, frozenset({MEMBER, PersonKind.DECIDER})),
    "interviewer": Who(ALEX, frozenset({MEMBER, PersonKind.INTERVIEWER, PersonKind.COLLEAGUE})),
    "colleague": Who(SAM, frozenset({MEMBER, PersonKind.COLLEAGUE})),
    "admin": Who("UADMIN", frozenset({MEMBER, PersonKind.ADMIN})),
    "member": Who("UMEMBER", frozenset({MEMBER})),
    "guest": Who("UGUEST", frozenset({PersonKind.GUEST})),
    "interviewer who is a guest by now": Who(PRIYA, frozenset({PersonKind.GUEST})),
    "stranger in a shared channel": Who("USTRANGER", frozenset({PersonKind.STRANGER})),
    "organizer's id, from another workspace": Who(SETTER, frozenset({PersonKind.STRANGER}), "T2"),
}


def slack_people() -> dict[str, Json]:
    """What users.info says of those who are not plain members."""
    said = {
        "UADMIN": {"is_admin": True},
        "UGUEST": {"is_restricted": True},
        PRIYA: {"is_restricted": True},
        "USTRANGER": {"team_id": "T2"},
    }
    return {
        id: {"id": id, "name": id.lower(), "team_id": WORKSPACE} | it for id, it in said.items()
    }


@dataclass(frozen=True)
class Command:
    line: str


@dataclass(frozen=True)
class Press:
    element: Json
    view: Json | None = None


@dataclass(frozen=True)
class Submit:
    view: Json
    values: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Opened:
    event: EventName
    tab: str = "home"
    changes: Json = field(default_factory=dict)


Request = Command | Press | Submit | Opened


@dataclass
class Stage:
    """Panelist running, the three panels, and what of them a button can name."""

    panelist: Panelist
    desk: Desk
    clock: HandClock
    held: Panel
    coming: Panel
    early: Panel
    card: str
    """Sam's scorecard."""
    job: Job
    """An opening of those who organize the panels."""
    set: Json = field(default_factory=dict)
    """A set of interview questions as it is shown."""

    async def does(self, request: Request, who: Who) -> str:
        """Everything that the person reads of what they do, as JSON."""
        slack = self.panelist.slack
        calls, responses = len(slack.calls), len(slack.responses)
        answer = (await self.sends(request, who, self.panelist.wire)).text
        await self._is_done()
        told = [
            arguments
            for method, arguments in slack.calls[calls:]
            if method.startswith(("views.", "chat.", "files."))
        ]
        said = [message for _, message in slack.responses[responses:]]
        return answer + json.dumps([*told, *said], ensure_ascii=False)

    async def sends(self, request: Request, who: Who, wire: Wire) -> Reply:
        """What is answered within the request, by any Panelist that has the same database."""
        url = self.panelist.slack.response_url()
        match request:
            case Command(line):
                changes = {"user_id": who.user, "team_id": who.workspace}
                return await wire.command(line, url, **changes)
            case Press(element, view):
                payload = press_payload(element, None if view else url, user=who.user, view=view)
            case Submit(view, values):
                payload = submission_payload(view, values, user=who.user)
            case Opened(name, tab, changes):
                event = {"type": name, "user": who.user, "channel": "D1", "tab": tab} | changes
                payload = {"type": "event_callback", "event_id": "Ev1", "event": event}
                return await wire.event(payload | {"team_id": who.workspace})
        payload["team"] = {"id": who.workspace, "domain": "example"}
        payload["user"]["team_id"] = who.workspace
        return await wire.payload(payload)

    async def _is_done(self) -> None:
        """Everything that was begun is done, what a form says about being saved included."""
        await self.panelist.application.edge.drain(A_MINUTE)
        lines = self.panelist.application.scorecards._saving._lines
        async with asyncio.timeout(A_MINUTE):
            while lines._lanes:  # noqa: ASYNC110 - each form has a line of its own
                await asyncio.sleep(0.005)

    async def rows(self) -> dict[str, list[Any]]:
        """Everything that the database holds, by table, once nothing is on its way any more."""
        await self.panelist.application.tick()
        await self.panelist.application.members.flush()
        async with self.desk.database.read() as tx:
            tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            names = (await tx.connection.execute(text(tables))).scalars().all()
            return {
                name: sorted(map(repr, await tx.connection.execute(text(f"SELECT * FROM {name}"))))
                for name in names
            }

    def set_element(self, action: ActionId) -> Json:
        """The first element of the set of questions that is answered by this."""
        for block in self.set["blocks"]:
            for item in (*block.get("elements", ()), block.get("accessory") or {}):
                if item.get("action_id", "").partition(":")[0] == action:
                    return item | {"block_id": block.get("block_id", "b1")}
        raise LookupError(action)


async def stage(panelist: Panelist, desk: Desk, clock: HandClock) -> Stage:
    """Sets the scene: the panels, Sam's scorecard, a set of questions. It ticks when told to."""
    await panelist.application.ticker.stop()
    parts = {"recruiter": RECRUITER, "hiring_manager": MANAGER}
    three = [new_interview(user) for user in (ALEX, SAM, PRIYA)]
    later = [new_interview(user, MONDAY + timedelta(days=30)) for user in (ALEX, SAM, PRIYA)]
    four = [new_interview(user) for user in (ALEX, SAM, RECRUITER, MANAGER)]
    held = await desk.set_up(*three, id=HELD, **parts)
    coming = await desk.set_up(*later, id=COMING, **parts)
    early = await desk.set_up(*four, id=EARLY, **parts)
    await decides(desk, DECIDER)
    await applied(desk, held)
    clock.set(MONDAY + timedelta(hours=2))
    card = (await desk.submit(of(held, SAM))).scorecard.id
    made = Stage(panelist, desk, clock, held, coming, early, card, await opened(desk))
    made.set = await panelist.reply("/questions backend developer 90", user_id="UMEMBER")
    return made


async def decides(desk: Desk, *people: str) -> None:
    """These decide, beside the hiring manager, about whoever is interviewed."""
    async with desk.database.write() as tx:
        await tx.connection.execute(update(openings).values(deciders=list(people)))


async def applied(desk: Desk, panel: Panel) -> None:
    """The candidate of a panel applied on the job's own page; something else looks like spam."""
    now = desk.clock.now()
    answers = Answers("Robin Doe", "robin@example.com", "DE", RightToWork.YES)
    sent = Submission(
        *(SENT, panel.opening.id, panel.application, "form", "0" * 64, False),
        *(now, now.date(), "en"),
        versions=(Version(1, now, answers),),
    )
    spam = replace(sent, id=SPAM, application=None, form="spam", token_hash="1" * 64)
    spam = replace(spam, suspicion=Suspicion.TRAP)
    async with desk.database.write() as tx:
        await tx.submissions.add(WORKSPACE, sent)
        await tx.submissions.add(WORKSPACE, spam)


SENT, SPAM = "5" * 16, "6" * 16
JOB = "d" * 16


async def opened(desk: Desk) -> Job:
    """A job that is open, of whoever set the panels up, their recruiter and hiring manager; the
    recruiter has sent it for approval."""
    role = desk.library.role(ROLE)
    assert role is not None
    content = FrozenContent(role=role, competencies=desk.library.competencies_of(role))
    job = Job(
        opening=Opening(
            JOB,
            ROLE,
            "Senior Backend Developer",
            Level.SENIOR,
            SETTER,
            status=OpeningStatus.OPEN,
            hiring_manager=MANAGER,
            recruiter=RECRUITER,
        ),
        slug="payments",
        terms=Terms(
            places=(Place("DE", None, "Berlin"),),
            work_mode=WorkMode.HYBRID,
            no_pay="An honorary office",
            apply_at="jobs@example.com",
        ),
        text=role.sections,
        plan=plan_for([(item.id, item.name) for item in content.competencies]),
        content=content.id,
        status_at=desk.clock.now(),
    )
    async with desk.database.write() as tx:
        await tx.panels.keep_content(WORKSPACE, content, desk.clock.now())
        await tx.openings.add_job(WORKSPACE, job, desk.clock.now())
        await tx.approvals.add(WORKSPACE, Approval(JOB, 1, 1, RECRUITER, desk.clock.now()))
    return job


# What each button and form sends. Whoever presses need not have been shown it.


def button(value: str = "", block_id: str = "b1") -> Json:
    return {"type": "button", "value": value, "block_id": block_id}


def modal(callback: str, metadata: str) -> Json:
    return {"type": "modal", "callback_id": callback, "private_metadata": metadata, "blocks": []}


def filled(*fields: tuple[FormField, Json]) -> Json:
    values: Json = {}
    for of_field, state in fields:
        values.setdefault(of_field.block, {})[of_field.action] = state
    return values


def chosen(value: str) -> Json:
    return {"selected_option": {"value": value}}


def setup_view() -> Json:
    """The set-up form with one interviewer; each time another panel's."""
    values = filled(
        (panel_part(PanelField.NAME), {"value": "Kim Roe"}),
        (panel_part(PanelField.ROLE), chosen(ROLE)),
        (panel_part(PanelField.HIRING_MANAGER), {"selected_user": MANAGER}),
        (panel_part(PanelField.INTERVIEWS), {"selected_users": [ALEX]}),
        (panel_part(PanelField.START), {"selected_date_time": int(MONDAY.timestamp()) + 10**7}),
    )
    view = modal(ViewId.PANEL_FORM, SetupToken(id=new_id()).dump())
    return view | {"state": {"values": values}}


def in_setup(action: str, value: str, block_id: str = "b1") -> Press:
    return Press(button(value, block_id) | {"action_id": action}, setup_view())


def in_home(of_field: FormField, state: Json) -> Press:
    view = {"type": "home", "callback_id": "", "private_metadata": "", "blocks": []}
    view |= {"state": {"values": filled((of_field, state))}}
    return Press({"type": "x", "action_id": of_field.action} | state, view)


def add_days_off() -> Press:
    """*Add days off*, with a first day and none that is the last."""
    whole = in_home(ids.HOME_DAY_OFF, NEXT_DAY)
    return Press(button("") | {"action_id": ActionId.HOME_ADD_DAYS_OFF}, whole.view)


def in_message(action: str, value: str, block_id: str = "b1") -> Press:
    return Press(button(value, block_id) | {"action_id": action})


def edit(panel: Panel, interview: str | None = None) -> str:
    return EditToken(panel=panel.id, revision=panel.revision, interview=interview).dump()


def same_person(here: Stage) -> str:
    """That the candidates of two panels are one person."""
    return MergeToken(panel=here.held.id, other=here.coming.candidate.id).dump()


def alexs(panel: Panel) -> str:
    return of(panel, ALEX).id


def first_question(here: Stage) -> str:
    """What good answers to the first question of Alex's are."""
    item = of(here.coming, ALEX)
    return QuestionToken(interview=item.id, question=item.questions[0]).dump()


def scorecard_form(here: Stage) -> Json:
    token = ScorecardToken(interview=alexs(here.held), form="e" * 16, revision=0, version=0)
    return modal(ViewId.SCORECARD_FORM, token.dump())


def in_scorecard(here: Stage, action: str, value: str = "") -> Press:
    recommendation = ids.scorecard_field(ScorecardField.RECOMMENDATION, "e" * 16)
    view = scorecard_form(here) | {"state": {"values": filled((recommendation, chosen("yes")))}}
    view |= {"blocks": [{"type": "input", "block_id": recommendation.block}]}
    return Press(button(value, recommendation.block) | {"action_id": action}, view)


def change_form(panel: Panel, callback: ViewId, interview: str | None = None) -> Json:
    token = ChangeForm(panel=panel.id, revision=panel.revision, interview=interview)
    return modal(callback, token.dump())


def one_interview(person: str = "UDANA") -> Json:
    return filled(
        (ids.PANEL_PERSON, {"selected_user": person}),
        (ids.PANEL_FOCUS, {"selected_options": [{"value": "debugging"}]}),
        (ids.PANEL_START, {"selected_date_time": int(MONDAY.timestamp()) + 10**7}),
        (ids.PANEL_MINUTES, chosen("45")),
    )


def setup_form(here: Stage) -> Submit:
    view = setup_view()
    return Submit(view, view["state"]["values"])


def details_form(here: Stage) -> Submit:
    revision = here.coming.revision
    values = filled(
        (panel_field("name", revision), {"value": "Robin A. Doe"}),
        (panel_field("manager", revision), {"selected_user": MANAGER}),
        (panel_field("recruiter", revision), {"selected_user": RECRUITER}),
    )
    return Submit(change_form(here.coming, ViewId.PANEL_DETAILS), values)


def whole_scorecard(here: Stage) -> Submit:
    form, focus = "e" * 16, of(here.held, ALEX).focus
    written = body(focus)
    fields = [
        (ids.scorecard_field(ScorecardField.RECOMMENDATION, form), chosen("yes")),
        *(
            (ids.scorecard_field(ScorecardField.CHOICE, form, item.competency), chosen("solid"))
            for item in written.assessments
        ),
        *(
            (
                ids.scorecard_field(ScorecardField.EVIDENCE, form, item.competency),
                {"value": item.evidence},
            )
            for item in written.assessments
        ),
    ]
    blocks = [{"type": "input", "block_id": it.block} for it, _ in fields]
    return Submit(scorecard_form(here) | {"blocks": blocks}, filled(*fields))


def slot_form(here: Stage) -> Submit:
    return Submit(slot_modal(), one_interview())


def slot_modal() -> Json:
    token = SlotToken(draft=new_id(), root="V1", who=ALEX)
    return modal(ViewId.PANEL_SLOT, token.dump()) | {"state": {"values": one_interview()}}


ROLE_TOKEN = RoleToken(role=ROLE).dump()
MENU = jd.MenuToken(verb=jd.MenuAction.MARKDOWN, role=ROLE).dump()
WANTED = SelectionToken(role=ROLE, minutes=30).dump()
DAY = DayToken(day=(MONDAY + timedelta(days=10)).date()).dump()
NEXT_DAY = {"selected_date": str((MONDAY + timedelta(days=10)).date())}
WEEK = {"selected_options": [{"value": str(day)} for day in range(5)]}
OPENS, CLOSES = ids.home_hours(9, 18)


def posting_menu(here: Stage) -> Press:
    pressed = button(block_id=PostingToken(posting="p1").dump()) | {"action_id": ActionId.JD_MENU}
    return Press(pressed | {"type": "overflow", "selected_option": {"value": MENU}})


def jd_picker(here: Stage) -> Json:
    url = here.panelist.slack.response_url()
    return modal(ViewId.JD_PICKER, PickerToken(channel=CHANNEL, response_url=url).dump())


def jd_removal(here: Stage) -> Json:
    url = here.panelist.slack.response_url()
    token = RemovalToken(posting="p1", channel=CHANNEL, message="1.1", response_url=url)
    return modal(ViewId.JD_REMOVAL, token.dump())


def questions_picker(here: Stage) -> Json:
    token = picker.PickerToken(response_url=here.panelist.slack.response_url(), minutes=30)
    return modal(ViewId.QUESTIONS_PICKER, token.dump())


def of_set(action: ActionId, shown_as: ActionId | None = None) -> Callable[[Stage], Press]:
    """A button of a set of questions; `shown_as` is one that says the same of the set."""

    def made(here: Stage) -> Press:
        return Press(here.set_element(shown_as or action) | {"action_id": action})

    return made


def opening_form() -> Json:
    """The form for a new job; each time another's."""
    values = filled(
        (opening_part(OpeningField.TITLE), {"value": "Data Engineer"}),
        (opening_part(OpeningField.WHERE), {"value": "Berlin, Germany"}),
        (opening_part(OpeningField.WORK_MODE), chosen("hybrid")),
        (opening_part(OpeningField.HIRING_MANAGER), {"selected_user": MANAGER}),
    )
    token = FormToken(id=new_id(), version=0, role=ROLE)
    return modal(ViewId.OPENING_FORM, token.dump()) | {"state": {"values": values}}


def of_job(action: ActionId) -> Callable[[Stage], Press]:
    return lambda here: in_message(action, OpeningToken(opening=JOB).dump())


def job_part() -> str:
    """The version that whoever changes it first has seen: that only somebody else has changed it
    since is told otherwise than that one may not."""
    return JobPart(opening=JOB, version=1).dump()


def in_plan(action: ActionId, value: str) -> Press:
    return Press(button(value) | {"action_id": action}, modal("", job_part()))


def planned_form(here: Stage) -> Submit:
    values = filled(
        (opening_part(OpeningField.PLAN_NAME), {"value": "Pairing"}),
        (opening_part(OpeningField.PLAN_MINUTES), {"value": "60"}),
        (opening_part(OpeningField.PLAN_FOCUS), {"selected_options": [{"value": "debugging"}]}),
    )
    return Submit(modal(ViewId.OPENING_PLANNED, job_part()), values)


def rule_form(here: Stage) -> Submit:
    values = filled(
        (opening_part(OpeningField.RULE_POOR), {"selected_options": [{"value": "debugging"}]}),
    )
    return Submit(modal(ViewId.OPENING_RULE, job_part()), values)


def review_form(here: Stage) -> Submit:
    token = ReviewToken(opening=JOB, version=1, post=new_id())
    values = filled((ids.OPENING_POST_IN, {"selected_conversations": [CHANNEL]}))
    return Submit(modal(ViewId.OPENING_REVIEW, token.dump()), values)


def in_debrief(action: ActionId, value: str) -> Press:
    return Press(button(value) | {"action_id": action}, modal("", ""))


def leaning_form(here: Stage) -> Submit:
    token = LeaningToken(panel=HELD, seen="0" * 16, under="V1")
    values = filled(
        (ids.DEBRIEF_LEANING, chosen("yes")),
        (ids.DEBRIEF_SENTENCE, {"value": "Models data well."}),
    )
    return Submit(modal(ViewId.DEBRIEF_LEANING, token.dump()), values)


def decide_form(here: Stage) -> Submit:
    token = DecideToken(panel=HELD, seen="0" * 16, number=0, under="V1")
    values = filled(
        (ids.decision_part("outcome"), chosen("hold")),
        (ids.decision_part("competencies"), {"selected_options": [{"value": "debugging"}]}),
        (ids.decision_part("kind"), chosen("need_more")),
        (ids.decision_part("reason"), {"value": "We need a reference on working with others."}),
    )
    return Submit(modal(ViewId.DEBRIEF_DECIDE, token.dump()), values)


def use_words(here: Stage) -> Press:
    """*Use this* in the review."""
    token = ReviewToken(opening=JOB, version=1, post=new_id())
    view = modal(ViewId.OPENING_REVIEW, token.dump())
    value = UseToken(opening=JOB, key="0" * 8).dump()
    return Press(button(value) | {"action_id": ActionId.OPENING_USE}, view)


def referral_form(here: Stage) -> Submit:
    values = filled(
        (opening_part(OpeningField.REFERRED), {"value": "Kim Roe"}),
        (opening_part(OpeningField.REFERRED_WHY), {"value": "Fixed our search."}),
    )
    token = ReferToken(opening=JOB, candidate=new_id())
    return Submit(modal(ViewId.OPENING_REFER, token.dump()), values)


def to_send(here: Stage) -> Submit:
    return Submit(
        modal(ViewId.OPENING_SEND, ReviewToken(opening=JOB, version=1, post=new_id()).dump()),
        {},
    )


def answered(view: ViewId) -> Submit:
    """What an approver submits."""
    values = filled((ids.OPENING_REASON, {"value": "The pay is missing."}))
    return Submit(modal(view, ApprovalToken(opening=JOB, version=1).dump()), values)


def sends_back(here: Stage) -> Press:
    """*Send back* in the posting that is reviewed."""
    view = modal(ViewId.OPENING_APPROVAL, ApprovalToken(opening=JOB, version=1).dump())
    return Press(button() | {"action_id": ActionId.OPENING_SEND_BACK}, view)


PAUSE = {"verb": OpeningVerb.PAUSE, "opening": JOB}

REQUESTS: dict[str, Callable[[Stage], Request]] = {
    CommandName.JD: lambda here: Command("/jd backend-developer"),
    CommandName.QUESTIONS: lambda here: Command("/questions backend developer"),
    CommandName.PANEL: lambda here: Command("/panel list"),
    CommandName.SCORECARD: lambda here: Command("/scorecard"),
    CommandName.HIRING: lambda here: Command("/hiring"),
    ActionId.BOARD_SHOW: lambda here: in_message(ActionId.BOARD_SHOW, BoardToken().dump()),
    ActionId.BOARD_OPEN: lambda here: in_message(
        ActionId.BOARD_OPEN, CandidateToken(application=here.held.application).dump()
    ),
    CommandName.DEBRIEF: lambda here: Command("/debrief"),
    ActionId.JD_START: lambda here: in_message(ActionId.JD_START, ""),
    ActionId.JD_POST: lambda here: in_message(ActionId.JD_POST, ROLE_TOKEN),
    ActionId.JD_QUESTIONS: lambda here: in_message(ActionId.JD_QUESTIONS, ROLE_TOKEN),
    ActionId.JD_GUIDE: lambda here: in_message(ActionId.JD_GUIDE, ROLE_TOKEN),
    ActionId.JD_MENU: posting_menu,
    ActionId.JD_LIST: lambda here: in_message(ActionId.JD_LIST, ListToken(page=0).dump()),
    ActionId.JD_PICK: lambda here: Press(
        button(ROLE) | {"action_id": ActionId.JD_PICK}, jd_picker(here)
    ),
    ActionId.QUESTIONS_START: lambda here: in_message(ActionId.QUESTIONS_START, ""),
    ActionId.QUESTIONS_ASK: lambda here: in_message(ActionId.QUESTIONS_ASK, WANTED),
    ActionId.QUESTIONS_SHOW: of_set(ActionId.QUESTIONS_SHOW),
    ActionId.QUESTIONS_SWAP: of_set(ActionId.QUESTIONS_SWAP),
    ActionId.QUESTIONS_ANOTHER: of_set(ActionId.QUESTIONS_ANOTHER),
    ActionId.QUESTIONS_DM: of_set(ActionId.QUESTIONS_DM),
    ActionId.QUESTIONS_WARN: of_set(ActionId.QUESTIONS_WARN),
    ActionId.QUESTIONS_POST: of_set(ActionId.QUESTIONS_POST, ActionId.QUESTIONS_WARN),
    ActionId.QUESTIONS_PICK: lambda here: Press(
        button(ROLE) | {"action_id": ActionId.QUESTIONS_PICK}, questions_picker(here)
    ),
    ActionId.PANEL_SET_UP: lambda here: in_message(ActionId.PANEL_SET_UP, ""),
    ActionId.PANEL_COPY: lambda here: in_setup(ActionId.PANEL_COPY, HELD),
    ActionId.PANEL_ENTERED: lambda here: in_setup(ActionId.PANEL_ENTERED, ROLE, "panel.role"),
    ActionId.PANEL_MORE: lambda here: in_setup(ActionId.PANEL_MORE, "more"),
    ActionId.PANEL_START_OVER: lambda here: in_setup(ActionId.PANEL_START_OVER, "all"),
    ActionId.PANEL_SLOT: lambda here: in_setup(
        ActionId.PANEL_SLOT, SlotChoice(verb=SlotAction.CHANGE, who=ALEX).dump()
    ),
    ActionId.PANEL_WHEN: lambda here: Press(
        button("45") | {"action_id": ActionId.PANEL_WHEN}, slot_modal()
    ),
    ActionId.PANEL_OPEN: lambda here: in_message(
        ActionId.PANEL_OPEN, PanelToken(panel=HELD).dump()
    ),
    ActionId.PANEL_ADD: lambda here: in_message(ActionId.PANEL_ADD, edit(here.coming)),
    ActionId.PANEL_DETAILS: lambda here: in_message(ActionId.PANEL_DETAILS, edit(here.coming)),
    ActionId.PANEL_RESCHEDULE: lambda here: in_message(
        ActionId.PANEL_RESCHEDULE, edit(here.coming, alexs(here.coming))
    ),
    ActionId.PANEL_REPLACE: lambda here: in_message(
        ActionId.PANEL_REPLACE, edit(here.coming, alexs(here.coming))
    ),
    ActionId.PANEL_CANCEL_INTERVIEW: lambda here: in_message(
        ActionId.PANEL_CANCEL_INTERVIEW, edit(here.coming, alexs(here.coming))
    ),
    ActionId.PANEL_CANCEL: lambda here: in_message(ActionId.PANEL_CANCEL, edit(here.coming)),
    **{
        action: lambda here, action=action: in_message(
            action, InterviewToken(interview=alexs(here.coming)).dump()
        )
        for action in (
            ActionId.PANEL_QUESTIONS,
            ActionId.PANEL_RATINGS,
            ActionId.PANEL_POSTING,
            ActionId.PANEL_JOIN,
            ActionId.PANEL_CALENDAR,
            ActionId.PANEL_DECLINE,
            ActionId.PANEL_ACCEPT,
        )
    },
    ActionId.PANEL_MENU: lambda here: in_message(
        ActionId.PANEL_MENU,
        MenuToken(verb=MenuAction.RESCHEDULE).dump(),
        edit(here.coming, alexs(here.coming)),
    ),
    ActionId.PANEL_RUBRIC: lambda here: in_message(ActionId.PANEL_RUBRIC, first_question(here)),
    ActionId.PANEL_KIT_MENU: lambda here: in_message(
        ActionId.PANEL_KIT_MENU,
        KitChoice(interview=alexs(here.coming), verb=KitAction.POSTING).dump(),
    ),
    ActionId.CANDIDATE_MERGE: lambda here: in_message(ActionId.CANDIDATE_MERGE, same_person(here)),
    ActionId.CANDIDATE_APART: lambda here: in_message(ActionId.CANDIDATE_APART, same_person(here)),
    ActionId.APPLICATION_OPEN: lambda here: in_message(
        ActionId.APPLICATION_OPEN, ApplicationToken(application=here.held.application).dump()
    ),
    ActionId.APPLICATION_APART: lambda here: in_message(
        ActionId.APPLICATION_APART, ApartToken(opening=here.held.opening.id).dump()
    ),
    ActionId.APPLICATION_FREE: lambda here: in_message(
        ActionId.APPLICATION_FREE, FreeToken(submission=SPAM).dump()
    ),
    ActionId.CANDIDATE_UNDO: lambda here: in_message(ActionId.CANDIDATE_UNDO, same_person(here)),
    ActionId.SCORECARD_OPEN: lambda here: in_message(
        ActionId.SCORECARD_OPEN, OpenToken(interview=alexs(here.held)).dump()
    ),
    ActionId.SCORECARD_TYPED: lambda here: in_scorecard(here, ActionId.SCORECARD_TYPED),
    ActionId.SCORECARD_STEP: lambda here: in_scorecard(here, ActionId.SCORECARD_STEP, "debugging"),
    ActionId.SCORECARD_DID_NOT_INTERVIEW: lambda here: in_scorecard(
        here, ActionId.SCORECARD_DID_NOT_INTERVIEW
    ),
    ActionId.SCORECARD_NO_SHOW: lambda here: in_scorecard(here, ActionId.SCORECARD_NO_SHOW),
    ActionId.SCORECARD_REASSIGN: lambda here: in_scorecard(here, ActionId.SCORECARD_REASSIGN, SAM),
    ActionId.SCORECARD_REASSIGN_FOR: lambda here: in_message(
        ActionId.SCORECARD_REASSIGN_FOR, ForToken(interview=alexs(here.held)).dump()
    ),
    ActionId.SCORECARD_CLOSE_FOR: lambda here: in_message(
        ActionId.SCORECARD_CLOSE_FOR, ForToken(interview=alexs(here.held)).dump()
    ),
    ActionId.OPENING_START: lambda here: in_message(ActionId.OPENING_START, ROLE_TOKEN),
    ActionId.OPENING_MORE: lambda here: Press(
        button("more") | {"action_id": ActionId.OPENING_MORE}, opening_form()
    ),
    **{
        action: of_job(action)
        for action in (
            ActionId.OPENING_EDIT,
            ActionId.OPENING_REVIEW,
            ActionId.OPENING_PAGE,
            ActionId.OPENING_LIST,
            ActionId.OPENING_APPLY,
            ActionId.OPENING_FULL,
            ActionId.OPENING_REFER,
            ActionId.OPENING_SHARE,
            ActionId.OPENING_WITHDRAW,
            ActionId.OPENING_APPROVAL,
        )
    },
    ActionId.OPENING_TEXT: lambda here: in_message(ActionId.OPENING_TEXT, job_part()),
    ActionId.OPENING_SEND_BACK: sends_back,
    ActionId.OPENING_USE: use_words,
    ActionId.OPENING_PLAN: lambda here: in_message(ActionId.OPENING_PLAN, job_part()),
    ActionId.OPENING_RULE: lambda here: in_message(ActionId.OPENING_RULE, job_part()),
    ActionId.OPENING_PLAN_ADD: lambda here: in_plan(ActionId.OPENING_PLAN_ADD, job_part()),
    ActionId.OPENING_PLAN_MENU: lambda here: in_plan(
        ActionId.OPENING_PLAN_MENU,
        PlanChoice(opening=JOB, version=1, verb=REMOVE, number=0).dump(),
    ),
    ActionId.OPENING_MENU: lambda here: in_message(
        ActionId.OPENING_MENU, OpeningChoice(**PAUSE).dump()
    ),
    ActionId.SCORECARD_MINE: lambda here: in_message(ActionId.SCORECARD_MINE, ""),
    ActionId.SCORECARD_FEEDBACK: lambda here: in_message(
        ActionId.SCORECARD_FEEDBACK, FeedbackToken(panel=HELD).dump()
    ),
    ActionId.SCORECARD_ANYWAY: lambda here: in_message(
        ActionId.SCORECARD_ANYWAY, FeedbackToken(panel=EARLY).dump()
    ),
    ActionId.SCORECARD_READ: lambda here: in_message(
        ActionId.SCORECARD_READ, ReadToken(scorecard=here.card).dump()
    ),
    ActionId.SCORECARD_EARLIER: lambda here: in_message(
        ActionId.SCORECARD_EARLIER, ReadToken(scorecard=here.card).dump()
    ),
    ActionId.SCORECARD_VERSION: lambda here: in_message(
        ActionId.SCORECARD_VERSION, VersionToken(scorecard=here.card, number=1).dump()
    ),
    **{
        action: lambda here, action=action: in_message(action, DebriefToken(panel=EARLY).dump())
        for action in (ActionId.DEBRIEF_OPEN, ActionId.DEBRIEF_EARLY)
    },
    **{
        action: lambda here, action=action: in_debrief(
            action, SeenToken(panel=HELD, seen="0" * 16).dump()
        )
        for action in (
            ActionId.DEBRIEF_EVIDENCE,
            ActionId.DEBRIEF_LEAN,
            ActionId.DEBRIEF_LEANINGS,
        )
    },
    **{
        action: lambda here, action=action: in_debrief(
            action, DecisionToken(panel=HELD, number=1).dump()
        )
        for action in (ActionId.DEBRIEF_DECIDE, ActionId.DEBRIEF_UNDO)
    },
    ActionId.DEBRIEF_RECORD: lambda here: in_debrief(
        ActionId.DEBRIEF_RECORD, RecordToken(panel=HELD, number=1).dump()
    ),
    ActionId.DEBRIEF_CONFIRM: lambda here: in_debrief(
        ActionId.DEBRIEF_CONFIRM, ConfirmToken(panel=HELD, number=1, seen="0" * 16).dump()
    ),
    **{
        action: lambda here, action=action: in_debrief(
            action, OfferToken(panel=HELD, number=1).dump()
        )
        for action in (ActionId.DEBRIEF_OFFER, ActionId.DEBRIEF_OFFER_UNDO)
    },
    ActionId.DEBRIEF_ANSWER: lambda here: in_debrief(
        ActionId.DEBRIEF_ANSWER, TellToken(application=here.held.application).dump()
    ),
    ActionId.DEBRIEF_PAGE: lambda here: in_debrief(
        ActionId.DEBRIEF_PAGE,
        PageToken(panel=HELD, number=0, seen="0" * 16, under="V1").dump(),
    ),
    ActionId.HOME_SETTINGS: lambda here: in_home(FormField("b1", ActionId.HOME_SETTINGS), {}),
    ActionId.HOME_EVERYONE: lambda here: in_home(FormField("b1", ActionId.HOME_EVERYONE), {}),
    ActionId.HOME_SET_UP: lambda here: in_home(
        FormField("b1", ActionId.HOME_SET_UP),
        {"value": SetUpToken(step=SetUpStep.COMPANY).dump()},
    ),
    ActionId.HOME_HOUR: lambda here: in_home(ids.HOME_HOUR, chosen("11")),
    ActionId.HOME_DAYS: lambda here: in_home(ids.HOME_DAYS, WEEK),
    ActionId.HOME_DAY_OFF: lambda here: in_home(ids.HOME_DAY_OFF, NEXT_DAY),
    ActionId.HOME_DAYS_OFF_UNTIL: lambda here: in_home(ids.HOME_DAYS_OFF_UNTIL, NEXT_DAY),
    ActionId.HOME_ADD_DAYS_OFF: lambda here: add_days_off(),
    ActionId.HOME_COUNTRY: lambda here: in_home(ids.HOME_COUNTRY, chosen("DE")),
    ActionId.HOME_NO_DAY_OFF: lambda here: in_home(
        FormField("b1", ActionId.HOME_NO_DAY_OFF), {"value": DAY}
    ),
    ActionId.HOME_SNOOZE: lambda here: in_home(ids.HOME_SNOOZE, NEXT_DAY),
    ActionId.HOME_WAKE: lambda here: in_home(FormField("b1", ActionId.HOME_WAKE), {"value": ""}),
    ActionId.HOME_EVERY_HOUR: lambda here: in_home(ids.HOME_EVERY_HOUR, chosen("11")),
    ActionId.HOME_EVERY_DAYS: lambda here: in_home(ids.HOME_EVERY_DAYS, WEEK),
    ActionId.HOME_EVERY_CHASE: lambda here: in_home(ids.HOME_EVERY_CHASE, chosen("5")),
    ActionId.HOME_EVERY_NUDGE: lambda here: in_home(ids.HOME_EVERY_NUDGE, chosen("60")),
    ActionId.HOME_EVERY_OPENS: lambda here: in_home(OPENS, chosen("8")),
    ActionId.HOME_EVERY_CLOSES: lambda here: in_home(CLOSES, chosen("17")),
    ActionId.HOME_EVERY_MANAGER: lambda here: in_home(ids.HOME_EVERY_MANAGER, chosen("2")),
    ActionId.HOME_EVERY_RECRUITER: lambda here: in_home(ids.HOME_EVERY_RECRUITER, chosen("5")),
    ActionId.SETTINGS_APPROVAL: lambda here: in_home(ids.SETTINGS_APPROVAL, chosen("off")),
    ActionId.SETTINGS_APPROVERS: lambda here: in_home(
        ids.SETTINGS_APPROVERS, {"selected_users": ["USAM"]}
    ),
    ActionId.SETTINGS_ANSWER_DAYS: lambda here: in_home(ids.SETTINGS_ANSWER_DAYS, chosen("7")),
    ActionId.SETTINGS_DECIDERS: lambda here: in_home(ids.SETTINGS_DECIDERS, chosen("on")),
    ActionId.SETTINGS_JOBS_CHANNEL: lambda here: in_home(
        ids.SETTINGS_JOBS_CHANNEL, {"selected_conversations": ["CHIRING"]}
    ),
    ActionId.RETENTION_DAYS: lambda here: in_home(ids.RETENTION_DAYS, chosen("365")),
    ActionId.RETENTION_NOT_HIRED: lambda here: in_home(ids.RETENTION_NOT_HIRED, chosen("same")),
    ActionId.RECORD_ERASE: lambda here: in_message(
        ActionId.RECORD_ERASE, EraseToken(candidate=here.held.candidate.id).dump()
    ),
    ActionId.HOME_HOLIDAY: lambda here: in_home(ids.HOME_HOLIDAY, NEXT_DAY),
    ActionId.HOME_NO_HOLIDAY: lambda here: in_home(
        FormField("b1", ActionId.HOME_NO_HOLIDAY), {"value": DAY}
    ),
    ActionId.HOME_EVERY_COUNTRY: lambda here: in_home(ids.HOME_EVERY_COUNTRY, chosen("none")),
    ActionId.HOME_CALENDAR: lambda here: in_home(FormField("b1", ActionId.HOME_CALENDAR), {}),
    ActionId.REMINDERS_LATER: lambda here: in_message(ActionId.REMINDERS_LATER, ""),
    ActionId.REMINDERS_NOW: lambda here: in_message(
        ActionId.REMINDERS_NOW, RemindToken(panel=here.held.id).dump()
    ),
    ActionId.REMINDERS_TOMORROW: lambda here: in_message(ActionId.REMINDERS_TOMORROW, ""),
    ActionId.REMINDERS_CLOSE: lambda here: in_message(
        ActionId.REMINDERS_CLOSE,
        CloseToken(interview=alexs(here.held), how=ClosingKind.NO_SHOW).dump(),
    ),
}

FORMS: dict[ViewId, Callable[[Stage], Submit]] = {
    ViewId.JD_PICKER: lambda here: Submit(jd_picker(here), filled((ids.JD_ROLE, chosen(ROLE)))),
    ViewId.JD_REMOVAL: lambda here: Submit(jd_removal(here), {}),
    ViewId.OPENING_FORM: lambda here: Submit(view := opening_form(), view["state"]["values"]),
    ViewId.OPENING_REVIEW: review_form,
    ViewId.OPENING_TEXT: lambda here: Submit(
        modal(ViewId.OPENING_TEXT, job_part()),
        filled((opening_part(f"{OpeningField.TEXT}.0"), {"value": "You run it."})),
    ),
    ViewId.OPENING_PLANNED: planned_form,
    ViewId.OPENING_RULE: rule_form,
    ViewId.OPENING_STATUS: lambda here: Submit(
        modal(ViewId.OPENING_STATUS, StatusToken(**PAUSE).dump()), {}
    ),
    ViewId.OPENING_REFER: referral_form,
    ViewId.OPENING_SEND: to_send,
    ViewId.OPENING_APPROVAL: lambda here: answered(ViewId.OPENING_APPROVAL),
    ViewId.OPENING_SEND_BACK: lambda here: answered(ViewId.OPENING_SEND_BACK),
    ViewId.QUESTIONS_PICKER: lambda here: Submit(
        questions_picker(here), filled((ids.QUESTIONS_ROLE, chosen(ROLE)))
    ),
    ViewId.PANEL_FORM: setup_form,
    ViewId.PANEL_SLOT: slot_form,
    ViewId.PANEL_ADD: lambda here: Submit(
        change_form(here.coming, ViewId.PANEL_ADD), one_interview()
    ),
    ViewId.PANEL_DETAILS: details_form,
    ViewId.PANEL_RESCHEDULE: lambda here: Submit(
        change_form(here.coming, ViewId.PANEL_RESCHEDULE, alexs(here.coming)), one_interview()
    ),
    ViewId.PANEL_REPLACE: lambda here: Submit(
        change_form(here.coming, ViewId.PANEL_REPLACE, alexs(here.coming)), one_interview()
    ),
    ViewId.PANEL_CANCEL_INTERVIEW: lambda here: Submit(
        change_form(here.coming, ViewId.PANEL_CANCEL_INTERVIEW, alexs(here.coming)), {}
    ),
    ViewId.PANEL_CANCEL: lambda here: Submit(change_form(here.coming, ViewId.PANEL_CANCEL), {}),
    ViewId.PANEL_DECLINE: lambda here: Submit(
        modal(ViewId.PANEL_DECLINE, InterviewToken(interview=alexs(here.coming)).dump()), {}
    ),
    ViewId.SCORECARD_FORM: whole_scorecard,
    ViewId.HOME_CALENDAR: lambda here: Submit(
        modal(ViewId.HOME_CALENDAR, CalendarToken().dump()),
        filled((ids.HOME_CALENDAR, {"value": None})),
    ),
    ViewId.SCORECARD_REASSIGN_FOR: lambda here: Submit(
        modal(ViewId.SCORECARD_REASSIGN_FOR, ForToken(interview=alexs(here.held)).dump()),
        filled((ids.SCORECARD_NEW_OWNER, {"selected_user": SAM})),
    ),
    ViewId.SCORECARD_CLOSE_FOR: lambda here: Submit(
        modal(ViewId.SCORECARD_CLOSE_FOR, ForToken(interview=alexs(here.held)).dump()), {}
    ),
    ViewId.RECORD_ERASE: lambda here: Submit(
        modal(ViewId.RECORD_ERASE, EraseToken(candidate=here.held.candidate.id).dump()),
        filled((ids.RECORD_NAME, {"value": "someone else"})),
    ),
    ViewId.DEBRIEF_LEANING: leaning_form,
    ViewId.DEBRIEF_DECIDE: decide_form,
    ViewId.DEBRIEF_OFFER: lambda here: Submit(
        modal(ViewId.DEBRIEF_OFFER, OfferToken(panel=HELD).dump()),
        filled(
            (ids.decision_part("offer_ended"), chosen("hired")),
            (ids.decision_part("offer_day"), {"selected_date": "2026-11-30"}),
        ),
    ),
    ViewId.DEBRIEF_ANSWER: lambda here: Submit(
        modal(
            ViewId.DEBRIEF_ANSWER,
            TellToken(application=here.held.application, number=1).dump(),
        ),
        {},
    ),
}
"""Apart from the others, since a form and a button may have one name."""

DIRECT = {"channel_type": "im", "ts": "1700000000.000100", "text": "Hello?"}

EVENTS: dict[EventName, Callable[[Stage], Opened]] = {
    EventName.APP_HOME_OPENED: lambda here: Opened(EventName.APP_HOME_OPENED),
    EventName.MESSAGE: lambda here: Opened(EventName.MESSAGE, "", DIRECT),
}

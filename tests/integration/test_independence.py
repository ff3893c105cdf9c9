"""The rule of independence, held against every place where feedback could appear.

Whoever adds a command, a button, a form, a message or a command of the command line says here how
feedback is kept out of it; and everything of Slack's is then tried in three worlds that differ in
nothing but what one scorecard says, and whether there is one: no reader who may not read it can
tell them apart, but by a panel's state, which tells that it is there.
"""

import argparse
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import cli
from bot.domain.scorecards.closing import ClosingKind
from bot.domain.scorecards.scorecard import Assessment, Choice, Recommendation, ScorecardBody
from bot.library.catalogue import Library
from handlers import Listeners
from handlers.ids import ActionId, CommandName, EventName, ViewId
from handlers.views.board.board import BoardToken, CandidateToken
from handlers.views.candidates import MergeToken
from handlers.views.debriefs.buttons import DebriefToken, TellToken
from handlers.views.debriefs.debrief import SeenToken
from handlers.views.debriefs.decision import DecisionToken
from handlers.views.debriefs.evidence import PageToken
from handlers.views.feedback import FeedbackToken, ReadToken, VersionToken
from handlers.views.messages import VIEWS
from handlers.views.panels.kit import InterviewToken
from handlers.views.panels.panel import EditToken, PanelToken
from handlers.views.scorecards.form import OpenToken, ScorecardToken
from tests.support.clock import ManualClock
from tests.support.panelist import Panelist, running
from tests.support.panels import MONDAY, new_interview
from tests.support.scorecards import MARKERS, Desk, of
from tests.support.slack import StandIn
from tests.support.wire import Json, press_payload, submission_payload

CONTENT = "shows the library's content only"
PANEL = "shows who interviews whom and when, and is made from panels alone"
JOB = "shows what is said of an opening, and nothing of its candidates"
STATE = "shows whether each scorecard is submitted, and nothing that it says"
OWN = "shows the reader's own scorecards only"
GATED = "asks bot.domain.feedback.read_access"
GATED_STATE = "asks bot.domain.feedback.read_access, and shows the panel's state before"
OUTCOME = "says what was decided, to whoever has no scorecard to write any more"
SILENT = "shows nothing of what was written"

SURFACES: dict[str, dict[str, str]] = {
    "commands": {
        "jd": CONTENT,
        "questions": CONTENT,
        "panel": STATE,
        "scorecard": GATED,
        "hiring": STATE,
        "debrief": GATED_STATE,
    },
    "actions": {
        **dict.fromkeys(
            (
                *("jd.start", "questions.start"),
                *("jd.post", "jd.questions", "jd.guide", "jd.menu", "jd.pick", "jd.list"),
                *("questions.ask", "questions.show", "questions.swap", "questions.another"),
                *("questions.dm", "questions.warn", "questions.post", "questions.pick"),
            ),
            CONTENT,
        ),
        **dict.fromkeys(
            (
                *("opening.start", "opening.more", "opening.edit", "opening.review"),
                *("opening.text", "opening.use", "opening.plan", "opening.plan_add"),
                "opening.plan_menu",
                "opening.rule",
                *("opening.menu", "opening.page", "opening.list"),
                *("opening.apply", "opening.full", "opening.refer", "opening.share"),
                *("opening.withdraw", "opening.approval", "opening.send_back"),
            ),
            JOB,
        ),
        **dict.fromkeys(
            (
                *("panel.set_up", "panel.copy", "panel.entered", "panel.more", "panel.start_over"),
                *("panel.seat", "panel.add", "panel.details", "panel.reschedule"),
                *("panel.questions", "panel.rubric", "panel.ratings", "panel.posting"),
                *("panel.join", "panel.calendar", "panel.decline", "panel.accept"),
                "panel.kit_menu",
            ),
            PANEL,
        ),
        **dict.fromkeys(
            (
                *("panel.open", "panel.cancel_interview", "panel.cancel"),
                *("panel.menu", "panel.replace"),
                *("board.show", "board.open"),
                *("candidate.merge", "candidate.apart", "candidate.undo", "panel.when"),
            ),
            STATE,
        ),
        **dict.fromkeys(("application.open", "application.apart", "application.free"), SILENT),
        "record.erase": STATE,
        "scorecard.mine": SILENT,
        "scorecard.open": OWN,
        "scorecard.typed": OWN,
        "scorecard.step": OWN,
        "scorecard.did_not_interview": SILENT,
        "scorecard.no_show": SILENT,
        "scorecard.hand_over": SILENT,
        "scorecard.reassign_for": STATE,
        "scorecard.close_for": STATE,
        "scorecard.feedback": GATED,
        "scorecard.anyway": GATED,
        "scorecard.read": GATED,
        "scorecard.earlier": GATED,
        "scorecard.version": GATED,
        **dict.fromkeys(
            (
                *("debrief.open", "debrief.early", "debrief.evidence", "debrief.page"),
                *("debrief.lean", "debrief.leanings", "debrief.decide", "debrief.undo"),
                *("debrief.confirm", "debrief.offer", "debrief.offer_undo", "debrief.record"),
                "debrief.answer",
            ),
            GATED_STATE,
        ),
        **dict.fromkeys(
            (
                *("home.settings", "home.everyone"),
                *("home.hour", "home.days", "home.day_off", "home.no_day_off"),
                *("home.days_off_until", "home.add_days_off", "home.country"),
                *("home.snooze", "home.wake", "home.every_hour", "home.every_days"),
                *("home.every_chase", "home.every_nudge", "home.every_opens", "home.every_closes"),
                *("home.every_manager", "home.every_recruiter"),
                *("home.holiday", "home.no_holiday", "home.every_country", "home.calendar"),
                *("settings.approval", "settings.approvers", "settings.jobs_channel"),
                *("settings.deciders", "settings.answer_days"),
                *("home.set_up", "retention.days", "retention.not_hired"),
            ),
            SILENT,
        ),
        "reminders.settle": SILENT,
        "reminders.later": SILENT,
        "reminders.tomorrow": SILENT,
        "reminders.now": STATE,
    },
    "views": {
        "jd.picker": CONTENT,
        "jd.removal": CONTENT,
        "questions.picker": CONTENT,
        **dict.fromkeys(
            (
                *("opening.form", "opening.review", "opening.text", "opening.planned"),
                "opening.rule",
                *("opening.status", "opening.refer", "opening.send"),
                *("opening.approval", "opening.send_back"),
            ),
            JOB,
        ),
        **dict.fromkeys(
            (
                *("panel.form", "panel.seat", "panel.add", "panel.details", "panel.reschedule"),
                *("panel.replace", "panel.cancel_interview", "panel.cancel", "panel.decline"),
            ),
            PANEL,
        ),
        "scorecard.form": OWN,
        "home.calendar": SILENT,
        "record.erase": SILENT,
        "scorecard.reassign_for": PANEL,
        "scorecard.close_for": PANEL,
        "debrief.leaning": GATED_STATE,
        "debrief.decide": GATED_STATE,
        "debrief.offer": GATED_STATE,
        "debrief.answer": GATED_STATE,
    },
    "messages": {
        "Kit": SILENT,
        "Soon": PANEL,
        "Declined": PANEL,
        "Summary": PANEL,
        "Unshown": SILENT,
        "Appointed": PANEL,
        "Undelivered": PANEL,
        "Receipt": OWN,
        "Progress": SILENT,
        "Closed": SILENT,
        "Reassigned": SILENT,
        "Digest": OUTCOME,
        "Asked": SILENT,
        "Nudge": SILENT,
        "Stopped": SILENT,
        "Unreachable": SILENT,
        "Posted": JOB,
        "Unposted": JOB,
        "ToApprove": JOB,
        "Answered": JOB,
        "Referred": SILENT,
        "Unheard": SILENT,
        "ChannelBoard": STATE,
        "UnpostedBoard": SILENT,
        "Arrived": SILENT,
        "ApplicationCard": SILENT,
        "WithdrawnByCandidate": SILENT,
        "OutcomeTold": OUTCOME,
        "ToConfirm": "says that somebody decided, to deciders with no scorecard to write any more",
        "Help": SILENT,
    },
    "events": {"app_home_opened": SILENT, "message": SILENT},
    "command line": {
        "serve": SILENT,
        "demo": SILENT,
        "check": CONTENT,
        "roles": CONTENT,
        "jd": CONTENT,
        "questions": CONTENT,
        "lint": CONTENT,
        "new-role": CONTENT,
        "manifest": CONTENT,
        "db": SILENT,
        "remind": SILENT,
        "doctor": SILENT,
        "outbox": SILENT,
        "backup": SILENT,
        "restore": SILENT,
        "stats": SILENT,
        "site": JOB,
        "debrief": "is for operators; a recommendation is in it once the leanings are open",
        **dict.fromkeys(("openings", "applications", "candidates", "merge", "settings"), SILENT),
        **dict.fromkeys(("erase", "legal-hold", "retain", "audit"), SILENT),
        **dict.fromkeys(("export", "import"), "is for operators, who hold the database"),
    },
}
"""For each kind of place every place of that kind, and how feedback is kept from those who may not
read it."""

PANEL_ID = "a" * 16
ALEX, SAM, PRIYA, MANAGER, SETS_UP = "UALEX", "USAM", "UPRIYA", "UMANAGER", "U1"
ADMIN, OUTSIDER = "UADMIN", "UEVE"
READERS = (SAM, PRIYA, MANAGER, SETS_UP, ADMIN, OUTSIDER)
"""One who owes, one who did not interview, a hiring manager who owes, whoever set the panel up, an
admin, and somebody of the workspace."""

SEE_STATE = (SAM, PRIYA, MANAGER, SETS_UP, ADMIN)
HEAR_OF_STATE = (MANAGER, SETS_UP)
"""Those who see a panel's state where they ask for it; the organizers among them, whom DMs and the
Home tab tell of it."""

NAMES_IT = ", with the scorecard's id"
"""Behind a place: an id that none of these readers is ever shown, so that where there is no such
scorecard the answer to those on the panel may be another."""

SHOWS_STATE = {
    *(f"/{name}" for name, how in SURFACES["commands"].items() if how in (STATE, GATED_STATE)),
    *(name for name, how in SURFACES["actions"].items() if how in (STATE, GATED_STATE)),
}
"""Commands and actions that may tell that there is a scorecard, to those who see the panel."""

NOT_TAKEN = "made by an earlier version of Panelist"
"""What is said of a value that is no button's of this kind."""

OPENING_EARLY = (("scorecard.anyway", "UMANAGER"), ("debrief.early", "UMANAGER"))
"""What makes somebody a reader who is none yet."""

ENDING = ("panel.cancel", "panel.cancel_interview", "panel.decline", "panel.reschedule")
"""What would end the story before it is over."""


def places() -> dict[str, set[str]]:
    """All there are."""
    parser = cli._parser()
    (commands,) = (
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    )
    return {
        "commands": set(CommandName),
        "actions": set(ActionId),
        "views": set(ViewId),
        "events": set(EventName),
        "messages": {model.__name__ for model in VIEWS},
        "command line": set(commands.choices),
    }


def test_every_place_where_feedback_could_appear_says_how_it_is_kept_out() -> None:
    assert {kind: set(named) for kind, named in SURFACES.items()} == places()


def test_slack_has_no_other_way_in() -> None:
    assert {field.name for field in fields(Listeners)} == {"commands", "actions", "views", "events"}


@dataclass
class World:
    """Panelist with a panel of four, one of whom has given a scorecard."""

    panelist: Panelist
    desk: Desk
    clock: ManualClock
    card: str

    async def heard(self, user: str, word: str) -> list[str]:
        """Everything that one reader brings about with this command."""
        before = self._counts()
        answer = await self.panelist.reply(word, user_id=user)
        return [str(answer), *await self._said(before)]

    async def pressed(
        self, user: str, action: ActionId, value: str, form: str | None = None
    ) -> list[str]:
        """`form`: in a form with this metadata, rather than in a message."""
        before = self._counts()
        element = {"type": "button", "action_id": action, "value": value, "block_id": "b1"}
        if form is None:
            await self.panelist.presses(element, user)
        else:
            shown = {"callback_id": ViewId.SCORECARD_FORM, "private_metadata": form, "blocks": []}
            await self.panelist.wire.payload(press_payload(element, None, user=user, view=shown))
        return await self._said(before)

    async def submitted(self, user: str, view: ViewId, metadata: str) -> list[str]:
        before = self._counts()
        shown = {"callback_id": view, "private_metadata": metadata, "blocks": [], "type": "modal"}
        updates = len(self.panelist.slack.called("views.update"))
        reply = await self.panelist.wire.payload(submission_payload(shown, {}, user=user))
        if view is ViewId.SCORECARD_FORM:
            await self.panelist.slack.next_call("views.update", updates + 1)
        return [reply.text, *await self._said(before)]

    async def typed(self, user: str, metadata: str) -> list[str]:
        before = self._counts()
        element = {"type": "plain_text_input", "action_id": ActionId.SCORECARD_TYPED}
        shown = {"callback_id": ViewId.SCORECARD_FORM, "private_metadata": metadata, "blocks": []}
        updates = len(self.panelist.slack.called("views.update"))
        await self.panelist.wire.payload(press_payload(element, None, user=user, view=shown))
        await self.panelist.slack.next_call("views.update", updates + 1)
        return await self._said(before)

    def sent_to(self, user: str) -> list[str]:
        """Their DMs."""
        return [str(one) for one in self.panelist.slack.conversations.said_to(user)]

    async def time_passes(self) -> None:
        for _ in range(20):
            await self.panelist.application.tick()
            self.desk.clock.move(seconds=2)
            self.clock.moves(seconds=2)

    def _counts(self) -> tuple[int, int]:
        return len(self.panelist.slack.calls), len(self.panelist.slack.responses)

    async def _said(self, before: tuple[int, int]) -> list[str]:
        await self.panelist.application.edge.drain(5)
        slack = self.panelist.slack
        calls = [
            f"{name} {call}"
            for name, call in slack.calls[before[0] :]
            if not name.startswith(("chat.", "conversations."))
        ]
        return calls + [str(message) for _, message in slack.responses[before[1] :]]


def key_of(message: Json) -> str:
    return str(message["metadata"]["event_payload"]["key"])


def scorecard(
    focus: Iterable[str], choice: Choice, recommendation: Recommendation
) -> ScorecardBody:
    """What is poor is assessed throughout, in few words; anything else at length, with a gap."""
    is_poor = choice is Choice.POOR
    evidence = f"{MARKERS[0]} {choice} " * (3 if is_poor else 30)
    *rated, last = (Assessment(id, choice, evidence) for id in focus)
    gap = last if is_poor else Assessment(last.competency, Choice.NOT_ASSESSED)
    return ScorecardBody(
        (*rated, gap),
        recommendation,
        notes=f"{MARKERS[1]} {recommendation}",
        probe_next=MARKERS[2] if is_poor else "",
    )


@asynccontextmanager
async def world(
    slack: StandIn,
    url: str,
    library: Library,
    choice: Choice | None,
    recommendation: Recommendation,
) -> AsyncIterator[World]:
    """`choice`: None where Alex has given no scorecard yet."""
    clock = ManualClock()
    async with running(slack, url, clock=clock, panelist_admins=frozenset({ADMIN})) as panelist:
        await panelist.application.ticker.stop()  # both worlds tick at the same moments
        desk = Desk(library, panelist.application.database, url=url, panel_id=PANEL_ID)
        people = (ALEX, SAM, PRIYA, MANAGER)
        starts = [MONDAY + timedelta(hours=number) for number in range(len(people))]
        interviews = [new_interview(*one) for one in zip(people, starts, strict=True)]
        panel = await desk.set_up(*interviews, id=PANEL_ID, recruiter="UMEMBER")
        clock.moves(days=6, hours=6)
        desk.clock.set(clock.now())
        item, card = of(panel, ALEX), "f" * 16
        if choice is not None:
            first = scorecard(item.focus, choice, recommendation)
            await desk.submit(item, first)
            changed = replace(first, notes=f"{MARKERS[3]} since")
            card = (await desk.submit(item, changed)).scorecard.id
        await desk.scorecards.close("T1", PRIYA, of(panel, PRIYA).id, ClosingKind.DID_NOT_INTERVIEW)
        here = World(panelist, desk, clock, card)
        await here.time_passes()
        yield here


async def tried(here: World) -> dict[tuple[str, str], list[str]]:
    """What every reader is told everywhere.

    A value that a button doesn't take is tried by the first of them alone: it is refused before
    anything is read.
    """
    panel = await here.desk.now()
    alex = of(panel, ALEX).id
    form = ScorecardToken(interview=alex, form="b" * 16, revision=0, version=0).dump()
    values = [
        BoardToken().dump(),
        CandidateToken(application=panel.application).dump(),
        InterviewToken(interview=alex).dump(),
        PanelToken(panel=PANEL_ID).dump(),
        FeedbackToken(panel=PANEL_ID).dump(),
        ReadToken(scorecard=here.card).dump(),
        VersionToken(scorecard=here.card, number=1).dump(),
        EditToken(panel=PANEL_ID, revision=1, interview=alex).dump(),
        MergeToken(panel=PANEL_ID, other="d" * 16).dump(),
        form,
    ]
    in_debriefs = [
        DebriefToken(panel=PANEL_ID).dump(),
        SeenToken(panel=PANEL_ID, seen="0" * 16).dump(),
        PageToken(panel=PANEL_ID, number=0, seen="0" * 16, under="V1").dump(),
        DecisionToken(panel=PANEL_ID, number=0).dump(),
        TellToken(application=panel.application).dump(),
    ]
    told: dict[tuple[str, str], list[str]] = {}
    not_taken: set[str] = set()
    for user in READERS:
        own = [OpenToken(interview=item.id).dump() for item in panel.on if item.interviewer == user]
        for name in CommandName:
            for rest in ("", " Robin Doe", " list", " help"):
                told[user, f"/{name}{rest}"] = await here.heard(user, f"/{name}{rest}")
        for action in ActionId:
            if action in ENDING or (action, user) in OPENING_EARLY:
                continue
            more = in_debriefs if action.startswith("debrief.") else []
            for number, value in enumerate([*values, *more, *own]):
                names = NAMES_IT if here.card in value else ""
                where = f"{action} {number}{names}"
                if where in not_taken:
                    continue
                told[user, where] = await here.pressed(user, action, value)
                if user == READERS[0] and NOT_TAKEN in str(told[user, where]):
                    not_taken.add(where)
        for view in ViewId:
            told[user, view] = await here.submitted(user, view, form)
        told[user, "typing"] = await here.typed(user, form.replace("b" * 16, "c" * 16))
        told[user, "DM"] = here.sent_to(user)
    for user, action in (
        (SAM, ActionId.SCORECARD_DID_NOT_INTERVIEW),
        (MANAGER, ActionId.SCORECARD_NO_SHOW),
    ):
        own_form = form.replace(alex, of(panel, user).id)
        told[user, "settling"] = await here.pressed(user, action, "", own_form)
    await here.time_passes()
    for user in READERS:
        if user != MANAGER:  # who owes nothing any more, and reads
            told[user, "DM at the end"] = here.sent_to(user)
    return told


def comparable(said: Sequence[str]) -> list[str]:
    """Without what is made up anew each time."""
    made_up = re.compile(r"[0-9a-f]{16,}|\(ref \w+\)|127\.0\.0\.1:\d+|/response/\d+|\d{10}\.\d{6}")
    return sorted(made_up.sub("#", one) for one in said)


async def test_nobody_who_may_not_read_it_can_tell_what_a_scorecard_says(
    library: Library, sqlite_template: Path, tmp_path: Path
) -> None:
    worlds = []
    for number, (choice, recommendation) in enumerate(
        [
            (Choice.POOR, Recommendation.STRONG_NO),
            (Choice.OUTSTANDING, Recommendation.STRONG_YES),
            (None, Recommendation.YES),
        ]
    ):
        path = tmp_path / f"{number}.db"
        path.write_bytes(sqlite_template.read_bytes())
        slack = StandIn()
        url = f"sqlite+aiosqlite:///{path}"
        async with (
            slack.serving() as slack.url,
            world(slack, url, library, choice, recommendation) as here,
        ):
            worlds.append(await tried(here))
            keys = [key_of(message) for message in slack.conversations.said_to(SAM)]
            assert any(key.startswith("digest:") for key in keys), "it is time for reminders"
            if choice is None:
                continue
            author = slack.conversations.said_to(ALEX)
            assert any(MARKERS[0] in str(message) for message in author), "the author may"
            shown = await here.pressed("UMEMBER", ActionId.SCORECARD_FEEDBACK, token())
            assert recommendation.label in str(shown), "and the recruiter"
            before = ReadToken(scorecard=here.card).dump()
            shown = await here.pressed("UMEMBER", ActionId.SCORECARD_EARLIER, before)
            assert f"{MARKERS[1]} {recommendation}" in str(shown), "the version before, too"
    one, *others = worlds
    none_given = others[-1]
    for other in others:
        assert one.keys() == other.keys()
        for place, said in one.items():
            for word in MARKERS:
                assert word not in str(said), place
            if other is not none_given or not may_tell_that_it_is_there(place):
                assert comparable(said) == comparable(other[place]), place


def may_tell_that_it_is_there(place: tuple[str, str]) -> bool:
    """Whether the reader may be told there that a scorecard is in, rather than due or late: it is
    the panel's state. What it says, nobody may: of that, all worlds are compared everywhere."""
    user, where = place
    if where.startswith(("home.", "DM")):
        return user in HEAR_OF_STATE
    asks_for_it = where.endswith(NAMES_IT) or where.partition(" ")[0] in SHOWS_STATE
    return asks_for_it and user in SEE_STATE


def token() -> str:
    return FeedbackToken(panel=PANEL_ID).dump()


@pytest.mark.parametrize("asks", [False, True])
async def test_being_shown_anyway_is_the_one_exception(
    library: Library, slack: StandIn, sqlite_database: str, asks: bool
) -> None:
    poor = (Choice.POOR, Recommendation.STRONG_NO)
    async with world(slack, sqlite_database, library, *poor) as here:
        if asks:
            await here.pressed(MANAGER, ActionId.SCORECARD_ANYWAY, token())
        said = await here.pressed(MANAGER, ActionId.SCORECARD_FEEDBACK, token())
        assert ("Poor" in str(said)) == asks
        assert "Strong no" not in str(said), "who decides writes a leaning before"


def test_the_worlds_differ_in_length_and_in_a_gap_too() -> None:
    poor, other = (scorecard("ab", one, Recommendation.NO) for one in (Choice.POOR, Choice.SOLID))
    assert len(str(poor)) != len(str(other))
    assert [item.choice for item in poor.assessments] == [Choice.POOR, Choice.POOR]
    assert [item.choice for item in other.assessments] == [Choice.SOLID, Choice.NOT_ASSESSED]

"""Places where people have scorecard forms open, and the Panelist that they belong to."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.app import Application
from bot.domain.panels.panel import Interview
from bot.domain.scorecards.fields import choices_of, texts_of
from bot.domain.scorecards.parts import LAST_STEP, steps_of
from bot.domain.scorecards.scorecard import Assessment, ScorecardBody, ScorecardField
from bot.library.catalogue import Library
from bot.services.scorecards.forms import OpenScorecard
from handlers.ids import ActionId, FormField, scorecard_field
from handlers.payloads import OpenView
from handlers.scorecards.saving import part_of
from handlers.views.scorecards import form as views
from tests.support.panelist import Panelist, elements, running, text_of
from tests.support.scorecards import Desk, body, of
from tests.support.slack import StandIn
from tests.support.waiting import A_MINUTE
from tests.support.wire import Json, Reply, press_payload, submission_payload

ALEX = "UALEX"


def opened(view: Json, values: Json | None = None) -> OpenView:
    """A modal as Slack sends it back, with what stands in it."""
    return OpenView(
        "V1",
        "modal",
        "1.a",
        view.get("callback_id", ""),
        view.get("private_metadata", ""),
        tuple(view["blocks"]),
        untouched(view) if values is None else values,
    )


def untouched(view: Json) -> Json:
    """`state.values` of a form that nobody has touched."""
    values: Json = {}
    for element in elements(view):
        state: Json = {"type": element["type"]}
        if element["type"] == "radio_buttons":
            state["selected_option"] = element.get("initial_option")
        elif element["type"] == "plain_text_input":
            state["value"] = element.get("initial_value")
        else:
            continue
        values.setdefault(element["block_id"], {})[element["action_id"]] = state
    return values


def every_step(sheet: OpenScorecard, first: str = "") -> list[Json]:
    """The views of a form, step by step."""
    return [views.form(replace(sheet, step=step), first) for step in steps_of(sheet.body)]


def read_back(sheet: OpenScorecard) -> ScorecardBody:
    """What a form holds, all its steps read as Slack sends them back untouched."""
    found = ScorecardBody()
    for view in every_step(sheet):
        found = part_of(opened(view)).into(found)
    return found


@dataclass
class Device:
    """One of the places where Alex has the form open, at one of its steps."""

    panelist: Panelist
    view: Json
    values: Json = field(default_factory=dict)
    user: str = ALEX

    @property
    def step(self) -> str:
        """The competency, empty for the last."""
        return self.token.step or LAST_STEP

    @property
    def token(self) -> views.ScorecardToken:
        return views.ScorecardToken.load(self.view["private_metadata"])

    @property
    def form(self) -> str:
        return self.token.form

    def holds(self, part: ScorecardField, value: str, competency: str = "") -> FormField:
        """Puts a text or a choice into the form, without telling anybody; empty: none."""
        it = scorecard_field(part, self.form, competency)
        chosen = part in choices_of(Assessment) or part in choices_of(ScorecardBody)
        state: Json = {"value": value}
        if chosen:
            state = {"selected_option": {"value": value} if value else None}
        self.values.setdefault(it.block, {})[it.action] = state
        return it

    def fills_in(self, body: ScorecardBody) -> None:
        """Fills in the step that is shown."""
        item, holder = body.of(self.step), Assessment if self.step else ScorecardBody
        for part in (*choices_of(holder), *texts_of(holder)):
            value = getattr(item if self.step else body, part) or ""
            self.holds(ScorecardField(part), value, self.step)

    async def types(
        self, part: ScorecardField, value: str, competency: str = "", at: str | None = ""
    ) -> None:
        reply = await self.sends_text(part, value, competency, at)
        assert (reply.status, reply.text) == (200, "")

    async def sends_text(
        self, part: ScorecardField, value: str, competency: str = "", at: str | None = ""
    ) -> Reply:
        field = self.holds(part, value, competency)
        element = {"type": "plain_text_input", "value": value}
        return await self._presses(element, field, at)

    async def notes(self, words: str, at: str | None = "") -> None:
        """Types what was seen or heard in the first step."""
        await self.types(ScorecardField.EVIDENCE, words, self.step, at)

    async def chooses(
        self, part: ScorecardField, value: str, competency: str = "", at: str | None = ""
    ) -> None:
        field = self.holds(part, value, competency)
        element = {"type": "radio_buttons", "selected_option": {"value": value}}
        await self._presses(element, field, at)

    async def goes(self, step: str, at: str | None = "") -> None:
        """*Back*, or a choice under *Change a rating*."""
        before = len(self.panelist.slack.called("views.update"))
        field = FormField("b1", views.BACK)
        await self._presses({"type": "button", "value": step}, field, at)
        update = await self.panelist.slack.next_call("views.update", before + 1)
        self.shows(update["view"])

    async def submits(self) -> Reply:
        """*Next* or *Submit*, of the step that is shown."""
        payload = submission_payload(self.view, self.values, user=self.user)
        return await self.panelist.wire.payload(payload)

    async def next(self) -> Reply:
        """*Next*, which shows another step."""
        reply = await self.submits()
        assert reply.json["response_action"] == "update", reply.text
        self.shows(reply.json["view"])
        return reply

    async def gets_to_the_last_step(self, body: ScorecardBody) -> None:
        """Fills in step after step, the last one too, which is still to be submitted."""
        while self.step:
            self.fills_in(body)
            await self.next()
        self.fills_in(body)

    def shows(self, view: Json) -> None:
        self.view, self.values = view, untouched(view)

    async def _presses(self, element: Json, field: FormField, at: str | None) -> Reply:
        whole = element | {"action_id": field.action, "block_id": field.block}
        view = self.view | {"state": {"values": self.values}}
        return await self.panelist.wire.payload(
            press_payload(whole, None, user=self.user, view=view, at=at)
        )


@dataclass
class Office:
    """Panelist with a panel of five whose interviews are over, and Slack's stand-in."""

    panelist: Panelist
    desk: Desk
    url: str

    @property
    def slack(self) -> StandIn:
        return self.panelist.slack

    @property
    def application(self) -> Application:
        return self.panelist.application

    async def item(self, user: str = ALEX) -> Interview:
        return of(await self.desk.now(), user)

    async def opens(self, user: str = ALEX) -> Device:
        """Another device on which the form is opened."""
        before = len(self.slack.called("views.open"))
        await self.panelist.presses(await self.button(user), user)
        opened = await self.slack.next_call("views.open", before + 1)
        return Device(self.panelist, opened["view"], user=user)

    async def button(self, user: str = ALEX) -> Json:
        value = views.OpenToken(interview=(await self.item(user)).id).dump()
        return {"type": "button", "action_id": ActionId.SCORECARD_OPEN, "value": value}

    async def count(self, table: str) -> int:
        return await self.desk.count(table)

    async def until(
        self, happened: Callable[[], Awaitable[object]], within: float = A_MINUTE
    ) -> None:
        """Asks again and again until it is so."""
        deadline = time.monotonic() + within
        while not await happened():
            assert time.monotonic() < deadline, "it has not happened"
            await asyncio.sleep(0.02)

    async def draft(self, user: str = ALEX) -> ScorecardBody | None:
        item = await self.item(user)
        async with self.desk.database.read() as tx:
            draft = await tx.scorecards.draft("T1", item.id, user)
        return None if draft is None else draft.body

    async def is_kept(self, words: str) -> bool:
        """Whether this is what was seen or heard in the first step."""
        draft, focus = await self.draft(), (await self.item()).focus
        return draft is not None and draft.of(focus[0]).evidence == words

    async def says(self, number: int) -> str:
        """The first line of a form after so many updates of views."""
        update = await self.slack.next_call("views.update", number)
        return text_of(update["view"]).splitlines()[0]


@asynccontextmanager
async def office_in(slack: StandIn, url: str, library: Library) -> AsyncIterator[Office]:
    async with running(slack, url) as panelist:
        desk = Desk(library, panelist.application.database, url=url)
        if await desk.count("panels") == 0:
            await desk.set_up(id="a" * 16)
        desk.panel_id = "a" * 16
        yield Office(panelist, desk, url)


def written(item: Interview, evidence: str = "", **changes: object) -> ScorecardBody:
    """All of a scorecard; the evidence for each rating is this, where it is not the usual."""
    return body(item.focus, **({"evidence": evidence} if evidence else {}), **changes)

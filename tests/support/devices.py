"""Places where people have scorecard forms open, and the Panelist that they belong to."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.app import Application
from bot.domain.panels.panel import Interview
from bot.domain.scorecards.fields import choices_of, texts_of
from bot.domain.scorecards.scorecard import Assessment, ScorecardBody, ScorecardField
from bot.library.catalogue import Library
from handlers.ids import ActionId, FormField, scorecard_field
from handlers.views.scorecards import form as views
from tests.support.panelist import Panelist, running, text_of
from tests.support.scorecards import Desk, body, of
from tests.support.slack import StandIn
from tests.support.wire import Json, Reply, press_payload, submission_payload

ALEX = "UALEX"


@dataclass
class Device:
    """One of the places where Alex has the form open."""

    panelist: Panelist
    view: Json
    values: Json = field(default_factory=dict)
    user: str = ALEX

    @property
    def form(self) -> str:
        return views.ScorecardToken.load(self.view["private_metadata"]).form

    def holds(self, part: ScorecardField, value: str, competency: str = "") -> FormField:
        """Puts a text or a choice into the form, without telling anybody."""
        it = scorecard_field(part, self.form, competency)
        chosen = part in choices_of(Assessment) or part in choices_of(ScorecardBody)
        state = {"selected_option": {"value": value}} if chosen else {"value": value}
        self.values.setdefault(it.block, {})[it.action] = state
        return it

    def fills_in(self, body: ScorecardBody) -> None:
        for item in body.assessments:
            for part in (*choices_of(Assessment), *texts_of(Assessment)):
                self.holds(ScorecardField(part), getattr(item, part) or "", item.competency)
        for part in (*choices_of(ScorecardBody), *texts_of(ScorecardBody)):
            self.holds(ScorecardField(part), getattr(body, part) or "")

    async def types(self, part: ScorecardField, value: str, competency: str = "") -> None:
        it = self.holds(part, value, competency)
        element = {"type": "plain_text_input", "action_id": it.action, "block_id": it.block}
        view = self.view | {"state": {"values": self.values}}
        payload = press_payload(element | {"value": value}, None, user=self.user, view=view)
        reply = await self.panelist.wire.payload(payload)
        assert (reply.status, reply.text) == (200, "")

    async def chooses(self, part: ScorecardField, value: str, competency: str = "") -> None:
        it = self.holds(part, value, competency)
        element = {"type": "radio_buttons", "action_id": it.action, "block_id": it.block}
        view = self.view | {"state": {"values": self.values}}
        chosen = element | {"selected_option": {"value": value}}
        await self.panelist.wire.payload(press_payload(chosen, None, user=self.user, view=view))

    async def submits(self) -> Reply:
        payload = submission_payload(self.view, self.values, user=self.user)
        return await self.panelist.wire.payload(payload)


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

    async def until(self, happened: Callable[[], Awaitable[object]], within: float = 5) -> None:
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

    async def is_kept(self, notes: str) -> bool:
        draft = await self.draft()
        return draft is not None and draft.notes == notes

    async def says(self, number: int) -> str:
        """The first line of a form after so many updates of views."""
        update = await self.slack.next_call("views.update", number, within=5)
        return text_of(update["view"]).splitlines()[0]


@asynccontextmanager
async def office_in(slack: StandIn, url: str, library: Library) -> AsyncIterator[Office]:
    async with running(slack, url) as panelist:
        desk = Desk(library, panelist.application.database, url=url)
        if await desk.count("panels") == 0:
            await desk.set_up(id="a" * 16)
        desk.panel_id = "a" * 16
        yield Office(panelist, desk, url)


def written(item: Interview, **changes: object) -> ScorecardBody:
    return body(item.focus, **changes)

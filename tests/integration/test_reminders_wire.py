"""From an interview's end to its nudge, its digest, its scorecard and "All done", over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.library.catalogue import Library
from bot.services.ports import Clock
from tests.support.clock import ManualClock
from tests.support.panelist import Panelist, button, running, text_of
from tests.support.panels import frozen, interview, panel, stored
from tests.support.slack import StandIn
from tests.support.wire import Json

FRIDAY = datetime(2026, 11, 27, 10, tzinfo=UTC)
ALEX = "UALEX"


@dataclass
class Desk:
    """Panelist at a time of the test's own, with one interview."""

    panelist: Panelist
    slack: StandIn
    clock: ManualClock

    async def at(self, moment: datetime) -> None:
        await self.is_still()
        self.clock._now = moment
        for _ in range(3):
            await self.panelist.application.tick()
            self.clock.moves(seconds=2)

    async def is_still(self) -> None:
        """Nothing is being sent: what is would be too late once the clock has moved on."""
        while running := self.panelist.application.outbox._running:
            await asyncio.wait(running)

    def said(self, to: str = ALEX) -> list[Json]:
        return self.slack.conversations.said_to(to)

    async def presses(self, message: Json, label: str) -> Json:
        """A press, and what is answered privately."""
        url = await self.panelist.presses(button(message, label), user=ALEX)
        await self.panelist.application.edge.drain(5)
        return self.slack.sent_to(url)[-1]


@pytest.fixture
async def desk(slack: StandIn, sqlite_database: str, library: Library) -> AsyncIterator[Desk]:
    clock: Clock = ManualClock(FRIDAY)
    slack.conversations.now = lambda: clock.now().timestamp()
    async with running(slack, sqlite_database, clock=clock) as panelist:
        one = interview(ALEX, id="1" * 16, starts_at=FRIDAY, minutes=60)
        whole = panel(one)
        async with panelist.application.database.write() as tx:
            await stored(tx, whole, frozen(library))
        yield Desk(panelist, slack, clock)


async def test_nudge_digest_and_all_done(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=1))
    assert desk.said() == []
    await desk.at(FRIDAY + timedelta(hours=2))
    [nudge] = desk.said()
    assert "Robin" not in nudge["text"]
    monday = datetime(2026, 11, 30, 9, tzinfo=UTC)
    await desk.at(monday)
    digest = desk.said()[-1]
    assert digest["text"] == "You owe one scorecard"
    assert "Robin Doe" in text_of(digest)
    answer = await desk.presses(digest, "In 1 h")
    assert "I remind you again" in text_of(answer)
    await desk.at(monday + timedelta(hours=1, minutes=1))
    assert [said["text"] for said in desk.said()[1:]] == ["You owe one scorecard"] * 2
    answer = await desk.presses(digest, "Candidate did not show")
    assert text_of(answer) == "Noted. The organisers are told."
    await desk.at(monday + timedelta(hours=2))
    assert [said["text"] for said in desk.said()] == ["Done", "All done", "All done"]


async def test_someone_else_closes_nothing(desk: Desk) -> None:
    await desk.at(datetime(2026, 11, 30, 9, tzinfo=UTC))
    digest = desk.said()[-1]
    url = await desk.panelist.presses(button(digest, "I did not interview"), user="USAM")
    await desk.panelist.application.edge.drain(5)
    assert "not yours" in text_of(desk.slack.sent_to(url)[-1])
    await desk.at(datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert desk.said()[-1]["text"] == "You owe one scorecard"

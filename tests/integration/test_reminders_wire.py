"""From an interview's end to its nudge, its digest, its scorecard and "All done", over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.dates import NO_BREAK
from bot.library.catalogue import Library
from bot.services.ports import Clock
from tests.support.clock import ManualClock
from tests.support.panelist import Panelist, choice, elements, running, text_of
from tests.support.panels import frozen, interview, panel, stored
from tests.support.slack import StandIn
from tests.support.wire import Json

FRIDAY = datetime(2026, 11, 27, 10, tzinfo=UTC)
ALEX = "UALEX"
MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
DUE = "You have 1 scorecard due; the first since Fri, Nov 27"


def plain(text: str) -> str:
    """The text, where a space is a space."""
    return text.replace(NO_BREAK, " ")


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

    async def presses(self, message: Json, label: str, user: str = ALEX) -> Json:
        """A press of a button, or of an option in a menu, and what is answered privately."""
        pressed = next(
            (item for item in elements(message, "button") if item["text"]["text"] == label), None
        ) or choice(message, label)
        url = await self.panelist.presses(pressed, user=user)
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
    assert plain(nudge["text"]) == "How did your interview on Fri, Nov 27 go?"
    await desk.at(MONDAY)
    digest = desk.said()[-1]
    assert plain(digest["text"]) == DUE
    assert "Robin Doe · due since Fri, Nov 27" in text_of(digest).replace("\n", "")
    await desk.presses(digest, "In 1 hour")
    await desk.at(MONDAY + timedelta(hours=1, minutes=1))
    assert [plain(said["text"]) for said in desk.said()[1:]] == [DUE, DUE]
    answer = await desk.presses(digest, "No-show")
    assert text_of(answer) == "Done. The organizers have been notified."
    await desk.at(MONDAY + timedelta(hours=2))
    assert [said["text"] for said in desk.said()] == [
        "No scorecard is due for this interview",
        "You're all caught up",
        "You're all caught up",
    ]


def next_reminder(message: Json) -> datetime:
    """When the digest says that the next one comes."""
    line = next(block for block in message["blocks"] if "Next reminder: " in str(block))
    [shown] = [one for one in line["elements"][0]["elements"] if one["type"] == "date"]
    return datetime.fromtimestamp(shown["timestamp"], UTC)


async def test_the_digest_itself_says_when_it_comes_again(desk: Desk) -> None:
    """Alex puts it off for an hour, then until the next workday, and reads when that is."""
    await desk.at(MONDAY)
    assert next_reminder(desk.said()[-1]) == MONDAY + timedelta(days=1)
    answer = await desk.presses(desk.said()[-1], "In 1 hour")
    assert "Next reminder: " in text_of(answer)
    again = next_reminder(answer)
    assert timedelta(0) < again - MONDAY - timedelta(hours=1) < timedelta(minutes=1)
    await desk.at(MONDAY + timedelta(minutes=2))
    assert next_reminder(desk.said()[-1]) == again
    await desk.presses(desk.said()[-1], "Next workday")
    await desk.at(MONDAY + timedelta(minutes=4))
    [digest] = desk.said()
    assert next_reminder(digest) == MONDAY + timedelta(days=1)
    await desk.at(MONDAY + timedelta(hours=2))
    assert len(desk.said()) == 1


async def test_a_scorecard_due_for_a_working_day_is_late(desk: Desk) -> None:
    """The interview ended on Friday at 11:00; on Tuesday morning it has been late since Monday."""
    await desk.at(MONDAY)
    assert "due since Fri, Nov 27" in text_of(desk.said()[-1])
    await desk.at(MONDAY + timedelta(days=1))
    digest = desk.said()[-1]
    assert plain(digest["text"]).startswith("You have 1 late scorecard")
    assert "late since Mon, Nov 30" in text_of(digest)


async def test_someone_else_closes_nothing(desk: Desk) -> None:
    await desk.at(MONDAY)
    answer = await desk.presses(desk.said()[-1], "I didn't interview", user="USAM")
    assert "isn't yours" in text_of(answer)
    await desk.at(MONDAY + timedelta(days=1))
    assert plain(desk.said()[-1]["text"]).startswith("You have 1 late scorecard")

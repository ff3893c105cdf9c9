"""A job's board in its private channel: posted in the morning if something changed, edited through
the day, and only where the job's people asked for it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.messages import MessageKind, MessageState, OutboxMessage
from bot.domain.openings.opening import OpeningStatus
from bot.library.catalogue import Library
from bot.playground.rules.limits import faults
from bot.services.board import channels
from bot.services.board.channels import ChannelBoards
from bot.storage.database import Database
from handlers.views.messages import show
from tests.support.jobs import begins, fills_in
from tests.support.northwind import Northwind, Person
from tests.support.outbox import failure_told
from tests.support.panelist import elements, text_of
from tests.support.panels import new_interview
from tests.support.people import WORKSPACE, People
from tests.support.scorecards import Desk, body, of

ALEX, SAM, CHANNEL = "UALEX", "USAM", "CPRIVATE"
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=UTC)


@dataclass
class Board:
    """Alex and Sam interview Robin Doe on Tuesday; the job's people have asked for its board."""

    desk: Desk
    boards: ChannelBoards

    async def at(self, moment: datetime) -> Sequence[OutboxMessage]:
        """What is to be sent or edited at that moment, as if all before had arrived."""
        await self.desk.all_sent()
        self.desk.clock.set(moment)
        await self.boards.tick()
        found = (await self.desk.enqueued("board.")).values()
        return [one for one in found if one.state is MessageState.DUE]

    async def shown(self, message: OutboxMessage) -> str:
        model = await self.desk.rendered(message)
        assert model is not None
        content = show(model)
        assert faults("message", vars(content)) == []
        return text_of({"text": content.text, "blocks": content.blocks}).replace("\n", " ")

    async def terms(self, **changes: Any) -> None:
        panel = await self.desk.now()
        async with self.desk.database.write() as tx:
            job = await tx.openings.job(WORKSPACE, panel.opening.id)
            assert job is not None
            version = job.version + 1
            after = replace(job, terms=replace(job.terms, **changes), version=version)
            assert await tx.openings.save(WORKSPACE, after)

    async def status(self, status: OpeningStatus) -> None:
        panel = await self.desk.now()
        async with self.desk.database.write() as tx:
            job = await tx.openings.job(WORKSPACE, panel.opening.id)
            assert job is not None
            opening = replace(job.opening, status=status)
            after = replace(job, opening=opening, version=job.version + 1)
            assert await tx.openings.save(WORKSPACE, after)


@pytest.fixture
async def board(library: Library, database_url: str) -> AsyncIterator[Board]:
    database = Database(database_url)
    desk = Desk(library, database, people=People(private={CHANNEL}))
    desk.clock.set(TUESDAY - timedelta(days=1))
    await desk.set_up(
        new_interview(ALEX, TUESDAY), new_interview(SAM, TUESDAY + timedelta(hours=1))
    )
    here = Board(desk, ChannelBoards(database, desk.clock, lambda: None))
    await here.terms(channel=CHANNEL, posts_board=True)
    yield here
    await database.close()


def day(number: int, hour: int) -> datetime:
    """This hour of the day so many after Tuesday."""
    return TUESDAY.replace(hour=hour) + timedelta(days=number)


async def test_the_channel_gets_it_in_the_morning_and_no_one_is_named(board: Board) -> None:
    assert await board.at(day(0, 8)) == []
    (message,) = await board.at(day(0, 9))
    assert (message.kind, message.recipient) == (MessageKind.BOARD_DAY, CHANNEL)
    shown = await board.shown(message)
    assert "1 candidate" in shown
    assert "Robin Doe · interviewing" in shown
    model = await board.desk.rendered(message)
    assert model is not None
    content = show(model)
    assert "user_id" not in str(content.blocks)
    assert "Robin" not in content.text
    (menu,) = elements({"blocks": content.blocks}, "static_select")
    assert menu["placeholder"]["text"] == "Open a candidate"


async def test_it_is_edited_through_the_day(board: Board) -> None:
    (first,) = await board.at(day(0, 9))
    assert await board.at(day(0, 9) + timedelta(minutes=30)) == []
    (edited,) = await board.at(day(0, 13))
    assert (edited.key, edited.ts) == (first.key, "1.1")
    assert "0 of 2 in, 2 due" in await board.shown(edited)
    panel = await board.desk.now()
    await board.desk.submit(of(panel, ALEX), body(of(panel, ALEX).focus, "quokka"))
    (edited,) = await board.at(day(0, 14))
    shown = await board.shown(edited)
    assert "1 of 2 in, 1 due" in shown
    assert "quokka" not in shown
    assert await board.at(day(0, 15)) == []


async def test_the_next_morning_it_comes_anew_if_something_changed(board: Board) -> None:
    (first,) = await board.at(day(0, 9))
    await board.at(day(0, 13))
    (second,) = await board.at(day(1, 9))
    assert second.key != first.key
    assert second.ts is None
    assert "0 of 2 in, 2 due" in await board.shown(second)
    (third,) = await board.at(day(2, 9))
    assert "0 of 2 in, 2 late" in await board.shown(third)
    assert await board.at(day(3, 9)) == [], "all is as it was"
    assert await board.at(day(3, 16)) == []


async def test_what_changes_in_the_afternoon_waits_for_the_morning_to_be_posted(
    board: Board,
) -> None:
    for number in range(3):
        await board.at(day(number, 9))
    panel = await board.desk.now()
    await board.desk.submit(of(panel, ALEX), body(of(panel, ALEX).focus))
    (edited,) = await board.at(day(2, 16))
    assert edited.ts == "1.1"
    (anew,) = await board.at(day(3, 9))
    assert anew.ts is None


async def test_it_says_when_the_candidate_should_have_heard(board: Board) -> None:
    await board.at(day(0, 13))
    panel = await board.desk.now()
    for who in (ALEX, SAM):
        await board.desk.submit(of(panel, who), body(of(panel, who).focus))
    (edited,) = await board.at(day(0, 14))
    assert "all 2 in since Tue, Nov 24, answer by Tue, Dec 1" in await board.shown(edited)
    await board.at(day(7, 9))
    (anew,) = await board.at(day(8, 9))
    assert "answer late since" in await board.shown(anew)


async def test_on_a_day_off_nothing_is_posted(board: Board) -> None:
    await board.terms(posts_board=False)
    await board.at(day(3, 9))
    await board.terms(posts_board=True)
    assert await board.at(day(4, 10)) == [], "Saturday"
    assert len(await board.at(day(6, 10))) == 1, "Monday"


@pytest.mark.parametrize("terms", [{"posts_board": False}, {"channel": None}])
async def test_nobody_gets_a_board_who_has_not_asked_for_it(
    board: Board, terms: dict[str, Any]
) -> None:
    await board.terms(**terms)
    assert await board.at(day(0, 9)) == []


async def test_a_job_that_is_over_shows_no_board(board: Board) -> None:
    await board.status(OpeningStatus.CLOSED)
    assert await board.at(day(0, 9)) == []


async def test_another_channel_gets_a_board_of_its_own(board: Board) -> None:
    await board.at(day(0, 9))
    await board.terms(channel="COTHER")
    (message,) = await board.at(day(0, 12))
    assert (message.recipient, message.ts) == ("COTHER", None)


async def test_one_that_somebody_removed_is_not_posted_again(board: Board) -> None:
    (message,) = await board.at(day(0, 9))
    removed = replace(message, ts=None, expires_at=None)
    assert await board.desk.rendered(removed) is None


async def test_the_recruiter_hears_why_a_channel_does_not_show_it(board: Board) -> None:
    (message,) = await board.at(day(0, 9))
    async with board.desk.database.write() as tx:
        await failure_told(tx, replace(message, error="not_in_channel"), day(0, 9))
    (told,) = (await board.desk.enqueued("board.unposted")).values()
    assert told.recipient == "U1"
    shown = await board.shown(told)
    assert "wasn't posted in" in shown
    assert CHANNEL in shown


async def test_one_that_cannot_be_read_stops_no_other(
    board: Board, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    panel = await board.desk.now()
    async with board.desk.database.write() as tx:
        job = await tx.openings.job(WORKSPACE, panel.opening.id)
        assert job is not None
        other = replace(job, opening=replace(job.opening, id="0" * 16), slug="another")
        assert await tx.openings.add_job(WORKSPACE, other, day(0, 8))
    real = channels.board_of_opening

    async def broken(*asked: Any) -> Any:
        if asked[2] == "0" * 16:
            raise ValueError
        return await real(*asked)

    monkeypatch.setattr(channels, "board_of_opening", broken)
    assert len(await board.at(day(0, 9))) == 1
    assert "board.broken" in caplog.messages
    assert "Robin" not in caplog.text


async def test_the_board_takes_a_channel_to_show_it(house: Northwind, riley: Person) -> None:
    await begins(riley)
    refused = await fills_in(riley, board=["yes"])
    assert "Choose the private channel that shows the board." in refused.errors.values()
    assert house.clock is not None

"""Organizers reassign somebody else's scorecard, or close it, and nobody reads more by it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.feedback import ReadAccess
from bot.domain.panels.panel import Panel
from bot.domain.scorecards.closing import ClosingKind
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.services.messages.progress import Progress
from bot.services.messages.scorecards import reading_of
from bot.services.scorecards.organizing import ScorecardOrganizing
from bot.services.scorecards.ownership import WrongOwner
from bot.storage.audit import audit
from bot.storage.database import Database
from handlers.views.messages import show
from tests.support.panelist import text_of
from tests.support.panels import MONDAY, new_interview
from tests.support.people import WORKSPACE, rights_of
from tests.support.scorecards import Desk, of

SETTER, RECRUITER, MANAGER = "U1", "URECRUITER", "UMANAGER"
ALEX, SAM, PRIYA = "UALEX", "USAM", "UPRIYA"


@pytest.fixture
async def desk(library: Library, database_url: str) -> AsyncIterator[Desk]:
    database = Database(database_url)
    yield Desk(library, database)
    await database.close()


def organizing(desk: Desk) -> ScorecardOrganizing:
    rights = rights_of(desk.people, desk.database, desk.clock)
    return ScorecardOrganizing(desk.database, rights, desk.clock, lambda: None)


async def held(desk: Desk) -> Panel:
    """Alex, Sam and Priya have interviewed; all is sent."""
    three = [new_interview(user) for user in (ALEX, SAM, PRIYA)]
    panel = await desk.held(*three, recruiter=RECRUITER, hiring_manager=MANAGER)
    await desk.all_sent()
    return panel


async def read_by(desk: Desk, panel: Panel, whose: str, person: str) -> ReadAccess:
    async with desk.database.read() as tx:
        due = await tx.scorecards.due_scorecard(WORKSPACE, of(panel, whose).id)
        assert due is not None
        return await reading_of(tx, due, person, desk.clock.now())


async def kit_of(desk: Desk, panel: Panel, whose: str) -> str:
    row = (await desk.enqueued("panel.kit"))[f"kit:{of(panel, whose).id}"]
    model = await desk.rendered(row)
    assert model is not None
    return text_of(vars(show(model)))


async def test_closing_it_for_someone_ends_the_wait_and_their_kit_says_who_and_why(
    desk: Desk,
) -> None:
    panel = await held(desk)
    await desk.submit(of(panel, ALEX))
    await desk.submit(of(panel, PRIYA))
    await desk.all_sent()
    await organizing(desk).close(WORKSPACE, RECRUITER, of(panel, SAM).id, " On leave. ")
    async with desk.database.read() as tx:
        [closing] = await tx.scorecards.closings(WORKSPACE, of(panel, SAM).id)
        rows = (await tx.connection.execute(audit.select())).mappings().all()
    assert (closing.how, closing.actor, closing.owner, closing.reason) == (
        ClosingKind.CLOSED,
        RECRUITER,
        SAM,
        "On leave.",
    )
    assert ("scorecard.closed", of(panel, SAM).id) in [(one["action"], one["part"]) for one in rows]
    said = await kit_of(desk, panel, SAM)
    assert "closed this without a scorecard" in said
    assert "On leave." in said
    row = (await desk.enqueued("scorecard.all_in"))[f"all_in:p1:{MANAGER}"]
    progress = await desk.rendered(row)
    assert isinstance(progress, Progress)
    assert progress.is_complete


async def test_nobody_is_written_to_anew_about_it(desk: Desk) -> None:
    panel = await held(desk)
    before = set(await desk.enqueued(""))
    await organizing(desk).close(WORKSPACE, SETTER, of(panel, SAM).id)
    new = set(await desk.enqueued("")) - before
    assert not any(key.startswith("settled:") for key in new)


async def test_whose_it_was_may_still_write_one(desk: Desk) -> None:
    panel = await held(desk)
    await organizing(desk).close(WORKSPACE, SETTER, of(panel, SAM).id)
    await desk.submit(of(panel, SAM))
    assert await desk.kept(of(panel, SAM)) is not None


async def test_it_is_reassigned_to_someone_who_took_part(desk: Desk) -> None:
    panel = await held(desk)
    acting = organizing(desk)
    await acting.reassign(WORKSPACE, MANAGER, of(panel, SAM).id, PRIYA, "Sam left early.")
    async with desk.database.read() as tx:
        due = await tx.scorecards.due_scorecard(WORKSPACE, of(panel, SAM).id)
    assert due is not None
    assert due.is_awaited_from(PRIYA)
    assert "reassigned the scorecard to" in await kit_of(desk, panel, SAM)
    assert f"handed:{of(panel, SAM).id}:1" in await desk.enqueued("scorecard.handed")
    with pytest.raises(WrongOwner, match="already theirs"):
        await acting.reassign(WORKSPACE, MANAGER, of(panel, SAM).id, PRIYA)
    with pytest.raises(WrongOwner, match="only to an interviewer on this panel"):
        await acting.reassign(WORKSPACE, MANAGER, of(panel, SAM).id, "UMEMBER")


async def test_nobody_reads_more_because_of_it(desk: Desk) -> None:
    """The manager owes a scorecard too: closing Sam's changes nothing for either."""
    four = [new_interview(user) for user in (ALEX, SAM, MANAGER)]
    panel = await desk.held(*four, recruiter=RECRUITER, hiring_manager=MANAGER)
    await desk.submit(of(panel, ALEX))
    before = [await read_by(desk, panel, SAM, who) for who in (MANAGER, SETTER)]
    await organizing(desk).close(WORKSPACE, MANAGER, of(panel, SAM).id)
    assert [await read_by(desk, panel, SAM, who) for who in (MANAGER, SETTER)] == before
    assert before == [ReadAccess.ASK_FIRST, ReadAccess.NOTHING]
    assert await read_by(desk, panel, SAM, SAM) is ReadAccess.NOTHING
    with pytest.raises(UserError, match="your own"):
        await organizing(desk).close(WORKSPACE, MANAGER, of(panel, MANAGER).id)


@pytest.mark.parametrize("who", [ALEX, SAM, "UMEMBER", "UGUEST", "USTRANGER"])
async def test_it_is_for_organizers_and_admins_alone(desk: Desk, who: str) -> None:
    panel = await held(desk)
    acting, interview = organizing(desk), of(panel, SAM).id
    with pytest.raises(UserError):
        await acting.due(WORKSPACE, who, interview)
    with pytest.raises(UserError):
        await acting.close(WORKSPACE, who, interview)
    with pytest.raises(UserError):
        await acting.reassign(WORKSPACE, who, interview, PRIYA)
    assert (await acting.due(WORKSPACE, "UADMIN", interview)).owner == SAM


async def test_what_is_not_due_is_left_as_it_is(desk: Desk) -> None:
    panel = await desk.set_up(new_interview(SAM, MONDAY + timedelta(days=3)), recruiter=RECRUITER)
    with pytest.raises(UserError, match="isn't due"):
        await organizing(desk).close(WORKSPACE, RECRUITER, of(panel, SAM).id)


async def test_of_two_who_press_at_once_one_does_it(desk: Desk) -> None:
    panel = await held(desk)
    acting, interview = organizing(desk), of(panel, SAM).id
    done = await asyncio.gather(
        acting.close(WORKSPACE, SETTER, interview),
        acting.reassign(WORKSPACE, MANAGER, interview, PRIYA),
        return_exceptions=True,
    )
    assert len([one for one in done if one is None]) >= 1
    async with desk.database.read() as tx:
        closings = await tx.scorecards.closings(WORKSPACE, interview)
    assert [one.number for one in closings] == list(range(1, len(closings) + 1))

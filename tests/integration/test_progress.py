"""How far a panel's scorecards have come, as its organizers read it in one message each."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from bot.domain.dates import NO_BREAK
from bot.domain.messages import NotYet, OutboxMessage
from bot.domain.panels.panel import Panel
from bot.domain.scorecards.closing import ClosingKind
from bot.library.catalogue import Library
from bot.playground.rules.limits import faults
from bot.services.messages.progress import AllInMessage, ProgressMessage
from bot.storage.database import Database
from bot.storage.openings import openings
from bot.storage.outbox import outbox
from handlers.views.messages import show
from tests.support.panelist import elements, text_of
from tests.support.panels import MONDAY, new_interview
from tests.support.people import WORKSPACE
from tests.support.scorecards import MARKERS, Desk, of

ALEX, SAM, PRIYA, DANA = "UALEX", "USAM", "UPRIYA", "UDANA"
SETTER, RECRUITER, MANAGER = "U1", "URECRUITER", "UMANAGER"
DAY = timedelta(days=1)


@pytest.fixture
async def desk(library: Library, database_url: str) -> AsyncIterator[Desk]:
    database = Database(database_url)
    yield Desk(library, database, panel_id="a" * 16)
    await database.close()


async def held(desk: Desk, **parts: str) -> Panel:
    """Alex and Sam have interviewed this morning; Priya will on Thursday."""
    starts = ((ALEX, MONDAY), (SAM, MONDAY), (PRIYA, MONDAY + 3 * DAY))
    people = {"recruiter": RECRUITER, "hiring_manager": MANAGER} | parts
    interviews = [new_interview(*one) for one in starts]
    panel = await desk.set_up(*interviews, id=desk.panel_id, **people)
    desk.clock.set(MONDAY + timedelta(hours=2))
    return panel


async def delivers(desk: Desk) -> None:
    """Slack takes what there is to say; what says nothing is not sent."""
    for key, row in (await desk.enqueued("")).items():
        if row.ts is None and await desk.rendered(row) is None:
            async with desk.database.write() as tx:
                await tx.connection.execute(delete(outbox).where(outbox.c.key == key))
    await desk.all_sent()


async def said(desk: Desk, cls: type[ProgressMessage], reader: str) -> str | None:
    """What somebody reads in it by now, if they have been sent it."""
    row = (await desk.enqueued("")).get(cls.key_of(desk.panel_id, reader))
    model = await desk.rendered(row) if row is not None else None
    if row is None or model is None or isinstance(model, NotYet):
        return None
    message = vars(show(model))
    assert faults("message", message) == []
    return text_of(message).replace(NO_BREAK, " ").replace("\n", "")


async def test_its_title_is_the_state_and_each_interview_has_a_line(desk: Desk) -> None:
    panel = await held(desk)
    await desk.submit(of(panel, ALEX))
    await delivers(desk)
    shown = await said(desk, ProgressMessage, MANAGER)
    assert shown is not None
    assert shown.startswith("Robin Doe · 1 of 3 in")
    for words in (" · submitted", " · due since Mon, Nov 30", " · planned Thu, Dec 3"):
        assert words in shown
    desk.clock.set(MONDAY + 2 * DAY)
    assert "late since Tue, Dec 1" in str(await said(desk, ProgressMessage, MANAGER))


async def test_who_is_late_can_be_reminded_from_it_and_whoever_cannot_come_replaced(
    desk: Desk,
) -> None:
    panel = await held(desk)
    await desk.submit(of(panel, ALEX))
    await desk.changes.decline(WORKSPACE, PRIYA, of(panel, PRIYA).id)
    await delivers(desk)
    assert await styled(desk, MANAGER) == [("Replace", "primary"), ("Read feedback", None), OPEN]
    desk.clock.set(MONDAY + 2 * DAY)
    shown = str(await said(desk, ProgressMessage, MANAGER))
    assert shown.startswith("Robin Doe · 1 of 2 in, 1 late")
    first, *_ = await styled(desk, MANAGER)
    assert first == ("Remind now", "primary")


OPEN = ("Open panel", None)


async def styled(desk: Desk, reader: str) -> list[tuple[str, str | None]]:
    """The buttons of the reader's progress, each with its style."""
    row = (await desk.enqueued(""))[ProgressMessage.key_of(desk.panel_id, reader)]
    message = vars(show(await desk.rendered(row)))
    return [(one["text"]["text"], one.get("style")) for one in elements(message, "button")]


async def test_one_message_is_edited_and_another_says_once_that_all_are_in(desk: Desk) -> None:
    panel = await held(desk)
    organizers = {SETTER, RECRUITER, MANAGER}
    for number, who in enumerate((ALEX, SAM), 1):
        await desk.submit(of(panel, who))
        await delivers(desk)
        assert {one.recipient for one in (await progress(desk)).values()} == organizers
        assert f"{number} of 3 in" in str(await said(desk, ProgressMessage, RECRUITER))
        assert await said(desk, AllInMessage, RECRUITER) is None
    first = await progress(desk)
    desk.clock.set(MONDAY + 4 * DAY)
    await desk.submit(of(panel, PRIYA))
    await delivers(desk)
    assert {key: one.ts for key, one in (await progress(desk)).items()} == {
        key: one.ts for key, one in first.items()
    }
    for cls in (ProgressMessage, AllInMessage):
        assert "Robin Doe · all 3 in" in str(await said(desk, cls, RECRUITER))
    assert {one.recipient for one in (await desk.enqueued("scorecard.all_in")).values()} == (
        organizers
    )


async def progress(desk: Desk) -> dict[str, OutboxMessage]:
    return await desk.enqueued("scorecard.arrived")


async def test_one_interview_alone_is_told_once(desk: Desk) -> None:
    parts = {"recruiter": RECRUITER, "hiring_manager": MANAGER}
    panel = await desk.set_up(new_interview(ALEX), id=desk.panel_id, **parts)
    desk.clock.set(MONDAY + timedelta(hours=2))
    await desk.submit(of(panel, ALEX))
    await delivers(desk)
    assert await said(desk, ProgressMessage, MANAGER) is None
    assert "Robin Doe · scorecard in" in str(await said(desk, AllInMessage, MANAGER))


async def test_reading_is_offered_to_those_who_read_and_first_once_all_are_in(desk: Desk) -> None:
    panel = await held(desk)
    await desk.submit(of(panel, ALEX))
    await delivers(desk)
    assert await buttons(desk, ProgressMessage, SETTER) == [("Open panel", None)]
    assert await buttons(desk, ProgressMessage, MANAGER) == [
        ("Read feedback", None),
        ("Open panel", None),
    ]
    await desk.submit(of(panel, SAM))
    await desk.change(panel, of(panel, PRIYA), "cancel_interview")
    await delivers(desk)
    assert (await buttons(desk, AllInMessage, MANAGER))[0] == ("Open debrief", "primary")


async def buttons(
    desk: Desk, cls: type[ProgressMessage], reader: str
) -> list[tuple[str, str | None]]:
    row = (await desk.enqueued(""))[cls.key_of(desk.panel_id, reader)]
    model = await desk.rendered(row)
    assert model is not None
    found = elements(vars(show(model)), "button")
    return [(one["text"]["text"], one.get("style")) for one in found]


async def test_who_brought_it_about_is_told_nothing_new(desk: Desk) -> None:
    """The hiring manager interviews too: their own scorecard is no news to them."""
    panel = await held(desk, hiring_manager=SAM)
    await desk.submit(of(panel, SAM))
    await delivers(desk)
    assert await said(desk, ProgressMessage, SAM) is None
    await desk.submit(of(panel, ALEX))
    await delivers(desk)
    assert "2 of 3 in" in str(await said(desk, ProgressMessage, SAM))


async def test_what_will_not_come_is_not_waited_for(desk: Desk) -> None:
    panel = await held(desk)
    await desk.submit(of(panel, ALEX))
    await desk.scorecards.close(WORKSPACE, SAM, of(panel, SAM).id, ClosingKind.NO_SHOW)
    await delivers(desk)
    shown = str(await said(desk, ProgressMessage, MANAGER))
    assert "Robin Doe · 1 of 2 in" in shown
    assert " · no-show" in shown


SAID = {
    ClosingKind.NO_SHOW: " · no-show",
    ClosingKind.DID_NOT_INTERVIEW: " · closed without a scorecard: they didn't interview",
}


@pytest.mark.parametrize("how", SAID)
async def test_what_an_interviewer_closes_begins_it_and_the_next_one_edits_it(
    desk: Desk, how: ClosingKind
) -> None:
    panel = await held(desk)
    await desk.scorecards.close(WORKSPACE, ALEX, of(panel, ALEX).id, how)
    await delivers(desk)
    first = await progress(desk)
    assert {one.recipient for one in first.values()} == {SETTER, RECRUITER, MANAGER}
    shown = str(await said(desk, ProgressMessage, MANAGER))
    assert shown.startswith("Robin Doe · 0 of 2 in")
    assert SAID[how] in shown
    await desk.submit(of(panel, SAM))
    await delivers(desk)
    assert {one.ts for one in (await progress(desk)).values()} == {one.ts for one in first.values()}
    assert "1 of 2 in" in str(await said(desk, ProgressMessage, MANAGER))
    assert await told_besides(desk) == set(), "and nothing else tells of it"


async def told_besides(desk: Desk) -> set[str]:
    """The kinds of what organizers have been sent, but for the progress and what is to come."""
    found = (await desk.enqueued("")).values()
    told = {one.kind for one in found if one.recipient in (SETTER, RECRUITER, MANAGER)}
    return told - {ProgressMessage.kind, AllInMessage.kind}


async def test_what_an_interviewer_reassigns_shows_there_too(desk: Desk) -> None:
    panel = await held(desk)
    await desk.scorecards.close(WORKSPACE, ALEX, of(panel, ALEX).id, ClosingKind.REASSIGNED, SAM)
    await delivers(desk)
    row = (await progress(desk))[ProgressMessage.key_of(desk.panel_id, MANAGER)]
    shown = vars(show(await desk.rendered(row)))
    assert "0 of 3 in" in text_of(shown)
    assert str(shown["blocks"]).count(SAM) == 2
    assert await told_besides(desk) == set()


async def test_all_in_says_plainly_that_none_was_submitted(desk: Desk) -> None:
    """All three are no-shows; later Alex writes one after all."""
    panel = await held(desk)
    for who in (ALEX, SAM):
        await desk.scorecards.close(WORKSPACE, who, of(panel, who).id, ClosingKind.NO_SHOW)
        await delivers(desk)
        assert await said(desk, AllInMessage, MANAGER) is None
    desk.clock.set(MONDAY + 4 * DAY)
    await desk.scorecards.close(WORKSPACE, PRIYA, of(panel, PRIYA).id, ClosingKind.NO_SHOW)
    await delivers(desk)
    for reader in (SETTER, RECRUITER, MANAGER):
        for cls in (ProgressMessage, AllInMessage):
            shown = str(await said(desk, cls, reader))
            assert shown.startswith("Robin Doe · none submitted, none due")
    assert await buttons(desk, AllInMessage, MANAGER) == [OPEN], "there is nothing to read"
    await desk.submit(of(panel, ALEX))
    await delivers(desk)
    assert "Robin Doe · scorecard in" in str(await said(desk, AllInMessage, MANAGER))


async def test_nothing_of_what_was_written_is_in_it(desk: Desk) -> None:
    panel = await held(desk)
    await desk.submit(of(panel, ALEX))
    await delivers(desk)
    shown = str(await said(desk, ProgressMessage, MANAGER))
    assert "1 of 3 in" in shown
    assert not any(word in shown for word in (*MARKERS, "Solid", "Yes"))


async def test_whoever_decides_beside_them_hears_that_all_are_in_and_nothing_before(
    desk: Desk,
) -> None:
    panel = await held(desk)
    async with desk.database.write() as tx:
        await tx.connection.execute(update(openings).values(deciders=["UDECIDER"]))
    await desk.submit(of(panel, ALEX))
    await delivers(desk)
    assert await said(desk, ProgressMessage, "UDECIDER") is None
    desk.clock.set(MONDAY + 4 * DAY)
    for who in (SAM, PRIYA):
        await desk.submit(of(panel, who))
    await delivers(desk)
    assert "Robin Doe · all 3 in" in str(await said(desk, AllInMessage, "UDECIDER"))
    assert await buttons(desk, AllInMessage, "UDECIDER") == [("Open debrief", "primary"), OPEN]

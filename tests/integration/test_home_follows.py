"""Whose open home is shown anew, and after what: on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from bot.domain.home import NextReminder, ReminderReason
from bot.domain.panels.details import details
from bot.domain.scorecards.closing import ClosingKind
from bot.library.catalogue import Library
from bot.services.home import HomeService
from bot.services.panels.changes import PanelEdit
from bot.services.reminders import RemindersService
from bot.storage.database import Database
from handlers.views.home.home import home
from tests.support.panelist import text_of
from tests.support.panels import MONDAY, new_interview
from tests.support.people import WORKSPACE, rights_of
from tests.support.scorecards import Desk, of

ALEX, SAM, PRIYA = "UALEX", "USAM", "UPRIYA"


@dataclass
class Office:
    """Alex, Sam, Priya and an admin have opened their homes; Alex and Sam interview."""

    desk: Desk

    def __post_init__(self) -> None:
        desk = self.desk
        rights = rights_of(desk.people, desk.database, desk.clock, frozenset({"UADMIN"}))
        self.home = HomeService(desk.database, rights, desk.clock, lambda: None)
        self.reminders = RemindersService(desk.database, desk.people, desk.clock)

    async def all_open(self) -> None:
        for who in (ALEX, SAM, PRIYA, "UADMIN"):
            await self.home.opened(WORKSPACE, who)
        await self.shown_anew()

    async def shown_anew(self) -> set[str]:
        """Whose home has changed since this was last asked."""
        return {person for _, person in await self.home.stale()}


@pytest.fixture
async def office(library: Library, database_url: str) -> AsyncIterator[Office]:
    database = Database(database_url)
    office = Office(Desk(library, database))
    await office.all_open()
    await office.desk.set_up(
        new_interview(ALEX, MONDAY), new_interview(SAM, MONDAY + timedelta(hours=1))
    )
    yield office
    await database.close()


async def test_a_new_panel_is_seen_by_its_interviewers(office: Office) -> None:
    assert await office.shown_anew() == {ALEX, SAM}
    assert await office.shown_anew() == set()


@pytest.mark.parametrize(
    ("how", "seen"),
    [("reschedule", {ALEX}), ("replace", {ALEX, PRIYA}), ("cancel_interview", {ALEX})],
)
async def test_a_changed_interview_is_seen_by_whose_it_was_and_is(
    office: Office, how: str, seen: set[str]
) -> None:
    await office.shown_anew()
    panel = await office.desk.now()
    later = new_interview(ALEX, MONDAY + timedelta(hours=3))
    given = {"reschedule": [later], "replace": [PRIYA], "cancel_interview": []}[how]
    await office.desk.change(panel, of(panel, ALEX), how, *given)
    assert await office.shown_anew() == seen


async def test_one_more_interview_is_seen_by_whose_it_is(office: Office) -> None:
    await office.shown_anew()
    panel = await office.desk.now()
    edit = PanelEdit(panel.id, panel.revision)
    new = new_interview(PRIYA, MONDAY + timedelta(hours=4))
    await office.desk.changes.add(WORKSPACE, "U1", edit, new)
    assert await office.shown_anew() == {PRIYA}


async def test_a_cancelled_panel_is_seen_by_all_its_interviewers(office: Office) -> None:
    await office.shown_anew()
    panel = await office.desk.now()
    await office.desk.changes.cancel(WORKSPACE, "U1", PanelEdit(panel.id, panel.revision))
    assert await office.shown_anew() == {ALEX, SAM}


async def test_a_corrected_name_is_seen_by_all_who_are_to_see_the_candidate(
    office: Office,
) -> None:
    await office.shown_anew()
    panel = await office.desk.now()
    edit, wanted = PanelEdit(panel.id, panel.revision), details(panel)
    named = replace(wanted, name="Robyn Doe")
    await office.desk.changes.give_details(WORKSPACE, "U1", edit, named)
    assert await office.shown_anew() == {ALEX, SAM}
    assert "Robyn Doe" in text_of(home(await office.home.of(WORKSPACE, ALEX)))
    edit, other = PanelEdit(panel.id, panel.revision + 1), replace(named, hiring_manager=PRIYA)
    await office.desk.changes.give_details(WORKSPACE, "U1", edit, other)
    assert await office.shown_anew() == {PRIYA}
    assert "Robyn Doe" in str(home(await office.home.of(WORKSPACE, PRIYA)))


async def test_whoever_cannot_make_it_sees_it(office: Office) -> None:
    await office.shown_anew()
    item = of(await office.desk.now(), ALEX)
    assert "You can't make it" not in text_of(home(await office.home.of(WORKSPACE, ALEX)))
    await office.desk.changes.decline(WORKSPACE, ALEX, item.id)
    assert await office.shown_anew() == {ALEX}
    assert "You can't make it" in text_of(home(await office.home.of(WORKSPACE, ALEX)))


async def test_what_was_coming_is_due_once_it_is_over(office: Office) -> None:
    await office.shown_anew()
    office.desk.clock._now = MONDAY + timedelta(minutes=44)
    await office.reminders.tick()
    assert await office.shown_anew() == set()
    assert len((await office.home.of(WORKSPACE, ALEX)).coming) == 1
    await office.all_open()
    office.desk.clock._now = MONDAY + timedelta(minutes=45)
    await office.reminders.tick()
    assert await office.shown_anew() == {ALEX}
    home = await office.home.of(WORKSPACE, ALEX)
    assert (len(home.due), len(home.coming)) == (1, 0)


async def test_a_digest_that_has_come_is_the_next_no_more(office: Office) -> None:
    await _ended(office)
    berlins_morning = MONDAY + timedelta(hours=23)
    office.desk.clock._now = berlins_morning
    await office.reminders.tick()
    assert ALEX in await office.shown_anew()
    following = (await office.home.of(WORKSPACE, ALEX)).next
    assert following == NextReminder(berlins_morning + timedelta(days=1), ReminderReason.DIGEST)


async def _ended(office: Office) -> None:
    office.desk.clock._now = MONDAY + timedelta(hours=3)
    await office.reminders.tick()
    await office.all_open()


async def test_a_submitted_scorecard_is_due_no_more(office: Office) -> None:
    await _ended(office)
    await office.desk.submit(of(await office.desk.now(), ALEX))
    assert await office.shown_anew() == {ALEX}


async def test_a_closed_scorecard_is_due_no_more(office: Office) -> None:
    await _ended(office)
    item = of(await office.desk.now(), ALEX)
    await office.desk.scorecards.close(WORKSPACE, ALEX, item.id, ClosingKind.NO_SHOW)
    assert await office.shown_anew() == {ALEX}


@pytest.mark.parametrize("is_due", [True, False])
async def test_what_is_reassigned_is_seen_by_both(office: Office, is_due: bool) -> None:
    """Once it is owed, and before anybody has looked whether it is."""
    office.desk.clock._now = MONDAY + timedelta(hours=3)
    if is_due:
        await office.reminders.tick()
    await office.all_open()
    await office.shown_anew()
    item = of(await office.desk.now(), ALEX)
    await office.desk.scorecards.close(WORKSPACE, ALEX, item.id, ClosingKind.REASSIGNED, SAM)
    assert await office.shown_anew() == {ALEX, SAM}


async def test_a_later_and_a_tomorrow_are_seen(office: Office) -> None:
    await _ended(office)
    await office.reminders.later(WORKSPACE, ALEX)
    assert await office.shown_anew() == {ALEX}
    await office.reminders.tomorrow(WORKSPACE, ALEX)
    assert await office.shown_anew() == {ALEX}


async def test_what_holds_for_everybody_is_seen_by_all_who_look(office: Office) -> None:
    await office.shown_anew()
    await office.home.for_everybody(WORKSPACE, "UADMIN", lambda one: replace(one, hour=8))
    assert await office.shown_anew() == {ALEX, SAM, PRIYA, "UADMIN"}


async def test_whoever_opened_it_long_ago_is_not_shown_it(office: Office) -> None:
    await office.shown_anew()
    office.desk.clock.move(hours=25)
    await office.home.opened(WORKSPACE, SAM)
    await office.home.for_everybody(WORKSPACE, "UADMIN", lambda one: replace(one, hour=8))
    panel = await office.desk.now()
    await office.desk.changes.cancel(WORKSPACE, "U1", PanelEdit(panel.id, panel.revision))
    assert await office.shown_anew() == {SAM}


async def test_a_change_asks_no_more_the_more_people_look(office: Office) -> None:
    database = office.desk.database
    asked: list[str] = []

    def note(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    counts = []
    for number in range(2):
        for person in [f"U{number}{one:02}" for one in range(30 * number)]:
            async with database.write() as tx:
                await tx.homes.opened(WORKSPACE, person, office.desk.clock.now())
        engine = database._writer.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        await office.home.for_everybody(WORKSPACE, "UADMIN", lambda one: replace(one, hour=8))
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(asked))
        asked.clear()
    assert counts[0] == counts[1]

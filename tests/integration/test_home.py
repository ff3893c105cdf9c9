"""The app's home, over HTTP: what it shows, what is chosen there, and when it is shown anew."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.home import Home
from bot.domain.reminders import Cadence, Reminded
from bot.library.catalogue import Library
from bot.playground.limits import faults
from handlers.ids import (
    HOME_DAY_OFF,
    HOME_DAYS,
    HOME_EVERY_HOUR,
    HOME_HOLIDAY,
    HOME_HOUR,
    HOME_SNOOZE,
    Field,
)
from handlers.views import home as views
from tests.integration.test_reminders_wire import ALEX, FRIDAY, Desk
from tests.support.clock import ManualClock
from tests.support.panelist import elements, running, text_of
from tests.support.panels import frozen, interview, panel
from tests.support.slack import StandIn
from tests.support.wire import WORKSPACE, Json, press_payload
from tests.unit.test_reminder_views import DUTY, NAMES

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.fixture
async def desk(slack: StandIn, sqlite_database: str, library: Library) -> AsyncIterator[Desk]:
    clock = ManualClock(FRIDAY)
    slack.conversations.now = lambda: clock.now().timestamp()
    async with running(
        slack, sqlite_database, clock=clock, panelist_admins=frozenset({"UADMIN"})
    ) as panelist:
        whole = panel(
            interview(ALEX, id="1" * 16, starts_at=FRIDAY),
            interview("USAM", id="2" * 16, starts_at=MONDAY),
        )
        async with panelist.application.database.write() as tx:
            assert await tx.panels.add(whole, frozen(library))
        yield Desk(panelist, slack, clock)


async def opens(desk: Desk, user: str = ALEX, tab: str = "home") -> Json | None:
    """Somebody opens the home; gives what it shows."""
    event = {"type": "app_home_opened", "user": user, "channel": "D1", "tab": tab}
    payload = {"type": "event_callback", "team_id": WORKSPACE, "event_id": "Ev1", "event": event}
    before = len(shown(desk))
    reply = await desk.panelist.wire.event(payload)
    assert reply.status == 200
    await desk.panelist.application.edge.drain(5)
    return shown(desk)[-1]["view"] if len(shown(desk)) > before else None


def shown(desk: Desk) -> list[Json]:
    return desk.slack.called("views.publish")


async def chooses(desk: Desk, of: Field, state: Json, user: str = ALEX) -> Json:
    """A choice in the home; gives what it shows then."""
    view: Json = {"id": "V1", "type": "home", "hash": "h", "blocks": []}
    view |= {"state": {"values": {of.block: {of.action: state}}}}
    element = {"type": "x", "action_id": of.action} | state
    payload = press_payload(element, None, user=user, view=view)
    assert (await desk.panelist.wire.payload(payload)).status == 200
    await desk.panelist.application.edge.drain(5)
    found: Json = shown(desk)[-1]["view"]
    return found


async def presses(desk: Desk, view: Json, label: str) -> Json:
    pressed = next(
        item for item in elements(view, "button") if item["text"]["text"].startswith(label)
    )
    return await chooses(desk, Field(pressed["block_id"], pressed["action_id"]), pressed)


async def test_it_shows_what_is_owed_what_comes_and_when_the_next_reminder_does(
    desk: Desk,
) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    view = await opens(desk)
    assert view is not None
    said = text_of(view)
    assert "Robin Doe" in said
    assert "since you owe one scorecard: it is your next working day at 09:00" in said
    sams = await opens(desk, "USAM")
    assert sams is not None
    assert "No reminder is due, since you owe nothing." in text_of(sams)
    assert "Robin Doe" in text_of(sams)
    assert await opens(desk, tab="messages") is None


async def test_a_choice_holds_at_once(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    await opens(desk)
    view = await chooses(desk, HOME_HOUR, {"selected_option": {"value": "11"}})
    assert "at 11:00" in text_of(view)
    days = [{"value": str(day)} for day in (0, 2)]
    await chooses(desk, HOME_DAYS, {"selected_options": days})
    view = await chooses(desk, HOME_DAY_OFF, {"selected_date": "2026-11-30"})
    async with desk.panelist.application.database.read() as tx:
        alex = await tx.reminders.get(WORKSPACE, ALEX)
    assert alex is not None
    assert (alex.hour, alex.working_days) == (11, frozenset({0, 2}))
    assert alex.days_off == frozenset({date(2026, 11, 30)})
    view = await presses(desk, view, "Mon 30 Nov 2026")
    assert "Mon 30 Nov" not in text_of(view)
    view = await chooses(desk, HOME_HOUR, {"selected_option": {"value": views.AS_EVERYBODY}})
    await desk.at(MONDAY)
    assert desk.said()[-1]["text"] == "You owe one scorecard"


async def test_a_scorecard_is_opened_from_home(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    view = await opens(desk)
    assert view is not None
    await presses(desk, view, "Fill now")
    assert len(desk.slack.called("views.open")) == 1


async def test_an_admin_chooses_for_everybody_and_nobody_else_does(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    view = await opens(desk, "UADMIN")
    assert view is not None
    assert "Everybody's reminders" in text_of(view)
    view = await chooses(desk, HOME_HOLIDAY, {"selected_date": "2026-11-30"}, "UADMIN")
    assert "Mon 30 Nov 2026" in text_of(view)
    alexs = await opens(desk)
    assert alexs is not None
    assert "Everybody's reminders" not in text_of(alexs)
    await chooses(desk, HOME_EVERY_HOUR, {"selected_option": {"value": "7"}})
    assert "Only an admin" in text_of(desk.slack.called("views.open")[-1]["view"])
    await desk.at(MONDAY)
    assert desk.said() == []
    await desk.at(MONDAY + timedelta(days=1))
    assert desk.said()[-1]["text"] == "You owe one scorecard"


async def test_left_alone_and_woken(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    await opens(desk)
    view = await chooses(desk, HOME_SNOOZE, {"selected_date": "2026-12-03"})
    assert "asked to be left alone until then" in text_of(view)
    await desk.at(MONDAY)
    assert desk.said() == []
    await presses(desk, view, "Remind me again")
    await desk.at(MONDAY + timedelta(hours=1))
    assert desk.said()[-1]["text"] == "You owe one scorecard"


async def test_it_is_shown_anew_after_a_change_to_who_opened_it_lately(desk: Desk) -> None:
    await opens(desk)
    await desk.at(MONDAY)
    before = len(shown(desk))
    await opens(desk)
    await desk.presses(desk.said()[-1], "Candidate did not show")
    await desk.at(MONDAY + timedelta(minutes=1))
    assert len(shown(desk)) == before + 2
    assert "every scorecard is in" in text_of(shown(desk)[-1]["view"])
    await desk.at(MONDAY + timedelta(minutes=2))
    assert len(shown(desk)) == before + 2


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("changes", [{}, {"snoozed_until": MONDAY, "hour": 7}])
def test_the_longest_home_fits(name: str, changes: dict[str, Any]) -> None:
    days = frozenset(date(2026, 12, 1) + timedelta(days=n) for n in range(100))
    person = replace(Reminded("T1", ALEX, DUTY.zone, days_off=days), **changes)
    duties = [replace(DUTY, candidate=name)] * 60
    cadence = Cadence("T1", holidays=days)
    it = Home(FRIDAY, duties, duties[:10], person, cadence, MONDAY, is_admin=True)
    assert faults("home", views.home(it)) == []
    assert faults("home", views.home(replace(it, owed=[], coming=[], next_at=None))) == []

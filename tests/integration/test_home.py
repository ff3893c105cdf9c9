"""The app's home, over HTTP: what it shows, what is chosen there, and when it is shown anew."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.dates import NO_BREAK
from bot.domain.home import Home, NextReminder, ReminderReason
from bot.domain.reminders import RemindedPerson, ReminderPolicy
from bot.library.catalogue import Library
from bot.playground.rules.limits import faults
from handlers.ids import (
    HOME_DAY_OFF,
    HOME_DAYS,
    HOME_EVERY_CHASE,
    HOME_EVERY_HOUR,
    HOME_EVERY_NUDGE,
    HOME_HOLIDAY,
    HOME_HOUR,
    HOME_SNOOZE,
    ActionId,
    FormField,
    home_hours,
)
from handlers.views import home as views
from tests.integration.test_reminders_wire import ALEX, FRIDAY, Desk
from tests.support.clock import ManualClock
from tests.support.panelist import elements, running, text_of
from tests.support.panels import frozen, interview, panel, stored
from tests.support.slack import BROKEN, RATE_LIMITED, Fault, StandIn, refused
from tests.support.wire import WORKSPACE, Json, press_payload
from tests.unit.test_reminder_views import DUTY, NAMES

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)


@pytest.fixture
async def desk(slack: StandIn, database_url: str, library: Library) -> AsyncIterator[Desk]:
    clock = ManualClock(FRIDAY)
    slack.conversations.now = lambda: clock.now().timestamp()
    async with running(
        slack, database_url, clock=clock, panelist_admins=frozenset({"UADMIN"})
    ) as panelist:
        whole = panel(
            interview(ALEX, id="1" * 16, starts_at=FRIDAY),
            interview("USAM", id="2" * 16, starts_at=MONDAY),
        )
        async with panelist.application.database.write() as tx:
            await stored(tx, whole, frozen(library))
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


async def chooses(desk: Desk, of: FormField, state: Json, user: str = ALEX) -> Json:
    """A choice in the home; gives what it shows then."""
    view: Json = {"id": "V1", "type": "home", "hash": "h", "blocks": []}
    view |= {"state": {"values": {of.block: {of.action: state}}}}
    element = {"type": "x", "action_id": of.action} | state
    payload = press_payload(element, None, user=user, view=view)
    assert (await desk.panelist.wire.payload(payload)).status == 200
    await desk.panelist.application.edge.drain(5)
    assert shown(desk)
    found: Json = shown(desk)[-1]["view"]
    return found


async def presses(desk: Desk, view: Json, label: str) -> Json:
    pressed = next(
        item
        for item in elements(view, "button")
        if item["text"]["text"].replace(NO_BREAK, " ").startswith(label)
    )
    return await chooses(desk, FormField(pressed["block_id"], pressed["action_id"]), pressed)


async def test_it_shows_what_is_owed_what_comes_and_when_the_next_reminder_does(
    desk: Desk,
) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    view = await opens(desk)
    assert view is not None
    said = text_of(view)
    assert "Robin Doe" in said
    assert "since you owe one scorecard: it is your next working day at 9:00 AM" in said
    sams = await opens(desk, "USAM")
    assert sams is not None
    assert "No reminder is due, since you owe nothing." in text_of(sams)
    assert "Robin Doe" in text_of(sams)
    assert await opens(desk, tab="messages") is None


async def test_it_says_which_reminder_is_the_next(desk: Desk) -> None:
    """A nudge, then what was put off for an hour, then the next morning's digest."""
    await desk.at(FRIDAY + timedelta(minutes=50))
    said = text_of(await opens(desk) or {})
    assert "since an interview of yours is just over" in said
    await desk.at(MONDAY)
    await desk.presses(desk.said()[-1], "In 1 h")
    assert "have asked to be reminded again then" in text_of(await opens(desk) or {})
    await desk.at(MONDAY + timedelta(hours=1, minutes=1))
    said = text_of(await opens(desk) or {})
    assert "since you owe one scorecard: it is your next working day" in said
    await desk.presses(desk.said()[-1], "In 1 h")
    await chooses(desk, HOME_SNOOZE, {"selected_date": "2026-12-03"})
    assert "left alone until then" in text_of(shown(desk)[-1]["view"])
    before = len(desk.said())
    await desk.at(MONDAY + timedelta(hours=3))
    assert len(desk.said()) == before


async def test_a_choice_holds_at_once(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    await opens(desk)
    view = await chooses(desk, HOME_HOUR, {"selected_option": {"value": "11"}})
    assert "at 11:00 AM" in text_of(view)
    days = [{"value": str(day)} for day in (0, 2)]
    await chooses(desk, HOME_DAYS, {"selected_options": days})
    view = await chooses(desk, HOME_DAY_OFF, {"selected_date": "2026-11-30"})
    async with desk.panelist.application.database.read() as tx:
        alex = await tx.reminders.get(WORKSPACE, ALEX)
    assert alex is not None
    assert (alex.hour, alex.working_days) == (11, frozenset({0, 2}))
    assert alex.days_off == frozenset({date(2026, 11, 30)})
    view = await presses(desk, view, "Mon, Nov 30, 2026")
    assert "Mon 30 Nov" not in text_of(view)
    view = await chooses(desk, HOME_HOUR, {"selected_option": {"value": views.AS_EVERYBODY}})
    await desk.at(MONDAY)
    assert desk.said()[-1]["text"] == "You owe one scorecard"


async def test_whoever_has_no_working_days_is_told_that_nothing_comes(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    await opens(desk)
    view = await chooses(desk, HOME_DAYS, {"selected_options": []})
    assert "with no working days chosen I remind you of nothing" in text_of(view)


@pytest.mark.parametrize("of", [HOME_DAY_OFF, HOME_SNOOZE])
async def test_a_day_that_is_over_is_refused(desk: Desk, of: FormField) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    await opens(desk)
    await chooses(desk, of, {"selected_date": "2026-11-26"})
    (refused,) = desk.slack.called("views.open")
    assert "This day is over." in text_of(refused["view"])


async def test_a_control_is_another_once_what_it_shows_has_changed(desk: Desk) -> None:
    """Or Slack would leave in it what was chosen before."""

    def ids(view: Json | None) -> set[str]:
        assert view is not None
        return {block["block_id"] for block in view["blocks"] if "#" in block.get("block_id", "")}

    await desk.at(FRIDAY + timedelta(hours=8))
    first = await opens(desk)
    second = await chooses(desk, HOME_DAY_OFF, {"selected_date": "2026-12-01"})
    changed = {id.partition("#")[0] for id in ids(first) - ids(second)}
    assert changed == {HOME_DAY_OFF.block}
    assert len(ids(first)) > 3


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
    assert "Mon, Nov 30, 2026" in text_of(view)
    alexs = await opens(desk)
    assert alexs is not None
    assert "Everybody's reminders" not in text_of(alexs)
    await chooses(desk, HOME_EVERY_HOUR, {"selected_option": {"value": "7"}})
    assert "Only an admin" in text_of(desk.slack.called("views.open")[-1]["view"])
    await desk.at(MONDAY)
    assert desk.said() == []
    await desk.at(MONDAY + timedelta(days=1))
    assert desk.said()[-1]["text"] == "You owe one scorecard"


async def test_an_admin_chooses_how_long_and_when_everybody_is_nudged(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    begin, end = home_hours(9, 18)
    for field, value in (
        (HOME_EVERY_CHASE, "5"),
        (HOME_EVERY_NUDGE, "30"),
        (begin, "7"),
        (end, "20"),
    ):
        view = await chooses(desk, field, {"selected_option": {"value": value}}, "UADMIN")
    selects = elements(view, "static_select")
    chosen = [item["initial_option"]["text"]["text"].replace(NO_BREAK, " ") for item in selects]
    assert chosen[-5:] == [
        "9:00 AM",
        "5 working days",
        "30 min after the end",
        "From 7:00 AM",
        "Until 8:00 PM",
    ]
    never = {"selected_option": {"value": views.NEVER}}
    view = await chooses(desk, HOME_EVERY_NUDGE, never, "UADMIN")
    assert "Until" not in text_of(view)
    async with desk.panelist.application.database.read() as tx:
        assert await tx.reminders.policy(WORKSPACE) == ReminderPolicy(
            WORKSPACE, chase_days=5, nudge_after=None, opens=7, closes=20
        )


async def test_hours_refused_on_a_home_of_yesterday_stand_there_no_more(desk: Desk) -> None:
    begin, end = home_hours(9, 18)
    await chooses(desk, end, {"selected_option": {"value": "12"}}, "UADMIN")
    view = await chooses(desk, begin, {"selected_option": {"value": "14"}}, "UADMIN")
    assert "an end that's later than the start" in text_of(
        desk.slack.called("views.open")[-1]["view"]
    )
    blocks = [block.get("block_id") for block in view["blocks"]]
    assert home_hours(9, 12)[0].block in blocks
    offered = {option["value"] for option in _offered(view, ActionId.HOME_EVERY_OPENS)}
    assert offered == {str(hour) for hour in range(12)}


def _offered(view: Json, action: str) -> list[Json]:
    [select] = [item for item in elements(view, "static_select") if item["action_id"] == action]
    options: list[Json] = select["options"]
    return options


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


@pytest.mark.parametrize("fault", [RATE_LIMITED, BROKEN])
async def test_what_slack_does_not_take_is_shown_a_minute_later(desk: Desk, fault: Fault) -> None:
    await desk.at(MONDAY)
    await opens(desk)
    desk.slack.fails("views.publish", *[fault] * 9)
    await desk.presses(desk.said()[-1], "Candidate did not show")
    await desk.at(MONDAY + timedelta(seconds=30))
    desk.slack.faults.clear()
    before = len(shown(desk))
    await desk.at(MONDAY + timedelta(minutes=2))
    assert len(shown(desk)) == before + 1
    assert "every scorecard is in" in text_of(shown(desk)[-1]["view"])


async def test_a_home_that_slack_refuses_holds_up_nobody_else(desk: Desk) -> None:
    await desk.at(MONDAY)
    for user in (ALEX, "USAM"):
        await opens(desk, user)
    desk.slack.fails("views.publish", refused("not_enabled"))
    async with desk.panelist.application.database.write() as tx:
        await tx.homes.changed(WORKSPACE, None, desk.clock.now())
    before = len(shown(desk))
    await desk.at(MONDAY + timedelta(seconds=30))
    assert [call["user_id"] for call in shown(desk)[before:]] == [ALEX, "USAM"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("changes", [{}, {"snoozed_until": MONDAY, "hour": 7}])
def test_the_longest_home_fits(name: str, changes: dict[str, Any]) -> None:
    days = frozenset(date(2026, 12, 1) + timedelta(days=n) for n in range(100))
    person = replace(RemindedPerson("T1", ALEX, DUTY.zone, days_off=days), **changes)
    due_scorecards = [replace(DUTY, candidate=name)] * 60
    policy = ReminderPolicy("T1", holidays=days)
    for why in ReminderReason:
        following = NextReminder(MONDAY, why)
        it = Home(
            FRIDAY, due_scorecards, due_scorecards[:10], person, policy, following, is_admin=True
        )
        assert faults("home", views.home(it)) == []
    assert faults("home", views.home(replace(it, due=[], coming=[], next=None))) == []


async def test_a_home_of_another_workspace_keeps_nobody_elses_from_being_shown(desk: Desk) -> None:
    """An earlier version took the homes of whoever opened one; there is no token for theirs."""
    await desk.panelist.application.ticker.stop()
    await opens(desk)
    async with desk.panelist.application.database.write() as tx:
        await tx.homes.opened("T2", "U9", desk.clock.now())
        await tx.homes.changed("T2", ["U9"], desk.clock.now())
    desk.clock.moves(seconds=1)
    async with desk.panelist.application.database.write() as tx:
        await tx.homes.changed(WORKSPACE, [ALEX], desk.clock.now())
    before = len(shown(desk))
    await desk.panelist.application.tick()
    assert [call["user_id"] for call in shown(desk)[before:]] == [ALEX]

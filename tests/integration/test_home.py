"""The app's home, over HTTP: what it shows, what is chosen there, and when it is shown anew."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.dates import NO_BREAK
from bot.domain.home import Home, NextReminder, ReminderReason
from bot.domain.panels.panel import Replacement
from bot.domain.reminders import RemindedPerson, ReminderPolicy
from bot.library.catalogue import Library
from bot.playground.rules.limits import faults
from handlers.ids import (
    HOME_DAY_OFF,
    HOME_DAYS,
    HOME_DAYS_OFF_UNTIL,
    HOME_EVERY_CHASE,
    HOME_EVERY_HOUR,
    HOME_EVERY_MANAGER,
    HOME_EVERY_NUDGE,
    HOME_EVERY_RECRUITER,
    HOME_HOLIDAY,
    HOME_HOUR,
    HOME_SNOOZE,
    QUESTIONS_ROLE,
    ActionId,
    FormField,
    home_hours,
)
from handlers.views.home import home as views
from handlers.views.home import settings as forms
from tests.integration.test_reminders_wire import ALEX, FRIDAY, Desk
from tests.support.clock import ManualClock
from tests.support.panelist import elements, running, text_of
from tests.support.panels import frozen, interview, panel, stored
from tests.support.slack import BROKEN, RATE_LIMITED, Fault, StandIn, refused
from tests.support.wire import WORKSPACE, Json, press_payload
from tests.unit.test_reminder_views import DUTY, NAMES

MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
DUE = "You have 1 scorecard due; the first since Fri, Nov 27"


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


async def presses(
    desk: Desk, where: Json, label: str, user: str = ALEX, kind: str = "home"
) -> None:
    """A press of the button of this label, by its text or by what screen readers say."""
    pressed = next(
        item
        for item in elements(where, "button")
        if label in (spaced(item["text"]["text"]), item.get("accessibility_label"))
    )
    view = {"id": "V1", "type": kind, "hash": "h", "blocks": [], "state": {"values": {}}}
    payload = press_payload(pressed, None, user=user, view=view)
    assert (await desk.panelist.wire.payload(payload)).status == 200
    await desk.panelist.application.edge.drain(5)


def spaced(text: str) -> str:
    return text.replace(NO_BREAK, " ")


async def changes(desk: Desk, user: str = ALEX, what: str = "Change when I write to you") -> Json:
    """Somebody opens their home, and there the form in which they choose."""
    view = await opens(desk, user)
    assert view is not None
    await presses(desk, view, what, user)
    found: Json = desk.slack.called("views.open")[-1]["view"]
    return found


async def chooses(desk: Desk, of: FormField, state: Json, user: str = ALEX) -> Json:
    """A choice in a form; gives what the form shows then."""
    view: Json = {"id": "V1", "type": "modal", "hash": "h", "blocks": []}
    view |= {"state": {"values": {of.block: {of.action: state}}}}
    element = {"type": "x", "action_id": of.action} | state
    payload = press_payload(element, None, user=user, view=view)
    assert (await desk.panelist.wire.payload(payload)).status == 200
    await desk.panelist.application.edge.drain(5)
    found: Json = desk.slack.called("views.update")[-1]["view"]
    return found


async def takes_off(desk: Desk, first: str | None, last: str | None = None) -> Json:
    """Somebody chooses a first and a last day and presses *Add days off*."""
    before = len(desk.slack.called("views.update"))
    values = {
        HOME_DAY_OFF.block: {
            HOME_DAY_OFF.action: {"selected_date": first},
            HOME_DAYS_OFF_UNTIL.action: {"selected_date": last},
        }
    }
    view = {"id": "V1", "type": "modal", "hash": "h", "blocks": [], "state": {"values": values}}
    element = {"type": "button", "action_id": ActionId.HOME_ADD_DAYS_OFF, "value": ""}
    payload = press_payload(element, None, user=ALEX, view=view)
    assert (await desk.panelist.wire.payload(payload)).status == 200
    await desk.panelist.application.edge.drain(5)
    shown_again = desk.slack.called("views.update")[before:]
    return shown_again[-1]["view"] if shown_again else {"blocks": []}


def at_home(desk: Desk, user: str | None = None) -> str:
    """What the home that was shown last says, or that person's: others' may follow it."""
    homes = [one["view"] for one in shown(desk) if user in (None, one["user_id"])]
    return text_of(homes[-1])


async def test_it_begins_with_what_is_due_and_has_one_primary_button(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    view = await opens(desk)
    assert view is not None
    assert view["blocks"][0]["text"]["text"] == "1 scorecard due"
    assert "Robin Doe · due since Fri, Nov 27" in text_of(view).replace("\n", "")
    assert [one["text"]["text"] for one in elements(view) if one.get("style")] == [
        "Write scorecard"
    ]
    assert "Next reminder: " in text_of(view)
    assert await opens(desk, tab="messages") is None


async def test_interviews_to_come_are_listed_with_their_day(desk: Desk) -> None:
    view = await opens(desk, "USAM")
    assert view is not None
    assert view["blocks"][0]["text"]["text"] == "You're all caught up"
    assert "Your next interviews" in text_of(view)
    [date] = [part for part in parts(view) if part["type"] == "date"]
    assert (date["timestamp"], "{date_long}" in date["format"]) == (int(MONDAY.timestamp()), True)
    assert "Next reminder" not in text_of(view)


def parts(view: Json) -> list[Json]:
    """What its lines are made of."""
    lines = [one for block in view["blocks"] for one in block.get("elements", ())]
    return [part for one in lines for part in one.get("elements", ()) if isinstance(part, dict)]


async def test_whoever_organizes_sees_whom_they_wait_for(desk: Desk) -> None:
    """Alex's interview was on Friday: its scorecard is due, and late from Monday on."""
    await desk.at(FRIDAY + timedelta(hours=8))
    view = await opens(desk, "UMANAGER")
    assert view is not None
    assert view["blocks"][0]["text"]["text"] == "Nothing due from you · 1 due"
    assert {part["user_id"] for part in parts(view) if part["type"] == "user"} == {ALEX}
    assert "due since Fri, Nov 27" in text_of(view)
    assert "Remind now" not in text_of(view)
    await desk.at(MONDAY + timedelta(days=1))
    view = await opens(desk, "UMANAGER")
    assert view is not None
    assert view["blocks"][0]["text"]["text"] == "Nothing due from you · 1 late"
    assert "late since Mon, Nov 30" in text_of(view)
    assert "Remind now" in text_of(view)
    assert "Waiting for scorecards" not in text_of(await opens(desk, "UEVE") or {})


@pytest.mark.parametrize("user", ["UEVE", "UADMIN"])
async def test_a_first_home_has_something_to_press(desk: Desk, user: str) -> None:
    view = await opens(desk, user)
    assert view is not None
    labels = [one["text"]["text"] for one in elements(view, "button")]
    assert labels[:3] == ["See roles", "Get questions", "Set up a panel"]
    assert ("Workspace settings" in text_of(view)) is (user == "UADMIN")
    opened = len(desk.slack.called("views.open"))
    for label in labels[:3]:
        await presses(desk, view, label, user)
    begun = [str(call["view"]) for call in desk.slack.called("views.open")[opened:]]
    for view, word in zip(
        begun, ("Job descriptions", "questions.picker", "panel.form"), strict=True
    ):
        assert word in view
    for call in desk.slack.called("views.open")[opened:]:
        assert faults("modal", call["view"]) == []


async def test_questions_begun_at_home_come_by_direct_message(desk: Desk) -> None:
    view = await opens(desk, "UEVE")
    assert view is not None
    await presses(desk, view, "Get questions", "UEVE")
    form = desk.slack.called("views.open")[-1]["view"]
    values = {QUESTIONS_ROLE.block: {QUESTIONS_ROLE.action: chosen("backend-developer")}}
    reply = await desk.panelist.submits(form, values, "UEVE")
    assert (reply.status, reply.text) == (200, "")
    [said] = desk.slack.called("chat.postMessage")
    assert said["channel"] == "UEVE"
    assert "Backend Developer" in text_of(said)


def chosen(value: str) -> Json:
    return {"selected_option": {"value": value}}


async def test_it_says_which_reminder_is_the_next(desk: Desk) -> None:
    """The one after the interview, then what was put off for an hour, then the next morning's."""
    await desk.at(FRIDAY + timedelta(minutes=50))
    assert "right after your interview" in text_of(await opens(desk) or {})
    await desk.at(MONDAY)
    await desk.presses(desk.said()[-1], "In 1 hour")
    assert "as you asked" in text_of(await opens(desk) or {})
    await desk.at(MONDAY + timedelta(hours=1, minutes=1))
    said = text_of(await opens(desk) or {})
    assert "Next reminder: " in said
    assert "as you asked" not in said
    await desk.presses(desk.said()[-1], "In 1 hour")
    await chooses(desk, HOME_SNOOZE, {"selected_date": "2026-12-03"})
    assert "Reminders are paused until" in at_home(desk)
    before = len(desk.said())
    await desk.at(MONDAY + timedelta(hours=3))
    assert len(desk.said()) == before


async def test_a_choice_holds_at_once_and_is_said_at_home(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    form = await changes(desk)
    assert faults("modal", form) == []
    assert "Workspace default: 9:00 AM" in text_of(form)
    await chooses(desk, HOME_HOUR, {"selected_option": {"value": "11"}})
    assert "Mon–Fri from 11:00 AM, your time · no days off" in at_home(desk)
    days = [{"value": str(day)} for day in (0, 2)]
    await chooses(desk, HOME_DAYS, {"selected_options": days})
    form = await takes_off(desk, "2026-11-30")
    assert "Mon, Wed from 11:00 AM, your time · 1 day off" in at_home(desk)
    async with desk.panelist.application.database.read() as tx:
        alex = await tx.reminders.get(WORKSPACE, ALEX)
    assert alex is not None
    assert (alex.hour, alex.working_days) == (11, frozenset({0, 2}))
    assert alex.days_off == frozenset({date(2026, 11, 30)})
    await presses(desk, form, "Mon, Nov 30, 2026 ✕", kind="modal")
    assert "Mon, Nov 30" not in text_of(desk.slack.called("views.update")[-1]["view"])
    await chooses(desk, HOME_HOUR, {"selected_option": {"value": forms.AS_DEFAULT}})
    await desk.at(MONDAY)
    assert spaced(desk.said()[-1]["text"]) == DUE


async def test_whoever_has_no_working_days_is_told_that_nothing_comes(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    await opens(desk)
    await chooses(desk, HOME_DAYS, {"selected_options": []})
    assert "No reminders: you have no working days." in at_home(desk)
    assert "No working days from 9:00 AM" in at_home(desk)


async def test_a_day_that_is_over_is_refused(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    await changes(desk)
    await takes_off(desk, "2026-11-26")
    await chooses_in_vain(desk, HOME_SNOOZE, {"selected_date": "2026-11-26"})
    for answer in desk.slack.called("views.push"):
        assert "This day has passed. Choose a later one." in text_of(answer["view"])
    assert len(desk.slack.called("views.push")) == 2


async def chooses_in_vain(desk: Desk, of: FormField, state: Json, user: str = ALEX) -> None:
    with suppress(IndexError):  # the form is not shown anew
        await chooses(desk, of, state, user)


async def test_a_control_is_another_once_what_it_shows_has_changed(desk: Desk) -> None:
    """Or Slack would leave in it what was chosen before."""

    def ids(view: Json | None) -> set[str]:
        assert view is not None
        return {block["block_id"] for block in view["blocks"] if "#" in block.get("block_id", "")}

    await desk.at(FRIDAY + timedelta(hours=8))
    first = await changes(desk)
    second = await takes_off(desk, "2026-12-01")
    changed = {id.partition("#")[0] for id in ids(first) - ids(second)}
    assert changed == {HOME_DAY_OFF.block}
    assert len(ids(first)) > 3


async def test_a_scorecard_is_opened_from_home(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    view = await opens(desk)
    assert view is not None
    await presses(desk, view, "Write scorecard")
    assert len(desk.slack.called("views.open")) == 1


async def test_an_admin_chooses_for_everyone_and_nobody_else_does(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    form = await changes(desk, "UADMIN", "Workspace settings")
    assert faults("modal", form) == []
    form = await chooses(desk, HOME_HOLIDAY, {"selected_date": "2026-11-30"}, "UADMIN")
    assert "Mon, Nov 30, 2026" in text_of(form)
    assert "9:00 AM · for 10 working days · 1 holiday" in at_home(desk)
    alexs = await opens(desk)
    assert alexs is not None
    assert "Workspace settings" not in text_of(alexs)
    before = len(desk.slack.called("views.open"))
    await desk.panelist.wire.payload(
        press_payload(
            {"type": "button", "action_id": ActionId.HOME_EVERYONE, "value": ""},
            None,
            user=ALEX,
            view={"type": "home", "blocks": []},
        )
    )
    await desk.panelist.application.edge.drain(5)
    [refused] = desk.slack.called("views.open")[before:]
    assert "Only an admin" in text_of(refused["view"])
    await chooses_in_vain(desk, HOME_EVERY_HOUR, {"selected_option": {"value": "7"}})
    assert "Only an admin" in text_of(desk.slack.called("views.push")[-1]["view"])
    await desk.at(MONDAY)
    assert desk.said() == []
    await desk.at(MONDAY + timedelta(days=1))
    assert spaced(desk.said()[-1]["text"]).startswith("You have 1 ")


async def test_an_admin_chooses_how_long_and_when_everyone_is_nudged(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    begin, end = home_hours(9, 18)
    for field, value in (
        (HOME_EVERY_CHASE, "5"),
        (HOME_EVERY_NUDGE, "30"),
        (begin, "7"),
        (end, "20"),
        (HOME_EVERY_MANAGER, "2"),
        (HOME_EVERY_RECRUITER, "0"),
    ):
        form = await chooses(desk, field, {"selected_option": {"value": value}}, "UADMIN")
    selects = elements(form, "static_select")
    shown = [spaced(item["initial_option"]["text"]["text"]) for item in selects]
    assert shown[shown.index("9:00 AM") :] == [
        "9:00 AM",
        "5 working days",
        "30 minutes after it ends",
        "From 7:00 AM",
        "Until 8:00 PM",
        "After 2 working days",
        "Never",
        "By each person's country",
    ]
    never = {"selected_option": {"value": forms.NEVER}}
    form = await chooses(desk, HOME_EVERY_NUDGE, never, "UADMIN")
    assert "Until" not in text_of(form)
    ladder = {"manager_after": 2, "recruiter_after": 0}
    async with desk.panelist.application.database.read() as tx:
        assert await tx.reminders.policy(WORKSPACE) == ReminderPolicy(
            WORKSPACE, chase_days=5, nudge_after=None, opens=7, closes=20, **ladder
        )


async def test_hours_refused_in_a_form_of_yesterday_stand_there_no_more(desk: Desk) -> None:
    begin, end = home_hours(9, 18)
    await chooses(desk, end, {"selected_option": {"value": "12"}}, "UADMIN")
    form = await chooses(desk, begin, {"selected_option": {"value": "14"}}, "UADMIN")
    refusal = text_of(desk.slack.called("views.push")[-1]["view"])
    assert "an end that's later than the start" in refusal
    blocks = [block.get("block_id") for block in form["blocks"]]
    assert home_hours(9, 12)[0].block in blocks
    offered = {option["value"] for option in _offered(form, ActionId.HOME_EVERY_OPENS)}
    assert offered == {str(hour) for hour in range(12)}


def _offered(view: Json, action: str) -> list[Json]:
    [select] = [item for item in elements(view, "static_select") if item["action_id"] == action]
    options: list[Json] = select["options"]
    return options


async def test_reminders_are_paused_and_resumed(desk: Desk) -> None:
    await desk.at(FRIDAY + timedelta(hours=8))
    await opens(desk)
    await chooses(desk, HOME_SNOOZE, {"selected_date": "2026-12-03"})
    assert "Reminders are paused until" in at_home(desk)
    await desk.at(MONDAY)
    assert desk.said() == []
    await presses(desk, shown(desk)[-1]["view"], "Resume reminders")
    assert "paused" not in at_home(desk)
    await desk.at(MONDAY + timedelta(hours=1))
    assert spaced(desk.said()[-1]["text"]) == DUE


async def test_it_is_shown_anew_after_a_change_to_who_opened_it_lately(desk: Desk) -> None:
    await opens(desk)
    await desk.at(MONDAY)
    before = len(shown(desk))
    await opens(desk)
    await desk.presses(desk.said()[-1], "No-show")
    await desk.at(MONDAY + timedelta(minutes=1))
    assert len(shown(desk)) == before + 2
    assert "You're all caught up" in at_home(desk)
    await desk.at(MONDAY + timedelta(minutes=2))
    assert len(shown(desk)) == before + 2


async def test_an_organizers_home_follows_what_they_wait_for(desk: Desk) -> None:
    await opens(desk, "UMANAGER")
    await desk.at(FRIDAY + timedelta(hours=2))
    assert "Waiting for scorecards" in at_home(desk)
    await desk.presses(desk.said()[-1], "No-show")
    await desk.at(FRIDAY + timedelta(hours=3))
    assert shown(desk)[-1]["user_id"] == "UMANAGER"
    assert "Waiting for scorecards" not in at_home(desk)


@pytest.mark.parametrize("fault", [RATE_LIMITED, BROKEN])
async def test_what_slack_does_not_take_is_shown_a_minute_later(desk: Desk, fault: Fault) -> None:
    await desk.at(MONDAY)
    await opens(desk)
    desk.slack.fails("views.publish", *[fault] * 9)
    await desk.presses(desk.said()[-1], "No-show")
    await desk.at(MONDAY + timedelta(seconds=30))
    desk.slack.faults.clear()
    before = len(shown(desk))
    await desk.at(MONDAY + timedelta(minutes=2))
    assert len(shown(desk)) == before + 1
    assert "You're all caught up" in at_home(desk)


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
    due_scorecards = [replace(DUTY, candidate=name, interview=f"{n:016}") for n in range(60)]
    policy = ReminderPolicy("T1", holidays=days)
    for why in ReminderReason:
        following = NextReminder(MONDAY, why)
        it = Home(
            FRIDAY, due_scorecards, due_scorecards[:10], person, policy, following, is_admin=True
        )
        for one in (it, replace(it, waiting=due_scorecards)):
            assert faults("home", views.home(one)) == []
            assert len(views.home(one)["blocks"]) <= 20
        for form in (forms.settings(it), forms.everyone(it)):
            assert faults("modal", form) == []
    assert faults("home", views.home(replace(it, due=[], coming=[], next=None))) == []


def test_how_many_interviews_wait_for_a_replacement_is_said_once() -> None:
    item = replace(interview(ALEX, id="1" * 16, starts_at=MONDAY), declined_at=FRIDAY)
    person, policy = RemindedPerson("T1", "URECRUITER", "Europe/London"), ReminderPolicy("T1")
    mine = Replacement(replace(panel(item), id="a" * 16), item)
    one = Home(FRIDAY, [], [], person, policy, None, replacements=[mine])
    for shown in (one, replace(one, due=[DUTY])):
        assert text_of(views.home(shown)).count("1 interview to replace") == 1


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

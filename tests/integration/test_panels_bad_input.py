"""`/panel` met with what no form of ours sends: forged, stale and broken payloads."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.panels.panel import MOST_INTERVIEWS
from bot.services.rights import NO_PART
from handlers.ids import ActionId, ViewId
from tests.support.clock import ManualClock
from tests.support.panelist import Panelist, button, choice, running, text_of
from tests.support.panels import MONDAY
from tests.support.slack import StandIn, refused
from tests.support.wire import press_payload

Json = dict[str, Any]

JUNK = ["", "{}", "[]", "null", "x", '{"panel":"../etc"}', '{"panel":"0000000000000001","admin":1}']
IN_MESSAGES = [
    ActionId.PANEL_OPEN,
    ActionId.PANEL_ADD,
    ActionId.PANEL_DETAILS,
    ActionId.PANEL_RESCHEDULE,
    ActionId.PANEL_REPLACE,
    ActionId.PANEL_CANCEL_INTERVIEW,
    ActionId.PANEL_CANCEL,
    ActionId.PANEL_QUESTIONS,
    ActionId.PANEL_POSTING,
    ActionId.PANEL_CALENDAR,
    ActionId.PANEL_DECLINE,
    ActionId.PANEL_RATINGS,
]
WITH_MORE = [ActionId.PANEL_MENU, ActionId.PANEL_RUBRIC, ActionId.PANEL_KIT_MENU]
IN_FORMS = [
    ActionId.PANEL_COPY,
    ActionId.PANEL_ENTERED,
    ActionId.PANEL_MORE,
    ActionId.PANEL_START_OVER,
    ActionId.PANEL_SLOT,
]
NOWHERE = "0000000000000001"
START = int(MONDAY.timestamp())


@pytest.fixture
async def panelist(slack: StandIn, sqlite_database: str) -> AsyncIterator[Panelist]:
    """Some days before the interviews that these forms ask for."""
    async with running(slack, sqlite_database, clock=ManualClock()) as started:
        yield started


def opened(callback: str, metadata: str) -> Json:
    return {"type": "modal", "callback_id": callback, "private_metadata": metadata}


def pressed(action: ActionId, value: str) -> Json:
    return {"type": "button", "action_id": action, "value": value}


@pytest.mark.parametrize("value", JUNK)
@pytest.mark.parametrize("action", [*IN_MESSAGES, *WITH_MORE])
async def test_a_strange_button_value_is_met_with_a_sentence(
    panelist: Panelist, action: ActionId, value: str
) -> None:
    url = await panelist.presses(pressed(action, value))
    answer = await panelist.slack.next_response(url)
    assert answer["response_type"] == "ephemeral"
    assert "earlier version" in text_of(answer)


@pytest.mark.parametrize("action", IN_MESSAGES)
async def test_a_panel_that_is_not_there_is_met_with_a_sentence(
    panelist: Panelist, action: ActionId
) -> None:
    edit = {"panel": NOWHERE, "revision": 1, "interview": NOWHERE}
    number = IN_MESSAGES.index(action)
    token = {"panel": NOWHERE} if not number else edit if number < 7 else {"interview": NOWHERE}
    url = await panelist.presses(pressed(action, json.dumps(token)))
    assert text_of(await panelist.slack.next_response(url)) == NO_PART


@pytest.mark.parametrize("metadata", JUNK)
@pytest.mark.parametrize("action", IN_FORMS)
async def test_a_strange_form_is_met_with_a_view_that_says_so(
    panelist: Panelist, action: ActionId, metadata: str
) -> None:
    view = opened(ViewId.PANEL_FORM, metadata)
    value = (
        '{"verb":"remove","who":"UALEX"}' if action is ActionId.PANEL_SLOT else "backend-developer"
    )
    await panelist.chooses_in(view, pressed(action, value))
    pushed = (await panelist.slack.next_call("views.push"))["view"]
    assert "earlier version" in text_of(pushed)


@pytest.mark.parametrize("metadata", JUNK)
@pytest.mark.parametrize("callback", [view for view in ViewId if view.startswith("panel.")])
async def test_a_strange_submission_is_met_with_a_view_that_says_so(
    panelist: Panelist, callback: ViewId, metadata: str
) -> None:
    view = opened(callback, metadata)
    values = filled("UALEX", ["debugging"], START, "45")
    answer = (await panelist.submits(view, values)).json
    assert answer["response_action"] == "push"
    assert "earlier version" in text_of(answer["view"])


def filled(user: str | None, focus: list[str], start: int | None, minutes: str | None) -> Json:
    """The values of the form for one interview."""
    chosen = None if minutes is None else {"value": minutes}
    return {
        "panel.person": {"panel.when": {"selected_user": user}},
        "panel.focus": {"panel.focus": {"selected_options": [{"value": id} for id in focus]}},
        "panel.start": {"panel.when": {"selected_date_time": start}},
        "panel.minutes": {"panel.when": {"selected_option": chosen}},
    }


def entered(**fields: Json) -> Json:
    """What stands in the set-up form, by the fields' names."""
    return {f"panel.{name}": {"panel.entered": state} for name, state in fields.items()}


def filled_in(count: int = 1, name: str = "Robin Doe", **more: Json) -> Json:
    """Everything that has to stand there, with so many interviewers."""
    fields: dict[str, Json] = {
        "name": {"value": name},
        "role": ROLE_CHOSEN,
        "hiring_manager": {"selected_user": "UMANAGER"},
        "interviews": {"selected_users": [f"U{n:08}" for n in range(count)]},
        "start": {"selected_date_time": START},
    }
    return entered(**(fields | more))


ROLE_CHOSEN = {"selected_option": {"value": "backend-developer"}}


def form_of(id: str = NOWHERE, **more: Any) -> Json:
    return opened(ViewId.PANEL_FORM, json.dumps({"id": id} | more))


@pytest.mark.parametrize(
    ("values", "block", "said"),
    [
        ((None, ["debugging"], START, "45"), "panel.person", "Choose a person"),
        (("UALEX", ["debugging"], None, "45"), "panel.start", "Choose a start"),
        (("UALEX", ["debugging"], START, None), "panel.minutes", "Choose a length"),
        (("UALEX", ["debugging"], START, "-30"), "panel.minutes", "Choose a length"),
        (("UALEX", ["debugging"], START, "0"), "panel.minutes", "end after its start"),
        (("UALEX", ["debugging"], START, "9" * 50), "panel.minutes", "5 to 240 minutes"),
        (("UALEX", [], START, "45"), "panel.focus", "1 to 5 competencies"),
        (("UALEX", ["no-such"], START, "45"), "panel.focus", "not among the competencies"),
    ],
)
async def test_an_interview_that_cannot_be_is_refused_at_its_field(
    panelist: Panelist, values: Any, block: str, said: str
) -> None:
    await keeps(panelist, filled_in())
    updates = len(panelist.slack.called("views.update"))
    token = {"draft": NOWHERE, "root": "V1", "who": "U00000000"}
    view = opened(ViewId.PANEL_SLOT, json.dumps(token))
    answer = (await panelist.submits(view, filled(*values))).json
    assert said in answer["errors"][block]
    assert len(panelist.slack.called("views.update")) == updates


async def keeps(panelist: Panelist, values: Json, **changes: str) -> Json:
    """What the form shows once something has been chosen in it, and this stands there."""
    updates = len(panelist.slack.called("views.update"))
    view = form_of() | {"state": {"values": values}}
    element = pressed(ActionId.PANEL_ENTERED, "") | {"block_id": "panel.role"}
    await panelist.wire.payload(press_payload(element, None, view=view, **changes))
    return (await panelist.slack.next_call("views.update", updates + 1))["view"]


async def form_with(panelist: Panelist, values: Json, **token: Any) -> Json:
    """The answer to the whole form, once whatever it warns of has been seen."""
    answer: Json = (await panelist.submits(form_of(**token), values)).json
    if "Check these times" not in text_of(answer.get("view", {"blocks": []})):
        return answer
    seen = opened(ViewId.PANEL_FORM, answer["view"]["private_metadata"])
    again: Json = (await panelist.submits(seen, values)).json
    return again


async def test_a_role_counts_from_the_moment_it_is_chosen(panelist: Panelist) -> None:
    """The form on the screen may have been drawn before: what stands in it counts."""
    view = form_of() | {"state": {"values": filled_in()}}
    change = json.dumps({"verb": "change", "who": "U00000000"})
    await panelist.chooses_in(view, pressed(ActionId.PANEL_SLOT, change))
    pushed = (await panelist.slack.next_call("views.push"))["view"]
    assert "Debugging" in text_of(pushed)


async def test_whatever_is_chosen_just_before_set_up_counts(panelist: Panelist) -> None:
    await keeps(panelist, filled_in(role={"selected_option": {"value": "frontend-engineer"}}))
    answer = await form_with(panelist, filled_in(2))
    assert "Backend Developer" in text_of(answer["view"])
    assert "U00000001" in str(answer["view"])


async def test_of_two_presses_that_arrive_in_reverse_the_later_one_counts(
    panelist: Panelist,
) -> None:
    for at, count in (("1700000002.000100", 3), ("1700000001.000900", 1)):
        view = form_of() | {"state": {"values": filled_in(count)}}
        payload = press_payload(pressed(ActionId.PANEL_MORE, "more"), None, view=view)
        payload["actions"][0]["action_ts"] = at
        await panelist.wire.payload(payload)
        await panelist.application.edge.drain(3)
    shown = panelist.slack.called("views.update")[-1]["view"]
    assert "U00000002" in str(shown)


async def test_nobody_puts_together_somebody_elses_panel(panelist: Panelist) -> None:
    await keeps(panelist, filled_in())
    view = form_of() | {"state": {"values": filled_in(2, "Someone New")}}
    element = pressed(ActionId.PANEL_MORE, "more")
    await panelist.wire.payload(press_payload(element, None, user="U9", view=view))
    told = (await panelist.slack.next_call("views.push"))["view"]
    assert "someone else's" in text_of(told)
    assert "Robin" not in text_of(told)


async def test_twenty_interviewers_fit_and_sixty_do_not(panelist: Panelist) -> None:
    answer = await form_with(panelist, filled_in(60))
    assert answer["response_action"] == "update"
    shown = json.dumps(answer["view"])
    assert f"U{MOST_INTERVIEWS - 1:08}" in shown
    assert f"U{MOST_INTERVIEWS:08}" not in shown


async def test_a_person_forged_to_be_there_twice_is_there_once(panelist: Panelist) -> None:
    twice = {"selected_users": ["UALEX", "UALEX"]}
    answer = await form_with(panelist, filled_in(interviews=twice))
    assert answer["view"]["title"]["text"] == "Panel set up"


async def test_a_forged_copy_of_a_panel_that_one_may_not_see_is_no_way_in(
    panelist: Panelist,
) -> None:
    mine = await form_with(panelist, filled_in())
    assert mine["view"]["title"]["text"] == "Panel set up"
    element = pressed(ActionId.PANEL_COPY, NOWHERE)
    for user, id in (("U9", "0000000000000002"), ("U1", "0000000000000003")):
        payload = press_payload(element, None, user=user, view=form_of(id))
        await panelist.wire.payload(payload)
    refused = (await panelist.slack.next_call("views.push"))["view"]
    assert text_of(refused).endswith(NO_PART)
    shown = (await panelist.slack.next_call("views.update"))["view"]
    assert "Same panel as for Robin Doe" in text_of(shown)


async def test_submitting_twice_sets_up_one_panel(panelist: Panelist) -> None:
    first, second = [await form_with(panelist, filled_in()) for _ in range(2)]
    assert text_of(first["view"]) == text_of(second["view"])
    await panelist.slack.next_call("chat.postMessage")
    await panelist.application.edge.drain(3)
    await panelist.application.outbox.tick()
    kits = [m for m in panelist.slack.conversations.messages if "You interview" in m["text"]]
    assert len(kits) == 1


async def test_where_slack_takes_no_file_the_calendar_comes_as_text(panelist: Panelist) -> None:
    await form_with(panelist, filled_in())
    kit = await panelist.slack.next_call("chat.postMessage")
    panelist.slack.fails("files.getUploadURLExternal", refused("missing_scope"))
    url = await panelist.presses(choice(kit, "Add to calendar"), user="U00000000")
    answer = await panelist.slack.next_response(url)
    assert answer["response_type"] == "ephemeral"
    assert "BEGIN:VCALENDAR" in text_of(answer)
    assert "Robin" not in text_of(answer)


async def test_questions_open_before_slack_is_asked_anything(panelist: Panelist) -> None:
    """What opens a modal is good for three seconds."""
    await form_with(panelist, filled_in())
    kit = await panelist.slack.next_call("chat.postMessage")
    await panelist.presses(button(kit, "Questions"), user="U00000000")
    await panelist.slack.next_call("views.open")
    before = len(panelist.slack.calls)
    await panelist.presses(button(kit, "Questions"), user="U00000000")
    await panelist.application.edge.drain(3)
    assert [method for method, _ in panelist.slack.calls[before:]] == ["views.open"]


async def test_a_question_that_was_exchanged_meanwhile_is_not_looked_up(
    panelist: Panelist,
) -> None:
    await form_with(panelist, filled_in())
    kit = await panelist.slack.next_call("chat.postMessage")
    value = json.loads(button(kit, "Questions")["value"]) | {"question": "no-such-question"}
    element = pressed(ActionId.PANEL_RUBRIC, json.dumps(value))
    url = await panelist.presses(element, user="U00000000")
    assert "has other questions now" in text_of(await panelist.slack.next_response(url))


async def test_somebody_elses_kit_gives_nothing_away(panelist: Panelist) -> None:
    await form_with(panelist, filled_in(2))
    kit = await panelist.slack.next_call("chat.postMessage")
    menu = [
        choice(kit, label) for label in ("Add to calendar", "Job description", "I can't make it")
    ]
    for element in (button(kit, "Questions"), *menu):
        url = await panelist.presses(element, user="U9")
        assert text_of(await panelist.slack.next_response(url)) == NO_PART


async def test_a_name_of_nothing_but_spaces_is_refused(panelist: Panelist) -> None:
    answer = await form_with(panelist, filled_in(1, "   "))
    assert answer["errors"] == {"panel.name": "Enter the candidate's name."}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("\u200b\u3164\ufe0f", "This has no visible characters. Please type it again."),
        ("Robin \ud83d Doe", "Part of this can't be read. Please type it again."),
        ("Robin\0 Doe", "Part of this can't be read. Please type it again."),
    ],
)
async def test_a_name_that_nobody_could_read_is_refused_where_it_was_typed(
    panelist: Panelist, name: str, said: str
) -> None:
    answer = await form_with(panelist, filled_in(1, name))
    assert answer["errors"] == {"panel.name": said}


async def test_no_candidates_name_reaches_the_log(
    panelist: Panelist, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await form_with(panelist, filled_in(2, "Quokka Numbat"))
    await panelist.slack.next_call("chat.postMessage")
    await panelist.reply("/panel Quokka Numbat")
    await panelist.application.edge.drain(3)
    assert "Quokka" not in caplog.text
    assert "Numbat" not in caplog.text

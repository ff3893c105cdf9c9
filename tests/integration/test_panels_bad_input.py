"""`/panel` met with what no form of ours sends: forged, stale and broken payloads."""

import json
from typing import Any

import pytest

from bot.domain.panels.panel import MOST_INTERVIEWS
from bot.services.rights import NO_PART
from handlers.ids import ActionId, ViewId
from tests.support.panelist import Panelist, button, text_of
from tests.support.slack import refused
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
]
IN_FORMS = [
    ActionId.PANEL_COPY,
    ActionId.PANEL_ROLE,
    ActionId.PANEL_FIRST,
    ActionId.PANEL_SLOT,
    ActionId.PANEL_NEW_SEAT,
]
NOWHERE = "0000000000000001"


def opened(callback: str, metadata: str) -> Json:
    return {"type": "modal", "callback_id": callback, "private_metadata": metadata}


def pressed(action: ActionId, value: str) -> Json:
    return {"type": "button", "action_id": action, "value": value}


@pytest.mark.parametrize("value", JUNK)
@pytest.mark.parametrize("action", IN_MESSAGES)
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
    value = '{"verb":"remove","at":0}' if action is ActionId.PANEL_SLOT else "backend-developer"
    await panelist.chooses_in(view, pressed(action, value))
    pushed = (await panelist.slack.next_call("views.push"))["view"]
    assert "earlier version" in text_of(pushed)


@pytest.mark.parametrize("metadata", JUNK)
@pytest.mark.parametrize("callback", [view for view in ViewId if view.startswith("panel.")])
async def test_a_strange_submission_is_met_with_a_view_that_says_so(
    panelist: Panelist, callback: ViewId, metadata: str
) -> None:
    view = opened(callback, metadata)
    values = filled("UALEX", ["debugging"], 1796029200, "45")
    answer = (await panelist.submits(view, values)).json
    assert answer["response_action"] == "push"
    assert "earlier version" in text_of(answer["view"])


def filled(user: str | None, focus: list[str], start: int | None, minutes: str | None) -> Json:
    """The values of the form for one interview."""
    chosen = None if minutes is None else {"value": minutes}
    return {
        "panel.person": {"panel.person": {"selected_user": user}},
        "panel.focus": {"panel.focus": {"selected_options": [{"value": id} for id in focus]}},
        "panel.start": {"panel.start": {"selected_date_time": start}},
        "panel.minutes": {"panel.minutes": {"selected_option": chosen}},
    }


def draft(panelist: Panelist, **changes: Any) -> Json:
    role = panelist.application.jd.library.role("backend-developer")
    assert role is not None
    return {"id": NOWHERE, "role": role.slug, "version": role.version, "slots": []} | changes


def slots(count: int) -> list[Json]:
    return [
        {"who": f"U{n:08}", "focus": [0], "start": 1796029200, "minutes": 45} for n in range(count)
    ]


@pytest.mark.parametrize(
    ("values", "block", "said"),
    [
        ((None, ["debugging"], 1796029200, "45"), "panel.person", "choose a person"),
        (("UALEX", ["debugging"], None, "45"), "panel.start", "choose a start"),
        (("UALEX", ["debugging"], 1796029200, None), "panel.minutes", "choose a length"),
        (("UALEX", ["debugging"], 1796029200, "-30"), "panel.minutes", "choose a length"),
        (("UALEX", ["debugging"], 1796029200, "0"), "panel.minutes", "end after its start"),
        (("UALEX", ["debugging"], 1796029200, "9" * 50), "panel.minutes", "5 to 240 minutes"),
        (("UALEX", [], 1796029200, "45"), "panel.focus", "1 to 5 competencies"),
        (("UALEX", ["no-such"], 1796029200, "45"), "panel.focus", "not among the competencies"),
    ],
)
async def test_an_interview_that_cannot_be_is_refused_at_its_field(
    panelist: Panelist, values: Any, block: str, said: str
) -> None:
    token = {"draft": draft(panelist), "root": "V1"}
    view = opened(ViewId.PANEL_SLOT, json.dumps(token))
    answer = (await panelist.submits(view, filled(*values))).json
    assert said in answer["errors"][block]
    assert not panelist.slack.called("views.update")


async def form_with(panelist: Panelist, metadata: Json, name: str = "Robin Doe") -> Json:
    """The answer to the whole form."""
    part = metadata.get("of") or "new"
    role = {"selected_option": {"value": "backend-developer"}}
    values = {
        "panel.name": {"panel.name": {"value": name}},
        f"panel.role.{part}": {"panel.role": role},
        f"panel.manager.{part}": {"panel.manager": {"selected_user": "UMANAGER"}},
        f"panel.recruiter.{part}": {"panel.recruiter": {"selected_user": "U1"}},
    }
    view = opened(ViewId.PANEL_FORM, json.dumps(metadata))
    return (await panelist.submits(view, values)).json


ROLE_CHOSEN = {"selected_option": {"value": "backend-developer"}}


def not_drawn_yet(metadata: Json, values: Json) -> Json:
    """The form where a choice is in its state, and not yet in what we keep in it."""
    return opened(ViewId.PANEL_FORM, json.dumps(metadata)) | {"state": {"values": values}}


async def test_a_role_counts_from_the_moment_it_is_chosen(panelist: Panelist) -> None:
    view = not_drawn_yet({"id": NOWHERE}, {"panel.role.new": {"panel.role": ROLE_CHOSEN}})
    await panelist.chooses_in(view, pressed(ActionId.PANEL_NEW_SEAT, "add"))
    pushed = (await panelist.slack.next_call("views.push"))["view"]
    assert "Debugging" in text_of(pushed)


async def test_a_role_chosen_just_before_set_up_is_the_one_that_counts(panelist: Panelist) -> None:
    before = panelist.application.jd.library.role("frontend-engineer")
    assert before is not None
    (slot,) = slots(1)
    slot["focus"] = [before.competencies.index("debugging")]
    metadata = draft(panelist, role=before.slug, version=before.version, slots=[slot])
    answer = await form_with(panelist, metadata)
    assert "Backend Developer" in text_of(answer["view"])


async def test_twenty_interviewers_fit_and_sixty_do_not(panelist: Panelist) -> None:
    many = await form_with(panelist, draft(panelist, slots=slots(60)))
    assert many["response_action"] == "push"
    full = await form_with(panelist, draft(panelist, slots=slots(MOST_INTERVIEWS)))
    assert full["response_action"] == "update"
    assert "Robin Doe" in text_of(full["view"])


async def test_a_forged_draft_that_has_one_person_twice_is_refused(panelist: Panelist) -> None:
    answer = await form_with(panelist, draft(panelist, slots=slots(1) * 2))
    assert "on the panel already" in text_of(answer["view"])


async def test_a_forged_copy_of_a_panel_that_one_may_not_see_is_no_way_in(
    panelist: Panelist,
) -> None:
    mine = await form_with(panelist, draft(panelist, slots=slots(1)))
    assert mine["response_action"] == "update"
    view = opened(ViewId.PANEL_FORM, json.dumps(draft(panelist, id="0000000000000002")))
    element = pressed(ActionId.PANEL_COPY, NOWHERE)
    for user in ("U9", "U1"):
        await panelist.wire.payload(press_payload(element, None, user=user, view=view))
    refused = (await panelist.slack.next_call("views.push"))["view"]
    assert text_of(refused).endswith(NO_PART)
    shown = (await panelist.slack.next_call("views.update"))["view"]
    assert "Same panel as for Robin Doe" in text_of(shown)


async def test_submitting_twice_sets_up_one_panel(panelist: Panelist) -> None:
    metadata = draft(panelist, slots=slots(1))
    first, second = [await form_with(panelist, metadata) for _ in range(2)]
    assert text_of(first["view"]) == text_of(second["view"])
    await panelist.slack.next_call("chat.postMessage")
    await panelist.application.edge.drain(3)
    await panelist.application.outbox.tick()
    kits = [m for m in panelist.slack.conversations.messages if "kit" in m["text"]]
    assert len(kits) == 1


async def test_where_slack_takes_no_file_the_calendar_comes_as_text(panelist: Panelist) -> None:
    await form_with(panelist, draft(panelist, slots=slots(1)))
    kit = await panelist.slack.next_call("chat.postMessage")
    panelist.slack.fails("files.getUploadURLExternal", refused("missing_scope"))
    url = await panelist.presses(button(kit, "Add to calendar"), user="U00000000")
    answer = await panelist.slack.next_response(url)
    assert answer["response_type"] == "ephemeral"
    assert "BEGIN:VCALENDAR" in text_of(answer)
    assert "Robin" not in text_of(answer)


async def test_somebody_elses_kit_gives_nothing_away(panelist: Panelist) -> None:
    await form_with(panelist, draft(panelist, slots=slots(2)))
    kit = await panelist.slack.next_call("chat.postMessage")
    for label in ("Add to calendar", "Job description", "I can't make it"):
        url = await panelist.presses(button(kit, label), user="U9")
        assert text_of(await panelist.slack.next_response(url)) == NO_PART


async def test_a_draft_from_another_version_of_the_role_is_noticed(panelist: Panelist) -> None:
    answer = await form_with(panelist, draft(panelist, version="older", slots=slots(1)))
    assert "edited meanwhile" in answer["errors"]["panel.role.new"]


async def test_a_name_of_nothing_but_spaces_is_refused(panelist: Panelist) -> None:
    answer = await form_with(panelist, draft(panelist, slots=slots(1)), "   ")
    assert answer["errors"] == {"panel.name": "Please enter the candidate's name."}


async def test_no_candidates_name_reaches_the_log(
    panelist: Panelist, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await form_with(panelist, draft(panelist, slots=slots(2)), "Quokka Numbat")
    await panelist.slack.next_call("chat.postMessage")
    await panelist.reply("/panel Quokka Numbat")
    await panelist.application.edge.drain(3)
    assert "Quokka" not in caplog.text
    assert "Numbat" not in caplog.text

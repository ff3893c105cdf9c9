"""What somebody bends by hand before it is sent ends in a sentence, and is never kept."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.reminders import RemindedPerson, ReminderPolicy
from bot.library.catalogue import Library
from handlers import ids
from handlers.payloads import NotOffered
from tests.support.acts import (
    ALEX,
    FORMS,
    PEOPLE,
    REQUESTS,
    Command,
    Stage,
    chosen,
    filled,
    in_home,
    slack_people,
    stage,
)
from tests.support.bent import BENDS, with_bent_values
from tests.support.panelist import running, text_of
from tests.support.panels import HandClock
from tests.support.people import WORKSPACE
from tests.support.scorecards import Desk
from tests.support.slack import StandIn
from tests.support.wire import Json, press_payload, submission_payload

REFUSAL = NotOffered().text


@pytest.fixture
async def here(slack: StandIn, sqlite_database: str, library: Library) -> AsyncIterator[Stage]:
    clock = HandClock()
    slack.people = slack_people()
    async with running(slack, sqlite_database, clock=clock) as panelist:
        desk = Desk(library, panelist.application.database, clock=clock)
        yield await stage(panelist, desk, clock)


def is_late(degraded: str) -> bool:
    """The clock stands still here, so messages that wait for their turn are never sent."""
    return degraded.startswith("messages are late")


@pytest.mark.parametrize("bend", BENDS)
async def test_whatever_is_bent_goes_wrong_nowhere(
    here: Stage, bend: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for name, make in [*REQUESTS.items(), *FORMS.items()]:
        for who in ("admin", "recruiter", "interviewer"):
            request = make(here)
            if isinstance(request, Command):
                break
            await here.does(with_bent_values(request, BENDS[bend]), PEOPLE[who])
            wrong = [record for record in caplog.records if record.message == "went_wrong"]
            assert not wrong, f"{name} by {who}: {caplog.text}"
    await here.panelist.application.tick()
    degraded = (await here.panelist.wire.get("/readyz")).json["degraded"]
    assert [one for one in degraded if not is_late(one)] == []


async def kept(here: Stage) -> tuple[RemindedPerson | None, ReminderPolicy]:
    async with here.desk.database.read() as tx:
        return await tx.reminders.get(WORKSPACE, ALEX), await tx.reminders.policy(WORKSPACE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (ids.HOME_HOUR, "99"),
        (ids.HOME_HOUR, "4"),
        (ids.HOME_EVERY_HOUR, "24"),
        (ids.HOME_EVERY_CHASE, "0"),
        (ids.HOME_EVERY_NUDGE, "7"),
        (ids.SETTINGS_APPROVAL, "maybe"),
        (ids.FormField("home.hours", ids.ActionId.HOME_EVERY_OPENS), "23"),
        (ids.FormField("home.hours", ids.ActionId.HOME_EVERY_CLOSES), "100000000"),
    ],
    ids=lambda one: str(getattr(one, "action", one)),
)
async def test_a_bent_choice_at_home_is_refused_in_a_sentence_and_not_kept(
    here: Stage, field: ids.FormField, value: str
) -> None:
    before = await kept(here)
    who = "interviewer" if field == ids.HOME_HOUR else "admin"
    assert REFUSAL in await here.does(in_home(field, chosen(value)), PEOPLE[who])
    assert await kept(here) == before


def select(block: str, *values: str) -> Json:
    options = [{"text": {"type": "plain_text", "text": one}, "value": one} for one in values]
    element = {"type": "static_select", "action_id": "jd.role", "options": options}
    return {"type": "input", "block_id": block, "element": element}


async def test_a_form_says_at_its_field_that_a_choice_was_never_offered(here: Stage) -> None:
    view = FORMS[ids.ViewId.JD_PICKER](here).view | {"blocks": [select("b", "backend-developer")]}
    values = {"b": {"jd.role": chosen("data-engineer")}}
    answer = (await here.panelist.wire.payload(submission_payload(view, values))).json
    assert answer == {"response_action": "errors", "errors": {"b": REFUSAL}}


@pytest.mark.parametrize("view", [ids.ViewId.PANEL_ADD, ids.ViewId.PANEL_REPLACE])
async def test_a_form_says_at_its_field_that_nobody_was_chosen(
    here: Stage, view: ids.ViewId
) -> None:
    form = FORMS[view](here)
    nobody = filled((ids.PANEL_PERSON, {"selected_user": ""}))
    form = replace(form, values=form.values | nobody)
    assert "Choose a person." in await here.does(form, PEOPLE["recruiter"])


async def test_a_choice_in_a_message_that_was_never_offered_is_refused(here: Stage) -> None:
    slack = here.panelist.slack
    menu = {"type": "overflow", "action_id": "gone.long_ago", "options": [{"value": "one"}]}
    message = {"blocks": [{"type": "section", "block_id": "b1", "accessory": menu}]}
    for value, told in (("two", REFUSAL), ("one", "doesn't know this")):
        url = slack.response_url()
        payload = press_payload(menu | chosen(value), url) | {"message": message}
        await here.panelist.wire.payload(payload)
        assert told in text_of(await slack.next_response(url))

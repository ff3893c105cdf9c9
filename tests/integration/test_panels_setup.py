"""The set-up form of `/panel`: it asks for little, keeps everything, and warns beforehand."""

import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.candidates import Candidate
from bot.playground.state.models import TEAM_ID
from bot.services.panels.drafts import DraftSheet
from bot.storage.panels.drafts import panel_drafts
from bot.storage.panels.rows import Whose
from tests.support.northwind import (
    ALEX,
    ANA,
    MORGAN,
    PRIYA,
    RILEY,
    SAM,
    Northwind,
    Person,
    field_of,
    raw_values,
    shown,
)
from tests.support.panels import MONDAY
from tests.support.playground import PRIVATE
from tests.support.setup_form import adds, begins, element_of, is_folded, on_panel, submits

FOUR = [ALEX, SAM, PRIYA, ANA]
TUESDAY = MONDAY + timedelta(days=1, hours=3)
"""At noon in London, which is early in New York, and no night in Kolkata."""


async def drafts(house: Northwind) -> int:
    async with house.application.database.read() as tx:
        return len((await tx.connection.execute(panel_drafts.select())).all())


def title(person: Person) -> str:
    return str(person.modal.payload["title"]["text"])


# Little is asked


async def test_four_people_are_set_up_in_one_screen_with_five_fields(
    house: Northwind, riley: Person
) -> None:
    await begins(riley)
    await riley.fills("Interviewers", FOUR)
    await riley.fills("First interview", int(TUESDAY.timestamp()))
    form = shown(riley.modal)
    assert "Each competency is covered once." in form
    assert len(riley.modals) == 1
    assert (await riley.submits(candidate="Robin Doe", hiring_manager=MORGAN)).ok
    assert title(riley) == "Panel set up"
    async with house.application.database.read() as tx:
        (panel,) = await tx.panels.named(TEAM_ID, Whose(RILEY), "Robin Doe", 2)
    gaps = [(item.interviewer, item.starts_at - TUESDAY) for item in panel.on]
    assert gaps == [(who, timedelta(minutes=45 * n)) for n, who in enumerate(FOUR)]
    assert all(item.questions for item in panel.on)
    assert (panel.recruiter, panel.hiring_manager, panel.set_up_by) == (RILEY, MORGAN, RILEY)


async def test_what_is_seldom_needed_is_folded_away_and_told_in_a_line(riley: Person) -> None:
    await begins(riley)
    assert "Recruiter <@U0RECRUIT> · Any level · not shown in a channel" in shown(riley.modal)
    assert is_folded(riley)
    await riley.presses(riley.modal, "More")
    for label in ("Recruiter", "Level", "Team", "Candidate's email", "Private channel"):
        field_of(riley.modal, label)


async def test_the_hiring_manager_is_whoever_it_was_last(riley: Person) -> None:
    await begins(riley)
    await adds(riley, ALEX, ["debugging"], int(TUESDAY.timestamp()))
    assert "initial_user" not in element_of(riley, "Hiring manager")
    assert (await riley.submits(candidate="Robin Doe", hiring_manager=MORGAN)).ok
    await riley.closes()
    await begins(riley, "frontend-engineer")
    assert element_of(riley, "Hiring manager")["initial_user"] == MORGAN


async def test_a_hiring_manager_chosen_before_the_role_stays(riley: Person) -> None:
    await begins(riley)
    await adds(riley, ALEX, ["debugging"], int(TUESDAY.timestamp()))
    await riley.submits(candidate="Robin Doe", hiring_manager=MORGAN)
    await riley.closes()
    await riley.types("/panel")
    await riley.fills("Hiring manager", PRIYA)
    await riley.fills("Opening or role", "frontend-engineer")
    await riley.closes()
    await riley.types("/panel")
    assert element_of(riley, "Hiring manager")["initial_user"] == PRIYA


async def test_what_is_wrong_behind_more_opens_it(house: Northwind, riley: Person) -> None:
    await begins(riley)
    await adds(riley, ALEX, ["debugging"], int(TUESDAY.timestamp()))
    values = {"candidate": "Robin Doe", "hiring_manager": MORGAN}
    assert (await submits(riley, **values, recruiter=PRIYA)).ok
    await riley.closes()
    people = house.scene.workspace.users
    people[PRIYA] = replace(people[PRIYA], deleted=True)
    house.clock.moves(minutes=10)
    await riley.types("/panel")
    await riley.chooses(riley.modal, "Robin Doe · Backend Developer")
    await riley.fills("First interview", int((TUESDAY + timedelta(days=1)).timestamp()))
    assert is_folded(riley)
    assert (await riley.submits(candidate="Kim Second")).ok
    assert "has been deactivated" in shown(riley.modal)
    assert (await riley.submits(recruiter=ANA)).ok
    assert title(riley) == "Panel set up"


async def test_a_role_is_found_by_any_name_that_it_goes_by(riley: Person) -> None:
    await riley.types("/panel ios developer")
    assert element_of(riley, "Opening or role")["initial_option"]["value"] == "mobile-engineer"
    assert "You have no panel for a candidate called “ios developer”." in shown(riley.modal)
    await riley.presses(riley.modal, "More")
    await riley.fills("Interviewers", [ALEX])
    await riley.fills("First interview", int(TUESDAY.timestamp()))
    assert (await riley.submits(candidate="Robin Doe", hiring_manager=MORGAN)).ok
    assert "Mobile Engineer" in shown(riley.modal)


async def test_a_role_typed_keeps_what_was_entered_and_takes_the_level_with_it(
    riley: Person,
) -> None:
    await begins(riley)
    await riley.fills("Candidate", "Robin Doe")
    await riley.closes()
    await riley.types("/panel sr. devops")
    assert element_of(riley, "Opening or role")["initial_option"]["value"] == "devops-engineer"
    assert element_of(riley, "Candidate")["initial_value"] == "Robin Doe"
    assert "Senior" in shown(riley.modal)


async def test_a_candidate_of_that_name_comes_before_a_role(riley: Person) -> None:
    await begins(riley)
    await adds(riley, ALEX, ["debugging"], int(TUESDAY.timestamp()))
    assert (await riley.submits(candidate="Devops", hiring_manager=MORGAN)).ok
    await riley.closes()
    assert "Backend Developer" in await riley.types("/panel devops")
    assert riley.modals == []


async def test_the_menu_of_roles_has_the_names_that_people_look_for(riley: Person) -> None:
    await riley.types("/panel")
    groups = element_of(riley, "Opening or role")["option_groups"]
    offered = {o["value"]: o for group in groups for o in group["options"]}
    for role, name in (("site-reliability-engineer", "SRE"), ("mobile-engineer", "iOS engineer")):
        assert name in offered[role]["description"]["text"].split(", ")


# Everything is kept


async def test_closing_the_form_loses_nothing(house: Northwind, riley: Person) -> None:
    await begins(riley)
    await adds(riley, ALEX, ["security"], int(TUESDAY.timestamp()), "60")
    await riley.fills("Interviewers", [ALEX, SAM])
    await riley.presses(riley.modal, "More")
    for label, value in (
        ("Candidate", "Robin Doe"),
        ("Candidate's email", "robin@example.com"),
        ("Link to a profile or resume", "https://example.com/robin"),
        ("Hiring manager", MORGAN),
        ("Recruiter", PRIYA),
        ("Level", "mid"),
        ("Team", "Payments"),
        ("Private channel", [PRIVATE]),
    ):
        await riley.fills(label, value)
    before = shown(riley.modal)
    await riley.closes()
    assert riley.modals == []

    await riley.types("/panel")
    kept = "Here's what you entered on"
    assert kept in shown(riley.modal)
    assert shown(riley.modal).split("Start over\n", 1)[1] == before
    values = {
        "Candidate": "Robin Doe",
        "Candidate's email": "robin@example.com",
        "Link to a profile or resume": "https://example.com/robin",
        "Team": "Payments",
    }
    for label, value in values.items():
        assert element_of(riley, label)["initial_value"] == value
    assert element_of(riley, "Recruiter")["initial_user"] == PRIYA
    assert element_of(riley, "Level")["initial_option"]["value"] == "mid"
    assert element_of(riley, "Private channel")["initial_conversations"] == [PRIVATE]
    house.scene.workspace.join(PRIVATE, "U0PANEL")
    assert (await riley.submits()).ok
    assert title(riley) == "Panel set up"
    assert await drafts(house) == 0
    await riley.closes()
    await riley.types("/panel")
    assert kept not in shown(riley.modal)


async def test_after_a_refused_channel_the_bot_is_invited_and_the_form_offered_again(
    house: Northwind, riley: Person
) -> None:
    await begins(riley)
    await adds(riley, ALEX, ["debugging"], int(TUESDAY.timestamp()))
    values = {"candidate": "Robin Doe", "hiring_manager": MORGAN}
    result = await submits(riley, **values, private_channel=[PRIVATE])
    assert "/invite @Panelist" in result.errors["panel.channel"]
    await riley.closes()
    house.scene.workspace.join(PRIVATE, "U0PANEL")
    await riley.types("/panel")
    assert (await riley.submits()).ok
    assert title(riley) == "Panel set up"


async def test_start_over_forgets_it(house: Northwind, riley: Person) -> None:
    await begins(riley)
    await riley.fills("Interviewers", [ALEX, SAM])
    await riley.fills("Candidate", "Robin Doe")
    await riley.closes()
    await riley.types("/panel")
    await riley.presses(riley.modal, "Start over")
    first_time = riley.modal.payload["blocks"]
    assert on_panel(riley) == []
    assert await drafts(house) == 0
    assert "initial_value" not in element_of(riley, "Candidate")
    await riley.fills("Candidate", "Kim Second")
    await riley.closes()
    await riley.types("/panel")
    assert element_of(riley, "Candidate")["initial_value"] == "Kim Second"
    await riley.presses(riley.modal, "Start over")
    fields = {block["block_id"] for block in first_time if block["type"] == "input"}
    again = {block.get("block_id") for block in riley.modal.payload["blocks"]}
    assert not fields & again, "or what was typed would go on standing there"


async def test_what_one_person_left_nobody_else_sees(house: Northwind, riley: Person) -> None:
    await begins(riley)
    await riley.fills("Candidate", "Robin Doe")
    await riley.closes()
    morgan = house.person(MORGAN)
    await morgan.types("/panel")
    assert "Robin" not in str(morgan.modal.payload)


async def test_a_week_later_it_is_gone(house: Northwind, riley: Person) -> None:
    await begins(riley)
    await riley.fills("Candidate", "Robin Doe")
    await riley.closes()
    house.clock.moves(days=7, hours=2)
    await riley.types("/panel")
    assert "Robin" not in str(riley.modal.payload)
    await house.application.panel_drafts.tick()
    assert await drafts(house) == 0


async def test_whoever_erases_a_candidate_finds_what_is_put_together_for_them(
    house: Northwind, riley: Person
) -> None:
    await begins(riley)
    await riley.fills("Candidate", "Robin  DOE")
    async with house.application.database.write() as tx:
        await tx.panel_drafts.remove_for(TEAM_ID, Candidate("c", "Kim Second", None, None))
    assert await drafts(house) == 1
    async with house.application.database.write() as tx:
        await tx.panel_drafts.remove_for(TEAM_ID, Candidate("c", "Robin Doe", None, None))
    assert await drafts(house) == 0


# Warnings


async def test_the_form_shows_each_interviewers_own_time(riley: Person) -> None:
    await begins(riley)
    await riley.fills("Interviewers", [RILEY, PRIYA])
    await riley.fills("First interview", int(TUESDAY.timestamp()))
    form = shown(riley.modal)
    assert "Tue 6:15 PM for Priya" in form
    assert "for Riley" not in form, "whose clock shows what the form says"


async def test_what_is_odd_is_told_in_the_form_and_in_the_step_before(riley: Person) -> None:
    await begins(riley)
    await riley.fills("Interviewers", [ALEX, SAM])
    await riley.fills("First interview", int((TUESDAY - timedelta(hours=4)).timestamp()))
    assert "🟡 This starts before 7 AM for Sam." in shown(riley.modal)

    await riley.chooses(riley.modal, "Change", 1)
    assert "🟡 This starts before 7 AM for Sam." in shown(riley.modal)
    await riley.fills("Start", int((TUESDAY + timedelta(days=4)).timestamp()))
    step = shown(riley.modal)
    assert "🟡 Sat is a day off for Sam." in step
    assert "Sat 7:00 AM for Sam" in step
    assert "7 AM" not in step.replace("7:00 AM", "")
    await riley.fills("Start", int((TUESDAY - timedelta(days=30)).timestamp()))
    assert "🟡 Sam's interview is in the past." in shown(riley.modal)
    await riley.fills("Start", int((TUESDAY - timedelta(hours=4)).timestamp()))
    assert "🟡 Sam's interview is at the same time as Alex's." in shown(riley.modal)
    assert (await riley.submits()).ok
    assert "🟡 Alex's interview is at the same time as Sam's." in shown(riley.modal)
    assert (await riley.submits(candidate="Robin Doe", hiring_manager=MORGAN)).ok
    assert title(riley) == "Panel set up", "what has been seen is not asked about again"


async def test_another_candidates_interview_at_that_time_is_told_without_a_name(
    riley: Person,
) -> None:
    for name in ("Robin Doe", "Kim Second"):
        await begins(riley)
        await adds(riley, ALEX, ["debugging"], int(TUESDAY.timestamp()))
        if name == "Kim Second":
            assert "🟡 Alex has another interview at this time." in shown(riley.modal)
            assert "Robin" not in shown(riley.modal).partition("Remove")[0].partition("🟡")[2]
        await riley.submits(candidate=name, hiring_manager=MORGAN)
        assert title(riley) == "Panel set up"
        await riley.closes()


async def test_whoever_presses_set_up_at_once_reads_the_warnings_first(
    house: Northwind, riley: Person
) -> None:
    await begins(riley)
    await riley.fills("Interviewers", [SAM])
    values = {"candidate": "Robin Doe", "hiring_manager": MORGAN}
    early = int((TUESDAY - timedelta(hours=4)).timestamp())
    assert (await riley.submits(first_interview=early, **values)).ok
    assert title(riley) == "Interview panel", "nothing is set up yet"
    assert "Check these times. If they're right, click *Set up* again." in shown(riley.modal)
    assert "This starts before 7 AM for Sam." in shown(riley.modal)
    assert (await riley.submits()).ok
    assert title(riley) == "Panel set up"


# Whoever is quick


async def test_people_chosen_in_a_row_are_all_there(house: Northwind, riley: Person) -> None:
    await begins(riley)
    view = riley.modal
    block, element = field_of(view, "Interviewers")
    where = (block["block_id"], element["action_id"])
    presses = [
        house.scene.delivery.press(RILEY, view, *where, FOUR[:count]) for count in range(1, 5)
    ]
    await asyncio.gather(*presses)
    await house.settles()
    assert on_panel(riley) == FOUR


async def test_what_is_wrong_stays_at_its_field_though_an_update_was_on_its_way(
    house: Northwind, riley: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack takes errors away with the next update of a form."""
    await begins(riley)
    drafts, answered = house.application.panel_drafts, asyncio.Event()
    enter, calls = drafts.enter, itertools.count()

    async def slowly_at_first(*asked: Any) -> DraftSheet:
        is_first, sheet = next(calls) == 0, await enter(*asked)
        if is_first:
            await answered.wait()
        return sheet

    monkeypatch.setattr(drafts, "enter", slowly_at_first)
    before = riley.modal
    block, element = field_of(before, "Interviewers")
    people = block["block_id"], element["action_id"]
    await house.scene.delivery.press(RILEY, before, *people, FOUR)
    entered = {"Candidate": "\u2060", "Interviewers": FOUR, "Hiring manager": MORGAN}
    entered["First interview"] = int((TUESDAY + timedelta(days=1)).timestamp())
    refused = await house.scene.delivery.submit(RILEY, before.id, raw_values(before, entered))
    assert list(refused.errors) == ["panel.name"]
    answered.set()
    await house.settles()
    assert riley.modal.hash == before.hash, "the form is left alone, or the error would go"

    await riley.fills("Candidate", "Robin Doe")
    assert "Each competency is covered once." in shown(riley.modal), "the next press shows it"

"""Canceling and replacing over the wire: what happens to what was written is said before."""

from datetime import timedelta

import pytest

from bot.domain.panels.panel import Interview, Panel
from bot.domain.scorecards.parts import ScorecardPart
from bot.playground.state.models import TEAM_ID
from bot.services.frozen_contents import Contents
from bot.services.scorecards.writing import ScorecardsService
from tests.integration.test_panels import PLAN, kit, sets_up
from tests.support.northwind import (
    ALEX,
    PRIYA,
    RILEY,
    Northwind,
    Person,
    mentioned,
    shown,
)
from tests.support.panels import MONDAY
from tests.support.scorecards import body

SUBMITTED, STARTED = "already submitted a scorecard", "started a scorecard"
PAST = "already started"


@pytest.fixture
async def riley(house: Northwind) -> Person:
    riley = house.person(RILEY)
    await sets_up(riley, plan=PLAN[:2])
    await riley.closes()
    return riley


async def alexs(house: Northwind) -> tuple[Panel, Interview]:
    async with house.application.database.read() as tx:
        (panel,) = await tx.panels.latest(TEAM_ID, RILEY, 5)
    return panel, next(item for item in panel.interviews if item.interviewer == ALEX)


def scorecards_in(house: Northwind) -> ScorecardsService:
    return ScorecardsService(house.application.database, Contents(), (), house.clock, lambda: None)


async def writes(house: Northwind, *, submits: bool) -> None:
    """Alex has the interview over, and writes about it."""
    house.clock.set(MONDAY + timedelta(hours=6))
    _, item = await alexs(house)
    scorecards = scorecards_in(house)
    form = (await scorecards.open(TEAM_ID, ALEX, item.id)).form
    part = ScorecardPart.whole(body(item.focus))
    if submits:
        await scorecards.submit(TEAM_ID, ALEX, form, part)
    else:
        await scorecards.save(TEAM_ID, ALEX, form, part)
    await house.settles()


def uncovered(panel: str) -> str:
    """The competencies that nobody rates, as the panel shows them."""
    _, _, after = panel.partition("Not covered: \n")
    return after.partition("\n")[0]


async def panel_of(riley: Person) -> str:
    return await riley.types("/panel robin doe")


async def test_with_nothing_written_a_cancellation_asks_once_and_says_nothing_of_it(
    house: Northwind, riley: Person
) -> None:
    await panel_of(riley)
    await riley.chooses(riley.newest(), "Cancel interview")
    asked = shown(riley.modal)
    assert "Robin Doe" in asked
    assert mentioned(riley.modal) == [ALEX]
    assert SUBMITTED not in asked
    assert STARTED not in asked
    await riley.closes()
    assert "canceled" not in shown(kit(house.person(ALEX)))
    await riley.chooses(riley.newest(), "Cancel interview")
    assert (await riley.submits()).ok
    assert riley.modals == []
    assert "The interview was canceled." in shown(kit(house.person(ALEX)))
    assert mentioned(riley.newest())[-1] != ALEX, "the panel shows so"


async def test_a_scorecard_that_is_in_stays_and_what_it_assessed_counts_as_covered(
    house: Northwind, riley: Person
) -> None:
    await writes(house, submits=True)
    before = await panel_of(riley)
    await riley.chooses(riley.newest(), "Cancel interview")
    assert SUBMITTED in shown(riley.modal)
    assert "still count as covered" in shown(riley.modal)
    assert (await riley.submits()).ok
    assert uncovered(before) == uncovered(shown(riley.newest())) != ""
    panel, item = await alexs(house)
    assert not item.is_on
    async with house.application.database.read() as tx:
        cards = await tx.scorecards.of_panel(TEAM_ID, panel.id)
    assert [card.interviewer for card in cards] == [ALEX]


async def test_a_draft_is_kept_for_its_author_and_that_is_said(
    house: Northwind, riley: Person
) -> None:
    await writes(house, submits=False)
    await panel_of(riley)
    await riley.presses(riley.newest(), "Cancel panel")
    assert STARTED in shown(riley.modal)
    assert mentioned(riley.modal)[0] == ALEX
    assert "quokka" not in str(riley.modal.blocks)
    assert (await riley.submits()).ok
    _, item = await alexs(house)
    sheet = await scorecards_in(house).open(TEAM_ID, ALEX, item.id)
    assert sheet.body == body(item.focus)
    assert sheet.closed, "and says why it can't be submitted"


async def test_what_is_written_while_the_question_is_open_is_said_before_anything_is_done(
    house: Northwind, riley: Person
) -> None:
    house.clock.set(MONDAY + timedelta(hours=6))
    await panel_of(riley)
    sheet = riley.newest()
    await riley.chooses(sheet, "Cancel interview")
    await writes(house, submits=False)
    assert (await riley.submits()).ok
    assert STARTED in shown(riley.modal)
    assert "nothing was canceled yet" in shown(riley.modal)
    assert (await alexs(house))[1].is_on
    await writes(house, submits=True)
    assert (await riley.submits()).ok
    assert SUBMITTED in shown(riley.modal)
    assert (await riley.submits()).ok
    assert riley.modals == []
    assert not (await alexs(house))[1].is_on


async def test_replacing_says_what_was_written_and_that_the_time_has_passed(
    house: Northwind, riley: Person
) -> None:
    await writes(house, submits=True)
    await panel_of(riley)
    await riley.chooses(riley.newest(), "Replace")
    asked = shown(riley.modal)
    assert SUBMITTED in asked
    assert PAST in asked
    assert (await riley.submits(interviewer=PRIYA)).ok
    assert "Data modeling" in shown(kit(house.person(PRIYA)))
    labels = [
        element["text"]["text"]
        for block in kit(house.person(PRIYA)).blocks
        for element in block.get("elements", ())
        if element["type"] == "button"
    ]
    assert labels[0] == "Write scorecard", "it is over: the scorecard comes first"
    assert not {"I can't make it", "Add to calendar"} & set(labels)


async def test_a_replacement_that_turns_past_while_the_form_is_open_is_asked_about(
    house: Northwind, riley: Person
) -> None:
    await panel_of(riley)
    await riley.chooses(riley.newest(), "Replace")
    assert PAST not in shown(riley.modal)
    house.clock.set(MONDAY + timedelta(minutes=5))
    assert (await riley.submits(interviewer=PRIYA)).ok
    assert PAST in shown(riley.modal)
    assert (await alexs(house))[1].is_on
    assert (await riley.submits()).ok
    assert not (await alexs(house))[1].is_on

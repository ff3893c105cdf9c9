"""A job's decision rule over the wire: stated before interviews, then read and recorded."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.services.openings.forms import RULE_STANDS
from bot.storage.debriefs.decisions import decisions
from bot.storage.openings import openings
from bot.storage.panels.rows import interviews
from tests.integration.test_debriefs import all_in, shown
from tests.integration.test_debriefs_decisions import OFFER, fills, they_lean
from tests.integration.test_scorecards import AFTER, House, sets_up
from tests.support.northwind import ALEX, MORGAN, RILEY, Person, northwind

WHY = "Morgan gave the two hints that the rubric allows."


@pytest.fixture
async def house(tmp_path: Path, sqlite_database: str) -> AsyncIterator[House]:
    """A panel of five is set up; nobody has interviewed yet."""
    async with northwind(tmp_path / "slack", sqlite_database) as here:
        await sets_up(here)
        async with here.application.database.write() as tx:
            await tx.connection.execute(update(openings).values(deciders=[RILEY]))
        yield House(here, sqlite_database)


async def page(house: House, person: Person) -> None:
    async with house.northwind.application.database.read() as tx:
        columns = openings.c
        row = (await tx.connection.execute(select(columns.slug, columns.id))).one()
    await person.types(f"/jd {row.slug or row.id}")


async def edits(house: House, person: Person) -> None:
    """*Edit* beside the rule on the job's page."""
    await page(house, person)
    assert (await person.presses(person.newest(), "Edit", number=1)).ok


async def states(house: House) -> Person:
    """Riley states a rule of three lines."""
    riley = house.person(RILEY)
    await edits(house, riley)
    done = await fills(
        riley,
        {
            "No “poor” in": ["collaboration"],
            "No “borderline” or lower in": ["debugging"],
            "Ratings of “solid” or better": "2",
            "Which ratings count": ["yes"],
        },
    )
    assert done.ok, done.errors
    return riley


def moves_on(house: House) -> None:
    house.northwind.clock.moves(seconds=AFTER.total_seconds())


async def test_the_debrief_says_of_each_line_how_it_stands(house: House) -> None:
    riley = await states(house)
    assert "At least 2 “solid” or better, with evidence" in shown(riley.newest())
    moves_on(house)
    await all_in(house)
    alex = house.person(ALEX)
    await alex.types("/debrief Robin Doe")
    text = shown(alex.modal)
    assert "Not met · No “borderline” or lower in Debugging" in text
    assert "Not assessed · No “poor” in Collaboration" in text
    assert "Met · At least 2 “solid” or better, with evidence" in text
    assert text.index("Decision rule") < text.index("Leanings"), "before anyone's verdict"


async def test_a_decision_against_it_says_why_and_both_are_kept(house: House) -> None:
    await states(house)
    moves_on(house)
    await all_in(house)
    morgan = await they_lean(house)
    await morgan.presses(morgan.modal, "Decide")
    assert "Not assessed · No “poor” in Collaboration" in shown(morgan.modal)
    result = await fills(morgan, OFFER)
    (told,) = result.errors.values()
    assert told.startswith("A line of the decision rule speaks against this")
    result = await fills(morgan, OFFER | {"Why decide against the rule": WHY})
    assert result.ok, result.errors
    text = shown(morgan.modal)
    assert "Against the decision rule" in text
    assert WHY in text
    async with house.northwind.application.database.read() as tx:
        columns = decisions.c
        row = (await tx.connection.execute(select(columns.rule, columns.against_rule))).one()
    assert [line["state"] for line in row.rule] == ["not_assessed", "not_met", "met"]
    assert row.against_rule == WHY


async def test_once_an_interview_has_begun_it_is_only_read(house: House) -> None:
    riley = house.person(RILEY)
    await edits(house, riley)
    moves_on(house)
    await fills(riley, {"No “poor” in": ["debugging"]})
    assert RULE_STANDS in shown(riley.modal), "the form was open meanwhile"
    await riley.closes()
    await edits(house, riley)
    assert "It's fixed: the job's first interview began" in shown(riley.modal)
    assert "submit" not in riley.modal.payload


async def test_it_is_fixed_too_once_a_scorecard_came_before_its_interview(house: House) -> None:
    riley = house.person(RILEY)
    async with house.northwind.application.database.write() as tx:
        this = interviews.c.interviewer == ALEX
        early = house.northwind.clock.now() - timedelta(minutes=1)
        await tx.connection.execute(update(interviews).where(this).values(closed_at=early))
    await edits(house, riley)
    assert "It's fixed: the job's first interview began" in shown(riley.modal)


async def test_two_who_state_it_at_once_see_each_other(house: House) -> None:
    riley, morgan = house.person(RILEY), house.person(MORGAN)
    for person in (riley, morgan):
        await edits(house, person)
    assert (await fills(riley, {"No “poor” in": ["debugging"]})).ok
    assert (await fills(morgan, {"No “borderline” or lower in": ["security"]})).ok
    text = shown(morgan.modal)
    assert "Someone else just changed this opening." in text
    assert "It's now: No “poor” in Debugging" in text
    assert (await fills(morgan, {})).ok
    async with house.northwind.application.database.read() as tx:
        rule = (await tx.connection.execute(select(openings.c.rule))).scalar_one()
    assert [line["rating"] for line in rule] == ["borderline"], "the one she saw, and no mixture"


async def test_without_a_rule_nothing_is_said_of_it(house: House) -> None:
    moves_on(house)
    await all_in(house)
    morgan = await they_lean(house)
    assert "Decision rule" not in shown(morgan.modal)
    await morgan.presses(morgan.modal, "Decide")
    assert "against the rule" not in shown(morgan.modal)
    assert (await fills(morgan, OFFER)).ok

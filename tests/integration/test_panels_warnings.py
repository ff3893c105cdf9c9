"""The forms that change a panel warn of odd times as the set-up form does."""

from datetime import timedelta

import pytest

from bot.domain.dates import NO_BREAK
from tests.support.northwind import (
    ALEX,
    GUS,
    PRIYA,
    RILEY,
    SAM,
    Northwind,
    Person,
    shown,
)
from tests.support.setup_form import PLAN, at, sets_up

NIGHT = at(16 * 60)
"""Deep in the night in Berlin."""
CHECK = "Check this time. If it's right, click *{}* again."


@pytest.fixture
async def riley(house: Northwind) -> Person:
    """Riley, who has set a panel of two up and looks at it."""
    person = house.person(RILEY)
    assert (await sets_up(person, plan=PLAN[:2], hiring_manager="U0MANAGER")).ok
    await person.closes()
    await person.types("/panel robin doe")
    return person


def title(person: Person) -> str:
    return str(person.modal.payload["title"]["text"])


async def test_a_time_at_night_is_told_as_soon_as_it_is_chosen(riley: Person) -> None:
    await riley.chooses(riley.newest(), "Reschedule")
    assert "🟡" not in shown(riley.modal)
    await riley.fills("Start", NIGHT)
    assert "🟡 This starts before 7 AM for Alex." in shown(riley.modal)
    assert "Tue 2:00 AM for Alex" in shown(riley.modal).replace(NO_BREAK, " ")
    assert (await riley.submits()).ok
    assert title(riley) == "Interview changed", "what has been seen is not asked about again"


async def test_whoever_is_quick_reads_it_before_anything_is_done(riley: Person) -> None:
    await riley.chooses(riley.newest(), "Reschedule")
    assert (await riley.submits(start=at(60))).ok
    assert title(riley) == "Change interview", "nothing is changed yet"
    assert CHECK.format("Change") in shown(riley.modal)
    assert "Alex's interview is at the same time as Sam's." in shown(riley.modal)
    assert (await riley.submits()).ok
    assert title(riley) == "Interview changed"


async def test_a_start_in_the_past_is_told(house: Northwind, riley: Person) -> None:
    await riley.chooses(riley.newest(), "Reschedule")
    past = int((house.clock.now() - timedelta(days=3)).timestamp())
    await riley.fills("Start", past)
    assert "🟡 Alex's interview is in the past." in shown(riley.modal)


async def test_what_stays_at_its_time_is_not_asked_about(riley: Person) -> None:
    await riley.chooses(riley.newest(), "Reschedule")
    await riley.fills("Start", NIGHT)
    assert (await riley.submits()).ok
    await riley.closes()
    await riley.types("/panel robin doe")
    await riley.chooses(riley.newest(), "Reschedule")
    assert (await riley.submits(location_or_meeting_link="Room 4")).ok
    assert title(riley) == "Interview changed"


async def test_a_new_interviewer_is_looked_at_too(house: Northwind, riley: Person) -> None:
    assert (await sets_up(riley, "Kim Second", [(PRIYA, ["debugging"], 0)])).ok
    await riley.closes()
    await riley.types("/panel robin doe")
    await riley.chooses(riley.newest(), "Replace")
    await riley.fills("Interviewer", PRIYA)
    assert "🟡 Priya has another interview at this time." in shown(riley.modal)
    assert "Kim" not in shown(riley.modal)
    await riley.fills("Interviewer", GUS)
    assert "is a guest, so they can't be on a panel." in shown(riley.modal)
    assert "guest" in next(iter((await riley.submits()).errors.values()))


async def test_one_more_interview_at_the_time_of_another_is_told(riley: Person) -> None:
    await riley.presses(riley.newest(), "Add interviewer")
    values = {"interviewer": PRIYA, "focus": ["debugging"], "start": at(60), "length": "45"}
    assert (await riley.submits(**values)).ok
    assert title(riley) == "Add interviewer"
    assert "Priya's interview is at the same time as Sam's." in shown(riley.modal)
    assert (await riley.submits()).ok
    assert title(riley) == "Interviewer added"


async def test_somebody_who_cannot_make_it_is_in_nobodys_way(
    house: Northwind, riley: Person
) -> None:
    sam = house.person(SAM)
    (kit,) = sam.kits()
    await sam.chooses(kit, "I can't make it")
    assert (await sam.submits()).ok
    await riley.types("/panel robin doe")
    await riley.chooses(riley.newest(), "Reschedule")
    await riley.fills("Start", at(60))
    assert "same time" not in shown(riley.modal)
    assert house.person(ALEX).kits()

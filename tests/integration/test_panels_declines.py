"""*I can't make it* over the wire: nothing is due, the organizers find somebody else, and it can be
taken back."""

from datetime import timedelta

import pytest

from tests.integration.test_panels import PLAN, at, kit, sets_up
from tests.integration.test_panels_cautions import uncovered
from tests.support.northwind import (
    ALEX,
    MORGAN,
    PRIYA,
    RILEY,
    Northwind,
    Person,
    mentioned,
    shown,
)
from tests.support.panels import MONDAY


@pytest.fixture
async def riley(house: Northwind) -> Person:
    """Alex's interview with Robin, which Riley has set up, is near: within a working day."""
    riley = house.person(RILEY)
    await sets_up(riley, plan=PLAN[:2])
    await riley.closes()
    house.clock.set(NEAR)
    return riley


NEAR = MONDAY - timedelta(days=2)


async def declines(alex: Person, **said: object) -> None:
    await alex.chooses(kit(alex), "I can't make it")
    assert (await alex.submits(**said)).ok


async def test_why_and_another_time_reach_the_organizers_and_the_form_to_reschedule(
    house: Northwind, riley: Person
) -> None:
    alex = house.person(ALEX)
    await alex.chooses(kit(alex), "I can't make it")
    assert "Robin Doe" in shown(alex.modal)
    assert "no scorecard will be due" in shown(alex.modal)
    await alex.submits(reason="  Dentist,\n could do Wednesday ", another_time=at(3000))
    assert alex.modals == []
    assert "“Dentist, could do Wednesday”" in shown(kit(alex))
    for organizer in (RILEY, MORGAN):
        (notice,) = house.person(organizer).dms()
        assert "“Dentist, could do Wednesday”" in shown(notice)
        assert f"'timestamp': {at(3000)}" in str(notice.blocks)
        assert "Dentist" not in notice.text, "lock screens show it"
    (notice,) = riley.dms()
    await riley.presses(notice, "Reschedule")
    assert (await riley.submits()).ok
    assert f"'timestamp': {at(3000)}" in str(kit(alex).blocks)
    assert "You can't make it" not in shown(kit(alex))


async def test_neither_has_to_be_given_and_a_time_that_has_passed_is_refused_at_its_field(
    house: Northwind, riley: Person
) -> None:
    alex = house.person(ALEX)
    await alex.chooses(kit(alex), "I can't make it")
    past = int((house.clock.now() - timedelta(hours=1)).timestamp())
    refused = await alex.submits(another_time=past)
    assert "This time has passed." in str(refused)
    assert riley.dms() == []
    assert (await alex.submits(another_time=None)).ok
    assert "You can't make it" in shown(kit(alex))


async def test_the_kit_keeps_its_other_buttons_and_it_can_be_taken_back(
    house: Northwind, riley: Person
) -> None:
    alex = house.person(ALEX)
    await declines(alex)
    await alex.presses(kit(alex), "Questions")
    await alex.presses(alex.modal, "Job description")
    assert "Backend Developer" in shown(alex.modal)
    await alex.closes()
    await alex.closes()
    await alex.presses(kit(alex), "I can make it after all")
    assert "You're back on this interview" in shown(alex.whispers()[-1])
    assert "You can't make it" not in shown(kit(alex))
    assert "Add to calendar" in shown(kit(alex))
    (notice,) = riley.dms()
    assert "They can make it after all." in shown(notice)
    assert "Replace" not in shown(notice)


async def test_what_nobody_can_make_is_not_covered_until_somebody_takes_it(
    house: Northwind, riley: Person
) -> None:
    alex = house.person(ALEX)
    before = uncovered(await riley.types("/panel robin doe"))
    await declines(alex)
    declined = uncovered(await riley.types("/panel robin doe"))
    assert "Data modeling" in declined
    assert "Data modeling" not in before
    (notice,) = riley.dms()
    await riley.presses(notice, "Replace")
    assert (await riley.submits(interviewer=PRIYA)).ok
    assert uncovered(await riley.types("/panel robin doe")) == before


async def test_whoever_declines_once_more_is_heard_once_more(
    house: Northwind, riley: Person
) -> None:
    alex = house.person(ALEX)
    await declines(alex)
    house.clock.moves(minutes=1)
    await alex.presses(kit(alex), "I can make it after all")
    house.clock.moves(minutes=1)
    await declines(alex, reason="Ill")
    first, second = sorted(riley.dms(), key=lambda message: float(message.ts))
    assert "They can make it after all." in shown(first)
    assert "“Ill”" in shown(second)
    await riley.presses(second, "Replace")
    assert (await riley.submits(interviewer=PRIYA)).ok
    assert all(mentioned(one) == [ALEX, PRIYA] for one in riley.dms())


async def test_taking_back_what_was_given_to_somebody_else_says_so(
    house: Northwind, riley: Person
) -> None:
    alex = house.person(ALEX)
    await declines(alex)
    stale = kit(alex)
    (notice,) = riley.dms()
    await riley.presses(notice, "Replace")
    assert (await riley.submits(interviewer=PRIYA)).ok
    await alex.presses(stale, "I can make it after all")
    assert "canceled or replaced" in shown(alex.whispers()[-1])


async def test_far_off_the_organizers_read_it_in_their_next_digest_with_what_can_be_done(
    house: Northwind,
) -> None:
    riley, alex = house.person(RILEY), house.person(ALEX)
    await sets_up(riley, plan=PLAN[:2])
    await riley.closes()
    await declines(alex, reason="Dentist")
    assert "The organizers will look for someone else." in shown(kit(alex))
    assert riley.dms() == house.person(MORGAN).dms() == []
    house.clock.set(MONDAY - timedelta(days=3))
    await house.application.tick()
    await house.settles()
    (digest,) = riley.dms()
    assert digest.text == "You have 1 interview to replace"
    assert mentioned(digest) == [ALEX]
    assert "Robin Doe" in shown(digest)
    assert "“Dentist”" in shown(digest)
    await riley.presses(digest, "Replace")
    assert (await riley.submits(interviewer=PRIYA)).ok
    await house.settles()
    (digest,) = riley.dms()
    assert "You're all caught up" in shown(digest)


async def test_whoever_cannot_make_it_is_not_reminded_and_what_is_over_is_still_at_home(
    house: Northwind, riley: Person
) -> None:
    alex = house.person(ALEX)
    await declines(alex)
    house.clock.set(MONDAY + timedelta(days=1))
    await house.application.tick()
    await house.settles()
    assert house.clock.now() > MONDAY, "the interview would be over"
    assert not [one for one in alex.dms() if "scorecard" in one.text.lower()]
    (notice,) = riley.dms()
    await riley.presses(notice, "Replace")
    assert "already started" in shown(riley.modal)
    assert (await riley.submits(interviewer=PRIYA)).ok
    await house.settles()
    (notice,) = riley.dms()
    assert "Replace" not in shown(notice)

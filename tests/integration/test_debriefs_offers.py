"""What becomes of an offer, over the wire: hired or withdrawn, its day, seats, and undo."""

from typing import Any

from sqlalchemy import select, update

from bot.domain.openings.opening import OpeningStatus
from bot.storage.debriefs.answers import answers
from bot.storage.openings import openings
from tests.integration.test_debriefs import house, labels, opens, recorded, shown
from tests.integration.test_debriefs_decisions import all_lean, decides, fills, passes, stage
from tests.integration.test_scorecards import House
from tests.support.northwind import ALEX, MORGAN, Person

__all__ = ["house"]

ASKED = "What did they answer?"
HIRED: dict[str, Any] = {ASKED: "hired", "On": "2026-11-30"}
LAST_SEAT = "The job's last seat is filled."


async def offers(house: House) -> Person:
    """Morgan has decided on an offer, and has the debrief open."""
    morgan = await all_lean(house)
    await decides(morgan)
    return morgan


async def records(person: Person, **changes: Any) -> None:
    assert (await person.presses(person.modal, "Record answer")).ok
    result = await fills(person, HIRED | changes)
    assert result.ok, result.errors


async def has_seats(house: House, seats: int, status: OpeningStatus) -> None:
    async with house.northwind.application.database.write() as tx:
        await tx.connection.execute(update(openings).values(seats=seats, status=status))


async def test_whoever_accepts_is_hired_and_the_last_seat_is_told(house: House) -> None:
    await has_seats(house, 1, OpeningStatus.OPEN)
    morgan = await offers(house)
    await records(morgan)
    assert await stage(house) == "hired"
    assert LAST_SEAT in shown(morgan.modal)
    assert "Hired on Mon, Nov 30, 2026" in shown(morgan.modal).replace("\xa0", " ")
    below = morgan.modals[0]
    assert {"Undo answer", "Mark as filled"} <= set(labels(below))
    assert (MORGAN, "debrief.hired") in await recorded(house)
    async with house.northwind.application.database.read() as tx:
        told = (await tx.connection.execute(select(answers.c.person))).scalars().all()
        status = (await tx.connection.execute(select(openings.c.status))).scalar_one()
    assert told == [MORGAN], "whoever answers an offer has heard of it"
    assert status == OpeningStatus.OPEN, "nothing marks a job as filled by itself"
    await morgan.presses(morgan.modal, "Mark as filled")
    assert (await morgan.submits()).ok
    async with house.northwind.application.database.read() as tx:
        status = (await tx.connection.execute(select(openings.c.status))).scalar_one()
    assert status == OpeningStatus.FILLED


async def test_with_seats_left_it_says_how_many_are_filled(house: House) -> None:
    await has_seats(house, 3, OpeningStatus.OPEN)
    morgan = await offers(house)
    await records(morgan)
    assert "1 of 3 seats are filled." in shown(morgan.modal)
    assert "Mark as filled" not in labels(morgan.modal)


async def test_it_is_undone_within_fifteen_minutes_and_amended_after(house: House) -> None:
    morgan = await offers(house)
    await records(morgan)
    await morgan.closes()
    if not morgan.modals:
        await opens(morgan)
    assert (await morgan.presses(morgan.modal, "Undo answer")).ok
    assert await stage(house) == "offer"
    assert "Record answer" in labels(morgan.modal)
    await records(morgan)
    await passes(house, 16)
    await morgan.closes()
    if not morgan.modals:
        await opens(morgan)
    await morgan.presses(morgan.modal, "Undo answer")
    assert "can't be undone anymore" in shown(morgan.modal)
    await morgan.closes()
    await opens(morgan)
    assert (await morgan.presses(morgan.modal, "Amend answer")).ok
    assert (await fills(morgan, HIRED | {ASKED: "turned_down"})).ok
    assert await stage(house) == "withdrawn"
    text = shown(morgan.modals[0])
    assert text.index("Turned down on") < text.index("Before that: hired")


async def test_a_day_to_come_or_before_the_offer_is_refused(house: House) -> None:
    morgan = await offers(house)
    for day, told in (("2026-12-02", "This day is to come"), ("2026-11-20", "before the offer")):
        await morgan.presses(morgan.modal, "Record answer")
        (fault,) = (await fills(morgan, HIRED | {"On": day})).errors.values()
        assert told in fault
        await morgan.closes()
        await opens(morgan)
    assert await stage(house) == "offer"


async def test_only_deciders_record_it_from_the_board_too(house: House) -> None:
    morgan, alex = await offers(house), house.person(ALEX)
    await morgan.closes()
    await opens(alex)
    assert "Record answer" not in labels(alex.modal)
    assert "Record answer" not in labels(await opens(alex, "/hiring Robin Doe"))
    await opens(morgan, "/hiring Robin Doe")
    await records(morgan, **{ASKED: "turned_down"})
    assert await stage(house) == "withdrawn"
    await morgan.closes()
    await opens(morgan, "/hiring Robin Doe")
    assert "recorded that they turned the offer down" in shown(morgan.modal)


async def test_a_decision_amended_since_makes_an_answer_void(house: House) -> None:
    morgan = await offers(house)
    await passes(house, 16)
    await records(morgan)
    await morgan.closes()
    if not morgan.modals:
        await opens(morgan)
    why = "The team lost this headcount, so nobody is hired for it."
    await decides(morgan, "Amend", Decision="hold", Kind_of_reason="opening_closed", Reason=why)
    assert await stage(house) == "deciding"
    assert "Hired on" not in shown(morgan.modal)

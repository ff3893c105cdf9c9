"""Answers over the wire: by when a candidate hears, who is reminded, and *Told them*."""

from datetime import timedelta

from bot.playground.state.models import Message
from bot.services.settings import SettingsService
from tests.integration.test_debriefs import house, labels, opens, recorded, shown
from tests.integration.test_debriefs_decisions import all_lean, decides
from tests.integration.test_scorecards import House, gives
from tests.support.northwind import ALEX, MORGAN, RILEY, Person, key_of
from tests.support.people import people_of, rights_of

__all__ = ["house"]

DAY = timedelta(days=1).total_seconds() / 60
"""Interviews are on Monday, Nov 30, so the candidate hears by Monday, Dec 7."""


async def passes(house: House, minutes: float) -> None:
    """By then whatever digests are due have been planned, and come."""
    house.northwind.clock.moves(seconds=minutes * 60)
    await house.northwind.application.reminders.tick()
    await house.northwind.settles()


def reminded(house: House, user: str) -> list[Message]:
    """The digests that reminded this person to answer, as they are now; each is one of a day."""
    found = [one for one in house.person(user).dms() if key_of(one).startswith("digest:")]
    return [one for one in found if "hear" in shown(one) or "all caught up" in shown(one)]


async def tells(person: Person) -> None:
    """*Draft message*, then *Told them*."""
    assert (await person.presses(person.modal, "Draft message")).ok
    assert (await person.submits()).ok


async def test_the_date_stands_on_the_board_from_the_last_interview_on(house: House) -> None:
    riley = house.person(RILEY)
    assert "answer by Mon, Dec 7" not in await riley.types("/hiring")
    morgan = await all_lean(house)
    assert "all 5 in" in (said := await riley.types("/hiring"))
    assert "answer by Mon, Dec 7" in said.replace("\xa0", " ")
    await decides(morgan)
    said = (await riley.types("/hiring")).replace("\xa0", " ")
    assert "offer since Mon, Nov 30, answer by Mon, Dec 7" in said
    await passes(house, 8 * DAY)
    said = (await riley.types("/hiring")).replace("\xa0", " ")
    assert "answer late since Mon, Dec 7" in said


async def test_a_draft_is_edited_by_a_person_who_then_says_that_they_told_them(
    house: House,
) -> None:
    morgan = await all_lean(house)
    await decides(morgan)
    assert (await morgan.presses(morgan.modal, "Draft message")).ok
    form = shown(morgan.modal).replace("\xa0", " ")
    assert "Robin Doe hears by Mon, Dec 7" in form
    (text,) = (
        block["element"]["initial_value"]
        for block in morgan.modal.blocks
        if block["type"] == "input"
    )
    assert text.startswith("Hi Robin Doe,\n\nThank you for the time")
    assert "job.\n\nWe'd like" in text
    assert "We'd like you to join us" in text
    assert "ledger" not in text, "no reason that no person wrote to them"
    assert "I send nothing myself" in form
    assert (await morgan.submits()).ok
    assert "told them" in shown(morgan.modal)
    below = morgan.modals[0]
    assert "told the candidate" in shown(below)
    assert "Draft message" not in labels(below)
    assert (MORGAN, "debrief.answered") in await recorded(house)
    said = await house.person(RILEY).types("/hiring")
    assert ", told" in said
    view = await opens(house.person(RILEY))
    assert "told the candidate" in shown(view)
    assert "Draft message" not in labels(view)
    assert "Undo" not in labels(view), "they know"


async def test_the_manager_then_the_recruiter_then_both_are_reminded_until_they_are_told(
    house: House,
) -> None:
    morgan = await all_lean(house)
    await decides(morgan)
    await morgan.closes()
    await passes(house, 3 * DAY)
    assert (len(reminded(house, MORGAN)), len(reminded(house, RILEY))) == (0, 0)
    await passes(house, DAY)
    assert (len(reminded(house, MORGAN)), len(reminded(house, RILEY))) == (1, 0), "on Friday"
    await passes(house, 3 * DAY)
    (soon,), (today,) = reminded(house, MORGAN), reminded(house, RILEY)
    assert soon.text.replace("\xa0", " ").endswith("waiting to hear; the first by Mon, Dec 7")
    assert "Robin" not in soon.text + today.text
    assert "Robin Doe hears by" in shown(soon)
    assert "Decision: offer" in shown(today)
    await passes(house, DAY)
    assert (len(reminded(house, MORGAN)), len(reminded(house, RILEY))) == (2, 2)
    riley = house.person(RILEY)
    late = reminded(house, RILEY)[-1]
    assert "was to hear by" in shown(late)
    await riley.presses(late, "Draft message")
    assert (await riley.submits()).ok
    for user in (MORGAN, RILEY):
        for one in reminded(house, user):
            assert "You're all caught up" in shown(one)
    await passes(house, 10 * DAY)
    assert (len(reminded(house, MORGAN)), len(reminded(house, RILEY))) == (2, 2)


async def test_an_organizer_hears_once_a_day_of_all_that_there_is(house: House) -> None:
    """A late scorecard of somebody else's and an answer that is due are one message."""
    await gives(house, ALEX)
    for _ in range(9):
        await passes(house, DAY)
        for user in (MORGAN, RILEY):
            keys = [key_of(one) for one in house.person(user).dms()]
            digests = [key for key in keys if key.startswith("digest:")]
            assert len(digests) == len(set(digests))
            assert not any(key.startswith("answer:") for key in keys)
    both = [one for one in house.person(RILEY).dms() if key_of(one).startswith("digest:")]
    assert any("late" in shown(one) and "Candidates waiting to hear" in shown(one) for one in both)


async def test_whoever_is_told_in_time_nobody_is_reminded_of(house: House) -> None:
    morgan = await all_lean(house)
    await decides(morgan)
    await tells(morgan)
    await passes(house, 20 * DAY)
    assert (reminded(house, MORGAN), reminded(house, RILEY)) == ([], [])


async def test_more_days_move_the_date_and_each_reminder_comes_once_for_it(
    house: House,
) -> None:
    morgan = await all_lean(house)
    await decides(morgan)
    await passes(house, 4 * DAY)
    assert len(reminded(house, MORGAN)) == 1
    application = house.northwind.application
    async with application.database.read() as tx:
        workspace = (await tx.workspace.owner()) or ""
    database, clock = application.database, house.northwind.clock
    rights = rights_of(people_of(workspace, RILEY), database, clock)
    settings = SettingsService(database, rights, clock, lambda: None)
    await settings.answer_within(workspace, RILEY, 10)
    await passes(house, 3 * DAY)
    assert reminded(house, RILEY) == [], "today isn't the day anymore"
    await passes(house, 7 * DAY)
    (told,) = reminded(house, RILEY)
    assert "by Mon, Dec 14" in told.text.replace("\xa0", " ")


async def test_a_date_without_a_decision_says_so(house: House) -> None:
    for user in (ALEX, MORGAN):
        await gives(house, user)
    await passes(house, 7 * DAY)
    (soon,) = reminded(house, MORGAN)
    assert "Nothing is decided yet." in shown(soon)
    assert "Draft message" not in shown(soon)


async def test_what_is_amended_later_has_to_be_told_again(house: House) -> None:
    morgan = await all_lean(house)
    await decides(morgan)
    await tells(morgan)
    await morgan.closes()
    await passes(house, 16)
    riley = house.person(RILEY)
    await opens(riley)
    why = "The team lost this headcount, so nobody is hired for it."
    await decides(riley, "Amend", Decision="hold", Kind_of_reason="opening_closed", Reason=why)
    assert "Draft message" in labels(riley.modal)

"""`/panel` over the wire: panels set up, changed, half cancelled and copied."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.playground.state.models import Message, Result, User
from tests.support.northwind import (
    ALEX,
    ANA,
    GUS,
    MORGAN,
    PRIYA,
    RILEY,
    SAM,
    Northwind,
    Person,
    mentioned,
    northwind,
    shown,
)
from tests.support.panels import MONDAY
from tests.support.playground import HIRING, PRIVATE

PLAN = (
    (ALEX, ("data-modelling", "api-design"), 0),
    (SAM, ("system-design", "reliability"), 60),
    (PRIYA, ("debugging", "security"), 120),
    (ANA, ("code-quality",), 180),
    (MORGAN, ("debugging",), 240),
)


@pytest.fixture
async def house(tmp_path: Path, sqlite_database: str) -> AsyncIterator[Northwind]:
    async with northwind(tmp_path / "slack", sqlite_database) as here:
        yield here


@pytest.fixture
def riley(house: Northwind) -> Person:
    return house.person(RILEY)


def at(minutes: int) -> int:
    return int((MONDAY + timedelta(minutes=minutes)).timestamp())


async def begins(riley: Person, role: str = "backend-developer") -> None:
    await riley.types("/panel")
    await riley.fills("Opening or role", role)


async def adds(
    riley: Person, who: str, focus: Sequence[str], start: int, minutes: str = "45"
) -> Result:
    await riley.presses(riley.modal, "Add interviewer")
    return await riley.submits(interviewer=who, focus=list(focus), start=start, length=minutes)


async def sets_up(
    riley: Person,
    name: str = "Robin Doe",
    plan: Sequence[tuple[str, Sequence[str], int]] = PLAN,
    **more: object,
) -> Result:
    await begins(riley)
    for who, focus, minutes in plan:
        assert (await adds(riley, who, focus, at(minutes))).ok
    values = {"candidate": name, "hiring_manager": MORGAN, "level": "mid"} | more
    return await riley.submits(**values)


def kit(person: Person) -> Message:
    (found,) = [m for m in person.dms() if "Interview with" in shown(m) or "Not needed" in shown(m)]
    return found


# Setting up


async def test_a_panel_of_five_in_three_zones_is_set_up_and_everybody_has_their_kit(
    house: Northwind, riley: Person
) -> None:
    await begins(riley)
    for who, focus, minutes in PLAN[:3]:
        assert (await adds(riley, who, focus, at(minutes))).ok
    form = shown(riley.modal)
    assert "Nobody owns: \nCode quality, Collaboration" in form
    for who, focus, minutes in PLAN[3:]:
        await adds(riley, who, focus, at(minutes))
    form = shown(riley.modal)
    assert "Nobody owns: \nCollaboration" in form
    assert "More than one owns: \nDebugging" in form

    result = await riley.submits(candidate="Robin Doe", hiring_manager=MORGAN, level="mid")
    assert result.ok
    (done,) = riley.modals
    assert done.payload["title"]["text"] == "Panel set up"
    assert "Robin Doe" in shown(done)
    assert set(mentioned(done)) >= {who for who, _, _ in PLAN}
    assert [m for m in riley.said() if not m.ephemeral_to] == [], "nothing in a public channel"

    asked = []
    for who, _, minutes in PLAN:
        message = kit(house.person(who))
        zone = house.scene.workspace.users[who].tz
        assert "Robin" not in message.text
        assert f"({zone})" in str(message.blocks)
        assert f"'timestamp': {at(minutes)}" in str(message.blocks)
        await house.person(who).presses(message, "Job description")
        asked.append(message)
    questions = [await questions_of(house.person(who)) for who, _, _ in PLAN]
    everything = [question for one in questions for question in one]
    assert all(questions)
    assert len(everything) == len(set(everything)), "no question is given to two"


async def questions_of(person: Person) -> list[str]:
    """The questions in somebody's kit, pressed for where they are not in it."""
    message = kit(person)
    texts = [shown(message)]
    if "Show questions" in shown(message):
        before = len(person.whispers())
        await person.presses(message, "Show questions")
        texts = [shown(whisper) for whisper in person.whispers()[before:]]
    lines = "\n".join(texts).split("\n")
    return [line.partition(". ")[2] for line in lines if line[:1].isdigit() and ". " in line[:4]]


async def test_a_seat_is_changed_and_removed_and_the_rest_of_the_form_stays(
    riley: Person,
) -> None:
    await begins(riley)
    await adds(riley, ALEX, ["debugging"], at(0))
    await adds(riley, SAM, ["debugging"], at(60))
    await riley.chooses(riley.modal, "Change")
    assert riley.modal.payload["title"]["text"] == "Change interviewer"
    await riley.submits(focus=["security"], length="60")
    assert "60 min\nSecurity" in shown(riley.modal)
    await riley.chooses(riley.modal, "Remove", 1)
    assert SAM not in str(riley.modal.payload)
    assert (await riley.submits(candidate="Robin Doe", hiring_manager=MORGAN)).ok


async def test_another_role_keeps_people_and_what_focus_it_shares(riley: Person) -> None:
    await begins(riley)
    await adds(riley, ALEX, ["data-modelling", "debugging"], at(0))
    await adds(riley, SAM, ["system-design"], at(60))
    await riley.fills("Opening or role", "frontend-engineer")
    form = shown(riley.modal)
    assert "Debugging" in form
    assert "needs a focus" in form
    result = await riley.submits(candidate="Robin Doe", hiring_manager=MORGAN)
    assert "1 to 5 competencies" in shown(riley.modal)
    assert result.ok, "a view above the form says so"


@pytest.mark.parametrize(
    ("who", "why"),
    [(GUS, "guest"), ("U0PANEL", "is a bot"), ("USLACKBOT", "is a bot"), ("U0GONE", "deactivated")],
)
async def test_whoever_cannot_be_reached_is_named_at_the_press(
    house: Northwind, riley: Person, who: str, why: str
) -> None:
    house.scene.workspace.users["U0GONE"] = User("U0GONE", "gone", "Gone Away", deleted=True)
    await begins(riley)
    result = await adds(riley, who, ["debugging"], at(0))
    assert why in result.errors["panel.person"]


async def test_nobody_is_added_twice(riley: Person) -> None:
    await begins(riley)
    await adds(riley, ALEX, ["debugging"], at(0))
    result = await adds(riley, ALEX, ["security"], at(60))
    assert "on the panel already" in result.errors["panel.person"]


async def test_an_interviewer_waits_for_the_role(riley: Person) -> None:
    await riley.types("/panel")
    await riley.presses(riley.modal, "Add interviewer")
    assert "Choose a role first" in shown(riley.modal)
    assert len(riley.modals) == 2


async def test_a_panel_without_interviewers_and_a_guest_as_manager_are_refused(
    riley: Person,
) -> None:
    await begins(riley)
    await riley.submits(candidate="Robin Doe", hiring_manager=MORGAN)
    assert "at least one interviewer" in shown(riley.modal)
    await riley.closes()
    await adds(riley, ALEX, ["debugging"], at(0))
    result = await riley.submits(candidate="Robin Doe", hiring_manager=GUS)
    assert "guest" in next(iter(result.errors.values()))


async def test_a_name_too_long_is_refused_where_it_was_typed(riley: Person) -> None:
    result = await sets_up(riley, "x" * 3000, PLAN[:1])
    assert "at most 150" in result.errors["panel.name"]


async def test_a_past_time_is_accepted_with_a_warning(house: Northwind, riley: Person) -> None:
    plan = [(ALEX, ["debugging"], -60 * 24 * 30)]
    assert (await sets_up(riley, plan=plan)).ok
    assert "In the past" in shown(riley.modal)
    assert kit(house.person(ALEX))


async def test_the_private_channel_shows_the_panel_once_panelist_is_in_it(
    house: Northwind, riley: Person
) -> None:
    result = await sets_up(riley, plan=PLAN[:2], private_channel=[PRIVATE])
    assert "/invite @Panelist" in result.errors["panel.channel"]
    house.scene.workspace.join(PRIVATE, "U0PANEL")
    assert (await riley.submits()).ok
    (posted,) = house.scene.said(PRIVATE)
    assert "Robin Doe" in shown(posted)
    assert "Robin" not in posted.text
    await riley.closes()
    await cancels_all(riley)
    (posted,) = house.scene.said(PRIVATE)
    assert "has been cancelled" in shown(posted)


async def test_a_public_channel_is_refused_even_if_forged(riley: Person) -> None:
    result = await sets_up(riley, plan=PLAN[:1], private_channel=[HIRING])
    assert "has to be a private one" in result.errors["panel.channel"]


# Changing


async def cancels_all(riley: Person) -> None:
    await riley.types("/panel Robin Doe")
    await riley.presses(riley.newest(), "Cancel panel")


async def test_a_panel_is_changed_half_cancelled_and_copied(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley)
    await riley.closes()
    quiet = {who: house.person(who).dms() for who in (SAM, PRIYA, MORGAN)}

    await riley.types("/panel robin doe")
    await riley.presses(riley.newest(), "Reschedule")
    assert (await riley.submits(start=at(600))).ok
    assert f"'timestamp': {at(600)}" in str(kit(house.person(ALEX)).blocks)
    assert len(house.person(ALEX).dms()) == 1, "edited, not sent again"
    await riley.closes()
    assert f"'timestamp': {at(600)}" in str(riley.newest().blocks), "the panel in front is new"

    await riley.presses(riley.newest(), "Cancel interview", 2)
    gone = kit(house.person(ANA))
    assert "It has been cancelled" in shown(gone)
    assert {who: house.person(who).dms() for who in quiet} == quiet, "nobody else hears"
    assert "Nobody owns: \nCode quality, Collaboration" in shown(riley.newest())

    await riley.types("/panel")
    await riley.chooses(riley.modal, "Robin Doe · Backend Developer, mid")
    first = MONDAY + timedelta(days=7)
    await riley.fills("First interview", int(first.timestamp()))
    assert (await riley.submits(candidate="Kim Second")).ok
    starts = [int((first + timedelta(minutes=gap)).timestamp()) for gap in (0, 60, 180, 540)]
    assert all(f"'timestamp': {start}" in str(riley.modal.blocks) for start in starts)
    assert "Kim Second" in shown(riley.modal)
    assert "mid" in shown(riley.modal)
    assert len([m for m in house.person(SAM).dms() if "Interview with" in shown(m)]) == 2


async def test_saying_that_one_cannot_make_it_brings_a_replacement(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, plan=PLAN[:2])
    await riley.closes()
    alex = house.person(ALEX)
    await alex.presses(kit(alex), "I can't make it")
    assert "those who organise the panel know" in shown(kit(alex))
    for organizer in (RILEY, MORGAN):
        (notice,) = house.person(organizer).dms()
        assert "Robin" not in notice.text
        assert mentioned(notice) == [ALEX]
    (notice,) = riley.dms()
    await riley.presses(notice, "Replace")
    assert (await riley.submits(interviewer=PRIYA)).ok
    assert "takes it over" in shown(kit(alex))
    assert "Data modeling" in shown(kit(house.person(PRIYA)))
    for organizer in (RILEY, MORGAN):
        (notice,) = house.person(organizer).dms()
        assert mentioned(notice) == [ALEX, PRIYA]
        assert "Replace" not in shown(notice)


async def test_the_second_of_two_editors_sees_both_and_may_go_on(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, plan=PLAN[:2])
    await riley.closes()
    morgan = house.person(MORGAN)
    for person in (riley, morgan):
        await person.types("/panel robin doe")
        await person.presses(person.newest(), "Reschedule")
    assert (await riley.submits(start=at(300))).ok
    await riley.closes()

    assert (await morgan.submits(start=at(500), length="60")).ok
    told = morgan.modal
    assert told.payload["title"]["text"] == "Change interview"
    assert "has been changed in the meantime" in shown(told)
    assert mentioned(told)[:2] == [RILEY, ALEX]
    assert f"'timestamp': {at(300)}" in str(told.blocks)
    assert "(time)" in shown(told)
    assert (await morgan.submits()).ok
    assert f"'timestamp': {at(500)}" in str(kit(house.person(ALEX)).blocks)


async def test_a_stale_button_says_what_has_changed_instead(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, plan=PLAN[:3])
    await riley.closes()
    await riley.types("/panel robin doe")
    stale = riley.newest()
    await riley.types("/panel robin doe")
    await riley.presses(riley.newest(), "Cancel interview")
    await riley.presses(stale, "Cancel interview", 1)
    again = next(m for m in riley.said() if m.ts == stale.ts)
    assert "has been changed in the meantime" in shown(again)
    assert "cancelled the interview of" in shown(again)
    assert "It has been cancelled" not in shown(kit(house.person(SAM)))


async def test_a_year_later_and_after_a_cancellation_buttons_still_answer(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, plan=PLAN[:2])
    await riley.closes()
    alex = house.person(ALEX)
    old = kit(alex)
    house.clock.moves(days=365)
    await alex.presses(old, "I can't make it")
    assert "has begun, or is over" in shown(alex.whispers()[-1])
    await riley.types("/panel robin doe")
    sheet = riley.newest()
    await riley.presses(sheet, "Cancel panel")
    for label in ("Show questions", "Job description", "Add to calendar", "I can't make it"):
        await alex.presses(old, label)
        assert "cancelled or replaced" in shown(alex.whispers()[-1])
    await riley.presses(sheet, "Reschedule")
    assert "has been cancelled" in shown(riley.newest())


async def test_the_calendar_file_comes_by_dm_and_names_nobody(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, plan=PLAN[:1])
    alex = house.person(ALEX)
    await alex.presses(kit(alex), "Add to calendar")
    (file,) = [m for m in alex.dms() if m.text == "interview.ics"]
    url = file.blocks[0]["elements"][0]["elements"][0]["url"]
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        content = await response.text()
    assert content.startswith("BEGIN:VCALENDAR\r\n")
    assert f"DTSTART:{MONDAY:%Y%m%dT%H%M%SZ}" in content
    assert "Robin" not in content


async def test_a_reminder_comes_before_the_start_and_follows_a_reschedule(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, plan=[(ALEX, ["debugging"], 0)])
    await riley.closes()
    alex = house.person(ALEX)
    await alex.types("/panel remind 30")
    await moves_to(house, MONDAY - timedelta(minutes=31))
    assert len(alex.dms()) == 1
    await moves_to(house, MONDAY - timedelta(minutes=29))
    reminder = alex.dms()[-1]
    assert "interview with Robin Doe" in shown(reminder)
    assert "Robin" not in reminder.text

    await riley.types("/panel robin doe")
    await riley.presses(riley.newest(), "Reschedule")
    assert (await riley.submits(start=at(120))).ok
    (_, put_right) = alex.dms()
    assert "has moved to" in shown(put_right)
    await moves_to(house, MONDAY + timedelta(minutes=95))
    assert len(alex.dms()) == 3
    await moves_to(house, MONDAY + timedelta(minutes=300))
    assert len(alex.dms()) == 3, "never after the start"


async def moves_to(house: Northwind, time: datetime) -> None:
    house.clock.moves(seconds=(time - house.clock.now()).total_seconds())
    await house.settles()


async def test_slack_refusing_one_kit_of_five_is_told_to_who_set_it_up(
    house: Northwind, riley: Person
) -> None:
    await begins(riley)
    for who, focus, minutes in PLAN:
        await adds(riley, who, focus, at(minutes))
    people = house.scene.workspace.users
    sam, people[SAM] = people[SAM], replace(people[SAM], is_bot=True)
    try:
        await riley.submits(candidate="Robin Doe", hiring_manager=MORGAN)
    finally:
        people[SAM] = sam
    (told,) = riley.dms()
    assert mentioned(told) == [SAM]
    assert "did not get the message" in shown(told)
    assert all(kit(house.person(who)) for who, _, _ in PLAN if who != SAM)
    await riley.presses(told, "Open the panel")
    assert "Robin Doe" in shown(riley.whispers()[-1])
    assert riley.dms() == [told]


# Finding


async def test_lists_and_names_lead_to_panels(house: Northwind, riley: Person) -> None:
    assert "no interview panels yet" in await riley.types("/panel list")
    await sets_up(riley, plan=PLAN[:1])
    await riley.closes()
    assert (await sets_up(riley, plan=PLAN[1:2])).ok
    assert (await riley.answers("Someone else")).ok
    await riley.closes()
    assert "There are 2 panels" in await riley.types("/panel robin")
    await riley.presses(riley.newest(), "Open")
    assert "Cancel panel" in shown(riley.newest())
    listed = await riley.types("/panel list")
    assert listed.count("Robin Doe") == 2
    alex = house.person(ALEX)
    assert "you interview" in await alex.types("/panel list")
    opened = await alex.types("/panel robin")
    assert "Robin Doe" in opened
    assert "Cancel panel" not in opened


async def test_outsiders_learn_nothing(house: Northwind, riley: Person) -> None:
    await sets_up(riley, plan=PLAN[:1])
    gus, sam = house.person(GUS), house.person(SAM)
    for line in ("/panel", "/panel list", "/panel Robin Doe", "/panel Nobody", "/panel remind 5"):
        answer = await gus.types(line)
        assert "for full members of this workspace" in answer
    known, unknown = await sam.types("/panel Robin Doe"), await sam.types("/panel Robin Dot")
    assert known.replace("Doe", "Dot") == unknown


async def test_help_and_what_remind_does_not_understand(riley: Person) -> None:
    assert "Interview panels" in await riley.types("/panel help")
    for line in ("/panel remind soon", "/panel remind 5 6", "/panel remind workspace"):
        assert "How many minutes before?" in await riley.types(line)
    assert "1 to 1440" in await riley.types("/panel remind -5")
    assert "1 to 1440" in await riley.types("/panel remind " + "9" * 400)
    assert "No reminder" in await riley.types("/panel remind 0")

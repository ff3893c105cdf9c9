"""`/panel` over the wire: panels set up, changed, half cancelled and copied."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.dates import NO_BREAK
from bot.playground.state.models import TEAM_ID, Message, Result, User
from bot.storage.panels.rows import Whose
from tests.support import setup_form
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
    field_of,
    mentioned,
    shown,
)
from tests.support.panelist import elements
from tests.support.panels import MONDAY
from tests.support.playground import HIRING, PRIVATE
from tests.support.setup_form import PLAN, Plan, adds, at, begins, submits
from tests.support.wire import web_client


async def sets_up(
    riley: Person,
    name: str = "Robin Doe",
    plan: Plan = PLAN,
    **more: object,
) -> Result:
    values = {"hiring_manager": MORGAN, "level": "mid"} | more
    return await setup_form.sets_up(riley, name, plan, **values)


def spaced(text: str) -> str:
    """The text, where a space is a space."""
    return text.replace(NO_BREAK, " ")


def kit(person: Person) -> Message:
    (found,) = person.kits()
    return found


# Setting up


async def test_a_panel_of_five_in_three_zones_is_set_up_and_everybody_has_their_kit(
    house: Northwind, riley: Person
) -> None:
    await begins(riley)
    for who, focus, minutes in PLAN[:3]:
        assert (await adds(riley, who, focus, at(minutes))).ok
    form = shown(riley.modal)
    assert "Not covered: \nCode quality, Collaboration" in form
    for who, focus, minutes in PLAN[3:]:
        await adds(riley, who, focus, at(minutes))
    form = shown(riley.modal)
    assert "Not covered: \nCollaboration" in form
    assert "Covered more than once: \nDebugging" in form

    result = await submits(riley, candidate="Robin Doe", hiring_manager=MORGAN, level="mid")
    assert result.ok
    (done,) = riley.modals
    assert done.payload["title"]["text"] == "Panel set up"
    assert "Robin Doe" in shown(done)
    assert set(mentioned(done)) >= {who for who, _, _ in PLAN}
    assert [m for m in riley.said() if not m.ephemeral_to] == [], "nothing in a public channel"

    for who, _, minutes in PLAN:
        message = kit(house.person(who))
        zone = house.scene.workspace.users[who].tz
        assert "Robin" not in message.text
        assert f"({zone})" in str(message.blocks)
        assert f"'timestamp': {at(minutes)}" in str(message.blocks)
        assert len(message.blocks) <= 4, "what a phone shows without scrolling"
    questions = [await questions_of(house.person(who)) for who, _, _ in PLAN]
    everything = [question for one in questions for question in one]
    assert all(questions)
    assert len(everything) == len(set(everything)), "no question is given to two"


async def questions_of(person: Person) -> list[str]:
    """The questions that somebody's kit leads to."""
    await person.presses(kit(person), "Questions")
    asked = [
        block["elements"][0]["elements"][0]["text"]
        for block in person.modal.blocks
        if block["type"] == "rich_text" and len(block["elements"]) > 1
    ]
    await person.closes()
    return asked


async def test_during_the_call_questions_stay_open_and_lead_to_what_good_looks_like(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, plan=PLAN[:2])
    alex = house.person(ALEX)
    before = kit(alex)
    await alex.presses(before, "Questions")
    asked = alex.modal
    assert asked.payload["title"]["text"] == "Questions"
    assert "Robin Doe · 45 minutes" in shown(asked)
    assert "1 of 3 · " in shown(asked)
    assert "What the others cover" in shown(asked)
    assert mentioned(asked) == [SAM]
    assert "Poor" not in shown(asked)
    await alex.presses(asked, "What good looks like", 1)
    assert "Poor" in shown(alex.modal)
    assert "Red flags" in shown(alex.modal)
    await alex.closes()
    await alex.presses(alex.modal, "Competencies to rate")
    assert "Data modeling" in shown(alex.modal)
    await alex.closes()
    await alex.presses(alex.modal, "Job description")
    assert alex.modal.payload["title"]["text"] == "Job description"
    await alex.closes()
    assert shown(alex.modal) == shown(asked), "they stay as they were"
    assert (alex.dms(), alex.whispers()) == ([before], []), "nothing piles up in the DM"


async def test_once_the_interview_is_over_the_kit_says_that_the_scorecard_is_due(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, plan=PLAN[:1])
    alex = house.person(ALEX)
    before = kit(alex)
    assert "Interview with Robin Doe" in shown(before)
    await moves_to(house, MONDAY + timedelta(minutes=46))
    await house.application.tick()
    await house.settles()
    after = kit(alex)
    assert after.ts == before.ts
    assert "Scorecard due · Robin Doe" in shown(after)
    assert "I can't make it" not in shown(after)
    await alex.presses(after, "Write scorecard")
    assert "Robin Doe" in shown(alex.modal)


async def test_a_seat_is_changed_and_removed_and_the_rest_of_the_form_stays(
    riley: Person,
) -> None:
    await begins(riley)
    await adds(riley, ALEX, ["debugging"], at(0))
    await adds(riley, SAM, ["debugging"], at(60))
    await riley.chooses(riley.modal, "Change")
    assert riley.modal.payload["title"]["text"] == "Change interview"
    await riley.submits(focus=["security"], length="60")
    assert "60 min" in shown(riley.modal)
    assert "for Alex\nSecurity" in shown(riley.modal)
    await riley.chooses(riley.modal, "Remove", 1)
    assert SAM not in str(riley.modal.payload)
    assert (await riley.submits(candidate="Robin Doe", hiring_manager=MORGAN)).ok


async def test_another_role_keeps_people_and_what_focus_it_shares(riley: Person) -> None:
    await begins(riley)
    await adds(riley, ALEX, ["data-modelling", "debugging"], at(0))
    await adds(riley, SAM, ["system-design"], at(60))
    await riley.fills("Opening or role", "frontend-engineer")
    form = shown(riley.modal)
    assert "for Alex\nDebugging\n" in form, "which the other role has too"
    assert form.count("Not covered: \nCollaboration") == 1, "Sam has as much as one can rate"
    assert (await riley.submits(candidate="Robin Doe", hiring_manager=MORGAN)).ok


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
    await adds(riley, SAM, ["security"], at(60))
    await riley.chooses(riley.modal, "Change", 1)
    result = await riley.submits(interviewer=ALEX)
    assert "already on the panel" in result.errors["panel.person"]


async def test_an_interview_is_changed_once_there_are_a_role_and_a_start(riley: Person) -> None:
    await riley.types("/panel")
    await riley.fills("Interviewers", [ALEX])
    await riley.chooses(riley.modal, "Change")
    assert "Choose a role first" in shown(riley.modal)
    assert len(riley.modals) == 2
    await riley.closes()
    await riley.fills("Opening or role", "backend-developer")
    await riley.chooses(riley.modal, "Change")
    assert "Choose when the first interview starts" in shown(riley.modal)


async def test_a_panel_without_interviewers_and_a_guest_as_manager_are_refused(
    riley: Person,
) -> None:
    await begins(riley)
    result = await riley.submits(candidate="Robin Doe", hiring_manager=MORGAN)
    assert "panel.interviews" in result.errors
    await adds(riley, ALEX, ["debugging"], at(0))
    result = await riley.submits(candidate="Robin Doe", hiring_manager=GUS)
    assert "guest" in next(iter(result.errors.values()))


async def test_a_name_too_long_is_refused_where_it_was_typed(riley: Person) -> None:
    result = await sets_up(riley, "x" * 3000, PLAN[:1])
    assert "at most 150" in result.errors["panel.name"]


async def test_a_past_time_is_accepted_with_a_warning(house: Northwind, riley: Person) -> None:
    plan = [(ALEX, ["debugging"], -60 * 24 * 30)]
    assert (await sets_up(riley, plan=plan)).ok
    assert "Already took place" in shown(riley.modal)
    first = kit(house.person(ALEX))
    house.clock.moves(minutes=5)
    await house.application.tick()
    await house.settles()
    assert "Scorecard due" in shown(first)
    calls = [one.kind for one in house.scene.workspace.exchanges]
    assert "chat.update" not in calls, "the kit is not edited once more for nothing"


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
    assert "was canceled" in shown(posted)


async def test_a_public_channel_is_refused_even_if_forged(riley: Person) -> None:
    result = await sets_up(riley, plan=PLAN[:1], private_channel=[HIRING])
    assert "Choose a private one" in result.errors["panel.channel"]


# Changing


async def cancels_all(riley: Person) -> None:
    await riley.types("/panel Robin Doe")
    await riley.presses(riley.newest(), "Cancel panel")
    assert (await riley.submits()).ok


async def test_a_panel_is_changed_half_cancelled_and_copied(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley)
    await riley.closes()
    quiet = {who: house.person(who).dms() for who in (SAM, PRIYA, MORGAN)}

    await riley.types("/panel robin doe")
    await riley.chooses(riley.newest(), "Reschedule")
    assert (await riley.submits(start=at(600))).ok
    assert "This ends after 8 PM for Alex." in shown(riley.modal), "it asks first"
    assert (await riley.submits()).ok
    assert f"'timestamp': {at(600)}" in str(kit(house.person(ALEX)).blocks)
    assert len(house.person(ALEX).dms()) == 1, "edited, not sent again"
    await riley.closes()
    assert f"Mon, Nov 30, <!date^{at(600)}" in spaced(shown(riley.newest())), "it is new in front"

    await riley.chooses(riley.newest(), "Cancel interview", 2)
    assert riley.modal.payload["title"]["text"] == "Cancel interview"
    assert not gone(kit(house.person(ANA))), "it asks first"
    assert (await riley.submits()).ok
    assert gone(kit(house.person(ANA)))
    assert riley.modals == []
    assert {who: house.person(who).dms() for who in quiet} == quiet, "nobody else hears"
    assert "Not covered: \nCode quality, Collaboration" in shown(riley.newest())

    await riley.types("/panel")
    await riley.chooses(riley.modal, "Robin Doe · Backend Developer, mid")
    first = MONDAY + timedelta(days=7)
    await riley.fills("First interview", int(first.timestamp()))
    assert (await riley.submits(candidate="Kim Second")).ok
    starts = [int((first + timedelta(minutes=gap)).timestamp()) for gap in (0, 60, 180, 540)]
    assert all(f"'timestamp': {start}" in str(riley.modal.blocks) for start in starts)
    assert "Kim Second" in shown(riley.modal)
    assert "mid" in shown(riley.modal)
    assert len(house.person(SAM).kits()) == 2


def gone(message: Message) -> bool:
    return "The interview was canceled." in shown(message)


async def test_saying_that_one_cannot_make_it_brings_a_replacement(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, plan=PLAN[:2])
    await riley.closes()
    house.clock.set(MONDAY - timedelta(days=2))
    alex = house.person(ALEX)
    await alex.chooses(kit(alex), "I can't make it")
    assert riley.dms() == [], "it asks first"
    assert (await alex.submits()).ok
    assert alex.modals == []
    assert "The organizers will look for someone else." in shown(kit(alex))
    for organizer in (RILEY, MORGAN):
        (notice,) = house.person(organizer).dms()
        assert "Robin" not in notice.text
        assert mentioned(notice) == [ALEX]
    (notice,) = riley.dms()
    await riley.presses(notice, "Replace")
    assert (await riley.submits(interviewer=PRIYA)).ok
    assert "is interviewing instead" in shown(kit(alex))
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
        await person.chooses(person.newest(), "Reschedule")
    assert (await riley.submits(start=at(300))).ok
    await riley.closes()

    assert (await morgan.submits(start=at(500), length="60")).ok
    told = morgan.modal
    assert told.payload["title"]["text"] == "Change interview"
    assert "Someone else just changed this panel" in shown(told)
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
    morgan = house.person(MORGAN)
    for person, number in ((riley, 1), (morgan, 0)):
        await person.types("/panel robin doe")
        await person.chooses(person.newest(), "Cancel interview", number)
    stale = riley.newest()
    assert (await morgan.submits()).ok
    assert (await riley.submits()).ok
    assert riley.modal.payload["title"]["text"] == "Cancel interview"
    assert "Someone else just changed this panel. Nothing was saved." in shown(riley.modal)
    assert "canceled the interview of" in shown(riley.modal)
    assert mentioned(riley.modal)[:2] == [MORGAN, ALEX]
    assert not gone(kit(house.person(SAM)))
    assert (await riley.submits()).ok
    assert gone(kit(house.person(SAM)))
    again = next(m for m in riley.said() if m.ts == stale.ts)
    assert "2 interviews canceled or replaced" in shown(again)


async def test_a_year_later_and_after_a_cancellation_buttons_still_answer(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, plan=PLAN[:2])
    await riley.closes()
    alex = house.person(ALEX)
    old = kit(alex)
    house.clock.moves(days=365)
    await alex.chooses(old, "I can't make it")
    assert "already started" in shown(alex.whispers()[-1])
    await riley.types("/panel robin doe")
    sheet = riley.newest()
    await riley.presses(sheet, "Cancel panel")
    assert (await riley.submits()).ok
    await alex.presses(old, "Questions")
    assert "canceled or replaced" in shown(alex.whispers()[-1])
    for label in ("Job description", "Add to calendar", "I can't make it"):
        await alex.chooses(old, label)
        assert "canceled or replaced" in shown(alex.whispers()[-1])
    await riley.chooses(sheet, "Reschedule")
    assert "was canceled" in shown(riley.newest())


async def places(house: Northwind) -> list[str | None]:
    """Where the interviews of Robin's panel are held, earliest first."""
    async with house.application.database.read() as tx:
        (found,) = await tx.panels.named(TEAM_ID, Whose(RILEY), "Robin Doe", 2)
    return [item.place for item in found.on]


async def test_an_interview_has_a_place_which_changes_and_goes_with_a_copy(
    house: Northwind, riley: Person
) -> None:
    await begins(riley)
    await adds(riley, ALEX, ["debugging"], at(0))
    await riley.chooses(riley.modal, "Change")
    await riley.submits(location_or_meeting_link="  Room 4,\n 2nd floor ")
    assert (await riley.submits(candidate="Robin Doe", hiring_manager=MORGAN)).ok
    await riley.closes()
    assert await places(house) == ["Room 4, 2nd floor"]

    await riley.types("/panel robin doe")
    assert "Room 4, 2nd floor" in shown(riley.newest())
    assert "Where: Room 4, 2nd floor" in shown(kit(house.person(ALEX)))
    await riley.chooses(riley.newest(), "Reschedule")
    link = "https://meet.example.com/robin"
    assert (await riley.submits(location_or_meeting_link=link)).ok
    await riley.closes()
    assert await places(house) == [link]
    assert joins(kit(house.person(ALEX))) == link
    assert "Where" not in shown(kit(house.person(ALEX)))
    await moves_to(house, MONDAY - timedelta(minutes=14))
    assert joins(house.person(ALEX).dms()[-1]) == link, "and so has the reminder"

    await riley.types("/panel")
    await riley.chooses(riley.modal, "Robin Doe · Backend Developer")
    first = int((MONDAY + timedelta(days=7)).timestamp())
    await riley.fills("First interview", first)
    await riley.chooses(riley.modal, "Change")
    assert field_of(riley.modal, "Location or meeting link")[1]["initial_value"] == link


def joins(message: Message) -> str:
    """Where *Join call* leads."""
    shown = elements({"blocks": message.blocks}, "button")
    return next(one["url"] for one in shown if one["text"]["text"] == "Join call")


@pytest.mark.parametrize(
    ("place", "why"), [("x" * 301, "at most 300"), ("Room \u202e4", "can't be seen")]
)
async def test_a_place_that_cannot_be_is_refused_at_its_field(
    riley: Person, place: str, why: str
) -> None:
    await begins(riley)
    await adds(riley, ALEX, ["debugging"], at(0))
    await riley.chooses(riley.modal, "Change")
    result = await riley.submits(location_or_meeting_link=place)
    assert why in result.errors["panel.place"]


async def test_the_calendar_file_comes_by_dm_and_names_nobody(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, plan=PLAN[:1])
    alex = house.person(ALEX)
    await alex.chooses(kit(alex), "Add to calendar")
    name = f"interview-backend-developer-{MONDAY + timedelta(hours=1):%Y-%m-%d-%H%M}.ics"
    (file,) = [m for m in alex.dms() if m.text == name]
    url = file.blocks[0]["elements"][0]["elements"][0]["url"]
    async with web_client() as web:
        content = (await web.get(url)).text
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
    await riley.chooses(riley.newest(), "Reschedule")
    assert (await riley.submits(start=at(120))).ok
    (_, put_right) = alex.dms()
    assert "moved to" in shown(put_right)
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
    assert "didn't get" in shown(told)
    assert all(kit(house.person(who)) for who, _, _ in PLAN if who != SAM)
    await riley.presses(told, "Open panel")
    assert "Robin Doe" in shown(riley.whispers()[-1])
    assert riley.dms() == [told]


# Finding


@pytest.mark.parametrize("typed", ["Berg", "“zoe”\u00a0van der berg", "Berg, Zoë"])
async def test_a_panel_is_found_by_a_name_as_a_phone_sends_it(
    house: Northwind, riley: Person, typed: str
) -> None:
    assert (await sets_up(riley, "Zoë van der Berg")).ok
    assert "Zoë van der Berg" in await riley.types(f"/panel {typed}")


async def test_lists_and_names_lead_to_panels(house: Northwind, riley: Person) -> None:
    assert "no interview panels yet" in await riley.types("/panel list")
    await riley.presses(riley.newest(), "Set up a panel")
    assert riley.modal.payload["title"]["text"] == "Interview panel"
    await riley.closes()
    await sets_up(riley, plan=PLAN[:1])
    await riley.closes()
    assert (await sets_up(riley, plan=PLAN[1:2])).ok
    assert (await riley.answers("Someone else")).ok
    await riley.closes()
    assert "There are 2 panels" in await riley.types("/panel robin")
    listed = await riley.types("/panel list")
    assert listed.count("You organize · Next on Mon") == 2
    await riley.opens_panel()
    assert "Cancel panel" in shown(riley.newest())
    alex = house.person(ALEX)
    listed = await alex.types("/panel list")
    assert "You interview Mon" in listed
    await alex.presses(alex.newest(), "Open panel")
    assert "Robin Doe" in shown(alex.newest())
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
        assert "Add the minutes" in await riley.types(line)
    assert "1 to 1440" in await riley.types("/panel remind -5")
    assert "1 to 1440" in await riley.types("/panel remind " + "9" * 400)
    assert "You get no reminder" in await riley.types("/panel remind 0")

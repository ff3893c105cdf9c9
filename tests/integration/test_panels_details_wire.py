"""*Edit details* over the wire: a slip is corrected, a part passed on, a channel chosen."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.playground.state.models import Message, Result
from handlers.ids import panel_field
from tests.integration.test_panels import PLAN, kit, sets_up
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


@pytest.fixture
async def house(tmp_path: Path, sqlite_database: str) -> AsyncIterator[Northwind]:
    """Riley has set a panel of two up, with Morgan as the hiring manager."""
    async with northwind(tmp_path / "slack", sqlite_database) as here:
        riley = here.person(RILEY)
        await sets_up(riley, plan=PLAN[:2], candidate="Robin Do")
        await riley.closes()
        yield here


async def opens(person: Person, name: str = "Robin Do") -> Message:
    """Opens the form from the panel; gives the message with the panel."""
    await person.types(f"/panel {name}")
    panel = person.newest()
    await person.presses(panel, "Edit details")
    return panel


def now(person: Person, message: Message) -> Message:
    """The message as it is by now."""
    return next(one for one in person.said() if one.ts == message.ts)


def said(message: Message) -> str:
    """The first line, in one piece."""
    return shown(message).replace("\n", "")


async def test_a_slip_and_a_hiring_manager_are_corrected_and_everybody_concerned_knows(
    house: Northwind, riley: Person
) -> None:
    priya, morgan = house.person(PRIYA), house.person(MORGAN)
    before = {who: house.person(who).dms() for who in (ALEX, SAM)}
    panel = await opens(riley)
    form = riley.modal
    assert form.payload["title"]["text"] == "Edit details"
    assert "'initial_value': 'Robin Do'" in str(form.blocks)
    assert f"'initial_user': '{MORGAN}'" in str(form.blocks)

    assert (await riley.submits(candidate="Robin Doe", hiring_manager=PRIYA)).ok
    assert riley.modal.payload["title"]["text"] == "Details saved"
    assert "Robin Doe" in shown(riley.modal)
    assert "Robin Doe" in shown(now(riley, panel))
    assert mentioned(now(riley, panel))[:2] == [PRIYA, RILEY]

    (given,) = priya.dms()
    assert mentioned(given) == [RILEY]
    assert "made you the hiring manager for Robin Doe (Backend Developer)." in said(given)
    (passed_on,) = morgan.dms()
    assert mentioned(passed_on) == [PRIYA]
    assert "is now the hiring manager for Robin Doe (Backend Developer)." in said(passed_on)
    assert riley.dms() == [], "nobody is told of what they did themselves"
    for message in (given, passed_on):
        assert "Robin" not in message.text

    for who in (ALEX, SAM):
        person = house.person(who)
        assert "Interview with Robin Doe" in shown(kit(person))
        assert len(person.dms()) == len(before[who]), "interviewers hear nothing new"
    assert "Robin Doe" in await riley.types("/panel robin doe")
    assert "You have no panel" not in await priya.types("/panel list")


async def test_whoever_was_given_a_part_opens_the_panel_and_reads_feedback_from_there(
    house: Northwind, riley: Person
) -> None:
    await opens(riley)
    await riley.submits(recruiter=ANA)
    ana = house.person(ANA)
    (given,) = ana.dms()
    await ana.presses(given, "Open panel")
    assert "Robin Do" in shown(ana.whispers()[-1])
    await ana.presses(given, "Read feedback")
    assert "Robin Do" in shown(ana.modal)
    assert riley.dms() == []


async def test_what_was_chosen_can_be_taken_back_and_the_messages_follow(
    house: Northwind, riley: Person
) -> None:
    for manager in (PRIYA, MORGAN):
        await opens(riley)
        assert (await riley.submits(hiring_manager=manager)).ok
        await riley.closes()
    (priyas,) = house.person(PRIYA).dms()
    assert mentioned(priyas) == [MORGAN]
    assert "Read feedback" not in shown(priyas)
    (morgans,) = house.person(MORGAN).dms()
    assert mentioned(morgans) == [RILEY]
    assert "made you the hiring manager" in said(morgans)
    assert "Read feedback" in shown(morgans)


async def test_whoever_gives_their_own_part_away_has_no_more_of_the_panel(
    house: Northwind,
) -> None:
    morgan = house.person(MORGAN)
    panel = await opens(morgan)
    assert (await morgan.submits(hiring_manager=PRIYA)).ok
    assert "Edit details" not in shown(now(morgan, panel))
    assert morgan.dms() == []
    assert "You have no panel" in await morgan.types("/panel Robin Do")


async def test_saving_without_a_change_says_so_and_does_nothing(
    house: Northwind, riley: Person
) -> None:
    await opens(riley)
    before = [house.person(who).dms() for who in (ALEX, SAM, MORGAN)]
    assert (await riley.submits()).ok
    assert riley.modal.payload["title"]["text"] == "Details saved"
    assert [house.person(who).dms() for who in (ALEX, SAM, MORGAN)] == before
    await riley.closes()
    await opens(riley)
    assert '"revision":1' in riley.modal.payload["private_metadata"]


# Two at once


async def test_the_second_of_two_editors_sees_both_and_keeps_what_they_did_not_touch(
    house: Northwind, riley: Person
) -> None:
    morgan = house.person(MORGAN)
    await opens(morgan)
    await opens(riley)
    assert (await riley.submits(hiring_manager=MORGAN, recruiter=ANA)).ok
    await riley.closes()

    assert (await morgan.submits(candidate="Robin Doe")).ok
    told = morgan.modal
    assert told.payload["title"]["text"] == "Edit details"
    assert "Someone else just changed this panel" in shown(told)
    assert "changed the details\n: recruiter" in shown(told)
    assert "'initial_value': 'Robin Doe'" in str(told.blocks), "what was entered"
    assert f"'initial_user': '{ANA}'" in str(told.blocks), "what was left alone is as it is now"
    assert (await morgan.submits()).ok
    panel = await morgan.types("/panel robin doe")
    assert "Robin Doe" in panel
    assert mentioned(morgan.newest())[:2] == [MORGAN, ANA]


async def test_a_double_click_on_save_is_one_change(house: Northwind, riley: Person) -> None:
    await opens(riley)
    form = riley.modal
    field = panel_field("name", 1)
    values = {field.block: {field.action: "Robin Doe"}}
    submit = house.scene.delivery.submit
    results = await asyncio.gather(*(submit(RILEY, form.id, values) for _ in range(2)))
    await house.settles()
    assert any(result.ok for result in results)
    assert riley.modal.payload["title"]["text"] == "Details saved"
    await riley.closes()
    await opens(riley, "Robin Doe")
    assert '"revision":2' in riley.modal.payload["private_metadata"]


async def test_a_panel_cancelled_meanwhile_is_not_changed(house: Northwind, riley: Person) -> None:
    morgan = house.person(MORGAN)
    panel = await opens(morgan)
    await riley.types("/panel Robin Do")
    await riley.presses(riley.newest(), "Cancel panel")
    assert (await riley.submits()).ok
    await morgan.submits(candidate="Robin Doe")
    assert "This panel was canceled." in shown(morgan.modal)
    await morgan.presses(panel, "Edit details")
    assert "This panel was canceled." in shown(morgan.newest())
    await riley.types("/panel Robin Do")
    assert "Edit details" not in shown(riley.newest())


# What cannot be


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("candidate", "   ", "Enter the candidate's name"),
        ("hiring_manager", GUS, "is a guest"),
        ("recruiter", "U0PANEL", "is a bot"),
        ("private_channel", [PRIVATE], "/invite @Panelist"),
        ("private_channel", [HIRING], "Choose a private one"),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(
    riley: Person, field: str, value: str | list[str], why: str
) -> None:
    await opens(riley)
    result = await riley.submits(**{field: value})
    (said_there,) = result.errors.values()
    assert why in said_there
    block = field_block(riley, field)
    assert set(result.errors) == {block}


def field_block(person: Person, field: str) -> str:
    label = field.replace("_", " ")
    return next(
        str(block["block_id"])
        for block in person.modal.blocks
        if block["type"] == "input" and block["label"]["text"].lower() == label
    )


async def test_an_admin_does_not_make_themselves_a_reader_of_feedback(
    house: Northwind, riley: Person
) -> None:
    ana = house.person(ANA)
    for field, part in (("hiring_manager", "hiring manager"), ("recruiter", "recruiter")):
        await opens(ana)
        result = await ana.submits(**{field: ANA})
        (why,) = result.errors.values()
        assert f"The {part} reads all feedback" in why
        await ana.closes()
    assert "made you" not in "".join(map(said, ana.dms()))


@pytest.mark.parametrize("name", ["<!channel>", "*x*", "&amp;", "Zoë 🙂 <https://x.example|y>"])
async def test_a_name_is_shown_as_it_was_typed_everywhere(
    house: Northwind, riley: Person, name: str
) -> None:
    await opens(riley)
    assert (await riley.submits(candidate=name, hiring_manager=PRIYA)).ok
    assert name in shown(riley.modal)
    for message in (kit(house.person(ALEX)), *house.person(PRIYA).dms()):
        assert name in shown(message)
        assert name not in message.text


async def test_only_who_may_change_a_panel_has_the_button(house: Northwind) -> None:
    for who, has_it in ((RILEY, True), (MORGAN, True), (ANA, True), (ALEX, False)):
        person = house.person(who)
        await person.types("/panel Robin Do")
        assert ("Edit details" in shown(person.newest())) is has_it, who


async def test_no_name_reaches_the_log(
    house: Northwind, riley: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await opens(riley)
    assert (await riley.submits(candidate="Quokka Numbat", hiring_manager=PRIYA)).ok
    await riley.closes()
    await opens(riley, "Quokka Numbat")
    await riley.submits(private_channel=[PRIVATE])
    ours = [record for record in caplog.records if record.name.startswith(("bot.", "handlers."))]
    assert ours
    assert "Quokka" not in "".join(f"{record.getMessage()} {vars(record)}" for record in ours)


# Reading feedback


async def test_the_former_hiring_manager_reads_nothing_more_in_an_old_open_view_either(
    house: Northwind, riley: Person
) -> None:
    morgan, alex = house.person(MORGAN), house.person(ALEX)
    house.clock.moves(seconds=(MONDAY + timedelta(days=1) - house.clock.now()).total_seconds())
    await gives_feedback(alex)
    (arrived,) = morgan.dms()
    await morgan.presses(arrived, "Read feedback")
    assert "quokka" not in shown(morgan.modal)
    open_view = morgan.modal

    await opens(riley)
    assert (await riley.submits(hiring_manager=PRIYA)).ok
    await morgan.presses(open_view, "Read")
    assert "no part in it" in shown(morgan.modal)
    assert "quokka" not in shown(morgan.modal)
    await morgan.presses(arrived, "Read feedback")
    assert "no part in it" in shown(morgan.whispers()[-1])
    assert "not on a panel for" in await morgan.types("/scorecard Robin Do")

    priya = house.person(PRIYA)
    (given,) = priya.dms()
    await priya.presses(given, "Read feedback")
    await priya.presses(priya.modal, "Read")
    assert "quokka" in shown(priya.modal)


async def gives_feedback(person: Person) -> Result:
    await person.presses(kit(person), "Write scorecard")
    for name in ("data_modeling", "API_design"):
        await person.submits(**{name: "solid", "what_you_saw_or_heard": "Found the quokka."})
    return await person.submits(**{"do_you_recommend_hiring_this_candidate?": "yes"})


# The channel


async def test_a_channel_is_added_changed_and_removed(house: Northwind, riley: Person) -> None:
    workspace = house.scene.workspace
    workspace.join(PRIVATE, "U0PANEL")
    await opens(riley)
    assert (await riley.submits(private_channel=[PRIVATE])).ok
    (posted,) = house.scene.said(PRIVATE)
    assert "Robin Do" in shown(posted)
    assert "Robin" not in posted.text
    await riley.closes()

    await opens(riley)
    assert (await riley.submits(private_channel=[], candidate="Robin Doe")).ok
    (posted,) = house.scene.said(PRIVATE)
    assert shown(posted) == "This panel is no longer shown here."
    await riley.closes()

    await opens(riley, "Robin Doe")
    assert (await riley.submits(private_channel=[PRIVATE])).ok
    (posted,) = house.scene.said(PRIVATE)
    assert "Robin Doe" in shown(posted)


async def test_a_channel_that_has_been_left_hinders_no_other_change(
    house: Northwind, riley: Person
) -> None:
    workspace = house.scene.workspace
    workspace.join(PRIVATE, "U0PANEL")
    await opens(riley)
    assert (await riley.submits(private_channel=[PRIVATE])).ok
    await riley.closes()
    channel = workspace.channels[PRIVATE]
    workspace.channels[PRIVATE] = type(channel)(
        **{**vars(channel), "members": tuple(m for m in channel.members if m != "U0PANEL")}
    )
    await opens(riley)
    assert (await riley.submits(candidate="Robin Doe")).ok
    assert riley.modal.payload["title"]["text"] == "Details saved"

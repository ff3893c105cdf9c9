"""Scorecards over the wire: a panel of five writes, changes, settles and reads."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.dates import NO_BREAK
from bot.playground.state.models import Message, Result, View
from handlers.views.scorecards.form import NOT_SAVED
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
    key_of,
    mentioned,
    northwind,
    raw_values,
    shown,
)
from tests.support.panels import MONDAY
from tests.support.scorecards import MARKERS
from tests.support.setup_form import PLAN, Plan
from tests.support.waiting import until

FOCUS = {
    ALEX: ("Data modeling", "API design"),
    SAM: ("System design", "Reliability"),
    PRIYA: ("Debugging", "Security"),
    ANA: ("Code quality",),
    MORGAN: ("Debugging",),
}
QUESTION = "Do you recommend hiring this candidate?"
PROBE = "What to follow up on next"
REASON = "Why are you changing it?"
AFTER = timedelta(days=5, hours=5, minutes=30)
"""After which the interviews of the plan are over."""


@dataclass
class House:
    """The workspace with a panel of five whose interviews are over."""

    northwind: Northwind
    database: str

    def person(self, user: str) -> Person:
        return self.northwind.person(user)

    async def first_line(self, person: Person, start: str) -> str:
        """The modal's first line, once it begins so."""

        def line() -> str:
            return str(person.modal.blocks[0]["elements"][0]["text"])

        await self.northwind.scene.until(lambda: line().startswith(start), 6)
        return line()


@pytest.fixture
async def house(tmp_path: Path, sqlite_database: str) -> AsyncIterator[House]:
    async with northwind(tmp_path / "slack", sqlite_database) as here:
        await sets_up(here)
        here.clock.moves(seconds=AFTER.total_seconds())
        yield House(here, sqlite_database)


async def sets_up(here: Northwind, name: str = "Robin Doe", plan: Plan = PLAN) -> None:
    riley = here.person(RILEY)
    done = await setup_form.sets_up(riley, name, plan, hiring_manager=MORGAN, level="mid")
    assert done.ok
    await riley.closes()


def kits(person: Person) -> list[Message]:
    return person.kits()


def kit(person: Person) -> Message:
    return kits(person)[0]


async def opens(person: Person) -> View:
    assert (await person.presses(kit(person), "Write scorecard")).ok
    return person.modal


def filled(user: str, **changes: Any) -> dict[str, Any]:
    """What this interviewer chooses and types, by label."""
    values: dict[str, Any] = {}
    for name in FOCUS[user]:
        values[name] = "solid"
        values[f"Evidence: {name}"] = f"{MARKERS[0]} of {user}, found by halving the search"
    values |= {QUESTION: "yes", "Notes": f"{MARKERS[1]} notes"}
    values[PROBE] = f"{MARKERS[2]} to probe"
    return values | changes


async def submits(house: House, person: Person, values: dict[str, Any]) -> Result:
    """Fills in the step that is shown and those after it, until *Submit* or a complaint."""
    while True:
        is_last = person.modal.payload["submit"]["text"] == "Submit"
        result = await presses_submit(house, person, values)
        if is_last or not result.ok:
            return result


async def presses_submit(house: House, person: Person, values: dict[str, Any]) -> Result:
    """Fills in what is shown of these values, and presses *Next* or *Submit*."""
    raw = raw_values(person.modal, in_step(person.modal, values))
    delivery = house.northwind.scene.delivery
    result = await delivery.submit(person.user, person.modal.id, raw)
    await house.northwind.settles()
    return result


def in_step(view: View, values: dict[str, Any]) -> dict[str, Any]:
    """Those of the values that the step asks for, by its labels."""
    labels = {block["label"]["text"] for block in view.blocks if block["type"] == "input"}
    asked = {label: value for label, value in values.items() if label in labels}
    for name in labels & {label.removeprefix(EVIDENCE) for label in values}:
        if EVIDENCE + name in values:
            asked["What you saw or heard"] = values[EVIDENCE + name]
    return asked


EVIDENCE = "Evidence: "


async def gives(house: House, user: str, **changes: Any) -> Result:
    """Opens the scorecard, fills it in, submits and closes it."""
    person = house.person(user)
    await opens(person)
    result = await submits(house, person, filled(user, **changes))
    assert result.ok, result.errors
    assert "Scorecard submitted" in shown(person.modal)
    await person.closes()
    return result


def receipts(person: Person) -> list[Message]:
    return [message for message in person.dms() if message.text == "Your scorecard is saved"]


def everything(person: Person) -> str:
    """All that a person can see: channels, DMs, modals."""
    scene = person.house.scene
    seen: list[Any] = [*person.modals]
    for channel in scene.workspace.channels_of(person.user):
        seen += scene.said(channel.id, person.user)
    return "\n".join(shown(one) + str(getattr(one, "text", "")) for one in seen)


async def locked(house: House) -> sqlite3.Connection:
    """The database held by somebody else; what is being written is let through first."""
    path = house.database.removeprefix("sqlite+aiosqlite:///")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
    return other


async def rows(house: House, table: str) -> int:
    async with house.northwind.application.database.read() as tx:
        return int(
            (await tx.connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
        )


async def has_draft(house: House) -> bool:
    return await rows(house, "scorecard_drafts") > 0


async def test_a_scorecard_takes_one_press_one_form_and_gives_a_receipt(house: House) -> None:
    alex = house.person(ALEX)
    view = await opens(alex)
    assert "Robin Doe" in shown(view)
    assert FOCUS[ALEX][0] in shown(view)
    assert FOCUS[ALEX][1] not in shown(view), "one competency a step"
    assert (await submits(house, alex, filled(ALEX))).ok
    assert "Scorecard submitted" in shown(alex.modal)
    assert await rows(house, "scorecards") == 1
    (receipt,) = receipts(alex)
    for word in MARKERS[:3]:
        assert word in shown(receipt)
    assert "Recommendation: Yes" in shown(receipt)
    assert "Candidates may ask to read" in shown(receipt)
    assert "Robin" not in receipt.text


async def test_what_is_missing_is_told_at_its_field_on_its_step_and_nothing_is_lost(
    house: House,
) -> None:
    alex = house.person(ALEX)
    view = await opens(alex)
    await presses_submit(house, alex, filled(ALEX))
    second = alex.modal
    assert second.id == view.id
    result = await presses_submit(house, alex, filled(ALEX, **{"Evidence: API design": "👍"}))
    assert set(result.errors) == set(raw_values(second, {"What you saw or heard": ""}))
    assert "in words" in str(result.errors)
    result = await presses_submit(house, alex, filled(ALEX, **{"Evidence: API design": ""}))
    assert "required" in str(result.errors), "Slack says so by itself"
    assert "2 of 3" in shown(alex.modal)
    assert await rows(house, "scorecards") == 0
    await house.first_line(alex, "Saved")
    await alex.closes()
    again = await opens(alex)
    assert "2 of 3" in shown(again), "it goes on where it is not done"
    await alex.presses(again, "Back")
    assert f"{MARKERS[0]} of {ALEX}" in str(alex.modal.blocks)


async def test_evidence_goes_when_not_assessed_is_chosen_and_comes_with_a_rating(
    house: House,
) -> None:
    alex, label = house.person(ALEX), "What you saw or heard"
    await opens(alex)
    assert "(optional)" not in shown(alex.modal)
    assert "Required with a rating." in shown(alex.modal)
    await alex.fills("Data modeling", "not_assessed")
    await house.northwind.scene.until(lambda: label not in shown(alex.modal), 6)
    await alex.fills("Data modeling", "poor")
    await house.northwind.scene.until(lambda: label in shown(alex.modal), 6)
    await alex.fills("Data modeling", "not_assessed")
    await house.northwind.scene.until(lambda: label not in shown(alex.modal), 6)
    assert (await presses_submit(house, alex, {})).ok
    assert "2 of 3" in shown(alex.modal)


async def test_a_rating_is_changed_from_the_last_step(house: House) -> None:
    alex = house.person(ALEX)
    await opens(alex)
    for _ in range(2):
        await presses_submit(house, alex, filled(ALEX))
    assert "✅ Data modeling · Solid" in shown(alex.modal)
    await changes_rating(house, alex, "Data modeling")
    assert "1 of 3" in shown(alex.modal)
    assert (await submits(house, alex, filled(ALEX, **{"Data modeling": "poor"}))).ok
    assert "Data modeling: Poor" in shown(receipts(alex)[0])


async def changes_rating(house: House, person: Person, name: str) -> None:
    """Chooses a competency under *Change a rating*."""
    for block in person.modal.blocks:
        for element in block.get("elements", ()):
            for option in element.get("options", ()):
                if option["text"]["text"] == name:
                    value, id = option["value"], element["action_id"]
                    delivery = house.northwind.scene.delivery
                    await delivery.press(person.user, person.modal, block["block_id"], id, value)
    await house.northwind.settles()


async def test_what_is_typed_is_saved_while_typing_and_is_there_again(house: House) -> None:
    alex = house.person(ALEX)
    await opens(alex)
    assert await house.first_line(alex, "Nothing is saved yet")
    before = [block["block_id"] for block in alex.modal.blocks]
    for end in range(1, 12):
        await alex.fills("What you saw or heard", "Typed words"[:end])
    await alex.fills("Data modeling", "poor")
    line = await house.first_line(alex, "Saved")
    assert line == f"Saved at 3:30{NO_BREAK}PM", "in the author's time zone"
    await asyncio.sleep(1.2)
    assert [block["block_id"] for block in alex.modal.blocks] == before
    assert await rows(house, "scorecard_drafts") == 1
    await alex.closes()
    await opens(alex)
    assert await house.first_line(alex, f"Saved at 3:30{NO_BREAK}PM, not submitted yet")
    assert "2 of 3" in shown(alex.modal), "the first step is done"
    assert alex.modal.payload["title"]["text"] == f"Scorecard saved 3:30{NO_BREAK}PM"
    await alex.presses(alex.modal, "Back")
    again = alex.modal
    held = {block["label"]["text"]: block["element"] for block in again.blocks if "label" in block}
    assert held["What you saw or heard"]["initial_value"] == "Typed words"
    assert held["Data modeling"]["initial_option"]["value"] == "poor"
    assert not {block["block_id"] for block in again.blocks[1:] if "label" in block} & set(before)


async def test_a_change_is_a_version_and_mends_the_receipt_in_its_place(house: House) -> None:
    await gives(house, ALEX)
    alex = house.person(ALEX)
    (before,) = receipts(alex)
    await alex.presses(before, "Edit")
    assert "Submitted at 3:30 PM" in shown(alex.modal)
    assert (await submits(house, alex, {QUESTION: "no"})).ok
    assert "version 2" in shown(alex.modal)
    (after,) = receipts(alex)
    assert after.ts == before.ts
    assert "Recommendation: No" in shown(after)
    assert await rows(house, "scorecard_versions") == 2

    await alex.closes()
    await alex.presses(after, "Edit")
    house.northwind.clock.moves(hours=25)
    result = await submits(house, alex, {QUESTION: "strong_no"})
    assert "why you're changing it" in str(result.errors)
    assert "Saved" not in shown(alex.modal), "the form is left alone, or the error might go"
    await until(lambda: has_draft(house))
    await alex.closes()
    await alex.presses(after, "Edit")
    result = await submits(house, alex, {QUESTION: "strong_no"})
    assert "required" in str(result.errors), "Slack says so by itself"
    assert (await submits(house, alex, {REASON: "I mixed two people up."})).ok
    assert await rows(house, "scorecard_versions") == 3


async def changes(house: House, person: Person, **values: Any) -> None:
    """Changes the scorecard by the receipt's button."""
    await person.presses(receipts(person)[0], "Edit")
    assert (await submits(house, person, values)).ok
    await person.closes()


async def test_from_the_form_that_is_in_one_goes_on_to_read_the_others(house: House) -> None:
    await gives(house, SAM)
    alex = house.person(ALEX)
    await opens(alex)
    assert (await submits(house, alex, filled(ALEX))).ok
    await alex.presses(alex.modal, "Read feedback")
    assert f"<@{SAM}>" in str(alex.modal.blocks)
    assert len(alex.modals) == 1, "so that two more find room"


async def test_every_earlier_version_can_be_read_one_at_a_time(house: House) -> None:
    alex, riley = house.person(ALEX), house.person(RILEY)
    await gives(house, ALEX)
    await changes(house, alex, **{QUESTION: "no", "Notes": f"{MARKERS[3]} notes"})
    house.northwind.clock.moves(hours=25)
    reason = {REASON: "I mixed two people up."}
    await changes(house, alex, **{QUESTION: "strong_no"}, **reason)

    await riley.types("/scorecard Robin Doe")
    await riley.presses(riley.modal, "Read")
    await riley.presses(riley.modal, "Earlier versions")
    assert len(riley.modals) == 3, "as many as Slack takes"
    said = shown(riley.modal)
    for words in ("Version 2 of 3", "Recommendation: No", MARKERS[3], "I mixed two people up."):
        assert words in said
    await riley.presses(riley.modal, "Older")
    assert len(riley.modals) == 3
    said = shown(riley.modal)
    for words in ("Version 1 of 3", "Recommendation: Yes", MARKERS[0], f"{MARKERS[1]} notes"):
        assert words in said
    assert MARKERS[3] not in said
    await riley.presses(riley.modal, "Newer")
    assert "Version 2 of 3" in shown(riley.modal)
    await riley.closes()
    assert "Recommendation: Strong no" in shown(riley.modal), "the current one lies below"


async def test_a_right_lost_while_reading_earlier_versions_is_told_in_their_place(
    house: House,
) -> None:
    alex, morgan, riley = map(house.person, (ALEX, MORGAN, RILEY))
    await gives(house, ALEX)
    for recommendation in ("no", "strong_no"):
        await changes(house, alex, **{QUESTION: recommendation})
    await riley.types("/scorecard Robin Doe")
    await riley.presses(riley.modal, "Read")
    await riley.presses(riley.modal, "Earlier versions")
    await morgan.types("/panel Robin Doe")
    await morgan.presses(morgan.newest(), "Add interviewer")
    start = int((MONDAY + timedelta(days=2)).timestamp())
    added = await morgan.submits(interviewer=RILEY, focus=["debugging"], start=start, length="45")
    assert added.ok, added.errors
    await riley.presses(riley.modal, "Older")
    assert len(riley.modals) == 3
    assert "You haven't submitted your scorecard on this candidate yet" in shown(riley.modal)
    assert MARKERS[0] not in shown(riley.modal)


async def test_a_scorecard_is_edited_in_the_place_where_it_is_read(house: House) -> None:
    alex = house.person(ALEX)
    await gives(house, ALEX)
    await alex.types("/scorecard Robin Doe")
    await alex.presses(alex.modal, "Read")
    await alex.presses(alex.modal, "Edit")
    assert len(alex.modals) == 2, "a refusal has room on top"
    assert (await submits(house, alex, {QUESTION: "no"})).ok
    assert "version 2" in shown(alex.modal)
    await alex.closes()
    assert "Still to come" in shown(alex.modal), "what it was read from"


async def test_long_texts_come_back_in_several_messages_with_every_character(house: House) -> None:
    evidence = {f"Evidence: {name}": "&" * 1499 + "x" for name in FOCUS[ALEX]}
    long = {"Notes": "<" * 1999 + "x", PROBE: "x" * 1000}
    await gives(house, ALEX, **evidence, **long)
    found = receipts(house.person(ALEX))
    assert len(found) > 1
    said = "".join(map(shown, found))
    assert said.count("&" * 1499) == 2
    assert "<" * 1999 in said
    assert "part 1 of" in shown(found[0])


@pytest.mark.parametrize(
    "evidence", ["كان الحل واضحا جدا", "原因を先に見つけた", "He said ‮backwards‬"]
)
async def test_any_script_is_kept_as_it_was_written(house: House, evidence: str) -> None:
    await gives(house, ANA, **{"Evidence: Code quality": evidence})
    assert evidence in shown(receipts(house.person(ANA))[0])


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("I didn't interview", "they didn't interview"),
        ("No-show", "no-show"),
    ],
)
async def test_a_scorecard_is_closed_without_one_and_the_progress_says_so(
    house: House, label: str, said: str
) -> None:
    alex = house.person(ALEX)
    await opens(alex)
    await alex.presses(alex.modal, label)
    assert "Noted" in shown(alex.modal)
    for organizer in (RILEY, MORGAN):
        dms = house.person(organizer).dms()
        [told] = [one for one in dms if key_of(one).startswith("progress:")]
        assert "Robin Doe" in shown(told)
        assert said in shown(told)
    assert "You're all caught up. Thanks!" in await alex.types("/scorecard")


async def test_a_scorecard_is_reassigned_to_another_of_the_panel_only(house: House) -> None:
    alex, sam = house.person(ALEX), house.person(SAM)
    old = kit(alex)
    await opens(alex)
    await hands_over(house, alex, GUS)
    assert "interviewer on this panel" in shown(alex.modal)
    await alex.closes()
    await hands_over(house, alex, SAM)
    assert "was reassigned" in shown(alex.modal)
    assert mentioned(alex.modal) == [SAM]
    (told,) = [m for m in sam.dms() if "reassigned to you" in m.text]
    await sam.presses(told, "Write scorecard")
    assert "Data modeling" in shown(sam.modal)
    assert (await submits(house, sam, filled(ALEX))).ok
    (told,) = [m for m in sam.dms() if "reassigned to you" in m.text]
    assert "There's nothing left to do." in shown(told)
    await alex.closes()
    await alex.presses(old, "Write scorecard")
    assert "so someone else will submit it" in shown(alex.newest(channel(alex)))


async def test_the_kit_says_that_the_scorecard_is_in_and_leads_to_it(house: House) -> None:
    alex = house.person(ALEX)
    before = kit(alex)
    assert "I can't make it" in shown(before)
    await gives(house, ALEX)
    after = kit(alex)
    assert (after.ts, len(kits(alex))) == (before.ts, 1)
    assert "Scorecard submitted · Robin Doe" in shown(after)
    for label in ("Write scorecard", "Add to calendar", "I can't make it"):
        assert label not in shown(after)
    assert not any(word in shown(after) for word in MARKERS)
    await alex.presses(after, "Edit scorecard")
    assert "Submitted at 3:30 PM" in shown(alex.modal)
    assert (await submits(house, alex, {QUESTION: "no"})).ok
    assert kit(alex) == after, "a change is no news for it"


async def test_the_kit_follows_a_scorecard_that_is_reassigned_and_back(house: House) -> None:
    alex, sam = house.person(ALEX), house.person(SAM)
    await opens(alex)
    await hands_over(house, alex, SAM)
    await alex.closes()
    assert "You reassigned the scorecard to" in shown(kit(alex))
    assert SAM in mentioned(kit(alex))
    assert "Write" not in shown(kit(alex))
    (told,) = [m for m in sam.dms() if "reassigned to you" in m.text]
    await sam.presses(told, "Write scorecard")
    await hands_over(house, sam, ALEX)
    await sam.closes()
    assert "reassigned" not in shown(kit(alex))
    assert "Write scorecard" in shown(kit(sam)), "their own interview is another"
    await gives(house, ALEX)
    assert "Scorecard submitted · Robin Doe" in shown(kit(alex))


async def test_the_kit_keeps_a_way_back_for_whoever_closed_it_by_mistake(house: House) -> None:
    alex, sam = house.person(ALEX), house.person(SAM)
    await opens(alex)
    await alex.presses(alex.modal, "No-show")
    await alex.closes()
    assert "You said the candidate didn't show up." in shown(kit(alex))
    await alex.presses(kit(alex), "Write scorecard anyway")
    await hands_over(house, alex, SAM)
    await alex.closes()
    (told,) = [m for m in sam.dms() if "reassigned to you" in m.text]
    assert "Write scorecard" in shown(told), "it is owed again"
    assert (await sam.types("/scorecard")).count("Robin Doe") == 2, "and their own"
    await sam.presses(told, "Write scorecard")
    assert (await submits(house, sam, filled(ALEX))).ok
    assert "You reassigned the scorecard to" in shown(kit(alex))


async def hands_over(house: House, person: Person, receiver: str) -> None:
    view = person.modal
    block = next(block for block in view.blocks if block["type"] == "actions")
    element = block["elements"][-1]
    delivery = house.northwind.scene.delivery
    await delivery.press(person.user, view, block["block_id"], element["action_id"], receiver)
    await house.northwind.settles()


def channel(person: Person) -> str:
    return person.house.scene.workspace.direct_message(person.user).id


async def test_the_list_says_what_one_owes_and_has_written(house: House) -> None:
    alex = house.person(ALEX)
    assert "Due\nRobin Doe" in await alex.types("/scorecard")
    await alex.presses(alex.newest(), "Write scorecard")
    await alex.fills("What you saw or heard", "Something.")
    await house.first_line(alex, "Saved")
    await alex.closes()
    assert "Draft saved, not submitted" in await alex.types("/scorecard")
    await alex.presses(alex.newest(), "Continue")
    assert (await submits(house, alex, filled(ALEX))).ok
    await alex.closes()
    said = await alex.types("/scorecard list")
    assert "You're all caught up. Thanks!" in said
    assert "Submitted\nRobin Doe" in said
    await alex.presses(alex.newest(), "Read")
    assert MARKERS[1] in shown(alex.modal)


async def test_nobody_reads_before_they_have_written(house: House) -> None:
    alex, sam, morgan, riley = map(house.person, (ALEX, SAM, MORGAN, RILEY))
    await gives(house, ALEX)
    assert "submitted your own scorecard" in await sam.types("/scorecard Robin Doe")
    assert not sam.modals
    await alex.types("/scorecard Robin Doe")
    assert "Still to come" in shown(alex.modal)
    await riley.types("/scorecard Robin Doe")
    await riley.presses(riley.modal, "Read")
    assert MARKERS[0] in shown(riley.modal)
    for organizer in (riley, morgan):
        (told,) = [m for m in organizer.dms() if "scorecards on a candidate are in" in m.text]
        assert "1 of 5 in" in shown(told)
        assert not any(word in shown(told) for word in (*MARKERS, "Yes", "Solid"))

    said = await morgan.types("/scorecard Robin Doe")
    assert "written after seeing theirs" in said
    assert not morgan.modals
    await morgan.presses(morgan.newest(), "Open early")
    assert "Solid" in shown(morgan.modal)
    await morgan.closes()
    await gives(house, MORGAN)
    await riley.closes()
    await riley.closes()
    await riley.types("/scorecard Robin Doe")
    assert "written after seeing others' feedback" in shown(riley.modal)
    for stranger in (ANA, PRIYA, GUS):
        assert MARKERS[0] not in everything(house.person(stranger))


async def test_a_refusal_leads_to_ones_own_scorecard(house: House) -> None:
    await gives(house, ALEX)
    sam = house.person(SAM)
    await sam.types("/scorecard Robin Doe")
    await sam.presses(sam.newest(), "Write scorecard")
    assert "System design" in shown(sam.modal)
    assert (await submits(house, sam, filled(SAM))).ok
    await sam.presses(sam.modal, "Read feedback")
    assert f"<@{ALEX}>" in shown(sam.modal)


async def test_in_an_old_view_whoever_owes_by_now_is_asked_in_its_place(house: House) -> None:
    sam, morgan = house.person(SAM), house.person(MORGAN)
    await gives(house, ALEX)
    await opens(morgan)
    await hands_over(house, morgan, ANA)
    await morgan.presses(morgan.modal, "Read feedback")
    assert "Solid" in shown(morgan.modal)
    await opens(sam)
    await hands_over(house, sam, MORGAN)

    await morgan.presses(morgan.modal, "Read")
    assert len(morgan.modals) == 1
    assert "written after seeing theirs" in shown(morgan.modal)
    assert not any(word in shown(morgan.modal) for word in ("Yes", "Solid", *MARKERS))
    await morgan.presses(morgan.modal, "Open early")
    assert len(morgan.modals) == 1
    await morgan.presses(morgan.modal, "Read")
    assert MARKERS[0] in shown(morgan.modal)


async def test_a_guest_and_whoever_has_no_part_learn_nothing(house: House) -> None:
    await gives(house, ALEX)
    gus = house.person(GUS)
    known = await gus.types("/scorecard Robin Doe")
    assert known == await gus.types("/scorecard Nobody At All")
    assert "Robin" not in known


async def test_a_press_by_the_wrong_person_does_nothing(house: House) -> None:
    await gives(house, ALEX)
    alex, sam = house.person(ALEX), house.person(SAM)
    payload = receipts(alex)[0]
    delivery = house.northwind.scene.delivery
    block = next(block for block in payload.blocks if block["type"] == "actions")
    await delivery.press(SAM, payload, block["block_id"], block["elements"][0]["action_id"])
    await house.northwind.settles()
    assert not sam.modals


async def test_an_interview_taken_away_while_the_form_is_open_is_told_in_it(house: House) -> None:
    alex, riley = house.person(ALEX), house.person(RILEY)
    await opens(alex)
    await riley.types("/panel Robin Doe")
    await riley.chooses(riley.newest(), "Cancel interview")
    assert (await riley.submits()).ok
    assert (await presses_submit(house, alex, filled(ALEX))).ok
    assert "was canceled" in shown(alex.modal)
    assert "What you wrote is kept" in shown(alex.modal)
    assert MARKERS[0] in shown(alex.modal)
    assert len(alex.modals) == 1
    await alex.closes()
    assert "Drafts that are no longer due" in await alex.types("/scorecard")
    await alex.presses(alex.newest(), "Read my draft")
    assert MARKERS[0] in shown(alex.modal)


async def test_a_database_locked_for_a_while_is_told_in_the_form_which_keeps_everything(
    house: House,
) -> None:
    alex = house.person(ALEX)
    await opens(alex)
    other = await locked(house)
    await alex.fills("What you saw or heard", "Typed while it was locked.")
    assert await house.first_line(alex, NOT_SAVED)
    assert alex.modal.payload["title"]["text"] == "Scorecard not saved"
    more = {"Evidence: Data modeling": "And more."}
    result = await presses_submit(house, alex, filled(ALEX, **more))
    assert result.ok
    assert "nothing was saved" in shown(alex.modal)
    other.execute("ROLLBACK")
    other.close()
    await alex.closes()
    assert "And more." in str(alex.modal.values)
    assert (await submits(house, alex, filled(ALEX, **more))).ok
    assert "Scorecard submitted" in shown(alex.modal)
    assert await rows(house, "scorecard_versions") == 1


async def test_no_log_and_no_notification_holds_a_word_of_it(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    alex = house.person(ALEX)
    await opens(alex)
    await alex.fills("What you saw or heard", f"{MARKERS[3]} typed")
    await submits(house, alex, filled(ALEX, **{"Evidence: API design": "👍"}))
    other = await locked(house)
    await presses_submit(house, alex, filled(ALEX))
    await alex.closes()
    other.execute("ROLLBACK")
    other.close()
    await submits(house, alex, filled(ALEX))
    await gives(house, SAM)
    await alex.closes()
    await alex.types("/scorecard Robin Doe")
    await alex.presses(alex.modal, "Read")
    ours = [record for record in caplog.records if not record.name.startswith("tests")]
    said = "\n".join(
        f"{record.getMessage()} {record.exc_text} {vars(record)}"
        for record in ours
        if record.name.startswith(("bot", "handlers", "slack", "sqlalchemy", "aiosqlite"))
        and not record.name.startswith("bot.playground")
    )
    assert "request" in said
    for word in MARKERS:
        assert word not in said
    for user in FOCUS:
        person = house.person(user)
        for message in person.dms():
            assert not any(word in message.text for word in (*MARKERS, "Robin"))


async def test_a_panel_of_five_is_run_through(house: House) -> None:
    for user in FOCUS:
        await gives(house, user)
    riley = house.person(RILEY)
    await riley.types("/scorecard Robin Doe")
    said = shown(riley.modal)
    assert said.count("Yes") == len(FOCUS)
    assert "Still to come" not in said
    assert await rows(house, "scorecards") == len(FOCUS)
    assert await rows(house, "scorecard_drafts") == 0
    for user in FOCUS:
        assert len(receipts(house.person(user))) == 1
        assert "You're all caught up. Thanks!" in await house.person(user).types("/scorecard")


async def test_help_is_answered(house: House) -> None:
    assert "lists your scorecards" in await house.person(ALEX).types("/scorecard help")

"""What is chosen and typed in a scorecard's form is saved, whatever happens meanwhile."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.scorecards.scorecard import Choice, Recommendation, ScorecardField
from bot.library.catalogue import Library
from handlers.scorecards.latest import Latest
from handlers.views.scorecards import form as views
from tests.support.devices import ALEX, Office, office_in, written
from tests.support.panelist import text_of
from tests.support.slack import Fault, StandIn, refused
from tests.support.wire import Json


@pytest.fixture
async def office(slack: StandIn, database_url: str, library: Library) -> AsyncIterator[Office]:
    async with office_in(slack, database_url, library) as here:
        yield here


def held(view: Json) -> list[str]:
    """The texts in a form's boxes."""
    elements = (block["element"] for block in view["blocks"] if "element" in block)
    return [one["initial_value"] for one in elements if one.get("initial_value")]


async def test_a_choice_is_in_the_database_when_it_is_acked(office: Office) -> None:
    item = await office.item()
    device = await office.opens()
    await device.types(ScorecardField.NOTES, "Typed just now.")
    for choice in (Choice.POOR, Choice.SOLID, Choice.OUTSTANDING):
        await device.chooses(ScorecardField.CHOICE, choice, item.focus[0])
        draft = await office.draft()
        assert draft is not None
        assert draft.of(item.focus[0]).choice is choice
    await device.chooses(ScorecardField.RECOMMENDATION, Recommendation.NO)
    draft = await office.draft()
    assert draft is not None
    assert (draft.recommendation, draft.notes) == (Recommendation.NO, "Typed just now.")


async def test_whoever_types_in_an_old_form_goes_on_typing_and_both_are_kept(
    office: Office,
) -> None:
    phone, laptop = await office.opens(), await office.opens()
    await laptop.types(ScorecardField.NOTES, "From the laptop.")
    assert await office.says(1)
    await phone.types(ScorecardField.NOTES, "From the phone")
    assert (await office.says(2)).endswith(views.APART)
    update = office.slack.called("views.update")[1]
    assert update["view"]["blocks"][1:] == phone.view["blocks"][1:], "the boxes are left alone"
    await phone.types(ScorecardField.NOTES, "From the phone, and on.")
    await office.until(lambda: office.is_kept("From the phone, and on."))

    again = await office.opens()
    assert held(again.view) == ["From the phone, and on.\n\nFrom the laptop."]
    assert views.MERGED in text_of(again.view)

    phone.fills_in(written(await office.item(), notes="From the phone, and on."))
    shown = (await phone.submits()).json["view"]
    assert "From the phone, and on.\n\nFrom the laptop." in held(shown)
    assert await office.count("scorecards") == 0


async def test_typing_by_turns_on_two_devices_loses_no_word(office: Office) -> None:
    phone, laptop = await office.opens(), await office.opens()
    for number in range(3):
        for device, name in ((phone, "phone"), (laptop, "laptop")):
            words = f"The {name} at {number}."
            await device.types(ScorecardField.NOTES, words)
            await office.until(lambda words=words: office.is_kept(words))
    (both,) = held((await office.opens()).view)
    assert "The laptop at 2." in both
    assert "The phone at 2." in both


@pytest.mark.parametrize(
    "fault",
    [
        Fault(hang=True),
        Fault(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "10"}),
        refused("internal_error"),
    ],
)
async def test_a_slack_that_is_slow_to_show_it_keeps_nothing_from_being_saved(
    office: Office, fault: Fault
) -> None:
    device = await office.opens()
    office.slack.fails("views.update", fault)
    await device.types(ScorecardField.NOTES, "One")
    await office.slack.next_call("views.update")
    await device.types(ScorecardField.NOTES, "One, two")
    await office.until(lambda: office.is_kept("One, two"), 3)


async def test_an_earlier_text_of_a_form_that_comes_late_changes_nothing(office: Office) -> None:
    """As where two replicas save what was typed in one form."""
    item = await office.item()
    sheet, now = await office.desk.open(item), office.desk.clock.now()
    for notes, at in (("One, two", now), ("One", now - timedelta(seconds=1))):
        await office.desk.save(sheet.form, written(item, notes=notes), ALEX, at)
        assert await office.is_kept("One, two")


async def test_the_form_says_that_nothing_was_saved_and_then_that_all_is(
    slack: StandIn, sqlite_database: str, library: Library
) -> None:
    """The presses come from the form as it was, before either was said in it."""
    async with office_in(slack, sqlite_database, library) as office:
        device = await office.opens()
        await device.types(ScorecardField.NOTES, "One")
        assert (await office.says(1)).startswith("Saved at")
        other = sqlite3.connect(sqlite_database.partition("///")[2], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await device.types(ScorecardField.NOTES, "One, two")
        assert await office.says(2) == views.NOT_SAVED
        other.execute("ROLLBACK")
        other.close()
        await device.types(ScorecardField.NOTES, "One, two, three")
        assert (await office.says(3)).startswith("Saved at")
        updates = office.slack.called("views.update")
        assert [update["hash"] for update in updates[1:]] == ["1.c", "1.c"], "of what is shown"


async def test_a_form_whose_interview_was_cancelled_says_so_while_one_types(
    office: Office,
) -> None:
    device = await office.opens()
    panel, item = await office.desk.now(), await office.item()
    await office.desk.change(panel, item, "cancel_interview")
    await device.types(ScorecardField.NOTES, "Still typing.")
    assert "This interview has been cancelled" in await office.says(1)
    (kept,) = (await office.desk.scorecards.mine("T1", ALEX)).kept
    assert kept.interview == item.id


async def test_latest_hurries_and_stops_without_its_pauses() -> None:
    done: list[str] = []

    async def works(name: str) -> None:
        await asyncio.sleep(0.01)
        done.append(name)

    latest = Latest(every=60)
    for name in ("a", "b", "c"):
        latest.put("key", lambda name=name: works(name))
    async with asyncio.timeout(5):
        await latest.done("key")
        assert done == ["c"]
        for name in ("d", "e"):
            latest.put("key", lambda name=name: works(name))
        await latest.done("key")
        assert done == ["c", "e"]
        latest.put("key", lambda: works("f"))
        latest.forget("key")
        latest.put("other", lambda: works("g"))
        await latest.stop()
    assert done == ["c", "e", "g"]
    await latest.done("key")

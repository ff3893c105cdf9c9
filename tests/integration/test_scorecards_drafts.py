"""What is chosen and typed in a scorecard's form is saved, whatever happens meanwhile."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.scorecards.scorecard import Choice, Recommendation, ScorecardField
from bot.library.catalogue import Library
from bot.storage.database import Database
from handlers.scorecards.latest import Latest
from handlers.views.scorecards import form as views
from tests.support.devices import ALEX, Device, Office, office_in, written
from tests.support.panelist import text_of
from tests.support.scorecards import Desk, of
from tests.support.slack import Fault, StandIn, refused
from tests.support.waiting import A_MINUTE
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
    await device.notes("Typed just now.")
    for choice in (Choice.POOR, Choice.SOLID, Choice.OUTSTANDING):
        await device.chooses(ScorecardField.CHOICE, choice, item.focus[0])
        draft = await office.draft()
        assert draft is not None
        assert draft.of(item.focus[0]).choice is choice
        assert draft.of(item.focus[0]).evidence == "Typed just now."
    await device.gets_to_the_last_step(written(item))
    await device.chooses(ScorecardField.RECOMMENDATION, Recommendation.NO)
    draft = await office.draft()
    assert draft is not None
    assert draft.recommendation is Recommendation.NO


async def test_whoever_types_in_an_old_form_goes_on_typing_and_both_are_kept(
    office: Office,
) -> None:
    phone, laptop = await office.opens(), await office.opens()
    await laptop.notes("From the laptop.")
    assert await office.says(1)
    await phone.notes("From the phone")
    assert (await office.says(2)).endswith(views.APART)
    update = office.slack.called("views.update")[1]
    assert update["view"]["blocks"][1:] == phone.view["blocks"][1:], "the boxes are left alone"
    await phone.notes("From the phone, and on.")
    await office.until(lambda: office.is_kept("From the phone, and on."))

    again = await office.opens()
    assert held(again.view) == ["From the phone, and on.\n\nFrom the laptop."]
    assert views.MERGED in text_of(again.view)

    await phone.gets_to_the_last_step(
        written(await office.item(), evidence="From the phone, and on.")
    )
    shown = (await phone.submits()).json["view"]
    assert "From the phone, and on.\n\nFrom the laptop." in held(shown)
    assert await office.count("scorecards") == 0


async def test_typing_by_turns_on_two_devices_loses_no_word(office: Office) -> None:
    phone, laptop = await office.opens(), await office.opens()
    for number in range(3):
        for device, name in ((phone, "phone"), (laptop, "laptop")):
            words = f"The {name} at {number}."
            await device.notes(words)
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
    await device.notes("One")
    await office.slack.next_call("views.update")
    await device.notes("One, two")
    await office.until(lambda: office.is_kept("One, two"), 3)


async def test_the_form_says_that_nothing_was_saved_and_then_that_all_is(
    slack: StandIn, sqlite_database: str, library: Library
) -> None:
    """The presses come from the form as it was, before either was said in it."""
    async with office_in(slack, sqlite_database, library) as office:
        device = await office.opens()
        await device.notes("One")
        assert (await office.says(1)).startswith("Saved at")
        other = sqlite3.connect(sqlite_database.partition("///")[2], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await device.notes("One, two")
        assert await office.says(2) == views.NOT_SAVED
        other.execute("ROLLBACK")
        other.close()
        await device.notes("One, two, three")
        assert (await office.says(3)).startswith("Saved at")
        updates = office.slack.called("views.update")
        assert [update["hash"] for update in updates[1:]] == ["1.c", "1.c"], "of what is shown"


async def test_presses_that_arrive_in_reverse_leave_what_was_typed_last(office: Office) -> None:
    device = await office.opens()
    await device.notes("One, two", at="1700000000.000002")
    await device.notes("One", at="1700000000.000001")
    await office.until(lambda: office.is_kept("One, two"))
    await office.application.edge.drain(5)
    await asyncio.sleep(1.1)
    assert await office.is_kept("One, two")


async def test_what_could_not_be_saved_is_saved_with_what_arrives_late(
    slack: StandIn, sqlite_database: str, library: Library
) -> None:
    """A press made before it does not have the form say that all is saved."""
    async with office_in(slack, sqlite_database, library) as office:
        device = await office.opens()
        other = sqlite3.connect(sqlite_database.partition("///")[2], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await device.notes("One, two", at="1700000000.2")
        assert await office.says(1) == views.NOT_SAVED
        other.execute("ROLLBACK")
        other.close()
        await device.notes("One", at="1700000000.1")
        assert (await office.says(2)).startswith("Saved at")
        assert await office.is_kept("One, two")


@pytest.mark.parametrize("at", ["1700000000.5", None, "", "now", "1700000000.5.5"])
async def test_presses_of_one_time_or_of_none_go_by_arrival(office: Office, at: str | None) -> None:
    device = await office.opens()
    await device.notes("One", at="1700000000.5")
    await office.until(lambda: office.is_kept("One"))
    await device.notes("One, two", at="1800000000.0" if at == "" else at)
    await office.until(lambda: office.is_kept("One, two"))


async def test_what_comes_late_of_a_step_that_was_submitted_is_older(office: Office) -> None:
    item, device = await office.item(), await office.opens()
    old = Device(office.panelist, device.view)
    device.fills_in(written(item, evidence="Found both keys."))
    await device.next()
    reply = await old.sends_text(ScorecardField.EVIDENCE, "Found both", old.step, "9999999999.9")
    assert (reply.status, reply.text) == (200, "")
    assert (await office.says(1)).startswith("Not saved.")
    assert await office.is_kept("Found both keys.")


async def test_a_refused_step_closes_nothing(office: Office) -> None:
    device = await office.opens()
    await device.notes("👍", at="1700000000.1")
    device.holds(ScorecardField.CHOICE, Choice.SOLID, device.step)
    assert (await device.submits()).json["response_action"] == "errors"
    await device.notes("Found both keys.", at="1700000000.2")
    await office.until(lambda: office.is_kept("Found both keys."))


async def test_what_comes_late_of_a_form_that_was_submitted_is_older(office: Office) -> None:
    item, device = await office.item(), await office.opens()
    await device.gets_to_the_last_step(written(item))
    last = Device(office.panelist, device.view, dict(device.values))
    assert "Scorecard submitted" in text_of((await device.submits()).json["view"])
    await last.types(ScorecardField.NOTES, "Half a", at="9999999999.9")
    assert (await office.says(1)).startswith("Not saved.")
    assert await office.count("scorecard_drafts") == 0


async def test_replicas_whose_clocks_differ_keep_what_was_typed_last(
    library: Library, database_url: str
) -> None:
    """As where one is three seconds ahead, and the other's clock is put back a minute."""
    database = Database(database_url)
    ahead, behind = (Desk(library, database, url=database_url) for _ in range(2))
    item = of(await ahead.set_up(), ALEX)
    behind.clock.set(ahead.clock.now() - timedelta(minutes=1))
    ahead.clock.move(seconds=3)
    form = (await ahead.open(item)).form
    typed = ["One", "One, two", "One, two, three"]
    for desk, number in ((ahead, 0), (behind, 2), (ahead, 1)):
        await desk.save(form, written(item, evidence=typed[number]), ALEX, Decimal(number))
    assert (await behind.open(item)).body.of(item.focus[0]).evidence == typed[2]
    await database.close()


async def test_a_form_whose_interview_was_cancelled_says_so_while_one_types(
    office: Office,
) -> None:
    device = await office.opens()
    panel, item = await office.desk.now(), await office.item()
    await office.desk.change(panel, item, "cancel_interview")
    await device.notes("Still typing.")
    assert "This interview was canceled" in await office.says(1)
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
    async with asyncio.timeout(A_MINUTE):
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

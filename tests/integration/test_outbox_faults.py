"""Messages arrive once, whatever Slack answers and wherever the process is killed."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.domain.messages import MessageState
from bot.errors import DatabaseAway
from bot.services.messages.message import Message
from bot.services.messages.outbox import BATCH, CLAIM_LASTS, GIVE_UP
from bot.storage.database import Database, Transaction
from tests.support.clock import START
from tests.support.outbox import (
    ALEX,
    CHANNEL,
    DyingDatabase,
    DyingNotifier,
    Killed,
    Note,
    World,
    slow_post,
)
from tests.support.slack import BROKEN, BROKEN_AFTER_ALL, RATE_LIMITED, Fault, refused


@pytest.mark.parametrize(
    "fault",
    [
        BROKEN_AFTER_ALL,
        Fault(body={"ok": False, "error": "internal_error"}, taken=True),
        Fault(503, {"ok": False, "error": "service_unavailable"}, taken=True),
        Fault(body="<html>", taken=True),
    ],
)
async def test_what_slack_took_without_saying_so_is_found_and_not_sent_again(
    world: World, fault: Fault
) -> None:
    world.slack.fails("chat.postMessage", fault)
    await world.enqueues()
    await world.tick()
    assert await world.state() is MessageState.UNKNOWN
    assert not world.slack.called("conversations.history")
    await world.the_claim_ends()
    row = await world.row()
    said = world.slack.conversations.said_to(ALEX)
    assert row is not None
    assert (row.state, row.ts) == (MessageState.SENT, said[0]["ts"])
    assert len(said) == 1


async def test_what_slack_did_not_take_is_sent_again(world: World) -> None:
    world.slack.fails("chat.postMessage", BROKEN)
    await world.enqueues()
    await world.tick()
    assert world.arrived() == []
    await world.the_claim_ends()
    assert world.arrived() == ["about kit:1"]


async def test_an_answer_that_never_comes_leaves_the_outcome_unknown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.slack_api.PATIENCE", 0.2)
    await world.connection.api.stop()
    await world.connection.api.start()
    world.slack.fails("chat.postMessage", Fault(taken=True, seconds=1))
    await world.enqueues()
    await world.tick()
    assert await world.state() is MessageState.UNKNOWN
    await world.the_claim_ends()
    assert (world.arrived(), await world.state()) == (["about kit:1"], MessageState.SENT)


@pytest.mark.parametrize(
    "fault", [refused("missing_scope"), RATE_LIMITED, BROKEN, Fault(body={"ok": True})]
)
async def test_while_slack_will_not_let_us_look_nothing_is_sent(world: World, fault: Fault) -> None:
    world.slack.fails("chat.postMessage", BROKEN_AFTER_ALL)
    world.slack.fails("conversations.history", fault, fault)
    await world.enqueues()
    await world.tick()
    await world.the_claim_ends()
    assert await world.state() is MessageState.UNKNOWN
    await world.later(minutes=2)
    assert await world.state() is MessageState.UNKNOWN
    await world.later(minutes=2)
    assert (world.arrived(), await world.state()) == (["about kit:1"], MessageState.SENT)


async def test_a_message_that_can_never_be_looked_for_is_given_up_and_told(world: World) -> None:
    world.slack.fails("chat.postMessage", BROKEN_AFTER_ALL)
    world.slack.fails("conversations.history", *[refused("missing_scope")] * 2)
    await world.enqueues(to=CHANNEL)
    await world.tick()
    await world.the_claim_ends()
    await world.later(seconds=GIVE_UP.total_seconds())
    row = await world.row()
    assert row is not None
    assert (row.state, row.error) == (MessageState.FAILED, "outcome_unknown")
    assert world.told == [row]


async def test_a_message_is_found_among_many(world: World) -> None:
    world.slack.fails("chat.postMessage", BROKEN_AFTER_ALL)
    await world.enqueues()
    await world.tick()
    for number in range(450):
        later = {"channel": ALEX, "text": str(number)}
        world.slack.conversations.answer("chat.postMessage", later)
    await world.the_claim_ends()
    assert await world.state() is MessageState.SENT
    assert len(world.slack.called("conversations.history")) == 3


async def test_where_too_much_was_said_since_a_message_does_not_count_as_absent(
    world: World,
) -> None:
    world.slack.fails("chat.postMessage", BROKEN_AFTER_ALL)
    await world.enqueues()
    await world.tick()
    for number in range(900):
        later = {"channel": ALEX, "text": str(number)}
        world.slack.conversations.answer("chat.postMessage", later)
    await world.the_claim_ends()
    assert await world.state() is MessageState.UNKNOWN


async def test_an_unknown_edit_is_made_again_rather_than_looked_for(world: World) -> None:
    await world.enqueues()
    await world.tick()
    world.truth["kit:1"] = "at four"
    world.slack.fails("chat.update", BROKEN_AFTER_ALL)
    await world.enqueues()
    await world.later(minutes=1)
    await world.the_claim_ends()
    assert (world.arrived(), await world.state()) == (["at four"], MessageState.SENT)
    assert not world.slack.called("conversations.history")


async def test_an_unknown_message_that_expires_meanwhile_is_never_sent_again(world: World) -> None:
    world.slack.fails("chat.postMessage", BROKEN)
    await world.enqueues(expires_at=START + timedelta(seconds=30))
    await world.tick()
    await world.the_claim_ends()
    assert (world.arrived(), await world.row()) == ([], None)


async def test_an_unknown_message_that_is_closed_is_never_sent_again(world: World) -> None:
    world.slack.fails("chat.postMessage", BROKEN)
    await world.enqueues()
    await world.tick()
    await world.closes()
    await world.the_claim_ends()
    assert (world.arrived(), await world.row()) == ([], None)


async def test_an_unknown_message_enqueued_again_is_edited_once_found(world: World) -> None:
    world.slack.fails("chat.postMessage", BROKEN_AFTER_ALL)
    await world.enqueues()
    await world.tick()
    world.truth["kit:1"] = "at four"
    await world.enqueues()
    await world.the_claim_ends()
    await world.later(seconds=1)
    assert (world.arrived(), await world.state()) == (["at four"], MessageState.SENT)


async def test_an_unknown_message_enqueued_later_waits_for_its_new_time(world: World) -> None:
    world.slack.fails("chat.postMessage", BROKEN)
    await world.enqueues()
    await world.tick()
    await world.enqueues(at=START + timedelta(hours=1))
    await world.the_claim_ends()
    assert world.arrived() == []
    await world.later(hours=1)
    assert world.arrived() == ["about kit:1"]


UNITS = {"claim": 1, "channel": 2, "record": 3}
STEPS = [
    f"{when} {what}"
    for what in ("claim", "open", "channel", "post", "record")
    for when in ("before", "after")
]


async def dies(
    world: World, url: str, step: str, end: Callable[[], BaseException] = Killed
) -> None:
    """The process sends what is due, and this step is its last."""
    when, _, what = step.partition(" ")
    database = DyingDatabase(url, UNITS.get(what, 0), committed=when == "after", end=end)
    notifier = DyingNotifier(world.connection.slack)
    notifier.dies, notifier.end = step, end
    try:
        await world.another(database=database, notifier=notifier).tick()
    finally:
        await database.close()


@pytest.mark.parametrize("step", STEPS)
async def test_killed_at_any_step_a_message_arrives_once(
    world: World, database_url: str, step: str
) -> None:
    await world.enqueues()
    with pytest.raises(Killed):
        await dies(world, database_url, step)
    world.outbox = world.another()
    await world.tick()
    await world.the_claim_ends()
    assert (world.arrived(), await world.state()) == (["about kit:1"], MessageState.SENT)


@pytest.mark.parametrize("step", STEPS)
async def test_killed_at_the_same_step_again_and_again_a_message_arrives_once(
    world: World, database_url: str, step: str
) -> None:
    await world.enqueues()
    for _ in range(4):
        with suppress(Killed):
            await dies(world, database_url, step)
        world.clock.moves(seconds=CLAIM_LASTS.total_seconds() + 1)
    world.outbox = world.another()
    await world.tick()
    assert (world.arrived(), await world.state()) == (["about kit:1"], MessageState.SENT)


@pytest.mark.parametrize("step", ["before look", "after look"])
@pytest.mark.parametrize("earlier", ["before post", "after post"])
async def test_killed_while_looking_a_message_arrives_once(
    world: World, database_url: str, earlier: str, step: str
) -> None:
    await world.enqueues()
    for each in (earlier, step, step):
        with pytest.raises(Killed):
            await dies(world, database_url, each)
        world.clock.moves(seconds=CLAIM_LASTS.total_seconds() + 1)
    world.outbox = world.another()
    await world.tick()
    assert (world.arrived(), await world.state()) == (["about kit:1"], MessageState.SENT)


@pytest.mark.parametrize("step", STEPS)
async def test_a_database_that_goes_away_at_any_step_makes_no_message_arrive_twice(
    world: World, database_url: str, step: str
) -> None:
    await world.enqueues()
    with suppress(DatabaseAway):  # which the application waits out
        await dies(world, database_url, step, DatabaseAway)
    await world.the_claim_ends()
    assert (world.arrived(), await world.state()) == (["about kit:1"], MessageState.SENT)


@pytest.mark.parametrize(
    ("step", "state", "arrived"),
    [
        ("before post", MessageState.FAILED, []),
        ("after post", MessageState.SENT, ["about kit:1"]),
    ],
)
async def test_a_fault_of_ours_in_posting_ends_once_it_is_known_what_slack_has(
    world: World, database_url: str, step: str, state: MessageState, arrived: list[str]
) -> None:
    await world.enqueues()
    await dies(world, database_url, step, KeyError)
    assert await world.state() is MessageState.UNKNOWN
    for _ in range(3):
        await world.the_claim_ends()
    assert (world.arrived(), await world.state()) == (arrived, state)
    assert len(world.told) == (state is MessageState.FAILED)


async def test_an_edit_that_fails_by_our_fault_is_not_tried_again(
    world: World, database_url: str
) -> None:
    await world.enqueues()
    await world.tick()
    world.clock.moves(minutes=1)
    await world.enqueues()
    await dies(world, database_url, "before post", KeyError)
    await world.the_claim_ends()
    row = await world.row()
    assert row is not None
    assert (row.state, row.error) == (MessageState.FAILED, "panelist_error")
    assert not world.slack.called("chat.update")


async def test_a_fault_of_ours_in_looking_is_logged_once_and_ends_after_a_day(
    world: World, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    world.slack.fails("chat.postMessage", BROKEN)
    await world.enqueues()
    await world.tick()
    for _ in range(30):
        world.clock.moves(hours=1)
        await dies(world, database_url, "before look", KeyError)
    row = await world.row()
    assert row is not None
    assert (row.state, row.error) == (MessageState.FAILED, "outcome_unknown")
    assert caplog.messages.count("outbox.broken") == 1


@pytest.mark.parametrize("step", [f"{when} post" for when in ("before", "after")])
async def test_killed_at_an_edit_the_message_is_there_once_and_says_what_is_true(
    world: World, database_url: str, step: str
) -> None:
    await world.enqueues()
    await world.tick()
    world.truth["kit:1"] = "at four"
    await world.enqueues()
    world.clock.moves(minutes=1)
    with pytest.raises(Killed):
        await dies(world, database_url, step)
    world.outbox = world.another()
    await world.the_claim_ends()
    assert (world.arrived(), await world.state()) == (["at four"], MessageState.SENT)


async def test_a_claim_that_still_lasts_is_left_to_its_holder(world: World) -> None:
    await world.enqueues()
    async with slow_post(world):
        world.clock.moves(seconds=CLAIM_LASTS.total_seconds() - 1)
        await world.another().tick()
    assert len(world.slack.called("chat.postMessage")) == 1
    assert not world.slack.called("conversations.history")


async def test_whoever_has_lost_its_claim_posts_nothing_and_records_nothing(world: World) -> None:
    async def sleeps(tx: Transaction, message: Message) -> object | None:
        world.clock.moves(seconds=CLAIM_LASTS.total_seconds() + 1)
        await world.another().tick()
        return Note("too late")

    await world.enqueues()
    await world.another(renders={"kit": sleeps}).tick()
    assert (world.arrived(), await world.state()) == (["about kit:1"], MessageState.SENT)


async def test_two_replicas_at_the_same_instant_share_the_work(
    world: World, database_url: str
) -> None:
    people = [f"U{number}" for number in range(3 * BATCH)]
    for number, person in enumerate(people):
        await world.enqueues(f"kit:{number}", person)
    other = Database(database_url)
    replicas = [world.outbox, world.another(database=other)]
    await asyncio.gather(*(replica.tick() for replica in replicas))
    assert [len(world.arrived(person)) for person in people] == [1] * len(people)
    await other.close()

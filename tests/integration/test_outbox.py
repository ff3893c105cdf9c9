"""The outbox over real HTTP and on real databases: what is sent, when, and to whom."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from bot.domain.messages import MessageState
from bot.services.messages.message import Message
from bot.services.messages.outbox import BATCH
from bot.services.ports import RenderedMessage
from bot.storage.database import Transaction
from tests.support.clock import START
from tests.support.outbox import ALEX, CHANNEL, PRIYA, SAM, Killed, World, slow_post
from tests.support.slack import RATE_LIMITED, Fault, refused


async def test_a_message_is_sent_once(world: World) -> None:
    await world.enqueues()
    for _ in range(3):
        await world.later(minutes=5)
    assert world.arrived() == ["about kit:1"]
    row = await world.row()
    said = world.slack.conversations.said_to(ALEX)[0]
    assert row is not None
    assert (row.state, row.channel, row.ts) == (MessageState.SENT, said["channel"], said["ts"])
    assert said["text"] == "An interview"
    assert said["metadata"] == {"event_type": "panelist_message", "event_payload": {"key": "kit:1"}}


async def test_a_message_goes_to_a_channel_without_opening_one(world: World) -> None:
    await world.enqueues(to=CHANNEL)
    await world.tick()
    assert world.arrived(CHANNEL) == ["about kit:1"]
    assert not world.slack.called("conversations.open")


async def test_nothing_is_sent_before_its_time(world: World) -> None:
    await world.enqueues(at=START + timedelta(minutes=10))
    await world.later(minutes=9)
    assert world.arrived() == []
    await world.later(minutes=1)
    assert world.arrived() == ["about kit:1"]


async def test_a_message_not_yet_sent_takes_the_new_due_time(world: World) -> None:
    await world.enqueues(at=START + timedelta(minutes=10))
    await world.enqueues(at=START + timedelta(minutes=30))
    await world.later(minutes=29)
    assert world.arrived() == []
    await world.later(minutes=1)
    assert world.arrived() == ["about kit:1"]


async def test_words_are_made_when_the_message_is_sent(world: World) -> None:
    await world.enqueues(at=START + timedelta(minutes=10))
    world.truth["kit:1"] = "at three"
    await world.later(minutes=10)
    assert world.arrived() == ["at three"]


async def test_a_message_enqueued_again_is_edited_in_place(world: World) -> None:
    await world.enqueues()
    await world.tick()
    world.truth["kit:1"] = "at four"
    await world.enqueues()
    await world.later(minutes=1)
    assert world.arrived() == ["at four"]
    assert world.slack.conversations.said_to(ALEX)[0]["edits"] == 1
    assert await world.state() is MessageState.SENT


async def test_a_message_that_has_nothing_to_say_is_not_sent(world: World) -> None:
    world.truth["kit:1"] = None
    await world.enqueues()
    await world.tick()
    assert world.slack.calls == []
    assert await world.row() is None


async def test_a_sent_message_that_has_nothing_to_add_stays(world: World) -> None:
    await world.enqueues()
    await world.tick()
    world.truth["kit:1"] = None
    await world.enqueues()
    await world.later(minutes=1)
    assert world.arrived() == ["about kit:1"]
    assert await world.state() is MessageState.SENT


async def edits(world: World, *keys: str) -> None:
    async with world.database.write() as tx:
        await tx.outbox.refresh("T1", keys, world.clock.now())


async def test_an_edit_puts_right_what_was_sent_and_nothing_else(world: World) -> None:
    await world.enqueues("kit:1")
    await world.tick()
    world.slack.fails("chat.postMessage", refused("restricted_action"))
    await world.enqueues("kit:2", to=SAM)
    await world.later(seconds=1)
    await world.enqueues("kit:3", to=PRIYA, at=START + timedelta(hours=1))
    await world.enqueues("kit:1", workspace="T2", at=START + timedelta(hours=1))
    world.truth = {"kit:1": "at four", "kit:3": "at four"}
    await edits(world, "kit:3", "kit:2", "kit:1", "kit:4")
    await world.later(seconds=1)
    assert [world.arrived(who) for who in (ALEX, SAM, PRIYA)] == [["at four"], [], []]
    assert world.slack.conversations.said_to(ALEX)[0]["edits"] == 1
    assert await world.state("kit:2") is MessageState.FAILED
    assert await world.row("kit:4") is None
    await world.later(hours=1)
    assert world.arrived(PRIYA) == ["at four"], "at its own time, with the truth"


async def test_an_edit_while_a_message_is_being_sent_comes_after_it(world: World) -> None:
    await world.enqueues()
    async with slow_post(world):
        world.truth["kit:1"] = "at four"
        await edits(world, "kit:1")
    await world.later(minutes=1)
    assert len(world.slack.called("chat.postMessage")) == 1
    assert len(world.slack.called("chat.update")) == 1


async def test_an_edit_waits_for_whoever_is_writing_the_message(world: World) -> None:
    await world.enqueues()
    await world.tick()
    async with world.database.write() as tx:
        await world.message().enqueue(tx, START + timedelta(hours=1))
        editing = asyncio.create_task(edits(world, "kit:1"))
        await asyncio.sleep(0.1)
    await editing
    row = await world.row()
    assert row is not None
    assert (row.state, row.due_at) == (MessageState.DUE, world.clock.now())


async def test_an_expired_message_is_never_sent(world: World) -> None:
    await world.enqueues(expires_at=START + timedelta(minutes=15))
    await world.later(minutes=15)
    assert world.slack.calls == []
    assert await world.row() is None


async def test_an_expired_edit_is_never_made(world: World) -> None:
    await world.enqueues()
    await world.tick()
    await world.enqueues(expires_at=START + timedelta(minutes=15))
    await world.later(minutes=15)
    assert world.slack.conversations.said_to(ALEX)[0]["edits"] == 0
    assert await world.state() is MessageState.SENT


async def test_a_closed_message_is_never_sent(world: World) -> None:
    await world.enqueues(at=START + timedelta(minutes=1))
    await world.closes()
    await world.later(minutes=2)
    assert world.slack.calls == []
    assert await world.row() is None


async def test_a_sent_message_that_is_closed_stays_as_it_is(world: World) -> None:
    await world.enqueues()
    await world.tick()
    await world.enqueues()
    await world.closes()
    await world.later(minutes=1)
    assert world.slack.conversations.said_to(ALEX)[0]["edits"] == 0
    assert await world.state() is MessageState.SENT


async def test_a_key_belongs_to_one_recipient(world: World) -> None:
    await world.enqueues(to=ALEX)
    with pytest.raises(ValueError, match="one recipient"):
        await world.enqueues(to=SAM)
    await world.enqueues(to=SAM, workspace="T2")
    await world.tick()
    assert (len(world.arrived(ALEX)), len(world.arrived(SAM))) == (1, 1)


async def test_kinds_that_a_process_does_not_know_wait_for_one_that_does(
    world: World,
) -> None:
    await world.enqueues(kind="tomorrows")
    await world.tick()
    assert await world.state() is MessageState.DUE
    world.outbox = world.another(renders={"tomorrows": world.render})
    await world.tick()
    assert world.arrived() == ["about kit:1"]


async def test_what_slack_refuses_has_failed_and_is_told_once(world: World) -> None:
    world.slack.fails("conversations.open", refused("user_disabled"))
    for key, who in (("kit:1", ALEX), ("kit:2", SAM), ("kit:3", PRIYA)):
        await world.enqueues(key, who)
    await world.tick()
    await world.the_claim_ends()
    rows = [await world.row(f"kit:{number}") for number in (1, 2, 3)]
    failed = [row for row in rows if row and row.state is MessageState.FAILED]
    assert [row.error for row in failed] == ["user_disabled"]
    assert world.told == failed
    assert sum(len(world.arrived(who)) for who in (ALEX, SAM, PRIYA)) == 2


async def test_what_has_failed_can_be_enqueued_again(world: World) -> None:
    world.slack.fails("chat.postMessage", refused("channel_not_found"))
    await world.enqueues()
    await world.tick()
    assert await world.state() is MessageState.FAILED
    await world.enqueues()
    await world.later(minutes=1)
    assert world.arrived() == ["about kit:1"]


async def test_whoever_is_told_of_a_failure_can_enqueue_a_message_for_it(world: World) -> None:
    async def notices(tx: Transaction, message: Message) -> Sequence[Message]:
        return [world.message("told", SAM)]

    world.outbox = world.another(notices=notices)
    world.slack.fails("chat.postMessage", refused("restricted_action"))
    await world.enqueues()
    await world.tick()
    assert (world.arrived(ALEX), world.arrived(SAM)) == ([], ["about told"])


async def test_a_failure_and_what_it_leads_to_are_one_transaction(world: World) -> None:
    async def notices(tx: Transaction, message: Message) -> Sequence[Message]:
        await world.message("told", SAM).enqueue(tx, world.clock.now())
        raise Killed

    world.slack.fails("chat.postMessage", refused("restricted_action"))
    await world.enqueues()
    with pytest.raises(Killed):
        await world.another(notices=notices).tick()
    assert await world.row("told") is None
    assert await world.state() is MessageState.SENDING


async def test_a_message_deleted_in_slack_is_posted_anew_when_it_changes(world: World) -> None:
    await world.enqueues()
    await world.tick()
    world.slack.conversations.messages.clear()
    world.truth["kit:1"] = "at four"
    await world.enqueues()
    await world.later(minutes=1)
    await world.later(minutes=1)
    assert world.arrived() == ["at four"]


async def test_a_rate_limit_delays_for_as_long_as_slack_says(world: World) -> None:
    limited = replace(RATE_LIMITED, headers={"Retry-After": "30"})
    world.slack.fails("chat.postMessage", limited)
    await world.enqueues()
    await world.tick()
    await world.later(seconds=29)
    assert (world.arrived(), len(world.slack.called("chat.postMessage"))) == ([], 1)
    await world.later(seconds=1)
    assert world.arrived() == ["about kit:1"]
    assert world.told == []


async def test_a_rate_limit_delays_no_other_workspace(world: World) -> None:
    limited = replace(RATE_LIMITED, headers={"Retry-After": "30"})
    world.slack.fails("chat.postMessage", limited)
    await world.enqueues("kit:1", ALEX)
    await world.tick()
    await world.enqueues("kit:2", SAM)
    await world.enqueues("kit:3", PRIYA, workspace="T2")
    await world.later(seconds=5)
    assert (world.arrived(SAM), world.arrived(PRIYA)) == ([], ["about kit:3"])
    await world.later(seconds=25)
    assert (len(world.arrived(ALEX)), len(world.arrived(SAM))) == (1, 1)


async def test_a_clock_that_is_set_back_makes_nobody_wait_for_it(world: World) -> None:
    """Neither where somebody has just had a message, nor where Slack was busy."""
    await world.enqueues("kit:1", SAM)
    await world.tick()
    world.slack.fails("chat.postMessage", RATE_LIMITED)
    await world.enqueues("kit:2", ALEX)
    await world.tick()
    world.clock.moves(days=-2)
    await world.enqueues("kit:3", SAM)
    await world.tick()
    assert world.arrived(SAM) == ["about kit:1", "about kit:3"]


@pytest.mark.parametrize("error", ["token_revoked", "missing_scope"])
async def test_what_is_to_be_mended_in_slack_fails_nothing(world: World, error: str) -> None:
    world.slack.fails("conversations.open", refused(error))
    await world.enqueues()
    await world.tick()
    assert await world.state() is MessageState.DUE
    await world.the_claim_ends()
    assert world.arrived() == ["about kit:1"]
    assert world.told == []


async def test_one_recipient_gets_one_message_a_second(world: World) -> None:
    for number in range(4):
        await world.enqueues(f"kit:{number}")
    arrived = []
    for _ in range(4):
        await world.tick()
        arrived.append(len(world.arrived()))
        world.clock.moves(seconds=1)
    assert arrived == [1, 2, 3, 4]


async def test_a_new_message_waits_for_no_edits_and_each_message_is_edited_once_a_second(
    world: World,
) -> None:
    for number in range(3):
        await world.enqueues(f"kit:{number}")
        await world.tick()
        world.clock.moves(seconds=1)
    await edits(world, "kit:0", "kit:1", "kit:2")
    await world.enqueues("kit:3")
    await world.tick()
    await edits(world, "kit:0")
    await world.tick()
    said = world.slack.conversations.said_to(ALEX)
    assert [message["edits"] for message in said] == [1, 1, 1, 0]
    await world.later(seconds=1)
    assert [message["edits"] for message in said] == [2, 1, 1, 0]


async def test_a_message_with_nothing_to_say_takes_no_others_turn(world: World) -> None:
    world.truth["kit:1"] = None
    await world.enqueues("kit:1")
    await world.tick()
    await world.enqueues("kit:2")
    await world.tick()
    assert world.arrived() == ["about kit:2"]


async def test_many_messages_go_out_in_one_tick(world: World) -> None:
    people = [f"U{number}" for number in range(2 * BATCH + 3)]
    for number, person in enumerate(people):
        await world.enqueues(f"kit:{number}", person)
    await world.tick()
    assert [len(world.arrived(person)) for person in people] == [1] * len(people)


async def test_a_message_enqueued_again_while_it_is_sent_is_edited_afterwards(world: World) -> None:
    await world.enqueues()
    async with slow_post(world):
        await world.enqueues()
    row = await world.row()
    assert row is not None
    assert (row.state, row.ts) == (MessageState.DUE, "1.2")


async def test_a_message_closed_while_it_is_sent_is_recorded_as_sent(world: World) -> None:
    await world.enqueues()
    async with slow_post(world):
        await world.closes()
    assert await world.state() is MessageState.SENT


async def test_a_message_is_enqueued_again_while_it_turns_out_to_have_nothing_to_say(
    world: World,
) -> None:
    async def enqueued_meanwhile(tx: Transaction, message: Message) -> object | None:
        await world.enqueues(at=START + timedelta(minutes=5))
        return None

    await world.enqueues()
    await world.another(renders={"kit": enqueued_meanwhile}).tick()
    assert await world.state() is MessageState.DUE
    await world.later(minutes=5)
    assert world.arrived() == ["about kit:1"]


async def test_stopping_waits_for_a_send_and_its_record(world: World) -> None:
    await world.enqueues()
    await world.enqueues("kit:2", at=START + timedelta(seconds=1))
    async with slow_post(world):
        await world.outbox.stop()
        assert await world.state() is MessageState.SENT
    await world.later(minutes=1)
    assert len(world.slack.called("chat.postMessage")) == 1


async def test_a_cancelled_tick_does_not_cut_a_send_short(world: World) -> None:
    await world.enqueues()
    world.slack.fails("chat.postMessage", Fault(body={"ok": True, "ts": "1.2"}, seconds=0.3))
    ticking = asyncio.create_task(world.tick())
    await world.slack.next_call("chat.postMessage")
    ticking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ticking
    await world.outbox.stop()
    assert await world.state() is MessageState.SENT


async def test_a_flush_sends_at_once_and_a_stop_waits_for_it(world: World) -> None:
    await world.enqueues()
    for _ in range(3):
        world.outbox.flush()
    await world.outbox.stop()
    world.outbox.flush()
    assert (world.arrived(), await world.state()) == ([], MessageState.DUE)
    world.outbox = world.another()
    world.outbox.flush()
    await world.slack.next_call("chat.postMessage")
    await world.outbox.stop()
    assert (world.arrived(), await world.state()) == (["about kit:1"], MessageState.SENT)


async def broken(tx: Transaction, message: Message) -> object | None:
    raise KeyError("Jane Doe")


def broken_view(model: object) -> RenderedMessage:
    raise KeyError("Jane Doe")


@pytest.mark.parametrize(
    "fault",
    [{"renders": {"kit": broken}}, {"show": broken_view}],
    ids=["in rendering", "in the view"],
)
async def test_a_fault_of_ours_ends_before_slack_is_called(
    world: World, caplog: pytest.LogCaptureFixture, fault: dict[str, Any]
) -> None:
    world.outbox = world.another(**fault, registry=True)
    await world.enqueues()
    for _ in range(60):
        await world.later(minutes=30)
    row = await world.row()
    assert row is not None
    assert (row.state, row.error, row.attempts) == (MessageState.FAILED, "panelist_error", 1)
    assert world.slack.calls == []
    assert world.told == [row]
    assert caplog.messages == ["outbox.broken"]
    labels = {"kind": "kit", "outcome": "broken"}
    assert world.registry.get_sample_value("panelist_messages_total", labels) == 1


async def test_an_edit_that_cannot_be_shown_leaves_what_was_posted(world: World) -> None:
    await world.enqueues()
    await world.tick()
    await world.enqueues()
    world.outbox = world.another(show=broken_view)
    await world.later(minutes=1)
    assert (world.arrived(), await world.state()) == (["about kit:1"], MessageState.FAILED)
    world.outbox, world.truth["kit:1"] = world.another(), "at four"
    await world.enqueues()
    await world.later(minutes=1)
    assert world.arrived() == ["at four"], "once Panelist has been mended"


async def test_a_fault_of_ours_holds_up_no_other_message(world: World) -> None:
    world.outbox = world.another(renders={"kit": world.render, "broken": broken})
    await world.enqueues("kit:1", kind="broken")
    await world.enqueues("kit:2", SAM)
    await world.tick()
    assert await world.state("kit:1") is MessageState.FAILED
    assert world.arrived(SAM) == ["about kit:2"]


async def test_a_row_that_lacks_something_has_failed(world: World) -> None:
    await world.enqueues()
    async with world.database.write() as tx:
        await tx.connection.execute(text("UPDATE outbox SET payload = '{}'"))
    await world.tick()
    row = await world.row()
    assert row is not None
    assert (row.state, row.error) == (MessageState.FAILED, "panelist_error")


async def test_what_slack_refuses_is_counted_by_kind(world: World) -> None:
    world.outbox = world.another(registry=True)
    world.slack.fails("chat.postMessage", refused("restricted_action"))
    await world.enqueues()
    await world.tick()
    labels = {"kind": "kit", "outcome": "refused"}
    assert world.registry.get_sample_value("panelist_messages_total", labels) == 1


async def test_a_failure_that_cannot_be_told_holds_up_no_other(world: World) -> None:
    async def notices(tx: Transaction, message: Message) -> Sequence[Message]:
        raise KeyError

    world.outbox = world.another(notices=notices)
    world.slack.fails("conversations.open", refused("user_disabled"))
    await world.enqueues("kit:1", ALEX)
    await world.enqueues("kit:2", CHANNEL)
    await world.tick()
    assert (await world.state("kit:1"), await world.state("kit:2")) == (
        MessageState.FAILED,
        MessageState.SENT,
    )
    assert world.arrived(CHANNEL) == ["about kit:2"]


async def test_a_tick_reads_only_the_index_of_what_is_due(world: World) -> None:
    async with world.database.write() as tx:
        for number in range(2000):
            await world.message(f"kit:{number}", SAM).enqueue(tx, START)
        await tx.connection.execute(text("UPDATE outbox SET state = 'sent'"))
    async with world.database.write() as tx:
        await tx.connection.execute(text("ANALYZE"))
    await world.enqueues("kit:due")
    queries = []

    @event.listens_for(Engine, "before_cursor_execute")
    def listen(*call: Any) -> None:
        if "FROM outbox" in call[2]:
            queries.append((call[2], call[3]))

    await world.tick()
    event.remove(Engine, "before_cursor_execute", listen)
    assert len(queries) == 3
    explain = "EXPLAIN QUERY PLAN " if world.database.is_sqlite else "EXPLAIN "
    for statement, parameters in queries:
        async with world.database.write() as tx:
            plan = await tx.connection.exec_driver_sql(explain + statement, parameters)
            assert "ix_outbox_due_at" in str(plan.all())

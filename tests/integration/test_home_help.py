"""Whoever writes to Panelist is answered what it can do, once, over HTTP and in the playground."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground.rules.limits import faults
from bot.services.rights import FOR_MEMBERS
from handlers.manifest import manifest
from tests.support.northwind import ALEX, GUS, Northwind, shown
from tests.support.panelist import Panelist, elements, running, text_of
from tests.support.slack import StandIn
from tests.support.waiting import A_MINUTE
from tests.support.wire import WORKSPACE, Json

LABELS = ["See roles", "Get questions", "Set up a panel", "See scorecards"]


@pytest.fixture
async def panelist(slack: StandIn, database_url: str) -> AsyncIterator[Panelist]:
    async with running(slack, database_url, panelist_command_prefix="hire-") as here:
        yield here


async def writes(panelist: Panelist, **changes: Any) -> None:
    """Alex writes to Panelist, unless it is something else that Slack tells of."""
    event = {
        "type": "message",
        "channel_type": "im",
        "channel": "D1",
        "user": "UALEX",
        "text": "hi, what do you do?",
        "ts": "1700000000.000100",
    }
    payload = {"type": "event_callback", "team_id": WORKSPACE, "event_id": "Ev1"}
    reply = await panelist.wire.event(payload | {"event": event | changes})
    assert reply.status == 200
    await panelist.application.edge.drain(5)
    await panelist.application.tick()


def answers(panelist: Panelist) -> list[Json]:
    return panelist.slack.conversations.said_to("UALEX")


async def answered(panelist: Panelist, times: int = 1) -> list[Json]:
    """The answers, once there are so many: two to one person are a second apart."""
    async with asyncio.timeout(A_MINUTE):
        while len(answers(panelist)) < times:  # noqa: ASYNC110 - the outbox sends by itself
            await asyncio.sleep(0.05)
    while running := panelist.application.outbox._running:
        await asyncio.wait(running)
    assert len(answers(panelist)) == times
    return answers(panelist)


async def test_any_words_are_answered_with_what_it_can_do_and_buttons(panelist: Panelist) -> None:
    await writes(panelist)
    [answer] = await answered(panelist)
    assert answer["text"] == "Here's what I can do"
    assert [one["text"]["text"] for one in elements(answer, "button")] == LABELS
    assert "/hire-panel" in text_of(answer)
    assert faults("message", answer) == []


async def test_one_message_has_one_answer_however_often_slack_tells_of_it(
    panelist: Panelist,
) -> None:
    for _ in range(3):
        await writes(panelist)
    await answered(panelist, 1)
    await writes(panelist, ts="1700000001.000100", text="and again")
    await answered(panelist, 2)
    await writes(panelist, ts="1700000002.000100", subtype="file_share", text="")
    await answered(panelist, 3)


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B1", "user": "UPANELIST"},
        {"bot_id": "B1"},
        {"subtype": "bot_message", "bot_id": "B2", "user": None},
        {"subtype": "message_changed", "user": None, "message": {"user": "UALEX", "text": "x"}},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted", "user": None},
        {"channel_type": "channel", "channel": "C1"},
        {"channel_type": "group", "channel": "G1"},
        {"user": None},
    ],
    ids=str,
)
async def test_its_own_messages_edits_and_other_conversations_are_not_answered(
    panelist: Panelist, changes: Json
) -> None:
    await writes(panelist, **changes)
    assert answers(panelist) == []
    assert panelist.slack.called("chat.postMessage") == []
    assert panelist.slack.called("users.info") == []


async def test_each_button_of_the_answer_begins_something(panelist: Panelist) -> None:
    await writes(panelist)
    [answer] = await answered(panelist)
    pressed = {one["text"]["text"]: one for one in elements(answer, "button")}
    for label in LABELS[:3]:
        await panelist.presses(pressed[label], user="UALEX")
    await panelist.application.edge.drain(5)
    assert len(panelist.slack.called("views.open")) == 3
    url = await panelist.presses(pressed["See scorecards"], user="UALEX")
    await panelist.application.edge.drain(5)
    [said] = panelist.slack.sent_to(url)
    assert said["replace_original"] is False
    assert "scorecard" in text_of(said)


def test_the_manifest_asks_for_direct_messages_only() -> None:
    made = manifest([], "")
    events = made["settings"]["event_subscriptions"]["bot_events"]
    assert events == ["app_home_opened", "message.im"]
    assert "im:history" in made["oauth_config"]["scopes"]["bot"]


async def test_a_member_and_a_guest_write_to_it_in_the_playground(house: Northwind) -> None:
    """The guest reads the one neutral sentence; neither is answered twice, and no answer is."""
    for user, words in ((ALEX, "Here's what I can do"), (GUS, FOR_MEMBERS)):
        person = house.person(user)
        channel = house.scene.workspace.direct_message(user).id
        await house.scene.delivery.message(user, channel, "Hello?")
        await house.scene.until(lambda person=person, of=channel: len(person.said(of)) > 1, 10)
        await house.settles()
        [question, answer] = person.said(channel)
        assert (question.user, words in shown(answer)) == (user, True)

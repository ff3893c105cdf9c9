"""The Notifier port against the playground, which checks scopes, limits and conversations."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.messages import About, MessageState, OutboxMessage
from bot.services.ports import Refused
from handlers.ids import CommandName
from handlers.manifest import manifest
from handlers.notifier import SlackNotifier
from tests.support.connected import connected
from tests.support.outbox import Note, shown
from tests.support.playground import ALEX, BOT_TOKEN, PRIVATE, Scene, scene

NOW = datetime.now(UTC)
MESSAGE = OutboxMessage(
    "T0PANELIST",
    "kit:1",
    "kit",
    ALEX,
    About(),
    {},
    NOW,
    None,
    MessageState.SENDING,
    None,
    None,
    NOW,
    1,
    None,
)


@dataclass
class Stage:
    """The playground with our own manifest's scopes, and our notifier."""

    scene: Scene
    notifier: SlackNotifier


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with (
        scene(tmp_path, manifest=manifest(CommandName, "")) as running,
        connected(f"{running.address}/api/", BOT_TOKEN) as connection,
    ):
        yield Stage(running, SlackNotifier(connection.slack))


async def test_a_message_is_posted_found_by_its_key_and_edited(stage: Stage) -> None:
    notifier, since = stage.notifier, NOW - timedelta(minutes=10)
    channel = await notifier.dm("T0PANELIST", ALEX)
    assert await notifier.find("T0PANELIST", channel, "kit:1", since) is None
    ts = await notifier.deliver(MESSAGE, shown(Note("at three")), channel)
    assert await notifier.find("T0PANELIST", channel, "kit:1", since) == ts
    assert await notifier.find("T0PANELIST", channel, "kit:2", since) is None
    assert await notifier.deliver(replace(MESSAGE, ts=ts), shown(Note("at four")), channel) == ts
    assert await notifier.find("T0PANELIST", channel, "kit:1", since) == ts
    [said] = stage.scene.said(channel, ALEX)
    assert said.blocks[0]["text"]["text"] == "at four"


async def test_what_was_posted_before_is_not_looked_at(stage: Stage) -> None:
    channel = await stage.notifier.dm("T0PANELIST", ALEX)
    await stage.notifier.deliver(MESSAGE, shown(Note("at three")), channel)
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert await stage.notifier.find("T0PANELIST", channel, "kit:1", later) is None


async def test_a_conversation_is_opened_once(stage: Stage) -> None:
    for _ in range(2):
        await stage.notifier.dm("T0PANELIST", ALEX)
    opened = [one for one in stage.scene.workspace.exchanges if "conversations.open" in one.url]
    assert len(opened) == 1


async def test_a_conversation_that_it_may_not_read_is_a_refusal_and_not_an_absence(
    stage: Stage,
) -> None:
    with pytest.raises(Refused):
        await stage.notifier.find("T0PANELIST", PRIVATE, "kit:1", NOW)

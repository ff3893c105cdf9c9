"""A kill at any step between the set-up of a panel and its last kit: each arrives, and once."""

import pytest

from bot.library.catalogue import Library
from bot.services.frozen_contents import Contents
from bot.services.messages.outbox import Outbox
from bot.services.panels.setup import PanelsService
from bot.storage.database import Database
from handlers.notifier import SlackNotifier
from handlers.views.messages import show
from tests.support.outbox import DyingDatabase, DyingNotifier, Killed, World
from tests.support.panels import FOCUS, new_panel
from tests.support.people import WORKSPACE, People, rights_of
from tests.support.slack import BROKEN_AFTER_ALL


def outbox(world: World, notifier: SlackNotifier, database: Database | None = None) -> Outbox:
    return Outbox(database or world.database, notifier, world.clock, show)


@pytest.fixture
async def panel(world: World, library: Library) -> None:
    """A panel of five, set up by a process that was killed right after the commit."""
    rights = rights_of(People(), world.database, world.clock)
    service = PanelsService(
        library, world.database, rights, Contents(), world.clock, flush=lambda: None
    )
    await service.set_up(WORKSPACE, "U1", new_panel(library))


@pytest.fixture
def notifier(world: World) -> SlackNotifier:
    return SlackNotifier(world.connection.slack)


async def arrives_once(world: World, notifier: SlackNotifier) -> None:
    """The process starts again, and time passes."""
    started = outbox(world, notifier)
    for _ in range(6):
        await started.tick()
        world.clock.moves(minutes=2)
    for person in FOCUS:
        kits = world.slack.conversations.said_to(person)
        assert len(kits) == 1, person
        assert "You interview a candidate" in kits[0]["text"]
        assert "Robin Doe" in str(kits[0]["blocks"])


async def test_the_next_start_sends_what_was_only_committed(
    world: World, panel: None, notifier: SlackNotifier
) -> None:
    assert world.slack.conversations.messages == []
    await arrives_once(world, notifier)


@pytest.mark.parametrize("dies", ["before open", "after open", "before post", "after post"])
async def test_a_kill_while_talking_to_slack(
    world: World, panel: None, notifier: SlackNotifier, dies: str
) -> None:
    dying = DyingNotifier(world.connection.slack)
    dying.dies = dies
    with pytest.raises(Killed):
        await outbox(world, dying).tick()
    world.clock.moves(minutes=5)
    await arrives_once(world, notifier)


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("at", [1, 2, 3])
async def test_a_kill_around_a_commit(
    world: World,
    panel: None,
    notifier: SlackNotifier,
    database_url: str,
    at: int,
    committed: bool,
) -> None:
    dying = DyingDatabase(database_url, at, committed=committed, end=Killed)
    with pytest.raises(Killed):
        await outbox(world, notifier, dying).tick()
    await dying.close()
    world.clock.moves(minutes=5)
    await arrives_once(world, notifier)


async def test_slack_taking_a_kit_and_answering_with_an_error(
    world: World, panel: None, notifier: SlackNotifier
) -> None:
    world.slack.fails("chat.postMessage", BROKEN_AFTER_ALL)
    await outbox(world, notifier).tick()
    world.clock.moves(minutes=5)
    await arrives_once(world, notifier)

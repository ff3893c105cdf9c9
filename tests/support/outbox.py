"""An outbox with everything round it: a real database, Slack's stand-in, and a clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry

from bot.domain.messages import MessageState, OutboxMessage
from bot.services.frozen_contents import Contents
from bot.services.messages.message import Message, RenderContext
from bot.services.messages.outbox import CLAIM_LASTS, Outbox
from bot.services.messages.registry import load
from bot.services.ports import RenderedMessage
from bot.storage.database import Database, Transaction
from handlers.notifier import SlackNotifier
from tests.support.clock import ManualClock
from tests.support.connected import Connection
from tests.support.slack import Fault, StandIn

ALEX, SAM, PRIYA, CHANNEL = "UALEX", "USAM", "UPRIYA", "C0HIRING"


@dataclass(frozen=True)
class Note:
    words: str


def shown(model: Note) -> RenderedMessage:
    block = {"type": "section", "text": {"type": "plain_text", "text": model.words}}
    return RenderedMessage("An interview", [block])


Render = Callable[[Transaction, Message], Awaitable[object | None]]
Notices = Callable[[Transaction, Message], Awaitable[Sequence[Message]]]


def message_class(kind_: str, render_: Render, notices: Notices) -> type[Message]:
    """A kind of message that is rendered as a test says; `name` is its key."""

    @dataclass(frozen=True, kw_only=True)
    class TestMessage(Message):
        kind = kind_  # type: ignore[assignment]
        name: str

        @property
        def key(self) -> str:
            return self.name

        async def render(self, tx: Transaction, context: RenderContext) -> object | None:
            return await render_(tx, self)

        async def failure_notices(
            self, tx: Transaction, error: str, now: datetime
        ) -> Sequence[Message]:
            return await notices(tx, self)

    return TestMessage


async def rendered(
    tx: Transaction, row: OutboxMessage, now: datetime, **context: Any
) -> object | None:
    """What a message of the product's own would show now."""
    parts = {"contents": Contents(), "hints": (), "expires_at": row.expires_at} | context
    return await load(row).render(tx, RenderContext(now=now, is_sent=row.ts is not None, **parts))


async def failure_told(tx: Transaction, row: OutboxMessage, now: datetime) -> None:
    """As the outbox does with a message that Slack has refused."""
    for notice in await load(row).failure_notices(tx, row.error or "user_disabled", now):
        await notice.enqueue(tx, now)


class Killed(BaseException):
    """The process ends here: nothing of ours sees it."""


@dataclass
class World:
    """An outbox with everything round it, and what is true when it is rendered."""

    database: Database
    connection: Connection
    slack: StandIn
    clock: ManualClock
    truth: dict[str, str | None] = field(default_factory=dict)
    told: list[OutboxMessage] = field(default_factory=list)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    notifier: SlackNotifier = field(init=False)
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.notifier = SlackNotifier(self.connection.slack)
        self.outbox = self.another()

    def another(self, **parts: Any) -> Outbox:
        """An outbox as after a start of the process; `renders` says how each kind is rendered."""
        renders = parts.get("renders", {"kit": self.render})
        notices = parts.get("notices", self.failure_notices)
        return Outbox(
            parts.get("database", self.database),
            parts.get("notifier", self.notifier),
            self.clock,
            parts.get("show", shown),
            messages=[message_class(kind, render, notices) for kind, render in renders.items()],
            registry=self.registry if "registry" in parts else None,
        )

    async def render(self, tx: Transaction, message: Message) -> object | None:
        words = self.truth.get(message.key, f"about {message.key}")
        return None if words is None else Note(words)

    async def failure_notices(self, tx: Transaction, message: Message) -> Sequence[Message]:
        row = await tx.outbox.get(message.workspace, message.key)
        assert row is not None
        self.told.append(row)
        return []

    def message(
        self, key: str = "kit:1", to: str = ALEX, workspace: str = "T1", kind: str = "kit"
    ) -> Message:
        cls: Any = message_class(kind, self.render, self.failure_notices)
        made: Message = cls(workspace=workspace, recipient=to, name=key)
        return made

    async def enqueues(
        self,
        key: str = "kit:1",
        to: str = ALEX,
        at: datetime | None = None,
        workspace: str = "T1",
        kind: str = "kit",
        expires_at: datetime | None = None,
    ) -> None:
        async with self.database.write() as tx:
            message = self.message(key, to, workspace, kind)
            await message.enqueue(tx, at or self.clock.now(), expires_at)

    async def closes(self, key: str = "kit:1") -> None:
        async with self.database.write() as tx:
            await tx.outbox.close("T1", key)

    async def row(self, key: str = "kit:1", workspace: str = "T1") -> OutboxMessage | None:
        async with self.database.read() as tx:
            return await tx.outbox.get(workspace, key)

    async def state(self, key: str = "kit:1") -> MessageState | None:
        row = await self.row(key)
        return row.state if row else None

    async def tick(self) -> None:
        await self.outbox.tick()

    async def later(self, **by: float) -> None:
        """Time passes, and the outbox ticks."""
        self.clock.moves(**by)
        await self.tick()

    async def the_claim_ends(self) -> None:
        await self.later(seconds=CLAIM_LASTS.total_seconds() + 1)

    def arrived(self, who: str = ALEX) -> list[str]:
        """The words of the messages that are there."""
        messages = self.slack.conversations.said_to(who)
        return [message["blocks"][0]["text"]["text"] for message in messages]


@asynccontextmanager
async def slow_post(world: World) -> AsyncIterator[None]:
    """While Slack takes its time over a post."""
    world.slack.fails("chat.postMessage", Fault(body={"ok": True, "ts": "1.2"}, seconds=0.3))
    ticking = asyncio.create_task(world.tick())
    await world.slack.next_call("chat.postMessage")
    yield
    await ticking


Act = Callable[[], Awaitable[Any]]


class DyingDatabase(Database):
    """Meets its end at the n-th unit of work, before or after the commit."""

    def __init__(
        self, url: str, at: int, *, committed: bool, end: Callable[[], BaseException]
    ) -> None:
        super().__init__(url)
        self._writes, self._at, self._committed, self._end = 0, at, committed, end

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        self._writes += 1
        async with super().write() as tx:
            yield tx
            if self._writes == self._at and not self._committed:
                raise self._end()
        if self._writes == self._at:
            raise self._end()


class DyingNotifier(SlackNotifier):
    """Meets its end just before or after what it is told to."""

    dies = ""
    end: Callable[[], BaseException] = Killed

    async def deliver(self, message: OutboxMessage, content: RenderedMessage, channel: str) -> str:
        act = super().deliver
        return str(await self._dying("post", lambda: act(message, content, channel)))

    async def dm(self, workspace: str, user: str) -> str:
        act = super().dm
        return str(await self._dying("open", lambda: act(workspace, user)))

    async def find(self, workspace: str, channel: str, key: str, since: datetime) -> str | None:
        act = super().find
        found: str | None = await self._dying("look", lambda: act(workspace, channel, key, since))
        return found

    async def _dying(self, what: str, act: Act) -> Any:
        if self.dies == f"before {what}":
            raise self.end()
        done = await act()
        if self.dies == f"after {what}":
            raise self.end()
        return done

"""An outbox with everything round it: a real database, Slack's stand-in, and a clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.messages import MessageState, OutboxMessage
from bot.services.messages.outbox import CLAIM_LASTS, Outbox
from bot.storage.database import Database, Transaction
from handlers.notifier import SlackNotifier
from tests.support.clock import ManualClock
from tests.support.slack import Fault, StandIn

ALEX, SAM, PRIYA, CHANNEL = "UALEX", "USAM", "UPRIYA", "C0HIRING"


@dataclass(frozen=True)
class Kit:
    words: str


def shown(model: Kit) -> tuple[str, list[dict[str, Any]]]:
    block = {"type": "section", "text": {"type": "plain_text", "text": model.words}}
    return "An interview", [block]


class Killed(BaseException):
    """The process ends here: nothing of ours sees it."""


@dataclass
class World:
    """An outbox with everything round it, and what is true when its words are made."""

    database: Database
    notifier: SlackNotifier
    slack: StandIn
    clock: ManualClock
    truth: dict[str, str | None] = field(default_factory=dict)
    told: list[OutboxMessage] = field(default_factory=list)
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = self.another()

    def another(self, **parts: Any) -> Outbox:
        """An outbox as after a start of the process."""
        return Outbox(
            parts.get("database", self.database),
            parts.get("notifier", self.notifier),
            self.clock,
            parts.get("composers", {"kit": self.compose}),
            parts.get("on_failed", self.on_failed),
        )

    async def compose(self, tx: Transaction, message: OutboxMessage) -> object | None:
        words = self.truth.get(message.subject, f"about {message.subject}")
        return None if words is None else Kit(words)

    async def on_failed(self, tx: Transaction, message: OutboxMessage) -> None:
        self.told.append(message)

    async def wants(
        self,
        key: str = "kit:1",
        to: str = ALEX,
        at: datetime | None = None,
        workspace: str = "T1",
        **more: Any,
    ) -> None:
        kind, subject = more.pop("kind", "kit"), more.pop("subject", key)
        async with self.database.write() as tx:
            await tx.outbox.want(workspace, key, kind, subject, to, at or self.clock.now(), **more)

    async def drops(self, key: str = "kit:1") -> None:
        async with self.database.write() as tx:
            await tx.outbox.drop("T1", key)

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
        return [said["blocks"][0]["text"]["text"] for said in self.slack.conversations.said_to(who)]


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

    async def deliver(self, message: OutboxMessage, model: object, channel: str) -> str:
        act = super().deliver
        return str(await self._dying("post", lambda: act(message, model, channel)))

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

"""The application: it starts, ticks and stops what `bot.wiring` has made."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette

from bot.config import Settings
from bot.errors import DatabaseAway, UserError
from bot.scheduling import Ticker
from bot.services.jd import JdService
from bot.services.members import Members
from bot.services.messages.outbox import Outbox
from bot.services.panels.drafts import PanelDrafts
from bot.services.reminders import RemindersService
from bot.storage.database import Database
from bot.storage.migrate import is_current, upgrade
from bot.web import Readiness, Web
from handlers import Listeners
from handlers.edge import Edge
from handlers.home import AppHome
from handlers.installations import OneInstallation
from handlers.scorecards.command import Scorecards
from handlers.slack import Slack
from handlers.slack_api import SlackApi

if TYPE_CHECKING:
    from handlers.socket_mode import SocketMode

log = logging.getLogger(__name__)

DRAIN = 10.0
"""Seconds that a stop gives the work in flight."""

READY_WITHIN = 2.0


@dataclass(eq=False)
class Application:
    """Everything that runs; `start` before use, `stop` after."""

    settings: Settings
    registry: CollectorRegistry
    database: Database
    api: SlackApi
    installations: OneInstallation
    slack: Slack
    edge: Edge
    outbox: Outbox
    reminders: RemindersService
    jd: JdService
    scorecards: Scorecards
    home: AppHome
    members: Members
    panel_drafts: PanelDrafts
    bolt: AsyncApp
    listeners: Listeners
    socket: "SocketMode | None"

    ticker: Ticker = field(init=False)

    def __post_init__(self) -> None:
        self.ticker = Ticker(self.tick)

    async def start(self) -> None:
        """Raises SettingsError where Slack refuses a token or it is of another workspace than the
        database, DatabaseAway without a database."""
        await self.connect()
        self.jd.start()
        self.ticker.start()
        if self.socket is not None:
            await self.socket.start()
        log.info("started", extra={"socket_mode": self.settings.socket_mode})

    async def connect(self) -> None:
        """The part of `start` after which messages can be sent."""
        await upgrade(self.database)
        await self.api.start()
        await self.installations.start()

    async def disconnect(self) -> None:
        """Undoes `connect`, but for the database."""
        await self.installations.stop()
        await self.api.stop()

    async def tick(self) -> None:
        """Plans what is due, and sends it."""
        try:
            await self.reminders.tick()
        finally:
            await self.outbox.tick()
        await self.home.refresh()
        await self.members.tick()
        await self.panel_drafts.tick()

    async def stop(self) -> None:
        """Finishes what is in flight, then lets go of everything."""
        await self.edge.drain(DRAIN)
        if self.socket is not None:
            await self.socket.stop()
        await self.scorecards.stop()
        await self.outbox.stop()
        await self.ticker.stop()
        await self.jd.stop()
        await self.members.flush()
        await self.disconnect()
        await self.database.close()
        log.info("stopped")

    def asgi(self) -> Starlette:
        """The routes; whoever serves them calls `start` first and `stop` last."""
        return Web(self.bolt, self.registry, self.readiness).asgi()

    async def readiness(self) -> Readiness:
        faults = [fault async for fault in self._faults()]
        return Readiness(faults, list(self._degraded()))

    async def _faults(self) -> AsyncIterator[str]:
        if self.slack.dead_tokens:
            yield "Slack no longer accepts the token"
        if self.installations.refused is not None:
            yield self.installations.refused.text
        try:
            async with asyncio.timeout(READY_WITHIN):
                if not await is_current(self.database):
                    yield "the database lacks migrations: run panelist db upgrade"
        except (DatabaseAway, TimeoutError):
            yield "the database cannot be reached"
        except UserError as error:
            yield error.text

    def _degraded(self) -> Iterator[str]:
        if self.jd.seconds_failing:
            yield (
                f"{self.jd.unrecorded} postings wait to be recorded: the database has refused "
                f"some for {self.jd.seconds_failing:.0f} seconds"
            )

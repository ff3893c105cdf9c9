"""The application: it starts, ticks and stops what `bot.wiring` has made."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from slack_bolt.async_app import AsyncApp
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot import __version__
from bot.config import Settings
from bot.errors import DatabaseAway, UserError
from bot.metrics import Metrics
from bot.outages import Outage
from bot.scheduling import Chore, Ticker
from bot.services.board.channels import ChannelBoards
from bot.services.holidays import HolidayCalendars
from bot.services.jd import JdService
from bot.services.members import Members
from bot.services.messages.outbox import Outbox
from bot.services.openings.postings import OpeningPostings
from bot.services.panels.drafts import PanelDrafts
from bot.services.ports import Clock
from bot.services.records.auditing import Auditing
from bot.services.records.erasing import Erasing, stuck
from bot.services.records.retaining import Retaining
from bot.services.reminders import RemindersService
from bot.storage.database import Database
from bot.storage.migrate import LACKS_MIGRATIONS, is_current, upgrade
from bot.web import Readiness, Web
from handlers import Listeners
from handlers.edge import Edge
from handlers.home import AppHome
from handlers.installations import OneInstallation
from handlers.scorecards.command import Scorecards
from handlers.signatures import Signatures
from handlers.slack import Slack
from handlers.slack_api import SlackApi

if TYPE_CHECKING:
    from bot.services.site.service import SiteService
    from handlers.socket_mode import SocketMode

log = logging.getLogger(__name__)

DRAIN = 10.0
"""Seconds that a stop gives the work in flight."""

READY_WITHIN = 2.0
WRITABLE_WITHIN = 3.0

DEAD = 30.0
"""Seconds without a tick after which nothing is sent or reminded of any more."""

FAILING = {
    "identity": "Slack has not said whose SLACK_BOT_TOKEN is",
    "reminders": "reminders have not been planned",
    "outbox": "messages have not been sent",
    "home": "Home tabs have not been updated",
    "members": "who was seen as a member has not been saved",
    "holidays": "calendars of holidays have not been looked at",
    "holiday_calendar": "a calendar of holidays can't be read (panelist doctor says why)",
    "openings": "jobs whose closing day is over still take applications",
    "site": "changes of jobs have not reached the jobs pages",
    "panel_drafts": "forms that were left a week ago have not been removed",
    "erasure": "candidates who are to be erased have not been",
    "retention": "candidates old enough to be erased have not been looked for",
    "audit": "what was done has not been sealed",
    "board": "boards in private channels are not what they should be",
    "database.writes": "the database has refused to save anything",
}
"""What an operator reads of each part that has been failing."""


@dataclass(eq=False)
class Application:
    """Everything that runs; `start` before use, `stop` after."""

    settings: Settings
    clock: Clock
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
    holidays: HolidayCalendars
    openings: OpeningPostings
    panel_drafts: PanelDrafts
    channel_boards: ChannelBoards
    erasing: Erasing
    retaining: Retaining
    auditing: Auditing
    bolt: AsyncApp
    signatures: Signatures | None
    listeners: Listeners
    socket: "SocketMode | None"
    site: "SiteService | None"

    ticker: Ticker = field(init=False)
    chores: Sequence[Chore] = field(init=False)
    page_chores: Sequence[Chore] = field(init=False, default=())
    site_ticker: Ticker | None = field(init=False, default=None)
    metrics: Metrics = field(init=False)
    _has_started: bool = field(init=False, default=False)
    _is_stopping: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.ticker = Ticker(self.tick)
        self.chores = (
            Chore(self.reminders.tick, Outage("reminders")),
            Chore(self.outbox.tick, self.outbox.outage),
            Chore(self.home.refresh, Outage("home")),
            Chore(self.members.tick, Outage("members")),
            Chore(self.holidays.tick, Outage("holidays")),
            Chore(self.openings.tick, Outage("openings")),
            Chore(self.panel_drafts.tick, Outage("panel_drafts")),
            Chore(self.channel_boards.tick, Outage("board")),
            Chore(self.erasing.tick, Outage("erasure")),
            Chore(self.retaining.tick, Outage("retention")),
            Chore(self.auditing.tick, Outage("audit")),
            Chore(self._write_again, self.database.writes),
        )
        if self.site is not None:  # which no slow answer of Slack's holds up
            self.page_chores = (Chore(self.site.refresh, Outage("site")),)
            self.site_ticker = Ticker(self.page_chores[0].run)
        self.metrics = self._measured()

    def _measured(self) -> Metrics:
        metrics = Metrics(self.registry)
        others = (self.database.reads, self.installations.outage, self.holidays.outage)
        metrics.parts(*others, *(chore.outage for chore in (*self.chores, *self.page_chores)))
        metrics.database(self.database)
        metrics.ticks(lambda: self.ticker.seconds_silent)
        metrics.postings(lambda: self.jd.unrecorded, lambda: self.jd.seconds_failing)
        if (socket := self.socket) is not None:
            metrics.socket(lambda: socket.fault is None)
        return metrics

    async def start(self, address: str | None = None) -> None:
        """`address` is where it is served.

        Raises SettingsError where Slack refuses a token or it is of another workspace than the
        database, DatabaseAway without a database.
        """
        await self.connect()
        if self.site is not None:
            await self.site.refresh()
        self.jd.start()
        self.ticker.start()
        if self.site_ticker is not None:
            self.site_ticker.start()
        if self.socket is not None:
            await self.socket.start()
        self._has_started = True
        log.info("started", extra={"address": address or "none", **self._about()})

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
        """Plans what is due, and sends it; a chore that fails holds up no other."""
        for chore in self.chores:
            await chore.run()

    async def stop(self) -> None:
        """Finishes what is in flight, then lets go of everything; what fails holds up no other."""
        self._is_stopping = True
        await self.edge.drain(DRAIN)
        if self.socket is not None:
            await _stopped(self.socket.stop)
        for step in (
            self.scorecards.stop,
            self.outbox.stop,
            self.ticker.stop,
            self._stop_site,
            self._stop_chores,
            self.jd.stop,
            self.members.flush,
            self.disconnect,
            self.database.close,
        ):
            await _stopped(step)
        log.info("stopped")

    async def _stop_site(self) -> None:
        if self.site_ticker is not None:
            await self.site_ticker.stop()

    async def _stop_chores(self) -> None:
        every = (*self.chores, *self.page_chores)
        await asyncio.gather(*(chore.stop(DRAIN) for chore in every))

    async def _write_again(self) -> None:
        """Sees whether a database that took no writes takes them again, where nobody else does."""
        if self.database.writes.seconds:
            await self.database.check_writable()

    def asgi(self) -> Starlette:
        """The routes; whoever serves them calls `start` first and `stop` last."""
        is_slacks = None if self.signatures is None else self.signatures.accept
        has_own_port = self.settings.metrics_port is not None
        page = None if has_own_port else self.metrics_page
        return Web(self.bolt, is_slacks, page, self.readiness, self._site_routes()).asgi()

    def _site_routes(self) -> Sequence[BaseRoute]:
        if self.site is None:
            return ()
        from bot.site import SitePages  # of no use without a public address

        return SitePages(self.site).routes()

    async def metrics_page(self) -> str:
        """Everything that is measured, as Prometheus reads it."""
        depth = states = None
        try:
            async with asyncio.timeout(READY_WITHIN), self.database.read() as tx:
                depth = await tx.undelivered.depth(self.clock.now())
                states = await tx.erasures.states()
        except (UserError, DBAPIError, TimeoutError) as error:
            log.debug("metrics.without_depth", extra={"error": type(error).__name__})
        self.metrics.depth(depth)
        self.metrics.erasures(states)
        return generate_latest(self.registry).decode()

    async def readiness(self) -> Readiness:
        """Faults are what keeps this one process from serving, and no other: an orchestrator takes
        it out for them. What all replicas share would take all of them out."""
        faults, late = [*self._faults()], list[str]()
        try:
            async with asyncio.timeout(READY_WITHIN):
                if not await is_current(self.database):
                    faults.append(LACKS_MIGRATIONS)
                else:
                    late = [*await self._late(), *await self._stuck()]
        except (DatabaseAway, TimeoutError):
            faults.append("the database cannot be reached")
        except UserError as error:
            faults.append(error.text)
        await self._try_to_write()
        return Readiness(faults, [*late, *self._degraded()])

    def _about(self) -> Mapping[str, object]:
        """What an operator asks first of a process."""
        settings = self.settings
        return {
            "version": __version__,
            "mode": "socket" if settings.socket_mode else "http",
            "database": self.database.name,
            "content": settings.panelist_content or "built-in",
        }

    async def _try_to_write(self) -> None:
        """Has `database.writes` say whether anything can be written, which reading does not."""
        try:
            async with asyncio.timeout(WRITABLE_WITHIN):
                await self.database.check_writable()
        except (DatabaseAway, TimeoutError) as error:
            log.debug("readiness.unwritable", extra={"error": type(error).__name__})

    def _faults(self) -> Iterator[str]:
        if not self._has_started:
            yield "Panelist has not started yet"
        if self._is_stopping:
            yield "Panelist is stopping"
        if self.socket is not None and (fault := self.socket.fault) is not None:
            yield fault
        if self.ticker.seconds_silent > DEAD:
            yield f"nothing was sent for {self.ticker.seconds_silent:.0f} seconds: restart Panelist"

    async def _late(self) -> list[str]:
        """The messages that are late, as one sentence, if there are any."""
        now = self.clock.now()
        async with self.database.read() as tx:
            count, since = await tx.undelivered.oldest_late(now)
        if since is None:
            return []
        seconds = (now - since).total_seconds()
        return [f"messages are late: {count}, the oldest by {seconds:.0f} seconds: panelist outbox"]

    async def _stuck(self) -> list[str]:
        """The erasures that need a person, if there are any."""
        async with self.database.read() as tx:
            return list(await stuck(tx, self.clock.now()))

    def _degraded(self) -> Iterator[str]:
        if self.slack.dead_tokens:
            yield "Slack no longer accepts the token"
        if self.installations.refused is not None:
            yield self.installations.refused.text
        if self.signatures is not None and (recent := self.signatures.recent):
            reasons = ", ".join(f"{count} {reason}" for reason, count in recent.items())
            yield f"requests that aren't Slack's in the last 10 minutes: {reasons}"
        others = (self.installations.outage, self.holidays.outage)
        chores = (*self.chores, *self.page_chores)
        for outage in (*others, *(chore.outage for chore in chores)):
            if outage.seconds:
                yield f"{FAILING[outage.name]} for {outage.seconds:.0f} seconds ({outage.cause})"
        if self.jd.seconds_failing:
            yield (
                f"{self.jd.unrecorded} postings wait to be recorded: the database has refused "
                f"some for {self.jd.seconds_failing:.0f} seconds"
            )


async def _stopped(step: Callable[[], Awaitable[object]]) -> None:
    """One step of a stop; an error of it is logged, and the steps after it are taken."""
    try:
        await step()
    except Exception:
        log.exception("stop.failed")

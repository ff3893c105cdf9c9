"""Composition root: settings → engine → library → services → Slack app → ASGI app."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from slack_bolt.adapter.starlette.async_handler import (
    to_async_bolt_request,
    to_starlette_response,
)
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import SystemClock
from bot.config import Settings
from bot.errors import DatabaseAway, UserError
from bot.library.catalogue import Library
from bot.library.documents import Documents
from bot.library.loader import BUILT_IN, load
from bot.logs import quiet_libraries
from bot.scheduling import Ticker
from bot.services.feedback import ScorecardReading
from bot.services.frozen_contents import Contents
from bot.services.home import HomeService
from bot.services.jd import JdService
from bot.services.members import Members
from bot.services.messages.outbox import Outbox
from bot.services.panels.changes import PanelChanges
from bot.services.panels.interview_reminders import PanelReminders
from bot.services.panels.setup import PanelsService
from bot.services.ports import Clock
from bot.services.questions import QuestionsService
from bot.services.reminders import RemindersService
from bot.services.rights import Rights
from bot.services.scorecards.writing import ScorecardsService
from bot.services.workspace import WorkspaceService
from bot.storage.database import Database
from bot.storage.migrate import is_current, upgrade
from handlers import PanelListeners, listeners, register
from handlers.directory import SlackDirectory
from handlers.edge import Edge
from handlers.feedback import FeedbackListeners
from handlers.gate import Gate
from handlers.home import AppHome
from handlers.installations import OneInstallation, authorizer
from handlers.jd import Jd
from handlers.notifier import SlackNotifier
from handlers.panels.changes import PanelsChanges
from handlers.panels.command import Panels
from handlers.panels.details import PanelsDetails
from handlers.panels.kit import PanelsKits
from handlers.panels.setup import PanelsSetup
from handlers.questions import Questions
from handlers.reminders import Reminders
from handlers.scorecards.command import Scorecards
from handlers.slack import Slack
from handlers.slack_api import SlackApi
from handlers.socket_mode import SocketMode
from handlers.views.messages import show

log = logging.getLogger(__name__)

DRAIN = 10.0
"""Seconds that a stop gives the work in flight."""

READY_WITHIN = 2.0

LARGEST_BODY = 1_000_000
"""Bytes; Slack's own limit for a view is 250 kB."""


@dataclass(frozen=True)
class Content:
    """The library with the templates that render it."""

    library: Library
    documents: Documents


def load_content(settings: Settings) -> Content:
    """Raises ContentError with every fault."""
    company = settings.panelist_content
    library = load(company)
    folders = [BUILT_IN] if company is None else [company, BUILT_IN]
    return Content(library, Documents(folders))


class Application:
    """Everything that runs, made from settings; `start` before use, `stop` after."""

    def __init__(
        self,
        settings: Settings,
        content: Content,
        clock: Clock | None = None,
        real: Clock | None = None,
    ) -> None:
        """`real` is the machine's clock, where `clock` has been moved away from Slack's.

        Raises SettingsError where a Slack setting is missing.
        """
        settings.require_slack()
        quiet_libraries()
        assert settings.slack_bot_token is not None  # noqa: S101
        self.settings = settings
        clock = clock or SystemClock()
        token = settings.slack_bot_token.get_secret_value()
        prefix = settings.panelist_command_prefix
        self.registry = CollectorRegistry()
        self.database = Database(settings.database_url)
        self.api = SlackApi(settings.slack_api_url)
        owner = WorkspaceService(self.database)
        self.installations = OneInstallation(token, self.api.identity, owner)
        self.slack = Slack(self.api, self.installations)
        self.edge = Edge(self.slack, self.registry)
        contents = Contents()
        hints = content.library.feedback_hints
        self.outbox = Outbox(
            self.database,
            SlackNotifier(self.slack),
            clock,
            show,
            contents=contents,
            hints=hints,
            real=real,
            registry=self.registry,
        )
        directory = SlackDirectory(self.slack, clock)
        self._members = Members(self.database, directory, clock)
        self.reminders = RemindersService(self.database, directory, clock)
        self._ticker = Ticker(self.tick)
        rights = Rights(settings.panelist_admins, directory, self._members)
        self.jd = JdService(content.library, self.database, rights, clock)
        self.bolt = _slack_app(settings, self.installations)
        jd = Jd(self.jd, content.documents, self.slack, prefix)
        service = QuestionsService(content.library, self.database, clock)
        questions = Questions(service, content.documents, self.slack, prefix)
        flush = self.outbox.flush
        panels = PanelsService(content.library, self.database, rights, contents, clock, flush)
        changes = PanelChanges(self.database, rights, contents, clock, flush)
        reminders = PanelReminders(self.database, rights, clock, flush)
        setup = PanelsSetup(panels, self.slack)
        panel = PanelListeners(
            panels=Panels(panels, reminders, setup, content.documents, self.slack, prefix),
            setup=setup,
            changes=PanelsChanges(changes, self.slack),
            details=PanelsDetails(changes, self.slack),
            kits=PanelsKits(panels, changes, self.slack),
        )
        reading = ScorecardReading(self.database, rights, contents, clock)
        feedback = FeedbackListeners(reading, self.slack)
        cards = ScorecardsService(self.database, contents, hints, clock, flush)
        self._scorecards = Scorecards(cards, feedback, content.documents, self.slack, prefix)
        buttons = Reminders(self.reminders, cards, self.slack)
        home = HomeService(self.database, rights, clock)
        self._home = AppHome(home, self.reminders, self.slack)
        self.listeners = listeners(
            jd, questions, panel, self._scorecards, feedback, buttons, self._home
        )
        gate = Gate(self.installations, rights)
        register(self.bolt, self.listeners, self.edge, gate, prefix)
        self._socket = (
            SocketMode(self.bolt, settings.slack_app_token.get_secret_value(), self.api.client())
            if settings.slack_app_token is not None
            else None
        )

    async def start(self) -> None:
        """Raises SettingsError where Slack refuses a token or it is of another workspace than the
        database, DatabaseAway without a database."""
        await self.connect()
        self.jd.start()
        self._ticker.start()
        if self._socket is not None:
            await self._socket.start()
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
        await self._home.refresh()
        await self._members.tick()

    async def stop(self) -> None:
        """Finishes what is in flight, then lets go of everything."""
        await self.edge.drain(DRAIN)
        if self._socket is not None:
            await self._socket.stop()
        await self._scorecards.stop()
        await self.outbox.stop()
        await self._ticker.stop()
        await self.jd.stop()
        await self._members.flush()
        await self.disconnect()
        await self.database.close()
        log.info("stopped")

    def asgi(self) -> Starlette:
        """The routes; whoever serves them calls `start` first and `stop` last."""
        return Starlette(
            routes=[
                Route("/slack/events", self._events, methods=["POST"]),
                Route("/healthz", self._healthz),
                Route("/readyz", self._readyz),
                Route("/metrics", self._metrics),
            ],
        )

    async def _events(self, request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            answered = await self.bolt.async_dispatch(to_async_bolt_request(request, body))
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            log.warning("request.unreadable", extra={"error": type(error).__name__})
            return Response(status_code=400)
        if answered.status == 401:
            log.warning("signature.refused")
        return to_starlette_response(answered)

    async def _healthz(self, _: Request) -> Response:
        return JSONResponse({"ok": True})

    async def _readyz(self, _: Request) -> Response:
        faults = [fault async for fault in self._faults()]
        return JSONResponse({"ok": not faults, "faults": faults}, 503 if faults else 200)

    async def _metrics(self, _: Request) -> Response:
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)

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


async def _body(request: Request) -> bytes | None:
    """The request's body, unless it is larger than anything that Slack sends."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return body


def _slack_app(settings: Settings, installations: OneInstallation) -> AsyncApp:
    secret = settings.slack_signing_secret
    return AsyncApp(
        name="panelist",
        logger=logging.getLogger("slack_bolt"),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        signing_secret=secret.get_secret_value() if secret is not None else "",
        authorize=authorizer(installations),
    )

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
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import SystemClock
from bot.config import WHERE_TO_FIND, Settings
from bot.errors import DatabaseAway, SettingsError, UserError
from bot.library.catalogue import Library
from bot.library.documents import Documents
from bot.library.loader import BUILT_IN, load
from bot.logs import quiet_libraries
from bot.scheduling import Ticker
from bot.services.candidates import CandidatesService
from bot.services.feedback import ScorecardReading
from bot.services.frozen_contents import Contents
from bot.services.home import HomeService
from bot.services.jd import JdService
from bot.services.messages.outbox import Outbox
from bot.services.openings import OpeningsService
from bot.services.panels.changes import PanelChanges
from bot.services.panels.interview_reminders import PanelReminders
from bot.services.panels.setup import PanelsService
from bot.services.ports import Clock
from bot.services.questions import QuestionsService
from bot.services.reminders import RemindersService
from bot.services.rights import Rights
from bot.services.scorecards.writing import ScorecardsService
from bot.storage.database import Database
from bot.storage.migrate import is_current, upgrade
from handlers import PanelListeners, listeners, register
from handlers.candidates import Candidates
from handlers.directory import SlackDirectory
from handlers.edge import Edge
from handlers.feedback import FeedbackListeners
from handlers.home import AppHome
from handlers.jd import Jd
from handlers.notifier import DEAD_TOKEN, SlackNotifier, SlackRefused
from handlers.panels.changes import PanelsChanges
from handlers.panels.command import Panels
from handlers.panels.details import PanelsDetails
from handlers.panels.kit import PanelsKits
from handlers.panels.setup import PanelsSetup
from handlers.questions import Questions
from handlers.reminders import Reminders
from handlers.scorecards.command import Scorecards
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
        self.notifier = SlackNotifier(token, settings.slack_api_url)
        self.edge = Edge(self.notifier, self.registry)
        contents = Contents()
        hints = content.library.feedback_hints
        self.outbox = Outbox(
            self.database,
            self.notifier,
            clock,
            show,
            contents=contents,
            hints=hints,
            real=real,
            registry=self.registry,
        )
        directory = SlackDirectory(self.notifier, clock)
        self.reminders = RemindersService(self.database, directory, clock)
        self._ticker = Ticker(self.tick)
        rights = Rights(settings.panelist_admins, directory)
        self.jd = JdService(content.library, self.database, rights, clock)
        self.slack = _slack_app(settings, token)
        jd = Jd(self.jd, content.documents, self.notifier, prefix)
        service = QuestionsService(content.library, self.database, clock)
        questions = Questions(service, content.documents, self.notifier, prefix)
        flush = self.outbox.flush
        panels = PanelsService(content.library, self.database, rights, contents, clock, flush)
        changes = PanelChanges(self.database, rights, contents, clock, flush)
        reminders = PanelReminders(self.database, rights, clock, flush)
        openings = OpeningsService(content.library, self.database)
        setup = PanelsSetup(panels, openings, self.notifier)
        panel = PanelListeners(
            panels=Panels(panels, reminders, setup, content.documents, self.notifier, prefix),
            setup=setup,
            changes=PanelsChanges(changes, self.notifier),
            details=PanelsDetails(changes, self.notifier),
            kits=PanelsKits(panels, changes, self.notifier),
            candidates=Candidates(
                CandidatesService(self.database, rights, contents, clock, flush), self.notifier
            ),
        )
        reading = ScorecardReading(self.database, rights, contents, clock)
        feedback = FeedbackListeners(reading, self.notifier)
        cards = ScorecardsService(self.database, contents, hints, clock, flush)
        self._scorecards = Scorecards(cards, feedback, content.documents, self.notifier, prefix)
        buttons = Reminders(self.reminders, cards, self.notifier)
        home = HomeService(self.database, directory, rights, clock)
        self._home = AppHome(home, self.reminders, self.notifier)
        table = listeners(jd, questions, panel, self._scorecards, feedback, buttons, self._home)
        register(self.slack, table, self.edge, prefix)
        self._socket = (
            SocketMode(
                self.slack, settings.slack_app_token.get_secret_value(), self.notifier.client()
            )
            if settings.slack_app_token is not None
            else None
        )

    async def start(self) -> None:
        """Raises SettingsError where Slack refuses a token, DatabaseAway without a database."""
        await upgrade(self.database)
        await self.notifier.start()
        await self._check_token()
        self.jd.start()
        self._ticker.start()
        if self._socket is not None:
            await self._socket.start()
        log.info("started", extra={"socket_mode": self.settings.socket_mode})

    async def tick(self) -> None:
        """Plans what is due, and sends it."""
        try:
            await self.reminders.tick()
        finally:
            await self.outbox.tick()
        await self._home.refresh()

    async def stop(self) -> None:
        """Finishes what is in flight, then lets go of everything."""
        await self.edge.drain(DRAIN)
        if self._socket is not None:
            await self._socket.stop()
        await self._scorecards.stop()
        await self.outbox.stop()
        await self._ticker.stop()
        await self.jd.stop()
        await self.notifier.stop()
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
            answered = await self.slack.async_dispatch(to_async_bolt_request(request, body))
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
        if self.notifier.token_dead:
            yield "Slack no longer accepts the token"
        try:
            async with asyncio.timeout(READY_WITHIN):
                if not await is_current(self.database):
                    yield "the database lacks migrations: run panelist db upgrade"
        except (DatabaseAway, TimeoutError):
            yield "the database cannot be reached"
        except UserError as error:
            yield error.text

    async def _check_token(self) -> None:
        """Asks Slack once who we are; that Slack is away is no reason not to start."""
        try:
            await self.notifier.identity()
        except SlackRefused as refusal:
            if refusal.error in DEAD_TOKEN:
                where = WHERE_TO_FIND["SLACK_BOT_TOKEN"]
                raise SettingsError(
                    f"Slack refuses SLACK_BOT_TOKEN ({refusal.error}). {where}"
                ) from refusal
            log.warning("identity.unknown", extra={"error": refusal.error})
        except UserError:
            log.warning("identity.unknown")


async def _body(request: Request) -> bytes | None:
    """The request's body, unless it is larger than anything that Slack sends."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return body


def _slack_app(settings: Settings, token: str) -> AsyncApp:
    secret = settings.slack_signing_secret
    answers = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

    async def authorize() -> AuthorizeResult:
        return answers

    return AsyncApp(
        name="panelist",
        logger=logging.getLogger("slack_bolt"),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        signing_secret=secret.get_secret_value() if secret is not None else "",
        authorize=authorize,
    )

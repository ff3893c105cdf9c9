"""Wiring: settings → services → listeners. Each part is made once, here or in service_wiring."""

import logging
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from slack_bolt.async_app import AsyncApp

from bot.app import Application
from bot.clock import SystemClock
from bot.config import Settings
from bot.domain.openings.form import Usual
from bot.library.content import LoadedContent
from bot.library.documents import Documents
from bot.logs import quiet_libraries
from bot.service_wiring import Services, services_of
from bot.services.frozen_contents import Contents
from bot.services.openings.approvals import OpeningApprovals
from bot.services.openings.formats import OpeningFormats
from bot.services.openings.forms import OpeningForms
from bot.services.openings.referrals import OpeningReferrals
from bot.services.openings.sharing import BoardsOf, OpeningSharing
from bot.services.ports import Clock
from bot.services.workspace import WorkspaceService
from bot.storage.database import Database
from handlers import OpeningListeners, PanelListeners, listeners, register
from handlers.apply import ApplicationListeners
from handlers.board import BoardListeners
from handlers.candidates import Candidates
from handlers.debriefs.answers import AnswerListeners
from handlers.debriefs.decisions import DecisionListeners
from handlers.debriefs.offers import OfferListeners
from handlers.debriefs.reading import DebriefListeners
from handlers.debriefs.records import RecordListeners
from handlers.edge import Edge
from handlers.feedback import FeedbackListeners
from handlers.gate import Gate
from handlers.home import AppHome
from handlers.installations import OneInstallation, authorizer
from handlers.jd import Jd
from handlers.numbers import HiringStats
from handlers.openings.approvals import OpeningsApprovals
from handlers.openings.forms import OpeningsForms
from handlers.openings.parts import OpeningsParts
from handlers.openings.postings import OpeningsPostings
from handlers.openings.share import OpeningsShare
from handlers.panels.changes import PanelsChanges
from handlers.panels.command import Panels
from handlers.panels.declines import PanelsDeclines
from handlers.panels.details import PanelsDetails
from handlers.panels.kit import PanelsKits
from handlers.panels.setup import PanelsSetup
from handlers.panels.slot import PanelsSlot
from handlers.questions import Questions
from handlers.records.erasing import ErasingListeners
from handlers.records.retaining import RetainingListeners
from handlers.reminders import Reminders
from handlers.scorecards.command import Scorecards
from handlers.scorecards.organizing import ScorecardsOrganizing
from handlers.settings import SettingsListeners
from handlers.signatures import Signatures
from handlers.slack import Slack
from handlers.slack_api import Retries, SlackApi

if TYPE_CHECKING:
    from bot.services.apply.parts import ApplyServices
    from bot.services.site.service import SiteService
    from handlers.socket_mode import SocketMode


def wire(
    settings: Settings,
    content: LoadedContent,
    clock: Clock | None = None,
    real: Clock | None = None,
) -> Application:
    """The application, not yet started.

    `real` is the machine's clock, where `clock` has been moved away from Slack's. Raises
    SettingsError where a Slack setting is missing.
    """
    settings.require_slack()
    quiet_libraries()
    assert settings.slack_bot_token is not None  # noqa: S101
    token = settings.slack_bot_token.get_secret_value()
    clock = clock or SystemClock()
    prefix = settings.panelist_command_prefix
    database = Database(settings.database_url)
    registry = CollectorRegistry()
    api = SlackApi(settings.slack_api_url, registry)
    installations = OneInstallation(token, api.identity, WorkspaceService(database))
    slack = Slack(api, installations)
    services = services_of(settings, content.library, database, slack, registry, clock, real)
    site = _site(settings, content, database, clock)
    edge = Edge(slack, registry)
    documents = content.documents
    feedback = FeedbackListeners(services.reading, slack)
    scorecards = Scorecards(services.scorecards, feedback, documents, slack, prefix)
    home = AppHome(services.home, services.reminders, services.holidays, slack, prefix)
    boards = _boards(settings, content, database)
    opening = _opening_listeners(
        services, documents, slack, prefix, boards, settings.panelist_public_url
    )
    table = listeners(
        Jd(services.jd, opening.forms, opening.postings, documents, slack, prefix),
        Questions(services.questions, services.openings, documents, slack, prefix),
        opening,
        _panel_listeners(services, documents, slack, prefix),
        scorecards,
        ScorecardsOrganizing(services.organizing, slack),
        feedback,
        DebriefListeners(services.debriefs, documents, slack, prefix),
        DecisionListeners(services.deciding, slack),
        OfferListeners(services.offers, slack),
        RecordListeners(services.records, slack),
        AnswerListeners(services.answering, services.debriefs, documents, slack),
        Reminders(services.reminders, services.scorecards, services.reminding, slack),
        home,
        SettingsListeners(services.settings, home),
        _board_listeners(services, documents, slack, prefix),
        ApplicationListeners(services.applications, slack),
        ErasingListeners(services.asking, slack),
        RetainingListeners(services.retaining, home),
    )
    bolt = _bolt(installations)
    register(bolt, table, edge, Gate(installations, services.rights), prefix)
    return Application(
        settings=settings,
        clock=clock,
        registry=registry,
        database=database,
        api=api,
        installations=installations,
        slack=slack,
        edge=edge,
        outbox=services.outbox,
        reminders=services.reminders,
        jd=services.jd,
        scorecards=scorecards,
        home=home,
        members=services.members,
        holidays=services.holidays,
        openings=services.openings,
        panel_drafts=services.panel_drafts,
        channel_boards=services.channel_boards,
        erasing=services.erasing,
        retaining=services.retaining,
        auditing=services.auditing,
        bolt=bolt,
        signatures=_signatures(settings, registry),
        listeners=table,
        socket=_socket_mode(settings, bolt, api),
        site=site,
        apply=_apply(settings, content, database, site, services, clock),
        applications=services.applications,
    )


def _site(
    settings: Settings, content: LoadedContent, database: Database, clock: Clock
) -> "SiteService | None":
    """The jobs pages; None without a public address."""
    if settings.panelist_public_url is None:
        return None
    from bot.services.site.reading import SiteReading  # only here: a start needs none of it
    from bot.services.site.rendering import Site
    from bot.services.site.service import SiteService

    site = Site(content, settings.panelist_public_url, settings.panelist_content)
    return SiteService(site, database, SiteReading(content.library, Contents()), clock)


def _apply(
    settings: Settings,
    content: LoadedContent,
    database: Database,
    site: "SiteService | None",
    services: Services,
    clock: Clock,
) -> "ApplyServices | None":
    """What takes applications; None without a public address."""
    if site is None:
        return None
    from bot.services.apply.parts import apply_services  # only here: a start needs none of it

    keys, flush = services.keys, services.outbox.flush
    return apply_services(
        database, content, site, site.site, keys, settings.clamav_url, clock, flush
    )


def _boards(settings: Settings, content: LoadedContent, database: Database) -> BoardsOf | None:
    """What is known of boards; None where there is nothing that they could read."""
    if settings.panelist_public_url is None:
        return None
    from bot.services.site.boards import SiteBoards

    company = content.library.company
    return SiteBoards(database, settings.panelist_public_url, company).statuses


def _opening_listeners(
    services: Services,
    documents: Documents,
    slack: Slack,
    prefix: str,
    boards: BoardsOf | None,
    public_url: str | None,
) -> OpeningListeners:
    editing = services.job_editing
    company = editing.library.company
    country = next((place.country for place in company.places), None)
    usual = Usual(currency=company.currency, country=country, pages=public_url)
    forms = OpeningForms(editing, usual)
    advice = services.opening_advice
    parts = OpeningsParts(forms, advice, slack, prefix)
    referrals = OpeningReferrals(editing)
    return OpeningListeners(
        forms=OpeningsForms(forms, advice, slack),
        parts=parts,
        postings=OpeningsPostings(services.openings, advice, referrals, parts, slack, prefix),
        share=OpeningsShare(
            OpeningSharing(editing, OpeningFormats(documents, company, public_url), boards),
            slack,
        ),
        approvals=OpeningsApprovals(OpeningApprovals(editing), advice, slack, prefix),
    )


def _board_listeners(
    services: Services, documents: Documents, slack: Slack, prefix: str
) -> BoardListeners:
    verbs = {"stats": HiringStats(services.numbers).stats}
    return BoardListeners(services.board, documents, slack, prefix, verbs)


def _panel_listeners(
    services: Services, documents: Documents, slack: Slack, prefix: str
) -> PanelListeners:
    panels, changes = services.panels, services.panel_changes
    setup = PanelsSetup(panels, services.panel_drafts, slack)
    changing = PanelsChanges(changes, services.panel_times, slack)
    declines = PanelsDeclines(changes, slack)
    return PanelListeners(
        panels=Panels(panels, services.interview_reminders, setup, documents, slack, prefix),
        setup=setup,
        slot=PanelsSlot(panels, services.panel_drafts, changing, slack),
        changes=changing,
        details=PanelsDetails(changes, slack),
        kits=PanelsKits(panels, declines, slack),
        declines=declines,
        candidates=Candidates(services.candidates, slack),
    )


def _socket_mode(settings: Settings, bolt: AsyncApp, api: SlackApi) -> "SocketMode | None":
    if settings.slack_app_token is None:
        return None
    from handlers.socket_mode import SocketMode  # of no use over HTTP

    client = api.client(retries=Retries.NEVER)
    return SocketMode(bolt, settings.slack_app_token.get_secret_value(), client)


def _signatures(settings: Settings, registry: CollectorRegistry) -> Signatures | None:
    """What tells Slack's requests; None in Socket Mode, where none comes over HTTP."""
    if settings.socket_mode:
        return None
    return Signatures(settings.signing_secrets, registry)


def _bolt(installations: OneInstallation) -> AsyncApp:
    """It verifies nothing: `Signatures` has, before it reads a request."""
    return AsyncApp(
        name="panelist",
        logger=logging.getLogger("slack_bolt"),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        request_verification_enabled=False,
        authorize=authorizer(installations),
    )

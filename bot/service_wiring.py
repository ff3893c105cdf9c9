"""The services, each made once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry

from bot.config import Settings
from bot.domain.holidays import HOLIDAYS_FILE
from bot.library.catalogue import Library
from bot.services.apply.keys import Keys
from bot.services.apply.reading import ApplicationReading
from bot.services.board.board import BoardService
from bot.services.board.channels import ChannelBoards
from bot.services.candidates import CandidatesService
from bot.services.debriefs.answering import Answering
from bot.services.debriefs.deciding import Deciding
from bot.services.debriefs.offers import Offers
from bot.services.debriefs.reading import Debriefs
from bot.services.debriefs.records import Records
from bot.services.feedback import ScorecardReading
from bot.services.frozen_contents import Contents
from bot.services.holidays import HolidayCalendars
from bot.services.home import HomeService
from bot.services.jd import JdService
from bot.services.members import Members
from bot.services.messages.outbox import Outbox
from bot.services.numbers import NumbersService
from bot.services.openings.advice import OpeningAdvice
from bot.services.openings.editing import JobEditing
from bot.services.openings.postings import OpeningPostings
from bot.services.panels.changes import PanelChanges
from bot.services.panels.drafts import PanelDrafts
from bot.services.panels.interview_reminders import PanelReminders
from bot.services.panels.setup import PanelsService
from bot.services.panels.times import PanelTimes
from bot.services.ports import Clock
from bot.services.questions import QuestionsService
from bot.services.records.asking import ErasureAsking
from bot.services.records.auditing import Auditing
from bot.services.records.erasing import Erasing
from bot.services.records.retaining import Retaining
from bot.services.remind_now import RemindNow
from bot.services.reminders import RemindersService
from bot.services.rights import Rights
from bot.services.scorecards.organizing import ScorecardOrganizing
from bot.services.scorecards.writing import ScorecardsService
from bot.services.settings import SettingsService
from bot.storage.database import Database
from handlers.directory import SlackDirectory
from handlers.notifier import SlackNotifier
from handlers.slack import Slack
from handlers.views.messages import show

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Services:
    """The use cases, over one database."""

    rights: Rights
    members: Members
    outbox: Outbox
    jd: JdService
    job_editing: JobEditing
    opening_advice: OpeningAdvice
    openings: OpeningPostings
    questions: QuestionsService
    candidates: CandidatesService
    panel_drafts: PanelDrafts
    panels: PanelsService
    panel_changes: PanelChanges
    panel_times: PanelTimes
    interview_reminders: PanelReminders
    scorecards: ScorecardsService
    organizing: ScorecardOrganizing
    reading: ScorecardReading
    debriefs: Debriefs
    deciding: Deciding
    offers: Offers
    records: Records
    answering: Answering
    reminders: RemindersService
    reminding: RemindNow
    home: HomeService
    settings: SettingsService
    board: BoardService
    channel_boards: ChannelBoards
    erasing: Erasing
    retaining: Retaining
    auditing: Auditing
    asking: ErasureAsking
    numbers: NumbersService
    holidays: HolidayCalendars
    keys: Keys
    applications: ApplicationReading


def services_of(
    settings: Settings,
    library: Library,
    database: Database,
    slack: Slack,
    registry: CollectorRegistry,
    clock: Clock,
    real: Clock | None,
) -> Services:
    contents = Contents()
    hints = library.feedback_hints
    directory = SlackDirectory(slack, clock)
    members = Members(database, directory, clock)
    rights = Rights(settings.panelist_admins, directory, members)
    notifier = SlackNotifier(slack)
    outbox = Outbox(
        database,
        notifier,
        clock,
        show,
        contents=contents,
        hints=hints,
        real=real,
        registry=registry,
    )
    folder = settings.panelist_content
    file = None if folder is None else folder / HOLIDAYS_FILE
    key = settings.panelist_secret_key
    keys = Keys(database, key.get_secret_value() if key is not None else None)
    editing = JobEditing(library, database, rights, contents, clock, outbox.flush)
    return Services(
        rights=rights,
        members=members,
        outbox=outbox,
        jd=JdService(library, database, rights, clock),
        job_editing=editing,
        opening_advice=OpeningAdvice(library),
        openings=OpeningPostings(editing),
        questions=QuestionsService(library, database, clock),
        candidates=CandidatesService(database, rights, contents, clock, outbox.flush),
        panel_drafts=PanelDrafts(library, database, rights, directory, contents, clock),
        panels=PanelsService(library, database, rights, contents, clock, outbox.flush),
        panel_changes=PanelChanges(database, rights, contents, clock, outbox.flush),
        panel_times=PanelTimes(database, directory, clock),
        interview_reminders=PanelReminders(database, rights, clock, outbox.flush),
        scorecards=ScorecardsService(database, contents, hints, clock, outbox.flush),
        organizing=ScorecardOrganizing(database, rights, clock, outbox.flush),
        reading=ScorecardReading(database, rights, contents, clock),
        debriefs=Debriefs(database, rights, contents, clock),
        deciding=Deciding(database, rights, contents, hints, clock, outbox.flush),
        offers=Offers(database, rights, contents, clock, outbox.flush),
        records=Records(database, rights, contents, clock),
        answering=Answering(database, rights, clock, outbox.flush),
        reminders=RemindersService(database, directory, clock),
        reminding=RemindNow(database, rights, directory, clock, outbox.flush),
        home=HomeService(
            database,
            rights,
            clock,
            outbox.flush,
            is_company_known=library.company.name is not None,
        ),
        settings=SettingsService(database, rights, clock, outbox.flush),
        board=BoardService(database, rights, clock),
        channel_boards=ChannelBoards(database, clock, outbox.flush),
        erasing=Erasing(database, notifier, real or clock),
        retaining=Retaining(database, rights, clock),
        auditing=Auditing(database, clock),
        asking=ErasureAsking(database, rights, clock),
        numbers=NumbersService(database, rights, clock),
        holidays=HolidayCalendars(database, rights, clock, file),
        keys=keys,
        applications=ApplicationReading(
            database, rights, keys, settings.panelist_public_url, clock, outbox.flush
        ),
    )

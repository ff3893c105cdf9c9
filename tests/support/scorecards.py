"""Scorecards made up for tests, and the services about them with what is under them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import text

from bot.domain.messages import OutboxMessage
from bot.domain.panels.cautions import Caution
from bot.domain.panels.panel import Interview, NewInterview, Panel
from bot.domain.scorecards.parts import ScorecardPart
from bot.domain.scorecards.scorecard import (
    Assessment,
    Choice,
    Recommendation,
    Scorecard,
    ScorecardBody,
    ScorecardForm,
)
from bot.library.catalogue import Library
from bot.services.feedback import ScorecardReading
from bot.services.frozen_contents import Contents
from bot.services.panels.changes import PanelChanges, PanelEdit
from bot.services.panels.setup import PanelsService
from bot.services.scorecards.forms import OpenScorecard, Saved, Submitted
from bot.services.scorecards.writing import ScorecardsService
from bot.storage.database import Database
from tests.support.outbox import rendered
from tests.support.panels import HandClock, new_panel, set_up
from tests.support.people import WORKSPACE, People, rights_of

MARKERS = ("quokka", "wombat", "numbat", "bilby", "potoroo")
"""Words that occur nowhere but in what a test writes into a scorecard."""


def body(
    focus: Iterable[str] = ("debugging",),
    evidence: str = "Found the quokka by halving the search.",
    **changes: object,
) -> ScorecardBody:
    whole = ScorecardBody(
        assessments=tuple(Assessment(id, Choice.SOLID, evidence) for id in focus),
        recommendation=Recommendation.YES,
        notes="Some notes about the wombat.",
        probe_next="Ask about the numbat.",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


@dataclass
class Desk:
    """The services about panels and scorecards over one database."""

    library: Library
    database: Database
    url: str = ""
    panel_id: str = "p1"
    people: People = field(default_factory=People)
    clock: HandClock = field(default_factory=HandClock)
    flushes: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        contents, rights = Contents(), rights_of(self.people, self.database, self.clock)
        shared = (self.clock, lambda: self.flushes.append(1))
        self.panels = PanelsService(self.library, self.database, rights, contents, *shared)
        self.changes = PanelChanges(self.database, rights, contents, *shared)
        hints = self.library.feedback_hints
        self.scorecards = ScorecardsService(self.database, contents, hints, *shared)
        self.reading = ScorecardReading(self.database, rights, contents, self.clock)

    async def set_up(self, *interviews: NewInterview, **changes: object) -> Panel:
        new = new_panel(self.library, *interviews, **changes)
        return (await set_up(self.panels, "U1", new)).panel

    async def held(self, *interviews: NewInterview, **changes: object) -> Panel:
        """A panel whose interviews are over."""
        panel = await self.set_up(*interviews, **changes)
        self.clock.set(max(item.ends_at for item in panel.on))
        return panel

    async def now(self) -> Panel:
        async with self.database.read() as tx:
            panel = await tx.panels.get(WORKSPACE, self.panel_id)
        assert panel is not None
        return panel

    async def open(self, item: Interview, user: str = "") -> OpenScorecard:
        return await self.scorecards.open(WORKSPACE, user or item.interviewer, item.id)

    async def save(
        self, form: ScorecardForm, body: ScorecardBody, user: str, at: Decimal | None = None
    ) -> Saved:
        part = ScorecardPart.whole(body)
        return await self.scorecards.save(WORKSPACE, user, form, part, at)

    async def submits(self, form: ScorecardForm, body: ScorecardBody, user: str) -> Submitted:
        """Submits a form that holds all of it."""
        part = ScorecardPart.whole(body)
        return await self.scorecards.submit(WORKSPACE, user, form, part)

    async def submit(
        self, item: Interview, shown_body: ScorecardBody | None = None, user: str = ""
    ) -> Submitted:
        """Opens the form, fills it in and submits it."""
        sheet = await self.open(item, user)
        filled = shown_body or body(item.focus)
        return await self.submits(sheet.form, filled, user or item.interviewer)

    async def kept(self, item: Interview, user: str = "") -> Scorecard | None:
        async with self.database.read() as tx:
            return await tx.scorecards.get(WORKSPACE, item.id, user or item.interviewer)

    async def change(self, panel: Panel, item: Interview, how: str, *arguments: object) -> Panel:
        """An organizer changes an interview, and was told whatever there is to say before."""
        told = frozenset((item.id, caution) for caution in Caution)
        edit = PanelEdit(panel.id, panel.revision, item.id, told)
        return (await getattr(self.changes, how)(WORKSPACE, "U1", edit, *arguments)).panel

    async def count(self, table: str) -> int:
        async with self.database.read() as tx:
            found = await tx.connection.execute(text(f"SELECT count(*) FROM {table}"))
        return int(found.scalar_one())

    async def enqueued(self, kind: str = "scorecard") -> dict[str, OutboxMessage]:
        """The messages of these kinds, by key."""
        async with self.database.read() as tx:
            query = text("SELECT key FROM outbox WHERE kind LIKE :kind ORDER BY key")
            keys = (await tx.connection.execute(query, {"kind": f"{kind}%"})).scalars().all()
            found = [await tx.outbox.get(WORKSPACE, key) for key in keys]
        return {message.key: message for message in found if message is not None}

    async def all_sent(self) -> None:
        """As if Slack had taken everything."""
        async with self.database.write() as tx:
            await tx.connection.execute(text("UPDATE outbox SET state = 'sent', ts = '1.1'"))

    async def rendered(self, message: OutboxMessage) -> object | None:
        async with self.database.read() as tx:
            hints = tuple(self.library.feedback_hints)
            return await rendered(tx, message, self.clock.now(), hints=hints)


def of(panel: Panel, user: str) -> Interview:
    return next(item for item in panel.on if item.interviewer == user)

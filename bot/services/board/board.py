"""The board: what all candidates wait for in whose hiring somebody has a part, and one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.applications import Source, Stage
from bot.domain.audit import AuditEntry
from bot.domain.board import Board, BoardInterview, BoardLine
from bot.domain.openings.opening import Opening
from bot.domain.rights import Access, Act
from bot.domain.scorecards.closing import Closing, ClosingKind
from bot.errors import UserError
from bot.services.ports import Clock
from bot.services.rights import Rights, require
from bot.services.waiting import board_of
from bot.storage.board.board import Shown
from bot.storage.database import Database, Transaction

NO_CANDIDATE = "There's no such candidate, or you have no part in their hiring."
ADMINS_ONLY = "Only an admin can see everyone's candidates."
MOST_HAPPENINGS = 30

DECISIONS = (
    *("debrief.decided", "debrief.amended", "debrief.confirmed", "debrief.undone"),
    *("debrief.answered", "debrief.hired", "debrief.turned_down", "debrief.offer_undone"),
)
"""Told to those who see how far the application is, and have no scorecard to write."""

TOLD = (
    "interview.added",
    "interview.changed",
    "interview.replaced",
    "interview.cancelled",
    "interview.declined",
    "interview.accepted",
    "panel.details",
    "scorecard.reminded",
    *DECISIONS,
)
"""Entries of the audit that are told of a candidate: none says who has read what."""


class BoardScope(StrEnum):
    """Whose candidates are shown."""

    EVERYTHING = "everything"
    """All in whose hiring the reader has a part."""
    MINE = "mine"
    """Those whose hiring the reader organizes, rather than only interviews for."""
    LATE = "late"
    ALL = "all"
    """The whole workspace's, for admins."""


@dataclass(frozen=True)
class BoardFilter:
    """Which of them: of a scope, of one opening, at one stage, or of one name."""

    scope: BoardScope = BoardScope.EVERYTHING
    opening: str | None = None
    stage: Stage | None = None
    name: str = ""


@dataclass(frozen=True)
class BoardPage:
    """A board as one person asked for it.

    `openings` and `stages` are what they could ask for instead.
    """

    board: Board
    filter: BoardFilter
    access: Access
    openings: Sequence[Opening] = ()
    stages: Sequence[Stage] = ()

    @property
    def remindable(self) -> Sequence[BoardInterview]:
        """The late scorecards of other people whom the reader may remind."""
        return [one for _, one in self.board.late if may_remind(self.access, one)]


class HappeningKind(StrEnum):
    """What happened to a candidate, so far as no entry of the audit says it."""

    REFERRED = "referred"
    SET_UP = "set_up"
    SUBMITTED = "submitted"
    NO_SHOW = "no_show"
    DID_NOT_INTERVIEW = "did_not_interview"
    CLOSED = "closed"
    REASSIGNED = "reassigned"


CLOSED: dict[ClosingKind, HappeningKind] = {
    ClosingKind.SCORECARD: HappeningKind.SUBMITTED,
    ClosingKind.NO_SHOW: HappeningKind.NO_SHOW,
    ClosingKind.DID_NOT_INTERVIEW: HappeningKind.DID_NOT_INTERVIEW,
    ClosingKind.CLOSED: HappeningKind.CLOSED,
    ClosingKind.REASSIGNED: HappeningKind.REASSIGNED,
}


@dataclass(frozen=True)
class Happening:
    """Something that happened: who did what when, and to whom if to anybody.

    `what` is of a HappeningKind, or the action of an entry of the audit.
    """

    at: datetime
    what: str
    actor: str | None = None
    person: str | None = None


@dataclass(frozen=True)
class CandidateSheet:
    """One candidate for one opening as one person sees them, and what happened, the last first."""

    line: BoardLine
    happenings: Sequence[Happening]
    access: Access
    now: datetime
    has_application: bool = False
    """Whether they applied on the job's own page, and the reader may read with what."""

    @property
    def remindable(self) -> Sequence[BoardInterview]:
        return [one for one in self.line.late if may_remind(self.access, one)]

    @property
    def own(self) -> BoardInterview | None:
        """The scorecard that is due from the reader."""
        user = self.access.user
        due = (one for one in self.line.interviews if one.is_due_from(user))
        return next(due, None)


def may_remind(access: Access, one: BoardInterview) -> bool:
    """Whether it is late, someone else's, and of a panel that the person may change."""
    is_others = one.progress.owner != access.user
    return one.is_late and is_others and access.may(Act.CHANGE_PANEL, one.panel)


class BoardService:
    """Everybody sees what `bot/domain/rights.py` lets them, and state alone."""

    def __init__(self, database: Database, rights: Rights, clock: Clock) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock

    async def board(self, workspace: str, user: str, asked: BoardFilter) -> BoardPage:
        """What the person asked for. Raises UserError where it isn't for them."""
        access = await self._rights.access(workspace, user)
        require(access, Act.SEE_BOARD)
        if asked.scope is BoardScope.ALL:
            _require_whole(access)
        now = self._clock.now()
        async with self._database.read() as tx:
            whole = await board_of(tx, access, _shown(access, asked), now)
            if asked.opening and not _has(whole, asked.opening):
                one = Shown(user, all=access.is_admin, opening=asked.opening)
                whole = await board_of(tx, access, one, now)
        board = whole.only(lambda line: _is_asked_for(line, asked, user))
        stages = {line.shown_stage for line in whole.lines}
        return BoardPage(
            board=board,
            filter=asked,
            access=access,
            openings=[one.opening for one in whole.openings],
            stages=[stage for stage in Stage if stage in stages],
        )

    async def candidate(self, workspace: str, user: str, application: str) -> CandidateSheet:
        """One of them, as things are now. Raises UserError where the person has no part in it."""
        access = await self._rights.access(workspace, user)
        require(access, Act.SEE_BOARD)
        now = self._clock.now()
        shown = Shown(user, all=access.is_admin, application=application)
        async with self._database.read() as tx:
            found = (await board_of(tx, access, shown, now)).lines
            if not found:
                raise UserError(NO_CANDIDATE)
            happenings = await _happenings(tx, workspace, found[0])
            by_form = await tx.submissions.with_submissions(workspace, [application])
        may = access.may_of_application(Act.READ_APPLICATION, found[0].opening)
        has_application = may and application in by_form
        return CandidateSheet(found[0], happenings, access, now, has_application)


def _require_whole(access: Access) -> None:
    if not access.may(Act.SEE_WHOLE_BOARD):
        raise UserError(ADMINS_ONLY)


def _shown(access: Access, asked: BoardFilter) -> Shown:
    return Shown(access.user, all=asked.scope is BoardScope.ALL, name=asked.name)


def _has(board: Board, opening: str) -> bool:
    return any(line.opening.id == opening for line in board.lines)


def _is_asked_for(line: BoardLine, asked: BoardFilter, user: str) -> bool:
    if asked.scope is BoardScope.MINE and not line.is_organized_by(user):
        return False
    if asked.scope is BoardScope.LATE and not line.late:
        return False
    if asked.opening and line.opening.id != asked.opening:
        return False
    return asked.stage is None or line.shown_stage is asked.stage


async def _happenings(tx: Transaction, workspace: str, line: BoardLine) -> Sequence[Happening]:
    """What happened to the candidate as far as the reader sees them, the last first.

    How it all began is for those who see how far the application is.
    """
    panels = {panel.id: panel for panel in line.panels}
    closings = await tx.scorecards.closings_of(
        workspace, [item.id for panel in line.panels for item in panel.interviews]
    )
    sees_decisions = line.decision is not None and line.stage is not None
    told = [one for one in TOLD if sees_decisions or one not in DECISIONS]
    entries = await tx.audit.about(workspace, list(panels))
    found = [
        *_referral(line),
        *(Happening(one.created_at, HappeningKind.SET_UP, one.set_up_by) for one in line.panels),
        *(_closed(one) for several in closings.values() for one in several),
        *(_done(entry, line) for entry in entries if entry.action in told),
    ]
    return sorted(found, key=_order, reverse=True)[:MOST_HAPPENINGS]


def _order(one: Happening) -> tuple[datetime, str, str, str]:
    """By when; what was done at one moment stands in the same order each time."""
    return one.at, one.what, one.actor or "", one.person or ""


def _referral(line: BoardLine) -> list[Happening]:
    """Who told us of the candidate, for whoever may know of the application."""
    application = line.application
    if line.stage is None or application.source is not Source.REFERRAL:
        return []
    return [Happening(application.applied_at, HappeningKind.REFERRED, application.referrer)]


def _closed(one: Closing) -> Happening:
    return Happening(one.at, CLOSED[one.how], one.actor, one.receiver)


def _done(entry: AuditEntry, line: BoardLine) -> Happening:
    items = (item for panel in line.panels for item in panel.interviews)
    people = {item.id: item.interviewer for item in items}
    return Happening(entry.at, entry.action, entry.actor, people.get(entry.part or ""))

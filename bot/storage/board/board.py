"""Which applications stand on somebody's board, in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true, union
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.applications import Application, Stage
from bot.domain.board import OVER
from bot.domain.candidates import Candidate
from bot.domain.names import has_words, search_key
from bot.domain.openings.opening import HIRING, Opening
from bot.storage.applications import application_of, applications
from bot.storage.candidates import CANDIDATE_COLUMNS, candidate_of, candidates, is_merged
from bot.storage.openings import decided_by, kept_by, opening_columns, opening_of, openings
from bot.storage.panels.rows import interviews, organized_by, panels

GOING_ON = tuple(stage for stage in Stage if stage not in OVER)

Row = tuple[Application, Candidate, Opening]


@dataclass(frozen=True)
class Shown:
    """Which applications are meant: those that the user has a part in, or `all`; of one opening,
    of a candidate of this name, or that one application alone where these are given.

    Whoever is looked for by name or by id is found at any stage.
    """

    user: str = ""
    all: bool = False
    opening: str | None = None
    name: str = ""
    application: str | None = None


class BoardStore:
    """The board within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def pressing(
        self, workspace: str, shown: Shown, now: datetime, most: int
    ) -> Sequence[Row]:
        """Those for whom a scorecard is due, or somebody to be found, whatever their stage."""
        columns, waiting = applications.c, _is_waiting(now)
        where: ColumnElement[bool]
        if shown.all:
            of = select(panels.c.application).join_from(panels, interviews, _of_panel())
            where = columns.id.in_(of.where(panels.c.workspace == workspace, waiting))
        else:
            of_it = and_(panels.c.workspace == workspace, panels.c.application == columns.id)
            where = exists().where(of_it, _of_panel(), waiting).correlate(applications)
        return await self._rows(workspace, shown, where, most)

    async def going_on(self, workspace: str, shown: Shown, most: int) -> Sequence[Row]:
        """Those whose application goes on, the newest first."""
        is_looked_for = shown.name or shown.application
        goes_on = applications.c.stage.in_(GOING_ON) & openings.c.status.in_(HIRING)
        return await self._rows(workspace, shown, true() if is_looked_for else goes_on, most)

    async def _rows(
        self, workspace: str, shown: Shown, where: ColumnElement[bool], most: int
    ) -> Sequence[Row]:
        columns = applications.c
        query = (
            select(applications, *CANDIDATE_COLUMNS, *opening_columns("opening_"))
            .join(candidates, _same(workspace, candidates.c, columns.candidate))
            .join(openings, _same(workspace, openings.c, columns.opening))
            .where(columns.workspace == workspace, ~is_merged(), where)
            .order_by(columns.applied_at.desc(), columns.id)
            .limit(most)
        )
        if not shown.all:
            query = query.where(columns.id.in_(_visible_to(workspace, shown.user)))
        if shown.opening is not None:
            query = query.where(columns.opening == shown.opening)
        if shown.application is not None:
            query = query.where(columns.id == shown.application)
        if shown.name:
            query = query.where(_is_called(shown.name))
        rows = (await self._connection.execute(query)).mappings()
        found = [
            (application_of(row), candidate_of(row), opening_of(row, "opening_")) for row in rows
        ]
        # Where words begin is known from the name alone, so the database only narrows it down.
        return [row for row in found if not shown.name or has_words(row[1].name, shown.name)]


def _same(workspace: str, columns: object, id: ColumnElement[str]) -> ColumnElement[bool]:
    return and_(columns.workspace == workspace, columns.id == id)  # type: ignore[attr-defined]


def _of_panel() -> ColumnElement[bool]:
    """The interviews of a panel that was not canceled."""
    return and_(
        interviews.c.workspace == panels.c.workspace,
        interviews.c.panel == panels.c.id,
        panels.c.cancelled_at.is_(None),
    )


def _is_waiting(now: datetime) -> ColumnElement[bool]:
    """The interviews that are over or declined, and not closed."""
    columns = interviews.c
    return and_(
        columns.cancelled_at.is_(None),
        columns.closed_at.is_(None),
        or_(columns.ends_at <= now, columns.declined_at.is_not(None)),
    )


def _visible_to(workspace: str, user: str) -> Select[tuple[str]]:
    """The applications for openings that somebody keeps or decides about, and of panels they have a
    part in.

    Asked one by one and put together: in one question the databases would read every application.
    """
    of_opening = (
        select(applications.c.id)
        .join(openings, _same(workspace, openings.c, applications.c.opening))
        .where(applications.c.workspace == workspace)
    )
    kept, decided = of_opening.where(kept_by(user)), of_opening.where(decided_by(user))
    is_on = and_(panels.c.workspace == workspace, panels.c.cancelled_at.is_(None))
    organized = select(panels.c.application).where(is_on, organized_by(user))
    interviewing = (
        select(panels.c.application)
        .join(interviews, _of_panel())
        .where(is_on, interviews.c.interviewer == user, interviews.c.cancelled_at.is_(None))
    )
    found = union(kept, decided, organized, interviewing).subquery()
    return select(found.c[0])


def _is_called(name: str) -> ColumnElement[bool]:
    words = [word for word in map(search_key, name.split()) if word]
    if not words:
        return false()
    return and_(*(candidates.c.key.contains(word, autoescape=True) for word in words))

"""Figures over interviews and scorecards, added up by the database."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    exists,
    extract,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.numbers import A_DAY, Load, Times, Timing, Took
from bot.storage.applications import applications
from bot.storage.debriefs.answers import answers
from bot.storage.debriefs.decisions import decisions
from bot.storage.openings import openings
from bot.storage.panels.rows import interviews, panels
from bot.storage.scorecards.due import due_since, owner_of
from bot.storage.scorecards.rows import scorecards


class NumbersStore:
    """Figures within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def loads(
        self, workspace: str, until: datetime, edges: Sequence[datetime]
    ) -> Sequence[Load]:
        """Whose interviews they were, by team, in each of the slices of time that begin at these
        edges, the latest first."""
        columns, person = interviews.c, owner_of(interviews)
        slice = case(
            *((columns.ends_at >= edge, number) for number, edge in enumerate(edges[:-1])),
            else_=len(edges) - 1,
        )
        held = (
            select(
                slice.label("slice"),
                columns.panel,
                person.label("person"),
                _is_submitted(person).label("submitted"),
            )
            .where(_was_held(workspace, edges[-1], until, person))
            .cte("held")
        )
        query = (
            select(
                held.c.slice,
                openings.c.team,
                held.c.person,
                func.count(),
                func.sum(held.c.submitted),
            )
            .join(panels, and_(panels.c.workspace == workspace, panels.c.id == held.c.panel))
            .join(
                applications,
                and_(
                    applications.c.workspace == workspace,
                    applications.c.id == panels.c.application,
                ),
            )
            .join(
                openings,
                and_(openings.c.workspace == workspace, openings.c.id == applications.c.opening),
            )
            .group_by(held.c.slice, openings.c.team, held.c.person)
        )
        return [Load(*row) for row in await self._connection.execute(query)]

    async def timing(
        self, workspace: str, since: datetime, until: datetime, person: str | None = None
    ) -> Timing:
        """How long the scorecards of interviews of that time took, everybody's or one person's."""
        owner = owner_of(interviews)
        whose = () if person is None else (owner == person,)
        seconds = _seconds(_submitted_at(owner)) - _seconds(due_since())
        taken = (
            select(case((seconds < 0, 0), else_=seconds).label("seconds"))
            .where(_was_held(workspace, since, until, owner), *whose)
            .cte("taken")
        )
        submitted = func.count(taken.c.seconds).over()
        ranked = select(
            taken.c.seconds,
            func.row_number()
            .over(order_by=(taken.c.seconds.is_(null()), taken.c.seconds))
            .label("place"),
            submitted.label("submitted"),
        ).cte("ranked")
        columns = ranked.c
        is_quick = and_(
            columns.seconds.is_not(null()), columns.seconds <= A_DAY // timedelta(seconds=1)
        )
        query = select(
            func.count(),
            func.max(columns.submitted),
            func.sum(case((is_quick, 1), else_=0)),
            func.max(case((columns.place == _place(columns.submitted, 5), columns.seconds))),
            func.max(case((columns.place == _place(columns.submitted, 9), columns.seconds))),
        )
        due, count, quick, median, ninth = (await self._connection.execute(query)).one()
        if not due:
            return Timing()
        times = None
        if count:
            times = Times(timedelta(seconds=median), timedelta(seconds=ninth))
        return Timing(due, count, quick, times)

    async def decided(self, workspace: str, since: datetime, until: datetime) -> Sequence[Took]:
        """How long after the last scorecard before it each panel was first decided about."""
        made, other = decisions.c, decisions.alias().c
        is_first = ~exists().where(
            other.workspace == made.workspace,
            other.panel == made.panel,
            other.number < made.number,
            *_holds(other),
        )
        at = _counts_at(made)
        is_of = and_(
            interviews.c.workspace == scorecards.c.workspace,
            interviews.c.id == scorecards.c.interview,
        )
        last = (
            select(func.max(scorecards.c.submitted_at))
            .join(interviews, is_of)
            .where(interviews.c.workspace == made.workspace, interviews.c.panel == made.panel)
            .where(scorecards.c.submitted_at <= at)
            .correlate(decisions)
            .scalar_subquery()
        )
        query = select(at, made.person, last).where(made.workspace == workspace, is_first)
        query = query.where(*_holds(made), at >= since, at < until)
        return _took(await self._connection.execute(query))

    async def answered(self, workspace: str, since: datetime, until: datetime) -> Sequence[Took]:
        """How long after the decision before it each candidate was told."""
        told, made = answers.c, decisions.c
        before = (
            select(func.max(_counts_at(made)))
            .join(panels, and_(panels.c.workspace == made.workspace, panels.c.id == made.panel))
            .where(panels.c.workspace == told.workspace)
            .where(panels.c.application == told.application, *_holds(made))
            .where(_counts_at(made) <= told.at)
            .correlate(answers)
            .scalar_subquery()
        )
        query = select(told.at, told.person, before).where(told.workspace == workspace)
        query = query.where(told.at >= since, told.at < until)
        return _took(await self._connection.execute(query))

    async def has_part(self, workspace: str, user: str) -> bool:
        """Whether the person is recruiter or hiring manager of any panel or opening."""
        for table in (panels, openings):
            columns = table.c
            query = select(columns.id).where(
                columns.workspace == workspace,
                or_(columns.recruiter == user, columns.hiring_manager == user),
            )
            if (await self._connection.execute(query.limit(1))).first() is not None:
                return True
        return False


def _counts_at(made: Any) -> ColumnElement[datetime]:
    return func.coalesce(made.confirmed_at, made.at)


def _holds(made: Any) -> Sequence[ColumnElement[bool]]:
    """Of decisions: they weren't undone, and wait for nobody."""
    is_pending = and_(made.needs_second, made.confirmed_at.is_(null()))
    return made.undone_at.is_(null()), ~is_pending


def _took(rows: Iterable[Any]) -> Sequence[Took]:
    """What waited for nothing that is known is left out."""
    return [Took(at, person, at - since) for at, person, since in rows if since is not None]


def _was_held(
    workspace: str, since: datetime, until: datetime, owner: ColumnElement[str]
) -> ColumnElement[bool]:
    """Of interviews: they took place then, as far as anybody knows, and a scorecard is in or still
    to come."""
    columns = interviews.c
    is_own = owner == columns.interviewer
    is_to_come = and_(columns.closed_at.is_(null()), or_(columns.declined_at.is_(null()), ~is_own))
    return and_(
        columns.workspace == workspace,
        columns.ends_at >= since,
        columns.ends_at < until,
        columns.cancelled_at.is_(null()),
        or_(is_to_come, _submitted_at(owner).is_not(null())),
    )


def _submitted_at(owner: ColumnElement[str]) -> ColumnElement[datetime]:
    """Of interviews: when their scorecard was first submitted; null where it was not."""
    columns = scorecards.c
    return (
        select(columns.submitted_at)
        .where(
            columns.workspace == interviews.c.workspace,
            columns.interview == interviews.c.id,
            columns.interviewer == owner,
        )
        .correlate(interviews)
        .scalar_subquery()
    )


def _is_submitted(owner: ColumnElement[str]) -> ColumnElement[int]:
    return case((_submitted_at(owner).is_not(null()), 1), else_=0)


def _seconds(moment: ColumnElement[datetime]) -> ColumnElement[int]:
    return cast(extract("epoch", moment), Integer)


def _place(number: ColumnElement[int], tenths: int) -> ColumnElement[int]:
    """The same as `place_of`."""
    return (number * tenths + 9) // 10

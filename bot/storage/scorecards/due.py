"""Whose an interview's scorecard is and when it is due, as the database is asked for it.

The same as `DueScorecard` says of one that has been read.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    case,
    func,
    null,
    or_,
    select,
)

from bot.storage.panels.rows import interviews
from bot.storage.scorecards.closings import closings


def reassigned_to(of: FromClause) -> ScalarSelect[str]:
    """To whom the scorecard of an interview `of` these was reassigned last; null where it was
    not."""
    columns = closings.c
    return (
        select(columns.receiver)
        .where(columns.workspace == of.c.workspace, columns.interview == of.c.id)
        .where(columns.receiver.is_not(null()))
        .order_by(columns.number.desc())
        .limit(1)
        .correlate(of)
        .scalar_subquery()
    )


def owner_of(of: FromClause) -> ColumnElement[str]:
    """Whose the scorecard is."""
    return func.coalesce(reassigned_to(of), of.c.interviewer)


def _is_open() -> Sequence[ColumnElement[bool]]:
    """Of interviews: they take place, and nothing closed them. Said so in every query, since the
    databases' indexes are of these."""
    return interviews.c.cancelled_at.is_(null()), interviews.c.closed_at.is_(null())


def is_pending() -> Sequence[ColumnElement[bool]]:
    """Of interviews: a scorecard is still to come."""
    columns = interviews.c
    is_anothers = owner_of(interviews) != columns.interviewer
    return *_is_open(), or_(columns.declined_at.is_(null()), is_anothers)


def needs_replacement() -> Sequence[ColumnElement[bool]]:
    """Of interviews: their interviewer can't make it, and nothing was done about it."""
    columns = interviews.c
    is_own = owner_of(interviews) == columns.interviewer
    return *_is_open(), columns.declined_at.is_not(null()), is_own


def due_since() -> ColumnElement[datetime]:
    """Of interviews: from when on their scorecard is due."""
    columns = interviews.c
    is_later = columns.entered_at > columns.ends_at
    return case((is_later, columns.entered_at), else_=columns.ends_at)


def is_due(now: datetime) -> Sequence[ColumnElement[bool]]:
    """Of interviews: a scorecard is still to come, and they are over."""
    return *is_pending(), interviews.c.ends_at <= now

"""Whose an interview's scorecard is and when it is due, as the database is asked for it.

The same as `DueScorecard` says of one that has been read.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, func, null, select

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


def is_pending() -> Sequence[ColumnElement[bool]]:
    """Of interviews: a scorecard is still to come."""
    columns = interviews.c
    return columns.cancelled_at.is_(null()), columns.closed_at.is_(null())


def is_due(now: datetime) -> Sequence[ColumnElement[bool]]:
    """Of interviews: a scorecard is still to come, and they are over."""
    return *is_pending(), interviews.c.ends_at <= now

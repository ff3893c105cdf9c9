"""For how long workspaces keep what they have, and who is old enough, in the database."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    Column,
    Integer,
    Select,
    String,
    Table,
    and_,
    case,
    delete,
    func,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.applications import Stage
from bot.domain.board import OVER
from bot.domain.messages import MessageState
from bot.domain.records.retention import (
    AUDIT_DAYS,
    MESSAGES_DAYS,
    Ended,
    Retention,
    RetentionPolicy,
)
from bot.storage.applications import applications
from bot.storage.candidates import candidates, is_merged
from bot.storage.debriefs.answers import answers
from bot.storage.debriefs.decisions import decisions
from bot.storage.outbox import outbox
from bot.storage.panels.rows import interviews, panels
from bot.storage.records.erasures import erasures, holds
from bot.storage.schema import Moment, metadata, upsert
from bot.storage.scorecards.rows import scorecards

AT_ONCE = 500
"""Rows of the outbox that go at once."""

retention = Table(
    "retention",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("days", Integer),
    Column("not_hired_days", Integer),
    Column("messages_days", Integer, nullable=False, server_default=str(MESSAGES_DAYS)),
    Column("audit_days", Integer, nullable=False, server_default=str(AUDIT_DAYS)),
    Column("announced_at", Moment),
    Column("due", Integer, nullable=False, server_default="0"),
)
"""`days` is null where everybody is kept."""


class RetentionStore:
    """How long things are kept, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, workspace: str, *, lock: bool = False) -> Retention:
        """What the workspace has chosen; the defaults where it has chosen nothing. Locked, nobody
        else changes it until the transaction ends."""
        if lock:
            first = upsert(self._connection, retention, _row(_default(workspace)))
            await self._connection.execute(first.on_conflict_do_nothing())
        query = select(retention).where(retention.c.workspace == workspace)
        query = query.with_for_update() if lock else query
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return _default(workspace) if row is None else _of(row)

    async def put(self, item: Retention) -> None:
        this = retention.c.workspace == item.policy.workspace
        await self._connection.execute(update(retention).where(this).values(_row(item)))

    async def ended(self, workspace: str, before: datetime) -> Sequence[Ended]:
        """Those with whom nothing has happened since then, the earliest first: not those who are
        being erased already, or held."""
        last = _last(workspace)
        ended = func.coalesce(func.max(last.c.ended_at), candidates.c.created_at)
        columns = candidates.c
        query = (
            select(columns.id, ended.label("ended_at"), func.max(last.c.is_hired).label("is_hired"))
            .outerjoin(last, last.c.candidate == columns.id)
            .where(columns.workspace == workspace, ~is_merged())
            .where(columns.id.not_in(_of_workspace(erasures, workspace)))
            .where(columns.id.not_in(_of_workspace(holds, workspace)))
            .group_by(columns.id, columns.created_at)
            .having(ended <= literal(before, Moment))
            .order_by(ended, columns.id)
        )
        rows = await self._connection.execute(query)
        return [Ended(row.id, row.ended_at, bool(row.is_hired)) for row in rows]

    async def forget_messages(self, workspace: str, before: datetime) -> int:
        """Forgets messages sent or given up before then, but for those about one candidate, which
        go with them; how many."""
        columns = outbox.c
        about_nobody = (
            columns[name].is_(None) for name in ("panel", "interview", "scorecard", "application")
        )
        over = columns.state.in_((MessageState.SENT, MessageState.FAILED))
        old = (
            select(columns.key)
            .where(columns.workspace == workspace, over, *about_nobody)
            .where(func.coalesce(columns.claimed_at, columns.due_at) < literal(before, Moment))
            .limit(AT_ONCE)
        )
        statement = delete(outbox).where(columns.workspace == workspace, columns.key.in_(old))
        return (await self._connection.execute(statement)).rowcount


def _last(workspace: str) -> CTE:
    """For each application whose it is, from when on it ages, and whether they were hired.

    Of one that is over, and about which something was decided, the decision counts; of any other
    the last thing that happened, or is planned.
    """
    of_panel = select(panels.c.application)
    joined = of_panel.where(panels.c.workspace == workspace)
    events = [
        select(applications.c.id.label("application"), applications.c.applied_at.label("at")).where(
            applications.c.workspace == workspace
        ),
        joined.add_columns(panels.c.created_at.label("at")),
        joined.join(interviews, _part(interviews, "panel", panels)).add_columns(
            interviews.c.ends_at.label("at")
        ),
        joined.join(interviews, _part(interviews, "panel", panels))
        .join(scorecards, _part(scorecards, "interview", interviews))
        .add_columns(scorecards.c.submitted_at.label("at")),
        joined.join(decisions, _part(decisions, "panel", panels)).add_columns(
            decisions.c.at.label("at")
        ),
        select(answers.c.application, answers.c.at.label("at")).where(
            answers.c.workspace == workspace
        ),
    ]
    event = union_all(*events).subquery("event")
    happened = (
        select(event.c.application, func.max(event.c.at).label("at"))
        .group_by(event.c.application)
        .cte("happened")
    )
    decided = (
        joined.join(decisions, _part(decisions, "panel", panels))
        .where(decisions.c.undone_at.is_(None))
        .add_columns(func.max(decisions.c.at).label("at"))
        .group_by(panels.c.application)
        .cte("decided")
    )
    is_decided = and_(applications.c.stage.in_(OVER), decided.c.at.is_not(None))
    return (
        select(
            applications.c.candidate,
            case((is_decided, decided.c.at), else_=happened.c.at).label("ended_at"),
            case((applications.c.stage == Stage.HIRED, 1), else_=0).label("is_hired"),
        )
        .join(happened, happened.c.application == applications.c.id)
        .outerjoin(decided, decided.c.application == applications.c.id)
        .where(applications.c.workspace == workspace)
        .cte("last")
    )


def _part(table: Table, column: str, parent: Table) -> Any:
    return and_(table.c.workspace == parent.c.workspace, table.c[column] == parent.c.id)


def _of_workspace(table: Table, workspace: str) -> Select[Any]:
    return select(table.c.candidate).where(table.c.workspace == workspace)


def _default(workspace: str) -> Retention:
    return Retention(RetentionPolicy(workspace))


def _row(item: Retention) -> dict[str, Any]:
    return asdict(item.policy) | {"announced_at": item.announced_at, "due": item.due}


def _of(row: Any) -> Retention:
    names = ("workspace", "days", "not_hired_days", "messages_days", "audit_days")
    return Retention(
        RetentionPolicy(**{name: row[name] for name in names}), row["announced_at"], row["due"]
    )

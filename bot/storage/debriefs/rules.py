"""The decision rules of panels in the database: each panel has what its opening's rule was."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, func, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.openings.rule import Rule
from bot.domain.panels.panel import Panel
from bot.storage.applications import applications
from bot.storage.openings import dumped, openings, read
from bot.storage.panels.rows import interviews, panels


class RuleStore:
    """Decision rules within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_panel(self, workspace: str, panel: str) -> Rule:
        columns = panels.c
        query = select(columns.rule).where(columns.workspace == workspace, columns.id == panel)
        return _rule((await self._connection.execute(query)).scalar_one_or_none())

    async def take(self, panel: Panel) -> None:
        """Gives a new panel its opening's rule, which nobody changes until the transaction ends."""
        columns = openings.c
        query = select(columns.rule).where(
            columns.workspace == panel.workspace, columns.id == panel.opening.id
        )
        query = query.with_for_update(read=True)
        rule = _rule((await self._connection.execute(query)).scalar_one())
        statement = update(panels).where(
            panels.c.workspace == panel.workspace, panels.c.id == panel.id
        )
        await self._connection.execute(statement.values(rule=dumped(Rule, rule)))

    async def begun_at(self, workspace: str, opening: str, now: datetime) -> datetime | None:
        """When the first interview of the opening began, if any has, or its scorecard came before
        that; what was canceled before its start never did."""
        columns = interviews.c
        held = or_(columns.cancelled_at.is_(null()), columns.cancelled_at > columns.starts_at)
        began = case(
            (columns.closed_at < columns.starts_at, columns.closed_at), else_=columns.starts_at
        )
        query = (
            select(func.min(began))
            .where(columns.workspace == workspace, began <= now, held)
            .where(columns.panel.in_(select(panels.c.id).where(_of(workspace, opening))))
        )
        found: datetime | None = (await self._connection.execute(query)).scalar_one()
        return found

    async def give(self, workspace: str, opening: str, rule: Rule) -> None:
        """Gives it to all panels of the opening, so that each candidate has the same."""
        statement = update(panels).where(_of(workspace, opening))
        await self._connection.execute(statement.values(rule=dumped(Rule, rule)))


def _of(workspace: str, opening: str) -> ColumnElement[bool]:
    columns = applications.c
    there = select(columns.id).where(columns.workspace == workspace, columns.opening == opening)
    return (panels.c.workspace == workspace) & panels.c.application.in_(there)


def _rule(row: object) -> Rule:
    found: Rule = read(Rule, row or [])
    return found

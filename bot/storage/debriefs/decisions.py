"""Decisions in the database: each as it was made, none written over."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Integer,
    String,
    Table,
    Text,
    false,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.applications import Stage
from bot.domain.debriefs.decision import Decision, Decisions, Outcome, ReasonKind
from bot.domain.debriefs.rule import Checked
from bot.storage.openings import dumped, read
from bot.storage.schema import Moment, metadata, part_of

decisions = Table(
    "decisions",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("panel", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("outcome", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("competencies", JSON, nullable=False),
    Column("person", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("stage_before", String(20), nullable=False),
    Column("closes_due", Boolean, nullable=False),
    Column("undone_at", Moment),
    Column("undone_by", String(32)),
    Column("rule", JSON),
    Column("against_rule", Text),
    Column("needs_second", Boolean, nullable=False, server_default=false()),
    Column("confirmed_at", Moment),
    Column("confirmed_by", String(32)),
    part_of("panels", "panel"),
)


SINCE = ("against_rule", "needs_second", "confirmed_at", "confirmed_by")


class DecisionStore:
    """Decisions within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_panel(self, workspace: str, panel: str) -> Decisions:
        return (await self.of_panels(workspace, [panel])).get(panel, Decisions())

    async def of_panels(self, workspace: str, panels: Collection[str]) -> Mapping[str, Decisions]:
        """Those of each of these panels that has any."""
        columns = decisions.c
        query = select(decisions).where(columns.workspace == workspace, columns.panel.in_(panels))
        rows = await self._connection.execute(query.order_by(columns.panel, columns.number))
        found: dict[str, list[Decision]] = {}
        for row in rows.mappings():
            found.setdefault(row["panel"], []).append(_decision(row))
        return {panel: Decisions(tuple(made)) for panel, made in found.items()}

    async def add(self, workspace: str, panel: str, made: Decision) -> None:
        row = vars(made) | {"competencies": list(made.competencies)}
        row |= {"rule": dumped(Checked, made.rule)}
        row |= {"workspace": workspace, "panel": panel}
        await self._connection.execute(insert(decisions), row)

    async def confirm(
        self, workspace: str, panel: str, number: int, user: str, at: datetime, before: Stage
    ) -> None:
        """It counts from now on; `before` is the application's stage until then."""
        columns = decisions.c
        this = (columns.workspace == workspace) & (columns.panel == panel)
        statement = update(decisions).where(this, columns.number == number)
        values = {"confirmed_at": at, "confirmed_by": user, "stage_before": before}
        await self._connection.execute(statement.values(values))

    async def undo(self, workspace: str, panel: str, number: int, user: str, at: datetime) -> None:
        columns = decisions.c
        this = (columns.workspace == workspace) & (columns.panel == panel)
        statement = update(decisions).where(this, columns.number == number)
        await self._connection.execute(statement.values(undone_at=at, undone_by=user))


def _decision(row: Any) -> Decision:
    names = ("number", "reason", "person", "at", "closes_due", "undone_at", "undone_by")
    return Decision(
        **{name: row[name] for name in (*names, *SINCE)},
        rule=read(Checked, row["rule"] or []),
        outcome=Outcome(row["outcome"]),
        kind=ReasonKind(row["kind"]),
        competencies=tuple(row["competencies"]),
        stage_before=Stage(row["stage_before"]),
    )

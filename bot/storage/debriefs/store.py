"""Debriefs in the database: who opened one early, and the deciders' leanings."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, Text, and_, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.debriefs.access import EarlyOpen
from bot.domain.debriefs.leanings import Leaning, Leanings, WrittenLeaning, deciders
from bot.domain.panels.panel import Panel
from bot.storage.schema import Moment, metadata, part_of, upsert

debriefs = Table(
    "debriefs",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("panel", String(32), primary_key=True),
    Column("opened_at", Moment),
    Column("opened_by", String(32)),
    part_of("panels", "panel"),
)
"""One row for each panel that somebody wrote a leaning for; `opened_at`: the leanings were."""

early_opens = Table(
    "early_opens",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("panel", String(32), primary_key=True),
    Column("person", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("awaited", Integer, nullable=False),
    part_of("panels", "panel"),
)

leanings = Table(
    "leanings",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("panel", String(32), primary_key=True),
    Column("person", String(32), primary_key=True),
    Column("leaning", String(10), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("at", Moment, nullable=False),
    part_of("panels", "panel"),
)


class DebriefStore:
    """Debriefs within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, workspace: str, panel: str) -> None:
        """Until the transaction ends nobody else writes or opens leanings of the panel."""
        row = {"workspace": workspace, "panel": panel}
        statement = upsert(self._connection, debriefs, row)
        # An update that changes nothing: PostgreSQL locks a row for no less.
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=("workspace", "panel"), set_={"panel": panel}
            )
        )

    async def early_opens(self, workspace: str, panel: str) -> Sequence[EarlyOpen]:
        """Who opened the debrief before all scorecards were in, the first first."""
        columns = early_opens.c
        query = select(columns.person, columns.at, columns.awaited)
        query = query.where(columns.workspace == workspace, columns.panel == panel)
        query = query.order_by(columns.at, columns.person)
        rows = (await self._connection.execute(query)).mappings()
        return [EarlyOpen(**row) for row in rows]

    async def add_early_open(self, workspace: str, panel: str, opened: EarlyOpen) -> bool:
        """Remembers it, the first time; whether it is the first."""
        row = {"workspace": workspace, "panel": panel} | vars(opened)
        statement = upsert(self._connection, early_opens, row).on_conflict_do_nothing()
        return bool((await self._connection.execute(statement)).rowcount)

    async def leanings(self, panel: Panel) -> Leanings:
        """The leanings on the panel's candidate, in the order in which they were written."""
        columns = leanings.c
        query = select(columns.person, columns.leaning, columns.sentence, columns.at)
        query = query.where(columns.workspace == panel.workspace, columns.panel == panel.id)
        rows = await self._connection.execute(query.order_by(columns.at, columns.person))
        written = tuple(
            WrittenLeaning(row.person, Leaning(row.leaning), row.sentence, row.at) for row in rows
        )
        opened = debriefs.c
        this = and_(opened.workspace == panel.workspace, opened.panel == panel.id)
        states = select(opened.opened_at, opened.opened_by).where(this)
        found = (await self._connection.execute(states)).one_or_none()
        who = deciders(panel.hiring_manager, panel.opening.deciders)
        opened_at, opened_by = found or (None, None)
        return Leanings(who, written, opened_at, opened_by)

    async def put_leaning(self, workspace: str, panel: str, item: WrittenLeaning) -> None:
        """Writes a person's leaning over the one they had."""
        row = {"workspace": workspace, "panel": panel} | vars(item)
        statement = upsert(self._connection, leanings, row)
        changed = {name: row[name] for name in ("leaning", "sentence", "at")}
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=("workspace", "panel", "person"), set_=changed
            )
        )

    async def open_leanings(
        self, workspace: str, panel: str, at: datetime, by: str | None = None
    ) -> None:
        """Opens them, unless they are open."""
        columns = debriefs.c
        this = and_(columns.workspace == workspace, columns.panel == panel)
        statement = update(debriefs).where(this, columns.opened_at.is_(null()))
        await self._connection.execute(statement.values(opened_at=at, opened_by=by))

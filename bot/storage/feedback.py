"""Who has read others' feedback on a candidate, in the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Boolean, Column, String, Table, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.feedback import FeedbackRead
from bot.storage.schema import Moment, metadata, part_of, upsert

feedback_reads = Table(
    "feedback_reads",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("panel", String(32), primary_key=True),
    Column("person", String(32), primary_key=True),
    Column("anyway", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    part_of("panels", "panel"),
)
"""`anyway`: they asked for it before their own scorecard was in; `at` is when they first read."""


class FeedbackReadStore:
    """Who has read what, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, workspace: str, panel: str, person: str, at: datetime, *, anyway: bool
    ) -> bool:
        """Remembers that the person reads; whether that says something new."""
        columns = feedback_reads.c
        row = {"workspace": workspace, "panel": panel, "person": person, "at": at}
        statement = upsert(self._connection, feedback_reads, row | {"anyway": anyway})
        new = statement.excluded.anyway
        written = await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=("workspace", "panel", "person"),
                set_={"anyway": or_(columns.anyway, new)},
                where=and_(new, columns.anyway.is_(False)),
            )
        )
        return bool(written.rowcount)

    async def of_panel(self, workspace: str, panel: str) -> Sequence[FeedbackRead]:
        """Who has read the feedback of a panel."""
        columns = feedback_reads.c
        query = select(columns.person, columns.at, columns.anyway).where(
            columns.workspace == workspace, columns.panel == panel
        )
        rows = (await self._connection.execute(query)).mappings()
        return [FeedbackRead(**row) for row in rows]

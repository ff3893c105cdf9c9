"""What became of offers, in the database: each as it was recorded, none written over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Date, Integer, String, Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.applications import Stage
from bot.domain.debriefs.offers import OfferEnd, OfferResult
from bot.storage.applications import applications
from bot.storage.openings import openings
from bot.storage.schema import Moment, metadata, part_of

offer_results = Table(
    "offer_results",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("application", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("ended", String(20), nullable=False),
    Column("day", Date, nullable=False),
    Column("person", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("undone_at", Moment),
    Column("undone_by", String(32)),
    part_of("applications", "application"),
)


class OfferStore:
    """Offers within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, workspace: str, application: str) -> Sequence[OfferResult]:
        """All that was recorded of an application's offers, the first first."""
        columns = offer_results.c
        names = [one for one in columns if one.name not in ("workspace", "application")]
        query = select(*names).where(
            columns.workspace == workspace, columns.application == application
        )
        rows = (await self._connection.execute(query.order_by(columns.number))).mappings()
        return [OfferResult(**{**row, "ended": OfferEnd(row["ended"])}) for row in rows]

    async def add(self, workspace: str, application: str, result: OfferResult) -> None:
        row = {"workspace": workspace, "application": application} | vars(result)
        await self._connection.execute(insert(offer_results), row)

    async def undo(
        self, workspace: str, application: str, number: int, user: str, at: datetime
    ) -> None:
        columns = offer_results.c
        this = (columns.workspace == workspace) & (columns.application == application)
        statement = update(offer_results).where(this, columns.number == number)
        await self._connection.execute(statement.values(undone_at=at, undone_by=user))

    async def seats(self, workspace: str, opening: str) -> tuple[int, int]:
        """How many seats an opening has, and how many of its candidates are hired."""
        columns = applications.c
        hired = (
            select(func.count())
            .where(columns.workspace == workspace, columns.opening == opening)
            .where(columns.stage == Stage.HIRED)
            .scalar_subquery()
        )
        query = select(openings.c.seats, hired)
        query = query.where(openings.c.workspace == workspace, openings.c.id == opening)
        seats, count = (await self._connection.execute(query)).one()
        return int(seats), int(count)

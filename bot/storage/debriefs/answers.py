"""When candidates were told what was decided, and by whom, in the database."""

from collections.abc import Collection, Mapping

from sqlalchemy import Column, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.debriefs.answers import Told
from bot.storage.schema import Moment, metadata, part_of, upsert

answers = Table(
    "answers",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("application", String(32), primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("person", String(32), nullable=False),
    part_of("applications", "application"),
)


class AnswerStore:
    """Answers within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def last_told(self, workspace: str, applications: Collection[str]) -> Mapping[str, Told]:
        """The last time that the candidate of each of these was told, where they were."""
        columns = answers.c
        query = select(columns.application, columns.person, columns.at)
        query = query.where(columns.workspace == workspace, columns.application.in_(applications))
        rows = await self._connection.execute(query.order_by(columns.at))
        return {row.application: Told(row.person, row.at) for row in rows}

    async def add(self, workspace: str, application: str, told: Told) -> None:
        row = {"workspace": workspace, "application": application} | vars(told)
        statement = upsert(self._connection, answers, row).on_conflict_do_nothing()
        await self._connection.execute(statement)

"""Sets of interview questions in the database."""

from dataclasses import asdict

from sqlalchemy import JSON, Column, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.questions.question import KeptSet
from bot.storage.schema import Moment, metadata, upsert

question_sets = Table(
    "question_sets",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("name", String(8), primary_key=True),
    Column("role", String(60), nullable=False),
    Column("version", String(12), nullable=False),
    Column("questions", JSON, nullable=False),
    Column("created_by", String(32), nullable=False),
    Column("created_at", Moment, nullable=False),
)


class QuestionSetStore:
    """Sets of questions within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, item: KeptSet) -> None:
        """Adds the set; one that is there already stays as whoever made it first left it."""
        row = asdict(item) | {"questions": list(item.questions)}
        statement = upsert(self._connection, question_sets, row).on_conflict_do_nothing()
        await self._connection.execute(statement)

    async def get(self, workspace: str, name: str) -> KeptSet | None:
        columns = question_sets.c
        query = select(question_sets).where(columns.workspace == workspace, columns.name == name)
        row = (await self._connection.execute(query)).mappings().one_or_none()
        if row is None:
            return None
        return KeptSet(**{**row, "questions": tuple(row["questions"])})

"""Posted job descriptions in the database."""

from collections.abc import Sequence

from sqlalchemy import Column, Index, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jd import Posting
from bot.storage.schema import Moment, insert_into, metadata

postings = Table(
    "postings",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("role", String(60), nullable=False),
    Column("version", String(12), nullable=False),
    Column("posted_by", String(32), nullable=False),
    Column("posted_at", Moment, nullable=False),
    Column("message", String(32)),
    Index(None, "workspace", "role", "posted_at"),
)


class PostingStore:
    """Postings within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, items: Sequence[Posting]) -> None:
        """Adds the postings; one that is there already stays as it is, so a retry is safe."""
        rows = [vars(item) for item in items]
        # With RETURNING, SQLAlchemy sends all rows in one statement, so that on SQLite its thread
        # takes the interpreter's lock once for a batch and not once for each row.
        statement = insert_into(postings, self._connection.dialect.name)
        silent = statement.on_conflict_do_nothing().returning(postings.c.id)
        await self._connection.execute(silent, rows)

    async def get(self, workspace: str, id: str) -> Posting | None:
        query = select(postings).where(postings.c.workspace == workspace, postings.c.id == id)
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else Posting(**row)

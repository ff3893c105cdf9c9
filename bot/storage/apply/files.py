"""Files that candidates sent, in the database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.apply.submission import FileFacts, ScanState, TextState
from bot.storage.apply.rows import FACTS, file_of, files


@dataclass(frozen=True)
class StoredFile:
    """A file with what stands in it, and which submission has it, if any has."""

    workspace: str
    facts: FileFacts
    content: bytes
    submission: str | None


class FileStore:
    """Files within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        workspace: str,
        facts: FileFacts,
        content: bytes,
        now: datetime,
        *,
        submission: str | None = None,
        form: str | None = None,
        expires_at: datetime | None = None,
    ) -> None:
        """Keeps a file of a submission, or of a form that was refused, until then."""
        row = vars(facts) | {"workspace": workspace, "content": content, "created_at": now}
        row |= {"submission": submission, "form": form, "expires_at": expires_at}
        await self._connection.execute(insert(files), row)

    async def kept_for(self, workspace: str, form: str, now: datetime) -> FileFacts | None:
        """The file of a form that was refused, as long as it is kept."""
        columns = files.c
        query = (
            select(*(columns[name] for name in FACTS))
            .where(columns.workspace == workspace, columns.form == form)
            .where(columns.submission.is_(None), columns.expires_at > now)
            .order_by(columns.created_at.desc(), columns.id)
            .limit(1)
        )
        row = (await self._connection.execute(query)).mappings().first()
        return None if row is None else file_of(row)

    async def give(self, workspace: str, id: str, submission: str) -> None:
        """A file that was kept belongs to this submission from now on."""
        statement = update(files).where(_is(workspace, id))
        await self._connection.execute(statement.values(submission=submission, expires_at=None))

    async def get(self, workspace: str, id: str) -> StoredFile | None:
        """The file, if a submission has it."""
        query = select(files).where(_is(workspace, id), files.c.submission.is_not(None))
        row = (await self._connection.execute(query)).mappings().one_or_none()
        if row is None:
            return None
        return StoredFile(row["workspace"], file_of(row), row["content"], row["submission"])

    async def next_unread(self) -> StoredFile | None:
        """The first of those whose text is still to be read, whichever workspace's it is."""
        columns = files.c
        query = (
            select(files)
            .where(columns.text_state == TextState.WAITING, columns.submission.is_not(None))
            .order_by(columns.created_at, columns.id)
            .limit(1)
        )
        row = (await self._connection.execute(query)).mappings().first()
        if row is None:
            return None
        return StoredFile(row["workspace"], file_of(row), row["content"], row["submission"])

    async def note_read(self, workspace: str, id: str, text: str | None, scan: ScanState) -> None:
        """What stands in it, None where nothing can be read, and what the scanner said."""
        state = TextState.NONE if text is None else TextState.READ
        statement = update(files).where(_is(workspace, id))
        await self._connection.execute(
            statement.values(text=text, text_state=state, scan=scan.value)
        )

    async def texts(self, workspace: str, ids: Collection[str]) -> dict[str, str]:
        """What stands in these, as far as it could be read."""
        columns = files.c
        query = select(columns.id, columns.text).where(columns.workspace == workspace)
        query = query.where(columns.id.in_(ids), columns.text.is_not(None))
        rows = (await self._connection.execute(query)).all() if ids else []
        return {row.id: row.text for row in rows}

    async def remove_expired(self, now: datetime) -> int:
        """Removes those of refused forms that were kept long enough; gives how many."""
        columns = files.c
        gone = and_(columns.submission.is_(None), columns.expires_at <= now)
        return (await self._connection.execute(delete(files).where(gone))).rowcount


def _is(workspace: str, id: str) -> ColumnElement[bool]:
    return and_(files.c.workspace == workspace, files.c.id == id)

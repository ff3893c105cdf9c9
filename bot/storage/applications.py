"""Applications in the database."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    String,
    Table,
    Text,
    and_,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.applications import Application, Source, Stage
from bot.storage.schema import Moment, metadata, part_of

applications = Table(
    "applications",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("candidate", String(32), nullable=False),
    Column("opening", String(32), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("source", String(20), nullable=False),
    Column("applied_at", Moment, nullable=False),
    Column("referrer", String(32)),
    Column("referred_because", Text),
    Column("applied_via", String(20)),
    part_of("candidates", "candidate"),
    part_of("openings", "opening"),
    Index(None, "workspace", "candidate", "opening", unique=True),
    Index(None, "workspace", "opening"),
)
"""`source` is PANEL for a referral too, whose `referrer` says what it is, and for what came by a
job's own page, which `applied_via` says: the version before, which may run beside this one, reads
no other."""


class ApplicationStore:
    """Applications within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, workspace: str, item: Application) -> None:
        via = item.source if item.source is Source.PAGE else None
        row = vars(item) | {"workspace": workspace, "source": Source.PANEL, "applied_via": via}
        await self._connection.execute(insert(applications), row)

    async def find(self, workspace: str, candidate: str, opening: str) -> Application | None:
        """The candidate's application for the opening."""
        columns = applications.c
        found = await self._where(
            workspace, and_(columns.candidate == candidate, columns.opening == opening)
        )
        return found[0] if found else None

    async def get(self, workspace: str, id: str) -> Application | None:
        found = await self._where(workspace, applications.c.id == id)
        return found[0] if found else None

    async def anywhere(self, id: str) -> tuple[str, Application] | None:
        """The application with its workspace, whichever that is."""
        query = select(applications).where(applications.c.id == id)
        row = (await self._connection.execute(query)).mappings().first()
        return None if row is None else (row["workspace"], application_of(row))

    async def of_candidate(self, workspace: str, candidate: str) -> Sequence[Application]:
        return await self._where(workspace, applications.c.candidate == candidate)

    async def put_stage(self, workspace: str, id: str, stage: Stage) -> None:
        columns = applications.c
        statement = update(applications).where(columns.workspace == workspace, columns.id == id)
        await self._connection.execute(statement.values(stage=stage))

    async def move(self, workspace: str, ids: Collection[str], candidate: str) -> None:
        """Makes these the candidate's."""
        columns = applications.c
        statement = update(applications).where(columns.workspace == workspace, columns.id.in_(ids))
        await self._connection.execute(statement.values(candidate=candidate))

    async def everywhere(self) -> Sequence[tuple[str, Application]]:
        """All there are, each with its workspace, the earliest first."""
        query = select(applications).order_by(applications.c.applied_at, applications.c.id)
        rows = (await self._connection.execute(query)).mappings()
        return [(row["workspace"], application_of(row)) for row in rows]

    async def _where(self, workspace: str, where: ColumnElement[bool]) -> Sequence[Application]:
        columns = applications.c
        query = select(applications).where(columns.workspace == workspace, where)
        query = query.order_by(columns.applied_at, columns.id)
        rows = (await self._connection.execute(query)).mappings()
        return [application_of(row) for row in rows]


def application_of(row: Any) -> Application:
    names = ("id", "candidate", "opening", "applied_at", "referrer", "referred_because")
    source = Source(row["applied_via"] or row["source"])
    source = Source.REFERRAL if row["referrer"] else source
    fields = {name: row[name] for name in names}
    return Application(**fields, stage=Stage(row["stage"]), source=source)

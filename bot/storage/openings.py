"""Openings in the database."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, Label, String, Table, and_, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.openings import HIRING, LONGEST_TEAM, Opening, OpeningStatus
from bot.domain.questions.selection import Level
from bot.storage.applications import applications
from bot.storage.panels.rows import organized_by, panels
from bot.storage.schema import Moment, metadata

openings = Table(
    "openings",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("role", String(60), nullable=False),
    Column("title", String(60), nullable=False),
    Column("level", String(10)),
    Column("team", String(LONGEST_TEAM)),
    Column("status", String(10), nullable=False),
    Column("author", String(32), nullable=False),
    Column("hiring_manager", String(32)),
    Column("recruiter", String(32)),
    Column("created_at", Moment, nullable=False),
    Index(None, "workspace", "author"),
    Index(None, "workspace", "hiring_manager"),
    Index(None, "workspace", "recruiter"),
)

FIELDS = tuple(field.name for field in fields(Opening))


class OpeningStore:
    """Openings within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, workspace: str, item: Opening, created_at: datetime) -> None:
        row = asdict(item) | {"workspace": workspace, "created_at": created_at}
        await self._connection.execute(insert(openings), row)

    async def get(self, workspace: str, id: str) -> Opening | None:
        found = await self._where(workspace, openings.c.id == id, 1)
        return found[0] if found else None

    async def hiring(self, workspace: str, user: str, most: int) -> Sequence[Opening]:
        """Those being hired for in which the person has a part, the newest first."""
        return await self._where(workspace, _is_hiring() & _has_part(workspace, user), most)

    async def chosen(self, workspace: str, user: str, id: str) -> Opening | None:
        """This one, if it is being hired for and the person has a part in it."""
        this = openings.c.id == id
        found = await self._where(workspace, this & _is_hiring() & _has_part(workspace, user), 1)
        return found[0] if found else None

    async def same(self, workspace: str, user: str, item: Opening) -> Opening | None:
        """The person's own for the same role, level, team and hiring manager."""
        columns = openings.c
        alike = (
            columns[name].is_not_distinct_from(getattr(item, name))
            for name in ("role", "level", "team", "hiring_manager")
        )
        where = and_(_is_hiring(), _has_part(workspace, user), *alike)
        found = await self._where(workspace, where, 1)
        return found[0] if found else None

    async def everywhere(self) -> Sequence[tuple[str, Opening]]:
        """All there are, each with its workspace, in the order in which they were made."""
        query = select(openings).order_by(openings.c.created_at, openings.c.id)
        rows = (await self._connection.execute(query)).mappings()
        return [(row["workspace"], opening_of(row)) for row in rows]

    async def _where(
        self, workspace: str, where: ColumnElement[bool], most: int
    ) -> Sequence[Opening]:
        columns = openings.c
        query = select(openings).where(columns.workspace == workspace, where)
        query = query.order_by(columns.created_at.desc(), columns.id).limit(most)
        rows = (await self._connection.execute(query)).mappings()
        return [opening_of(row) for row in rows]


def opening_columns(prefix: str) -> list[Label[Any]]:
    """The columns of an opening in a row that has more in it."""
    return [openings.c[name].label(f"{prefix}{name}") for name in FIELDS]


def opening_of(row: Any, prefix: str = "") -> Opening:
    values = {name: row[f"{prefix}{name}"] for name in FIELDS}
    level = Level(values["level"]) if values["level"] else None
    return Opening(**values | {"level": level, "status": OpeningStatus(values["status"])})


def _is_hiring() -> ColumnElement[bool]:
    return openings.c.status.in_(HIRING)


def _has_part(workspace: str, user: str) -> ColumnElement[bool]:
    """The openings that somebody made, recruits or hires for, or organizes a panel of."""
    columns = openings.c
    organized = (
        select(applications.c.opening)
        .join(
            panels,
            (panels.c.workspace == applications.c.workspace)
            & (panels.c.application == applications.c.id),
        )
        .where(applications.c.workspace == workspace, organized_by(user))
    )
    return or_(
        columns.author == user,
        columns.hiring_manager == user,
        columns.recruiter == user,
        columns.id.in_(organized),
    )

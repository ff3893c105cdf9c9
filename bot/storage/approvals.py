"""Which openings were sent for approval, and what became of it, in the database."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.openings.approval import Approval, ApprovalState
from bot.domain.openings.public import PublicPart
from bot.storage.openings import dumped, read
from bot.storage.schema import Moment, metadata

approvals = Table(
    "opening_approvals",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("opening", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("sent_by", String(32), nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("state", String(20), nullable=False),
    Column("decided_by", String(32)),
    Column("decided_at", Moment),
    Column("reason", Text),
    Column("public", JSON),
    Index(None, "workspace", "state"),
)

FIELDS = tuple(field.name for field in fields(Approval))


class ApprovalStore:
    """Approvals within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, workspace: str, item: Approval) -> None:
        await self._connection.execute(insert(approvals), _row(item) | {"workspace": workspace})

    async def decide(self, workspace: str, item: Approval) -> bool:
        """Writes what became of it; False where it no longer waited."""
        columns = approvals.c
        statement = (
            update(approvals)
            .where(columns.workspace == workspace, columns.opening == item.opening)
            .where(columns.number == item.number, columns.state == ApprovalState.WAITING)
            .values(_row(item))
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def get(self, workspace: str, opening: str, number: int) -> Approval | None:
        found = await self._where(workspace, approvals.c.opening == opening, number=number)
        return found[0] if found else None

    async def latest(self, workspace: str, opening: str) -> Approval | None:
        """The last time that the opening was sent."""
        found = await self._where(workspace, approvals.c.opening == opening, most=1)
        return found[0] if found else None

    async def approved(self, workspace: str, opening: str) -> Approval | None:
        """The last time that it was approved."""
        is_approved = approvals.c.state == ApprovalState.APPROVED
        where = (approvals.c.opening == opening) & is_approved
        found = await self._where(workspace, where, most=1)
        return found[0] if found else None

    async def revision(self, workspace: str) -> tuple[int, int]:
        """Something else after each time an opening is sent, and after each answer."""
        is_waiting = approvals.c.state == ApprovalState.WAITING
        query = select(func.count(), func.count().filter(is_waiting))
        query = query.where(approvals.c.workspace == workspace)
        sent, waiting = (await self._connection.execute(query)).one()
        return int(sent), int(waiting)

    async def waiting(self, workspace: str) -> Sequence[Approval]:
        """All that wait, of the whole workspace."""
        return await self._where(workspace, approvals.c.state == ApprovalState.WAITING)

    async def _where(
        self,
        workspace: str,
        where: ColumnElement[bool],
        *,
        number: int | None = None,
        most: int | None = None,
    ) -> Sequence[Approval]:
        columns = approvals.c
        query = select(approvals).where(columns.workspace == workspace, where)
        if number is not None:
            query = query.where(columns.number == number)
        query = query.order_by(columns.number.desc(), columns.opening).limit(most)
        return [_approval_of(row) for row in (await self._connection.execute(query)).mappings()]


def _row(item: Approval) -> dict[str, Any]:
    public = dumped(PublicPart, item.public) if item.public else None
    return {name: getattr(item, name) for name in FIELDS} | {"public": public}


def _approval_of(row: Any) -> Approval:
    values = {name: row[name] for name in FIELDS}
    values["state"] = ApprovalState(values["state"])
    values["public"] = read(PublicPart, row["public"]) if row["public"] else None
    return Approval(**values)

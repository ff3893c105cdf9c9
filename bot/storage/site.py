"""What the jobs pages read, in the database."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.audit import AuditEntry
from bot.domain.openings.job import Job
from bot.domain.openings.opening import OpeningStatus
from bot.storage.audit import audit
from bot.storage.openings import job_of, openings

AT_ONCE = 500
"""Openings that one query names: databases take so many values and not many more."""


class SiteStore:
    """What the public may read of openings, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def revision(self, workspace: str) -> tuple[int, int]:
        """Something else after each change of any opening: each makes its next version."""
        query = select(func.count(), func.coalesce(func.sum(openings.c.version), 0))
        row = (await self._connection.execute(query.where(openings.c.workspace == workspace))).one()
        return int(row[0]), int(row[1])

    async def jobs(self, workspace: str) -> Sequence[Job]:
        """All that are no draft, the newest first."""
        columns = openings.c
        query = (
            select(openings)
            .where(columns.workspace == workspace, columns.slug.is_not(None))
            .where(columns.status != OpeningStatus.DRAFT)
            .order_by(columns.created_at.desc(), columns.id)
        )
        return [job_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def changes(
        self, workspace: str, ids: Collection[str]
    ) -> Mapping[str, Sequence[AuditEntry]]:
        """What was done to each of these openings, oldest first."""
        found: dict[str, list[AuditEntry]] = defaultdict(list)
        wanted = sorted(ids)
        for start in range(0, len(wanted), AT_ONCE):
            query = (
                select(audit)
                .where(audit.c.workspace == workspace)
                .where(audit.c.subject.in_(wanted[start : start + AT_ONCE]))
                .order_by(audit.c.at, audit.c.id)
            )
            for row in (await self._connection.execute(query)).mappings():
                entry = AuditEntry(**{**row, "fields": tuple(row["fields"])})
                found[entry.subject].append(entry)
        return found

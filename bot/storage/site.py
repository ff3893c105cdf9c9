"""What the jobs pages read, in the database."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Column, String, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.audit import AuditEntry
from bot.domain.openings.job import Job
from bot.domain.openings.opening import OpeningStatus
from bot.domain.site.boards import Feed
from bot.domain.site.status import Fetch
from bot.storage.audit import COLUMNS, audit, entry_of
from bot.storage.openings import job_of, openings
from bot.storage.schema import Moment, metadata, upsert

site_fetches = Table(
    "site_fetches",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("what", String(32), primary_key=True),
    Column("reader", String(20), primary_key=True),
    Column("fetched_at", Moment, nullable=False),
)
"""`what` is the name of a feed, or the id of an opening."""

PUBLISHED = (
    OpeningStatus.OPEN,
    OpeningStatus.PAUSED,
    OpeningStatus.FILLED,
    OpeningStatus.CLOSED,
)
"""Of which the public may know, where they have been open."""

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
        """All that may have been open, the newest first."""
        columns = openings.c
        query = (
            select(openings)
            .where(columns.workspace == workspace, columns.slug.is_not(None))
            .where(columns.status.in_(PUBLISHED))
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
                select(*COLUMNS)
                .where(audit.c.workspace == workspace)
                .where(audit.c.subject.in_(wanted[start : start + AT_ONCE]))
                .order_by(audit.c.at, audit.c.id)
            )
            for row in (await self._connection.execute(query)).mappings():
                entry = entry_of(row)
                found[entry.subject].append(entry)
        return found

    async def note(self, workspace: str, fetches: Sequence[Fetch]) -> None:
        """Remembers of each what was fetched last; of one `what` and `reader` at most one.

        In the order of their keys, so that two replicas wait for each other at most once.
        """
        ordered = sorted(fetches, key=lambda one: (one.what, one.reader))
        rows = [{"workspace": workspace} | vars(one) for one in ordered]
        if rows:
            statement = upsert(self._connection, site_fetches, rows)
            later = statement.excluded.fetched_at
            await self._connection.execute(
                statement.on_conflict_do_update(
                    index_elements=("workspace", "what", "reader"),
                    set_={"fetched_at": later},
                    where=site_fetches.c.fetched_at < later,
                )
            )

    async def fetched(self, workspace: str, id: str) -> Sequence[Fetch]:
        """What was fetched last of the feeds, and of this opening's page."""
        columns = site_fetches.c
        query = select(columns.what, columns.reader, columns.fetched_at)
        query = query.where(columns.workspace == workspace, columns.what.in_([*Feed, id]))
        rows = (await self._connection.execute(query)).mappings()
        return [Fetch(**row) for row in rows]

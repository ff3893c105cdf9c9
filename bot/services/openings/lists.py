"""The openings that a person may read, kept in memory until one of them changes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.caches import keep
from bot.domain.dates import day_in
from bot.domain.openings.job import Job
from bot.domain.openings.opening import OpeningStatus
from bot.domain.rights import Access, Act
from bot.services.jobs import MOST_SHOWN
from bot.services.ports import Clock
from bot.storage.database import Database, Transaction

MOST_KEPT = 200
"""People whose lists are held in memory."""

TRUSTED = 2.0
"""Seconds for which a list is trusted without a look whether anything has changed."""

ORDER = (OpeningStatus.OPEN, OpeningStatus.PAUSED, OpeningStatus.DRAFT)

Revision = tuple[int, ...]


@dataclass(frozen=True)
class JobList:
    """The openings that a person may read, those that anybody may first; `today` is their day.
    `waiting` are those of theirs that wait for approval."""

    jobs: Sequence[Job]
    may_change: frozenset[str]
    today: date
    waiting: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Kept:
    """A list, as it was when the workspace's openings were at this revision."""

    revision: Revision
    found: JobList


class JobLists:
    """Gives the same list until an opening changes, by whatever process: a tick looks for that, and
    without ticks the database is asked each time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._kept: dict[Access, Kept] = {}
        self._revisions: dict[str, Revision] = {}
        self._looked_at = float("-inf")

    async def of(self, access: Access) -> JobList:
        today = day_in(access.zone, self._clock.now())
        kept = self._kept.get(access)
        if kept is not None and kept.found.today == today and self._is_current(access, kept):
            return kept.found
        workspace = access.workspace
        async with self._database.read() as tx:
            revision = await _revision(tx, workspace)
            jobs = await tx.openings.shown_to(
                workspace, access.user, MOST_SHOWN, all=access.is_admin
            )
            waiting = {one.opening for one in await tx.approvals.waiting(workspace)}
        mine = [job.id for job in jobs if access.may_with(Act.CHANGE_OPENING, job.opening)]
        found = JobList(
            sorted(jobs, key=lambda job: ORDER.index(job.status)),
            frozenset(mine),
            today,
            frozenset(waiting.intersection(mine)),
        )
        keep(self._kept, access, Kept(revision, found), MOST_KEPT)
        self._revisions.setdefault(workspace, revision)
        return found

    def forget(self, workspace: str) -> None:
        """An opening has just changed in this process."""
        self._revisions.pop(workspace, None)
        self._kept = {
            access: kept for access, kept in self._kept.items() if access.workspace != workspace
        }

    async def look(self) -> None:
        """Sees whether an opening has changed, in any process."""
        workspaces = sorted({access.workspace for access in self._kept})
        if workspaces:
            async with self._database.read() as tx:
                for workspace in workspaces:
                    self._revisions[workspace] = await _revision(tx, workspace)
        self._looked_at = time.monotonic()

    def _is_current(self, access: Access, kept: Kept) -> bool:
        is_trusted = time.monotonic() - self._looked_at < TRUSTED
        return is_trusted and self._revisions.get(access.workspace) == kept.revision


async def _revision(tx: Transaction, workspace: str) -> Revision:
    """Something else after each change of what a list shows."""
    return (
        *await tx.openings.revision(workspace),
        *await tx.approvals.revision(workspace),
    )

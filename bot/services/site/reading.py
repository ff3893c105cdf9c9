"""Reads the openings that the public may know of, anew only where they have changed."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.audit import AuditEntry
from bot.domain.openings.job import Job
from bot.domain.openings.opening import PUBLIC
from bot.domain.openings.zones import zone_of_days
from bot.domain.posting import IN_ENGLISH, PostingWords
from bot.domain.site.jobs import PublishedJob, Snapshot, changed_at
from bot.library.catalogue import Library
from bot.services.frozen_contents import Contents
from bot.services.jobs import completed, content_of
from bot.storage.database import Transaction

OPENED = "opening.opened"


class SiteReading:
    """Knows what it has read before."""

    def __init__(self, library: Library, contents: Contents) -> None:
        self._library = library
        self._contents = contents
        self._read: dict[str, PublishedJob] = {}

    async def snapshot(self, tx: Transaction, workspace: str, now: datetime) -> Snapshot:
        """All openings that have been open, as they are in the database."""
        jobs = await tx.site.jobs(workspace)
        news = [job for job in jobs if not self._has_read(job)]
        changes = await tx.site.changes(workspace, [job.id for job in news])
        read = {job.id: self._read[job.id] for job in jobs if self._has_read(job)}
        for job in news:
            posted_at = first_open(job, changes.get(job.id, ()))
            if posted_at is None:
                continue
            whole, words, role = await self._whole(tx, workspace, job)
            since = changed_at(changes.get(job.id, ()), posted_at)
            zone = zone_of_days(self._library.company, whole.terms.places)
            read[job.id] = PublishedJob(whole, posted_at, since, zone, words, role)
        self._read = read
        found = (read[job.id] for job in jobs if job.id in read)
        newest_first = sorted(found, key=lambda one: one.posted_at, reverse=True)
        return Snapshot(tuple(newest_first), now)

    def _has_read(self, job: Job) -> bool:
        known = self._read.get(job.id)
        return known is not None and known.job.version == job.version

    async def _whole(
        self, tx: Transaction, workspace: str, job: Job
    ) -> tuple[Job, PostingWords, str]:
        """The opening with its text, the words of its language, and the role's name; of what is
        over, no more is shown than its title."""
        if job.is_over:
            locale = self._library.locales.get(self._library.company.locale)
            return job, locale.words if locale else IN_ENGLISH, ""
        content = await content_of(tx, self._contents, self._library, workspace, job)
        if content is None:
            return job, IN_ENGLISH, ""
        return completed(job, content), content.role.words, content.role.title


def first_open(job: Job, changes: Sequence[AuditEntry]) -> datetime | None:
    """When the opening was first open; None where it never was, such as a draft that was closed:
    nobody outside may learn of it."""
    opened = next((entry.at for entry in changes if entry.action == OPENED), None)
    return opened or (job.status_at if job.status in PUBLIC else None)

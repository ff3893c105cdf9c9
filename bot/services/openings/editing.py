"""How every change of an opening is made: on the version that the person saw, and recorded."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.domain.audit import AuditEntry, new_id
from bot.domain.openings.job import Job, different, slugs_of
from bot.domain.openings.opening import OpeningStatus
from bot.domain.rights import Access, Act
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.services.frozen_contents import Contents
from bot.services.jobs import (
    ROLE_GONE,
    JobSheet,
    OpeningChanged,
    completed,
    content_of,
    frozen,
)
from bot.services.messages.openings import refresh_postings
from bot.services.messages.openings_approvals import clearance_of, refresh_approvals
from bot.services.openings.lists import JobLists
from bot.services.ports import Clock
from bot.services.rights import Rights, permitted_job
from bot.storage.database import Database, Transaction

Change = Callable[[JobSheet], Job]
"""What the opening is to be; the same one where there is nothing to do."""

Also = Callable[[Transaction, JobSheet, Job], Awaitable[None]]
"""What else is done: to the opening as it was, which is now as the job says."""


async def changed_since(tx: Transaction, seen: JobSheet, version: int) -> OpeningChanged:
    """What to raise where the person saw this version, and it is another now."""
    changes = await tx.audit.since(seen.access.workspace, seen.job.id, version)
    return OpeningChanged(seen, changes)


def _held_back(seen: JobSheet, asked: Job) -> Job:
    """The opening with what is to be public of it held until that is approved, where it takes that,
    and something of it may be public already."""
    clearance, published = seen.clearance, seen.published
    is_held = clearance is not None and clearance.is_required
    if published is None or not is_held or published.status is OpeningStatus.DRAFT:
        return replace(asked, held=None)
    return asked.holding(published.public)


class JobEditing:
    """Reads and changes openings for whoever may."""

    def __init__(
        self,
        library: Library,
        database: Database,
        rights: Rights,
        contents: Contents,
        clock: Clock,
        flush: Callable[[], None],
    ) -> None:
        self.library = library
        self.database = database
        self.rights = rights
        self.clock = clock
        self.lists = JobLists(database, clock)
        self._contents = contents
        self.flush = flush

    async def shown(self, workspace: str, user: str, id: str, act: Act) -> JobSheet:
        """The opening as it is now. Raises UserError unless the person may do this with it."""
        access = await self.rights.access(workspace, user)
        async with self.database.read() as tx:
            job = permitted_job(access, act, await tx.openings.job(workspace, id))
            return await self.sheet(tx, access, job)

    async def sheet(
        self, tx: Transaction, access: Access, job: Job, *, is_whole: bool = False
    ) -> JobSheet:
        """The opening as the person sees it; one that a panel has made has the role's text. Whoever
        may change it sees it as it is to be, and so does who is to approve it (`is_whole`)."""
        content = await content_of(tx, self._contents, self.library, access.workspace, job)
        now, published = self.clock.now(), completed(job, content)
        if not is_whole and not access.may_with(Act.CHANGE_OPENING, job.opening):
            return JobSheet(published, content, access, now)
        settings = await tx.settings.get(access.workspace)
        clearance = await clearance_of(tx, settings, job)
        whole = (published.proposed, content, access, now)
        channel = settings.jobs_channel
        return JobSheet(*whole, clearance=clearance, published=published, jobs_channel=channel)

    async def _free_slugs(self, tx: Transaction, workspace: str, job: Job) -> Sequence[str]:
        """How the opening can be called, the plainest first: by no name of another, or of a page of
        the library. The last is always free."""
        names = slugs_of(job)
        taken = await tx.openings.taken(workspace, names)
        free = (name for name in names[:-1] if name not in taken and not self._is_role(name))
        return [*free, names[-1]]

    def _is_role(self, slug: str) -> bool:
        return self.library.find_at_level(slug.replace("-", " ")) is not None

    async def change(
        self,
        workspace: str,
        user: str,
        id: str,
        version: int | None,
        action: str,
        change: Change,
        also: Also | None = None,
    ) -> JobSheet:
        """Makes a change, on this version where one is given; `also` is done with it.

        Where the change comes to nothing, nothing is changed, whatever has been in the meantime:
        so the same form sent twice is one change. `also` is done even then, and has to see to the
        version by itself. What asks nothing, since its role is gone, can only be closed. Raises
        UserError, OpeningChanged.
        """
        access = await self.rights.access(workspace, user)
        async with self.database.write() as tx:
            before = permitted_job(
                access, Act.CHANGE_OPENING, await tx.openings.job(workspace, id, lock=True)
            )
            seen = await self.sheet(tx, access, before)
            asked = _held_back(seen, change(seen))
            if replace(asked, version=before.version) != before:
                if seen.content is None and not asked.is_over:
                    raise UserError(ROLE_GONE)
                if version is not None and before.version != version:
                    raise await changed_since(tx, seen, version)
                if before.slug == before.id:
                    asked = replace(asked, slug=slugs_of(asked)[-1])
                asked = await self._saved(tx, access, before, asked, action)
            else:
                asked = before
            if also is not None:
                await also(tx, seen, asked)
            if asked.version != before.version:
                await refresh_approvals(tx, workspace, id, self.clock.now())
            sheet = await self.sheet(tx, access, asked)
        self.lists.forget(workspace)
        self.flush()
        return sheet

    async def publish(self, tx: Transaction, access: Access, seen: JobSheet, action: str) -> Job:
        """Has what is held be shown, and gives the opening as it is then; without any of that, it
        is only recorded that somebody approved it."""
        if seen.held and seen.published is not None:
            return await self._saved(tx, access, seen.published, seen.job, action)
        await self._record(tx, access, seen.job, seen.job, action)
        return seen.job

    async def _saved(
        self, tx: Transaction, access: Access, before: Job, asked: Job, action: str
    ) -> Job:
        """Keeps the next version and the record of it; its messages follow."""
        now, workspace = self.clock.now(), access.workspace
        after = await self._frozen(tx, access, replace(asked, version=before.version + 1))
        await tx.openings.save(workspace, after)
        await self._record(tx, access, before, after, action)
        await refresh_postings(tx, workspace, after.id, now)
        await tx.homes.changed(workspace, {*before.opening.keepers, *after.opening.keepers}, now)
        return after

    async def make(self, tx: Transaction, access: Access, job: Job) -> JobSheet | None:
        """Adds an opening that is there for the first time; None where the same form has been
        submitted at the same time, and that was first."""
        now = self.clock.now()
        job = await self._frozen(tx, access, job)
        for slug in await self._free_slugs(tx, access.workspace, job):
            made = replace(job, slug=slug)
            if await tx.openings.add_job(access.workspace, made, now):
                await self._record(tx, access, made, made, "opening.made")
                await tx.homes.changed(access.workspace, made.opening.keepers, now)
                return await self.sheet(tx, access, made)
        return None

    async def _frozen(self, tx: Transaction, access: Access, job: Job) -> Job:
        """A draft asks what the library has; what was open once goes on asking the same."""
        role = self.library.role(job.opening.role)
        is_draft = job.status is OpeningStatus.DRAFT or job.content is None
        if role is None or not is_draft:
            return job
        content = frozen(self.library, role)
        await tx.panels.keep_content(access.workspace, content, self.clock.now())
        return replace(job, content=content.id)

    async def _record(
        self, tx: Transaction, access: Access, before: Job, after: Job, action: str
    ) -> None:
        entry = AuditEntry(
            id=new_id(),
            workspace=access.workspace,
            at=self.clock.now(),
            actor=access.user,
            action=action,
            subject=after.id,
            revision=after.version,
            fields=different(before.proposed, after.proposed),
        )
        await tx.audit.add(entry)

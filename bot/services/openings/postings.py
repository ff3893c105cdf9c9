"""An opening's postings: where it is shown, and how they follow what becomes of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.audit import AuditEntry, new_id
from bot.domain.openings.job import Job, check_postable
from bot.domain.openings.opening import PUBLIC, OpeningStatus
from bot.domain.rights import Act
from bot.errors import UserError
from bot.services.jobs import JobSheet, jobs_named
from bot.services.messages.openings import POST_WITHIN, PostingMessage, closed_between
from bot.services.messages.openings_approvals import withdraw
from bot.services.openings.editing import JobEditing, changed_since
from bot.services.openings.lists import JobList
from bot.services.rights import require_member
from bot.storage.database import Transaction

NEEDS_APPROVAL = "Someone else has to approve this job first. Send it for approval."
LOOK_EVERY = timedelta(hours=1)
LOOK_BACK = timedelta(days=7)
"""How long a process may have been stopped when a closing day passed."""

ACTIONS = {
    OpeningStatus.OPEN: "opening.opened",
    OpeningStatus.PAUSED: "opening.paused",
    OpeningStatus.FILLED: "opening.filled",
    OpeningStatus.CLOSED: "opening.closed",
}


class OpeningPostings:
    """Each use case raises UserError."""

    def __init__(self, editing: JobEditing) -> None:
        self._editing = editing
        self._next_look: datetime | None = None
        self._seen_until = editing.clock.now() - LOOK_BACK

    async def tick(self) -> None:
        """Has postings say so once their closing day is over, wherever whoever posted them is, and
        lists be read again once an opening has changed."""
        await self._editing.lists.look()
        now = self._editing.clock.now()
        if self._next_look is not None and now < self._next_look:
            return
        async with self._editing.database.read() as tx:
            over = await closed_between(tx, self._seen_until, now)
        if over:
            async with self._editing.database.write() as tx:
                for workspace, keys in sorted(over.items()):
                    await tx.outbox.refresh(workspace, keys, now)
            self._editing.flush()
        self._seen_until, self._next_look = now, now + LOOK_EVERY

    async def shown(self, workspace: str, user: str, id: str) -> JobSheet:
        """The opening, for anybody who may read its posting."""
        return await self._editing.shown(workspace, user, id, Act.READ_OPENING)

    async def changeable(self, workspace: str, user: str, id: str) -> JobSheet:
        """The opening, for whoever may change it."""
        return await self._editing.shown(workspace, user, id, Act.CHANGE_OPENING)

    async def named(self, workspace: str, user: str, name: str) -> Sequence[JobSheet]:
        """The openings of this name that the person may read."""
        access = require_member(await self._editing.rights.access(workspace, user))
        async with self._editing.database.read() as tx:
            found = await jobs_named(tx, access, name)
            return [await self._editing.sheet(tx, access, job) for job in found]

    async def listed(self, workspace: str, user: str) -> JobList:
        access = require_member(await self._editing.rights.access(workspace, user))
        return await self._editing.lists.of(access)

    async def post(
        self, workspace: str, user: str, id: str, version: int, post: str, channel: str
    ) -> JobSheet:
        """Shows the opening in a channel, and opens it where it is not open yet. The same `post`
        again is the same message. Raises InvalidOpening, OpeningChanged."""
        access = await self._editing.rights.access(workspace, user)
        posting = PostingMessage(
            workspace=workspace,
            recipient=channel,
            opening=id,
            post=post,
            posted_by=user,
            zone=access.zone,
        )

        def change(seen: JobSheet) -> Job:
            if seen.needs_approval:
                raise UserError(NEEDS_APPROVAL)
            check_postable(seen.job, seen.today)
            if seen.job.status is OpeningStatus.OPEN:
                return seen.job
            return seen.job.moved(OpeningStatus.OPEN, seen.now, seen.today)

        async def enqueue(tx: Transaction, seen: JobSheet, job: Job) -> None:
            if await tx.outbox.get(workspace, posting.key) is not None:
                return
            if seen.job.version != version:
                raise await changed_since(tx, seen, version)
            await posting.enqueue(tx, seen.now, seen.now + POST_WITHIN)
            ids = (new_id(), workspace, seen.now, user)
            await tx.audit.add(AuditEntry(*ids, "opening.posted", id, job.version, channel))

        return await self._editing.change(
            workspace, user, id, version, ACTIONS[OpeningStatus.OPEN], change, enqueue
        )

    async def move(self, workspace: str, user: str, id: str, status: OpeningStatus) -> JobSheet:
        """Pauses the opening, opens it again, or says that it is filled or closed; its messages
        follow where they stand."""
        if status not in ACTIONS:
            raise UserError("An opening can't become a draft again.")

        def change(seen: JobSheet) -> Job:
            is_so = seen.job.status is status
            if is_so:
                return seen.job
            is_shown_anew = status is OpeningStatus.OPEN and seen.job.status not in PUBLIC
            if is_shown_anew and seen.needs_approval:
                raise UserError(NEEDS_APPROVAL)
            return seen.job.moved(status, seen.now, seen.today)

        async def end(tx: Transaction, seen: JobSheet, job: Job) -> None:
            if job.is_over:
                await withdraw(tx, workspace, id, user, seen.now)

        return await self._editing.change(workspace, user, id, None, ACTIONS[status], change, end)

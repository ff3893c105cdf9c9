"""Approval of openings: sending one, reading it, and what is answered."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.domain.audit import AuditEntry, new_id
from bot.domain.openings.approval import Approval, ApprovalState, checked_reason, writers
from bot.domain.openings.job import Job, check_postable
from bot.domain.rights import RIGHTS, Access, Act
from bot.domain.settings import WorkspaceSettings
from bot.errors import UserError
from bot.services.jobs import JobSheet
from bot.services.messages.openings_approvals import decide, enqueue_approval, withdraw
from bot.services.openings.editing import JobEditing, changed_since
from bot.services.rights import NO_OPENING, NOT_YOURS, require_member
from bot.storage.database import Transaction

NOT_REQUIRED = "Jobs don't need approval in this workspace anymore."
IS_APPROVED = "This job is approved as it is. Post it where you like."
NOT_WAITING = "This job isn't waiting for approval anymore."
WROTE_IT = "You wrote part of this job, so someone else has to approve it."
NOBODY_ELSE = (
    "No one but the people who wrote this job can approve it. Ask an admin to add an approver "
    "under Workspace settings, on their Home tab in Panelist."
)


@dataclass(frozen=True)
class Asked:
    """An opening that was sent, and who was asked."""

    sheet: JobSheet
    approvers: tuple[str, ...]


class OpeningApprovals:
    """Each use case raises UserError, OpeningChanged where the opening is another than was seen."""

    def __init__(self, editing: JobEditing) -> None:
        self._editing = editing

    async def send(self, workspace: str, user: str, id: str, version: int) -> Asked:
        """Asks for approval of this version, once however often it is asked. Raises InvalidOpening
        where it couldn't be posted as it is."""
        await self._editing.shown(workspace, user, id, Act.CHANGE_OPENING)
        async with self._editing.database.read() as tx:
            job = await tx.openings.job(workspace, id)
            if job is None:
                raise UserError(NO_OPENING)
            wrote = await _writers(tx, workspace, job, user)
            settings = await tx.settings.get(workspace)
        approvers = await self._able(workspace, settings, wrote)

        async def ask(tx: Transaction, seen: JobSheet, job: Job) -> None:
            clearance = seen.clearance
            if clearance is None or not clearance.is_required:
                raise UserError(NOT_REQUIRED)
            if clearance.is_waiting:
                return
            if not seen.needs_approval:
                raise UserError(IS_APPROVED)
            if seen.job.version != version:
                raise await changed_since(tx, seen, version)
            check_postable(seen.job, seen.today)
            number = clearance.latest.number + 1 if clearance.latest else 1
            approval = Approval(id, number, job.version, user, seen.now)
            await tx.approvals.add(workspace, approval)
            await enqueue_approval(tx, workspace, approval, approvers, seen.now)
            await self._record(tx, seen.access, job, "opening.sent")

        sheet = await self._editing.change(
            workspace, user, id, version, "opening.changed", lambda seen: seen.job, ask
        )
        return Asked(sheet, approvers)

    async def withdraw(self, workspace: str, user: str, id: str) -> JobSheet:
        """Takes it back, so that nobody approves it."""

        async def take_back(tx: Transaction, seen: JobSheet, job: Job) -> None:
            if await withdraw(tx, workspace, id, user, seen.now) is None:
                raise UserError(NOT_WAITING)
            await self._record(tx, seen.access, job, "opening.withdrawn")

        return await self._editing.change(
            workspace, user, id, None, "opening.changed", lambda seen: seen.job, take_back
        )

    async def shown(self, workspace: str, user: str, id: str) -> JobSheet:
        """The opening that waits, as it is to be, for whoever may approve it."""
        access = await self._editing.rights.access(workspace, user)
        async with self._editing.database.read() as tx:
            sheet, latest = await self._reviewed(tx, access, await tx.openings.job(workspace, id))
        if not latest.is_waiting:
            raise UserError(_ended(latest, user))
        return sheet

    async def approve(self, workspace: str, user: str, id: str, version: int) -> JobSheet:
        """Approves this version. What is public already follows; a draft is posted by its people.
        The same again is the same approval."""
        return await self._decide(workspace, user, id, version, ApprovalState.APPROVED)

    async def send_back(
        self, workspace: str, user: str, id: str, version: int, reason: str | None
    ) -> JobSheet:
        """Sends this version back with a reason, which whoever sent it reads alone."""
        state, why = ApprovalState.SENT_BACK, checked_reason(reason)
        return await self._decide(workspace, user, id, version, state, why)

    async def _decide(
        self,
        workspace: str,
        user: str,
        id: str,
        version: int,
        state: ApprovalState,
        reason: str | None = None,
    ) -> JobSheet:
        access = await self._editing.rights.access(workspace, user)
        now = self._editing.clock.now()
        async with self._editing.database.write() as tx:
            before = await tx.openings.job(workspace, id, lock=True)
            sheet, latest = await self._reviewed(tx, access, before)
            if (latest.state, latest.decided_by) == (state, user):
                return sheet
            if not latest.is_waiting:
                raise UserError(_ended(latest, user))
            if sheet.job.version != version:
                raise await changed_since(tx, sheet, version)
            answer = replace(latest, state=state, decided_by=user, decided_at=now, reason=reason)
            if state is ApprovalState.APPROVED:
                next_version = version + 1 if sheet.held else version
                answer = replace(answer, version=next_version, public=sheet.job.public)
            if not await decide(tx, workspace, answer, now):
                raise UserError(NOT_WAITING)
            if state is ApprovalState.APPROVED:
                await self._editing.publish(tx, access, sheet, "opening.approved")
            else:
                await self._record(tx, access, sheet.job, "opening.sent_back")
        self._editing.lists.forget(workspace)
        self._editing.flush()
        return sheet

    async def _reviewed(
        self, tx: Transaction, access: Access, job: Job | None
    ) -> tuple[JobSheet, Approval]:
        """The opening and the last time it was sent, for whoever may approve it. Raises UserError:
        whoever has nothing to do with it reads the same as where there is none."""
        require_member(access)
        workspace = access.workspace
        latest = await tx.approvals.latest(workspace, job.id) if job is not None else None
        if job is None or latest is None:
            raise UserError(NO_OPENING)
        settings = await tx.settings.get(workspace)
        wrote = await _writers(tx, workspace, job)
        if not access.may_approve(job.opening, settings.approvers, wrote):
            kinds = access.kinds_for(job.opening, settings.approvers)
            if not RIGHTS[Act.APPROVE_OPENING].isdisjoint(kinds):
                raise UserError(WROTE_IT)
            knows = access.may_with(Act.READ_OPENING, job.opening)
            raise UserError(NOT_YOURS[Act.APPROVE_OPENING] if knows else NO_OPENING)
        return await self._editing.sheet(tx, access, job, is_whole=True), latest

    async def _able(
        self, workspace: str, settings: WorkspaceSettings, wrote: Collection[str]
    ) -> tuple[str, ...]:
        """Who is asked: the approvers that the workspace names, or where none of them may, the
        admins that PANELIST_ADMINS does. Raises UserError where that leaves nobody."""
        for group in (settings.approvers, sorted(self._editing.rights.named_admins)):
            asked = [one for one in group if one not in wrote]
            found = await asyncio.gather(
                *(self._editing.rights.may_be_member(workspace, one) for one in asked)
            )
            able = tuple(one for one, is_able in zip(asked, found, strict=True) if is_able)
            if able:
                return able
        raise UserError(NOBODY_ELSE if settings.approval else NOT_REQUIRED)

    async def _record(self, tx: Transaction, access: Access, job: Job, action: str) -> None:
        ids = (new_id(), access.workspace, self._editing.clock.now(), access.user)
        await tx.audit.add(AuditEntry(*ids, action, job.id, job.version))


async def _writers(
    tx: Transaction, workspace: str, job: Job, sends: str | None = None
) -> frozenset[str]:
    """Who wrote what is to be approved: those who changed it since it was, and whoever sent it, or
    is about to."""
    approved = await tx.approvals.approved(workspace, job.id)
    changes = await tx.audit.since(workspace, job.id, approved.version if approved else 0)
    latest = await tx.approvals.latest(workspace, job.id)
    sent_by = sends or (latest.sent_by if latest else None)
    return writers(job.opening.author, filter(None, [sent_by]), changes)


def _ended(approval: Approval, user: str) -> str:
    """Why there is nothing to decide any more."""
    you = approval.decided_by == user
    who = "You've" if you else "Someone else has"
    return {
        ApprovalState.APPROVED: f"{who} already approved this job.",
        ApprovalState.SENT_BACK: f"{who} already sent this job back.",
        ApprovalState.NOT_REQUIRED: NOT_REQUIRED,
    }.get(approval.state, NOT_WAITING)

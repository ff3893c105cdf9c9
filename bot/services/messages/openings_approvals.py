"""What Panelist says of openings that were sent for approval: to those who may approve, and to
whoever sent it. What becomes of one is kept here too, since several features bring it about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.messages import AboutField, MessageKind
from bot.domain.openings.approval import Approval, ApprovalState, Clearance
from bot.domain.openings.job import Job, different
from bot.domain.settings import WorkspaceSettings
from bot.services.messages.message import Message, RenderContext
from bot.storage.database import Transaction

APPROVAL_KINDS = (MessageKind.OPENING_APPROVAL, MessageKind.OPENING_ANSWERED)


@dataclass(frozen=True)
class ToApprove:
    """For an approver: an opening as it is to be, and what has become of it. `changed` names what
    differs from what is public of it already."""

    job: Job
    approval: Approval
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """For whoever sent an opening: what has become of it. `unreached` are the approvers whom Slack
    did not let it through to, while it waits; `is_changed`: it is another since it was approved."""

    job: Job
    approval: Approval
    unreached: tuple[str, ...] = ()
    is_changed: bool = False


@dataclass(frozen=True, kw_only=True)
class ApprovalMessage(Message):
    """That an opening waits for approval, for one who may approve it."""

    kind = MessageKind.OPENING_APPROVAL
    opening: str
    number: int

    @property
    def key(self) -> str:
        return f"approval:{self.opening}:{self.number}:{self.recipient}"

    @property
    def names_candidate(self) -> bool:
        return False

    async def render(self, tx: Transaction, context: RenderContext) -> ToApprove | None:
        job = await tx.openings.job(self.workspace, self.opening)
        approval = await tx.approvals.get(self.workspace, self.opening, self.number)
        if job is None or approval is None:
            return None
        if not context.is_sent and not approval.is_waiting:
            return None
        return ToApprove(job.proposed, approval, different(job, job.proposed))

    async def failure_notices(
        self, tx: Transaction, error: str, now: datetime
    ) -> Sequence[Message]:
        approval = await tx.approvals.get(self.workspace, self.opening, self.number)
        return [] if approval is None else [answer_to(self.workspace, approval)]


@dataclass(frozen=True, kw_only=True)
class AnsweredMessage(Message):
    """What has become of an opening that somebody sent for approval, for them alone."""

    kind = MessageKind.OPENING_ANSWERED
    opening: str
    number: int

    @property
    def key(self) -> str:
        return f"answered:{self.opening}:{self.number}"

    @property
    def names_candidate(self) -> bool:
        return False

    async def render(self, tx: Transaction, context: RenderContext) -> Answered | None:
        job = await tx.openings.job(self.workspace, self.opening)
        approval = await tx.approvals.get(self.workspace, self.opening, self.number)
        if job is None or approval is None:
            return None
        if approval.is_waiting:
            unreached = await self._unreached(tx)
            return Answered(job.proposed, approval, unreached) if unreached else None
        is_changed = approval.public is not None and approval.public != job.proposed.public
        return Answered(job.proposed, approval, is_changed=is_changed)

    async def _unreached(self, tx: Transaction) -> tuple[str, ...]:
        found = await tx.outbox.about(self.workspace, AboutField.OPENING, [self.opening])
        return tuple(
            row.recipient
            for row in found
            if row.kind == MessageKind.OPENING_APPROVAL and row.error is not None
            if ApprovalMessage.load(row).number == self.number
        )


def answer_to(workspace: str, approval: Approval) -> AnsweredMessage:
    """The message that tells whoever sent it."""
    ids = {"workspace": workspace, "opening": approval.opening}
    return AnsweredMessage(**ids, recipient=approval.sent_by, number=approval.number)


async def enqueue_approval(
    tx: Transaction, workspace: str, approval: Approval, approvers: Sequence[str], now: datetime
) -> None:
    """Asks each of these, once."""
    for approver in sorted(approvers):
        message = ApprovalMessage(
            workspace=workspace,
            recipient=approver,
            opening=approval.opening,
            number=approval.number,
        )
        await message.enqueue(tx, now)


async def decide(
    tx: Transaction, workspace: str, approval: Approval, now: datetime, *, is_told: bool = True
) -> bool:
    """Writes what became of it, and has every message about it say so; False where it no longer
    waited. `is_told`: whoever sent it hears."""
    if not await tx.approvals.decide(workspace, approval):
        return False
    if is_told:
        await answer_to(workspace, approval).enqueue(tx, now)
    await refresh_approvals(tx, workspace, approval.opening, now)
    return True


async def refresh_approvals(tx: Transaction, workspace: str, opening: str, now: datetime) -> None:
    """Has the messages about the approval of the opening say what is true now."""
    found = await tx.outbox.about(workspace, AboutField.OPENING, [opening])
    keys = [row.key for row in found if row.kind in APPROVAL_KINDS]
    if keys:
        await tx.outbox.refresh(workspace, keys, now)


async def withdraw(
    tx: Transaction, workspace: str, opening: str, user: str, now: datetime
) -> Approval | None:
    """Takes back what waits, which `user` does; None where nothing does."""
    latest = await tx.approvals.latest(workspace, opening)
    if latest is None or not latest.is_waiting:
        return None
    ended = replace(latest, state=ApprovalState.WITHDRAWN, decided_by=user, decided_at=now)
    is_told = user != latest.sent_by
    return ended if await decide(tx, workspace, ended, now, is_told=is_told) else None


async def end_all(tx: Transaction, workspace: str, user: str, now: datetime) -> None:
    """What waits for approval does so no more: `user` has switched it off."""
    for waiting in await tx.approvals.waiting(workspace):
        state = ApprovalState.NOT_REQUIRED
        ended = replace(waiting, state=state, decided_by=user, decided_at=now)
        await decide(tx, workspace, ended, now)


async def clearance_of(tx: Transaction, settings: WorkspaceSettings, job: Job) -> Clearance:
    """How far the opening is with its approval, in the workspace that has chosen these."""
    workspace = settings.workspace
    approved = await tx.approvals.approved(workspace, job.id) if settings.approval else None
    return Clearance(
        is_required=settings.approval,
        latest=await tx.approvals.latest(workspace, job.id),
        approved=approved.public if approved is not None else None,
        held=different(job, job.proposed),
    )

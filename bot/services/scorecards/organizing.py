"""What organizers do about somebody else's scorecard that is due: reassign it, or close it."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.audit import AuditEntry, new_id
from bot.domain.panels.panel import LONGEST_REASON
from bot.domain.rights import Act
from bot.domain.scorecards.closing import Closing, ClosingKind, DueScorecard
from bot.errors import UserError
from bot.services.messages.scorecards import enqueue_closed
from bot.services.ports import Clock
from bot.services.rights import NO_PART, Rights, permitted_panel
from bot.services.scorecards.ownership import WrongOwner, check_new_owner
from bot.storage.database import Database, Transaction

OWN = "This scorecard is your own. Open it to reassign it, or to say why it won't come."
THEIRS = "It's already theirs. Choose someone else who took part."
NOT_DUE = "This scorecard isn't due anymore, so there's nothing to do."


class ScorecardOrganizing:
    """The use cases. Nobody reads more feedback because of them: whoever closes somebody else's
    scorecard waits for their own as before."""

    def __init__(
        self, database: Database, rights: Rights, clock: Clock, flush: Callable[[], None]
    ) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock
        self._flush = flush

    async def due(self, workspace: str, user: str, interview: str) -> DueScorecard:
        """The scorecard, if it is due and the person may act on it. Raises UserError."""
        access = await self._rights.access(workspace, user)
        async with self._database.read() as tx:
            panel = await tx.panels.of_interview(workspace, interview)
            permitted_panel(access, Act.CLOSE_FOR, panel)
            return _checked(await _found(tx, workspace, interview), user, self._clock.now())

    async def close(self, workspace: str, user: str, interview: str, reason: str = "") -> None:
        """Closes it without a scorecard. Raises UserError."""
        await self._end(workspace, user, interview, ClosingKind.CLOSED, reason)

    async def reassign(
        self, workspace: str, user: str, interview: str, receiver: str, reason: str = ""
    ) -> None:
        """Has someone else who took part write it. Raises UserError."""
        await self._end(workspace, user, interview, ClosingKind.REASSIGNED, reason, receiver)

    async def _end(
        self,
        workspace: str,
        user: str,
        interview: str,
        how: ClosingKind,
        reason: str,
        receiver: str | None = None,
    ) -> None:
        access = await self._rights.access(workspace, user)
        now = self._clock.now()
        async with self._database.write() as tx:
            panel = permitted_panel(
                access, Act.CLOSE_FOR, await tx.panels.of_interview(workspace, interview)
            )
            await tx.scorecards.lock(workspace, interview)
            due = _checked(await _found(tx, workspace, interview), user, now)
            if receiver == due.owner:
                raise WrongOwner(THEIRS)
            if receiver is not None:
                await check_new_owner(tx, due, due.owner, receiver, now)
            closing = Closing(
                workspace=workspace,
                interview=interview,
                number=due.closings + 1,
                how=how,
                actor=user,
                at=now,
                receiver=receiver,
                owner=due.owner,
                reason=reason.strip()[:LONGEST_REASON],
            )
            await tx.scorecards.close(closing, is_over=receiver is None)
            await enqueue_closed(tx, due, closing)
            done = "scorecard.closed" if receiver is None else "scorecard.reassigned"
            ids = (new_id(), workspace, now, user)
            await tx.audit.add(AuditEntry(*ids, done, panel.id, panel.revision, interview))
        self._flush()


async def _found(tx: Transaction, workspace: str, interview: str) -> DueScorecard:
    due = await tx.scorecards.due_scorecard(workspace, interview)
    if due is None:
        raise UserError(NO_PART)
    return due


def _checked(due: DueScorecard, user: str, now: datetime) -> DueScorecard:
    if not due.is_due(now):
        raise UserError(NOT_DUE)
    if due.owner == user:
        raise UserError(OWN)
    return due

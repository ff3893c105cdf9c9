"""*Told them*: a candidate has heard from us, as somebody says who told them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.audit import AuditEntry, new_id
from bot.domain.debriefs.answers import Told
from bot.domain.debriefs.decision import Decision
from bot.domain.rights import Access, Act
from bot.errors import UserError
from bot.services.debriefs.debrief import OUTCOME_HIDDEN
from bot.services.messages.debriefs_answers import (
    AwaitedAnswer,
    awaited_answer,
    refresh_answers,
)
from bot.services.ports import Clock
from bot.services.rights import NO_PART, Rights, require, require_member
from bot.storage.database import Database, Transaction

UNDECIDED = "Record a decision in the debrief first. Then you can tell the candidate."
ALREADY = "Someone has told them already."
OTHER = "Something else was decided meanwhile, so nothing was saved. Open the candidate again."


@dataclass(frozen=True)
class Answered:
    """What the candidate is told, by whom if they were, for one who may tell them."""

    awaited: AwaitedAnswer
    decision: Decision
    access: Access
    now: datetime


class Answering:
    """Each method raises UserError where the person may not."""

    def __init__(
        self, database: Database, rights: Rights, clock: Clock, flush: Callable[[], None]
    ) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock
        self._flush = flush

    async def to_tell(self, workspace: str, user: str, application: str) -> Answered:
        """What the candidate is to be told."""
        access = require_member(await self._rights.access(workspace, user))
        async with self._database.read() as tx:
            return await self._found(tx, access, application)

    async def tell(self, workspace: str, user: str, application: str, number: int) -> Answered:
        """They were told what the decision of this number is."""
        access = require_member(await self._rights.access(workspace, user))
        now = self._clock.now()
        async with self._database.write() as tx:
            found = await self._found(tx, access, application)
            await tx.debriefs.lock(workspace, found.awaited.panel.id)
            found = await self._found(tx, access, application)
            if found.awaited.answer.is_given:
                raise UserError(ALREADY)
            if found.decision.number != number:
                raise UserError(OTHER)
            await tx.answers.add(workspace, application, Told(user, now))
            ids = (new_id(), workspace, now, user)
            await tx.audit.add(AuditEntry(*ids, "debrief.answered", found.awaited.panel.id, 0))
            await tx.answer_rungs.forget_untold(workspace, application)
            await refresh_answers(tx, workspace, application, now)
            found = await self._found(tx, access, application)
        self._flush()
        return found

    async def _found(self, tx: Transaction, access: Access, application: str) -> Answered:
        now = self._clock.now()
        awaited = await awaited_answer(tx, access.workspace, application, now)
        if awaited is None:
            raise UserError(NO_PART)
        require(access, Act.ANSWER, awaited.panel)
        due = await tx.scorecards.due_scorecards_of_panel(access.workspace, awaited.panel.id)
        if any(one.is_awaited_from(access.user) for one in due):
            raise UserError(OUTCOME_HIDDEN)
        if awaited.answer.decision is None:
            raise UserError(UNDECIDED)
        return Answered(awaited, awaited.answer.decision, access, now)

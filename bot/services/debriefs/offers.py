"""What became of an offer: recorded by a decider with its day, undone in time, amended later."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.domain.applications import Stage
from bot.domain.audit import AuditEntry, new_id
from bot.domain.dates import day_in
from bot.domain.debriefs.answers import Told
from bot.domain.debriefs.offers import Offer, OfferEnd, OfferResult, check_day
from bot.domain.rights import Access, Act
from bot.errors import UserError
from bot.services.debriefs.debrief import OUTCOME_HIDDEN, UNDO_IS_OVER, Debrief, debrief_of
from bot.services.frozen_contents import Contents
from bot.services.messages.debriefs_answers import refresh_answers
from bot.services.ports import Clock
from bot.services.rights import Rights, require, require_member
from bot.storage.database import Database, Transaction

NO_OFFER = "There's no offer to answer anymore. Open the debrief again."
MEANWHILE = "Someone recorded an answer meanwhile, so nothing was saved. Open the debrief again."


@dataclass(frozen=True)
class OfferSheet:
    """A debrief whose decision is an offer, for whoever records what became of it."""

    debrief: Debrief
    offer: Offer


class Offers:
    """Each method raises UserError where the person may not."""

    def __init__(
        self,
        database: Database,
        rights: Rights,
        contents: Contents,
        clock: Clock,
        flush: Callable[[], None],
    ) -> None:
        self._database = database
        self._rights = rights
        self._contents = contents
        self._clock = clock
        self._flush = flush

    async def to_end(self, workspace: str, user: str, panel: str) -> OfferSheet:
        """The offer, for whoever is about to record what became of it."""
        access = require_member(await self._rights.access(workspace, user))
        async with self._database.read() as tx:
            return await self._sheet(tx, access, panel)

    async def end(
        self, workspace: str, user: str, panel: str, number: int, ended: OfferEnd, day: date
    ) -> OfferSheet:
        """Records it after the result of this number; the stage follows. Whoever answers an offer
        knows of it, so from then on they were told."""
        access = require_member(await self._rights.access(workspace, user))
        now = self._clock.now()
        async with self._database.write() as tx:
            sheet = await self._locked(tx, access, panel)
            check_day(day, sheet.offer.made, day_in(access.zone, now))
            application = sheet.debrief.panel.application
            before = await tx.offers.of(workspace, application)
            last = before[-1].number if before else 0
            if last != number:
                raise UserError(MEANWHILE)
            result = OfferResult(last + 1, ended, day, user, now)
            await tx.offers.add(workspace, application, result)
            await tx.applications.put_stage(workspace, application, ended.stage)
            await self._record(tx, sheet, user, f"debrief.{ended}")
            if not sheet.debrief.is_answered:
                await tx.answers.add(workspace, application, Told(user, now))
                await tx.answer_rungs.forget_untold(workspace, application)
                await refresh_answers(tx, workspace, application, now)
            sheet = await self._sheet(tx, access, panel)
        self._flush()
        return sheet

    async def undo(self, workspace: str, user: str, panel: str, number: int) -> OfferSheet:
        """Takes back the result of this number: the one before holds again, if there was one."""
        access = require_member(await self._rights.access(workspace, user))
        now = self._clock.now()
        async with self._database.write() as tx:
            sheet = await self._locked(tx, access, panel)
            result = sheet.offer.result
            if result is None or result.number != number:
                raise UserError(MEANWHILE)
            if not result.may_be_undone(now):
                raise UserError(UNDO_IS_OVER)
            application = sheet.debrief.panel.application
            await tx.offers.undo(workspace, application, number, user, now)
            earlier = sheet.offer.earlier
            stage = earlier[0].ended.stage if earlier else Stage.OFFER
            await tx.applications.put_stage(workspace, application, stage)
            await self._record(tx, sheet, user, "debrief.offer_undone")
            return await self._sheet(tx, access, panel)

    async def _locked(self, tx: Transaction, access: Access, panel: str) -> OfferSheet:
        """The offer as it is, which nobody else decides about until the transaction ends."""
        await self._sheet(tx, access, panel)
        await tx.debriefs.lock(access.workspace, panel)
        return await self._sheet(tx, access, panel)

    async def _sheet(self, tx: Transaction, access: Access, panel: str) -> OfferSheet:
        now = self._clock.now()
        found = await debrief_of(tx, self._contents, access.workspace, panel, now)
        shown = found.shown_to(access, now)
        require(access, Act.DECIDE, shown.panel)
        if shown.has_own_due:
            raise UserError(OUTCOME_HIDDEN)
        if shown.offer is None or shown.decisions.pending is not None:
            raise UserError(NO_OFFER)
        return OfferSheet(shown, shown.offer)

    async def _record(self, tx: Transaction, sheet: OfferSheet, user: str, action: str) -> None:
        panel = sheet.debrief.panel
        ids = (new_id(), panel.workspace, self._clock.now(), user)
        await tx.audit.add(AuditEntry(*ids, action, panel.id, 0))

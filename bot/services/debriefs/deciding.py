"""Decisions: made by a decider once the leanings are open, undone in time, or amended later."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.audit import AuditEntry, new_id
from bot.domain.debriefs.decision import Decision, NewDecision, check_withdrawn, checked
from bot.domain.feedback_hints import FeedbackHint, Noticed, noticed
from bot.domain.panels.panel import Panel
from bot.domain.rights import Access, Act
from bot.domain.scorecards.closing import Closing, ClosingKind
from bot.errors import UserError
from bot.services.debriefs.debrief import UNDO_IS_OVER, Debrief, FoundDebrief, debrief_of
from bot.services.frozen_contents import Contents
from bot.services.messages.debriefs import (
    enqueue_decided,
    enqueue_to_confirm,
    enqueue_undone,
    refresh_to_confirm,
)
from bot.services.messages.debriefs_answers import enqueue_answers, refresh_answers
from bot.services.messages.scorecards import enqueue_closed
from bot.services.ports import Clock
from bot.services.rights import Rights, require, require_member
from bot.storage.database import Database, Transaction

OWN_DUE = "Your own scorecard is still due. Submit it, or say that it won't come, then decide."
LEANINGS_FIRST = "You can decide once the leanings are open."
CHANGED = "A scorecard changed since you opened this. Go back, read it again, then decide."
DECIDED = "Someone decided meanwhile, so nothing was saved. Go back to see what they decided."
TOLD = "The candidate has been told, so this can't be undone anymore. You can amend it."
PENDING = "A decision is waiting for a second decider. Confirm or undo it first."
OWN_DECISION = "This decision is yours, so another decider has to confirm it."
GONE = "This decision was already undone or amended. Open the debrief again."


@dataclass(frozen=True)
class Seen:
    """What somebody had before them: these versions of the scorecards, and decisions up to this
    number. `hints`: they have read the hints on their reason."""

    scorecards: str
    number: int
    hints: bool = False


@dataclass(frozen=True)
class Decided:
    """The debrief as it is now; where there are hints on the reason, nothing has been saved yet."""

    debrief: Debrief
    hints: Sequence[Noticed] = ()


class Deciding:
    """Each method raises UserError where the person may not."""

    def __init__(
        self,
        database: Database,
        rights: Rights,
        contents: Contents,
        hints: Iterable[FeedbackHint],
        clock: Clock,
        flush: Callable[[], None],
    ) -> None:
        self._database = database
        self._rights = rights
        self._contents = contents
        self._hints = tuple(hints)
        self._clock = clock
        self._flush = flush

    async def to_decide(self, workspace: str, user: str, panel: str) -> Debrief:
        """The debrief for whoever is about to decide, or to amend what was decided."""
        access = await self._access(workspace, user)
        async with self._database.read() as tx:
            found = await debrief_of(tx, self._contents, workspace, panel, self._clock.now())
        shown = found.shown_to(access, self._clock.now())
        _require_decider(access, shown)
        return shown

    async def decide(
        self, workspace: str, user: str, panel: str, new: NewDecision, seen: Seen
    ) -> Decided:
        """Records it. A reason with words that say nothing about the job is shown back once, with
        hints for its author alone, before anything is saved. Raises InvalidDecision."""
        access = await self._access(workspace, user)
        now = self._clock.now()
        async with self._database.write() as tx:
            shown = (await self._locked(tx, access, panel)).shown_to(access, now)
            _require_decider(access, shown)
            new = checked(new, shown.rated_on, shown.checked_rule)
            hints = noticed([new.reason, new.against_rule], self._hints)
            if hints and not seen.hints:
                return Decided(shown, hints)
            if shown.decisions.last != seen.number:
                raise UserError(DECIDED)
            if shown.decisions.pending is not None:
                raise UserError(PENDING)
            if shown.seen != seen.scorecards:
                raise UserError(CHANGED)
            await self._decide(tx, shown, new)
            found = await debrief_of(tx, self._contents, workspace, panel, self._clock.now())
        self._flush()
        return Decided(found.shown_to(access, now))

    async def confirm(
        self, workspace: str, user: str, panel: str, number: int, seen: str
    ) -> Debrief:
        """Has somebody else's decision count from now on. The debrief again, with nothing done,
        where a scorecard has changed since the person saw it."""
        access = await self._access(workspace, user)
        now = self._clock.now()
        async with self._database.write() as tx:
            shown = (await self._locked(tx, access, panel)).shown_to(access, now)
            _require_decider(access, shown)
            made = shown.decisions.pending
            if made is None or made.number != number:
                raise UserError(GONE)
            if made.person == user:
                raise UserError(OWN_DECISION)
            if shown.seen != seen:
                return shown
            application = await tx.applications.get(workspace, shown.panel.application)
            if application is None:
                raise UserError(GONE)
            check_withdrawn(made, application.stage, shown.decisions.current)
            await tx.decisions.confirm(workspace, panel, number, user, now, application.stage)
            confirmed = replace(made, confirmed_at=now, confirmed_by=user)
            await self._record(tx, shown.panel, user, "debrief.confirmed")
            await self._count(tx, shown, confirmed)
            await refresh_to_confirm(tx, shown.panel, made, now)
            found = await debrief_of(tx, self._contents, workspace, panel, self._clock.now())
        self._flush()
        return found.shown_to(access, now)

    async def undo(self, workspace: str, user: str, panel: str, number: int) -> Debrief:
        """Takes back the decision of this number: the one before holds again, if there was one. One
        that waits for a second decider can be taken back until then, by any of them."""
        access = await self._access(workspace, user)
        now = self._clock.now()
        async with self._database.write() as tx:
            shown = (await self._locked(tx, access, panel)).shown_to(access, now)
            _require_decider(access, shown)
            current = shown.decisions.pending or shown.decisions.current
            if current is None or current.number != number:
                raise UserError(GONE)
            if not current.may_be_undone(now):
                raise UserError(UNDO_IS_OVER)
            if shown.is_answered and current.holds:
                raise UserError(TOLD)
            await tx.decisions.undo(workspace, panel, number, user, now)
            application = await tx.applications.get(workspace, shown.panel.application)
            is_there = application is not None and application.stage is current.stage
            if application is not None and is_there and current.holds:
                await tx.applications.put_stage(workspace, application.id, current.stage_before)
            await self._record(tx, shown.panel, user, "debrief.undone")
            found = await debrief_of(tx, self._contents, workspace, panel, self._clock.now())
            await enqueue_undone(tx, shown.panel, found.decisions, now)
            await refresh_to_confirm(tx, shown.panel, current, now)
            await refresh_answers(tx, workspace, shown.panel.application, now)
        self._flush()
        return found.shown_to(access, now)

    async def _access(self, workspace: str, user: str) -> Access:
        return require_member(await self._rights.access(workspace, user))

    async def _locked(self, tx: Transaction, access: Access, panel: str) -> FoundDebrief:
        """The debrief as it is, which nobody else decides about until the transaction ends."""
        found = await debrief_of(tx, self._contents, access.workspace, panel, self._clock.now())
        _require_decider(access, found.shown_to(access, self._clock.now()))
        await tx.debriefs.lock(access.workspace, panel)
        return await debrief_of(tx, self._contents, access.workspace, panel, self._clock.now())

    async def _decide(self, tx: Transaction, shown: Debrief, new: NewDecision) -> None:
        panel, user, now = shown.panel, shown.reader, shown.now
        application = await tx.applications.get(panel.workspace, panel.application)
        if application is None:
            raise UserError(GONE)
        before = shown.decisions
        check_withdrawn(new, application.stage, before.current)
        made = Decision(
            number=before.last + 1,
            outcome=new.outcome,
            kind=new.kind,
            reason=new.reason,
            competencies=new.competencies,
            person=user,
            at=now,
            stage_before=application.stage,
            closes_due=new.closes_due,
            rule=shown.checked_rule,
            against_rule=new.against_rule or None,
            needs_second=shown.needs_second,
        )
        await tx.decisions.add(panel.workspace, panel.id, made)
        action = "debrief.amended" if before.current is not None else "debrief.decided"
        await self._record(tx, panel, user, action)
        if made.is_pending:
            await enqueue_to_confirm(tx, panel, made)
        else:
            await self._count(tx, shown, made)

    async def _count(self, tx: Transaction, shown: Debrief, made: Decision) -> None:
        """All that follows once a decision counts."""
        panel, user, now, before = shown.panel, shown.reader, shown.now, shown.decisions
        await tx.applications.put_stage(panel.workspace, panel.application, made.stage)
        # People before messages, as a tick locks them.
        await enqueue_answers(tx, panel.workspace, [panel.application], now)
        await refresh_answers(tx, panel.workspace, panel.application, now)
        if made.closes_due:
            for due in shown.due_from_others:
                await self._close(tx, panel, due.interview, user, now)
        await enqueue_decided(tx, panel, made, before, shown.due_scorecards)

    async def _close(
        self, tx: Transaction, panel: Panel, interview: str, user: str, now: datetime
    ) -> None:
        """Closes a scorecard that is due from somebody else, unless it has come meanwhile."""
        await tx.scorecards.lock(panel.workspace, interview)
        due = await tx.scorecards.due_scorecard(panel.workspace, interview)
        if due is None or not due.is_due(now) or due.owner == user:
            return
        closing = Closing(
            workspace=panel.workspace,
            interview=interview,
            number=due.closings + 1,
            how=ClosingKind.CLOSED,
            actor=user,
            at=now,
            owner=due.owner,
        )
        await tx.scorecards.close(closing, is_over=True)
        await enqueue_closed(tx, due, closing)
        await self._record(tx, panel, user, "scorecard.closed", interview)

    async def _record(
        self, tx: Transaction, panel: Panel, user: str, action: str, part: str | None = None
    ) -> None:
        ids = (new_id(), panel.workspace, self._clock.now(), user)
        await tx.audit.add(AuditEntry(*ids, action, panel.id, 0, part))


def _require_decider(access: Access, shown: Debrief) -> None:
    require(access, Act.DECIDE, shown.panel)
    if shown.has_own_due:
        raise UserError(OWN_DUE)
    if not shown.may_decide:
        raise UserError(LEANINGS_FIRST)

"""Scorecards: opening them, saving what is typed, submitting, and closing without one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bot.domain.audit import new_id
from bot.domain.feedback_hints import FeedbackHint, noticed
from bot.domain.scorecards.closing import Closing, ClosingKind, DueScorecard
from bot.domain.scorecards.faults import InvalidScorecard, field_errors, part_errors, step_to_do
from bot.domain.scorecards.merging import whole
from bot.domain.scorecards.parts import LAST_STEP, ScorecardPart, steps_of
from bot.domain.scorecards.scorecard import (
    OwnScorecard,
    Scorecard,
    ScorecardBody,
    ScorecardForm,
    ScorecardVersion,
)
from bot.errors import DatabaseAway, UserError
from bot.services.frozen_contents import Contents
from bot.services.messages.scorecards import enqueue_closed, enqueue_submitted, undelivered
from bot.services.ports import Clock
from bot.services.scorecards.drafting import Written, is_unseen, written
from bot.services.scorecards.forms import (
    AlreadySubmitted,
    Diverged,
    Divergence,
    OpenScorecard,
    OwnScorecards,
    Saved,
    Submitted,
)
from bot.services.scorecards.ownership import (
    NOT_YOURS,
    check_new_owner,
    closed_because,
    own_scorecard,
)
from bot.storage.database import Database, Transaction

SAVE_WITHIN = 2.0
"""Seconds that a draft may take to be saved before its author is told that it could not."""

SUBMIT_WITHIN = 2.4
"""Seconds that a submission may take: Slack gives three for the whole ack."""

MOST_LISTED = 100

RECEIPTS_LISTED = 10
"""The last scorecards, of which it is shown where their receipt did not arrive."""

NOT_BEGUN = "This interview hasn't started yet."
KEPT = "What you wrote is kept."


class ScorecardsService:
    """What interviewers do with their own scorecards; `flush` has what is due sent at once.

    Whose a scorecard is follows from our own data alone, so that a Slack which is away keeps nobody
    from submitting.
    """

    def __init__(
        self,
        database: Database,
        contents: Contents,
        hints: Iterable[FeedbackHint],
        clock: Clock,
        flush: Callable[[], None],
    ) -> None:
        self._database = database
        self._contents = contents
        self._hints = tuple(hints)
        self._clock = clock
        self._flush = flush

    def now(self) -> datetime:
        return self._clock.now()

    async def open(self, workspace: str, user: str, interview: str) -> OpenScorecard:
        """The form with what the person had written, at the step to go on with. Raises
        UserError."""
        async with self._database.read() as tx:
            own = await own_scorecard(tx, workspace, user, interview)
            closed = await closed_because(tx, own.due_scorecard, user, own.scorecard)
            if closed and own.draft is None:
                raise UserError(closed)
            return await self._sheet(tx, own, ScorecardForm(interview, new_id()), closed=closed)

    async def save(
        self,
        workspace: str,
        user: str,
        form: ScorecardForm,
        part: ScorecardPart,
        at: Decimal | None = None,
    ) -> Saved:
        """Saves what stood in a form at a press, made at that time, beside what was written in
        others.

        What stood in it earlier changes nothing. Raises AlreadySubmitted where what stood in it
        came after its submission and is not kept, DatabaseAway where it takes too long.
        """
        async with self._writing(SAVE_WITHIN) as tx:
            own = await own_scorecard(tx, workspace, user, form.interview, lock=True)
            due, card, kept = own.due_scorecard, own.scorecard, own.draft
            closed = await closed_because(tx, due, user, card)
            if card is not None and await self._is_submitted(tx, card, form):
                if part.into(card.to_change) != card.to_change:
                    raise AlreadySubmitted(is_step=False)
                return Saved(card.version.submitted_at, due.zone)
            found = written(own, user, form, part)
            if kept is not None and found.is_submitted and part.into(kept.body) != kept.body:
                raise AlreadySubmitted(is_step=True)
            if kept is None or not found.is_older(at):
                kept = found.pressed(self._clock.now(), at)
                await tx.scorecards.keep_draft(kept)
            return Saved(kept.saved_at, due.zone, kept.aside is not None, closed)

    async def next(
        self, workspace: str, user: str, form: ScorecardForm, part: ScorecardPart, step: str
    ) -> OpenScorecard:
        """Saves a step that was submitted, and shows the one after it.

        Raises InvalidScorecard with what is amiss in it, UserError where there is no scorecard to
        write any more, DatabaseAway where it takes too long.
        """
        found = part_errors(part)
        if found:
            raise InvalidScorecard(found)
        async with self._writing(SUBMIT_WITHIN) as tx:
            own = await own_scorecard(tx, workspace, user, form.interview, lock=True)
            is_in = await self._is_submitted(tx, own.scorecard, form)
            whole = written(own, user, form, part)
            if whole.is_new:
                now = self._clock.now()
                kept = whole.moved(now, new_id()) if is_in else whole.stepped(now)
                await tx.scorecards.keep_draft(kept)
                own = replace(own, draft=kept)
            return await self._turned(tx, own, user, form, step, by=1)

    async def go(
        self,
        workspace: str,
        user: str,
        form: ScorecardForm,
        part: ScorecardPart,
        to: str,
        at: Decimal | None = None,
    ) -> OpenScorecard:
        """Saves what stood in a step at a press that leads to another, and shows that.

        Raises UserError where there is no scorecard to write any more, DatabaseAway where it takes
        too long.
        """
        async with self._writing(SUBMIT_WITHIN) as tx:
            own = await own_scorecard(tx, workspace, user, form.interview, lock=True)
            is_in = await self._is_submitted(tx, own.scorecard, form)
            whole = written(own, user, form, part)
            if whole.is_new and not is_in and not whole.is_older(at):
                kept = whole.pressed(self._clock.now(), at)
                await tx.scorecards.keep_draft(kept)
                own = replace(own, draft=kept)
            return await self._turned(tx, own, user, form, to)

    async def submit(
        self, workspace: str, user: str, form: ScorecardForm, part: ScorecardPart
    ) -> Submitted:
        """Submits the scorecard from a form; the same again is the same scorecard.

        Raises InvalidScorecard with what is amiss in the form, Diverged where something was
        written elsewhere or another step is not finished, DatabaseAway where it takes too long.
        """
        found = part_errors(part)
        if found:
            raise InvalidScorecard(found)
        async with self._writing(SUBMIT_WITHIN) as tx:
            outcome = await self._submit(tx, workspace, user, form, part)
        if isinstance(outcome, Diverged):
            raise outcome
        self._flush()
        texts = outcome.scorecard.version.body.texts
        return replace(outcome, hints=tuple(noticed(texts, self._hints)))

    async def close(
        self,
        workspace: str,
        user: str,
        interview: str,
        how: ClosingKind,
        receiver: str | None = None,
    ) -> tuple[DueScorecard, Closing]:
        """Closes a scorecard without one, or reassigns it. Raises UserError."""
        now = self._clock.now()
        async with self._writing(SUBMIT_WITHIN) as tx:
            own = await own_scorecard(tx, workspace, user, interview, lock=True)
            due, card = own.due_scorecard, own.scorecard
            closed = await closed_because(tx, due, user, card)
            if closed:
                raise UserError(closed)
            if card is not None:
                raise UserError("You already submitted your scorecard. Edit it instead.")
            if not due.has_begun(now):
                raise UserError(NOT_BEGUN)
            before = await tx.scorecards.closings(workspace, interview)
            item = Closing(workspace, interview, due.closings + 1, how, user, now, receiver)
            if before and _is_same(before[-1], item):
                return due, before[-1]
            if receiver is not None:
                await check_new_owner(tx, due, user, receiver, now)
            await tx.scorecards.close(item, is_over=how is not ClosingKind.REASSIGNED)
            await enqueue_closed(tx, due, item)
        self._flush()
        return due, item

    async def mine(self, workspace: str, user: str) -> OwnScorecards:
        """What the person owes and has written."""
        now = self._clock.now()
        async with self._database.read() as tx:
            due_scorecards = await tx.scorecards.due_scorecards_of(workspace, user, MOST_LISTED)
            cards = await tx.scorecards.of_author(workspace, user, MOST_LISTED)
            drafts = await tx.scorecards.drafts_of(workspace, user)
            written = {card.interview for card in cards}
            drafted = {draft.interview for draft in drafts}
            others = await tx.scorecards.due_scorecards(workspace, written | drafted)
            refused = await undelivered(tx, workspace, cards[:RECEIPTS_LISTED])
        known = {due.interview: due for due in (*due_scorecards, *others)}
        pending = [due for due in due_scorecards if due.is_pending]
        return OwnScorecards(
            person=user,
            now=now,
            due=[due for due in pending if due.is_due(now)][::-1],
            coming=[due for due in pending if not due.is_due(now)][::-1],
            written=[(known[card.interview], card) for card in cards],
            drafted=frozenset(drafted),
            kept=[
                known[draft.interview]
                for draft in drafts
                if draft.interview not in written
                and not known[draft.interview].is_awaited_from(user)
            ],
            undelivered=frozenset(refused),
        )

    async def _submit(
        self, tx: Transaction, workspace: str, user: str, form: ScorecardForm, part: ScorecardPart
    ) -> Submitted | Diverged:
        own = await own_scorecard(tx, workspace, user, form.interview, lock=True)
        due, before = own.due_scorecard, own.scorecard
        closed = await closed_because(tx, due, user, before)
        if closed:
            raise UserError(f"{closed} {KEPT}")
        whole = written(own, user, form, part)
        is_same = before is not None and before.version.body.says_the_same(whole.mine)
        if before is not None and is_same and whole.theirs is None:
            card = before
        else:
            diverged = await self._diverged(tx, whole, part)
            if diverged is not None:
                return diverged
            card = await self._submitted(tx, own, user, form, whole.mine.over(due.focus))
        if own.draft is not None:
            await tx.scorecards.delete_draft(workspace, form.interview, user)
        return Submitted(due, card)

    async def _submitted(
        self,
        tx: Transaction,
        own_scorecard: OwnScorecard,
        user: str,
        form: ScorecardForm,
        body: ScorecardBody,
    ) -> Scorecard:
        """Adds the next version with all that follows from it. Raises InvalidScorecard."""
        now, due, before = (
            self._clock.now(),
            own_scorecard.due_scorecard,
            own_scorecard.scorecard,
        )
        found = field_errors(body, needs_reason=_needs_reason(before, now))
        if found:
            raise InvalidScorecard(found)
        version = ScorecardVersion(before.version.number + 1 if before else 1, body, form.id, now)
        card = Scorecard(
            id=before.id if before else new_id(),
            workspace=due.workspace,
            interview=due.interview,
            interviewer=user,
            seen_others_before=before.seen_others_before if before else own_scorecard.has_read,
            submitted_at=before.submitted_at if before else now,
            version=version,
        )
        await tx.scorecards.submit(card)
        if before is None:
            number = due.closings + 1
            closing = Closing(
                due.workspace,
                due.interview,
                number,
                ClosingKind.SCORECARD,
                user,
                now,
            )
            await tx.scorecards.close(closing)
        await enqueue_submitted(tx, due, card, before)
        return card

    async def _diverged(
        self, tx: Transaction, whole: Written, part: ScorecardPart
    ) -> Diverged | None:
        """What to show where there is more than stands in the form; all of it is saved as the
        draft."""
        now, own, mine = self._clock.now(), whole.own, whole.mine
        focus = own.due_scorecard.focus
        needs_reason = _needs_reason(own.scorecard, now)
        faults = field_errors(mine.over(focus), needs_reason=needs_reason)
        elsewhere = [one for one in faults if not part.has(one.part, one.competency)]
        if whole.theirs is not None:
            why, step = Divergence.MERGED, None
        elif not set(focus) <= set(mine.competencies):
            why = Divergence.MORE_ASKED
            step = next(id for id in focus if id not in mine.competencies)
        elif elsewhere:
            why, step = Divergence.UNFINISHED, elsewhere[0].competency
        elif is_unseen(own, whole.form) and not part.is_all_of(mine):
            why, step = Divergence.CHANGED, LAST_STEP
        else:
            return None
        kept = whole.moved(now, new_id())
        await tx.scorecards.keep_draft(kept)
        form = ScorecardForm(whole.form.interview, kept.form)
        return Diverged(await self._sheet(tx, replace(own, draft=kept), form, step), why)

    async def _is_submitted(
        self, tx: Transaction, card: Scorecard | None, form: ScorecardForm
    ) -> bool:
        return card is not None and await tx.scorecards.is_submitted(
            card.workspace, card.id, form.id
        )

    async def _turned(
        self,
        tx: Transaction,
        own: OwnScorecard,
        user: str,
        form: ScorecardForm,
        step: str,
        *,
        by: int = 0,
    ) -> OpenScorecard:
        """The form at a step, or so many steps after that."""
        closed = await closed_because(tx, own.due_scorecard, user, own.scorecard)
        again = replace(form, id=own.draft.form if own.draft else form.id, turn=form.turn + 1)
        sheet = await self._sheet(tx, own, again, closed=closed)
        steps = steps_of(sheet.body)
        if step not in steps:
            return sheet
        return replace(sheet, step=steps[min(steps.index(step) + by, len(steps) - 1)])

    async def _sheet(
        self,
        tx: Transaction,
        own: OwnScorecard,
        form: ScorecardForm,
        step: str | None = None,
        *,
        closed: str = "",
    ) -> OpenScorecard:
        """The form with all that is written, at a step: else at the first that is not done."""
        due, draft, card = own.due_scorecard, own.draft, own.scorecard
        panel = await tx.panels.get(due.workspace, due.panel)
        if panel is None:
            raise UserError(NOT_YOURS)
        both = whole(draft) if draft else None
        body = both.body if both else card.to_change if card else ScorecardBody()
        body = body.over(due.focus)
        conflicts = both.steps(draft.body) if both and draft and draft.aside else frozenset()
        return OpenScorecard(
            due_scorecard=due,
            panel=panel,
            content=await self._contents.of(tx, panel),
            form=replace(
                form,
                revision=draft.revision if draft else 0,
                version=card.version.number if card else 0,
            ),
            body=body,
            saved_at=draft.saved_at if draft else None,
            scorecard=card,
            now=self._clock.now(),
            step=step_to_do(body, conflicts) if step is None else step,
            closed=closed,
            merged=both if conflicts else None,
            conflicts=conflicts,
        )

    @asynccontextmanager
    async def _writing(self, seconds: float) -> AsyncIterator[Transaction]:
        try:
            async with asyncio.timeout(seconds), self._database.write() as tx:
                yield tx
        except TimeoutError as error:
            raise DatabaseAway from error


def _needs_reason(card: Scorecard | None, now: datetime) -> bool:
    return card is not None and card.needs_reason(now)


def _is_same(one: Closing, other: Closing) -> bool:
    return (one.how, one.actor, one.receiver) == (other.how, other.actor, other.receiver)

"""Scorecards: opening them, saving what is typed, submitting, and closing without one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from bot.domain.audit import new_id
from bot.domain.feedback_hints import FeedbackHint, noticed
from bot.domain.scorecards.closing import Closing, ClosingKind, DueScorecard
from bot.domain.scorecards.faults import InvalidScorecard, field_errors
from bot.domain.scorecards.merging import Merged, elsewhere, merged, whole
from bot.domain.scorecards.scorecard import (
    OwnScorecard,
    Scorecard,
    ScorecardBody,
    ScorecardDraft,
    ScorecardForm,
    ScorecardVersion,
)
from bot.errors import DatabaseAway, UserError
from bot.services.frozen_contents import Contents
from bot.services.messages.scorecards import enqueue_closed, enqueue_submitted, undelivered
from bot.services.ports import Clock
from bot.services.scorecards.forms import Diverged, OpenScorecard, OwnScorecards, Saved, Submitted
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

NOT_BEGUN = "This interview has not begun yet."
KEPT = "What you have written is kept."


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
        """The form with what the person had written. Raises UserError."""
        async with self._database.read() as tx:
            own = await own_scorecard(tx, workspace, user, interview)
            due, card, draft = own.due_scorecard, own.scorecard, own.draft
            closed = await closed_because(tx, due, user, card)
            if closed and draft is None:
                raise UserError(closed)
            form = ScorecardForm(
                interview,
                new_id(),
                revision=draft.revision if draft else 0,
                version=card.version.number if card else 0,
            )
            both = whole(draft) if draft else None
            body = both.body if both else card.to_change if card else ScorecardBody()
            saved_at = draft.saved_at if draft else None
            shown = both if draft and draft.aside else None
            return await self._sheet(
                tx, due, form, body, saved_at, card, closed=closed, merged_with=shown
            )

    async def save(
        self,
        workspace: str,
        user: str,
        form: ScorecardForm,
        body: ScorecardBody,
        typed_at: datetime,
    ) -> Saved:
        """Saves what stands in a form since `typed_at`, beside what was written in others.

        What stood in it earlier changes nothing. Raises DatabaseAway where it takes too long.
        """
        async with self._writing(SAVE_WITHIN) as tx:
            own = await own_scorecard(tx, workspace, user, form.interview, lock=True)
            due, card, kept = own.due_scorecard, own.scorecard, own.draft
            closed = await closed_because(tx, due, user, card)
            if card is not None and _came_before(card, form, typed_at):
                return Saved(card.version.submitted_at, due.zone)
            if kept is None or kept.form != form.id or kept.typed_at <= typed_at:
                aside = _missing(body, elsewhere(form, kept, card))
                kept = self._draft(due, user, form.id, body, typed_at, kept, aside)
                await tx.scorecards.keep_draft(kept)
            return Saved(kept.saved_at, due.zone, kept.aside is not None, closed)

    async def submit(
        self, workspace: str, user: str, form: ScorecardForm, body: ScorecardBody
    ) -> Submitted:
        """Submits what stands in a form; the same again is the same scorecard.

        Raises Faulty with what is amiss, Diverged where something was written elsewhere,
        DatabaseAway where it takes too long.
        """
        found = field_errors(body)
        if found:
            raise InvalidScorecard(found)
        async with self._writing(SUBMIT_WITHIN) as tx:
            outcome = await self._submit(tx, workspace, user, form, body)
        if isinstance(outcome, Diverged):
            raise outcome
        self._flush()
        return replace(outcome, hints=tuple(noticed(body.texts, self._hints)))

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
                raise UserError("Your scorecard is in already; please edit it instead.")
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
        self, tx: Transaction, workspace: str, user: str, form: ScorecardForm, body: ScorecardBody
    ) -> Submitted | Diverged:
        own = await own_scorecard(tx, workspace, user, form.interview, lock=True)
        due, before = own.due_scorecard, own.scorecard
        closed = await closed_because(tx, due, user, before)
        if closed:
            raise UserError(f"{closed} {KEPT}")
        is_same = before is not None and before.version.body.says_the_same(body)
        if (
            before is not None
            and is_same
            and not _missing(body, elsewhere(form, own.draft, before))
        ):
            card = before
        else:
            diverged = await self._diverged(tx, own, user, form, body)
            if diverged is not None:
                return diverged
            card = await self._submitted(tx, own, user, form, body)
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
        """Adds the next version with all that follows from it. Raises Faulty."""
        now, due, before = (
            self._clock.now(),
            own_scorecard.due_scorecard,
            own_scorecard.scorecard,
        )
        needs_reason = before is not None and before.needs_reason(now)
        found = field_errors(body, needs_reason=needs_reason)
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
        self,
        tx: Transaction,
        own_scorecard: OwnScorecard,
        user: str,
        form: ScorecardForm,
        body: ScorecardBody,
    ) -> Diverged | None:
        """What to show where something was written elsewhere, or was not asked for that has to be.

        All of it is saved as the draft.
        """
        due, card = own_scorecard.due_scorecard, own_scorecard.scorecard
        theirs = elsewhere(form, own_scorecard.draft, card)
        both = Merged(body) if theirs is None else merged(body, theirs)
        if both.is_just(body) and set(due.focus) <= set(body.competencies):
            return None
        kept = self._draft(due, user, new_id(), both.body, self._clock.now(), own_scorecard.draft)
        await tx.scorecards.keep_draft(kept)
        number = card.version.number if card else 0
        again = ScorecardForm(form.interview, kept.form, kept.revision, number)
        sheet = await self._sheet(tx, due, again, kept.body, kept.saved_at, card, merged_with=both)
        return Diverged(sheet, is_merged=not both.is_just(body))

    def _draft(
        self,
        due: DueScorecard,
        user: str,
        form: str,
        body: ScorecardBody,
        typed_at: datetime,
        before: ScorecardDraft | None,
        aside: ScorecardBody | None = None,
    ) -> ScorecardDraft:
        return ScorecardDraft(
            workspace=due.workspace,
            interview=due.interview,
            interviewer=user,
            body=body,
            revision=before.revision + 1 if before else 1,
            form=form,
            saved_at=self._clock.now(),
            typed_at=typed_at,
            aside=aside,
        )

    async def _sheet(
        self,
        tx: Transaction,
        due: DueScorecard,
        form: ScorecardForm,
        body: ScorecardBody,
        saved_at: datetime | None,
        card: Scorecard | None,
        *,
        closed: str = "",
        merged_with: Merged | None = None,
    ) -> OpenScorecard:
        panel = await tx.panels.get(due.workspace, due.panel)
        if panel is None:
            raise UserError(NOT_YOURS)
        content = await self._contents.of(tx, panel)
        whole = body.over(due.focus)
        now = self._clock.now()
        return OpenScorecard(
            due, panel, content, form, whole, saved_at, card, now, closed, merged_with
        )

    @asynccontextmanager
    async def _writing(self, seconds: float) -> AsyncIterator[Transaction]:
        try:
            async with asyncio.timeout(seconds), self._database.write() as tx:
                yield tx
        except TimeoutError as error:
            raise DatabaseAway from error


def _missing(mine: ScorecardBody, theirs: ScorecardBody | None) -> ScorecardBody | None:
    """What was written elsewhere, where mine has not all of it."""
    return None if theirs is None or merged(mine, theirs).is_just(mine) else theirs


def _came_before(card: Scorecard, form: ScorecardForm, typed_at: datetime) -> bool:
    """Whether something was typed in a form before that form was submitted."""
    return card.version.form == form.id and typed_at <= card.version.submitted_at


def _is_same(one: Closing, other: Closing) -> bool:
    return (one.how, one.actor, one.receiver) == (other.how, other.actor, other.receiver)

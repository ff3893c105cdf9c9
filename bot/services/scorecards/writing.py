"""Scorecards: opening them, saving what is typed, submitting, and settling without one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.audit import new_id
from bot.domain.feedback_hints import FeedbackHint, Noticed, noticed
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import Panel
from bot.domain.scorecards.closing import Duty, How, Settlement
from bot.domain.scorecards.faults import Faulty, faults
from bot.domain.scorecards.merging import Merged, elsewhere, merged, whole
from bot.domain.scorecards.scorecard import Body, Draft, Form, Scorecard, Standing, Version
from bot.errors import DatabaseAway, UserError
from bot.services.frozen_contents import Contents
from bot.services.messages.scorecards import undelivered, want_settled, want_submitted
from bot.services.ports import Clock
from bot.services.scorecards.rights import NOT_YOURS, check_receiver, closed_because, standing
from bot.storage.database import Database, Transaction

SAVE_WITHIN = 2.0
"""Seconds that a draft may take to be saved before its author is told that it could not."""

SUBMIT_WITHIN = 2.4
"""Seconds that a submission may take: Slack gives three for the whole ack."""

MOST_LISTED = 100

RECEIPTS_LISTED = 10
"""The last scorecards, of which it is said where their receipt did not arrive."""

NOT_BEGUN = "This interview has not begun yet."
KEPT = "What you have written is kept."


@dataclass(frozen=True)
class Sheet:
    """A scorecard's form as one person is to see it, at a moment.

    `closed` says why it cannot be submitted any more, where that is so. `merged`: what was written
    elsewhere meanwhile stands in it too.
    """

    duty: Duty
    panel: Panel
    content: FrozenContent
    form: Form
    body: Body
    saved_at: datetime | None
    scorecard: Scorecard | None
    now: datetime
    closed: str = ""
    merged: Merged | None = None


@dataclass(frozen=True)
class Saved:
    """A draft is in the database since `at`; `zone` is its author's.

    `is_apart`: something was written in another form too, which this one does not show. `closed`
    says why it cannot be submitted any more, where that is so.
    """

    at: datetime
    zone: str
    is_apart: bool = False
    closed: str = ""


@dataclass(frozen=True)
class Submitted:
    """The scorecard is in the database, with private hints to its author."""

    duty: Duty
    scorecard: Scorecard
    hints: tuple[Noticed, ...] = ()


class Diverged(UserError):
    """The form is not what it should be: `sheet` is, with every word, and is saved.

    `is_merged`: something was written in another form; else more is asked for by now.
    """

    def __init__(self, sheet: Sheet, *, is_merged: bool) -> None:
        super().__init__("This scorecard was changed elsewhere in the meantime.")
        self.sheet = sheet
        self.is_merged = is_merged


@dataclass(frozen=True)
class Mine:
    """What a person owes and has written, at a moment.

    Of what is owed and to come the earliest is first, of the rest the latest. `kept` are drafts of
    interviews that they owe nothing for any more. `undelivered` are the ids of scorecards whose
    receipt Slack refused.
    """

    person: str
    now: datetime
    owed: Sequence[Duty]
    coming: Sequence[Duty]
    written: Sequence[tuple[Duty, Scorecard]]
    drafted: frozenset[str]
    kept: Sequence[Duty]
    undelivered: frozenset[str] = frozenset()


class ScorecardsService:
    """What interviewers do with their own scorecards; `kick` has what is due sent at once.

    Whose a scorecard is follows from our own data alone, so that a Slack which is away keeps nobody
    from submitting.
    """

    def __init__(
        self,
        database: Database,
        contents: Contents,
        hints: Iterable[FeedbackHint],
        clock: Clock,
        kick: Callable[[], None],
    ) -> None:
        self._database = database
        self._contents = contents
        self._hints = tuple(hints)
        self._clock = clock
        self._kick = kick

    def now(self) -> datetime:
        return self._clock.now()

    async def open(self, workspace: str, user: str, interview: str) -> Sheet:
        """The form with what the person had written. Raises UserError."""
        async with self._database.read() as tx:
            it = await standing(tx, workspace, user, interview)
            duty, card, draft = it.duty, it.scorecard, it.draft
            closed = await closed_because(tx, duty, user, card)
            if closed and draft is None:
                raise UserError(closed)
            form = Form(
                interview,
                new_id(),
                revision=draft.revision if draft else 0,
                version=card.version.number if card else 0,
            )
            both = whole(draft) if draft else None
            body = both.body if both else card.to_change if card else Body()
            saved_at = draft.saved_at if draft else None
            shown = both if draft and draft.aside else None
            return await self._sheet(
                tx, duty, form, body, saved_at, card, closed=closed, merged_with=shown
            )

    async def save(
        self, workspace: str, user: str, form: Form, body: Body, typed_at: datetime
    ) -> Saved:
        """Saves what stands in a form since `typed_at`, beside what was written in others.

        What stood in it earlier changes nothing. Raises DatabaseAway where it takes too long.
        """
        async with self._writing(SAVE_WITHIN) as tx:
            it = await standing(tx, workspace, user, form.interview, lock=True)
            duty, card, kept = it.duty, it.scorecard, it.draft
            closed = await closed_because(tx, duty, user, card)
            if card is not None and _came_before(card, form, typed_at):
                return Saved(card.version.submitted_at, duty.zone)
            if kept is None or kept.form != form.id or kept.typed_at <= typed_at:
                aside = _missing(body, elsewhere(form, kept, card))
                kept = self._draft(duty, user, form.id, body, typed_at, kept, aside)
                await tx.scorecards.keep_draft(kept)
            return Saved(kept.saved_at, duty.zone, kept.aside is not None, closed)

    async def submit(self, workspace: str, user: str, form: Form, body: Body) -> Submitted:
        """Submits what stands in a form; the same again is the same scorecard.

        Raises Faulty with what is amiss, Diverged where something was written elsewhere,
        DatabaseAway where it takes too long.
        """
        found = faults(body)
        if found:
            raise Faulty(found)
        async with self._writing(SUBMIT_WITHIN) as tx:
            outcome = await self._submit(tx, workspace, user, form, body)
        if isinstance(outcome, Diverged):
            raise outcome
        self._kick()
        return replace(outcome, hints=tuple(noticed(body.texts, self._hints)))

    async def settle(
        self, workspace: str, user: str, interview: str, how: How, receiver: str | None = None
    ) -> tuple[Duty, Settlement]:
        """Settles an interview without a scorecard, or hands it over. Raises UserError."""
        now = self._clock.now()
        async with self._writing(SUBMIT_WITHIN) as tx:
            it = await standing(tx, workspace, user, interview, lock=True)
            duty, card = it.duty, it.scorecard
            closed = await closed_because(tx, duty, user, card)
            if closed:
                raise UserError(closed)
            if card is not None:
                raise UserError("Your scorecard is in already; please edit it instead.")
            if not duty.has_begun(now):
                raise UserError(NOT_BEGUN)
            before = await tx.scorecards.settlements(workspace, interview)
            item = Settlement(workspace, interview, duty.settled + 1, how, user, now, receiver)
            if before and _is_same(before[-1], item):
                return duty, before[-1]
            if receiver is not None:
                await check_receiver(tx, duty, user, receiver, now)
            await tx.scorecards.settle(item, is_over=how is not How.HANDED_OVER)
            await want_settled(tx, duty, item)
        self._kick()
        return duty, item

    async def mine(self, workspace: str, user: str) -> Mine:
        """What the person owes and has written."""
        now = self._clock.now()
        async with self._database.read() as tx:
            duties = await tx.scorecards.duties_of(workspace, user, MOST_LISTED)
            cards = await tx.scorecards.of_author(workspace, user, MOST_LISTED)
            drafts = await tx.scorecards.drafts_of(workspace, user)
            written = {card.interview for card in cards}
            drafted = {draft.interview for draft in drafts}
            others = await tx.scorecards.duties(workspace, written | drafted)
            refused = await undelivered(tx, workspace, cards[:RECEIPTS_LISTED])
        known = {duty.interview: duty for duty in (*duties, *others)}
        pending = [duty for duty in duties if duty.is_pending]
        return Mine(
            person=user,
            now=now,
            owed=[duty for duty in pending if duty.ends_at <= now][::-1],
            coming=[duty for duty in pending if duty.ends_at > now][::-1],
            written=[(known[card.interview], card) for card in cards],
            drafted=frozenset(drafted),
            kept=[
                known[draft.interview]
                for draft in drafts
                if draft.interview not in written and not _is_open(known[draft.interview], user)
            ],
            undelivered=frozenset(refused),
        )

    async def _submit(
        self, tx: Transaction, workspace: str, user: str, form: Form, body: Body
    ) -> Submitted | Diverged:
        it = await standing(tx, workspace, user, form.interview, lock=True)
        duty, before = it.duty, it.scorecard
        closed = await closed_because(tx, duty, user, before)
        if closed:
            raise UserError(f"{closed} {KEPT}")
        is_same = before is not None and before.version.body.says_the_same(body)
        if before is not None and is_same and not _missing(body, elsewhere(form, it.draft, before)):
            card = before
        else:
            diverged = await self._diverged(tx, it, user, form, body)
            if diverged is not None:
                return diverged
            card = await self._submitted(tx, it, user, form, body)
        if it.draft is not None:
            await tx.scorecards.drop_draft(workspace, form.interview, user)
        return Submitted(duty, card)

    async def _submitted(
        self, tx: Transaction, it: Standing, user: str, form: Form, body: Body
    ) -> Scorecard:
        """Adds the next version with all that follows from it. Raises Faulty."""
        now, duty, before = self._clock.now(), it.duty, it.scorecard
        needs_reason = before is not None and before.needs_reason(now)
        found = faults(body, needs_reason=needs_reason)
        if found:
            raise Faulty(found)
        version = Version(before.version.number + 1 if before else 1, body, form.id, now)
        card = Scorecard(
            id=before.id if before else new_id(),
            workspace=duty.workspace,
            interview=duty.interview,
            interviewer=user,
            seen_others_before=before.seen_others_before if before else it.has_read,
            submitted_at=before.submitted_at if before else now,
            version=version,
        )
        await tx.scorecards.submit(card)
        if before is None:
            number = duty.settled + 1
            settled = Settlement(duty.workspace, duty.interview, number, How.SCORECARD, user, now)
            await tx.scorecards.settle(settled)
        await want_submitted(tx, duty, card, before)
        return card

    async def _diverged(
        self,
        tx: Transaction,
        it: Standing,
        user: str,
        form: Form,
        body: Body,
    ) -> Diverged | None:
        """What to show where something was written elsewhere, or was not asked for that has to be.

        All of it is saved as the draft.
        """
        duty, card = it.duty, it.scorecard
        theirs = elsewhere(form, it.draft, card)
        both = Merged(body) if theirs is None else merged(body, theirs)
        if both.is_just(body) and set(duty.focus) <= set(body.competencies):
            return None
        kept = self._draft(duty, user, new_id(), both.body, self._clock.now(), it.draft)
        await tx.scorecards.keep_draft(kept)
        number = card.version.number if card else 0
        again = Form(form.interview, kept.form, kept.revision, number)
        sheet = await self._sheet(tx, duty, again, kept.body, kept.saved_at, card, merged_with=both)
        return Diverged(sheet, is_merged=not both.is_just(body))

    def _draft(
        self,
        duty: Duty,
        user: str,
        form: str,
        body: Body,
        typed_at: datetime,
        before: Draft | None,
        aside: Body | None = None,
    ) -> Draft:
        return Draft(
            workspace=duty.workspace,
            interview=duty.interview,
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
        duty: Duty,
        form: Form,
        body: Body,
        saved_at: datetime | None,
        card: Scorecard | None,
        *,
        closed: str = "",
        merged_with: Merged | None = None,
    ) -> Sheet:
        panel = await tx.panels.get(duty.workspace, duty.panel)
        if panel is None:
            raise UserError(NOT_YOURS)
        content = await self._contents.of(tx, panel)
        whole = body.over(duty.focus)
        now = self._clock.now()
        return Sheet(duty, panel, content, form, whole, saved_at, card, now, closed, merged_with)

    @asynccontextmanager
    async def _writing(self, seconds: float) -> AsyncIterator[Transaction]:
        try:
            async with asyncio.timeout(seconds), self._database.write() as tx:
                yield tx
        except TimeoutError as error:
            raise DatabaseAway from error


def _missing(mine: Body, theirs: Body | None) -> Body | None:
    """What was written elsewhere, where mine has not all of it."""
    return None if theirs is None or merged(mine, theirs).is_just(mine) else theirs


def _came_before(card: Scorecard, form: Form, typed_at: datetime) -> bool:
    """Whether something was typed in a form before that form was submitted."""
    return card.version.form == form.id and typed_at <= card.version.submitted_at


def _is_same(one: Settlement, other: Settlement) -> bool:
    return (one.how, one.actor, one.receiver) == (other.how, other.actor, other.receiver)


def _is_open(duty: Duty, user: str) -> bool:
    return duty.owner == user and duty.is_pending

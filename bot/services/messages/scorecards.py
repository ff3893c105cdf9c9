"""What Panelist sends people about scorecards: enqueued here, and rendered from what is true when
it is sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.feedback import ReadAccess, feedback_readers, read_access
from bot.domain.feedback_hints import Noticed, noticed
from bot.domain.messages import MessageKind, MessageState
from bot.domain.panels.content import FrozenContent
from bot.domain.scorecards.closing import WITHOUT_SCORECARD, Closing, DueScorecard
from bot.domain.scorecards.paging import pages
from bot.domain.scorecards.scorecard import Scorecard, ScorecardBody
from bot.services.messages.debriefs import enqueue_outcome_for
from bot.services.messages.debriefs_answers import enqueue_answers_of
from bot.services.messages.message import Message, RenderContext, enqueue_all, zone_of
from bot.services.messages.panels import InterviewMessage, KitMessage
from bot.services.messages.progress import progress_messages
from bot.services.messages.reminders import refresh_reminders
from bot.storage.database import Transaction

APART = timedelta(seconds=1)
"""Between the parts of a receipt, so that they come in order."""


@dataclass(frozen=True)
class Receipt:
    """For the author: everything that they submitted, in `parts` messages of which this is one.

    A part that the current version does not need any more has nothing in it.
    """

    due_scorecard: DueScorecard
    scorecard: Scorecard
    content: FrozenContent
    part: int
    parts: int
    page: ScorecardBody
    hints: tuple[Noticed, ...]


@dataclass(frozen=True)
class Closed:
    """For the organizers: how a scorecard was closed or reassigned; or how it was closed until
    that `is_taken_back`."""

    due_scorecard: DueScorecard
    closing: Closing
    is_taken_back: bool


@dataclass(frozen=True)
class Reassigned:
    """For whoever a scorecard has been reassigned to, as long as it `is_theirs`.

    `is_closed`: it was closed without a scorecard, by them or `closed_by` an organizer, and they
    may write one after all.
    """

    due_scorecard: DueScorecard
    closing: Closing
    is_theirs: bool
    is_closed: bool = False
    closed_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class ScorecardMessage(InterviewMessage):
    """A message about a scorecard that has been submitted."""

    scorecard: str

    async def _submitted(self, tx: Transaction) -> tuple[DueScorecard, Scorecard] | None:
        card = await tx.scorecards.by_id(self.workspace, self.scorecard)
        due = await tx.scorecards.due_scorecard(self.workspace, self.interview)
        return None if card is None or due is None else (due, card)


@dataclass(frozen=True, kw_only=True)
class ReceiptMessage(ScorecardMessage):
    """What its author submitted, in as many messages as it needs; `part` counts from 1."""

    kind = MessageKind.SCORECARD_RECEIPT
    part: int

    @staticmethod
    def key_of(scorecard: str, part: int) -> str:
        return f"receipt:{scorecard}:{part}"

    @property
    def key(self) -> str:
        return self.key_of(self.scorecard, self.part)

    @property
    def names_candidate(self) -> bool:
        return self.part == 1

    async def render(self, tx: Transaction, context: RenderContext) -> Receipt | None:
        found = await self._submitted(tx)
        panel = await tx.panels.get(self.workspace, self.panel)
        if found is None or panel is None:
            return None
        (due, card), part = found, self.part
        parts = pages(card.version.body)
        if part > len(parts) and not context.is_sent:
            return None
        return Receipt(
            due_scorecard=due,
            scorecard=card,
            content=await context.contents.of(tx, panel),
            part=part,
            parts=len(parts),
            page=parts[part - 1] if part <= len(parts) else ScorecardBody(),
            hints=tuple(noticed(card.version.body.texts, context.hints)) if part == 1 else (),
        )


@dataclass(frozen=True, kw_only=True)
class ClosingMessage(InterviewMessage):
    """A message about a closing; `closing` is its number."""

    closing: int

    async def _since(self, tx: Transaction) -> tuple[DueScorecard, Sequence[Closing]] | None:
        """The closing with those after it."""
        due = await tx.scorecards.due_scorecard(self.workspace, self.interview)
        found = await tx.scorecards.closings(self.workspace, self.interview)
        since = [item for item in found if item.number >= self.closing]
        return None if due is None or not since else (due, since)


@dataclass(frozen=True, kw_only=True)
class ClosedMessage(ClosingMessage):
    """That a scorecard was closed without one or reassigned, for one organizer: earlier versions
    told it so. By now the panel's progress does."""

    kind = MessageKind.SCORECARD_CLOSED

    @staticmethod
    def key_of(interview: str, closing: int, organizer: str) -> str:
        return f"settled:{interview}:{closing}:{organizer}"

    @property
    def key(self) -> str:
        return self.key_of(self.interview, self.closing, self.recipient)

    async def render(self, tx: Transaction, context: RenderContext) -> Closed | None:
        found = await self._since(tx)
        if found is None:
            return None
        due, since = found
        is_taken_back = len(since) > 1 and since[0].how in WITHOUT_SCORECARD
        is_news = context.is_sent or not is_taken_back
        zone = await zone_of(tx, self.workspace, self.recipient, due.zone)
        return Closed(replace(due, zone=zone), since[0], is_taken_back) if is_news else None


@dataclass(frozen=True, kw_only=True)
class ReassignedMessage(ClosingMessage):
    """To whoever a scorecard has been reassigned to."""

    kind = MessageKind.SCORECARD_REASSIGNED

    @staticmethod
    def key_of(interview: str, closing: int) -> str:
        return f"handed:{interview}:{closing}"

    @property
    def key(self) -> str:
        return self.key_of(self.interview, self.closing)

    async def render(self, tx: Transaction, context: RenderContext) -> Reassigned | None:
        found = await self._since(tx)
        if found is None:
            return None
        due, since = found
        is_owner = due.is_on and all(one.receiver is None for one in since[1:])
        is_theirs = is_owner and due.is_pending
        is_closed = is_owner and since[-1].how in WITHOUT_SCORECARD
        if not is_theirs and not context.is_sent:
            return None
        closed_by = since[-1].actor if since[-1].is_by_organizer else None
        return Reassigned(due, since[0], is_theirs, is_closed, closed_by)


async def undelivered(tx: Transaction, workspace: str, cards: Iterable[Scorecard]) -> set[str]:
    """Those of these scorecards, by id, of whose receipt Slack has refused a part for good."""
    ids = {
        ReceiptMessage.key_of(card.id, part): card.id
        for card in cards
        for part in range(1, len(pages(card.version.body)) + 1)
    }
    found = await tx.outbox.several(workspace, ids.keys())
    return {ids[row.key] for row in found if row.state is MessageState.FAILED}


async def enqueue_submitted(
    tx: Transaction, due: DueScorecard, card: Scorecard, before: Scorecard | None
) -> None:
    """Enqueues the receipt and, with the first version, how far the panel has come, and the truth
    in what was sent while it was due."""
    now, ids = card.version.submitted_at, _ids(due) | {"scorecard": card.id}
    if before is None:
        await enqueue_answers_of(tx, due, now)
        # Before what is enqueued: that is new, so nobody else can have locked it.
        await refresh_reminders(tx, [due], now, _asking(due))
        await enqueue_outcome_for(tx, due, [card.interviewer], now)
    progress = await _progress(tx, due, card.interviewer) if before is None else ()
    parts = [len(pages(one.version.body)) for one in (card, before) if one is not None]
    receipts = (
        (ReceiptMessage(**ids, recipient=card.interviewer, part=part), now + APART * (part - 1))
        for part in range(1, max(parts) + 1)
    )
    await enqueue_all(tx, [*((message, now) for message in progress), *receipts])


async def enqueue_closed(tx: Transaction, due: DueScorecard, closing: Closing) -> None:
    """Tells whoever owns the scorecard now, shows the organizers how far the panel has come, and
    puts right what was sent before."""
    await enqueue_answers_of(tx, due, closing.at)
    await refresh_reminders(tx, [due], closing.at, _asking(due))
    ids, number, receiver = _ids(due), closing.number, closing.receiver
    await enqueue_outcome_for(tx, due, [closing.whose], closing.at)
    if receiver is not None:
        reassigned = ReassignedMessage(**ids, recipient=receiver, closing=number)
        await reassigned.enqueue(tx, closing.at)
        await tx.homes.changed(closing.workspace, [receiver], closing.at)
    progress = await _progress(tx, due, closing.actor)
    await enqueue_all(tx, [(message, closing.at) for message in progress])


async def _progress(tx: Transaction, due: DueScorecard, actor: str) -> Sequence[Message]:
    return await progress_messages(tx, due.workspace, due.panel, due.organizers, actor)


def _ids(due: DueScorecard) -> dict[str, Any]:
    return {"workspace": due.workspace, "panel": due.panel, "interview": due.interview}


def _asking(due: DueScorecard) -> Sequence[str]:
    """The keys of what may ask for the scorecard, or say what is not so any more: the kit, and what
    was told to whoever it was reassigned to and to the organizers.

    Which closing was of which kind is not looked up: for the others there is no message.
    """
    id, numbers = due.interview, range(1, due.closings + 1)
    reassigned = (ReassignedMessage.key_of(id, number) for number in numbers)
    told = (ClosedMessage.key_of(id, number, who) for number in numbers for who in due.organizers)
    return [KitMessage.key_of(id), *reassigned, *told]


async def reading_of(tx: Transaction, due: DueScorecard, person: str, now: datetime) -> ReadAccess:
    """How much of the feedback on the candidate of this interview the person may read."""
    due_scorecards = await tx.scorecards.due_scorecards_of_panel(due.workspace, due.panel)
    cards = await tx.scorecards.of_panel(due.workspace, due.panel)
    reads = await tx.feedback_reads.of_panel(due.workspace, due.panel)
    return read_access(person, feedback_readers(due_scorecards, cards, now, reads))

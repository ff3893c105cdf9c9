"""What Panelist sends people about scorecards: wished for here, and worded from what is true when
it is sent."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.feedback import ReadAccess, feedback_readers, read_access
from bot.domain.feedback_hints import FeedbackHint, Noticed, noticed
from bot.domain.messages import MessageState, OutboxMessage
from bot.domain.panels.content import FrozenContent
from bot.domain.scorecards.closing import WITHOUT_SCORECARD, Closing, DueScorecard
from bot.domain.scorecards.paging import pages
from bot.domain.scorecards.scorecard import Scorecard, ScorecardBody
from bot.services.frozen_contents import Contents
from bot.services.messages.panels import kit_key
from bot.services.messages.reminders import want_edits
from bot.services.ports import Clock
from bot.storage.database import Transaction

APART = timedelta(seconds=1)
"""Between the parts of a receipt, so that they come in order."""


class Kind(StrEnum):
    """The kinds of these messages."""

    RECEIPT = "scorecard.receipt"
    ARRIVED = "scorecard.arrived"
    SETTLED = "scorecard.settled"
    HANDED = "scorecard.handed"


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
class Arrived:
    """For the hiring manager and the recruiter: feedback is in, or has been changed."""

    due_scorecard: DueScorecard
    scorecard: Scorecard


@dataclass(frozen=True)
class Settled:
    """For the organisers: how an interview was settled without a scorecard, or was until that
    `is_taken_back`."""

    due_scorecard: DueScorecard
    closing: Closing
    is_taken_back: bool


@dataclass(frozen=True)
class Handed:
    """For whoever a scorecard has been handed over to, as long as it `is_theirs`.

    `is_settled`: they have settled it without one, and may give it after all.
    """

    due_scorecard: DueScorecard
    closing: Closing
    is_theirs: bool
    is_settled: bool = False


def receipt_key(scorecard: str, part: int) -> str:
    return f"receipt:{scorecard}:{part}"


async def undelivered(tx: Transaction, workspace: str, cards: Iterable[Scorecard]) -> set[str]:
    """Those of these scorecards, by id, of whose receipt Slack has refused a part for good."""
    keys = [
        receipt_key(card.id, part)
        for card in cards
        for part in range(1, len(pages(card.version.body)) + 1)
    ]
    found = await tx.outbox.several(workspace, keys)
    return {message.subject for message in found if message.state is MessageState.FAILED}


async def want_submitted(
    tx: Transaction, due: DueScorecard, card: Scorecard, before: Scorecard | None
) -> None:
    """Wishes for the receipt, for the word to those who may read, and, with the first version,
    for the truth in what was sent while it was owed."""
    now = card.version.submitted_at
    for reader in sorted(due.readers):
        if reader != card.interviewer:
            key = f"arrived:{card.id}:{reader}"
            await tx.outbox.want(card.workspace, key, Kind.ARRIVED, card.id, reader, now)
    if before is None:
        await want_edits(tx, [due], now, _asking(due))
    parts = [len(pages(one.version.body)) for one in (card, before) if one is not None]
    for part in range(1, max(parts) + 1):
        key = receipt_key(card.id, part)
        due_at = now + APART * (part - 1)
        await tx.outbox.want(card.workspace, key, Kind.RECEIPT, card.id, card.interviewer, due_at)


async def want_settled(tx: Transaction, due: DueScorecard, item: Closing) -> None:
    """Wishes for the word to the organisers and to whoever owes the scorecard now, and for the
    truth in what was sent to those who did."""
    await want_edits(tx, [due], item.at, _asking(due))
    if item.receiver is not None:
        key = _reassigned_key(item.interview, item.number)
        await tx.outbox.want(
            item.workspace, key, Kind.HANDED, item.interview, item.receiver, item.at
        )
        await tx.homes.changed(item.workspace, [item.receiver], item.at)
    for organizer in due.organizers:
        if organizer not in (item.actor, item.receiver):
            key = _settled_key(item.interview, item.number, organizer)
            await tx.outbox.want(
                item.workspace, key, Kind.SETTLED, item.interview, organizer, item.at
            )


def _asking(due: DueScorecard) -> Sequence[str]:
    """The keys of what may ask for the scorecard, or say what is not so any more: the kit, and the
    words to whoever was handed it and to the organisers.

    Which settlement was of which kind is not looked up: for the others there is no message.
    """
    id, numbers = due.interview, range(1, due.closings + 1)
    handed = (_reassigned_key(id, number) for number in numbers)
    told = (_settled_key(id, number, who) for number in numbers for who in due.organizers)
    return [kit_key(id), *handed, *told]


def _reassigned_key(interview: str, closing: int) -> str:
    return f"handed:{interview}:{closing}"


def _settled_key(interview: str, closing: int, organizer: str) -> str:
    return f"settled:{interview}:{closing}:{organizer}"


class ScorecardMessages:
    """Words for the outbox: what is true of a scorecard at the moment of sending."""

    def __init__(self, contents: Contents, hints: Iterable[FeedbackHint], clock: Clock) -> None:
        self._contents = contents
        self._hints = tuple(hints)
        self._clock = clock

    @property
    def composers(
        self,
    ) -> Mapping[str, Callable[[Transaction, OutboxMessage], Awaitable[object | None]]]:
        return {
            Kind.RECEIPT: self._receipt,
            Kind.ARRIVED: self._arrived,
            Kind.SETTLED: self._settled,
            Kind.HANDED: self._handed,
        }

    async def _receipt(self, tx: Transaction, message: OutboxMessage) -> Receipt | None:
        card = await tx.scorecards.by_id(message.workspace, message.subject)
        due = await _due_scorecard_of(tx, card)
        if card is None or due is None:
            return None
        found, part = pages(card.version.body), int(message.key.rpartition(":")[2])
        if part > len(found) and message.ts is None:
            return None
        panel = await tx.panels.get(message.workspace, due.panel)
        if panel is None:
            return None
        return Receipt(
            due_scorecard=due,
            scorecard=card,
            content=await self._contents.of(tx, panel),
            part=part,
            parts=len(found),
            page=found[part - 1] if part <= len(found) else ScorecardBody(),
            hints=tuple(noticed(card.version.body.texts, self._hints)) if part == 1 else (),
        )

    async def _arrived(self, tx: Transaction, message: OutboxMessage) -> Arrived | None:
        card = await tx.scorecards.by_id(message.workspace, message.subject)
        due = await _due_scorecard_of(tx, card)
        if card is None or due is None:
            return None
        reading = await reading_of(tx, due, message.recipient, self._clock.now())
        return Arrived(due, card) if reading is ReadAccess.ALL else None

    async def _settled(self, tx: Transaction, message: OutboxMessage) -> Settled | None:
        due = await tx.scorecards.due_scorecard(message.workspace, message.subject)
        said = await _said_since(tx, message)
        if due is None or not said:
            return None
        item, is_taken_back = said[0], len(said) > 1 and said[0].how in WITHOUT_SCORECARD
        return None if is_taken_back and not message.ts else Settled(due, item, is_taken_back)

    async def _handed(self, tx: Transaction, message: OutboxMessage) -> Handed | None:
        due = await tx.scorecards.due_scorecard(message.workspace, message.subject)
        said = await _said_since(tx, message)
        if due is None or not said:
            return None
        is_owner = due.is_on and all(one.receiver is None for one in said[1:])
        is_theirs = is_owner and due.is_pending
        is_settled = is_owner and said[-1].how in WITHOUT_SCORECARD
        return Handed(due, said[0], is_theirs, is_settled) if is_theirs or message.ts else None


async def reading_of(tx: Transaction, due: DueScorecard, person: str, now: datetime) -> ReadAccess:
    """How much of the feedback on the candidate of this interview the person may read."""
    due_scorecards = await tx.scorecards.due_scorecards_of_panel(due.workspace, due.panel)
    cards = await tx.scorecards.of_panel(due.workspace, due.panel)
    reads = await tx.feedback_reads.of_panel(due.workspace, due.panel)
    return read_access(person, feedback_readers(due_scorecards, cards, now, reads))


async def _due_scorecard_of(tx: Transaction, card: Scorecard | None) -> DueScorecard | None:
    return (
        None if card is None else await tx.scorecards.due_scorecard(card.workspace, card.interview)
    )


async def _said_since(tx: Transaction, message: OutboxMessage) -> Sequence[Closing]:
    """The settlement whose number stands in the message's key, and those after it."""
    number = int(message.key.split(":")[2])
    found = await tx.scorecards.closings(message.workspace, message.subject)
    return [item for item in found if item.number >= number]

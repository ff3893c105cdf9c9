"""What Panelist sends people about scorecards: wished for here, and worded from what is true when
it is sent."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.feedback import Reading, circle, readable
from bot.domain.feedback_hints import FeedbackHint, Noticed, noticed
from bot.domain.outbox import Outgoing
from bot.domain.panel_content import FrozenContent
from bot.domain.scorecards import (
    Body,
    Duty,
    Scorecard,
    Settlement,
    pages,
)
from bot.services.panel_messages import Contents
from bot.services.reminder_messages import want_edits
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

    duty: Duty
    scorecard: Scorecard
    content: FrozenContent
    part: int
    parts: int
    page: Body
    hints: tuple[Noticed, ...]


@dataclass(frozen=True)
class Arrived:
    """For the hiring manager and the recruiter: feedback is in, or has been changed."""

    duty: Duty
    scorecard: Scorecard


@dataclass(frozen=True)
class Settled:
    """For the organisers: how an interview was settled without a scorecard."""

    duty: Duty
    settlement: Settlement


@dataclass(frozen=True)
class Handed:
    """For whoever a scorecard has been handed over to, as long as it `is_theirs`."""

    duty: Duty
    settlement: Settlement
    is_theirs: bool


async def want_submitted(
    tx: Transaction, duty: Duty, card: Scorecard, before: Scorecard | None
) -> None:
    """Wishes for the receipt, and for the word to those who may read."""
    now = card.version.submitted_at
    await want_edits(tx, [duty], now)
    parts = [len(pages(one.version.body)) for one in (card, before) if one is not None]
    for part in range(1, max(parts) + 1):
        key = f"receipt:{card.id}:{part}"
        due_at = now + APART * (part - 1)
        await tx.outbox.want(card.workspace, key, Kind.RECEIPT, card.id, card.interviewer, due_at)
    for reader in duty.readers:
        if reader != card.interviewer:
            key = f"arrived:{card.id}:{reader}"
            await tx.outbox.want(card.workspace, key, Kind.ARRIVED, card.id, reader, now)


async def want_settled(
    tx: Transaction, duty: Duty, item: Settlement, handed_before: Iterable[Settlement]
) -> None:
    """Wishes for the word to the organisers, and to those who owe the scorecard now or did."""
    await want_edits(tx, [duty], item.at)
    for organiser in duty.organisers:
        if organiser not in (item.actor, item.receiver):
            key = f"settled:{item.interview}:{item.number}:{organiser}"
            await tx.outbox.want(
                item.workspace, key, Kind.SETTLED, item.interview, organiser, item.at
            )
    for handed in (*handed_before, item):
        if handed.receiver is not None:
            key = f"handed:{item.interview}:{handed.number}"
            await tx.outbox.want(
                item.workspace, key, Kind.HANDED, item.interview, handed.receiver, item.at
            )


class ScorecardMessages:
    """Words for the outbox: what is true of a scorecard at the moment of sending."""

    def __init__(self, contents: Contents, hints: Iterable[FeedbackHint]) -> None:
        self._contents = contents
        self._hints = tuple(hints)

    @property
    def composers(
        self,
    ) -> Mapping[str, Callable[[Transaction, Outgoing], Awaitable[object | None]]]:
        return {
            Kind.RECEIPT: self._receipt,
            Kind.ARRIVED: self._arrived,
            Kind.SETTLED: self._settled,
            Kind.HANDED: self._handed,
        }

    async def _receipt(self, tx: Transaction, message: Outgoing) -> Receipt | None:
        card = await tx.scorecards.by_id(message.workspace, message.subject)
        duty = await _duty_of(tx, card)
        if card is None or duty is None:
            return None
        found, part = pages(card.version.body), int(message.key.rpartition(":")[2])
        if part > len(found) and message.ts is None:
            return None
        panel = await tx.panels.get(message.workspace, duty.panel)
        if panel is None:
            return None
        return Receipt(
            duty=duty,
            scorecard=card,
            content=await self._contents.of(tx, panel),
            part=part,
            parts=len(found),
            page=found[part - 1] if part <= len(found) else Body(),
            hints=tuple(noticed(card.version.body.texts, self._hints)) if part == 1 else (),
        )

    async def _arrived(self, tx: Transaction, message: Outgoing) -> Arrived | None:
        card = await tx.scorecards.by_id(message.workspace, message.subject)
        duty = await _duty_of(tx, card)
        if card is None or duty is None:
            return None
        reading = await reading_of(tx, duty, message.recipient)
        return Arrived(duty, card) if reading is Reading.ALL else None

    async def _settled(self, tx: Transaction, message: Outgoing) -> Settled | None:
        duty = await tx.scorecards.duty(message.workspace, message.subject)
        item = await _settlement(tx, message)
        return None if duty is None or item is None else Settled(duty, item)

    async def _handed(self, tx: Transaction, message: Outgoing) -> Handed | None:
        duty = await tx.scorecards.duty(message.workspace, message.subject)
        item = await _settlement(tx, message)
        if duty is None or item is None:
            return None
        is_theirs = duty.owner == message.recipient and duty.is_pending
        return Handed(duty, item, is_theirs) if is_theirs or message.ts else None


async def reading_of(tx: Transaction, duty: Duty, person: str) -> Reading:
    """How much of the feedback on the candidate of this interview the person may read."""
    duties = await tx.scorecards.duties_of_panel(duty.workspace, duty.panel)
    cards = await tx.scorecards.of_panel(duty.workspace, duty.panel)
    shown = await tx.feedback_reads.anyway(duty.workspace, duty.panel)
    return readable(person, circle(duties, (card.interviewer for card in cards), shown))


async def _duty_of(tx: Transaction, card: Scorecard | None) -> Duty | None:
    return None if card is None else await tx.scorecards.duty(card.workspace, card.interview)


async def _settlement(tx: Transaction, message: Outgoing) -> Settlement | None:
    """The settlement whose number stands in the message's key."""
    number = int(message.key.split(":")[2])
    found = await tx.scorecards.settlements(message.workspace, message.subject)
    return next((item for item in found if item.number == number), None)

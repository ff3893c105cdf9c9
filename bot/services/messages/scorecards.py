"""What Panelist sends people about scorecards: wished for here, and worded from what is true when
it is sent."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.feedback import Reading, circle, readable
from bot.domain.feedback_hints import FeedbackHint, Noticed, noticed
from bot.domain.messages import Outgoing, State
from bot.domain.panels.content import FrozenContent
from bot.domain.scorecards.closing import WITHOUT, Duty, Settlement
from bot.domain.scorecards.paging import pages
from bot.domain.scorecards.scorecard import Body, Scorecard
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
    """For the organisers: how an interview was settled without a scorecard, or was until that
    `is_taken_back`."""

    duty: Duty
    settlement: Settlement
    is_taken_back: bool


@dataclass(frozen=True)
class Handed:
    """For whoever a scorecard has been handed over to, as long as it `is_theirs`.

    `is_settled`: they have settled it without one, and may give it after all.
    """

    duty: Duty
    settlement: Settlement
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
    return {message.subject for message in found if message.state is State.FAILED}


async def want_submitted(
    tx: Transaction, duty: Duty, card: Scorecard, before: Scorecard | None
) -> None:
    """Wishes for the receipt, for the word to those who may read, and, with the first version,
    for the truth in what was sent while it was owed."""
    now = card.version.submitted_at
    for reader in sorted(duty.readers):
        if reader != card.interviewer:
            key = f"arrived:{card.id}:{reader}"
            await tx.outbox.want(card.workspace, key, Kind.ARRIVED, card.id, reader, now)
    if before is None:
        await want_edits(tx, [duty], now, _asking(duty))
    parts = [len(pages(one.version.body)) for one in (card, before) if one is not None]
    for part in range(1, max(parts) + 1):
        key = receipt_key(card.id, part)
        due_at = now + APART * (part - 1)
        await tx.outbox.want(card.workspace, key, Kind.RECEIPT, card.id, card.interviewer, due_at)


async def want_settled(tx: Transaction, duty: Duty, item: Settlement) -> None:
    """Wishes for the word to the organisers and to whoever owes the scorecard now, and for the
    truth in what was sent to those who did."""
    await want_edits(tx, [duty], item.at, _asking(duty))
    if item.receiver is not None:
        key = _handed_key(item.interview, item.number)
        await tx.outbox.want(
            item.workspace, key, Kind.HANDED, item.interview, item.receiver, item.at
        )
        await tx.homes.changed(item.workspace, [item.receiver], item.at)
    for organiser in duty.organisers:
        if organiser not in (item.actor, item.receiver):
            key = _settled_key(item.interview, item.number, organiser)
            await tx.outbox.want(
                item.workspace, key, Kind.SETTLED, item.interview, organiser, item.at
            )


def _asking(duty: Duty) -> Sequence[str]:
    """The keys of what may ask for the scorecard, or say what is not so any more: the kit, and the
    words to whoever was handed it and to the organisers.

    Which settlement was of which kind is not looked up: for the others there is no message.
    """
    id, numbers = duty.interview, range(1, duty.settled + 1)
    handed = (_handed_key(id, number) for number in numbers)
    told = (_settled_key(id, number, who) for number in numbers for who in duty.organisers)
    return [kit_key(id), *handed, *told]


def _handed_key(interview: str, settlement: int) -> str:
    return f"handed:{interview}:{settlement}"


def _settled_key(interview: str, settlement: int, organiser: str) -> str:
    return f"settled:{interview}:{settlement}:{organiser}"


class ScorecardMessages:
    """Words for the outbox: what is true of a scorecard at the moment of sending."""

    def __init__(self, contents: Contents, hints: Iterable[FeedbackHint], clock: Clock) -> None:
        self._contents = contents
        self._hints = tuple(hints)
        self._clock = clock

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
        reading = await reading_of(tx, duty, message.recipient, self._clock.now())
        return Arrived(duty, card) if reading is Reading.ALL else None

    async def _settled(self, tx: Transaction, message: Outgoing) -> Settled | None:
        duty = await tx.scorecards.duty(message.workspace, message.subject)
        said = await _said_since(tx, message)
        if duty is None or not said:
            return None
        item, is_taken_back = said[0], len(said) > 1 and said[0].how in WITHOUT
        return None if is_taken_back and not message.ts else Settled(duty, item, is_taken_back)

    async def _handed(self, tx: Transaction, message: Outgoing) -> Handed | None:
        duty = await tx.scorecards.duty(message.workspace, message.subject)
        said = await _said_since(tx, message)
        if duty is None or not said:
            return None
        is_owner = duty.is_on and all(one.receiver is None for one in said[1:])
        is_theirs = is_owner and duty.is_pending
        is_settled = is_owner and said[-1].how in WITHOUT
        return Handed(duty, said[0], is_theirs, is_settled) if is_theirs or message.ts else None


async def reading_of(tx: Transaction, duty: Duty, person: str, now: datetime) -> Reading:
    """How much of the feedback on the candidate of this interview the person may read."""
    duties = await tx.scorecards.duties_of_panel(duty.workspace, duty.panel)
    cards = await tx.scorecards.of_panel(duty.workspace, duty.panel)
    reads = await tx.feedback_reads.of_panel(duty.workspace, duty.panel)
    return readable(person, circle(duties, cards, now, reads))


async def _duty_of(tx: Transaction, card: Scorecard | None) -> Duty | None:
    return None if card is None else await tx.scorecards.duty(card.workspace, card.interview)


async def _said_since(tx: Transaction, message: Outgoing) -> Sequence[Settlement]:
    """The settlement whose number stands in the message's key, and those after it."""
    number = int(message.key.split(":")[2])
    found = await tx.scorecards.settlements(message.workspace, message.subject)
    return [item for item in found if item.number >= number]

"""What was decided, as the panel hears it: the outcome, and nobody's words."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.debriefs.decision import Decision, Decisions
from bot.domain.debriefs.leanings import deciders
from bot.domain.messages import MessageKind, NotYet
from bot.domain.panels.panel import Panel
from bot.domain.scorecards.closing import DueScorecard
from bot.services.messages.message import Message, RenderContext, enqueue_all, zone_of
from bot.storage.database import Transaction


@dataclass(frozen=True)
class OutcomeTold:
    """For somebody on the panel: what was decided.

    `is_undone`: it was taken back; `is_amended`: another decision holds since.
    """

    panel: Panel
    decision: Decision
    zone: str
    is_undone: bool = False
    is_amended: bool = False


@dataclass(frozen=True, kw_only=True)
class OutcomeMessage(Message):
    """What a decision was, once it can no longer be undone; `number` is the decision's."""

    kind = MessageKind.DEBRIEF_OUTCOME
    panel: str
    number: int

    @staticmethod
    def key_of(panel: str, number: int, recipient: str) -> str:
        return f"outcome:{panel}:{number}:{recipient}"

    @property
    def key(self) -> str:
        return self.key_of(self.panel, self.number, self.recipient)

    async def render(self, tx: Transaction, context: RenderContext) -> OutcomeTold | NotYet | None:
        """An outcome hints at what scorecards say: whoever still has one to write hears once that
        is over."""
        panel = await tx.panels.get(self.workspace, self.panel)
        decisions = await tx.decisions.of_panel(self.workspace, self.panel)
        made = next((one for one in decisions.made if one.number == self.number), None)
        if panel is None or made is None:
            return None
        is_current = made == decisions.current
        if not context.is_sent and not is_current:
            return None
        if context.is_early(made.tells_at):
            return NotYet(made.tells_at)
        found = await tx.scorecards.due_scorecards_of_panel(self.workspace, self.panel)
        if not context.is_sent and any(due.is_awaited_from(self.recipient) for due in found):
            return None
        return OutcomeTold(
            panel=panel,
            decision=made,
            zone=await zone_of(tx, self.workspace, self.recipient, "UTC"),
            is_undone=made.undone_at is not None,
            is_amended=made.undone_at is None and not is_current,
        )


@dataclass(frozen=True)
class ToConfirm:
    """For a decider: somebody else decided, and it counts once it is confirmed; what was decided
    stands in the debrief alone."""

    panel: Panel
    decision: Decision
    zone: str


@dataclass(frozen=True, kw_only=True)
class ConfirmMessage(Message):
    """That a decision waits for a second decider; `number` is the decision's."""

    kind = MessageKind.DEBRIEF_CONFIRM
    panel: str
    number: int

    @property
    def key(self) -> str:
        return f"confirm:{self.panel}:{self.number}:{self.recipient}"

    async def render(self, tx: Transaction, context: RenderContext) -> ToConfirm | None:
        """Whoever still has a scorecard to write hears once that is over."""
        panel = await tx.panels.get(self.workspace, self.panel)
        decisions = await tx.decisions.of_panel(self.workspace, self.panel)
        made = next((one for one in decisions.made if one.number == self.number), None)
        if panel is None or made is None:
            return None
        if not context.is_sent:
            found = await tx.scorecards.due_scorecards_of_panel(self.workspace, self.panel)
            is_owing = any(due.is_awaited_from(self.recipient) for due in found)
            if is_owing or not made.is_pending:
                return None
        zone = await zone_of(tx, self.workspace, self.recipient, "UTC")
        return ToConfirm(panel, made, zone)


def _to_confirm(panel: Panel, made: Decision) -> Sequence[ConfirmMessage]:
    """One for each decider but whoever decided."""
    others = deciders(panel.hiring_manager, panel.opening.deciders)
    return [
        ConfirmMessage(workspace=panel.workspace, panel=panel.id, number=made.number, recipient=who)
        for who in others
        if who != made.person
    ]


async def enqueue_to_confirm(tx: Transaction, panel: Panel, made: Decision) -> None:
    """The other deciders hear that a decision waits for one of them."""
    await enqueue_all(tx, [(message, made.at) for message in _to_confirm(panel, made)])


async def refresh_to_confirm(tx: Transaction, panel: Panel, made: Decision, now: datetime) -> None:
    """It was confirmed or undone: what they heard says so."""
    keys = [message.key for message in _to_confirm(panel, made)]
    await tx.outbox.refresh(panel.workspace, keys, now)


def _told(
    panel: Panel, made: Decision, due_scorecards: Iterable[DueScorecard]
) -> Sequence[OutcomeMessage]:
    """One for each organizer, decider and interviewer but whoever decided or confirmed it."""
    people = [*panel.organizers, *panel.opening.deciders]
    people += [who for due in due_scorecards if due.is_on for who in (due.interviewer, due.owner)]
    others = dict.fromkeys(who for who in people if who not in (made.person, made.confirmed_by))
    return [_to(panel.workspace, panel.id, made, who) for who in others]


def _to(workspace: str, panel: str, made: Decision, who: str) -> OutcomeMessage:
    return OutcomeMessage(workspace=workspace, panel=panel, number=made.number, recipient=who)


async def enqueue_decided(
    tx: Transaction,
    panel: Panel,
    made: Decision,
    before: Decisions,
    due_scorecards: Iterable[DueScorecard],
) -> None:
    """The panel hears once it is certain, and what it heard before is put right then."""
    due_scorecards = list(due_scorecards)
    told = _told(panel, made, due_scorecards)
    await enqueue_all(tx, [(message, made.tells_at) for message in told])
    await _refresh(tx, panel, before, made.tells_at)


async def enqueue_undone(
    tx: Transaction, panel: Panel, decisions: Decisions, now: datetime
) -> None:
    """What was not sent yet says nothing any more; what was, says that it was undone."""
    await _refresh(tx, panel, decisions, now)


async def _refresh(tx: Transaction, panel: Panel, decisions: Decisions, at: datetime) -> None:
    found = await tx.scorecards.due_scorecards_of_panel(panel.workspace, panel.id)
    keys = [message.key for made in decisions.made for message in _told(panel, made, found)]
    if keys:
        await tx.outbox.refresh(panel.workspace, keys, at)


async def enqueue_outcome_for(
    tx: Transaction, due: DueScorecard, people: Collection[str], now: datetime
) -> None:
    """Nobody waits for these people's scorecard any more: if something was decided meanwhile, they
    hear of it, and of what they can confirm."""
    decisions = await tx.decisions.of_panel(due.workspace, due.panel)
    panel = await tx.panels.get(due.workspace, due.panel) if decisions.pending else None
    if panel is not None and decisions.pending is not None:
        asked = _to_confirm(panel, decisions.pending)
        await enqueue_all(tx, [(one, now) for one in asked if one.recipient in people])
    made = decisions.current
    if made is None:
        return
    told = [_to(due.workspace, due.panel, made, who) for who in dict.fromkeys(people)]
    sent = {row.key for row in await tx.outbox.several(due.workspace, [one.key for one in told])}
    new = [
        one
        for one in told
        if one.key not in sent and one.recipient not in (made.person, made.confirmed_by)
    ]
    await enqueue_all(tx, [(one, max(now, made.tells_at)) for one in new])

"""How far a panel's scorecards have come: one message for each organizer, edited as they arrive or
are closed, and another once all are in.

It holds the state alone, which every organizer may see; what the scorecards say is nowhere in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ladder import late
from bot.domain.messages import MessageKind
from bot.domain.panels.panel import Panel
from bot.domain.panels.state import ENDED_AS, EXPECTED, InterviewState
from bot.domain.panels.state import Progress as InterviewProgress
from bot.domain.panels.state import progress as interview_progress
from bot.domain.reminders import RemindedPerson
from bot.domain.scorecards.closing import ClosingKind, DueScorecard
from bot.services.messages.message import Message, RenderContext, enqueue_all, zone_of
from bot.storage.database import Transaction


@dataclass(frozen=True)
class Progress:
    """A panel's interviews, and the state of each.

    `not_held` are those whose interviewer says that they didn't interview. `late` has for each
    interview whose scorecard is late since when it is; `zone` is the reader's, who `reads`
    feedback, `organizes`, or both. `waits`: somebody else than the reader is late. `begun`:
    somebody has submitted, closed or reassigned a scorecard of their own.
    """

    panel: Panel
    due_scorecards: Sequence[DueScorecard]
    states: Mapping[str, InterviewProgress]
    late: Mapping[str, datetime]
    now: datetime
    zone: str
    reads: bool
    waits: bool = False
    begun: bool = False
    not_held: frozenset[str] = frozenset()
    organizes: bool = True

    @property
    def declined(self) -> Sequence[DueScorecard]:
        """The interviews for which somebody else is to be found."""
        return [due for due in self.due_scorecards if due.needs_replacement]

    @property
    def submitted(self) -> int:
        return self._count(InterviewState.SUBMITTED)

    @property
    def expected(self) -> int:
        """How many are in or still to come."""
        return self._count(*EXPECTED)

    @property
    def is_complete(self) -> bool:
        """Whether none is to come any more, of some that were: all are submitted or closed."""
        is_begun = self._count(*ENDED_AS.values()) > 0
        return is_begun and self.submitted == self.expected

    def _count(self, *states: InterviewState) -> int:
        return sum(one.state in states for one in self.states.values())


@dataclass(frozen=True, kw_only=True)
class ProgressMessage(Message):
    """Which scorecards of a panel are in or closed, and which are to come, for one organizer."""

    kind = MessageKind.SCORECARD_ARRIVED
    panel: str

    @staticmethod
    def key_of(panel: str, organizer: str) -> str:
        return f"progress:{panel}:{organizer}"

    @property
    def key(self) -> str:
        return self.key_of(self.panel, self.recipient)

    async def render(self, tx: Transaction, context: RenderContext) -> Progress | None:
        """Once all are in the other message says so: two at once would be one too many."""
        found = await _progress(tx, self.workspace, self.panel, self.recipient, context.now)
        if found is None or context.is_sent:
            return found
        return found if found.begun and not found.is_complete else None


@dataclass(frozen=True, kw_only=True)
class AllInMessage(ProgressMessage):
    """That all of a panel's scorecards are in, or closed, for an organizer or a decider."""

    kind = MessageKind.SCORECARDS_ALL_IN

    @staticmethod
    def key_of(panel: str, organizer: str) -> str:
        return f"all_in:{panel}:{organizer}"

    async def render(self, tx: Transaction, context: RenderContext) -> Progress | None:
        found = await _progress(tx, self.workspace, self.panel, self.recipient, context.now)
        is_news = found is not None and (context.is_sent or found.is_complete)
        return found if is_news else None


def _both(
    workspace: str, panel: str, organizers: Iterable[str], deciders: Iterable[str]
) -> Sequence[Message]:
    """Each organizer's message about the progress, and the one that all are in, which deciders get
    too."""
    organizers = list(organizers)
    told: list[tuple[str, type[ProgressMessage]]] = [
        (organizer, cls) for organizer in organizers for cls in (ProgressMessage, AllInMessage)
    ]
    told += [(decider, AllInMessage) for decider in deciders if decider not in organizers]
    return [cls(workspace=workspace, recipient=who, panel=panel) for who, cls in told]


async def progress_messages(
    tx: Transaction, workspace: str, panel: str, organizers: Iterable[str], actor: str | None
) -> Sequence[Message]:
    """What tells the organizers how far it has come, and the deciders that all are in. Whoever
    brought it about is told nothing new, but what they have been told is put right."""
    found = await tx.panels.get(workspace, panel)
    deciders = found.opening.deciders if found is not None else ()
    messages = _both(workspace, panel, organizers, deciders)
    own = [message.key for message in messages if message.recipient == actor]
    sent = {row.key for row in await tx.outbox.several(workspace, own)}
    return [one for one in messages if one.recipient != actor or one.key in sent]


async def refresh_progress(
    tx: Transaction, panel: Panel, organizers: Iterable[str], now: datetime
) -> None:
    """Something of the panel has changed for these: what they have been told of it is put right,
    and that all are in is said where nobody else is awaited."""
    deciders = panel.opening.deciders
    messages = _both(panel.workspace, panel.id, organizers, deciders)
    sent = {
        row.key for row in await tx.outbox.several(panel.workspace, [one.key for one in messages])
    }
    begun = {one.recipient for one in messages if one.key in sent}
    begun |= set(deciders if begun else ())
    await enqueue_all(tx, [(one, now) for one in messages if one.recipient in begun])


async def late_scorecards(
    tx: Transaction, workspace: str, due_scorecards: Iterable[DueScorecard], now: datetime
) -> Mapping[str, datetime]:
    """Which of these are late, by the working days of whoever writes them, each since when."""
    mine = [due for due in due_scorecards if due.is_due(now)]
    policy = await tx.reminders.policy(workspace)
    people = await tx.reminders.people(workspace, {due.owner for due in mine})
    found: dict[str, datetime] = {}
    for due in mine:
        person = people.get(due.owner, RemindedPerson(workspace, due.owner, due.zone))
        found |= late(person.calendar(policy), {due.interview: due.due_since}, now)
    return found


async def _progress(
    tx: Transaction, workspace: str, id: str, reader: str, now: datetime
) -> Progress | None:
    panel = await tx.panels.get(workspace, id)
    if panel is None or reader not in (*panel.organizers, *panel.opening.deciders):
        return None
    organizes = reader in panel.organizers
    found = await tx.scorecards.due_scorecards_of_panel(workspace, id)
    due_scorecards = [due for due in found if due.is_on]
    closings = await tx.scorecards.closings_of(workspace, [due.interview for due in due_scorecards])
    late_since = await late_scorecards(tx, workspace, due_scorecards, now)
    zone = await zone_of(tx, workspace, reader, "UTC")
    last = {id: found[-1].how for id, found in closings.items() if found}
    return Progress(
        panel=panel,
        due_scorecards=due_scorecards,
        states={
            item.id: interview_progress(item, closings[item.id], now, zone)
            for item in panel.on
            if item.id in closings
        },
        late=late_since,
        waits=organizes
        and any(due.interview in late_since and due.owner != reader for due in due_scorecards),
        now=now,
        zone=zone,
        reads=reader in (*panel.readers, *panel.opening.deciders),
        begun=any(not one.is_by_organizer for found in closings.values() for one in found),
        not_held=frozenset(id for id, how in last.items() if how is ClosingKind.DID_NOT_INTERVIEW),
        organizes=organizes,
    )

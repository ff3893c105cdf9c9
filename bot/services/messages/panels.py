"""What Panelist sends people about panels: enqueued here, and rendered from what is true when it
is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from bot.domain.messages import OWN_FAULT, MessageKind
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.details import details, holder
from bot.domain.panels.fields import PanelField
from bot.domain.panels.panel import Interview, Panel
from bot.domain.scorecards.closing import Closing, ClosingKind, DueScorecard, last_closing_by
from bot.services.messages.message import Message, RenderContext
from bot.services.messages.progress import refresh_progress
from bot.services.messages.reminders import refresh_reminders
from bot.storage.database import Transaction

REMIND_BEFORE = 15
"""Minutes, where neither the person nor the workspace has chosen others."""


@dataclass(frozen=True)
class Kit:
    """For the interviewer: whom they see, when, for what, and what to ask.

    `closing` is how they closed it last, None while their scorecard is due or to come. `has_begun`
    and `is_over` say of the interview how far it is.
    """

    panel: Panel
    interview: Interview
    content: FrozenContent
    closing: Closing | None = None
    has_begun: bool = False
    is_over: bool = False

    @property
    def is_declined(self) -> bool:
        """Whether its interviewer can't make it, and has not written a scorecard all the same."""
        has_written = self.closing is not None and self.closing.how is ClosingKind.SCORECARD
        return self.interview.declined_at is not None and not has_written


@dataclass(frozen=True)
class Soon:
    """For the interviewer: it is about to begin, or would have been at `starts_at`."""

    panel: Panel
    interview: Interview
    content: FrozenContent
    starts_at: datetime

    @property
    def is_true(self) -> bool:
        return _is_reminded(self.interview) and self.interview.starts_at == self.starts_at


@dataclass(frozen=True)
class Summary:
    """For the panel's private channel: the panel as it is; `assessed` are the interviews whose
    scorecard is submitted."""

    panel: Panel
    content: FrozenContent
    assessed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Unshown:
    """For a channel that showed a panel: it does not any more. It names nothing of the panel."""


@dataclass(frozen=True)
class Appointed:
    """For someone who has been given a part of a panel, or had it: who has it now.

    `giver` is who gave it last.
    """

    panel: Panel
    part: PanelField
    reader: str
    holder: str
    giver: str

    @property
    def is_theirs(self) -> bool:
        return self.reader == self.holder


@dataclass(frozen=True)
class Undelivered:
    """For an organizer: a message that Slack did not take; `error` is its word for why."""

    panel: Panel
    recipient: str
    kind: str
    error: str | None


@dataclass(frozen=True, kw_only=True)
class PanelMessage(Message):
    """A message about a panel."""

    organizer_hears: ClassVar[bool] = False
    """Whether one organizer hears, once, that it did not arrive."""

    panel: str

    async def failure_notices(
        self, tx: Transaction, error: str, now: datetime
    ) -> Sequence[Message]:
        if not self.organizer_hears:
            return ()
        panel = await tx.panels.get(self.workspace, self.panel)
        organizers = panel.organizers if panel is not None else ()
        reader = next((one for one in organizers if one != self.recipient), None)
        if reader is None:
            return ()
        return [
            UndeliveredMessage(
                workspace=self.workspace,
                recipient=reader,
                panel=self.panel,
                undelivered=self.key,
            )
        ]


@dataclass(frozen=True, kw_only=True)
class InterviewMessage(PanelMessage):
    """A message about one interview of a panel."""

    interview: str

    async def _found(self, tx: Transaction) -> tuple[Panel, Interview] | None:
        panel = await tx.panels.get(self.workspace, self.panel)
        item = panel.find(self.interview) if panel is not None else None
        return None if panel is None or item is None else (panel, item)


@dataclass(frozen=True, kw_only=True)
class KitMessage(InterviewMessage):
    """The interview kit, for the interviewer."""

    kind = MessageKind.PANEL_KIT
    organizer_hears = True

    @staticmethod
    def key_of(interview: str) -> str:
        return f"kit:{interview}"

    @property
    def key(self) -> str:
        return self.key_of(self.interview)

    async def render(self, tx: Transaction, context: RenderContext) -> Kit | None:
        found = await self._found(tx)
        if found is None or not (found[1].is_on or context.is_sent):
            return None
        panel, item = found
        content = await context.contents.of(tx, panel)
        closings = await tx.scorecards.closings(self.workspace, item.id)
        closing = last_closing_by(item.interviewer, closings)
        return Kit(
            panel,
            item,
            content,
            closing,
            has_begun=item.starts_at <= context.now,
            is_over=item.ends_at <= context.now,
        )


@dataclass(frozen=True, kw_only=True)
class SoonMessage(InterviewMessage):
    """The reminder of an interview: another for each start, since one that has been sent cannot
    remind again."""

    kind = MessageKind.PANEL_SOON
    starts_at: datetime

    @property
    def key(self) -> str:
        return f"soon:{self.interview}:{int(self.starts_at.timestamp())}"

    async def render(self, tx: Transaction, context: RenderContext) -> Soon | None:
        found = await self._found(tx)
        if found is None:
            return None
        panel, item = found
        soon = Soon(panel, item, await context.contents.of(tx, panel), self.starts_at)
        return soon if soon.is_true or context.is_sent else None


@dataclass(frozen=True, kw_only=True)
class SummaryMessage(PanelMessage):
    """The panel as it is, for a channel: each channel has its own."""

    kind = MessageKind.PANEL_SUMMARY
    organizer_hears = True

    @staticmethod
    def key_of(panel: str, channel: str) -> str:
        return f"panel:{panel}:{channel}"

    @property
    def key(self) -> str:
        return self.key_of(self.panel, self.recipient)

    async def render(self, tx: Transaction, context: RenderContext) -> Summary | Unshown | None:
        panel = await tx.panels.get(self.workspace, self.panel)
        if panel is None:
            return None
        is_shown = panel.channel == self.recipient
        if not context.is_sent and (panel.cancelled_at is not None or not is_shown):
            return None
        if not is_shown:
            return Unshown()
        cards = await tx.scorecards.of_panel(self.workspace, self.panel)
        assessed = frozenset(card.interview for card in cards)
        return Summary(panel, await context.contents.of(tx, panel), assessed)


@dataclass(frozen=True, kw_only=True)
class UndeliveredMessage(PanelMessage):
    """That another message did not arrive, for one organizer; `undelivered` is its key. `refused`
    are organizers whom this could not be told before."""

    kind = MessageKind.PANEL_UNDELIVERED
    undelivered: str
    refused: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        key = f"undelivered:{self.undelivered}"
        return f"{key}:{self.recipient}" if self.refused else key

    async def failure_notices(
        self, tx: Transaction, error: str, now: datetime
    ) -> Sequence[Message]:
        """The next organizer hears in their place, until one does."""
        panel = await tx.panels.get(self.workspace, self.panel)
        other = await tx.outbox.get(self.workspace, self.undelivered)
        if panel is None or other is None or error == OWN_FAULT:
            return ()
        refused = (*self.refused, self.recipient)
        left = [one for one in panel.organizers if one not in (*refused, other.recipient)]
        return [replace(self, recipient=one, refused=refused) for one in left[:1]]

    async def render(self, tx: Transaction, context: RenderContext) -> Undelivered | None:
        other = await tx.outbox.get(self.workspace, self.undelivered)
        panel = await tx.panels.get(self.workspace, self.panel)
        if other is None or panel is None:
            return None
        return Undelivered(panel, other.recipient, other.kind, other.error)


@dataclass(frozen=True, kw_only=True)
class AppointedMessage(PanelMessage):
    """To whoever has been given a part: each person has one message about each part."""

    kind = MessageKind.PANEL_APPOINTED
    organizer_hears = True
    part: PanelField

    @property
    def key(self) -> str:
        return f"part:{self.panel}:{self.part}:{self.recipient}"

    async def render(self, tx: Transaction, context: RenderContext) -> Appointed | None:
        """Nothing to whoever had the part for so short a time that they have not heard of it, and
        to whoever has it back before they heard that they had not."""
        panel = await tx.panels.get(self.workspace, self.panel)
        if panel is None:
            return None
        has_it = holder(details(panel), self.part)
        is_news = (has_it == self.recipient) == (self.kind is MessageKind.PANEL_APPOINTED)
        if not context.is_sent and not is_news:
            return None
        record = await tx.audit.since(panel.workspace, panel.id, 0)
        givers = [entry.actor for entry in record if self.part in entry.fields]
        giver = givers[-1] if givers else panel.set_up_by
        return Appointed(panel, self.part, self.recipient, has_it, giver)


@dataclass(frozen=True, kw_only=True)
class PassedOnMessage(AppointedMessage):
    """To whoever had the part."""

    kind = MessageKind.PANEL_PASSED_ON
    organizer_hears = False


async def enqueue_panel(
    tx: Transaction, panel: Panel, now: datetime, before: Panel | None = None
) -> None:
    """Enqueues every message that the panel's last revision makes new or different.

    Interviewers whose interviews are as they were hear nothing.
    """
    changed = [item for item in panel.interviews if item.revision == panel.revision]
    people = [item.interviewer for item in changed]
    minutes = await tx.interview_reminders.minutes(panel.workspace, people, REMIND_BEFORE)
    due_scorecards = await tx.scorecards.due_scorecards(
        panel.workspace, [item.id for item in changed]
    )
    listed = [_as_listed(due, before, now) for due in due_scorecards] if before else []
    await refresh_reminders(tx, [due for due in listed if due is not None], now)
    for item in changed:
        old = before.find(item.id) if before is not None else None
        await enqueue_kit(tx, panel, item, now)
        await enqueue_soon(tx, panel, item, minutes[item.interviewer], now, old)
    if panel.channel is not None and (
        before is None or _shown_in_channel(before) != _shown_in_channel(panel)
    ):
        summary = SummaryMessage(**_ids(panel), recipient=panel.channel)
        await summary.enqueue(tx, now)
    if before is not None:
        is_other = bool(changed) or before.cancelled_at != panel.cancelled_at
        parted = [one for one in panel.organizers if _part(before, one) != _part(panel, one)]
        await refresh_progress(tx, panel, panel.organizers if is_other else parted, now)
    organizers = {*panel.organizers, *(before.organizers if before is not None else ())}
    seen_by = {one for due in due_scorecards for one in due.people}
    await tx.homes.changed(panel.workspace, seen_by | organizers, now)


def _as_listed(due: DueScorecard, before: Panel, now: datetime) -> DueScorecard | None:
    """The interview as digests may list it from before a change, if any can."""
    old = before.find(due.interview)
    if old is None or not (old.ends_at <= now or old.declined_at or due.declined_at):
        return None
    return replace(due, ends_at=old.ends_at, declined_at=old.declined_at or due.declined_at)


def _part(panel: Panel, user: str) -> tuple[bool, bool]:
    """What somebody sees of its progress: whether anything, and whether they read feedback."""
    return user in panel.organizers, user in panel.readers


def _shown_in_channel(panel: Panel) -> Panel:
    """The panel as far as its channel shows it, which is not why somebody can't make it."""
    interviews = tuple(
        replace(item, revision=0, declined_because=None, other_time=None)
        for item in panel.interviews
    )
    candidate = replace(panel.candidate, email=None)
    return replace(panel, revision=0, candidate=candidate, interviews=interviews)


async def enqueue_kit(tx: Transaction, panel: Panel, item: Interview, now: datetime) -> None:
    kit = KitMessage(**_ids(panel), interview=item.id, recipient=item.interviewer)
    await kit.enqueue(tx, now)


async def enqueue_soon(
    tx: Transaction,
    panel: Panel,
    item: Interview,
    minutes: int,
    now: datetime,
    old: Interview | None = None,
) -> None:
    """Enqueues the reminder, unless there is to be none; `old` is the interview as it was.

    Where it would be due at once it is left out for a new interview, whose kit says as much.
    """
    soon = _soon(panel, item)
    if old is not None and _soon(panel, old).key != soon.key:
        await _close_soon(tx, _soon(panel, old), now)
    due_at = item.starts_at - timedelta(minutes=minutes)
    is_news = old is not None or due_at > now
    if minutes and is_news and _is_reminded(item) and item.starts_at > now:
        await soon.enqueue(tx, max(due_at, now), item.starts_at)
    else:
        await _close_soon(tx, soon, now)


def _soon(panel: Panel, item: Interview) -> SoonMessage:
    return SoonMessage(
        **_ids(panel), interview=item.id, recipient=item.interviewer, starts_at=item.starts_at
    )


async def _close_soon(tx: Transaction, soon: SoonMessage, now: datetime) -> None:
    """A reminder not yet sent will not be; one that has been is put right."""
    await tx.outbox.close(soon.workspace, soon.key)
    sent = await tx.outbox.get(soon.workspace, soon.key)
    if sent is not None:
        await soon.enqueue(tx, now, sent.expires_at)


def _ids(panel: Panel) -> dict[str, str]:
    """What every message about the panel has."""
    return {"workspace": panel.workspace, "panel": panel.id}


def _is_reminded(item: Interview) -> bool:
    return item.is_on and item.declined_at is None

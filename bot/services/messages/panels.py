"""What Panelist sends people about panels: wished for here, and worded from what is true when it
is sent."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.messages import OutboxMessage
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.details import details, holder
from bot.domain.panels.fields import PanelField
from bot.domain.panels.panel import Interview, Panel
from bot.domain.scorecards.closing import Closing, last_closing_by
from bot.services.frozen_contents import Contents
from bot.services.messages.reminders import want_edits
from bot.services.ports import Clock
from bot.storage.database import Transaction

REMIND_BEFORE = 15
"""Minutes, where neither the person nor the workspace has chosen others."""


class Kind(StrEnum):
    """The kinds of these messages."""

    KIT = "panel.kit"
    SOON = "panel.soon"
    DECLINED = "panel.declined"
    SUMMARY = "panel.summary"
    UNDELIVERED = "panel.undelivered"
    APPOINTED = "panel.appointed"
    """To whoever has been given a part."""
    PASSED_ON = "panel.passed_on"
    """To whoever had it."""


@dataclass(frozen=True)
class Kit:
    """For the interviewer: whom they see, when, for what, and what to ask.

    `said` is their last word on what became of it, None while a scorecard is awaited from them.
    """

    panel: Panel
    interview: Interview
    content: FrozenContent
    said: Closing | None = None
    has_begun: bool = False


@dataclass(frozen=True)
class Soon:
    """For the interviewer: it is about to begin, or would have been at `starts_at`."""

    panel: Panel
    interview: Interview
    content: FrozenContent
    starts_at: datetime

    @property
    def is_true(self) -> bool:
        return _reminded(self.interview) and self.interview.starts_at == self.starts_at


@dataclass(frozen=True)
class Declined:
    """For an organiser: the interviewer could not make it at `starts_at`."""

    panel: Panel
    interview: Interview
    content: FrozenContent
    starts_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether nothing has been done about it yet."""
        item = self.interview
        same = item.starts_at == self.starts_at and item.declined_at is not None
        return same and item.is_on


@dataclass(frozen=True)
class Summary:
    """For the panel's private channel: the panel as it is."""

    panel: Panel
    content: FrozenContent


@dataclass(frozen=True)
class Unshown:
    """For a channel that showed a panel: it does not any more. It names nothing of the panel."""


@dataclass(frozen=True)
class Appointed:
    """For somebody who has been given a part of a panel, or had it: who has it now.

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
    """For an organiser: a message that Slack did not take; `error` is its word for why."""

    panel: Panel
    recipient: str
    kind: str
    error: str | None


def kit_key(interview: str) -> str:
    return f"kit:{interview}"


def soon_key(item: Interview) -> str:
    """Another for each start: a reminder that has been sent cannot remind again."""
    return f"soon:{item.id}:{_stamp(item.starts_at)}"


def summary_key(panel: str, channel: str) -> str:
    """Each channel's own: a key belongs to one recipient."""
    return f"panel:{panel}:{channel}"


def undelivered_key(refused: str) -> str:
    """Of the word that the message with this key was refused."""
    return f"undelivered:{refused}"


def part_key(panel: str, part: PanelField, person: str) -> str:
    """One message to each person about each part."""
    return f"part:{panel}:{part}:{person}"


def part_of(key: str) -> PanelField:
    """The part that a message's key was made for."""
    return PanelField(key.split(":")[2])


def _stamp(time: datetime) -> int:
    return int(time.timestamp())


def _start_in(key: str, item: Interview) -> datetime:
    """The start that a message's key was made for."""
    stamp = int(key.split(":")[2])
    return datetime.fromtimestamp(stamp, item.starts_at.tzinfo)


def _reminded(item: Interview) -> bool:
    return item.is_on and item.declined_at is None


async def want_all(
    tx: Transaction, panel: Panel, now: datetime, before: Panel | None = None
) -> None:
    """Wishes for every message that the panel's last revision makes new or different.

    Interviewers whose interviews are as they were hear nothing.
    """
    changed = [item for item in panel.interviews if item.revision == panel.revision]
    people = [item.interviewer for item in changed]
    minutes = await tx.interview_reminders.minutes(panel.workspace, people, REMIND_BEFORE)
    due_scorecards = await tx.scorecards.due_scorecards(
        panel.workspace, [item.id for item in changed]
    )
    ended = [item.id for item in before.interviews if item.ends_at <= now] if before else []
    await want_edits(
        tx,
        [due for due in due_scorecards if due.interview in ended],
        now,
    )
    for item in changed:
        old = before.find(item.id) if before is not None else None
        await want_kit(tx, panel, item, now)
        await want_reminder(tx, panel, item, minutes[item.interviewer], now, old)
        if old is not None and old.declined_at is not None:
            await want_declined(tx, panel, old, now)
    is_summary_other = before is None or _summarised(before) != _summarised(panel)
    if panel.channel is not None and is_summary_other:
        key = summary_key(panel.id, panel.channel)
        await tx.outbox.want(panel.workspace, key, Kind.SUMMARY, panel.id, panel.channel, now)
    seen_by = {one for due in due_scorecards for one in due.people}
    await tx.homes.changed(panel.workspace, seen_by, now)


def _summarised(panel: Panel) -> Panel:
    """The panel as far as its channel shows it."""
    return replace(panel, revision=0, candidate=replace(panel.candidate, email=None))


async def want_kit(tx: Transaction, panel: Panel, item: Interview, now: datetime) -> None:
    key = kit_key(item.id)
    await tx.outbox.want(panel.workspace, key, Kind.KIT, item.id, item.interviewer, now)


async def want_reminder(
    tx: Transaction,
    panel: Panel,
    item: Interview,
    minutes: int,
    now: datetime,
    old: Interview | None = None,
) -> None:
    """Wishes for the reminder, unless there is to be none; `old` is the interview as it was.

    Where it would be due at once it is left out for a new interview, whose kit says as much.
    """
    if old is not None and soon_key(old) != soon_key(item):
        await _withdraw(tx, panel, old, now)
    due_at = item.starts_at - timedelta(minutes=minutes)
    is_news = old is not None or due_at > now
    if minutes and is_news and _reminded(item) and item.starts_at > now:
        await tx.outbox.want(
            panel.workspace,
            soon_key(item),
            Kind.SOON,
            item.id,
            item.interviewer,
            max(due_at, now),
            item.starts_at,
        )
    else:
        await _withdraw(tx, panel, item, now)


async def _withdraw(tx: Transaction, panel: Panel, item: Interview, now: datetime) -> None:
    """A reminder not yet sent will not be; one that has been is put right."""
    key = soon_key(item)
    await tx.outbox.drop(panel.workspace, key)
    sent = await tx.outbox.get(panel.workspace, key)
    if sent is not None:
        await tx.outbox.want(
            panel.workspace, key, Kind.SOON, item.id, item.interviewer, now, sent.expires_at
        )


async def want_declined(tx: Transaction, panel: Panel, item: Interview, now: datetime) -> None:
    """Wishes for the word to every organiser that the interviewer cannot make it at this time."""
    for organizer in panel.organizers:
        if organizer != item.interviewer:
            key = f"declined:{item.id}:{_stamp(item.starts_at)}:{organizer}"
            await tx.outbox.want(panel.workspace, key, Kind.DECLINED, item.id, organizer, now)


class PanelMessages:
    """Words for the outbox: what is true of a panel at the moment of sending."""

    def __init__(self, contents: Contents, clock: Clock) -> None:
        self._contents = contents
        self._clock = clock

    @property
    def composers(
        self,
    ) -> Mapping[str, Callable[[Transaction, OutboxMessage], Awaitable[object | None]]]:
        return {
            Kind.KIT: self._kit,
            Kind.SOON: self._soon,
            Kind.DECLINED: self._declined,
            Kind.SUMMARY: self._summary,
            Kind.UNDELIVERED: self._undelivered,
            Kind.APPOINTED: self._appointed,
            Kind.PASSED_ON: self._appointed,
        }

    async def on_failed(self, tx: Transaction, message: OutboxMessage) -> None:
        """One organiser hears, once, of a message that Slack refused."""
        if message.kind not in (Kind.KIT, Kind.DECLINED, Kind.SUMMARY, Kind.APPOINTED):
            return
        panel = await self._panel(tx, message)
        if panel is None:
            return
        reader = next((one for one in panel.organizers if one != message.recipient), None)
        if reader is not None:
            key, now = undelivered_key(message.key), self._clock.now()
            await tx.outbox.want(panel.workspace, key, Kind.UNDELIVERED, message.key, reader, now)

    async def _kit(self, tx: Transaction, message: OutboxMessage) -> Kit | None:
        panel = await tx.panels.of_interview(message.workspace, message.subject)
        item = panel.find(message.subject) if panel is not None else None
        if panel is None or item is None or not (item.is_on or message.ts):
            return None
        content = await self._contents.of(tx, panel)
        said = await tx.scorecards.closings(message.workspace, item.id)
        has_begun = item.starts_at <= self._clock.now()
        return Kit(panel, item, content, last_closing_by(item.interviewer, said), has_begun)

    async def _soon(self, tx: Transaction, message: OutboxMessage) -> Soon | None:
        panel = await tx.panels.of_interview(message.workspace, message.subject)
        item = panel.find(message.subject) if panel is not None else None
        if panel is None or item is None:
            return None
        content = await self._contents.of(tx, panel)
        soon = Soon(panel, item, content, _start_in(message.key, item))
        return soon if soon.is_true or message.ts else None

    async def _declined(self, tx: Transaction, message: OutboxMessage) -> Declined | None:
        panel = await tx.panels.of_interview(message.workspace, message.subject)
        item = panel.find(message.subject) if panel is not None else None
        if panel is None or item is None:
            return None
        content = await self._contents.of(tx, panel)
        declined = Declined(panel, item, content, _start_in(message.key, item))
        return declined if declined.is_open or message.ts else None

    async def _summary(self, tx: Transaction, message: OutboxMessage) -> Summary | Unshown | None:
        panel = await tx.panels.get(message.workspace, message.subject)
        if panel is None:
            return None
        is_shown = panel.channel == message.recipient
        if message.ts is None and (panel.cancelled_at is not None or not is_shown):
            return None
        return Summary(panel, await self._contents.of(tx, panel)) if is_shown else Unshown()

    async def _appointed(self, tx: Transaction, message: OutboxMessage) -> Appointed | None:
        """Nothing to whoever had the part for so short a time that they have not heard of it, and
        to whoever has it back before they heard that they had not."""
        panel = await self._panel(tx, message)
        if panel is None:
            return None
        part = part_of(message.key)
        has_it = holder(details(panel), part)
        is_news = (has_it == message.recipient) == (message.kind == Kind.APPOINTED)
        if message.ts is None and not is_news:
            return None
        record = await tx.audit.since(panel.workspace, panel.id, 0)
        givers = [entry.actor for entry in record if part in entry.fields]
        giver = givers[-1] if givers else panel.set_up_by
        return Appointed(panel, part, message.recipient, has_it, giver)

    async def _undelivered(self, tx: Transaction, message: OutboxMessage) -> Undelivered | None:
        refused = await tx.outbox.get(message.workspace, message.subject)
        panel = None if refused is None else await self._panel(tx, refused)
        if refused is None or panel is None:
            return None
        return Undelivered(panel, refused.recipient, refused.kind, refused.error)

    async def _panel(self, tx: Transaction, message: OutboxMessage) -> Panel | None:
        if message.kind in (Kind.SUMMARY, Kind.APPOINTED, Kind.PASSED_ON):
            return await tx.panels.get(message.workspace, message.subject)
        return await tx.panels.of_interview(message.workspace, message.subject)

"""What Panelist sends people about scorecards that are due, rendered from what is true then."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.ladder import Reached, Rung
from bot.domain.messages import OWN_FAULT, MessageKind, MessageState, NotYet, OutboxMessage
from bot.domain.reminders import (
    CHASED_FOR,
    LATER,
    Calendar,
    RemindedPerson,
    ReminderPolicy,
    chase_ends,
    digest_expires,
    nudge_at,
    nudge_expires,
)
from bot.domain.scorecards.closing import DueScorecard
from bot.services.messages.message import Message, RenderContext, zone_of
from bot.services.messages.reminders_due import (
    Digest,
    asked_key,
    calendar_of,
    concerned,
    days_listing,
    digest_of,
    end_later,
)
from bot.services.messages.reminders_ladder import digest_key
from bot.storage.database import Transaction
from bot.storage.reminders.rows import Ended


@dataclass(frozen=True)
class Nudge:
    """For the interviewer: an interview has just ended."""

    due_scorecard: DueScorecard
    is_done: bool


@dataclass(frozen=True)
class Stopped:
    """For an organizer: a scorecard has been due for so many working days that no one is reminded
    any more; or was, where `is_over`: now they are again."""

    due_scorecard: DueScorecard
    days: int
    is_over: bool = False


@dataclass(frozen=True)
class Unreachable:
    """For an organizer: someone who has scorecards due cannot be reminded."""

    person: str


@dataclass(frozen=True, kw_only=True)
class ReminderMessage(Message):
    """A message about scorecards that are due, to whoever owns them or is told of them."""


@dataclass(frozen=True, kw_only=True)
class OwnerMessage(ReminderMessage):
    """A reminder to the owner, of whom the organizers hear where Slack will not let it through."""

    async def failure_notices(
        self, tx: Transaction, error: str, now: datetime
    ) -> Sequence[Message]:
        if error == OWN_FAULT:
            return ()
        return await unreachable(tx, self.workspace, self.recipient, now)


@dataclass(frozen=True, kw_only=True)
class DigestMessage(OwnerMessage):
    """A day's reminder of all that is due from one person; `at`: it has been brought forward."""

    kind = MessageKind.REMINDERS_DIGEST
    person: str
    day: date
    at: datetime | None = None

    @staticmethod
    def key_of(person: str, day: date) -> str:
        return digest_key(person, day)

    @property
    def key(self) -> str:
        return self.key_of(self.person, self.day)

    async def render(self, tx: Transaction, context: RenderContext) -> Digest | NotYet | None:
        """What was due at the day's moment and still is: what came later is the next one's."""
        calendar = await calendar_of(tx, self.workspace, self.person)
        moment = self.at or calendar.digest_at(self.day)
        return await digest_of(
            tx, self.workspace, self.person, calendar, moment, context, day=self.day
        )


@dataclass(frozen=True, kw_only=True)
class LaterMessage(OwnerMessage):
    """The same once more, at the moment that the person has put it off to."""

    kind = MessageKind.REMINDERS_LATER
    person: str
    at: datetime

    @staticmethod
    def key_of(person: str, at: datetime) -> str:
        return f"later:{person}:{int(at.timestamp())}"

    @property
    def key(self) -> str:
        return self.key_of(self.person, self.at)

    async def render(self, tx: Transaction, context: RenderContext) -> Digest | NotYet | None:
        calendar = await calendar_of(tx, self.workspace, self.person)
        put_off_at = self.at - LATER
        return await digest_of(
            tx, self.workspace, self.person, calendar, self.at, context, put_off_at
        )


@dataclass(frozen=True, kw_only=True)
class NudgeMessage(OwnerMessage):
    """That an interview has just ended, for its owner."""

    kind = MessageKind.REMINDERS_NUDGE
    panel: str
    interview: str

    @staticmethod
    def key_of(interview: str) -> str:
        return f"nudge:{interview}"

    @property
    def key(self) -> str:
        return self.key_of(self.interview)

    async def render(self, tx: Transaction, context: RenderContext) -> Nudge | NotYet | None:
        due = await tx.scorecards.due_scorecard(self.workspace, self.interview)
        if due is None:
            return None
        now = context.now
        is_done = not due.is_awaited_from(self.recipient)
        if context.is_sent:
            return Nudge(due, is_done or due.ends_at > now)
        calendar = await calendar_of(tx, self.workspace, self.recipient)
        at = nudge_at(calendar, due.ends_at, due.entered_at)
        if is_done or at is None or calendar.sleeps_at(now):
            return None
        requests = await tx.remind_requests.latest(self.workspace, [self.interview])
        if any(due.due_since <= one.at <= now for one in requests.values()):
            return None
        return NotYet(at) if context.is_early(at) else Nudge(due, is_done)


@dataclass(frozen=True, kw_only=True)
class StoppedMessage(ReminderMessage):
    """That reminding has stopped after so many days, for one organizer: another for each number of
    days, since with a larger one the end comes once more."""

    kind = MessageKind.REMINDERS_STOPPED
    panel: str
    interview: str
    days: int

    @staticmethod
    def key_of(interview: str, organizer: str, days: int) -> str:
        return f"stopped:{interview}:{organizer}:{days}"

    @property
    def key(self) -> str:
        return self.key_of(self.interview, self.recipient, self.days)

    async def render(self, tx: Transaction, context: RenderContext) -> Stopped | NotYet | None:
        due = await tx.scorecards.due_scorecard(self.workspace, self.interview)
        is_over = self.kind is MessageKind.REMINDERS_RESUMED
        if due is None or (not context.is_sent and (is_over or not due.is_pending)):
            return None
        ends = chase_ends(await calendar_of(tx, due.workspace, due.owner), due.due_since)
        if context.is_early(ends):
            return NotYet(ends)
        zone = await zone_of(tx, self.workspace, self.recipient, due.zone)
        return Stopped(replace(due, zone=zone), self.days, is_over)


@dataclass(frozen=True, kw_only=True)
class ResumedMessage(StoppedMessage):
    """In place of that, once it is true no more."""

    kind = MessageKind.REMINDERS_RESUMED


@dataclass(frozen=True, kw_only=True)
class UnreachableMessage(ReminderMessage):
    """That a person cannot be reminded, for one organizer, once for good."""

    kind = MessageKind.REMINDERS_UNREACHABLE
    person: str

    @property
    def key(self) -> str:
        return f"unreachable:{self.person}:{self.recipient}"

    @property
    def names_candidate(self) -> bool:
        return False

    async def render(self, tx: Transaction, context: RenderContext) -> Unreachable | None:
        return Unreachable(self.person)


async def enqueue_digest(
    tx: Transaction, person: RemindedPerson, calendar: Calendar, day: date
) -> DigestMessage:
    """Enqueues a day's digest."""
    digest = DigestMessage(
        workspace=person.workspace, recipient=person.person, person=person.person, day=day
    )
    await digest.enqueue(tx, calendar.digest_at(day), digest_expires(calendar, day))
    return digest


async def enqueue_nudge(
    tx: Transaction,
    ended: Ended,
    calendar: Calendar,
    at: datetime,
    earlier: Iterable[OutboxMessage],
) -> NudgeMessage | None:
    """Enqueues the nudge, or another time for it, unless it has been sent."""
    nudge = NudgeMessage(**_ids(ended), recipient=ended.missing.owner)
    key = nudge.key
    if any(one.key == key and (one.ts or one.state is not MessageState.DUE) for one in earlier):
        return None
    await nudge.enqueue(tx, at, nudge_expires(calendar, at))
    return nudge


async def earlier_messages(
    tx: Transaction,
    workspace: str,
    organizers: Mapping[str, Sequence[str]],
    days: Collection[int],
) -> Mapping[str, Sequence[OutboxMessage]]:
    """What there is about these interviews: the nudge, and that reminding has stopped, to each of
    the organizers whom it is given with."""
    interviews = {NudgeMessage.key_of(interview): interview for interview in organizers}
    interviews |= {
        StoppedMessage.key_of(interview, organizer, number): interview
        for interview, people in organizers.items()
        for organizer in people
        for number in days
    }
    found: dict[str, list[OutboxMessage]] = {interview: [] for interview in organizers}
    for row in await tx.outbox.several(workspace, interviews.keys()):
        found[interviews[row.key]].append(row)
    return found


async def earlier_of(
    tx: Transaction, policy: ReminderPolicy, ended: Sequence[Ended], now: datetime
) -> Mapping[str, Sequence[OutboxMessage]]:
    """Organizers may have heard of a stop only where the end is long enough ago."""
    days = {*CHASED_FOR, policy.chase_days}
    since = now - timedelta(days=min(days))
    organizers = {
        one.missing.interview: one.organizers if one.missing.since <= since else () for one in ended
    }
    return await earlier_messages(tx, policy.workspace, organizers, days)


async def enqueue_resumed(tx: Transaction, earlier: Iterable[OutboxMessage], now: datetime) -> None:
    """What organizers were told of a stop is put right: reminding goes on."""
    for one in earlier:
        if one.kind == StoppedMessage.kind:
            await ResumedMessage.load(one).enqueue(tx, now)


def untold_before(reached: Iterable[Reached], earlier: Iterable[OutboxMessage]) -> list[Reached]:
    """Without the ends of which earlier versions have told an organizer in a message of its own."""
    told = {one.key for one in earlier if one.kind == StoppedMessage.kind}
    return [
        one
        for one in reached
        if one.rung is not Rung.END
        or StoppedMessage.key_of(one.interview, one.recipient, one.days) not in told
    ]


def _ids(ended: Ended) -> dict[str, Any]:
    """What every message about the interview has."""
    return {
        "workspace": ended.missing.workspace,
        "panel": ended.panel,
        "interview": ended.missing.interview,
    }


async def enqueue_unreachable(
    tx: Transaction, workspace: str, person: str, now: datetime
) -> Sequence[UnreachableMessage]:
    """Tells everyone who organizes an interview of theirs, and gives what is new."""
    messages = await unreachable(tx, workspace, person, now)
    for message in messages:
        await message.enqueue(tx, now)
    return messages


async def unreachable(
    tx: Transaction, workspace: str, person: str, now: datetime
) -> Sequence[UnreachableMessage]:
    """For everyone who organizes an interview of theirs and has not been told before."""
    missing_scorecards = (await tx.reminders.missing_scorecards(workspace, [person], now))[person]
    due_scorecards = await tx.scorecards.due_scorecards(
        workspace, [missing.interview for missing in missing_scorecards]
    )
    messages = {
        message.key: message
        for organizer in {one for due in due_scorecards for one in due.organizers} - {person}
        for message in [UnreachableMessage(workspace=workspace, recipient=organizer, person=person)]
    }
    told = {row.key for row in await tx.outbox.several(workspace, messages.keys())}
    return [messages[key] for key in sorted(messages.keys() - told)]


async def refresh_reminders(
    tx: Transaction,
    due_scorecards: Iterable[DueScorecard],
    now: datetime,
    keys_besides: Iterable[str] = (),
    only: Collection[str] | None = None,
) -> None:
    """What has been sent about these interviews is put right: something of them has changed.

    `keys_besides` are those of other messages about them; `only` those for whom it has changed.
    """
    changed = list(due_scorecards)
    for workspace in sorted({due.workspace for due in changed}):
        mine = [due for due in changed if due.workspace == workspace]
        readers = {one for due in mine for one in concerned(due) if only is None or one in only}
        people = await tx.reminders.people(workspace, readers)
        await end_later(tx, people.values(), LaterMessage.key_of, now)
        keys = [*keys_besides, *(NudgeMessage.key_of(due.interview) for due in mine)]
        keys += [
            StoppedMessage.key_of(due.interview, organizer, days)
            for due in mine
            for organizer in due.organizers
            if only is None or organizer in only
            for days in CHASED_FOR
        ]
        for person in people.values():
            days = days_listing(person, mine)
            keys += [DigestMessage.key_of(person.person, day) for day in days]
            if person.later_at is not None:
                keys.append(LaterMessage.key_of(person.person, person.later_at))
        organizers = {one for due in mine for one in due.organizers}
        ids = {due.interview for due in mine}
        requests = await tx.remind_requests.of_interviews(workspace, ids)
        keys += [asked_key(one.person, one.day) for one in requests if one.person in readers]
        told = await tx.rungs.told(workspace, ids)
        hearers = organizers if only is None else organizers & set(only)
        keys += [
            digest_key(one.recipient, one.day)
            for one in told
            if one.day is not None and one.recipient in hearers
        ]
        await tx.outbox.refresh(workspace, keys, now)
        await tx.homes.changed(workspace, {*readers, *organizers}, now)


async def refresh_digests(tx: Transaction, person: RemindedPerson, now: datetime) -> None:
    """What has been sent says when the next reminder comes, which has just been chosen."""
    keys = []
    if person.last_digest is not None:
        keys.append(DigestMessage.key_of(person.person, person.last_digest))
    if person.later_at is not None:
        keys.append(LaterMessage.key_of(person.person, person.later_at))
    await tx.outbox.refresh(person.workspace, keys, now)

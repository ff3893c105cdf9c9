"""What Panelist sends people about scorecards that are owed: wished for here, and worded from what
is true when it is sent."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from bot.domain.outbox import Outgoing, State
from bot.domain.reminders import (
    MOST_SHOWN,
    Calendar,
    Debt,
    Reminded,
    digest_expires,
    is_chased,
    next_digest,
    nudge_expires,
)
from bot.domain.scorecards import Duty
from bot.services.ports import Clock
from bot.storage.database import Transaction


class Kind(StrEnum):
    """The kinds of these messages."""

    DIGEST = "reminders.digest"
    LATER = "reminders.later"
    NUDGE = "reminders.nudge"
    STOPPED = "reminders.stopped"
    UNREACHABLE = "reminders.unreachable"


@dataclass(frozen=True)
class Digest:
    """For whoever owes scorecards: all of them, the longest owed first.

    `more` is how many there are beyond those shown. `next_at` is when the next one comes if
    something is owed by then; `zone` is the reader's.
    """

    duties: Sequence[Duty]
    more: int
    next_at: datetime | None
    zone: str

    @property
    def is_done(self) -> bool:
        return not self.duties


@dataclass(frozen=True)
class Nudge:
    """For the interviewer: an interview has just ended."""

    duty: Duty
    is_done: bool


@dataclass(frozen=True)
class Stopped:
    """For an organiser: a scorecard has been owed for so long that nobody is reminded any more."""

    duty: Duty
    days: int


@dataclass(frozen=True)
class Unreachable:
    """For an organiser: somebody who owes scorecards cannot be reminded."""

    person: str


def digest_key(person: str, day: date) -> str:
    return f"digest:{person}:{day.isoformat()}"


def later_key(person: str, at: datetime) -> str:
    return f"later:{person}:{int(at.timestamp())}"


async def want_digest(tx: Transaction, person: Reminded, calendar: Calendar, day: date) -> str:
    """Wishes for a day's digest, and gives its key."""
    key = digest_key(person.person, day)
    await tx.outbox.want(
        person.workspace,
        key,
        Kind.DIGEST,
        day.isoformat(),
        person.person,
        calendar.digest_at(day),
        digest_expires(calendar, day),
    )
    return key


async def want_nudge(tx: Transaction, debt: Debt, calendar: Calendar, at: datetime) -> str:
    key = f"nudge:{debt.interview}"
    expires_at = nudge_expires(calendar, at)
    await tx.outbox.want(
        debt.workspace, key, Kind.NUDGE, debt.interview, debt.owner, at, expires_at
    )
    return key


async def want_stopped(tx: Transaction, debt: Debt, organiser: str, now: datetime) -> str:
    key = f"stopped:{debt.interview}:{organiser}"
    await tx.outbox.want(debt.workspace, key, Kind.STOPPED, debt.interview, organiser, now)
    return key


async def want_unreachable(
    tx: Transaction, workspace: str, person: str, now: datetime
) -> Sequence[tuple[str, str]]:
    """Wishes for the word to everybody who organises an interview of theirs, once for good.

    Gives the keys, each with its recipient.
    """
    debts = (await tx.reminders.debts(workspace, [person], now))[person]
    duties = await tx.scorecards.duties(workspace, [debt.interview for debt in debts])
    found = []
    for organiser in sorted({one for duty in duties for one in duty.organisers} - {person}):
        key = f"unreachable:{person}:{organiser}"
        if await tx.outbox.get(workspace, key) is None:
            await tx.outbox.want(workspace, key, Kind.UNREACHABLE, person, organiser, now)
            found.append((key, organiser))
    return found


async def want_edits(tx: Transaction, duties: Iterable[Duty], now: datetime) -> None:
    """What has been sent about these interviews is put right: something of them has changed."""
    changed = list(duties)
    for workspace in sorted({duty.workspace for duty in changed}):
        mine = [duty for duty in changed if duty.workspace == workspace]
        owners = {one for duty in mine for one in (duty.owner, duty.interviewer)}
        await tx.homes.changed(workspace, owners, now)
        people = await tx.reminders.people(workspace, owners)
        keys = [f"nudge:{duty.interview}" for duty in mine]
        for person in people.values():
            if person.last_digest is not None:
                keys.append(digest_key(person.person, person.last_digest))
            if person.later_at is not None:
                keys.append(later_key(person.person, person.later_at))
        for key in sorted(keys):
            await _edit(tx, workspace, key, now)


async def _edit(tx: Transaction, workspace: str, key: str, now: datetime) -> None:
    """Has a message edited that is there, or may be; one that is not is worded when it is sent."""
    message = await tx.outbox.get(workspace, key)
    if message is None or (message.ts is None and message.state in (State.DUE, State.FAILED)):
        return
    expires_at = None if message.ts is not None else message.expires_at
    await tx.outbox.want(
        workspace, key, message.kind, message.subject, message.recipient, now, expires_at
    )


class ReminderMessages:
    """Words for the outbox: what is owed at the moment of sending."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @property
    def composers(
        self,
    ) -> Mapping[str, Callable[[Transaction, Outgoing], Awaitable[object | None]]]:
        return {
            Kind.DIGEST: self._digest,
            Kind.LATER: self._later,
            Kind.NUDGE: self._nudge,
            Kind.STOPPED: self._stopped,
            Kind.UNREACHABLE: self._unreachable,
        }

    async def on_failed(self, tx: Transaction, message: Outgoing) -> None:
        """The organisers hear, once, of somebody whom Slack will not let us remind."""
        if message.kind in (Kind.DIGEST, Kind.LATER, Kind.NUDGE):
            now = self._clock.now()
            await want_unreachable(tx, message.workspace, message.recipient, now)

    async def _digest(self, tx: Transaction, message: Outgoing) -> Digest | None:
        """What was owed at the day's moment and still is: what came later is the next one's."""
        calendar = await _calendar(tx, message)
        return await self._owed(
            tx, message, calendar.digest_at(date.fromisoformat(message.subject))
        )

    async def _later(self, tx: Transaction, message: Outgoing) -> Digest | None:
        stamp = int(message.key.rpartition(":")[2])
        return await self._owed(tx, message, datetime.fromtimestamp(stamp, UTC))

    async def _owed(self, tx: Transaction, message: Outgoing, at: datetime) -> Digest | None:
        calendar = await _calendar(tx, message)
        person, workspace = message.recipient, message.workspace
        debts = (await tx.reminders.debts(workspace, [person], at))[person]
        chased = [debt.interview for debt in debts if is_chased(calendar, debt.ends_at, at)]
        if not chased and message.ts is None:
            return None
        found = {one.interview: one for one in await tx.scorecards.duties(workspace, chased)}
        duties = [found[id] for id in chased if id in found]
        now = self._clock.now()
        tomorrow = digest_expires(calendar, calendar.day_of(now))
        return Digest(
            duties=duties[:MOST_SHOWN],
            more=max(0, len(duties) - MOST_SHOWN),
            next_at=next_digest(calendar, tomorrow),
            zone=calendar.zone,
        )

    async def _nudge(self, tx: Transaction, message: Outgoing) -> Nudge | None:
        duty = await tx.scorecards.duty(message.workspace, message.subject)
        if duty is None:
            return None
        now = self._clock.now()
        is_theirs = duty.owner == message.recipient
        is_done = not (is_theirs and duty.is_owed(now))
        sleeps = (await _calendar(tx, message)).sleeps_at(now)
        return None if message.ts is None and (is_done or sleeps) else Nudge(duty, is_done)

    async def _stopped(self, tx: Transaction, message: Outgoing) -> Stopped | None:
        duty = await tx.scorecards.duty(message.workspace, message.subject)
        if duty is None or not (duty.is_pending or message.ts):
            return None
        cadence = await tx.reminders.cadence(message.workspace)
        return Stopped(duty, cadence.chase_days)

    async def _unreachable(self, tx: Transaction, message: Outgoing) -> Unreachable | None:
        return Unreachable(message.subject)


async def _calendar(tx: Transaction, message: Outgoing) -> Calendar:
    person = await tx.reminders.get(message.workspace, message.recipient)
    cadence = await tx.reminders.cadence(message.workspace)
    known = person or Reminded(message.workspace, message.recipient)
    return known.calendar(cadence)

"""What Panelist sends people about scorecards that are owed: wished for here, and worded from what
is true when it is sent."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from bot.domain.messages import MessageState, NotYet, OutboxMessage
from bot.domain.reminders import (
    CHASED_FOR,
    MOST_SHOWN,
    Calendar,
    MissingScorecard,
    RemindedPerson,
    chase_ends,
    digest_expires,
    following_digest,
    is_chased,
    nudge_at,
    nudge_expires,
)
from bot.domain.scorecards.closing import DueScorecard
from bot.services.ports import Clock
from bot.storage.database import Transaction

FARTHEST_BACK = timedelta(days=60)
"""How old a digest may be that is still put right: none lists what is chased for longer."""


class Kind(StrEnum):
    """The kinds of these messages."""

    DIGEST = "reminders.digest"
    LATER = "reminders.later"
    NUDGE = "reminders.nudge"
    STOPPED = "reminders.stopped"
    RESUMED = "reminders.resumed"
    """What had been said of a stop, once it is true no more."""
    UNREACHABLE = "reminders.unreachable"


@dataclass(frozen=True)
class Digest:
    """For whoever owes scorecards: all of them, the longest owed first.

    `more` is how many there are beyond those shown, and `besides` how many are owed by now that it
    does not list. `next_at` is when the next one comes if something is owed by then; `zone` is the
    reader's.
    """

    due_scorecards: Sequence[DueScorecard]
    more: int
    besides: int
    next_at: datetime | None
    zone: str

    @property
    def is_done(self) -> bool:
        return not self.due_scorecards


@dataclass(frozen=True)
class Nudge:
    """For the interviewer: an interview has just ended."""

    due_scorecard: DueScorecard
    is_done: bool


@dataclass(frozen=True)
class Stopped:
    """For an organiser: a scorecard has been owed for so many working days that nobody is reminded
    any more; or was, where `is_over`: by now they are again."""

    due_scorecard: DueScorecard
    days: int
    is_over: bool = False


@dataclass(frozen=True)
class Unreachable:
    """For an organiser: somebody who owes scorecards cannot be reminded."""

    person: str


def digest_key(person: str, day: date) -> str:
    return f"digest:{person}:{day.isoformat()}"


def later_key(person: str, at: datetime) -> str:
    return f"later:{person}:{int(at.timestamp())}"


async def want_digest(
    tx: Transaction, person: RemindedPerson, calendar: Calendar, day: date
) -> str:
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


def nudge_key(interview: str) -> str:
    return f"nudge:{interview}"


async def want_nudge(
    tx: Transaction,
    missing: MissingScorecard,
    calendar: Calendar,
    at: datetime,
    said: Iterable[OutboxMessage],
) -> str | None:
    """Wishes for the nudge, or for another time for it, unless it has been sent; gives its key."""
    key = nudge_key(missing.interview)
    if any(one.key == key and (one.ts or one.state is not MessageState.DUE) for one in said):
        return None
    expires_at = nudge_expires(calendar, at)
    await tx.outbox.want(
        missing.workspace, key, Kind.NUDGE, missing.interview, missing.owner, at, expires_at
    )
    return key


def stopped_key(interview: str, organizer: str, days: int) -> str:
    """Another for each number of days: where it has been made larger, the end comes once more."""
    return f"stopped:{interview}:{organizer}:{days}"


async def said_before(
    tx: Transaction,
    workspace: str,
    organizers: Mapping[str, Sequence[str]],
    days: Collection[int],
) -> Mapping[str, Sequence[OutboxMessage]]:
    """What there is about these interviews: the nudge, and the word on its stop to each of those
    whom it is given with."""
    keys = [nudge_key(interview) for interview in organizers]
    keys += [
        stopped_key(interview, organizer, number)
        for interview, people in organizers.items()
        for organizer in people
        for number in days
    ]
    found: dict[str, list[OutboxMessage]] = {interview: [] for interview in organizers}
    for message in await tx.outbox.several(workspace, keys):
        found[message.subject].append(message)
    return found


async def want_stopped(
    tx: Transaction,
    missing: MissingScorecard,
    organizer: str,
    days: int,
    told: Iterable[OutboxMessage],
    now: datetime,
) -> str | None:
    """Wishes for the word to an organiser, unless they have it; gives its key."""
    key = stopped_key(missing.interview, organizer, days)
    if any(one.key == key and one.kind == Kind.STOPPED for one in told):
        return None
    await tx.outbox.want(missing.workspace, key, Kind.STOPPED, missing.interview, organizer, now)
    return key


async def want_resumed(tx: Transaction, told: Iterable[OutboxMessage], now: datetime) -> None:
    """What has been said of a stop is put right: reminding goes on."""
    for one in told:
        if one.kind == Kind.STOPPED:
            await tx.outbox.want(
                one.workspace, one.key, Kind.RESUMED, one.subject, one.recipient, now
            )


async def want_unreachable(
    tx: Transaction, workspace: str, person: str, now: datetime
) -> Sequence[tuple[str, str]]:
    """Wishes for the word to everybody who organises an interview of theirs, once for good.

    Gives the keys, each with its recipient.
    """
    missing_scorecards = (await tx.reminders.missing_scorecards(workspace, [person], now))[person]
    due_scorecards = await tx.scorecards.due_scorecards(
        workspace, [missing.interview for missing in missing_scorecards]
    )
    found = []
    for organizer in sorted({one for due in due_scorecards for one in due.organizers} - {person}):
        key = f"unreachable:{person}:{organizer}"
        if await tx.outbox.get(workspace, key) is None:
            await tx.outbox.want(workspace, key, Kind.UNREACHABLE, person, organizer, now)
            found.append((key, organizer))
    return found


async def want_edits(
    tx: Transaction, due_scorecards: Iterable[DueScorecard], now: datetime, also: Iterable[str] = ()
) -> None:
    """What has been sent about these interviews is put right: something of them has changed.

    `also` are the keys of other messages about them.
    """
    changed = list(due_scorecards)
    for workspace in sorted({due.workspace for due in changed}):
        mine = [due for due in changed if due.workspace == workspace]
        owners = {one for due in mine for one in due.people}
        people = await tx.reminders.people(workspace, owners)
        keys = [*also, *(nudge_key(due.interview) for due in mine)]
        keys += [
            stopped_key(due.interview, organizer, days)
            for due in mine
            for organizer in due.organizers
            for days in CHASED_FOR
        ]
        for person in people.values():
            keys += [digest_key(person.person, day) for day in _days_listing(person, mine)]
            if person.later_at is not None:
                keys.append(later_key(person.person, person.later_at))
        await tx.outbox.edit(workspace, keys, now)
        await tx.homes.changed(workspace, owners, now)


def _days_listing(person: RemindedPerson, due_scorecards: Iterable[DueScorecard]) -> list[date]:
    """The days whose digests may list one of these interviews, from its end on."""
    if person.last_digest is None:
        return []
    ended = min(due.ends_at for due in due_scorecards if person.person in due.people)
    first = max(ended.date() - timedelta(days=1), person.last_digest - FARTHEST_BACK)
    return [first + timedelta(days=n) for n in range((person.last_digest - first).days + 1)]


class ReminderMessages:
    """Words for the outbox: what is owed at the moment of sending."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @property
    def composers(
        self,
    ) -> Mapping[str, Callable[[Transaction, OutboxMessage], Awaitable[object | None]]]:
        return {
            Kind.DIGEST: self._digest,
            Kind.LATER: self._later,
            Kind.NUDGE: self._nudge,
            Kind.STOPPED: self._stopped,
            Kind.RESUMED: self._stopped,
            Kind.UNREACHABLE: self._unreachable,
        }

    async def on_failed(self, tx: Transaction, message: OutboxMessage) -> None:
        """The organisers hear, once, of somebody whom Slack will not let us remind."""
        if message.kind in (Kind.DIGEST, Kind.LATER, Kind.NUDGE):
            now = self._clock.now()
            await want_unreachable(tx, message.workspace, message.recipient, now)

    async def _digest(self, tx: Transaction, message: OutboxMessage) -> Digest | NotYet | None:
        """What was owed at the day's moment and still is: what came later is the next one's."""
        calendar = await _calendar(tx, message.workspace, message.recipient)
        day = date.fromisoformat(message.subject)
        return await self._owed(tx, message, calendar, calendar.digest_at(day))

    async def _later(self, tx: Transaction, message: OutboxMessage) -> Digest | NotYet | None:
        calendar = await _calendar(tx, message.workspace, message.recipient)
        stamp = int(message.key.rpartition(":")[2])
        return await self._owed(tx, message, calendar, datetime.fromtimestamp(stamp, UTC))

    async def _owed(
        self, tx: Transaction, message: OutboxMessage, calendar: Calendar, moment: datetime
    ) -> Digest | NotYet | None:
        now = self._clock.now()
        if _is_early(message, moment, now):
            return NotYet(moment)
        at = min(moment, now)
        person, workspace = message.recipient, message.workspace
        missing_scorecards = (await tx.reminders.missing_scorecards(workspace, [person], now))[
            person
        ]
        chased = [
            missing.interview
            for missing in missing_scorecards
            if is_chased(calendar, missing.ends_at, at)
        ]
        if not chased and message.ts is None:
            return None
        found = {
            one.interview: one for one in await tx.scorecards.due_scorecards(workspace, chased)
        }
        due_scorecards = [found[id] for id in chased if id in found]
        tomorrow = digest_expires(calendar, calendar.day_of(now))
        return Digest(
            due_scorecards=due_scorecards[:MOST_SHOWN],
            more=max(0, len(due_scorecards) - MOST_SHOWN),
            besides=len(missing_scorecards) - len(chased),
            next_at=following_digest(
                calendar, [missing.ends_at for missing in missing_scorecards], tomorrow
            ),
            zone=calendar.zone,
        )

    async def _nudge(self, tx: Transaction, message: OutboxMessage) -> Nudge | NotYet | None:
        due = await tx.scorecards.due_scorecard(message.workspace, message.subject)
        if due is None:
            return None
        now = self._clock.now()
        is_done = due.owner != message.recipient or not due.is_pending
        if message.ts is not None:
            return Nudge(due, is_done or due.ends_at > now)
        calendar = await _calendar(tx, message.workspace, message.recipient)
        at = nudge_at(calendar, due.ends_at)
        if is_done or at is None or calendar.sleeps_at(now):
            return None
        return NotYet(at) if _is_early(message, at, now) else Nudge(due, is_done)

    async def _stopped(self, tx: Transaction, message: OutboxMessage) -> Stopped | NotYet | None:
        due = await tx.scorecards.due_scorecard(message.workspace, message.subject)
        is_over = message.kind == Kind.RESUMED
        if due is None or (message.ts is None and (is_over or not due.is_pending)):
            return None
        ends = chase_ends(await _calendar(tx, due.workspace, due.owner), due.ends_at)
        if _is_early(message, ends, self._clock.now()):
            return NotYet(ends)
        return Stopped(due, int(message.key.rpartition(":")[2]), is_over)

    async def _unreachable(self, tx: Transaction, message: OutboxMessage) -> Unreachable | None:
        return Unreachable(message.subject)


def _is_early(message: OutboxMessage, moment: datetime, now: datetime) -> bool:
    """Whether a message would say too soon what is so from that moment on: a clock has been set
    back since it was planned, or something else has been chosen."""
    in_time = message.expires_at is None or moment < message.expires_at
    return message.ts is None and now < moment and in_time


async def _calendar(tx: Transaction, workspace: str, user: str) -> Calendar:
    person = await tx.reminders.get(workspace, user) or RemindedPerson(workspace, user)
    return person.calendar(await tx.reminders.policy(workspace))

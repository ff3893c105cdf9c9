"""Erasing a candidate: first what was said of them in Slack, then every row, at last what the
database's own files remember.

An erasure is a row that says how far it is, so it goes on from there after a stop at any moment,
whoever goes on with it: the tick, or the command run again. Two who go on at once do no harm:
deleting what is gone is no error, and the rows go in one transaction.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.audit import AuditEntry, new_id
from bot.domain.messages import OUTCOME_UNKNOWN, MessageState, OutboxMessage
from bot.domain.records.erasing import (
    GIVE_UP,
    LOOK_AGAIN,
    OUT_OF_REACH,
    Because,
    Erasure,
    ErasureStep,
    SlackCopy,
)
from bot.errors import UserError
from bot.services.ports import Clock, Eraser, NotNow, Refused
from bot.services.records.holding import NO_CANDIDATE
from bot.storage.database import Database, Transaction
from bot.storage.records.people import is_in_flight
from bot.storage.records.register import Person

log = logging.getLogger(__name__)

PACE = 1.3
"""Seconds between two messages that are deleted: Slack lets about 50 a minute go."""

AT_ONCE = 3
"""How many are deleted in one tick at most, where there was no time for the ones before."""

NEXT_TRY = timedelta(seconds=30)
"""After Slack has not answered; twice as long each time."""

LONGEST_WAIT = timedelta(hours=1)

LOOK_BACK = timedelta(minutes=10)
"""How much earlier than its claim a message is looked for: clocks differ."""

GONE = frozenset({"message_not_found", "file_not_found", "file_deleted", "thread_not_found"})
"""What Slack says of what is not there any more."""

ABSENT = frozenset({"channel_not_found", "not_in_channel", "is_archived"})
"""What Slack says where nothing of ours can be reached: emptying is no use then."""

ERASED = "candidate.erased"
HELD = "This candidate is under a legal hold, so nothing of theirs can be erased."


class Erasing:
    """Goes on with every erasure there is, a little in each tick.

    Slack is paced by the monotonic clock. `clock` is the machine's own: what is tried again later
    is shared with other processes.
    """

    def __init__(
        self,
        database: Database,
        eraser: Eraser,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._eraser = eraser
        self._clock = clock
        self._monotonic = monotonic
        self._next: float = 0.0
        self._busy: dict[str, float] = {}

    async def tick(self) -> None:
        async with self._database.read() as tx:
            going_on = await tx.erasures.going_on()
            copies = await tx.erasures.copies_due(self._clock.now(), AT_ONCE)
        if copies:
            await self._delete(copies)
        for one in going_on:
            await self._go_on(one)

    async def _go_on(self, item: Erasure) -> None:
        if item.step is ErasureStep.MESSAGES:
            await self._finish(item)
        if item.step is ErasureStep.FILES:
            await self._clean(item)

    async def _delete(self, copies: Sequence[SlackCopy]) -> None:
        """Deletes as many of these as Slack's pace allows now."""
        for copy in copies:
            now = self._monotonic()
            if self._busy.get(copy.workspace, now) > now:
                continue
            self._next = max(self._next, now - AT_ONCE * PACE)
            if self._next > now:
                return
            self._next += PACE
            after = await self._deleted(copy)
            async with self._database.write() as tx:
                if after is None:
                    await tx.erasures.gone(copy)
                else:
                    await tx.erasures.put(after)

    async def _deleted(self, copy: SlackCopy) -> SlackCopy | None:
        """None once it is gone, or what is to become of it."""
        try:
            await self._ask(copy)
        except NotNow as busy:
            self._busy[copy.workspace] = self._monotonic() + busy.seconds
            return self._later(copy, busy.error, timedelta(seconds=busy.seconds))
        except Refused as refused:
            if refused.error in GONE:
                return None
            return self._left(copy, refused.error)
        except UserError:
            wait = min(NEXT_TRY * 2 ** min(copy.attempts, 10), LONGEST_WAIT)
            return self._later(copy, OUT_OF_REACH, wait)
        return None

    async def _ask(self, copy: SlackCopy) -> None:
        workspace = copy.workspace
        if copy.is_file:
            return await self._eraser.delete_file(workspace, copy.name)
        channel, ts = copy.channel, copy.ts
        if ts is None:
            ts = await self._eraser.find(workspace, channel, copy.name, copy.since)
        if ts is None:
            return None
        try:
            await self._eraser.delete(workspace, channel, ts)
        except NotNow:
            raise
        except Refused as refused:
            if refused.error in GONE | ABSENT:
                raise
            await self._eraser.empty(workspace, channel, ts)
        return None

    def _later(self, copy: SlackCopy, error: str, wait: timedelta) -> SlackCopy:
        now = self._clock.now()
        if now - copy.found_at > GIVE_UP:
            return self._left(copy, error)
        return replace(copy, next_at=now + wait, attempts=copy.attempts + 1, error=error)

    def _left(self, copy: SlackCopy, error: str) -> SlackCopy:
        if not copy.is_left:
            log.warning("erasure.left", extra={"candidate": copy.candidate, "error": error})
        return replace(
            copy,
            next_at=self._clock.now() + LOOK_AGAIN,
            attempts=copy.attempts + 1,
            error=error,
            is_left=True,
        )

    async def _finish(self, item: Erasure) -> None:
        """Deletes the rows, unless there is something in Slack to be deleted before."""
        now = self._clock.now()
        async with self._database.read() as tx:
            held = await tx.erasures.held(item.workspace, item.people)
            if held or await _is_waiting(tx, item):
                return
        async with self._database.write() as tx:
            mine = await tx.erasures.get(item.workspace, item.candidate, lock=True)
            if mine is None or mine.step is not ErasureStep.MESSAGES:
                return
            person = await tx.people.of_ids(mine.workspace, mine.people)
            if person is None:
                await tx.erasures.save(replace(mine, step=ErasureStep.FILES))
                return
            if await tx.erasures.held(mine.workspace, mine.people):
                return
            if await _take_messages(tx, mine, person, now):
                return
            counts = await tx.people.counts(person)
            await tx.people.delete(person, now)
            await tx.erasures.save(replace(mine, step=ErasureStep.FILES, counts=counts))
            await tx.audit.add(_entry(mine, ERASED, now))
        log.info("erasure.rows_deleted", extra={"candidate": item.candidate})

    async def _clean(self, item: Erasure) -> None:
        """SQLite's log of writes still has what was deleted until it is folded into the file."""
        if not await self._database.forget_log():
            return
        now = self._clock.now()
        async with self._database.write() as tx:
            mine = await tx.erasures.get(item.workspace, item.candidate, lock=True)
            if mine is not None and mine.step is ErasureStep.FILES:
                await tx.erasures.save(replace(mine, step=ErasureStep.DONE, done_at=now))


async def _is_waiting(tx: Transaction, item: Erasure) -> bool:
    copies = await tx.erasures.copies(item.workspace, item.candidate)
    return any(not copy.is_left for copy in copies)


async def _take_messages(tx: Transaction, item: Erasure, person: Person, now: datetime) -> bool:
    """Takes out of the outbox all that is about them, so that nothing is sent or edited any more;
    whether there is something in Slack, or on its way there."""
    found = await tx.people.messages(person, now)
    still = [one for one in found if is_in_flight(one)]
    taken = [one for one in found if not is_in_flight(one)]
    new = [_copy(item, one, now) for one in taken if _may_be_there(one)]
    new += [
        SlackCopy(item.workspace, item.candidate, id, True, channel, None, at, now, now)
        for id, channel, at in await tx.people.files(person)
    ]
    await tx.erasures.add_copies(new)
    await tx.people.forget_messages(item.workspace, [one.key for one in taken])
    await tx.people.forget_files(person)
    return bool(new or still)


def _may_be_there(message: OutboxMessage) -> bool:
    doubtful = message.state is MessageState.HELD or message.error == OUTCOME_UNKNOWN
    return message.channel is not None and (message.ts is not None or doubtful)


def _copy(item: Erasure, message: OutboxMessage, now: datetime) -> SlackCopy:
    channel, ts = message.channel or "", message.ts
    name = message.key if ts is None else f"{channel}:{ts}"
    since = (message.claimed_at or message.since) - LOOK_BACK
    ids = (item.workspace, item.candidate, name)
    return SlackCopy(*ids, False, channel, ts, since, now, now)


async def begin_erasure(
    tx: Transaction, workspace: str, id: str, actor: str, now: datetime, because: Because
) -> Erasure:
    """Has a candidate erased, with everybody who turned out to be them; gives the erasure that was
    asked for before where there is one.

    Raises UserError where there is no such candidate, or a legal hold keeps them.
    """
    person = await tx.people.person(workspace, id)
    if person is None:
        before = await tx.erasures.get(workspace, id)
        if before is None:
            raise UserError(NO_CANDIDATE.format(id[:80]))
        return before
    await tx.candidates.lock(workspace, *sorted(person.ids))
    if await tx.erasures.held(workspace, person.ids):
        raise UserError(HELD)
    root = await tx.people.root(person)
    item = Erasure(workspace, root, tuple(sorted(person.ids)), because, actor, now)
    if not await tx.erasures.begin(item):
        return await tx.erasures.get(workspace, root) or item
    await _take_messages(tx, item, person, now)
    await tx.audit.add(_entry(item, "candidate.erasure_asked", now))
    return item


def _entry(item: Erasure, action: str, now: datetime) -> AuditEntry:
    by = (new_id(), item.workspace, now, item.asked_by)
    return AuditEntry(*by, action, item.candidate, 0, fields=(item.because.value,))


async def stuck(tx: Transaction, now: datetime) -> Sequence[str]:
    """Erasures that need a person, as sentences: those that go on for too long, and what Slack
    would not delete."""
    found = await tx.erasures.states()
    late = [one for one in found if one.erasure.is_stuck(now)]
    held, late = [one for one in late if one.is_held], [one for one in late if not one.is_held]
    left = sum(len(one.left) for one in found)
    parts = (
        (len(late), "erasures have gone on for more than two hours"),
        (len(held), "erasures are stopped by a legal hold"),
        (left, "messages or files have to be deleted by hand in Slack"),
    )
    return [f"{what}: {count} (panelist doctor)" for count, what in parts if count]

"""Sends what is in the outbox: each message once, however often the process is killed.

A message is claimed before anything is said to Slack, its channel is stored before it is posted,
and its outcome is recorded after. Whatever is cut short in between is found again by its claim's
end: what cannot have been posted is sent anew, anything else is first looked for in Slack.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.messages import MessageState, NextStep, NotYet, OutboxMessage
from bot.errors import DatabaseAway, UserError
from bot.services.ports import Clock, Notifier, NotNow, Refused
from bot.storage.database import Database, Transaction

log = logging.getLogger(__name__)

Compose = Callable[[Transaction, OutboxMessage], Awaitable[object | None]]
"""Gives the model to be shown, NotYet, or None where there is nothing to say any more."""

OnFailed = Callable[[Transaction, OutboxMessage], Awaitable[None]]
"""Hears of a message that Slack refused, within the transaction that records it.

It may want other messages; for the failure of one that it wanted itself it should want none.
"""

BATCH = 20
"""Messages sent at once."""

COMPOSED_AT_ONCE = 2
"""Below the database's readers, some of which belong to whoever waits for an ack."""

CLAIM_LASTS = timedelta(seconds=60)
"""After this a claim is over, and whoever held it is taken for dead."""

POST_WITHIN = timedelta(seconds=40)
"""Nothing is posted later than this after the claim: a post takes ten seconds at most."""

LOOK_BACK = timedelta(minutes=10)
"""How much earlier than its claim a message is looked for: clocks differ."""

PACE = timedelta(milliseconds=900)
"""Between two messages to one recipient, and between a message and its edit: Slack takes about one
a second. A little less, since ticks are a second apart, and each should find the next one due."""

SHORTEST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=10)

GIVE_UP = timedelta(days=1)
"""A message that Slack will not let us look for is given up after this."""

BROKEN = "panelist_error"
OUTCOME_UNKNOWN = "outcome_unknown"
"""Our own words for why a message failed, beside Slack's."""


@dataclass(frozen=True)
class Ready:
    """A message about to be posted: where, and what it shows."""

    message: OutboxMessage
    channel: str
    model: object


@dataclass(frozen=True)
class Unwanted:
    """A message that has nothing to say any more, and was never posted."""

    message: OutboxMessage


class Outbox:
    """Sends each message of the kinds that have a composer; others stay as they are.

    What is due goes by `clock`, which an operator may have moved. How long a claim lasts, and when
    something was posted, goes by the `real` one: it is shared with Slack and with other processes.
    """

    def __init__(
        self,
        database: Database,
        notifier: Notifier,
        clock: Clock,
        composers: Mapping[str, Compose],
        on_failed: OnFailed,
        real: Clock | None = None,
    ) -> None:
        self._database = database
        self._notifier = notifier
        self._clock = clock
        self._real = real or clock
        self._composers = composers
        self._on_failed = on_failed
        self._composing = asyncio.Semaphore(COMPOSED_AT_ONCE)
        self._busy: dict[str, datetime] = {}
        self._last: dict[tuple[str, str], datetime] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._kick: asyncio.Task[None] | None = None
        self._kicked = False
        self._stopping = False

    async def tick(self) -> None:
        """Sends and settles everything that is due; what fails is logged and tried again later.

        Being cancelled, it goes on by itself: a send is never cut short.
        """
        await asyncio.shield(self._start(self._until_none_is_due()))

    def kick(self) -> None:
        """Has what is due sent at once, rather than at the next tick."""
        self._kicked = True
        if self._kick is None or self._kick.done():
            self._kick = self._start(self._while_kicked())

    async def stop(self) -> None:
        """Begins nothing more, and waits until what is being sent has its outcome recorded."""
        self._stopping = True
        if self._running:
            await asyncio.wait(self._running)

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _while_kicked(self) -> None:
        while self._kicked and not self._stopping:
            self._kicked = False
            await self._until_none_is_due()

    async def _until_none_is_due(self) -> None:
        try:
            while not self._stopping and await self._round():
                pass
        except DatabaseAway:
            log.warning("outbox.database_away")
        except Exception:
            log.exception("outbox.failed")

    async def _round(self) -> bool:
        """Takes one batch through; False where nothing was due."""
        now, real = self._times()
        kinds, busy = self._composers.keys(), self._busy_workspaces(real)
        async with self._database.read() as tx:
            if not await tx.outbox.has_due(now, kinds, busy, real):
                return False
        async with self._database.write() as tx:
            due = await tx.outbox.due(now, kinds, busy, BATCH, real)
            dropped = [message for message in due if message.next_step(now) is NextStep.DROP]
            taken = [self._take(message, now, real) for message in due if message not in dropped]
            await tx.outbox.remove(dropped)
            await tx.outbox.claim(taken)
        sending = [message for message in taken if message.state is MessageState.SENDING]
        unknown = [message for message in taken if message.state is MessageState.UNKNOWN]
        both = self._send(sending), self._settle(unknown)
        for fault in await asyncio.gather(*both, return_exceptions=True):
            if fault is not None:
                raise fault
        return bool(due)

    def _times(self) -> tuple[datetime, datetime]:
        """The moment by which messages are due, and the real one."""
        now = self._clock.now()
        return now, now if self._real is self._clock else self._real.now()

    def _take(self, message: OutboxMessage, now: datetime, real: datetime) -> OutboxMessage:
        """What becomes of a message when its time has come."""
        match message.next_step(now):
            case NextStep.SEND:
                return self._claim(message, now, real)
            case NextStep.LOOK:
                return replace(message, state=MessageState.UNKNOWN, due_at=real + CLAIM_LASTS)
            case NextStep.RETRY:
                return replace(message, state=MessageState.DUE, due_at=now)
            case _:
                return replace(message, state=MessageState.SENT)

    def _claim(self, message: OutboxMessage, now: datetime, real: datetime) -> OutboxMessage:
        """The message claimed, or put off where its recipient has only just been sent another, or
        it has only just been edited."""
        self._last = {key: at for key, at in self._last.items() if at > real - PACE}
        lanes = _lanes(message)
        if last := max((self._last[lane] for lane in lanes if lane in self._last), default=None):
            return replace(message, due_at=now + (last + PACE - real))
        self._last |= dict.fromkeys(lanes, real)
        return replace(
            message,
            state=MessageState.SENDING,
            channel=message.channel or (None if message.is_direct else message.recipient),
            claimed_at=real,
            due_at=real + CLAIM_LASTS,
            attempts=message.attempts + 1,
        )

    def _give_back(self, message: OutboxMessage) -> None:
        """The turn of a message that is not posted is there for the next."""
        for lane in _lanes(message):
            self._last.pop(lane, None)

    def _busy_workspaces(self, real: datetime) -> Sequence[str]:
        self._busy = {workspace: until for workspace, until in self._busy.items() if until > real}
        return list(self._busy)

    async def _send(self, claimed: Sequence[OutboxMessage]) -> None:
        prepared = await asyncio.gather(*(self._prepare(message) for message in claimed))
        ready = [one for one in prepared if isinstance(one, Ready)]
        for message, one in zip(claimed, prepared, strict=True):
            if not isinstance(one, Ready):
                self._give_back(message)
        await self._store_channels([one.message for one in ready if one.message not in claimed])
        posted = await asyncio.gather(*(self._post(one) for one in ready))
        await self._record([*(one for one in prepared if not isinstance(one, Ready)), *posted])

    async def _settle(self, unknown: Sequence[OutboxMessage]) -> None:
        await self._record(await asyncio.gather(*(self._look_for(one) for one in unknown)))

    async def _prepare(self, message: OutboxMessage) -> Ready | Unwanted | OutboxMessage:
        """The message composed and its conversation opened; nothing has been posted yet."""
        try:
            async with self._composing, self._database.read() as tx:
                model = await self._composers[message.kind](tx, message)
            if isinstance(model, NotYet):
                return replace(message, state=MessageState.DUE, due_at=model.until)
            if model is None:
                return Unwanted(message) if message.ts is None else _sent(message, message.ts)
            channel = message.channel or await self._notifier.dm(
                message.workspace, message.recipient
            )
        except Exception as error:
            return self._fault(message, error, posted=False)
        return Ready(replace(message, channel=channel), channel, model)

    async def _post(self, ready: Ready) -> OutboxMessage:
        message, (now, real) = ready.message, self._times()
        busy_until = self._busy.get(message.workspace, real)
        too_late = real > (message.claimed_at or real) + POST_WITHIN or message.has_expired(now)
        if busy_until > real or too_late:
            return replace(message, state=MessageState.DUE, due_at=now + (busy_until - real))
        try:
            ts = await self._notifier.deliver(message, ready.model, ready.channel)
        except Exception as error:
            return self._fault(message, error, posted=True)
        log.info("outbox.sent", extra={"kind": message.kind, "edit": message.ts is not None})
        return _sent(message, ts)

    async def _look_for(self, message: OutboxMessage) -> OutboxMessage:
        """What became of a message whose outcome is unknown."""
        now = self._clock.now()
        if message.channel is None or message.claimed_at is None:
            return replace(message, state=MessageState.DUE, due_at=now)
        since = message.claimed_at - LOOK_BACK
        try:
            ts = await self._notifier.find(message.workspace, message.channel, message.key, since)
        except Exception as error:
            return self._unseen(message, error)
        log.info("outbox.looked", extra={"kind": message.kind, "found": ts is not None})
        return (
            replace(message, state=MessageState.DUE, due_at=now)
            if ts is None
            else _sent(message, ts)
        )

    def _fault(self, message: OutboxMessage, error: Exception, *, posted: bool) -> OutboxMessage:
        """What becomes of a message that met an error; `posted`: perhaps after Slack took it."""
        now, real = self._times()
        match error:
            case NotNow():
                wait = timedelta(seconds=error.seconds)
                self._busy[message.workspace] = real + wait
                return replace(message, state=MessageState.DUE, due_at=now + wait)
            case Refused(error="message_not_found") if message.ts is not None:
                return replace(message, state=MessageState.DUE, due_at=now, ts=None)
            case Refused():
                return replace(message, state=MessageState.FAILED, error=error.error)
            case UserError():
                pass
            case _:
                log.error("outbox.broken", exc_info=error, extra={"kind": message.kind})
                if not posted:
                    return replace(message, state=MessageState.FAILED, error=BROKEN)
        wait = _wait(message.attempts)
        if posted:
            return replace(
                message, state=MessageState.UNKNOWN, due_at=max(real + wait, message.due_at)
            )
        return replace(message, state=MessageState.DUE, due_at=now + wait)

    def _unseen(self, message: OutboxMessage, error: Exception) -> OutboxMessage:
        """A message that could not be looked for stays unknown, for a day at most."""
        real = self._real.now()
        if not isinstance(error, UserError):
            log.error("outbox.broken", exc_info=error, extra={"kind": message.kind})
        if message.claimed_at is not None and real - message.claimed_at > GIVE_UP:
            return replace(message, state=MessageState.FAILED, error=OUTCOME_UNKNOWN)
        log.warning("outbox.unseen", extra={"kind": message.kind, "error": type(error).__name__})
        wait = _wait(message.attempts)
        if isinstance(error, NotNow):
            wait = max(wait, timedelta(seconds=error.seconds))
        return replace(message, due_at=real + wait, attempts=message.attempts + 1)

    async def _store_channels(self, messages: Sequence[OutboxMessage]) -> None:
        if messages:
            async with self._database.write() as tx:
                await tx.outbox.settle(messages)

    async def _record(self, outcomes: Sequence[OutboxMessage | Unwanted]) -> None:
        """Records all that has not failed together, then each failure with what it leads to."""
        settled = [one for one in outcomes if isinstance(one, OutboxMessage)]
        failed = [one for one in settled if one.state is MessageState.FAILED]
        unwanted = [one.message for one in outcomes if isinstance(one, Unwanted)]
        wanted_again = [replace(message, state=MessageState.DUE) for message in unwanted]
        if len(failed) < len(outcomes):
            async with self._database.write() as tx:
                await tx.outbox.remove(unwanted)
                others = [one for one in settled if one.state is not MessageState.FAILED]
                await tx.outbox.settle([*others, *wanted_again])
        for message in failed:
            async with self._database.write() as tx:
                if await tx.outbox.fail(message):
                    await self._on_failed(tx, message)
            log.warning("outbox.refused", extra={"kind": message.kind, "error": message.error})


def _lanes(message: OutboxMessage) -> Sequence[tuple[str, str]]:
    """What keeps its pace: new messages to one recipient, and all that is done to one message."""
    this = (message.workspace, message.key)
    return [this] if message.ts is not None else [this, (message.workspace, message.recipient)]


def _sent(message: OutboxMessage, ts: str) -> OutboxMessage:
    return replace(message, state=MessageState.SENT, ts=ts, attempts=0, error=None)


def _wait(attempts: int) -> timedelta:
    """How long after this many attempts the next is made: ever longer, up to a limit."""
    wait: timedelta = SHORTEST_WAIT * 2 ** min(attempts, 10)
    return min(wait, LONGEST_WAIT)

"""Sends what is in the outbox: each message once, however often the process is killed.

A message is rendered before anything is said to Slack, its channel is stored before it is posted,
and its outcome is recorded after. Whatever is cut short in between is found again by its claim's
end: what cannot have been posted is sent anew, anything else is first looked for in Slack. A fault
of our own ends: the message has failed, which `doctor` and the metrics tell.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry

from bot.caches import is_within
from bot.domain.feedback_hints import FeedbackHint
from bot.domain.messages import (
    OUTCOME_UNKNOWN,
    OWN_FAULT,
    MessageState,
    NextStep,
    NotYet,
    OutboxMessage,
)
from bot.errors import DatabaseAway, UserError
from bot.outages import Outage
from bot.services.frozen_contents import Contents
from bot.services.messages.message import Message, RenderContext
from bot.services.messages.outcomes import (
    Outcome,
    OutcomeCounter,
    lanes,
    next_wait,
    own_fault,
    sent,
)
from bot.services.messages.registry import MESSAGES
from bot.services.ports import Clock, Notifier, NotNow, Refused, RenderedMessage
from bot.storage.database import Database

log = logging.getLogger(__name__)

Show = Callable[[object], RenderedMessage]
"""Makes a view model into what Slack shows."""

BATCH = 20
"""Messages sent at once."""

RENDERED_AT_ONCE = 2
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

GIVE_UP = timedelta(days=1)
"""A message that Slack will not let us look for is given up after this."""

LOOKUP_FAILED = "lookup_failed"
"""Stands in the row of a message whose outcome is unknown once an error of ours has kept it from
being looked for, so that this is logged once."""


@dataclass(frozen=True)
class Ready:
    """A message about to be posted: what it shows, and where."""

    message: OutboxMessage
    content: RenderedMessage
    channel: str


@dataclass(frozen=True)
class NothingToSay:
    """A message that has nothing to say any more, and was never posted."""

    message: OutboxMessage


class Outbox:
    """Sends each message of the kinds that it is given; others stay as they are.

    What is due goes by `clock`, which an operator may have moved. How long a claim lasts, and when
    something was posted, goes by the `real` one: it is shared with Slack and with other processes.
    """

    def __init__(
        self,
        database: Database,
        notifier: Notifier,
        clock: Clock,
        show: Show,
        *,
        contents: Contents | None = None,
        hints: Iterable[FeedbackHint] = (),
        messages: Iterable[type[Message]] = MESSAGES,
        real: Clock | None = None,
        registry: CollectorRegistry | None = None,
    ) -> None:
        self._database = database
        self._notifier = notifier
        self._clock = clock
        self._real = real or clock
        self._show = show
        self._contents = contents or Contents()
        self._hints = tuple(hints)
        self._messages: dict[str, type[Message]] = {one.kind: one for one in messages}
        self._rendering = asyncio.Semaphore(RENDERED_AT_ONCE)
        self._busy: dict[str, tuple[datetime, timedelta]] = {}
        self._last: dict[tuple[str, str], datetime] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._flushing: asyncio.Task[None] | None = None
        self._is_flush_due = False
        self._stopping = False
        self.outage = Outage("outbox")
        self._outcomes = OutcomeCounter(registry)

    async def tick(self) -> None:
        """Sends and reconciles everything that is due. Raises whatever keeps it from that.

        Being cancelled, it goes on by itself: a send is never cut short.
        """
        await asyncio.shield(self._start(self._until_none_is_due()))

    def flush(self) -> None:
        """Has what is due sent at once, rather than at the next tick."""
        self._is_flush_due = True
        if self._flushing is None or self._flushing.done():
            self._flushing = self._start(self._flush())

    async def stop(self) -> None:
        """Begins nothing more, and waits until what is being sent has its outcome recorded."""
        self._stopping = True
        if self._running:
            await asyncio.wait(self._running)

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        self._running.add(task := asyncio.create_task(work))
        task.add_done_callback(self._running.discard)
        return task

    async def _flush(self) -> None:
        try:
            while self._is_flush_due and not self._stopping:
                self._is_flush_due = False
                await self._until_none_is_due()
        except Exception as error:  # the next tick tries again
            self.outage.failed(error)

    async def _until_none_is_due(self) -> None:
        while not self._stopping and await self._round():
            pass

    async def _round(self) -> bool:
        """Takes one batch through; False where nothing was due."""
        (now, real), kinds = self._times(), self._messages.keys()
        busy = self._busy_workspaces(real)
        async with self._database.read() as tx:
            if not await tx.outbox.has_due(now, kinds, busy, real):
                return False
        async with self._database.write() as tx:
            due = await tx.outbox.due(now, kinds, busy, BATCH, real)
            expired = [message for message in due if message.next_step(now) is NextStep.REMOVE]
            taken = [self._take(message, now, real) for message in due if message not in expired]
            await tx.outbox.remove(expired)
            await tx.outbox.claim(taken)
        sending = [message for message in taken if message.state is MessageState.SENDING]
        unknown = [message for message in taken if message.state is MessageState.UNKNOWN]
        both = self._send(sending), self._reconcile(unknown)
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
            case NextStep.RECONCILE:
                return replace(message, state=MessageState.UNKNOWN, due_at=real + CLAIM_LASTS)
            case NextStep.RETRY:
                return replace(message, state=MessageState.DUE, due_at=now)
            case _:
                return replace(message, state=MessageState.SENT)

    def _claim(self, message: OutboxMessage, now: datetime, real: datetime) -> OutboxMessage:
        """The message claimed, or put off where its recipient has only just been sent another, or
        it has only just been edited."""
        self._last = {key: at for key, at in self._last.items() if is_within(PACE, at, real)}
        mine = lanes(message)
        if last := max((self._last[lane] for lane in mine if lane in self._last), default=None):
            put_off = now + (last + PACE - real)
            return replace(message, due_at=put_off, due_since=message.since)
        self._last |= dict.fromkeys(mine, real)
        return replace(
            message,
            state=MessageState.SENDING,
            channel=message.channel or (None if message.is_direct else message.recipient),
            claimed_at=real,
            due_at=real + CLAIM_LASTS,
            due_since=message.since,
            attempts=message.attempts + 1,
        )

    def _give_back(self, message: OutboxMessage) -> None:
        """The turn of a message that is not posted is there for the next."""
        for lane in lanes(message):
            self._last.pop(lane, None)

    def _busy_workspaces(self, real: datetime) -> Sequence[str]:
        busy = self._busy.items()
        self._busy = {where: (at, wait) for where, (at, wait) in busy if is_within(wait, at, real)}
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

    async def _reconcile(self, unknown: Sequence[OutboxMessage]) -> None:
        await self._record(await asyncio.gather(*(self._find_posted(one) for one in unknown)))

    async def _prepare(self, message: OutboxMessage) -> Ready | NothingToSay | OutboxMessage:
        """The message rendered and its conversation opened; nothing has been posted yet."""
        try:
            rendered = await self._render(message)
        except DatabaseAway as error:
            return self._after_error(message, error, posted=False)
        except Exception as error:
            return own_fault(message, error)
        if not isinstance(rendered, RenderedMessage):
            return rendered
        try:
            channel = message.channel or await self._conversation(message)
        except Exception as error:
            return self._after_error(message, error, posted=False)
        return Ready(replace(message, channel=channel), rendered, channel)

    async def _render(self, row: OutboxMessage) -> RenderedMessage | NothingToSay | OutboxMessage:
        """What the message shows, down to its blocks; or what becomes of it without being sent."""
        message = self._messages[row.kind].load(row)
        context = RenderContext(
            contents=self._contents,
            hints=self._hints,
            now=self._clock.now(),
            is_sent=row.ts is not None,
            expires_at=row.expires_at,
        )
        async with self._rendering, self._database.read() as tx:
            model = await message.render(tx, context)
        if isinstance(model, NotYet):
            return replace(row, state=MessageState.DUE, due_at=model.until, due_since=None)
        if model is None:
            return NothingToSay(row) if row.ts is None else sent(row, row.ts)
        return self._show(model)

    async def _post(self, ready: Ready) -> OutboxMessage:
        message, (now, real) = ready.message, self._times()
        since, wait = self._busy.get(message.workspace, (real, timedelta()))
        busy_until = since + wait
        too_late = real > (message.claimed_at or real) + POST_WITHIN or message.has_expired(now)
        if busy_until > real or too_late:
            return replace(message, state=MessageState.DUE, due_at=now + (busy_until - real))
        try:
            ts = await self._notifier.deliver(message, ready.content, ready.channel)
        except Exception as error:
            return self._after_error(message, error, posted=True)
        self._outcomes.add(message.kind, Outcome.EDITED if message.ts else Outcome.SENT)
        log.info("outbox.sent", extra={"kind": message.kind, "edit": message.ts is not None})
        return sent(message, ts)

    async def _find_posted(self, message: OutboxMessage) -> OutboxMessage:
        """What became of a message whose outcome is unknown.

        One that is not there is sent again, unless a fault of ours kept it from being posted: that
        would only happen again.
        """
        now = self._clock.now()
        if message.claimed_at is None:
            return replace(message, state=MessageState.DUE, due_at=now)
        is_released = message.channel is None  # by an operator, after a restore
        since = (message.since if is_released else message.claimed_at) - LOOK_BACK
        try:
            channel = message.channel or await self._conversation(message)
            ts = await self._notifier.find(message.workspace, channel, message.key, since)
        except Exception as error:
            return self._still_unknown(message, error)
        message = replace(message, channel=channel)
        log.info("outbox.reconciled", extra={"kind": message.kind, "found": ts is not None})
        if ts is not None:
            self._outcomes.add(message.kind, Outcome.SENT)
            return sent(message, ts)
        if message.error == OWN_FAULT:
            return replace(message, state=MessageState.FAILED)
        return replace(message, state=MessageState.DUE, due_at=now, error=None)

    async def _conversation(self, message: OutboxMessage) -> str:
        """Where the recipient reads it."""
        if not message.is_direct:
            return message.recipient
        return await self._notifier.dm(message.workspace, message.recipient)

    def _after_error(
        self, message: OutboxMessage, error: Exception, *, posted: bool
    ) -> OutboxMessage:
        """What becomes of a message that met an error; `posted`: perhaps after Slack took it."""
        now, real = self._times()
        wait = next_wait(message.attempts)
        match error:
            case NotNow():
                self._outcomes.add(message.kind, Outcome.PUT_OFF)
                wait = timedelta(seconds=error.seconds)
                self._busy[message.workspace] = (real, wait)
                return replace(message, state=MessageState.DUE, due_at=now + wait)
            case Refused(error="message_not_found") if message.ts is not None:
                return replace(message, state=MessageState.DUE, due_at=now, ts=None)
            case Refused():
                return replace(message, state=MessageState.FAILED, error=error.error)
            case UserError():
                self._outcomes.add(message.kind, Outcome.PUT_OFF)
            case _:
                message = own_fault(message, error)
                if not posted or message.ts is not None:
                    return message
        if posted:
            unknown_until = max(real + wait, message.due_at)
            return replace(message, state=MessageState.UNKNOWN, due_at=unknown_until)
        return replace(message, state=MessageState.DUE, due_at=now + wait)

    def _still_unknown(self, message: OutboxMessage, error: Exception) -> OutboxMessage:
        """A message that could not be looked for stays unknown, for a day at most."""
        real = self._real.now()
        if isinstance(error, Refused) and not isinstance(error, NotNow) and message.channel is None:
            return replace(message, state=MessageState.FAILED, error=error.error)
        if not isinstance(error, UserError) and message.error is None:
            log.error("outbox.broken", exc_info=error, extra={"kind": message.kind})
            message = replace(message, error=LOOKUP_FAILED)
        if message.claimed_at is not None and real - message.claimed_at > GIVE_UP:
            return replace(message, state=MessageState.FAILED, error=OUTCOME_UNKNOWN)
        log.warning("outbox.unseen", extra={"kind": message.kind, "error": type(error).__name__})
        wait = next_wait(message.attempts)
        if isinstance(error, NotNow):
            wait = max(wait, timedelta(seconds=error.seconds))
        return replace(message, due_at=real + wait, attempts=message.attempts + 1)

    async def _store_channels(self, messages: Sequence[OutboxMessage]) -> None:
        if messages:
            async with self._database.write() as tx:
                await tx.outbox.record(messages)

    async def _record(self, outcomes: Sequence[OutboxMessage | NothingToSay]) -> None:
        """Records all that has not failed together, then each failure with what it leads to."""
        known = [one for one in outcomes if isinstance(one, OutboxMessage)]
        failed = [one for one in known if one.state is MessageState.FAILED]
        over = [one.message for one in outcomes if isinstance(one, NothingToSay)]
        enqueued_again = [replace(message, state=MessageState.DUE) for message in over]
        if len(failed) < len(outcomes):
            async with self._database.write() as tx:
                await tx.outbox.remove(over)
                others = [one for one in known if one.state is not MessageState.FAILED]
                await tx.outbox.record([*others, *enqueued_again])
        for message in failed:
            await self._record_failure(message)

    async def _record_failure(self, message: OutboxMessage) -> None:
        """The failure and who is told of it are one transaction; where the latter fails by a fault
        of ours, the failure is recorded all the same."""
        try:
            is_recorded = await self._fail(message, notify=True)
        except DatabaseAway:
            raise
        except Exception as error:
            log.error("outbox.broken", exc_info=error, extra={"kind": message.kind})
            is_recorded = await self._fail(message, notify=False)
        if is_recorded:
            self._outcomes.add_failure(message)
            if message.error != OWN_FAULT:
                log.warning("outbox.refused", extra={"kind": message.kind, "error": message.error})

    async def _fail(self, row: OutboxMessage, *, notify: bool) -> bool:
        """False where its claim has passed to another process."""
        async with self._database.write() as tx:
            if not await tx.outbox.record_failure(row):
                return False
            if notify:
                message, now = self._messages[row.kind].load(row), self._clock.now()
                notices = await message.failure_notices(tx, row.error or "", now)
                for notice in sorted(notices, key=lambda one: one.key):
                    await notice.enqueue(tx, now)
        return True

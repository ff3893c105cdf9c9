"""What an operator asks of the outbox: which messages have failed, are late or are held back, and
what becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    String,
    Update,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.messages import LATE, OUTCOME_UNKNOWN, MessageState, OutboxMessage
from bot.storage.outbox import COLUMNS, OPEN, message_of, outbox

SINCE = func.coalesce(outbox.c.due_since, outbox.c.due_at)
FAILED = outbox.c.state == MessageState.FAILED
HELD = outbox.c.state == MessageState.HELD


@dataclass(frozen=True)
class Undelivered:
    """Messages of one kind to one recipient, in one state and for one reason: how many, how often
    they were tried at most, and since when the first of them has been due."""

    workspace: str
    kind: str
    recipient: str
    state: MessageState
    error: str | None
    count: int
    attempts: int
    since: datetime


@dataclass(frozen=True)
class Depth:
    """How many messages are due by now, late, failed and held, and for how many seconds the oldest
    of those that are due has been."""

    due: int
    late: int
    failed: int
    held: int
    oldest_seconds: float


class UndeliveredStore:
    """Messages that have not been delivered, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def failed(self, now: datetime) -> Sequence[Undelivered]:
        """What has failed, and would not be too late yet."""
        in_time = or_(outbox.c.expires_at.is_(null()), outbox.c.expires_at > now)
        return await self._groups(and_(FAILED, in_time))

    async def late(self, now: datetime) -> Sequence[Undelivered]:
        return await self._groups(_is_late(now))

    async def held(self) -> Sequence[Undelivered]:
        return await self._groups(HELD)

    async def oldest_late(self, now: datetime) -> tuple[int, datetime | None]:
        """How many messages are late, and since when the oldest has been due."""
        query = select(func.count(), func.min(SINCE)).where(_is_late(now))
        count, since = (await self._connection.execute(query)).one()
        return count, since

    async def depth(self, now: datetime) -> Depth:
        is_due = and_(OPEN, now >= SINCE)
        parts = {"due": is_due, "late": _is_late(now), "failed": FAILED, "held": HELD}
        counts = [func.count().filter(part).label(name) for name, part in parts.items()]
        since = func.min(SINCE).filter(is_due).label("since")
        query = select(*counts, since).where(or_(OPEN, FAILED, HELD))
        found = dict((await self._connection.execute(query)).mappings().one())
        oldest = found.pop("since")
        seconds = 0.0 if oldest is None else (now - oldest).total_seconds()
        return Depth(**found, oldest_seconds=seconds)

    async def listed(self, *states: MessageState) -> Sequence[OutboxMessage]:
        """Each message in these states, the longest due first."""
        query = select(*COLUMNS).where(outbox.c.state.in_(states)).order_by(SINCE, outbox.c.key)
        return [message_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def named(self, key: str) -> Sequence[OutboxMessage]:
        """The message of this key; of several workspaces where they have the same."""
        query = select(*COLUMNS).where(outbox.c.key == key).order_by(outbox.c.workspace)
        return [message_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def retry(self, workspace: str, key: str, now: datetime) -> None:
        """A message that has failed or is held is due again."""
        this = and_(outbox.c.workspace == workspace, outbox.c.key == key, or_(FAILED, HELD))
        await self._connection.execute(_let_go(now).where(this))

    async def release(self, now: datetime) -> int:
        """All that are held are due again; gives how many those were."""
        return (await self._connection.execute(_let_go(now).where(HELD))).rowcount

    async def hold(self, now: datetime) -> int:
        """All that are due by now are held back; gives how many those are."""
        statement = (
            update(outbox)
            .where(OPEN, or_(outbox.c.due_at <= now, now >= SINCE))
            .values(state=MessageState.HELD, due_since=SINCE, again_at=null())
        )
        return (await self._connection.execute(statement)).rowcount

    async def _groups(self, which: ColumnElement[bool]) -> Sequence[Undelivered]:
        columns = outbox.c
        alike = (columns.workspace, columns.kind, columns.recipient, columns.state, columns.error)
        since = func.min(SINCE)
        query = (
            select(*alike, func.count(), func.max(columns.attempts), since)
            .where(which)
            .group_by(*alike)
            .order_by(since, columns.workspace, columns.kind, columns.recipient)
        )
        return [
            Undelivered(workspace, kind, recipient, MessageState(state), *others)
            for workspace, kind, recipient, state, *others in await self._connection.execute(query)
        ]


def _is_late(now: datetime) -> ColumnElement[bool]:
    return and_(OPEN, now - LATE >= SINCE)


def _let_go(now: datetime) -> Update:
    """What may have been posted already is looked for first: an edit can be made twice, a message
    cannot be sent twice."""
    is_doubtful = and_(outbox.c.ts.is_(null()), or_(HELD, outbox.c.error == OUTCOME_UNKNOWN))
    state = case(
        (is_doubtful, literal(MessageState.UNKNOWN, String)), else_=literal(MessageState.DUE)
    )
    return update(outbox).values(
        state=state,
        channel=case((outbox.c.ts.is_(null()), null()), else_=outbox.c.channel),
        due_at=now,
        due_since=case((is_doubtful, SINCE), else_=null()),
        claimed_at=now,
        attempts=0,
        error=null(),
    )

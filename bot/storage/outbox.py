"""The outbox in the database.

`due_at` is the moment at which a message needs attention next, whatever its state, so that one
index finds all that there is to do: a claim ends by itself once it has passed.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Date,
    Delete,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Update,
    and_,
    bindparam,
    case,
    delete,
    literal,
    not_,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from bot.domain.messages import (
    About,
    AboutField,
    MessageFacts,
    MessageState,
    OutboxMessage,
)
from bot.storage.panels.rows import panels
from bot.storage.schema import Moment, insert_into, metadata, partial_index

if TYPE_CHECKING:
    from bot.storage.schema import Upsert

OPEN = text("state IN ('due', 'sending', 'unknown')")
"""Written out rather than bound, or the databases would not use the index that has it."""


def _found_by(field: AboutField) -> Index:
    """Most messages are about few of these, so only what is known is in an index."""
    known = text(f"{field} IS NOT NULL")
    return partial_index(None, "workspace", field, where=known)


outbox = Table(
    "outbox",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("recipient", String(32), nullable=False),
    *(Column(field, String(32)) for field in AboutField),
    Column("day", Date),
    Column("payload", JSON, nullable=False, server_default="{}"),
    Column("due_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("state", String(10), nullable=False),
    Column("channel", String(32)),
    Column("ts", String(32)),
    Column("claimed_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("error", String(100)),
    Column("again_at", Moment),
    Column("due_since", Moment),
    partial_index("ix_outbox_due_at", "due_at", where=OPEN),
    *(_found_by(field) for field in AboutField),
)
"""`again_at`: when a message enqueued again while in flight is due next. `due_since`: when it was
due first, since each attempt moves `due_at`; none before the first."""

ONE_RECIPIENT = "a key of the outbox belongs to one recipient"

ABOUT = tuple(field.name for field in fields(About))
COLUMNS = tuple(column for column in outbox.c if column.name != "again_at")


def _one_of(state: ColumnElement[str], *states: MessageState) -> ColumnElement[bool]:
    """As IN, which SQLAlchemy does not take where many rows are written at once."""
    return or_(*(state == one for one in states))


WAITING = _one_of(outbox.c.state, MessageState.DUE, MessageState.HELD)
IN_FLIGHT = _one_of(outbox.c.state, MessageState.SENDING, MessageState.UNKNOWN)


class OutboxStore:
    """Messages within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def enqueue(
        self, message: MessageFacts, due_at: datetime, expires_at: datetime | None = None
    ) -> None:
        """The message should be there at `due_at`, saying what is true then.

        It is sent if it never was, and edited in place if it was; a message not yet sent takes the
        new due time. Once expired it is neither sent nor edited. A key belongs to one recipient
        for good: ValueError otherwise.

        Whoever enqueues several in one transaction does so in the order of their keys, or on
        PostgreSQL two such transactions may wait for each other.
        """
        row = _new_row(message, due_at, expires_at)
        statement = _enqueue(self._connection.dialect.name)
        if (await self._connection.execute(statement, row)).rowcount != 1:
            raise ValueError(ONE_RECIPIENT)

    async def enqueue_all(self, messages: Iterable[tuple[MessageFacts, datetime]]) -> None:
        """The same for several, in one statement and in the order of their keys."""
        rows = [_new_row(message, due_at) for message, due_at in messages]
        rows.sort(key=lambda row: (row["workspace"], row["key"]))
        if rows:
            statement = _enqueue_several(self._connection.dialect.name)
            if len((await self._connection.execute(statement, rows)).all()) != len(rows):
                raise ValueError(ONE_RECIPIENT)

    async def refresh(self, workspace: str, keys: Collection[str], now: datetime) -> None:
        """Those of these messages that are there, or may be, are edited to say what is true.

        One that has not been sent is rendered when it is; where there is none, none is made. They
        are locked in the order of their keys.
        """
        these = {"this_workspace": workspace, "these_keys": list(keys), "new_due_at": now}
        await self._connection.execute(_refresh(), these)

    async def close(self, workspace: str, key: str) -> None:
        """A message not yet sent never will be; one already sent stays as it is.

        One being sent at this moment may still arrive, but is not tried again.
        """
        this = and_(outbox.c.workspace == workspace, outbox.c.key == key)
        unsent = and_(outbox.c.ts.is_(null()), or_(WAITING, outbox.c.state == MessageState.FAILED))
        await self._connection.execute(delete(outbox).where(this, unsent))
        await self._connection.execute(
            update(outbox)
            .where(this, or_(IN_FLIGHT, WAITING))
            .values(
                state=case((IN_FLIGHT, outbox.c.state), else_=MessageState.SENT),
                expires_at=outbox.c.claimed_at,
                again_at=null(),
            )
        )

    async def get(self, workspace: str, key: str) -> OutboxMessage | None:
        query = select(*COLUMNS).where(outbox.c.workspace == workspace, outbox.c.key == key)
        row = (await self._connection.execute(query)).mappings().one_or_none()
        return None if row is None else message_of(row)

    async def several(self, workspace: str, keys: Collection[str]) -> Sequence[OutboxMessage]:
        """Those of these messages that there are, in the order of their keys."""
        return await self._found(workspace, outbox.c.key.in_(keys)) if keys else []

    async def about(
        self, workspace: str, field: AboutField, ids: Collection[str]
    ) -> Sequence[OutboxMessage]:
        """All messages about these, in the order of their keys; those about an application with
        those about its panels."""
        if field is not AboutField.APPLICATION or not ids:
            return await self._found(workspace, outbox.c[field].in_(ids))
        columns = panels.c
        theirs = select(columns.id).where(
            columns.workspace == workspace, columns.application.in_(ids)
        )
        found = (await self._connection.execute(theirs)).scalars().all()
        return await self._found(
            workspace, or_(outbox.c.application.in_(ids), outbox.c.panel.in_(found))
        )

    async def _found(self, workspace: str, which: ColumnElement[bool]) -> Sequence[OutboxMessage]:
        query = select(*COLUMNS).where(outbox.c.workspace == workspace, which)
        rows = (await self._connection.execute(query)).mappings()
        return sorted(map(message_of, rows), key=lambda message: message.key)

    async def has_due(
        self,
        now: datetime,
        kinds: Collection[str],
        busy: Collection[str],
        real: datetime | None = None,
    ) -> bool:
        """Whether any message needs attention; `due` says which."""
        found = await self._connection.execute(_due(now, kinds, busy, real or now).limit(1))
        return found.first() is not None

    async def due(
        self,
        now: datetime,
        kinds: Collection[str],
        busy: Collection[str],
        most: int,
        real: datetime | None = None,
    ) -> Sequence[OutboxMessage]:
        """Messages of these kinds that need attention, the longest due first, of any workspace but
        the busy ones. They are kept from other replicas until the transaction ends.

        Claims and what is looked for go by `real`, where that is not `now`.
        """
        query = _due(now, kinds, busy, real or now).limit(most).with_for_update(skip_locked=True)
        return [message_of(row) for row in (await self._connection.execute(query)).mappings()]

    async def claim(self, messages: Sequence[OutboxMessage]) -> None:
        """Writes what becomes of messages that `due` gave in this transaction."""
        await self._write(_become(_is_this()), messages)

    async def record(self, messages: Sequence[OutboxMessage]) -> None:
        """Writes the outcomes of claims, but for those that have passed to another process.

        A message that has been enqueued again since it was claimed becomes due again.
        """
        await self._write(_become(_is_this(), _is_claimed()), messages)

    async def record_failure(self, message: OutboxMessage) -> bool:
        """Records one that has failed; False where its claim has passed to another process."""
        statement = _become(_is_this(), _is_claimed())
        return (await self._connection.execute(statement, _parameters(message))).rowcount == 1

    async def remove(self, messages: Sequence[OutboxMessage]) -> None:
        """Deletes messages that have never been posted, but for those enqueued again since."""
        is_same_claim = outbox.c.claimed_at.is_not_distinct_from(bindparam("new_claimed_at"))
        is_over = and_(is_same_claim, outbox.c.again_at.is_(null()), outbox.c.ts.is_(null()))
        await self._write(delete(outbox).where(_is_this(), is_over), messages)

    async def _write(self, statement: Update | Delete, messages: Sequence[OutboxMessage]) -> None:
        if messages:
            in_order = sorted(messages, key=lambda message: (message.workspace, message.key))
            rows = [_parameters(message) for message in in_order]
            await self._connection.execute(statement, rows)


@cache
def _enqueue(dialect: str) -> "Upsert":
    """Made once for each database: making it costs more than running it."""
    insert = insert_into(outbox, dialect)
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=[outbox.c.workspace, outbox.c.key],
        set_={
            "kind": new.kind,
            **{name: new[name] for name in ABOUT},
            "payload": new.payload,
            "expires_at": new.expires_at,
            "state": case((IN_FLIGHT, outbox.c.state), else_=new.state),
            "due_at": case((IN_FLIGHT, outbox.c.due_at), else_=new.due_at),
            "again_at": case((IN_FLIGHT, new.due_at), else_=null()),
            "attempts": case((IN_FLIGHT, outbox.c.attempts), else_=new.attempts),
            "error": null(),
            "due_since": case((IN_FLIGHT, outbox.c.due_since), else_=null()),
        },
        where=outbox.c.recipient == new.recipient,
    )


@cache
def _enqueue_several(dialect: str) -> ReturningInsert[Any]:
    # With RETURNING, SQLAlchemy sends all rows in one statement.
    return _enqueue(dialect).returning(outbox.c.key)


def _new_row(
    message: MessageFacts, due_at: datetime, expires_at: datetime | None = None
) -> dict[str, Any]:
    return {
        "workspace": message.workspace,
        "key": message.key,
        "kind": message.kind,
        "recipient": message.recipient,
        **vars(message.about),
        "payload": dict(message.payload),
        "due_at": due_at,
        "expires_at": expires_at,
        "state": MessageState.DUE,
        "attempts": 0,
    }


@cache
def _refresh() -> Update:
    """As `enqueue` does with what has been sent. Made once, for the same reason."""
    new, sent = bindparam("new_due_at", type_=Moment), outbox.alias("sent")
    workspace = bindparam("this_workspace", type_=String)
    keys = bindparam("these_keys", type_=String, expanding=True)
    states = _one_of(sent.c.state, MessageState.DUE, MessageState.FAILED, MessageState.HELD)
    unsent = and_(sent.c.ts.is_(null()), states)
    these = (
        select(sent.c.key)
        .where(sent.c.workspace == workspace, sent.c.key.in_(keys), not_(unsent))
        .order_by(sent.c.key)
        .with_for_update()
    )
    return (
        update(outbox)
        .where(outbox.c.workspace == workspace, outbox.c.key.in_(these))
        .values(
            state=case((IN_FLIGHT, outbox.c.state), else_=literal(MessageState.DUE)),
            due_at=case((IN_FLIGHT, outbox.c.due_at), else_=new),
            again_at=case((IN_FLIGHT, new), else_=null()),
            attempts=case((IN_FLIGHT, outbox.c.attempts), else_=0),
            expires_at=case((outbox.c.ts.is_(null()), outbox.c.expires_at), else_=null()),
            error=null(),
            due_since=case((IN_FLIGHT, outbox.c.due_since), else_=null()),
        )
    )


def _due(
    now: datetime, kinds: Collection[str], busy: Collection[str], real: datetime
) -> Select[Any]:
    query = select(*COLUMNS).where(OPEN, outbox.c.due_at <= max(now, real))
    if real != now:
        limit = case((IN_FLIGHT, literal(real, Moment)), else_=literal(now, Moment))
        query = query.where(outbox.c.due_at <= limit)
    return query.where(outbox.c.kind.in_(kinds), outbox.c.workspace.not_in(busy)).order_by(
        outbox.c.due_at
    )


def _is_this() -> ColumnElement[bool]:
    return and_(
        outbox.c.workspace == bindparam("this_workspace"), outbox.c.key == bindparam("this_key")
    )


def _is_claimed() -> ColumnElement[bool]:
    return and_(IN_FLIGHT, outbox.c.claimed_at == bindparam("new_claimed_at"))


def _become(*which: ColumnElement[bool]) -> Update:
    state = bindparam("new_state", type_=String)
    in_flight = _one_of(state, MessageState.SENDING, MessageState.UNKNOWN)
    is_free = _one_of(state, MessageState.SENT, MessageState.DUE)
    again = and_(is_free, outbox.c.again_at.is_not(null()))
    return (
        update(outbox)
        .where(*which)
        .values(
            state=case((again, literal(MessageState.DUE)), else_=state),
            due_at=case((again, outbox.c.again_at), else_=bindparam("new_due_at", type_=Moment)),
            again_at=case((in_flight, outbox.c.again_at), else_=null()),
            channel=bindparam("new_channel"),
            ts=bindparam("new_ts"),
            claimed_at=bindparam("new_claimed_at"),
            attempts=bindparam("new_attempts"),
            error=bindparam("new_error"),
            due_since=case((again, null()), else_=bindparam("new_due_since", type_=Moment)),
        )
    )


def _parameters(message: OutboxMessage) -> dict[str, Any]:
    return {
        "this_workspace": message.workspace,
        "this_key": message.key,
        "new_state": message.state,
        "new_due_at": message.due_at,
        "new_channel": message.channel,
        "new_ts": message.ts,
        "new_claimed_at": message.claimed_at,
        "new_attempts": message.attempts,
        "new_error": message.error,
        "new_due_since": message.due_since,
    }


def message_of(row: RowMapping) -> OutboxMessage:
    """The message of a row of COLUMNS."""
    others = {name: value for name, value in row.items() if name not in ABOUT}
    about = About(**{name: row[name] for name in ABOUT})
    return OutboxMessage(**{**others, "about": about, "state": MessageState(row["state"])})

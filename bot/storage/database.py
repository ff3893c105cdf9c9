"""Engines and units of work.

SQLite: SQLAlchemy's defaults lose updates, so the driver's own transactions are switched off, each
writer begins with BEGIN IMMEDIATE on a single connection, and readers have a pool of their own.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url, text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from bot.errors import DatabaseAway, UserError
from bot.outages import Outage
from bot.storage.applications import ApplicationStore
from bot.storage.apply.files import FileStore
from bot.storage.apply.store import SubmissionStore
from bot.storage.approvals import ApprovalStore
from bot.storage.audit import AuditStore
from bot.storage.board.board import BoardStore
from bot.storage.board.channels import ChannelBoardStore
from bot.storage.candidates import CandidateStore
from bot.storage.choices import ChoiceStore
from bot.storage.debriefs.stores import DebriefStores
from bot.storage.feedback import FeedbackReadStore
from bot.storage.holidays import HolidayStore
from bot.storage.home import HomeStore
from bot.storage.jd import PostingStore
from bot.storage.members import MemberStore
from bot.storage.numbers import NumbersStore
from bot.storage.openings import OpeningStore
from bot.storage.outbox import OutboxStore
from bot.storage.panels.drafts import PanelDraftStore
from bot.storage.panels.interview_reminders import InterviewReminderStore
from bot.storage.panels.store import PanelStore
from bot.storage.questions import QuestionSetStore
from bot.storage.records.stores import RecordStores
from bot.storage.reminders.requests import RemindRequestStore
from bot.storage.reminders.rungs import RungStore
from bot.storage.reminders.store import ReminderStore
from bot.storage.schema import Row
from bot.storage.scorecards.store import ScorecardStore
from bot.storage.settings import SettingsStore
from bot.storage.site import SiteStore
from bot.storage.sqlite_file import forget_log, forget_once, keep_private, require_usable
from bot.storage.undelivered import UndeliveredStore
from bot.storage.workspace import WorkspaceStore

WAIT = 2.0
"""Seconds that a writer waits for its turn: below the three of Slack's ack."""

READERS = 4

CONNECTIONS, OVERFLOW = 5, 10
"""Of PostgreSQL: those kept open, and how many more there may be for a while."""

AWAY: tuple[type[Exception], ...] = (OperationalError, InterfaceError, PoolTimeout, OSError)
"""What says that the database cannot be reached, whatever it is."""

NOT_NOW = (
    "08",  # out of reach
    "25006",  # it can only be read, as a standby after a failover
    "40",  # another transaction was in the way: a deadlock, a serialization failure
    "53",  # out of connections, memory or disk space
    "55P03",  # a lock was waited for in vain
    "57",  # starting, stopping, or a statement took longer than it may
    "58",  # the system under it failed
)
"""How the codes begin with which PostgreSQL says that something is to be tried again later."""

NOTHING_WRITTEN = text("UPDATE alembic_version SET version_num = version_num WHERE 1 = 0")
"""Refused by a database that takes no writes, although it would change no row."""


@dataclass(frozen=True)
class Pool:
    """Connections: how many are in use, and how many there can be at most."""

    name: str
    used: Callable[[], int]
    limit: int


class Transaction(DebriefStores, RecordStores):
    """The stores, all within one transaction; each is made when it is first used."""

    @cached_property
    def postings(self) -> PostingStore:
        return PostingStore(self.connection)

    @cached_property
    def question_sets(self) -> QuestionSetStore:
        return QuestionSetStore(self.connection)

    @cached_property
    def outbox(self) -> OutboxStore:
        return OutboxStore(self.connection)

    @cached_property
    def undelivered(self) -> UndeliveredStore:
        return UndeliveredStore(self.connection)

    @cached_property
    def candidates(self) -> CandidateStore:
        return CandidateStore(self.connection)

    @cached_property
    def openings(self) -> OpeningStore:
        return OpeningStore(self.connection)

    @cached_property
    def site(self) -> SiteStore:
        return SiteStore(self.connection)

    @cached_property
    def approvals(self) -> ApprovalStore:
        return ApprovalStore(self.connection)

    @cached_property
    def applications(self) -> ApplicationStore:
        return ApplicationStore(self.connection)

    @cached_property
    def submissions(self) -> SubmissionStore:
        return SubmissionStore(self.connection)

    @cached_property
    def files(self) -> FileStore:
        return FileStore(self.connection)

    @cached_property
    def board(self) -> BoardStore:
        return BoardStore(self.connection)

    @cached_property
    def channel_boards(self) -> ChannelBoardStore:
        return ChannelBoardStore(self.connection)

    @cached_property
    def panels(self) -> PanelStore:
        return PanelStore(self.connection)

    @cached_property
    def panel_drafts(self) -> PanelDraftStore:
        return PanelDraftStore(self.connection)

    @cached_property
    def interview_reminders(self) -> InterviewReminderStore:
        return InterviewReminderStore(self.connection)

    @cached_property
    def audit(self) -> AuditStore:
        return AuditStore(self.connection)

    @cached_property
    def scorecards(self) -> ScorecardStore:
        return ScorecardStore(self.connection)

    @cached_property
    def feedback_reads(self) -> FeedbackReadStore:
        return FeedbackReadStore(self.connection)

    @cached_property
    def holidays(self) -> HolidayStore:
        return HolidayStore(self.connection)

    @cached_property
    def numbers(self) -> NumbersStore:
        return NumbersStore(self.connection)

    @cached_property
    def reminders(self) -> ReminderStore:
        return ReminderStore(self.connection)

    @cached_property
    def remind_requests(self) -> RemindRequestStore:
        return RemindRequestStore(self.connection)

    @cached_property
    def rungs(self) -> RungStore:
        return RungStore(self.connection)

    @cached_property
    def choices(self) -> ChoiceStore:
        return ChoiceStore(self.connection)

    @cached_property
    def homes(self) -> HomeStore:
        return HomeStore(self.connection)

    @cached_property
    def members(self) -> MemberStore:
        return MemberStore(self.connection)

    @cached_property
    def settings(self) -> SettingsStore:
        return SettingsStore(self.connection)

    @cached_property
    def workspace(self) -> WorkspaceStore:
        return WorkspaceStore(self.connection)


class Database:
    """A database's engines, by its URL; `close` when done.

    `name` is where it is, without user, password or parameters. `reads` and `writes` say since when
    it cannot be read, or takes nothing. `file` is SQLite's. `waiting` is how many units of work
    wait for a connection.
    """

    def __init__(self, url: str) -> None:
        self.reads, self.writes = Outage("database.reads"), Outage("database.writes")
        self.waiting = {"read": 0, "write": 0}
        where = make_url(url)
        place = f"{where.host}:{where.port}" if where.port else where.host or ""
        self.name = f"{where.get_backend_name()}://{place}/{where.database or ''}"
        self.is_sqlite = where.get_backend_name() == "sqlite"
        self._away = AWAY if self.is_sqlite else (*AWAY, _error_of_postgres())
        self._is_pooled = True
        self.file = Path(where.database) if self.is_sqlite and where.database else None
        if self.is_sqlite:
            self._writer = _sqlite(url, begin="BEGIN IMMEDIATE", size=1)
            self._reader = _sqlite(url, begin="BEGIN", size=READERS)
        else:
            self._writer = self._reader = self._postgres(url)

    def require_place(self) -> None:
        """Raises UserError where SQLite's file can't be there, or not be written."""
        if self.file is not None:
            require_usable(self.file)

    def require_file(self) -> None:
        """Raises UserError where SQLite's file is missing, which any use would create."""
        if self.file is not None and not self.file.exists():
            raise UserError(f"There is no database at {self.file}. Is DATABASE_URL right?")
        self.require_place()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A unit of work: committed on a clean exit, undone on any other."""
        with self._away_told(self.writes), ExitStack() as waiting:
            waiting.enter_context(self._waits("write"))
            async with self._writer.begin() as connection:
                waiting.close()
                yield Transaction(connection)
        self.writes.worked()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A consistent view for reading; nothing written in it is kept."""
        with self._away_told(self.reads), ExitStack() as waiting:
            waiting.enter_context(self._waits("read"))
            async with self._reader.connect() as connection:
                waiting.close()
                yield Transaction(connection)
        self.reads.worked()

    async def check_writable(self) -> None:
        """Raises DatabaseAway where nothing can be written; it writes nothing itself."""
        async with self.write() as tx:
            await tx.connection.execute(NOTHING_WRITTEN)

    @contextmanager
    def _away_told(self, outage: Outage) -> Iterator[None]:
        try:
            yield
        except self._away as error:
            raise _noted(outage, DatabaseAway(self.name), error) from error
        except DBAPIError as error:
            if not _is_away(error):
                raise
            raise _noted(outage, DatabaseAway(self.name), error) from error

    @property
    def pools(self) -> Sequence[Pool]:
        if not self.is_sqlite:
            return [Pool("all", _used(self._writer), CONNECTIONS + OVERFLOW)]
        writer, reader = _used(self._writer), _used(self._reader)
        return [Pool("writer", writer, 1), Pool("reader", reader, READERS)]

    @contextmanager
    def _waits(self, work: str) -> Iterator[None]:
        self.waiting[work] += 1
        try:
            yield
        finally:
            self.waiting[work] -= 1

    def _postgres(self, url: str) -> AsyncEngine:
        from bot.storage import postgres  # SQLite does without the driver

        self._arguments = postgres.connect_arguments(url, WAIT)
        engine = create_async_engine(
            postgres.bare(url),
            pool_pre_ping=True,
            pool_size=CONNECTIONS,
            max_overflow=OVERFLOW,
            pool_timeout=WAIT,
            connect_args=self._arguments,
            hide_parameters=True,
        )

        @event.listens_for(engine.sync_engine, "do_connect")
        def prepare(_: Dialect, __: ConnectionPoolEntry, ___: Any, arguments: Row) -> None:
            if self._is_pooled:
                arguments.update(postgres.WITHOUT_NAMES)

        return engine

    async def detect_pooler(self) -> None:
        """Finds out whether statements can be kept prepared: not where a pooler such as PgBouncer
        gives each transaction another connection. Until then none is kept."""
        if self.is_sqlite:
            return
        from bot.storage.postgres import is_pooled

        with self._away_told(self.reads):
            self._is_pooled = await is_pooled(self._arguments)
        await self._writer.dispose()

    async def forget_log(self) -> bool:
        """Has SQLite's log of writes emptied of what was deleted; False where it is in use."""
        return self.file is None or await asyncio.to_thread(forget_log, self.file, WAIT)

    async def forget_once(self) -> bool:
        """Has what was deleted long ago overwritten, once; False where the file is in use."""
        return self.file is None or await asyncio.to_thread(forget_once, self.file, WAIT)

    async def close(self) -> None:
        await self._writer.dispose()
        await self._reader.dispose()


def _used(engine: AsyncEngine) -> Callable[[], int]:
    """The engine's pool is another after it has been disposed of."""

    def used() -> int:
        pool = engine.sync_engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    return used


def _noted(outage: Outage, away: DatabaseAway, error: Exception) -> DatabaseAway:
    away.__cause__ = error
    outage.failed(away)
    return away


def _error_of_postgres() -> type[Exception]:
    """What the driver raises while it connects, before SQLAlchemy translates its errors."""
    import asyncpg  # SQLite does without it

    error: type[Exception] = asyncpg.PostgresError
    return error


def _is_away(error: DBAPIError) -> bool:
    """Whether nothing was asked yet, since there is no connection, or it is lost; or PostgreSQL
    says that it cannot do what is asked for now, whatever is asked."""
    if error.statement is None or error.connection_invalidated:
        return True
    return str(getattr(error.orig, "sqlstate", None) or "").startswith(NOT_NOW)


def _sqlite(url: str, begin: str, size: int) -> AsyncEngine:
    file = make_url(url).database or ""
    engine = create_async_engine(
        url, pool_size=size, max_overflow=0, pool_timeout=WAIT, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, entry: ConnectionPoolEntry) -> None:
        keep_private(Path(file))
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={int(WAIT * 1000)}",
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=FULL",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine

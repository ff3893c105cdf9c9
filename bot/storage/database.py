"""Engines and units of work.

SQLite: SQLAlchemy's defaults lose updates, so the driver's own transactions are switched off, each
writer begins with BEGIN IMMEDIATE on a single connection, and readers have a pool of their own.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import event, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import DatabaseAway, UserError
from bot.storage.audit import AuditStore
from bot.storage.feedback import FeedbackReadStore
from bot.storage.home import HomeStore
from bot.storage.jd import PostingStore
from bot.storage.members import MemberStore
from bot.storage.outbox import OutboxStore
from bot.storage.panels.interview_reminders import InterviewReminderStore
from bot.storage.panels.store import PanelStore
from bot.storage.questions import QuestionSetStore
from bot.storage.reminders import ReminderStore
from bot.storage.scorecards.store import ScorecardStore
from bot.storage.workspace import WorkspaceStore

WAIT = 2.0
"""Seconds that a writer waits for its turn: below the three of Slack's ack."""

READERS = 4


class Transaction:
    """The stores, all within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.postings = PostingStore(connection)
        self.question_sets = QuestionSetStore(connection)
        self.outbox = OutboxStore(connection)
        self.panels = PanelStore(connection)
        self.interview_reminders = InterviewReminderStore(connection)
        self.audit = AuditStore(connection)
        self.scorecards = ScorecardStore(connection)
        self.feedback_reads = FeedbackReadStore(connection)
        self.reminders = ReminderStore(connection)
        self.homes = HomeStore(connection)
        self.members = MemberStore(connection)
        self.workspace = WorkspaceStore(connection)


class Database:
    """A database's engines, by its URL; `close` when done."""

    def __init__(self, url: str) -> None:
        where = make_url(url)
        self.is_sqlite = where.get_backend_name() == "sqlite"
        self._file = Path(where.database) if self.is_sqlite and where.database else None
        if self.is_sqlite:
            self._writer = _sqlite(url, begin="BEGIN IMMEDIATE", size=1)
            self._reader = _sqlite(url, begin="BEGIN", size=READERS)
        else:
            self._writer = self._reader = create_async_engine(
                url,
                pool_pre_ping=True,
                pool_timeout=WAIT,
                connect_args={"timeout": WAIT},
                hide_parameters=True,
            )

    def require_file(self) -> None:
        """Raises UserError where SQLite's file is missing, which any use would create."""
        if self._file is not None and not self._file.exists():
            raise UserError(f"There is no database at {self._file}. Is DATABASE_URL right?")

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A unit of work: committed on a clean exit, undone on any other."""
        with _away_told():
            async with self._writer.begin() as connection:
                yield Transaction(connection)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A consistent view for reading; nothing written in it is kept."""
        with _away_told():
            async with self._reader.connect() as connection:
                yield Transaction(connection)

    async def ping(self) -> None:
        """Raises DatabaseAway where the database cannot be reached."""
        async with self.read() as tx:
            await tx.connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self._writer.dispose()
        await self._reader.dispose()


@contextmanager
def _away_told() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout, OSError, asyncpg.PostgresError) as error:
        raise DatabaseAway from error
    except DBAPIError as error:
        if error.connection_invalidated or _is_away(error):
            raise DatabaseAway from error
        raise


def _is_away(error: DBAPIError) -> bool:
    """Whether PostgreSQL says that it is starting, stopping, out of reach or out of connections."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    return state.startswith(("08", "53", "57P"))


def _sqlite(url: str, begin: str, size: int) -> AsyncEngine:
    engine = create_async_engine(
        url, pool_size=size, max_overflow=0, pool_timeout=WAIT, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={int(WAIT * 1000)}",
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=FULL",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine

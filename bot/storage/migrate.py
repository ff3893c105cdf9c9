"""Brings a database up to date, safely with several replicas starting at once."""

import asyncio
import logging
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from bot.errors import DatabaseAway, UserError
from bot.storage import compatibility
from bot.storage.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
LACKS_MIGRATIONS = "The database is out of date. Run panelist db upgrade."
BELONGS_TO_NEWER = "The database belongs to a newer Panelist. Please run that one."
NO_DATABASE = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
PATIENCE = 10.0
PAUSE = 0.2

LOCK = 7_025_346_317
"""The key of the advisory lock that lets one replica migrate at a time; any fixed number does."""


async def upgrade(database: Database, patience: float = PATIENCE) -> None:
    """Runs the migrations that are missing, in one transaction: all of them or none.

    Waits for a database that is not up yet, or in which another replica is migrating. Raises
    DatabaseAway where that takes longer than `patience` seconds, UserError at once where SQLite's
    file can't be used or PostgreSQL refuses.
    """
    database.require_place()
    deadline = time.monotonic() + patience
    while True:
        away = await _away_or_upgraded(database)
        if away is None:
            if not await database.forget_once():
                log.warning("database.not_compacted")
            return await database.detect_pooler()
        if time.monotonic() > deadline:
            raise away
        await asyncio.sleep(PAUSE)


async def _away_or_upgraded(database: Database) -> DatabaseAway | None:
    """What kept it from being migrated, if that may pass by itself."""
    try:
        if not await is_current(database):
            await _migrate(database)
    except DatabaseAway as away:
        if why := _refusal(database, away.__cause__):
            raise UserError(why) from away
        return away
    except DBAPIError as error:
        if why := _refusal(database, error):
            raise UserError(why) from error
        raise
    return None


def _refusal(database: Database, error: BaseException | None) -> str | None:
    """Why the database will say no however often it is asked, and what helps."""
    if database.is_sqlite:
        cause = error.orig if isinstance(error, DBAPIError) else None
        if getattr(cause, "sqlite_errorname", "") not in NO_DATABASE:
            return None
        return f"What DATABASE_URL names cannot be used: {cause}."
    from bot.storage.postgres import refusal

    return refusal(error)


async def _migrate(database: Database) -> None:
    async with database.write() as tx:
        if not database.is_sqlite:
            await tx.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        before = await tx.connection.run_sync(revision_of)
        await tx.connection.run_sync(upgrade_to)
        await tx.connection.run_sync(compatibility.record)
    if before != newest():
        log.info("database.upgraded", extra={"from": before or "empty", "to": newest()})


async def is_current(database: Database) -> bool:
    """Whether this Panelist can run on the database: it has the newest migration, or a newer
    Panelist has migrated it so that this one still can.

    Raises UserError where it is no database, or a newer Panelist has migrated it otherwise.
    """
    try:
        async with database.read() as tx:
            found = await tx.connection.run_sync(revision_of)
            if found is not None and not is_known(found):
                return await tx.connection.run_sync(_runs_beside)
    except DatabaseAway as away:
        if why := _refusal(database, away.__cause__):
            raise UserError(why) from away
        raise
    except DBAPIError as error:
        why = _refusal(database, error)
        cause = why or f"What DATABASE_URL names cannot be used: {error.orig}."
        raise UserError(cause) from error
    return found == newest()


def _runs_beside(connection: Connection) -> bool:
    """Whether a newer Panelist has migrated so that this one still runs. Raises UserError."""
    has_noted = inspect(connection).has_table(compatibility.compatibility.name)
    oldest = compatibility.runs_since(connection) if has_noted else None
    if oldest is None or oldest > newest():
        raise UserError(BELONGS_TO_NEWER)
    return True


def revision_of(connection: Connection) -> str | None:
    """The newest migration that the database has."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def upgrade_to(connection: Connection, revision: str = "head") -> None:
    """Runs the migrations up to this one. Raises UserError where it is not known."""
    from alembic import command  # a tenth of a second, and most starts have nothing to migrate

    if revision != "head" and not is_known(revision):
        raise UserError(BELONGS_TO_NEWER)
    command.upgrade(_config(connection), revision)


def _config(connection: Connection) -> "Config":
    """Alembic's settings for running within the connection's transaction."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


@cache
def _known() -> frozenset[str]:
    """Every revision: each migration's file begins with its own."""
    return frozenset(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def is_known(revision: str) -> bool:
    """Whether this Panelist has the migration."""
    return revision in _known()


@cache
def newest() -> str:
    """The newest migration that this Panelist has."""
    return max(_known())

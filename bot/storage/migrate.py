"""Brings a database up to date, safely with several replicas starting at once."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.storage.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_025_346_317
"""The key of the advisory lock that lets one replica migrate at a time; any fixed number does."""


async def upgrade(database: Database) -> None:
    """Runs the migrations that are missing, in one transaction: all of them or none."""
    async with database.write() as tx:
        if not database.is_sqlite:
            await tx.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        await tx.connection.run_sync(_upgrade)


async def is_current(database: Database) -> bool:
    """Whether the database has the newest migration."""
    async with database.read() as tx:
        found = await tx.connection.run_sync(_revision)
    return found == _newest()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()

"""Which older versions of Panelist can still run on the database, in the database itself."""

from sqlalchemy import Column, Integer, String, Table, delete, insert, select
from sqlalchemy.engine import Connection

from bot.storage.schema import metadata

RUNS_SINCE = "0021"
"""The oldest version that runs on today's tables, by its newest migration. A migration that takes
away or changes what an older one needs sets it to itself; one that only adds leaves it."""

ONLY = 1

compatibility = Table(
    "compatibility",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("runs_since", String(10), nullable=False),
)
"""One row: its id is always ONLY."""


def record(connection: Connection) -> None:
    """Notes what today's tables need, once they are migrated."""
    connection.execute(delete(compatibility))
    connection.execute(insert(compatibility).values(id=ONLY, runs_since=RUNS_SINCE))


def runs_since(connection: Connection) -> str | None:
    """What a newer Panelist has noted."""
    return connection.execute(select(compatibility.c.runs_since)).scalar_one_or_none()

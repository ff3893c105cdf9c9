"""Databases that fail, in each of the ways that they do."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from bot.storage.database import Database

Faulty = Callable[[Database], AbstractAsyncContextManager[None]]
"""Breaks the database for as long as the block lasts."""


async def run_statements(database: Database, *statements: str) -> None:
    async with database.write() as tx:
        for statement in statements:
            await tx.connection.execute(text(statement))


def statements(break_with: tuple[str, ...], mend_with: tuple[str, ...]) -> Faulty:
    @asynccontextmanager
    async def fault(database: Database) -> AsyncIterator[None]:
        await run_statements(database, *break_with)
        yield
        await run_statements(database, *mend_with)

    return fault


def refuses_with(table: str, state: str) -> Faulty:
    """PostgreSQL answers each insert into the table with an error of this SQLSTATE."""
    return statements(
        (
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END$$",
            f"CREATE TRIGGER refuse BEFORE INSERT ON {table} EXECUTE FUNCTION refuse()",
        ),
        (f"DROP TRIGGER refuse ON {table}",),
    )


async def _let_each_connection_begin_with(database: Database, setting: str) -> None:
    alter = "'ALTER DATABASE ' || quote_ident(current_database())"
    await run_statements(
        database,
        "SET TRANSACTION READ WRITE",
        f"DO $$BEGIN EXECUTE {alter} || ' SET {setting}'; END$$",
    )
    await database.close()


@asynccontextmanager
async def is_read_only(database: Database) -> AsyncIterator[None]:
    """As after a failover to a standby: every connection can only read."""

    await _let_each_connection_begin_with(database, "default_transaction_read_only = on")
    yield
    await _let_each_connection_begin_with(database, "default_transaction_read_only = off")


@asynccontextmanager
async def is_read_only_file(database: Database) -> AsyncIterator[None]:
    await run_statements(database, "PRAGMA query_only=ON")
    yield
    await database.close()  # a new connection can write again


def locks(table: str) -> Faulty:
    """Somebody keeps the table to themselves, and PostgreSQL does not wait for long."""

    @asynccontextmanager
    async def fault(database: Database) -> AsyncIterator[None]:
        await _let_each_connection_begin_with(database, "lock_timeout = 100")
        async with database.write() as tx:
            await tx.connection.execute(text(f"LOCK TABLE {table}"))
            yield

    return fault


@asynccontextmanager
async def is_locked_file(database: Database) -> AsyncIterator[None]:
    """Another process writes to the same file and does not end."""
    assert database.file is not None
    other = sqlite3.connect(database.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@dataclass(frozen=True)
class Case:
    """A fault of one kind of database."""

    name: str
    is_sqlite: bool
    fault: Faulty

    def __str__(self) -> str:
        return f"{'sqlite' if self.is_sqlite else 'postgres'}-{self.name}"

    def database(self, request: pytest.FixtureRequest) -> str:
        """The address of a new database of this kind."""
        kind = "sqlite" if self.is_sqlite else "postgres"
        url: str = request.getfixturevalue(f"{kind}_database")
        return url


def cases(table: str) -> Sequence[Case]:
    """All the faults that keep anything from being put into a table."""
    renamed = f"ALTER TABLE {table} RENAME TO away", f"ALTER TABLE away RENAME TO {table}"
    refusing = (
        f"CREATE TRIGGER refuse BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'refused'); END"
    )
    states = {
        "statement timeout": "57014",
        "serialization failure": "40001",
        "deadlock": "40P01",
        "disk full": "53100",
        "unknown": "XX000",
    }
    return [
        Case("read-only", True, is_read_only_file),
        Case("locked", True, is_locked_file),
        Case("table gone", True, statements((renamed[0],), (renamed[1],))),
        Case("refusing", True, statements((refusing,), ("DROP TRIGGER refuse",))),
        Case("read-only", False, is_read_only),
        Case("locked", False, locks(table)),
        *(Case(name, False, refuses_with(table, state)) for name, state in states.items()),
    ]

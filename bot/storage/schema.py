"""What all tables share."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Table,
    TextClause,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

    Upsert = postgresql.Insert | sqlite.Insert

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def part_of(parent: str, column: str) -> ForeignKeyConstraint:
    """Rows that go when the row they belong to is deleted."""
    return ForeignKeyConstraint(
        ["workspace", column], [f"{parent}.workspace", f"{parent}.id"], ondelete="CASCADE"
    )


def partial_index(
    name: str | None, *columns: str, where: TextClause, unique: bool = False
) -> Index:
    """An index of the rows for which `where` holds; the migrations make it so.

    SQLAlchemy's own arguments for that load PostgreSQL's dialect, which SQLite does without.
    """
    return Index(name, *columns, unique=unique, info={"where": where.text})


class Moment(TypeDecorator[datetime]):
    """A point in time: stored in UTC, read back with its zone, refused without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Stores:
    """Stores within one transaction; each is made when it is first used."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection


Row = dict[str, Any]


def upsert(connection: AsyncConnection, table: Table, values: Row | list[Row]) -> "Upsert":
    """An insert that can be told what to do about rows that are there already."""
    return insert_into(table, connection.dialect.name).values(values)


def insert_into(table: Table, dialect: str) -> "Upsert":
    """The same without rows, which are given when it is executed."""
    # Imported here: SQLite does without PostgreSQL's dialect and its driver, which take long.
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    return insert(table)

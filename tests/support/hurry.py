"""What makes databases quick for tests, and changes nothing that a test could see."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.engine.default import DefaultDialect

_compiled: dict[Any, Any] = {}


def hurry() -> None:
    """Statements are compiled once for all tests, and SQLite doesn't wait for the disk.

    SQLAlchemy keeps what it compiled by dialect, of which each engine makes its own: those of one
    kind and one server's version compile alike.
    """
    event.listen(Engine, "engine_connect", _hurry)
    DefaultDialect.__eq__ = _is_alike  # type: ignore[method-assign,assignment]
    DefaultDialect.__hash__ = _kind  # type: ignore[method-assign,assignment]


def _hurry(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_compiled)
    if connection.dialect.name == "sqlite" and not connection.info.get("hurries"):
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.close()
        connection.info["hurries"] = True


def _is_alike(one: Dialect, other: object) -> bool:
    return (
        type(one) is type(other)
        and isinstance(other, Dialect)
        and one.server_version_info == other.server_version_info
    )


def _kind(one: Dialect) -> int:
    return hash(type(one))

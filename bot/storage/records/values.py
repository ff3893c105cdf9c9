"""How a row is written outside the database: as a line of JSON, and as cells for a spreadsheet."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Table,
    Text,
    cast,
)
from sqlalchemy.sql import ColumnElement

from bot.storage.schema import Moment, Row

ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take a cell for a formula by, if it begins so."""

MARK = "'"
"""Before a cell that begins so, or with the mark itself: taking one away gives the text back."""

FILES = "files"
"""The folder of what is no text; a row names its file there."""


def kind_of(column: Column[Any]) -> str:
    """What the values of the column are, as schema.json calls it."""
    match column.type:
        case JSON():
            return "json"
        case Moment() | DateTime():
            return "timestamp"
        case Date():
            return "date"
        case LargeBinary():
            return "file"
        case Boolean():
            return "boolean"
        case Integer():
            return "integer"
        case Float():
            return "number"
        case _:
            return "text"


def is_file(column: Column[Any]) -> bool:
    return isinstance(column.type, LargeBinary)


def selected(column: Column[Any]) -> ColumnElement[Any]:
    """What is read of it: JSON as its own text, which says all that it says."""
    as_text = isinstance(column.type, JSON)
    return cast(column, Text).label(column.name) if as_text else column


def file_name(table: Table, column: Column[Any], row: Row) -> str:
    """The file's path in the export: the id of its row, with the column's name where the table has
    several such columns."""
    keys = [one.name for one in table.primary_key if one.name != "workspace"]
    name = "-".join(str(row[key]) for key in keys)
    if keys != ["id"]:
        name = f"{table.name}-{name}"
    if sum(map(is_file, table.columns)) > 1:
        name = f"{name}-{column.name}"
    return f"{FILES}/{name}"


def exported(column: Column[Any], value: Any) -> Any:
    """The value as JSON has it: moments in UTC, JSON as what it says."""
    if value is None:
        return None
    if isinstance(column.type, JSON):
        return json.loads(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def imported(column: Column[Any], value: Any) -> Any:
    """The opposite. Raises ValueError where it is no value of such a column."""
    if value is None or isinstance(column.type, JSON):
        return value
    if isinstance(column.type, Moment | DateTime):
        moment = datetime.fromisoformat(_text(value))
        if moment.tzinfo is None:
            raise ValueError("a time without its zone")
        return moment.astimezone(UTC)
    if isinstance(column.type, Date):
        return date.fromisoformat(_text(value))
    expected = column.type.python_type
    if expected is float and type(value) is int:
        return float(value)
    if type(value) is not expected:
        raise ValueError(f"not {kind_of(column)}")
    return value


def line(row: Row) -> str:
    """A line of JSON, with its end."""
    try:
        text = ENCODER.encode(row)
        text.encode()
    except UnicodeEncodeError:  # half a pair of UTF-16, which only an escape can carry
        text = json.dumps(row, separators=(",", ":"))
    return f"{text}\n"


def cells(row: Row) -> Sequence[str]:
    return [cell(value) for value in row.values()]


def cell(value: Any) -> str:
    """A value as a spreadsheet's cell, in which nothing is run. No value is an empty cell."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return harmless(value)
        case int() | float():
            return str(value)
        case _:
            return json.dumps(value, separators=(",", ":"))


def harmless(text: str) -> str:
    return f"{MARK}{text}" if text.lstrip(" ").startswith((*FORMULAS, MARK)) else text


def original(text: str) -> str:
    """The opposite of `harmless`."""
    return text.removeprefix(MARK) if text.startswith(MARK) else text


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value

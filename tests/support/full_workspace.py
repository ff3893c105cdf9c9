"""A workspace full of rows, made from the tables themselves: those of every table, with something
in every column."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
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
    String,
    Table,
    insert,
)

from bot.storage.database import Database
from bot.storage.records.export import tables
from bot.storage.schema import Moment, Row

WORKSPACE = "T1"
PAIRS = ("merges", "told_apart")
SECOND = {"merges": "into", "told_apart": "other"}
BATCH = 2_000
MANY = (
    *("candidates", "applications", "panels", "interviews", "scorecards", "scorecard_versions"),
)
"""Tables that grow with every candidate; of the others a few rows show all there is to show."""
FEW = 50
FACTS = {("erasures", "people"): ["gone"], ("audit_seals", "chain"): ""}
"""Where anything else would mean something else."""
LONG_AGO = datetime(2025, 3, 1, 9, 30, 15, 123456, tzinfo=UTC)


async def fill(url: str, count: int, workspace: str = WORKSPACE) -> None:
    """Puts that many candidates into a migrated database, and something into every table."""
    database = Database(url)
    async with database.write() as tx:
        await tx.workspace.take(workspace)
        for table in tables():
            most = count if table.name in MANY else min(count, FEW)
            rows = rows_of(table, most, workspace)
            for first in range(0, len(rows), BATCH):
                await tx.connection.execute(insert(table), rows[first : first + BATCH])
    await database.close()


def rows_of(table: Table, count: int, workspace: str = WORKSPACE) -> list[Row]:
    if {*table.primary_key.columns.keys()} == {"workspace"}:
        numbers = range(1)
    else:
        numbers = range(0, count - 1, 2) if table.name in PAIRS else range(count)
    return [
        {one.name: value(one, number, workspace) for one in table.columns} for number in numbers
    ]


def value(column: Column[Any], number: int, workspace: str) -> Any:
    """Something that the column takes, and no other row has where it is part of a key."""
    if column.name == "workspace":
        return workspace
    if (column.table.name, column.name) in FACTS:
        return FACTS[column.table.name, column.name]
    if column.name == "opening":
        return f"{number % FEW}"
    second = SECOND.get(column.table.name) == column.name
    own_or_next = number + 1 if second else number
    match column.type:
        case JSON():
            return {"n": number, "text": f"=said {number}", "none": None, "half": 0.5}
        case Moment() | DateTime():
            return LONG_AGO + timedelta(seconds=number)
        case Date():
            return date(2025, 3, 1) + timedelta(days=number % 300)
        case Boolean():
            return number % 2 == 0
        case LargeBinary():
            return f"file {number}".encode()
        case Integer():
            return number
        case Float():
            return number + 0.25
        case String(length=length):
            is_key = column.primary_key or column.foreign_keys or column.name.endswith("id")
            text = f"{own_or_next}" if is_key else f'-{column.name}, "{number}"\n\'é'
            return text[:length]
    raise AssertionError(f"nothing is known of {column}")


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder but the manifest, which has its time."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }

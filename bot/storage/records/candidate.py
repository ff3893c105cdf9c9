"""All that is kept of one candidate, whichever tables it stands in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.openings import openings
from bot.storage.records.export import tables
from bot.storage.records.register import REGISTER, Person, belongs_to
from bot.storage.records.values import exported, file_name, is_file, selected
from bot.storage.schema import Row

File = tuple[str, bytes]


async def rows_of(connection: AsyncConnection, person: Person) -> Mapping[str, Sequence[Row]]:
    """Their rows of each table that has any, as an export has them; bytes by their file's name."""
    found = {}
    for table in tables():
        one = REGISTER[table.name]
        columns = [selected(column) for column in table.columns if not is_file(column)]
        query = select(*columns).where(belongs_to(one, person)).order_by(*table.primary_key)
        rows = (await connection.execute(query)).mappings()
        theirs = [
            {
                column.name: {"file": file_name(table, column, dict(row))}
                if is_file(column)
                else exported(column, row[column.name])
                for column in table.columns
            }
            for row in rows
        ]
        if theirs:
            found[table.name] = theirs
    return found


async def files_of(connection: AsyncConnection, person: Person) -> Sequence[File]:
    """What is no text, each under the name that its row gives."""
    found = []
    for table in tables():
        for column in filter(is_file, table.columns):
            query = select(*table.primary_key, column).where(
                belongs_to(REGISTER[table.name], person), column.is_not(None)
            )
            rows = (await connection.execute(query)).mappings()
            found += [(file_name(table, column, dict(row)), row[column.name]) for row in rows]
    return found


async def titles_of(
    connection: AsyncConnection, workspace: str, ids: Iterable[str]
) -> Mapping[str, str]:
    """What the openings of these ids are called."""
    columns = openings.c
    title = select(columns.id, columns.title, columns.posting_title)
    query = title.where(and_(columns.workspace == workspace, columns.id.in_([*ids])))
    rows: Iterable[Any] = await connection.execute(query)
    return {row.id: row.posting_title or row.title for row in rows}

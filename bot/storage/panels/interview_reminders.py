"""How long before an interview people want to be reminded, in the database."""

from collections.abc import Iterable

from sqlalchemy import Column, Integer, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.schema import metadata, upsert

EVERYBODY = "*"
"""Whose minutes are the workspace's default."""

interview_reminders = Table(
    "interview_reminders",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("person", String(32), primary_key=True),
    Column("minutes", Integer, nullable=False),
)


class InterviewReminderStore:
    """What people have chosen, within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def minutes(self, workspace: str, people: Iterable[str], default: int) -> dict[str, int]:
        """For each of these people their own minutes, else the workspace's, else the default."""
        columns = interview_reminders.c
        wanted = set(people)
        query = select(columns.person, columns.minutes).where(
            columns.workspace == workspace, columns.person.in_({*wanted, EVERYBODY})
        )
        chosen = {row.person: row.minutes for row in await self._connection.execute(query)}
        default = chosen.get(EVERYBODY, default)
        return {person: chosen.get(person, default) for person in wanted}

    async def put(self, workspace: str, person: str, minutes: int) -> None:
        """Keeps the minutes of a person, or of EVERYBODY who has none of their own."""
        row = {"workspace": workspace, "person": person, "minutes": minutes}
        statement = upsert(self._connection, interview_reminders, row)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=("workspace", "person"), set_={"minutes": minutes}
            )
        )

"""Choices of reminders in the database that no calendar can be made with.

Wherever else they are read, the default stands in their place: one bad row harms nobody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.reminders import wrong_fields
from bot.storage.reminders.rows import people, person_of, policies, policy_of
from bot.storage.reminders.store import ReminderStore


@dataclass(frozen=True)
class WrongChoices:
    """Fields of a workspace's row, or of a person's."""

    workspace: str
    person: str | None
    fields: Sequence[str]


class ChoiceStore:
    """Wrong choices within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def wrong(self) -> Sequence[WrongChoices]:
        found = []
        for row in (await self._connection.execute(select(policies))).mappings():
            policy = policy_of(row)
            lost = ["holidays"] if len(policy.holidays) < len(row["holidays"]) else []
            found.append(WrongChoices(policy.workspace, None, [*wrong_fields(policy), *lost]))
        for row in (await self._connection.execute(select(people))).mappings():
            one = person_of(row)
            lost = ["days_off"] if len(one.days_off) < len(row["days_off"]) else []
            found.append(WrongChoices(one.workspace, one.person, [*wrong_fields(one), *lost]))
        return [one for one in found if one.fields]

    async def correct(self, wrong: Sequence[WrongChoices]) -> None:
        """Puts the default into each row in the place of what is wrong; lost days are left out."""
        store = ReminderStore(self._connection)
        for one in wrong:
            if one.person is None:
                await store.put_policy(await store.policy(one.workspace))
            elif (person := await store.get(one.workspace, one.person, lock=True)) is not None:
                await store.put([person])

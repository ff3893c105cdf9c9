"""Jobs opened as people open them: through the form, in the playground's workspace."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from bot.domain.openings.fields import OpeningField
from bot.domain.openings.job import Job
from bot.library.catalogue import Library
from bot.playground.state.models import Message, Result
from bot.storage.database import Database
from handlers.views.openings.form import LABELS
from tests.support.northwind import HIRING, MORGAN, Northwind, Person, shown

WHERE, PAY, APPLY = (
    "Berlin, Germany; remote in Germany",
    "75-92k EUR",
    "https://jobs.example.com/7",
)
DAY = date(2027, 1, 15)

FILLED: dict[str, Any] = {
    "where": WHERE,
    "work_mode": "hybrid",
    "pay_range": PAY,
    "hiring_manager": MORGAN,
    "apply_by": DAY.isoformat(),
}
LINE = "/jd open senior backend developer"
"""What a recruiter fills in at least, by the labels."""


def label(field: OpeningField) -> str:
    return LABELS[field]


async def begins(person: Person, line: str = LINE) -> None:
    """Opens the form with all its fields."""
    await person.types(line)
    await person.presses(person.modal, "More")


async def fills_in(person: Person, **changes: Any) -> Result:
    """Submits the form, filled in but for what is said otherwise."""
    values = FILLED | {"where_people_apply": APPLY} | changes
    return await person.submits(**values)


async def reviews(person: Person, line: str = LINE, **changes: Any) -> None:
    """Opens a job as far as its review."""
    await begins(person, line)
    result = await fills_in(person, **changes)
    assert result.ok, (result.errors, result.error)
    assert person.modal.payload["title"]["text"] == "Review and post", shown(person.modal)


async def posts(person: Person, channel: str = HIRING, **changes: Any) -> Message:
    """Opens a job and posts it; gives its message in the channel."""
    await reviews(person, **changes)
    result = await person.submits(post_in=[channel])
    assert result.ok, (result.errors, result.error)
    await person.closes()
    return person.newest(channel)


def role_becomes(
    house: Northwind, monkeypatch: pytest.MonkeyPatch, change: Mapping[str, Any] | None
) -> None:
    """The backend developer's file is edited or, with None, removed; then Panelist starts again."""
    library, roles = house.application.jd.library, {}
    for role in library.roles:
        if role.slug != "backend-developer":
            roles[role.slug] = role
        elif change is not None:
            roles[role.slug] = role.model_copy(update=change)
    after = Library(
        roles.values(),
        library.competencies.values(),
        library.do_not_ask,
        library.files,
        library.feedback_hints,
        library.company,
        library.locales,
        library.advice,
    )
    monkeypatch.setattr(library, "__dict__", after.__dict__)


async def jobs(house: Northwind) -> list[Job]:
    return await jobs_in(house.application.database)


async def jobs_in(database: Database) -> list[Job]:
    async with database.read() as tx:
        return [job for _, job in await tx.openings.everywhere()]

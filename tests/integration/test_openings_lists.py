"""The list of jobs: read once, right at once where a job changes, and within a tick elsewhere."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.domain.openings.opening import OpeningStatus
from bot.library.content import load_content
from bot.playground.rules.limits import faults
from bot.playground.state.models import TEAM_ID
from bot.services.openings import lists
from bot.storage.database import Database
from tests.support.clock import START
from tests.support.content import posting_alone
from tests.support.jobs import jobs, posts
from tests.support.northwind import SAM, Northwind, Person, northwind, shown
from tests.support.waiting import until

MANY = 330


@contextmanager
def statements_about(table: str) -> Iterator[list[str]]:
    """Each statement that names the table."""
    found: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if re.search(rf"\b{table}\b", statement):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def pauses_elsewhere(house: Northwind, url: str) -> None:
    """What another process does: it pauses the job, and this one hears nothing of it."""
    (job,) = await jobs(house)
    database = Database(url)
    async with database.write() as tx:
        paused = job.moved(OpeningStatus.PAUSED, START, START.date())
        assert await tx.openings.save(TEAM_ID, replace(paused, version=job.version + 1))
    await database.close()


async def test_a_list_asked_for_again_asks_the_database_nothing(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    sam = house.person(SAM)
    first = await sam.types("/jd list")
    await house.application.openings.tick()
    await sam.types("/jd list")
    with statements_about("posting_title") as read:
        assert await sam.types("/jd list") == first
    assert read == []


async def test_a_change_made_here_is_in_the_list_at_once(house: Northwind, riley: Person) -> None:
    message = await posts(riley)
    sam = house.person(SAM)
    assert "Open jobs" in await sam.types("/jd list")
    (job,) = await jobs(house)
    await riley.types(f"/jd {job.slug}")
    await riley.chooses(riley.newest(), "Pause")
    assert (await riley.submits()).ok
    assert "Paused · Senior Backend Developer" in await sam.types("/jd list")
    assert message.ts


async def test_a_change_made_elsewhere_is_in_the_list_after_a_tick(
    house: Northwind, riley: Person, sqlite_database: str
) -> None:
    await posts(riley)
    sam = house.person(SAM)
    await sam.types("/jd list")
    await pauses_elsewhere(house, sqlite_database)

    async def says_so() -> bool:
        return "Paused · Senior Backend Developer" in await sam.types("/jd list")

    await until(says_so)


async def test_without_ticks_the_list_is_read_each_time(
    house: Northwind, riley: Person, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await posts(riley)
    sam = house.person(SAM)
    await house.application.ticker.stop()
    monkeypatch.setattr(lists, "TRUSTED", 0.0)
    await sam.types("/jd list")
    await pauses_elsewhere(house, sqlite_database)
    assert "Paused · Senior Backend Developer" in await sam.types("/jd list")


async def test_the_list_of_another_day_is_another(house: Northwind, riley: Person) -> None:
    await posts(riley)
    sam = house.person(SAM)
    assert "Applications closed" not in await sam.types("/jd list")
    house.clock.moves(seconds=timedelta(days=90).total_seconds())
    assert "Applications closed" in await sam.types("/jd list")


async def test_a_long_list_is_turned_page_by_page(tmp_path: Path, sqlite_database: str) -> None:
    content = tmp_path / "content"
    for number in range(MANY):
        posting_alone(content, f"keeper-of-the-lights-number-{number}")
    async with northwind(tmp_path / "slack", sqlite_database, content=content) as house:
        sam = house.person(SAM)
        count = len(sam.said())
        await sam.types("/jd list")
        pages = [shown(sam.newest())]
        assert "Page 1 of" in pages[0]
        assert "Previous" not in pages[0]
        while "Next" in pages[-1]:
            await sam.presses(sam.newest(), "Next")
            message = sam.newest()
            assert faults("message", {"text": message.text, "blocks": message.blocks}) == []
            pages.append(shown(message))
        assert len(sam.said()) == count + 1, "one message, whatever is turned"
        assert len(pages) > 1
        names = {role.slug for role in load_content(content).library.roles}
        assert names <= set(re.findall(r"\(([a-z0-9-]+)\)", " ".join(pages)))
        await sam.presses(sam.newest(), "Previous")
        assert shown(sam.newest()) == pages[-2]

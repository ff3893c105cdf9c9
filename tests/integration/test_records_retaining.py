"""Retention: who is old enough is erased at night, after admins saw for two weeks who would be."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, update

from bot.domain.records.retention import (
    FEWEST_DAYS,
    MOST_DAYS,
    NOTICE,
    Ended,
    RetentionPolicy,
    longer_messages,
)
from bot.errors import UserError
from bot.services.records.holding import put_hold
from bot.services.records.retaining import AT_ONCE, Retaining, old_enough, put_policy
from bot.storage.database import Database
from bot.storage.schema import metadata
from tests.support.clock import ManualClock
from tests.support.records import BEFORE, NOW, WORKSPACE, id_of, row_of, written

DAY = timedelta(days=1)
ADMIN = "U0ADMIN"
NIGHT = NOW.replace(hour=3)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    async with opened.write() as tx:
        for whose in ("jo", "kim"):
            await written(tx, whose)
    yield opened
    await opened.close()


def retaining(database: Database, clock: ManualClock) -> Retaining:
    return Retaining(database, None, clock)  # type: ignore[arg-type]


async def sets(database: Database, table: str, whose: str, **values: Any) -> None:
    found = metadata.tables[table]
    name = "candidate" if table == "applications" else "panel"
    parent = "candidates" if table == "applications" else "panels"
    async with database.write() as tx:
        statement = update(found).where(found.c[name] == id_of(parent, whose)).values(values)
        await tx.connection.execute(statement)


async def old(database: Database, now: datetime, **chosen: Any) -> list[str]:
    async with database.read() as tx:
        policy = RetentionPolicy(WORKSPACE, **chosen)
        return [one.candidate for one in await old_enough(tx, policy, now)]


async def going_on(database: Database) -> list[str]:
    async with database.read() as tx:
        return [one.candidate for one in await tx.erasures.going_on()]


async def test_a_candidate_ages_from_the_decision(database: Database) -> None:
    decided = BEFORE - 10 * DAY
    await sets(database, "decisions", "jo", at=decided)
    jo, kim = (id_of("candidates", whose) for whose in ("jo", "kim"))
    assert await old(database, decided + 365 * DAY - timedelta(seconds=1)) == []
    assert await old(database, decided + 365 * DAY) == [jo]
    assert await old(database, BEFORE + 365 * DAY) == [jo, kim]
    assert await old(database, BEFORE + 999 * DAY, days=None) == []


async def test_one_without_a_standing_decision_ages_from_the_last_that_happened(
    database: Database,
) -> None:
    await sets(database, "decisions", "jo", at=BEFORE - 99 * DAY, undone_at=BEFORE - 98 * DAY)
    await sets(database, "interviews", "kim", ends_at=BEFORE + 20 * DAY)
    await sets(database, "applications", "kim", stage="interviewing")
    jo, kim = (id_of("candidates", whose) for whose in ("jo", "kim"))
    assert await old(database, BEFORE + 365 * DAY) == [jo]
    assert await old(database, BEFORE + 385 * DAY) == [jo, kim]


async def test_who_was_not_hired_can_go_earlier(database: Database) -> None:
    await sets(database, "applications", "kim", stage="hired")
    found = await old(database, BEFORE + 90 * DAY, not_hired_days=90)
    assert found == [id_of("candidates", "jo")]


async def test_nothing_is_erased_before_admins_saw_it_for_two_weeks_and_then_at_night(
    database: Database,
) -> None:
    clock = ManualClock(NIGHT + 400 * DAY)
    job = retaining(database, clock)
    await job.tick()
    async with database.read() as tx:
        found = await tx.retention.get(WORKSPACE)
    assert (found.announced_at, found.due) == (clock.now(), 2)
    assert await going_on(database) == []
    clock.moves(seconds=(NOTICE - timedelta(hours=1)).total_seconds())
    await job.tick()
    assert await going_on(database) == []
    clock.moves(seconds=timedelta(hours=9).total_seconds())
    await job.tick()
    assert await going_on(database) == [], "it is day"
    clock.moves(seconds=timedelta(hours=16).total_seconds())
    await job.tick()
    assert len(await going_on(database)) == 2


async def test_a_few_go_at_a_time_and_never_one_under_a_hold(database: Database) -> None:
    table = metadata.tables["candidates"]
    async with database.write() as tx:
        for number in range(AT_ONCE + 2):
            await tx.connection.execute(insert(table), row_of(table, f"other{number}"))
        await put_hold(tx, WORKSPACE, id_of("candidates", "jo"), ADMIN, NOW)
    clock = ManualClock(NIGHT + 400 * DAY)
    job = retaining(database, clock)
    await job.tick()
    clock.moves(seconds=NOTICE.total_seconds())
    for _ in range(3):
        await job.tick()
        clock.moves(seconds=60)
    begun = await going_on(database)
    assert len(begun) == AT_ONCE
    assert id_of("candidates", "jo") not in begun


async def test_switching_it_on_again_shows_it_for_two_weeks_again(database: Database) -> None:
    later = NOW + 100 * DAY
    async with database.write() as tx:
        chosen = (await tx.retention.get(WORKSPACE, lock=True)).policy
        await put_policy(tx, replace(chosen, days=None), ADMIN, NOW)
        await put_policy(tx, replace(chosen, days=90), ADMIN, later)
    async with database.read() as tx:
        found = await tx.retention.get(WORKSPACE)
    assert found.begins_at == later + NOTICE


async def test_messages_about_nobody_are_forgotten_at_their_own_age(database: Database) -> None:
    outbox = metadata.tables["outbox"]
    digest = row_of(outbox, "jo") | dict.fromkeys(
        ("panel", "interview", "scorecard", "application")
    )
    digest |= {"key": "digest:1", "kind": "reminders.digest", "claimed_at": BEFORE}
    async with database.write() as tx:
        await tx.connection.execute(insert(outbox), digest)
        assert await tx.retention.forget_messages(WORKSPACE, BEFORE) == 0
        assert await tx.retention.forget_messages(WORKSPACE, BEFORE + DAY) == 1
        assert await tx.outbox.get(WORKSPACE, "kit:jo:0") is not None


days = st.none() | st.integers(FEWEST_DAYS, MOST_DAYS)


@given(days=days, not_hired=days, is_hired=st.booleans())
def test_whatever_is_chosen_nobody_outlives_what_finds_their_messages(
    days: int | None, not_hired: int | None, is_hired: bool
) -> None:
    policy = longer_messages(RetentionPolicy(WORKSPACE, days, not_hired))
    policy.check()
    due = Ended("C", NOW, is_hired).due_at(policy)
    if days is None:
        assert due is None
    else:
        assert due is not None
        assert due <= NOW + timedelta(days=min(policy.messages_days, policy.audit_days))


def test_too_few_and_too_many_days_are_refused() -> None:
    for wrong in ({"days": 29}, {"not_hired_days": 3651}, {"days": 500, "messages_days": 400}):
        with pytest.raises(UserError):
            RetentionPolicy(WORKSPACE, **wrong).check()

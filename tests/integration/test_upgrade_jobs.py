"""Openings of the version before stay as they are, and that version runs on the new tables."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from bot.domain.applications import Application, Source, Stage
from bot.domain.candidates import Candidate
from bot.domain.openings.job import Job
from bot.domain.openings.opening import Opening, OpeningStatus
from bot.domain.openings.pay import Pay, PayPeriod
from bot.domain.openings.places import Place, WorkMode
from bot.domain.openings.plan import PlannedInterview
from bot.domain.openings.terms import EmploymentType, Terms
from bot.domain.posting import Section
from bot.domain.questions.selection import Level
from bot.storage.compatibility import RUNS_SINCE
from bot.storage.database import Database
from bot.storage.migrate import _config, upgrade
from tests.support.people import WORKSPACE

BEFORE, AFTER = "0022", "0023"
AT = datetime(2026, 11, 1, tzinfo=UTC)

ROW: dict[str, Any] = {
    "workspace": WORKSPACE,
    "id": "o1",
    "role": "backend-developer",
    "title": "Backend Developer",
    "level": "mid",
    "team": "Payments",
    "status": "draft",
    "author": "U1",
    "hiring_manager": "UMANAGER",
    "recruiter": "U1",
}
OLD = Opening(
    "o1",
    "backend-developer",
    "Backend Developer",
    Level.MID,
    "U1",
    "Payments",
    OpeningStatus.DRAFT,
    "UMANAGER",
    "U1",
)
JOB = Job(
    opening=Opening(
        "o2", "backend-developer", "Senior Backend Developer " + "x" * 90, Level.SENIOR, "U1"
    ),
    slug="senior-backend-developer",
    terms=Terms(
        places=(Place("DE", None, "Berlin"), Place("US", "TX", "Austin"), Place("DE")),
        work_mode=WorkMode.HYBRID,
        employment_type=EmploymentType.PART_TIME,
        pay=Pay(Decimal("25.5"), Decimal(30), "EUR", PayPeriod.HOUR),
        no_pay="None yet",
        hours="Mondays",
        seats=3,
        closes_on=date(2027, 1, 15),
        apply_at="https://example.com/jobs/7",
        channel="CPRIVATE",
        posts_applications=True,
    ),
    text=(Section("", (), ("One.",)), Section("What you'll do", ("This",))),
    plan=(PlannedInterview("Coding", 60, ("debugging",), "UALEX"),),
    content="c1",
    status_at=AT,
)


async def migrated(database: Database, how: Callable[..., None], to: str) -> None:
    async with database.write() as tx:
        await tx.connection.run_sync(lambda connection: how(_config(connection), to))


async def insert_as_before(database: Database, **changes: object) -> None:
    """As the version before makes an opening: it knows its own columns alone."""
    row = ROW | {"created_at": str(AT) if database.is_sqlite else AT} | changes
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    async with database.write() as tx:
        statement = text(f"INSERT INTO openings ({names}) VALUES ({values})")
        await tx.connection.execute(statement, row)


@pytest.fixture
async def old(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url)
    await migrated(database, command.upgrade, BEFORE)
    await insert_as_before(database)
    yield database
    await database.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


async def test_an_opening_that_was_there_is_a_draft_of_which_nothing_more_is_known(
    old: Database,
) -> None:
    await upgrade(old)
    async with old.read() as tx:
        assert await tx.openings.get(WORKSPACE, "o1") == OLD
        job = await tx.openings.job(WORKSPACE, "o1")
        assert job == Job(OLD, "o1", Terms(employment_type=None))
        assert await tx.openings.hiring(WORKSPACE, "UMANAGER", 5) == [OLD]


async def test_the_version_before_goes_on_making_openings_on_the_new_tables(old: Database) -> None:
    assert RUNS_SINCE <= BEFORE
    await upgrade(old)
    await insert_as_before(old, id="o9")
    async with old.read() as tx:
        made = await tx.openings.job(WORKSPACE, "o9")
        assert made is not None
        assert (made.version, made.terms.seats, made.slug) == (1, 1, "o9")


async def test_going_back_leaves_what_that_version_knows(old: Database) -> None:
    await migrated(old, command.upgrade, AFTER)
    await migrated(old, command.downgrade, BEFORE)
    async with old.read() as tx:
        rows = (await tx.connection.execute(text("SELECT * FROM openings"))).mappings().all()
    (row,) = rows
    assert {name: row[name] for name in ROW} == ROW


async def test_a_job_is_read_back_as_it_was_written(database: Database) -> None:
    async with database.write() as tx:
        await tx.openings.add_job(WORKSPACE, JOB, AT)
    async with database.read() as tx:
        assert await tx.openings.job(WORKSPACE, "o2") == JOB
        assert await tx.openings.get(WORKSPACE, "o2") == JOB.opening
        assert await tx.openings.job("T2", "o2") is None
        assert await tx.openings.taken(WORKSPACE, [JOB.slug, "other"]) == {JOB.slug}
        assert await tx.openings.taken("T2", [JOB.slug]) == set()
        stored = await tx.connection.execute(text("SELECT title FROM openings"))
        assert len(stored.scalar_one()) == 60, "all that the version before takes"


async def test_of_two_who_change_one_version_the_second_is_told(database: Database) -> None:
    async with database.write() as tx:
        await tx.openings.add_job(WORKSPACE, JOB, AT)
    second = replace(JOB, version=2, terms=replace(JOB.terms, seats=5))
    short = replace(second, opening=replace(JOB.opening, title="Short"))
    async with database.write() as tx:
        assert await tx.openings.save(WORKSPACE, short)
        assert not await tx.openings.save(WORKSPACE, second)
        assert not await tx.openings.save("T2", replace(JOB, version=3))
    async with database.read() as tx:
        assert await tx.openings.job(WORKSPACE, "o2") == short


async def test_a_new_job_begins_like_the_persons_last_for_the_role(database: Database) -> None:
    def of(id: str, author: str, role: str, status: OpeningStatus) -> Job:
        opening = replace(JOB.opening, id=id, author=author, role=role, status=status)
        return replace(JOB, slug=id, opening=opening)

    draft, is_open, closed = OpeningStatus.DRAFT, OpeningStatus.OPEN, OpeningStatus.CLOSED
    async with database.write() as tx:
        for number, (id, author, role, status) in enumerate(
            [
                ("a", "U1", "r1", draft),
                ("b", "U1", "r2", closed),
                ("c", "U2", "r1", is_open),
                ("d", "U2", "r3", is_open),
                ("e", "U2", "r1", draft),
                ("f", "U2", "r3", closed),
            ]
        ):
            job = of(id, author, role, status)
            await tx.openings.add_job(WORKSPACE, job, AT.replace(day=number + 1))
    async with database.read() as tx:
        for user, role, like in (
            ("U1", "r1", "a"),
            ("U1", "r9", "b"),
            ("U3", "r1", "c"),
            ("U3", "r9", "d"),
        ):
            found = await tx.openings.latest_of(WORKSPACE, user, role)
            assert found is not None
            assert found.id == like
        assert await tx.openings.latest_of("T2", "U1", "r1") is None


async def test_who_referred_a_candidate_is_kept_where_the_version_before_reads_it_too(
    database: Database,
) -> None:
    one = Application(
        "a1", "c1", "o2", Stage.APPLIED, Source.REFERRAL, AT, "UALEX", "Fixed our search."
    )
    async with database.write() as tx:
        await tx.openings.add_job(WORKSPACE, JOB, AT)
        await tx.candidates.add(WORKSPACE, Candidate("c1", "Robin Doe", None, None), AT)
        await tx.applications.add(WORKSPACE, one)
    async with database.read() as tx:
        assert await tx.applications.get(WORKSPACE, "a1") == one
        stored = await tx.connection.execute(text("SELECT source FROM applications"))
        assert stored.scalar_one() == "panel"

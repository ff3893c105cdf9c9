"""The board of an organizer who has a part in 100 applications, among few others and among many."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from bot.domain.candidates import Candidate
from bot.library.loader import load
from bot.services.board.board import BoardFilter, BoardPage, BoardService
from bot.storage.database import Database
from tests.bench.growth import Seconds, Urls, in_turn, on_both
from tests.bench.reminders import POSTGRES, SQLITE
from tests.support.clock import ManualClock
from tests.support.panels import MONDAY, OPENING, frozen, interview, panel, stored
from tests.support.people import WORKSPACE, People, rights_of

OWN = 100
FEW, MANY = 1_000, 100_000
ORGANIZER, OTHER = "URECRUITER", "UOTHER"

OTHERS = """
INSERT INTO candidates (workspace, id, name, key, created_at)
SELECT one.workspace, 'x' || n, one.name, one.key, one.created_at
FROM candidates AS one, {numbers} WHERE one.id = 'other';
INSERT INTO openings (workspace, id, role, title, status, author, created_at)
SELECT one.workspace, 'x' || n, one.role, one.title, one.status, {person}, one.created_at
FROM openings AS one, {numbers} WHERE one.id = 'other' AND n <= 500;
INSERT INTO applications (workspace, id, candidate, opening, stage, source, applied_at)
SELECT one.workspace, 'x' || n, 'x' || n, 'x' || (1 + n % 500), one.stage, one.source,
    one.applied_at
FROM applications AS one, {numbers} WHERE one.id = 'other';
INSERT INTO panels (workspace, id, application, content, set_up_by, recruiter, hiring_manager,
    created_at, revision)
SELECT one.workspace, 'x' || n, 'x' || n, one.content, {person}, {person}, {person},
    one.created_at, one.revision
FROM panels AS one, {numbers} WHERE one.id = 'other';
INSERT INTO interviews (workspace, id, panel, interviewer, interviewer_zone, focus, starts_at,
    ends_at, zone, questions, revision)
SELECT one.workspace, 'x' || n, 'x' || n, {person}, one.interviewer_zone, one.focus,
    one.starts_at, one.ends_at, one.zone, one.questions, one.revision
FROM interviews AS one, {numbers} WHERE one.panel = 'other'
"""
"""Everybody else's, for five hundred openings; their scorecards are due as well."""

PERSON = "'UO' || (n % 1000)"


async def filled(url: str, count: int) -> Database:
    """A database with so many applications, of which 100 are the organizer's."""
    database, content = Database(url), frozen(load())
    numbers = (SQLITE if database.is_sqlite else POSTGRES).format(count=count - OWN)
    others = replace(OPENING, id="other", author=OTHER)
    async with database.write() as tx:
        for number in range(OWN):
            id = f"{number:016x}"
            whole = replace(
                panel(interview("UALEX", id=id, starts_at=MONDAY)),
                id=id,
                application=id,
                candidate=Candidate(id, f"Robin {number}", None, None),
                recruiter=ORGANIZER,
            )
            await stored(tx, whole, content)
        model = replace(
            panel(interview(OTHER, id="other", starts_at=MONDAY)),
            id="other",
            application="other",
            candidate=Candidate("other", "Sam Roe", None, None),
            opening=others,
            **dict.fromkeys(("set_up_by", "recruiter", "hiring_manager"), OTHER),
        )
        await stored(tx, model, content)
        if not database.is_sqlite:  # which looks for each row's keys, one by one
            await tx.connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in OTHERS.format(numbers=numbers, person=PERSON).split(";"):
            await tx.connection.execute(text(statement))
        await tx.connection.execute(text("ANALYZE"))
    return database


async def measure(urls: Urls) -> Seconds:
    """Seconds of the board among few and among many."""
    clock = ManualClock(MONDAY + timedelta(days=3))
    databases = [await filled(url, count) for url, count in zip(urls, (FEW, MANY), strict=True)]
    few, many = (BoardService(one, rights_of(People(), one, clock), clock) for one in databases)

    def check(page: BoardPage) -> None:
        assert len(page.board.lines) == OWN
        assert len(page.remindable) == OWN

    asked = (WORKSPACE, ORGANIZER, BoardFilter())
    found = await in_turn((lambda: few.board(*asked), lambda: many.board(*asked)), check)
    for database in databases:
        await database.close()
    return found


def told(few: float, many: float) -> str:
    return (
        f"a board of {OWN} takes {few * 1000:.0f} ms among {FEW:,} applications, "
        f"{many * 1000:.0f} ms among {MANY:,}"
    )


def run() -> None:
    on_both(measure, told)

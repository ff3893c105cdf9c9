"""A tick of reminders with 1,000 due, all of them late, among few interviews and among many."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from bot.domain.reminders import RemindedPerson
from bot.library.loader import load
from bot.services.reminders import Planned, foresee
from bot.storage.database import Database
from tests.bench.growth import Seconds, Urls, in_turn, on_both
from tests.support.panels import frozen, interview, panel, stored
from tests.support.people import WORKSPACE

DUE = 1_000
FEW, MANY = 10_000, 1_000_000

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
THURSDAY = NOW - timedelta(days=4)

COPIES = """
INSERT INTO interviews (workspace, id, panel, interviewer, interviewer_zone, focus, starts_at,
    ends_at, zone, questions, closed_at, remind_at, revision)
SELECT one.workspace, {prefix} || n, one.panel, {person} || n, one.interviewer_zone, one.focus,
    one.starts_at, one.ends_at, one.zone, one.questions, {settled}, {remind_at}, 1
FROM interviews AS one, {numbers} WHERE one.id = 'i-UALEX'
"""
SQLITE = """(WITH RECURSIVE s(n) AS
    (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s)"""
POSTGRES = "generate_series(1, {count}) AS s(n)"


async def filled(url: str, count: int) -> Database:
    """A database with so many interviews, of which 1,000 are owed by as many people."""
    database = Database(url)
    numbers = SQLITE if database.is_sqlite else POSTGRES
    async with database.write() as tx:
        one = interview("UALEX", starts_at=THURSDAY)
        await stored(tx, panel(one), frozen(load()))
        for prefix, person, settled, remind_at, rows in (
            ("'owed'", "'U'", "NULL", "one.ends_at", DUE),
            ("'past'", "'UP'", "one.ends_at", "one.ends_at", count - DUE),
        ):
            statement = COPIES.format(
                prefix=prefix,
                person=person,
                settled=settled,
                remind_at=remind_at,
                numbers=numbers.format(count=rows),
            )
            await tx.connection.execute(text(statement))
        await tx.reminders.put(
            RemindedPerson(WORKSPACE, f"U{number}", next_digest_at=NOW)
            for number in range(1, DUE + 1)
        )
        await tx.connection.execute(text("ANALYZE"))
    return database


async def measure(urls: Urls) -> Seconds:
    """Seconds of a tick among few and among many."""
    few, many = [await filled(url, count) for url, count in zip(urls, (FEW, MANY), strict=True)]

    def check(planned: Sequence[Planned]) -> None:
        assert len([one for one in planned if one.person.startswith("U")]) >= DUE
        [manager] = [one for one in planned if one.person == "UMANAGER"]
        assert manager.why.count("late ") >= DUE, "lateness has climbed"

    found = await in_turn((lambda: foresee(few, NOW), lambda: foresee(many, NOW)), check)
    for database in (few, many):
        await database.close()
    return found


def told(few: float, many: float) -> str:
    return (
        f"a tick with {DUE:,} due takes {few:.2f} s among {FEW:,} interviews, "
        f"{many:.2f} s among {MANY:,}"
    )


def run() -> None:
    on_both(measure, told)

"""A row that nothing can be done with harms one person at most, is named, and can be mended."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.commands.doctor import examine
from bot.domain.reminders import ReminderPolicy
from bot.library.catalogue import Library
from bot.services.reminders import foresee
from tests.support.clock import ManualClock
from tests.support.panelist import Panelist, running
from tests.support.panels import frozen, interview, panel, stored
from tests.support.slack import StandIn

FRIDAY = datetime(2026, 11, 27, 10, tzinfo=UTC)
ALEX, SAM = "UALEX", "USAM"

PERSON = {"zone": "'Mars/Base'", "hour": 99, "working_days": "'[9]'", "days_off": "'[\"x\"]'"}
POLICY = {"hour": 99, "working_days": "'[-1]'", "holidays": "'[\"2026-99-99\"]'", "chase_days": 0}
POLICY |= {"nudge_minutes": 7, "opens": 23, "closes": 100_000_000}


async def run(panelist: Panelist, statement: str) -> None:
    async with panelist.application.database.write() as tx:
        await tx.connection.execute(text(statement))


async def puts(panelist: Panelist, table: str, whole: dict[str, Any]) -> None:
    names, values = ", ".join(whole), ", ".join(map(str, whole.values()))
    await run(panelist, f"INSERT INTO {table} ({names}) VALUES ({values})")


GOOD_PERSON = {"workspace": "'T1'", "person": "'UALEX'", "zone": "'UTC'", "days_off": "'[]'"}
GOOD_POLICY = {"workspace": "'T1'", "hour": 9, "working_days": "'[0,1,2,3,4]'", "holidays": "'[]'"}
GOOD_POLICY |= {"chase_days": 10, "nudge_minutes": 60, "opens": 9, "closes": 18}

CASES = [
    *(("reminder_people", GOOD_PERSON, column, value) for column, value in PERSON.items()),
    *(("reminder_cadences", GOOD_POLICY, column, value) for column, value in POLICY.items()),
]
"""Rows with one bad value each, as versions before would have kept it."""


every = pytest.mark.parametrize(
    ("table", "row", "column", "value"), CASES, ids=[f"{one[0]}-{one[2]}" for one in CASES]
)


@every
async def test_one_bad_row_keeps_nobody_from_being_reminded(
    slack: StandIn,
    database_url: str,
    library: Library,
    table: str,
    row: dict[str, Any],
    column: str,
    value: Any,
) -> None:
    clock = ManualClock(FRIDAY)
    slack.conversations.now = lambda: clock.now().timestamp()
    async with running(slack, database_url, clock=clock) as panelist:
        application = panelist.application
        both = [
            interview(who, id=digit * 16, starts_at=FRIDAY, minutes=60)
            for digit, who in (("1", ALEX), ("2", SAM))
        ]
        async with application.database.write() as tx:
            await stored(tx, panel(*both), frozen(library))
        await puts(panelist, table, row | {column: value})
        assert await foresee(application.database, FRIDAY + timedelta(days=3))
        for hours in (2, 72, 73):
            clock.set(FRIDAY + timedelta(hours=hours))
            for _ in range(3):
                await application.tick()
                clock.moves(seconds=2)
        for who in (ALEX, SAM):
            assert slack.conversations.said_to(who), f"{who} hears nothing"
        assert (await panelist.wire.get("/readyz")).json["degraded"] == []


@every
async def test_doctor_names_the_row_and_mends_it(
    panelist: Panelist, table: str, row: dict[str, Any], column: str, value: Any
) -> None:
    await puts(panelist, table, row | {column: value})
    settings = panelist.application.settings
    name = "nudge_after" if column == "nudge_minutes" else column
    whose = ALEX if table == "reminder_people" else "the workspace T1"
    [named] = [one for one in (await examine(settings, repair=False)).faults if name in one]
    assert f"{whose}" in named
    assert "run panelist doctor --repair" in named
    mended = await examine(settings, repair=True)
    assert not [one for one in mended.faults if name in one]
    assert mended.repaired == 1
    async with panelist.application.database.read() as tx:
        assert await tx.choices.wrong() == []
        assert await tx.reminders.policy("T1") == ReminderPolicy("T1")

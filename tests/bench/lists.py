"""`/jd` and `/jd list` of a company with 400 roles and 200 open jobs, against a bare Bolt app that
acks the same."""

import asyncio
import json
import urllib.request
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from bot.domain.openings.job import Job
from bot.domain.openings.opening import Opening, OpeningStatus
from bot.domain.openings.pay import Pay, PayPeriod
from bot.domain.openings.places import Place, WorkMode
from bot.domain.openings.terms import Terms
from bot.library.content import load_content
from bot.storage.database import Database
from bot.storage.migrate import upgrade
from tests.bench.servers import CONTENT
from tests.support.content import posting_alone
from tests.support.wire import WORKSPACE, command_fields, form, signed

ROLES, JOBS = 400, 200

TERMS = Terms(
    places=(Place("DE", None, "Berlin"), Place("DE")),
    work_mode=WorkMode.HYBRID,
    pay=Pay(Decimal(75_000), Decimal(92_000), "EUR", PayPeriod.YEAR),
    closes_on=date(2099, 1, 1),
    apply_at="https://jobs.example.com/7",
)


async def fill(folder: Path) -> None:
    """The company's roles and its database."""
    known = load_content().library.roles
    for number in range(ROLES - len(known)):
        posting_alone(folder / CONTENT, f"lift-technician-number-{number}")
    text = known[0].sections
    database = Database(f"sqlite+aiosqlite:///{folder}/panelist.db")
    await upgrade(database)
    async with database.write() as tx:
        for number in range(JOBS):
            opening = Opening(
                f"{number:016x}",
                known[number % len(known)].slug,
                f"Backend Developer {number}",
                None,
                "U0AUTHOR",
                status=OpeningStatus.OPEN,
            )
            job = Job(opening, f"backend-developer-{number}", TERMS, text)
            terms = replace(TERMS, seats=number % 3 + 1)
            await tx.openings.add_job(WORKSPACE, replace(job, terms=terms), datetime.now(UTC))
    await database.close()


async def answer(port: int, line: str) -> dict[str, object]:
    """What Panelist acks."""
    body = form(command_fields(line, "http://127.0.0.1:9/response/1"))
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/slack/events", body.encode(), signed(body)
    )

    def ask() -> dict[str, object]:
        with urllib.request.urlopen(request) as response:
            read: dict[str, object] = json.load(response)
            return read

    return await asyncio.to_thread(ask)

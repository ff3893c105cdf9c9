"""A scorecard submitted against the bare insert of the same rows in a transaction.

Both write to the same database through the same connections; the submission also finds out whose
interview it is, what was typed before and whether anybody else was faster.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, text, update

from bot.domain.audit import new_id
from bot.domain.messages import MessageKind, MessageState
from bot.domain.panels.panel import Interview, Panel
from bot.domain.scorecards.closing import Closing, ClosingKind
from bot.domain.scorecards.scorecard import (
    Scorecard,
    ScorecardBody,
    ScorecardForm,
    ScorecardVersion,
)
from bot.library.loader import load
from bot.storage.database import Database
from bot.storage.outbox import outbox
from bot.storage.panels.rows import interviews
from bot.storage.scorecards.closings import closings
from bot.storage.scorecards.rows import scorecards, version_row, versions
from tests.support.databases import Postgres, migrated_sqlite, sqlite_url
from tests.support.panels import new_interview
from tests.support.people import WORKSPACE, People, person
from tests.support.scorecards import Desk, body

ROUNDS = 5
SUBMISSIONS = 160
"""In a round, of each kind."""

WRITERS = (1, 16)
PANEL = 20

Seat = tuple[Panel, Interview]
Write = Callable[[Seat], Awaitable[None]]


def main() -> None:
    server = Postgres()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, url in (
                ("SQLite", sqlite_url(migrated_sqlite(Path(folder)))),
                ("PostgreSQL", server.new_database()),
            ):
                asyncio.run(measure(name, url))
    finally:
        server.close()


async def measure(name: str, url: str) -> None:
    database = Database(url)
    users = [f"UX{number}" for number in range(PANEL)]
    people = People()
    people.people |= {user: person(user) for user in users}
    desk = Desk(load(), database, people=people)

    async def submitted(slot: Seat) -> None:
        _, item = slot
        form = ScorecardForm(item.id, new_id())
        await desk.submits(form, written(item), item.interviewer)

    async def inserted(slot: Seat) -> None:
        panel, item = slot
        card = made(item)
        now = card.version.submitted_at
        async with database.write() as tx:
            execute = tx.connection.execute
            row = {column.name: getattr(card, column.name) for column in scorecards.c}
            await execute(insert(scorecards), row | {"version": 1})
            await execute(insert(versions), version_row(card))
            said = Closing(WORKSPACE, item.id, 1, ClosingKind.SCORECARD, item.interviewer, now)
            await execute(insert(closings), asdict(said))
            this = (interviews.c.workspace == WORKSPACE) & (interviews.c.id == item.id)
            await execute(update(interviews).where(this).values(closed_at=now))
            await execute(insert(outbox), messages(panel, card))

    kinds: dict[str, Write] = {"submission": submitted, "bare insert": inserted}
    for writers in WRITERS:
        rates: dict[str, list[float]] = {kind: [] for kind in kinds}
        for number in range(ROUNDS + 1):
            for kind in list(kinds) if number % 2 else reversed(kinds):
                slots = await _slots(desk, users)
                measured = await rate(kinds[kind], slots, writers)
                if number:
                    rates[kind].append(measured)
        middle = {kind: statistics.median(values) for kind, values in rates.items()}
        print(f"Scorecards on {name}, {writers} writer{'s' if writers > 1 else ''}:")
        for kind, value in middle.items():
            print(f"  {kind:<12} {value:7.0f} a second")
        ratio = middle["submission"] / middle["bare insert"]
        print(f"  A submission: {ratio:.2f} of the bare insert of the same rows.")
    await database.close()


async def rate(write: Write, slots: Sequence[Seat], writers: int) -> float:
    """Writes a second over one round."""
    waiting = list(slots)

    async def writes() -> None:
        while waiting:
            await write(waiting.pop())

    started = time.perf_counter()
    await asyncio.gather(*(writes() for _ in range(writers)))
    return len(slots) / (time.perf_counter() - started)


async def _slots(desk: Desk, users: Sequence[str]) -> list[Seat]:
    """As many interviews as a round needs, none of which has a scorecard yet."""
    start = datetime.now(UTC) + timedelta(days=1)
    slots: list[Seat] = []
    while len(slots) < SUBMISSIONS:
        panel = await desk.set_up(*(new_interview(user, start) for user in users), id=new_id())
        slots += [(panel, item) for item in panel.on]
    async with desk.database.write() as tx:
        await tx.connection.execute(text("ANALYZE"))  # as a database that has run for a while
    return slots


def written(item: Interview) -> ScorecardBody:
    return body(item.focus, "Found the cause by halving the search, and proved it. " * 8)


def made(item: Interview) -> Scorecard:
    now = datetime.now(UTC)
    version = ScorecardVersion(1, written(item), new_id(), now)
    return Scorecard(new_id(), WORKSPACE, item.id, item.interviewer, False, now, version)


def messages(panel: Panel, card: Scorecard) -> list[dict[str, object]]:
    """The receipt, and for each organizer the two that say how far the panel has come."""
    organizers = dict.fromkeys((panel.recruiter, panel.hiring_manager))
    ids = {
        "workspace": WORKSPACE,
        "panel": panel.id,
        "interview": card.interview,
        "scorecard": card.id,
    }
    enqueued = [
        (f"receipt:{card.id}:1", MessageKind.SCORECARD_RECEIPT, card.interviewer, {"part": 1}),
        *(
            (f"{name}:{card.id}:{organizer}", kind, organizer, {})
            for organizer in organizers
            for name, kind in (
                ("progress", MessageKind.SCORECARD_ARRIVED),
                ("all_in", MessageKind.SCORECARDS_ALL_IN),
            )
        ),
    ]
    return [
        {
            **ids,
            "key": key,
            "kind": kind,
            "recipient": recipient,
            "payload": payload,
            "due_at": card.submitted_at,
            "state": MessageState.DUE,
            "attempts": 0,
        }
        for key, kind, recipient, payload in enqueued
    ]

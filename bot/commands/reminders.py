"""`panelist remind`: look ahead, or perform a tick."""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import logs
from bot.clock import MovableClock, SystemClock
from bot.commands import DONE, FAULTS
from bot.config import Settings, load_settings
from bot.domain.dates import in_utc
from bot.domain.messages import MessageState, OutboxMessage
from bot.errors import UserError
from bot.library.content import LoadedContent, load_content
from bot.services.reminders import REMINDER_KINDS, Planned, foresee, rebuild
from bot.storage.database import Database
from bot.storage.migrate import LACKS_MIGRATIONS, is_current
from bot.wiring import wire

ROUNDS = 5
"""How often a tick made by hand looks again, a second later: one recipient gets one a second."""


@dataclass(frozen=True)
class Outcome:
    """What became of a message that was planned; `is_settled`: there is no more to be done."""

    planned: Planned
    what: str
    is_settled: bool

    def __str__(self) -> str:
        return f"{_line(self.planned)} ({self.what})"


def remind(options: argparse.Namespace) -> int:
    settings = load_settings()
    if options.dry_run:
        print("\n".join(asyncio.run(_look_ahead(settings, options.at))))
        return DONE
    logs.set_up(settings.log_level, settings.log_format, settings.secrets)
    content = load_content(settings.panelist_content)
    outcomes = asyncio.run(_remind(settings, content, options.at))
    print("\n".join(str(one) for one in outcomes) or "Nothing was due.")
    return DONE if all(one.is_settled for one in outcomes) else FAULTS


async def _look_ahead(settings: Settings, at: datetime | None) -> Sequence[str]:
    """Who would get what and why, a line each; nothing is changed or sent."""
    database = Database(settings.database_url)
    try:
        database.require_file()
        if not await is_current(database):
            raise UserError(LACKS_MIGRATIONS)
        planned = await foresee(database, at or SystemClock().now())
    finally:
        await database.close()
    return [_line(one) for one in planned] or ["No one would get anything."]


async def _remind(
    settings: Settings, content: LoadedContent, at: datetime | None
) -> Sequence[Outcome]:
    """Performs the tick of this moment, and gives what became of what it planned."""
    clock, real = MovableClock(), SystemClock()
    if at is not None:
        clock.set(at)
    application = wire(settings, content, clock, real)
    try:
        application.database.require_file()
        await application.connect()
        planned = await application.reminders.tick()
        for _ in range(ROUNDS):
            await application.outbox.tick()
            async with application.database.read() as tx:
                if not await tx.outbox.has_due(clock.now(), REMINDER_KINDS, [], real.now()):
                    break
            await asyncio.sleep(1)
        outcomes = await _outcomes(application.database, planned, clock.now())
        # What lies between now and that moment has to be looked at all the same.
        await rebuild(application.database, real.now())
    finally:
        await application.outbox.stop()
        await application.disconnect()
        await application.database.close()
    return outcomes


async def _outcomes(
    database: Database, planned: Sequence[Planned], now: datetime
) -> Sequence[Outcome]:
    found: dict[tuple[str, str], OutboxMessage] = {}
    async with database.read() as tx:
        for workspace in sorted({one.workspace for one in planned}):
            keys = [one.key for one in planned if one.workspace == workspace]
            rows = await tx.outbox.several(workspace, keys)
            found |= {(workspace, row.key): row for row in rows}
    return [_outcome(one, found.get((one.workspace, one.key)), now) for one in planned]


def _outcome(one: Planned, row: OutboxMessage | None, now: datetime) -> Outcome:
    if row is None:
        return Outcome(one, "nothing left to say", is_settled=True)
    if row.state is MessageState.SENT:
        return Outcome(one, "sent", is_settled=True)
    if row.state is MessageState.FAILED:
        return Outcome(one, f"not sent: {row.error}", is_settled=False)
    if one.due_at > now:
        return Outcome(one, "will be sent then", is_settled=True)
    return Outcome(one, "not sent yet: Panelist tries again while it runs", is_settled=False)


def _line(one: Planned) -> str:
    kind = one.kind.partition(".")[2]
    return f"{_when(one.due_at)}  {one.workspace}  {one.person}  {kind}: {one.why}"


def _when(moment: datetime) -> str:
    return in_utc(moment)

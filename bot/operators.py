"""What operators do from the command line: look ahead, perform a tick, examine."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.app import Application, Content
from bot.clock import MovableClock, SystemClock
from bot.config import Settings
from bot.domain.people import unreachable_because
from bot.errors import UserError
from bot.services.reminder_messages import Kind
from bot.services.reminders import Planned, foresee, looks_that_disagree, rebuild
from bot.services.scorecard_messages import Kind as ScorecardKind
from bot.storage.database import Database
from bot.storage.migrate import is_current, upgrade
from handlers.directory import SlackDirectory
from handlers.notifier import SlackNotifier

LATE = timedelta(minutes=10)
ROUNDS = 5
"""How often a tick made by hand looks again, a second later: one recipient gets one a second."""

ABOUT_REMINDERS = (Kind.DIGEST, Kind.LATER, Kind.NUDGE)


async def look_ahead(settings: Settings, at: datetime | None) -> Sequence[str]:
    """Who would get what and why, a line each; nothing is changed or sent."""
    database = Database(settings.database_url)
    try:
        await upgrade(database)
        planned = await foresee(database, at or SystemClock().now())
    finally:
        await database.close()
    return [_line(one) for one in planned] or ["Nobody would get anything."]


async def remind(settings: Settings, content: Content, at: datetime | None) -> Sequence[str]:
    """Performs the tick of this moment, and gives what it planned, a line each."""
    clock, real = MovableClock(), SystemClock()
    if at is not None:
        clock.set(at)
    application = Application(settings, content, clock, real)
    try:
        await upgrade(application.database)
        await application.notifier.start()
        planned = await application.reminders.tick()
        for _ in range(ROUNDS):
            await application.outbox.tick()
            async with application.database.read() as tx:
                if not await tx.outbox.has_due(clock.now(), list(Kind), [], real.now()):
                    break
            await asyncio.sleep(1)
        # What lies between now and that moment has to be looked at all the same.
        await rebuild(application.database, real.now())
    finally:
        await application.outbox.stop()
        await application.notifier.stop()
        await application.database.close()
    return [_line(one) for one in planned] or ["Nothing was due."]


async def examine(settings: Settings, *, repair: bool) -> Sequence[str]:
    """What is amiss with reminders, and which receipts Slack refused, a line each.

    With `repair` what can be is put right.
    """
    now = SystemClock().now()
    database = Database(settings.database_url)
    try:
        if not await is_current(database):
            return ["The database lacks migrations: run panelist db upgrade."]
        async with database.read() as tx:
            late = await tx.reminders.late(now - LATE)
            unreached = await tx.reminders.unreached(ABOUT_REMINDERS)
            refused = await tx.reminders.unreached([ScorecardKind.RECEIPT])
            wrong = await looks_that_disagree(tx, now)
            owing = {(debt.workspace, debt.owner) for debt in await tx.reminders.all_debts(now)}
        found = [f"Late: {count} {what}." for what, count in late.items() if count]
        found += [f"Not reached: {who} in {where} ({why})." for where, who, why in unreached]
        found += [
            f"Receipt not delivered: {who} in {where} ({why})." for where, who, why in refused
        ]
        found += await _unreachable(settings, sorted(owing))
        found += [
            f"Looked at too late: {one.person} in {one.workspace}, at {stored or 'no time'} "
            f"rather than {one.next_digest_at}."
            for one, stored in wrong
        ]
        if repair and wrong:
            found.append(f"Repaired: {await rebuild(database, now)} people.")
    finally:
        await database.close()
    return found


async def _unreachable(settings: Settings, owing: Sequence[tuple[str, str]]) -> list[str]:
    """Those who owe something and cannot be written to, as far as Slack can be asked."""
    if settings.slack_bot_token is None:
        return []
    notifier = SlackNotifier(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    await notifier.start()
    directory = SlackDirectory(notifier, SystemClock())
    found = []
    try:
        for workspace, user in owing:
            try:
                why = unreachable_because(await directory.person(workspace, user), workspace)
            except UserError as error:
                why = f"is not known: {error.text}"
            if why is not None:
                found.append(f"Cannot be reached: {user} in {workspace} {why}.")
    finally:
        await notifier.stop()
    return found


def _line(one: Planned) -> str:
    when = f"{one.due_at:%Y-%m-%d %H:%M} UTC"
    return f"{when}  {one.workspace}  {one.person}  {one.kind.partition('.')[2]}: {one.why}"

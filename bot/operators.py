"""What operators do from the command line: look ahead, perform a tick, examine."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.app import Application, Content
from bot.clock import MovableClock, SystemClock
from bot.config import Settings
from bot.domain.messages import MessageState, OutboxMessage
from bot.domain.people import unreachable_because
from bot.errors import SettingsError, UserError
from bot.services.members import UNKNOWN
from bot.services.messages.registry import MESSAGES
from bot.services.reminders import REMINDER_KINDS, Planned, foresee, rebuild, stale_checks
from bot.services.workspace import WorkspaceService
from bot.storage.database import Database, Transaction
from bot.storage.migrate import is_current
from handlers.directory import SlackDirectory
from handlers.installations import OneInstallation
from handlers.slack import Slack
from handlers.slack_api import SlackApi
from handlers.slack_errors import SlackRefused

LACKS_MIGRATIONS = "The database lacks migrations: run panelist db upgrade."

LATE = timedelta(minutes=10)
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


@dataclass(frozen=True)
class Examined:
    """What `doctor` found amiss and still is, and for how many people it put something right."""

    faults: Sequence[str]
    repaired: int = 0


async def look_ahead(settings: Settings, at: datetime | None) -> Sequence[str]:
    """Who would get what and why, a line each; nothing is changed or sent."""
    database = Database(settings.database_url)
    try:
        database.require_file()
        if not await is_current(database):
            raise UserError(LACKS_MIGRATIONS)
        planned = await foresee(database, at or SystemClock().now())
    finally:
        await database.close()
    return [_line(one) for one in planned] or ["Nobody would get anything."]


async def remind(settings: Settings, content: Content, at: datetime | None) -> Sequence[Outcome]:
    """Performs the tick of this moment, and gives what became of what it planned."""
    clock, real = MovableClock(), SystemClock()
    if at is not None:
        clock.set(at)
    application = Application(settings, content, clock, real)
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
        return Outcome(one, "nothing was left to say", is_settled=True)
    if row.state is MessageState.SENT:
        return Outcome(one, "sent", is_settled=True)
    if row.state is MessageState.FAILED:
        return Outcome(one, f"not sent: {row.error}", is_settled=False)
    if one.due_at > now:
        return Outcome(one, "comes then", is_settled=True)
    return Outcome(one, "not sent yet: a running Panelist tries again", is_settled=False)


async def examine(settings: Settings, *, repair: bool) -> Examined:
    """What is amiss with reminders, and which messages were not delivered, a line each.

    With `repair` what can be is put right first, so that only what is left counts as a fault.
    """
    now = SystemClock().now()
    database = Database(settings.database_url)
    try:
        database.require_file()
        if not await is_current(database):
            return Examined([LACKS_MIGRATIONS])
        repaired = await rebuild(database, now) if repair else 0
        async with database.read() as tx:
            late = await tx.reminders.late(now - LATE)
            undelivered = await _undelivered(tx)
            wrong = await stale_checks(tx, now)
            owing = {
                (missing.workspace, missing.owner)
                for missing in await tx.reminders.all_missing_scorecards(now)
            }
        found = [f"Late: {count} {what}." for what, count in late.items() if count]
        found += undelivered
        found += await _unreachable(settings, database, sorted(owing))
        found += [
            f"The next reminder of {one.person} in {one.workspace} is planned for {_when(stored)} "
            f"instead of {_when(one.next_digest_at)}; run panelist doctor --repair."
            for one, stored in wrong
        ]
    finally:
        await database.close()
    return Examined(found, repaired)


async def _undelivered(tx: Transaction) -> list[str]:
    """Whom Slack refused to bring what nobody else is told of, and what failed by our own fault."""
    found = []
    for says in dict.fromkeys(message.doctor_says for message in MESSAGES if message.doctor_says):
        kinds = [message.kind for message in MESSAGES if message.doctor_says == says]
        refused = await tx.outbox.refused(kinds)
        found += [f"{says}: {who} in {where} ({why})." for where, who, why in refused]
    return found + [
        f"Not sent by a fault of Panelist's own: {count} {kind} in {where}; the log says why at "
        "outbox.broken."
        for where, kind, count in await tx.outbox.own_faults()
    ]


async def _unreachable(
    settings: Settings, database: Database, owing: Sequence[tuple[str, str]]
) -> list[str]:
    """Those who owe something and cannot be written to, as far as Slack can be asked."""
    if settings.slack_bot_token is None or not owing:
        return []
    api, token = SlackApi(settings.slack_api_url), settings.slack_bot_token.get_secret_value()
    await api.start()
    installations = OneInstallation(token, api.identity, WorkspaceService(database))
    directory = SlackDirectory(Slack(api, installations), SystemClock())
    found: list[str] = []
    try:
        await installations.start()
        for workspace, user in owing:
            try:
                why = unreachable_because(await directory.person(workspace, user), workspace)
            except SlackRefused as refusal:
                if refusal.error not in UNKNOWN:
                    return [*found, f"Slack could not be asked who can be reached: {refusal.text}"]
                why = "is not known to Slack"
            except UserError as error:
                return [*found, f"Slack could not be asked who can be reached: {error.text}"]
            if why is not None:
                found.append(f"Cannot be reached: {user} in {workspace} {why}.")
    except SettingsError as error:
        return [error.text]
    finally:
        await installations.stop()
        await api.stop()
    return found


def _line(one: Planned) -> str:
    kind = one.kind.partition(".")[2]
    return f"{_when(one.due_at)}  {one.workspace}  {one.person}  {kind}: {one.why}"


def _when(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment is not None else "no time"

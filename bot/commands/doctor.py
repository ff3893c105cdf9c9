"""`panelist doctor`: what is amiss, and what of it can be put right."""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import SystemClock
from bot.commands import DONE, FAULTS
from bot.config import Settings, load_settings
from bot.domain.dates import in_utc
from bot.domain.people import unreachable_because
from bot.errors import SettingsError, UserError
from bot.services.members import UNKNOWN
from bot.services.messages.registry import MESSAGES
from bot.services.messages.reminders_due import stale_checks
from bot.services.reminders import rebuild
from bot.services.workspace import WorkspaceService
from bot.storage.choices import WrongChoices
from bot.storage.database import Database, Transaction
from bot.storage.migrate import LACKS_MIGRATIONS, is_current
from handlers.directory import SlackDirectory
from handlers.installations import OneInstallation
from handlers.slack import Slack
from handlers.slack_api import SlackApi
from handlers.slack_errors import SlackRefused

LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class Examined:
    """What `doctor` found amiss and still is, and for how many people it put something right."""

    faults: Sequence[str]
    repaired: int = 0


def doctor(options: argparse.Namespace) -> int:
    examined = asyncio.run(examine(load_settings(), repair=options.repair))
    if count := examined.repaired:
        print(f"Repaired: {count} {'reminder' if count == 1 else 'reminders'}.")
    print("\n".join(examined.faults) or "No faults.")
    return FAULTS if examined.faults else DONE


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
            unusable = await tx.choices.wrong()
            owing = {
                (missing.workspace, missing.owner)
                for missing in await tx.reminders.all_missing_scorecards(now)
            }
        found = [f"Late: {count} {what}." for what, count in late.items() if count]
        found += undelivered
        found += await _unreachable(settings, database, sorted(owing))
        found += [_unusable(one) for one in unusable]
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
        f"Not sent because of a bug in Panelist: {count} {kind} in {where}; see the log at "
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
                    return [*found, f"Couldn't ask Slack who can be reached: {refusal.text}"]
                why = "isn't known to Slack"
            except UserError as error:
                return [*found, f"Couldn't ask Slack who can be reached: {error.text}"]
            if why is not None:
                found.append(f"Can't be reached: {user} in {workspace} {why}.")
    except SettingsError as error:
        return [error.text]
    finally:
        await installations.stop()
        await api.stop()
    return found


def _unusable(one: WrongChoices) -> str:
    whose = f"{one.person} in {one.workspace}" if one.person else f"the workspace {one.workspace}"
    return (
        f"Not usable in the reminder settings of {whose}: {', '.join(one.fields)}. The default "
        "holds meanwhile; run panelist doctor --repair."
    )


def _when(moment: datetime | None) -> str:
    return in_utc(moment) if moment is not None else "no time"

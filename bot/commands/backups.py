"""`panelist backup` and `panelist restore`."""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.clock import SystemClock
from bot.commands import DONE
from bot.commands.outbox import line
from bot.config import load_settings
from bot.domain.messages import MessageState, OutboxMessage
from bot.domain.records.erasing import Backup
from bot.services.reminders import plan_all
from bot.storage import backups
from bot.storage.database import Database
from bot.storage.migrate import is_current, upgrade
from bot.storage.records.erasures import LONGEST_FILE


def backup(options: argparse.Namespace) -> int:
    file = Path(options.file)
    asyncio.run(_back_up(load_settings().database_url, file.absolute()))
    print(f"Backed up to {file} ({file.stat().st_size:,} bytes).")
    return DONE


async def _back_up(url: str, file: Path) -> None:
    """Whoever erases a candidate later has to know of it."""
    await backups.back_up(url, file)
    database = Database(url)
    try:
        if await is_current(database):
            async with database.write() as tx:
                made = Backup(str(file)[:LONGEST_FILE], SystemClock().now())
                await tx.erasures.made_backup(made)
    finally:
        await database.close()


def restore(options: argparse.Namespace) -> int:
    file = Path(options.file)
    url = load_settings().database_url
    held = asyncio.run(backups.restore(url, file, hold_what_was_due, replace=options.replace))
    print(f"Restored {file}.")
    if held:
        print("\n".join(line(one) for one in held))
        print(
            f"Messages held: {len(held)}. They were due before now, so they may have been sent "
            "after the backup. To send those that Slack doesn't have: panelist outbox --release"
        )
    return DONE


async def hold_what_was_due(database: Database) -> Sequence[OutboxMessage]:
    """Brings a restored database up to date, and holds back every message that was due by now: what
    is in it, and what would be planned for moments that have passed since the backup."""
    await upgrade(database)
    now = SystemClock().now()
    async with database.write() as tx:
        await plan_all(tx, now)
        await tx.undelivered.hold(now)
        return await tx.undelivered.listed(MessageState.HELD)

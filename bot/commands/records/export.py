"""`panelist export`: everything out."""

import asyncio
from argparse import Namespace
from pathlib import Path

from bot.clock import SystemClock
from bot.commands import DONE
from bot.commands.database import opened
from bot.commands.records.progress import ProgressLine
from bot.config import Settings, load_settings
from bot.storage.records.export import Exported
from bot.storage.records.export import export as write_export

KEEP = "They name candidates and hold feedback: keep the folder where only you can read it."


def export(options: Namespace) -> int:
    """Writes it. Raises UserError where it can't be written."""
    folder = Path(options.folder)
    done = asyncio.run(_export(load_settings(), folder))
    print(f"Exported {done.rows:,} rows of {done.tables} tables to {folder}. {KEEP}")
    return DONE


async def _export(settings: Settings, folder: Path) -> Exported:
    async with opened(settings) as database:
        with ProgressLine() as told:
            return await write_export(database, folder, SystemClock().now(), told)

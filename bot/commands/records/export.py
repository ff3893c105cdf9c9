"""`panelist export`: everything out."""

import asyncio
import sys
import time
from argparse import Namespace
from pathlib import Path

from bot.clock import SystemClock
from bot.commands import DONE
from bot.commands.database import opened
from bot.config import Settings, load_settings
from bot.storage.records.export import Exported
from bot.storage.records.export import export as write_export

OFTEN, SELDOM = 0.2, 10.0
"""Seconds between two lines of progress: on a terminal, where each takes the last one's place, and
in a log."""


def export(options: Namespace) -> int:
    """Writes it. Raises UserError where it can't be written."""
    folder = Path(options.folder)
    done = asyncio.run(_export(load_settings(), folder))
    print(f"Exported {done.rows:,} rows of {done.tables} tables to {folder}.")
    print("They name candidates and hold feedback: keep the folder where only you can read it.")
    return DONE


async def _export(settings: Settings, folder: Path) -> Exported:
    async with opened(settings) as database:
        with_progress = ProgressLine()
        try:
            return await write_export(database, folder, SystemClock().now(), with_progress)
        finally:
            with_progress.close()


class ProgressLine:
    """How far it is, on standard error."""

    def __init__(self) -> None:
        self._replaces = sys.stderr.isatty()
        self._told_at = time.monotonic()
        self._has_line = False

    def __call__(self, table: str, rows: int) -> None:
        now = time.monotonic()
        if now - self._told_at < (OFTEN if self._replaces else SELDOM):
            return
        self._told_at, self._has_line = now, True
        text = f"{table}: {rows:,} rows"
        if self._replaces:
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)

    def close(self) -> None:
        if self._replaces and self._has_line:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

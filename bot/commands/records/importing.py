"""`panelist import`: an export, put into this database."""

import asyncio
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from bot.clock import SystemClock
from bot.commands import DONE, FAULTS
from bot.commands.database import opened
from bot.commands.hires import COMMAND_LINE
from bot.commands.records.progress import ProgressLine
from bot.config import Settings, load_settings
from bot.services.records.noting import IMPORTED, note
from bot.storage.database import Transaction
from bot.storage.records.importing import Imported, Taken
from bot.storage.records.importing import load as load_export


def load(options: Namespace) -> int:
    """Adds what is new, and prints what became of each table. Raises UserError."""
    done = asyncio.run(_load(load_settings(), Path(options.path), dry_run=options.dry_run))
    print("\n".join(_lines(done, dry_run=options.dry_run)))
    return FAULTS if any(one.different for one in done.tables) else DONE


async def _load(settings: Settings, folder: Path, *, dry_run: bool) -> Imported:
    now = SystemClock().now()

    async def noted(tx: Transaction, workspace: str | None) -> None:
        await note(tx, IMPORTED, workspace, str(workspace), COMMAND_LINE, now)

    async with opened(settings) as database:
        with ProgressLine() as told:
            return await load_export(database, folder, now, told, noted, dry_run=dry_run)


def _lines(done: Imported, *, dry_run: bool) -> Iterator[str]:
    if done.was is not None:
        yield f"Rows of the workspace {done.was} become rows of {done.workspace}."
    for one in done.tables:
        if one.new or one.same or one.different:
            yield _line(one)
            yield from (f"  different: {key}" for key in one.different)
    new, differ = (
        sum(one.new for one in done.tables),
        sum(len(one.different) for one in done.tables),
    )
    if differ:
        yield f"Rows that differ stay as they are here: {differ:,}."
    if done.held:
        yield (
            f"Messages held: {done.held:,}. They may have been sent after the export. To send "
            "those that Slack doesn't have: panelist outbox --release"
        )
    yield f"Rows that would be added: {new:,}." if dry_run else f"Added {new:,} rows."


def _line(one: Taken) -> str:
    counts = f"{one.new:,} new, {one.same:,} there already, {len(one.different):,} different"
    return f"{one.table}: {counts}"

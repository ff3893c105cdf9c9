"""`panelist export`: everything out."""

import asyncio
from argparse import Namespace
from pathlib import Path

from bot.clock import SystemClock
from bot.commands import DONE
from bot.commands.database import opened
from bot.commands.hires import COMMAND_LINE
from bot.commands.records.progress import ProgressLine
from bot.config import Settings, load_settings
from bot.domain.names import readable
from bot.library.content import load_content
from bot.library.formats import Format
from bot.services.records.candidate_file import candidate_file
from bot.services.records.noting import EXPORTED, note
from bot.services.workspace import WorkspaceService
from bot.storage.records.export import Exported
from bot.storage.records.export import export as write_export
from bot.storage.records.folder import add_file, as_json, require_new, written_beside

PAGE, JSON = "candidate.html", "candidate.json"

KEEP = "They name candidates and hold feedback: keep the folder where only you can read it."


def export(options: Namespace) -> int:
    """Writes it. Raises UserError where it can't be written."""
    folder = Path(options.folder)
    if options.anonymous and options.candidate is None:
        options.bad_use("--anonymous needs --candidate: an export of everything has to be whole")
    if options.candidate is not None:
        asyncio.run(_export_one(load_settings(), folder, options))
        print(f"Exported to {folder}. Read {folder / PAGE} before you hand it over.")
        return DONE
    done = asyncio.run(_export(load_settings(), folder))
    print(f"Exported {done.rows:,} rows of {done.tables} tables to {folder}. {KEEP}")
    return DONE


async def _export(settings: Settings, folder: Path) -> Exported:
    """It is noted before anything leaves, so that nothing leaves without a note."""
    require_new(folder)
    now = SystemClock().now()
    async with opened(settings) as database:
        workspace = await WorkspaceService(database).known()
        async with database.write() as tx:
            await note(tx, EXPORTED, workspace, str(workspace), COMMAND_LINE, now)
        with ProgressLine() as told:
            return await write_export(database, folder, now, told)


async def _export_one(settings: Settings, folder: Path, options: Namespace) -> None:
    documents = load_content(settings.panelist_content).documents
    now, id = SystemClock().now(), readable(options.candidate)
    require_new(folder)
    async with opened(settings) as database:
        async with database.write() as tx:
            workspace = await tx.candidates.workspace_of(id)
            await note(tx, EXPORTED, workspace, id, COMMAND_LINE, now)
        async with database.read() as tx:
            found = await candidate_file(tx, id, now, anonymous=options.anonymous)
        page = documents.document("candidate", Format.HTML, file=found)
    with written_beside(folder) as partial:
        texts: list[tuple[str, str | bytes]] = [(JSON, as_json(found.as_json)), (PAGE, page)]
        for name, content in [*texts, *found.files]:
            add_file(partial, name, content)

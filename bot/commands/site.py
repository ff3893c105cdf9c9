"""`panelist site build`: the jobs pages as files for any host."""

import argparse
import asyncio
from itertools import chain
from pathlib import Path

from bot.clock import SystemClock
from bot.commands import DONE
from bot.commands.database import opened
from bot.config import Settings, load_settings
from bot.domain.site.jobs import Snapshot
from bot.errors import UserError
from bot.library.content import LoadedContent
from bot.library.trial import load_tried
from bot.services.frozen_contents import Contents
from bot.services.site.files import files_of, library_files, write
from bot.services.site.reading import SiteReading
from bot.services.site.rendering import Site
from bot.services.workspace import WorkspaceService
from bot.storage.database import Database

WHERE = "Say where the pages will be: --base https://jobs.example.com, or set PANELIST_PUBLIC_URL."


def build(options: argparse.Namespace) -> int:
    """Writes the site into a folder. Raises UserError."""
    settings = load_settings(**({"panelist_public_url": options.base} if options.base else {}))
    base, folder = settings.panelist_public_url, Path(options.folder)
    if base is None:
        raise UserError(WHERE)
    content = load_tried(settings.panelist_content)
    now = asyncio.run(_snapshot(settings, content, may_lack=options.library))
    site = Site(
        content,
        base,
        settings.panelist_content,
        are_files=True,
        has_library=options.library,
    )
    files = files_of(site, now)
    if options.library:
        files = chain(files, library_files(content, site, now))
    try:
        count = write(folder, files)
    except OSError as error:
        raise UserError(
            f"{error.filename or folder} can't be written ({error.strerror})."
        ) from None
    print(f"Wrote {count} files to {folder}: {_jobs(len(now.open))}. They belong at {base}")
    return DONE


def _jobs(count: int) -> str:
    return f"{count} open {'job' if count == 1 else 'jobs'}"


async def _snapshot(settings: Settings, content: LoadedContent, *, may_lack: bool) -> Snapshot:
    """The openings; none where nobody has opened any, and the library is what is wanted."""
    file = Database(settings.database_url).file
    now = SystemClock().now()
    if may_lack and file is not None and not file.exists():
        return Snapshot((), now)
    async with opened(settings) as database:
        workspace = await WorkspaceService(database).known()
        if workspace is None:
            return Snapshot((), now)
        async with database.read() as tx:
            reading = SiteReading(content.library, Contents())
            return await reading.snapshot(tx, workspace, now)

"""What is done with files after they were sent: scanned, read, removed once nobody needs them."""

import asyncio
import logging
import time
from datetime import timedelta

from bot.domain.apply.submission import ScanState
from bot.library.apply import text_of
from bot.services.apply.scanning import NoScan, Scanner
from bot.services.ports import Clock
from bot.storage.apply.files import StoredFile
from bot.storage.database import Database

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Files that are read at one tick, one after the other."""

CLEAN_EVERY = 60.0
"""Seconds between two looks for files that nobody needs any more."""

KEPT_APART = timedelta(days=30)
"""For so long somebody can free what is suspected to be spam."""

SCAN_AGAIN = 60.0
"""Seconds for which a scanner that gave no answer is left alone: meanwhile files wait for it."""


class FileKeeping:
    """Works through the files beside everything else: no request waits for it."""

    def __init__(self, database: Database, scanner: Scanner | None, clock: Clock) -> None:
        self._database = database
        self._scanner = scanner
        self._clock = clock
        self._clean_at = 0.0
        self._scan_at = 0.0

    async def tick(self) -> None:
        if (now := time.monotonic()) >= self._clean_at:
            async with self._database.write() as tx:
                await tx.files.remove_expired(self._clock.now())
                await tx.submissions.remove_apart(self._clock.now() - KEPT_APART)
            self._clean_at = now + CLEAN_EVERY
        for _ in range(AT_ONCE):
            if time.monotonic() < self._scan_at or not await self._read_next():
                return

    async def _read_next(self) -> bool:
        """Reads the next file; no where there is none, or where it has to wait."""
        async with self._database.read() as tx:
            file = await tx.files.next_unread()
        if file is None:
            return False
        scan = ScanState.NOT_SCANNED
        if self._scanner is not None:
            try:
                scan = await self._scanner.scan(file.content)
            except NoScan as error:
                log.warning("files.not_scanned", extra={"error": str(error)})
                self._scan_at = time.monotonic() + SCAN_AGAIN
                return False
        text = None if scan is ScanState.INFECTED else await self._text(file)
        async with self._database.write() as tx:
            await tx.files.note_read(file.workspace, file.facts.id, text, scan)
        return True

    async def _text(self, file: StoredFile) -> str | None:
        return await asyncio.to_thread(text_of, file.facts.kind, file.content)

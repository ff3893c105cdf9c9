"""Asks a virus scanner, ClamAV's clamd, about a file."""

import asyncio
import struct
from urllib.parse import urlsplit

from bot.domain.apply.submission import ScanState

WITHIN = 30.0
CHUNK = 64_000
"""Seconds for one file, and bytes that are sent at once."""

CLEAN = b"stream: OK"
FOUND = b"FOUND"


class NoScan(Exception):
    """The scanner did not say in time what it thinks of the file."""


class Scanner:
    """One at `url`, such as tcp://127.0.0.1:3310."""

    def __init__(self, url: str) -> None:
        at = urlsplit(url)
        self._host, self._port = at.hostname or "", at.port or 3310

    async def scan(self, content: bytes) -> ScanState:
        """What the scanner says of the file. Raises NoScan."""
        try:
            async with asyncio.timeout(WITHIN):
                answer = await self._asked(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise NoScan(type(error).__name__) from error
        if answer == CLEAN:
            return ScanState.CLEAN
        if answer.endswith(FOUND):
            return ScanState.INFECTED
        raise NoScan("the scanner answered something else")

    async def _asked(self, content: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                part = content[start : start + CHUNK]
                writer.write(struct.pack("!L", len(part)) + part)
                await writer.drain()
            writer.write(struct.pack("!L", 0))
            await writer.drain()
            return (await reader.readuntil(b"\0")).rstrip(b"\0\n")
        finally:
            writer.close()

"""What to tell whoever is about to post an opening: privately, and never to stop them."""

import asyncio
from collections.abc import Collection

from bot.domain.do_not_ask import findings
from bot.domain.openings.advice import advice_on
from bot.domain.openings.advice_finding import Finding
from bot.domain.openings.opening import PUBLIC
from bot.library.catalogue import Library
from bot.services.jobs import JobSheet


class OpeningAdvice:
    """Reads openings; keeps nothing of what it found, and nothing of who posted all the same."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def prepare(self) -> None:
        """Reads the weights of words, which takes long the first time, while somebody fills in a
        form: its submission has to be answered soon."""
        await asyncio.to_thread(findings, "", self._library.do_not_ask)

    async def on(self, sheet: JobSheet, known: Collection[str] = ()) -> tuple[Finding, ...]:
        """What there is to look at, but for what is known by its key."""
        found = await asyncio.to_thread(advice_on, sheet.job, self._library.advice, sheet.today)
        return tuple(one for one in found if one.key not in known)

    async def known(self, sheet: JobSheet) -> tuple[str, ...]:
        """What nobody is told again: of an opening that is public, whoever posted it was told, and
        posted it anyway. An edit may bring what is new."""
        if sheet.job.status not in PUBLIC:
            return ()
        return tuple(one.key for one in await self.on(sheet))

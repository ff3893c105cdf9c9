"""What panels and openings ask and rate by, frozen with each and kept in memory."""

from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import Panel
from bot.storage.database import Transaction

MOST_CONTENTS = 50
"""Frozen contents that are held in memory."""


class Contents:
    """Frozen content, read from the database once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], FrozenContent] = {}

    async def of(self, tx: Transaction, panel: Panel) -> FrozenContent:
        return await self.named(tx, panel.workspace, panel.content)

    async def named(self, tx: Transaction, workspace: str, id: str) -> FrozenContent:
        key = (workspace, id)
        if key not in self._known:
            while len(self._known) >= MOST_CONTENTS:
                del self._known[next(iter(self._known))]
            self._known[key] = await tx.panels.content(*key)
        return self._known[key]

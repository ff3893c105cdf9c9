"""Openings: which of them a person hires for."""

from collections.abc import Sequence

from bot.domain.openings.opening import Opening
from bot.domain.rights import Access
from bot.library.catalogue import Library
from bot.storage.database import Transaction

MOST_OFFERED = 50


async def hiring_openings(tx: Transaction, library: Library, access: Access) -> Sequence[Opening]:
    """Those being hired for in which the person has a part, the newest first.

    One whose role is no longer in the library cannot have panels any more, so it is left out.
    """
    found = await tx.openings.hiring(access.workspace, access.user, MOST_OFFERED)
    return [item for item in found if library.role(item.role) is not None]

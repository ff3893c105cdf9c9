"""Candidates of the name or email address in a form, of whom the person has a panel."""

from collections.abc import Sequence

from bot.domain.candidates import Candidate, KnownCandidate
from bot.domain.rights import Access
from bot.storage.database import Transaction
from bot.storage.panels.rows import Whose

MOST_KNOWN = 5


async def known_candidates(
    tx: Transaction, access: Access, like: Candidate
) -> Sequence[KnownCandidate]:
    """Those whom the person may see, to be asked about."""
    whose = Whose(access.user, all=access.is_admin)
    return await tx.candidates.known(access.workspace, whose, like, MOST_KNOWN)

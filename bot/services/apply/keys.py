"""What links and forms are signed with: the settings' key, or one that is made once and kept."""

import secrets

from bot.domain.apply.signing import Signer
from bot.storage.database import Database


class Keys:
    """Gives the signer of this installation; all replicas have the same."""

    def __init__(self, database: Database, key: str | None) -> None:
        self._database = database
        self._signer = Signer(key.encode()) if key is not None else None

    async def signer(self) -> Signer:
        if self._signer is None:
            async with self._database.write() as tx:
                key = await tx.submissions.key(secrets.token_hex(32))
            self._signer = Signer(key.encode())
        return self._signer

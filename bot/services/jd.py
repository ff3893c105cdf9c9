"""Posting job descriptions: finding the role, recording the posting, removing it."""

from collections.abc import Sequence
from uuid import uuid4

from bot.domain.jd import Posting
from bot.domain.questions.selection import Level
from bot.domain.rights import RIGHTS, Act, PersonKind
from bot.domain.roles import Role
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.services.ports import Clock
from bot.services.rights import NOT_YOURS, Rights, require_member
from bot.services.write_behind import WriteBehind
from bot.storage.database import Database

DRAIN = 5.0
"""Seconds that a stop gives the postings' records to reach the database."""


class JdService:
    """The use cases of `/jd`."""

    def __init__(self, library: Library, database: Database, rights: Rights, clock: Clock) -> None:
        self.library = library
        self._database = database
        self._rights = rights
        self._clock = clock
        self._records = WriteBehind(self._write)

    @property
    def unrecorded(self) -> int:
        """How many postings' records wait for the database."""
        return self._records.count

    @property
    def seconds_failing(self) -> float:
        """How long records have been waiting since the database refused some; 0 while it works."""
        return self._records.seconds_failing

    def start(self) -> None:
        self._records.start()

    async def stop(self) -> None:
        await self._records.stop(DRAIN)

    def role(self, slug: str, level: Level | None = None) -> Role:
        """The role that a button or a menu names; it may be gone since the button was made."""
        return self.library.offered(slug).at(level)

    def find(self, name: str) -> Role | None:
        """The role, at the level that the name has in it if the role is different there.

        None where the name means no role, or a level that the role has nothing of its own for.
        """
        found = self.library.find_at_level(name)
        if found is None:
            return None
        role, level = found
        at_level = role.at(level)
        return at_level if at_level.level is level else None

    def new_posting(self, role: Role, workspace: str, channel: str, user: str) -> Posting:
        """A posting about to be made, not yet recorded."""
        return Posting(
            id=uuid4().hex,
            workspace=workspace,
            channel=channel,
            role=role.slug,
            version=role.version,
            posted_by=user,
            posted_at=self._clock.now(),
        )

    def record(self, posting: Posting) -> None:
        """Takes the posting into the record, behind the answer, even while the database is away."""
        self._records.add(posting)

    async def check_removal(self, workspace: str, channel: str, user: str, posting_id: str) -> None:
        """Raises UserError unless the person posted this or is an admin."""
        kinds = require_member(await self._rights.access(workspace, user)).kinds()
        posting = await self._posting(workspace, posting_id)
        posted_here = posting is not None and posting.channel == channel
        if posting is not None and posted_here and posting.posted_by == user:
            kinds |= {PersonKind.POSTER}
        if RIGHTS[Act.REMOVE_POSTING].isdisjoint(kinds):
            raise UserError(NOT_YOURS[Act.REMOVE_POSTING])

    async def _posting(self, workspace: str, posting_id: str) -> Posting | None:
        for posting in self._records.waiting:
            if (posting.workspace, posting.id) == (workspace, posting_id):
                return posting
        async with self._database.read() as tx:
            return await tx.postings.get(workspace, posting_id)

    async def _write(self, postings: Sequence[Posting]) -> None:
        async with self._database.write() as tx:
            await tx.postings.add(postings)

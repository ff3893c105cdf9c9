"""An admin has a candidate erased: what would go is shown first, then the name is typed again."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.candidates import Candidate
from bot.domain.records.erasing import Backup, Because, Counts, ErasureState
from bot.domain.rights import Act
from bot.errors import UserError
from bot.services.ports import Clock
from bot.services.records.erasing import HELD, begin_erasure
from bot.services.rights import Rights, require
from bot.storage.database import Database, Transaction

NOBODY = "There's no such candidate, or they're erased."


class OtherName(UserError):
    """What was typed isn't the candidate's name."""

    def __init__(self) -> None:
        super().__init__("This isn't the candidate's name. Type it as it's shown above.")


@dataclass(frozen=True)
class ToErase:
    """A candidate with what of them would go, and how many messages in Slack; `state` is how far it
    is where it has begun."""

    candidate: Candidate
    counts: Counts
    messages: int
    backups: Sequence[Backup]
    state: ErasureState | None = None


class ErasureAsking:
    """Each use case raises UserError, for anybody but an admin too."""

    def __init__(self, database: Database, rights: Rights, clock: Clock) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock

    async def preview(self, workspace: str, user: str, candidate: str) -> ToErase:
        """What would be erased, or how far that is."""
        require(await self._rights.access(workspace, user), Act.ERASE)
        async with self._database.read() as tx:
            return await self._found(tx, workspace, candidate)

    async def ask(self, workspace: str, user: str, candidate: str, typed: str) -> ToErase:
        """Has them erased. Raises OtherName unless their name was typed."""
        require(await self._rights.access(workspace, user), Act.ERASE)
        now = self._clock.now()
        async with self._database.write() as tx:
            found = await self._found(tx, workspace, candidate)
            if found.state is None:
                if _words(typed) != _words(found.candidate.name):
                    raise OtherName
                await begin_erasure(tx, workspace, candidate, user, now, Because.ASKED)
            return await self._found(tx, workspace, candidate)

    async def _found(self, tx: Transaction, workspace: str, id: str) -> ToErase:
        now, person = self._clock.now(), await tx.people.person(workspace, id)
        one = await tx.candidates.get(workspace, id)
        if person is None or one is None:
            raise UserError(NOBODY)
        begun = await tx.erasures.get(workspace, await tx.people.root(person))
        state = await tx.erasures.state_of(begun) if begun is not None else None
        if state is None and await tx.erasures.held(workspace, person.ids):
            raise UserError(HELD)
        messages = [one for one in await tx.people.messages(person, now) if one.ts is not None]
        counts = await tx.people.counts(person)
        return ToErase(one, counts, len(messages), await tx.erasures.backups(now), state)


def _words(name: str) -> list[str]:
    return name.casefold().split()

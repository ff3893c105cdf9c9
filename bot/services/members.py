"""Who is a member of a workspace: what Slack says, or last said where it does not answer."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.caches import is_within, keep
from bot.domain.people import Person, SeenMember, unreachable_because
from bot.domain.rights import PersonKind
from bot.errors import UserError
from bot.services.ports import Clock, Directory, OutcomeUnknown, Refused
from bot.storage.database import Database

UNKNOWN = frozenset({"user_not_found", "users_not_found", "user_not_visible"})
"""Slack's words for somebody who cannot be seen from the workspace."""

GOOD_FOR = timedelta(hours=24)
"""For so long somebody counts as a member while Slack does not say."""

FRESH = timedelta(minutes=1)
WRITE_EVERY = timedelta(minutes=5)
FLUSH_EVERY = timedelta(seconds=30)
"""Seldom, since SQLite has one writer, whom people wait for; a crash forgets the last of it."""

MOST_KNOWN = 5_000

ASK_WITHIN = 1.5
"""Seconds that Slack is waited for: an ack has three in all."""


class CannotTell(OutcomeUnknown):
    """Slack does not say who somebody is, and nothing was done."""

    def __init__(self) -> None:
        super().__init__(
            "Slack isn't answering, so Panelist can't check who you are. Nothing was done. "
            "Please try again in a minute."
        )


@dataclass(frozen=True)
class Sighting:
    """What somebody was when Slack last said: MEMBER, GUEST or STRANGER, and where they are.

    `is_admin`: Slack says now that they are one of the workspace's owners and admins.
    """

    kind: PersonKind
    zone: str
    at: datetime
    is_admin: bool = False

    def is_good(self, now: datetime) -> bool:
        """Whether it still counts while Slack does not say: of outsiders it always does."""
        return self.kind is not PersonKind.MEMBER or abs(now - self.at) <= GOOD_FOR


class Members:
    """Remembers who was seen as a member, and writes it down: at a `tick` now and then, and all of
    it at a `flush`."""

    def __init__(self, database: Database, directory: Directory, clock: Clock) -> None:
        self._database = database
        self._directory = directory
        self._clock = clock
        self._seen: dict[tuple[str, str], Sighting] = {}
        self._written: dict[tuple[str, str], Sighting] = {}
        self._unwritten: dict[tuple[str, str], Sighting] = {}
        self._flushed_at = clock.now()

    def seen(self, workspace: str, user: str) -> Sighting | None:
        """What the person was within the last minute, where they were asked for then."""
        known = self._seen.get((workspace, user))
        return known if known and is_within(FRESH, known.at, self._clock.now()) else None

    async def look(self, workspace: str, user: str, within: float = ASK_WITHIN) -> Sighting:
        """What the person is to the workspace, asked of Slack for so many seconds at most.

        Who was seen within the last minute is not asked for again, since every request comes here.
        Raises UserError where Slack does not say, and the person was not seen as a member within
        the last day.
        """
        known = self.seen(workspace, user)
        if known is not None:
            return known
        try:
            async with asyncio.timeout(within):
                person = await self._directory.person(workspace, user)
                is_admin = await self._directory.is_workspace_admin(workspace, user)
        except Refused as refused:
            if refused.error in UNKNOWN:
                return self._note(workspace, user, PersonKind.STRANGER, "UTC")
            return await self._remembered(workspace, user, refused)
        except (OutcomeUnknown, TimeoutError):
            return await self._remembered(workspace, user, CannotTell())
        return self._note(workspace, user, _kind(person, workspace), person.tz, is_admin)

    async def tick(self) -> None:
        now = self._clock.now()
        if not is_within(FLUSH_EVERY, self._flushed_at, now):
            self._flushed_at = now
            await self.flush()

    async def flush(self) -> None:
        """Writes down who was seen; what could not be written is kept for the next time."""
        if not self._unwritten:
            return
        writing, self._unwritten = self._unwritten, {}
        kept = [
            SeenMember(workspace, user, seen.zone, seen.at)
            for (workspace, user), seen in writing.items()
            if seen.kind is PersonKind.MEMBER
        ]
        gone = [who for who, seen in writing.items() if seen.kind is not PersonKind.MEMBER]
        try:
            async with self._database.write() as tx:
                await tx.members.put(kept)
                await tx.members.remove(gone)
                await tx.members.remove_before(self._clock.now() - GOOD_FOR)
        except BaseException:
            self._unwritten = writing | self._unwritten
            raise

    def _note(
        self, workspace: str, user: str, kind: PersonKind, zone: str, is_admin: bool = False
    ) -> Sighting:
        who, seen = (workspace, user), Sighting(kind, zone, self._clock.now(), is_admin)
        keep(self._seen, who, seen, MOST_KNOWN)
        if _is_worth_writing(seen, self._written.get(who)):
            keep(self._written, who, seen, MOST_KNOWN)
            keep(self._unwritten, who, seen, MOST_KNOWN)
        return seen

    async def _remembered(self, workspace: str, user: str, why_not: UserError) -> Sighting:
        """What the person was. Raises `why_not` where that is not known, or too long ago."""
        seen = self._seen.get((workspace, user)) or await self._read(workspace, user)
        if seen is None or not seen.is_good(self._clock.now()):
            raise why_not
        return replace(seen, is_admin=False)

    async def _read(self, workspace: str, user: str) -> Sighting | None:
        async with self._database.read() as tx:
            row = await tx.members.get(workspace, user)
        return None if row is None else Sighting(PersonKind.MEMBER, row.zone, row.seen_at)


def _is_worth_writing(seen: Sighting, written: Sighting | None) -> bool:
    if written is None or written.kind is not seen.kind:
        return True
    is_written = is_within(WRITE_EVERY, written.at, seen.at)
    return seen.kind is PersonKind.MEMBER and not is_written


def _kind(person: Person, workspace: str) -> PersonKind:
    if unreachable_because(person, workspace) is None:
        return PersonKind.MEMBER
    is_guest = person.restricted and person.team == workspace
    return PersonKind.GUEST if is_guest else PersonKind.STRANGER

"""The app's home: one's own debts, interviews and reminders."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain.audit import Entry, new_id
from bot.domain.home import Home
from bot.domain.panels import Action
from bot.domain.reminders import Cadence, Reminded, next_look
from bot.errors import UserError
from bot.services.ports import Clock, Directory
from bot.services.rights import Rights, require
from bot.storage.database import Database, Transaction

MOST_LISTED = 10
MOST_READ = 100
MOST_HOLIDAYS = 200

AT_ONCE = 20
"""Homes that are shown anew at one tick."""


class HomeService:
    """Nothing but what is the reader's own is ever in it."""

    def __init__(
        self, database: Database, directory: Directory, rights: Rights, clock: Clock
    ) -> None:
        self._database = database
        self._directory = directory
        self._rights = rights
        self._clock = clock

    async def opened(self, workspace: str, user: str) -> Home:
        """The home of somebody who has opened it; where they are is noted on the way."""
        zone = await self._zone(workspace, user)
        is_admin = await self._is_admin(workspace, user)
        now = self._clock.now()
        async with self._database.write() as tx:
            await tx.homes.opened(workspace, user, now)
            known = await tx.reminders.get(workspace, user, lock=True)
            if known is None or zone not in (None, known.zone):
                person = known or Reminded(workspace, user)
                await tx.reminders.put([replace(person, zone=zone or person.zone)])
                await tx.reminders.look_again(workspace, user, now)
            return await self._home(tx, workspace, user, is_admin=is_admin)

    async def of(self, workspace: str, user: str) -> Home:
        is_admin = await self._is_admin(workspace, user)
        async with self._database.read() as tx:
            return await self._home(tx, workspace, user, is_admin=is_admin)

    async def for_everybody(
        self, workspace: str, user: str, change: Callable[[Cadence], Cadence]
    ) -> None:
        """Keeps how everybody is reminded who has made no other choice. Raises UserError.

        It holds for what is owed already.
        """
        require(await self._rights.access(workspace, user), Action.SET_DEFAULT)
        now = self._clock.now()
        async with self._database.write() as tx:
            chosen = change(await tx.reminders.cadence(workspace))
            if len(chosen.holidays) > MOST_HOLIDAYS:
                raise UserError(f"There are {MOST_HOLIDAYS} holidays already.")
            await tx.reminders.put_cadence(chosen)
            await tx.reminders.look_again(workspace, None, now)
            entry = Entry(new_id(), workspace, now, user, "reminders.cadence", workspace, 0)
            await tx.audit.add(entry)

    async def stale(self) -> Sequence[tuple[str, str]]:
        """Whose home has changed since they opened it, each by workspace and person.

        Whoever asks shows it: it is not said again, since opening it shows the truth in any case.
        """
        now = self._clock.now()
        async with self._database.read() as tx:
            if not await tx.homes.has_stale(now):
                return []
        async with self._database.write() as tx:
            return await tx.homes.take_stale(now, AT_ONCE)

    async def _is_admin(self, workspace: str, user: str) -> bool:
        """Whether the person may choose for everybody; no where that cannot be told."""
        try:
            return (await self._rights.access(workspace, user)).may(Action.SET_DEFAULT)
        except UserError:
            return False

    async def _zone(self, workspace: str, user: str) -> str | None:
        try:
            return (await self._directory.person(workspace, user)).tz
        except UserError:
            return None

    async def _home(self, tx: Transaction, workspace: str, user: str, *, is_admin: bool) -> Home:
        now = self._clock.now()
        person = await tx.reminders.get(workspace, user) or Reminded(workspace, user)
        cadence = await tx.reminders.cadence(workspace)
        debts = (await tx.reminders.debts(workspace, [user], now))[user]
        found = {
            duty.interview: duty
            for duty in await tx.scorecards.duties(workspace, [debt.interview for debt in debts])
        }
        duties = await tx.scorecards.duties_of(workspace, user, MOST_READ)
        coming = [duty for duty in duties if duty.is_pending and duty.ends_at > now]
        ends = [debt.ends_at for debt in debts]
        return Home(
            now=now,
            owed=[found[debt.interview] for debt in debts if debt.interview in found],
            coming=coming[::-1][:MOST_LISTED],
            person=person,
            cadence=cadence,
            next_at=next_look(person.calendar(cadence), ends, now, person.last_digest),
            is_admin=is_admin,
        )

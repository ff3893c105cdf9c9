"""When people are reminded of their interviews."""

from collections.abc import Callable

from bot.domain.audit import AuditEntry, new_id
from bot.domain.rights import Act
from bot.errors import UserError
from bot.services.messages.panels import REMIND_BEFORE, enqueue_soon
from bot.services.ports import Clock
from bot.services.rights import Rights, require
from bot.storage.database import Database
from bot.storage.panels.interview_reminders import EVERYBODY

LONGEST = 1440


class PanelReminders:
    """The use cases of `/panel remind`."""

    def __init__(
        self, database: Database, rights: Rights, clock: Clock, flush: Callable[[], None]
    ) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock
        self._flush = flush

    async def minutes(self, workspace: str, user: str) -> int:
        """How long before an interview the person is reminded; 0 for not at all."""
        require(await self._rights.access(workspace, user), Act.CHOOSE_REMINDERS)
        async with self._database.read() as tx:
            chosen = await tx.interview_reminders.minutes(workspace, [user], REMIND_BEFORE)
        return chosen[user]

    async def put(
        self, workspace: str, user: str, minutes: int, *, everybody: bool = False
    ) -> None:
        """Chooses for the person, or for everybody who has made no choice. Raises UserError.

        It holds for what is in the calendar already.
        """
        act = Act.SET_DEFAULT if everybody else Act.CHOOSE_REMINDERS
        require(await self._rights.access(workspace, user), act)
        if not 0 <= minutes <= LONGEST:
            raise UserError(
                f"A reminder comes 1 to {LONGEST} minutes before an interview; 0 is for none."
            )
        now = self._clock.now()
        whose = EVERYBODY if everybody else user
        async with self._database.write() as tx:
            await tx.interview_reminders.put(workspace, whose, minutes)
            if everybody:
                entry = AuditEntry(new_id(), workspace, now, user, "reminders.set", EVERYBODY, 0)
                await tx.audit.add(entry)
            panels = await tx.panels.upcoming(workspace, now, None if everybody else user)
            concerned = [
                (panel, item)
                for panel in panels
                for item in panel.on
                if item.starts_at > now and (everybody or item.interviewer == user)
            ]
            people = {item.interviewer for _, item in concerned}
            chosen = await tx.interview_reminders.minutes(workspace, people, REMIND_BEFORE)
            for panel, item in concerned:
                await enqueue_soon(tx, panel, item, chosen[item.interviewer], now, item)
        self._flush()

"""Reading a debrief, and writing and opening the leanings in it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.domain.audit import AuditEntry, new_id
from bot.domain.debriefs.access import DebriefAccess, EarlyOpen
from bot.domain.debriefs.leanings import Leaning, WrittenLeaning, sentence_of
from bot.domain.feedback import ReadAccess
from bot.domain.panels.panel import MOST_NAMED, Panel
from bot.domain.rights import Access, Act
from bot.errors import UserError
from bot.services.debriefs.debrief import Debrief, FoundDebrief, debrief_of
from bot.services.frozen_contents import Contents
from bot.services.overview import PanelList, readable_panels
from bot.services.ports import Clock
from bot.services.rights import Rights, require, require_member
from bot.storage.database import Database, Transaction

NOT_YET = "This isn't open yet. Open the debrief again to see what's missing."
OPEN_ALREADY = "The leanings are open, so yours can't be changed any more."
YOURS_FIRST = "Write your own leaning first, or wait until the others are in."
CHANGED = "A scorecard changed since you opened this. Go back, read it again, then save."


Change = Callable[[Transaction, Access, Debrief], Awaitable[None]]


class Debriefs:
    """Each method raises UserError where the person may not."""

    def __init__(
        self, database: Database, rights: Rights, contents: Contents, clock: Clock
    ) -> None:
        self._database = database
        self._rights = rights
        self._contents = contents
        self._clock = clock

    async def named(self, workspace: str, user: str, name: str) -> PanelList:
        """The panels for candidates of this name whose debrief they may ask for."""
        access = await self._access(workspace, user)
        async with self._database.read() as tx:
            return await readable_panels(tx, access, name, self._clock.now())

    async def latest(self, workspace: str, user: str) -> PanelList:
        """The panels that the person organizes or decides about, the newest first."""
        access = await self._access(workspace, user)
        async with self._database.read() as tx:
            panels = await tx.panels.debriefed_by(workspace, user, MOST_NAMED)
        return PanelList(panels, access, self._clock.now())

    async def of_panel(
        self, workspace: str, user: str, panel: str, *, early: bool = False
    ) -> Debrief:
        """The debrief; that others' feedback was read is remembered. `early`: they asked to see it
        before all scorecards are in, which is recorded."""
        access = await self._access(workspace, user)
        async with self._database.write() as tx:
            found = await debrief_of(tx, self._contents, workspace, panel, self._clock.now())
            if early:
                found = await self._opened_early(tx, access, found)
            return await self._shown(tx, access, found)

    async def to_lean(self, workspace: str, user: str, panel: str) -> Debrief:
        """The debrief for whoever is about to write their leaning in it."""
        access = await self._access(workspace, user)
        async with self._database.read() as tx:
            found = await debrief_of(tx, self._contents, workspace, panel, self._clock.now())
        return _to_lean(access, found.shown_to(access, self._clock.now()))

    async def lean(
        self, workspace: str, user: str, panel: str, leaning: Leaning, typed: str, seen: str
    ) -> Debrief:
        """Writes the person's leaning; with the last one all are open. `seen` is what they had
        before them."""
        sentence = sentence_of(typed)

        async def change(tx: Transaction, access: Access, shown: Debrief) -> None:
            _to_lean(access, shown)
            if shown.seen != seen:
                raise UserError(CHANGED)
            now = self._clock.now()
            written = WrittenLeaning(user, leaning, sentence, now)
            await tx.debriefs.put_leaning(workspace, panel, written)
            if set(shown.leanings.missing) <= {user}:
                await tx.debriefs.open_leanings(workspace, panel, now)

        return await self._change(workspace, user, panel, change)

    async def open_leanings(self, workspace: str, user: str, panel: str) -> Debrief:
        """Opens those that there are, though some are missing."""

        async def change(tx: Transaction, access: Access, shown: Debrief) -> None:
            require(access, Act.OPEN_LEANINGS, shown.panel)
            _require_open(shown)
            if shown.leanings.are_open:
                return
            if not shown.may_open_leanings:
                raise UserError(YOURS_FIRST)
            now = self._clock.now()
            await tx.debriefs.open_leanings(workspace, panel, now, user)
            await self._record(tx, shown.panel, user, "debrief.leanings_opened")

        return await self._change(workspace, user, panel, change)

    async def _access(self, workspace: str, user: str) -> Access:
        return require_member(await self._rights.access(workspace, user))

    async def _change(self, workspace: str, user: str, panel: str, change: Change) -> Debrief:
        """Does it to the debrief as it is, which nobody else changes meanwhile."""
        access = await self._access(workspace, user)
        async with self._database.write() as tx:
            found = await debrief_of(tx, self._contents, workspace, panel, self._clock.now())
            found.shown_to(access, self._clock.now())
            await tx.debriefs.lock(workspace, panel)
            found = replace(found, leanings=await tx.debriefs.leanings(found.panel))
            shown = found.shown_to(access, self._clock.now())
            await change(tx, access, shown)
            found = replace(found, leanings=await tx.debriefs.leanings(found.panel))
            return found.shown_to(access, self._clock.now())

    async def _opened_early(
        self, tx: Transaction, access: Access, found: FoundDebrief
    ) -> FoundDebrief:
        """Nothing is recorded where there is nothing to read, or where nothing is missing."""
        user, now, panel = access.user, self._clock.now(), found.panel
        shown = found.shown_to(access, now)
        if shown.reading is DebriefAccess.ALL:
            return found
        require(access, Act.OPEN_EARLY, panel)
        if not shown.may_open_early:
            return found
        workspace, id = panel.workspace, panel.id
        if found.reading_of(user, now) is ReadAccess.ASK_FIRST:
            await tx.feedback_reads.add(workspace, id, user, now, anyway=True)
            await self._record(tx, panel, user, "feedback.shown_anyway")
        if not found.arrivals.are_all_in:
            opened = EarlyOpen(user, now, len(found.arrivals.awaited))
            await tx.debriefs.add_early_open(workspace, id, opened)
            await self._record(tx, panel, user, "debrief.opened_early")
        return await debrief_of(tx, self._contents, workspace, id, self._clock.now())

    async def _shown(self, tx: Transaction, access: Access, found: FoundDebrief) -> Debrief:
        user, now, panel = access.user, self._clock.now(), found.panel
        shown = found.shown_to(access, now)
        if any(card.interviewer != user for card in shown.scorecards):
            await tx.feedback_reads.add(panel.workspace, panel.id, user, now, anyway=False)
        return shown

    async def _record(self, tx: Transaction, panel: Panel, user: str, action: str) -> None:
        entry = AuditEntry(new_id(), panel.workspace, self._clock.now(), user, action, panel.id, 0)
        await tx.audit.add(entry)


def _to_lean(access: Access, shown: Debrief) -> Debrief:
    """The debrief again. Raises UserError where no leaning of theirs can be written in it."""
    require(access, Act.LEAN, shown.panel)
    _require_open(shown)
    if shown.leanings.are_open:
        raise UserError(OPEN_ALREADY)
    return shown


def _require_open(shown: Debrief) -> None:
    if shown.reading is not DebriefAccess.ALL:
        raise UserError(NOT_YET)

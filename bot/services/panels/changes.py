"""Changes to interview panels, each made on the revision that the person saw."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.audit import AuditEntry, new_id
from bot.domain.candidates import candidate
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.details import (
    Details,
    check_not_to_oneself,
    details,
    different,
    given,
    holder,
)
from bot.domain.panels.fields import PanelField
from bot.domain.panels.panel import NewInterview, Panel
from bot.domain.rights import Access, Act
from bot.errors import UserError
from bot.services.frozen_contents import Contents
from bot.services.messages.panels import (
    Kit,
    enqueue_declined,
    enqueue_kit,
    enqueue_panel,
    enqueue_soon,
)
from bot.services.messages.panels_details import enqueue_details
from bot.services.overview import PanelOverview, overview_of
from bot.services.ports import Clock
from bot.services.revisions import save_revisions
from bot.services.rights import Rights, permitted_panel
from bot.storage.database import Database, Transaction

FIELDS = ("starts_at", "ends_at", "place", "focus", "questions", "cancelled_at", "declined_at")
"""What may be different about an interview."""


@dataclass(frozen=True)
class PanelEdit:
    """What is changed, as it was when the person saw it."""

    panel: str
    revision: int
    interview: str = ""


class PanelChanged(UserError):
    """Somebody else has changed the panel since the person saw it; nothing was done.

    `changes` are what they did, to what the panel is now.
    """

    def __init__(self, sheet: PanelOverview, changes: Sequence[AuditEntry]) -> None:
        super().__init__("Somebody else has changed this panel in the meantime.")
        self.sheet = sheet
        self.changes = tuple(changes)


Change = Callable[[Panel, FrozenContent, Access], Panel]
"""Makes a panel's next revision."""


class PanelChanges:
    """Each change raises UserError: InvalidPanel where it does not fit, PanelChanged where somebody
    else was first."""

    def __init__(
        self,
        database: Database,
        rights: Rights,
        contents: Contents,
        clock: Clock,
        flush: Callable[[], None],
    ) -> None:
        self._database = database
        self._rights = rights
        self._contents = contents
        self._clock = clock
        self._flush = flush

    async def editable(self, workspace: str, user: str, edit: PanelEdit) -> PanelOverview:
        """The panel as it is now, for whoever may change it. Raises UserError."""
        access = await self._rights.access(workspace, user)
        async with self._database.read() as tx:
            panel = permitted_panel(
                access, Act.CHANGE_PANEL, await tx.panels.get(workspace, edit.panel)
            )
            panel.check_change(edit.interview or None)
            return await overview_of(tx, self._contents, access, panel, self._clock.now())

    async def add(
        self, workspace: str, user: str, edit: PanelEdit, new: NewInterview
    ) -> PanelOverview:
        person = await self._rights.member(workspace, new.interviewer, PanelField.INTERVIEWER)

        def change(panel: Panel, content: FrozenContent, access: Access) -> Panel:
            item = content.interview(new_id(), new, person.tz, access.zone)
            (assigned,) = content.with_questions([item], panel.opening.level, panel.on)
            return panel.with_interview(assigned)

        return await self._change(workspace, user, edit, "interview.added", change)

    async def reschedule(
        self, workspace: str, user: str, edit: PanelEdit, new: NewInterview
    ) -> PanelOverview:
        """Gives an interview another time, length, focus or place; its questions stay where they
        fit."""

        def change(panel: Panel, content: FrozenContent, access: Access) -> Panel:
            old = panel.one(edit.interview)
            asked = replace(new, interviewer=old.interviewer)
            item = content.interview(old.id, asked, old.interviewer_zone, access.zone)
            if (old.focus, old.minutes) == (item.focus, item.minutes):
                item = replace(item, questions=old.questions)
            else:
                (item,) = content.with_questions([item], panel.opening.level, panel.others(old.id))
            return panel.changed(
                old.id,
                focus=item.focus,
                starts_at=item.starts_at,
                ends_at=item.ends_at,
                zone=item.zone,
                place=item.place,
                questions=item.questions,
                declined_at=old.declined_at if old.starts_at == item.starts_at else None,
            )

        return await self._change(workspace, user, edit, "interview.changed", change)

    async def replace(
        self, workspace: str, user: str, edit: PanelEdit, interviewer: str
    ) -> PanelOverview:
        """Gives an interview to somebody else: same time, same focus, same questions."""
        person = await self._rights.member(workspace, interviewer, PanelField.INTERVIEWER)

        def change(panel: Panel, content: FrozenContent, access: Access) -> Panel:
            item = replace(
                panel.one(edit.interview),
                id=new_id(),
                interviewer=person.id,
                interviewer_zone=person.tz,
                declined_at=None,
                closed_at=None,
            )
            return panel.replaced(edit.interview, item, self._clock.now())

        return await self._change(workspace, user, edit, "interview.replaced", change)

    async def cancel_interview(self, workspace: str, user: str, edit: PanelEdit) -> PanelOverview:
        def change(panel: Panel, content: FrozenContent, access: Access) -> Panel:
            return panel.changed(edit.interview, cancelled_at=self._clock.now())

        return await self._change(workspace, user, edit, "interview.cancelled", change)

    async def cancel(self, workspace: str, user: str, edit: PanelEdit) -> PanelOverview:
        """Cancels the whole panel."""

        def change(panel: Panel, content: FrozenContent, access: Access) -> Panel:
            return panel.cancelled(self._clock.now())

        return await self._change(workspace, user, edit, "panel.cancelled", change)

    async def give_details(
        self, workspace: str, user: str, edit: PanelEdit, wanted: Details
    ) -> PanelOverview:
        """Changes what the panel says besides its interviews.

        Where it says that already nothing is done, whatever has been changed in the meantime: so
        the same form sent twice is one change.
        """
        edit = PanelEdit(edit.panel, edit.revision)
        seen = (await self.editable(workspace, user, edit)).panel
        person = candidate(seen.candidate.id, wanted.name, wanted.email, wanted.link)
        wanted = replace(wanted, name=person.name, email=person.email, link=person.link)
        await self._check_new(workspace, details(seen), wanted)

        def change(panel: Panel, content: FrozenContent, access: Access) -> Panel:
            check_not_to_oneself(details(panel), wanted, user)
            return panel.with_details(
                person, wanted.hiring_manager, wanted.recruiter, wanted.channel
            )

        try:
            return await self._change(
                workspace, user, edit, "panel.details", change, seen.candidate.id
            )
        except PanelChanged as changed:
            if details(changed.sheet.panel) == wanted:
                return changed.sheet
            raise

    async def _check_new(self, workspace: str, before: Details, wanted: Details) -> None:
        """Raises InvalidPanel where somebody, or a channel, cannot be given what is new to them.

        What stays is not looked at: a name can be corrected though the recruiter has left.
        """
        people = [
            self._rights.member(workspace, holder(wanted, part), part)
            for part in given(before, wanted)
        ]
        await asyncio.gather(*people)
        if wanted.channel != before.channel:
            await self._rights.check_channel(workspace, wanted.channel)

    async def decline(self, workspace: str, user: str, interview: str) -> Kit:
        """The interviewer cannot make it: every organiser hears. Raises UserError."""
        access = await self._rights.access(workspace, user)
        now = self._clock.now()
        async with self._database.write() as tx:
            panel = await tx.panels.of_interview(workspace, interview)
            before = permitted_panel(access, Act.DECLINE, panel, interview)
            content = await self._contents.of(tx, before)
            item = before.one(interview)
            if item.starts_at <= now:
                raise UserError("This interview has begun, or is over.")
            if item.declined_at is not None:
                return Kit(before, item, content)
            after = before.changed(interview, declined_at=now)
            await self._save(tx, after, access, now)
            await self._record(tx, before, after, user, "interview.declined", interview)
            declined = after.one(interview)
            await enqueue_declined(tx, after, declined, now)
            await enqueue_kit(tx, after, declined, now)
            await enqueue_soon(tx, after, declined, 0, now, item)
            await tx.homes.changed(workspace, [declined.interviewer], now)
        self._flush()
        return Kit(after, declined, content)

    async def _change(
        self,
        workspace: str,
        user: str,
        edit: PanelEdit,
        action: str,
        change: Change,
        candidate: str | None = None,
    ) -> PanelOverview:
        """Makes the change; `candidate` is locked first, where it may change them too."""
        access = await self._rights.access(workspace, user)
        now = self._clock.now()
        async with self._database.write() as tx:
            if candidate is not None:
                await tx.candidates.lock(workspace, candidate)
            before = permitted_panel(
                access, Act.CHANGE_PANEL, await tx.panels.get(workspace, edit.panel)
            )
            content = await self._contents.of(tx, before)
            if before.revision != edit.revision:
                raise await self._changed(tx, edit, access, now)
            after = change(before, content, access)
            if after == before:
                return await overview_of(tx, self._contents, access, before, now)
            await self._save(tx, after, access, now)
            await self._record(tx, before, after, user, action, edit.interview)
            if after.candidate != before.candidate:
                await self._save_candidate(tx, after, user, now)
            await enqueue_details(tx, after, now, before, user)
            await enqueue_panel(tx, after, now, before)
            seen = await overview_of(tx, self._contents, access, after, now)
        self._flush()
        return seen

    async def _save_candidate(
        self, tx: Transaction, after: Panel, user: str, now: datetime
    ) -> None:
        """What is known of the candidate is the same in all their panels."""
        person = after.candidate
        others = [
            panel
            for panel in await tx.panels.of_candidate(after.workspace, person.id)
            if panel.id != after.id
        ]
        await tx.candidates.save(after.workspace, person)
        revisions = [(panel, panel.of_candidate(person, panel.application)) for panel in others]
        await save_revisions(tx, revisions, user, "panel.details", now)

    async def _save(self, tx: Transaction, after: Panel, access: Access, now: datetime) -> None:
        """Raises PanelChanged where somebody else has saved this revision before."""
        if not await tx.panels.save(after):
            raise await self._changed(tx, PanelEdit(after.id, after.revision - 1), access, now)

    async def _changed(
        self, tx: Transaction, edit: PanelEdit, access: Access, now: datetime
    ) -> PanelChanged:
        panel = permitted_panel(
            access, Act.SEE_PANEL, await tx.panels.get(access.workspace, edit.panel)
        )
        sheet = await overview_of(tx, self._contents, access, panel, now)
        changes = await tx.audit.since(access.workspace, edit.panel, edit.revision)
        return PanelChanged(sheet, changes)

    async def _record(
        self,
        tx: Transaction,
        before: Panel,
        after: Panel,
        actor: str,
        action: str,
        interview: str,
    ) -> None:
        await tx.audit.add(
            AuditEntry(
                id=new_id(),
                workspace=after.workspace,
                at=self._clock.now(),
                actor=actor,
                action=action,
                subject=after.id,
                revision=after.revision,
                part=interview or _new_part(before, after),
                fields=tuple(_fields(before, after, interview)),
            )
        )


def _new_part(before: Panel, after: Panel) -> str | None:
    """The id of an interview that was not there before."""
    known = {item.id for item in before.interviews}
    return next((item.id for item in after.interviews if item.id not in known), None)


def _fields(before: Panel, after: Panel, interview: str) -> Iterable[str]:
    """The names of what is different about an interview, or about the panel itself."""
    old, new = before.find(interview), after.find(interview)
    if old is None or new is None:
        return different(details(before), details(after))
    return [name for name in FIELDS if getattr(old, name) != getattr(new, name)]

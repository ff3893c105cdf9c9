"""Changes to interview panels, each made on the revision that the person saw."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.audit import AuditEntry, new_id
from bot.domain.candidates import candidate
from bot.domain.panels.cautions import Cautions, cautions_of
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
from bot.domain.panels.panel import NOT_DECLINED, NewInterview, Panel
from bot.domain.rights import Access, Act
from bot.errors import UserError
from bot.services.frozen_contents import Contents
from bot.services.messages.panels import Kit, enqueue_panel
from bot.services.messages.panels_declines import enqueue_declines
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
    """What is changed, as it was when the person saw it.

    `told` is what they were told of what they cancel or replace.
    """

    panel: str
    revision: int
    interview: str = ""
    told: Cautions = frozenset()


class PanelChanged(UserError):
    """Somebody else has changed the panel since the person saw it; nothing was done.

    `changes` are what they did, to what the panel is now.
    """

    def __init__(self, sheet: PanelOverview, changes: Sequence[AuditEntry]) -> None:
        super().__init__("Someone else just changed this panel. Nothing was saved.")
        self.sheet = sheet
        self.changes = tuple(changes)


class Untold(PanelChanged):
    """There is something that the person has to be told before it is done; nothing was done."""

    def __init__(self, sheet: PanelOverview) -> None:
        super().__init__(sheet, ())


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
            item = replace(item, entered_at=self._clock.now())
            (assigned,) = content.with_questions([item], panel.opening.level, panel.on)
            return panel.with_interview(assigned)

        return await self._change(workspace, user, edit, "interview.added", change)

    async def reschedule(
        self, workspace: str, user: str, edit: PanelEdit, new: NewInterview
    ) -> PanelOverview:
        """Gives an interview another time, length, focus or place; questions stay if they fit."""

        def change(panel: Panel, content: FrozenContent, access: Access) -> Panel:
            old = panel.one(edit.interview)
            asked = replace(new, interviewer=old.interviewer)
            item = content.interview(old.id, asked, old.interviewer_zone, access.zone)
            if (old.focus, old.minutes) == (item.focus, item.minutes):
                item = replace(item, questions=old.questions)
            else:
                (item,) = content.with_questions([item], panel.opening.level, panel.others(old.id))
            is_same_time = (old.starts_at, old.ends_at) == (item.starts_at, item.ends_at)
            return panel.changed(
                old.id,
                focus=item.focus,
                starts_at=item.starts_at,
                ends_at=item.ends_at,
                zone=item.zone,
                place=item.place,
                questions=item.questions,
                **({} if is_same_time else NOT_DECLINED | {"entered_at": self._clock.now()}),
            )

        return await self._change(workspace, user, edit, "interview.changed", change)

    async def replace(
        self, workspace: str, user: str, edit: PanelEdit, interviewer: str
    ) -> PanelOverview:
        """Gives an interview to somebody else: same time, same focus, same questions."""
        person = await self._rights.member(workspace, interviewer, PanelField.INTERVIEWER)

        now = self._clock.now()

        def change(panel: Panel, content: FrozenContent, access: Access) -> Panel:
            item = replace(
                panel.one(edit.interview),
                id=new_id(),
                interviewer=person.id,
                interviewer_zone=person.tz,
                closed_at=None,
                entered_at=now,
                **NOT_DECLINED,
            )
            return panel.replaced(edit.interview, item, now)

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

    async def declinable(self, workspace: str, user: str, interview: str) -> Kit:
        """The interview, of which its interviewer may say that they can't make it. Raises
        UserError."""
        access = await self._rights.access(workspace, user)
        async with self._database.read() as tx:
            panel = permitted_panel(
                access, Act.DECLINE, await tx.panels.of_interview(workspace, interview), interview
            )
            panel.declined(interview, self._clock.now())
            return Kit(panel, panel.one(interview), await self._contents.of(tx, panel))

    async def decline(
        self,
        workspace: str,
        user: str,
        interview: str,
        because: str = "",
        other_time: datetime | None = None,
    ) -> Kit:
        """The interviewer can't make it: every organizer is told, with why and with another time
        that would suit, where they say so. Raises UserError."""

        def change(panel: Panel) -> Panel:
            return panel.declined(interview, self._clock.now(), because, other_time)

        return await self._answer(workspace, user, interview, "interview.declined", change)

    async def accept(self, workspace: str, user: str, interview: str) -> Kit:
        """The interviewer can make it after all. Raises UserError."""

        def change(panel: Panel) -> Panel:
            return panel.accepted(interview)

        return await self._answer(workspace, user, interview, "interview.accepted", change)

    async def _answer(
        self,
        workspace: str,
        user: str,
        interview: str,
        action: str,
        change: Callable[[Panel], Panel],
    ) -> Kit:
        """What an interviewer says of their own interview, whatever others have changed of the
        panel."""
        access = await self._rights.access(workspace, user)
        now = self._clock.now()
        async with self._database.write() as tx:
            panel = await tx.panels.of_interview(workspace, interview)
            before = permitted_panel(access, Act.DECLINE, panel, interview)
            content = await self._contents.of(tx, before)
            after = change(before)
            if after != before:
                await self._save(tx, after, access, now)
                await self._record(tx, before, after, user, action, interview)
                await enqueue_declines(tx, after, now, before)
                await enqueue_panel(tx, after, now, before)
        self._flush()
        return Kit(after, after.one(interview), content)

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
            await self._check_told(tx, edit, access, before, after, now)
            await self._record(tx, before, after, user, action, edit.interview)
            if after.candidate != before.candidate:
                await self._save_candidate(tx, after, user, now)
            await enqueue_details(tx, after, now, before, user)
            await enqueue_declines(tx, after, now, before)
            await enqueue_panel(tx, after, now, before)
            seen = await overview_of(tx, self._contents, access, after, now)
        self._flush()
        return seen

    async def _check_told(
        self,
        tx: Transaction,
        edit: PanelEdit,
        access: Access,
        before: Panel,
        after: Panel,
        now: datetime,
    ) -> None:
        """Raises Untold where the person does not know what happens to what was written.

        Asked once the interviews are locked, so that nothing is submitted in between.
        """
        if len(after.on) == len(before.on) and not edit.interview:
            return
        written = await tx.scorecards.written(before.workspace, before.id)
        if cautions_of(before, after, written, now) - edit.told:
            raise Untold(await overview_of(tx, self._contents, access, before, now))

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

"""Candidates: saying that two of them are one person, or are not, and taking back that they are."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.domain.audit import AuditEntry, new_id
from bot.domain.candidates import Candidate, Merge
from bot.domain.rights import Act
from bot.errors import UserError
from bot.services.applications import application_for
from bot.services.frozen_contents import Contents
from bot.services.overview import PanelOverview, mergeable, overview_of
from bot.services.ports import Clock
from bot.services.revisions import save_revisions
from bot.services.rights import NO_PART, Rights, permitted_panel
from bot.storage.database import Database, Transaction

MERGED, UNMERGED = "candidate.merged", "candidate.unmerged"
TOLD_APART = "candidate.told_apart"

NOT_ALL_YOURS = (
    "You can merge candidates where you recruit for all their panels. Ask an admin to do it."
)

Change = Callable[[Transaction, str, datetime], Awaitable[None]]
"""Changes a candidate, given by their id."""


class CandidatesService:
    """The use cases about candidates, reached from a panel of theirs."""

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

    async def merge(self, workspace: str, user: str, panel: str, other: str) -> PanelOverview:
        """Makes another candidate the one of this panel. Raises UserError."""

        async def change(tx: Transaction, into: str, now: datetime) -> None:
            await merge_candidates(tx, workspace, other, into, user, now)

        return await self._change(workspace, user, panel, other, change)

    async def undo(self, workspace: str, user: str, panel: str, other: str) -> PanelOverview:
        """Takes back that another candidate is the one of this panel. Raises UserError."""

        async def change(tx: Transaction, into: str, now: datetime) -> None:
            await undo_merge(tx, workspace, other, user, now)

        return await self._change(workspace, user, panel, other, change)

    async def tell_apart(self, workspace: str, user: str, panel: str, other: str) -> PanelOverview:
        """Says that another candidate, who is offered as a possible duplicate of the one of this
        panel, is someone else: nobody is asked about them again. Raises UserError."""
        access = await self._rights.access(workspace, user)
        now = self._clock.now()
        async with self._database.write() as tx:
            found = await tx.panels.get(workspace, panel)
            seen = permitted_panel(access, Act.TELL_APART, found)
            before = await overview_of(tx, self._contents, access, seen, now)
            if all(one.candidate.id != other for one in before.duplicates):
                return before
            candidate = seen.candidate.id
            if await tx.candidates.tell_apart(workspace, candidate, other, user, now):
                entry = AuditEntry(new_id(), workspace, now, user, TOLD_APART, candidate, 0, other)
                await tx.audit.add(entry)
            return await overview_of(tx, self._contents, access, seen, now)

    async def _change(
        self, workspace: str, user: str, panel: str, other: str, change: Change
    ) -> PanelOverview:
        access = await self._rights.access(workspace, user)
        now = self._clock.now()
        async with self._database.write() as tx:
            before = permitted_panel(access, Act.MERGE, await tx.panels.get(workspace, panel))
            if other not in await mergeable(tx, access, before.candidate.id, other):
                raise UserError(NOT_ALL_YOURS)
            await change(tx, before.candidate.id, now)
            after = await tx.panels.get(workspace, panel)
            if after is None:
                raise UserError(NO_PART)
            seen = await overview_of(tx, self._contents, access, after, now)
        self._flush()
        return seen


async def merge_candidates(
    tx: Transaction, workspace: str, candidate: str, into: str, actor: str, now: datetime
) -> Merge:
    """Makes `candidate` the same person as `into`, whose name and addresses are the ones that stay.

    All panels then show the one candidate; an application for an opening that both are in for goes
    into the one that is there. Raises UserError where either is not there.
    """
    if candidate == into:
        raise UserError("A candidate can't be merged with themselves.")
    await tx.candidates.lock(workspace, candidate, into)
    for before in await tx.candidates.merges_of(workspace, candidate):
        if (before.candidate, before.into) == (candidate, into):
            return before
    await _there(tx, workspace, candidate)
    person = await _there(tx, workspace, into)
    for one in await tx.erasures.going_on(workspace):
        if {candidate, into} & {*one.people}:
            raise UserError("One of these candidates is being erased, so they can't be merged.")
    panels = await tx.panels.of_candidate(workspace, candidate)
    moved, became = [], {}
    for item in await tx.applications.of_candidate(workspace, candidate):
        same = await tx.applications.find(workspace, into, item.opening)
        if same is None:
            moved.append(item.id)
        else:
            became[item.id] = same.id
    merge = Merge(
        workspace,
        candidate,
        into,
        actor,
        now,
        applications=tuple(moved),
        panels=tuple(panel.id for panel in panels),
        folded={one.id: one.application for one in panels if one.application in became},
    )
    await tx.applications.move(workspace, moved, into)
    for application, told in (await tx.answers.last_told(workspace, became)).items():
        await tx.answers.add(workspace, became[application], told)
    revisions = [
        (panel, panel.of_candidate(person, became.get(panel.application, panel.application)))
        for panel in panels
    ]
    await tx.candidates.add_merge(merge)
    await _record(tx, merge, MERGED, actor, now)
    await save_revisions(tx, revisions, actor, MERGED, now)
    return merge


async def undo_merge(
    tx: Transaction, workspace: str, candidate: str, actor: str, now: datetime
) -> Merge:
    """Makes the candidate one of their own again, with what was theirs before.

    What came since the merge stays with the other. Raises UserError where the candidate was not
    merged, or something was merged on top of that since.
    """
    merge = await _last_merge(tx, workspace, candidate)
    await tx.candidates.lock(workspace, candidate, merge.into)
    panels = await tx.panels.of_candidate(workspace, merge.into)
    await tx.candidates.remove_merge(merge)
    await tx.applications.move(workspace, merge.applications, candidate)
    person = await _there(tx, workspace, candidate)
    revisions = [
        (panel, panel.of_candidate(person, merge.folded.get(panel.id, panel.application)))
        for panel in panels
        if panel.id in merge.panels
    ]
    for panel in panels:
        if panel.application in merge.applications and panel.id not in merge.panels:
            kept = await application_for(
                tx, workspace, merge.into, panel.opening.id, panel.created_at
            )
            revisions.append((panel, panel.of_candidate(panel.candidate, kept.id)))
    await _record(tx, merge, UNMERGED, actor, now)
    await save_revisions(tx, revisions, actor, UNMERGED, now)
    return merge


async def _last_merge(tx: Transaction, workspace: str, candidate: str) -> Merge:
    found = await tx.candidates.merges_of(workspace, candidate)
    merge = next((item for item in found if item.candidate == candidate), None)
    if merge is None:
        raise UserError("This candidate isn't merged with another.")
    since = await tx.candidates.merges_of(workspace, merge.into)
    later = since[0]
    if later != merge:
        raise UserError(f"Another merge came after this one. Undo that of {later.candidate} first.")
    return merge


async def _there(tx: Transaction, workspace: str, id: str) -> Candidate:
    found = await tx.candidates.get(workspace, id)
    if found is None:
        raise UserError(f"No candidate has the ID {id[:80]!r}, or they are merged with another.")
    return found


async def _record(tx: Transaction, merge: Merge, action: str, actor: str, now: datetime) -> None:
    entry = AuditEntry(
        id=new_id(),
        workspace=merge.workspace,
        at=now,
        actor=actor,
        action=action,
        subject=merge.candidate,
        revision=0,
        part=merge.into,
    )
    await tx.audit.add(entry)

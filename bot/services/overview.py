"""A panel as one person sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.candidates import KnownCandidate, Merge
from bot.domain.panels.cautions import Caution, Written
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import Panel
from bot.domain.rights import Access, Act
from bot.services.frozen_contents import Contents
from bot.storage.database import Transaction
from bot.storage.panels.rows import Whose

MOST_DUPLICATES = 2


@dataclass(frozen=True)
class PanelOverview:
    """A panel as one person may see it, at a moment.

    `duplicates` are candidates who may be the same person as this one, as far as the person may
    know, `mergeable` the ids of those whom the person may merge with this one. `merged` is the last
    who turned out to be, with the name they had, for whoever may undo that. `written`: of which
    interviews, canceled and replaced ones too, a scorecard is submitted; or begun, for whoever may
    change the panel.
    """

    panel: Panel
    content: FrozenContent
    access: Access
    now: datetime
    duplicates: Sequence[KnownCandidate] = ()
    mergeable: frozenset[str] = frozenset()
    merged: tuple[Merge, str] | None = None
    written: Written = field(default_factory=dict)

    @property
    def assessed(self) -> frozenset[str]:
        """The interviews whose scorecard is submitted."""
        return frozenset(id for id, what in self.written.items() if what is Caution.SCORECARD)

    @property
    def can_edit(self) -> bool:
        return self.panel.cancelled_at is None and self.access.may(Act.CHANGE_PANEL, self.panel)


@dataclass(frozen=True)
class PanelList:
    """Panels that one person may see, at a moment."""

    panels: Sequence[Panel]
    access: Access
    now: datetime


async def overview_of(
    tx: Transaction, contents: Contents, access: Access, panel: Panel, now: datetime
) -> PanelOverview:
    """The panel, which the person may see, with what they may know of its candidate.

    Of a possible duplicate only those hear who organize both panels, and admins.
    """
    person, workspace = panel.candidate, panel.workspace
    whose = Whose(access.user, all=access.is_admin)
    written = await tx.scorecards.written(workspace, panel.id)
    may_change = access.may(Act.CHANGE_PANEL, panel)
    found = (
        await tx.candidates.duplicates(workspace, whose, person, MOST_DUPLICATES)
        if may_change
        else ()
    )
    merged = (
        await tx.candidates.last_merge_into(workspace, person.id)
        if access.may(Act.MERGE, panel)
        else None
    )
    others = [one.candidate.id for one in found] + ([merged[0].candidate] if merged else [])
    theirs = (
        await mergeable(tx, access, person.id, *others)
        if others and access.may(Act.MERGE, panel)
        else frozenset[str]()
    )
    return PanelOverview(
        panel.shown_in(access.zone),
        await contents.of(tx, panel),
        access,
        now,
        duplicates=found,
        mergeable=theirs,
        merged=merged if merged is not None and merged[0].candidate in theirs else None,
        written={
            id: what for id, what in written.items() if may_change or what is Caution.SCORECARD
        },
    )


async def mergeable(
    tx: Transaction, access: Access, candidate: str, *others: str
) -> frozenset[str]:
    """Those of the others whom the person may merge with the candidate, or part from them again.

    An admin may with all; a recruiter where all panels of both are theirs. One who is merged has no
    panels of their own: then those of the candidate count.
    """
    if access.is_admin:
        return frozenset(others)
    workspace = access.workspace
    merges = await tx.candidates.merges_of(workspace, candidate)
    parted = {merge.candidate for merge in merges if merge.into == candidate}
    theirs = await tx.candidates.recruited_by(workspace, access.user, candidate, *others)
    return (theirs | parted) & set(others) if candidate in theirs else frozenset()

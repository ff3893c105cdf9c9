"""A panel as one person sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.candidates import KnownCandidate, Merge
from bot.domain.panels.cautions import Caution, Written
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import MOST_NAMED, Interview, Panel
from bot.domain.panels.state import Progress, progress
from bot.domain.rights import Access, Act
from bot.domain.scorecards.closing import Closing
from bot.services.frozen_contents import Contents
from bot.storage.database import Transaction
from bot.storage.panels.rows import Whose

MOST_DUPLICATES = 2
MOST_WRITTEN = 100
"""Of the interviews that somebody wrote a scorecard for, the latest."""


@dataclass(frozen=True)
class PanelOverview:
    """A panel as one person may see it, at a moment.

    `duplicates` are candidates who may be the same person as this one, as far as the person may
    know, `mergeable` the ids of those whom the person may merge with this one. `merged` is the last
    who turned out to be, with the name they had, for whoever may undo that. `closings` are those of
    each interview's scorecard, by its id. `written`: of which interviews, canceled and replaced
    ones too, a scorecard is submitted; or begun, for whoever may change the panel.
    """

    panel: Panel
    content: FrozenContent
    access: Access
    now: datetime
    duplicates: Sequence[KnownCandidate] = ()
    mergeable: frozenset[str] = frozenset()
    merged: tuple[Merge, str] | None = None
    closings: Mapping[str, Sequence[Closing]] = field(default_factory=dict)
    written: Written = field(default_factory=dict)

    def progress(self, item: Interview) -> Progress:
        """What has become of one of its interviews."""
        return progress(item, self.closings.get(item.id, ()), self.now, self.access.zone)

    @property
    def assessed(self) -> frozenset[str]:
        """The interviews whose scorecard is submitted."""
        return frozenset(id for id, what in self.written.items() if what is Caution.SCORECARD)

    @property
    def can_edit(self) -> bool:
        return self.panel.cancelled_at is None and self.access.may(Act.CHANGE_PANEL, self.panel)


@dataclass(frozen=True)
class PanelList:
    """Panels that one person may see, at a moment.

    `closings` are those of the person's own interviews, by the interview's id.
    """

    panels: Sequence[Panel]
    access: Access
    now: datetime
    closings: Mapping[str, Sequence[Closing]] = field(default_factory=dict)

    def own(self, panel: Panel) -> Interview | None:
        """The person's own interview of a panel."""
        return next((item for item in panel.on if item.interviewer == self.access.user), None)

    def progress(self, item: Interview) -> Progress:
        """What has become of one of the person's own interviews."""
        return progress(item, self.closings.get(item.id, ()), self.now, self.access.zone)


async def readable_panels(tx: Transaction, access: Access, name: str, now: datetime) -> PanelList:
    """The panels for candidates of this name that the person has a part in, had when they wrote a
    scorecard, or decides about."""
    workspace, user = access.workspace, access.user
    written = await tx.scorecards.due_scorecards_of(workspace, user, MOST_WRITTEN)
    decides = await tx.panels.decided_by(workspace, user, MOST_WRITTEN)
    whose = Whose(user, also=frozenset((*decides, *(due.panel for due in written))))
    return PanelList(await tx.panels.named(workspace, whose, name, MOST_NAMED), access, now)


async def list_of(
    tx: Transaction, access: Access, panels: Sequence[Panel], now: datetime
) -> PanelList:
    """The panels, which the person may see, with what has become of their own interviews."""
    found = PanelList(panels, access, now)
    own = [item.id for item in map(found.own, panels) if item is not None]
    closings = await tx.scorecards.closings_of(access.workspace, own) if own else {}
    return replace(found, closings=closings)


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
    may_merge = access.may(Act.MERGE, panel)
    found = (
        await tx.candidates.duplicates(workspace, whose, person, MOST_DUPLICATES)
        if may_change
        else ()
    )
    merged = await tx.candidates.last_merge_into(workspace, person.id) if may_merge else None
    others = [one.candidate.id for one in found] + ([merged[0].candidate] if merged else [])
    theirs = (
        await mergeable(tx, access, person.id, *others)
        if others and may_merge
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
        closings=await tx.scorecards.closings_of(workspace, [item.id for item in panel.on]),
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

"""Panels made up for tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.applications import Application, Source, Stage
from bot.domain.candidates import Candidate
from bot.domain.openings.opening import Opening
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import Interview, NewInterview, Panel
from bot.domain.questions.selection import Level
from bot.library.catalogue import Library
from bot.services.overview import PanelOverview
from bot.services.panels.setup import CandidateKnown, NewPanel, PanelsService
from bot.storage.database import Transaction
from tests.support.clock import START, ManualClock
from tests.support.people import WORKSPACE

NOW = START
ROLE = "backend-developer"
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


OPENING = Opening("o1", ROLE, "Backend Developer", Level.MID, "U1")


class HandClock(ManualClock):
    """A clock that stands still until it is moved."""

    def move(self, **time: float) -> None:
        self.moves(**time)


def frozen(library: Library, slug: str = ROLE) -> FrozenContent:
    role = library.role(slug)
    assert role is not None
    return FrozenContent(role=role, competencies=library.competencies_of(role))


def interview(
    interviewer: str,
    *focus: str,
    id: str | None = None,
    starts_at: datetime = MONDAY,
    minutes: int = 45,
) -> Interview:
    return Interview(
        id=id or f"i-{interviewer}",
        interviewer=interviewer,
        interviewer_zone="UTC",
        focus=focus or ("debugging",),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        zone="UTC",
    )


APPLICATION = "a" * 16


def panel(*interviews: Interview, workspace: str = WORKSPACE) -> Panel:
    return Panel(
        id="p1",
        workspace=workspace,
        application=APPLICATION,
        candidate=Candidate("p1", "Robin Doe", None, None),
        opening=OPENING,
        content="c1",
        set_up_by="U1",
        recruiter="U1",
        hiring_manager="UMANAGER",
        channel=None,
        created_at=NOW,
        interviews=interviews,
    )


async def set_up(panels: PanelsService, user: str, new: NewPanel) -> PanelOverview:
    """Sets the panel up for someone new, whoever of this name the person knows already."""
    try:
        return await panels.set_up(WORKSPACE, user, new)
    except CandidateKnown as asked:
        known = tuple(one.candidate.id for one in asked.known)
        return await panels.set_up(WORKSPACE, user, replace(new, not_same=known))


async def stored(tx: Transaction, whole: Panel, content: FrozenContent) -> None:
    """Adds the panel with its application, which is for a candidate of its own."""
    workspace, at = whole.workspace, whole.created_at
    await tx.candidates.add(workspace, whole.candidate, at)
    if await tx.openings.get(workspace, whole.opening.id) is None:
        await tx.openings.add(workspace, whole.opening, at)
    ids = (whole.application, whole.candidate.id, whole.opening.id)
    application = Application(*ids, Stage.INTERVIEWING, Source.PANEL, at)
    await tx.applications.add(workspace, application)
    assert await tx.panels.add(replace(whole, content=content.id), content)


FOCUS = {
    "UALEX": ("data-modelling", "api-design"),
    "USAM": ("system-design", "reliability"),
    "UPRIYA": ("debugging", "security"),
    "UDANA": ("code-quality",),
    "UEVE": ("collaboration", "debugging"),
}


def new_interview(
    user: str, start: datetime = MONDAY, minutes: int = 45, *focus: str
) -> NewInterview:
    return NewInterview(user, focus or FOCUS.get(user, ("debugging",)), start, minutes)


def new_panel(library: Library, *interviews: NewInterview, **changes: object) -> NewPanel:
    role = library.role(ROLE)
    assert role is not None
    fields: dict[str, object] = {
        "id": "p1",
        "name": "Robin Doe",
        "email": None,
        "link": None,
        "role": ROLE,
        "version": role.version,
        "level": Level.MID,
        "hiring_manager": "UMANAGER",
        "recruiter": "U1",
        "channel": None,
        "interviews": interviews
        or tuple(
            new_interview(user, MONDAY + timedelta(hours=number))
            for number, user in enumerate(FOCUS)
        ),
    }
    return NewPanel(**(fields | changes))  # type: ignore[arg-type]

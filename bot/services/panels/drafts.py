"""A panel that is being put together: kept at every press, so that closing its form loses nothing,
and shown with what follows from it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.audit import new_id
from bot.domain.candidates import Candidate, KnownCandidate
from bot.domain.competencies import Competency
from bot.domain.gaps import HOW_TO_ADD, no_competencies
from bot.domain.openings.job import Job
from bot.domain.openings.opening import Opening
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.draft import PEOPLE_OF_A_JOB, Entered, PanelDraft, Slot
from bot.domain.panels.fields import PanelField
from bot.domain.panels.panel import Panel
from bot.domain.panels.warnings import TimeWarning
from bot.domain.people import Person, unreachable_because
from bot.domain.questions.selection import Level
from bot.domain.rights import Access, Act
from bot.domain.roles import Role
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.services.frozen_contents import Contents
from bot.services.jobs import frozen, hiring_openings
from bot.services.panels.known import known_candidates
from bot.services.panels.times import odd_times
from bot.services.ports import Clock, Directory
from bot.services.rights import Rights, permitted_panel, require
from bot.storage.database import Database, Transaction
from bot.storage.panels.drafts import SavedDraft

KEPT_FOR = timedelta(days=7)
CLEAN_EVERY = timedelta(hours=1)
MOST_COPIED = 50

Change = Callable[[PanelDraft], PanelDraft]


def _as_it_is(draft: PanelDraft) -> PanelDraft:
    return draft


@dataclass(frozen=True)
class FormState:
    """What stands in a form as it is on the screen: it may have been drawn before the last press
    was dealt with, which `turns` tell. A submission has no time: it is the last."""

    fields: Entered = field(default_factory=dict)
    turns: Mapping[PanelField, int] = field(default_factory=dict)
    pressed_at: float | None = None

    def of(self, draft: PanelDraft) -> Entered:
        """What of it counts for the draft: not what stood in a field that was filled in since, if
        the person is still to see that."""
        is_last = self.pressed_at is None
        return {
            part: value
            for part, value in self.fields.items()
            if self.turns.get(part, 0) == draft.turn(part) or (is_last and value)
        }


class SetUpBefore(UserError):
    """The panel that the form is for is there already."""

    def __init__(self) -> None:
        super().__init__("This panel is set up already. Close this form.")


@dataclass(frozen=True)
class PlannedInterview:
    """An interview of a draft, as it will be: `starts_at` is None until there is a first start,
    `gap` is how long after the first it begins, where that is known by then.

    `why_not` says why the interviewer cannot be on a panel.
    """

    slot: Slot
    person: Person
    focus: tuple[str, ...]
    starts_at: datetime | None
    gap: timedelta | None
    warnings: tuple[TimeWarning, ...] = ()
    why_not: str | None = None


@dataclass(frozen=True)
class DraftSheet:
    """A draft as its form shows it, with what the person can choose from.

    `copied` is the panel that it is a copy of. `kept_since` is when it was left, where it is
    offered once more.
    """

    draft: PanelDraft
    access: Access
    now: datetime
    role: Role | None
    opening: Opening | None
    competencies: Sequence[Competency]
    openings: Sequence[Opening]
    latest: Sequence[Panel]
    copied: Panel | None
    known: Sequence[KnownCandidate]
    planned: Sequence[PlannedInterview]
    kept_since: datetime | None = None

    @property
    def is_placed(self) -> bool:
        """Whether it is known when it begins."""
        return self.draft.first is not None

    @property
    def warnings(self) -> tuple[TimeWarning, ...]:
        return tuple(warning for one in self.planned for warning in one.warnings)

    def asking(self, known: Sequence[KnownCandidate]) -> "DraftSheet":
        """The same, which asks about these candidates."""
        return replace(self, known=known)


@dataclass(frozen=True)
class _Choices:
    """What a person can choose from, and by what their fields are filled in."""

    openings: Sequence[Opening]
    latest: Sequence[Panel]
    job: Job | None = None
    """The opening that has just been chosen."""


class PanelDrafts:
    """The use cases of the set-up form, but for setting up. Each raises UserError."""

    def __init__(
        self,
        library: Library,
        database: Database,
        rights: Rights,
        directory: Directory,
        contents: Contents,
        clock: Clock,
    ) -> None:
        self._library = library
        self._database = database
        self._rights = rights
        self._directory = directory
        self._contents = contents
        self._clock = clock
        self._clean_at = clock.now()

    async def opened(
        self, workspace: str, user: str, role: str | None = None, level: Level | None = None
    ) -> DraftSheet:
        """What the person left, where that is not long ago, or an empty form; for this role, where
        they ask for one."""
        access = await self._access(workspace, user)
        since = self._clock.now() - KEPT_FOR
        async with self._database.read() as tx:
            left = await tx.panel_drafts.latest(workspace, user, since)
            choices = await self._choices(tx, access)
        kept = left if left is not None and not left.draft.is_empty else None
        draft = PanelDraft(new_id()) if kept is None else kept.draft
        if all(one.id != draft.opening for one in choices.openings):
            draft = replace(draft, opening=None)
        if kept is not None:
            draft = await self._as_it_is_now(access, draft)
        if role is not None:
            asked = {PanelField.ROLE: role, PanelField.LEVEL: level or draft.level}
            async with self._database.read() as tx:
                draft = await self._with_fields(tx, access, draft, asked, choices)
        sheet = await self.sheet(access, draft)
        return sheet if kept is None else replace(sheet, kept_since=kept.saved_at)

    async def start_over(self, workspace: str, user: str, state: FormState) -> DraftSheet:
        """An empty form in the place of this one; what was kept goes."""
        access = await self._access(workspace, user)
        async with self._database.write() as tx:
            await tx.panel_drafts.remove_of(workspace, user)
        draft = PanelDraft(new_id(), turns=state.turns).filled_in(*PanelField)
        return await self.sheet(access, draft)

    async def enter(
        self,
        workspace: str,
        user: str,
        id: str,
        state: FormState,
        change: Change = _as_it_is,
    ) -> DraftSheet:
        """Keeps what stands in the form, and makes a change to that.

        The form says all that was chosen until it was pressed, so what was pressed earlier and
        arrives later counts for nothing. Raises SetUpBefore.
        """
        access = await self._access(workspace, user)
        draft = await self._save(access, id, state, change)
        return await self.sheet(access, draft)

    async def copy(
        self, workspace: str, user: str, id: str, state: FormState, panel: str
    ) -> DraftSheet:
        """*Same panel as …*: everything but the candidate and the first start."""
        access = await self._rights.access(workspace, user)
        async with self._database.read() as tx:
            seen = permitted_panel(access, Act.SEE_PANEL, await tx.panels.get(workspace, panel))
            openings = await hiring_openings(tx, self._library, access)
            opening = next((one.id for one in openings if one.id == seen.opening.id), None)
            like = PanelDraft(id).copy_of(seen, opening)
            content = await self._content(tx, access, like)
        if content is None:
            raise UserError("This panel's role is no longer in the library.")
        role, ids = content.role, content.ids

        def copied(draft: PanelDraft) -> PanelDraft:
            return draft.copy_of(seen, opening).for_role(role.slug, role.version, ids)

        return await self.enter(workspace, user, id, state, copied)

    async def current(
        self, workspace: str, user: str, id: str, change: Change = _as_it_is
    ) -> DraftSheet:
        """The draft as it was kept last, or as a change would have it, which is not made.

        Raises SetUpBefore.
        """
        access = await self._access(workspace, user)
        async with self._database.read() as tx:
            if await tx.panels.get(workspace, id) is not None:
                raise SetUpBefore
            kept = _own(await tx.panel_drafts.get(workspace, id), user)
        return await self.sheet(access, change(kept.draft if kept is not None else PanelDraft(id)))

    async def sheet(self, access: Access, draft: PanelDraft) -> DraftSheet:
        """The draft, with what follows from it."""
        workspace, copied = access.workspace, None
        people = await asyncio.gather(
            *(self._directory.person(workspace, slot.interviewer) for slot in draft.slots)
        )
        async with self._database.read() as tx:
            if draft.of is not None:
                found = await tx.panels.get(workspace, draft.of)
                copied = permitted_panel(access, Act.SEE_PANEL, found)
            choices = await self._choices(tx, access)
            content = await self._content(tx, access, draft)
            known = await known_candidates(tx, access, Candidate("", draft.name, draft.email, None))
            competencies = content.competencies if content is not None else ()
            planned = await self._planned(tx, access, draft, competencies, people)
        return DraftSheet(
            draft=draft,
            access=access,
            now=self._clock.now(),
            role=content.role if content is not None else None,
            opening=next((one for one in choices.openings if one.id == draft.opening), None),
            competencies=competencies,
            openings=choices.openings,
            latest=choices.latest,
            copied=copied,
            known=known if draft.name.strip() else (),
            planned=planned,
        )

    async def tick(self) -> None:
        """Forgets, now and then, what has been left for too long."""
        now = self._clock.now()
        if now < self._clean_at:
            return
        self._clean_at = now + CLEAN_EVERY
        async with self._database.write() as tx:
            await tx.panel_drafts.remove_before(now - KEPT_FOR)

    async def _access(self, workspace: str, user: str) -> Access:
        access = await self._rights.access(workspace, user)
        require(access, Act.SET_UP_PANEL)
        return access

    async def _save(
        self,
        access: Access,
        id: str,
        state: FormState,
        change: Change,
    ) -> PanelDraft:
        workspace, user = access.workspace, access.user
        async with self._database.write() as tx:
            if await tx.panels.get(workspace, id) is not None:
                raise SetUpBefore
            kept = _own(await tx.panel_drafts.get(workspace, id), user)
            draft = kept.draft if kept is not None else PanelDraft(id, turns=state.turns)
            before = kept.pressed_at if kept is not None else 0.0
            at = before if state.pressed_at is None else state.pressed_at
            if at >= before:
                entered = state.of(draft)
                choices = await self._choices(tx, access, entered.get(PanelField.ROLE))
                draft = await self._with_fields(tx, access, draft, entered, choices)
            draft = change(draft)
            kept = SavedDraft(workspace, user, draft, max(at, before), self._clock.now())
            await tx.panel_drafts.put(kept)
        return draft

    async def _with_fields(
        self,
        tx: Transaction,
        access: Access,
        draft: PanelDraft,
        entered: Entered,
        choices: _Choices,
    ) -> PanelDraft:
        choice = entered.get(PanelField.ROLE)
        draft = draft.with_fields(entered, ZoneInfo(access.zone))
        if choice is None or choice == draft.choice:
            return draft
        opening = next((one for one in choices.openings if one.id == choice), None)
        slug = opening.role if opening is not None else choice
        draft = replace(draft, role=slug, opening=opening.id if opening is not None else None)
        content = await self._content(tx, access, draft)
        if content is None:
            raise UserError("This role is no longer in the library.")
        if not content.ids:
            raise UserError(f"{no_competencies(content.role)} {HOW_TO_ADD}")
        draft = draft.for_role(slug, content.role.version, content.ids)
        plan = choices.job.plan if choices.job is not None else ()
        planned = draft.with_plan(plan) if plan or draft.plan else draft
        usual = _with_usual_people(planned, opening, choices.latest)
        changed = [p for p in PEOPLE_OF_A_JOB if getattr(usual, p) != getattr(draft, p)]
        is_planned = planned.slots != draft.slots
        return usual.filled_in(*changed, *([PanelField.INTERVIEWS] if is_planned else []))

    async def _content(
        self, tx: Transaction, access: Access, draft: PanelDraft
    ) -> FrozenContent | None:
        """What the panel will ask: as its opening has it, else as the library has the role."""
        if draft.opening is not None:
            job = await tx.openings.job(access.workspace, draft.opening)
            if job is not None and job.content is not None:
                return await self._contents.named(tx, access.workspace, job.content)
        role = self._library.role(draft.role or "")
        return frozen(self._library, role) if role is not None else None

    async def _as_it_is_now(self, access: Access, draft: PanelDraft) -> PanelDraft:
        """The draft for its role as its opening or the library has it now, if either still has."""
        async with self._database.read() as tx:
            content = await self._content(tx, access, draft)
        if content is None or not content.ids:
            return replace(draft, role=None, version=None, opening=None)
        return draft.for_role(content.role.slug, content.role.version, content.ids)

    async def _choices(
        self, tx: Transaction, access: Access, choice: str | None = None
    ) -> _Choices:
        latest = await tx.panels.latest(access.workspace, access.user, MOST_COPIED)
        openings = await hiring_openings(tx, self._library, access)
        is_opening = any(one.id == choice for one in openings)
        job = await tx.openings.job(access.workspace, choice or "") if is_opening else None
        return _Choices(openings, latest, job)

    async def _planned(
        self,
        tx: Transaction,
        access: Access,
        draft: PanelDraft,
        competencies: Sequence[Competency],
        people: Sequence[Person],
    ) -> Sequence[PlannedInterview]:
        ids = [one.id for one in competencies]
        focuses, starts = draft.focuses(ids), draft.starts()
        zones = {person.id: person.tz for person in people}
        warnings = (
            await odd_times(tx, access.workspace, draft.interviews(()), zones, self._clock.now())
            if draft.first
            else ()
        )
        return [
            PlannedInterview(
                slot=slot,
                person=person,
                focus=focus,
                starts_at=start if draft.first is not None else None,
                gap=start - draft.anchor
                if start is not None and draft.anchor is not None
                else None,
                warnings=tuple(one for one in warnings if one.interviewer == slot.interviewer),
                why_not=unreachable_because(person, access.workspace),
            )
            for slot, person, focus, start in zip(draft.slots, people, focuses, starts, strict=True)
        ]


def _own(kept: SavedDraft | None, user: str) -> SavedDraft | None:
    """What was kept, if anything. Raises UserError where that is somebody else's."""
    if kept is not None and kept.person != user:
        raise UserError("This form is someone else's. Type /panel to start your own.")
    return kept


def _with_usual_people(
    draft: PanelDraft, opening: Opening | None, latest: Sequence[Panel]
) -> PanelDraft:
    """With who hires: as the opening says, else as in the person's last panel for the role, or in
    their last one at all."""
    of_role = [panel for panel in latest if panel.opening.role == draft.role]
    usual = next((panel.hiring_manager for panel in (*of_role, *latest)), None)
    if opening is None:
        return replace(draft, hiring_manager=draft.hiring_manager or usual)
    return replace(
        draft,
        hiring_manager=opening.hiring_manager or draft.hiring_manager or usual,
        recruiter=opening.recruiter or draft.recruiter,
    )

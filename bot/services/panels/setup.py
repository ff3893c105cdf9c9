"""Interview panels: setting them up, finding them, and what each person may see of them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.audit import AuditEntry, new_id
from bot.domain.calendar import Event, ics
from bot.domain.candidates import Candidate, KnownCandidate, candidate
from bot.domain.dates import time_in_name
from bot.domain.names import fault_of_name
from bot.domain.openings.opening import LONGEST_TEAM, Opening
from bot.domain.openings.text import Text, without_empty
from bot.domain.panels.content import FrozenContent, interview_of
from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.domain.panels.panel import MOST_NAMED, Interview, NewInterview, Panel, check
from bot.domain.questions.selection import Level
from bot.domain.rights import Access, Act
from bot.domain.roles import Role
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.services.applications import application_for
from bot.services.frozen_contents import Contents
from bot.services.jobs import frozen
from bot.services.messages.panels import Kit, enqueue_panel
from bot.services.overview import PanelList, PanelOverview, list_of, overview_of
from bot.services.panels.known import known_candidates
from bot.services.ports import Clock
from bot.services.rights import NO_PART, Rights, permitted_panel, require
from bot.storage.database import Database, Transaction
from bot.storage.panels.rows import Whose

MOST_LISTED = 20


@dataclass(frozen=True)
class NewPanel:
    """A panel that someone asks for; the same id again is the same panel.

    `version` is the role's at the time of asking. It is for the `opening`, or for one made from the
    role, level and team. It is for the candidate `same_as`, or for a new one: `not_same` are the
    candidates who were offered and are someone else.
    """

    id: str
    name: str
    email: str | None
    link: str | None
    role: str
    version: str
    level: Level | None
    hiring_manager: str
    recruiter: str
    channel: str | None
    interviews: tuple[NewInterview, ...]
    opening: str | None = None
    team: str | None = None
    same_as: str | None = None
    not_same: tuple[str, ...] = ()


class CandidateKnown(UserError):
    """The person knows candidates of this name or email address, who may be the one they mean.

    Empty where they chose one who is no longer among those.
    """

    def __init__(self, known: Sequence[KnownCandidate]) -> None:
        super().__init__(
            "You know a candidate with this name or email address. Is it the same person?"
            if known
            else "The candidate you chose doesn't have this name or email address. Check both."
        )
        self.known = tuple(known)


class PanelsService:
    """The use cases of `/panel`, but for changes; `flush` has what is due sent at once."""

    def __init__(
        self,
        library: Library,
        database: Database,
        rights: Rights,
        contents: Contents,
        clock: Clock,
        flush: Callable[[], None],
    ) -> None:
        self.library = library
        self._database = database
        self._rights = rights
        self._contents = contents
        self._clock = clock
        self._flush = flush

    def now(self) -> datetime:
        return self._clock.now()

    def role(self, slug: str) -> Role:
        """The role that a menu names; it may be gone since the menu was made."""
        return self.library.offered(slug)

    async def may_set_up(self, workspace: str, user: str) -> Access:
        """The person, who may set panels up. Raises UserError."""
        access = await self._rights.access(workspace, user)
        require(access, Act.SET_UP_PANEL)
        return access

    async def check_interview(
        self, workspace: str, competencies: Sequence[str], new: NewInterview
    ) -> None:
        """Raises InvalidPanel where this cannot be an interview about these competencies."""
        person = await self._rights.member(workspace, new.interviewer, PanelField.INTERVIEWER)
        interview_of(competencies, "", new, person.tz, person.tz)

    async def set_up(self, workspace: str, user: str, new: NewPanel) -> PanelOverview:
        """Sets the panel up and has its messages sent.

        Raises UserError; where a part does not fit, InvalidPanel.
        """
        access = await self.may_set_up(workspace, user)
        person = candidate(new_id(), new.name, new.email, new.link)
        content = await self._frozen(workspace, new)
        opening = _new_opening(new, content.role, user)
        zones = await self._zones(workspace, new)
        await self._rights.check_channel(workspace, new.channel)
        items = [
            content.interview(new_id(), one, zones[one.interviewer], access.zone)
            for one in new.interviews
        ]
        check(items)
        if not items:
            raise InvalidPanel(PanelField.INTERVIEWS, "Choose at least one interviewer.")
        now = self._clock.now()
        items = [replace(item, entered_at=now) for item in items]
        try:
            async with self._database.write() as tx:
                panel = await _set_up_before(tx, access, new.id)
                if panel is None:
                    panel = await self._add(tx, access, new, person, opening, content, items, now)
        except _SetUpMeanwhile:
            async with self._database.read() as tx:
                panel = await _set_up_before(tx, access, new.id)
        if panel is None:
            raise UserError(NO_PART)
        self._flush()
        return PanelOverview(panel, content, access, now)

    async def _add(
        self,
        tx: Transaction,
        access: Access,
        new: NewPanel,
        person: Candidate,
        opening: Opening,
        content: FrozenContent,
        items: Sequence[Interview],
        now: datetime,
    ) -> Panel:
        workspace, user = access.workspace, access.user
        person = await _candidate(tx, access, new, person, now)
        opening = await _opening(tx, access, new, opening, now)
        application = await application_for(tx, workspace, person.id, opening.id, now)
        panel = Panel(
            id=new.id,
            workspace=workspace,
            application=application.id,
            candidate=person,
            opening=opening,
            content=content.id,
            set_up_by=user,
            recruiter=new.recruiter,
            hiring_manager=new.hiring_manager,
            channel=new.channel,
            created_at=now,
            interviews=content.with_questions(items, opening.level),
        )
        if not await tx.panels.add(panel, content):
            raise _SetUpMeanwhile
        await tx.panel_drafts.remove(workspace, panel.id)
        entry = AuditEntry(new_id(), workspace, now, user, "panel.set_up", panel.id, 1)
        await tx.audit.add(entry)
        await enqueue_panel(tx, panel, now)
        return panel

    async def sheet(self, workspace: str, user: str, panel: str) -> PanelOverview:
        """A panel as the person may see it. Raises UserError."""
        access = await self._rights.access(workspace, user)
        async with self._database.read() as tx:
            seen = permitted_panel(access, Act.SEE_PANEL, await tx.panels.get(workspace, panel))
            return await overview_of(tx, self._contents, access, seen, self._clock.now())

    async def mine(self, workspace: str, user: str) -> PanelList:
        """The panels that the person organises or interviews for, those to come first."""
        access = await self.may_set_up(workspace, user)
        now = self._clock.now()
        async with self._database.read() as tx:
            panels = await tx.panels.mine(workspace, Whose(user), now, MOST_LISTED)
            return await list_of(tx, access, panels, now)

    async def named(self, workspace: str, user: str, name: str) -> PanelList:
        """The panels for candidates of this name that the person may see. Raises UserError."""
        access = await self.may_set_up(workspace, user)
        async with self._database.read() as tx:
            whose = Whose(user, all=access.is_admin)
            panels = await tx.panels.named(workspace, whose, name, MOST_NAMED)
            return await list_of(tx, access, panels, self._clock.now())

    async def kit(self, workspace: str, user: str, interview: str) -> Kit:
        """What an interviewer prepares with. Raises UserError."""
        access = await self._rights.access(workspace, user)
        async with self._database.read() as tx:
            panel = await tx.panels.of_interview(workspace, interview)
            panel = permitted_panel(access, Act.READ_KIT, panel, interview)
            return Kit(panel, panel.one(interview), await self._contents.of(tx, panel))

    async def posting(self, workspace: str, user: str, interview: str) -> tuple[Kit, Text]:
        """The kit, with what its opening's posting says by now; nothing where it has none of its
        own. Raises UserError."""
        kit = await self.kit(workspace, user, interview)
        async with self._database.read() as tx:
            job = await tx.openings.job(workspace, kit.panel.opening.id)
        return kit, without_empty(job.text if job is not None else ())

    async def calendar(self, workspace: str, user: str, interview: str) -> tuple[str, str]:
        """The interview as a calendar file, with the file's name.

        Colleagues read calendars, and files are copied about: neither names the candidate, so
        that nothing of theirs is left there once they are deleted.
        """
        kit = await self.kit(workspace, user, interview)
        focus = ", ".join(kit.content.names(kit.interview.focus))
        start = time_in_name(kit.interview.interviewer_zone, kit.interview.starts_at)
        name = f"interview-{kit.panel.opening.role}-{start}.ics"
        return name, ics(
            Event(
                id=kit.interview.id,
                revision=kit.interview.revision,
                title=f"Interview: {kit.panel.opening.title}",
                text=f"Focus: {focus}. The candidate and the questions are in your kit in Slack.",
                starts_at=kit.interview.starts_at,
                ends_at=kit.interview.ends_at,
                made_at=self._clock.now(),
                place=kit.interview.place,
                link=kit.interview.meeting_link,
            )
        )

    async def calendar_sent(self, workspace: str, interview: str, channel: str, file: str) -> None:
        """Remembers the file that Slack has now: it goes with the candidate."""
        async with self._database.write() as tx:
            await tx.erasures.add_file(workspace, file, interview, channel, self._clock.now())

    async def _frozen(self, workspace: str, new: NewPanel) -> FrozenContent:
        """What the panel asks: as its opening has it, else as the library has the role."""
        if new.opening is not None:
            async with self._database.read() as tx:
                job = await tx.openings.job(workspace, new.opening)
                if job is not None and job.content is not None and job.opening.role == new.role:
                    return await self._contents.named(tx, workspace, job.content)
        role = self.library.role(new.role)
        if role is None:
            raise InvalidPanel(PanelField.ROLE, "This role isn't in the library anymore.")
        if role.version != new.version:
            raise InvalidPanel(
                PanelField.ROLE,
                "This role was edited after you chose it. Close this form and open it again. "
                "What you entered is kept.",
            )
        return frozen(self.library, role)

    async def _zones(self, workspace: str, new: NewPanel) -> dict[str, str]:
        """The zone of everybody who is to have a part. Raises InvalidPanel for the first who
        cannot."""
        asked = [
            (new.hiring_manager, PanelField.HIRING_MANAGER),
            (new.recruiter, PanelField.RECRUITER),
            *((one.interviewer, PanelField.INTERVIEWS) for one in new.interviews),
        ]
        people = await asyncio.gather(
            *(self._rights.member(workspace, user, part) for user, part in asked)
        )
        return {person.id: person.tz for person in people}


class _SetUpMeanwhile(Exception):
    """The same form has been submitted at the same time, and that was first."""


async def _set_up_before(tx: Transaction, access: Access, id: str) -> Panel | None:
    """The panel that the same form made already, for whoever submits it twice."""
    before = await tx.panels.get(access.workspace, id)
    if before is not None and before.set_up_by != access.user:
        raise UserError("This form was already used. Type /panel to start again.")
    return before


async def _candidate(
    tx: Transaction, access: Access, new: NewPanel, person: Candidate, now: datetime
) -> Candidate:
    """The candidate chosen, or this new one. Raises CandidateKnown where that is to be asked.

    Nothing here depends on candidates whom the person may not see.
    """
    workspace, known = access.workspace, await known_candidates(tx, access, person)
    if new.same_as is not None:
        await tx.candidates.lock(workspace, new.same_as)
        chosen = await tx.candidates.get(workspace, new.same_as)
        if chosen is None or all(one.candidate.id != chosen.id for one in known):
            raise CandidateKnown(known)
        return chosen
    if any(one.candidate.id not in new.not_same for one in known):
        raise CandidateKnown(known)
    await tx.candidates.add(workspace, person, now)
    return person


def _new_opening(new: NewPanel, role: Role, author: str) -> Opening:
    """The opening that is made where none was chosen and there is none like it yet."""
    team = " ".join((new.team or "").split())
    if len(team) > LONGEST_TEAM:
        raise InvalidPanel(PanelField.TEAM, f"Use at most {LONGEST_TEAM} characters.")
    if fault := fault_of_name(team):
        raise InvalidPanel(PanelField.TEAM, fault)
    return Opening(
        id=new_id(),
        role=role.slug,
        title=role.title,
        level=new.level,
        author=author,
        team=team or None,
        hiring_manager=new.hiring_manager,
        recruiter=new.recruiter,
    )


async def _opening(
    tx: Transaction, access: Access, new: NewPanel, made: Opening, now: datetime
) -> Opening:
    """The opening chosen; or one of the person's like the one to be made, or that one.

    Raises InvalidPanel where the opening chosen cannot have this panel.
    """
    workspace, user = access.workspace, access.user
    if new.opening is not None:
        chosen = await tx.openings.chosen(workspace, user, new.opening)
        if chosen is None or chosen.role != new.role:
            raise InvalidPanel(PanelField.ROLE, "This opening can't have panels anymore.")
        return chosen
    same = await tx.openings.same(workspace, user, made)
    if same is not None:
        return same
    await tx.openings.add(workspace, made, now)
    return made

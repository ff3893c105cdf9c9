"""Interview panels: setting them up, finding them, and what each person may see of them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.audit import AuditEntry, new_id
from bot.domain.calendar import Event, ics
from bot.domain.candidates import candidate
from bot.domain.openings import Opening
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.domain.panels.panel import MOST_NAMED, NewInterview, Panel, check
from bot.domain.questions.question import Level
from bot.domain.rights import Access, Act
from bot.domain.roles import Role
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.services.frozen_contents import Contents
from bot.services.messages.panels import Kit, enqueue_panel
from bot.services.panels.overview import PanelList, PanelOverview
from bot.services.ports import Clock
from bot.services.rights import Rights, permitted_panel, require
from bot.storage.database import Database, Transaction
from bot.storage.panels.store import Whose

MOST_LISTED = 20
MOST_COPIED = 50


@dataclass(frozen=True)
class NewPanel:
    """A panel that somebody asks for; the same id again is the same panel.

    `version` is the role's at the time of asking.
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
        role = self.library.role(slug)
        if role is None:
            raise UserError("This role is no longer in the library.")
        return role

    async def may_set_up(self, workspace: str, user: str) -> Access:
        """The person, who may set panels up. Raises UserError."""
        access = await self._rights.access(workspace, user)
        require(access, Act.SET_UP_PANEL)
        return access

    async def check_interview(self, workspace: str, role: Role, new: NewInterview) -> None:
        """Raises Misfit where this cannot be an interview for the role."""
        person = await self._rights.member(workspace, new.interviewer, PanelField.INTERVIEWER)
        self._content(role).interview("", new, person.tz, person.tz)

    async def latest(self, access: Access) -> Sequence[Panel]:
        """The panels that the person organises, the newest first, to be copied."""
        async with self._database.read() as tx:
            return await tx.panels.latest(access.workspace, access.user, MOST_COPIED)

    async def set_up(self, workspace: str, user: str, new: NewPanel) -> PanelOverview:
        """Sets the panel up and has its messages sent.

        Raises UserError; where a part does not fit, Misfit.
        """
        access = await self.may_set_up(workspace, user)
        person = candidate(new.id, new.name, new.email, new.link)
        content = self._frozen(new)
        zones = await self._zones(workspace, new)
        await self._rights.check_channel(workspace, new.channel)
        items = [
            content.interview(new_id(), one, zones[one.interviewer], access.zone)
            for one in new.interviews
        ]
        check(items)
        if not items:
            raise InvalidPanel(PanelField.INTERVIEWS, "Please add at least one interviewer.")
        now = self._clock.now()
        panel = Panel(
            id=new.id,
            workspace=workspace,
            application=new.id,
            candidate=person,
            opening=Opening(content.role.slug, content.role.title, new.level),
            content=content.id,
            set_up_by=user,
            recruiter=new.recruiter,
            hiring_manager=new.hiring_manager,
            channel=new.channel,
            created_at=now,
            interviews=content.dealt(items, new.level),
        )
        async with self._database.write() as tx:
            if await tx.panels.add(panel, content):
                entry = AuditEntry(new_id(), workspace, now, user, "panel.set_up", panel.id, 1)
                await tx.audit.add(entry)
                await enqueue_panel(tx, panel, now)
            else:
                panel = await _set_up_before(tx, panel)
        self._flush()
        return PanelOverview(panel, content, access, now)

    async def sheet(self, workspace: str, user: str, panel: str) -> PanelOverview:
        """A panel as the person may see it. Raises UserError."""
        access = await self._rights.access(workspace, user)
        async with self._database.read() as tx:
            seen = permitted_panel(access, Act.SEE_PANEL, await tx.panels.get(workspace, panel))
            return PanelOverview(seen, await self._contents.of(tx, seen), access, self._clock.now())

    async def mine(self, workspace: str, user: str) -> PanelList:
        """The panels that the person organises or interviews for, those to come first."""
        access = await self.may_set_up(workspace, user)
        now = self._clock.now()
        async with self._database.read() as tx:
            panels = await tx.panels.mine(workspace, Whose(user), now, MOST_LISTED)
        return PanelList(panels, access, now)

    async def named(self, workspace: str, user: str, name: str) -> PanelList:
        """The panels for candidates of this name that the person may see. Raises UserError."""
        access = await self.may_set_up(workspace, user)
        async with self._database.read() as tx:
            whose = Whose(user, all=access.is_admin)
            panels = await tx.panels.named(workspace, whose, name, MOST_NAMED)
        return PanelList(panels, access, self._clock.now())

    async def kit(self, workspace: str, user: str, interview: str) -> Kit:
        """What an interviewer prepares with. Raises UserError."""
        access = await self._rights.access(workspace, user)
        async with self._database.read() as tx:
            panel = await tx.panels.of_interview(workspace, interview)
            panel = permitted_panel(access, Act.READ_KIT, panel, interview)
            return Kit(panel, panel.one(interview), await self._contents.of(tx, panel))

    async def calendar(self, workspace: str, user: str, interview: str) -> str:
        """The interview as a calendar file; colleagues read calendars, so it names no candidate."""
        kit = await self.kit(workspace, user, interview)
        focus = ", ".join(kit.content.names(kit.interview.focus))
        return ics(
            Event(
                id=kit.interview.id,
                revision=kit.interview.revision,
                title=f"Interview: {kit.panel.opening.title}",
                text=f"Focus: {focus}. The candidate and the questions are in your kit in Slack.",
                starts_at=kit.interview.starts_at,
                ends_at=kit.interview.ends_at,
                made_at=self._clock.now(),
            )
        )

    def _frozen(self, new: NewPanel) -> FrozenContent:
        role = self.library.role(new.role)
        if role is None:
            raise InvalidPanel(PanelField.ROLE, "This role is no longer in the library.")
        if role.version != new.version:
            raise InvalidPanel(
                PanelField.ROLE,
                "This role has been edited meanwhile. Please close this and start again.",
            )
        return self._content(role)

    def _content(self, role: Role) -> FrozenContent:
        return FrozenContent(role=role, competencies=self.library.competencies_of(role))

    async def _zones(self, workspace: str, new: NewPanel) -> dict[str, str]:
        """The zone of everybody who is to have a part. Raises Misfit for the first who cannot."""
        asked = [
            (new.hiring_manager, PanelField.HIRING_MANAGER),
            (new.recruiter, PanelField.RECRUITER),
            *((one.interviewer, PanelField.INTERVIEWS) for one in new.interviews),
        ]
        people = await asyncio.gather(
            *(self._rights.member(workspace, user, part) for user, part in asked)
        )
        return {person.id: person.tz for person in people}


async def _set_up_before(tx: Transaction, panel: Panel) -> Panel:
    """The panel that the same form made already, for whoever pressed twice."""
    before = await tx.panels.get(panel.workspace, panel.id)
    if before is None or before.set_up_by != panel.set_up_by:
        raise UserError("This form has been used. Please start again.")
    return before

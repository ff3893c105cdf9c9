"""Who may do what, decided from our own data and settings, and from what Slack says of people."""

from bot.domain.openings.job import Job
from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.domain.panels.panel import Panel
from bot.domain.people import Person, unreachable_because
from bot.domain.rights import OUTSIDERS, RIGHTS, WITHOUT_SLACK, Access, Act, PersonKind
from bot.errors import UserError
from bot.services.members import ASK_WITHIN, UNKNOWN, Members
from bot.services.ports import Directory, Refused

QUICKLY = 0.5
"""Seconds that Slack is waited for where its answer is not needed."""

FOR_MEMBERS = "Panelist is for full members of this workspace."
"""All that a guest and a stranger ever read: it tells nothing of what there is."""

NO_PART = "There's no such panel, or you have no part in it."
NO_OPENING = "There's no such opening, or it isn't open."
NOT_YOURS = {
    Act.REMOVE_POSTING: "Only the person who posted this, or an admin, can remove it.",
    Act.CHANGE_PANEL: "Only the panel's organizers can change it.",
    Act.REMIND: "Only the panel's organizers can remind its interviewers.",
    Act.CLOSE_FOR: "Only the panel's organizers can reassign or close someone else's scorecard.",
    Act.READ_KIT: "Only the interviewer and the panel's organizers can see this.",
    Act.DECLINE: "Only the interviewer can do this.",
    Act.OPEN_EARLY: "Only the hiring manager and the recruiter can open a debrief early.",
    Act.LEAN: "Only the hiring manager and the people the job names to decide can do this.",
    Act.DECIDE: "Only the hiring manager and the people the job names to decide can do this.",
    Act.ANSWER: "Only the panel's organizers and the people who decide can tell the candidate.",
    Act.OPEN_LEANINGS: "Only the hiring manager and the recruiter can open leanings.",
    Act.CHANGE_OPENING: "Only the author, recruiter or hiring manager of an opening, or an admin, "
    "can change it.",
    Act.APPROVE_OPENING: "Only an approver or an admin can approve this.",
    Act.MERGE: "Only their recruiter or an admin can merge candidates.",
    Act.TELL_APART: "Only the panel's organizers can say who its candidate is.",
    Act.SET_RETENTION: "Only an admin can say for how long candidates are kept.",
    Act.ERASE: "Only an admin can erase a candidate.",
    Act.SET_DEFAULT: "Only an admin can set this for the whole workspace.",
}


OF_WORKSPACE = frozenset({Act.SET_DEFAULT, Act.SET_RETENTION, Act.ERASE})
"""What is about the whole workspace, so that a refusal tells nothing of any panel."""


class Outsider(UserError):
    """Somebody is a guest, or of another workspace."""

    def __init__(self) -> None:
        super().__init__(FOR_MEMBERS)


class Rights:
    """Answers questions about people's rights.

    `admins` are the user ids of PANELIST_ADMINS; where it is empty, the workspace's owners and
    admins are meant.
    """

    def __init__(self, admins: frozenset[str], directory: Directory, members: Members) -> None:
        self._admins = admins
        self._directory = directory
        self._members = members

    @property
    def named_admins(self) -> frozenset[str]:
        """The admins of PANELIST_ADMINS; none where Slack says who is one."""
        return self._admins

    def has_seen(self, workspace: str, user: str, act: Act) -> bool:
        """Whether it is known without asking anybody that `admit` lets the person in."""
        seen = self._members.seen(workspace, user)
        return seen is not None and seen.kind not in OUTSIDERS - RIGHTS[act]

    async def admit(self, workspace: str, user: str, act: Act) -> None:
        """What can be told of a person before anything of ours is looked up: whether they are in.

        Raises Outsider where they are not, UserError where that cannot be told.
        """
        is_needed = act not in WITHOUT_SLACK
        try:
            seen = await self._members.look(workspace, user, ASK_WITHIN if is_needed else QUICKLY)
        except UserError:
            if is_needed:
                raise
            return
        if seen.kind in OUTSIDERS - RIGHTS[act]:
            raise Outsider

    async def access(self, workspace: str, user: str) -> Access:
        """What the person is to the workspace; asked before a transaction, not within it."""
        seen = await self._members.look(workspace, user)
        is_admin = user in self._admins if self._admins else seen.is_admin
        is_admin = is_admin and seen.kind is PersonKind.MEMBER
        return Access(workspace, user, seen.kind, seen.zone, is_admin)

    async def member(self, workspace: str, user: str, part: PanelField) -> Person:
        """Somebody who can be given this part in a panel. Raises InvalidPanel."""
        if not user:
            raise InvalidPanel(part, "Choose a person.")
        try:
            person = await self._directory.person(workspace, user)
        except Refused as refusal:
            if refusal.error not in UNKNOWN:
                raise
            raise InvalidPanel(part, "This person is not in the workspace.") from refusal
        why = unreachable_because(person, workspace)
        if why is not None:
            raise InvalidPanel(part, f"{person.name} {why}, so cannot be part of a panel.")
        return person

    async def fault_of_member(self, workspace: str, user: str) -> str | None:
        """Why somebody can have no part in hiring, as a sentence; None where they can."""
        try:
            person = await self._directory.person(workspace, user)
        except Refused as refusal:
            if refusal.error not in UNKNOWN:
                raise
            return "This person is not in the workspace."
        why = unreachable_because(person, workspace)
        return None if why is None else f"{person.name} {why}, so they can't have this part."

    async def may_be_member(self, workspace: str, user: str) -> bool:
        """Whether somebody is a full member, as far as can be told now."""
        try:
            return (await self._members.look(workspace, user)).kind is PersonKind.MEMBER
        except UserError:
            return True

    async def fault_of_channel(self, workspace: str, channel: str) -> str | None:
        """Why candidates' names cannot be posted there, as a sentence; None where they can."""
        return await self._directory.unsuitable_because(workspace, channel)

    async def check_channel(self, workspace: str, channel: str | None) -> None:
        """Raises InvalidPanel where a panel cannot be shown in this channel."""
        if channel is None:
            return
        why = await self._directory.unsuitable_because(workspace, channel)
        if why is not None:
            raise InvalidPanel(PanelField.CHANNEL, why)


def require_member(access: Access) -> Access:
    """The person again. Raises Outsider for a guest and a stranger."""
    if access.membership in OUTSIDERS:
        raise Outsider
    return access


def require(
    access: Access, act: Act, panel: Panel | None = None, interview: str | None = None
) -> None:
    """Raises UserError unless the person may.

    A guest and a stranger read one sentence, whatever there is; and whoever has no part in a panel
    reads the same as where there is none.
    """
    require_member(access)
    if access.may(act, panel, interview):
        return
    knows = panel is not None and any(
        access.may(one, panel, interview) for one in (Act.SEE_PANEL, Act.READ_FEEDBACK)
    )
    raise UserError(NOT_YOURS.get(act, NO_PART) if knows or act in OF_WORKSPACE else NO_PART)


def permitted_panel(
    access: Access, act: Act, panel: Panel | None, interview: str | None = None
) -> Panel:
    """The panel, if it is there and the person may. Raises UserError."""
    require(access, act, panel, interview)
    if panel is None:
        raise UserError(NO_PART)
    return panel


def permitted_job(access: Access, act: Act, job: Job | None) -> Job:
    """The opening, if it is there and the person may. Raises UserError: whoever may not even read
    it reads the same as where there is none."""
    require_member(access)
    if job is None or not access.may_with(Act.READ_OPENING, job.opening):
        raise UserError(NO_OPENING)
    if not access.may_with(act, job.opening):
        raise UserError(NOT_YOURS[act])
    return job

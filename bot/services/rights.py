"""Who may do what, decided from our own data and settings."""

from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.domain.panels.panel import Panel
from bot.domain.people import Person, unreachable_because
from bot.domain.rights import Access, Act, PersonKind
from bot.errors import UserError
from bot.services.ports import Directory, Refused

UNKNOWN = frozenset({"user_not_found", "user_not_visible"})

OUTSIDERS = "Interview panels are for full members of this workspace."
NO_PART = "There is no such panel, or you have no part in it."
NOT_YOURS = {
    Act.EDIT: "Only those who organise this panel can change it.",
    Act.SEE_KIT: "Only the interviewer and those who organise the panel can see this.",
    Act.DECLINE: "Only the interviewer can say this.",
    Act.MERGE: "Only an admin can merge candidates.",
    Act.SET_DEFAULT: "Only an admin can set this for the whole workspace.",
}


class Rights:
    """Answers questions about people's rights.

    `admins` are the user ids of PANELIST_ADMINS; where it is empty, the workspace's owners and
    admins are meant.
    """

    def __init__(self, admins: frozenset[str], directory: Directory) -> None:
        self._admins = admins
        self._directory = directory

    async def is_admin(self, workspace: str, user: str) -> bool:
        if self._admins:
            return user in self._admins
        return await self._directory.is_workspace_admin(workspace, user)

    async def access(self, workspace: str, user: str) -> Access:
        """What the person is to the workspace; asked before a transaction, not within it."""
        try:
            person = await self._directory.person(workspace, user)
        except Refused as refusal:
            if refusal.error not in UNKNOWN:
                raise
            return Access(workspace, user, PersonKind.STRANGER)
        membership = _membership(person, workspace)
        is_admin = membership is PersonKind.MEMBER and await self.is_admin(workspace, user)
        return Access(workspace, user, membership, person.tz, is_admin)

    async def member(self, workspace: str, user: str, part: PanelField) -> Person:
        """Somebody who can be given this part in a panel. Raises Misfit."""
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

    async def check_channel(self, workspace: str, channel: str | None) -> None:
        """Raises Misfit where a panel cannot be shown in this channel."""
        if channel is None:
            return
        why = await self._directory.unsuitable_because(workspace, channel)
        if why is not None:
            raise InvalidPanel(PanelField.CHANNEL, why)


def _membership(person: Person, workspace: str) -> PersonKind:
    if unreachable_because(person, workspace) is None:
        return PersonKind.MEMBER
    return (
        PersonKind.GUEST if person.restricted and person.team == workspace else PersonKind.STRANGER
    )


def require(
    access: Access, action: Act, panel: Panel | None = None, interview: str | None = None
) -> None:
    """Raises UserError unless the person may.

    A guest and a stranger read one sentence, whatever there is; and whoever has no part in a panel
    reads the same as where there is none.
    """
    if access.membership is not PersonKind.MEMBER:
        raise UserError(OUTSIDERS)
    if access.may(action, panel, interview):
        return
    knows = panel is not None and access.may(Act.SEE, panel, interview)
    raise UserError(NOT_YOURS[action] if knows or action is Act.SET_DEFAULT else NO_PART)


def permitted_panel(
    access: Access, action: Act, panel: Panel | None, interview: str | None = None
) -> Panel:
    """The panel, if it is there and the person may. Raises UserError."""
    require(access, action, panel, interview)
    if panel is None:
        raise UserError(NO_PART)
    return panel

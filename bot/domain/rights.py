"""Who may do what, in one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.panels.panel import Panel


class PersonKind(StrEnum):
    """What a person is to a panel, or to one interview of it."""

    ORGANIZER = "organiser"
    INTERVIEWER = "interviewer"
    """Whose interview it is."""
    COLLEAGUE = "colleague"
    """Anybody who has an interview of the panel."""
    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    """Somebody of another workspace, met in a shared channel."""


class Act(StrEnum):
    """What can be done about panels."""

    SET_UP = "set_up"
    SEE = "see"
    EDIT = "edit"
    SEE_KIT = "see_kit"
    DECLINE = "decline"
    SET_DEFAULT = "set_default"
    MERGE = "merge"
    """Say that two candidates are one person, and take it back."""


RIGHTS: Mapping[PersonKind, frozenset[Act]] = {
    PersonKind.ORGANIZER: frozenset({Act.SEE, Act.EDIT, Act.SEE_KIT}),
    PersonKind.INTERVIEWER: frozenset({Act.SEE, Act.SEE_KIT, Act.DECLINE}),
    PersonKind.COLLEAGUE: frozenset({Act.SEE}),
    PersonKind.ADMIN: frozenset({Act.SEE, Act.EDIT, Act.SET_DEFAULT, Act.MERGE}),
    PersonKind.MEMBER: frozenset({Act.SET_UP}),
    PersonKind.GUEST: frozenset(),
    PersonKind.STRANGER: frozenset(),
}
"""Who may do what. A person may be several things and has the rights of each; but a guest and a
stranger are nothing else, whatever a panel says of them."""


@dataclass(frozen=True)
class Access:
    """A person as far as rights go; `standing` is MEMBER, GUEST or STRANGER, `zone` where they
    are."""

    workspace: str
    user: str
    membership: PersonKind
    zone: str = "UTC"
    is_admin: bool = False

    def kinds(
        self, panel: Panel | None = None, interview: str | None = None
    ) -> frozenset[PersonKind]:
        """What the person is to the panel; INTERVIEWER only where an interview is meant."""
        if self.membership is not PersonKind.MEMBER:
            return frozenset({self.membership})
        kinds = {PersonKind.MEMBER} | ({PersonKind.ADMIN} if self.is_admin else set())
        if panel is None or panel.workspace != self.workspace:
            return frozenset(kinds)
        if self.user in panel.organizers:
            kinds.add(PersonKind.ORGANIZER)
        if any(item.interviewer == self.user for item in panel.on):
            kinds.add(PersonKind.COLLEAGUE)
        meant = panel.find(interview) if interview is not None else None
        if meant is not None and meant.interviewer == self.user:
            kinds.add(PersonKind.INTERVIEWER)
        return frozenset(kinds)

    def may(self, action: Act, panel: Panel | None = None, interview: str | None = None) -> bool:
        return any(action in RIGHTS[kind] for kind in self.kinds(panel, interview))

"""Who may do what, in one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.panels.panel import Panel


class Kind(StrEnum):
    """What a person is to a panel, or to one interview of it."""

    ORGANISER = "organiser"
    INTERVIEWER = "interviewer"
    """Whose interview it is."""
    COLLEAGUE = "colleague"
    """Anybody who has an interview of the panel."""
    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    """Somebody of another workspace, met in a shared channel."""


class Action(StrEnum):
    """What can be done about panels."""

    SET_UP = "set_up"
    SEE = "see"
    EDIT = "edit"
    SEE_KIT = "see_kit"
    DECLINE = "decline"
    SET_DEFAULT = "set_default"


RIGHTS: Mapping[Kind, frozenset[Action]] = {
    Kind.ORGANISER: frozenset({Action.SEE, Action.EDIT, Action.SEE_KIT}),
    Kind.INTERVIEWER: frozenset({Action.SEE, Action.SEE_KIT, Action.DECLINE}),
    Kind.COLLEAGUE: frozenset({Action.SEE}),
    Kind.ADMIN: frozenset({Action.SEE, Action.EDIT, Action.SET_DEFAULT}),
    Kind.MEMBER: frozenset({Action.SET_UP}),
    Kind.GUEST: frozenset(),
    Kind.STRANGER: frozenset(),
}
"""Who may do what. A person may be several things and has the rights of each; but a guest and a
stranger are nothing else, whatever a panel says of them."""


@dataclass(frozen=True)
class Access:
    """A person as far as rights go; `standing` is MEMBER, GUEST or STRANGER, `zone` where they
    are."""

    workspace: str
    user: str
    standing: Kind
    zone: str = "UTC"
    is_admin: bool = False

    def kinds(self, panel: Panel | None = None, interview: str | None = None) -> frozenset[Kind]:
        """What the person is to the panel; INTERVIEWER only where an interview is meant."""
        if self.standing is not Kind.MEMBER:
            return frozenset({self.standing})
        kinds = {Kind.MEMBER} | ({Kind.ADMIN} if self.is_admin else set())
        if panel is None or panel.workspace != self.workspace:
            return frozenset(kinds)
        if self.user in panel.organisers:
            kinds.add(Kind.ORGANISER)
        if any(item.interviewer == self.user for item in panel.on):
            kinds.add(Kind.COLLEAGUE)
        meant = panel.find(interview) if interview is not None else None
        if meant is not None and meant.interviewer == self.user:
            kinds.add(Kind.INTERVIEWER)
        return frozenset(kinds)

    def may(self, action: Action, panel: Panel | None = None, interview: str | None = None) -> bool:
        return any(action in RIGHTS[kind] for kind in self.kinds(panel, interview))

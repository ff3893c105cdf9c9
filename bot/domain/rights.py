"""Who may do what, in one table."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.openings.opening import PUBLIC, Opening
from bot.domain.panels.panel import Panel


class PersonKind(StrEnum):
    """What a person is to a workspace, a panel, one interview of it, an opening, or a posting."""

    SET_UP = "set_up"
    """Who set the panel up, or made the opening."""
    RECRUITER = "recruiter"
    HIRING_MANAGER = "hiring_manager"
    INTERVIEWER = "interviewer"
    """Whose interview it is, and so its scorecard."""
    COLLEAGUE = "colleague"
    """Anybody who has an interview of the panel."""
    APPROVER = "approver"
    """Whom the workspace names to approve openings."""
    WRITER = "writer"
    """Who made an opening, sent it for approval, or changed what is public since it was."""
    DECIDER = "decider"
    """Whom the opening names to decide, beside the hiring manager."""
    POSTER = "poster"
    """Who posted a job description."""
    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    """Somebody of another workspace, met in a shared channel; a bot; somebody deactivated."""


OUTSIDERS = frozenset({PersonKind.GUEST, PersonKind.STRANGER})


class Act(StrEnum):
    """What can be done. Every listener names one."""

    POST_ROLE = "post_role"
    """Posts a library page, or looks for one to post."""
    REMOVE_POSTING = "remove_posting"
    READ_GUIDE = "read_guide"
    """Reads what only the team does: the hiring guide, and a posting's formats."""
    ASK_QUESTIONS = "ask_questions"
    SET_UP_PANEL = "set_up_panel"
    SEE_PANEL = "see_panel"
    SEE_BOARD = "see_board"
    """Sees what those candidates wait for in whose hiring one has a part."""
    SEE_WHOLE_BOARD = "see_whole_board"
    SEE_STATE = "see_state"
    """Sees how far a candidate's interviews are, as whoever sees the panel or keeps its opening."""
    CHANGE_PANEL = "change_panel"
    REMIND = "remind"
    """*Remind now*: of a panel's scorecards that are due."""
    READ_KIT = "read_kit"
    DECLINE = "decline"
    OPEN_SCORECARD = "open_scorecard"
    WRITE_SCORECARD = "write_scorecard"
    """Has what stands in the form saved or submitted."""
    CLOSE_SCORECARD = "close_scorecard"
    """Says that one's own will not come, or reassigns it."""
    CLOSE_FOR = "close_for"
    """Reassigns somebody else's, or closes it without a scorecard."""
    READ_FEEDBACK = "read_feedback"
    """Once one's own scorecard is not due: `bot/domain/feedback.py` says when that is."""
    OPEN_EARLY = "open_early"
    """Reads it before one's own is submitted."""
    LEAN = "lean"
    """Writes one's leaning."""
    OPEN_LEANINGS = "open_leanings"
    """Before all of them are written."""
    DECIDE = "decide"
    """Records what was decided, undoes or amends it."""
    ANSWER = "answer"
    """Tells the candidate what was decided, and says so."""
    SEE_OWN = "see_own"
    """Lists one's own scorecards, opens one's Home."""
    CHOOSE_REMINDERS = "choose_reminders"
    """For oneself."""
    SET_DEFAULT = "set_default"
    """Chooses for the whole workspace."""
    SET_RETENTION = "set_retention"
    """Says for how long candidates are kept, and whom a legal hold keeps."""
    ERASE = "erase"
    """Has a candidate erased, in Slack and in the database."""
    SEE_NUMBERS = "see_numbers"
    """Sees figures over everybody: who is recruiter or hiring manager of anything."""
    MAKE_OPENING = "make_opening"
    """Opens a job."""
    READ_OPENING = "read_opening"
    """Reads the posting of a job that is open or paused."""
    REFER = "refer"
    """Tells the recruiter of somebody for a job that is open or paused."""
    CHANGE_OPENING = "change_opening"
    """Changes, posts, pauses or closes an opening."""
    APPROVE_OPENING = "approve_opening"
    """Approves an opening before it is public, or sends it back; whoever wrote of it never does."""
    MERGE = "merge"
    """Says that two candidates are one person, and takes it back: a recruiter where every panel of
    both is theirs, which `bot/services/candidates.py` looks at."""
    TELL_APART = "tell_apart"
    """Says that two candidates of one name are different people: of two whose panels one organizes,
    which `bot/services/candidates.py` looks at."""


_SET_UP, _RECRUITER, _MANAGER = (
    PersonKind.SET_UP,
    PersonKind.RECRUITER,
    PersonKind.HIRING_MANAGER,
)
_DECIDER = PersonKind.DECIDER
_INTERVIEWER, _COLLEAGUE = PersonKind.INTERVIEWER, PersonKind.COLLEAGUE
_ADMIN, _MEMBER = PersonKind.ADMIN, PersonKind.MEMBER
_SEE_STATE = frozenset({_SET_UP, _RECRUITER, _MANAGER, _DECIDER, _INTERVIEWER, _COLLEAGUE, _ADMIN})

RIGHTS: Mapping[Act, frozenset[PersonKind]] = {
    Act.POST_ROLE: frozenset({_MEMBER}),
    Act.REMOVE_POSTING: frozenset({PersonKind.POSTER, _ADMIN}),
    Act.READ_GUIDE: frozenset({_MEMBER}),
    Act.ASK_QUESTIONS: frozenset({_MEMBER}),
    Act.SET_UP_PANEL: frozenset({_MEMBER}),
    Act.SEE_PANEL: _SEE_STATE,
    Act.SEE_BOARD: frozenset({_MEMBER}),
    Act.SEE_WHOLE_BOARD: frozenset({_ADMIN}),
    Act.SEE_STATE: _SEE_STATE,
    Act.CHANGE_PANEL: frozenset({_SET_UP, _RECRUITER, _MANAGER, _ADMIN}),
    Act.REMIND: frozenset({_SET_UP, _RECRUITER, _MANAGER, _ADMIN}),
    Act.READ_KIT: frozenset({_SET_UP, _RECRUITER, _MANAGER, _INTERVIEWER}),
    Act.DECLINE: frozenset({_INTERVIEWER}),
    Act.OPEN_SCORECARD: frozenset({_INTERVIEWER}),
    Act.WRITE_SCORECARD: frozenset({_INTERVIEWER}),
    Act.CLOSE_SCORECARD: frozenset({_INTERVIEWER}),
    Act.CLOSE_FOR: frozenset({_SET_UP, _RECRUITER, _MANAGER, _ADMIN}),
    Act.READ_FEEDBACK: frozenset({_RECRUITER, _MANAGER, _DECIDER, _INTERVIEWER, _COLLEAGUE}),
    Act.OPEN_EARLY: frozenset({_RECRUITER, _MANAGER}),
    Act.LEAN: frozenset({_MANAGER, _DECIDER}),
    Act.OPEN_LEANINGS: frozenset({_RECRUITER, _MANAGER}),
    Act.DECIDE: frozenset({_MANAGER, _DECIDER}),
    Act.ANSWER: frozenset({_SET_UP, _RECRUITER, _MANAGER, _DECIDER}),
    Act.SEE_OWN: frozenset({_MEMBER}),
    Act.CHOOSE_REMINDERS: frozenset({_MEMBER}),
    Act.SET_DEFAULT: frozenset({_ADMIN}),
    Act.SET_RETENTION: frozenset({_ADMIN}),
    Act.ERASE: frozenset({_ADMIN}),
    Act.SEE_NUMBERS: frozenset({_RECRUITER, _MANAGER, _ADMIN}),
    Act.MAKE_OPENING: frozenset({_MEMBER}),
    Act.READ_OPENING: frozenset({_MEMBER}),
    Act.REFER: frozenset({_MEMBER}),
    Act.CHANGE_OPENING: frozenset({_SET_UP, _RECRUITER, _MANAGER, _ADMIN}),
    Act.APPROVE_OPENING: frozenset({_ADMIN, PersonKind.APPROVER}),
    Act.MERGE: frozenset({_RECRUITER, _ADMIN}),
    Act.TELL_APART: frozenset({_SET_UP, _RECRUITER, _MANAGER, _ADMIN}),
}
"""Who may do each. A person may be several things and has the rights of each; but a guest and a
stranger are nothing else, whatever a panel says of them."""

NEVER: Mapping[Act, frozenset[PersonKind]] = {
    Act.APPROVE_OPENING: frozenset({_SET_UP, PersonKind.WRITER}),
}
"""Who may not do what they otherwise might: whatever else they are."""

WITHOUT_SLACK = frozenset({Act.WRITE_SCORECARD})
"""What somebody may do of whom Slack does not say in time whether they are a member: it discloses
nothing and posts nothing, and whose scorecard it is our own data tells."""


@dataclass(frozen=True)
class Access:
    """A person as far as rights go; `membership` is MEMBER, GUEST or STRANGER, `zone` where they
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
        if self.membership in OUTSIDERS:
            return frozenset({self.membership})
        kinds = {PersonKind.MEMBER} | ({PersonKind.ADMIN} if self.is_admin else set())
        if panel is None or panel.workspace != self.workspace:
            return frozenset(kinds)
        meant = panel.find(interview) if interview is not None else None
        parts = {
            PersonKind.SET_UP: (panel.set_up_by,),
            PersonKind.RECRUITER: (panel.recruiter,),
            PersonKind.HIRING_MANAGER: (panel.hiring_manager,),
            PersonKind.DECIDER: panel.opening.deciders,
            PersonKind.COLLEAGUE: tuple(item.interviewer for item in panel.on),
            PersonKind.INTERVIEWER: (meant.interviewer,) if meant is not None else (),
        }
        return frozenset(kinds | {kind for kind, people in parts.items() if self.user in people})

    def kinds_for(
        self, opening: Opening, approvers: Collection[str] = (), writers: Collection[str] = ()
    ) -> frozenset[PersonKind]:
        """What the person is to an opening of their workspace, which names these approvers."""
        parts: dict[PersonKind, Collection[str | None]] = {
            PersonKind.SET_UP: (opening.author,),
            PersonKind.RECRUITER: (opening.recruiter,),
            PersonKind.HIRING_MANAGER: (opening.hiring_manager,),
            PersonKind.DECIDER: opening.deciders,
            PersonKind.APPROVER: approvers,
            PersonKind.WRITER: writers,
        }
        if self.membership in OUTSIDERS:
            return self.kinds()
        return self.kinds() | {kind for kind, users in parts.items() if self.user in users}

    def may_approve(
        self, opening: Opening, approvers: Collection[str], writers: Collection[str]
    ) -> bool:
        """Whether the person may approve the opening, which these have written."""
        act, kinds = Act.APPROVE_OPENING, self.kinds_for(opening, approvers, writers)
        return not RIGHTS[act].isdisjoint(kinds) and NEVER[act].isdisjoint(kinds)

    def may_with(self, act: Act, opening: Opening) -> bool:
        """What is neither open nor paused is there for those alone who may change it."""
        kinds = self.kinds_for(opening)
        is_shown = opening.status in PUBLIC or not RIGHTS[Act.CHANGE_OPENING].isdisjoint(kinds)
        return is_shown and not RIGHTS[act].isdisjoint(kinds)

    def sees_state(self, opening: Opening, panel: Panel) -> bool:
        """Whether the person may see how far the interviews of a panel for the opening are."""
        kinds = self.kinds_for(opening) | self.kinds(panel)
        return not RIGHTS[Act.SEE_STATE].isdisjoint(kinds)

    def keeps(self, opening: Opening, panels: Iterable[Panel]) -> bool:
        """Whether the person may see how far an application is as a whole: who keeps the opening,
        organizes one of its panels, decides, or is an admin."""
        kinds = self.kinds_for(opening).union(*(self.kinds(panel) for panel in panels))
        return not (RIGHTS[Act.CHANGE_OPENING] | {_DECIDER}).isdisjoint(kinds)

    def may(self, act: Act, panel: Panel | None = None, interview: str | None = None) -> bool:
        return not RIGHTS[act].isdisjoint(self.kinds(panel, interview))

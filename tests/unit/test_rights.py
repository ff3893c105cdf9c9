"""Who may do what: the one table."""

from dataclasses import replace

import pytest

from bot.domain.feedback import FeedbackReaders, ReadAccess, read_access
from bot.domain.openings.opening import Opening, OpeningStatus
from bot.domain.rights import OUTSIDERS, RIGHTS, WITHOUT_SLACK, Access, Act, PersonKind
from tests.support.panels import NOW, interview, panel
from tests.support.panels import OPENING as HIRED_FOR

ALEXS = "i-UALEX"
PANEL = replace(
    panel(interview("UALEX"), interview("USAM")),
    set_up_by="USETTER",
    recruiter="URECRUITER",
    opening=replace(HIRED_FOR, deciders=("UDECIDER",)),
)
EVERYWHERE = {
    Act.POST_ROLE,
    Act.READ_GUIDE,
    Act.ASK_QUESTIONS,
    Act.SET_UP_PANEL,
    Act.SEE_OWN,
    Act.CHOOSE_REMINDERS,
    Act.MAKE_OPENING,
    Act.READ_OPENING,
    Act.REFER,
    Act.SEE_BOARD,
}
OWN = {Act.DECLINE, Act.OPEN_SCORECARD, Act.WRITE_SCORECARD, Act.CLOSE_SCORECARD}
ORGANIZES = {
    *(Act.SEE_PANEL, Act.SEE_STATE, Act.CHANGE_PANEL, Act.REMIND, Act.CLOSE_FOR, Act.READ_KIT),
    *(Act.TELL_APART, Act.CHANGE_OPENING, Act.ANSWER),
}
ON_PANEL = {Act.SEE_PANEL, Act.SEE_STATE, Act.READ_FEEDBACK}
DECIDES = {Act.LEAN, Act.DECIDE, Act.ANSWER}
READS_ALL = {Act.READ_FEEDBACK, Act.OPEN_EARLY, Act.OPEN_LEANINGS}

PEOPLE = {
    "who only set it up": Access("T1", "USETTER", PersonKind.MEMBER),
    "recruiter": Access("T1", "URECRUITER", PersonKind.MEMBER),
    "hiring manager": Access("T1", "UMANAGER", PersonKind.MEMBER),
    "decider": Access("T1", "UDECIDER", PersonKind.MEMBER),
    "interviewer": Access("T1", "UALEX", PersonKind.MEMBER),
    "colleague": Access("T1", "USAM", PersonKind.MEMBER),
    "admin": Access("T1", "UADMIN", PersonKind.MEMBER, is_admin=True),
    "member": Access("T1", "UMEMBER", PersonKind.MEMBER),
    "guest": Access("T1", "UGUEST", PersonKind.GUEST),
    "stranger": Access("T1", "USTRANGER", PersonKind.STRANGER),
    "guest who was made interviewer": Access("T1", "UALEX", PersonKind.GUEST),
    "organizer who became a stranger": Access("T1", "USETTER", PersonKind.STRANGER, is_admin=True),
    "organizer by id, of another workspace's panel": Access("T2", "USETTER", PersonKind.MEMBER),
}
MAY = {
    "who only set it up": EVERYWHERE | ORGANIZES,
    "recruiter": EVERYWHERE
    | ORGANIZES
    | READS_ALL
    | {Act.MERGE, Act.SEE_NUMBERS, Act.READ_APPLICATION, Act.READ_ADJUSTMENTS, Act.SCREEN},
    "interviewer": EVERYWHERE | ON_PANEL | {Act.READ_KIT} | OWN,
    "colleague": EVERYWHERE | ON_PANEL,
    "hiring manager": EVERYWHERE
    | ORGANIZES
    | READS_ALL
    | DECIDES
    | {Act.SEE_NUMBERS, Act.READ_APPLICATION, Act.SCREEN},
    "decider": EVERYWHERE | ON_PANEL | DECIDES | {Act.READ_APPLICATION},
    "admin": EVERYWHERE
    | {
        Act.SEE_PANEL,
        Act.SEE_STATE,
        Act.SEE_WHOLE_BOARD,
        Act.CHANGE_PANEL,
        Act.REMIND,
        Act.CLOSE_FOR,
        Act.SET_DEFAULT,
        Act.REMOVE_POSTING,
    }
    | {Act.MERGE, Act.TELL_APART, Act.CHANGE_OPENING, Act.APPROVE_OPENING}
    | {Act.SEE_NUMBERS, Act.SET_RETENTION, Act.ERASE},
    "member": EVERYWHERE,
    "guest": set[Act](),
    "stranger": set[Act](),
    "guest who was made interviewer": set[Act](),
    "organizer who became a stranger": set[Act](),
    "organizer by id, of another workspace's panel": EVERYWHERE,
}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("act", Act)
def test_who_may_do_what_about_alexs_interview(who: str, act: Act) -> None:
    assert PEOPLE[who].may(act, PANEL, ALEXS) is (act in MAY[who])


OPENING = Opening(
    "o", "r", "Developer", None, "USETTER", hiring_manager="UMANAGER", recruiter="URECRUITER"
)
KEEP = {"who only set it up", "recruiter", "hiring manager", "admin"}
MEMBERS = {who for who, one in PEOPLE.items() if one.membership is PersonKind.MEMBER}
ANOTHERS = "organizer by id, of another workspace's panel"
"""Whose workspace has no such opening: services ask with the workspace's own alone."""


@pytest.mark.parametrize("who", sorted(PEOPLE.keys() - {ANOTHERS}))
@pytest.mark.parametrize("status", OpeningStatus)
def test_who_may_do_what_about_an_opening(who: str, status: OpeningStatus) -> None:
    opening, person = replace(OPENING, status=status), PEOPLE[who]
    is_public = status in (OpeningStatus.OPEN, OpeningStatus.PAUSED)
    assert person.may_with(Act.CHANGE_OPENING, opening) is (who in KEEP)
    for act in (Act.READ_OPENING, Act.REFER):
        assert person.may_with(act, opening) is (who in (MEMBERS if is_public else KEEP))


@pytest.mark.parametrize("who", sorted(PEOPLE.keys() - {ANOTHERS}))
def test_an_opening_is_approved_by_admins_and_approvers_and_by_nobody_who_wrote_of_it(
    who: str,
) -> None:
    person = PEOPLE[who]
    is_member = person.membership is PersonKind.MEMBER
    is_author = person.user == OPENING.author
    nobody: tuple[str, ...] = ()
    assert person.may_approve(OPENING, nobody, nobody) is (person.is_admin and is_member)
    named = (person.user,)
    assert person.may_approve(OPENING, named, nobody) is (is_member and not is_author)
    assert not person.may_approve(OPENING, named, named)


def test_every_act_has_its_row_and_every_kind_of_person_is_somebody_here() -> None:
    assert set(RIGHTS) == set(Act)
    assert set(MAY) == set(PEOPLE)
    kinds = {kind for one in PEOPLE.values() for kind in one.kinds(PANEL, ALEXS)}
    of_others = {PersonKind.POSTER, PersonKind.APPROVER, PersonKind.WRITER}
    assert kinds == set(PersonKind) - of_others


def test_an_outsider_may_do_nothing_at_all() -> None:
    assert all(kinds.isdisjoint(OUTSIDERS) for kinds in RIGHTS.values())


def test_only_whose_own_something_is_does_without_slacks_word() -> None:
    assert all(RIGHTS[act] == {PersonKind.INTERVIEWER} for act in WITHOUT_SLACK)


def test_whoever_has_been_replaced_sees_the_panel_no_more() -> None:
    after = PANEL.replaced(ALEXS, interview("UPRIYA", id="new"), NOW)
    alex = PEOPLE["interviewer"]
    assert not alex.may(Act.SEE_PANEL, after)
    assert not alex.may(Act.READ_KIT, after, "new")


@pytest.mark.parametrize("who", PEOPLE)
def test_the_rule_of_independence_lets_nobody_read_whom_the_table_does_not(who: str) -> None:
    """Everybody's scorecard is submitted, so that all may read who ever may."""
    person = PEOPLE[who]
    if person.membership in OUTSIDERS or person.workspace != PANEL.workspace:
        return
    readers = FeedbackReaders(
        frozenset(PANEL.readers),
        frozenset(),
        frozenset(item.interviewer for item in PANEL.on),
        deciders=frozenset(PANEL.opening.deciders),
    )
    reads = read_access(person.user, readers) is ReadAccess.ALL
    assert reads is person.may(Act.READ_FEEDBACK, PANEL, ALEXS)


@pytest.mark.parametrize("who", PEOPLE)
def test_the_rule_of_independence_lets_those_open_early_whom_the_table_does(who: str) -> None:
    """Everybody still has a scorecard to submit."""
    person = PEOPLE[who]
    if person.membership in OUTSIDERS or person.workspace != PANEL.workspace:
        return
    readers = FeedbackReaders(frozenset(PANEL.readers), frozenset({person.user}), frozenset())
    asks = read_access(person.user, readers) is ReadAccess.ASK_FIRST
    assert asks is person.may(Act.OPEN_EARLY, PANEL, ALEXS)

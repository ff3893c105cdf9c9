"""Debriefs as they are shown: within Slack's limits whoever wrote whatever, each rating once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.applications import Stage
from bot.domain.candidates import Candidate
from bot.domain.debriefs.access import EarlyOpen
from bot.domain.debriefs.answers import Answer, Told
from bot.domain.debriefs.decision import (
    LONGEST_REASON,
    Decision,
    Decisions,
    NewDecision,
    Outcome,
    ReasonKind,
)
from bot.domain.debriefs.leanings import LONGEST_SENTENCE, Leaning, Leanings, WrittenLeaning
from bot.domain.reminders import Calendar
from bot.domain.rights import Access, PersonKind
from bot.domain.scorecards.closing import DueScorecard
from bot.domain.scorecards.scorecard import (
    LONGEST_EVIDENCE,
    Assessment,
    Choice,
    Recommendation,
    Scorecard,
    ScorecardBody,
    ScorecardVersion,
)
from bot.library.catalogue import Library
from bot.playground.rules.limits import faults
from bot.services.debriefs.answering import Answered
from bot.services.debriefs.debrief import Debrief, FoundDebrief
from bot.services.messages.debriefs import OutcomeTold
from bot.services.messages.debriefs_answers import AwaitedAnswer
from handlers.views.debriefs.answer import tell_form
from handlers.views.debriefs.debrief import debrief
from handlers.views.debriefs.decision import DecideToken, Filled, decide_form, outcome, short_of
from handlers.views.debriefs.evidence import PageToken, evidence
from handlers.views.debriefs.leaning import LeaningToken, leaning_form
from tests.support.panelist import text_of
from tests.support.panels import NOW, frozen, interview, panel

LONG, SHORT = "<!channel> &*_" * 400, "Robin Doe"
MANAGER = "UMANAGER"


def found(library: Library, people: int, words: str, made: int = 0) -> FoundDebrief:
    """A panel of so many who rated everything, each from one end of the scale or the other."""
    content = frozen(library)
    focus = content.ids
    users = [f"U{number:010}" for number in range(people)]
    items = [interview(user, *focus, id=f"{n:016}") for n, user in enumerate(users)]
    whole = replace(
        panel(*items),
        id="a" * 16,
        candidate=Candidate("c" * 16, words[:200], "robin@example.com", None),
        hiring_manager=MANAGER,
    )
    due = [
        DueScorecard(
            workspace="T1",
            interview=item.id,
            panel=whole.id,
            candidate=words[:200],
            role="Backend Developer",
            interviewer=item.interviewer,
            owner=item.interviewer,
            focus=focus,
            zone="UTC",
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            cancelled_at=None,
            declined_at=None,
            closed_at=NOW,
            closings=1,
            set_up_by="U1",
            recruiter="URECRUITER",
            hiring_manager=MANAGER,
        )
        for item in items
    ]
    cards = [
        Scorecard(
            *(f"card{n}", "T1", item.id, item.interviewer, False, NOW),
            ScorecardVersion(1, written(focus, n, words), "f", NOW),
        )
        for n, item in enumerate(items)
    ]
    sentence = (words * 3)[:LONGEST_SENTENCE]
    decisions = [
        Decision(
            *(number, Outcome.HOLD, ReasonKind.OTHER, (words * 200)[:LONGEST_REASON], focus),
            *(MANAGER, NOW, Stage.INTERVIEWING),
        )
        for number in range(1, made + 1)
    ]
    return FoundDebrief(
        panel=whole,
        content=content,
        due_scorecards=due,
        cards=cards,
        reads=[],
        early=[EarlyOpen(user, NOW, 3) for user in users[:2]],
        leanings=Leanings((MANAGER,), (WrittenLeaning(MANAGER, Leaning.NO, sentence, NOW),)),
        decisions=Decisions(tuple(decisions)),
        awaited=None,
    )


def written(focus: tuple[str, ...], number: int, words: str) -> ScorecardBody:
    choice = Choice.POOR if number % 2 else Choice.OUTSTANDING
    evidence = (words * 400)[:LONGEST_EVIDENCE]
    return ScorecardBody(
        tuple(Assessment(id, choice, evidence) for id in focus), Recommendation.STRONG_YES
    )


def shown(one: FoundDebrief, user: str = MANAGER) -> Debrief:
    return one.shown_to(Access("T1", user, PersonKind.MEMBER), NOW + timedelta(days=1))


@pytest.mark.parametrize("words", [LONG, SHORT, "x"])
@pytest.mark.parametrize("people", [1, 20])
@pytest.mark.parametrize("made", [0, 1, 3])
def test_it_is_within_slacks_limits(library: Library, people: int, words: str, made: int) -> None:
    one = shown(found(library, people, words, made))
    assert faults("modal", debrief(one)) == []
    assert faults("modal", debrief(one, has_changed=True)) == []
    form = DecideToken(panel="a" * 16, seen="0" * 16, number=made, under="V1")
    assert faults("modal", decide_form(one, form)) == []
    lean = LeaningToken(panel="a" * 16, seen="0" * 16, under="V1")
    assert faults("modal", leaning_form(one, lean)) == []
    for number in range(people + 1):
        page = PageToken(panel="a" * 16, number=number, seen="0" * 16, under="V1")
        assert faults("modal", evidence(one, page)) == []


def test_twenty_people_stand_in_it_once_for_each_rating(library: Library) -> None:
    one = found(library, 20, SHORT)
    view = str(debrief(shown(one)))
    for due in one.due_scorecards:
        ratings = len(one.content.ids)
        recommended = 1
        early = due.owner in {opened.person for opened in one.early}
        assert view.count(due.owner) == ratings + recommended + early


def test_before_leanings_are_open_a_decider_sees_no_recommendation(library: Library) -> None:
    one = found(library, 3, SHORT)
    hidden = replace(one, leanings=Leanings((MANAGER,)))
    assert "Strong yes" in text_of(debrief(shown(one)))
    assert "Strong yes" not in text_of(debrief(shown(hidden)))
    assert "Decide" not in text_of(debrief(shown(hidden)))


AWAITED = Answer(date(2026, 12, 7), NOW, None)


@pytest.mark.parametrize("words", [LONG, SHORT])
@pytest.mark.parametrize("told", [None, Told(MANAGER, NOW)])
def test_what_the_candidate_is_told_is_within_them(
    library: Library, words: str, told: Told | None
) -> None:
    one = found(library, 1, words, 1)
    made = one.decisions.made[0]
    answer = replace(AWAITED, decision=made, told=told)
    awaited = AwaitedAnswer("a" * 16, one.panel, answer, Calendar())
    access = Access("T1", MANAGER, PersonKind.MEMBER)
    view = tell_form(Answered(awaited, made, access, NOW), words)
    assert faults("modal", view) == []
    assert faults("modal", debrief(shown(replace(one, awaited=awaited)))) == []


@pytest.mark.parametrize("made", list(Outcome))
@pytest.mark.parametrize("kind", [ReasonKind.OTHER, ReasonKind.WITHDREW])
@pytest.mark.parametrize("state", [{}, {"is_undone": True}, {"is_amended": True}])
def test_the_outcome_names_nobody_on_a_lock_screen(
    library: Library, made: Outcome, kind: ReasonKind, state: dict[str, Any]
) -> None:
    one = found(library, 1, LONG, 1)
    decision = replace(one.decisions.made[0], outcome=made, kind=kind)
    text, blocks = outcome(OutcomeTold(one.panel, decision, "UTC", **state))
    assert faults("message", {"text": text, "blocks": blocks}) == []
    assert "channel" not in text
    assert short_of(decision) in str(blocks)


def test_a_form_with_hints_keeps_what_was_entered(library: Library) -> None:
    new = NewDecision(Outcome.OFFER, ReasonKind.PAY, "y" * 40, ("debugging",))
    token = DecideToken(panel="a" * 16, seen="0" * 16, number=0, under="V1", hinted=True)
    view = decide_form(shown(found(library, 2, SHORT)), token, Filled(new, []))
    kept = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    values = [
        one.get("initial_value") or one.get("initial_option") or one.get("initial_options")
        for one in kept
    ]
    assert "offer" in str(values[0])
    assert "debugging" in str(values[1])
    assert "pay" in str(values[2])
    assert values[3] == "y" * 40

"""Debriefs: the table of ratings, when it opens to whom, and the leanings."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.applications import Stage
from bot.domain.debriefs.access import DebriefAccess, arrivals, debrief_access
from bot.domain.debriefs.answers import (
    AT_MOST,
    FEWEST_DAYS,
    MOST_DAYS,
    Answer,
    AnswerRung,
    Told,
    answer_by,
    rung_day,
    rung_recipients,
)
from bot.domain.debriefs.decision import (
    Decision,
    DecisionField,
    Decisions,
    InvalidDecision,
    NewDecision,
    Outcome,
    ReasonKind,
    checked,
)
from bot.domain.debriefs.leanings import (
    LONGEST_SENTENCE,
    InvalidLeaning,
    Leaning,
    Leanings,
    WrittenLeaning,
    deciders,
    sentence_of,
)
from bot.domain.debriefs.ratings import SCALE, SPLIT, not_covered, ratings_table, seen_of
from bot.domain.feedback import ReadAccess
from bot.domain.questions.question import Rating
from bot.domain.reminders import Calendar
from bot.domain.scorecards.closing import DueScorecard
from bot.domain.scorecards.scorecard import (
    Assessment,
    Choice,
    Scorecard,
    ScorecardBody,
    ScorecardVersion,
)
from tests.support.panels import NOW

COMPETENCIES = ("api-design", "debugging", "reliability", "security")
CHOICES = st.sampled_from([*Choice, None])


def card(person: str, ratings: dict[str, Choice | None], version: int = 1) -> Scorecard:
    body = ScorecardBody(
        tuple(Assessment(id, choice, f"{person} on {id}") for id, choice in ratings.items())
    )
    written = ScorecardVersion(version, body, "f", NOW)
    return Scorecard(f"c-{person}", "T1", f"i-{person}", person, False, NOW, written)


def due(person: str, *focus: str, is_closed: bool = False) -> DueScorecard:
    return DueScorecard(
        workspace="T1",
        interview=f"i-{person}",
        panel="p1",
        candidate="Robin Doe",
        role="Backend Developer",
        interviewer=person,
        owner=person,
        focus=focus,
        zone="UTC",
        starts_at=NOW,
        ends_at=NOW + timedelta(minutes=45),
        cancelled_at=None,
        declined_at=None,
        closed_at=NOW if is_closed else None,
        closings=0,
        set_up_by="USETUP",
        recruiter="URECRUITER",
        hiring_manager="UMANAGER",
    )


PANELS = st.dictionaries(
    st.sampled_from([f"U{number}" for number in range(20)]),
    st.dictionaries(st.sampled_from([*COMPETENCIES, "left-over"]), CHOICES),
    max_size=20,
).map(lambda panel: [card(person, ratings) for person, ratings in panel.items()])


@given(PANELS)
def test_the_table_holds_every_rating_once_and_nothing_else(cards: list[Scorecard]) -> None:
    table = ratings_table(COMPETENCIES, cards)
    held = Counter(
        (row.competency, one.person, one.rating, one.evidence)
        for row in table.rows
        for one in row.given
    )
    assert held == Counter(
        (item.competency, card.interviewer, item.choice.rating, item.evidence)
        for card in cards
        for item in card.version.body.assessments
        if item.choice is not None and item.choice is not Choice.NOT_ASSESSED
    )
    for row in table.rows:
        shown = [one for given_ in row.by_rating.values() for one in given_]
        assert Counter(shown) == Counter(row.given)
        assert list(row.by_rating) == sorted(row.by_rating, key=SCALE.index, reverse=True)


@given(PANELS)
def test_gaps_splits_and_the_others_are_every_competency_once(cards: list[Scorecard]) -> None:
    table = ratings_table(COMPETENCIES, cards)
    parts = (*table.gaps, *table.splits, *table.others)
    assert Counter(row.competency for row in parts) == Counter(row.competency for row in table.rows)
    assert [row.competency for row in table.rows][: len(COMPETENCIES)] == list(COMPETENCIES)
    for row in table.rows:
        ratings = [one.rating for one in row.given]
        assert row.is_gap is (not ratings)
        pairs = [abs(SCALE.index(a) - SCALE.index(b)) for a in ratings for b in ratings]
        assert row.is_split is (max(pairs, default=0) >= SPLIT)


def test_a_panel_made_by_hand_has_its_known_gap_and_split() -> None:
    cards = [
        card("UALEX", {"api-design": Choice.SOLID, "debugging": Choice.OUTSTANDING}),
        card("USAM", {"api-design": Choice.OUTSTANDING, "debugging": Choice.BORDERLINE}),
        card("UPRIYA", {"security": Choice.POOR, "reliability": Choice.NOT_ASSESSED}),
    ]
    table = ratings_table(COMPETENCIES, cards)
    assert [row.competency for row in table.gaps] == ["reliability"]
    assert [row.competency for row in table.splits] == ["debugging"]
    assert [row.competency for row in table.others] == ["api-design", "security"]
    (split,) = table.splits
    assert list(split.by_rating) == [Rating.OUTSTANDING, Rating.BORDERLINE]
    assert [one.evidence for one in split.given] == ["UALEX on debugging", "USAM on debugging"]


def test_what_is_not_covered_is_told_from_who_rates_what_alone() -> None:
    dues = [
        due("UALEX", "api-design"),
        due("USAM", "reliability", "api-design"),
        due("UPRIYA", "security", is_closed=True),
    ]
    left = not_covered(COMPETENCIES, dues, frozenset({"i-UALEX"}))
    assert [(one.competency, one.awaited) for one in left] == [
        ("debugging", ()),
        ("reliability", ("USAM",)),
        ("security", ()),
    ]


@pytest.mark.parametrize("opened_early", [False, True])
@pytest.mark.parametrize("is_complete", [False, True])
@pytest.mark.parametrize("reading", ReadAccess)
def test_nothing_opens_before_its_time(
    reading: ReadAccess, is_complete: bool, opened_early: bool
) -> None:
    """All of it needs the right to read; and all scorecards, or that one asked for it."""
    come = arrivals([due("UALEX", is_closed=is_complete)], frozenset())
    access = debrief_access(reading, come, opened_early=opened_early)
    may = reading is ReadAccess.ALL and (is_complete or opened_early)
    assert (access is DebriefAccess.ALL) is may
    assert (access is DebriefAccess.NOTHING) is (reading is ReadAccess.NOTHING)


def test_a_scorecard_that_was_changed_is_told_by_what_was_seen() -> None:
    first, other = card("UALEX", {}), card("USAM", {})
    assert seen_of([first, other]) == seen_of([other, first])
    assert seen_of([first, other]) != seen_of([first])
    assert seen_of([first]) != seen_of([card("UALEX", {}, version=2)])


def written(person: str, leaning: Leaning = Leaning.YES) -> WrittenLeaning:
    return WrittenLeaning(person, leaning, "Models data well.", NOW)


def test_leanings_open_with_the_last_and_stay_open_whoever_decides_later() -> None:
    two = Leanings(("UMANAGER", "URILEY"), (written("UMANAGER"),))
    assert not two.are_open
    assert two.missing == ("URILEY",)
    assert Leanings(two.deciders, (*two.written, written("URILEY"))).are_open
    assert Leanings((*two.deciders, "UNEW"), two.written, opened_at=NOW).are_open


def test_what_others_recommend_is_hidden_from_deciders_alone_until_then() -> None:
    two = Leanings(("UMANAGER", "URILEY"), (written("UMANAGER"),))
    assert two.hides_from("UMANAGER")
    assert two.hides_from("URILEY")
    assert not two.hides_from("URECRUITER")
    assert not Leanings(two.deciders, two.written, opened_at=NOW).hides_from("URILEY")


def test_whoever_decides_opens_them_only_once_their_own_is_in() -> None:
    two = Leanings(("UMANAGER", "URILEY"), (written("UMANAGER"),))
    assert two.may_be_opened_by("UMANAGER")
    assert two.may_be_opened_by("URECRUITER")
    assert not two.may_be_opened_by("URILEY")


def test_the_hiring_manager_decides_with_whom_the_opening_names_each_once() -> None:
    assert deciders("UMANAGER", ("URILEY", "UMANAGER")) == ("UMANAGER", "URILEY")


def test_a_leanings_sentence_is_one_line_of_visible_words() -> None:
    assert sentence_of("  Models data\nwell. ") == "Models data well."
    for typed in ("", " \u200b ", "x" * (LONGEST_SENTENCE + 1), "a\0b"):
        with pytest.raises(InvalidLeaning):
            sentence_of(typed)


@pytest.mark.parametrize(
    ("outcome", "kind", "stage"),
    [
        (Outcome.ADVANCE, ReasonKind.SKILLS_SHOWN, Stage.DECIDING),
        (Outcome.HOLD, ReasonKind.NEED_MORE, Stage.DECIDING),
        (Outcome.OFFER, ReasonKind.SKILLS_SHOWN, Stage.OFFER),
        (Outcome.DECLINE, ReasonKind.SKILLS_NOT_SHOWN, Stage.DECLINED),
        (Outcome.DECLINE, ReasonKind.WITHDREW, Stage.WITHDRAWN),
        (Outcome.ANOTHER_ROUND, ReasonKind.NEED_MORE, Stage.INTERVIEWING),
    ],
)
def test_where_an_application_is_once_it_is_decided(
    outcome: Outcome, kind: ReasonKind, stage: Stage
) -> None:
    assert decision(1, outcome=outcome, kind=kind).stage is stage


def decision(number: int, **changes: Any) -> Decision:
    made = Decision(
        *(number, Outcome.HOLD, ReasonKind.OTHER, "Because of the ledger.", ("debugging",)),
        *("UMANAGER", NOW, Stage.INTERVIEWING),
    )
    return replace(made, **changes)


def test_the_last_decision_that_was_not_undone_holds() -> None:
    first, second, third = decision(1), decision(2), decision(3, undone_at=NOW)
    found = Decisions((first, second, third))
    assert found.current == second
    assert found.earlier == (first,)
    assert found.last == 3
    assert (Decisions().current, Decisions().last) == (None, 0)


@pytest.mark.parametrize(
    "reason", ["", "Not good enough.", " . " * 60, "a" * 19, "x" * 1001, "\0" + "a" * 30]
)
def test_a_decision_needs_a_reason(reason: str) -> None:
    with pytest.raises(InvalidDecision) as refused:
        checked(NewDecision(Outcome.HOLD, ReasonKind.OTHER, reason, ("debugging",)), COMPETENCIES)
    assert refused.value.field is DecisionField.REASON


@pytest.mark.parametrize("rests_on", [(), ("left-over",), ("debugging", "left-over")])
def test_a_decision_rests_on_competencies_of_the_panel(rests_on: tuple[str, ...]) -> None:
    reason = "Found the cause in two steps, and said how."
    with pytest.raises(InvalidDecision) as refused:
        checked(NewDecision(Outcome.HOLD, ReasonKind.OTHER, reason, rests_on), COMPETENCIES)
    assert refused.value.field is DecisionField.COMPETENCIES


MONDAYS_INTERVIEW = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("calendar", "day"),
    [
        (Calendar(), date(2026, 12, 7)),
        (Calendar(working_days=frozenset({0})), date(2027, 1, 4)),
        (Calendar(days_off=frozenset({date(2026, 12, 2)})), date(2026, 12, 8)),
        (Calendar(working_days=frozenset()), date(2027, 1, 14)),
        (Calendar(zone="Pacific/Auckland"), date(2026, 12, 8)),
    ],
)
def test_a_candidate_hears_five_working_days_later_and_never_after_45(
    calendar: Calendar, day: date
) -> None:
    assert answer_by(calendar, MONDAYS_INTERVIEW) == day


@given(st.integers(FEWEST_DAYS, MOST_DAYS), st.sets(st.integers(0, 6)))
def test_a_workspace_chooses_how_many_days_and_the_45th_is_the_last(
    days: int, works: set[int]
) -> None:
    calendar = Calendar(working_days=frozenset(works))
    by = answer_by(calendar, MONDAYS_INTERVIEW, days)
    first = MONDAYS_INTERVIEW.date()
    counted = [
        day
        for number in range(1, (by - first).days + 1)
        if calendar.works_on(day := first + timedelta(days=number))
    ]
    is_last = by == first + AT_MOST
    assert len(counted) == days if not is_last else len(counted) <= days
    assert by <= first + AT_MOST
    assert is_last or calendar.works_on(by)


def test_an_answer_is_given_once_they_were_told_after_the_last_interview_and_decision() -> None:
    awaited = Answer(date(2026, 12, 7), NOW)
    told = Told("UMANAGER", NOW + timedelta(hours=1))
    assert not awaited.is_given
    assert replace(awaited, told=told).is_given
    assert not replace(awaited, told=replace(told, at=NOW - timedelta(hours=1))).is_given
    later = decision(1, at=NOW + timedelta(hours=2))
    assert not replace(awaited, told=told, decision=later).is_given


@pytest.mark.parametrize("days", [frozenset(range(5)), frozenset({1, 3}), frozenset(range(7))])
def test_reminders_of_an_answer_come_in_order_on_working_days(days: frozenset[int]) -> None:
    calendar, by = Calendar(working_days=days), date(2026, 12, 7)
    soon, today, late = (rung_day(rung, calendar, by) for rung in AnswerRung)
    assert soon < today == by < late
    assert {soon.weekday(), late.weekday()} <= days


def test_both_are_one_person_where_one_is_both() -> None:
    assert rung_recipients(AnswerRung.LATE, "U1", "U1") == ("U1",)
    assert rung_recipients(AnswerRung.LATE, "U1", "U2") == ("U1", "U2")

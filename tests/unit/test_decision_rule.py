"""Decision rules: what can be stated, and what ratings say to each line."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.debriefs.decision import (
    DecisionField,
    InvalidDecision,
    NewDecision,
    Outcome,
    ReasonKind,
    against,
    checked,
)
from bot.domain.debriefs.ratings import SCALE, CompetencyRatings, GivenRating, RatingsTable
from bot.domain.debriefs.rule import CheckedLine, LineState, checked_rule
from bot.domain.openings.fields import InvalidOpening, OpeningField
from bot.domain.openings.rule import Named, RuleForm, RuleLine, form_of, rule_of
from bot.domain.questions.question import Rating

NAMES = {"api-design": "API design", "debugging": "Debugging", "security": "Security"}
GONE = Named("gone", "Gone since")
IDS = st.lists(st.sampled_from([*NAMES]), unique=True).map(tuple)
GIVEN = st.builds(
    GivenRating,
    scorecard=st.just("c"),
    person=st.sampled_from(["UALEX", "USAM"]),
    rating=st.sampled_from(Rating),
    evidence=st.sampled_from(["", " ", "Halved the search."]),
)
TABLES = st.fixed_dictionaries({id: st.lists(GIVEN, max_size=4) for id in NAMES}).map(
    lambda rows: RatingsTable(
        tuple(CompetencyRatings(id, tuple(given)) for id, given in rows.items())
    )
)
FORMS = st.builds(
    RuleForm, poor=IDS, borderline=IDS, count=st.integers(0, 9), counted=IDS,
    with_evidence=st.booleans(),
)  # fmt: skip
LINES = st.builds(
    RuleLine,
    rating=st.sampled_from(Rating),
    competencies=st.lists(
        st.sampled_from([*(Named(*one) for one in NAMES.items()), GONE]), unique=True, min_size=1
    ).map(tuple),
    count=st.integers(0, 4),
    with_evidence=st.booleans(),
)


def table(**given: str) -> RatingsTable:
    """Such as debugging="solid poor": each with evidence."""
    rows = {
        id: tuple(
            GivenRating("c", f"U{number}", Rating(rating), "Seen.")
            for number, rating in enumerate(given.get(id.replace("-", "_"), "").split())
        )
        for id in NAMES
    }
    return RatingsTable(tuple(CompetencyRatings(*row) for row in rows.items()))


def line(rating: Rating, *ids: str, count: int = 0) -> RuleLine:
    return RuleLine(rating, tuple(Named(id, NAMES[id]) for id in ids), count)


NO_POOR = line(Rating.POOR, "debugging", "security")


@pytest.mark.parametrize(
    ("ratings", "state"),
    [
        ({"debugging": "solid", "security": "borderline"}, LineState.MET),
        ({"debugging": "solid", "security": "borderline poor"}, LineState.NOT_MET),
        ({"debugging": "poor"}, LineState.NOT_MET),
        ({"debugging": "solid"}, LineState.NOT_ASSESSED),
        ({"api_design": "poor"}, LineState.NOT_ASSESSED),
    ],
)
def test_a_line_is_met_once_all_it_names_was_rated_and_none_so_low(
    ratings: dict[str, str], state: LineState
) -> None:
    assert checked_rule((NO_POOR,), table(**ratings)) == (
        CheckedLine("No “poor” in Debugging or Security", state),
    )


def test_evidence_means_that_somebody_wrote_it() -> None:
    two = RuleLine(Rating.SOLID, (), 2, with_evidence=True)
    assert two.text == "At least 2 “solid” or better, with evidence"
    rated = table(debugging="solid", security="outstanding")
    assert checked_rule((two,), rated)[0].state is LineState.MET
    bare = RatingsTable(
        tuple(
            replace(row, given=tuple(replace(one, evidence=" ") for one in row.given))
            for row in rated.rows
        )
    )
    assert checked_rule((two,), bare)[0].state is LineState.NOT_MET
    assert checked_rule((replace(two, with_evidence=False),), bare)[0].state is LineState.MET
    few = table(debugging="solid")
    assert checked_rule((two,), few)[0].state is LineState.NOT_ASSESSED


@given(LINES, TABLES)
def test_each_line_is_one_of_three_things_and_no_rating_is_read_twice(
    rule: RuleLine, ratings: RatingsTable
) -> None:
    (told,) = checked_rule((rule,), ratings)
    named = {one.id for one in rule.competencies}
    given_ = [one for row in ratings.rows if row.competency in named for one in row.given]
    rated = {row.competency for row in ratings.rows if row.given}
    steps = [SCALE.index(one.rating) for one in given_]
    mark = SCALE.index(rule.rating)
    if rule.count:
        good = [
            step >= mark and (not rule.with_evidence or one.evidence.strip() != "")
            for step, one in zip(steps, given_, strict=True)
        ]
        assert (told.state is LineState.MET) is (good.count(True) >= rule.count)
        if told.state is LineState.NOT_ASSESSED:
            assert len(given_) < rule.count
    else:
        assert (told.state is LineState.NOT_MET) is (min(steps, default=9) <= mark)
        if told.state is LineState.MET:
            assert named <= rated
    mixed = RatingsTable(tuple(reversed(ratings.rows)))
    assert checked_rule((rule,), mixed) == (told,), "the order of anything says nothing"


@given(FORMS)
def test_what_was_chosen_stands_in_the_form_again(form: RuleForm) -> None:
    is_twice = bool(set(form.poor) & set(form.borderline))
    is_countless = not form.count and (bool(form.counted) or form.with_evidence)
    if is_twice or is_countless:
        with pytest.raises(InvalidOpening) as refused:
            rule_of(form, NAMES)
        assert (OpeningField.RULE_POOR in refused.value.faults) is is_twice
        assert (OpeningField.RULE_COUNT in refused.value.faults) is is_countless
        return
    rule = rule_of(form, NAMES)
    assert rule_of(form_of(rule), NAMES) == rule
    assert all(one.text.count("“") == 1 for one in rule)


def test_a_competency_that_the_job_does_not_rate_is_refused() -> None:
    with pytest.raises(InvalidOpening) as refused:
        rule_of(RuleForm(poor=("gone",), count=10), NAMES)
    assert set(refused.value.faults) == {OpeningField.RULE_POOR, OpeningField.RULE_COUNT}


def test_going_on_against_a_line_asks_for_one_more_sentence() -> None:
    rule = (
        CheckedLine("No “poor” in Debugging", LineState.NOT_MET),
        CheckedLine("No “poor” in Security", LineState.NOT_ASSESSED),
        CheckedLine("At least 1 “solid” or better", LineState.MET),
    )
    assert against(Outcome.ADVANCE, rule) == rule[:1]
    assert against(Outcome.OFFER, rule) == rule[:2]
    for outcome in (Outcome.DECLINE, Outcome.HOLD, Outcome.ANOTHER_ROUND):
        assert against(outcome, rule) == ()
    new = NewDecision(
        Outcome.OFFER, ReasonKind.SKILLS_SHOWN, "Finds faults by halving.", ("debugging",)
    )
    for words, told in (("", "A line of the decision rule"), ("x" * 501, "Use at most")):
        with pytest.raises(InvalidDecision, match=told) as refused:
            checked(replace(new, against_rule=words), ["debugging"], rule)
        assert refused.value.field is DecisionField.AGAINST_RULE
    kept = checked(replace(new, against_rule=" She  taught me it. "), ["debugging"], rule)
    assert kept.against_rule == "She taught me it."
    declined = replace(new, outcome=Outcome.DECLINE, against_rule="Nothing to go against.")
    assert checked(declined, ["debugging"], rule).against_rule == ""

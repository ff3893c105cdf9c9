"""Figures that are nobody's: the law that holds between any two that anybody can ask for."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.numbers import (
    COLUMNS,
    LEAST,
    SPANS,
    Load,
    Numbers,
    Step,
    TeamNumbers,
    Times,
    Timing,
    Took,
    blocks,
    by_team,
    counted,
    csv_of,
    edges,
    groups,
    last_monday,
    people_by_slice,
    place_of,
    safe_cell,
    shown_span,
    span_of,
    step_of,
)

PEOPLE = [f"U{number}" for number in range(12)]
LOADS = st.lists(
    st.builds(
        Load,
        st.integers(0, len(SPANS) - 1),
        st.sampled_from(["Data", "Mobile", "Platform", None]),
        st.sampled_from(PEOPLE),
        st.integers(1, 9),
        st.just(0),
    ),
    max_size=120,
    unique_by=lambda load: (load.slice, load.team, load.person),
)
VIEWERS = st.sampled_from([None, "U0", "UELSE"])

MOMENTS = st.integers(0, 4 * 366 * 24).map(
    lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
)

Cells = frozenset[tuple[int, str | None]]


def shown_cells(loads: Sequence[Load], viewer: str | None) -> list[Cells]:
    """Of which slices and teams each figure is that the person can have shown, asking for all that
    there is to ask for."""
    runs = blocks(people_by_slice(loads), viewer)
    teams = {load.team for load in loads}
    found: list[Cells] = []
    for asked in range(len(SPANS)):
        span = shown_span(asked, runs)
        if span is None:
            continue
        slices = range(span + 1)
        found.append(frozenset((slice, team) for slice in slices for team in teams))
        if by_team(loads, runs, span, viewer):
            found += [
                frozenset((slice, team) for slice in slices for team in group)
                for group in groups(loads, runs, viewer)
            ]
    return found


def people_in(loads: Sequence[Load], cells: Cells) -> set[str]:
    return {load.person for load in loads if (load.slice, load.team) in cells}


@given(LOADS, VIEWERS)
def test_no_figure_and_no_difference_of_two_is_over_fewer_than_five_others(
    loads: list[Load], viewer: str | None
) -> None:
    figures = shown_cells(loads, viewer)
    for cells in figures:
        others = people_in(loads, cells) - {viewer}
        assert len(others) >= LEAST or not people_in(loads, cells)
    for one, other in combinations(figures, 2):
        for less, more in ((one, other), (other, one)):
            if less <= more:
                left = people_in(loads, more - less)
                assert not left or len(left - {viewer}) >= LEAST


@given(LOADS, VIEWERS, st.integers(0, 3))
def test_the_teams_add_up_to_the_whole(loads: list[Load], viewer: str | None, asked: int) -> None:
    runs = blocks(people_by_slice(loads), viewer)
    span = shown_span(asked, runs)
    if span is not None and (teams := by_team(loads, runs, span, viewer)):
        whole = counted(None, loads, span, None)
        assert sum(one.interviews for one in teams) == whole.interviews
        assert all(one.interviews for one in teams)


def loads_of(team: str | None, people: int, slice: int = 0, since: int = 0) -> list[Load]:
    return [Load(slice, team, f"U{number}", 2, 1) for number in range(since, since + people)]


def test_five_people_are_enough_and_four_are_not() -> None:
    for people, is_shown in ((5, True), (4, False)):
        runs = blocks(people_by_slice(loads_of("Data", people)), None)
        assert (shown_span(0, runs) is not None) is is_shown


def test_whoever_is_one_of_five_could_tell_the_other_fours() -> None:
    loads = loads_of("Data", 5)
    assert shown_span(0, blocks(people_by_slice(loads), "U0")) is None
    assert shown_span(0, blocks(people_by_slice(loads), "UELSE")) == 0


def test_a_team_of_three_is_not_what_is_left_of_the_whole() -> None:
    """Two teams of six and one of three: the three are taken together with the smaller."""
    loads = [*loads_of("Data", 6), *loads_of("Mobile", 7, since=6), *loads_of("Web", 3, since=13)]
    runs = blocks(people_by_slice(loads), None)
    assert [(one.team, one.people) for one in by_team(loads, runs, 0, None)] == [
        ("Mobile", 7),
        (None, 9),
    ]


def test_where_a_month_has_too_few_people_a_quarter_is_shown() -> None:
    loads = [*loads_of("Data", 3), *loads_of("Data", 6, slice=1)]
    runs = blocks(people_by_slice(loads), None)
    assert [shown_span(asked, runs) for asked in range(4)] == [1, 1, 1, 1]


def test_what_few_people_add_to_a_longer_time_is_not_shown() -> None:
    loads = [*loads_of("Data", 6), *loads_of("Data", 2, slice=1)]
    runs = blocks(people_by_slice(loads), None)
    assert [shown_span(asked, runs) for asked in range(4)] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("days", "weeks"), [(1, 4), (28, 4), (29, 13), (90, 13), (182, 26), (364, 52), (365, 52)]
)
def test_days_are_taken_for_the_next_whole_span(days: int, weeks: int) -> None:
    assert SPANS[span_of(days)] == weeks


@given(MOMENTS)
def test_the_last_monday_was_a_day_ago_at_least_and_slices_end_there(now: datetime) -> None:
    until = last_monday(now)
    assert until.weekday() == 0
    assert timedelta(days=1) <= now - until < timedelta(days=8, hours=1)
    assert [until - edge for edge in edges(now)] == [timedelta(weeks=one) for one in SPANS]


@given(st.integers(1, 500))
def test_nine_tenths_along_is_never_past_the_end(number: int) -> None:
    assert 1 <= place_of(number, 5) <= place_of(number, 9) <= number
    assert place_of(number, 9) >= 0.9 * number


MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
EDGES = [MONDAY - timedelta(weeks=one) for one in SPANS]


@given(
    st.lists(
        st.tuples(st.integers(1, 52 * 7), st.sampled_from("ABCDEFGH"), st.integers(0, 99)),
        max_size=40,
    ),
    st.sampled_from(["A", None]),
)
def test_no_step_is_over_too_few_people_nor_is_what_a_longer_time_adds(
    rows: list[tuple[int, str, int]], viewer: str | None
) -> None:
    took = [Took(MONDAY - timedelta(days=d), who, timedelta(hours=h)) for d, who, h in rows]
    shown = [span for span in range(len(SPANS)) if step_of(took, EDGES, span, viewer) is not None]
    before: datetime | None = None
    for span in shown:
        since = [one for one in took if one.at >= EDGES[span]]
        added = {one.person for one in since if before is None or one.at < before}
        assert len(added - {viewer}) >= LEAST
        before = EDGES[span]
        step = step_of(took, EDGES, span, viewer)
        assert step is not None
        assert step.count == sum(one.at >= EDGES[span] for one in took)
        assert step.times.median <= step.times.ninth


def test_the_table_has_a_row_for_all_and_one_for_each_team() -> None:
    times = Times(timedelta(hours=5), timedelta(hours=49, minutes=30))
    numbers = Numbers(
        13,
        date(2026, 11, 30),
        TeamNumbers(None, 14, 130),
        Timing(120, 110, 90, times),
        (TeamNumbers("=cmd", 6, 65), TeamNumbers(None, 8, 65)),
        deciding=Step(12, times),
    )
    head, whole, team, rest = list(csv.reader(io.StringIO(csv_of(numbers))))
    assert dict(zip(head, whole, strict=True)) == {
        "team": "All teams",
        "since": "2026-08-31",
        "until": "2026-11-29",
        "people": "14",
        "interviews": "130",
        "interviews_per_week": "10.0",
        "scorecards": "110",
        "median_hours": "5.0",
        "90th_percentile_hours": "49.5",
        "within_24_hours_percent": "75",
        "decisions": "12",
        "decision_median_hours": "5.0",
        "decision_90th_percentile_hours": "49.5",
        **dict.fromkeys(COLUMNS[-3:], ""),
    }
    assert (team[0], rest[0]) == ("'=cmd", "Other teams")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", " =1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@given(st.text())
def test_every_other_cell_stays_as_it_is(text: str) -> None:
    assert safe_cell(text).removeprefix("'") in (text, text.removeprefix("'"))

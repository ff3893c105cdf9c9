"""A panel that is being put together: what has a good default is not asked for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.panels.coverage import coverage, spread_focus
from bot.domain.panels.draft import PanelDraft, Slot
from bot.domain.panels.fields import PanelField
from bot.domain.panels.panel import MOST_FOCUS, MOST_INTERVIEWS, NewInterview
from bot.domain.panels.warnings import WarningKind, time_warnings
from bot.domain.reminders import Calendar
from bot.storage.panels.drafts import _adapter
from tests.support.panels import MONDAY

LONDON = ZoneInfo("Europe/London")
COMPETENCIES = ("data", "api", "design", "reliability", "debugging", "security", "code")
PEOPLE = ("UALEX", "USAM", "UPRIYA", "UDANA")


def draft_of(*people: str) -> PanelDraft:
    return PanelDraft("d" * 16).with_people(people).with_first(MONDAY, LONDON)


def minutes(draft: PanelDraft) -> list[int]:
    """When each begins, in minutes after Monday at nine."""
    return [int((start - MONDAY).total_seconds() // 60) for start in draft.starts() if start]


# Focus

FOCUSES = st.lists(
    st.one_of(
        st.none(),
        st.lists(st.sampled_from(COMPETENCIES), min_size=1, max_size=MOST_FOCUS, unique=True).map(
            tuple
        ),
    ),
    max_size=MOST_INTERVIEWS,
)


@given(FOCUSES)
def test_what_was_chosen_stays_and_the_rest_is_spread_evenly(
    chosen: list[tuple[str, ...] | None],
) -> None:
    found = spread_focus(COMPETENCIES, chosen)
    assert [one for one, focus in zip(found, chosen, strict=True) if focus is not None] == [
        focus for focus in chosen if focus is not None
    ]
    given_out = [one for one, focus in zip(found, chosen, strict=True) if focus is None]
    assert all(1 <= len(one) <= MOST_FOCUS for one in given_out)
    if given_out:
        assert max(map(len, given_out)) - min(map(len, given_out)) <= 1


@given(st.integers(2, MOST_INTERVIEWS))
def test_from_two_interviewers_on_everything_is_covered(count: int) -> None:
    found = spread_focus(COMPETENCIES, [None] * count)
    assert coverage(COMPETENCIES, [(str(n), focus) for n, focus in enumerate(found)]).unowned == ()


def test_four_interviewers_share_seven_competencies_in_the_roles_order() -> None:
    assert spread_focus(COMPETENCIES, [None, None, ("api",), None]) == (
        ("data", "design"),
        ("reliability", "debugging"),
        ("api",),
        ("security", "code"),
    )


def test_a_role_without_competencies_leaves_everybody_without() -> None:
    assert spread_focus((), [None, ("gone",)]) == ((), ("gone",))


# Starts


def test_interviews_follow_one_another_until_a_start_is_chosen() -> None:
    draft = draft_of(*PEOPLE)
    assert minutes(draft) == [0, 45, 90, 135]
    later = NewInterview("USAM", draft.focuses(COMPETENCIES)[1], MONDAY + timedelta(hours=3), 60)
    changed = draft.with_slot("USAM", later, COMPETENCIES)
    assert minutes(changed) == [0, 180, 90, 135], "the others stay where they are"
    assert changed.slots[1].focus is None, "which was not chosen, and goes on following"


def test_a_longer_interview_moves_those_that_follow() -> None:
    draft = draft_of(*PEOPLE)
    longer = NewInterview("USAM", ("api",), MONDAY + timedelta(minutes=45), 60)
    assert minutes(draft.with_slot("USAM", longer, COMPETENCIES)) == [0, 45, 105, 150]


def test_with_another_first_start_all_move() -> None:
    draft = draft_of(*PEOPLE)
    chosen = NewInterview("USAM", ("api",), MONDAY + timedelta(hours=3), 45)
    moved = draft.with_slot("USAM", chosen, COMPETENCIES).with_first(
        MONDAY + timedelta(days=1), LONDON
    )
    day = 24 * 60
    assert minutes(moved) == [day, day + 180, day + 90, day + 135]


def test_who_goes_leaves_no_gap_and_who_comes_is_last() -> None:
    draft = draft_of("UALEX", "USAM", "UPRIYA").with_people(("UALEX", "UPRIYA", "UDANA"))
    assert [slot.interviewer for slot in draft.slots] == ["UALEX", "UPRIYA", "UDANA"]
    assert minutes(draft) == [0, 45, 90]
    assert minutes(draft.without("UALEX")) == [0, 45]


@given(st.lists(st.sampled_from(PEOPLE), max_size=30), st.lists(st.sampled_from(PEOPLE)))
def test_whatever_is_chosen_each_person_is_there_once(first: list[str], then: list[str]) -> None:
    draft = PanelDraft("d" * 16).with_people(first).with_people(then)
    people = [slot.interviewer for slot in draft.slots]
    assert sorted(people) == sorted(set(then))


def test_another_person_in_a_slot_is_shown_in_the_field_above() -> None:
    draft = draft_of("UALEX", "USAM")
    new = replace(draft.interviews(COMPETENCIES)[0], interviewer="UDANA")
    changed = draft.with_slot("UALEX", new, COMPETENCIES)
    assert [slot.interviewer for slot in changed.slots] == ["UDANA", "USAM"]
    assert changed.turn(PanelField.INTERVIEWS) == 1


def test_another_role_gives_out_anew_what_it_does_not_have() -> None:
    draft = draft_of("UALEX", "USAM")
    new = replace(draft.interviews(COMPETENCIES)[0], focus=("api",))
    kept = draft.with_slot("UALEX", new, COMPETENCIES).for_role("other", "v", ("api", "sales"))
    assert kept.focuses(("api", "sales")) == (("api",), ("sales",))
    gone = kept.for_role("third", "v", ("sales", "law"))
    assert gone.focuses(("sales", "law")) == (("sales",), ("law",))


# Kept


@given(
    st.builds(
        PanelDraft,
        id=st.just("d" * 16),
        name=st.text(max_size=20),
        slots=st.lists(
            st.builds(
                Slot,
                interviewer=st.sampled_from(PEOPLE),
                focus=st.none() | st.tuples(st.sampled_from(COMPETENCIES)),
                starts_at=st.none() | st.datetimes(timezones=st.just(UTC)),
                place=st.none() | st.text(max_size=9),
            ),
            max_size=4,
        ).map(tuple),
        first=st.none() | st.datetimes(timezones=st.just(UTC)),
        turns=st.dictionaries(st.sampled_from(PanelField), st.integers(0, 9)),
    )
)
def test_a_draft_is_read_as_it_was_written(draft: PanelDraft) -> None:
    assert _adapter().validate_python(_adapter().dump_python(draft, mode="json")) == draft


# Warnings

TUESDAY = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


def odd(start: datetime, zone: str = "UTC", **calendar: object) -> list[WarningKind]:
    one = NewInterview("UALEX", (), start, 60)
    found = time_warnings([one], {"UALEX": Calendar(zone, **calendar)}, {}, MONDAY)  # type: ignore[arg-type]
    return [warning.kind for warning in found]


@pytest.mark.parametrize(
    ("start", "zone", "kinds"),
    [
        (TUESDAY, "UTC", []),
        (TUESDAY, "Asia/Kolkata", []),
        (TUESDAY, "America/Los_Angeles", [WarningKind.NIGHT]),
        (TUESDAY.replace(hour=7), "UTC", []),
        (TUESDAY.replace(hour=6, minute=59), "UTC", [WarningKind.NIGHT]),
        (TUESDAY.replace(hour=19), "UTC", []),
        (TUESDAY.replace(hour=19, minute=1), "UTC", [WarningKind.NIGHT]),
        (TUESDAY.replace(hour=23, minute=30), "UTC", [WarningKind.NIGHT]),
        (MONDAY - timedelta(seconds=1), "UTC", [WarningKind.PAST]),
        (MONDAY, "UTC", []),
        (TUESDAY + timedelta(days=4), "UTC", [WarningKind.DAY_OFF]),
        (
            TUESDAY + timedelta(days=3, hours=4),
            "Pacific/Auckland",
            [WarningKind.NIGHT, WarningKind.DAY_OFF],
        ),
    ],
)
def test_a_time_is_odd_by_the_interviewers_own_clock_and_calendar(
    start: datetime, zone: str, kinds: list[WarningKind]
) -> None:
    assert odd(start, zone) == kinds


def test_a_day_off_of_ones_own_is_odd() -> None:
    assert odd(TUESDAY, days_off=frozenset({date(2026, 12, 1)})) == [WarningKind.DAY_OFF]


def test_two_at_once_is_told_of_both_and_one_after_another_of_neither() -> None:
    calendars = {user: Calendar() for user in PEOPLE}
    times = [("UALEX", 0), ("USAM", 44), ("UPRIYA", 89)]
    items = [NewInterview(user, (), TUESDAY + timedelta(minutes=at), 45) for user, at in times]
    found = time_warnings(items, calendars, {}, MONDAY)
    assert [(one.interviewer, one.other) for one in found] == [("UALEX", "USAM"), ("USAM", "UALEX")]


def test_another_candidates_interview_at_that_time_is_odd() -> None:
    one = NewInterview("UALEX", (), TUESDAY, 60)
    after, at = timedelta(minutes=60), timedelta(minutes=30)
    for gap, kinds in ((after, []), (at, [WarningKind.BUSY])):
        busy = {"UALEX": [(TUESDAY + gap, TUESDAY + gap + at)]}
        found = time_warnings([one], {"UALEX": Calendar()}, busy, MONDAY)
        assert [warning.kind for warning in found] == kinds

"""Panels: what holds for every one of them, and who may do what."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import LONGEST_LINE, Event, ics
from bot.domain.candidates import LONGEST_NAME, candidate
from bot.domain.panels.content import FrozenContent, QuestionSlot, assign_questions
from bot.domain.panels.coverage import coverage, moved
from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.domain.panels.panel import (
    LONGEST_PLACE,
    MOST_FOCUS,
    MOST_INTERVIEWS,
    check,
    check_interview,
)
from bot.domain.questions.selection import Level, Selection
from bot.library.catalogue import Library
from tests.support.panels import MONDAY, NOW, frozen, interview, panel

# Coverage


def test_coverage_of_a_panel_worked_out_by_hand() -> None:
    found = coverage(
        ("data", "api", "design", "debugging", "security"),
        [("UALEX", ("data", "api")), ("USAM", ("api", "debugging")), ("UPRIYA", ("debugging",))],
    )
    assert found.unowned == ("design", "security")
    assert found.doubled == {"api": ("UALEX", "USAM"), "debugging": ("USAM", "UPRIYA")}
    assert found.owners["data"] == ("UALEX",)


def test_coverage_without_interviewers_leaves_everything_unowned() -> None:
    found = coverage(("a", "b"), [])
    assert (found.unowned, found.doubled) == (("a", "b"), {})


def test_coverage_knows_no_competency_that_the_role_does_not_have() -> None:
    found = coverage(("a",), [("UALEX", ("a", "gone"))])
    assert set(found.owners) == {"a"}


def test_what_one_person_owns_is_not_doubled_by_naming_it_twice() -> None:
    assert coverage(("a",), [("UALEX", ("a", "a"))]).doubled == {}


# Questions


@pytest.fixture(scope="module")
def content(library: Library) -> FrozenContent:
    return frozen(library)


def _kinds(content: FrozenContent, ids: tuple[str, ...]) -> set[str]:
    return {question.competency for question in content.questions(ids)}


def test_no_question_is_asked_twice_and_each_focus_is_asked_about(content: FrozenContent) -> None:
    focuses = [content.ids[0:2], content.ids[2:4], content.ids[4:6], content.ids[6:8]]
    hands = assign_questions(content, [QuestionSlot(focus, Selection(60)) for focus in focuses])
    dealt = [id for hand in hands for id in hand]
    assert len(dealt) == len(set(dealt))
    for focus, hand in zip(focuses, hands, strict=True):
        assert _kinds(content, hand) == set(focus)


def test_two_who_own_the_same_share_what_there_is(content: FrozenContent) -> None:
    slots = [QuestionSlot(("debugging",), Selection(45))] * 2
    first, second = assign_questions(content, slots)
    assert not set(first) & set(second)
    assert abs(len(first) - len(second)) <= 1


def test_once_nothing_is_left_a_question_is_asked_again(content: FrozenContent) -> None:
    everything = [question.id for question in content.bank(content.ids).questions]
    (hand,) = assign_questions(content, [QuestionSlot(("debugging",), Selection(45))], everything)
    assert hand


@given(
    st.lists(
        st.tuples(
            st.sets(st.integers(0, 7), min_size=1, max_size=5),
            st.integers(15, 120),
            st.none() | st.sampled_from(Level),
        ),
        max_size=8,
    )
)
def test_whatever_the_panel_questions_fit_the_seat(
    library: Library, wishes: list[tuple[set[int], int, Level | None]]
) -> None:
    content = frozen(library)
    slots = [
        QuestionSlot(tuple(content.ids[n] for n in sorted(focus)), Selection(minutes, level=level))
        for focus, minutes, level in wishes
    ]
    hands = assign_questions(content, slots)
    for slot, hand in zip(slots, hands, strict=True):
        questions = content.questions(hand)
        assert sum(question.minutes for question in questions) <= slot.selection.minutes
        assert {question.competency for question in questions} <= set(slot.focus)
        assert len(set(hand)) == len(hand)
    assert hands == assign_questions(content, slots)


# Changes


def test_a_change_makes_the_next_revision_of_what_it_concerns_alone() -> None:
    before = panel(interview("UALEX"), interview("USAM"))
    after = before.changed("i-UALEX", starts_at=MONDAY - timedelta(hours=1))
    assert after.revision == 2
    assert [item.revision for item in after.interviews] == [2, 1]


def test_a_replacement_keeps_the_place_and_leaves_a_trace() -> None:
    old = interview("UALEX")
    after = panel(old).replaced(old.id, replace(old, id="new", interviewer="USAM"), NOW)
    assert [item.interviewer for item in after.on] == ["USAM"]
    assert after.interviews[0].cancelled_at == NOW
    assert after.successor(old.id) == after.on[0]


def test_a_cancelled_panel_has_nothing_on_and_changes_no_more() -> None:
    after = panel(interview("UALEX"), interview("USAM")).cancelled(NOW)
    assert after.on == ()
    for change in (
        lambda: after.cancelled(NOW),
        lambda: after.with_interview(interview("UPRIYA")),
        lambda: after.changed("i-UALEX", cancelled_at=NOW),
    ):
        with pytest.raises(InvalidPanel, match="was canceled"):
            change()


def test_nobody_is_twice_on_a_panel() -> None:
    one = panel(interview("UALEX"), interview("USAM"))
    with pytest.raises(InvalidPanel, match="on the panel already"):
        one.with_interview(interview("UALEX", id="again"))
    with pytest.raises(InvalidPanel, match="on the panel already"):
        one.replaced("i-USAM", interview("UALEX", id="again"), NOW)
    with pytest.raises(InvalidPanel, match="has the interview already"):
        one.replaced("i-USAM", interview("USAM", id="again"), NOW)
    cancelled = one.changed("i-UALEX", cancelled_at=NOW)
    assert cancelled.with_interview(interview("UALEX", id="again")).on


@pytest.mark.parametrize("count", [MOST_INTERVIEWS, MOST_INTERVIEWS + 1, 60])
def test_a_panel_has_at_most_twenty_interviews(count: int) -> None:
    items = [interview(f"U{number}") for number in range(count)]
    if count <= MOST_INTERVIEWS:
        check(items)
        return
    with pytest.raises(InvalidPanel, match=f"at most {MOST_INTERVIEWS} interviews.*{count}"):
        check(items)


@pytest.mark.parametrize("minutes", [0, -30, 4, 241])
def test_an_interview_that_ends_too_soon_or_too_late_is_refused(minutes: int) -> None:
    with pytest.raises(InvalidPanel) as caught:
        check_interview(interview("UALEX", minutes=minutes))
    assert caught.value.part is PanelField.MINUTES


@pytest.mark.parametrize("count", [0, MOST_FOCUS + 1])
def test_a_focus_is_one_to_five_competencies(count: int) -> None:
    item = replace(interview("UALEX"), focus=tuple(f"c{n}" for n in range(count)))
    with pytest.raises(InvalidPanel) as caught:
        check_interview(item)
    assert caught.value.part is PanelField.FOCUS


@pytest.mark.parametrize(
    ("name", "email", "link", "part"),
    [
        ("", None, None, PanelField.NAME),
        (" \n ", None, None, PanelField.NAME),
        ("x" * 3000, None, None, PanelField.NAME),
        ("Robin", "robin", None, PanelField.EMAIL),
        ("Robin", "a@b." + "c" * 300, None, PanelField.EMAIL),
        ("Robin", None, "javascript:alert(1)", PanelField.LINK),
        ("Robin", None, "https://a b", PanelField.LINK),
    ],
)
def test_what_cannot_be_a_candidate_is_refused_at_its_field(
    name: str, email: str | None, link: str | None, part: PanelField
) -> None:
    with pytest.raises(InvalidPanel) as caught:
        candidate("c", name, email, link)
    assert caught.value.part is part


def test_a_candidate_is_kept_as_typed_but_for_spaces() -> None:
    made = candidate("c", "  Zoë\n  O'Neill ", " zoe@example.com ", "")
    assert (made.name, made.email, made.link) == ("Zoë O'Neill", "zoe@example.com", None)
    assert candidate("c", "x" * LONGEST_NAME, None, None).name


# Copies

BERLIN = ZoneInfo("Europe/Berlin")


def _wall(*times: datetime) -> list[str]:
    return [time.astimezone(BERLIN).strftime("%a %H:%M") for time in times]


def test_a_copy_keeps_the_gaps() -> None:
    starts = [MONDAY + timedelta(hours=2), MONDAY, MONDAY + timedelta(days=1)]
    first = MONDAY + timedelta(days=14, minutes=30)
    assert [moved(start, MONDAY, first, BERLIN) - first for start in starts] == [
        timedelta(hours=2),
        timedelta(0),
        timedelta(days=1),
    ]


def test_a_copy_over_the_change_of_the_clocks_keeps_the_hours_on_the_wall() -> None:
    tuesday = datetime(2026, 10, 13, 9, 0, tzinfo=BERLIN)
    first = datetime(2026, 10, 24, 9, 0, tzinfo=BERLIN).astimezone(UTC)
    later = moved(tuesday + timedelta(days=2), tuesday, first, BERLIN)
    assert _wall(first, later) == ["Sat 09:00", "Mon 09:00"]
    assert later - first == timedelta(hours=49)


# Calendar files


def test_a_calendar_file_is_what_calendars_read() -> None:
    event = Event("i1", 3, "A; b, c\\d", "é" * 100 + "\nline", MONDAY, MONDAY, NOW)
    text = ics(event)
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert all(len(line.encode()) <= LONGEST_LINE for line in lines)
    assert "\n" not in text.replace("\r\n", "")
    unfolded = text.replace("\r\n ", "")
    assert "SUMMARY:A\\; b\\, c\\\\d\r\n" in unfolded
    assert f"DESCRIPTION:{'é' * 100}\\nline\r\n" in unfolded
    assert "DTSTART:20261130T090000Z\r\n" in unfolded
    assert "SEQUENCE:3\r\n" in unfolded
    assert "UID:i1@panelist\r\n" in unfolded


@pytest.mark.parametrize(
    ("place", "link"),
    [
        (None, None),
        ("Room 4, 2nd floor", None),
        ("https://meet.example.com/abc?x=1#y", "https://meet.example.com/abc?x=1#y"),
        ("Zoom: HTTPS://zoom.example/j/12, code 34", "HTTPS://zoom.example/j/12"),
        ("See (https://meet.example.com/abc).", "https://meet.example.com/abc"),
        ("https://", None),
        ("https://localhost", None),
        ("meet.example.com/abc", None),
        ("javascript:alert(1)", None),
        ("https://meet.example.com/<!channel>", "https://meet.example.com/"),
    ],
)
def test_a_place_has_a_link_where_slack_can_open_it(place: str | None, link: str | None) -> None:
    assert replace(interview("UALEX"), place=place).meeting_link == link


@given(st.text(max_size=LONGEST_PLACE))
def test_whatever_a_place_is_its_link_is_one_that_slack_takes(place: str) -> None:
    link = replace(interview("UALEX"), place=f"https://a.b/{place}").meeting_link
    assert link is not None
    assert re.fullmatch(r"https?://\S+", link, re.ASCII)


def test_a_calendar_file_says_where_the_interview_is() -> None:
    event = Event("i", 1, "Interview", "Focus", MONDAY, MONDAY, MONDAY)
    assert "LOCATION" not in ics(event)
    file = ics(replace(event, place="Room 4, https://x.dev/a", link="https://x.dev/a"))
    assert "LOCATION:Room 4\\, https://x.dev/a\r\n" in file
    assert "URL:https://x.dev/a\r\n" in file


FOCUSES = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sets(st.sampled_from("xyz")).map(tuple)), max_size=4
)


@given(FOCUSES, FOCUSES)
def test_what_was_assessed_is_covered_and_what_is_planned_is_as_before(
    planned: list[tuple[str, tuple[str, ...]]], assessed: list[tuple[str, tuple[str, ...]]]
) -> None:
    found, without = coverage("xyz", planned, assessed), coverage("xyz", planned)
    for competency in "xyz":
        was_assessed = any(competency in focus for _, focus in assessed)
        is_unowned = competency in found.unowned
        assert is_unowned == (competency in without.unowned and not was_assessed)
        if competency not in without.unowned:
            assert found.owners[competency] == without.owners[competency]

"""The texts and the interview plan of an opening, edited as plain lines."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.openings.fields import InvalidOpening, OpeningField
from bot.domain.openings.plan import (
    MOST_FOCUS,
    PlannedInterview,
    check_planned,
    not_covered,
    plan_for,
)
from bot.domain.openings.text import (
    TEASER,
    fault_of_section,
    section_of,
    teaser,
    typed_section,
)
from bot.domain.posting import Section
from bot.domain.roles import MOST_ITEMS, MOST_PARAGRAPHS, Role
from bot.library.catalogue import Library

lines = st.text(st.sampled_from("abc é-*&<>.@"), min_size=1, max_size=20).map(
    lambda text: " ".join(f"x{text}".split())
)
sections = st.builds(
    Section,
    st.just("What you'll do"),
    st.lists(lines, max_size=5).map(tuple),
    st.lists(lines, max_size=3).map(tuple),
).flatmap(
    lambda section: st.builds(
        replace,
        st.just(section),
        lead=st.lists(lines, max_size=2).map(tuple) if section.items else st.just(()),
    )
)


@given(sections)
def test_a_section_typed_again_is_the_same_section(section: Section) -> None:
    assert section_of(section.heading, typed_section(section)) == section


def test_every_role_of_the_library_is_edited_without_losing_a_word(library: Library) -> None:
    for role in library.roles:
        for section in role.sections:
            again = section_of(section.heading, typed_section(section))
            joined = [" ".join(line.split()) for line in section.paragraphs]
            assert again.items == section.items
            assert " ".join(again.paragraphs) == " ".join(joined)
            assert fault_of_section(again) is None


def test_all_that_a_role_can_have_in_a_part_can_be_edited() -> None:
    paragraphs, items = ["So it is."] * MOST_PARAGRAPHS, ["You know it."] * MOST_ITEMS
    most = Role.model_validate(
        {
            "slug": "most",
            "category": {"slug": "general", "name": "General"},
            "version": "1",
            "title": "Most",
            "summary": "You do it all.",
            "day_to_day": paragraphs,
            "requirements": items,
            "intros": {"requirements": "You:"},
            "experience": "Most people need a year.",
            "more": [{"heading": "More", "text": paragraphs, "items": items}],
        }
    )
    assert [len(one.texts) for one in most.sections] == [21, 62, 80]
    assert [fault_of_section(section) for section in most.sections] == [None] * 3


def test_more_lines_than_a_role_can_have_are_too_many() -> None:
    typed = "\n".join(f"- You know thing {number}." for number in range(81))
    assert fault_of_section(section_of("What you'll bring", typed)) == (
        "Use at most 80 lines. These are 81."
    )


def test_dots_of_any_kind_begin_an_item_and_empty_ones_are_nothing() -> None:
    section = section_of("", "• One\n* Two\n- \n\n-\nThree")
    assert (section.items, section.paragraphs) == (("One", "Two"), ("Three",))


def test_a_posting_begins_with_as_many_sentences_as_two_lines_take() -> None:
    text = (Section(paragraphs=("You run the payment API. " + "It is big. " * 30,)),)
    assert teaser(text).startswith("You run the payment API. It is big.")
    assert len(teaser(text)) <= TEASER
    assert len(teaser((Section(paragraphs=("x" * 400,)),))) == TEASER
    long = "One service is enough, " * 10
    assert teaser((Section(paragraphs=(long,)),)).endswith("enough, One…"), "at a word"
    assert teaser(()) == ""


named = st.lists(
    st.integers(0, 99).map(lambda n: (f"c{n}", f"Competency {n}")),
    min_size=1,
    max_size=24,
    unique=True,
)


@given(named)
def test_a_plan_to_begin_with_leaves_no_competency_out(competencies: list[tuple[str, str]]) -> None:
    plan, ids = plan_for(competencies), [id for id, _ in competencies]
    assert not_covered(plan, ids) == ()
    assert all(1 <= len(item.focus) <= MOST_FOCUS for item in plan)
    assert [id for item in plan for id in item.focus] == ids
    assert all(check_planned(item, ids) == item for item in plan)


def test_a_role_without_competencies_has_no_plan() -> None:
    assert plan_for([]) == ()


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (PlannedInterview("", 45, ("a",)), OpeningField.PLAN_NAME),
        (PlannedInterview("x" * 61, 45, ("a",)), OpeningField.PLAN_NAME),
        (PlannedInterview("Talk", 4, ("a",)), OpeningField.PLAN_MINUTES),
        (PlannedInterview("Talk", 45, ()), OpeningField.PLAN_FOCUS),
        (PlannedInterview("Talk", 45, ("unknown",)), OpeningField.PLAN_FOCUS),
    ],
)
def test_an_interview_that_cannot_be_is_refused_at_its_field(
    item: PlannedInterview, field: OpeningField
) -> None:
    with pytest.raises(InvalidOpening) as caught:
        check_planned(item, ["a", "b"])
    assert list(caught.value.faults) == [field]

"""Job titles: which known one is near to another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import NEAR
from bot.domain.titles import JobTitle
from bot.library.catalogue import Library


def nearness(asked: str, known: str) -> float:
    title = JobTitle.of(known)
    return JobTitle.of(asked, frozenset(title.words)).nearness(title)


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("backend-develper", "backend developer"),
        ("backnd developer", "backend developer"),
        ("front end", "front-end developer"),
        ("react dev", "react developer"),
        ("recuiter", "recruiter"),
        ("product desinger", "product designer"),
        ("payments backend developer", "backend developer"),
        ("data architect", "data engineer"),
        ("nurse", "registered nurse"),
        ("driver", "truck driver"),
        ("software engeneer", "software engineer"),
    ],
)
def test_a_slip_another_word_and_a_part_are_near(asked: str, known: str) -> None:
    assert nearness(asked, known) >= NEAR


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("ios developer", "api developer"),
        ("vp engineering", "data engineering"),
        ("sales engineer", "sales representative"),
        ("delivery driver", "delivery manager"),
        ("marketing intern", "marketing writer"),
        ("chief financial officer", "financial analyst"),
        ("pediatric nurse", "registered nurse"),
        ("plumber", "product manager"),
        ("smd", "sdr"),
    ],
)
def test_what_only_sounds_alike_is_not(asked: str, known: str) -> None:
    assert nearness(asked, known) < NEAR


@given(st.text(max_size=60), st.text(max_size=60))
def test_nearness_is_between_nothing_and_one(asked: str, known: str) -> None:
    assert 0 <= nearness(asked, known) <= 1


def test_every_name_is_nearest_to_its_own_role(library: Library) -> None:
    for role in library.roles:
        for name in (role.title, *role.aliases):
            title = JobTitle.of(name)
            assert title.nearness(title) == 1.0, name
            assert library.find_at_level(name) == (role, None)

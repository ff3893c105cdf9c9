"""What of a job is public, and what is held until somebody has approved it."""

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.openings.job import Job, different
from bot.domain.openings.opening import Opening, OpeningStatus
from bot.domain.openings.public import PUBLIC_FIELDS, PublicPart
from bot.domain.openings.terms import Terms
from bot.domain.posting import Section

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20)
PARTS = st.builds(
    PublicPart,
    title=TEXTS,
    level=st.none(),
    team=st.none() | TEXTS,
    places=st.just(()),
    work_mode=st.none(),
    employment_type=st.none(),
    pay=st.none(),
    no_pay=st.none() | TEXTS,
    hours=st.none() | TEXTS,
    apply_at=st.none() | TEXTS,
    text=st.just(()) | st.just((Section(),)),
)
JOB = Job(Opening("o", "r", "Developer", None, "U1", status=OpeningStatus.OPEN), "developer")


@given(PARTS, PARTS)
def test_what_is_held_is_proposed_and_what_is_public_stays(
    shown: PublicPart, asked: PublicPart
) -> None:
    held = replace(JOB, held=asked).proposed.holding(shown)
    assert held.public == shown
    assert held.proposed.public == asked
    assert held.proposed.held is None
    assert (held.held is None) is (shown == asked)
    assert set(different(held, held.proposed)) <= PUBLIC_FIELDS


def test_each_part_that_candidates_read_is_public() -> None:
    """Whatever is added to an opening's terms is either public or said not to be."""
    private = {"seats", "closes_on", "channel", "posts_applications", "posts_board"}
    terms = {field.name for field in fields(Terms)}
    assert PUBLIC_FIELDS | private >= terms
    assert {field.name for field in fields(PublicPart)} == PUBLIC_FIELDS

"""Drafts: what was written last in a form stays, in whatever order, and at whatever hour by the
machine's clock, its presses arrive."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.scorecards.closing import DueScorecard
from bot.domain.scorecards.merging import whole
from bot.domain.scorecards.ordering import FormOrder, press_time
from bot.domain.scorecards.parts import LAST_STEP, ScorecardPart
from bot.domain.scorecards.scorecard import (
    Assessment,
    Choice,
    OwnScorecard,
    ScorecardBody,
    ScorecardDraft,
    ScorecardForm,
)
from bot.services.scorecards.drafting import written
from tests.support.scorecards import body

NOW = datetime(2026, 11, 25, 14, 3, tzinfo=UTC)
DUE = DueScorecard(
    workspace="T1",
    interview="i1",
    panel="p1",
    candidate="Robin Doe",
    role="Backend Developer",
    interviewer="UALEX",
    owner="UALEX",
    focus=("debugging", "security"),
    zone="UTC",
    starts_at=NOW,
    ends_at=NOW + timedelta(minutes=45),
    cancelled_at=None,
    declined_at=None,
    closed_at=None,
    closings=0,
    set_up_by="USETUP",
    recruiter="URECRUITER",
    hiring_manager="UMANAGER",
)
PHONE, LAPTOP = ScorecardForm("i1", "phone"), ScorecardForm("i1", "laptop")


@dataclass(frozen=True)
class Arriving:
    """A press in a form, made at a time of Slack's if that is known, and the hour by the clock of
    the replica that it arrives at."""

    form: ScorecardForm
    at: str | None
    hour: float
    words: str


@dataclass
class Keeping:
    """What replicas keep of the presses, one after another."""

    draft: ScorecardDraft | None = None
    revisions: list[int] = field(default_factory=list)

    def arrives(self, press: Arriving) -> bool:
        """Whether it was kept."""
        part = ScorecardPart.whole(body(notes=press.words))
        own = OwnScorecard(DUE, None, self.draft, False)
        found, at = written(own, "UALEX", press.form, part), press_time(press.at)
        if self.draft is not None and found.is_older(at):
            return False
        self.draft = found.pressed(NOW + timedelta(hours=press.hour), at)
        return True

    @property
    def notes(self) -> str:
        assert self.draft is not None
        return self.draft.body.notes

    @property
    def all_notes(self) -> str:
        assert self.draft is not None
        return whole(self.draft).body.notes


hours = st.floats(-100, 100)
fractions = st.integers(0, 3).map(lambda number: f"1700000000.{number}")
times = st.one_of(fractions, st.none(), st.sampled_from(["", "1.0.0", "now", "-1.0", "1,5", "٣.٤"]))


@st.composite
def presses(draw: st.DrawFn, forms: tuple[ScorecardForm, ...]) -> list[Arriving]:
    count = draw(st.integers(1, 8))
    return [
        Arriving(draw(st.sampled_from(forms)), draw(times), draw(hours), f"word {number:03}")
        for number in range(count)
    ]


@given(st.permutations(range(5)), st.lists(hours, min_size=5, max_size=5))
def test_the_latest_press_stays_however_they_arrive(order: list[int], hour: list[float]) -> None:
    kept = Keeping()
    for number in order:
        at = f"17000000{number:02}.{9 - number:06}"
        kept.arrives(Arriving(PHONE, at, hour[number], f"Typed up to {number}"))
    assert kept.notes == "Typed up to 4"


@given(presses((PHONE,)))
def test_ties_and_presses_without_a_time_go_by_arrival(arriving: list[Arriving]) -> None:
    kept, latest = Keeping(), None
    for press in arriving:
        at = press_time(press.at)
        is_older = at is not None and latest is not None and at < latest
        assert kept.arrives(press) is not is_older
        if not is_older:
            assert kept.notes == press.words
            latest = latest if at is None else at


@given(presses((PHONE, LAPTOP)))
def test_two_forms_are_never_ordered_and_the_latest_of_both_is_kept(
    arriving: list[Arriving],
) -> None:
    kept = Keeping()
    latest: dict[str, str] = {}
    for press in arriving:
        if kept.arrives(press):
            latest[press.form.id] = press.words
    assert latest.keys() == {press.form.id for press in arriving}
    for words in latest.values():
        assert words in kept.all_notes


@given(presses((PHONE, LAPTOP)), st.lists(hours, min_size=8, max_size=8))
def test_the_machines_clock_has_no_say(arriving: list[Arriving], other: list[float]) -> None:
    kept, again = Keeping(), Keeping()
    for press, hour in zip(arriving, other, strict=False):
        moved = Arriving(press.form, press.at, hour, press.words)
        assert kept.arrives(press) is again.arrives(moved)
    assert kept.all_notes == again.all_notes


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans(), times), max_size=12))
def test_whatever_comes_of_a_submitted_step_is_older_and_a_later_one_is_not(
    acts: list[tuple[int, bool, str | None]],
) -> None:
    order, submitted = FormOrder(), 0
    for turn, is_submission, at in acts:
        if is_submission:
            order, submitted = order.with_submission(turn), max(submitted, turn + 1)
        elif not order.is_older(turn, press_time(at)):
            order = order.with_press(turn, press_time(at))
        for other, time in itertools.product(range(5), (None, Decimal(10**19))):
            assert order.is_older(other, time) is (other < submitted)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("1700000000.000001", "1700000000.000002"),
        ("1700000000.9", "1700000001.1"),
        ("1700000000.000009", "1700000000.00001"),
        ("999999999.9", "1000000000.0"),
        ("17000000000000000.000001", "17000000000000000.000002"),
    ],
)
def test_times_are_compared_exactly_as_seconds_and_fraction(earlier: str, later: str) -> None:
    one, other = press_time(earlier), press_time(later)
    assert one is not None
    assert other is not None
    assert one < other


def test_the_same_time_written_otherwise_is_a_tie() -> None:
    assert press_time("1700000000.100000") == press_time("1700000000.1")


@pytest.mark.parametrize(
    "text", ["", None, 5, 1.5, "x", "-1.0", "1e5", "1.", ".5", "NaN", "1.0 ", "٣.٤", "9" * 400]
)
def test_what_is_no_time_is_none(text: object) -> None:
    assert press_time(text) is None


def test_a_step_changes_its_own_fields_and_no_other() -> None:
    kept = body(("debugging", "security"))
    step = ScorecardPart(
        {("choice", "debugging"): Choice.POOR, ("evidence", "debugging"): "Guessed."}
    )
    changed = step.into(kept)
    assert changed.of("debugging") == Assessment("debugging", Choice.POOR, "Guessed.")
    assert changed.of("security") == kept.of("security")
    assert (changed.notes, changed.recommendation) == (kept.notes, kept.recommendation)
    blank = step.out_of(kept)
    assert blank.of("debugging") == Assessment("debugging")
    assert blank.of("security") == kept.of("security")


def test_a_whole_part_is_all_of_a_body_and_makes_it_anew() -> None:
    filled = body(("debugging", "security"))
    part = ScorecardPart.whole(filled)
    assert part.into(ScorecardBody()) == filled
    assert part.is_all_of(filled)
    assert part.out_of(filled) == ScorecardBody().over(filled.competencies)
    last = ScorecardPart({("notes", LAST_STEP): "N"})
    assert not last.is_all_of(filled)

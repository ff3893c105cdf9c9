"""Scorecards: what can be submitted, how two forms become one, and who may read what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feedback import Circle, Reading, circle, readable
from bot.domain.scorecards.closing import Duty, How, Settlement, last_word, took_part
from bot.domain.scorecards.faults import faults
from bot.domain.scorecards.merging import elsewhere, merged, merged_text
from bot.domain.scorecards.paging import PAGE, pages
from bot.domain.scorecards.scorecard import (
    LONGEST_EVIDENCE,
    Assessment,
    Body,
    Choice,
    Draft,
    Form,
    Part,
    Recommendation,
    Scorecard,
    Version,
    clean,
)
from tests.support.scorecards import body

NOW = datetime(2026, 11, 25, 14, 3, tzinfo=UTC)


def amiss(it: Body, **more: bool) -> list[tuple[Part, str]]:
    return [(fault.part, fault.competency) for fault in faults(it, **more)]


def test_a_whole_scorecard_has_no_fault() -> None:
    assert amiss(body(("debugging", "security"))) == []


def test_nothing_but_ratings_and_a_recommendation_is_asked_for() -> None:
    assert amiss(body(notes="", probe_next="")) == []


def test_an_empty_form_is_told_at_every_field_that_needs_something() -> None:
    assert amiss(Body(assessments=(Assessment("a"), Assessment("b")))) == [
        (Part.CHOICE, "a"),
        (Part.CHOICE, "b"),
        (Part.RECOMMENDATION, ""),
    ]


def test_the_last_word_is_ones_own_until_the_scorecard_is_handed_back() -> None:
    def said(how: How, actor: str, receiver: str | None = None) -> Settlement:
        return Settlement("T1", "i", 1, how, actor, NOW, receiver)

    no_show = said(How.NO_SHOW, "UALEX")
    over, back = said(How.HANDED_OVER, "UALEX", "USAM"), said(How.HANDED_OVER, "USAM", "UALEX")
    on = said(How.HANDED_OVER, "USAM", "UPRIYA")
    theirs, own = said(How.SCORECARD, "UPRIYA"), said(How.SCORECARD, "UALEX")
    for story, last in (
        ([], None),
        ([no_show], no_show),
        ([no_show, over], over),
        ([over, on, theirs], over),
        ([over, back], None),
        ([over, back, own], own),
    ):
        assert last_word("UALEX", story) == last


def test_not_assessed_needs_no_evidence_and_a_rating_does() -> None:
    for choice in Choice:
        item = Assessment("debugging", choice, "")
        expected = [] if choice is Choice.NOT_ASSESSED else [(Part.EVIDENCE, "debugging")]
        assert amiss(body(assessments=(item,))) == expected


@pytest.mark.parametrize(
    "evidence",
    [
        *("👍", "👍🏽 🎉!", "…", " \n\t", "--- ***", "❤️", "\u200b\u200f"),
        *(":thumbsup:", ":+1::skin-tone-3: :tada:", "1️⃣ 2⃣"),
    ],
)
def test_evidence_without_a_word_is_refused_in_words(evidence: str) -> None:
    (fault,) = faults(body(evidence=evidence))
    assert fault.part is Part.EVIDENCE
    assert "what you saw or heard" in fault.text


@pytest.mark.parametrize(
    "evidence", ["Solid", "3", "وصل إلى السبب بسرعة", "原因を見つけた", "👍 yes", "é"]
)
def test_evidence_in_any_script_is_taken(evidence: str) -> None:
    assert amiss(body(evidence=evidence)) == []


@pytest.mark.parametrize(
    ("field", "most"),
    [("notes", 2000), ("probe_next", 1000), ("reason", 500), ("evidence", LONGEST_EVIDENCE)],
)
def test_each_text_may_be_as_long_as_it_says_and_no_longer(field: str, most: int) -> None:
    assert amiss(body(**{field: "&" * (most - 1) + "x"})) == []
    (fault,) = faults(body(**{field: "x" * (most + 1)}))
    assert f"{most:,}" in fault.text
    assert f"{most + 1:,}" in fault.text


def test_a_late_change_needs_a_reason_in_words() -> None:
    assert amiss(body(), needs_reason=True) == [(Part.REASON, "")]
    assert amiss(body(reason="…"), needs_reason=True) == [(Part.REASON, "")]
    assert amiss(body(reason="I mixed two people up."), needs_reason=True) == []


def test_a_day_after_it_was_first_submitted_a_change_is_late() -> None:
    card = scorecard()
    assert not card.needs_reason(NOW + timedelta(hours=24))
    assert card.needs_reason(NOW + timedelta(hours=24, seconds=1))


def test_what_no_database_takes_is_left_out() -> None:
    assert clean("a\0b\ud83dc\udc4d👍") == "abc👍"


def test_no_fault_quotes_what_was_written() -> None:
    it = body(evidence="quokka" * 400, notes="wombat" * 400, probe_next="numbat" * 400)
    said = " ".join(fault.text for fault in faults(it))
    assert not any(word in said for word in ("quokka", "wombat", "numbat"))


def scorecard(number: int = 1, form: str = "f1", **changes: object) -> Scorecard:
    version = Version(number, body(), form, NOW)
    card = Scorecard("s1", "T1", "i1", "UALEX", False, NOW, version)
    return replace(card, **changes)  # type: ignore[arg-type]


def draft(revision: int, form: str, it: Body | None = None) -> Draft:
    return Draft("T1", "i1", "UALEX", it or body(), revision, form, NOW, NOW)


def test_a_form_that_alone_has_been_written_in_is_not_stale() -> None:
    mine = Form("i1", "mine", revision=2)
    assert elsewhere(mine, None, None) is None
    assert elsewhere(mine, draft(2, "an older one"), None) is None
    assert elsewhere(mine, draft(7, "mine"), None) is None
    assert elsewhere(replace(mine, version=1), draft(7, "mine"), scorecard()) is None
    assert elsewhere(mine, None, scorecard(form="mine")) is None


def test_a_form_is_stale_once_another_has_saved_or_submitted() -> None:
    mine = Form("i1", "mine", revision=2)
    other = body(notes="Other notes.")
    assert elsewhere(mine, draft(3, "other", other), None) == other
    assert elsewhere(mine, None, scorecard(form="other")) == body()
    assert elsewhere(mine, draft(1, "other", other), scorecard(form="other")) == other


def test_merged_forms_hold_what_either_holds() -> None:
    mine = Body((Assessment("a", Choice.POOR, "Mine."), Assessment("b")), notes="Same.")
    theirs = Body(
        (Assessment("a", Choice.SOLID, "Theirs."), Assessment("b", Choice.POOR, "Only theirs.")),
        recommendation=Recommendation.NO,
        notes="Same.",
    )
    both = merged(mine, theirs)
    assert both.body == Body(
        (
            Assessment("a", Choice.POOR, "Mine.\n\nTheirs."),
            Assessment("b", Choice.POOR, "Only theirs."),
        ),
        recommendation=Recommendation.NO,
        notes="Same.",
    )
    assert both.other_choices == {"a": Choice.SOLID}
    assert both.other_recommendation is None
    assert not both.is_just(mine)


def test_a_form_that_holds_all_of_the_other_is_itself() -> None:
    mine = body(notes="Some notes about the wombat. And more.")
    assert merged(mine, body()).is_just(mine)
    assert merged(mine, Body()).is_just(mine)
    assert merged(mine, Body().over(["another"])).is_just(mine)


words = st.text(alphabet="ab \n👍&", max_size=40)


@given(words, words)
def test_merging_loses_no_word_and_comes_to_rest(mine: str, theirs: str) -> None:
    both = merged_text(mine, theirs)
    for part in (*mine.split("\n\n"), *theirs.split("\n\n")):
        assert part.strip() in both
    assert merged_text(both, theirs) == both
    assert merged_text(both, mine) == both


def test_a_receipt_has_as_many_pages_as_its_texts_need() -> None:
    assert len(pages(body())) == 1
    focus = [f"c{number}" for number in range(5)]
    full = body(focus, "&" * 1500, notes="&" * 2000, probe_next="&" * 1000, reason="&" * 500)
    found = pages(full)
    assert len(found) > 1
    assert found[0].recommendation is Recommendation.YES
    assert [item for page in found for item in page.assessments] == list(full.assessments)
    for field in ("notes", "probe_next", "reason"):
        assert [getattr(page, field) for page in found if getattr(page, field)] == [
            getattr(full, field)
        ]
    assert max(len(str(page.texts)) for page in found) < PAGE


READERS, AUTHORS, PENDING = {"UMANAGER", "URECRUITER"}, {"UALEX"}, {"USAM"}


@pytest.mark.parametrize(
    ("person", "owes", "has_given", "asked", "expected"),
    [
        (person, owes, given_, asked, expected)
        for (person, owes, given_, asked), expected in {
            ("UMANAGER", False, False, False): Reading.ALL,
            ("UMANAGER", True, False, False): Reading.ASK_FIRST,
            ("UMANAGER", True, False, True): Reading.ALL,
            ("UMANAGER", True, True, False): Reading.ASK_FIRST,
            ("UMANAGER", False, True, False): Reading.ALL,
            ("URECRUITER", False, False, False): Reading.ALL,
            ("URECRUITER", True, False, False): Reading.ASK_FIRST,
            ("UEVE", False, False, False): Reading.NOTHING,
            ("UEVE", True, False, False): Reading.OWN_FIRST,
            ("UEVE", True, False, True): Reading.OWN_FIRST,
            ("UEVE", False, True, False): Reading.ALL,
            ("UEVE", True, True, False): Reading.OWN_FIRST,
            ("UADMIN", False, False, False): Reading.NOTHING,
            ("UADMIN", False, False, True): Reading.NOTHING,
            ("USETUP", False, False, False): Reading.NOTHING,
        }.items()
    ],
)
def test_who_may_read_what(
    person: str, owes: bool, has_given: bool, asked: bool, expected: Reading
) -> None:
    def with_me(people: set[str], is_in: bool) -> frozenset[str]:
        return frozenset(people | {person} if is_in else people)

    it = Circle(
        frozenset(READERS),
        with_me(PENDING, owes),
        with_me(AUTHORS, has_given),
        with_me(set(), asked),
    )
    assert readable(person, it) is expected


def test_nobody_who_has_a_scorecard_to_give_reads_unasked() -> None:
    people = sorted(READERS | AUTHORS | PENDING | {"UADMIN"})
    for person, gave in product(people, (True, False)):
        authors = frozenset({person} if gave else ())
        it = Circle(frozenset(READERS), frozenset({person}), authors)
        assert readable(person, it) is not Reading.ALL


def duty(interview: str, interviewer: str, **changes: object) -> Duty:
    it = Duty(
        workspace="T1",
        interview=interview,
        panel="p1",
        candidate="Robin Doe",
        role="Backend Developer",
        interviewer=interviewer,
        owner=interviewer,
        focus=("debugging",),
        zone="UTC",
        starts_at=NOW,
        ends_at=NOW + timedelta(minutes=45),
        cancelled_at=None,
        declined_at=None,
        settled_at=None,
        settled=0,
        set_up_by="USETUP",
        recruiter="URECRUITER",
        hiring_manager="UMANAGER",
    )
    return replace(it, **changes)  # type: ignore[arg-type]


def test_the_circle_is_drawn_from_the_interviews_of_a_panel() -> None:
    duties = [
        duty("i1", "UALEX", settled_at=NOW),
        duty("i2", "USAM"),
        duty("i3", "UEVE", owner="UALEX"),
        duty("i4", "UDANA", cancelled_at=NOW),
    ]
    it = circle(duties, [scorecard()], NOW + timedelta(days=9))
    assert it.readers == {"URECRUITER", "UMANAGER"}
    assert it.pending == {"USAM", "UALEX"}
    assert it.authors == {"UALEX"}


def test_a_scorecard_given_before_ones_interview_opens_nothing() -> None:
    duties = [duty("i1", "UALEX", settled_at=NOW), duty("i2", "USAM", settled_at=NOW)]
    for minutes, reading in ((-1, Reading.OWN_FIRST), (0, Reading.ALL)):
        it = circle(duties, [scorecard()], NOW + timedelta(minutes=minutes))
        assert readable("UALEX", it) is reading


@pytest.mark.parametrize(("minutes", "reading"), [(-1, Reading.NOTHING), (0, Reading.ALL)])
def test_nor_does_it_once_that_interview_has_been_cancelled(minutes: int, reading: Reading) -> None:
    cancelled_at = NOW + timedelta(minutes=minutes)
    duties = [duty("i1", "UALEX", settled_at=NOW, cancelled_at=cancelled_at)]
    it = circle(duties, [scorecard()], NOW + timedelta(days=9))
    assert readable("UALEX", it) is reading


@pytest.mark.parametrize(
    ("person", "changes", "how", "expected"),
    [
        ("UALEX", {}, None, True),
        ("UALEX", {"starts_at": NOW + timedelta(days=1)}, None, False),
        ("UALEX", {"declined_at": NOW}, None, False),
        ("UALEX", {"cancelled_at": NOW}, None, False),
        ("UALEX", {}, How.DID_NOT_INTERVIEW, False),
        ("UALEX", {}, How.NO_SHOW, True),
        ("UALEX", {"owner": "USAM"}, How.HANDED_OVER, True),
        ("USAM", {"owner": "USAM"}, None, True),
        ("USAM", {}, None, False),
    ],
)
def test_who_took_part(
    person: str, changes: dict[str, object], how: How | None, expected: bool
) -> None:
    said = [Settlement("T1", "i1", 1, how, person, NOW)] if how else []
    assert took_part(person, duty("i1", "UALEX", **changes), said, NOW) is expected


def test_a_scorecard_is_owed_once_its_interview_is_over() -> None:
    it = duty("i1", "UALEX")
    assert not it.is_owed(NOW)
    assert it.is_owed(it.ends_at)
    assert not replace(it, cancelled_at=NOW).is_owed(it.ends_at)
    assert not replace(it, settled_at=NOW).is_owed(it.ends_at)

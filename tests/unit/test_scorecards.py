"""Scorecards: what can be submitted, how two forms become one, and who may read what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feedback import FeedbackReaders, ReadAccess, feedback_readers, read_access
from bot.domain.scorecards.closing import (
    Closing,
    ClosingKind,
    DueScorecard,
    last_closing_by,
    took_part,
)
from bot.domain.scorecards.faults import field_errors
from bot.domain.scorecards.fields import merged_text
from bot.domain.scorecards.merging import elsewhere, merged
from bot.domain.scorecards.paging import PAGE, pages
from bot.domain.scorecards.parts import ScorecardPart
from bot.domain.scorecards.scorecard import (
    LONGEST_EVIDENCE,
    Assessment,
    Choice,
    Recommendation,
    Scorecard,
    ScorecardBody,
    ScorecardDraft,
    ScorecardField,
    ScorecardForm,
    ScorecardVersion,
    clean,
)
from tests.support.scorecards import body

NOW = datetime(2026, 11, 25, 14, 3, tzinfo=UTC)
WHOLE = ScorecardPart.whole(body())


def amiss(body: ScorecardBody, **more: bool) -> list[tuple[ScorecardField, str]]:
    return [(fault.part, fault.competency) for fault in field_errors(body, **more)]


def test_a_whole_scorecard_has_no_fault() -> None:
    assert amiss(body(("debugging", "security"))) == []


def test_nothing_but_ratings_and_a_recommendation_is_asked_for() -> None:
    assert amiss(body(notes="", probe_next="")) == []


def test_an_empty_form_is_told_at_every_field_that_needs_something() -> None:
    assert amiss(ScorecardBody(assessments=(Assessment("a"), Assessment("b")))) == [
        (ScorecardField.CHOICE, "a"),
        (ScorecardField.CHOICE, "b"),
        (ScorecardField.RECOMMENDATION, ""),
    ]


def test_the_last_word_is_ones_own_until_the_scorecard_is_reassigned_back() -> None:
    def said(how: ClosingKind, actor: str, receiver: str | None = None) -> Closing:
        return Closing("T1", "i", 1, how, actor, NOW, receiver)

    no_show = said(ClosingKind.NO_SHOW, "UALEX")
    over, back = (
        said(ClosingKind.REASSIGNED, "UALEX", "USAM"),
        said(ClosingKind.REASSIGNED, "USAM", "UALEX"),
    )
    on = said(ClosingKind.REASSIGNED, "USAM", "UPRIYA")
    theirs, own = said(ClosingKind.SCORECARD, "UPRIYA"), said(ClosingKind.SCORECARD, "UALEX")
    for story, last in (
        ([], None),
        ([no_show], no_show),
        ([no_show, over], over),
        ([over, on, theirs], over),
        ([over, back], None),
        ([over, back, own], own),
    ):
        assert last_closing_by("UALEX", story) == last


def test_not_assessed_needs_no_evidence_and_a_rating_does() -> None:
    for choice in Choice:
        item = Assessment("debugging", choice, "")
        expected = [] if choice is Choice.NOT_ASSESSED else [(ScorecardField.EVIDENCE, "debugging")]
        assert amiss(body(assessments=(item,))) == expected


@pytest.mark.parametrize(
    "evidence",
    [
        *("👍", "👍🏽 🎉!", "…", " \n\t", "--- ***", "❤️", "\u200b\u200f"),
        *(":thumbsup:", ":+1::skin-tone-3: :tada:", "1️⃣ 2⃣"),
    ],
)
def test_evidence_without_a_word_is_refused_in_words(evidence: str) -> None:
    (fault,) = field_errors(body(evidence=evidence))
    assert fault.part is ScorecardField.EVIDENCE
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
    (fault,) = field_errors(body(**{field: "x" * (most + 1)}))
    assert f"{most:,}" in fault.text
    assert f"{most + 1:,}" in fault.text


def test_a_late_change_needs_a_reason_in_words() -> None:
    assert amiss(body(), needs_reason=True) == [(ScorecardField.REASON, "")]
    assert amiss(body(reason="…"), needs_reason=True) == [(ScorecardField.REASON, "")]
    assert amiss(body(reason="I mixed two people up."), needs_reason=True) == []


def test_a_day_after_it_was_first_submitted_a_change_is_late() -> None:
    card = scorecard()
    assert not card.needs_reason(NOW + timedelta(hours=24))
    assert card.needs_reason(NOW + timedelta(hours=24, seconds=1))


def test_what_no_database_takes_is_left_out() -> None:
    assert clean("a\0b\ud83dc\udc4d👍") == "abc👍"


def test_no_fault_quotes_what_was_written() -> None:
    it = body(evidence="quokka" * 400, notes="wombat" * 400, probe_next="numbat" * 400)
    said = " ".join(fault.text for fault in field_errors(it))
    assert not any(word in said for word in ("quokka", "wombat", "numbat"))


def scorecard(number: int = 1, form: str = "f1", **changes: object) -> Scorecard:
    version = ScorecardVersion(number, body(), form, NOW)
    card = Scorecard("s1", "T1", "i1", "UALEX", False, NOW, version)
    return replace(card, **changes)  # type: ignore[arg-type]


def draft(revision: int, form: str, shown_body: ScorecardBody | None = None) -> ScorecardDraft:
    return ScorecardDraft("T1", "i1", "UALEX", shown_body or body(), revision, form, NOW)


def test_a_form_that_alone_has_been_written_in_is_not_stale() -> None:
    mine = ScorecardForm("i1", "mine", revision=2)
    assert elsewhere(mine, WHOLE, None, None) is None
    assert elsewhere(mine, WHOLE, draft(2, "an older one"), None) is None
    assert elsewhere(mine, WHOLE, draft(7, "mine"), None) is None
    assert elsewhere(replace(mine, version=1), WHOLE, draft(7, "mine"), scorecard()) is None
    assert elsewhere(mine, WHOLE, None, scorecard(form="mine")) is None


def test_a_form_is_stale_once_another_has_saved_or_submitted() -> None:
    mine = ScorecardForm("i1", "mine", revision=2)
    other = body(notes="Other notes.")
    assert elsewhere(mine, WHOLE, draft(3, "other", other), None) == other
    assert elsewhere(mine, WHOLE, None, scorecard(form="other")) == body()
    assert elsewhere(mine, WHOLE, draft(1, "other", other), scorecard(form="other")) == other


def test_merged_forms_hold_what_either_holds() -> None:
    mine = ScorecardBody((Assessment("a", Choice.POOR, "Mine."), Assessment("b")), notes="Same.")
    theirs = ScorecardBody(
        (Assessment("a", Choice.SOLID, "Theirs."), Assessment("b", Choice.POOR, "Only theirs.")),
        recommendation=Recommendation.NO,
        notes="Same.",
    )
    both = merged(mine, theirs)
    assert both.body == ScorecardBody(
        (
            Assessment("a", Choice.POOR, "Mine.\n\nTheirs."),
            Assessment("b", Choice.POOR, "Only theirs."),
        ),
        recommendation=Recommendation.NO,
        notes="Same.",
    )
    assert both.others == {(ScorecardField.CHOICE, "a"): Choice.SOLID}
    assert not both.is_just(mine)


def test_a_form_that_holds_all_of_the_other_is_itself() -> None:
    mine = body(notes="Some notes about the wombat. And more.")
    assert merged(mine, body()).is_just(mine)
    assert merged(mine, ScorecardBody()).is_just(mine)
    assert merged(mine, ScorecardBody().over(["another"])).is_just(mine)


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
            ("UMANAGER", False, False, False): ReadAccess.ALL,
            ("UMANAGER", True, False, False): ReadAccess.ASK_FIRST,
            ("UMANAGER", True, False, True): ReadAccess.ALL,
            ("UMANAGER", True, True, False): ReadAccess.ASK_FIRST,
            ("UMANAGER", False, True, False): ReadAccess.ALL,
            ("URECRUITER", False, False, False): ReadAccess.ALL,
            ("URECRUITER", True, False, False): ReadAccess.ASK_FIRST,
            ("UDECIDER", False, False, False): ReadAccess.ALL,
            ("UDECIDER", True, False, True): ReadAccess.OWN_FIRST,
            ("UEVE", False, False, False): ReadAccess.NOTHING,
            ("UEVE", True, False, False): ReadAccess.OWN_FIRST,
            ("UEVE", True, False, True): ReadAccess.OWN_FIRST,
            ("UEVE", False, True, False): ReadAccess.ALL,
            ("UEVE", True, True, False): ReadAccess.OWN_FIRST,
            ("UADMIN", False, False, False): ReadAccess.NOTHING,
            ("UADMIN", False, False, True): ReadAccess.NOTHING,
            ("USETUP", False, False, False): ReadAccess.NOTHING,
        }.items()
    ],
)
def test_who_may_read_what(
    person: str, owes: bool, has_given: bool, asked: bool, expected: ReadAccess
) -> None:
    def with_me(people: set[str], is_in: bool) -> frozenset[str]:
        return frozenset(people | {person} if is_in else people)

    it = FeedbackReaders(
        frozenset(READERS),
        with_me(PENDING, owes),
        with_me(AUTHORS, has_given),
        with_me(set(), asked),
        frozenset({"UDECIDER"}),
    )
    assert read_access(person, it) is expected


def test_nobody_who_has_a_scorecard_to_give_reads_unasked() -> None:
    people = sorted(READERS | AUTHORS | PENDING | {"UADMIN"})
    for person, gave in product(people, (True, False)):
        authors = frozenset({person} if gave else ())
        it = FeedbackReaders(frozenset(READERS), frozenset({person}), authors)
        assert read_access(person, it) is not ReadAccess.ALL


def due_scorecard(interview: str, interviewer: str, **changes: object) -> DueScorecard:
    it = DueScorecard(
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
        closed_at=None,
        closings=0,
        set_up_by="USETUP",
        recruiter="URECRUITER",
        hiring_manager="UMANAGER",
    )
    return replace(it, **changes)  # type: ignore[arg-type]


def test_the_circle_is_drawn_from_the_interviews_of_a_panel() -> None:
    due_scorecards = [
        due_scorecard("i1", "UALEX", closed_at=NOW),
        due_scorecard("i2", "USAM"),
        due_scorecard("i3", "UEVE", owner="UALEX"),
        due_scorecard("i4", "UDANA", cancelled_at=NOW),
    ]
    it = feedback_readers(due_scorecards, [scorecard()], NOW + timedelta(days=9))
    assert it.readers == {"URECRUITER", "UMANAGER"}
    assert it.pending == {"USAM", "UALEX"}
    assert it.authors == {"UALEX"}


def test_a_scorecard_given_before_ones_interview_opens_nothing() -> None:
    due_scorecards = [
        due_scorecard("i1", "UALEX", closed_at=NOW),
        due_scorecard("i2", "USAM", closed_at=NOW),
    ]
    for minutes, reading in ((-1, ReadAccess.OWN_FIRST), (0, ReadAccess.ALL)):
        it = feedback_readers(due_scorecards, [scorecard()], NOW + timedelta(minutes=minutes))
        assert read_access("UALEX", it) is reading


@pytest.mark.parametrize(("minutes", "reading"), [(-1, ReadAccess.NOTHING), (0, ReadAccess.ALL)])
def test_nor_does_it_once_that_interview_has_been_cancelled(
    minutes: int, reading: ReadAccess
) -> None:
    cancelled_at = NOW + timedelta(minutes=minutes)
    due_scorecards = [due_scorecard("i1", "UALEX", closed_at=NOW, cancelled_at=cancelled_at)]
    it = feedback_readers(due_scorecards, [scorecard()], NOW + timedelta(days=9))
    assert read_access("UALEX", it) is reading


@pytest.mark.parametrize(
    ("person", "changes", "how", "expected"),
    [
        ("UALEX", {}, None, True),
        ("UALEX", {"starts_at": NOW + timedelta(days=1)}, None, False),
        ("UALEX", {"declined_at": NOW}, None, False),
        ("UALEX", {"cancelled_at": NOW}, None, False),
        ("UALEX", {}, ClosingKind.DID_NOT_INTERVIEW, False),
        ("UALEX", {}, ClosingKind.NO_SHOW, True),
        ("UALEX", {"owner": "USAM"}, ClosingKind.REASSIGNED, True),
        ("USAM", {"owner": "USAM"}, None, True),
        ("USAM", {}, None, False),
    ],
)
def test_who_took_part(
    person: str, changes: dict[str, object], how: ClosingKind | None, expected: bool
) -> None:
    said = [Closing("T1", "i1", 1, how, person, NOW)] if how else []
    assert took_part(person, due_scorecard("i1", "UALEX", **changes), said, NOW) is expected


def test_a_scorecard_is_owed_once_its_interview_is_over() -> None:
    it = due_scorecard("i1", "UALEX")
    assert not it.is_due(NOW)
    assert it.is_due(it.ends_at)
    assert not replace(it, cancelled_at=NOW).is_due(it.ends_at)
    assert not replace(it, closed_at=NOW).is_due(it.ends_at)

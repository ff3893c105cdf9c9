"""Scorecards as people see them: within Slack's limits whatever was typed, safe, readable."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import NO_BREAK
from bot.domain.feedback_hints import noticed
from bot.domain.panels.content import FrozenContent
from bot.domain.rights import Access, PersonKind
from bot.domain.scorecards.closing import Closing, ClosingKind, DueScorecard
from bot.domain.scorecards.fields import choices_of, texts_of
from bot.domain.scorecards.merging import Merged, merged
from bot.domain.scorecards.paging import pages
from bot.domain.scorecards.parts import LAST_STEP, ScorecardPart
from bot.domain.scorecards.scorecard import (
    Assessment,
    Choice,
    Recommendation,
    Scorecard,
    ScorecardBody,
    ScorecardField,
    ScorecardForm,
    ScorecardVersion,
    clean,
)
from bot.errors import DatabaseAway
from bot.library.catalogue import Library
from bot.playground.rules.limits import faults
from bot.services.feedback import Earlier, Feedback, OwnFirst
from bot.services.messages.scorecards import Closed, Reassigned, Receipt
from bot.services.overview import PanelList
from bot.services.scorecards.forms import (
    AlreadySubmitted,
    OpenScorecard,
    OwnScorecards,
    Saved,
    Submitted,
)
from handlers.ids import scorecard_field
from handlers.payloads import OpenView
from handlers.scorecards.saving import part_of
from handlers.views import feedback as reading
from handlers.views.common import MOST_CHARACTERS, size_of
from handlers.views.messages import VIEWS
from handlers.views.scorecards import form as views
from handlers.views.scorecards import pages as written
from handlers.views.scorecards.form import SaveState
from handlers.views.scorecards.inputs import LARGEST_BOX, in_boxes
from handlers.views.scorecards.messages import mine
from tests.support.devices import every_step, opened, read_back
from tests.support.panelist import elements, text_of
from tests.support.panels import MONDAY, NOW, frozen, interview, panel
from tests.support.scorecards import body

EVIL = "<!channel> *bold* _it_ <https://evil.example|click> &amp; `x`"
ID, FORM, CARD, PANEL = "1" * 16, "2" * 16, "3" * 16, "4" * 16
LONGEST = ("W" * 149 + "&" * 200)[:150]
FOCUS = 5
BEGUN = MONDAY
"""When the interview begins."""


@pytest.fixture(scope="module")
def content(library: Library) -> FrozenContent:
    return frozen(library)


def due_scorecard(content: FrozenContent, **changes: Any) -> DueScorecard:
    it = DueScorecard(
        workspace="T1",
        interview=ID,
        panel=PANEL,
        candidate="Robin Doe",
        role="Backend Developer",
        interviewer="UALEX",
        owner="UALEX",
        focus=content.ids[:FOCUS],
        zone="Europe/Berlin",
        starts_at=MONDAY,
        ends_at=MONDAY + timedelta(minutes=45),
        cancelled_at=None,
        declined_at=None,
        closed_at=None,
        closings=0,
        set_up_by="U1",
        recruiter="U1",
        hiring_manager="UMANAGER",
    )
    return replace(it, **changes)


def sheet(
    content: FrozenContent, body: ScorecardBody | None = None, name: str = "", **changes: Any
) -> OpenScorecard:
    found = replace(panel(interview("UALEX", *content.ids[:FOCUS], id=ID)), id=PANEL)
    if name:
        found = replace(found, candidate=replace(found.candidate, name=name))
    whole = OpenScorecard(
        due_scorecard=due_scorecard(content),
        panel=found,
        content=content,
        form=ScorecardForm(ID, FORM),
        body=(body or ScorecardBody()).over(content.ids[:FOCUS]),
        saved_at=None,
        scorecard=None,
        now=NOW,
    )
    return replace(whole, **changes)


def full(content: FrozenContent, letter: str = "&") -> ScorecardBody:
    """Every box as full as it may be."""
    return body(
        content.ids[:FOCUS],
        letter * 1500,
        notes=letter * 2000,
        probe_next=letter * 1000,
        reason=letter * 500,
    )


def card(body: ScorecardBody, number: int = 1, **changes: Any) -> Scorecard:
    version = ScorecardVersion(number, body, FORM, NOW)
    return replace(Scorecard(CARD, "T1", ID, "UALEX", False, NOW, version), **changes)


def step_of(view: dict[str, Any], label: str) -> dict[str, Any]:
    """The block of the input with this label."""
    return next(b for b in view["blocks"] if b["type"] == "input" and b["label"]["text"] == label)


def labels_of(view: dict[str, Any]) -> list[str]:
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


@pytest.mark.parametrize("letter", ["&", '"', "\\", "<", "م", "👍"])
@pytest.mark.parametrize("name", ["Robin Doe", EVIL, LONGEST])
def test_each_step_fits_whatever_stands_in_it(
    content: FrozenContent, letter: str, name: str
) -> None:
    it = full(content, letter)
    for version in (0, 1):
        form = ScorecardForm(ID, FORM, 3, version)
        for view in every_step(sheet(content, it, name, form=form, now=BEGUN)):
            assert faults("modal", view) == []
            assert len(str(view)) < 250_000


def test_the_longest_texts_of_the_library_fit(library: Library) -> None:
    for role in library.roles:
        content = frozen(library, role.slug)
        for start in range(len(content.ids) - FOCUS + 1):
            it = ScorecardBody().over(content.ids[start : start + FOCUS])
            for view in every_step(sheet(content, replace(it))):
                assert faults("modal", view) == []


def test_each_competency_is_a_step_with_what_earns_each_rating(content: FrozenContent) -> None:
    steps = every_step(sheet(content))
    for number, (id, view) in enumerate(zip(content.ids[:FOCUS], steps, strict=False), start=1):
        shown, texts = text_of(view), content.competency(id).ratings
        for text in (texts.poor, texts.borderline, texts.solid, texts.outstanding):
            assert text.short in shown
        assert shown.count("There was no chance to find out") == 1
        assert f"{'●' * number}{'○' * (FOCUS + 1 - number)}  {number} of {FOCUS + 1}" in shown
        assert labels_of(view) == [content.competency(id).name, "What you saw or heard"]
        assert view["submit"]["text"] == "Next"


def test_the_last_step_asks_for_the_recommendation_and_shows_all_ratings(
    content: FrozenContent,
) -> None:
    one, other, third, fourth, *_ = content.ids[:FOCUS]
    it = ScorecardBody(
        (
            Assessment(one, Choice.SOLID, "Words."),
            Assessment(other, Choice.NOT_ASSESSED),
            Assessment(third, Choice.POOR),
            Assessment(fourth),
        )
    )
    view = every_step(sheet(content, it))[-1]
    shown = text_of(view)
    assert "Strong no\nNo\nYes\nStrong yes" in shown
    assert f"✅ {content.competency(one).name} · Solid" in shown
    assert f"⚪ {content.competency(other).name} · not assessed" in shown
    assert f"🟡 {content.competency(third).name} · Poor, needs what you saw or heard" in shown
    assert f"🟡 {content.competency(fourth).name} · not rated yet" in shown
    assert view["submit"]["text"] == "Submit"
    (jump,) = elements(view, "static_select")
    assert [option["value"] for option in jump["options"]] == list(content.ids[:FOCUS])


def test_every_step_but_the_first_leads_back_to_the_one_before(content: FrozenContent) -> None:
    found = [
        [it["value"] for it in elements(view, "button") if it["text"]["text"] == "Back"]
        for view in every_step(sheet(content))
    ]
    assert found == [[], *([id] for id in content.ids[:FOCUS])]


def test_evidence_is_required_with_a_rating_and_says_so(content: FrozenContent) -> None:
    id, label = content.ids[0], "What you saw or heard"
    for choice in (None, Choice.POOR, Choice.OUTSTANDING):
        view = every_step(sheet(content, ScorecardBody((Assessment(id, choice),))))[0]
        block = step_of(view, label)
        assert not block.get("optional")
        assert block["hint"]["text"] == "Required with a rating."
    without = ScorecardBody((Assessment(id, Choice.NOT_ASSESSED),))
    assert label not in labels_of(every_step(sheet(content, without))[0])
    kept = ScorecardBody((Assessment(id, Choice.NOT_ASSESSED, "Some words."),))
    assert step_of(every_step(sheet(content, kept))[0], label)["optional"] is True


def test_evidence_is_asked_for_as_the_choice_is_made(content: FrozenContent) -> None:
    id, label = content.ids[0], "What you saw or heard"
    view = every_step(sheet(content))[0]
    field = scorecard_field(ScorecardField.CHOICE, FORM, id)

    def once_chosen(view: dict[str, Any], choice: Choice, evidence: str = "") -> dict[str, Any]:
        box = scorecard_field(ScorecardField.EVIDENCE, FORM, id)
        values = {
            field.block: {field.action: {"selected_option": {"value": choice}}},
            box.block: {box.action: {"value": evidence}},
        }
        changed = views.with_state(opened(view, values), SaveState("Saved at 15:03", "saved 15:03"))
        assert faults("modal", changed) == []
        return changed

    without = once_chosen(view, Choice.NOT_ASSESSED)
    assert label not in labels_of(without)
    again = once_chosen(without, Choice.SOLID)
    assert labels_of(again) == labels_of(view)
    assert step_of(again, label) == step_of(view, label)
    assert step_of(once_chosen(view, Choice.NOT_ASSESSED, "Words."), label)["optional"] is True


def test_every_input_sends_what_is_chosen_and_typed(content: FrozenContent) -> None:
    steps = every_step(sheet(content))
    inputs = [block for view in steps for block in view["blocks"] if block["type"] == "input"]
    of_each = len(choices_of(Assessment)) + len(texts_of(Assessment))
    for_all = [one.about_candidate for one in texts_of(ScorecardBody).values()].count(True)
    assert len(inputs) == FOCUS * of_each + len(choices_of(ScorecardBody)) + for_all
    for block in inputs:
        assert block["dispatch_action"] is True
        if block["element"]["type"] == "plain_text_input":
            config = block["element"]["dispatch_action_config"]
            assert config == {"trigger_actions_on": ["on_character_entered"]}


def test_what_the_form_shows_is_read_back(content: FrozenContent) -> None:
    it = replace(full(content, "x"), notes="Two\n\nparagraphs.").over(content.ids[:FOCUS])
    found = sheet(content, it, form=ScorecardForm(ID, FORM, 3, 1, 7))
    assert read_back(found) == it
    for view in every_step(found):
        token = views.ScorecardToken.load(view["private_metadata"])
        assert token.made == ScorecardForm(ID, FORM, 3, 1, 7)


def test_an_untouched_form_is_read_as_empty(content: FrozenContent) -> None:
    assert read_back(sheet(content)) == ScorecardBody().over(content.ids[:FOCUS])


def test_merged_texts_too_long_for_a_box_go_on_in_the_next(content: FrozenContent) -> None:
    one = full(content, "a")
    other = full(content, "b")
    both = merged(one, replace(other, recommendation=Recommendation.NO))
    conflicts = both.steps(one)
    assert conflicts == {*content.ids[:FOCUS], LAST_STEP}
    it = sheet(
        content, both.body, merged=both, conflicts=conflicts, form=ScorecardForm(ID, FORM, 3, 1)
    )
    for view in every_step(it):
        assert faults("modal", view) == []
        assert views.first_line(opened(view)) == views.MERGED
    assert read_back(it) == both.body
    assert "On your other device, you chose “No”." in text_of(every_step(it)[-1])


def test_only_the_steps_that_were_written_elsewhere_say_so(content: FrozenContent) -> None:
    id, *rest = content.ids[:FOCUS]
    mine = body(content.ids[:FOCUS])
    other = ScorecardPart({("evidence", id): "From the laptop."}).into(mine)
    both = merged(mine, other)
    it = sheet(content, both.body, merged=both, conflicts=both.steps(mine), saved_at=NOW)
    first, *others = every_step(it)
    assert views.first_line(opened(first)) == views.MERGED
    assert len(others) == len(rest) + 1
    assert not any(views.MERGED in text_of(view) for view in others)


@given(st.text(alphabet="ab\n&👍", max_size=8000))
def test_a_text_in_boxes_is_the_same_text(text: str) -> None:
    boxes = in_boxes(text)
    assert all(len(box) <= LARGEST_BOX for box in boxes)
    assert "".join("".join(boxes).split()) == "".join(text.split())
    if len(text) <= LARGEST_BOX:
        assert boxes == [text]


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (SaveState("Saved at 12:03 PM", "saved 12:03 PM"), "Scorecard saved 12:03 PM"),
        (views.not_saved(DatabaseAway()), "Scorecard not saved"),
        (views.not_saved(AlreadySubmitted(is_step=True)), "Scorecard not saved"),
    ],
)
def test_whether_it_is_saved_stands_in_the_first_line_and_the_title_and_changes_nothing_else(
    content: FrozenContent, state: SaveState, title: str
) -> None:
    for view in every_step(sheet(content, full(content))):
        changed = views.with_state(opened(view), state)
        assert faults("modal", changed) == []
        assert views.shape(changed["blocks"]) == views.shape(view["blocks"])
        assert text_of({"blocks": changed["blocks"][1:]}) == text_of({"blocks": view["blocks"][1:]})
        assert changed["title"]["text"] == title
        rest = view.keys() - {"blocks", "title"}
        assert {key: changed[key] for key in rest} == {key: view[key] for key in rest}
        assert views.first_line(opened(changed)) == state.line


def test_the_first_line_says_when_it_was_saved_in_the_authors_time(content: FrozenContent) -> None:
    saved = Saved(NOW, "Europe/Berlin")
    for days, line in (
        (0, "Saved at 10:00 AM"),
        (1, "Saved on Wed, Nov 25 at 10:00 AM"),
        (90, "Saved on Wed, Nov 25, 2026 at 10:00 AM"),
    ):
        said = views.is_saved(saved, NOW + timedelta(days=days))
        assert said.line.replace(NO_BREAK, " ") == line
        assert said.short.replace(NO_BREAK, " ") == "saved 10:00 AM"
    restored = views.form(sheet(content, full(content), saved_at=NOW))
    assert views.first_line(opened(restored)).startswith(f"Saved at 10:00{NO_BREAK}AM")


def test_another_form_has_other_ids_so_that_slack_shows_what_is_restored(
    content: FrozenContent,
) -> None:
    def blocks(form: str) -> set[str]:
        steps = every_step(sheet(content, form=ScorecardForm(ID, form)))
        return {b["block_id"] for view in steps for b in view["blocks"] if b["type"] == "input"}

    assert not blocks(FORM) & blocks("5" * 16)


def test_the_ways_out_are_there_from_the_start_until_something_is_submitted(
    content: FrozenContent,
) -> None:
    def labels(version: int, now: datetime) -> set[str]:
        view = every_step(sheet(content, form=ScorecardForm(ID, FORM, 0, version), now=now))[0]
        return {element["text"]["text"] for element in elements(view, "button")}

    assert labels(0, BEGUN) == {"I didn't interview", "No-show"}
    assert labels(0, BEGUN - timedelta(seconds=1)) == set(), "before it begins"
    assert labels(1, BEGUN) == set()


@pytest.mark.parametrize("name", ["Robin Doe", LONGEST])
def test_a_confirmation_names_the_candidate_and_repeats_the_verb(
    content: FrozenContent, name: str
) -> None:
    view = every_step(sheet(content, name=name, now=BEGUN))[0]
    asked = [it["confirm"] for it in elements(view) if "confirm" in it]
    shown = name if name == "Robin Doe" else LONGEST[:50]
    assert len(asked) == 3
    for confirm in asked:
        assert shown in confirm["title"]["text"]
        assert confirm["confirm"]["text"] not in ("Yes", "OK")
    if name == "Robin Doe":
        assert asked[1]["title"]["text"] == "Robin Doe didn't show up?"


def test_what_was_written_for_a_cancelled_interview_can_still_be_read(
    content: FrozenContent,
) -> None:
    view = views.form(sheet(content, full(content, "quokka "[:1]), closed="It was cancelled."))
    assert faults("modal", view) == []
    assert "q" * 1500 in text_of(view)
    assert "submit" not in view
    assert not elements(view)


def test_blocks_that_are_not_ours_are_left_out() -> None:
    blocks = (
        *({"block_id": "x"}, {"block_id": "scorecard.notes"}, {}, {"block_id": "scorecard.a.b"}),
        {"block_id": f"scorecard.salary..{FORM}.0"},
    )
    assert part_of(OpenView("V", "modal", "", "", "", blocks, {})) == ScorecardPart({})


def test_halves_of_characters_are_left_out(content: FrozenContent) -> None:
    view = every_step(sheet(content))[-1]
    field = scorecard_field(ScorecardField.NOTES, FORM)
    values = {field.block: {field.action: {"type": "plain_text_input", "value": "a\0\ud83d"}}}
    assert part_of(opened(view, values)).into(ScorecardBody()).notes == clean("a")


def test_a_form_that_an_older_version_made_is_submitted_as_a_whole() -> None:
    old = {"interview": ID, "form": FORM, "revision": 3, "version": 0}
    token = views.ScorecardToken.load(json.dumps(old))
    assert token.step is None
    assert token.is_last
    assert token.made == ScorecardForm(ID, FORM, 3, 0)


def receipts(content: FrozenContent, scorecard: Scorecard, library: Library) -> list[Receipt]:
    found = pages(scorecard.version.body)
    hints = tuple(noticed(scorecard.version.body.texts, library.feedback_hints))
    return [
        Receipt(
            due_scorecard(content),
            scorecard,
            content,
            number,
            len(found),
            page,
            hints if number == 1 else (),
        )
        for number, page in enumerate(found, start=1)
    ]


@pytest.mark.parametrize("letter", ["&", '"', "\\", "<", "م", "👍", "x\n"])
def test_a_receipt_holds_every_word_and_fits(
    content: FrozenContent, library: Library, letter: str
) -> None:
    it = full(content, letter[0])
    said = [VIEWS[Receipt](one) for one in receipts(content, card(it, 2), library)]
    for text, blocks in said:
        assert faults("message", {"text": text, "blocks": blocks}) == []
        assert size_of(blocks) < MOST_CHARACTERS + 1000
        assert "Robin" not in text
    shown = "".join(text_of({"blocks": blocks}) for _, blocks in said)
    assert shown.count(letter[0] * 1500) >= FOCUS
    assert "Recommendation: Yes" in shown


def test_a_receipt_has_the_hints_and_the_way_to_change_it(
    content: FrozenContent, library: Library
) -> None:
    it = body(content.ids[:1], "A bad culture fit. Too old for us.")
    (one,) = receipts(content, card(it), library)
    _, blocks = VIEWS[Receipt](one)
    shown = text_of({"blocks": blocks})
    for words in ("culture fit", "Too old"):
        assert re.search(rf"You wrote “[^”]*{words}", shown), words
    assert "Candidates may ask" in shown
    assert [one["text"]["text"] for one in elements({"blocks": blocks})] == [
        "Edit",
        "Read feedback",
    ]


def test_a_part_that_is_not_needed_any_more_says_so(content: FrozenContent) -> None:
    it = Receipt(due_scorecard(content), card(body()), content, 2, 1, ScorecardBody(), ())
    _, blocks = VIEWS[Receipt](it)
    assert "no longer needed" in text_of({"blocks": blocks})


def closing(how: ClosingKind, receiver: str | None = None) -> Closing:
    return Closing("T1", ID, 1, how, "UALEX", NOW, receiver)


def notices(content: FrozenContent, name: str) -> list[Any]:
    it = due_scorecard(content, candidate=name)
    handed = closing(ClosingKind.REASSIGNED, "USAM")
    return [
        Closed(it, closing(ClosingKind.DID_NOT_INTERVIEW), False),
        Closed(it, closing(ClosingKind.NO_SHOW), True),
        Closed(it, closing(ClosingKind.NO_SHOW), False),
        Closed(it, handed, False),
        Reassigned(it, handed, True),
        Reassigned(it, handed, False),
        Reassigned(it, handed, False, is_closed=True),
    ]


@pytest.mark.parametrize("name", ["Robin Doe", EVIL, LONGEST])
def test_what_others_hear_fits_names_nobody_in_its_text_and_says_nothing_of_it(
    content: FrozenContent, name: str
) -> None:
    for model in notices(content, name):
        text, blocks = VIEWS[type(model)](model)
        assert faults("message", {"text": text, "blocks": blocks}) == []
        assert name not in text
        said = text + str(blocks)
        for word in ("quokka", "wombat", "numbat", "Solid", "Yes", "solid"):
            assert word not in said
        assert name in text_of({"blocks": blocks})


def feedback(content: FrozenContent, count: int = 5, name: str = "Robin Doe") -> Feedback:
    found = replace(panel(), id=PANEL)
    found = replace(found, candidate=replace(found.candidate, name=name))
    due_scorecards = [
        due_scorecard(content, interview=f"{number:016x}", owner=f"U{number}", closed_at=NOW)
        for number in range(count)
    ]
    cards = [
        card(
            full(content),
            id=f"{number:016x}",
            interview=f"{number:016x}",
            interviewer=f"U{number}",
            seen_others_before=number % 2 == 0,
        )
        for number in range(count)
    ]
    waiting = due_scorecard(content, interview="f" * 16, owner="UWAITS")
    without = due_scorecard(content, interview="e" * 16, owner="UWITHOUT", closed_at=NOW)
    return Feedback(found, content, [*due_scorecards, waiting, without], cards, [])


@pytest.mark.parametrize("count", [0, 1, 20])
@pytest.mark.parametrize("name", ["Robin Doe", EVIL, LONGEST])
def test_feedback_fits_with_everybody_in(content: FrozenContent, count: int, name: str) -> None:
    it = feedback(content, count, name)
    view = reading.feedback(it)
    assert faults("modal", view) == []
    assert ("No scorecards have been submitted yet." in text_of(view)) == (count == 0)
    for one in it.scorecards:
        single = reading.scorecard(it, one, "USAM")
        assert faults("modal", single) == []
        assert text_of(single).count("&" * 1500) >= FOCUS
        assert (
            "written after seeing others' feedback" in text_of(single)
        ) == one.seen_others_before


def test_only_the_author_gets_the_way_to_change_a_scorecard(content: FrozenContent) -> None:
    it = feedback(content)
    one = it.scorecards[0]
    assert not elements(reading.scorecard(it, one, "USAM"))
    assert len(elements(reading.scorecard(it, one, one.interviewer))) == 1


def labels(view: dict[str, Any]) -> list[str]:
    return [element["text"]["text"] for element in elements(view, "button")]


def test_a_scorecard_that_was_changed_leads_to_its_earlier_versions(
    content: FrozenContent,
) -> None:
    it = feedback(content, 1)
    one = replace(it.scorecards[0], version=ScorecardVersion(2, full(content), FORM, NOW))
    assert labels(reading.scorecard(it, one, "USAM")) == ["Earlier versions"]
    assert labels(reading.scorecard(it, one, one.interviewer)) == ["Edit", "Earlier versions"]


def earlier(content: FrozenContent, number: int, body: ScorecardBody, **next_one: Any) -> Earlier:
    """One of three versions of a scorecard."""
    found = feedback(content, 1, LONGEST)
    current = replace(found.scorecards[0], version=ScorecardVersion(3, body, FORM, NOW))
    following = ScorecardVersion(
        number + 1, replace(body, **next_one), FORM, NOW + timedelta(hours=1)
    )
    return Earlier(found, current, ScorecardVersion(number, body, FORM, NOW), following)


@pytest.mark.parametrize("letter", ["&", '"', "<", "م", "👍"])
@pytest.mark.parametrize("number", [1, 2])
def test_an_earlier_version_fits_whatever_stands_in_it(
    content: FrozenContent, letter: str, number: int
) -> None:
    twice = full(content, letter)  # as where the focus was changed: what was rated stays
    it = replace(twice, assessments=full(content, letter).assessments[::-1] + twice.assessments)
    view = reading.earlier(earlier(content, number, it))
    assert faults("modal", view) == []
    assert len(json.dumps(view)) < 250_000
    shown = text_of(view)
    assert shown.count(letter * 1500) >= FOCUS * 2
    for longest in (2000, 1000, 500):
        assert letter * longest in shown


def test_an_earlier_version_says_why_it_was_written_and_why_it_was_replaced(
    content: FrozenContent,
) -> None:
    it = body(content.ids[:1], reason="I had mixed two people up.")
    view = reading.earlier(earlier(content, 2, it, reason="I spoke with them again."))
    shown = text_of(view)
    assert "Version 2 of 3" in shown
    assert "Why version 2 was written\n\nI had mixed two people up." in shown
    assert "Why version 3 was written\n\nI spoke with them again." in shown
    assert labels(view) == ["Older"]
    first = reading.earlier(earlier(content, 1, replace(it, reason="")))
    assert "Why version 1" not in text_of(first)
    assert "No reason was given" in text_of(first)
    assert labels(first) == ["Newer"]


def test_a_rating_of_a_competency_that_nobody_knows_is_shown_all_the_same(
    content: FrozenContent,
) -> None:
    it = body(assessments=(Assessment("gone", Choice.POOR, "Words."),))
    assert faults("modal", views.form(sheet(content, it))) == []
    found = feedback(content, 1)
    shown = reading.scorecard(found, replace(found.scorecards[0], version=card(it).version), "U")
    assert "gone: Poor" in text_of(shown)


@pytest.mark.parametrize("choice", Recommendation)
def test_a_no_does_not_look_like_a_strong_yes(
    content: FrozenContent, choice: Recommendation
) -> None:
    it = feedback(content, 1)
    (one,) = it.scorecards
    body = replace(one.version.body, recommendation=choice)
    it = replace(it, scorecards=[replace(one, version=replace(one.version, body=body))])
    marks = {"strong_no": "👎👎", "no": "👎", "yes": "👍", "strong_yes": "👍👍"}
    thumbs = f"{choice.label} {marks[choice]}"
    assert f"*{thumbs}* · <@U0>" in text_of(reading.feedback(it))
    assert f"Recommendation: {thumbs}\n" in text_of(reading.scorecard(it, it.scorecards[0], "U"))


@pytest.mark.parametrize(
    ("may_ask", "labels"),
    [(False, ["Write scorecard"]), (True, ["Write scorecard", "Open early"])],
)
def test_whoever_owes_theirs_is_shown_the_way_to_it(may_ask: bool, labels: list[str]) -> None:
    first = OwnFirst(PANEL, "Robin Doe", ID, may_ask=may_ask)
    message, view = reading.own_first_message(first), reading.own_first(first)
    assert faults("message", message) == faults("modal", view) == []
    for shown in (message, view):
        assert [one["text"]["text"] for one in elements(shown, "button")] == labels
        assert first.text in text_of(shown)
        for confirm in [one["confirm"] for one in elements(shown) if "confirm" in one]:
            assert confirm["title"]["text"] == "Open feedback on Robin Doe early?"
            assert confirm["confirm"]["text"] == "Open early"


def test_which_of_several_panels_fits_and_says_if_there_may_be_more() -> None:
    found = replace(panel(interview("UALEX")), id=PANEL)
    panels = [replace(found, id=f"{number:016x}") for number in range(10)]
    berlin = Access("T1", "U1", PersonKind.MEMBER, "Europe/Berlin")
    message = reading.several(PanelList(panels, berlin, NOW), "x" * 3000)
    assert "(Europe/Berlin)" in str(message), "where Slack shows no times, in the reader's zone"
    assert faults("message", message) == []
    assert "There are 10 panels or more" in text_of(message)
    assert "There are 9 panels for" in text_of(
        reading.several(PanelList(panels[:9], berlin, NOW), "x")
    )


def test_asking_to_be_shown_nothing_says_that_nothing_is_recorded(content: FrozenContent) -> None:
    nothing = feedback(content, 0)
    assert "nothing was recorded" not in text_of(reading.feedback(nothing))
    view = reading.feedback(replace(nothing, asks_again=True))
    assert faults("modal", view) == []
    assert "nothing was recorded" in text_of(view)


@pytest.mark.parametrize("name", ["Robin Doe", EVIL, LONGEST])
def test_the_list_of_ones_own_fits_however_long_it_is(content: FrozenContent, name: str) -> None:
    due_scorecards = [
        due_scorecard(content, interview=f"{n:016x}", candidate=name) for n in range(60)
    ]
    drafted = frozenset(one.interview for one in due_scorecards[:30])
    cards = [(one, card(full(content), 2, interview=one.interview)) for one in due_scorecards]
    found = OwnScorecards(
        "UALEX",
        NOW,
        due_scorecards,
        due_scorecards,
        cards,
        drafted,
        due_scorecards,
        frozenset({CARD}),
    )
    message = mine(found, "/scorecard")
    assert faults("message", message) == []
    assert size_of(message["blocks"]) < MOST_CHARACTERS
    assert "&&&&" not in text_of(message).replace(name, ""), "no word of a scorecard"


def test_the_list_says_which_receipts_did_not_arrive(content: FrozenContent) -> None:
    cards = [(due_scorecard(content), card(body(), id=f"{number:016x}")) for number in range(2)]
    found = OwnScorecards("UALEX", NOW, [], [], cards, frozenset(), [], frozenset({f"{1:016x}"}))
    assert text_of(mine(found, "/scorecard")).count("couldn't deliver the receipt") == 1


def test_who_owes_nothing_is_told(content: FrozenContent) -> None:
    message = mine(OwnScorecards("UALEX", NOW, [], [], [], frozenset(), []), "/scorecard")
    assert "You're all caught up. Thanks!" in text_of(message)


@pytest.mark.parametrize("name", ["Robin Doe", EVIL, LONGEST])
def test_what_stands_in_the_modals_place_afterwards_fits(
    content: FrozenContent, library: Library, name: str
) -> None:
    it = body(
        notes="Not a culture fit. My gut feeling says no. Too old for us. Such a heavy accent. "
        "She is pregnant. Always well dressed."
    )
    hints = tuple(noticed(it.texts, library.feedback_hints))
    done = Submitted(due_scorecard(content, candidate=name), card(it, 2), hints)
    view = written.submitted(done, NOW)
    assert faults("modal", view) == []
    assert len(hints) == 6
    for how in (ClosingKind.DID_NOT_INTERVIEW, ClosingKind.NO_SHOW, ClosingKind.REASSIGNED):
        for actor in ("UALEX", "UMANAGER"):
            it = replace(closing(how), actor=actor)
            view = written.closed(it, due_scorecard(content, candidate=name))
            assert faults("modal", view) == []
            assert ("Read feedback" in text_of(view)) == (actor == "UMANAGER")


def test_a_merge_without_news_shows_no_hint(content: FrozenContent) -> None:
    view = views.form(sheet(content, merged=Merged(body())))
    assert "Your other form" not in text_of(view)

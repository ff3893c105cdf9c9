"""Panels as people see them: within Slack's limits, safe whatever the names, readable."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.audit import AuditEntry
from bot.domain.candidates import (
    LONGEST_LINK,
    LONGEST_NAME,
    Candidate,
    KnownCandidate,
    Merge,
)
from bot.domain.openings import Opening
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.details import HOLDERS
from bot.domain.panels.draft import PanelDraft, Slot
from bot.domain.panels.fields import PanelField
from bot.domain.panels.panel import LONGEST_PLACE, MOST_INTERVIEWS, Panel
from bot.domain.panels.warnings import TimeWarning, WarningKind
from bot.domain.people import Person
from bot.domain.questions.question import Level
from bot.domain.rights import Access, PersonKind
from bot.domain.scorecards.closing import Closing, ClosingKind
from bot.library.catalogue import Library
from bot.playground.rules.limits import faults
from bot.services.messages.panels import (
    Appointed,
    Kit,
    Soon,
    Summary,
    Undelivered,
    Unshown,
)
from bot.services.messages.panels_declines import Declined
from bot.services.overview import (
    MOST_DUPLICATES,
    PanelList,
    PanelOverview,
)
from bot.services.panels.drafts import DraftSheet, PlannedInterview
from handlers.panels.slot import slot_view
from handlers.views.candidates import MergeToken
from handlers.views.common import MOST_CHARACTERS, role_options, size_of
from handlers.views.messages import VIEWS
from handlers.views.panels import panel as views
from handlers.views.panels.kit import questions
from handlers.views.panels.setup import SetupToken, SlotToken, check_first, digest_of, form
from tests.support.panelist import button, elements, text_of
from tests.support.panels import MONDAY, NOW, frozen, interview, panel

EVIL = "<!channel> *bold* _it_ <https://evil.example|click> &amp; `x`"
LONG = ("W" * 149 + "&" * LONGEST_NAME)[:LONGEST_NAME]
NAMES = ("Robin Doe", EVIL, LONG, "Zoë 🙂 O'Neill", "&" * LONGEST_NAME)
ORGANIZER = Access("T1", "U1", PersonKind.MEMBER, "Europe/London")
MEMBER = Access("T1", "UALEX", PersonKind.MEMBER, "Europe/Berlin")
ADMIN = Access("T1", "UADMIN", PersonKind.MEMBER, "Europe/Lisbon", is_admin=True)


@pytest.fixture(scope="module")
def content(library: Library) -> FrozenContent:
    return frozen(library)


def hexed(number: int) -> str:
    return f"{number:016x}"


def whole(content: FrozenContent, count: int, name: str, minutes: int = 60) -> Panel:
    """A panel of so many, with long names and every focus there is."""
    items = [
        replace(
            interview(
                f"U0{number:09}",
                *content.ids[number % 4 : number % 4 + 5],
                id=hexed(number),
                minutes=minutes,
                starts_at=MONDAY + timedelta(hours=number),
            ),
            interviewer_zone="America/Argentina/ComodRivadavia",
        )
        for number in range(count)
    ]
    assigned = content.with_questions(items, None)
    made = replace(panel(*assigned), id=hexed(99), candidate=Candidate("c", name, None, None))
    link = "https://example.com/" + "x" * (LONGEST_LINK - 20)
    return replace(made, candidate=Candidate("c", name, "robin@example.com", link))


LONG_OPENING = Opening(hexed(0), "backend-developer", "T" * 60, Level.MID, "U1", "Y" * 60)


def known(id: str, name: str) -> KnownCandidate:
    return KnownCandidate(Candidate(id, name, None, None), LONG_OPENING, NOW)


def sheet(content: FrozenContent, made: Panel, access: Access = ORGANIZER) -> PanelOverview:
    return PanelOverview(made, content, access, NOW)


def fits(message: dict[str, Any]) -> bool:
    assert faults("message", message) == []
    assert size_of(message["blocks"]) <= MOST_CHARACTERS
    return True


# The form


def somebody(user: str, name: str, zone: str = "Asia/Kolkata") -> Person:
    return Person(user, "T1", name, zone, is_bot=False, deleted=False, restricted=False, team="T1")


def planned(content: FrozenContent, number: int, name: str, start: bool) -> PlannedInterview:
    """An interview of a draft, about which everything is odd."""
    user = f"U0{number:09}"
    at = MONDAY + timedelta(hours=number)
    odd = tuple(TimeWarning(kind, user, at, "U0000000000") for kind in WarningKind)
    return PlannedInterview(
        slot=Slot(user, place="W" * LONGEST_PLACE),
        person=somebody(user, name),
        focus=content.ids[:5],
        starts_at=at if start else None,
        gap=timedelta(hours=number),
        warnings=odd if start else (),
        why_not="has been deactivated",
    )


def draft_sheet(content: FrozenContent, count: int, name: str, **changes: Any) -> DraftSheet:
    people = [planned(content, n, name, not changes.get("copied")) for n in range(count)]
    draft = PanelDraft(
        hexed(1),
        role=content.role.slug,
        first=None if changes.get("copied") else MONDAY,
        slots=tuple(one.slot for one in people),
    )
    fields = {
        "draft": draft,
        "access": ORGANIZER,
        "now": NOW,
        "role": content.role,
        "opening": None,
        "competencies": content.competencies,
        "openings": (),
        "latest": (),
        "copied": None,
        "known": (),
        "planned": people,
    }
    return DraftSheet(**(fields | changes))


@pytest.mark.parametrize("count", [0, 1, 5, MOST_INTERVIEWS])
@pytest.mark.parametrize("copied", [False, True])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("offered", [0, 1, 5])
@pytest.mark.parametrize("more", [False, True])
def test_the_form_is_a_modal_that_slack_takes(
    library: Library,
    content: FrozenContent,
    count: int,
    copied: bool,
    name: str,
    offered: int,
    more: bool,
) -> None:
    before = whole(content, 3, name)
    openings = [replace(LONG_OPENING, id=hexed(n)) for n in range(50)]
    shown = draft_sheet(
        content,
        count,
        name,
        latest=[replace(before, id=hexed(n)) for n in range(50)],
        copied=before if copied else None,
        openings=openings,
        opening=openings[7] if offered else None,
        known=[known(hexed(n), name) for n in range(offered)],
        kept_since=NOW,
    )
    everywhere = dict.fromkeys(PanelField, 10**6)
    shown = replace(shown, draft=replace(shown.draft, name=name, more=more, turns=everywhere))
    roles = role_options((c, library.in_category(c.slug)) for c in library.categories)
    view = form(shown, roles, check_first(shown) if shown.warnings else ())
    assert faults("modal", view) == []
    token = SetupToken.load(view["private_metadata"])
    assert (token.id, len(token.offers), bool(token.warned)) == (
        shown.draft.id,
        offered,
        bool(count and not copied),
    )
    assert ("the same person?" in text_of(view)) is (offered == 1)
    assert ("Is it one of these people?" in text_of(view)) is (offered == 5)
    assert ("Private channel" in text_of(view)) is more


def test_an_interview_in_another_zone_shows_the_interviewers_own_time(
    content: FrozenContent,
) -> None:
    text = text_of(form(draft_sheet(content, 1, "priya nair"), ()))
    assert "Mon 2:30 PM for Priya" in text
    assert "This ends after 8 PM for Priya." in text
    assert "Mon is a day off for Priya." in text
    assert "Priya has another interview at this time." in text


def test_the_same_warnings_are_known_again_and_others_are_not(content: FrozenContent) -> None:
    one, two = (draft_sheet(content, count, "Alex").warnings for count in (1, 2))
    assert digest_of(one) == digest_of(tuple(reversed(one)))
    assert len({digest_of(one), digest_of(two), digest_of(())}) == 3
    assert digest_of(()) == ""


@pytest.mark.parametrize("name", NAMES)
def test_the_modal_for_one_interviewer_is_taken_too(content: FrozenContent, name: str) -> None:
    view = slot_view(draft_sheet(content, MOST_INTERVIEWS, name), "U0000000003", "V" * 20)
    assert faults("modal", view) == []
    token = SlotToken.load(view["private_metadata"])
    assert token == SlotToken(draft=hexed(1), root="V" * 20, who="U0000000003")


# One panel, several panels


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("count", [0, 1, 5, MOST_INTERVIEWS])
@pytest.mark.parametrize("access", [ORGANIZER, MEMBER, ADMIN], ids=["organiser", "member", "admin"])
def test_a_panel_fits_one_message_page_by_page(
    content: FrozenContent, name: str, count: int, access: Access
) -> None:
    it = sheet(content, whole(content, count, name), access)
    if access is not MEMBER:
        it = replace(it, duplicates=[known(hexed(n), name) for n in range(MOST_DUPLICATES)])
    if access is ADMIN:
        merge = Merge("T1", hexed(4), hexed(5), "UADMIN", NOW)
        it = replace(it, merged=(merge, name))
    seen = set()
    first = 0
    for _ in range(11 if it.duplicates else 10):
        message = views.overview(it, first)
        assert fits(message)
        seen |= {
            part["user_id"]
            for block in message["blocks"][1:]
            if block["type"] == "rich_text"
            for section in block["elements"]
            for part in section["elements"]
            if part["type"] == "user"
        }
        following = [
            e for e in elements(message, "button") if e["text"]["text"].startswith("Later")
        ]
        if not following:
            break
        first = views.PanelToken.load(following[0]["value"]).first
    assert {item.interviewer for item in it.panel.on} <= seen


def test_only_who_may_change_a_panel_has_buttons_and_the_address(content: FrozenContent) -> None:
    made = whole(content, 2, "Robin Doe")
    mine, theirs = (views.overview(sheet(content, made, who)) for who in (ORGANIZER, MEMBER))
    assert button(mine, "Cancel panel")
    assert "robin@example.com" in text_of(mine)
    assert elements(theirs) == []
    assert "robin@example.com" not in text_of(theirs)


def test_only_who_may_merge_has_a_button_for_a_possible_duplicate(
    content: FrozenContent,
) -> None:
    made = whole(content, 1, "Robin Doe")
    duplicates = [known(hexed(3), "Robin Doe")]
    mine = views.overview(replace(sheet(content, made), duplicates=duplicates))
    assert "Possible duplicate: Robin Doe, in for" in text_of(mine)
    assert "Merge" not in [e["text"]["text"] for e in elements(mine, "button")]
    merged = (Merge("T1", hexed(5), "c", "UADMIN", NOW), "Rob Doe")
    whole_view = replace(
        sheet(content, made, ADMIN),
        duplicates=duplicates,
        mergeable=frozenset({hexed(3)}),
        merged=merged,
    )
    theirs = views.overview(whole_view)
    assert "Merged with another candidate: Rob Doe." in text_of(theirs)
    asks = button(theirs, "Merge")["confirm"]
    assert (asks["title"]["text"], asks["confirm"]["text"], asks["deny"]["text"]) == (
        "Merge these candidates?",
        "Merge",
        "Cancel",
    )
    assert MergeToken.load(button(theirs, "Undo")["value"]).other == hexed(5)


def test_a_cancelled_panel_has_no_buttons(content: FrozenContent) -> None:
    gone = whole(content, 2, "Robin Doe").cancelled(NOW)
    message = views.overview(sheet(content, gone))
    assert elements(message) == []
    assert "has been cancelled" in text_of(message)


@pytest.mark.parametrize("name", NAMES)
def test_lists_fit_and_open_what_they_name(content: FrozenContent, name: str) -> None:
    panels = [replace(whole(content, 2, name), id=hexed(n)) for n in range(20)]
    listing = PanelList(panels, ORGANIZER, NOW)
    for message in (views.listing(listing, "/panel"), views.several(listing, name)):
        assert fits(message)
        assert len(elements(message, "button")) == 20
    assert fits(views.listing(PanelList([], ORGANIZER, NOW), "/panel"))


@pytest.mark.parametrize("name", ["", EVIL, "x" * 3000])
def test_an_unknown_name_is_shown_as_typed_and_shortened(name: str) -> None:
    message = views.unknown(name, "/panel")
    assert fits(message)
    assert len(text_of(message)) < 300


@pytest.mark.parametrize("name", NAMES)
def test_what_has_been_done_is_a_modal_with_what_to_know(content: FrozenContent, name: str) -> None:
    made = whole(content, MOST_INTERVIEWS, name)
    past = PanelOverview(made, content, ORGANIZER, MONDAY + timedelta(days=9))
    view = views.confirmation(past, "Interviewer replaced")
    assert faults("modal", view) == []
    assert "In the past" in text_of(view)


def test_the_second_editor_reads_what_the_first_did(content: FrozenContent) -> None:
    made = whole(content, 2, "Robin Doe")
    entries = [
        AuditEntry("e", "T1", NOW, "UMANAGER", action, made.id, 2, hexed(0), ("starts_at", "focus"))
        for action in (*views.DOING, "something.new")
    ]
    message = views.overview(
        sheet(content, made), notes=views.changes(sheet(content, made), entries)
    )
    assert fits(message)
    assert "(time, focus)" in text_of(message)


# Messages


def kit(content: FrozenContent, name: str = "Robin Doe", minutes: int = 60, **changes: Any) -> Kit:
    made = whole(content, 1, name, minutes)
    item = replace(made.interviews[0], **changes)
    return Kit(replace(made, interviews=(item,)), item, content)


def said(kit: Kit, how: ClosingKind, *, has_begun: bool = True, **changes: Any) -> Kit:
    """The kit once the interviewer has said this."""
    receiver = "USAM" if how is ClosingKind.REASSIGNED else None
    item = replace(kit.interview, **changes)
    closing = Closing("T1", item.id, 1, how, item.interviewer, NOW, receiver)
    return replace(kit, interview=item, closing=closing, has_begun=has_begun)


def messages(content: FrozenContent, name: str) -> list[object]:
    it = kit(content, name)
    made, item = whole(content, MOST_INTERVIEWS, name), it.interview
    at, other = item.starts_at, MONDAY - timedelta(days=1)
    off = replace(item, cancelled_at=NOW)
    away = replace(item, declined_at=NOW)
    successor = replace(item, id=hexed(7), replaces=item.id)
    replaced = replace(it.panel, interviews=(off, successor))
    return [
        it,
        *(kit(content, name, minutes) for minutes in (15, 30, 45, 90, 240)),
        kit(content, name, focus=content.ids[:1]),
        kit(content, name, declined_at=NOW),
        *(
            said(kit(content, name, minutes), how)
            for minutes in (15, 60, 240)
            for how in ClosingKind
        ),
        *(said(it, how, declined_at=NOW) for how in ClosingKind),
        kit(content, name, cancelled_at=NOW),
        Kit(replaced, off, content),
        *(Soon(it.panel, one, content, when) for one in (item, off, away) for when in (at, other)),
        *(
            Declined(where, one, content, when)
            for where in (it.panel, replaced, made.cancelled(NOW))
            for one in (item, off, away)
            for when in (at, other)
        ),
        Summary(made, content),
        Summary(made.cancelled(NOW), content),
        Undelivered(made, "UALEX", "panel.kit", "user_disabled"),
        Undelivered(made, "CPRIVATE", "panel.summary", "not_in_channel"),
        Undelivered(made, "UALEX", "panel.kit", None),
        Undelivered(made, "UPRIYA", "panel.appointed", "user_disabled"),
        Unshown(),
        *(
            Appointed(made, part, "UPRIYA", holder, giver)
            for part in HOLDERS
            for holder in ("UPRIYA", "UMANAGER")
            for giver in ("UPRIYA", "U1")
        ),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_message_fits_and_its_text_names_no_candidate(
    content: FrozenContent, name: str
) -> None:
    for model in messages(content, name):
        text, blocks = VIEWS[type(model)](model)
        assert faults("message", {"text": text, "blocks": blocks}) == [], model
        assert name not in text
        assert name.split()[0] not in text
        assert text


def test_a_candidates_name_pings_nobody(content: FrozenContent) -> None:
    for model in messages(content, EVIL):
        _, blocks = VIEWS[type(model)](model)
        assert "'mrkdwn', 'text': '<!channel>" not in str(blocks)
        for block in blocks:
            for part in (block.get("text"), *block.get("elements", [])):
                if isinstance(part, dict) and part.get("type") == "mrkdwn":
                    assert EVIL not in part["text"]


def test_every_kind_of_message_has_a_view() -> None:
    assert set(VIEWS) >= {Kit, Soon, Declined, Summary, Unshown, Appointed, Undelivered}


def test_whoever_has_been_given_a_part_reads_by_whom_and_what_for(content: FrozenContent) -> None:
    made = whole(content, 1, "Robin Doe")
    text, blocks = VIEWS[Appointed](
        Appointed(made, PanelField.HIRING_MANAGER, "UPRIYA", "UPRIYA", "U1")
    )
    assert text == "You are the hiring manager now: Backend Developer"
    said = text_of({"blocks": blocks[:1]}).replace("\n", "")
    assert said == " has made you the hiring manager for Robin Doe, Backend Developer."
    assert labels(blocks) == ["Open panel", "Read feedback"]


def test_whoever_had_it_reads_who_has_it_and_has_no_way_to_feedback(
    content: FrozenContent,
) -> None:
    made = whole(content, 1, "Robin Doe")
    text, blocks = VIEWS[Appointed](
        Appointed(made, PanelField.RECRUITER, "U1", "UPRIYA", "UMANAGER")
    )
    assert text == "Somebody else is the recruiter now: Backend Developer"
    said = text_of({"blocks": blocks}).replace("\n", "")
    assert said == " is now the recruiter for Robin Doe, Backend Developer."
    assert labels(blocks) == []
    assert "UPRIYA" in str(blocks)


def test_a_channel_that_shows_a_panel_no_more_names_nothing_of_it() -> None:
    text, blocks = VIEWS[Unshown](Unshown())
    assert text_of({"blocks": blocks}) == text == "This panel is no longer shown here."


def test_a_short_interview_has_everything_in_its_kit(content: FrozenContent) -> None:
    it = kit(content, minutes=15, focus=content.ids[:1])
    (assigned,) = content.with_questions([it.interview], None)
    it = Kit(replace(it.panel, interviews=(assigned,)), assigned, content)
    _, blocks = VIEWS[Kit](it)
    shown = text_of({"blocks": blocks})
    for question in content.questions(assigned.questions):
        assert question.question in shown
        assert question.rubric.outstanding in shown
    assert "Show questions" not in shown


def test_a_long_one_has_its_questions_in_the_kit_and_the_rubrics_on_a_press(
    content: FrozenContent,
) -> None:
    it = kit(content, minutes=120)
    _, blocks = VIEWS[Kit](it)
    shown = text_of({"blocks": blocks})
    assert "Show questions" in shown
    pressed = "\n".join(map(text_of, questions(it)))
    assert len(questions(it)) <= 5
    for question in content.questions(it.interview.questions):
        assert question.question in shown
        assert question.rubric.poor in pressed
    for message in questions(it):
        assert fits(message)


def labels(blocks: list[dict[str, Any]]) -> list[str]:
    return [element["text"]["text"] for element in elements({"blocks": blocks}, "button")]


BEFORE = ["Add to calendar", "I can't make it"]


@pytest.mark.parametrize(
    ("how", "words", "label"),
    [
        (ClosingKind.SCORECARD, "Your scorecard is in.", "Edit your scorecard"),
        (ClosingKind.DID_NOT_INTERVIEW, "that you did not interview.", "Give feedback after all"),
        (ClosingKind.NO_SHOW, "that the candidate did not show.", "Give feedback after all"),
        (ClosingKind.REASSIGNED, "You have handed the scorecard over to", None),
    ],
)
def test_a_kit_says_what_became_of_its_scorecard(
    content: FrozenContent, how: ClosingKind, words: str, label: str | None
) -> None:
    it = kit(content)
    _, blocks = VIEWS[Kit](said(it, how))
    assert words in text_of({"blocks": blocks})
    assert ("USAM" in str(blocks)) == (how is ClosingKind.REASSIGNED)
    assert labels(blocks) == ["Show questions", *([label] if label else []), "Job description"]
    _, early = VIEWS[Kit](said(it, how, has_begun=False))
    assert labels(early)[-2:] == BEFORE, "it can still be missed"
    _, begun = VIEWS[Kit](replace(it, has_begun=True))
    assert labels(begun) == ["Show questions", "Give feedback", "Job description"]
    _, over = VIEWS[Kit](replace(it, has_begun=True, is_over=True))
    assert labels(over) == ["Give feedback", "Show questions", "Job description"]


def test_whoever_could_not_make_it_and_did_all_the_same_has_their_kit(
    content: FrozenContent,
) -> None:
    it = kit(content, declined_at=NOW)
    for how in ClosingKind:
        _, blocks = VIEWS[Kit](said(it, how, declined_at=NOW))
        made_it = how is ClosingKind.SCORECARD
        assert ("I can make it after all" in labels(blocks)) is not made_it
        assert ("You can't make it" in text_of({"blocks": blocks})) is not made_it
        assert ("Edit your scorecard" in labels(blocks)) is made_it


def test_the_longest_interview_has_its_questions_in_five_answers(content: FrozenContent) -> None:
    assert len(questions(kit(content, minutes=240))) <= 5

"""Panels as people see them: within Slack's limits, safe whatever the names, readable."""

import re
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
from bot.domain.openings.opening import Opening
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.details import HOLDERS
from bot.domain.panels.draft import PanelDraft, Slot
from bot.domain.panels.fields import PanelField
from bot.domain.panels.panel import LONGEST_PLACE, MOST_INTERVIEWS, Panel
from bot.domain.panels.warnings import TimeWarning, WarningKind
from bot.domain.people import Person
from bot.domain.questions.interview import CLOSING, OPENING, RATING_RULE
from bot.domain.questions.question import Level, Rating
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
from handlers.views.common import MOST_CHARACTERS, cut, role_options, size_of
from handlers.views.jd import description
from handlers.views.messages import VIEWS
from handlers.views.panels import listing as lists
from handlers.views.panels import panel as views
from handlers.views.panels import questions as modals
from handlers.views.panels.setup import SetupToken, SlotToken, form, warnings_in
from handlers.views.panels.times import check_first, digest_of
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
    view = form(shown, roles, check_first(warnings_in(shown), "Set up") if shown.warnings else ())
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
        seen |= set(re.findall(r"<@(\w+)>", text_of(message)))
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
    assert "was canceled" in text_of(message)


@pytest.mark.parametrize("name", NAMES)
def test_lists_fit_and_open_what_they_name(content: FrozenContent, name: str) -> None:
    panels = [replace(whole(content, 2, name), id=hexed(n)) for n in range(20)]
    listing = PanelList(panels, ORGANIZER, NOW)
    for message in (lists.listing(listing, "/panel"), lists.several(listing, name)):
        assert fits(message)
        (menu,) = elements(message, "static_select")
        opened = [views.PanelToken.load(one["value"]).panel for one in menu["options"]]
        assert opened == [one.id for one in panels]
        assert bold_in(message).count(cut(name, lists.MOST_OF_A_NAME)) == 20
    one = lists.listing(replace(listing, panels=panels[:1]), "/panel")
    assert [it["text"]["text"] for it in elements(one, "button")] == ["Open panel"]
    assert fits(lists.listing(PanelList([], ORGANIZER, NOW), "/panel"))


def bold_in(message: dict[str, Any]) -> list[str]:
    """Every text that stands out in a message's lines."""
    return [
        part["text"]
        for block in message["blocks"]
        if block["type"] == "rich_text"
        for element in block["elements"]
        for section in element["elements"]
        for part in section.get("elements", [section])
        if part.get("style", {}).get("bold")
    ]


def test_a_list_says_when_the_reader_interviews_and_what_they_organize(
    content: FrozenContent,
) -> None:
    mine = replace(interview("UALEX", "debugging"), id=hexed(1))
    other = interview("USAM", "debugging", starts_at=MONDAY + timedelta(hours=2))
    both = replace(panel(mine, other), id=hexed(9), recruiter="UALEX")
    shown = text_of(lists.listing(PanelList([both], MEMBER, NOW), "/panel"))
    assert "You interview Mon, Nov 30, 10:00 AM\n" in shown, "by their own clock"
    assert "You organize · Next on Mon, Nov 30\n" in shown
    late = PanelList([both], MEMBER, MONDAY + timedelta(days=1))
    assert "🟡 Due since Mon, Nov 30" in text_of(lists.listing(late, "/panel"))
    assert "You organize · Last on" in text_of(lists.listing(late, "/panel"))
    closing = Closing("T1", hexed(1), 1, ClosingKind.SCORECARD, "UALEX", NOW)
    submitted = replace(late, closings={hexed(1): [closing]})
    assert "✅ Submitted · Mon, Nov 30" in text_of(lists.listing(submitted, "/panel"))


SCORECARD, NO_SHOW = ClosingKind.SCORECARD, ClosingKind.NO_SHOW
AFTER = timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "how", "after", "words"),
    [
        ({}, None, timedelta(days=-1), "⚪ Planned"),
        ({}, None, timedelta(hours=-1), "🟡 Today"),
        ({}, None, timedelta(minutes=10), "🟡 Today"),
        ({}, None, AFTER, "🟡 Due since Mon, Nov 30, 10:45 AM"),
        ({}, SCORECARD, AFTER, "✅ Submitted"),
        ({"closed_at": NOW}, NO_SHOW, AFTER, "⚪ No-show"),
        ({"closed_at": NOW}, ClosingKind.DID_NOT_INTERVIEW, AFTER, "⚪ Closed without a scorecard"),
        (
            {},
            ClosingKind.REASSIGNED,
            AFTER,
            "🟡 Due since Mon, Nov 30, 10:45 AM, reassigned to <@USAM>",
        ),
        ({"declined_at": NOW}, None, AFTER, "🚫 Can't make it"),
        ({"declined_at": NOW}, SCORECARD, AFTER, "✅ Submitted"),
    ],
)
def test_a_panel_says_of_each_interview_how_far_it_is(
    content: FrozenContent,
    changes: dict[str, Any],
    how: ClosingKind | None,
    after: timedelta,
    words: str,
) -> None:
    item = replace(interview("UALEX", "debugging"), id=hexed(1), **changes)
    receiver = "USAM" if how is ClosingKind.REASSIGNED else None
    closings = [Closing("T1", hexed(1), 1, how, "UALEX", NOW, receiver)] if how else []
    it = PanelOverview(
        replace(panel(item), id=hexed(9)),
        content,
        MEMBER,
        MONDAY + after,
        closings={hexed(1): closings},
    )
    said = text_of(views.overview(it))
    shown = re.sub(r"<!date\^\d+\^\{time\}\|([^>]*)>", r"\1", said)
    assert shown != said, "the time is by the reader's clock, of 12 or 24 hours"
    assert f"<@UALEX> · {words}\n" in shown
    assert ("Mon, Nov 30, 10:00 AM to 10:45 AM" in shown) is ("Due since" not in words)


def test_each_interview_has_one_menu_for_whoever_may_change_it(content: FrozenContent) -> None:
    made = whole(content, 3, "Robin Doe")
    message = views.overview(sheet(content, made))
    menus = elements(message, "overflow")
    assert len(menus) == 3
    for menu, item in zip(menus, made.on, strict=True):
        labels = [one["text"]["text"] for one in menu["options"]]
        assert labels == ["Reschedule", "Replace", "Cancel interview"]
        assert views.EditToken.load(menu["block_id"]).interview == item.id
    assert [one["text"]["text"] for one in elements(message, "button")] == [
        "Add interviewer",
        "Edit details",
        "Cancel panel",
    ]


@pytest.mark.parametrize("name", ["", EVIL, "x" * 3000])
def test_an_unknown_name_is_shown_as_typed_and_shortened(name: str) -> None:
    message = lists.unknown(name, "/panel")
    assert fits(message)
    assert len(text_of(message)) < 300


@pytest.mark.parametrize("name", NAMES)
def test_what_has_been_done_is_a_modal_with_what_to_know(content: FrozenContent, name: str) -> None:
    made = whole(content, MOST_INTERVIEWS, name)
    past = PanelOverview(made, content, ORGANIZER, MONDAY + timedelta(days=9))
    view = views.confirmation(past, "Interviewer replaced")
    assert faults("modal", view) == []
    assert "Already took place" in text_of(view)


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


@pytest.mark.parametrize(
    ("recipient", "kind", "told"),
    [
        ("UALEX", "panel.kit", "Check whether their account is still active"),
        ("CPRIVATE", "panel.summary", "Type /invite @Panelist there"),
    ],
)
def test_a_conversation_that_slack_does_not_find_is_a_persons_or_a_channel(
    content: FrozenContent, recipient: str, kind: str, told: str
) -> None:
    model = Undelivered(kit(content, "Ana").panel, recipient, kind, "channel_not_found")
    _, blocks = VIEWS[Undelivered](model)
    assert told in str(blocks)
    assert ("/invite" in str(blocks)) == (kind == "panel.summary")


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
    assert said == " made you the hiring manager for Robin Doe (Backend Developer)."
    assert labels(blocks) == ["Open panel", "Read feedback"]


def test_whoever_had_it_reads_who_has_it_and_has_no_way_to_feedback(
    content: FrozenContent,
) -> None:
    made = whole(content, 1, "Robin Doe")
    text, blocks = VIEWS[Appointed](
        Appointed(made, PanelField.RECRUITER, "U1", "UPRIYA", "UMANAGER")
    )
    assert text == "Someone else is the recruiter now: Backend Developer"
    said = text_of({"blocks": blocks}).replace("\n", "")
    assert said == " is now the recruiter for Robin Doe (Backend Developer)."
    assert labels(blocks) == []
    assert "UPRIYA" in str(blocks)


def test_a_channel_that_shows_a_panel_no_more_names_nothing_of_it() -> None:
    text, blocks = VIEWS[Unshown](Unshown())
    assert text_of({"blocks": blocks}) == text == "This panel is no longer shown here."


@pytest.mark.parametrize("minutes", [15, 45, 240])
def test_a_kit_is_a_few_lines_and_everything_else_is_in_modals(
    content: FrozenContent, minutes: int
) -> None:
    it = kit(content, minutes=minutes)
    _, blocks = VIEWS[Kit](it)
    assert [block["type"] for block in blocks] == ["header", "rich_text", "context", "actions"]
    found, shown = content.questions(it.interview.questions), text_of({"blocks": blocks})
    assert not any(question.question in shown for question in found)
    asked, first = "", 0
    while True:
        view = modals.questions(it, first)
        assert faults("modal", view) == []
        asked += text_of(view)
        later = [e for e in elements(view, "button") if e["text"]["text"] == "Later questions"]
        if not later:
            break
        first = modals.QuestionsToken.load(later[0]["value"]).first
    for question in found:
        assert question.question in asked
        assert all(probe in asked for probe in question.probes)
        if question.exhibit is not None:
            assert question.exhibit.title in asked
            assert question.exhibit.lines in asked
        assert question.rubric.poor not in asked, "that is for one's own eyes, a press away"
    assert OPENING in asked
    assert CLOSING in asked


def test_more_questions_than_a_modal_holds_are_shown_by_the_page(content: FrozenContent) -> None:
    every = tuple(q.id for q in content.bank(content.ids).questions)
    it = kit(content, minutes=240, questions=every)
    pages = [modals.questions(it, first) for first in range(0, len(every), modals.MOST_ON_PAGE)]
    assert len(pages) > 2
    for view in pages:
        assert faults("modal", view) == []
    buttons = [[e["text"]["text"] for e in elements(view, "button")] for view in pages]
    assert "Earlier questions" not in buttons[0]
    assert {"Earlier questions", "Later questions"} <= set(buttons[1])
    assert "Later questions" not in buttons[-1]


def test_what_good_looks_like_has_all_that_an_answer_is_rated_by(content: FrozenContent) -> None:
    it = kit(content, minutes=240)
    for question in content.questions(it.interview.questions):
        view = modals.rubric(it, question)
        assert faults("modal", view) == []
        shown = text_of(view)
        for rating in Rating:
            assert question.rubric[rating] in shown
            assert question.deciding(rating) in shown
        assert all(flag in shown for flag in question.red_flags)
        assert question.why in shown
        assert RATING_RULE in shown


def test_what_to_rate_and_what_colleagues_cover_is_a_press_away(content: FrozenContent) -> None:
    made = whole(content, 2, "Robin Doe")
    item, other = made.interviews
    it = Kit(made, item, content)
    rate = modals.ratings(it)
    assert faults("modal", rate) == []
    for id in item.focus:
        assert content.competency(id).name in text_of(rate)
        assert content.competency(id).ratings[Rating.SOLID].long in text_of(rate)
    shown = modals.questions(it)
    assert "What the others cover" in text_of(shown)
    assert other.interviewer in str(shown)
    assert ", ".join(content.names(other.focus)) in text_of(shown)


def labels(blocks: list[dict[str, Any]]) -> list[str]:
    return [element["text"]["text"] for element in elements({"blocks": blocks}, "button")]


BEFORE = ["Add to calendar", "Job description", "I can't make it"]


def menu_of(blocks: list[dict[str, Any]]) -> list[str]:
    menus = elements({"blocks": blocks}, "overflow")
    return [option["text"]["text"] for menu in menus for option in menu["options"]]


def primary_of(blocks: list[dict[str, Any]]) -> list[str]:
    shown = elements({"blocks": blocks}, "button")
    return [one["text"]["text"] for one in shown if one.get("style") == "primary"]


def test_a_kit_leads_to_the_questions_first_and_once_it_is_over_to_the_scorecard(
    content: FrozenContent,
) -> None:
    it = kit(content)
    _, before = VIEWS[Kit](it)
    assert text_of({"blocks": before}).startswith("Interview with Robin Doe\n")
    assert labels(before) == ["Questions", "Write scorecard"]
    assert primary_of(before) == ["Questions"]
    assert menu_of(before) == BEFORE
    _, during = VIEWS[Kit](replace(it, has_begun=True))
    assert (labels(during), menu_of(during)) == (["Questions", "Write scorecard"], [])
    text, after = VIEWS[Kit](replace(it, has_begun=True, is_over=True))
    assert text == "Your scorecard is due: Backend Developer"
    assert text_of({"blocks": after}).startswith("Scorecard due · Robin Doe\n")
    assert labels(after) == ["Write scorecard", "Questions"]
    assert (primary_of(after), menu_of(after)) == (["Write scorecard"], [])


@pytest.mark.parametrize(
    ("how", "words", "label"),
    [
        (ClosingKind.SCORECARD, "Scorecard submitted · Robin Doe", "Edit scorecard"),
        (
            ClosingKind.DID_NOT_INTERVIEW,
            "You said you didn't interview.",
            "Write scorecard anyway",
        ),
        (ClosingKind.NO_SHOW, "You said the candidate didn't show up.", "Write scorecard anyway"),
        (ClosingKind.REASSIGNED, "You reassigned the scorecard to", None),
    ],
)
def test_a_kit_says_what_became_of_its_scorecard(
    content: FrozenContent, how: ClosingKind, words: str, label: str | None
) -> None:
    it = replace(kit(content), is_over=True)
    _, blocks = VIEWS[Kit](said(it, how))
    assert words in text_of({"blocks": blocks})
    assert ("USAM" in str(blocks)) == (how is ClosingKind.REASSIGNED)
    assert labels(blocks) == ["Questions", *([label] if label else [])]
    assert primary_of(blocks) == [], "nothing is to be done"
    _, early = VIEWS[Kit](said(replace(it, is_over=False), how, has_begun=False))
    assert menu_of(early) == BEFORE, "it can still be missed"


def test_whoever_could_not_make_it_and_did_all_the_same_has_their_kit(
    content: FrozenContent,
) -> None:
    it = kit(content, declined_at=NOW)
    for how in ClosingKind:
        _, blocks = VIEWS[Kit](said(it, how, declined_at=NOW))
        made_it = how is ClosingKind.SCORECARD
        assert ("I can make it after all" in labels(blocks)) is not made_it
        assert ("You can't make it" in text_of({"blocks": blocks})) is not made_it
        assert ("Edit scorecard" in labels(blocks)) is made_it


def test_every_role_can_be_read_beside_the_questions(library: Library) -> None:
    for role in library.roles:
        assert faults("modal", modals.posting(description(role))) == [], role.slug

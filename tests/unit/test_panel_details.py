"""A panel's details: what of them differs, who may give which part to whom, and their modal."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from bot.domain.audit import AuditEntry
from bot.domain.candidates import LONGEST_EMAIL, LONGEST_LINK, Candidate
from bot.domain.panels.details import (
    HOLDERS,
    Details,
    check_not_to_oneself,
    details,
    different,
    given,
    holder,
    merged,
)
from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.library.catalogue import Library
from bot.playground.rules.limits import faults
from bot.services.overview import PanelOverview
from handlers.panels.changes import ChangeForm
from handlers.payloads import view_of
from handlers.views.panels import panel as views
from handlers.views.panels.details import SUBMIT, details_form, entered, filled_in
from tests.support.panelist import text_of
from tests.support.panels import NOW, frozen, interview, panel
from tests.unit.test_panel_views import NAMES, ORGANIZER, hexed, whole

SETS_UP, MANAGER, RECRUITER, ADMIN, PRIYA = "U1", "UMANAGER", "URECRUITER", "UADMIN", "UPRIYA"
PEOPLE = (SETS_UP, MANAGER, RECRUITER, ADMIN, PRIYA)
BEFORE = Details("Robin Doe", None, None, MANAGER, RECRUITER, None)
FULL = Details("Robin Doe", "robin@example.com", "https://a.example", MANAGER, RECRUITER, "C1")


# What differs


@pytest.mark.parametrize("name", list(vars(FULL)))
def test_a_field_that_differs_is_named_and_no_other(name: str) -> None:
    after = replace(FULL, **{name: "another"})
    assert different(FULL, after) == (name,)
    assert given(FULL, after) == ((PanelField(name),) if name in HOLDERS else ())


def test_other_details_are_the_next_revision_with_the_same_interviews() -> None:
    before = panel(interview("UALEX"), interview("USAM"))
    robin = Candidate("p1", "Robyn Doe", "robyn@example.com", None)
    after = before.with_details(robin, "UPRIYA", "UMEMBER", "C1")
    assert details(after) == Details(
        "Robyn Doe", "robyn@example.com", None, "UPRIYA", "UMEMBER", "C1"
    )
    assert after.revision == before.revision + 1
    assert after.interviews == before.interviews


def test_the_same_details_are_the_same_revision() -> None:
    before = panel(interview("UALEX"))
    same = before.with_details(before.candidate, "UMANAGER", "U1", None)
    assert same == before


def test_a_cancelled_panel_keeps_its_details() -> None:
    gone = panel(interview("UALEX")).cancelled(NOW)
    with pytest.raises(InvalidPanel, match="was canceled"):
        gone.with_details(gone.candidate, "UPRIYA", "U1", None)


# Who may give which part to whom


@pytest.mark.parametrize(
    ("user", "after", "refused"),
    [
        (ADMIN, {"hiring_manager": ADMIN}, PanelField.HIRING_MANAGER),
        (ADMIN, {"recruiter": ADMIN}, PanelField.RECRUITER),
        (ADMIN, {"hiring_manager": PRIYA, "recruiter": ADMIN}, PanelField.RECRUITER),
        (SETS_UP, {"hiring_manager": SETS_UP}, PanelField.HIRING_MANAGER),
        (ADMIN, {"hiring_manager": PRIYA}, None),
        (SETS_UP, {"recruiter": PRIYA}, None),
        (ADMIN, {"name": "Robyn Doe"}, None),
        (RECRUITER, {"hiring_manager": RECRUITER}, None),
        (MANAGER, {"hiring_manager": PRIYA, "recruiter": MANAGER}, None),
        (MANAGER, {"hiring_manager": RECRUITER, "recruiter": MANAGER}, None),
    ],
)
def test_only_who_reads_feedback_already_takes_a_part_for_themselves(
    user: str, after: dict[str, str], refused: PanelField | None
) -> None:
    wanted = replace(BEFORE, **after)
    if refused is None:
        check_not_to_oneself(BEFORE, wanted, user)
        return
    with pytest.raises(InvalidPanel, match="to yourself") as caught:
        check_not_to_oneself(BEFORE, wanted, user)
    assert caught.value.part is refused


@pytest.mark.parametrize("user", PEOPLE)
def test_nobody_comes_to_read_feedback_by_what_they_do_themselves(user: str) -> None:
    """Whatever a panel is, and whatever is asked for."""
    for was_manager, was_recruiter, manager, recruiter in product(PEOPLE, repeat=4):
        before = replace(BEFORE, hiring_manager=was_manager, recruiter=was_recruiter)
        after = replace(BEFORE, hiring_manager=manager, recruiter=recruiter)
        if user in (manager, recruiter) and user not in (was_manager, was_recruiter):
            with pytest.raises(InvalidPanel) as caught:
                check_not_to_oneself(before, after, user)
            assert holder(after, caught.value.part) == user
        else:
            check_not_to_oneself(before, after, user)


# Two who edit at once

FIELD = st.sampled_from(["a", "b", "c"])
DETAILS = st.builds(Details, FIELD, FIELD, FIELD, FIELD, FIELD, FIELD)


@drawn(seen=DETAILS, entered=DETAILS, now=DETAILS)
def test_what_was_entered_stays_and_what_was_left_alone_is_as_it_is_now(
    seen: Details, entered: Details, now: Details
) -> None:
    found = merged(seen, entered, now)
    touched = different(seen, entered)
    for name in vars(seen):
        assert getattr(found, name) == getattr(entered if name in touched else now, name)


# The modal

LONGEST = Details(
    name="n",
    email="e" * (LONGEST_EMAIL - 12) + "@example.com",
    link="https://example.com/" + "\\" * (LONGEST_LINK - 20),
    hiring_manager="W" * 20,
    recruiter="U" * 20,
    channel="C" * 20,
)
URL = "https://hooks.slack.com/actions/T00000000/1234567890123/" + "x" * 40


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [BEFORE, LONGEST], ids=["bare", "longest"])
def test_the_modal_holds_what_is_whatever_the_name(name: str, value: Details) -> None:
    wanted = replace(value, name=name)
    token = ChangeForm(panel=hexed(1), revision=3, url=URL)
    view = details_form(wanted, token, 3)
    assert faults("modal", view) == []
    assert ChangeForm.load(view["private_metadata"]) == token
    assert filled_in(view_of({"id": "V1"} | view), 3) == wanted


def test_what_stood_in_the_modal_is_known_though_slack_has_escaped_it() -> None:
    view = details_form(FULL, ChangeForm(panel=hexed(1), revision=1), 1)
    view["blocks"][0]["element"]["initial_value"] = "Robin &amp; Doe"
    for stands, stood in (
        ("Robin & Doe", "Robin & Doe"),
        ("Robin &amp; Doe", "Robin &amp; Doe"),
        ("Robyn & Doe", "Robin &amp; Doe"),
    ):
        values = {"panel.name.1": {"panel.name": {"value": stands}}}
        shown = view_of({"id": "V1", "state": {"values": values}} | view)
        assert filled_in(shown, 1) == replace(FULL, name=stood)


def test_an_empty_form_is_read_without_a_fault() -> None:
    nothing = view_of({"id": "V1", "blocks": [{"type": "divider"}]})
    empty = Details("", None, None, "", "", None)
    assert (entered(nothing, 1), filled_in(nothing, 1)) == (empty, empty)


@pytest.mark.parametrize("name", NAMES)
def test_the_second_editor_sees_what_the_first_did_above_the_form(
    library: Library, name: str
) -> None:
    content = frozen(library)
    made = whole(content, 3, name)
    fields = ("hiring_manager", "name")
    entries = [
        AuditEntry("e", "T1", NOW, "UMANAGER", "panel.details", made.id, 2, None, fields)
        for _ in range(10)
    ]
    now = views.facts(made, contact=True)
    notes = views.in_the_meantime(
        PanelOverview(made, content, ORGANIZER, NOW), entries, now, SUBMIT
    )
    view = details_form(details(made), ChangeForm(panel=hexed(1), revision=2), 2, notes)
    assert faults("modal", view) == []
    shown = text_of(view)
    assert "changed the details\n: hiring manager, name" in shown.replace(
        "details: ", "details\n: "
    )
    assert "Click Save to go ahead anyway." in shown

"""What people choose and type, as it stands in `state.values`, and what is held against it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.link.typed import as_sent
from bot.playground.server import TEMPLATES
from bot.playground.state.cast import read
from bot.playground.state.elements import chosen, complaints, initial_values, with_ids
from bot.playground.state.models import Json, View

NORTHWIND = read(TEMPLATES / "cast.toml")
OPTIONS = [{"text": {"type": "plain_text", "text": value}, "value": value} for value in "abc"]
A, B = OPTIONS[0], OPTIONS[1]


@pytest.mark.parametrize(
    ("element", "raw", "key", "value"),
    [
        ({"type": "plain_text_input"}, "typed", "value", "typed"),
        ({"type": "plain_text_input"}, "", "value", None),
        ({"type": "static_select", "options": OPTIONS}, "b", "selected_option", B),
        ({"type": "static_select", "option_groups": [{"options": OPTIONS}]}, "b",
         "selected_option", B),
        ({"type": "radio_buttons", "options": OPTIONS}, None, "selected_option", None),
        ({"type": "checkboxes", "options": OPTIONS}, ["a", "b"], "selected_options", [A, B]),
        ({"type": "multi_users_select"}, ["U1", "U2"], "selected_users", ["U1", "U2"]),
        ({"type": "multi_users_select"}, [], "selected_users", []),
        ({"type": "users_select"}, "U1", "selected_user", "U1"),
        ({"type": "datepicker"}, "2026-01-31", "selected_date", "2026-01-31"),
        ({"type": "datetimepicker"}, "1700000000", "selected_date_time", 1_700_000_000),
    ],
)  # fmt: skip
def test_a_choice_as_slack_writes_it(element: Json, raw: Any, key: str, value: Any) -> None:
    assert chosen(element, raw) == {"type": element["type"], key: value}


def test_what_is_not_offered_cannot_be_chosen() -> None:
    with pytest.raises(ValueError, match="not an option"):
        chosen({"type": "static_select", "options": OPTIONS}, "z")


def test_a_fresh_form_holds_the_initial_values() -> None:
    blocks = with_ids(
        [
            {"type": "input", "element": {"type": "plain_text_input", "initial_value": "x"}},
            {"type": "section", "accessory": {"type": "static_select", "options": OPTIONS,
                                              "initial_option": B}},
            {"type": "actions", "elements": [{"type": "button"}, {"type": "checkboxes",
                                              "options": OPTIONS}]},
            {"type": "input", "element": {"type": "multi_conversations_select",
                                          "default_to_current_conversation": True}},
        ]
    )  # fmt: skip
    states = [
        state
        for actions in initial_values(blocks, "C1").values()
        for state in actions.values()
    ]  # fmt: skip
    assert states == [
        {"type": "plain_text_input", "value": "x"},
        {"type": "static_select", "selected_option": B},
        {"type": "checkboxes", "selected_options": []},
        {"type": "multi_conversations_select", "selected_conversations": ["C1"]},
    ]


@pytest.mark.parametrize(
    ("element", "raw", "complaint"),
    [
        ({"type": "plain_text_input"}, "", "Please complete this required field."),
        ({"type": "plain_text_input", "min_length": 3}, "ab",
         "Please enter at least 3 characters."),
        ({"type": "plain_text_input", "max_length": 3}, "abcd",
         "Please enter at most 3 characters."),
        ({"type": "email_text_input"}, "nobody", "Please enter a valid email address."),
        ({"type": "url_text_input"}, "nowhere",
         "Please enter a valid URL, such as https://slack.com."),
        ({"type": "number_input", "is_decimal_allowed": False}, "abc", "Please enter a number."),
        ({"type": "number_input", "is_decimal_allowed": True}, "NaN", "Please enter a number."),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5",
         "Please enter a whole number."),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "2"}, "1",
         "Please enter a number that is at least 2."),
        ({"type": "number_input", "is_decimal_allowed": False, "max_value": "2"}, "3",
         "Please enter a number that is at most 2."),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["U1", "U2"],
         "Please choose at most 1."),
        ({"type": "plain_text_input"}, "fine", None),
        ({"type": "number_input", "is_decimal_allowed": True, "min_value": "0"}, "0.5", None),
    ],
)  # fmt: skip
def test_slacks_own_client_checks_a_form(element: Json, raw: Any, complaint: str | None) -> None:
    element = {**element, "action_id": "a"}
    block = {"type": "input", "block_id": "b", "element": element}
    values = {"b": {"a": chosen(element, raw)}}
    view = View("V1", "U1", {"type": "modal", "blocks": [block]}, "h", "V1", values=values)
    assert complaints(view).get("b") == complaint
    optional = {"type": "modal", "blocks": [{**block, "optional": True}]}
    empty = View("V1", "U1", optional, "h", "V1", values={"b": {"a": chosen(element, None)}})
    assert complaints(empty) == {}


def test_missing_ids_are_given_and_present_ones_kept() -> None:
    blocks = with_ids(
        [
            {"type": "section", "block_id": "mine", "accessory": {"type": "button"}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}]},
        ]
    )
    assert blocks[0]["block_id"] == "mine"
    assert blocks[0]["accessory"]["action_id"]
    assert blocks[1]["block_id"]
    assert "action_id" not in blocks[1]["elements"][0]


def sent(text: str, *, named: bool = False) -> str:
    people = {user.id: user for user in NORTHWIND.people}
    channels = {channel.id: channel for channel in NORTHWIND.channels}
    return as_sent(text, people, channels, named=named)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("plain", "plain"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("@alex and @Sam Rivera!", "<@U0ALEX> and <@U0SAM>!"),
        ("mail@alex.example @alexander", "mail@alex.example @alexander"),
        ("<@U0ALEX> <@U0NOBODY>", "<@U0ALEX> &lt;@U0NOBODY&gt;"),
        ("#hiring-private, #hiring", "<#C0PRIVATE|hiring-private>, <#C0HIRING|hiring>"),
        ("@channel", "<!channel>"),
        ("see https://x.example/?a=1&b=2", "see <https://x.example/?a=1&amp;b=2>"),
    ],
)
def test_what_is_typed_as_slack_sends_it(typed: str, expected: str) -> None:
    assert sent(typed) == expected


@given(st.text())
def test_no_markup_gets_through_unless_it_names_somebody(text: str) -> None:
    shown = sent(text)
    assert shown.count("<") == shown.count(">")
    assert "<script" not in shown

"""What Slack refuses, `faults` refuses in Slack's words and with the place; the rest it takes."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.rules.limits import Surface, characters, faults

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "hello", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action: str = "go", **more: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": action, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def options(count: int) -> list[Json]:
    return [{"text": plain(f"Option {n}"), "value": str(n)} for n in range(count)]


def static_select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": options(2), **more}


def text_input(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "typed", **more}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def message(*blocks: Json) -> Json:
    return {"text": "fallback", "blocks": list(blocks)}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "title": plain("Title"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **more,
    }


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks)}


def cell(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def rich_text(*elements: Json) -> Json:
    part = {"type": "rich_text_section", "elements": list(elements)}
    return {"type": "rich_text", "elements": [part]}


CONFIRM = {
    "title": plain("Sure?"),
    "text": plain("Really?"),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}

SECTION_ELEMENTS = [
    button(url="https://example.com", value="v", style="primary", confirm=CONFIRM),
    static_select(initial_option=options(2)[1], placeholder=plain("Pick")),
    {"type": "static_select", "option_groups": [{"label": plain("All"), "options": options(100)}]},
    {"type": "external_select", "min_query_length": 0},
    {"type": "users_select", "initial_user": "U0ALEX"},
    {"type": "conversations_select", "filter": {"include": ["im"]}},
    {"type": "channels_select", "initial_channel": "C0HIRING"},
    {"type": "multi_static_select", "options": options(3), "max_selected_items": 2},
    {"type": "multi_users_select", "initial_users": ["U0ALEX", "U0SAM"]},
    {"type": "datepicker", "initial_date": "2026-01-31"},
    {"type": "timepicker", "initial_time": "09:30", "timezone": "Europe/Berlin"},
    {"type": "radio_buttons", "options": options(10), "initial_option": options(10)[9]},
    {"type": "checkboxes", "options": [{"text": mrkdwn("*a*"), "value": "a"}]},
    {"type": "overflow", "options": options(5)},
    {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"},
]


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
@pytest.mark.parametrize("element", SECTION_ELEMENTS, ids=lambda element: element["type"])
def test_takes_every_element_in_a_section_of_every_surface(surface: Surface, element: Json) -> None:
    assert faults(surface, on(surface, section(accessory=element))) == []


def on(surface: Surface, *blocks: Json) -> Json:
    return {"message": message, "modal": modal, "home": home}[surface](*blocks)


@pytest.mark.parametrize(
    ("surface", "payload"),
    [
        ("message", message()),
        ("message", {"text": "only text"}),
        ("message", message(*[{"type": "divider"}] * 50)),
        ("message", message({"type": "header", "text": plain("h" * 150)})),
        ("message", message({"type": "section", "fields": [mrkdwn("f" * 1200)] * 10})),
        ("message", message({"type": "context", "elements": [mrkdwn("c")] * 10})),
        ("message", message(actions(*(button(f"b{n}") for n in range(25))))),
        ("message", message({"type": "markdown", "text": "# Hello"})),
        ("message", message({"type": "table", "rows": [[cell("a"), cell("b")]]})),
        ("message", message(rich_text({"type": "user", "user_id": "U0ALEX"}))),
        ("message", message({"type": "context_actions", "elements": [
            {"type": "icon_button", "icon": "trash", "text": plain("Delete")}]})),
        ("message", message(
            {"type": "carousel", "elements": [{"type": "card", "title": plain("A")}]})),
        ("message", {"text": "x", "metadata": {"event_type": "e", "event_payload": {"a": 1}}}),
        ("modal", modal(*[section()] * 100)),
        ("modal", modal(field(text_input(max_length=3000)), private_metadata="p" * 3000)),
        ("modal", modal(field({"type": "number_input", "is_decimal_allowed": False,
                               "min_value": "1", "max_value": "5", "initial_value": "3"}))),
        ("modal", modal(field({"type": "email_text_input"}), field({"type": "url_text_input"}))),
        ("modal", modal(field({"type": "rich_text_input"}), field({"type": "file_input"}))),
        ("modal", modal(field({"type": "datetimepicker", "initial_date_time": 1_700_000_000}))),
        ("modal", modal(field({"type": "conversations_select", "response_url_enabled": True,
                               "default_to_current_conversation": True}))),
        ("modal", modal({"type": "alert", "text": plain("Mind"), "level": "warning"})),
        ("home", home(section(), field(text_input()))),
    ],
)  # fmt: skip
def test_takes_what_is_just_within_the_limits(surface: Surface, payload: Json) -> None:
    assert faults(surface, payload) == []


LONG_OPTION = {"text": plain("o" * 76), "value": "v" * 151, "description": plain("d" * 76)}
TOO_MUCH = [
    (section("t" * 3001), "must be less than 3001 characters", "/text/text"),
    (section(""), "must be more than 0 characters", "/text/text"),
    ({"type": "section"}, "must define either `text` or `fields`", ""),
    ({"type": "section", "fields": [plain("f" * 2001)]},
     "must be less than 2001 characters", "/fields/0/text"),
    ({"type": "section", "fields": [plain("f")] * 11}, "no more than 10 items allowed", "/fields"),
    ({"type": "header", "text": plain("h" * 151)}, "must be less than 151 characters",
     "/text/text"),
    ({"type": "header", "text": mrkdwn("h")}, "unsupported type: mrkdwn", "/text/type"),
    ({"type": "context", "elements": [plain("c")] * 11}, "no more than 10 items allowed",
     "/elements"),
    (actions(*(button(f"b{n}") for n in range(26))), "no more than 25 items allowed",
     "/elements"),
    (actions(), "no fewer than 1 items allowed", "/elements"),
    (actions(button(text=plain("b" * 76))), "must be less than 76 characters",
     "/elements/0/text/text"),
    (actions(button(value="v" * 2001)), "must be less than 2001 characters",
     "/elements/0/value"),
    (actions(button(action="a" * 256)), "must be less than 256 characters",
     "/elements/0/action_id"),
    (actions(button(style="default")), "must be one of primary, danger", "/elements/0/style"),
    (actions(button("a"), button("a")), "`action_id` 'a' already exists", ""),
    (section(block_id="b" * 256), "must be less than 256 characters", "/block_id"),
    (section(accessory=static_select(options=[LONG_OPTION])),
     "must be less than 76 characters", "/accessory/options/0/text/text"),
    (section(accessory=static_select(options=[LONG_OPTION])),
     "must be less than 151 characters", "/accessory/options/0/value"),
    (section(accessory=static_select(options=[LONG_OPTION])),
     "must be less than 76 characters", "/accessory/options/0/description/text"),
    (section(accessory=static_select(options=options(101))), "no more than 100 items allowed",
     "/accessory/options"),
    (section(accessory=static_select(options=options(1) * 2)),
     "option value '0' is used more than once", "/accessory"),
    (section(accessory=static_select(initial_option=options(3)[2])),
     "must be one of the provided options", "/accessory/initial_option"),
    (section(accessory=static_select(option_groups=[])), "no fewer than 1 items allowed",
     "/accessory/option_groups"),
    (section(accessory=static_select(
        option_groups=[{"label": plain("l"), "options": options(1)}])),
     "must define either `options` or `option_groups`, and only one", "/accessory"),
    (section(accessory={"type": "multi_static_select", "options": options(3),
                        "initial_options": options(3), "max_selected_items": 2}),
     "no more than 2 items allowed", "/accessory/initial_options"),
    (section(accessory={"type": "radio_buttons", "options": options(11)}),
     "no more than 10 items allowed", "/accessory/options"),
    (section(accessory={"type": "checkboxes", "options": options(2),
                        "initial_options": options(3)[2:]}),
     "must be one of the provided options", "/accessory/initial_options/0"),
    (section(accessory={"type": "overflow", "options": options(1)}),
     "no fewer than 2 items allowed", "/accessory/options"),
    (section(accessory={"type": "overflow", "options": options(6)}),
     "no more than 5 items allowed", "/accessory/options"),
    (section(accessory={"type": "datepicker", "initial_date": "31.1.2026"}),
     r"must match the pattern \d{4}-(0[1-9]|1[0-2])-[0-3]\d", "/accessory/initial_date"),
    (section(accessory=button(confirm={**CONFIRM, "title": plain("t" * 101)})),
     "must be less than 101 characters", "/accessory/confirm/title/text"),
    (section(accessory=button(confirm={**CONFIRM, "text": plain("t" * 301)})),
     "must be less than 301 characters", "/accessory/confirm/text/text"),
    (section(accessory=button(confirm={**CONFIRM, "deny": plain("t" * 31)})),
     "must be less than 31 characters", "/accessory/confirm/deny/text"),
    (section(accessory=button(confirm={"title": plain("t")})),
     "missing required field: deny", "/accessory/confirm"),
    (section(accessory=text_input()), "unsupported type: plain_text_input", "/accessory/type"),
    (section(accessory={"type": "image", "alt_text": "a"}),
     "must define either `image_url` or `slack_file`, and only one", "/accessory"),
    (section(accessory={"type": "image", "image_url": "not a url", "alt_text": "a"}),
     r"must match the pattern (?i)https?://\S+", "/accessory/image_url"),
    (section(colour="red"), "invalid additional property: colour", ""),
    ({"type": "wobble"}, "unsupported type: wobble", "/type"),
    ({"text": plain("typeless")}, "missing required field: type", ""),
    ({"type": "section", "text": "bare"}, "must provide an object", "/text"),
    ({"type": "section", "text": {"type": "mrkdwn", "text": 5}}, "must provide a string",
     "/text/text"),
    ({"type": "section", "text": {"type": "mrkdwn", "text": "a", "emoji": True}},
     "invalid additional property: emoji", "/text"),
    (field(text_input(max_length=3001)), "must be less than 3001", "/element/max_length"),
    (field(text_input(max_length=5, initial_value="123456")),
     "must be less than 6 characters", "/element/initial_value"),
    (field(text_input(min_length=5, max_length=4)), "must not be greater than max_length",
     "/element/min_length"),
    (field({"type": "number_input", "is_decimal_allowed": True, "min_value": 1}),
     "must provide a string", "/element/min_value"),
    (field({"type": "number_input"}), "missing required field: is_decimal_allowed", "/element"),
    (field(button()), "unsupported type: button", "/element/type"),
    (field(text_input(), label=mrkdwn("l")), "unsupported type: mrkdwn", "/label/type"),
    (rich_text({"type": "text", "text": ""}), "must be more than 0 characters",
     "/elements/0/elements/0/text"),
]  # fmt: skip


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
@pytest.mark.parametrize(("block", "sentence", "place"), TOO_MUCH)
def test_refuses_in_slacks_words(surface: Surface, block: Json, sentence: str, place: str) -> None:
    block = deepcopy(block)
    found = faults(surface, on(surface, block))
    root = "/blocks/0" if surface == "message" else "/view/blocks/0"
    assert f"[ERROR] {sentence} [json-pointer:{root}{place}]" in found


@pytest.mark.parametrize(
    ("payload", "line"),
    [
        (message(*[section()] * 51), "no more than 50 items allowed [json-pointer:/blocks]"),
        (message(section(block_id="b"), section(block_id="b")),
         "`block_id` 'b' already exists [json-pointer:/blocks]"),
        (message(*[section("t" * 2401)] * 5),
         "must be less than 12001 characters in all [json-pointer:/blocks]"),
        (message({"type": "table", "rows": [[cell("")]]}),
         "must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]"),
        (message({"type": "table", "rows": [[cell("a")] * 21]}),
         "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]"),
        (message({"type": "table", "rows": [[cell("a")]] * 101}),
         "no more than 100 items allowed [json-pointer:/blocks/0/rows]"),
        (message(*[{"type": "table", "rows": [[cell("a")]]}] * 2),
         "only one table is allowed [json-pointer:/blocks]"),
        (message({"type": "markdown", "text": "m" * 12_001}),
         "must be less than 12001 characters [json-pointer:/blocks/0/text]"),
        (message(field({"type": "rich_text_input"})),
         "unsupported type: rich_text_input [json-pointer:/blocks/0/element/type]"),
        ({"text": "t" * 4001}, "must be less than 4001 characters [json-pointer:/text]"),
        ({"text": "t", "blocks": "[]"}, "must provide an array [json-pointer:/blocks]"),
        ({"text": "t", "metadata": {"event_type": "e"}},
         "missing required field: event_payload [json-pointer:/metadata]"),
        ([], "must provide an object [json-pointer:]"),
    ],
)  # fmt: skip
def test_refuses_a_message(payload: Any, line: str) -> None:
    assert f"[ERROR] {line}" in faults("message", payload)


@pytest.mark.parametrize(
    ("payload", "line"),
    [
        (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (modal(title=plain("t" * 25)),
         "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(submit=plain("")),
         "must be more than 0 characters [json-pointer:/view/submit/text]"),
        (modal(private_metadata="p" * 3001),
         "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
        (modal(callback_id="c" * 256),
         "must be less than 256 characters [json-pointer:/view/callback_id]"),
        (modal(colour="red"), "invalid additional property: colour [json-pointer:/view]"),
        ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
        ({"type": "modal", "title": plain("t")},
         "missing required field: blocks [json-pointer:/view]"),
        ({"type": "modal", "title": plain("t"), "blocks": [field(text_input())]},
         "missing required field: submit [json-pointer:/view]"),
        (home(), "must be one of modal [json-pointer:/view/type]"),
        (modal({"type": "table", "rows": [[cell("a")]]}),
         "unsupported type: table [json-pointer:/view/blocks/0/type]"),
        (modal({"type": "markdown", "text": "m"}),
         "unsupported type: markdown [json-pointer:/view/blocks/0/type]"),
        (modal(field(text_input(focus_on_load=True)), field(text_input(focus_on_load=True))),
         "only one element can set focus_on_load [json-pointer:/view/blocks]"),
        (modal(section(accessory={"type": "channels_select", "response_url_enabled": True})),
         "response_url_enabled works only in a modal's input blocks [json-pointer:/view/blocks/0]"),
        (None, "must provide an object [json-pointer:/view]"),
    ],
)  # fmt: skip
def test_refuses_a_modal(payload: Any, line: str) -> None:
    assert f"[ERROR] {line}" in faults("modal", payload)


def test_refuses_a_modals_keys_in_a_home() -> None:
    payload = {**home(section()), "title": plain("Home")}
    assert faults("home", payload) == [
        "[ERROR] invalid additional property: title [json-pointer:/view]"
    ]


def test_counts_what_is_read_in_blocks() -> None:
    blocks = [section("12345"), actions(button(value="not read")), rich_text(cell("123"))]
    assert characters(blocks) == len("12345" + "Go" + "123")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "text", "blocks", "elements", "element", "options", "rows"]),
        inner | st.sampled_from(["section", "input", "actions", "static_select", "table", "modal"]),
        max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@given(json_values, st.sampled_from(["message", "modal", "home"]))
def test_never_stumbles_over_nonsense(payload: Any, surface: Surface) -> None:
    assert all(line.startswith("[ERROR] ") for line in faults(surface, payload))
    assert all(isinstance(line, str) for line in faults(surface, {"blocks": payload}))

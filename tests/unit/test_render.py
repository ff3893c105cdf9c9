"""Block Kit as HTML."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.page.render import Surface, dispatch, environment, render_blocks
from bot.playground.page.render_markdown import markdown
from bot.playground.page.render_rich import rich_text
from bot.playground.page.render_text import Choice, Reader, mrkdwn, plain

TEMPLATES = Path(__file__).parents[2] / "templates/playground"
PAGE = environment(TEMPLATES)
READER = Reader(
    user="U1",
    zone=ZoneInfo("Europe/Berlin"),
    now=datetime(2026, 11, 25, 9, tzinfo=UTC),
    people={"U1": Choice("U1", "Riley <Chen>", "user"), "U2": Choice("U2", "Morgan", "user")},
    conversations={
        "C1": Choice("C1", "hiring", "channel"),
        "C2": Choice("C2", "secret", "private"),
        "D1": Choice("D1", "Panelist", "im"),
    },
    conversation="C1",
)
ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'\"><b onclick=alert(1)>",
    "<javascript:alert(1)|press>",
    "<data:text/html,x|press>",
    "[press](javascript:alert(1))",
    "`<i>````<i>```*<i>*_<i>_~<i>~",
    "\ue0000\ue001<https://x.y/\"onmouseover=alert(1)|'>",
)
TAG = re.compile(r"<(?!/?(?:b|i|s|u|a|br|p|pre|code|span|blockquote|ul|ol|li|hr|time|table|thead"
                 r"|tbody|tr|th|td)\b)")  # fmt: skip


def text(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def option(words: str, value: str, **more: Any) -> dict[str, Any]:
    return {"text": text(words), "value": value, **more}


def field(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    element = {"action_id": "a", **element}
    return {"type": "input", "block_id": "b", "label": text("Label"), "element": element, **more}


def drawn(*blocks: dict[str, Any], values: dict[str, Any] | None = None) -> str:
    surface = Surface("V1", READER, values or {})
    html = render_blocks(PAGE, list(blocks), surface)
    return " ".join(html.split()).replace("&#34;", '"').replace("&#39;", "'")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("*bold* _italic_ ~gone~", "<b>bold</b> <i>italic</i> <s>gone</s>"),
        ("*a _b_ c*", "<b>a <i>b</i> c</b>"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("* not bold *", "* not bold *"),
        ("`*code*` and ```pre *x*```", "<code>*code*</code> and <pre>pre *x*</pre>"),
        ("one\ntwo", "one<br>two"),
        ("> quoted\n> more\nafter", "<blockquote>quoted<br>more</blockquote>after"),
        ("&gt; quoted", "<blockquote>quoted</blockquote>"),
        ("• one\n• two", '<span class="bullet">• one</span><span class="bullet">• two</span>'),
        ("a &amp;lt; b &lt;i&gt;", "a &amp;lt; b &lt;i&gt;"),
        ("<@U2> <@U9|Ghost>", '<span class="mention">@Morgan</span> '
         '<span class="mention">@Ghost</span>'),
        ("<@U1>", '<span class="mention me">@Riley &lt;Chen&gt;</span>'),
        ("<#C1>", '<a class="mention" href="/as/U1/C1">#hiring</a>'),
        ("<#C9|>", '<span class="mention">#private-channel</span>'),
        ("<!here> <!subteam^S1|@team>", '<span class="mention me">@here</span> '
         '<span class="mention">@team</span>'),
        (":tada: :unheard_of: 10:30:45", "🎉 :unheard_of: 10:30:45"),
        ("<script>", "&lt;script&gt;"),
        ("<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;"),
    ],
)  # fmt: skip
def test_mrkdwn(source: str, html: str) -> None:
    assert mrkdwn(source, READER) == html


@pytest.mark.parametrize(
    ("source", "address", "label"),
    [
        ("<https://x.y/?a=1&amp;b=2|the *site*>", "https://x.y/?a=1&amp;b=2", "the *site*"),
        ("<mailto:a@b.co>", "mailto:a@b.co", "a@b.co"),
        ("see https://x.y/z_1.", "https://x.y/z_1", "https://x.y/z_1"),
    ],
)
def test_links_open_elsewhere(source: str, address: str, label: str) -> None:
    html = mrkdwn(source, READER)
    assert f'<a href="{address}" target="_blank" rel="noopener noreferrer">{label}</a>' in html


def test_a_bare_address_stays_text_where_it_is_verbatim() -> None:
    assert mrkdwn("https://x.y", READER, verbatim=True) == "https://x.y"


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("{date_num} {time}", "2026-11-25 11:00 AM"),
        ("{date_short_pretty} at {time}", "today at 11:00 AM"),
        ("{date_long}", "Wednesday, November 25th, 2026"),
    ],
)
def test_dates_are_in_the_readers_zone(pattern: str, shown: str) -> None:
    stamp = int(datetime(2026, 11, 25, 10, tzinfo=UTC).timestamp())
    assert f">{shown}</time>" in mrkdwn(f"<!date^{stamp}^{pattern}|then>", READER)


def test_a_date_that_cannot_be_shown_falls_back() -> None:
    assert mrkdwn("<!date^99999999999999^{date}|then>", READER) == "then"
    assert mrkdwn("<!date^1^{week}|then>", READER) == "then"


def test_plain_text_has_no_markup() -> None:
    assert plain("*a* <b>\n:tada:") == "*a* &lt;b&gt;<br>🎉"
    assert plain(":tada:", emoji=False) == ":tada:"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("# Title", '<p class="h h1">Title</p>'),
        ("**a** *b* ~~c~~ `d`", "<p><b>a</b> <i>b</i> <s>c</s> <code>d</code></p>"),
        ("- a\n- b", '<ul class="indent-0"><li>a</li><li>b</li></ul>'),
        ("3. a\n4. b", '<ol class="indent-0" start="3"><li>a</li><li>b</li></ol>'),
        ("> a\n> - b", '<blockquote><p>a</p><ul class="indent-0"><li>b</li></ul></blockquote>'),
        ("```\n<x>\n```", "<pre>&lt;x&gt;</pre>"),
        ("---", "<hr>"),
        (r"\*a\*", "<p>*a*</p>"),
    ],
)
def test_markdown(source: str, html: str) -> None:
    assert markdown(source) == html


def test_markdown_tables() -> None:
    html = markdown("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert "<thead><tr><th>a</th><th>b</th></tr></thead>" in html
    assert "<tbody><tr><td>1</td><td>2</td></tr></tbody>" in html


def test_rich_text() -> None:
    def section(*elements: dict[str, Any]) -> dict[str, Any]:
        return {"type": "rich_text_section", "elements": list(elements)}

    def words(content: str, **style: bool) -> dict[str, Any]:
        return {"type": "text", "text": content, "style": style}

    html = rich_text(
        {
            "type": "rich_text",
            "elements": [
                section(words("a\n", bold=True), words("<b>", italic=True, strike=True)),
                {
                    "type": "rich_text_list",
                    "style": "ordered",
                    "indent": 1,
                    "offset": 2,
                    "elements": [section(words("c", code=True)), section({"type": "link",
                                                                          "url": "https://x.y"})],
                },
                {"type": "rich_text_quote", "elements": [words("q")]},
                {"type": "rich_text_preformatted", "elements": [words("p\n  q")]},
                section(
                    {"type": "user", "user_id": "U2"},
                    {"type": "channel", "channel_id": "C2"},
                    {"type": "broadcast", "range": "here"},
                    {"type": "emoji", "name": "tada"},
                    {"type": "link", "url": "javascript:x", "text": "no"},
                ),
            ],
        },
        READER,
    )  # fmt: skip
    assert html.startswith("<p><b>a<br></b><s><i>&lt;b&gt;</i></s></p>")
    assert '<ol class="indent-1" start="3"><li><code>c</code></li><li><a href="https://x.y"' in html
    assert "<blockquote>q</blockquote><pre>p\n  q</pre>" in html
    assert "@Morgan" in html
    assert "#secret" in html
    assert "@here</span>🎉no</p>" in html


@pytest.mark.parametrize("attack", ATTACKS)
def test_nobodys_text_becomes_markup(attack: str) -> None:
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section",
            "elements": [{"type": "text", "text": attack}]}]}  # fmt: skip
    for html in (mrkdwn(attack, READER), plain(attack), markdown(attack), rich_text(rich, READER)):
        assert not TAG.search(html)
        assert not re.search(r"<[^>]*\son\w+=", html)
        assert 'href="javascript' not in html
    block = {
        "type": "section",
        "block_id": attack,
        "text": text(attack),
        "accessory": {"type": "static_select", "action_id": attack, "placeholder": text(attack),
                      "options": [option(attack, attack)]},
    }  # fmt: skip
    surface = Surface("V1", READER)
    html = render_blocks(PAGE, [block], surface)
    assert "<script" not in html
    assert "<img" not in html
    assert "<b onclick" not in html


@given(st.text(alphabet="*_~`<>|&@#!:•-\n\\[]()ab1 \ue000\ue001", max_size=60))
def test_any_text_renders_without_foreign_tags(source: str) -> None:
    for html in (mrkdwn(source, READER), markdown(source), plain(source)):
        assert not TAG.search(html)
        assert "\ue000" not in html or html == plain(source)


def test_sections_have_text_fields_and_an_accessory() -> None:
    html = drawn(
        {
            "type": "section",
            "block_id": "b",
            "text": {"type": "mrkdwn", "text": "*Hi*"},
            "fields": [text("one"), text("two")],
            "accessory": {"type": "button", "action_id": "a", "text": text("Go"),
                          "style": "primary", "value": "1"},
        }
    )  # fmt: skip
    assert "<b>Hi</b>" in html
    assert html.index("one") < html.index("two") < html.index('class="btn primary"')
    assert 'data-block="b" data-action="a" data-dispatch="change"' in html


def test_header_context_divider_and_image() -> None:
    html = drawn(
        {"type": "header", "text": text("Title")},
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "_small_"},
            {"type": "image", "image_url": "https://x.y/i.png", "alt_text": "A face"}]},
        {"type": "image", "image_url": "javascript:x", "alt_text": "Nothing", "title": text("T")},
    )  # fmt: skip
    assert "<h3>Title</h3>" in html
    assert "<hr>" in html
    assert "<i>small</i>" in html
    assert '<img src="https://x.y/i.png" alt="A face"' in html
    assert "javascript" not in html


def test_tables_have_a_heading_row_and_alignment() -> None:
    rows = [[{"type": "raw_text", "text": "Who"}, {"type": "raw_text", "text": "Score"}],
            [{"type": "raw_text", "text": "Alex"}, {"type": "raw_number", "value": 4}]]  # fmt: skip
    html = drawn({"type": "table", "rows": rows, "column_settings": [{}, {"align": "right"}]})
    assert '<th class="align-left">Who</th>' in html
    assert '<td class="align-right">4</td>' in html


def test_an_unknown_block_is_named() -> None:
    assert "A “card” block" in drawn({"type": "card"})


def test_a_button_with_an_address_is_a_link_and_a_confirm_is_a_dialog() -> None:
    confirm = {"title": text("Sure?"), "text": {"type": "mrkdwn", "text": "*Gone*"},
               "confirm": text("Delete"), "deny": text("Keep"), "style": "danger"}  # fmt: skip
    html = drawn(
        {
            "type": "actions",
            "block_id": "b",
            "elements": [
                {"type": "button", "action_id": "1", "text": text("Out"), "url": "https://x.y"},
                {"type": "button", "action_id": "2", "text": text("Bad"), "url": "javascript:x"},
                {"type": "button", "action_id": "3", "text": text("Del"), "confirm": confirm},
            ],
        }
    )
    assert 'href="https://x.y" target="_blank"' in html
    assert "javascript" not in html
    assert 'role="alertdialog" aria-label="Sure?"' in html
    assert "<b>Gone</b>" in html
    assert 'class="btn danger" data-answer="yes">Delete' in html


def test_an_input_is_labelled_hinted_and_keeps_what_was_typed() -> None:
    block = field({"type": "plain_text_input", "initial_value": "first"}, hint=text("A hint"),
                  optional=True)  # fmt: skip
    html = drawn(block)
    assert '<label class="label" id="V1-b-label" for="V1-b-a">Label' in html
    assert "(optional)" in html
    assert 'aria-describedby="V1-b-hint V1-b-error"' in html
    assert 'value="first"' in html
    typed = {"b": {"a": {"type": "plain_text_input", "value": "<then>"}}}
    assert 'value="&lt;then&gt;"' in drawn(block, values=typed)


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ({"type": "plain_text_input", "multiline": True, "initial_value": "\nx"}, "<textarea"),
        ({"type": "email_text_input"}, 'type="email"'),
        ({"type": "url_text_input"}, 'type="url"'),
        ({"type": "number_input", "is_decimal_allowed": True}, 'inputmode="decimal"'),
        ({"type": "datepicker", "initial_date": "2026-11-25"}, 'type="date" id="V1-b-a" '
         'value="2026-11-25"'),
        ({"type": "timepicker", "initial_time": "10:30"}, 'value="10:30"'),
        ({"type": "datetimepicker", "initial_date_time": 1764065400}, 'value="2025-11-25T11:10"'),
        ({"type": "radio_buttons", "options": [option("Yes", "y")],
          "initial_option": option("Yes", "y")}, 'value="y" checked'),
        ({"type": "checkboxes", "options": [option("Yes", "y", description=text("Why"))]},
         "<small>Why</small>"),
        ({"type": "static_select", "options": [option("Yes", "y")],
          "initial_option": option("Yes", "y")}, 'value="Yes"'),
        ({"type": "multi_static_select", "options": [option("Yes", "y")],
          "initial_options": [option("Yes", "y")], "max_selected_items": 2}, 'data-most="2"'),
        ({"type": "external_select", "min_query_length": 0}, 'data-least="0"'),
        ({"type": "users_select", "initial_user": "U2"}, 'value="Morgan"'),
        ({"type": "multi_users_select"}, 'aria-multiselectable="true"'),
        ({"type": "channels_select"}, ">#hiring<"),
        ({"type": "conversations_select", "default_to_current_conversation": True},
         'value="#hiring"'),
        ({"type": "multi_conversations_select"}, ">Panelist<"),
        ({"type": "multi_channels_select"}, ">#hiring<"),
        ({"type": "multi_external_select"}, "data-external"),
        ({"type": "file_input"}, "does not draw"),
    ],
)  # fmt: skip
def test_every_kind_of_input(element: dict[str, Any], expected: str) -> None:
    assert expected in drawn(field(element))


def test_selects_offer_groups_and_only_what_the_filter_lets_through() -> None:
    groups = [{"label": text("Good"), "options": [option("A", "a")]},
              {"label": text("Bad"), "options": [option("B", "b")]}]  # fmt: skip
    html = drawn(field({"type": "static_select", "option_groups": groups}))
    assert html.index(">Good<") < html.index(">A<") < html.index(">Bad<") < html.index(">B<")
    private = drawn(field({"type": "conversations_select", "filter": {"include": ["private"]}}))
    assert "#secret" in private
    assert ">#hiring<" not in private
    assert "#secret" not in drawn(field({"type": "channels_select"}))


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"type": "actions"}, "change"),
        ({"type": "input"}, ""),
        ({"type": "input", "dispatch_action": True}, "enter"),
    ],
)
def test_when_a_text_input_tells_the_app(block: dict[str, Any], expected: str) -> None:
    assert dispatch({"type": "plain_text_input"}, block) == expected


def test_a_text_input_may_tell_each_character() -> None:
    both = {"trigger_actions_on": ["on_character_entered", "on_enter_pressed"]}
    element = {"type": "plain_text_input", "dispatch_action_config": both}
    assert dispatch(element, {"type": "input", "dispatch_action": True}) == "character enter"

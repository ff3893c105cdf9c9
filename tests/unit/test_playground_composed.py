"""A person's message as the block that Slack's composer makes of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.link.composed import composed
from bot.playground.link.typed import escape
from bot.playground.rules.limits import faults


def words(text: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": text} | ({"style": style} if style else {})


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("Hello world", [words("Hello world")]),
        ("a &lt; b &amp;amp; c", [words("a < b &amp; c")]),
        ("*bold* _italic_ ~gone~ `code`", [
            words("bold", bold=True), words(" "), words("italic", italic=True), words(" "),
            words("gone", strike=True), words(" "), words("code", code=True)]),
        ("*very _much_*", [words("very ", bold=True), words("much", bold=True, italic=True)]),
        ("2 * 3 * 4, snake_case_name", [words("2 * 3 * 4, snake_case_name")]),
        ("<@U0ALEX> in <#C0HIRING|hiring>", [
            {"type": "user", "user_id": "U0ALEX"}, words(" in "),
            {"type": "channel", "channel_id": "C0HIRING"}]),
        ("<!here> :tada: at 12:30:45", [
            {"type": "broadcast", "range": "here"}, words(" "),
            {"type": "emoji", "name": "tada"}, words(" at 12:30:45")]),
        ("<https://x.dev/?a=1&amp;b=2>", [{"type": "link", "url": "https://x.dev/?a=1&b=2"}]),
    ],
)  # fmt: skip
def test_one_line(text: str, elements: list[dict[str, Any]]) -> None:
    block = composed(text)
    assert block == {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": elements}],
    }


def test_code_stands_in_a_box_of_its_own() -> None:
    before, box, after = composed("Look:\n```\nif a &lt; b:\n    *no*\n```\nright?")["elements"]
    assert before["elements"] == [words("Look:")]
    assert box == {"type": "rich_text_preformatted", "elements": [words("if a < b:\n    *no*")]}
    assert after["elements"] == [words("right?")]


@given(st.text(min_size=1).filter(str.strip))
def test_whatever_is_typed_is_a_block_that_slack_takes(text: str) -> None:
    assert faults("message", {"blocks": [composed(escape(text))]}) == []

"""Escaping: whatever stands in content is read as it was written, and never as markup."""

import html
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined, UndefinedError
from markdown_it import MarkdownIt

from bot.library import markdown
from bot.library.catalogue import Library
from bot.library.documents import Documents, escape_mrkdwn
from bot.library.formats import Format
from bot.library.loader import BUILT_IN

READERS = (
    MarkdownIt("commonmark"),
    MarkdownIt("commonmark").enable(["table", "strikethrough"]),
)

MARKS = st.text(alphabet="\\`*_[]()<>&~|#+-=.!1x:; ab/\"'", max_size=14)
PARTS = (
    *("*", "**", "_", "__", "`", "``", "```", "~", "~~", "a", "b", " ", "(", ")", "[", "]", "<"),
    *(">", "&", "amp;", "\\", "#", "-", "+", "1.", "1)", "!", "|", ":", "---", "===", "<b>"),
    *("</b>", "<!-- ", "-->", "](x)", "http://x.y", "a@b.c", "&copy;", "&#38;"),
)
PIECES = st.lists(
    st.sampled_from(PARTS),
    max_size=8,
).map("".join)
ANYTHING = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]))
LINES = MARKS | PIECES | ANYTHING

PLACES = {
    "{}": "{}",
    "Text {}": "Text {}",
    "- {}": "{}",
    "1. {}": "{}",
    "# {}": "{}",
    "> {}": "{}",
    "- **Label**: {}": "Label: {}",
    "- [ ] **Good**: {}": "[ ] Good: {}",
    "Text {}. Then {}": "Text {}. Then {}",
}
"""Where a template puts a text, and how that is read."""


def in_place(place: str, text: str) -> str:
    return markdown.escaped(place.replace("{}", markdown.placed(text)))


def shown(reader: MarkdownIt, text: str) -> str:
    page = html.unescape(re.sub(r"<[^>]+>", "", reader.render(text)))
    return " ".join(page.split())


@settings(max_examples=400)
@given(LINES, st.sampled_from(sorted(PLACES)))
@example("count(*)", "Text {}. Then {}")
@example("a `b", "Text {}. Then {}")
@example("C #", "# {}")
@example("[x]: y", "{}")
def test_markdown_shows_any_line_as_it_is_wherever_it_stands(line: str, place: str) -> None:
    line = " ".join(line.split())
    text = in_place(place, line)
    for reader in READERS:
        assert shown(reader, text) == " ".join(PLACES[place].replace("{}", line).split()), text


@given(LINES)
def test_a_markdown_list_item_is_one_item_with_its_text(line: str) -> None:
    page = READERS[0].render(in_place("- {}", line))
    assert page.count("<li>") == 1
    assert not re.search(r"<(h\d|ol|blockquote|em|strong|a|code|hr)", page)


@pytest.mark.parametrize("place", sorted(PLACES))
@pytest.mark.parametrize(
    "line",
    [
        *("Data & AI", "SELECT *", "snake_case", "a < b", "2 > 1", "C++", "C#", "#1 priority"),
        *("R&D; QA", "5 * 3", "[link] (x)", "~100 users", "well-known - really", "1.5 hours"),
        *("x | y", "C:\\temp", "<3", "AI/ML", "a@b.c", "it's 50%!", "(a) [b]", "-5 degrees"),
    ],
)
def test_a_line_as_people_write_it_carries_no_escapes(line: str, place: str) -> None:
    assert "\\" not in in_place(place, line).replace(line, "")
    assert line in in_place(place, line)


def test_no_document_of_the_library_carries_an_escape(library: Library) -> None:
    documents = Documents([BUILT_IN])
    for role in library.roles:
        competencies = library.competencies_of(role)
        for name in ("posting", "guide"):
            text = documents.document(name, Format.MARKDOWN, role=role, competencies=competencies)
            assert "\\" not in text


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])), st.integers(0, 5))
def test_an_exhibit_is_shown_letter_for_letter(text: str, ticks: int) -> None:
    exhibit = f"x{text}\n{'`' * ticks}\n    y"
    (fence,) = [
        token
        for token in READERS[0].parse(f"Before:\n\n{markdown.fenced(exhibit)}\n\nAfter")
        if token.type == "fence"
    ]
    assert fence.content == f"{exhibit}\n"


@given(st.text())
def test_mrkdwn_holds_no_mention_and_no_link(text: str) -> None:
    escaped = escape_mrkdwn(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert html.unescape(
        escaped.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    ) == html.unescape(text)


def test_a_message_template_escapes_what_is_put_into_it() -> None:
    said = Documents([BUILT_IN]).message("jd_help", command="<!channel>")
    assert "<!channel>" not in said
    assert "&lt;!channel&gt;" in said


def test_message_templates_have_no_macros_and_no_set_blocks() -> None:
    """Both would escape twice."""
    for path in (BUILT_IN / "messages").glob("*.j2"):
        assert not re.search(r"\{%-?\s*(macro|set|call|filter)\b", path.read_text()), path


def test_a_companys_template_comes_before_the_built_in_one(tmp_path: Path) -> None:
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages" / "jd_help.mrkdwn.j2").write_text("Ask Robin. {{ command }}")
    documents = Documents([tmp_path, BUILT_IN])
    assert documents.message("jd_help", command="/jd") == "Ask Robin. /jd"


@pytest.mark.parametrize(
    "template",
    [
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(name) }}",
        "{% set s %}{{ name }}{% endset %}{{ s }}",
    ],
)
def test_jinja_escapes_twice_through_macros_and_set_blocks(template: str) -> None:
    """Why message templates have neither: an upgrade that changes it is noticed here."""
    environment = Environment(finalize=escape_mrkdwn, undefined=StrictUndefined)
    assert environment.from_string(template).render(name="<") == "&amp;lt;"
    assert environment.from_string("{{ name }}").render(name="<") == "&lt;"


def test_an_undefined_name_in_a_template_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        Environment(undefined=StrictUndefined).from_string("{{ nobody }}").render()

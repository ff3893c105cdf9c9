"""Escaping: whatever stands in content is read as it was written, and never as markup."""

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined, UndefinedError
from markdown_it import MarkdownIt

from bot.library.documents import Documents, escape_markdown, escape_mrkdwn
from bot.library.loader import BUILT_IN

LINES = st.text(alphabet=st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"]))


def shown(markdown: str) -> str:
    page = MarkdownIt("commonmark").render(markdown)
    return html.unescape(re.sub(r"<[^>]+>", "", page)).strip()


@given(LINES)
def test_markdown_shows_any_line_as_it_is(line: str) -> None:
    assert (
        shown(f"Text {escape_markdown(line)}".rstrip()) == f"Text {' '.join(line.split())}".rstrip()
    )


@given(LINES)
def test_a_markdown_list_item_is_one_item_with_its_text(line: str) -> None:
    wanted = " ".join(line.split())
    page = MarkdownIt("commonmark").render(f"- {escape_markdown(line)}")
    assert page.count("<li>") == 1
    assert not re.search(r"<(h\d|ol|blockquote|em|strong|a|code|hr)", page)
    assert shown(f"- {escape_markdown(line)}") == wanted


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

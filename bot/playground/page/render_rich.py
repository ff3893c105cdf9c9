"""Slack's `rich_text` block as HTML."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from bot.playground.page.render_text import (
    BREAK,
    Reader,
    broadcast,
    conversation,
    date,
    link,
    person,
)
from bot.playground.state.emoji import EMOJI

Json = Mapping[str, Any]
STYLE_TAGS = {"bold": "b", "italic": "i", "strike": "s", "underline": "u", "code": "code"}
LIST_TAGS = {"bullet": "ul", "ordered": "ol"}
PART_TAGS = {"rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}


def rich_text(block: Json, reader: Reader) -> Markup:
    """The whole block; lists that follow each other with deeper indents look nested."""
    return Markup("").join(_part(element["type"], element, reader) for element in block["elements"])


def _part(kind: str, element: Json, reader: Reader) -> Markup:
    if kind == "rich_text_list":
        return _list(element, reader)
    inner = _inline(element["elements"], reader, code=kind == "rich_text_preformatted")
    return Markup("<{0}>{1}</{0}>").format(PART_TAGS.get(kind, "p"), inner)


def _list(element: Json, reader: Reader) -> Markup:
    items = Markup("").join(
        Markup("<li>{}</li>").format(_inline(item["elements"], reader))
        for item in element["elements"]
    )
    tag = LIST_TAGS.get(element.get("style", "bullet"), "ul")
    indent = min(int(element.get("indent") or 0), 8)
    border = " bordered" if element.get("border") else ""
    start = (
        Markup(' start="{}"').format(int(element["offset"]) + 1) if element.get("offset") else ""
    )
    return Markup('<{0} class="indent-{1}{2}"{3}>{4}</{0}>').format(
        tag, indent, border, start, items
    )


def _inline(elements: list[Json], reader: Reader, code: bool = False) -> Markup:
    return Markup("").join(_element(element, reader, code) for element in elements)


def _element(element: Json, reader: Reader, code: bool) -> Markup:
    return _with_style(_bare(element, reader, code), element.get("style") or {})


def _bare(element: Json, reader: Reader, code: bool) -> Markup:
    match element["type"]:
        case "text":
            text = str(element["text"])
            return escape(text) if code else BREAK.join(escape(line) for line in text.split("\n"))
        case "link":
            return link(element["url"], element.get("text") or element["url"])
        case "user":
            return person(element["user_id"], reader)
        case "channel":
            return conversation(element["channel_id"], reader)
        case "usergroup":
            return Markup('<span class="mention">@{}</span>').format(element["usergroup_id"])
        case "broadcast":
            return broadcast(element["range"])
        case "emoji":
            return escape(EMOJI.get(element["name"], f":{element['name']}:"))
        case "date":
            return date(
                int(element["timestamp"]),
                element["format"],
                element.get("url") or "",
                element.get("fallback") or "",
                reader,
            )
        case "color":
            return Markup('<code class="color">{}</code>').format(element["value"])
        case other:
            return escape(f"[{other}]")


def _with_style(html: Markup, style: Json) -> Markup:
    for name, tag in STYLE_TAGS.items():
        if style.get(name):
            html = Markup("<{0}>{1}</{0}>").format(tag, html)
    return html

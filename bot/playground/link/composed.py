"""A person's message as the rich text block that Slack's composer makes of it."""

import html
import re
from collections.abc import Iterator

from bot.playground.state.emoji import EMOJI
from bot.playground.state.models import Json

FENCE = re.compile(r"\n?```\n?(.+?)\n?```\n?", re.DOTALL)
PIECE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<@(?P<user>[A-Z0-9]+)>"
    r"|<#(?P<channel>[A-Z0-9]+)(?:\|[^<>]*)?>"
    r"|<!(?P<broadcast>here|channel|everyone)>"
    r"|<(?P<url>[^<>|@#!][^<>|]*)>"
    rf"|:(?P<emoji>{'|'.join(map(re.escape, EMOJI))}):"
    r"|(?<![\w*])\*(?P<bold>(?=\S)[^*\n]*[^*\s])\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>(?=\S)[^_\n]*[^_\s])_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>(?=\S)[^~\n]*[^~\s])~(?![\w~])"
)
Style = dict[str, bool]


def composed(text: str) -> Json:
    """The `rich_text` block of a text with references as `<@U…>` and &, < and > escaped."""
    parts: list[Json] = []
    end = 0
    for found in FENCE.finditer(text):
        parts += _section(text[end : found.start()])
        pre = {"type": "text", "text": html.unescape(found[1])}
        parts.append({"type": "rich_text_preformatted", "elements": [pre]})
        end = found.end()
    parts += _section(text[end:])
    return {"type": "rich_text", "elements": parts}


def _section(text: str) -> Iterator[Json]:
    if text:
        yield {"type": "rich_text_section", "elements": list(_inline(text, {}))}


def _inline(text: str, style: Style) -> Iterator[Json]:
    end = 0
    for found in PIECE.finditer(text):
        yield from _words(text[end : found.start()], style)
        yield from _piece(str(found.lastgroup), found[str(found.lastgroup)], style)
        end = found.end()
    yield from _words(text[end:], style)


def _piece(kind: str, value: str, style: Style) -> Iterator[Json]:
    match kind:
        case "bold" | "italic" | "strike":
            yield from _inline(value, {**style, kind: True})
        case "code":
            yield from _words(value, {**style, "code": True})
        case "url":
            yield _styled({"type": "link", "url": html.unescape(value)}, style)
        case "broadcast":
            yield {"type": "broadcast", "range": value}
        case "emoji":
            yield _styled({"type": "emoji", "name": value}, style)
        case _:
            yield _styled({"type": kind, f"{kind}_id": value}, style)


def _words(text: str, style: Style) -> Iterator[Json]:
    if text:
        yield _styled({"type": "text", "text": html.unescape(text)}, style)


def _styled(element: Json, style: Style) -> Json:
    return {**element, "style": style} if style else element

"""Slack's `markdown` block as HTML: the part of Markdown that Slack shows."""

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from markupsafe import Markup, escape

from bot.playground.page.render_text import link, release
from bot.playground.state.emoji import with_emoji

HEADING = re.compile(r"^(#{1,6}) +(.*?)#*$")
RULE = re.compile(r"^ {0,3}([-*_])( *\1){2,} *$")
ITEM = re.compile(r"^(\s*)(?:([-*+])|(\d{1,9})[.)]) +(.*)$")
ATOM = re.compile(
    r"`([^`\n]+)`|!?\[([^\]\n]*)\]\(([^)\s]+)\)"
    r"|(https?://[^\s<>]*[^\s<>.,;:!?)*_~])|\\([!-/:-@\[-`{-~])"
)
STYLED = re.compile(
    r"\*\*(?=\S)(.+?)(?<=\S)\*\*|~~(?=\S)(.+?)(?<=\S)~~"
    r"|(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?!\w)|(?<![\w_])_(?=\S)([^_]+?)(?<=\S)_(?!\w)"
)
TAGS = ("b", "s", "i", "i")
TABLE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")


def markdown(text: str) -> Markup:
    """The document as HTML; markup in it is text."""
    return Markup("").join(_blocks(re.sub("[\ue000\ue001]", "", text).split("\n")))


def _blocks(lines: list[str]) -> Iterator[Markup]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.lstrip().startswith("```"):
            end = _until(lines, at + 1, lambda other: other.lstrip().startswith("```"))
            yield Markup("<pre>{}</pre>").format("\n".join(lines[at + 1 : end]))
            at = end + 1
        elif heading := HEADING.match(line):
            yield Markup('<p class="h h{}">{}</p>').format(len(heading[1]), inline(heading[2]))
            at += 1
        elif RULE.match(line):
            yield Markup("<hr>")
            at += 1
        elif line.startswith(">"):
            end = _until(lines, at, lambda other: not other.startswith(">"))
            quoted = [quote.removeprefix(">").removeprefix(" ") for quote in lines[at:end]]
            yield Markup("<blockquote>{}</blockquote>").format(Markup("").join(_blocks(quoted)))
            at = end
        elif ITEM.match(line):
            end = _until(lines, at, lambda other: not ITEM.match(other))
            yield _list(lines[at:end])
            at = end
        elif "|" in line and at + 1 < len(lines) and TABLE_RULE.match(lines[at + 1]):
            end = _until(lines, at, lambda other: "|" not in other)
            yield _table(lines[at:end])
            at = end
        elif line.strip():
            end = max(_until(lines, at, _ends_paragraph), at + 1)
            yield Markup("<p>{}</p>").format(Markup("<br>").join(map(inline, lines[at:end])))
            at = end
        else:
            at += 1


def _ends_paragraph(line: str) -> bool:
    opens = ITEM.match(line) or HEADING.match(line) or RULE.match(line)
    return not line.strip() or bool(opens) or line.startswith((">", "```"))


def _until(lines: list[str], at: int, stop: Callable[[str], object]) -> int:
    return next((i for i in range(at, len(lines)) if stop(lines[i])), len(lines))


def _list(lines: list[str]) -> Markup:
    items = [found.groups() for line in lines if (found := ITEM.match(line))]
    parts: list[Markup] = []
    for (tag, depth), group in groupby(items, key=_list_kind):
        same = list(group)
        start = Markup(' start="{}"').format(int(same[0][2])) if tag == "ol" else Markup("")
        inner = Markup("").join(Markup("<li>{}</li>").format(inline(item[3])) for item in same)
        parts.append(
            Markup('<{0} class="indent-{1}"{2}>{3}</{0}>').format(tag, depth, start, inner)
        )
    return Markup("").join(parts)


def _list_kind(item: tuple[str, ...]) -> tuple[str, int]:
    return ("ul" if item[1] else "ol", min(len(item[0].expandtabs(4)) // 2, 8))


def _table(lines: list[str]) -> Markup:
    head, *body = [_cells(line) for line in (lines[0], *lines[2:])]
    return Markup('<table class="slack-table"><thead>{}</thead><tbody>{}</tbody></table>').format(
        _row(head, "th"), Markup("").join(_row(row, "td") for row in body)
    )


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _row(cells: list[str], tag: str) -> Markup:
    shape = Markup("<{0}>{1}</{0}>")
    return shape.format("tr", Markup("").join(shape.format(tag, inline(cell)) for cell in cells))


def inline(text: str) -> Markup:
    """One line of Markdown."""
    held: list[Markup] = []

    def atom(found: re.Match[str]) -> str:
        code, label, url, bare, escaped = found.groups()
        if code is not None:
            held.append(Markup("<code>{}</code>").format(code))
        elif url is not None:
            held.append(link(url, label or url))
        elif bare is not None:
            held.append(link(bare, bare))
        else:
            held.append(escape(escaped))
        return f"\ue000{len(held) - 1}\ue001"

    return release(_styled(ATOM.sub(atom, text.strip())), held)


def _styled(text: str) -> Markup:
    parts: list[Markup] = []
    end = 0
    for found in STYLED.finditer(text):
        parts.append(escape(with_emoji(text[end : found.start()])))
        which = next(i for i, group in enumerate(found.groups()) if group is not None)
        parts.append(Markup("<{0}>{1}</{0}>").format(TAGS[which], _styled(found[which + 1])))
        end = found.end()
    parts.append(escape(with_emoji(text[end:])))
    return Markup("").join(parts)

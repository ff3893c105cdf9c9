"""Reads HTML into a source, however badly it is nested: what a browser would show, in order."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.library.new_role.source import (
    PARAGRAPH_LEVEL,
    Block,
    Heading,
    Listed,
    Source,
    Text,
    tidy,
)

NOT_SHOWN = {"head", "script", "style", "template", "svg", "math", "iframe", "object", "canvas"}
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = {"ul", "ol", "menu", "dir"}
BOLD = {"b", "strong"}
AROUND = {"nav", "footer"}
"""What stands around a posting on its page: kept, but not in the posting."""
INLINE = {
    *{"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "button", "cite", "code", "data", "del"},
    *{"dfn", "em", "font", "i", "img", "input", "ins", "kbd", "label", "mark", "meter", "output"},
    *{"progress", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub"},
    *{"sup", "time", "tt", "u", "var", "wbr", "nobr", "picture", "source"},
}
"""Elements that go on in the same line; every other one begins a line of its own."""

LONGEST_HEADING = 120
BULLET = re.compile(r"^(?:[•●▪◦‣·・○]\s*|[*–—-]\s+)(?=\S)")
MARKED = re.compile(r"^(?:【[^】]+】|[＜〈《［][^＞〉》］]+[＞〉》］]|[■◆▼▶□◇][^。]{1,40})$")
"""A heading by the mark before or around it, as Japanese postings have."""


def read_page(html: str) -> Source:
    """The page's text, what it is called and in which language."""
    tree = LexborHTMLParser(html)
    walk = _Walk()
    if tree.body is not None:
        walk.children(tree.body)
        walk.end_line()
        walk.end_items()
    root = tree.css_first("html")
    language = (root.attributes.get("lang") or "") if root is not None else ""
    named = tree.css_first("head title")
    title = tidy(named.text()) if named is not None else ""
    return Source(walk.blocks, page_title=title, language=language, beside=walk.around)


def fragment(html: str) -> list[Block]:
    """The blocks of a part of a page."""
    return read_page(html).blocks


class _Walk:
    """Goes through the elements in order, and gathers lines until one ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.around: list[str] = []
        self._line: list[tuple[str, bool]] = []
        self._items: list[str] = []

    def children(self, node: LexborNode, *, bold: bool = False) -> None:
        for child in _children(node):
            self.node(child, bold=bold)

    def node(self, node: LexborNode, *, bold: bool) -> None:
        tag = node.tag or ""
        if node.is_text_node:
            self._line.append((node.text_content or "", bold))
        elif tag in NOT_SHOWN or node.is_comment_node:
            return
        elif tag in AROUND:
            self.end_line()
            self.around += _lines_of(node)
        elif tag == "br":
            self.end_line()
        elif tag in HEADINGS:
            self._heading(node, HEADINGS[tag])
        elif tag in LISTS:
            self._list(node)
        elif tag == "table":
            self._table(node)
        elif tag == "dl":
            self._definitions(node)
        elif tag == "pre":
            self.end_line()
            for line in (node.text() or "").splitlines():
                self._line.append((line, False))
                self.end_line()
        elif tag == "img":
            self._line.append((f" {node.attributes.get('alt') or ''} ", bold))
        elif tag in INLINE:
            self.children(node, bold=bold or tag in BOLD)
            self._line.append((_target(node), False))
        else:
            self.end_line()
            self.children(node, bold=bold)
            self.end_line()

    def end_line(self) -> None:
        """What was gathered is a heading, an entry of a list or a paragraph."""
        parts, self._line = self._line, []
        text = tidy("".join(part for part, _ in parts))
        if not text:
            return
        begun = [(part, bold) for part, bold in parts if tidy(part)]
        is_bold = all(bold for _, bold in begun)
        if bullet := BULLET.match(text):
            self._items.append(text[bullet.end() :])
            return
        self.end_items()
        short = len(text) <= LONGEST_HEADING and not text.endswith((".", "。", "!", ";", ","))
        if (is_bold and short) or MARKED.fullmatch(text):
            self.blocks.append(Heading(text, PARAGRAPH_LEVEL))
            return
        self.blocks.append(Text(text, "" if is_bold else _label(begun)))

    def end_items(self) -> None:
        if self._items:
            self.blocks.append(Listed(tuple(self._items)))
            self._items = []

    def _heading(self, node: LexborNode, level: int) -> None:
        """One that holds a list or another heading only begins there: what is in it comes after."""
        self.end_line()
        if _holds_blocks(node):
            self.children(node, bold=True)
            self.end_line()
            return
        text = _text(node)
        if text:
            self.end_items()
            too_long = len(text) > LONGEST_HEADING
            self.blocks.append(Text(text) if too_long else Heading(text, level))

    def _list(self, node: LexborNode) -> None:
        self.end_line()
        self.end_items()
        if items := tuple(_items(node)):
            self.blocks.append(Listed(items))

    def _table(self, node: LexborNode) -> None:
        """A table that lays a page out is read cell after cell, any other a row an entry."""
        self.end_line()
        self.end_items()
        if _holds_blocks(node):
            self.children(node)
            self.end_line()
            return
        for caption in node.css("caption"):
            self.blocks.append(Heading(_text(caption), PARAGRAPH_LEVEL))
        rows = [[_text(cell) for cell in row.css("td, th")] for row in node.css("tr")]
        if items := tuple(filter(None, map(_row, rows))):
            self.blocks.append(Listed(items))

    def _definitions(self, node: LexborNode) -> None:
        self.end_line()
        self.end_items()
        items: list[str] = []
        term = ""
        for child in _children(node):
            text = _text(child)
            if child.tag == "dt":
                items += [term] if term else []
                term = text
            elif text:
                items.append(_row([term, text]))
                term = ""
        if items := [item for item in (*items, term) if item]:
            self.blocks.append(Listed(tuple(items)))


def _lines_of(node: LexborNode) -> Iterator[str]:
    """What an element shows, line after line, whatever the lines are."""
    walk = _Walk()
    walk.children(node)
    walk.end_line()
    walk.end_items()
    for block in walk.blocks:
        yield from block.items if isinstance(block, Listed) else (block.text,)
    yield from walk.around


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _holds_blocks(node: LexborNode) -> bool:
    found = node.css("h1, h2, h3, h4, h5, h6, ul, ol, table, dl, article")
    return any(one.mem_id != node.mem_id for one in found)  # which finds the element itself too


def _items(node: LexborNode) -> Iterator[str]:
    """The entries of a list, those of lists in it after the one that they are in."""
    line: list[str] = []
    for child in _children(node):
        if child.tag in LISTS or (child.tag not in (None, "") and _has_list(child)):
            if text := tidy("".join(line)):
                yield text
            line = []
            yield from _items(child)
        elif child.tag == "li":
            if text := tidy("".join(line)):
                yield text
            line = []
            if text := _text(child):
                yield text
        else:
            line.append(_flat(child))
    if text := tidy("".join(line)):
        yield text


def _has_list(node: LexborNode) -> bool:
    return not node.is_text_node and node.css_first("ul, ol, menu, dir") is not None


def _text(node: LexborNode) -> str:
    return tidy(_flat(node))


def _flat(node: LexborNode) -> str:
    """All that is shown of an element, as one line."""
    if node.is_text_node:
        return node.text_content or ""
    tag = node.tag or ""
    if tag in NOT_SHOWN or node.is_comment_node:
        return ""
    if tag == "img":
        return f" {node.attributes.get('alt') or ''} "
    inside = "".join(map(_flat, _children(node)))
    return f"{inside}{_target(node)}" if tag in INLINE else f" {inside} "


def _target(node: LexborNode) -> str:
    """Where a link leads, unless its text says that."""
    to = (node.attributes.get("href") or "").strip() if node.tag == "a" else ""
    if not re.match(r"https?://|mailto:", to):
        return ""
    to = to.removeprefix("mailto:")
    return "" if to.rstrip("/") in tidy(node.text()) else f" ({to})"


def _row(cells: list[str]) -> str:
    """A row as an entry: `Grade: 7`."""
    said = [cell for cell in cells if cell]
    if len(said) == 2:
        return f"{said[0].rstrip(':：')}: {said[1]}"
    return " · ".join(said)


def _label(parts: list[tuple[str, bool]]) -> str:
    """What is bold at the beginning of a line up to a colon, if that is what begins it."""
    first, bold = parts[0]
    label = tidy(first)
    follows = tidy(parts[1][0]) if len(parts) > 1 else ""
    if bold and (label.endswith((":", "：")) or follows.startswith((":", "："))):
        return label
    return ""

"""Reads Markdown, or text that people have marked up by habit, into a source."""

import re

from markdown_it import MarkdownIt

from bot.library.new_role.page import read_page
from bot.library.new_role.source import Source

BULLET = re.compile(
    r"^([ \t\u3000]*)(?:[•●▪◦‣·・○][ \t\u3000\u00a0]*|[–—][ \t\u3000\u00a0]+)(?=\S)", re.MULTILINE
)
"""What people begin the entries of a list with, where Markdown knows no list."""

MARKED = re.compile(
    r"^[ \t]*(【[^】\n]+】|[＜〈《［][^＞〉》］\n]+[＞〉》］]|[■◆▼▶□◇][^。\n]{1,40})[ \t]*$",
    re.MULTILINE,
)
"""A heading by the mark before or around it, as Japanese postings have."""

LABELLED = re.compile(r"(?:\*\*|__)[^*_\n]{1,60}(?:\*\*|__)")
"""How a line begins that is one of its own, though no empty line is before it."""

FACT = re.compile(r"[^.!?。:：|>#\n]{2,40}[:：]\s*\S.*")
ENDS_SENTENCE = re.compile(r"[.!?。！？…]\W*$")
LONGEST_OF_LIST = 60

BREAK = re.compile(r"&lt;br ?/?&gt;")
HARD_BREAK = "\\\n"
PARAGRAPH = re.compile(
    r"(?:^(?![ \t]*(?:[-*+][ \t]|[-=_*]{2,}[ \t]*$|[>#|]|\d+[.)]|$|```|    )).*\n?){2,}",
    re.MULTILINE,
)
"""Lines in a row that are neither empty nor marked as anything else."""


def read_markdown(text: str) -> Source:
    """The text's headings, paragraphs and lists. Whatever looks like HTML in it is kept as text."""
    plain = BULLET.sub(_bullet, text.replace("\r\n", "\n").replace("\r", "\n"))
    plain = PARAGRAPH.sub(_lines, MARKED.sub(r"\n\1\n", plain))
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return read_page(BREAK.sub("<br>", reader.render(plain)))


def _bullet(found: re.Match[str]) -> str:
    return found[1].replace("\u3000", "  ") + "- "


def _lines(found: re.Match[str]) -> str:
    """The paragraph, with its lines kept apart where they are not one text broken into lines."""
    lines = found[0].rstrip("\n").split("\n")
    end = found[0][len("\n".join(lines)) :]
    are_facts = all(FACT.match(line.lstrip("*_ ")) for line in lines)
    are_list = not any(ENDS_SENTENCE.search(line) or len(line) > LONGEST_OF_LIST for line in lines)
    said = lines[0]
    for line in lines[1:]:
        apart = are_facts or are_list or LABELLED.match(line)
        said = f"{said.rstrip()}{HARD_BREAK}{line}" if apart else f"{said}\n{line}"
    return said + end

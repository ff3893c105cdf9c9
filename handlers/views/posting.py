"""The text of a posting as blocks, as much of it as a message takes."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from slack_sdk.models.blocks import Block

from bot.domain.posting import Section
from handlers.views.common import (
    MOST_BLOCKS,
    Json,
    bullets,
    columns,
    context,
    in_lists,
    plain,
    titled,
)

MOST_IN_DESCRIPTION = 11_000
"""Characters: some less than the 12,000 that a message has room for, with its buttons."""

BESIDE = 4
"""Blocks that stand beside a description in its message."""

SHORTENED = (
    "This description is too long for one message in Slack. “Get Markdown” in the menu of the "
    "posted message gives you all of it."
)


def section_blocks(section: Section) -> list[Block]:
    """The heading stands above whatever comes first."""
    heading, lead = section.heading, section.lead
    if not section.items:
        lead = (*lead, *section.paragraphs)
    prose = [titled(heading, lead[0]), *map(plain, lead[1:])] if heading and lead else ()
    blocks: list[Block] = [*(prose or map(plain, lead))]
    if not section.items:
        return blocks
    above = "" if prose else heading
    if above and section.scans:
        return [*blocks, columns(above, section.items), *map(plain, section.paragraphs)]
    first, *others = in_lists(section.items)
    lists = [bullets(above, first), *(bullets("", part) for part in others)]
    return [*blocks, *lists, *map(plain, section.paragraphs)]


def fitting(blocks: Sequence[Json]) -> list[Json]:
    """As many of a description's blocks as one message takes, and a line that says where the rest
    is."""
    sizes = list(accumulate(_characters(block) for block in blocks))
    count = min(bisect_right(sizes, MOST_IN_DESCRIPTION), MOST_BLOCKS - BESIDE)
    if count == len(blocks):
        return list(blocks)
    return [*blocks[:count], context(SHORTENED).to_dict()]


def _characters(value: Any) -> int:
    """Of the text that is shown, which is what Slack counts."""
    if isinstance(value, dict):
        texts = (text for key, text in value.items() if key == "text" and isinstance(text, str))
        return sum(map(len, texts)) + sum(map(_characters, value.values()))
    return sum(map(_characters, value)) if isinstance(value, list) else 0

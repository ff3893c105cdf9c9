"""Blocks that several features use."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    Option,
    OptionGroup,
    PlainTextObject,
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextPreformattedElement,
    RichTextSectionElement,
    SectionBlock,
)

from bot.domain.names import search_key
from bot.domain.roles import Category, Role
from bot.library.documents import escape_mrkdwn
from handlers.ids import ViewId

Json = dict[str, Any]

MOST_BLOCKS = 50
MOST_CHARACTERS = 11_000
"""Of one message's blocks as JSON: below the 12,000 at which Slack begins to refuse them."""

HOW_TO_ADD = (
    "To add a role, give whoever runs Panelist its description: “Write content” in Panelist's docs "
    "says what goes into it."
)
"""What follows where a role is not in the library."""

MOST_SECTION = 3000
MOST_OPTIONS = 100
MOST_DESCRIPTION = 75


def cut(text: str, most: int) -> str:
    """The text, or as much of it as fits, ending in an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def plain(text: str) -> SectionBlock:
    """A paragraph of anybody's text, shown as it is."""
    return SectionBlock(text=PlainTextObject(text=cut(text, MOST_SECTION), emoji=False))


def mrkdwn(text: str) -> SectionBlock:
    """A paragraph of our own words; whatever is put into them must have been escaped."""
    return SectionBlock(text=MarkdownTextObject(text=text))


def context(text: str) -> ContextBlock:
    """A small grey line of anybody's text."""
    return ContextBlock(elements=[PlainTextObject(text=cut(text, MOST_SECTION), emoji=False)])


def and_more(count: int) -> list[Block]:
    """That there are so many more than are listed, if there are."""
    return [context(f"And {count} more.")] if count > 0 else []


def header(text: str) -> HeaderBlock:
    return HeaderBlock(text=PlainTextObject(text=cut(text, 150), emoji=False))


def bullets(title: str, items: Iterable[str]) -> RichTextBlock:
    """A bold title, if there is one, over a list of anybody's texts."""
    return _list(title, ([RichTextElementParts.Text(text=item)] for item in items))


def long_bullets(title: str, items: Iterable[str]) -> list[RichTextBlock]:
    """The same for a list of any length: in several blocks, so that messages can part them."""
    return [
        bullets(title if number == 0 else f"{title} (continued)", part)
        for number, part in enumerate(in_lists(items))
    ]


def in_lists(items: Iterable[str]) -> list[list[str]]:
    """The items, as many in each list as one block shows well."""
    parts: list[list[str]] = [[]]
    for item in items:
        if sum(map(len, parts[-1])) + len(item) > MOST_SECTION and parts[-1]:
            parts.append([])
        parts[-1].append(item)
    return parts


def labelled(title: str, items: Iterable[tuple[str, str]]) -> RichTextBlock:
    """A bold title over a list whose items begin with a bold label."""
    part = RichTextElementParts.Text
    return _list(
        title,
        ([part(text=f"{label}: ", style={"bold": True}), part(text=text)] for label, text in items),
    )


def _list(title: str, items: Iterable[list[RichTextElement]]) -> RichTextBlock:
    bold = RichTextElementParts.Text(text=title, style={"bold": True})
    return RichTextBlock(
        elements=[
            *([RichTextSectionElement(elements=[bold])] if title else []),
            RichTextListElement(
                style="bullet",
                elements=[RichTextSectionElement(elements=item) for item in items],
            ),
        ]
    )


def columns(title: str, items: Sequence[str]) -> SectionBlock:
    """A bold title over up to ten short texts in two columns."""
    fields = [PlainTextObject(text=item, emoji=False) for item in items[:10]]
    return SectionBlock(text=MarkdownTextObject(text=f"*{escape_mrkdwn(title)}*"), fields=fields)


def titled(title: str, text: str) -> RichTextBlock:
    """A bold title over a paragraph of anybody's text."""
    part = RichTextElementParts.Text
    return RichTextBlock(
        elements=[
            RichTextSectionElement(
                elements=[part(text=f"{title}\n", style={"bold": True}), part(text=text)]
            )
        ]
    )


def preformatted(text: str) -> RichTextBlock:
    """Text to be copied, in a box."""
    part = RichTextElementParts.Text
    return RichTextBlock(elements=[RichTextPreformattedElement(elements=[part(text=text)])])


def actions(elements: Sequence[Any]) -> ActionsBlock:
    return ActionsBlock(elements=list(elements))


def role_options(categories: Iterable[tuple[Category, Sequence[Role]]]) -> list[OptionGroup]:
    """A select's options: roles, by slug, in groups by category (100 to a group at most)."""
    return [
        OptionGroup(
            label=PlainTextObject(text=cut(category.name, 75)),
            options=[
                Option(
                    text=PlainTextObject(text=cut(role.title, 75)),
                    value=role.slug,
                    description=_also_known_as(role),
                )
                for role in roles[start : start + MOST_OPTIONS]
            ],
        )
        for category, roles in categories
        for start in range(0, len(roles), MOST_OPTIONS)
    ]


def _also_known_as(role: Role) -> PlainTextObject | None:
    """As many of the role's other names as fit below its title: the short ones, each of which has
    a word that is not there yet."""
    text, words = "", _words(role.title)
    for name in sorted(other_names(role, most=len(role.aliases)), key=len):
        longer, new = f"{text}, {name}" if text else name, _words(name)
        if len(longer) <= MOST_DESCRIPTION and not new <= words:
            text, words = longer, words | new
    return PlainTextObject(text=text, emoji=False) if text else None


def _words(name: str) -> set[str]:
    return set(name.casefold().replace("-", " ").split())


def other_names(role: Role, most: int = 3) -> list[str]:
    """What else the role goes by: aliases that differ by more than a hyphen."""
    seen = {search_key(role.title)}
    names = []
    for alias in role.aliases:
        key = search_key(alias)
        if key not in seen:
            seen.add(key)
            names.append(alias)
    return names[:most]


def as_json(blocks: Iterable[Block]) -> list[Json]:
    return [block.to_dict() for block in blocks]


def private(text: str, blocks: Iterable[Block]) -> Json:
    """A message for the person alone; `text` is its plain summary, for notifications."""
    return {
        "response_type": "ephemeral",
        "text": cut(escape_mrkdwn(text), 4000),
        "blocks": as_json(blocks),
    }


def notice(text: str) -> Json:
    """A sentence for the person alone."""
    return private(text, [plain(text)])


def size_of(blocks: Iterable[Json]) -> int:
    """Characters of the blocks as JSON, to be held against MOST_CHARACTERS."""
    return sum(len(json.dumps(block, ensure_ascii=False)) for block in blocks)


def in_pieces(blocks: Iterable[Block], besides: int = 0) -> list[list[Json]]:
    """The blocks in order, in as few messages as Slack's limits allow, each with room for so many
    more."""
    pieces: list[list[Json]] = [[]]
    size = 0
    for block in as_json(blocks):
        length = len(json.dumps(block, ensure_ascii=False))
        if pieces[-1] and (
            len(pieces[-1]) == MOST_BLOCKS - besides or size + length > MOST_CHARACTERS
        ):
            pieces.append([])
            size = 0
        pieces[-1].append(block)
        size += length
    return pieces


def modal(
    title: str,
    blocks: Iterable[Block | Json],
    *,
    close: str,
    submit: str | None = None,
    callback: ViewId | None = None,
    metadata: str | None = None,
) -> Json:
    """A modal: one that is only read, or, with `submit` on its button and the `callback` that
    answers it, a form. What we keep in it is the `metadata`, a dumped token."""
    parts = {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": PlainTextObject(text=title).to_dict(),
        "submit": PlainTextObject(text=submit).to_dict() if submit is not None else None,
        "close": PlainTextObject(text=close).to_dict(),
        "blocks": [block.to_dict() if isinstance(block, Block) else block for block in blocks],
    }
    return {name: part for name, part in parts.items() if part is not None}


def error_view(text: str) -> Json:
    """A modal that says what is wrong; what lies below it stays as it was."""
    return modal("That didn't work", [plain(text)], close="Back")

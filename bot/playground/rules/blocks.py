"""Slack's rules for blocks, by surface."""

from collections.abc import Iterator
from typing import Any

from bot.playground.rules.block_elements import (
    BUTTON,
    FEEDBACK_BUTTONS,
    FILE_INPUT,
    ID,
    IMAGE,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    SLACK_FILE,
    URL,
    WEB_URL,
    any_text,
    plain_text,
    rich_text_input,
    texts,
)
from bot.playground.rules.schema import (
    Check,
    array,
    at_least_one,
    boolean,
    choice,
    exactly_one,
    fault,
    integer,
    number,
    record,
    string,
    tagged,
)


def block(
    required: dict[str, Check], optional: dict[str, Check] | None = None, *also: Check
) -> Check:
    return record(required, {"block_id": ID, **(optional or {})}, *also)


STYLES = record({}, dict.fromkeys(("bold", "italic", "strike", "underline", "code"), boolean))
MENTION_STYLES = record(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "highlight", "client_highlight", "unlink", "underline"),
        boolean,
    ),
)
INLINE: dict[str, Check] = {
    "text": record({"text": string(least=1)}, {"style": STYLES}),
    "link": record({"url": URL}, {"text": string(), "unsafe": boolean, "style": STYLES}),
    "user": record({"user_id": string(least=1)}, {"style": MENTION_STYLES}),
    "usergroup": record({"usergroup_id": string(least=1)}, {"style": MENTION_STYLES}),
    "channel": record({"channel_id": string(least=1)}, {"style": MENTION_STYLES}),
    "team": record({"team_id": string(least=1)}, {"style": MENTION_STYLES}),
    "broadcast": record({"range": choice("here", "channel", "everyone")}, {"style": STYLES}),
    "emoji": record(
        {"name": string(least=1)},
        {"unicode": string(), "skin_tone": integer(1, 6), "style": STYLES},
    ),
    "date": record(
        {"timestamp": integer(0), "format": string(least=1)},
        {"url": URL, "fallback": string(), "style": STYLES},
    ),
    "color": record({"value": string(least=1)}, {"style": STYLES}),
}
BORDER = choice(0, 1)
RICH_SECTION = record({"elements": array(tagged(INLINE), least=0)})
RICH_PARTS: dict[str, Check] = {
    "rich_text_section": RICH_SECTION,
    "rich_text_list": record(
        {
            "style": choice("bullet", "ordered"),
            "elements": array(tagged({"rich_text_section": RICH_SECTION})),
        },
        {"indent": integer(0, 8), "offset": integer(0), "border": BORDER},
    ),
    "rich_text_quote": record({"elements": array(tagged(INLINE), least=0)}, {"border": BORDER}),
    "rich_text_preformatted": record(
        {"elements": array(tagged({key: INLINE[key] for key in ("text", "link")}), least=0)},
        {"border": BORDER, "language": string()},
    ),
}
RICH_TEXT: dict[str, Check] = {"rich_text": block({"elements": array(tagged(RICH_PARTS))})}
ONE_RICH_TEXT = tagged(RICH_TEXT)

CELL = tagged(
    {
        "raw_text": record({"text": string(least=1)}),
        "raw_number": record({"value": number}, {"text": string(least=1)}),
        **RICH_TEXT,
    }
)
COLUMN = record({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})


def _column(value: Any, path: str) -> Iterator[str]:
    if value is not None:
        yield from COLUMN(value, path)


def _title_leads_safely(value: Any, path: str) -> Iterator[str]:
    if "title_url" in value and not value["title_url"].lower().startswith("https://"):
        yield fault("must be an https url", f"{path}/title_url")


def _input(elements: dict[str, Check]) -> dict[str, Check]:
    return {
        "input": block(
            {"label": plain_text(2000), "element": tagged(elements)},
            {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
        )
    }


EVERYWHERE: dict[str, Check] = {
    "section": block(
        {},
        {
            "text": any_text(3000),
            "fields": array(any_text(2000), 10),
            "accessory": tagged(IN_SECTION),
            "expand": boolean,
        },
        at_least_one("text", "fields"),
    ),
    "divider": block({}),
    "header": block({"text": plain_text(150)}),
    "context": block({"elements": array(tagged({**texts(3000), **IMAGE}), 10)}),
    "actions": block({"elements": array(tagged(IN_ACTIONS), 25)}),
    "image": block(
        {"alt_text": string(2000, least=1)},
        {"image_url": WEB_URL, "slack_file": SLACK_FILE, "title": plain_text(2000)},
        exactly_one("image_url", "slack_file"),
    ),
    "video": block(
        {
            "alt_text": string(least=1),
            "title": plain_text(199),
            "thumbnail_url": WEB_URL,
            "video_url": WEB_URL,
        },
        {
            "author_name": string(49),
            "description": plain_text(200),
            "provider_icon_url": WEB_URL,
            "provider_name": string(),
            "title_url": WEB_URL,
        },
        _title_leads_safely,
    ),
    **RICH_TEXT,
}

CARD: dict[str, Check] = {
    "card": block(
        {},
        {
            "hero_image": tagged(IMAGE),
            "icon": tagged(IMAGE),
            "title": any_text(150),
            "subtitle": any_text(150),
            "body": any_text(200),
            "actions": array(tagged(BUTTON), 3),
        },
        at_least_one("hero_image", "title", "actions", "body"),
    )
}
TASK_CARD: dict[str, Check] = {
    "task_card": block(
        {
            "task_id": string(least=1),
            "title": string(least=1),
            "status": choice("pending", "in_progress", "complete", "error"),
        },
        {
            "details": ONE_RICH_TEXT,
            "output": ONE_RICH_TEXT,
            "sources": array(tagged({"url": record({"url": WEB_URL, "text": string(least=1)})})),
        },
    )
}
MESSAGE_ONLY: dict[str, Check] = {
    **CARD,
    **TASK_CARD,
    "carousel": block({"elements": array(tagged(CARD), 10)}),
    "context_actions": block({"elements": array(tagged(FEEDBACK_BUTTONS), 5)}),
    "file": block({"external_id": string(least=1), "source": choice("remote")}),
    "markdown": block({"text": string(12_000, least=1)}),
    "plan": block({"title": string(least=1)}, {"tasks": array(tagged(TASK_CARD), least=0)}),
    "table": block(
        {"rows": array(array(CELL, 20), 100)},
        {"column_settings": array(_column, 20, least=0)},
    ),
}
MODAL_ONLY: dict[str, Check] = {
    "alert": block(
        {"text": any_text(200)},
        {"level": choice("default", "info", "warning", "error", "success")},
    )
}

BLOCKS: dict[str, Check] = {
    "message": tagged({**EVERYWHERE, **_input(IN_INPUT), **MESSAGE_ONLY}),
    "modal": tagged(
        {
            **EVERYWHERE,
            **_input({**IN_INPUT, **rich_text_input(ONE_RICH_TEXT), **FILE_INPUT}),
            **MODAL_ONLY,
        }
    ),
    "home": tagged({**EVERYWHERE, **_input(IN_INPUT)}),
}
"""What a block has to be, by surface."""

"""Slack's rules for block elements and composition objects."""

from collections.abc import Iterator
from typing import Any

from bot.playground.rules.schema import (
    Check,
    array,
    at_least_one,
    boolean,
    choice,
    exactly_one,
    fault,
    integer,
    record,
    string,
    tagged,
)

ID = string(255, least=1)
URL = string(3000, least=1, pattern=r"(?i)[a-z][a-z0-9+.-]*:\S+")
WEB_URL = string(3000, least=1, pattern=r"(?i)https?://\S+")
PERSON = string(pattern=r"[UW][A-Z0-9]+")
CHANNEL = string(pattern=r"[CG][A-Z0-9]+")
CONVERSATION = string(pattern=r"[CDGUW][A-Z0-9]+")
NUMBER = string(pattern=r"-?\d+(\.\d+)?", least=1)
TEXT_MOST = 3000


def plain_text(most: int) -> Check:
    return tagged({"plain_text": _plain(most)})


def texts(most: int) -> dict[str, Check]:
    """Plain text and mrkdwn, by type."""
    return {"plain_text": _plain(most), "mrkdwn": _mrkdwn(most)}


def any_text(most: int) -> Check:
    return tagged(texts(most))


def _plain(most: int) -> Check:
    return record({"text": string(most, least=1)}, {"emoji": boolean})


def _mrkdwn(most: int) -> Check:
    return record({"text": string(most, least=1)}, {"verbatim": boolean})


CONFIRM = record(
    {
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": choice("primary", "danger")},
)
STYLE = choice("primary", "danger")
DISPATCH = record(
    {"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 2)}
)
SLACK_FILE = record({}, {"id": string(), "url": string()}, exactly_one("id", "url"))
FILTER = record(
    {},
    {
        "include": array(choice("im", "mpim", "private", "public")),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
WORKFLOW = record(
    {
        "trigger": record(
            {"url": WEB_URL},
            {
                "customizable_input_parameters": array(
                    record({"name": string(), "value": string()}), least=0
                )
            },
        )
    }
)
FEEDBACK = record(
    {"text": plain_text(75), "value": string(2000)}, {"accessibility_label": string(75)}
)

OPTION = record(
    {"text": plain_text(75), "value": string(150, least=1)}, {"description": plain_text(75)}
)
RICH_OPTION = record(
    {"text": any_text(75), "value": string(150, least=1)}, {"description": any_text(75)}
)
LINK_OPTION = record(
    {"text": plain_text(75), "value": string(150, least=1)},
    {"description": plain_text(75), "url": WEB_URL},
)
OPTION_GROUP = record({"label": plain_text(75), "options": array(OPTION, 100)})


def _options(value: dict[str, Any]) -> list[dict[str, Any]]:
    groups = value.get("option_groups", [])
    return [*value.get("options", []), *(option for group in groups for option in group["options"])]


def _distinct_options(value: Any, path: str) -> Iterator[str]:
    seen = set()
    for option in _options(value):
        if option["value"] in seen:
            yield fault(f"option value {option['value']!r} is used more than once", path)
        seen.add(option["value"])


def _initial_among_options(value: Any, path: str) -> Iterator[str]:
    offered = _options(value)
    if "initial_option" in value and value["initial_option"] not in offered:
        yield fault("must be one of the provided options", f"{path}/initial_option")
    for index, option in enumerate(value.get("initial_options", ())):
        if option not in offered:
            yield fault("must be one of the provided options", f"{path}/initial_options/{index}")


def _initial_within_most(value: Any, path: str) -> Iterator[str]:
    most = value.get("max_selected_items")
    for key, initial in value.items():
        if most and key.startswith("initial_") and len(initial) > most:
            yield fault(f"no more than {most} items allowed", f"{path}/{key}")


def _lengths(value: Any, path: str) -> Iterator[str]:
    most = value.get("max_length", TEXT_MOST)
    if value.get("min_length", 0) > most:
        yield fault("must not be greater than max_length", f"{path}/min_length")
    if len(value.get("initial_value", "")) > most:
        yield fault(f"must be less than {most + 1} characters", f"{path}/initial_value")


def _number_bounds(value: Any, path: str) -> Iterator[str]:
    bounds = [float(value[key]) for key in ("min_value", "max_value") if key in value]
    if len(bounds) == 2 and bounds[0] > bounds[1]:
        yield fault("must not be greater than max_value", f"{path}/min_value")
    initial = float(value.get("initial_value", "nan"))
    if initial < float(value.get("min_value", "-inf")) or initial > float(
        value.get("max_value", "inf")
    ):
        yield fault("must be between min_value and max_value", f"{path}/initial_value")
    for key in ("initial_value", "min_value", "max_value"):
        if not value["is_decimal_allowed"] and "." in value.get(key, ""):
            yield fault("must be a whole number", f"{path}/{key}")


def _interactive(
    required: dict[str, Check], optional: dict[str, Check] | None = None, *also: Check
) -> Check:
    return record(required, {"action_id": ID, "confirm": CONFIRM, **(optional or {})}, *also)


def _control(
    required: dict[str, Check], optional: dict[str, Check] | None = None, *also: Check
) -> Check:
    return _interactive(required, {"focus_on_load": boolean, **(optional or {})}, *also)


def _menu(optional: dict[str, Check], *also: Check) -> Check:
    return _control({}, {"placeholder": plain_text(150), **optional}, *also)


def _multi_menu(optional: dict[str, Check], *also: Check) -> Check:
    optional = {"max_selected_items": integer(1), **optional}
    return _menu(optional, _initial_within_most, *also)


def _text_input(optional: dict[str, Check], *also: Check, **required: Check) -> Check:
    common = {
        "action_id": ID,
        "placeholder": plain_text(150),
        "focus_on_load": boolean,
        "dispatch_action_config": DISPATCH,
    }
    return record(required, {**common, **optional}, *also)


CHOICES: dict[str, Check] = {
    "options": array(OPTION, 100),
    "option_groups": array(OPTION_GROUP, 100),
}
ONE_SOURCE = (exactly_one("options", "option_groups"), _distinct_options, _initial_among_options)

SELECTS: dict[str, Check] = {
    "static_select": _menu({**CHOICES, "initial_option": OPTION}, *ONE_SOURCE),
    "external_select": _menu({"min_query_length": integer(0), "initial_option": OPTION}),
    "users_select": _menu({"initial_user": PERSON}),
    "conversations_select": _menu(
        {
            "initial_conversation": CONVERSATION,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": FILTER,
        }
    ),
    "channels_select": _menu({"initial_channel": CHANNEL, "response_url_enabled": boolean}),
}
MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": _multi_menu(
        {**CHOICES, "initial_options": array(OPTION, 100)}, *ONE_SOURCE
    ),
    "multi_external_select": _multi_menu(
        {"min_query_length": integer(0), "initial_options": array(OPTION, 100)}
    ),
    "multi_users_select": _multi_menu({"initial_users": array(PERSON, least=0)}),
    "multi_conversations_select": _multi_menu(
        {
            "initial_conversations": array(CONVERSATION, least=0),
            "default_to_current_conversation": boolean,
            "filter": FILTER,
        }
    ),
    "multi_channels_select": _multi_menu({"initial_channels": array(CHANNEL, least=0)}),
}
PICKERS: dict[str, Check] = {
    "datepicker": _menu({"initial_date": string(pattern=r"\d{4}-(0[1-9]|1[0-2])-[0-3]\d")}),
    "timepicker": _menu(
        {"initial_time": string(pattern=r"([01]\d|2[0-3]):[0-5]\d"), "timezone": string(least=1)}
    ),
}
DATE_TIME: dict[str, Check] = {
    "datetimepicker": _control({}, {"initial_date_time": integer(10**9, 10**10 - 1)})
}
CHECKS: dict[str, Check] = {
    "radio_buttons": _control(
        {"options": array(RICH_OPTION, 10)},
        {"initial_option": RICH_OPTION},
        _distinct_options,
        _initial_among_options,
    ),
    "checkboxes": _control(
        {"options": array(RICH_OPTION, 10)},
        {"initial_options": array(RICH_OPTION, 10)},
        _distinct_options,
        _initial_among_options,
    ),
}
BUTTON: dict[str, Check] = {
    "button": _interactive(
        {"text": plain_text(75)},
        {"value": string(2000), "url": URL, "style": STYLE, "accessibility_label": string(75)},
    )
}
BUTTONS: dict[str, Check] = {
    **BUTTON,
    "overflow": _interactive({"options": array(LINK_OPTION, 5, least=2)}, {}, _distinct_options),
    "workflow_button": record(
        {"text": plain_text(75), "workflow": WORKFLOW, "action_id": ID},
        {"style": STYLE, "accessibility_label": string(75)},
    ),
}
TEXT_INPUTS: dict[str, Check] = {
    "plain_text_input": _text_input(
        {
            "initial_value": string(),
            "multiline": boolean,
            "min_length": integer(0, TEXT_MOST),
            "max_length": integer(1, TEXT_MOST),
        },
        _lengths,
    ),
    "email_text_input": _text_input({"initial_value": string()}),
    "url_text_input": _text_input({"initial_value": string()}),
    "number_input": _text_input(
        {"initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
        _number_bounds,
        is_decimal_allowed=boolean,
    ),
}
FILE_INPUT: dict[str, Check] = {
    "file_input": record(
        {}, {"action_id": ID, "filetypes": array(string(least=1)), "max_files": integer(1, 10)}
    )
}
IMAGE: dict[str, Check] = {
    "image": record(
        {"alt_text": string(2000, least=1)},
        {"image_url": WEB_URL, "slack_file": SLACK_FILE},
        exactly_one("image_url", "slack_file"),
    )
}
FEEDBACK_BUTTONS: dict[str, Check] = {
    "feedback_buttons": record(
        {"positive_button": FEEDBACK, "negative_button": FEEDBACK}, {"action_id": ID}
    ),
    "icon_button": _interactive(
        {"icon": choice("trash"), "text": plain_text(75)},
        {
            "value": string(2000),
            "accessibility_label": string(75),
            "visible_to_user_ids": array(PERSON),
        },
    ),
}

IN_SECTION = {**BUTTONS, **CHECKS, **PICKERS, **SELECTS, **MULTI_SELECTS, **IMAGE}
IN_ACTIONS = {**BUTTONS, **CHECKS, **PICKERS, **DATE_TIME, **SELECTS}
IN_INPUT = {**CHECKS, **PICKERS, **DATE_TIME, **SELECTS, **MULTI_SELECTS, **TEXT_INPUTS}
"""The elements of an input block on every surface; a modal has more."""


def rich_text_input(rich_text: Check) -> dict[str, Check]:
    """The rich text input, given what a `rich_text` block has to be."""
    return {
        "rich_text_input": _text_input(
            {
                "initial_value": rich_text,
                "min_lines": integer(1),
                "max_lines": integer(1),
            }
        )
    }

"""What a person can act on in blocks, what they have chosen, and what is amiss with it."""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.playground.state.models import Blocks, Json, View

TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})

KEYS = {
    **dict.fromkeys(TEXT_INPUTS, "value"),
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
"""Where each element with a state keeps it in `state.values`."""

LISTS = frozenset(kind for kind, key in KEYS.items() if key.endswith("s") or key == "files")
STATELESS = frozenset({"button", "overflow", "workflow_button", "feedback_buttons", "icon_button"})
SHAPES = {
    "email_text_input": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "Please enter a valid email address."),
    "url_text_input": (r"(?i)https?://\S+", "Please enter a valid URL, such as https://slack.com."),
}


def interactive(blocks: Blocks) -> Iterator[tuple[Json, Json]]:
    """Each element that sends something to the app, with its block."""
    for block in blocks:
        candidates = [block.get("accessory"), block.get("element")]
        if block.get("type") in ("actions", "context_actions"):
            candidates += block["elements"]
        for element in candidates:
            if element and (element["type"] in KEYS or element["type"] in STATELESS):
                yield block, element


def find(blocks: Blocks, block_id: str, action_id: str) -> Json | None:
    """The element with this address, if there is one."""
    for block, element in interactive(blocks):
        if block["block_id"] == block_id and element.get("action_id") == action_id:
            return element
    return None


def with_ids(blocks: Blocks) -> Blocks:
    """The blocks with an id for every block and element that has none, as Slack gives them."""
    filled = []
    for block in blocks:
        block = {**block, "block_id": block.get("block_id") or _id()}
        for key in ("accessory", "element"):
            if key in block:
                block[key] = _with_id(block[key])
        if block.get("type") in ("actions", "context_actions"):
            block["elements"] = [_with_id(element) for element in block["elements"]]
        filled.append(block)
    return filled


def options(element: Json) -> list[Json]:
    """Every option of an element, those in groups included."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def initial(element: Json, channel: str | None = None) -> Json:
    """The state of an element that nobody has touched; `channel` is the current conversation."""
    kind = element["type"]
    key = KEYS[kind]
    name = "initial_" + key.removeprefix("selected_")
    if kind == "rich_text_input":
        name = "initial_value"
    value = element.get(name)
    if value is None and element.get("default_to_current_conversation") and channel:
        value = [channel] if kind in LISTS else channel
    if value is None and kind in LISTS:
        value = []
    return _state(element, value)


def chosen(element: Json, raw: Any) -> Json:
    """The state of an element once a person has chosen or typed `raw`.

    Options are given by value; people, conversations, dates and times as Slack writes them;
    nothing as None or "". Raises ValueError where the element does not offer it.
    """
    kind = element["type"]
    key = KEYS[kind]
    if raw in (None, "", []):
        return _state(element, [] if kind in LISTS else None)
    if key == "selected_option":
        return _state(element, _option(element, raw))
    if key == "selected_options":
        return _state(element, [_option(element, value) for value in raw])
    if kind == "datetimepicker":
        return _state(element, int(raw))
    if kind == "rich_text_input" and isinstance(raw, str):
        return _state(element, _rich_text(raw))
    return _state(element, list(raw) if kind in LISTS else raw)


def initial_values(blocks: Blocks, channel: str | None = None) -> Json:
    """`state.values` of blocks that nobody has touched."""
    values: Json = {}
    for block, element in interactive(blocks):
        if element["type"] in KEYS:
            state = initial(element, channel)
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def merged(values: Json, states: Json) -> Json:
    """`values` with `states` in place of what they had for the same elements."""
    changed = {block: {**values.get(block, {}), **actions} for block, actions in states.items()}
    return {**values, **changed}


def carried_over(
    old: Mapping[str, Mapping[str, Json]], blocks: Blocks, channel: str | None
) -> Json:
    """The state of an updated view: what keeps its ids and type keeps what was typed into it."""
    values = initial_values(blocks, channel)
    for block_id, actions in values.items():
        for action_id, state in actions.items():
            before = old.get(block_id, {}).get(action_id)
            if before and before["type"] == state["type"]:
                actions[action_id] = before
    return values


def complaints(view: View) -> dict[str, str]:
    """What Slack's own client holds against a form before it is sent, by block id."""
    found = {}
    for block, element in interactive(view.blocks):
        if block["type"] == "input":
            state = view.values[block["block_id"]][element["action_id"]]
            complaint = _complaint(element, state[KEYS[element["type"]]], block.get("optional"))
            if complaint:
                found[block["block_id"]] = complaint
    return found


def _complaint(element: Json, value: Any, optional: bool | None) -> str | None:
    if value in (None, "", []):
        return None if optional else "Please complete this required field."
    kind = element["type"]
    if kind in SHAPES and not re.fullmatch(SHAPES[kind][0], value):
        return SHAPES[kind][1]
    if kind == "number_input":
        return _number_complaint(element, value)
    if kind == "plain_text_input":
        return _length_complaint(element, len(value))
    most = element.get("max_selected_items")
    if most and len(value) > most:
        return f"Please choose at most {most}."
    return None


def _length_complaint(element: Json, length: int) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if length < least:
        return f"Please enter at least {least} characters."
    if length > most:
        return f"Please enter at most {most} characters."
    return None


def _number_complaint(element: Json, text: str) -> str | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < Decimal(least):
        return f"Please enter a number that is at least {least}."
    if most is not None and number > Decimal(most):
        return f"Please enter a number that is at most {most}."
    return None


def _state(element: Json, value: Any) -> Json:
    return {"type": element["type"], KEYS[element["type"]]: value}


def _option(element: Json, raw: Any) -> Json:
    offered: Sequence[Json] = options(element)
    for option in offered:
        if option.get("value") == raw:
            return option
    raise ValueError(f"{raw!r} is not an option of {element.get('action_id')!r}")


def _rich_text(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def _with_id(element: Json) -> Json:
    if element["type"] not in KEYS and element["type"] not in STATELESS:
        return element
    return {**element, "action_id": element.get("action_id") or _id()}


def _id() -> str:
    return secrets.token_urlsafe(4)

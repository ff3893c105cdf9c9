"""Checks what an app wants to show, and refuses it in Slack's words."""

import json
from typing import Any

from bot.playground.rules.limits import CHARACTERS_MOST, Surface, characters, faults
from bot.playground.state.models import Blocks, Json, SlackError, View

VIEW_BYTES_MOST = 250_000


def structured(value: Any, error: str) -> Any:
    """A value that may come as JSON text, as it does in forms."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackError(error) from None


def message(payload: Json) -> Json:
    """The text, blocks and metadata of a message, for `Workspace.add_message`; only those given.

    Raises SlackError with Slack's own error where they break its rules.
    """
    if payload.get("attachments"):
        raise SlackError("invalid_attachments", ("[ERROR] attachments are not supported here",))
    content: Json = {}
    if payload.get("text") is not None:
        content["text"] = payload["text"]
    if payload.get("blocks") is not None:
        content["blocks"] = structured(payload["blocks"], "invalid_blocks_format")
    if payload.get("metadata") is not None:
        content["metadata"] = structured(payload["metadata"], "invalid_metadata_format")
    found = faults("message", content)
    if found:
        raise SlackError(_message_error(found, content), tuple(found))
    return content


def has_content(content: Json) -> bool:
    """Whether there is anything to show in a message."""
    return bool(str(content.get("text", "")).strip() or content.get("blocks"))


def message_with_content(payload: Json) -> Json:
    """As `message`; a message without text and blocks is refused too."""
    content = message(payload)
    if not has_content(content):
        raise SlackError("no_text")
    return {"text": "", **content}


def view(payload: Any, surface: Surface, taken: View | None = None) -> Json:
    """A view, for the workspace; `taken` is another one that already has its external id."""
    payload = structured(payload, "invalid_arguments")
    if len(json.dumps(payload).encode()) > VIEW_BYTES_MOST:
        raise SlackError("view_too_large")
    found = faults(surface, payload)
    if found:
        raise SlackError("invalid_arguments", tuple(found))
    if taken is not None:
        raise SlackError("duplicate_external_id")
    checked: Json = payload
    return checked


def _message_error(found: list[str], content: Json) -> str:
    if all("[json-pointer:/text]" in line for line in found):
        return "msg_too_long" if "must be less" in found[0] else "invalid_arguments"
    if all("[json-pointer:/metadata" in line for line in found):
        return "invalid_metadata_format"
    blocks: Blocks | Any = content.get("blocks")
    if len(found) == 1 and characters(blocks) > CHARACTERS_MOST and "in all" in found[0]:
        return "msg_blocks_too_long"
    return "invalid_blocks" if isinstance(blocks, list) else "invalid_blocks_format"

"""Slack's limits: what it would hold against a finished message or view."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from bot.playground.rules.block_elements import OPTION, OPTION_GROUP, plain_text
from bot.playground.rules.blocks import BLOCKS
from bot.playground.rules.schema import (
    Check,
    array,
    boolean,
    choice,
    exactly_one,
    fault,
    record,
    string,
)
from bot.playground.state.elements import interactive

Surface = Literal["message", "modal", "home"]

TEXT_MOST = 4000
BLOCKS_MOST: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
CHARACTERS_MOST = 12_000
CELLS_MOST = 10_000
SHOWN = frozenset({"text", "alt_text", "fallback"})


def _object(value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield fault("must provide an object", path)


def _anything(value: Any, path: str) -> Iterator[str]:
    yield from ()


METADATA = record({"event_type": string(255, least=1), "event_payload": _object})
VIEW: dict[str, Check] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
MODAL = {
    **VIEW,
    "title": plain_text(24),
    "submit": plain_text(24),
    "close": plain_text(24),
    "clear_on_close": boolean,
    "notify_on_close": boolean,
    "submit_disabled": boolean,
}


def faults(surface: Surface, payload: Any) -> list[str]:
    """What Slack would hold against this, as in `response_metadata.messages`; nothing where it
    would take it.

    A message is checked for its text, blocks and metadata; a view as a whole.
    """
    if not isinstance(payload, dict):
        return [fault("must provide an object", "" if surface == "message" else "/view")]
    if surface == "message":
        return list(_message(payload))
    return list(_view(surface, payload))


def option_faults(payload: Any) -> list[str]:
    """What Slack would hold against the answer to a `block_suggestion`."""
    answer = record(
        {},
        {
            "options": array(OPTION, 100, least=0),
            "option_groups": array(OPTION_GROUP, 100, least=0),
        },
        exactly_one("options", "option_groups"),
    )
    return list(answer(payload, ""))


def characters(value: Any) -> int:
    """How much text there is to read in blocks."""
    if isinstance(value, list):
        return sum(map(characters, value))
    if isinstance(value, dict):
        return sum(
            len(member) if key in SHOWN and isinstance(member, str) else characters(member)
            for key, member in value.items()
        )
    return 0


def _message(payload: dict[str, Any]) -> Iterator[str]:
    if "text" in payload:
        yield from string(TEXT_MOST)(payload["text"], "/text")
    if "metadata" in payload:
        yield from METADATA(payload["metadata"], "/metadata")
    if "blocks" in payload:
        yield from _blocks("message", payload["blocks"], "/blocks")


def _view(surface: Literal["modal", "home"], payload: dict[str, Any]) -> Iterator[str]:
    rules = MODAL if surface == "modal" else VIEW
    required: dict[str, Check] = {"type": choice(surface), "blocks": _anything}
    if surface == "modal":
        required["title"] = rules["title"]
    yield from record(required, rules)(payload, "/view")
    if "blocks" in payload:
        found = list(_blocks(surface, payload["blocks"], "/view/blocks"))
        yield from found
        if not found and surface == "modal":
            yield from _form(payload)


def _form(payload: dict[str, Any]) -> Iterator[str]:
    blocks = payload["blocks"]
    if "submit" not in payload and any(block["type"] == "input" for block in blocks):
        yield fault("missing required field: submit", "/view")
    focused = [element for _, element in interactive(blocks) if element.get("focus_on_load")]
    if len(focused) > 1:
        yield fault("only one element can set focus_on_load", "/view/blocks")


def _blocks(surface: Surface, blocks: Any, path: str) -> Iterator[str]:
    found = list(array(BLOCKS[surface], BLOCKS_MOST[surface], least=0)(blocks, path))
    yield from found
    if found:
        return
    yield from _repeated((block.get("block_id") for block in blocks), "block_id", path)
    for index, block in enumerate(blocks):
        ids = (element.get("action_id") for _, element in interactive([block]))
        yield from _repeated(ids, "action_id", f"{path}/{index}")
        yield from _response_url_menus(surface, block, f"{path}/{index}")
    if surface == "message":
        yield from _totals(blocks, path)


def _repeated(ids: Iterator[str | None], key: str, path: str) -> Iterator[str]:
    for name, times in Counter(name for name in ids if name is not None).items():
        if times > 1:
            yield fault(f"`{key}` {name!r} already exists", path)


def _response_url_menus(surface: Surface, block: dict[str, Any], path: str) -> Iterator[str]:
    for _, element in interactive([block]):
        if element.get("response_url_enabled") and (surface != "modal" or block["type"] != "input"):
            yield fault("response_url_enabled works only in a modal's input blocks", path)


def _totals(blocks: list[dict[str, Any]], path: str) -> Iterator[str]:
    tables = [block for block in blocks if block["type"] == "table"]
    if len(tables) > 1:
        yield fault("only one table is allowed", path)
    if characters(tables) > CELLS_MOST:
        yield fault(f"tables must be less than {CELLS_MOST + 1} characters in all", path)
    if characters(blocks) > CHARACTERS_MOST:
        yield fault(f"must be less than {CHARACTERS_MOST + 1} characters in all", path)

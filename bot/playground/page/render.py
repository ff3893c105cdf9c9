"""Block Kit as HTML: pure, and everything that anybody wrote is shown as text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from bot.playground.page.render_markdown import markdown
from bot.playground.page.render_rich import rich_text
from bot.playground.page.render_text import Choice, Reader, is_safe, mrkdwn, text_object
from bot.playground.state.clock import clock_time, day_and_time
from bot.playground.state.elements import KEYS, LISTS, TEXT_INPUTS, initial
from bot.playground.state.emoji import with_emoji
from bot.playground.state.models import Json, Values

NO_STATE: Json = {}
SELECT_KINDS = {
    "channel": ("channel",),
    "conversation": ("channel", "private", "im"),
}
FILTER_KINDS = {"public": "channel", "private": "private", "im": "im", "mpim": "mpim"}


@dataclass(frozen=True)
class Surface:
    """What blocks are drawn on: a message, a modal or Home."""

    key: str
    """Unique on the page; ids of elements begin with it."""

    reader: Reader
    values: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Pick:
    """An entry of a select: the value or id that stands for it, and how it reads."""

    raw: str
    text: str
    description: str = ""


@dataclass(frozen=True)
class PickGroup:
    label: str
    picks: Sequence[Pick]


def environment(templates: Path) -> Environment:
    """Jinja2 over the page's templates, with the filters that they use."""
    env = Environment(
        loader=FileSystemLoader(templates), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    env.filters.update(
        mrkdwn=mrkdwn,
        markdown=markdown,
        rich=rich_text,
        shown=text_object,
        words=_words,
        emoji=with_emoji,
        state=state_of,
        groups=pick_groups,
        plain_picks=lambda picks: [asdict(pick) for pick in picks],
        picked=picked,
        dispatch=dispatch,
        local=_local,
        clock_time=clock_time,
        day_and_time=day_and_time,
        typed=_typed,
    )
    env.tests.update(safe_url=is_safe, text_input=lambda kind: kind in TEXT_INPUTS)
    return env


def render_blocks(env: Environment, blocks: Sequence[Json], surface: Surface) -> Markup:
    """The blocks in order, with what has been chosen and typed so far."""
    html = env.get_template("blocks.html.j2").render(blocks=blocks, s=surface)
    return Markup(html)  # noqa: S704 - autoescaped by the environment


def state_of(element: Json, block: Json, surface: Surface) -> Json:
    """The element's state: what a person brought it to, or its initial one."""
    known = surface.values.get(block.get("block_id", ""), {}).get(element.get("action_id", ""))
    if known is not None:
        return known
    if element["type"] not in KEYS:
        return NO_STATE
    return initial(element, surface.reader.conversation)


def picked(element: Json, block: Json, surface: Surface) -> list[Pick]:
    """What is chosen in a select at the moment."""
    kind = element["type"]
    value = state_of(element, block, surface).get(KEYS[kind])
    values = (value or []) if kind in LISTS else [value]
    return [_pick(one, surface.reader) for one in values if one]


def pick_groups(element: Json, reader: Reader) -> list[PickGroup]:
    """What a select offers by itself; an external one offers nothing until it is asked."""
    if "option_groups" in element:
        return [
            PickGroup(_words(group["label"]), [_option(option) for option in group["options"]])
            for group in element["option_groups"]
        ]
    if "options" in element:
        return [PickGroup("", [_option(option) for option in element["options"]])]
    return [PickGroup("", list(_known(element, reader)))]


def dispatch(element: Json, block: Json) -> str:
    """When an element tells the app: at a `change`, on `enter`, at each `character`, or never."""
    if block["type"] != "input":
        return "change"
    if not block.get("dispatch_action"):
        return ""
    if element["type"] not in TEXT_INPUTS:
        return "change"
    config = element.get("dispatch_action_config") or {}
    triggers = config.get("trigger_actions_on") or ["on_enter_pressed"]
    return " ".join(trigger.split("_")[1] for trigger in triggers)


def _known(element: Json, reader: Reader) -> Iterator[Pick]:
    kind = element["type"].removeprefix("multi_")
    if kind == "users_select":
        yield from (Pick(person.id, person.name) for person in reader.people.values())
    if kind in ("channels_select", "conversations_select"):
        allowed = _kinds(element, kind.removesuffix("s_select"))
        for conversation in reader.conversations.values():
            if conversation.kind in allowed:
                yield Pick(conversation.id, _conversation_name(conversation))


def _kinds(element: Json, kind: str) -> Sequence[str]:
    include = (element.get("filter") or {}).get("include")
    return [FILTER_KINDS[name] for name in include] if include else SELECT_KINDS[kind]


def _pick(value: Any, reader: Reader) -> Pick:
    if isinstance(value, Mapping):
        return _option(value)
    if value in reader.people:
        return Pick(value, reader.people[value].name)
    if value in reader.conversations:
        return Pick(value, _conversation_name(reader.conversations[value]))
    return Pick(value, str(value))


def _option(option: Mapping[str, Any]) -> Pick:
    value = str(option.get("value", ""))
    return Pick(value, _words(option["text"]), _words(option.get("description")))


def _conversation_name(conversation: Choice) -> str:
    return conversation.name if conversation.kind == "im" else f"#{conversation.name}"


def _words(value: Mapping[str, Any] | None) -> str:
    return with_emoji(str(value["text"])) if value else ""


def _local(stamp: int | None, reader: Reader) -> str:
    """A moment as a `datetime-local` input writes it, in the reader's zone."""
    if not stamp:
        return ""
    return datetime.fromtimestamp(stamp, reader.zone).strftime("%Y-%m-%dT%H:%M")


def _typed(rich: Json | None) -> str:
    """What was typed into a rich text input, without its styles."""
    parts = rich["elements"] if rich else []
    return "\n".join("".join(item.get("text", "") for item in part["elements"]) for part in parts)

"""What the methods of the Web API share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.playground.state.file_store import Files
from bot.playground.state.manifest import App
from bot.playground.state.models import BOT_USER, Channel, Json, SlackError, User
from bot.playground.state.workspace import Workspace

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Api:
    """What a method works on; `connect` gives a Socket Mode address where the app uses that."""

    workspace: Workspace
    app: App
    address: str
    files: Files
    connect: Callable[[], str] | None = None


Answering = Callable[[Api, Json], Json]


def flag(arguments: Json, key: str) -> bool:
    """A yes or no, as JSON, form or query write it."""
    return str(arguments.get(key, "")).lower() in ("1", "true")


def number(arguments: Json, key: str, default: int, most: int) -> int:
    """A count from 1 to `most`."""
    try:
        value = int(arguments.get(key) or default)
    except (TypeError, ValueError):
        value = 0
    if not 1 <= value <= most:
        raise SlackError("invalid_limit" if key == "limit" else "invalid_arguments")
    return value


def user(api: Api, user_id: Any) -> User:
    """A person by id."""
    found = api.workspace.users.get(str(user_id))
    if found is None:
        raise SlackError("user_not_found")
    return found


def seen(api: Api, channel_id: Any) -> Channel:
    """A conversation that the bot can see: public, or one that it is in."""
    channel = api.workspace.channels.get(str(channel_id))
    if channel is None or (channel.kind != "channel" and BOT_USER not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def joined(api: Api, channel_id: Any) -> Channel:
    """A conversation that the bot is in."""
    channel = seen(api, channel_id)
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def page(things: Sequence[Thing], arguments: Json, default: int) -> tuple[Sequence[Thing], Json]:
    """One page of things, and the `response_metadata` that leads to the next."""
    limit = number(arguments, "limit", default, 1000)
    cursor = str(arguments.get("cursor") or "0")
    if not cursor.isdecimal():
        raise SlackError("invalid_cursor")
    start = int(cursor)
    end = start + limit
    return things[start:end], {"next_cursor": str(end) if end < len(things) else ""}

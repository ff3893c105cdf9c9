"""conversations.*: where people talk, and what has been said."""

from collections.abc import Sequence

from bot.playground.state import wire
from bot.playground.state.models import BOT_USER, Channel, Json, Message, SlackError
from bot.playground.web_api.api import Api, flag, joined, number, page, seen, user

TYPES = {"channel": "public_channel", "private": "private_channel", "im": "im"}
KNOWN_TYPES = frozenset({*TYPES.values(), "mpim"})
READ_SCOPES = {"channel": "channels", "private": "groups", "im": "im"}


def open_(api: Api, arguments: Json) -> Json:
    """A DM with one person; groups there are none."""
    if arguments.get("channel"):
        channel, already = joined(api, arguments["channel"]), True
    else:
        person = user(api, _one_user(arguments))
        if person.deleted:
            raise SlackError("user_disabled")
        if person.is_bot:
            raise SlackError("cannot_dm_bot")
        already = any(
            channel.kind == "im" and set(channel.members) == {person.id, BOT_USER}
            for channel in api.workspace.channels.values()
        )
        channel = api.workspace.direct_message(person.id)
    shown = wire.channel(channel) if flag(arguments, "return_im") else {"id": channel.id}
    return {"channel": shown} | ({"no_op": True, "already_open": True} if already else {})


def info(api: Api, arguments: Json) -> Json:
    channel = seen(api, arguments["channel"])
    _allow(api, channel, "read")
    shown = wire.channel(channel)
    if not flag(arguments, "include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


def list_(api: Api, arguments: Json) -> Json:
    types = set(str(arguments.get("types") or "public_channel").replace(" ", "").split(","))
    if not types <= KNOWN_TYPES:
        raise SlackError("invalid_types")
    found = [
        channel
        for channel in api.workspace.channels.values()
        if TYPES[channel.kind] in types
        and (channel.kind == "channel" or BOT_USER in channel.members)
    ]
    for kind in {channel.kind: channel for channel in found}.values():
        _allow(api, kind, "read")
    channels, metadata = page(found, arguments, 100)
    return {
        "channels": [wire.channel(channel) for channel in channels],
        "response_metadata": metadata,
    }


def members(api: Api, arguments: Json) -> Json:
    channel = seen(api, arguments["channel"])
    _allow(api, channel, "read")
    people, metadata = page(channel.members, arguments, 100)
    return {"members": list(people), "response_metadata": metadata}


def join(api: Api, arguments: Json) -> Json:
    channel = seen(api, arguments["channel"])
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    return {"channel": wire.channel(api.workspace.join(channel.id, BOT_USER))}


def history(api: Api, arguments: Json) -> Json:
    """What was said in a conversation, newest first; what was said in threads is not among it."""
    channel = joined(api, arguments["channel"])
    _allow(api, channel, "history")
    limit = number(arguments, "limit", 100, 999)
    before = _moment(arguments, "cursor", float("inf"), "invalid_cursor")
    with_metadata = flag(arguments, "include_all_metadata")
    said = [
        message
        for message in reversed(_within(arguments, api.workspace.messages(channel.id, BOT_USER)))
        if not message.is_reply and float(message.ts) < before
    ]
    has_more = len(said) > limit
    answer: Json = {
        "messages": [_thread(api, message, with_metadata) for message in said[:limit]],
        "has_more": has_more,
        "pin_count": 0,
    }
    if has_more:
        answer["response_metadata"] = {"next_cursor": said[limit - 1].ts}
    return answer


def replies(api: Api, arguments: Json) -> Json:
    """A message with all that was said under it, oldest first; of a reply, the reply alone."""
    channel = joined(api, arguments["channel"])
    _allow(api, channel, "history")
    ts = str(arguments["ts"])
    parent = api.workspace.message(channel.id, ts)
    if parent is None or parent.ephemeral_to:
        raise SlackError("thread_not_found")
    with_metadata = flag(arguments, "include_all_metadata")
    found, metadata = page(_within(arguments, api.workspace.replies(parent)), arguments, 1000)
    shown = [
        wire.message(reply, with_metadata=with_metadata) | {"parent_user_id": parent.user}
        for reply in found
    ]
    return {
        "messages": [_thread(api, parent, with_metadata), *shown],
        "has_more": bool(metadata["next_cursor"]),
        "response_metadata": metadata,
    }


def _thread(api: Api, message: Message, with_metadata: bool) -> Json:
    return wire.thread(message, api.workspace.replies(message), with_metadata=with_metadata)


def _within(arguments: Json, said: Sequence[Message]) -> list[Message]:
    """Those for everybody between `oldest` and `latest`, which count only with `inclusive`."""
    oldest = _moment(arguments, "oldest", 0.0, "invalid_ts_oldest")
    latest = _moment(arguments, "latest", float("inf"), "invalid_ts_latest")
    ends = (oldest, latest) if flag(arguments, "inclusive") else ()
    return [
        message
        for message in said
        if message.ephemeral_to is None
        and (oldest < float(message.ts) < latest or float(message.ts) in ends)
    ]


def _one_user(arguments: Json) -> str:
    users = arguments.get("users")
    ids = users if isinstance(users, list) else str(users or "").split(",")
    ids = [str(one).strip() for one in ids if str(one).strip()]
    if not ids:
        raise SlackError("users_list_not_supplied")
    if len(ids) > 1:
        raise SlackError("too_many_users", ("[ERROR] group DMs are not supported here",))
    return ids[0]


def _allow(api: Api, channel: Channel, what: str) -> None:
    needed = f"{READ_SCOPES[channel.kind]}:{what}"
    scopes = api.app.scopes
    if scopes is not None and needed not in scopes:
        raise SlackError("missing_scope", needed=needed, provided=",".join(sorted(scopes)))


def _moment(arguments: Json, key: str, default: float, refusal: str) -> float:
    try:
        return float(arguments.get(key) or default)
    except (TypeError, ValueError):
        raise SlackError(refusal) from None

"""conversations.* and users.*: who is there, and what has been said."""

from bot.playground.state import wire
from bot.playground.state.models import BOT_USER, Channel, Json, Message, SlackError
from bot.playground.web_api.api import Api, flag, joined, number, page, seen, user

TYPES = {"channel": "public_channel", "private": "private_channel", "im": "im"}
KNOWN_TYPES = frozenset({*TYPES.values(), "mpim"})
READ_SCOPES = {"channel": "channels", "private": "groups", "im": "im"}


def users_info(api: Api, arguments: Json) -> Json:
    person = api.workspace.users.get(str(arguments["user"]))
    if person is None:
        raise SlackError("user_not_found")
    return {"user": wire.user(person, api.workspace.clock)}


def users_list(api: Api, arguments: Json) -> Json:
    people, metadata = page(list(api.workspace.users.values()), arguments, 1000)
    clock = api.workspace.clock
    return {
        "members": [wire.user(person, clock) for person in people],
        "cache_ts": int(clock.now().timestamp()),
        "response_metadata": metadata,
    }


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
    """What was said in a conversation, newest first."""
    channel = joined(api, arguments["channel"])
    _allow(api, channel, "history")
    limit = number(arguments, "limit", 100, 999)
    oldest = _moment(arguments, "oldest", 0.0, "invalid_ts_oldest")
    latest = _moment(arguments, "latest", float("inf"), "invalid_ts_latest")
    if arguments.get("cursor"):
        latest = min(latest, _moment(arguments, "cursor", latest, "invalid_cursor"))
    inclusive = flag(arguments, "inclusive")

    def within(message: Message) -> bool:
        ts = float(message.ts)
        return oldest < ts < latest or (inclusive and ts in (oldest, latest))

    said = [m for m in api.workspace.messages(channel.id, BOT_USER) if within(m)]
    said = [message for message in reversed(said) if message.ephemeral_to is None]
    has_more = len(said) > limit
    with_metadata = flag(arguments, "include_all_metadata")
    answer: Json = {
        "messages": [wire.message(m, with_metadata=with_metadata) for m in said[:limit]],
        "has_more": has_more,
        "pin_count": 0,
    }
    if has_more:
        answer["response_metadata"] = {"next_cursor": said[limit - 1].ts}
    return answer


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

"""chat.*: messages of the bot."""

from typing import Any

from bot.playground.rules import checks
from bot.playground.state import wire
from bot.playground.state.models import BOT_USER, Channel, Json, Message, SlackError
from bot.playground.web_api.api import Api, joined, seen


def post_message(api: Api, arguments: Json) -> Json:
    content = checks.message_with_content(arguments)
    channel = _target(api, arguments["channel"])
    thread = arguments.get("thread_ts")
    message = api.workspace.add_message(
        channel.id,
        BOT_USER,
        via="api",
        thread_ts=str(thread) if thread else None,
        **content,
    )
    return {"channel": channel.id, "ts": message.ts, "message": _shown(message)}


def post_ephemeral(api: Api, arguments: Json) -> Json:
    content = checks.message_with_content(arguments)
    content.pop("metadata", None)
    channel = joined(api, arguments["channel"])
    if str(arguments["user"]) not in channel.members:
        raise SlackError("user_not_in_channel")
    message = api.workspace.add_message(
        channel.id,
        BOT_USER,
        via="api",
        ephemeral_to=str(arguments["user"]),
        **content,
    )
    return {"message_ts": message.ts}


def update(api: Api, arguments: Json) -> Json:
    content = checks.message(arguments)
    if not content:
        raise SlackError("no_text")
    message = _own(api, arguments, "cant_update_message")
    if not checks.has_content({"text": message.text, "blocks": message.blocks, **content}):
        raise SlackError("no_text")
    changed = api.workspace.change_message(message, mark=True, **content)
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": changed.text,
        "message": _shown(changed),
    }


def delete(api: Api, arguments: Json) -> Json:
    message = _own(api, arguments, "cant_delete_message")
    api.workspace.remove_message(message)
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(api: Api, arguments: Json) -> Json:
    """Where a message can be read: on this page, since there is no other."""
    channel = seen(api, arguments["channel"])
    message = api.workspace.message(channel.id, str(arguments["message_ts"]))
    if message is None or message.ephemeral_to:
        raise SlackError("message_not_found")
    address = f"{api.address}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": address}


def _target(api: Api, where: Any) -> Channel:
    """The conversation to post to: by id, by `#name`, or a person's id for their DM."""
    name = str(where)
    if name in api.workspace.users:
        return _direct_message(api, name)
    named = (c for c in api.workspace.channels.values() if c.name and c.name == name.lstrip("#"))
    channel = seen(api, getattr(next(named, None), "id", name))
    may_post_anywhere = "chat:write.public" in (api.app.scopes or ())
    if channel.kind == "channel" and may_post_anywhere:
        return channel
    return joined(api, channel.id)


def _direct_message(api: Api, user_id: str) -> Channel:
    user = api.workspace.users[user_id]
    if user.deleted or user.is_bot:
        raise SlackError("channel_not_found")
    return api.workspace.direct_message(user_id)


def _own(api: Api, arguments: Json, refusal: str) -> Message:
    """A message that the bot has posted through the Web API."""
    channel = seen(api, arguments["channel"])
    message = api.workspace.message(channel.id, str(arguments["ts"]))
    if message is None or message.ephemeral_to:
        raise SlackError("message_not_found")
    if not message.bot or message.via != "api":
        raise SlackError(refusal)
    return message


def _shown(message: Message) -> Json:
    return wire.message(message, with_metadata=True)

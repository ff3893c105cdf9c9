"""reactions.*: emoji of the bot on messages."""

import re

from bot.playground.state.models import BOT_USER, Json, SlackError
from bot.playground.web_api.api import Api, joined

NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")
TS = re.compile(r"\d+\.\d+")


def add(api: Api, arguments: Json) -> Json:
    """Adds a reaction; every well-formed name counts as an emoji, as custom ones do."""
    if not arguments.get("channel") or not arguments.get("timestamp"):
        raise SlackError("no_item_specified")
    name, ts = str(arguments["name"]).strip(":"), str(arguments["timestamp"])
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    if not TS.fullmatch(ts):
        raise SlackError("bad_timestamp")
    channel = joined(api, arguments["channel"])
    message = api.workspace.message(channel.id, ts)
    if message is None or message.ephemeral_to:
        raise SlackError("message_not_found")
    people = message.reactions.get(name, [])
    if BOT_USER in people:
        raise SlackError("already_reacted")
    reactions = {**message.reactions, name: [*people, BOT_USER]}
    api.workspace.change_message(message, mark=False, reactions=reactions)
    return {}

"""The methods of the Web API that there are, by name."""

from dataclasses import dataclass
from typing import Literal

from bot.playground.state.models import BOT_ID, BOT_USER, Json, SlackError
from bot.playground.web_api import chat, conversations, files, modals, reactions, users
from bot.playground.web_api.api import Answering, Api


@dataclass(frozen=True)
class Method:
    """A method: whose token it takes, one of its `scopes`, and its `required` arguments."""

    answer: Answering
    required: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    caller: Literal["bot", "app", "anybody"] = "bot"
    reads_no_json: bool = False
    error_if_missing: str = "invalid_arguments"


def api_test(_: Api, arguments: Json) -> Json:
    if arguments.get("error"):
        raise SlackError(str(arguments["error"]), args=arguments)
    return {"args": arguments} if arguments else {}


def auth_test(api: Api, _: Json) -> Json:
    team = api.workspace.team
    return {
        "url": f"{api.address}/",
        "team": team.name,
        "user": api.workspace.users[BOT_USER].name,
        "team_id": team.id,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        **({"enterprise_id": team.enterprise.id} if team.enterprise else {}),
        "is_enterprise_install": False,
    }


def connections_open(api: Api, _: Json) -> Json:
    if api.connect is None:
        raise SlackError("socket_mode_not_enabled")
    return {"url": api.connect()}


POSTING = ("chat:write",)
METHODS: dict[str, Method] = {
    "api.test": Method(api_test, caller="anybody"),
    "auth.test": Method(auth_test),
    "apps.connections.open": Method(connections_open, caller="app"),
    "bots.info": Method(
        users.bots_info, ("bot",), ("users:read",), error_if_missing="missing_argument"
    ),
    "chat.getPermalink": Method(chat.get_permalink, ("channel", "message_ts")),
    "chat.postMessage": Method(chat.post_message, ("channel",), POSTING),
    "chat.postEphemeral": Method(chat.post_ephemeral, ("channel", "user"), POSTING),
    "chat.update": Method(chat.update, ("channel", "ts"), POSTING),
    "chat.delete": Method(chat.delete, ("channel", "ts"), POSTING),
    "conversations.history": Method(conversations.history, ("channel",)),
    "conversations.info": Method(conversations.info, ("channel",)),
    "conversations.join": Method(conversations.join, ("channel",), ("channels:join",)),
    "conversations.list": Method(conversations.list_),
    "conversations.members": Method(conversations.members, ("channel",)),
    "conversations.open": Method(conversations.open_, (), ("im:write",)),
    "conversations.replies": Method(conversations.replies, ("channel", "ts")),
    "files.completeUploadExternal": Method(
        files.complete_upload, ("files", "channel_id"), ("files:write",)
    ),
    "files.delete": Method(files.delete, ("file",), ("files:write",)),
    "files.getUploadURLExternal": Method(
        files.get_upload_url, ("filename", "length"), ("files:write",)
    ),
    "reactions.add": Method(reactions.add, ("name",), ("reactions:write",)),
    "team.info": Method(users.team_info, (), ("team:read",)),
    "users.info": Method(
        users.info,
        ("user",),
        ("users:read",),
        reads_no_json=True,
        error_if_missing="user_not_found",
    ),
    "users.list": Method(users.list_, (), ("users:read",), reads_no_json=True),
    "users.lookupByEmail": Method(users.lookup_by_email, ("email",), ("users:read.email",)),
    "views.open": Method(modals.open_, ("trigger_id", "view")),
    "views.publish": Method(modals.publish, ("user_id", "view")),
    "views.push": Method(modals.push, ("trigger_id", "view")),
    "views.update": Method(modals.update, ("view",)),
}
"""`users.info` and `users.list` read no JSON body: Slack answers as if it were empty."""

"""The methods of the Web API that there are, by name."""

from dataclasses import dataclass
from typing import Literal

from bot.playground.state.models import BOT_ID, BOT_USER, TEAM_ID, TEAM_NAME, Json, SlackError
from bot.playground.web_api import chat, conversations, files, modals
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
    return {
        "url": f"{api.address}/",
        "team": TEAM_NAME,
        "user": api.workspace.users[BOT_USER].name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
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
    "files.completeUploadExternal": Method(
        files.complete_upload, ("files", "channel_id"), ("files:write",)
    ),
    "files.getUploadURLExternal": Method(
        files.get_upload_url, ("filename", "length"), ("files:write",)
    ),
    "users.info": Method(
        conversations.users_info,
        ("user",),
        ("users:read",),
        reads_no_json=True,
        error_if_missing="user_not_found",
    ),
    "users.list": Method(conversations.users_list, (), ("users:read",), reads_no_json=True),
    "views.open": Method(modals.open_, ("trigger_id", "view")),
    "views.publish": Method(modals.publish, ("user_id", "view")),
    "views.push": Method(modals.push, ("trigger_id", "view")),
    "views.update": Method(modals.update, ("view",)),
}
"""`users.info` and `users.list` read no JSON body: Slack answers as if it were empty."""

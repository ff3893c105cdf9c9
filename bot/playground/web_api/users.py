"""users.*, bots.* and team.*: who is there."""

from bot.playground.state import wire
from bot.playground.state.models import APP_ID, BOT_ID, BOT_USER, Json, SlackError, User
from bot.playground.web_api.api import Api, page, user

BECAME_SO = 1_700_000_000
"""When the bot was last changed, in seconds since 1970."""


def info(api: Api, arguments: Json) -> Json:
    return {"user": _shown(api, user(api, arguments["user"]))}


def list_(api: Api, arguments: Json) -> Json:
    people, metadata = page(list(api.workspace.users.values()), arguments, 1000)
    return {
        "members": [_shown(api, person) for person in people],
        "cache_ts": int(api.workspace.clock.now().timestamp()),
        "response_metadata": metadata,
    }


def lookup_by_email(api: Api, arguments: Json) -> Json:
    """A member by email address; people of other workspaces are not found by theirs."""
    wanted = str(arguments["email"]).strip().lower()
    for person in api.workspace.people():
        if person.email.lower() == wanted and not person.is_external:
            return {"user": _shown(api, person)}
    raise SlackError("users_not_found")


def bots_info(api: Api, arguments: Json) -> Json:
    if arguments["bot"] != BOT_ID:
        raise SlackError("bot_not_found")
    icon = f"{api.address}/static/icon.svg"
    return {
        "bot": {
            "id": BOT_ID,
            "deleted": False,
            "name": api.workspace.users[BOT_USER].real_name,
            "updated": BECAME_SO,
            "app_id": APP_ID,
            "user_id": BOT_USER,
            "icons": {f"image_{size}": icon for size in (36, 48, 72)},
        }
    }


def team_info(api: Api, arguments: Json) -> Json:
    """The workspace; of others of its organization nothing is known here."""
    team = api.workspace.team
    if arguments.get("team") not in (None, "", team.id):
        raise SlackError("team_not_found")
    icon = f"{api.address}/static/icon.svg"
    sizes = (34, 44, 68, 88, 102, 132)
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "domain": team.domain,
            "url": f"{api.address}/",
            "email_domain": team.email_domain,
            "icon": {f"image_{size}": icon for size in sizes} | {"image_default": True},
            **wire.enterprise_fields(team),
        }
    }


def _shown(api: Api, person: User) -> Json:
    """A person, without what the app has no scope to read."""
    shown = wire.user(person, api.workspace.team, api.workspace.clock)
    if api.app.scopes is not None and "users:read.email" not in api.app.scopes:
        shown["profile"].pop("email", None)
    if person.is_external:
        shown["is_stranger"] = not any(
            {person.id, BOT_USER} <= set(channel.members)
            for channel in api.workspace.channels.values()
        )
    return shown

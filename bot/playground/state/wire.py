"""How the workspace's things look on the wire, as Slack writes them."""

from zoneinfo import ZoneInfo

from bot.playground.state.models import (
    APP_ID,
    BOT_ID,
    BOT_USER,
    SLACKBOT,
    TEAM_DOMAIN,
    TEAM_ID,
    Channel,
    Clock,
    Json,
    Message,
    User,
    View,
)

TEAM = {"id": TEAM_ID, "domain": TEAM_DOMAIN}
CHANNEL_TYPES = {"channel": "channel", "private": "group", "im": "im"}
VIEW_DEFAULTS: Json = {
    "private_metadata": "",
    "callback_id": "",
    "external_id": "",
    "clear_on_close": False,
    "notify_on_close": False,
    "close": None,
    "submit": None,
}


def person(user: User) -> Json:
    """A person in an interaction's payload, whose `team` is the app's even where theirs is not."""
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team}


def user(user: User, clock: Clock) -> Json:
    """A person as `users.info` tells them."""
    offset = clock.now().astimezone(ZoneInfo(user.tz)).utcoffset()
    shown: Json = {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "deleted": user.deleted,
        "profile": {
            "title": user.title,
            "real_name": user.real_name,
            "display_name": user.name,
            "team": user.team,
        },
        "is_bot": user.is_bot and user.id != SLACKBOT,
        "is_app_user": False,
        "updated": 1_700_000_000,
    }
    if user.deleted:
        return shown
    return shown | {
        "color": user.color,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz_label,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": user.is_owner,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_restricted,
    }


def channel(channel: Channel) -> Json:
    """A conversation as `conversations.info` tells it."""
    if channel.kind == "im":
        other = next(member for member in channel.members if member != BOT_USER)
        return {
            "id": channel.id,
            "is_channel": False,
            "is_group": False,
            "is_im": True,
            "is_mpim": False,
            "is_private": True,
            "is_archived": False,
            "user": other,
            "is_user_deleted": False,
            "is_open": True,
        }
    private = channel.kind == "private"
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": private,
        "is_archived": False,
        "is_general": channel.name == "general",
        "is_shared": channel.is_shared,
        "is_ext_shared": channel.is_shared,
        "is_member": BOT_USER in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(channel.members),
        "context_team_id": TEAM_ID,
    }


def channel_reference(channel: Channel) -> Json:
    """A conversation in an interaction's payload."""
    return {"id": channel.id, "name": channel_name(channel)}


def channel_name(channel: Channel) -> str:
    names = {"im": "directmessage", "private": "privategroup"}
    return names.get(channel.kind, channel.name)


def message(message: Message, *, with_metadata: bool = False) -> Json:
    """A message as it stands in a conversation."""
    shown: Json = {
        "type": "message",
        "user": message.user,
        "team": TEAM_ID,
        "ts": message.ts,
        "text": message.text,
    }
    if message.bot:
        shown |= {"bot_id": BOT_ID, "app_id": APP_ID}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.edited}
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if with_metadata and message.metadata is not None:
        shown["metadata"] = message.metadata
    return shown


def view(view: View) -> Json:
    """A view as Slack gives it back, with its state and hash."""
    return {
        **VIEW_DEFAULTS,
        **view.payload,
        "id": view.id,
        "team_id": TEAM_ID,
        "state": {"values": view.values},
        "hash": view.hash,
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": APP_ID,
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
    }

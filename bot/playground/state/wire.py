"""How the workspace's things look on the wire, as Slack writes them."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.playground.state.models import (
    APP_ID,
    BOT_ID,
    BOT_USER,
    SLACKBOT,
    TEAM_ID,
    Channel,
    Clock,
    Json,
    Message,
    Team,
    User,
    View,
)

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


def enterprise(team: Team) -> Json | None:
    """The Enterprise Grid in an interaction's payload."""
    return {"id": team.enterprise.id, "name": team.enterprise.name} if team.enterprise else None


def enterprise_fields(team: Team) -> dict[str, str]:
    """The Enterprise Grid where it stands among other fields; nothing without one."""
    if team.enterprise is None:
        return {}
    return {"enterprise_id": team.enterprise.id, "enterprise_name": team.enterprise.name}


def team_reference(team: Team) -> Json:
    """The workspace in an interaction's payload: the app's, even where the person's is another."""
    return {"id": team.id, "domain": team.domain, **enterprise_fields(team)}


def person(user: User) -> Json:
    """A person in an interaction's payload."""
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team}


def user(user: User, team: Team, clock: Clock) -> Json:
    """A person as `users.info` tells them to an app that may read email addresses."""
    offset = clock.now().astimezone(ZoneInfo(user.tz)).utcoffset()
    shown: Json = {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "deleted": user.deleted,
        "profile": {
            "title": user.title,
            "real_name": user.real_name,
            "real_name_normalized": user.real_name,
            "display_name": user.name,
            "display_name_normalized": user.name,
            "team": user.team,
            **({"email": user.email} if user.email else {}),
        },
        "is_bot": user.is_bot and user.id != SLACKBOT,
        "is_app_user": False,
        "updated": 1_700_000_000,
    }
    if user.deleted:
        return shown
    if team.enterprise and not user.is_bot and not user.is_external:
        shown["enterprise_user"] = _enterprise_user(user, team)
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
        "is_ultra_restricted": user.is_ultra_restricted,
    }


def _enterprise_user(user: User, team: Team) -> Json:
    """The person as a member of the organization, with those of its workspaces they are in."""
    home = [user.team] if user.team.startswith("T") and user.team != team.id else []
    return {
        "id": user.id,
        **enterprise_fields(team),
        "is_admin": False,
        "is_owner": False,
        "teams": [team.id, *home],
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
    if message.client_msg_id:
        shown["client_msg_id"] = message.client_msg_id
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.reactions:
        shown["reactions"] = [
            {"name": name, "users": users, "count": len(users)}
            for name, users in message.reactions.items()
        ]
    if with_metadata and message.metadata is not None:
        shown["metadata"] = message.metadata
    return shown


def thread(parent: Message, replies: Sequence[Message], *, with_metadata: bool = False) -> Json:
    """A message with what is known of its replies, where it has any."""
    shown = message(parent, with_metadata=with_metadata)
    if not replies:
        return shown
    people = list(dict.fromkeys(reply.user for reply in replies))
    return shown | {
        "thread_ts": parent.ts,
        "reply_count": len(replies),
        "reply_users_count": len(people),
        "reply_users": people,
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": BOT_USER in (parent.user, *people),
    }


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

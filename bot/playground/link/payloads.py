"""What the app is told, as Slack writes it."""

import secrets
from typing import Any

from bot.playground.state import wire
from bot.playground.state.elements import KEYS
from bot.playground.state.models import (
    APP_ID,
    BOT_USER,
    Channel,
    Clock,
    Json,
    Message,
    ResponseUrl,
    Team,
    Trigger,
    User,
    View,
)

VERIFICATION_TOKEN = "deprecated"  # noqa: S105 - Slack's own field, which nobody should read


def command(
    name: str,
    text: str,
    user: User,
    channel: Channel,
    team: Team,
    trigger: Trigger,
    response_url: str,
) -> dict[str, str]:
    """A slash command's fields."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team.id,
        "team_domain": team.domain,
        **wire.enterprise_fields(team),
        "channel_id": channel.id,
        "channel_name": wire.channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger.id,
    }


def interaction(type: str, user: User, team: Team, trigger: Trigger | None = None) -> Json:
    """What every interaction has in common."""
    payload: Json = {
        "type": type,
        "user": wire.person(user),
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "team": wire.team_reference(team),
        "enterprise": wire.enterprise(team),
        "is_enterprise_install": False,
    }
    return payload | ({"trigger_id": trigger.id} if trigger else {})


def in_view(view: View, user: User) -> Json:
    """Where an act in a modal or Home took place."""
    return {"container": {"type": "view", "view_id": view.id}, "view": _view(view, user)}


def in_message(message: Message, channel: Channel) -> Json:
    """Where an act on a message took place; one that only one person sees is not sent along."""
    place: Json = {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": message.ephemeral_to is not None,
        },
        "channel": wire.channel_reference(channel),
    }
    return place if message.ephemeral_to else place | {"message": wire.message(message)}


def action(element: Json, block_id: str, chosen: Json, at: str) -> Json:
    """One of `actions`: the element's address with what was chosen, or a button's value; `at` is
    later than that of any act before it."""
    pressed: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block_id,
        "action_ts": at,
        **chosen,
    }
    for key in ("text", "value", "style"):
        if element["type"] not in KEYS and key in element:
            pressed[key] = element[key]
    return pressed


def submission(view: View, user: User, team: Team, trigger: Trigger, urls: list[Json]) -> Json:
    """A modal's submission, with a response url for each menu that asks for one."""
    payload = interaction("view_submission", user, team, trigger)
    return payload | {"view": _view(view, user), "response_urls": urls}


def closed(view: View, user: User, team: Team, *, cleared: bool) -> Json:
    """A modal has been closed without submitting it."""
    payload = interaction("view_closed", user, team)
    return payload | {"view": _view(view, user), "is_cleared": cleared}


def response_url(url: ResponseUrl, block_id: str, action_id: str, address: str) -> Json:
    """One of a submission's `response_urls`."""
    return {
        "block_id": block_id,
        "action_id": action_id,
        "channel_id": url.channel,
        "response_url": address,
    }


def event(inner: Json, team: Team, clock: Clock, *, is_shared: bool = False) -> Json:
    """An event in its envelope, whose `team_id` is the workspace of whoever brought it about."""
    enterprise_id = team.enterprise.id if team.enterprise else None
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": inner.get("user_team", team.id),
        "context_team_id": team.id,
        "context_enterprise_id": enterprise_id,
        "api_app_id": APP_ID,
        "event": inner,
        "type": "event_callback",
        "event_id": "Ev" + secrets.token_hex(6).upper(),
        "event_time": int(clock.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": enterprise_id,
                "team_id": team.id,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": is_shared,
        "event_context": secrets.token_urlsafe(24),
    }


def message_event(message: Message, author: User, channel: Channel) -> Json:
    """A person's message, as apps subscribe to it; in a shared channel with its author's home."""
    shown = wire.message(message) | {
        "team": author.team,
        "channel": channel.id,
        "channel_type": wire.CHANNEL_TYPES[channel.kind],
        "event_ts": message.ts,
    }
    home = {"user_team": author.team, "source_team": author.team}
    return shown | (home if channel.is_shared else {})


def home_opened(user: User, channel: Channel, home: View | None, at: str) -> Json:
    """The app's Home tab has been opened."""
    shown: dict[str, Any] = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": channel.id,
        "tab": "home",
        "event_ts": at,
    }
    return shown | ({"view": wire.view(home)} if home else {})


def _view(view: View, user: User) -> Json:
    """A view in an act of a person, whose home `team_id` is; `app_installed_team_id` is ours."""
    return wire.view(view) | {"team_id": user.team}

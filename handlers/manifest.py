"""The Slack app manifest, made from what is registered."""

from collections.abc import Iterable
from typing import Any

from bot import routes
from handlers.ids import SUBSCRIPTIONS, CommandName

USAGE = {
    CommandName.JD: (
        "Post a job description, open a job",
        "[role or job] | open role | preview role | list | help",
    ),
    CommandName.QUESTIONS: (
        "Get interview questions with rubrics",
        "[role or job] [competency] [level] [minutes] | set name | help",
    ),
    CommandName.PANEL: (
        "Set up and change interview panels",
        "[candidate] | list | remind minutes | help",
    ),
    CommandName.SCORECARD: ("Give and read interview feedback", "[candidate] | help"),
    CommandName.HIRING: (
        "See what each candidate waits for",
        "[candidate] | mine | late | all | stats [days] | help",
    ),
    CommandName.DEBRIEF: ("Read a panel's scorecards together", "[candidate] | help"),
}
"""For each command what it does and what may follow it."""

SCOPES = {
    "chat:write": "posts a description where a response url has run out, sends sets of questions",
    "chat:write.public": "posts a job in the public channel chosen for it, without being added",
    "commands": "adds the slash commands",
    "files:write": "puts an interview as a calendar file into the interviewer's own DM",
    "groups:read": "checks that a private channel chosen for a panel is one, and can be posted in",
    "im:history": "answers its own DMs, and finds what arrived there before it sends that again",
    "im:write": "opens a DM with whoever gets a message",
    "users:read": "knows people's time zones, who is a guest or deactivated, and who is an admin",
}
"""The bot's scopes, each with its reason."""

LONG_DESCRIPTION = (
    "Panelist keeps structured hiring in the place where your team already talks. It posts job "
    "descriptions from a library of roles, and gives the hiring team a guide for each: what to "
    "look for, interview questions with rubrics, and where to find people. It runs on your own "
    "server, and what your team writes stays in your own database."
)


def manifest(
    commands: Iterable[CommandName], prefix: str, url: str | None = None
) -> dict[str, Any]:
    """The manifest for the registered commands: HTTP at `url` where given, else Socket Mode."""
    endpoint = {} if url is None else {"url": f"{url.rstrip('/')}{routes.EVENTS}"}
    interactivity: dict[str, Any] = {"is_enabled": True}
    events: dict[str, Any] = {"bot_events": sorted(SUBSCRIPTIONS.values())}
    if url is not None:
        events["request_url"] = endpoint["url"]
        interactivity["request_url"] = endpoint["url"]
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Panelist",
            "description": "Structured hiring in Slack: job descriptions, questions, scorecards",
            "long_description": LONG_DESCRIPTION,
            "background_color": "#2f4858",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Panelist", "always_online": True},
            "slash_commands": [
                {
                    "command": f"/{prefix}{name}",
                    "description": USAGE[name][0],
                    "usage_hint": USAGE[name][1],
                    "should_escape": True,
                    **endpoint,
                }
                for name in commands
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }

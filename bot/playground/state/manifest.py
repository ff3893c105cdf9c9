"""What the app's manifest says about how it is to be treated."""

from dataclasses import dataclass
from typing import Any

from bot.playground.state.models import Json


@dataclass(frozen=True)
class App:
    """The parts of a Slack app manifest that shape what is sent to the app.

    `scopes` is None where the manifest names none; then none is asked for.
    """

    bot_name: str
    commands: dict[str, bool]
    events: frozenset[str]
    interactive: bool
    has_home: bool
    scopes: frozenset[str] | None


def read(manifest: Json) -> App:
    """The app of a manifest; `commands` says of each whether its text is escaped."""
    features, settings = _part(manifest, "features"), _part(manifest, "settings")
    oauth = _part(manifest, "oauth_config")
    name = _part(features, "bot_user").get("display_name")
    return App(
        bot_name=name or _part(manifest, "display_information").get("name", "App"),
        commands={
            command["command"]: bool(command.get("should_escape"))
            for command in features.get("slash_commands") or ()
        },
        events=frozenset(_part(settings, "event_subscriptions").get("bot_events") or ()),
        interactive=bool(_part(settings, "interactivity").get("is_enabled")),
        has_home=bool(_part(features, "app_home").get("home_tab_enabled")),
        scopes=frozenset(_part(oauth, "scopes").get("bot") or ()) if oauth else None,
    )


def _part(manifest: Json, key: str) -> dict[str, Any]:
    part: dict[str, Any] = manifest.get(key) or {}
    return part

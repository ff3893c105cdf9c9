"""Paths that outside clients rely on."""

EVENTS = "/slack/events"
"""Where Slack sends commands, presses and events over HTTP."""

UPLOADS = ("/apply", "/correct")
"""How the addresses end that forms with files are sent to."""

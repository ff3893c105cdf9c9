"""Paths that outside clients rely on."""

EVENTS = "/slack/events"
"""Where Slack sends commands, presses and events over HTTP."""

"""Slack's Web API, as far as bots use it here."""

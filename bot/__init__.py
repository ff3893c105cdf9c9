"""Panelist, a Slack assistant for hiring teams."""

__version__ = "0.2.0"

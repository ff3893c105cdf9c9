"""Panelist, a Slack assistant for hiring teams."""

from importlib.metadata import version

__version__ = version("panelist")

"""What documents can be rendered as."""

from enum import StrEnum


class Format(StrEnum):
    """A document's format; Slack's own is blocks, which handlers make."""

    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"

"""What documents can be rendered as."""

from enum import StrEnum


class Format(StrEnum):
    """A document's format; Slack's own is blocks, which handlers make."""

    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"


class ShareFormat(StrEnum):
    """Where a text about an opening is pasted by somebody."""

    WHO_IS_HIRING = "who-is-hiring"
    LINKEDIN = "linkedin"
    SHORT = "short"
    SLACK_COMMUNITY = "slack-community"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def most(self) -> int:
        """Characters that are taken there."""
        return 300 if self is ShareFormat.SHORT else 3000

    @property
    def template(self) -> str:
        """Its path; the second last ending says how texts are escaped."""
        style = "hn" if self is ShareFormat.WHO_IS_HIRING else "post"
        return f"documents/share_{self.replace('-', '_')}.{style}.j2"


_LABELS = {
    ShareFormat.WHO_IS_HIRING: "Who is hiring (Hacker News)",
    ShareFormat.LINKEDIN: "LinkedIn",
    ShareFormat.SHORT: "Short post",
    ShareFormat.SLACK_COMMUNITY: "Slack community",
}

JSONLD = "jsonld"
"""For search engines, as schema.org has it."""

OF_OPENINGS = (JSONLD, *ShareFormat)
"""What an opening can be, and a role cannot: a role has no place, no pay and nowhere to apply."""

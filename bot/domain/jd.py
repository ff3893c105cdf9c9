"""Posted job descriptions."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self


@dataclass(frozen=True)
class Posting:
    """That somebody posted a role's description; `posted_at` is in UTC.

    `message` is Slack's ts, known only where the message went through the Web API.
    """

    id: str
    workspace: str
    channel: str
    role: str
    version: str
    posted_by: str
    posted_at: datetime
    message: str | None = None

    def posted_as(self, message: str) -> Self:
        """The posting, once the Web API has named its message."""
        return replace(self, message=message)

"""What services need from outside and has more than one implementation."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        ...


class Directory(Protocol):
    """What Slack knows of a workspace's people."""

    async def is_workspace_admin(self, workspace: str, user: str) -> bool:
        """Whether Slack counts the person among the workspace's owners and admins."""
        ...

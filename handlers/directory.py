"""What Slack knows of people, asked at most once in five minutes for each."""

from datetime import datetime, timedelta

from bot.services.ports import Clock
from handlers.notifier import SlackNotifier

FRESH = timedelta(minutes=5)


class SlackDirectory:
    """Implements the Directory port with users.info."""

    def __init__(self, notifier: SlackNotifier, clock: Clock) -> None:
        self._notifier = notifier
        self._clock = clock
        self._admins: dict[tuple[str, str], tuple[datetime, bool]] = {}

    async def is_workspace_admin(self, workspace: str, user: str) -> bool:
        """Raises SlackAway or SlackRefused where Slack does not say."""
        now = self._clock.now()
        known = self._admins.get((workspace, user))
        if known is not None and now - known[0] < FRESH:
            return known[1]
        person = await self._notifier.user(user)
        is_admin = bool(person.get("is_admin") or person.get("is_owner"))
        self._admins[workspace, user] = (now, is_admin)
        return is_admin

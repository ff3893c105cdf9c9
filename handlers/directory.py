"""What Slack knows of people, asked at most once in five minutes for each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.caches import is_within, keep
from bot.domain.people import Person
from bot.services.ports import Clock
from handlers.slack import Slack
from handlers.slack_api import Json
from handlers.slack_errors import NotInChannel, SlackRefused

FRESH = timedelta(minutes=5)
MOST_KNOWN = 5_000

EARLIEST_OFFSET, LATEST_OFFSET = -12, 14
"""Hours of fixed time zones that there are."""

SLACKBOT = "USLACKBOT"
"""Of which users.info says that it is no bot."""


ELSEWHERE = "elsewhere"
"""The workspace of somebody of whom Slack says only that they are of another."""


@dataclass(frozen=True)
class CachedAnswer:
    """What Slack said of a person, and when."""

    at: datetime
    person: Person
    is_admin: bool


class SlackDirectory:
    """Implements the Directory port with users.info."""

    def __init__(self, slack: Slack, clock: Clock) -> None:
        self._slack = slack
        self._clock = clock
        self._known: dict[tuple[str, str], CachedAnswer] = {}

    async def person(self, workspace: str, user: str) -> Person:
        """Raises SlackAway or SlackRefused where Slack does not say."""
        return (await self._ask(workspace, user)).person

    async def is_workspace_admin(self, workspace: str, user: str) -> bool:
        """Raises SlackAway or SlackRefused where Slack does not say."""
        return (await self._ask(workspace, user)).is_admin

    async def unsuitable_because(self, workspace: str, channel: str) -> str | None:
        """Raises SlackAway or SlackRefused where Slack does not say."""
        try:
            told = await self._slack.of(workspace).conversation(channel)
        except NotInChannel as refusal:
            return refusal.text
        except SlackRefused as refusal:
            if refusal.error != "missing_scope":
                raise
            return "Panelist can't see this channel. Choose a private one."
        if told.get("is_archived"):
            return "This channel is archived."
        if not told.get("is_private") or told.get("is_mpim") or told.get("is_im"):
            return "Choose a private channel: candidates' names don't go to public ones."
        return None if told.get("is_member", True) else NotInChannel("not_in_channel").text

    async def _ask(self, workspace: str, user: str) -> CachedAnswer:
        now = self._clock.now()
        known = self._known.get((workspace, user))
        if known is None or not is_within(FRESH, known.at, now):
            told = await self._slack.of(workspace).user(user)
            person = _person(workspace, user, told)
            is_admin = bool(told.get("is_admin") or told.get("is_owner"))
            known = CachedAnswer(now, person, is_admin and person.team == workspace)
            keep(self._known, (workspace, user), known, MOST_KNOWN)
        return known


def _person(workspace: str, user: str, told: Json) -> Person:
    profile = told.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), told.get("name"))
    return Person(
        id=user,
        workspace=workspace,
        name=next((name for name in names if name), user),
        tz=_zone(told.get("tz"), told.get("tz_offset")),
        is_bot=bool(told.get("is_bot")) or user == SLACKBOT,
        deleted=bool(told.get("deleted")),
        restricted=bool(told.get("is_restricted") or told.get("is_ultra_restricted")),
        team=_home(workspace, told),
    )


def _home(workspace: str, told: Json) -> str:
    """The workspace that the person belongs to: this one too where it is one of several in an
    Enterprise Grid, whichever of them their profile names."""
    if workspace in ((told.get("enterprise_user") or {}).get("teams") or ()):
        return workspace
    elsewhere = ELSEWHERE if told.get("is_stranger") else workspace
    return str(told.get("team_id") or elsewhere)


def _zone(name: str | None, offset: object = None) -> str:
    """The time zone; where there is none of that name, a fixed one by the offset in seconds, of
    whole hours, so that nothing comes before its hour; else UTC."""
    try:
        ZoneInfo(name or "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hours = int(offset) // 3600 if isinstance(offset, int | float) else 0
        is_zone = hours and EARLIEST_OFFSET <= hours <= LATEST_OFFSET
        return f"Etc/GMT{-hours:+d}" if is_zone else "UTC"  # their signs are the other way round
    return name or "UTC"

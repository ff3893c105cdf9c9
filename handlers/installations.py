"""Where the app is installed: the one source of tokens, and of whose requests are answered."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from slack_bolt.authorization import AuthorizeResult

from bot.config import WHERE_TO_FIND
from bot.errors import SettingsError, UserError
from bot.outages import Outage
from bot.services.workspace import WorkspaceService
from handlers.slack_api import Json
from handlers.slack_errors import DEAD_TOKEN, NotInstalled, NotVerified, SlackRefused

log = logging.getLogger(__name__)

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 10.0
"""Seconds between two attempts to ask Slack whose the token is."""


@dataclass(frozen=True)
class Installation:
    """The app in a workspace."""

    workspace: str
    token: str


class Installations(Protocol):
    """Every installation of the app."""

    def has(self, workspace: str) -> bool:
        """Whether it is known without asking anybody that `find` finds the app there."""
        ...

    async def find(self, workspace: str) -> Installation | None:
        """The app there, to answer requests for; None where it is not installed.

        Raises UserError where that cannot be told for now.
        """
        ...

    async def to_send(self, workspace: str) -> Installation:
        """The app there, by a token that is known to be this workspace's.

        Raises NotInstalled where there is none, UserError where that cannot be told for now.
        """
        ...


class OneInstallation:
    """The installation that the settings have a token for. Implements Installations.

    Whose the token is, Slack says, and the database remembers. Requests of the database's workspace
    are answered while Slack is away; nothing is sent before Slack has said that the token is of
    that workspace. `refused` is why nothing ever will be. `stop` after `start`.
    """

    def __init__(
        self, token: str, identify: Callable[[str], Awaitable[Json]], owner: WorkspaceService
    ) -> None:
        """`identify` gives what auth.test says of a token."""
        self._token = token
        self._identify = identify
        self._owner = owner
        self._workspace: str | None = None
        self._is_verified = False
        self._verifying = asyncio.Lock()
        self._trying: asyncio.Task[None] | None = None
        self.outage = Outage("identity")
        self.refused: SettingsError | None = None

    async def start(self) -> None:
        """Asks Slack whose the token is, and again and again where it is away.

        Raises SettingsError where the token is no good, or of another workspace than the database.
        """
        self._workspace = await self._owner.known()
        if not await self._tried():
            self._trying = asyncio.create_task(self._keep_trying())

    async def stop(self) -> None:
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.gather(self._trying, return_exceptions=True)

    def has(self, workspace: str) -> bool:
        return workspace == self._workspace

    async def find(self, workspace: str) -> Installation | None:
        if self._workspace is None:
            await self._verify()
        return Installation(workspace, self._token) if workspace == self._workspace else None

    async def to_send(self, workspace: str) -> Installation:
        """It does not ask Slack by itself: whoever sends has only so much time."""
        if self.refused is not None:
            raise NotInstalled(self.refused.text)
        if not self._is_verified:
            raise NotVerified
        if workspace != self._workspace:
            raise NotInstalled
        return Installation(workspace, self._token)

    async def _keep_trying(self) -> None:
        pause = FIRST_PAUSE
        try:
            while not self._is_verified and not await self._tried():
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        except SettingsError as error:
            log.error("token.refused: %s", error.text)

    async def _tried(self) -> bool:
        """Whether Slack has said whose the token is. Raises SettingsError where it is no good."""
        try:
            await self._verify()
        except SettingsError:
            raise
        except SlackRefused as refusal:
            if refusal.error in DEAD_TOKEN:
                where = WHERE_TO_FIND["SLACK_BOT_TOKEN"]
                text = f"Slack refuses SLACK_BOT_TOKEN ({refusal.error}). {where}"
                self.refused = SettingsError(text)
                raise self.refused from refusal
            self.outage.failed(refusal)
            return False
        except Exception as error:  # whatever it is, it is asked again
            self.outage.failed(error)
            return False
        self.outage.worked()
        return True

    async def _verify(self) -> None:
        """Raises SettingsError where the token is not of the database's workspace, UserError where
        that cannot be told for now."""
        async with self._verifying:
            if self.refused is not None:
                raise self.refused
            if self._is_verified:
                return
            told = await self._identify(self._token)
            workspace = str(told.get("team_id") or told.get("enterprise_id") or "")
            try:
                await self._owner.claim(workspace)
            except SettingsError as error:
                self.refused = error
                raise
            self._workspace, self._is_verified = workspace, True


def authorizer(
    installations: Installations,
) -> Callable[[str | None, str | None], Awaitable[AuthorizeResult]]:
    """Bolt's `authorize`, from the same source.

    A workspace without an installation is let through to our own listeners without a token: they
    refuse it in words, where Bolt would log an error.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        try:
            found = await installations.find(team_id or "")
        except UserError:
            found = None
        token = found.token if found is not None else None
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    return authorize

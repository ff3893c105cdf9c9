"""What is asked before any listener of ours: whether the person is one of this workspace."""

from bot.domain.rights import Act
from bot.errors import DatabaseAway, UserError
from bot.services.members import CannotTell
from bot.services.rights import Outsider, Rights
from handlers.edge import in_time
from handlers.installations import Installation, Installations
from handlers.payloads import Request
from handlers.slack_errors import SlackAway, TookTooLong


class Gate:
    """Lets members of a workspace in that the app is installed in, and nobody else."""

    def __init__(self, installations: Installations, rights: Rights) -> None:
        self._installations = installations
        self._rights = rights

    async def admit(self, request: Request, act: Act) -> None:
        """Raises Outsider where the person is a guest or of another workspace, or the request is
        not of a workspace of ours; UserError where that cannot be told before the ack."""
        if self._installations.has(request.workspace) and self._rights.has_seen(
            request.workspace, request.user, act
        ):
            return
        try:
            await in_time(self._admit(request, act))
        except SlackAway as error:
            raise CannotTell from error
        except TookTooLong as error:  # nothing has been done yet
            raise DatabaseAway from error

    async def _admit(self, request: Request, act: Act) -> None:
        if await self._installation(request.workspace) is None:
            raise Outsider
        await self._rights.admit(request.workspace, request.user, act)

    async def _installation(self, workspace: str) -> Installation | None:
        try:
            return await self._installations.find(workspace)
        except DatabaseAway:
            raise
        except UserError as error:
            raise CannotTell from error

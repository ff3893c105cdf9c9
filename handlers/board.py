"""`/hiring`: the board, one candidate of it, and what else the command answers."""

from collections.abc import Mapping

from bot.library.documents import Documents
from bot.services.board.board import BoardFilter, BoardScope, BoardService
from handlers.edge import Answer, Listener, in_time
from handlers.ids import CommandName
from handlers.payloads import Command, Press
from handlers.slack import Slack
from handlers.views.board import board as views
from handlers.views.board.candidate import candidate
from handlers.views.common import mrkdwn, private

SCOPES = {
    "": BoardScope.EVERYTHING,
    "mine": BoardScope.MINE,
    "late": BoardScope.LATE,
    "all": BoardScope.ALL,
}
"""What may follow the command, and what that shows."""


class BoardListeners:
    """The listeners of the board.

    `verbs` are what else may follow the command, each with what answers it.
    """

    def __init__(
        self,
        board: BoardService,
        documents: Documents,
        slack: Slack,
        prefix: str,
        verbs: Mapping[str, Listener[Command]] | None = None,
    ) -> None:
        self._board = board
        self._documents = documents
        self._slack = slack
        self._verbs = verbs or {}
        self._command = f"/{prefix}{CommandName.HIRING}"

    async def command(self, command: Command) -> Answer:
        """`/hiring`, `mine`, `late`, `all`, NAME, `stats [DAYS]`, `help`."""
        verb = command.text.partition(" ")[0].casefold()
        if verb in self._verbs:
            return await self._verbs[verb](command)
        if command.text.casefold() == "help":
            return self._help()
        scope = SCOPES.get(command.text.casefold())
        if scope is None:
            return await self._named(command)
        found = await in_time(
            self._board.board(command.workspace, command.user, BoardFilter(scope))
        )
        return Answer(views.board(found, self._command))

    def _help(self) -> Answer:
        text = self._documents.message("hiring_help", command=self._command)
        return Answer(private("How to use the board", [mrkdwn(text)]))

    async def _named(self, command: Command) -> Answer:
        """The one candidate of this name; or those of it, to choose from."""
        who, asked = (command.workspace, command.user), BoardFilter(name=command.text)
        found = await in_time(self._board.board(*who, asked))
        if len(found.board.lines) != 1:
            return Answer(views.board(found, self._command))
        application = found.board.lines[0].application.id
        view = candidate(await in_time(self._board.candidate(*who, application)))
        return Answer(
            after=lambda: self._slack.of(command.workspace).open_view(command.trigger_id, view)
        )

    async def show(self, press: Press) -> Answer:
        """A choice in the menu, or another page: in the place of the board that it is in."""
        token = views.BoardToken.load(press.value)

        async def show() -> None:
            found = await self._board.board(press.workspace, press.user, token.asked)
            message = views.board(found, self._command, token.first or 0)
            slack = self._slack.of(press.workspace)
            await slack.respond(press.response_url or "", message | {"replace_original": True})

        return Answer(after=show)

    async def open(self, press: Press) -> Answer:
        """*Open a candidate*, as things are now."""
        application = views.CandidateToken.load(press.value).application

        async def show() -> None:
            found = await self._board.candidate(press.workspace, press.user, application)
            await self._slack.of(press.workspace).show_instead(press, candidate(found))

        return Answer(after=show)

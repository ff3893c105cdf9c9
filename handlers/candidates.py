"""*Merge* and *Undo* beside a panel, for recruiters and admins, and *Not the same person*."""

from collections.abc import Awaitable, Callable

from bot.services.candidates import CandidatesService
from bot.services.overview import PanelOverview
from handlers.edge import Answer
from handlers.payloads import Press
from handlers.slack import Slack
from handlers.views.candidates import MergeToken
from handlers.views.panels.panel import overview


class Candidates:
    """The listeners of the buttons about possible duplicates."""

    def __init__(self, candidates: CandidatesService, slack: Slack) -> None:
        self._candidates = candidates
        self._slack = slack

    async def merge(self, press: Press) -> Answer:
        """*Merge*, confirmed."""
        return self._changed(press, self._candidates.merge)

    async def tell_apart(self, press: Press) -> Answer:
        """*Not the same person*, confirmed."""
        return self._changed(press, self._candidates.tell_apart)

    async def undo(self, press: Press) -> Answer:
        """*Undo* of a merge."""
        return self._changed(press, self._candidates.undo)

    def _changed(
        self, press: Press, change: Callable[[str, str, str, str], Awaitable[PanelOverview]]
    ) -> Answer:
        token = MergeToken.load(press.value)

        async def show() -> None:
            seen = await change(press.workspace, press.user, token.panel, token.other)
            message = overview(seen) | {"replace_original": True}
            await self._slack.of(press.workspace).respond(press.response_url or "", message)

        return Answer(after=show)

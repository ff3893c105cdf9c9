"""*Share*: texts to paste about an opening, for its people alone. Nothing is posted by it."""

from bot.services.openings.sharing import OpeningSharing
from handlers.edge import Answer
from handlers.payloads import Press
from handlers.slack import Slack
from handlers.views.openings.posting import OpeningToken
from handlers.views.openings.share import share


class OpeningsShare:
    """The listener."""

    def __init__(self, sharing: OpeningSharing, slack: Slack) -> None:
        self._sharing = sharing
        self._slack = slack

    async def share(self, press: Press) -> Answer:
        """*Share* on an opening's page."""
        opening = OpeningToken.load(press.value).opening

        async def show() -> None:
            shared = await self._sharing.texts(press.workspace, press.user, opening)
            await self._slack.of(press.workspace).open_view(press.trigger_id, share(shared))

        return Answer(after=show)

"""The buttons of reminders."""

from bot.services.reminders import RemindersService
from bot.services.scorecards.writing import ScorecardsService
from handlers.edge import Answer
from handlers.payloads import Press
from handlers.slack import Slack
from handlers.views import reminders as views
from handlers.views.common import Json, notice


class Reminders:
    """The listeners of digests and nudges; *Write scorecard* is the scorecards' own."""

    def __init__(
        self,
        reminders: RemindersService,
        scorecards: ScorecardsService,
        slack: Slack,
    ) -> None:
        self._reminders = reminders
        self._scorecards = scorecards
        self._slack = slack

    async def later(self, press: Press) -> Answer:
        """*In 1 hour*."""

        async def put_off() -> None:
            again = await self._reminders.later(press.workspace, press.user)
            await self._respond(press, views.put_off(again))

        return Answer(after=put_off)

    async def tomorrow(self, press: Press) -> Answer:
        """*Next workday*: silence until that day's digest."""

        async def put_off() -> None:
            again = await self._reminders.tomorrow(press.workspace, press.user)
            await self._respond(press, views.put_off(again))

        return Answer(after=put_off)

    async def close(self, press: Press) -> Answer:
        """*I didn't interview*, *No-show*."""
        token = views.CloseToken.load(press.value)

        async def close() -> None:
            user = press.user
            await self._scorecards.close(press.workspace, user, token.interview, token.how)
            await self._respond(press, notice("Done. The organizers have been notified."))

        return Answer(after=close)

    async def _respond(self, press: Press, message: Json) -> None:
        await self._slack.of(press.workspace).respond(
            press.response_url or "", message | {"replace_original": False}
        )

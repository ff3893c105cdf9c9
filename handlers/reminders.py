"""The buttons of reminders."""

from bot.services.reminders import RemindersService
from bot.services.scorecards.writing import ScorecardsService
from handlers.edge import Answer
from handlers.payloads import Press
from handlers.slack import Slack
from handlers.views import reminders as views
from handlers.views.common import Json, notice
from handlers.views.rich import moment


class Reminders:
    """The listeners of digests and nudges; *Fill now* is the scorecards' own."""

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
        """*In 1 h*."""

        async def put_off() -> None:
            at = await self._reminders.later(press.workspace, press.user)
            parts = ("I remind you again ", moment(at, "UTC"), ".")
            await self._respond(press, views.put_off(parts))

        return Answer(after=put_off)

    async def tomorrow(self, press: Press) -> Answer:
        """*Tomorrow*: silence until the next working day's digest."""

        async def put_off() -> None:
            at = await self._reminders.tomorrow(press.workspace, press.user)
            if at is None:
                await self._respond(press, notice("I leave you alone: you have no working day."))
                return
            parts = ("I leave you alone until ", moment(at, "UTC"), ".")
            await self._respond(press, views.put_off(parts))

        return Answer(after=put_off)

    async def close(self, press: Press) -> Answer:
        """*I did not interview*, *Candidate did not show*."""
        token = views.CloseToken.load(press.value)

        async def close() -> None:
            user = press.user
            await self._scorecards.close(press.workspace, user, token.interview, token.how)
            await self._respond(press, notice("Noted. The organisers are told."))

        return Answer(after=close)

    async def _respond(self, press: Press, message: Json) -> None:
        await self._slack.of(press.workspace).respond(
            press.response_url or "", message | {"replace_original": False}
        )

"""The buttons of reminders."""

from bot.services.remind_now import RemindNow
from bot.services.reminders import RemindersService
from bot.services.scorecards.writing import ScorecardsService
from handlers.edge import Answer
from handlers.payloads import Press
from handlers.slack import Slack
from handlers.views import remind_now
from handlers.views import reminders as views
from handlers.views.common import Json, notice


class Reminders:
    """The listeners of digests and nudges; *Write scorecard* is the scorecards' own."""

    def __init__(
        self,
        reminders: RemindersService,
        scorecards: ScorecardsService,
        reminding: RemindNow,
        slack: Slack,
    ) -> None:
        self._reminders = reminders
        self._scorecards = scorecards
        self._reminding = reminding
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

    async def now(self, press: Press) -> Answer:
        """*Remind now*: one person, those of a panel, or all who are late."""
        token = remind_now.RemindToken.load(press.value)

        async def remind() -> None:
            who = (press.workspace, press.user)
            if token.interview is not None:
                results = await self._reminding.interview(*who, token.interview)
            elif token.panel is not None:
                results = await self._reminding.panel(*who, token.panel)
            else:
                results = await self._reminding.everyone_late(*who)
            slack = self._slack.of(press.workspace)
            if press.response_url:
                await self._respond(press, remind_now.reminded(results))
            elif press.modal is not None:
                await slack.push_view(press.trigger_id, remind_now.reminded_modal(results))
            else:
                await slack.open_view(press.trigger_id, remind_now.reminded_modal(results))

        return Answer(after=remind)

    async def _respond(self, press: Press, message: Json) -> None:
        await self._slack.of(press.workspace).respond(
            press.response_url or "", message | {"replace_original": False}
        )

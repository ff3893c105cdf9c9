"""Reading feedback: what `/scorecard NAME` shows, and the buttons that lead to it."""

from bot.errors import UserError
from bot.services.scorecard_reading import AskFirst, ScorecardReading
from handlers.edge import Answer
from handlers.notifier import SlackNotifier
from handlers.payloads import Command, Press
from handlers.views import scorecards_reading as views
from handlers.views.common import Json, error_view, notice
from handlers.views.scorecards_pages import FeedbackToken


class FeedbackListeners:
    """The listeners of whatever shows feedback."""

    def __init__(self, reading: ScorecardReading, notifier: SlackNotifier) -> None:
        self._reading = reading
        self._notifier = notifier

    async def named(self, command: Command) -> Answer:
        """`/scorecard NAME`."""
        workspace, user, name = command.workspace, command.user, command.text
        panels = await self._reading.named(workspace, user, name)
        if not panels:
            return Answer(notice(f"There is no panel for “{name[:80]}” that you have a part in."))
        if len(panels) > 1:
            return Answer(views.several(panels, name))
        try:
            found = await self._reading.of_panel(workspace, user, panels[0].id)
        except AskFirst as ask:
            return Answer(views.ask_first(ask))
        view = views.feedback(found)
        return Answer(after=lambda: self._notifier.open_view(command.trigger_id, view))

    async def feedback(self, press: Press) -> Answer:
        """*Read feedback*: in the place of the view that it is pressed in, which has been read."""
        panel = FeedbackToken.load(press.value).panel

        async def show() -> None:
            try:
                found = await self._reading.of_panel(press.workspace, press.user, panel)
            except AskFirst as ask:
                if press.view is not None:
                    raise
                await self._respond(press, views.ask_first(ask))
            else:
                await self._notifier.show_instead(press, views.feedback(found))

        return Answer(after=show)

    async def anyway(self, press: Press) -> Answer:
        """*Show me anyway*, confirmed."""
        panel = FeedbackToken.load(press.value).panel

        async def show() -> None:
            found = await self._reading.of_panel(press.workspace, press.user, panel, anyway=True)
            await self._show(press, views.feedback(found))

        return Answer(after=show)

    async def read(self, press: Press) -> Answer:
        """*Read*: one scorecard."""
        scorecard = views.ReadToken.load(press.value).scorecard

        async def show() -> None:
            found, card = await self._reading.one(press.workspace, press.user, scorecard)
            await self._show(press, views.scorecard(found, card, press.user))

        return Answer(after=show)

    async def earlier(self, press: Press) -> Answer:
        """*Earlier versions*: the last of them."""
        scorecard = views.ReadToken.load(press.value).scorecard

        async def show() -> None:
            found = await self._reading.earlier(press.workspace, press.user, scorecard)
            await self._show(press, views.earlier(found))

        return Answer(after=show)

    async def version(self, press: Press) -> Answer:
        """*Newer*, *Older*: another version in the same view.

        It may be the third of a stack, on which Slack puts no other: a refusal takes its place.
        """
        token = views.VersionToken.load(press.value)

        async def show() -> None:
            try:
                found = await self._reading.earlier(
                    press.workspace, press.user, token.scorecard, token.number
                )
            except UserError as error:
                if press.view is None:
                    raise
                view = error_view(error.text)
            else:
                view = views.earlier(found)
            await self._notifier.show_instead(press, view)

        return Answer(after=show)

    async def _show(self, press: Press, view: Json) -> None:
        if press.view is not None:
            await self._notifier.push_view(press.trigger_id, view)
        else:
            await self._notifier.open_view(press.trigger_id, view)

    async def _respond(self, press: Press, message: Json) -> None:
        await self._notifier.respond(
            press.response_url or "", message | {"replace_original": False}
        )

"""Reading feedback: what `/scorecard NAME` shows, and the buttons that lead to it."""

from bot.errors import UserError
from bot.services.feedback import OwnFirst, ScorecardReading
from handlers.edge import Answer, Job
from handlers.payloads import Command, Press
from handlers.slack import Slack
from handlers.views import feedback as views
from handlers.views.common import Json, error_view, notice
from handlers.views.scorecards.pages import FeedbackToken


class FeedbackListeners:
    """The listeners of whatever shows feedback."""

    def __init__(self, reading: ScorecardReading, slack: Slack) -> None:
        self._reading = reading
        self._slack = slack

    async def named(self, command: Command) -> Answer:
        """`/scorecard NAME`."""
        workspace, user, name = command.workspace, command.user, command.text
        listing = await self._reading.named(workspace, user, name)
        panels = listing.panels
        if not panels:
            return Answer(notice(f"You're not on a panel for “{name[:80]}”."))
        if len(panels) > 1:
            return Answer(views.several(listing, name))
        try:
            found = await self._reading.of_panel(workspace, user, panels[0].id)
        except OwnFirst as first:
            return Answer(views.own_first_message(first))
        view = views.feedback(found)
        return Answer(
            after=lambda: self._slack.of(command.workspace).open_view(command.trigger_id, view)
        )

    async def feedback(self, press: Press) -> Answer:
        """*Read feedback*: in the place of the view that it is pressed in, which has been read."""
        return self._of_panel(press, anyway=False)

    async def anyway(self, press: Press) -> Answer:
        """*Open early*, confirmed."""
        return self._of_panel(press, anyway=True)

    def _of_panel(self, press: Press, *, anyway: bool) -> Answer:
        panel = FeedbackToken.load(press.value).panel

        async def show() -> None:
            found = await self._reading.of_panel(press.workspace, press.user, panel, anyway=anyway)
            await self._slack.of(press.workspace).show_instead(press, views.feedback(found))

        return self._answer(press, show)

    async def read(self, press: Press) -> Answer:
        """*Read*: one scorecard."""
        scorecard = views.ReadToken.load(press.value).scorecard

        async def show() -> None:
            found, card = await self._reading.one(press.workspace, press.user, scorecard)
            await self._show(press, views.scorecard(found, card, press.user))

        return self._answer(press, show)

    async def earlier(self, press: Press) -> Answer:
        """*Earlier versions*: the last of them."""
        scorecard = views.ReadToken.load(press.value).scorecard

        async def show() -> None:
            found = await self._reading.earlier(press.workspace, press.user, scorecard)
            await self._show(press, views.earlier(found))

        return self._answer(press, show)

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
            except OwnFirst:
                raise
            except UserError as error:
                if press.view is None:
                    raise
                view = error_view(error.text)
            else:
                view = views.earlier(found)
            await self._slack.of(press.workspace).show_instead(press, view)

        return self._answer(press, show)

    def _answer(self, press: Press, show: Job) -> Answer:
        """Shows it, or the way to one's own scorecard where that comes first."""

        async def shown() -> None:
            try:
                await show()
            except OwnFirst as first:
                if press.view is not None:
                    await self._slack.of(press.workspace).show_instead(
                        press, views.own_first(first)
                    )
                else:
                    message = views.own_first_message(first) | {"replace_original": False}
                    await self._slack.of(press.workspace).respond(press.response_url or "", message)

        return Answer(after=shown)

    async def _show(self, press: Press, view: Json) -> None:
        if press.view is not None:
            await self._slack.of(press.workspace).push_view(press.trigger_id, view)
        else:
            await self._slack.of(press.workspace).open_view(press.trigger_id, view)

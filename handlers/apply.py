"""Applications as the team reads them: *Application*, *Suspected spam* and *Not spam*."""

from bot.services.apply.reading import ApplicationReading
from handlers.edge import Answer
from handlers.payloads import Press
from handlers.slack import Slack
from handlers.views.apply import application as views


class ApplicationListeners:
    """The listeners of applications."""

    def __init__(self, reading: ApplicationReading, slack: Slack) -> None:
        self._reading = reading
        self._slack = slack

    async def open(self, press: Press) -> Answer:
        """*Application*: on top of the candidate, if it is pressed there."""
        token = views.ApplicationToken.load(press.value)

        async def show() -> None:
            who = (press.workspace, press.user)
            view = views.application(await self._reading.sheet(*who, token.application))
            slack = self._slack.of(press.workspace)
            if press.modal is not None:
                await slack.push_view(press.trigger_id, view)
            else:
                await slack.open_view(press.trigger_id, view)

        return Answer(after=show)

    async def apart(self, press: Press) -> Answer:
        """*Suspected spam*: what is kept apart, with the reason."""
        token = views.ApartToken.load(press.value)

        async def show() -> None:
            who = (press.workspace, press.user)
            view = views.apart(await self._reading.apart(*who, token.opening))
            await self._slack.of(press.workspace).show_instead(press, view)

        return Answer(after=show)

    async def free(self, press: Press) -> Answer:
        """*Not spam*: it becomes an application, and the list is shown without it."""
        token = views.FreeToken.load(press.value)

        async def show() -> None:
            who = (press.workspace, press.user)
            view = views.apart(await self._reading.free(*who, token.submission))
            await self._slack.of(press.workspace).show_instead(press, view)

        return Answer(after=show)

"""The buttons of an interviewer's kit."""

from bot.services.panels.setup import PanelsService
from handlers.edge import Answer
from handlers.payloads import Press
from handlers.slack import Slack
from handlers.slack_errors import SlackRefused
from handlers.views.common import Json
from handlers.views.jd import description
from handlers.views.panels import kit as views

MOST_POSTS = 5
"""A response url is good for five."""


class PanelsKits:
    """The listeners of the kit and of the reminder."""

    def __init__(self, panels: PanelsService, slack: Slack) -> None:
        self._panels = panels
        self._slack = slack

    async def questions(self, press: Press) -> Answer:
        """*Show questions*."""
        interview = views.InterviewToken.load(press.value).interview

        async def show() -> None:
            kit = await self._panels.kit(press.workspace, press.user, interview)
            for message in views.questions(kit)[:MOST_POSTS]:
                await self._respond(press, message)

        return Answer(after=show)

    async def posting(self, press: Press) -> Answer:
        """*Job description*, as it was when the panel was set up."""
        interview = views.InterviewToken.load(press.value).interview

        async def show() -> None:
            kit = await self._panels.kit(press.workspace, press.user, interview)
            await self._respond(press, views.posting(kit, description(kit.content.role)))

        return Answer(after=show)

    async def calendar(self, press: Press) -> Answer:
        """*Add to calendar*: a file in the same DM, or its text where Slack takes no file."""
        interview = views.InterviewToken.load(press.value).interview

        async def send() -> None:
            text = await self._panels.calendar(press.workspace, press.user, interview)
            try:
                await self._slack.of(press.workspace).upload(
                    press.channel or "", "interview.ics", text
                )
            except SlackRefused:
                await self._respond(press, views.calendar(text))

        return Answer(after=send)

    async def _respond(self, press: Press, message: Json) -> None:
        await self._slack.of(press.workspace).respond(
            press.response_url or "", message | {"replace_original": False}
        )

"""The buttons of an interviewer's kit."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.errors import UserError
from bot.services.messages.panels import Kit
from bot.services.panels.setup import PanelsService
from handlers.edge import Answer, Listener
from handlers.panels.declines import PanelsDeclines
from handlers.payloads import Press
from handlers.slack import Slack
from handlers.slack_errors import SlackRefused
from handlers.views.common import Json, as_json, header
from handlers.views.jd import description
from handlers.views.openings.posting import text_blocks
from handlers.views.panels import kit as views
from handlers.views.panels import questions as modals
from handlers.views.posting import fitting


class PanelsKits:
    """The listeners of the kit, of the reminder, and of the questions that they open."""

    def __init__(self, panels: PanelsService, declines: PanelsDeclines, slack: Slack) -> None:
        self._panels = panels
        self._declines = declines
        self._slack = slack

    async def questions(self, press: Press) -> Answer:
        """*Questions*, and the way to more of them in the modal that they are in."""
        token = modals.QuestionsToken.load(press.value)

        async def show() -> None:
            kit = await self._panels.kit(press.workspace, press.user, token.interview)
            view = modals.questions(kit, token.first)
            await self._slack.of(press.workspace).show_instead(press, view)

        return Answer(after=show)

    async def rubric(self, press: Press) -> Answer:
        """*What good looks like*, on top of the questions."""
        token = modals.QuestionToken.load(press.value)

        def view_of(kit: Kit) -> Json:
            found = kit.content.questions([token.question])
            if token.question not in kit.interview.questions or not found:
                raise UserError(
                    "This interview has other questions now. Close this and open them again."
                )
            return modals.rubric(kit, found[0])

        return self._push(press, token.interview, view_of)

    async def ratings(self, press: Press) -> Answer:
        """*Competencies to rate*, on top of the questions."""
        interview = views.InterviewToken.load(press.value).interview
        return self._push(press, interview, modals.ratings)

    def _push(self, press: Press, interview: str, view_of: Callable[[Kit], Json]) -> Answer:
        async def push() -> None:
            view = view_of(await self._panels.kit(press.workspace, press.user, interview))
            slack = self._slack.of(press.workspace)
            show = slack.push_view if press.modal is not None else slack.open_view
            await show(press.trigger_id, view)

        return Answer(after=push)

    async def menu(self, press: Press) -> Answer:
        """The menu of a kit."""
        choice = views.KitChoice.load(press.value)
        does: Mapping[views.KitAction, Listener[Press]] = {
            views.KitAction.CALENDAR: self.calendar,
            views.KitAction.POSTING: self.posting,
            views.KitAction.DECLINE: self._declines.decline,
        }
        value = views.InterviewToken(interview=choice.interview).dump()
        return await does[choice.verb](replace(press, value=value))

    async def posting(self, press: Press) -> Answer:
        """*Job description*: the opening's own, or the role's as it was at the set-up."""
        interview = views.InterviewToken.load(press.value).interview

        async def show() -> None:
            kit, text = await self._panels.posting(press.workspace, press.user, interview)
            own = [header(kit.panel.opening.title), *text_blocks(text)]
            shown = as_json(own) if text else description(kit.content.role)
            slack = self._slack.of(press.workspace)
            put = slack.push_view if press.modal is not None else slack.open_view
            await put(press.trigger_id, modals.posting(fitting(shown)))

        return Answer(after=show)

    async def calendar(self, press: Press) -> Answer:
        """*Add to calendar*: a file in the same DM, or its text where Slack takes no file."""
        interview = views.InterviewToken.load(press.value).interview

        async def send() -> None:
            name, text = await self._panels.calendar(press.workspace, press.user, interview)
            channel = press.channel or ""
            try:
                file = await self._slack.of(press.workspace).upload(channel, name, text)
            except SlackRefused:
                await self._respond(press, views.calendar(name, text))
            else:
                await self._panels.calendar_sent(press.workspace, interview, channel, file)

        return Answer(after=send)

    async def join(self, press: Press) -> Answer:
        """*Join call*: Slack opens the link by itself, and only tells of it."""
        return Answer()

    async def _respond(self, press: Press, message: Json) -> None:
        await self._slack.of(press.workspace).respond(
            press.response_url or "", message | {"replace_original": False}
        )

"""*Draft message* and *Told them*."""

from bot.library.documents import Documents
from bot.library.formats import Format
from bot.services.debriefs.answering import Answered, Answering
from bot.services.debriefs.reading import Debriefs
from handlers.edge import Answer, in_place, in_time
from handlers.payloads import Press, Submission
from handlers.slack import Slack
from handlers.views.debriefs import debrief as views
from handlers.views.debriefs.answer import tell_form, told
from handlers.views.debriefs.buttons import TellToken


class AnswerListeners:
    """The listeners of answers to candidates."""

    def __init__(
        self, answering: Answering, debriefs: Debriefs, documents: Documents, slack: Slack
    ) -> None:
        self._answering = answering
        self._debriefs = debriefs
        self._documents = documents
        self._slack = slack

    async def draft(self, press: Press) -> Answer:
        """*Draft message*: on top of the modal it is pressed in, if there is one."""
        token = TellToken.load(press.value)

        async def show() -> None:
            found = await self._answering.to_tell(press.workspace, press.user, token.application)
            under = press.modal.id if press.modal is not None else None
            asked = token.model_copy(update={"under": under})
            view = tell_form(found, self._draft(found), asked)
            slack = self._slack.of(press.workspace)
            if press.modal is not None:
                await slack.push_view(press.trigger_id, view)
            else:
                await slack.open_view(press.trigger_id, view)

        return Answer(after=show)

    async def submit(self, submission: Submission) -> Answer:
        """*Told them*; the debrief below it follows."""
        token = TellToken.load(submission.view.metadata)
        who = (submission.workspace, submission.user)
        found = await in_time(self._answering.tell(*who, token.application, token.number))
        under, panel = token.under, token.panel
        if under is None or panel is None:
            return in_place(told(found))

        async def follow() -> None:
            debrief = await self._debriefs.of_panel(submission.workspace, submission.user, panel)
            slack = self._slack.of(submission.workspace)
            await slack.update_view(under, None, views.debrief(debrief))

        return in_place(told(found), follow)

    def _draft(self, found: Answered) -> str:
        """Words for a person to edit; no reason is in them, since a person writes that."""
        made, panel = found.decision, found.awaited.panel
        withdrew = made.stage.value == "withdrawn"
        return self._documents.document(
            "answer",
            Format.TEXT,
            candidate=panel.candidate.name,
            title=panel.opening.title,
            outcome=made.outcome.value,
            withdrew=withdrew,
        ).strip()

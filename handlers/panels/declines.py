"""*I can't make it*, and *I can make it after all*."""

from bot.domain.panels.fields import InvalidPanel, PanelField
from bot.errors import FieldErrors
from bot.services.panels.changes import PanelChanges
from handlers import ids
from handlers.edge import Answer, in_time
from handlers.payloads import Press, Submission
from handlers.slack import Slack
from handlers.views.common import notice
from handlers.views.panels.declines import decline_form
from handlers.views.panels.kit import InterviewToken

FIELDS = {PanelField.REASON: ids.PANEL_REASON, PanelField.START: ids.PANEL_OTHER_TIME}


class PanelsDeclines:
    """What an interviewer says of their own interview before it."""

    def __init__(self, changes: PanelChanges, slack: Slack) -> None:
        self._changes = changes
        self._slack = slack

    async def decline(self, press: Press) -> Answer:
        """*I can't make it*: asks why, and for another time."""
        token = InterviewToken.load(press.value)

        async def ask() -> None:
            kit = await self._changes.declinable(press.workspace, press.user, token.interview)
            slack = self._slack.of(press.workspace)
            await slack.open_view(press.trigger_id, decline_form(kit, token))

        return Answer(after=ask)

    async def submit(self, submission: Submission) -> Answer:
        """*Notify organizers*: the kit behind the form shows what was said."""
        view = submission.view
        interview = InterviewToken.load(view.metadata).interview
        because = view.typed(ids.PANEL_REASON) or ""
        other_time = view.moment(ids.PANEL_OTHER_TIME)
        who = (submission.workspace, submission.user)
        try:
            await in_time(self._changes.decline(*who, interview, because, other_time))
        except InvalidPanel as invalid:
            field = FIELDS.get(invalid.part)
            if field is None:
                raise
            raise FieldErrors({field.block: invalid.text}) from invalid
        return Answer()

    async def accept(self, press: Press) -> Answer:
        """*I can make it after all*."""
        interview = InterviewToken.load(press.value).interview

        async def accept() -> None:
            await self._changes.accept(press.workspace, press.user, interview)
            message = notice("You're back on this interview, and the organizers can see it.")
            await self._slack.of(press.workspace).respond(
                press.response_url or "", message | {"replace_original": False}
            )

        return Answer(after=accept)

"""*Erase*, for admins: a candidate goes for good."""

from bot.errors import FieldErrors
from bot.services.records.asking import ErasureAsking, OtherName
from handlers.edge import Answer, in_place, in_time
from handlers.ids import RECORD_NAME
from handlers.payloads import Press, Submission
from handlers.slack import Slack
from handlers.views.records import erasing as views


class ErasingListeners:
    """The listeners of erasure."""

    def __init__(self, asking: ErasureAsking, slack: Slack) -> None:
        self._asking = asking
        self._slack = slack

    async def ask(self, press: Press) -> Answer:
        """*Erase* beside a candidate: what would go, on top of the modal it is pressed in."""
        token = views.EraseToken.load(press.value)

        async def show() -> None:
            found = await self._asking.preview(press.workspace, press.user, token.candidate)
            slack = self._slack.of(press.workspace)
            put = slack.push_view if press.modal is not None else slack.open_view
            await put(press.trigger_id, views.erase_form(found))

        return Answer(after=show)

    async def submit(self, submission: Submission) -> Answer:
        """*Erase*, with the name typed again."""
        token = views.EraseToken.load(submission.view.metadata)
        typed = submission.view.typed(RECORD_NAME) or ""
        who = (submission.workspace, submission.user)
        try:
            found = await in_time(self._asking.ask(*who, token.candidate, typed))
        except OtherName as other:
            raise FieldErrors({RECORD_NAME.block: other.text}) from other
        return in_place(views.erasure(found))

"""*Reassign* and *Close without a scorecard*, for organizers."""

from collections.abc import Callable

from bot.domain.scorecards.closing import DueScorecard
from bot.errors import FieldErrors
from bot.services.scorecards.organizing import ScorecardOrganizing
from bot.services.scorecards.ownership import WrongOwner
from handlers.edge import Answer, in_time
from handlers.ids import SCORECARD_NEW_OWNER, SCORECARD_REASON
from handlers.payloads import Press, Submission
from handlers.slack import Slack
from handlers.views.common import Json
from handlers.views.scorecards import organizing as views


class ScorecardsOrganizing:
    """The listeners; what they change shows in the messages that are there."""

    def __init__(self, organizing: ScorecardOrganizing, slack: Slack) -> None:
        self._organizing = organizing
        self._slack = slack

    async def reassign(self, press: Press) -> Answer:
        return self._asks(press, views.reassign_form)

    async def close(self, press: Press) -> Answer:
        return self._asks(press, views.close_form)

    def _asks(self, press: Press, form: Callable[[DueScorecard], Json]) -> Answer:
        interview = views.ForToken.load(press.value).interview

        async def ask() -> None:
            due = await self._organizing.due(press.workspace, press.user, interview)
            slack = self._slack.of(press.workspace)
            if press.modal is not None:
                await slack.push_view(press.trigger_id, form(due))
            else:
                await slack.open_view(press.trigger_id, form(due))

        return Answer(after=ask)

    async def submit_reassign(self, submission: Submission) -> Answer:
        view = submission.view
        interview = views.ForToken.load(view.metadata).interview
        receiver = view.person(SCORECARD_NEW_OWNER)
        if not receiver:
            raise FieldErrors({SCORECARD_NEW_OWNER.block: "Choose who writes it."})
        reason = view.typed(SCORECARD_REASON) or ""
        who = (submission.workspace, submission.user)
        try:
            await in_time(self._organizing.reassign(*who, interview, receiver, reason))
        except WrongOwner as error:
            raise FieldErrors({SCORECARD_NEW_OWNER.block: error.text}) from error
        return Answer()

    async def submit_close(self, submission: Submission) -> Answer:
        view = submission.view
        interview = views.ForToken.load(view.metadata).interview
        reason = view.typed(SCORECARD_REASON) or ""
        who = (submission.workspace, submission.user)
        await in_time(self._organizing.close(*who, interview, reason))
        return Answer()

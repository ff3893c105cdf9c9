"""*Open record*: a decision with what there was when it was made."""

from bot.services.debriefs.records import Records
from handlers.edge import Answer
from handlers.payloads import Press
from handlers.slack import Slack
from handlers.views.debriefs.packet import RecordToken, packet


class RecordListeners:
    """The listeners of records."""

    def __init__(self, records: Records, slack: Slack) -> None:
        self._records = records
        self._slack = slack

    async def open(self, press: Press) -> Answer:
        """*Open record*, on top of the debrief; *Previous* and *Next*, in the place of a page."""
        token = RecordToken.load(press.value)

        async def show() -> None:
            what = (token.panel, token.number)
            record = await self._records.of_decision(press.workspace, press.user, *what)
            slack, view = self._slack.of(press.workspace), packet(record, token)
            if token.page is None and press.modal is not None:
                await slack.push_view(press.trigger_id, view)
            else:
                await slack.show_instead(press, view)

        return Answer(after=show)

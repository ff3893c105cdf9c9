"""The reminder that an organizer asked for with *Remind now*."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.ladder import late
from bot.domain.messages import MessageKind, NotYet
from bot.domain.reminders import MOST_SHOWN
from bot.domain.scorecards.closing import DueScorecard
from bot.services.messages.message import RenderContext
from bot.services.messages.reminders import OwnerMessage
from bot.services.messages.reminders_due import asked_key, calendar_of
from bot.storage.database import Transaction


@dataclass(frozen=True)
class Asked:
    """For whoever has scorecards due, since an organizer asked: the longest due first, and how many
    `more` there are. `late` has since when those are that are late."""

    due_scorecards: Sequence[DueScorecard]
    more: int
    late: Mapping[str, datetime]
    zone: str


@dataclass(frozen=True, kw_only=True)
class AskedMessage(OwnerMessage):
    """What an organizer had the person reminded of on that day, once its digest had gone out; it
    comes `at` that moment."""

    kind = MessageKind.REMINDERS_ASKED
    person: str
    day: date
    at: datetime

    @property
    def key(self) -> str:
        return asked_key(self.person, self.day)

    async def render(self, tx: Transaction, context: RenderContext) -> Asked | NotYet | None:
        requests = await tx.remind_requests.of_day(self.workspace, self.person, self.day)
        found = await tx.scorecards.due_scorecards(
            self.workspace, [one.interview for one in requests]
        )
        due_scorecards = [due for due in found if due.is_due(context.now)]
        mine = [due for due in due_scorecards if due.is_awaited_from(self.person)]
        if not mine and not context.is_sent:
            return None
        if context.is_early(self.at):
            return NotYet(self.at)
        calendar = await calendar_of(tx, self.workspace, self.person)
        ordered = sorted(mine, key=lambda due: (due.due_since, due.interview))
        since = {due.interview: due.due_since for due in ordered}
        return Asked(
            ordered[:MOST_SHOWN],
            max(0, len(ordered) - MOST_SHOWN),
            late(calendar, since, context.now),
            calendar.zone,
        )

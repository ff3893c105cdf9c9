"""What led to a decision, as it was when it was made, for somebody who may read all of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.debriefs.access import DebriefAccess, EarlyOpen
from bot.domain.debriefs.decision import Decision
from bot.domain.debriefs.ratings import RatingsTable, ratings_table
from bot.domain.feedback import FeedbackRead
from bot.domain.scorecards.scorecard import Scorecard
from bot.errors import UserError
from bot.services.debriefs.debrief import Debrief, debrief_of
from bot.services.frozen_contents import Contents
from bot.services.ports import Clock
from bot.services.rights import Rights, require_member
from bot.storage.database import Database

NO_RECORD = "There's no record of this yet. Open the debrief again."


@dataclass(frozen=True)
class Record:
    """A decision with what there was when it was made: `scorecards` at the versions that they had,
    in the order of the interviews. `debrief` is as it is now, for its reader."""

    debrief: Debrief
    made: Decision
    scorecards: Sequence[Scorecard]

    @property
    def table(self) -> RatingsTable:
        return ratings_table(self.debrief.rated_on, self.scorecards)

    @property
    def reads(self) -> Sequence[FeedbackRead]:
        """Who had read others' feedback by then."""
        return [one for one in self.debrief.reads if one.at <= self.made.at]

    @property
    def early(self) -> Sequence[EarlyOpen]:
        return [one for one in self.debrief.early if one.at <= self.made.at]


class Records:
    """Raises UserError where the person may not, as a debrief does."""

    def __init__(
        self, database: Database, rights: Rights, contents: Contents, clock: Clock
    ) -> None:
        self._database = database
        self._rights = rights
        self._contents = contents
        self._clock = clock

    async def of_decision(self, workspace: str, user: str, panel: str, number: int) -> Record:
        """The record of the decision of this number; that others' feedback was read is
        remembered."""
        access = require_member(await self._rights.access(workspace, user))
        now = self._clock.now()
        async with self._database.write() as tx:
            found = await debrief_of(tx, self._contents, workspace, panel, now)
            shown = found.shown_to(access, now)
            made = next((one for one in shown.decisions.made if one.number == number), None)
            is_open = shown.reading is DebriefAccess.ALL and shown.leanings.are_open
            if made is None or not is_open:
                raise UserError(NO_RECORD)
            ids = [card.id for card in shown.scorecards]
            then = await tx.scorecards.versions_by(workspace, ids, made.at)
            cards = [
                replace(card, version=then[card.id]) for card in shown.scorecards if card.id in then
            ]
            if any(card.interviewer != user for card in cards):
                await tx.feedback_reads.add(workspace, panel, user, now, anyway=False)
            return Record(shown, made, cards)

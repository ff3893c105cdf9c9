"""Reading feedback: one's own at once, others' as the rule of independence allows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.audit import AuditEntry, new_id
from bot.domain.feedback import (
    FeedbackRead,
    ReadAccess,
    SeenBefore,
    feedback_readers,
    has_part,
    own_first,
    read_access,
)
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import Panel
from bot.domain.rights import Access, Act
from bot.domain.scorecards.closing import DueScorecard
from bot.domain.scorecards.scorecard import Scorecard, ScorecardVersion
from bot.errors import UserError
from bot.services.frozen_contents import Contents
from bot.services.overview import PanelList, readable_panels
from bot.services.ports import Clock
from bot.services.rights import NO_PART, Rights, require, require_member
from bot.storage.database import Database, Transaction

OWN_FIRST = (
    "You can read other interviewers' feedback once your interview has started and you've "
    "submitted your own scorecard. That way, what you write is your own view."
)
ASK_FIRST = (
    "You haven't submitted your scorecard on this candidate yet, or you submitted it before your "
    "interview. If you read others' feedback now, that's recorded, and your scorecard will be "
    "marked as written after seeing theirs."
)
NOT_FOR_YOU = (
    "Only the hiring manager, the recruiter, the people who decide and interviewers who've "
    "submitted their own scorecard can read feedback."
)
NO_SUCH_VERSION = "There's no such version of this scorecard."


@dataclass(frozen=True)
class Feedback:
    """The feedback on a candidate that one person may read.

    `due_scorecards` are all interviews of the panel where they may read all, else those of the
    scorecards. `reads`: who had read others' feedback on the candidate before this reading.
    `asks_again`: they asked to be shown it anyway while there was none, so that nothing is
    recorded yet. Each of `due_scorecards` has the reader's zone. `hidden_from` is the reader where
    they decide, and others' recommendations are not open to them before the leanings are.
    """

    panel: Panel
    content: FrozenContent
    due_scorecards: Sequence[DueScorecard]
    scorecards: Sequence[Scorecard]
    reads: Sequence[FeedbackRead]
    asks_again: bool = False
    hidden_from: str | None = None

    def hides_recommendation(self, card: Scorecard) -> bool:
        """Whether the reader may not see yet what its author recommends."""
        return self.hidden_from is not None and card.interviewer != self.hidden_from

    def seen(self, card: Scorecard, version: ScorecardVersion) -> SeenBefore:
        """What the author of a version knew of the others' feedback when they wrote it."""
        if card.seen_others_before:
            return SeenBefore.WRITTEN_AFTER
        is_after = any(
            read.person == card.interviewer and read.at < version.submitted_at
            for read in self.reads
        )
        return SeenBefore.CHANGED_AFTER if is_after else SeenBefore.NOTHING

    def due_scorecard(self, card: Scorecard) -> DueScorecard:
        return next(due for due in self.due_scorecards if due.interview == card.interview)


@dataclass(frozen=True)
class Earlier:
    """A version of a scorecard that is not the current one, and the version that replaced it."""

    feedback: Feedback
    scorecard: Scorecard
    version: ScorecardVersion
    replaced_by: ScorecardVersion


class OwnFirst(UserError):
    """The person's own scorecard is due, on `interview`; `may_ask`: they are asked whether they
    still open the others' early. `candidate` is the candidate's name."""

    def __init__(self, panel: str, candidate: str, interview: str, *, may_ask: bool) -> None:
        super().__init__(ASK_FIRST if may_ask else OWN_FIRST)
        self.panel = panel
        self.candidate = candidate
        self.interview = interview
        self.may_ask = may_ask


class ScorecardReading:
    """Each method raises UserError where the person may not, OwnFirst where they may not yet."""

    def __init__(
        self, database: Database, rights: Rights, contents: Contents, clock: Clock
    ) -> None:
        self._database = database
        self._rights = rights
        self._contents = contents
        self._clock = clock

    async def named(self, workspace: str, user: str, name: str) -> PanelList:
        """The panels for candidates of this name whose feedback they may ask for."""
        access = require_member(await self._rights.access(workspace, user))
        async with self._database.read() as tx:
            return await readable_panels(tx, access, name, self._clock.now())

    async def of_panel(
        self, workspace: str, user: str, panel: str, *, anyway: bool = False
    ) -> Feedback:
        """The feedback of a panel; that it was read is remembered."""
        access = require_member(await self._rights.access(workspace, user))
        async with self._database.write() as tx:
            return await self._read(tx, access, panel, anyway=anyway)

    async def one(self, workspace: str, user: str, scorecard: str) -> tuple[Feedback, Scorecard]:
        """One scorecard, with the feedback that it belongs to."""
        access = require_member(await self._rights.access(workspace, user))
        async with self._database.write() as tx:
            return await self._one(tx, access, scorecard)

    async def earlier(
        self, workspace: str, user: str, scorecard: str, number: int | None = None
    ) -> Earlier:
        """A version before the current one, the last of them where no number is given.

        Whoever may read the scorecard may read all of its versions.
        """
        access = require_member(await self._rights.access(workspace, user))
        async with self._database.write() as tx:
            feedback, card = await self._one(tx, access, scorecard)
            current = card.version.number
            wanted = current - 1 if number is None else number
            if not 1 <= wanted < current:
                raise UserError(NO_SUCH_VERSION)
            numbers = (wanted, wanted + 1)
            version, following = await tx.scorecards.versions(workspace, card.id, numbers)
            return Earlier(feedback, card, version, following)

    async def _one(
        self, tx: Transaction, access: Access, scorecard: str
    ) -> tuple[Feedback, Scorecard]:
        workspace, user = access.workspace, access.user
        card = await tx.scorecards.by_id(workspace, scorecard)
        if card is None:
            raise UserError(NO_PART)
        due = await tx.scorecards.due_scorecard(workspace, card.interview)
        if due is None:
            raise UserError(NO_PART)
        if card.interviewer == user:
            panel = await _panel(tx, workspace, due.panel)
            content = await self._contents.of(tx, panel)
            reads = await tx.feedback_reads.of_panel(workspace, panel.id)
            return Feedback(panel, content, [replace(due, zone=access.zone)], [card], reads), card
        return await self._read(tx, access, due.panel), card

    async def _read(
        self, tx: Transaction, access: Access, id: str, *, anyway: bool = False
    ) -> Feedback:
        workspace, user = access.workspace, access.user
        panel = await _panel(tx, workspace, id)
        due_scorecards = await tx.scorecards.due_scorecards_of_panel(workspace, id)
        cards = await tx.scorecards.of_panel(workspace, id)
        reads = await tx.feedback_reads.of_panel(workspace, id)
        readers = feedback_readers(
            due_scorecards, cards, self._clock.now(), reads, panel.opening.deciders
        )
        reading = read_access(user, readers)
        if anyway and reading is ReadAccess.ALL:
            require(access, Act.OPEN_EARLY, panel)
        is_asked = reading is ReadAccess.ASK_FIRST
        if reading is not ReadAccess.ALL and not (is_asked and anyway):
            raise _refusal(reading, panel, user, due_scorecards)
        sees_others = any(card.interviewer != user for card in cards)
        if sees_others:
            await self._mark(tx, panel, user, anyway=is_asked)
        content = await self._contents.of(tx, panel)
        asks_again = is_asked and not sees_others
        shown = [replace(due, zone=access.zone) for due in due_scorecards]
        is_hidden = (await tx.debriefs.leanings(panel)).hides_from(user)
        hidden_from = user if is_hidden else None
        return Feedback(panel, content, shown, cards, reads, asks_again, hidden_from)

    async def _mark(self, tx: Transaction, panel: Panel, user: str, *, anyway: bool) -> None:
        workspace, now = panel.workspace, self._clock.now()
        await tx.feedback_reads.add(workspace, panel.id, user, now, anyway=anyway)
        if anyway:
            await tx.audit.add(
                AuditEntry(new_id(), workspace, now, user, "feedback.shown_anyway", panel.id, 0)
            )


def _refusal(
    reading: ReadAccess, panel: Panel, user: str, due_scorecards: Sequence[DueScorecard]
) -> UserError:
    """In words that tell whoever has no part in the panel nothing, not even that there is one."""
    due = own_first(due_scorecards, user)
    if due is not None and reading in (ReadAccess.ASK_FIRST, ReadAccess.OWN_FIRST):
        may_ask = reading is ReadAccess.ASK_FIRST
        return OwnFirst(panel.id, panel.candidate.name, due.interview, may_ask=may_ask)
    is_known = has_part(panel.organizers, due_scorecards, user)
    return UserError(NOT_FOR_YOU if is_known else NO_PART)


async def _panel(tx: Transaction, workspace: str, id: str) -> Panel:
    panel = await tx.panels.get(workspace, id)
    if panel is None:
        raise UserError(NO_PART)
    return panel

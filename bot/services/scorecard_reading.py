"""Reading feedback: one's own at once, others' as the rule of independence allows."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.audit import Entry, new_id
from bot.domain.feedback import Read, Reading, Seen, circle, readable
from bot.domain.panel_content import FrozenContent
from bot.domain.panels import Action, Panel
from bot.domain.scorecards import Duty, Scorecard, Version
from bot.errors import UserError
from bot.services.panel_messages import Contents
from bot.services.ports import Clock
from bot.services.rights import NO_PART, Rights, require
from bot.storage.database import Database, Transaction
from bot.storage.panels import Whose

MOST_NAMED = 10

OWN_FIRST = (
    "You can read the others' feedback on this candidate once your own scorecard is in, so that "
    "what you write is your own."
)
NOT_FOR_YOU = (
    "Feedback is read by the hiring manager, the recruiter, and interviewers whose own scorecard "
    "is in."
)
NO_SUCH_VERSION = "This scorecard has no such earlier version."


@dataclass(frozen=True)
class Feedback:
    """The feedback on a candidate that one person may read.

    `duties` are all interviews of the panel where they may read all, else those of the scorecards.
    `reads`: who had read others' feedback on the candidate before this reading.
    """

    panel: Panel
    content: FrozenContent
    duties: Sequence[Duty]
    scorecards: Sequence[Scorecard]
    reads: Sequence[Read]

    def seen(self, card: Scorecard, version: Version) -> Seen:
        """What the author of a version knew of the others' feedback when they wrote it."""
        if card.seen_others_before:
            return Seen.WRITTEN_AFTER
        is_after = any(
            read.person == card.interviewer and read.at < version.submitted_at
            for read in self.reads
        )
        return Seen.CHANGED_AFTER if is_after else Seen.NOTHING

    def duty(self, card: Scorecard) -> Duty:
        return next(duty for duty in self.duties if duty.interview == card.interview)


@dataclass(frozen=True)
class Earlier:
    """A version of a scorecard that is not the current one, and the version that replaced it."""

    feedback: Feedback
    scorecard: Scorecard
    version: Version
    replaced_by: Version


class AskFirst(UserError):
    """The person may read all, but is asked first: their own scorecard is not in yet."""

    def __init__(self, panel: Panel) -> None:
        super().__init__(
            "Your own scorecard on this candidate is not in yet. If you read the others' now, "
            "that is recorded, and yours will be marked as written after seeing them."
        )
        self.panel = panel


class ScorecardReading:
    """Each method raises UserError where the person may not, AskFirst where they are asked."""

    def __init__(
        self, database: Database, rights: Rights, contents: Contents, clock: Clock
    ) -> None:
        self._database = database
        self._rights = rights
        self._contents = contents
        self._clock = clock

    async def named(self, workspace: str, user: str, name: str) -> Sequence[Panel]:
        """The panels for candidates of this name that the person has a part in."""
        require(await self._rights.access(workspace, user), Action.SET_UP)
        async with self._database.read() as tx:
            return await tx.panels.named(workspace, Whose(user), name, MOST_NAMED)

    async def of_panel(
        self, workspace: str, user: str, panel: str, *, anyway: bool = False
    ) -> Feedback:
        """The feedback of a panel; that it was read is remembered."""
        require(await self._rights.access(workspace, user), Action.SET_UP)
        async with self._database.write() as tx:
            return await self._read(tx, workspace, user, panel, anyway=anyway)

    async def one(self, workspace: str, user: str, scorecard: str) -> tuple[Feedback, Scorecard]:
        """One scorecard, with the feedback that it belongs to."""
        require(await self._rights.access(workspace, user), Action.SET_UP)
        async with self._database.write() as tx:
            return await self._one(tx, workspace, user, scorecard)

    async def earlier(
        self, workspace: str, user: str, scorecard: str, number: int | None = None
    ) -> Earlier:
        """A version before the current one, the last of them where no number is given.

        Whoever may read the scorecard may read all of its versions.
        """
        require(await self._rights.access(workspace, user), Action.SET_UP)
        async with self._database.write() as tx:
            feedback, card = await self._one(tx, workspace, user, scorecard)
            current = card.version.number
            wanted = current - 1 if number is None else number
            if not 1 <= wanted < current:
                raise UserError(NO_SUCH_VERSION)
            numbers = (wanted, wanted + 1)
            version, following = await tx.scorecards.versions(workspace, card.id, numbers)
            return Earlier(feedback, card, version, following)

    async def _one(
        self, tx: Transaction, workspace: str, user: str, scorecard: str
    ) -> tuple[Feedback, Scorecard]:
        card = await tx.scorecards.by_id(workspace, scorecard)
        if card is None:
            raise UserError(NO_PART)
        duty = await tx.scorecards.duty(workspace, card.interview)
        if duty is None:
            raise UserError(NO_PART)
        if card.interviewer == user:
            panel = await _panel(tx, workspace, duty.panel)
            content = await self._contents.of(tx, panel)
            reads = await tx.feedback_reads.of_panel(workspace, panel.id)
            return Feedback(panel, content, [duty], [card], reads), card
        return await self._read(tx, workspace, user, duty.panel), card

    async def _read(
        self, tx: Transaction, workspace: str, user: str, id: str, *, anyway: bool = False
    ) -> Feedback:
        panel = await _panel(tx, workspace, id)
        duties = await tx.scorecards.duties_of_panel(workspace, id)
        cards = await tx.scorecards.of_panel(workspace, id)
        reads = await tx.feedback_reads.of_panel(workspace, id)
        reading = readable(user, circle(duties, (card.interviewer for card in cards), reads))
        content = await self._contents.of(tx, panel)
        if reading is Reading.ASK_FIRST and anyway:
            await self._show_anyway(tx, panel, user)
        elif reading is not Reading.ALL:
            raise _refusal(reading, panel, user, duties)
        elif any(card.interviewer != user for card in cards):
            now = self._clock.now()
            await tx.feedback_reads.add(workspace, id, user, now, anyway=False)
        return Feedback(panel, content, duties, cards, reads)

    async def _show_anyway(self, tx: Transaction, panel: Panel, user: str) -> None:
        now = self._clock.now()
        await tx.feedback_reads.add(panel.workspace, panel.id, user, now, anyway=True)
        await tx.audit.add(
            Entry(new_id(), panel.workspace, now, user, "feedback.shown_anyway", panel.id, 0)
        )


def _refusal(reading: Reading, panel: Panel, user: str, duties: Sequence[Duty]) -> UserError:
    """In words that tell whoever has no part in the panel nothing, not even that there is one."""
    if reading is Reading.ASK_FIRST:
        return AskFirst(panel)
    if reading is Reading.OWN_FIRST:
        return UserError(OWN_FIRST)
    has_part = user in panel.organisers or any(user in one.people for one in duties if one.is_on)
    return UserError(NOT_FOR_YOU if has_part else NO_PART)


async def _panel(tx: Transaction, workspace: str, id: str) -> Panel:
    panel = await tx.panels.get(workspace, id)
    if panel is None:
        raise UserError(NO_PART)
    return panel

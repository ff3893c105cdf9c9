"""A panel's debrief as one person may see it, and how it is read from the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.debriefs.access import (
    Arrivals,
    DebriefAccess,
    EarlyOpen,
    arrivals,
    debrief_access,
)
from bot.domain.debriefs.decision import Decisions
from bot.domain.debriefs.leanings import Leanings
from bot.domain.debriefs.offers import Offer, OfferResult, Seats, offer_of
from bot.domain.debriefs.ratings import (
    NotCovered,
    RatingsTable,
    not_covered,
    ratings_table,
    seen_of,
)
from bot.domain.debriefs.rule import Checked, checked_rule
from bot.domain.feedback import (
    FeedbackRead,
    ReadAccess,
    feedback_readers,
    has_part,
    own_first,
    read_access,
)
from bot.domain.openings.opening import NEXT, OpeningStatus
from bot.domain.openings.rule import Rule
from bot.domain.panels.content import FrozenContent
from bot.domain.panels.panel import Panel
from bot.domain.rights import Access, Act
from bot.domain.scorecards.closing import DueScorecard
from bot.domain.scorecards.scorecard import Scorecard
from bot.errors import UserError
from bot.services.frozen_contents import Contents
from bot.services.messages.debriefs_answers import AwaitedAnswer, awaited_answer
from bot.services.rights import NO_PART
from bot.storage.database import Transaction

NOT_FOR_YOU = (
    "Only the hiring manager, the recruiter, the people who decide and interviewers who've "
    "submitted their own scorecard can open a debrief."
)
OUTCOME_HIDDEN = "Your own scorecard is still due, so you can't see yet what was decided."
UNDO_IS_OVER = "It's been 15 minutes, so this can't be undone anymore. You can amend it."


@dataclass(frozen=True)
class Debrief:
    """A panel's scorecards read together.

    `scorecards` are those that the reader may read, in the order of the interviews: none unless
    `reading` is ALL. `own` is the interview whose scorecard is the reader's to write first, where
    it is OWN_FIRST. `leanings` have of others' only what the reader may see. `needs_second`:
    a decision counts once a second decider confirms it.
    """

    panel: Panel
    content: FrozenContent
    access: Access
    now: datetime
    reading: DebriefAccess
    due_scorecards: Sequence[DueScorecard]
    arrivals: Arrivals
    scorecards: Sequence[Scorecard]
    reads: Sequence[FeedbackRead]
    early: Sequence[EarlyOpen]
    leanings: Leanings
    decisions: Decisions
    awaited: AwaitedAnswer | None
    rule: Rule = ()
    needs_second: bool = False
    offer: Offer | None = None
    last_result: int = 0
    seats: Seats | None = None
    own: str | None = None
    has_scorecards: bool = False

    @property
    def reader(self) -> str:
        return self.access.user

    @property
    def table(self) -> RatingsTable:
        """Its competencies in the order of the alphabet, which says nothing about anybody."""
        return ratings_table(self._competencies, self.scorecards)

    @property
    def checked_rule(self) -> Checked:
        """What the scorecards say to each line of the rule."""
        return checked_rule(self.rule, self.table)

    @property
    def not_covered(self) -> tuple[NotCovered, ...]:
        return not_covered(self._competencies, self.due_scorecards, self.arrivals.submitted)

    @property
    def _competencies(self) -> list[str]:
        named = ((item.name.casefold(), item.id) for item in self.content.competencies)
        return [id for _, id in sorted(named)]

    @property
    def seen(self) -> str:
        """Another once a scorecard in it has changed."""
        return seen_of(self.scorecards)

    @property
    def may_open_early(self) -> bool:
        """Whether they are asked if they read it before all, or their own, is in."""
        is_missing = self.reading in (DebriefAccess.OWN_FIRST, DebriefAccess.WAITING)
        may = self.access.may(Act.OPEN_EARLY, self.panel)
        return is_missing and self.has_scorecards and may

    @property
    def may_remind(self) -> bool:
        """Whether a scorecard is due from someone else, of which they can remind."""
        due = (one for one in self.arrivals.awaited if one.is_due(self.now))
        is_others = any(one.owner != self.reader for one in due)
        return is_others and self.access.may(Act.REMIND, self.panel)

    @property
    def may_lean(self) -> bool:
        is_decider = self.access.may(Act.LEAN, self.panel)
        return self.reading is DebriefAccess.ALL and is_decider and not self.leanings.are_open

    @property
    def may_open_leanings(self) -> bool:
        organizes = self.access.may(Act.OPEN_LEANINGS, self.panel)
        reads = self.reading is DebriefAccess.ALL
        return reads and organizes and self.leanings.may_be_opened_by(self.reader)

    @property
    def has_own_due(self) -> bool:
        return any(one.is_due(self.now) and one.owner == self.reader for one in self.due_scorecards)

    @property
    def due_from_others(self) -> tuple[DueScorecard, ...]:
        """The scorecards that are still due, the reader's own aside."""
        due = (one for one in self.due_scorecards if one.is_due(self.now))
        return tuple(one for one in due if one.owner != self.reader)

    @property
    def ahead(self) -> tuple[DueScorecard, ...]:
        """The interviews that are still to come."""
        return tuple(one for one in self.arrivals.awaited if not one.is_due(self.now))

    @property
    def may_decide(self) -> bool:
        """Whether the reader may decide now, or amend what was decided."""
        is_decider = self.access.may(Act.DECIDE, self.panel) and not self.has_own_due
        return self.reading is DebriefAccess.ALL and is_decider and self.leanings.are_open

    @property
    def may_confirm(self) -> bool:
        """Whether a decision of somebody else's waits for the reader."""
        pending = self.decisions.pending
        return pending is not None and pending.person != self.reader and self.may_decide

    @property
    def has_one_decider(self) -> bool:
        return len(self.leanings.deciders) == 1

    @property
    def may_answer(self) -> bool:
        """Whether the candidate waits to hear what was decided here, and the reader may tell."""
        awaited, current = self.awaited, self.decisions.current
        if awaited is None or current is None or awaited.panel.id != self.panel.id:
            return False
        is_open = not awaited.answer.is_given and not self.has_own_due
        return is_open and self.access.may(Act.ANSWER, self.panel)

    @property
    def is_answered(self) -> bool:
        """Whether the candidate knows what was decided here."""
        awaited = self.awaited
        return awaited is not None and awaited.panel.id == self.panel.id and awaited.answer.is_given

    @property
    def rated_on(self) -> tuple[str, ...]:
        """What a decision can rest on, in the order in which it is shown."""
        return tuple(row.competency for row in self.table.rows)

    def due_scorecard(self, card: Scorecard) -> DueScorecard:
        return next(due for due in self.due_scorecards if due.interview == card.interview)


@dataclass(frozen=True)
class FoundDebrief:
    """What a debrief is made from, before it is decided what the reader may see of it."""

    panel: Panel
    content: FrozenContent
    due_scorecards: Sequence[DueScorecard]
    cards: Sequence[Scorecard]
    reads: Sequence[FeedbackRead]
    early: Sequence[EarlyOpen]
    leanings: Leanings
    decisions: Decisions
    awaited: AwaitedAnswer | None
    rule: Rule = ()
    needs_second: bool = False
    results: Sequence[OfferResult] = ()
    seats: tuple[int, int] = (1, 0)

    def reading_of(self, user: str, now: datetime) -> ReadAccess:
        readers = feedback_readers(
            self.due_scorecards, self.cards, now, self.reads, self.panel.opening.deciders
        )
        return read_access(user, readers)

    @property
    def arrivals(self) -> Arrivals:
        return arrivals(self.due_scorecards, frozenset(card.interview for card in self.cards))

    def shown_to(self, access: Access, now: datetime) -> Debrief:
        """Raises UserError where the person may see nothing of it."""
        user = access.user
        opened = any(one.person == user for one in self.early)
        reading = debrief_access(self.reading_of(user, now), self.arrivals, opened_early=opened)
        if reading is DebriefAccess.NOTHING:
            is_known = has_part(self.panel.organizers, self.due_scorecards, user)
            raise UserError(NOT_FOR_YOU if is_known else NO_PART)
        is_all = reading is DebriefAccess.ALL
        first = own_first(self.due_scorecards, user)
        own = first if reading is DebriefAccess.OWN_FIRST else None
        return Debrief(
            panel=self.panel,
            content=self.content,
            access=access,
            now=now,
            reading=reading,
            due_scorecards=[replace(due, zone=access.zone) for due in self.due_scorecards],
            arrivals=self.arrivals,
            scorecards=self.in_order() if is_all else (),
            reads=self.reads if is_all else (),
            early=self.early,
            leanings=_shown(self.leanings, user),
            decisions=self.decisions if is_all else Decisions(),
            awaited=self.awaited if is_all else None,
            rule=self.rule,
            needs_second=self.needs_second,
            offer=offer_of(self.decisions.current, self.results) if is_all else None,
            last_result=self.results[-1].number if self.results else 0,
            seats=self._seats(access) if is_all else None,
            own=own.interview if own is not None else None,
            has_scorecards=bool(self.cards),
        )

    def _seats(self, access: Access) -> Seats:
        opening = self.panel.opening
        can_fill = OpeningStatus.FILLED in NEXT[opening.status]
        may = access.may_with(Act.CHANGE_OPENING, opening)
        return Seats(opening.id, *self.seats, can_fill and may)

    def in_order(self) -> list[Scorecard]:
        """The scorecards in the order of the interviews."""
        order = {due.interview: number for number, due in enumerate(self.due_scorecards)}
        known = (card for card in self.cards if card.interview in order)
        return sorted(known, key=lambda card: (order[card.interview], card.id))


def _shown(leanings: Leanings, reader: str) -> Leanings:
    """Without others' words while they are not open; that they are written is no secret."""
    if leanings.are_open:
        return leanings
    kept = (
        one if one.person == reader else replace(one, sentence="", leaning=None)
        for one in leanings.written
    )
    return replace(leanings, written=tuple(kept))


async def debrief_of(
    tx: Transaction, contents: Contents, workspace: str, id: str, now: datetime
) -> FoundDebrief:
    """Raises UserError where there is no such panel."""
    panel = await tx.panels.get(workspace, id)
    if panel is None:
        raise UserError(NO_PART)
    return FoundDebrief(
        panel=panel,
        content=await contents.of(tx, panel),
        due_scorecards=await tx.scorecards.due_scorecards_of_panel(workspace, id),
        cards=await tx.scorecards.of_panel(workspace, id),
        reads=await tx.feedback_reads.of_panel(workspace, id),
        early=await tx.debriefs.early_opens(workspace, id),
        leanings=await tx.debriefs.leanings(panel),
        decisions=await tx.decisions.of_panel(workspace, id),
        awaited=await awaited_answer(tx, workspace, panel.application, now),
        rule=await tx.rules.of_panel(workspace, id),
        needs_second=(await tx.settings.get(workspace)).two_deciders,
        results=await tx.offers.of(workspace, panel.application),
        seats=await tx.offers.seats(workspace, panel.opening.id),
    )

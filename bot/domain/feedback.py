"""Who may read feedback, and when: the rule of independence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.scorecards.closing import DueScorecard
from bot.domain.scorecards.scorecard import Scorecard


class ReadAccess(StrEnum):
    """How much of the feedback on a candidate a person may read."""

    NOTHING = "nothing"
    OWN_FIRST = "own_first"
    """Nothing before their own scorecard is in."""
    ASK_FIRST = "ask_first"
    """The same, unless they ask to be shown it anyway."""
    ALL = "all"


class SeenBefore(StrEnum):
    """What the author of a version of a scorecard had read of the others' feedback by then."""

    NOTHING = "nothing"
    WRITTEN_AFTER = "written_after"
    """It, before they wrote anything."""
    CHANGED_AFTER = "changed_after"
    """It, after an earlier version of theirs."""


@dataclass(frozen=True)
class FeedbackRead:
    """That a person has read others' feedback on a candidate, first at `at`, in UTC; `anyway`: they
    asked for it before their own scorecard was in."""

    person: str
    at: datetime
    anyway: bool


@dataclass(frozen=True)
class FeedbackReaders:
    """Who is who about the feedback on a candidate.

    `readers` are the hiring manager and the recruiter; `pending` still have to give a scorecard, or
    have given it before their interview; `authors` have given one; `shown_anyway` have asked to be
    shown the others' before theirs; `deciders` are those whom the opening names.
    """

    readers: frozenset[str]
    pending: frozenset[str]
    authors: frozenset[str]
    shown_anyway: frozenset[str] = frozenset()
    deciders: frozenset[str] = frozenset()


def own_first(due_scorecards: Iterable[DueScorecard], person: str) -> DueScorecard | None:
    """The scorecard that the person has to write before they read others', if any: one that is
    pending, or else their first."""
    mine = (due for due in due_scorecards if due.is_on and due.owner == person)
    return min(mine, key=lambda due: (not due.is_pending, due.starts_at), default=None)


def has_part(
    organizers: Iterable[str], due_scorecards: Iterable[DueScorecard], person: str
) -> bool:
    """Whether the person may know that there is the panel with these."""
    on = (due for due in due_scorecards if due.is_on)
    return person in organizers or any(person in due.people for due in on)


def read_access(person: str, feedback_readers: FeedbackReaders) -> ReadAccess:
    """How much of the others' feedback the person may read: the one rule of independence.

    What they wrote themselves everybody may read. Being an admin, or having set up the panel, gives
    no right.
    """
    if person in feedback_readers.readers:
        waits = person in feedback_readers.pending and person not in feedback_readers.shown_anyway
        return ReadAccess.ASK_FIRST if waits else ReadAccess.ALL
    if person in feedback_readers.pending:
        return ReadAccess.OWN_FIRST
    reads = person in feedback_readers.authors or person in feedback_readers.deciders
    return ReadAccess.ALL if reads else ReadAccess.NOTHING


def feedback_readers(
    due_scorecards: Iterable[DueScorecard],
    cards: Iterable[Scorecard],
    now: datetime,
    reads: Iterable[FeedbackRead] = (),
    deciders: Iterable[str] = (),
) -> FeedbackReaders:
    """From all interviews of a panel and all scorecards given for it; `deciders` are those whom
    its opening names.

    A scorecard on an interview that never began makes nobody an author.
    """
    due_scorecards = list(due_scorecards)
    held = {due.interview for due in due_scorecards if due.has_begun(due.cancelled_at or now)}
    return FeedbackReaders(
        readers=frozenset(person for due in due_scorecards for person in due.readers),
        pending=frozenset(
            due.owner
            for due in due_scorecards
            if due.is_pending or (due.is_on and not due.has_begun(now) and not due.is_declined)
        ),
        authors=frozenset(card.interviewer for card in cards if card.interview in held),
        shown_anyway=frozenset(read.person for read in reads if read.anyway),
        deciders=frozenset(deciders),
    )

"""Who may read feedback, and when: the rule of independence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.scorecards.closing import Duty
from bot.domain.scorecards.scorecard import Scorecard


class Reading(StrEnum):
    """How much of the feedback on a candidate a person may read."""

    NOTHING = "nothing"
    OWN_FIRST = "own_first"
    """Nothing before their own scorecard is in."""
    ASK_FIRST = "ask_first"
    """The same, unless they ask to be shown it anyway."""
    ALL = "all"


class Seen(StrEnum):
    """What the author of a version of a scorecard had read of the others' feedback by then."""

    NOTHING = "nothing"
    WRITTEN_AFTER = "written_after"
    """It, before they wrote anything."""
    CHANGED_AFTER = "changed_after"
    """It, after an earlier version of theirs."""


@dataclass(frozen=True)
class Read:
    """That a person has read others' feedback on a candidate, first at `at`, in UTC; `anyway`: they
    asked for it before their own scorecard was in."""

    person: str
    at: datetime
    anyway: bool


@dataclass(frozen=True)
class Circle:
    """Who is who about the feedback on a candidate.

    `readers` are the hiring manager and the recruiter; `pending` still have to give a scorecard, or
    have given it before their interview; `authors` have given one; `shown_anyway` have asked to be
    shown the others' before theirs.
    """

    readers: frozenset[str]
    pending: frozenset[str]
    authors: frozenset[str]
    shown_anyway: frozenset[str] = frozenset()


def readable(person: str, circle: Circle) -> Reading:
    """How much of the others' feedback the person may read: the one rule of independence.

    What they wrote themselves everybody may read. Being an admin, or having set up the panel, gives
    no right.
    """
    if person in circle.readers:
        waits = person in circle.pending and person not in circle.shown_anyway
        return Reading.ASK_FIRST if waits else Reading.ALL
    if person in circle.pending:
        return Reading.OWN_FIRST
    return Reading.ALL if person in circle.authors else Reading.NOTHING


def circle(
    duties: Iterable[Duty], cards: Iterable[Scorecard], now: datetime, reads: Iterable[Read] = ()
) -> Circle:
    """From all interviews of a panel and all scorecards given for it.

    A scorecard on an interview that never began makes nobody an author.
    """
    duties = list(duties)
    held = {duty.interview for duty in duties if duty.has_begun(duty.cancelled_at or now)}
    return Circle(
        readers=frozenset(person for duty in duties for person in duty.readers),
        pending=frozenset(
            duty.owner
            for duty in duties
            if duty.is_pending or (duty.is_on and not duty.has_begun(now))
        ),
        authors=frozenset(card.interviewer for card in cards if card.interview in held),
        shown_anyway=frozenset(read.person for read in reads if read.anyway),
    )

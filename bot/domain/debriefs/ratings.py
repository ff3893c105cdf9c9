"""The scorecards of a panel by competency: who rated what, what nobody rated, where people differ.

Nothing here adds ratings up or puts people in an order: each rating stands once, as it was given.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.questions.question import Rating
from bot.domain.scorecards.closing import DueScorecard
from bot.domain.scorecards.scorecard import Scorecard

SPLIT = 2
"""Steps between the lowest and the highest rating from which on people differ."""

SCALE = tuple(Rating)


@dataclass(frozen=True)
class GivenRating:
    """What one person rated a competency, and what they saw of it."""

    scorecard: str
    person: str
    rating: Rating
    evidence: str


@dataclass(frozen=True)
class CompetencyRatings:
    """All ratings of one competency, in the order of the scorecards."""

    competency: str
    given: tuple[GivenRating, ...]

    @property
    def is_gap(self) -> bool:
        """Whether nobody has rated it."""
        return not self.given

    @property
    def is_split(self) -> bool:
        steps = [SCALE.index(one.rating) for one in self.given]
        return bool(steps) and max(steps) - min(steps) >= SPLIT

    @property
    def by_rating(self) -> Mapping[Rating, Sequence[GivenRating]]:
        """Who gave each rating that was given, the highest first."""
        used = (rating for rating in reversed(SCALE))
        found = {
            rating: tuple(one for one in self.given if one.rating is rating) for rating in used
        }
        return {rating: given for rating, given in found.items() if given}


@dataclass(frozen=True)
class RatingsTable:
    """Every competency of a panel with its ratings, each rating once."""

    rows: tuple[CompetencyRatings, ...]

    @property
    def gaps(self) -> tuple[CompetencyRatings, ...]:
        return tuple(row for row in self.rows if row.is_gap)

    @property
    def splits(self) -> tuple[CompetencyRatings, ...]:
        return tuple(row for row in self.rows if row.is_split)

    @property
    def others(self) -> tuple[CompetencyRatings, ...]:
        """Those that are rated, and on which nobody is far apart."""
        return tuple(row for row in self.rows if not row.is_gap and not row.is_split)


def ratings_table(competencies: Iterable[str], cards: Iterable[Scorecard]) -> RatingsTable:
    """`competencies` in the order in which they are shown; what else was rated follows them."""
    cards = list(cards)
    rated = (item.competency for card in cards for item in card.version.body.assessments)
    ids = dict.fromkeys((*competencies, *rated))
    return RatingsTable(tuple(CompetencyRatings(id, _given(id, cards)) for id in ids))


def _given(competency: str, cards: Iterable[Scorecard]) -> tuple[GivenRating, ...]:
    return tuple(
        GivenRating(card.id, card.interviewer, item.choice.rating, item.evidence)
        for card in cards
        for item in card.version.body.assessments
        if item.competency == competency
        and item.choice is not None
        and item.choice.rating is not None
    )


@dataclass(frozen=True)
class NotCovered:
    """A competency that no submitted scorecard is about, and who is still to rate it, if anyone."""

    competency: str
    awaited: tuple[str, ...]


def not_covered(
    competencies: Iterable[str], due_scorecards: Iterable[DueScorecard], submitted: frozenset[str]
) -> tuple[NotCovered, ...]:
    """What is left while scorecards are to come; `submitted` are the interviews whose is in.

    It is told from who was to rate what, and from nothing that a scorecard says.
    """
    due_scorecards = list(due_scorecards)
    covered = {id for due in due_scorecards if due.interview in submitted for id in due.focus}
    left = (id for id in competencies if id not in covered)
    return tuple(NotCovered(id, _awaited(id, due_scorecards, submitted)) for id in left)


def _awaited(
    competency: str, due_scorecards: Iterable[DueScorecard], submitted: frozenset[str]
) -> tuple[str, ...]:
    people = (
        due.owner
        for due in due_scorecards
        if due.is_pending and due.interview not in submitted and competency in due.focus
    )
    return tuple(dict.fromkeys(people))


def seen_of(cards: Iterable[Scorecard]) -> str:
    """A short word for these versions of these scorecards: another once one of them has changed."""
    versions = sorted(f"{card.id}.{card.version.number}" for card in cards)
    return hashlib.sha256(" ".join(versions).encode()).hexdigest()[:16]

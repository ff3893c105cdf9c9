"""The board: the candidates of each opening, and what each of them waits for.

It has states alone, all of them derived: that a scorecard is in, never what it says.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from bot.domain.applications import Application, Stage
from bot.domain.candidates import Candidate
from bot.domain.debriefs.answers import Answer
from bot.domain.debriefs.decision import Decision
from bot.domain.openings.opening import Opening
from bot.domain.organizers import replacing
from bot.domain.panels.panel import Interview, Panel
from bot.domain.panels.state import AHEAD, EXPECTED, InterviewState, Progress

OVER = frozenset({Stage.HIRED, Stage.DECLINED, Stage.WITHDRAWN})
"""Stages in which nothing is waited for any more."""

MOST_ON_BOARD = 400
"""Candidates that are read for one board."""


class WaitKind(StrEnum):
    """What a candidate waits for, the most pressing first."""

    LATE = "late"
    DECLINED = "declined"
    """Somebody to take the place of an interviewer who can't make it."""
    DUE = "due"
    TODAY = "today"
    PLANNED = "planned"
    ALL_IN = "all_in"
    """A decision: every scorecard is in."""
    DECIDED = "decided"
    """Whatever was decided to be done."""
    NO_INTERVIEWS = "no_interviews"
    """Interviews: none is planned, and none has a scorecard."""
    IN_REVIEW = "in_review"
    APPLIED = "applied"
    NOTHING = "nothing"


ORDER = {kind: number for number, kind in enumerate(WaitKind)}


@dataclass(frozen=True)
class Waits:
    """What a candidate waits for: for whom, if anybody, and since or until when.

    `at` is since when somebody is late, or a scorecard due; when the interview is that is today,
    declined, or next; since when all are in; and when the candidate applied.
    """

    kind: WaitKind
    at: datetime | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoardInterview:
    """An interview that takes place, and how far it is; `late_since` where its scorecard is late,
    `ended_at` where its scorecard is in or was closed."""

    panel: Panel
    item: Interview
    progress: Progress
    late_since: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        return self.late_since is not None

    def is_due_from(self, user: str) -> bool:
        """Whether its scorecard is due, and this person's to write."""
        return self.progress.state is InterviewState.DUE and self.progress.owner == user

    @property
    def waiting(self) -> Waits | None:
        """What is waited for because of it, if anything."""
        state, owner = self.progress.state, self.progress.owner
        if self.late_since is not None:
            return Waits(WaitKind.LATE, self.late_since, (owner,))
        if state is InterviewState.DECLINED:
            return Waits(WaitKind.DECLINED, self.item.starts_at, (self.item.interviewer,))
        if state is InterviewState.DUE:
            return Waits(WaitKind.DUE, self.progress.due_since, (owner,))
        if state in AHEAD:
            kind = WaitKind.TODAY if state is InterviewState.TODAY else WaitKind.PLANNED
            return Waits(kind, self.item.starts_at, (owner,))
        return None


@dataclass(frozen=True)
class BoardLine:
    """A candidate for one opening, as far as one reader may see.

    `stage` is None for whoever only interviews them: how far the application is, is not for them.
    `panels` are those that take place, the newest first, and `interviews` all of theirs, earliest
    first. `decision` is what was decided after the newest of them that anybody interviews in, and
    `answer` what is awaited to the candidate, for whoever sees the stage.
    """

    application: Application
    candidate: Candidate
    opening: Opening
    panels: tuple[Panel, ...]
    interviews: tuple[BoardInterview, ...]
    stage: Stage | None
    decision: Decision | None = None
    answer: Answer | None = None
    is_answer_late: bool = False

    @property
    def readable(self) -> tuple[Panel, ...]:
        """Those of its panels that have a scorecard, the newest first."""
        had = {
            one.panel.id
            for one in self.interviews
            if one.progress.state is InterviewState.SUBMITTED
        }
        return tuple(panel for panel in self.panels if panel.id in had)

    @property
    def waits(self) -> Waits:
        """The most pressing of all that the candidate waits for."""
        stage = self.application.stage
        found = [one.waiting for one in self.interviews]
        pending = [one for one in found if one is not None]
        if pending:
            return _most_pressing(pending)
        if self.decision is not None:
            is_shown = self.stage is not None
            return Waits(
                WaitKind.DECIDED if is_shown else WaitKind.NOTHING, self.decision.counts_at
            )
        if self.submitted and stage is Stage.INTERVIEWING:
            ended = [one.ended_at for one in self.interviews if one.ended_at is not None]
            return Waits(WaitKind.ALL_IN, max(ended, default=None))
        if stage is Stage.APPLIED:
            return Waits(WaitKind.APPLIED, self.application.applied_at)
        if stage is Stage.IN_REVIEW:
            return Waits(WaitKind.IN_REVIEW, self.application.applied_at)
        is_bare = stage is Stage.INTERVIEWING and not self.submitted
        return Waits(WaitKind.NO_INTERVIEWS if is_bare else WaitKind.NOTHING)

    @property
    def glimpse(self) -> tuple[object, ...]:
        """What is seen of the candidate on a board."""
        waits = self.waits
        at = waits.at.isoformat() if waits.at is not None else None
        counts = (self.submitted, self.expected, len(self.late))
        stage, answer = self.shown_stage, self.answer
        hears = (answer.by.isoformat(), answer.is_given) if answer is not None else None
        outcome = self.decision.outcome if self.decision is not None else None
        return (
            *(self.application.id, self.candidate.name, stage, waits.kind, at, *counts),
            *(outcome, hears, self.is_answer_late),
        )

    @property
    def shown_stage(self) -> Stage | None:
        """The stage as it is shown: deciding once all scorecards are in."""
        is_decided_next = self.stage is not None and self.waits.kind is WaitKind.ALL_IN
        return Stage.DECIDING if is_decided_next else self.stage

    @property
    def submitted(self) -> int:
        """How many scorecards are in."""
        return sum(one.progress.state is InterviewState.SUBMITTED for one in self.interviews)

    @property
    def expected(self) -> int:
        """How many are in or still to come."""
        return sum(one.progress.state in EXPECTED for one in self.interviews)

    @property
    def late(self) -> tuple[BoardInterview, ...]:
        """Those of its interviews whose scorecard is late, the longest first."""
        late = [one for one in self.interviews if one.late_since is not None]
        return tuple(sorted(late, key=lambda one: (one.late_since, one.item.id)))

    def waits_for(self, user: str) -> bool:
        """Whether it is this person who can move it on.

        A late scorecard or a missing interviewer is for the panel's organizers, a decision for
        whoever reads feedback, and a new candidate for whoever hears of them.
        """
        kind = self.waits.kind
        if kind is WaitKind.LATE:
            return any(user in one.panel.organizers for one in self.late)
        if kind is WaitKind.DECLINED:
            return any(
                user in replacing(one.panel, one.item.interviewer)
                for one in self.interviews
                if one.progress.state is InterviewState.DECLINED
            )
        if kind is WaitKind.DECIDED:
            is_open = self.answer is not None and not self.answer.is_given
            return is_open and any(user in panel.readers for panel in self.panels[:1])
        if kind is WaitKind.ALL_IN:
            deciders = self.opening.deciders
            return user in deciders or any(user in panel.readers for panel in self.panels)
        if kind in (WaitKind.APPLIED, WaitKind.IN_REVIEW, WaitKind.NO_INTERVIEWS):
            return user == self.opening.hears_of_candidates
        return False

    def is_organized_by(self, user: str) -> bool:
        """Whether the person keeps the opening or organizes one of the panels."""
        return user in self.opening.keepers or any(user in one.organizers for one in self.panels)


def _most_pressing(found: Iterable[Waits]) -> Waits:
    """The first kind there is, with all who are waited for so, since or from the first moment."""
    ordered = sorted(found, key=lambda one: (ORDER[one.kind], one.at))
    kind = ordered[0].kind
    people = (user for one in ordered if one.kind is kind for user in one.people)
    return Waits(kind, ordered[0].at, tuple(dict.fromkeys(people)))


@dataclass(frozen=True)
class BoardOpening:
    """An opening with those of its candidates that are on the board, the most pressing first."""

    opening: Opening
    lines: tuple[BoardLine, ...]


@dataclass(frozen=True)
class Board:
    """What a reader may see of all that is being hired for, at a moment, in their own zone.

    `lines` are in the order in which they are shown, those of an opening together; `is_cut` where
    there are more than are read for one board.
    """

    lines: tuple[BoardLine, ...]
    now: datetime
    zone: str
    is_cut: bool = False

    @property
    def openings(self) -> tuple[BoardOpening, ...]:
        """The openings that have a candidate here, in the order of the lines."""
        groups = groupby(self.lines, key=lambda line: line.opening.id)
        found = [tuple(lines) for _, lines in groups]
        return tuple(BoardOpening(lines[0].opening, lines) for lines in found)

    @property
    def late(self) -> tuple[tuple[BoardLine, BoardInterview], ...]:
        """Every late scorecard with its candidate, the longest late first."""
        late = [(line, one) for line in self.lines for one in line.late]
        return tuple(sorted(late, key=lambda pair: (pair[1].late_since, pair[1].item.id)))

    @property
    def digest(self) -> str:
        """Something else whenever what is seen of it changes."""
        seen = repr([(str(line.opening.status), *map(str, line.glimpse)) for line in self.lines])
        return hashlib.sha256(seen.encode()).hexdigest()

    def only(self, keep: Callable[[BoardLine], bool]) -> "Board":
        """The same with those candidates alone."""
        return Board(tuple(filter(keep, self.lines)), self.now, self.zone, self.is_cut)


def in_order(lines: Iterable[BoardLine]) -> tuple[BoardLine, ...]:
    """The openings with something most pressing first, and so within each.

    Nothing in it says which candidate is better: what is waited for goes first, then who applied
    first.
    """
    found = sorted(lines, key=_urgency)
    firsts: dict[str, int] = {}
    for number, line in enumerate(found):
        firsts.setdefault(line.opening.id, number)
    return tuple(sorted(found, key=lambda line: firsts[line.opening.id]))


def _urgency(line: BoardLine) -> tuple[int, datetime, datetime, str]:
    waits = line.waits
    at = waits.at or line.application.applied_at
    return ORDER[waits.kind], at, line.application.applied_at, line.application.id

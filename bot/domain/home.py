"""What a person sees of their own at the app's home."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.board import BoardLine, WaitKind
from bot.domain.holidays import HolidayCalendar
from bot.domain.openings.opening import Opening
from bot.domain.panels.panel import Replacement
from bot.domain.records.erasing import ErasureState
from bot.domain.records.retention import Retention
from bot.domain.reminders import (
    Calendar,
    Due,
    RemindedPerson,
    ReminderPolicy,
    next_check,
    nudge_at,
)
from bot.domain.scorecards.closing import DueScorecard
from bot.domain.settings import WorkspaceSettings

LATELY = timedelta(days=1)
"""For so long after somebody opened it their home is kept up to date."""


class ReminderReason(StrEnum):
    """Why the next reminder comes."""

    DIGEST = "digest"
    LATER = "later"
    NUDGE = "nudge"


@dataclass(frozen=True)
class NextReminder:
    """When the next reminder comes if all stays as it is, and why."""

    at: datetime
    why: ReminderReason


@dataclass(frozen=True)
class SetUp:
    """What there is to set up of Panelist before the first job, and whether it has been.

    `company`: its name is known; `admins`: there are two at least, or Slack's admins are
    Panelist's; `channel`: it's known where jobs are posted; `job`: a job was opened, or a panel set
    up.
    """

    company: bool
    admins: bool
    channel: bool
    job: bool

    @property
    def done(self) -> int:
        return sum((self.company, self.admins, self.channel, self.job))


@dataclass(frozen=True)
class Home:
    """What is due from somebody, what they have before them, and how they are reminded.

    `replacements` are the interviews for which they are to find somebody else, `waiting` scorecards
    that are due from others, of panels that they organize; `late` has for each interview whose
    scorecard is late since when it is. `next` is None where no reminder is due.

    `openings` are those that they keep, and `candidates` those whose hiring they organize or who
    wait for them, in the order of the board; `is_cut` where there are more than are read. An admin
    also sees what the workspace has chosen, the company's `calendars`, what there is to set up, for
    how long candidates are kept, and the erasures that go on or need a person.
    """

    now: datetime
    due: Sequence[DueScorecard]
    coming: Sequence[DueScorecard]
    person: RemindedPerson
    policy: ReminderPolicy
    next: NextReminder | None
    is_admin: bool = False
    replacements: Sequence[Replacement] = ()
    waiting: Sequence[DueScorecard] = ()
    late: Mapping[str, datetime] = field(default_factory=dict)
    settings: WorkspaceSettings = WorkspaceSettings("")  # noqa: RUF009 - frozen
    calendars: Sequence[HolidayCalendar] = ()
    openings: Sequence[Opening] = ()
    candidates: Sequence[BoardLine] = ()
    is_cut: bool = False
    set_up: SetUp | None = None
    retention: Retention | None = None
    erasures: Sequence[ErasureState] = ()

    @property
    def waiting_for_reader(self) -> Sequence[BoardLine]:
        """The candidates whom it's the reader's to move on, and of whom nothing else here says so:
        late scorecards and declined interviews have their own place."""
        user = self.person.person
        elsewhere = (WaitKind.LATE, WaitKind.DECLINED)
        return [
            one
            for one in self.candidates
            if one.waits.kind not in elsewhere and one.waits_for(user)
        ]

    @property
    def has_openings(self) -> bool:
        """Whether they hire for anything."""
        return bool(self.openings or self.candidates)

    @property
    def sleeps(self) -> bool:
        return self.person.calendar(self.policy).sleeps_at(self.now)


def next_reminder(
    person: RemindedPerson,
    calendar: Calendar,
    due: Iterable[DueScorecard],
    now: datetime,
    replacements: Collection[Replacement] = (),
    news: Iterable[Due] = (),
) -> NextReminder | None:
    """The first of what is to come for what is due from somebody; of two at once the digest. `news`
    is what they are still to be told of the replacements."""
    due_scorecards = list(due)
    own = [Due.scorecard(due_scorecard.due_since) for due_scorecard in due_scorecards]
    dues = [*own, *news]
    nudges = [
        nudge_at(calendar, due_scorecard.ends_at, due_scorecard.entered_at)
        for due_scorecard in due_scorecards
        if due_scorecard.interviewer == person.person
    ]
    moments = [
        (ReminderReason.DIGEST, next_check(calendar, dues, now, person.last_digest)),
        (ReminderReason.LATER, person.later_at if own or replacements else None),
        *((ReminderReason.NUDGE, at) for at in nudges),
    ]
    coming = [
        NextReminder(at, why)
        for why, at in moments
        if at is not None and (at > now or why is ReminderReason.DIGEST)
    ]
    return min(coming, key=lambda one: one.at, default=None)

"""How long scorecards take and how interviews are spread, in figures that are nobody's.

Each figure is over five people at least, and so is what is left when one is taken from another. For
that, time is cut into the same few slices for everybody who asks, from the last Monday back; and
teams in which too few interview are taken together, in every slice alike. Two figures then differ
by whole slices of whole groups, each of five people or of none.
"""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

LEAST = 5
"""People that any figure is over."""

SPANS = (4, 13, 26, 52)
"""Weeks that figures are of, counted back from the last Monday."""

DAYS = 90
LONGEST = 365
"""Days that are meant where nobody says, and at most."""

A_DAY = timedelta(days=1)

People = frozenset[str]


@dataclass(frozen=True)
class Load:
    """How many interviews of a team a person held in one slice of time, and how many scorecards of
    these they submitted."""

    slice: int
    team: str | None
    person: str
    interviews: int
    submitted: int


@dataclass(frozen=True)
class Times:
    """How long scorecards took: half of them this long at most, nine of ten that long."""

    median: timedelta
    ninth: timedelta


@dataclass(frozen=True)
class Timing:
    """What is known of the scorecards of a time: how many were due, submitted, and within a day."""

    due: int = 0
    submitted: int = 0
    within_a_day: int = 0
    times: Times | None = None

    @property
    def share(self) -> float:
        return self.within_a_day / self.due if self.due else 0.0


@dataclass(frozen=True)
class Took:
    """That a person did something that had waited so long: at `at`, they decided, or told a
    candidate."""

    at: datetime
    person: str
    length: timedelta


@dataclass(frozen=True)
class Step:
    """How long so many decisions or answers took."""

    count: int
    times: Times


@dataclass(frozen=True)
class TeamNumbers:
    """Interviews of one team; where `team` is None, of all the others and of those without one."""

    team: str | None
    people: int
    interviews: int


@dataclass(frozen=True)
class OwnNumbers:
    """The reader's own."""

    interviews: int
    timing: Timing


@dataclass(frozen=True)
class Numbers:
    """The figures of so many weeks, until a Monday.

    `total` is None where fewer than five people interviewed, `timing` where fewer submitted,
    `deciding` and `answering` where fewer decided, or told candidates;
    `teams` is empty where these can't be told apart. `may_see_all` says whether the reader may see
    more than their own and what is usual.
    """

    weeks: int
    until: date
    total: TeamNumbers | None = None
    timing: Timing | None = None
    teams: Sequence[TeamNumbers] = ()
    own: OwnNumbers | None = None
    may_see_all: bool = True
    deciding: Step | None = None
    answering: Step | None = None

    @property
    def since(self) -> date:
        return self.until - timedelta(weeks=self.weeks)

    @property
    def last(self) -> date:
        return self.until - A_DAY

    def weekly(self, interviews: int) -> float:
        return interviews / self.weeks


def last_monday(now: datetime) -> datetime:
    """Until when interviews are counted: those of the last day may still be written about."""
    day = (now.astimezone(UTC) - A_DAY).date()
    return datetime.combine(day - timedelta(days=day.weekday()), time(), UTC)


def edges(now: datetime) -> Sequence[datetime]:
    """Where the slices begin, the latest first; each ends where the one before it begins, and the
    first on the last Monday."""
    until = last_monday(now)
    return [until - timedelta(weeks=weeks) for weeks in SPANS]


def span_of(days: int) -> int:
    """Which of the spans is meant by so many days: the first that is as long, or the longest."""
    long_enough = [number for number, weeks in enumerate(SPANS) if weeks * 7 >= days]
    return long_enough[0] if long_enough else len(SPANS) - 1


def enough(people: Collection[str], viewer: str | None) -> bool:
    """Whether a figure over them is nobody's; who looks at it can take their own away from it."""
    return len(set(people) - {viewer}) >= LEAST


def blocks(slices: Sequence[People], viewer: str | None) -> Sequence[range]:
    """The slices in as many runs as there can be of enough people each, the latest first.

    What is left over at the end is in none of them.
    """
    found: list[range] = []
    begin, people = 0, frozenset[str]()
    for number, more in enumerate(slices):
        people |= more
        if enough(people, viewer):
            found.append(range(begin, number + 1))
            begin, people = number + 1, frozenset()
    return found


def shown_span(asked: int, runs: Sequence[range]) -> int | None:
    """The span whose figures are shown to whoever asks for one: the longest up to that, or else the
    first after it; None where there is none."""
    ends = [run[-1] for run in runs]
    before = [end for end in ends if end <= asked]
    return max(before) if before else min(ends, default=None)


def groups(
    loads: Sequence[Load], runs: Sequence[range], viewer: str | None
) -> Sequence[frozenset[str | None]]:
    """The teams, each on its own where enough people or none interview for it in every run, and the
    rest together, with as many more as that takes. The rest stands last, if there is one."""
    teams = {load.team for load in loads}

    def people(group: Collection[str | None], run: range) -> People:
        return frozenset(load.person for load in loads if load.team in group and load.slice in run)

    def is_good(group: Collection[str | None]) -> bool:
        each = [people(group, run) for run in runs]
        return all(not some or enough(some, viewer) for some in each)

    def size(team: str | None) -> tuple[int, str]:
        return len({load.person for load in loads if load.team == team}), team or ""

    alone = sorted((team for team in teams if team and is_good({team})), key=size)
    rest = teams - set(alone)
    while rest and alone and not is_good(rest):
        rest.add(alone.pop(0))
    named = [frozenset({team}) for team in sorted(alone, key=lambda team: team or "")]
    return [*named, *([frozenset(rest)] if rest else [])]


def counted(
    group: Collection[str | None] | None, loads: Sequence[Load], span: int, name: str | None
) -> TeamNumbers:
    """The interviews of some teams, or of all, up to a span."""
    found = [load for load in loads if load.slice <= span and (group is None or load.team in group)]
    people = {load.person for load in found}
    return TeamNumbers(name, len(people), sum(load.interviews for load in found))


def by_team(
    loads: Sequence[Load], runs: Sequence[range], span: int, viewer: str | None
) -> Sequence[TeamNumbers]:
    """The busiest first; nothing where it would say no more than the whole does."""
    parted = groups(loads, runs, viewer)
    if len(parted) < 2:
        return ()
    found = [
        counted(group, loads, span, next(iter(group)) if len(group) == 1 else None)
        for group in parted
    ]
    busy = [one for one in found if one.interviews]
    return sorted(busy, key=lambda one: (one.team is None, -one.interviews, one.team or ""))


def people_by_slice(loads: Iterable[Load], *, submitted: bool = False) -> Sequence[People]:
    """Who interviewed in each slice, or whose scorecards of it are in."""
    found: Mapping[int, set[str]] = {number: set() for number in range(len(SPANS))}
    for load in loads:
        if load.submitted if submitted else load.interviews:
            found[load.slice].add(load.person)
    return [frozenset(found[number]) for number in range(len(SPANS))]


def step_of(
    took: Sequence[Took], edges: Sequence[datetime], span: int, viewer: str | None
) -> Step | None:
    """How long these took up to a span; None where that, or what is left when it is taken from the
    figures of another span, would be over too few people."""
    slices = [
        frozenset(one.person for one in took if one.at >= begins and not (ends and one.at >= ends))
        for begins, ends in zip(edges, (None, *edges), strict=False)
    ]
    if not any(run[-1] == span for run in blocks(slices, viewer)):
        return None
    lengths = sorted(one.length for one in took if one.at >= edges[span])
    median, ninth = (lengths[place_of(len(lengths), tenths) - 1] for tenths in (5, 9))
    return Step(len(lengths), Times(median, ninth))


def place_of(number: int, tenths: int) -> int:
    """Which of so many values in order is so many tenths along, counted from 1."""
    return max(1, -(-number * tenths // 10))


COLUMNS = (
    *("team", "since", "until", "people", "interviews", "interviews_per_week"),
    *("scorecards", "median_hours", "90th_percentile_hours", "within_24_hours_percent"),
    *("decisions", "decision_median_hours", "decision_90th_percentile_hours"),
    *("answers", "answer_median_hours", "answer_90th_percentile_hours"),
)


def csv_of(numbers: Numbers) -> str:
    """The same as a table, with one row for all teams and one for each."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    period = (numbers.since.isoformat(), numbers.last.isoformat())
    if numbers.total is not None:
        total = numbers.total
        load = (total.people, total.interviews, f"{numbers.weekly(total.interviews):.1f}")
        steps = [*_step_cells(numbers.deciding), *_step_cells(numbers.answering)]
        rows.writerow(["All teams", *period, *load, *_timing_cells(numbers.timing), *steps])
    for one in numbers.teams:
        name = "Other teams" if one.team is None else safe_cell(one.team)
        load = (one.people, one.interviews, f"{numbers.weekly(one.interviews):.1f}")
        none = [*_timing_cells(None), *_step_cells(None), *_step_cells(None)]
        rows.writerow([name, *period, *load, *none])
    return text.getvalue()


def _timing_cells(timing: Timing | None) -> Sequence[object]:
    if timing is None or timing.times is None:
        return ("", "", "", "")
    return (timing.submitted, *_hours(timing.times), f"{timing.share * 100:.0f}")


def _step_cells(step: Step | None) -> Sequence[object]:
    return ("", "", "") if step is None else (step.count, *_hours(step.times))


def _hours(times: Times) -> Sequence[str]:
    return [f"{one / timedelta(hours=1):.1f}" for one in (times.median, times.ninth)]


def safe_cell(text: str) -> str:
    """What people typed, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") or text[:1] in "\t\r\n" else text

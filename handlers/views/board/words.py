"""What a candidate waits for, in words that every place shares; state only, never content."""

from bot.domain.board import BoardInterview, BoardLine, BoardOpening, WaitKind
from bot.domain.dates import short_day, short_day_in
from bot.domain.openings.opening import OpeningStatus
from bot.domain.panels.state import InterviewState
from handlers.views.common import cut
from handlers.views.debriefs.decision import short_of
from handlers.views.rich import Parts, bold, joined, marked, person
from handlers.views.states import LATE, WORDS, due_or_late, on_day

LONGEST_NAME = 60
LONGEST_OPENING = 60
MOST_NAMED = 3
"""People who are named in one line."""


def candidates(count: int) -> str:
    return "1 candidate" if count == 1 else f"{count} candidates"


def are_late(count: int) -> str:
    return "1 scorecard is late" if count == 1 else f"{count} scorecards are late"


def in_of(line: BoardLine) -> str:
    """How many scorecards are in."""
    if line.submitted and line.submitted == line.expected:
        return f"all {line.submitted} in" if line.submitted > 1 else "scorecard in"
    return f"{line.submitted} of {line.expected} in"


def waits_for(line: BoardLine, zone: str) -> str:
    """What a candidate waits for, without a name of anybody."""
    waits = line.waits
    when = short_day_in(zone, waits.at) if waits.at is not None else ""
    late, due = len(line.late), sum(one.waiting is not None for one in _due(line))
    match waits.kind:
        case WaitKind.LATE:
            return f"{in_of(line)}, {late} late"
        case WaitKind.DECLINED:
            return f"interviewer for {when} to be replaced"
        case WaitKind.DUE:
            return f"{in_of(line)}, {due} due"
        case WaitKind.TODAY | WaitKind.PLANNED if line.submitted:
            return f"{in_of(line)}, next one {when}"
        case WaitKind.TODAY | WaitKind.PLANNED:
            return f"first one {when}" if when else "interview planned"
        case WaitKind.ALL_IN:
            since = f"{in_of(line)} since {when}" if when else in_of(line)
            return f"{since}{_hears(line)}"
        case WaitKind.DECIDED if line.decision is not None:
            return f"{short_of(line.decision)} since {when}{_hears(line)}"
        case WaitKind.NO_INTERVIEWS:
            return "no interview planned"
        case WaitKind.APPLIED:
            return f"waiting since {when}{_hears(line)}"
        case WaitKind.IN_REVIEW:
            return f"applied {when}{_hears(line)}"
    return ""


def _hears(line: BoardLine) -> str:
    """By when the candidate hears, for those who know of the application."""
    if line.answer is None:
        return ""
    if line.answer.is_given:
        return ", told"
    day = short_day(line.answer.by)
    return f", answer late since {day}" if line.is_answer_late else f", answer by {day}"


def _due(line: BoardLine) -> list[BoardInterview]:
    return [one for one in line.interviews if one.progress.state is InterviewState.DUE]


def candidate_line(line: BoardLine, zone: str) -> str:
    """Such as "Robin Doe · interviewing · 2 of 4 in, 1 late"."""
    stage = line.shown_stage.value if line.shown_stage is not None else ""
    parts = (cut(line.candidate.name, LONGEST_NAME), stage, waits_for(line, zone))
    return " · ".join(part for part in parts if part)


def opening_lines(opening: BoardOpening, zone: str, more: int = 0) -> Parts:
    """An opening over its candidates, `more` of whom are not shown here."""
    status = opening.opening.status
    is_going = status is OpeningStatus.OPEN
    state = "" if is_going else f" · {status.value}"
    count = candidates(len(opening.lines) + more)
    title = (bold(cut(opening.opening.full_name, LONGEST_OPENING)), f"{state} · {count}\n")
    rows = "\n".join(candidate_line(line, zone) for line in opening.lines)
    return (*title, rows)


def late_line(line: BoardLine, one: BoardInterview, zone: str) -> Parts:
    """Who is late for whom since when."""
    since = short_day_in(zone, one.late_since) if one.late_since is not None else ""
    name = bold(cut(line.candidate.name, LONGEST_NAME))
    return marked(LATE.mark, name, " · ", person(one.progress.owner), f" since {since}")


def interview_line(one: BoardInterview, zone: str) -> Parts:
    """Whose scorecard it is, and how far that is."""
    state, when = one.progress.state, one.item.starts_at
    if state is InterviewState.DUE:
        words = due_or_late(one.progress.due_since, one.late_since, zone)
        return marked(words.mark, person(one.progress.owner), f" · {words.word}")
    if state in (InterviewState.SUBMITTED, InterviewState.NO_SHOW, InterviewState.CLOSED):
        when = one.ended_at or when
    words_of_day = on_day(state, when, zone)
    return marked(WORDS[state].mark, person(one.progress.owner), f" · {words_of_day}")


def state_lines(interviews: tuple[BoardInterview, ...], zone: str) -> Parts:
    return joined(interview_line(one, zone) for one in interviews)

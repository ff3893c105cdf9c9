"""What each candidate waits for, read in the same number of queries however many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.applications import Stage
from bot.domain.board import MOST_ON_BOARD, Board, BoardInterview, BoardLine, in_order
from bot.domain.debriefs.answers import (
    Answer,
    Told,
    answer_by,
    last_end,
    late_from,
    recruiter_calendar,
)
from bot.domain.debriefs.decision import Decisions
from bot.domain.ladder import late
from bot.domain.panels.panel import Panel
from bot.domain.panels.state import AHEAD, InterviewState, progress
from bot.domain.reminders import RemindedPerson
from bot.domain.rights import Access
from bot.domain.scorecards.closing import Closing
from bot.storage.board.board import Row, Shown
from bot.storage.database import Transaction

STILL_TO_WRITE = frozenset({*AHEAD, InterviewState.DUE})
BEFORE_INTERVIEWS = frozenset({Stage.APPLIED, Stage.IN_REVIEW})
BEFORE_DECISIONS = frozenset({Stage.APPLIED, Stage.IN_REVIEW, Stage.INTERVIEWING})


async def board_of(
    tx: Transaction, access: Access, shown: Shown, now: datetime, most: int = MOST_ON_BOARD
) -> Board:
    """What the person may see of these: all of the candidates whom they recruit or hire for, and
    of one whom they interview the panels that they are on.

    Where there are more than `most`, those for whom something is due are among those read.
    """
    return await _board(tx, access.workspace, shown, now, access.zone, access, most)


async def board_of_opening(
    tx: Transaction, workspace: str, opening: str, now: datetime, zone: str
) -> Board:
    """The whole of an opening's board, for a place that only its team reads."""
    shown = Shown(all=True, opening=opening)
    return await _board(tx, workspace, shown, now, zone, None, MOST_ON_BOARD)


async def _board(
    tx: Transaction,
    workspace: str,
    shown: Shown,
    now: datetime,
    zone: str,
    reader: Access | None,
    most: int,
) -> Board:
    pressing = await tx.board.pressing(workspace, shown, now, most)
    others = await tx.board.going_on(workspace, shown, most + 1)
    rows = list({row[0].id: row for row in (*pressing, *others)}.values())
    ids = [row[0].id for row in rows[:most]]
    panels = await tx.panels.of_applications(workspace, ids)
    by_application: dict[str, list[Panel]] = {}
    for panel in panels:
        by_application.setdefault(panel.application, []).append(panel)
    decisions = await tx.decisions.of_panels(workspace, [panel.id for panel in panels])
    told = await tx.answers.last_told(workspace, list(by_application))
    on = [item.id for panel in panels for item in panel.on]
    closings = await tx.scorecards.closings_of(workspace, on)
    lines = [
        line
        for row in rows[:most]
        if (
            line := _line(
                row,
                by_application.get(row[0].id, ()),
                closings,
                decisions,
                now,
                zone,
                reader,
            )
        )
    ]
    lines = await _with_days(tx, workspace, lines, by_application, told, now)
    return Board(in_order(lines), now, zone, is_cut=len(rows) > most)


def _line(
    row: Row,
    panels: Sequence[Panel],
    closings: Mapping[str, Sequence[Closing]],
    decisions: Mapping[str, Decisions],
    now: datetime,
    zone: str,
    reader: Access | None,
) -> BoardLine | None:
    """The candidate as the reader sees them, if they do; without one all of it is seen.

    What was decided hints at what scorecards say: whoever has one to write sees nothing of it, nor
    does a place that several people read while anybody has.
    """
    application, candidate, opening = row
    seen = [one for one in panels if reader is None or reader.sees_state(opening, one)]
    keeps = reader is None or reader.keeps(opening, seen)
    if not seen and not keeps:
        return None
    found = [
        BoardInterview(
            panel,
            item,
            progress(item, closings.get(item.id, ()), now, zone),
            ended_at=item.closed_at,
        )
        for panel in seen
        for item in panel.on
    ]
    newest = max((panel for panel in panels if panel.on), key=_made, default=None)
    decided = decisions[newest.id].current if newest and newest.id in decisions else None
    is_owing = any(
        one.progress.state in STILL_TO_WRITE
        and (reader is None or one.progress.owner == reader.user)
        for one in found
    )
    if is_owing and application.stage not in BEFORE_DECISIONS:
        application = replace(application, stage=Stage.INTERVIEWING)
    return BoardLine(
        application=application,
        candidate=candidate,
        opening=opening,
        panels=tuple(sorted(seen, key=lambda panel: panel.created_at, reverse=True)),
        interviews=tuple(sorted(found, key=lambda one: (one.item.starts_at, one.item.id))),
        stage=application.stage if keeps else None,
        decision=None if is_owing else decided,
    )


def _made(panel: Panel) -> datetime:
    return panel.created_at


async def _with_days(
    tx: Transaction,
    workspace: str,
    lines: Sequence[BoardLine],
    panels: Mapping[str, Sequence[Panel]],
    told: Mapping[str, Told],
    now: datetime,
) -> list[BoardLine]:
    """The same, with since when scorecards are late, by the working days of whoever writes them,
    and by when candidates hear, by those of their recruiter; `panels` are all of each application.
    """
    policy = await tx.reminders.policy(workspace)
    working_days = (await tx.settings.get(workspace)).answer_days
    due = [
        one for line in lines for one in line.interviews if one.progress.state is InterviewState.DUE
    ]
    recruiters = {panel.recruiter for several in panels.values() for panel in several}
    owners = {one.progress.owner for one in due}
    fresh = [line for line in lines if line.application.stage in BEFORE_INTERVIEWS]
    promised = await tx.submissions.promised(workspace, [line.application.id for line in fresh])
    recruiters |= {line.opening.hears_of_candidates for line in fresh}
    people = await tx.reminders.people(workspace, owners | recruiters)
    late_since: dict[str, datetime] = {}
    for one in due:
        owner = one.progress.owner
        unknown = RemindedPerson(workspace, owner, one.item.interviewer_zone)
        calendar = people.get(owner, unknown).calendar(policy)
        late_since |= late(calendar, {one.item.id: one.progress.due_since}, now)

    def dated(line: BoardLine) -> BoardLine:
        interviews = tuple(
            replace(one, late_since=late_since.get(one.item.id)) for one in line.interviews
        )
        id = line.application.id
        of_it = [panel for panel in panels.get(id, ()) if panel.on]
        ended_at = last_end((item for panel in of_it for item in panel.interviews), now)
        if ended_at is None and line.stage is not None and id in promised:
            by, sent_at = promised[id]
            calendar = recruiter_calendar(line.opening.hears_of_candidates, people, policy)
            awaited, is_late = Answer(by, sent_at), late_from(calendar, by) <= now
            return replace(line, interviews=interviews, answer=awaited, is_answer_late=is_late)
        if ended_at is None or line.stage is None:
            return replace(line, interviews=interviews)
        newest = max(of_it, key=_made)
        calendar = recruiter_calendar(newest.recruiter, people, policy)
        by = answer_by(calendar, ended_at, working_days)
        answer = Answer(by, ended_at, line.decision, told.get(id))
        is_late = late_from(calendar, answer.by) <= now
        return replace(line, interviews=interviews, answer=answer, is_answer_late=is_late)

    return [dated(line) for line in lines]

"""How far a panel's scorecards have come, as its organizers read it: state only, never content."""

from slack_sdk.models.blocks import ButtonElement

from bot.domain.dates import short_day_in
from bot.domain.panels.state import InterviewState
from bot.domain.scorecards.closing import DueScorecard
from bot.services.messages.progress import Progress
from handlers.ids import ActionId
from handlers.views.common import Json, actions, as_json, context, cut, header
from handlers.views.debriefs.buttons import debrief_button
from handlers.views.panels.panel import EditToken, PanelToken
from handlers.views.remind_now import RemindToken, remind_now_button
from handlers.views.rich import Parts, joined, line, marked, person
from handlers.views.scorecards.pages import feedback_button
from handlers.views.states import WORDS, due_or_late, on_day

LONGEST_NAME = 60
LONGEST_LABEL = 75

DID_NOT = ": they didn't interview"
NONE_SUBMITTED = "none submitted, none due"


def progress(progress: Progress) -> tuple[str, list[Json]]:
    name, state = cut(progress.panel.candidate.name, LONGEST_NAME), _state(progress)
    rows = [_row(due, progress) for due in progress.due_scorecards]
    blocks = [
        header(f"{name} · {state}"),
        *([line(*joined(rows))] if rows else []),
        context(progress.panel.opening.name),
        actions(_buttons(progress)),
    ]
    return _text(progress), as_json(blocks)


def _state(progress: Progress) -> str:
    if progress.panel.cancelled_at is not None:
        return "panel canceled"
    if not progress.is_complete:
        return f"{progress.submitted} of {progress.expected} in{_late(progress)}"
    if not progress.submitted:
        return NONE_SUBMITTED
    return f"all {progress.submitted} in" if progress.submitted > 1 else "scorecard in"


def _late(progress: Progress) -> str:
    return f", {len(progress.late)} late" if progress.late else ""


def _text(progress: Progress) -> str:
    """For lock screens, without a name."""
    if progress.panel.cancelled_at is not None:
        return "A panel was canceled"
    if not progress.is_complete:
        text = f"{progress.submitted} of {progress.expected} scorecards on a candidate are in"
        if not progress.late:
            return text
        since = short_day_in(progress.zone, min(progress.late.values()))
        return f"{text}{_late(progress)} since {since}"
    if not progress.submitted:
        return "No scorecard on a candidate was submitted, and none is due"
    if progress.submitted == 1:
        return "The scorecard on a candidate is in"
    return f"All {progress.submitted} scorecards on a candidate are in"


def _row(due: DueScorecard, progress: Progress) -> Parts:
    """Whose it is, and its state. One that is today is planned for its day: what stands in a
    message is still right when the day is over."""
    interview, zone = progress.states[due.interview], progress.zone
    state, whose = interview.state, person(interview.owner)
    if state is InterviewState.DUE:
        words = due_or_late(interview.due_since, progress.late.get(due.interview), zone)
        return marked(words.mark, whose, f" · {words.word}")
    if state is InterviewState.TODAY:
        state = InterviewState.PLANNED
    if state in (InterviewState.PLANNED, InterviewState.DECLINED):
        return marked(WORDS[state].mark, whose, f" · {on_day(state, due.starts_at, zone)}")
    why = DID_NOT if due.interview in progress.not_held else ""
    return marked(WORDS[state].mark, whose, f" · {WORDS[state].word}{why}")


def _buttons(progress: Progress) -> list[ButtonElement]:
    """Reminding is what is to be done while some are late, and reading once all are in, for those
    who read."""
    id = progress.panel.id
    is_empty = progress.is_complete and not progress.submitted
    read = debrief_button(id, "primary") if progress.is_complete else feedback_button(id)
    name = progress.panel.candidate.name
    open_panel = ButtonElement(
        text="Open panel",
        action_id=ActionId.PANEL_OPEN,
        value=PanelToken(panel=progress.panel.id, apart=True).dump(),
        accessibility_label=cut(f"Open the panel of {name}", LONGEST_LABEL),
    )
    token = RemindToken(panel=progress.panel.id)
    remind = [remind_now_button(token, name, "primary")] if progress.waits else []
    declined = progress.declined[:1] if progress.organizes else ()
    replace = [_replace(progress, due) for due in declined]
    if replace and not remind:
        replace[0].style = "primary"
    return [*remind, *replace, *([read] if progress.reads and not is_empty else []), open_panel]


def _replace(progress: Progress, due: DueScorecard) -> ButtonElement:
    """For the first interview whose interviewer can't make it; the others are in the panel."""
    panel = progress.panel
    ids = {"panel": panel.id, "revision": panel.revision, "interview": due.interview}
    return ButtonElement(
        text="Replace",
        action_id=ActionId.PANEL_REPLACE,
        value=EditToken(**ids, apart=True).dump(),
        accessibility_label=cut(f"Find someone else to interview {due.candidate}", LONGEST_LABEL),
    )

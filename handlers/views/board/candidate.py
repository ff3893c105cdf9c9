"""One candidate: what they wait for, the next step, their interviews, and what happened."""

from slack_sdk.models.blocks import Block, ButtonElement, InteractiveElement

from bot.domain.applications import Stage
from bot.domain.board import BoardInterview, BoardLine, WaitKind
from bot.domain.dates import short_day_in
from bot.domain.panels.panel import Panel
from bot.domain.panels.state import InterviewState
from bot.domain.rights import Act
from bot.services.board.board import CandidateSheet, Happening, HappeningKind
from handlers.ids import ActionId
from handlers.views.apply.application import application_button
from handlers.views.board.words import LONGEST_NAME, in_of, state_lines, waits_for
from handlers.views.common import Json, actions, context, cut, header, modal, plain
from handlers.views.debriefs.buttons import debrief_button, draft_button
from handlers.views.debriefs.offer import offer_button
from handlers.views.panels.panel import ANSWERS, DOING, EditToken, PanelToken
from handlers.views.records.erasing import erase_button
from handlers.views.remind_now import RemindToken, remind_now_button
from handlers.views.rich import Parts, bold, joined, line, person
from handlers.views.scorecards.form import OpenToken

MOST_PANELS = 5
LONGEST_LABEL = 75

WHAT = {
    HappeningKind.SET_UP: "set up the panel",
    HappeningKind.SUBMITTED: "submitted a scorecard",
    HappeningKind.NO_SHOW: "recorded a no-show",
    HappeningKind.DID_NOT_INTERVIEW: "didn't interview",
    HappeningKind.CLOSED: "closed it without a scorecard",
    HappeningKind.REASSIGNED: "reassigned a scorecard to",
    HappeningKind.REFERRED: "referred them",
}
"""What somebody did, where no entry of the audit says it."""


DONE = {
    **DOING,
    "scorecard.reminded": "reminded",
    "debrief.decided": "decided",
    "debrief.amended": "amended the decision",
    "debrief.undone": "undid the decision",
    "debrief.confirmed": "confirmed the decision",
    "debrief.answered": "told them",
    "debrief.hired": "recorded that they accepted the offer",
    "debrief.turned_down": "recorded that they turned the offer down",
    "debrief.offer_undone": "undid the answer to the offer",
}
"""The same of entries of the audit."""


def candidate(sheet: CandidateSheet) -> Json:
    """As things are now; shown again after each step."""
    one, zone = sheet.line, sheet.access.zone
    stage = f" · {one.shown_stage.value}" if one.shown_stage is not None else ""
    blocks: list[Block] = [
        header(_title(one, zone)),
        context(f"{one.opening.full_name}{stage}"),
        actions(_buttons(sheet)) if _buttons(sheet) else context("Nothing to do for you here."),
    ]
    blocks += [line(*_panel(one, panel, zone)) for panel in one.panels[:MOST_PANELS]]
    if not one.panels:
        blocks.append(plain("No panel is set up."))
    rows = [_happening(happening, zone) for happening in sheet.happenings]
    if rows:
        blocks.append(line(bold("What happened"), "\n", *joined(rows)))
    return modal("Candidate", blocks, close="Close")


def _title(one: BoardLine, zone: str) -> str:
    name, state = cut(one.candidate.name, LONGEST_NAME), waits_for(one, zone)
    return f"{name} · {state}" if state else name


def _panel(one: BoardLine, panel: Panel, zone: str) -> Parts:
    """One round, with a line for each of its interviews."""
    mine = tuple(item for item in one.interviews if item.panel.id == panel.id)
    only = BoardLine(one.application, one.candidate, one.opening, (panel,), mine, one.stage)
    which = f"Panel of {short_day_in(zone, panel.created_at)} · " if len(one.panels) > 1 else ""
    if not mine:
        return (bold(f"{which}no interviews"),)
    title = in_of(only) if only.expected else "nothing to come"
    title = f"{which}{title}" if which else title[:1].upper() + title[1:]
    return (bold(title), "\n", *state_lines(mine, zone))


def _buttons(sheet: CandidateSheet) -> list[InteractiveElement]:
    """The next step is the one primary button; then what else there is to do or to see."""
    steps = [step for step in _steps(sheet) if step is not None]
    for step in steps[:1]:
        step.style = "primary"
    seen = [one for one in sheet.line.panels if sheet.access.may(Act.SEE_PANEL, one)]
    opens = [_open_panel(sheet.line, seen[0])] if seen else []
    read = [application_button(sheet.line.application.id)] if sheet.has_application else []
    candidate = sheet.line.candidate
    may_erase = sheet.access.may(Act.ERASE)
    erases = [erase_button(candidate.id, candidate.name)] if may_erase else []
    return [*steps, *read, *opens, *erases]


def _steps(sheet: CandidateSheet) -> list[ButtonElement | None]:
    """What the reader can do for the candidate, the most pressing first."""
    one, access = sheet.line, sheet.access
    own = sheet.own
    readable = [panel for panel in one.readable if access.may(Act.READ_FEEDBACK, panel)]
    is_open = one.waits.kind in (WaitKind.ALL_IN, WaitKind.DECIDED)
    return [
        _write(own) if own is not None else None,
        _remind(sheet),
        *(_replace(item) for item in _declined(sheet)[:1]),
        _set_up() if not one.panels and one.stage is not None else None,
        _draft(sheet),
        _offer(sheet),
        debrief_button(readable[0].id) if is_open and readable else None,
    ]


def _draft(sheet: CandidateSheet) -> ButtonElement | None:
    """For whoever may tell the candidate, as long as nobody has."""
    one = sheet.line
    is_open = one.decision is not None and one.answer is not None and not one.answer.is_given
    may = one.panels and sheet.access.may(Act.ANSWER, one.panels[0])
    return draft_button(one.application.id) if is_open and may else None


def _offer(sheet: CandidateSheet) -> ButtonElement | None:
    """For whoever decides, while the candidate has an offer to answer."""
    one = sheet.line
    is_open = one.stage is Stage.OFFER and one.decision is not None
    may = one.panels and sheet.access.may(Act.DECIDE, one.panels[0])
    return offer_button(one.panels[0].id) if is_open and may else None


def _declined(sheet: CandidateSheet) -> list[BoardInterview]:
    return [
        one
        for one in sheet.line.interviews
        if one.progress.state is InterviewState.DECLINED
        and sheet.access.may(Act.CHANGE_PANEL, one.panel)
    ]


def _remind(sheet: CandidateSheet) -> ButtonElement | None:
    """Of the one that is late, or of all that are due in the panel of the one late the longest."""
    remindable = sheet.remindable
    if not remindable:
        return None
    first, *others = remindable
    one = RemindToken(interview=first.item.id)
    token = RemindToken(panel=first.panel.id) if others else one
    return remind_now_button(token, f"scorecards on {sheet.line.candidate.name}")


def _write(own: BoardInterview) -> ButtonElement:
    return ButtonElement(
        text="Write scorecard",
        action_id=ActionId.SCORECARD_OPEN,
        value=OpenToken(interview=own.item.id).dump(),
    )


def _replace(one: BoardInterview) -> ButtonElement:
    token = EditToken(
        panel=one.panel.id, revision=one.panel.revision, interview=one.item.id, apart=True
    )
    return ButtonElement(text="Replace", action_id=ActionId.PANEL_REPLACE, value=token.dump())


def _set_up() -> ButtonElement:
    return ButtonElement(text="Set up", action_id=ActionId.PANEL_SET_UP, value="panel")


def _open_panel(one: BoardLine, panel: Panel) -> ButtonElement:
    return ButtonElement(
        text="Open panel",
        action_id=ActionId.PANEL_OPEN,
        value=PanelToken(panel=panel.id).dump(),
        accessibility_label=cut(f"Open the panel of {one.candidate.name}", LONGEST_LABEL),
    )


def _happening(one: Happening, zone: str) -> Parts:
    """When, who, what; of an interview with somebody else whose it was."""
    what = WHAT.get(one.what) or DONE.get(one.what, "changed the panel")  # type: ignore[call-overload]
    about = [" ", person(one.person)] if one.person and one.what not in ANSWERS else []
    actor = [person(one.actor), " "] if one.actor else ["They "]
    return (f"{short_day_in(zone, one.at)} · ", *actor, what, *about)

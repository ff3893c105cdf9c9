"""The modal in which a scorecard is written, one competency a step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    PlainTextObject,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks import Option as Choosable

from bot.domain.dates import clock_in
from bot.domain.scorecards.faults import is_unfinished
from bot.domain.scorecards.parts import LAST_STEP, steps_of
from bot.domain.scorecards.scorecard import Assessment, Choice, ScorecardField, ScorecardForm
from bot.errors import DatabaseAway, UserError
from bot.services.scorecards.forms import Divergence, OpenScorecard, Saved
from handlers.ids import ActionId, ViewId, scorecard_field
from handlers.payloads import Id, OpenView, Token
from handlers.views.common import (
    MOST_OPTIONS,
    Json,
    actions,
    as_json,
    context,
    cut,
    header,
    modal,
    plain,
)
from handlers.views.rich import bold, line, moment
from handlers.views.scorecards.inputs import assessment_inputs, following_choice, whole_inputs
from handlers.views.scorecards.pages import TITLE, assessed, at_time, name_of, page, texts

SAVED = "scorecard.saved"
"""The block that says when the form was last saved."""

NOTHING_YET = "Nothing is saved yet. Changes save automatically."
MERGED = (
    "You also wrote here in another window or on another device. Both texts are below, and both "
    "are saved. Keep what you want."
)
APART = (
    "You also wrote in another window or on another device. That text is saved too, and you'll "
    "see both before anything is submitted."
)
NOT_SAVED = "Couldn't save. Your text is still here."
WHO_READS = (
    "Visible to the hiring manager, recruiter and interviewers who've submitted theirs. "
    "Candidates may ask to read it."
)

NEWS = {
    Divergence.MERGED: MERGED,
    Divergence.CHANGED: (
        "You changed this scorecard in another window or on another device. Check the ratings, "
        "then submit."
    ),
    Divergence.MORE_ASKED: "What this interview rates has changed. Rate this one, then submit.",
    Divergence.UNFINISHED: "This step isn't finished. Complete it, then submit.",
}
"""What a form says first that is shown instead of being submitted."""

BACK, JUMP = f"{ActionId.SCORECARD_STEP}:back", f"{ActionId.SCORECARD_STEP}:jump"


@dataclass(frozen=True)
class SaveState:
    """Whether what stands in a form is saved: in its first line, and in short in its title, which
    is in sight wherever one types."""

    line: str
    short: str


class ScorecardToken(Token):
    """An open form, and its step; None in one that an older version made, which shows all."""

    interview: Id
    form: Id
    revision: int
    version: int
    turn: Annotated[int, Field(ge=0, lt=10**6)] = 0
    step: Annotated[str, Field(max_length=200)] | None = None

    @property
    def made(self) -> ScorecardForm:
        return ScorecardForm(self.interview, self.form, self.revision, self.version, self.turn)

    @property
    def is_last(self) -> bool:
        """Whether it is submitted from here."""
        return not self.step


class OpenToken(Token):
    """A button that opens the scorecard of an interview."""

    interview: Id


def open_button(label: str, interview: str, style: str | None = None) -> ButtonElement:
    """A button that opens the scorecard of an interview; several may stand in one message."""
    return ButtonElement(
        text=label,
        action_id=f"{ActionId.SCORECARD_OPEN}:{interview}",
        value=OpenToken(interview=interview).dump(),
        style=style,
    )


def form(sheet: OpenScorecard, first: str = "") -> Json:
    """The modal at its step, with what had been written; `first` is its first line, where not the
    usual."""
    if sheet.closed:
        return _closed(sheet)
    token = ScorecardToken(
        interview=sheet.form.interview,
        form=sheet.form.id,
        revision=sheet.form.revision,
        version=sheet.form.version,
        turn=sheet.form.turn,
        step=sheet.step,
    )
    steps = steps_of(sheet.body)
    number = steps.index(sheet.step)
    back = [_back(steps[number - 1])] if number else []
    blocks = [_first_line(first or _usual_line(sheet)), _about(sheet, number + 1, len(steps))]
    if sheet.step == LAST_STEP:
        blocks += [*whole_inputs(sheet), DividerBlock(), *_rated(sheet)]
        blocks += [actions([*back, *_jump(sheet)]), context(WHO_READS)]
    else:
        blocks += [*assessment_inputs(sheet, sheet.body.of(sheet.step))]
        blocks += [actions(back)] if back else []
        blocks += _without(sheet) if not number and _may_close(sheet) else []
    title = TITLE
    if sheet.saved_at is not None:
        title = f"{TITLE} {_saved_at(sheet.saved_at, sheet.due_scorecard.zone)}"
    return _modal(as_json(blocks), token.dump(), title, is_last=sheet.step == LAST_STEP)


def with_state(view: OpenView, state: SaveState) -> Json:
    """The same step saying whether it is saved, and asking for evidence where it is needed: what
    is being typed in it stays."""
    token = ScorecardToken.load(view.metadata)
    blocks = [_first_line(state.line).to_dict(), *map(dict, view.blocks[1:])]
    if token.step:
        choice, evidence = (
            scorecard_field(part, token.form, token.step)
            for part in (ScorecardField.CHOICE, ScorecardField.EVIDENCE)
        )
        chosen = view.selected(choice)
        rated = Choice(chosen) if chosen in set(Choice) else None
        blocks = following_choice(blocks, evidence, rated, view.typed(evidence) or "")
    title = f"{TITLE} {state.short}"
    return _modal(blocks, view.metadata, title, is_last=token.is_last)


def first_line(view: OpenView) -> str:
    elements = view.blocks[0].get("elements") if view.blocks else None
    return str(elements[0].get("text", "")) if elements else ""


def shape(blocks: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Which inputs there are, and which are optional."""
    return tuple(
        f"{block.get('block_id')}:{bool(block.get('optional'))}"
        for block in blocks
        if block.get("type") == "input"
    )


def is_saved(saved: Saved, now: datetime) -> SaveState:
    line = f"Saved {at_time(saved.at, saved.zone, now)}"
    if saved.closed:
        line = f"{line}, but: {saved.closed}"
    elif saved.is_apart:
        line = f"{line}. {APART}"
    return SaveState(line, f"saved {clock_in(saved.zone, saved.at)}")


def not_saved(error: UserError) -> SaveState:
    """Why what was typed is not in the database; it still stands in the form."""
    line = NOT_SAVED if isinstance(error, DatabaseAway) else f"Not saved. {error.text}"
    return SaveState(line, "not saved")


def _saved_at(at: datetime, zone: str) -> str:
    """In short, for the title."""
    return f"saved {clock_in(zone, at)}"


def _usual_line(sheet: OpenScorecard) -> str:
    if sheet.step in sheet.conflicts:
        return MERGED
    if sheet.saved_at is not None:
        at = at_time(sheet.saved_at, sheet.due_scorecard.zone, sheet.now)
        return f"Saved {at}, not submitted yet."
    if sheet.scorecard is not None:
        at = at_time(sheet.scorecard.version.submitted_at, sheet.due_scorecard.zone, sheet.now)
        return f"Submitted {at}. A change makes a new version, and this one is kept."
    return NOTHING_YET


def _first_line(text: str) -> ContextBlock:
    return ContextBlock(elements=[PlainTextObject(text=text, emoji=False)], block_id=SAVED)


def _about(sheet: OpenScorecard, number: int, of: int) -> Block:
    """Which step it is, of whom, and of which interview."""
    when = moment(sheet.due_scorecard.starts_at, sheet.due_scorecard.zone)
    dots = "●" * number + "○" * (of - number)
    name = bold(sheet.panel.candidate.name)
    opening = cut(sheet.panel.opening.name, 80)
    return line(f"{dots}  {number} of {of} · ", name, f"\n{opening} · ", when)


def _back(step: str) -> ButtonElement:
    return ButtonElement(text="Back", action_id=BACK, value=step)


def _jump(sheet: OpenScorecard) -> list[StaticSelectElement]:
    """To any of the ratings."""
    ids = sheet.body.competencies[:MOST_OPTIONS]
    if not ids:
        return []
    options = [Choosable(text=cut(name_of(sheet.content, id), 75), value=id) for id in ids]
    select = StaticSelectElement(placeholder="Change a rating", action_id=JUMP, options=options)
    return [select]


def _rated(sheet: OpenScorecard) -> list[Block]:
    """The ratings at a glance."""
    rows = [_row(sheet, item) for item in sheet.body.assessments]
    return [plain("\n".join(rows))] if rows else []


def _row(sheet: OpenScorecard, item: Assessment) -> str:
    name, choice = name_of(sheet.content, item.competency), item.choice
    if choice is None:
        return f"🟡 {name} · not rated yet"
    if choice is Choice.NOT_ASSESSED:
        return f"⚪ {name} · not assessed"
    if is_unfinished(item):
        return f"🟡 {name} · {choice.label}, needs what you saw or heard"
    return f"✅ {name} · {choice.label}"


def _may_close(sheet: OpenScorecard) -> bool:
    """Whether it can be closed without a scorecard: not before the interview begins."""
    return not sheet.form.version and sheet.due_scorecard.has_begun(sheet.now)


def _modal(
    blocks: Sequence[Json], metadata: str, title: str = TITLE, *, is_last: bool = True
) -> Json:
    return modal(
        title,
        blocks,
        close="Close",
        submit="Submit" if is_last else "Next",
        callback=ViewId.SCORECARD_FORM,
        metadata=metadata,
    )


def _without(sheet: OpenScorecard) -> list[Block]:
    """How a scorecard is closed without one."""
    value = OpenToken(interview=sheet.form.interview).dump()
    name = cut(sheet.panel.candidate.name, 60)
    told = "The organizers will be notified, and no scorecard will be due."
    return [
        DividerBlock(),
        context("No interview, or not yours to write? The organizers will be notified."),
        actions(
            [
                ButtonElement(
                    text="I didn't interview",
                    action_id=ActionId.SCORECARD_DID_NOT_INTERVIEW,
                    value=value,
                    confirm=_confirm(f"You didn't interview {name}?", told, "Notify organizers"),
                ),
                ButtonElement(
                    text="No-show",
                    action_id=ActionId.SCORECARD_NO_SHOW,
                    value=value,
                    confirm=_confirm(f"{name} didn't show up?", told, "Notify organizers"),
                ),
                UserSelectElement(
                    action_id=ActionId.SCORECARD_REASSIGN,
                    placeholder=PlainTextObject(text="Reassign to…"),
                    confirm=_confirm(
                        f"Reassign your scorecard on {name}?",
                        "They'll submit it instead of you. The organizers will be notified.",
                        "Reassign",
                    ),
                ),
            ]
        ),
    ]


def _confirm(title: str, text: str, verb: str) -> ConfirmObject:
    return ConfirmObject(
        title=PlainTextObject(text=title, emoji=False),
        text=PlainTextObject(text=text),
        confirm=PlainTextObject(text=verb),
        deny=PlainTextObject(text="Cancel"),
    )


def _closed(sheet: OpenScorecard) -> Json:
    """What was written for an interview that takes no scorecard any more."""
    written = [
        *(
            assessed(sheet.content, item)
            for item in sheet.body.assessments
            if item.choice or item.evidence
        ),
        *texts(sheet.body),
    ]
    when = moment(sheet.due_scorecard.starts_at, sheet.due_scorecard.zone)
    about = [header(sheet.panel.candidate.name), line(sheet.panel.opening.name, " · ", when)]
    return page([*about, plain(f"{sheet.closed} What you wrote is kept:"), *written])

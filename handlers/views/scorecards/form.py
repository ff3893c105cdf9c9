"""The modal in which a scorecard is written, and what stands in its place afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    InputBlock,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    UserSelectElement,
)
from slack_sdk.models.blocks import Option as Choosable
from slack_sdk.models.blocks.basic_components import DispatchActionConfig

from bot.domain.competencies import Competency
from bot.domain.dates import clock_in
from bot.domain.scorecards.fields import Option, choices_of, texts_of
from bot.domain.scorecards.scorecard import (
    Assessment,
    Choice,
    ScorecardBody,
    ScorecardField,
    ScorecardForm,
)
from bot.errors import DatabaseAway, UserError
from bot.services.scorecards.forms import OpenScorecard, Saved
from handlers.ids import ActionId, ViewId, scorecard_field
from handlers.payloads import Id, OpenView, Token
from handlers.views.common import Json, actions, as_json, context, cut, header, plain
from handlers.views.forms import input_of
from handlers.views.rich import line, moment
from handlers.views.scorecards.pages import (
    TITLE,
    assessed,
    at_time,
    competency_of,
    name_of,
    page,
    texts,
)

LARGEST_BOX = 3000
"""Characters; Slack's limit."""

SAVED = "scorecard.saved"
"""The block that says when the form was last saved."""

NOTHING_YET = "Nothing is saved yet. Whatever you choose or type is saved as you go."
MERGED = (
    "This was also written in another window or on another device. Both texts stand in the boxes, "
    "and both are saved: please keep what you want."
)
APART = (
    "It was also written in another window or on another device: Submit shows both texts before "
    "anything is submitted."
)
MORE_ASKED = "What this interview rates has been changed. Please rate what was added, then submit."
NOT_SAVED = "Could not be saved just now. Everything still stands here: type on, or submit."
WHO_READS = (
    "The hiring manager and the recruiter read this, and interviewers whose own scorecard is in. "
    "Candidates may ask to read what is written about them."
)


ASKED: Mapping[str, tuple[str, str | None]] = {
    ScorecardField.CHOICE: ("{}", None),
    ScorecardField.EVIDENCE: (
        "Evidence: {}",
        "What you saw or heard: needed with a rating, not with “Not assessed”.",
    ),
    ScorecardField.RECOMMENDATION: ("Do you recommend to hire?", None),
    ScorecardField.NOTES: ("Notes", None),
    ScorecardField.PROBE_NEXT: (
        "What should others probe next?",
        "Whoever may read your scorecard reads this too.",
    ),
    ScorecardField.REASON: (
        "Why do you change it?",
        "A day after it was first submitted, a change needs a reason.",
    ),
}
"""How each field is asked for, with the competency's name for {}, and a hint below it."""


@dataclass(frozen=True)
class SaveState:
    """Whether what stands in a form is saved: in its first line, and in short in its title, which
    is in sight wherever one types."""

    line: str
    short: str


class ScorecardToken(Token):
    """An open form."""

    interview: Id
    form: Id
    revision: int
    version: int

    @property
    def made(self) -> ScorecardForm:
        return ScorecardForm(self.interview, self.form, self.revision, self.version)


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
    """The modal, with what had been written; `first` is its first line, where not the usual."""
    if sheet.closed:
        return _closed(sheet)
    token = ScorecardToken(
        interview=sheet.form.interview,
        form=sheet.form.id,
        revision=sheet.form.revision,
        version=sheet.form.version,
    )
    blocks = [
        _first_line(first or _usual_line(sheet)),
        *_about(sheet),
        *(block for item in sheet.body.assessments for block in _assessment(sheet, item)),
        DividerBlock(),
        *(_radio(sheet, name, sheet.body) for name in choices_of(ScorecardBody)),
        *_texts(sheet),
        context(WHO_READS),
        *([] if sheet.form.version else _without(sheet)),
    ]
    return _modal(as_json(blocks), token.dump())


def with_state(view: OpenView, state: SaveState) -> Json:
    """The same form saying whether it is saved: what is being typed in it stays."""
    blocks = [_first_line(state.line).to_dict(), *map(dict, view.blocks[1:])]
    return _modal(blocks, view.metadata, f"{TITLE} {state.short}")


def first_line(view: OpenView) -> str:
    elements = view.blocks[0].get("elements") if view.blocks else None
    return str(elements[0].get("text", "")) if elements else ""


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


def _usual_line(sheet: OpenScorecard) -> str:
    if sheet.merged is not None:
        return MERGED
    if sheet.saved_at is not None:
        at = at_time(sheet.saved_at, sheet.due_scorecard.zone, sheet.now)
        return f"Saved {at}, not submitted yet. Whatever you choose or type is saved as you go."
    if sheet.scorecard is not None:
        at = at_time(sheet.scorecard.version.submitted_at, sheet.due_scorecard.zone, sheet.now)
        return f"Submitted {at}. A change is a new version; the one before is kept."
    return NOTHING_YET


def _first_line(text: str) -> ContextBlock:
    return ContextBlock(elements=[PlainTextObject(text=text, emoji=False)], block_id=SAVED)


def _about(sheet: OpenScorecard) -> list[Block]:
    when = moment(sheet.due_scorecard.starts_at, sheet.due_scorecard.zone)
    return [header(sheet.panel.candidate.name), line(sheet.panel.opening.name, " · ", when)]


def _modal(blocks: Sequence[Json], metadata: str, title: str = TITLE) -> Json:
    return {
        "type": "modal",
        "callback_id": ViewId.SCORECARD_FORM,
        "private_metadata": metadata,
        "title": PlainTextObject(text=title).to_dict(),
        "submit": PlainTextObject(text="Submit").to_dict(),
        "close": PlainTextObject(text="Close").to_dict(),
        "blocks": list(blocks),
    }


def _assessment(sheet: OpenScorecard, item: Assessment) -> list[Block]:
    boxes = (_boxes(sheet, name, item) for name in texts_of(Assessment))
    return [
        DividerBlock(),
        *(_radio(sheet, name, item) for name in choices_of(Assessment)),
        *(block for blocks in boxes for block in blocks),
    ]


def _texts(sheet: OpenScorecard) -> list[Block]:
    """What is typed about the candidate; in a change, why it is made as well."""
    boxes = (
        _boxes(sheet, name, sheet.body)
        for name, one in texts_of(ScorecardBody).items()
        if one.about_candidate or sheet.form.version
    )
    return [block for blocks in boxes for block in blocks]


def _behavior(known: Competency | None, choice: Choice) -> str | None:
    if choice.rating is None:
        return "There was no chance to find out"
    return known.ratings[choice.rating].short if known is not None else None


def _radio(sheet: OpenScorecard, name: str, holder: Assessment | ScorecardBody) -> InputBlock:
    """What is to be chosen; `holder` has the field of this name."""
    competency = _competency_of(holder)
    field = scorecard_field(ScorecardField(name), sheet.form.id, competency)
    chosen: Option | None = getattr(holder, name)
    offered = [_option(sheet, competency, one) for one in choices_of(type(holder))[name].options]
    other = sheet.merged.others.get((name, competency)) if sheet.merged is not None else None
    element = RadioButtonsElement(
        action_id=field.action,
        options=offered,
        initial_option=next((one for one in offered if one.value == chosen), None),
    )
    label, hint = _asked(sheet, name, competency)
    if other is not None:
        hint = f"Your other form says “{other.label}”."
    return input_of(field, label, element, dispatch=True, hint=hint)


def _option(sheet: OpenScorecard, competency: str, one: Option) -> Choosable:
    known = competency_of(sheet.content, competency)
    behavior = _behavior(known, one) if isinstance(one, Choice) else None
    return Choosable(
        text=PlainTextObject(text=one.label, emoji=False),
        value=one.value,
        description=PlainTextObject(text=behavior, emoji=False) if behavior else None,
    )


def _boxes(sheet: OpenScorecard, name: str, holder: Assessment | ScorecardBody) -> list[Block]:
    """The text in a box, or in several where two forms were merged and it has grown too long."""
    competency = _competency_of(holder)
    text: str = getattr(holder, name)
    pieces = in_boxes(text)
    most = texts_of(type(holder))[name].most
    largest = most if len(pieces) == 1 and len(text) <= most else LARGEST_BOX
    label, hint = _asked(sheet, name, competency)
    return [
        input_of(
            field := scorecard_field(ScorecardField(name), sheet.form.id, competency, number),
            f"{label} (continued)" if number else label,
            PlainTextInputElement(
                action_id=field.action,
                multiline=True,
                max_length=largest,
                initial_value=piece or None,
                dispatch_action_config=DispatchActionConfig(
                    trigger_actions_on=["on_character_entered"]
                ),
            ),
            optional=name != ScorecardField.REASON or not _needs_reason(sheet),
            dispatch=True,
            hint=hint if not number else None,
        )
        for number, piece in enumerate(pieces)
    ]


def _competency_of(holder: Assessment | ScorecardBody) -> str:
    return holder.competency if isinstance(holder, Assessment) else ""


def _asked(sheet: OpenScorecard, name: str, competency: str) -> tuple[str, str | None]:
    label, hint = ASKED[name]
    return label.format(name_of(sheet.content, competency)), hint


def _needs_reason(sheet: OpenScorecard) -> bool:
    return sheet.scorecard is not None and sheet.scorecard.needs_reason(sheet.now)


def in_boxes(text: str) -> list[str]:
    """The text in pieces that fit into a box, to be joined by empty lines."""
    if len(text) <= LARGEST_BOX:
        return [text]
    pieces = [""]
    for paragraph in text.split("\n\n"):
        for start in range(0, len(paragraph) or 1, LARGEST_BOX):
            part = paragraph[start : start + LARGEST_BOX]
            together = f"{pieces[-1]}\n\n{part}" if pieces != [""] else part
            if len(together) > LARGEST_BOX:
                pieces.append(part)
            else:
                pieces[-1] = together
    return pieces


def _without(sheet: OpenScorecard) -> list[Block]:
    """How a scorecard is closed without one."""
    value = OpenToken(interview=sheet.form.interview).dump()
    name = cut(sheet.panel.candidate.name, 80)
    return [
        DividerBlock(),
        context("No scorecard to give? Say what happened, and the organisers are told."),
        actions(
            [
                ButtonElement(
                    text="I did not interview",
                    action_id=ActionId.SCORECARD_DID_NOT_INTERVIEW,
                    value=value,
                    confirm=_confirm("You did not interview?", f"You did not interview {name}."),
                ),
                ButtonElement(
                    text="Candidate did not show",
                    action_id=ActionId.SCORECARD_NO_SHOW,
                    value=value,
                    confirm=_confirm("The candidate did not show?", f"{name} did not show up."),
                ),
                UserSelectElement(
                    action_id=ActionId.SCORECARD_REASSIGN,
                    placeholder=PlainTextObject(text="Hand over to …"),
                    confirm=_confirm(
                        "Hand the scorecard over?",
                        "To another interviewer of this panel, who gives it from then on.",
                    ),
                ),
            ]
        ),
    ]


def _confirm(title: str, text: str) -> ConfirmObject:
    return ConfirmObject(
        title=PlainTextObject(text=title),
        text=PlainTextObject(text=text),
        confirm=PlainTextObject(text="Yes"),
        deny=PlainTextObject(text="Back"),
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
    return page([*_about(sheet), plain(f"{sheet.closed} What you had written is kept:"), *written])

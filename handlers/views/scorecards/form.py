"""The modal in which a scorecard is written, and what stands in its place afterwards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    InputBlock,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig

from bot.domain.competencies import Competency
from bot.domain.scorecards.scorecard import (
    LONGEST_EVIDENCE,
    LONGEST_NOTES,
    LONGEST_PROBE,
    LONGEST_REASON,
    Assessment,
    Choice,
    Recommendation,
    ScorecardField,
    ScorecardForm,
)
from bot.errors import DatabaseAway, UserError
from bot.services.scorecards.forms import OpenScorecard, Saved
from handlers.ids import ActionId, FormField, ViewId, scorecard_field
from handlers.payloads import Id, OpenView, Token
from handlers.views.common import Json, actions, as_json, context, cut, header, plain
from handlers.views.forms import input_of
from handlers.views.rich import SHORT, line, moment
from handlers.views.scorecards.pages import (
    TITLE,
    assessed,
    at_time,
    competency,
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
        _recommendation(sheet),
        *_boxes(sheet, ScorecardField.NOTES, "Notes", sheet.body.notes, LONGEST_NOTES),
        *_boxes(
            sheet,
            ScorecardField.PROBE_NEXT,
            "What should others probe next?",
            sheet.body.probe_next,
            LONGEST_PROBE,
            hint="Whoever may read your scorecard reads this too.",
        ),
        *(_reason(sheet) if sheet.form.version else []),
        context(WHO_READS),
        *([] if sheet.form.version else _without(sheet)),
    ]
    return _modal(as_json(blocks), token.dump())


def with_state(view: OpenView, state: SaveState) -> Json:
    """The same form saying whether it is saved: what is being typed in it stays."""
    blocks = [_first_line(state.line).to_dict(), *map(dict, view.blocks[1:])]
    return _modal(blocks, view.metadata, f"{TITLE} · {state.short}")


def first_line(view: OpenView) -> str:
    elements = view.blocks[0].get("elements") if view.blocks else None
    return str(elements[0].get("text", "")) if elements else ""


def is_saved(saved: Saved, now: datetime) -> SaveState:
    local = saved.at.astimezone(ZoneInfo(saved.zone))
    line = f"Saved {at_time(saved.at, saved.zone, now)}"
    if saved.closed:
        line = f"{line}, but: {saved.closed}"
    elif saved.is_apart:
        line = f"{line}. {APART}"
    return SaveState(line, f"saved {local:%H:%M}")


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
    when = moment(sheet.due_scorecard.starts_at, sheet.due_scorecard.zone, SHORT)
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
    known = competency(sheet.content, item.competency)
    name = name_of(sheet.content, item.competency)
    other = sheet.merged.other_choices.get(item.competency) if sheet.merged is not None else None
    hint = f"Your other form says “{other.label}”." if other is not None else None
    return [
        DividerBlock(),
        _radio(
            scorecard_field(ScorecardField.CHOICE, sheet.form.id, item.competency),
            name,
            [(choice.label, choice.value, _behavior(known, choice)) for choice in Choice],
            item.choice,
            hint,
        ),
        *_boxes(
            sheet,
            ScorecardField.EVIDENCE,
            f"Evidence: {name}",
            item.evidence,
            LONGEST_EVIDENCE,
            item.competency,
            hint="What you saw or heard: needed with a rating, not with “Not assessed”.",
        ),
    ]


def _behavior(known: Competency | None, choice: Choice) -> str | None:
    if choice.rating is None:
        return "There was no chance to find out"
    return known.ratings[choice.rating].short if known is not None else None


def _recommendation(sheet: OpenScorecard) -> InputBlock:
    other = sheet.merged.other_recommendation if sheet.merged is not None else None
    return _radio(
        scorecard_field(ScorecardField.RECOMMENDATION, sheet.form.id),
        "Do you recommend to hire?",
        [(item.label, item.value, None) for item in Recommendation],
        sheet.body.recommendation,
        f"Your other form says “{other.label}”." if other is not None else None,
    )


def _radio(
    field: FormField,
    label: str,
    options: Iterable[tuple[str, str, str | None]],
    chosen: str | None,
    hint: str | None,
) -> InputBlock:
    offered = [
        Option(
            text=PlainTextObject(text=text, emoji=False),
            value=value,
            description=PlainTextObject(text=description, emoji=False) if description else None,
        )
        for text, value, description in options
    ]
    element = RadioButtonsElement(
        action_id=field.action,
        options=offered,
        initial_option=next((one for one in offered if one.value == chosen), None),
    )
    return input_of(field, label, element, dispatch=True, hint=hint)


def _boxes(
    sheet: OpenScorecard,
    part: ScorecardField,
    label: str,
    text: str,
    most: int,
    competency: str = "",
    hint: str | None = None,
    *,
    optional: bool = True,
) -> list[Block]:
    """The text in a box, or in several where two forms were merged and it has grown too long."""
    pieces = in_boxes(text)
    largest = most if len(pieces) == 1 and len(text) <= most else LARGEST_BOX
    return [
        input_of(
            field := scorecard_field(part, sheet.form.id, competency, number),
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
            optional=optional,
            dispatch=True,
            hint=hint if not number else None,
        )
        for number, piece in enumerate(pieces)
    ]


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


def _reason(sheet: OpenScorecard) -> list[Block]:
    return _boxes(
        sheet,
        ScorecardField.REASON,
        "Why do you change it?",
        sheet.body.reason,
        LONGEST_REASON,
        hint="A day after it was first submitted, a change needs a reason.",
        optional=sheet.scorecard is None or not sheet.scorecard.needs_reason(sheet.now),
    )


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
                    action_id=ActionId.SCORECARD_HAND_OVER,
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
        *texts(sheet.body.notes, sheet.body.probe_next),
    ]
    return page([*_about(sheet), plain(f"{sheet.closed} What you had written is kept:"), *written])

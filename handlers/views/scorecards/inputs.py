"""What a scorecard's form asks: the inputs of its steps, and how a step changes with a choice."""

from collections.abc import Iterable, Mapping, Sequence

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
)
from slack_sdk.models.blocks import Option as Choosable
from slack_sdk.models.blocks.basic_components import DispatchActionConfig

from bot.domain.competencies import Competency
from bot.domain.scorecards.fields import Option, choices_of, texts_of
from bot.domain.scorecards.scorecard import (
    LONGEST_EVIDENCE,
    Assessment,
    Choice,
    ScorecardBody,
    ScorecardField,
)
from bot.services.scorecards.forms import OpenScorecard
from handlers.ids import FormField, scorecard_field
from handlers.views.common import Json
from handlers.views.forms import input_of
from handlers.views.scorecards.pages import competency_of, name_of

LARGEST_BOX = 3000
"""Characters; Slack's limit."""

ASKED: Mapping[str, tuple[str, str | None]] = {
    ScorecardField.CHOICE: ("{}", None),
    ScorecardField.EVIDENCE: ("What you saw or heard", "Required with a rating."),
    ScorecardField.RECOMMENDATION: ("Do you recommend hiring this candidate?", None),
    ScorecardField.NOTES: ("Notes", None),
    ScorecardField.PROBE_NEXT: ("What to follow up on next", None),
    ScorecardField.REASON: (
        "Why are you changing it?",
        "Required once a day has passed since you first submitted.",
    ),
}
"""How each field is asked for, with the competency's name for {}, and a hint below it."""


def assessment_inputs(sheet: OpenScorecard, item: Assessment) -> list[Block]:
    """A competency: what was found, and the evidence, which *Not assessed* needs none of."""
    boxes = (_boxes(sheet, name, item) for name in texts_of(Assessment) if _is_asked(name, item))
    return [
        *(_radio(sheet, name, item) for name in choices_of(Assessment)),
        *(block for blocks in boxes for block in blocks),
    ]


def whole_inputs(sheet: OpenScorecard) -> list[Block]:
    """What is chosen and typed about the candidate; in a change, why it is made as well."""
    boxes = (
        _boxes(sheet, name, sheet.body)
        for name, one in texts_of(ScorecardBody).items()
        if one.about_candidate or sheet.form.version
    )
    return [
        *(_radio(sheet, name, sheet.body) for name in choices_of(ScorecardBody)),
        *(block for blocks in boxes for block in blocks),
    ]


def following_choice(
    blocks: Iterable[Json], field: FormField, choice: Choice | None, text: str
) -> list[Json]:
    """A competency's step once something is chosen: without the box for evidence where none is
    needed and there is none, optional where none is needed; else there, and required.

    `field` is that of the evidence.
    """
    found = list(blocks)
    boxes = [block for block in found if block.get("block_id") == field.block]
    if choice is Choice.NOT_ASSESSED and not text:
        return [block for block in found if block not in boxes]
    is_optional = choice is Choice.NOT_ASSESSED
    if boxes:
        return [block | {"optional": is_optional} if block in boxes else block for block in found]
    radio = [number for number, block in enumerate(found) if _is_radio(block)]
    label, hint = ASKED[ScorecardField.EVIDENCE]
    box = _box(field, label, "", LONGEST_EVIDENCE, optional=is_optional, hint=hint)
    after = radio[0] + 1 if radio else len(found)
    return [*found[:after], box.to_dict(), *found[after:]]


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


def _is_radio(block: Json) -> bool:
    return (block.get("element") or {}).get("type") == "radio_buttons"


def _is_asked(name: str, item: Assessment) -> bool:
    return bool(getattr(item, name)) or item.choice is not Choice.NOT_ASSESSED


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
        hint = f"On your other device, you chose “{other.label}”."
    return input_of(field, label, element, dispatch=True, hint=hint)


def _option(sheet: OpenScorecard, competency: str, one: Option) -> Choosable:
    known = competency_of(sheet.content, competency)
    behavior = _behavior(known, one) if isinstance(one, Choice) else None
    return Choosable(
        text=PlainTextObject(text=one.label, emoji=False),
        value=one.value,
        description=PlainTextObject(text=behavior, emoji=False) if behavior else None,
    )


def _behavior(known: Competency | None, choice: Choice) -> str | None:
    if choice.rating is None:
        return "There was no chance to find out"
    return known.ratings[choice.rating].short if known is not None else None


def _boxes(
    sheet: OpenScorecard, name: str, holder: Assessment | ScorecardBody
) -> Sequence[InputBlock]:
    """The text in a box, or in several where two forms were merged and it has grown too long."""
    competency = _competency_of(holder)
    text: str = getattr(holder, name)
    pieces = in_boxes(text)
    most = texts_of(type(holder))[name].most
    largest = most if len(pieces) == 1 and len(text) <= most else LARGEST_BOX
    label, hint = _asked(sheet, name, competency)
    return [
        _box(
            scorecard_field(ScorecardField(name), sheet.form.id, competency, number),
            f"{label} (continued)" if number else label,
            piece,
            largest,
            optional=bool(number) or not _is_required(sheet, name, holder),
            hint=hint if not number else None,
        )
        for number, piece in enumerate(pieces)
    ]


def _box(
    field: FormField, label: str, text: str, most: int, *, optional: bool, hint: str | None
) -> InputBlock:
    """A text, sent at each letter."""
    element = PlainTextInputElement(
        action_id=field.action,
        multiline=True,
        max_length=most,
        initial_value=text or None,
        dispatch_action_config=DispatchActionConfig(trigger_actions_on=["on_character_entered"]),
    )
    return input_of(field, label, element, optional=optional, dispatch=True, hint=hint)


def _is_required(sheet: OpenScorecard, name: str, holder: Assessment | ScorecardBody) -> bool:
    if isinstance(holder, Assessment):
        return name == ScorecardField.EVIDENCE and holder.choice is not Choice.NOT_ASSESSED
    return name == ScorecardField.REASON and needs_reason(sheet)


def needs_reason(sheet: OpenScorecard) -> bool:
    return sheet.scorecard is not None and sheet.scorecard.needs_reason(sheet.now)


def _competency_of(holder: Assessment | ScorecardBody) -> str:
    return holder.competency if isinstance(holder, Assessment) else ""


def _asked(sheet: OpenScorecard, name: str, competency: str) -> tuple[str, str | None]:
    label, hint = ASKED[name]
    return label.format(name_of(sheet.content, competency)), hint

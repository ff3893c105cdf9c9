"""The modals for an opening's posting text and its interview plan."""

import re
from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    SectionBlock,
    StaticMultiSelectElement,
    UserMultiSelectElement,
)

from bot.domain.openings.fields import OpeningField
from bot.domain.openings.plan import LONGEST_NAME, MOST_FOCUS, USUAL_MINUTES, PlannedInterview
from bot.domain.openings.text import ONE_FIELD, typed_section
from bot.services.jobs import JobSheet
from handlers.ids import ActionId, FormField, ViewId, opening_part
from handlers.payloads import OpenView
from handlers.text import as_written
from handlers.views.common import Json, actions, context, cut, modal, plain
from handlers.views.forms import input_of, option
from handlers.views.openings.page import EditToken
from handlers.views.openings.review import plan_summary
from handlers.views.rich import Part, bold, line, person

PLAN_FIELDS = (
    OpeningField.PLAN_NAME,
    OpeningField.PLAN_MINUTES,
    OpeningField.PLAN_FOCUS,
    OpeningField.PLAN_USUALLY,
)
CHANGE, REMOVE = "change", "remove"
NO_COMPETENCIES = "This role has no competencies to plan interviews for."


class PlanChoice(EditToken):
    """A choice in the menu of a planned interview, whose `number` it has."""

    verb: str


def section_field(number: int, version: int = 0) -> FormField:
    return opening_part(f"{OpeningField.TEXT}.{number}", version)


def text_form(
    sheet: JobSheet,
    token: EditToken,
    entered: Mapping[int, str] | None = None,
    notes: Sequence[Block] = (),
) -> Json:
    """The posting's text, a field for each part."""
    blocks: list[Block] = [*notes]
    for number, section in enumerate(sheet.job.text):
        typed = (entered or {}).get(number, typed_section(section))
        heading = section.heading or "About the job"
        if len(typed) > ONE_FIELD:
            blocks.append(context(f"{heading}: too long to edit here, so it stays as it is."))
            continue
        field = section_field(number, token.version)
        element = PlainTextInputElement(
            action_id=field.action, multiline=True, max_length=ONE_FIELD, initial_value=typed
        )
        hint = "One item a line; each begins with a dash." if section.items else None
        blocks.append(input_of(field, heading, element, optional=True, hint=hint))
    return modal(
        "Posting text",
        blocks,
        close="Back",
        submit="Save",
        callback=ViewId.OPENING_TEXT,
        metadata=token.dump(),
    )


def text_entered(view: OpenView, token: EditToken) -> dict[int, str]:
    """What stands in each part that somebody changed since it was first shown, by its number.

    Slack may give what stood there back escaped. Every part has a block of the form, so that there
    are no more parts than blocks.
    """
    elements = {block.get("block_id"): block.get("element") or {} for block in view.blocks}
    found = {}
    for number in range(len(view.blocks)):
        field = section_field(number)
        if view.has(field):
            typed = view.typed(field) or ""
            shown = elements.get(section_field(number, token.version).block, {})
            stood = str(shown.get("initial_value") or "")
            if number in token.changed or typed not in (stood, as_written(stood)):
                found[number] = typed
    return found


def plan_list(sheet: JobSheet, token: EditToken, notes: Sequence[Block] = ()) -> Json:
    """The interview plan, with what can be done about each interview."""
    blocks: list[Block] = [*notes, context(plan_summary(sheet))]
    names = {item.id: item.name for item in sheet.competencies}
    for number, item in enumerate(sheet.job.plan):
        focus = ", ".join(names.get(id, id) for id in item.focus)
        blocks.append(line(bold(item.name), *_usually(item)))
        told = PlainTextObject(text=cut(f"{item.minutes} min · {focus}", 3000), emoji=False)
        menu = OverflowMenuElement(
            action_id=f"{ActionId.OPENING_PLAN_MENU}:{number}",
            options=[
                option(label, _choice(token, verb, number))
                for label, verb in (("Change", CHANGE), ("Remove", REMOVE))
            ],
        )
        blocks.append(SectionBlock(text=told, accessory=menu))
    add = ButtonElement(
        text="Add interview", action_id=ActionId.OPENING_PLAN_ADD, value=token.dump()
    )
    blocks.append(actions([add]) if names else plain(NO_COMPETENCIES))
    return modal(
        "Interview plan",
        blocks,
        close="Done",
        metadata=token.dump(),
    )


def _usually(item: PlannedInterview) -> list[Part]:
    return [" · usually ", person(item.usually)] if item.usually else []


def _choice(token: EditToken, verb: str, number: int) -> str:
    """As short as a menu's option takes: what else is to be known stands in the view."""
    return PlanChoice(opening=token.opening, version=token.version, verb=verb, number=number).dump()


def planned_form(sheet: JobSheet, token: EditToken) -> Json:
    """The modal for one interview of the plan; for a new one where the token has no number."""
    plan, number = sheet.job.plan, token.number
    item = plan[number] if number is not None and number < len(plan) else None
    name, minutes, focus, usually = (opening_part(field) for field in PLAN_FIELDS)
    options = {one.id: option(cut(one.name, 75), one.id) for one in sheet.competencies}
    chosen = [options[id] for id in (item.focus if item else ()) if id in options]
    blocks: list[Block] = [
        input_of(
            name,
            "Name",
            PlainTextInputElement(
                action_id=name.action,
                max_length=LONGEST_NAME,
                initial_value=item.name if item else None,
            ),
        ),
        input_of(
            minutes,
            "Minutes",
            PlainTextInputElement(
                action_id=minutes.action,
                max_length=3,
                initial_value=str(item.minutes if item else USUAL_MINUTES),
            ),
        ),
        input_of(
            focus,
            "Focus",
            StaticMultiSelectElement(
                action_id=focus.action,
                placeholder=PlainTextObject(text="Choose competencies"),
                options=list(options.values()),
                initial_options=chosen or None,
                max_selected_items=MOST_FOCUS,
            ),
        ),
        input_of(
            usually,
            "Who usually",
            UserMultiSelectElement(
                action_id=usually.action,
                placeholder=PlainTextObject(text="Choose a person"),
                initial_users=[item.usually] if item and item.usually else None,
                max_selected_items=1,
            ),
            optional=True,
            hint="They're filled in when a panel is set up for this opening.",
        ),
    ]
    return modal(
        "Change interview" if item else "Add interview",
        blocks if options else [plain(NO_COMPETENCIES)],
        close="Back",
        submit="Save" if options else None,
        callback=ViewId.OPENING_PLANNED,
        metadata=token.dump(),
    )


def planned_entered(view: OpenView) -> PlannedInterview:
    """What stands in the modal; minutes that are no number are none."""
    name, minutes, focus, usually = (opening_part(field) for field in PLAN_FIELDS)
    typed = (view.typed(minutes) or "").strip()
    return PlannedInterview(
        name=view.typed(name) or "",
        minutes=int(typed) if re.fullmatch("[0-9]{1,6}", typed) else 0,
        focus=view.several(focus),
        usually=next(iter(view.people(usually)), None),
    )

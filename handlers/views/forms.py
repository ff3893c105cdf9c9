"""Inputs and options of forms."""

from slack_sdk.models.blocks import InputBlock, InputInteractiveElement, Option, PlainTextObject

from handlers.ids import FormField


def input_of(
    field: FormField,
    label: str,
    element: InputInteractiveElement,
    *,
    optional: bool = False,
    dispatch: bool = False,
    hint: str | None = None,
) -> InputBlock:
    return InputBlock(
        block_id=field.block,
        label=PlainTextObject(text=label),
        element=element,
        optional=optional,
        dispatch_action=dispatch or None,
        hint=PlainTextObject(text=hint) if hint else None,
    )


def option(text: str, value: str) -> Option:
    return Option(text=PlainTextObject(text=text, emoji=False), value=value)

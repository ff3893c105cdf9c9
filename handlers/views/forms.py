"""Inputs and options of forms."""

from slack_sdk.models.blocks import (
    ConversationFilter,
    ConversationMultiSelectElement,
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextObject,
)

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


def channel_select(action: str, chosen: str | None, *kinds: str) -> ConversationMultiSelectElement:
    """A select of one channel of these kinds, such as "private", that takes several, since Slack
    lets people empty no other."""
    return ConversationMultiSelectElement(
        action_id=action,
        placeholder=PlainTextObject(text="Choose a channel"),
        initial_conversations=[chosen] if chosen else None,
        max_selected_items=1,
        filter=ConversationFilter(include=list(kinds)),
    )


def option(text: str, value: str) -> Option:
    return Option(text=PlainTextObject(text=text, emoji=False), value=value)

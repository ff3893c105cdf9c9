"""The controls of the forms at home."""

import hashlib

from slack_sdk.models.blocks import Block, InteractiveElement

from handlers.ids import FormField
from handlers.views.common import mrkdwn


def labelled(
    text: str, field: FormField, element: InteractiveElement, shown: object = None
) -> Block:
    """A control with its name; `shown` is what stands beside it and follows from what is chosen.

    Slack leaves in a control what somebody chose in it as long as its block keeps its id.
    """
    block = mrkdwn(text)
    block.block_id = block_of(field, element, shown)
    block.accessory = element
    return block


def block_of(field: FormField, element: InteractiveElement, shown: object) -> str:
    """The id of the block that a control is in, another for each state of it."""
    state = repr((element.to_dict(), shown)).encode()
    return f"{field.block}#{hashlib.sha256(state).hexdigest()[:8]}"

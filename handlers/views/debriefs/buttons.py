"""The ways into a debrief, for whatever shows a panel."""

from slack_sdk.models.blocks import ButtonElement

from handlers.ids import ActionId
from handlers.payloads import Id, Token


class DebriefToken(Token):
    """A button that opens the debrief of a panel."""

    panel: Id


def debrief_button(panel: str, style: str | None = None) -> ButtonElement:
    """*Open debrief*, for whoever may; what they may see of it is found out when it is pressed."""
    return ButtonElement(
        text="Open debrief",
        action_id=ActionId.DEBRIEF_OPEN,
        value=DebriefToken(panel=panel).dump(),
        style=style,
    )

"""The ways into a debrief and to a candidate's answer, for whatever shows a panel."""

from slack_sdk.models.blocks import ButtonElement

from bot.domain.dates import short_day
from bot.domain.debriefs.answers import Answer
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


class TellToken(Token):
    """An application whose candidate is to be told, of the decision of this number; `panel` where
    the button is in its debrief, and `under` the view of that which the form lies on."""

    application: Id
    number: int = 0
    panel: Id | None = None
    under: str | None = None


def draft_button(
    application: str, style: str | None = None, panel: str | None = None
) -> ButtonElement:
    """*Draft message*; `panel` where it stands in the debrief of that."""
    return ButtonElement(
        text="Draft message",
        action_id=ActionId.DEBRIEF_ANSWER,
        value=TellToken(application=application, panel=panel).dump(),
        style=style,
    )


def hears_by(answer: Answer) -> str:
    """Such as "hears by Thu, Dec 10"."""
    return f"hears by {short_day(answer.by)}"

"""Whose a scorecard is to give, why it is not any more, and whom it may be handed to."""

from datetime import datetime

from bot.domain.scorecards.closing import Duty, took_part
from bot.domain.scorecards.scorecard import Scorecard, Standing
from bot.errors import UserError
from bot.storage.database import Transaction

NOT_YOURS = "There is no such interview, or its scorecard is not yours to give."
HANDED_OVER = "This scorecard has been handed over, so it is somebody else's to give now."
REPLACED = "This interview has been given to somebody else, who gives its scorecard too."
CANCELLED = "This interview has been cancelled, so there is no scorecard to give."


async def standing(
    tx: Transaction, workspace: str, user: str, interview: str, *, lock: bool = False
) -> Standing:
    """The interview, if the person gives its scorecard or was to at any time. Raises UserError."""
    it = await tx.scorecards.standing(workspace, interview, user, lock=lock)
    if it is None:
        raise UserError(NOT_YOURS)
    if user not in it.duty.people:
        said = await tx.scorecards.settlements(workspace, interview)
        if all(item.receiver != user for item in said):
            raise UserError(NOT_YOURS)
    return it


async def closed_because(tx: Transaction, duty: Duty, user: str, card: Scorecard | None) -> str:
    """Why the person gives no scorecard any more; one that is in may be changed all the same."""
    if card is not None:
        return ""
    if duty.owner != user:
        return HANDED_OVER
    if duty.is_on:
        return ""
    panel = await tx.panels.get(duty.workspace, duty.panel)
    replaced = panel is not None and panel.successor(duty.interview) is not None
    return REPLACED if replaced else CANCELLED


async def check_receiver(
    tx: Transaction, duty: Duty, user: str, receiver: str, now: datetime
) -> None:
    """Raises UserError where the scorecard cannot be handed to this person."""
    if receiver == user:
        raise UserError("This is you. Please choose who held the interview.")
    duties = await tx.scorecards.duties_of_panel(duty.workspace, duty.panel)
    said = await tx.scorecards.said_of(duty.workspace, [one.interview for one in duties])
    if not any(took_part(receiver, one, said[one.interview], now) for one in duties):
        raise UserError(
            "A scorecard can be handed over only to somebody who took part: an interviewer of "
            "this panel who has held an interview by now. Please ask an organiser to replace you, "
            "if it was somebody else."
        )

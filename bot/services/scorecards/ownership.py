"""Whose a scorecard is to give, why it is not any more, and to whom it may be reassigned."""

from datetime import datetime

from bot.domain.scorecards.closing import DueScorecard, took_part
from bot.domain.scorecards.scorecard import OwnScorecard, Scorecard
from bot.errors import UserError
from bot.storage.database import Transaction

NOT_YOURS = "There is no such interview, or its scorecard is not yours to give."
REASSIGNED = "This scorecard has been handed over, so it is somebody else's to give now."
REPLACED = "This interview has been given to somebody else, who gives its scorecard too."
CANCELLED = "This interview has been cancelled, so there is no scorecard to give."


async def own_scorecard(
    tx: Transaction, workspace: str, user: str, interview: str, *, lock: bool = False
) -> OwnScorecard:
    """The interview, if the person gives its scorecard or was to at any time. Raises UserError."""
    own = await tx.scorecards.own_scorecard(workspace, interview, user, lock=lock)
    if own is None:
        raise UserError(NOT_YOURS)
    if user not in own.due_scorecard.people:
        closings = await tx.scorecards.closings(workspace, interview)
        if all(item.receiver != user for item in closings):
            raise UserError(NOT_YOURS)
    return own


async def closed_because(
    tx: Transaction, due: DueScorecard, user: str, card: Scorecard | None
) -> str:
    """Why the person gives no scorecard any more; one that is in may be changed all the same."""
    if card is not None:
        return ""
    if due.owner != user:
        return REASSIGNED
    if due.is_on:
        return ""
    panel = await tx.panels.get(due.workspace, due.panel)
    replaced = panel is not None and panel.successor(due.interview) is not None
    return REPLACED if replaced else CANCELLED


async def check_new_owner(
    tx: Transaction, due: DueScorecard, user: str, receiver: str, now: datetime
) -> None:
    """Raises UserError where the scorecard cannot be reassigned to this person."""
    if receiver == user:
        raise UserError("This is you. Please choose who held the interview.")
    due_scorecards = await tx.scorecards.due_scorecards_of_panel(due.workspace, due.panel)
    ids = [one.interview for one in due_scorecards]
    closings = await tx.scorecards.closings_of(due.workspace, ids)
    if not any(took_part(receiver, one, closings[one.interview], now) for one in due_scorecards):
        raise UserError(
            "A scorecard can be handed over only to somebody who took part: an interviewer of "
            "this panel who has held an interview by now. Please ask an organiser to replace you, "
            "if it was somebody else."
        )

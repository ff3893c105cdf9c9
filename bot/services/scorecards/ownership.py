"""Whose a scorecard is to give, why it is not any more, and to whom it may be reassigned."""

from datetime import datetime

from bot.domain.scorecards.closing import DueScorecard, took_part
from bot.domain.scorecards.scorecard import OwnScorecard, Scorecard
from bot.errors import UserError
from bot.storage.database import Transaction

NOT_YOURS = "There's no such interview, or its scorecard isn't yours to write."
REASSIGNED = "This scorecard was reassigned, so someone else will submit it."
REPLACED = "Someone else has this interview now, and they'll submit its scorecard."
CANCELLED = "This interview was canceled, so no scorecard is due."


class WrongOwner(UserError):
    """A scorecard cannot be reassigned to somebody."""


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
    """Raises WrongOwner where the scorecard cannot be reassigned to this person."""
    if receiver == user:
        raise WrongOwner("That's you. Choose who did the interview.")
    due_scorecards = await tx.scorecards.due_scorecards_of_panel(due.workspace, due.panel)
    ids = [one.interview for one in due_scorecards]
    closings = await tx.scorecards.closings_of(due.workspace, ids)
    if not any(took_part(receiver, one, closings[one.interview], now) for one in due_scorecards):
        raise WrongOwner(
            "You can reassign a scorecard only to an interviewer on this panel whose own interview "
            "has started. If someone else did the interview, ask an organizer to replace you."
        )

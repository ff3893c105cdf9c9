"""*Reassign* and *Close without a scorecard*, as organizers press them for somebody else's."""

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    PlainTextInputElement,
    UserSelectElement,
)

from bot.domain.panels.panel import LONGEST_REASON
from bot.domain.scorecards.closing import DueScorecard
from handlers.ids import SCORECARD_NEW_OWNER, SCORECARD_REASON, ActionId, ViewId
from handlers.payloads import Id, Token
from handlers.views.common import Json, cut, header, modal
from handlers.views.forms import input_of
from handlers.views.rich import line, moment, person

LONGEST_NAME = 60
LONGEST_LABEL = 75


class ForToken(Token):
    """An interview whose scorecard is somebody else's."""

    interview: Id


def reassign_button(due: DueScorecard) -> ButtonElement:
    return ButtonElement(
        text="Reassign",
        action_id=ActionId.SCORECARD_REASSIGN_FOR,
        value=ForToken(interview=due.interview).dump(),
        accessibility_label=cut(f"Reassign the scorecard on {due.candidate}", LONGEST_LABEL),
    )


def close_for_button(due: DueScorecard) -> ButtonElement:
    """It is asked once more, in a form."""
    return ButtonElement(
        text="Close without a scorecard",
        action_id=ActionId.SCORECARD_CLOSE_FOR,
        value=ForToken(interview=due.interview).dump(),
        accessibility_label=cut(f"Close without a scorecard on {due.candidate}", LONGEST_LABEL),
    )


def reassign_form(due: DueScorecard) -> Json:
    """Who writes it instead."""
    blocks = [
        *_about(due),
        line("They'll write the scorecard instead of ", person(due.owner), "."),
        input_of(
            SCORECARD_NEW_OWNER,
            "Who writes it",
            UserSelectElement(action_id=SCORECARD_NEW_OWNER.action),
            hint="An interviewer on this panel whose own interview has started.",
        ),
        _reason(),
    ]
    return _form("Reassign", "Reassign", ViewId.SCORECARD_REASSIGN_FOR, due, blocks)


def close_form(due: DueScorecard) -> Json:
    """That no scorecard will come."""
    blocks = [
        *_about(due),
        line("No scorecard will be due from ", person(due.owner), ". They can still write one."),
        _reason(),
    ]
    return _form("Close this scorecard?", "Close", ViewId.SCORECARD_CLOSE_FOR, due, blocks)


def _about(due: DueScorecard) -> list[Block]:
    return [
        header(cut(due.candidate, LONGEST_NAME)),
        line(f"{due.role} · ", person(due.owner), " · ", moment(due.starts_at, due.zone)),
    ]


def _reason() -> Block:
    return input_of(
        SCORECARD_REASON,
        "Reason",
        PlainTextInputElement(action_id=SCORECARD_REASON.action, max_length=LONGEST_REASON),
        hint="The interviewer will see this.",
        optional=True,
    )


def _form(title: str, submit: str, view: ViewId, due: DueScorecard, blocks: list[Block]) -> Json:
    token = ForToken(interview=due.interview).dump()
    return modal(title, blocks, close="Cancel", submit=submit, callback=view, metadata=token)

"""What is said before an interview is canceled or replaced, and the forms that cancel."""

from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import Block

from bot.domain.panels.cautions import Caution, Cautions, cautions
from bot.domain.panels.panel import Interview
from bot.services.overview import PanelOverview
from handlers.ids import ViewId
from handlers.payloads import Token
from handlers.views.common import Json, modal, plain
from handlers.views.panels.panel import of_interview
from handlers.views.rich import Parts, bold, line, lines, moment, person

VERBS = {ViewId.PANEL_CANCEL_INTERVIEW: "Cancel interview", ViewId.PANEL_CANCEL: "Cancel panel"}
"""What stands above a form that cancels, and on its button."""


def to_say(
    overview: PanelOverview, interviews: Iterable[Interview], *, replaces: bool
) -> tuple[list[Block], Cautions]:
    """What to say before these are canceled or replaced, and what it is that is said."""
    items = list(interviews)
    found = cautions(items, overview.written, overview.now, replaces=replaces)
    rows = [
        _caution(overview, item, caution)
        for item in items
        for caution in Caution
        if (item.id, caution) in found
    ]
    return ([lines(rows)] if rows else []), found


def _caution(overview: PanelOverview, item: Interview, caution: Caution) -> Parts:
    match caution:
        case Caution.SCORECARD:
            return (
                person(item.interviewer),
                bold(" already submitted a scorecard."),
                " It stays in the feedback, and its competencies still count as covered.",
            )
        case Caution.DRAFT:
            return (
                person(item.interviewer),
                bold(" started a scorecard"),
                " and hasn't submitted it. They keep what they wrote, but won't be able to submit "
                "it, and no one else can read it.",
            )
        case Caution.PAST:
            return (
                bold("This interview already started: "),
                moment(item.starts_at, overview.access.zone),
                ". The new interviewer gets it with that time, and a scorecard to write. If it "
                "still has to take place, use Reschedule.",
            )


def cancel_form(
    overview: PanelOverview,
    callback: ViewId,
    token: Token,
    interviews: Sequence[Interview],
    notes: Iterable[Block],
) -> Json:
    """Asks whether these are to be canceled, below what else there is to say."""
    verb = VERBS[callback]
    told = (
        "The interviewer's kit will say that it was canceled."
        if callback is ViewId.PANEL_CANCEL_INTERVIEW
        else "Every interviewer's kit will say that it was canceled."
    )
    shown = lines([of_interview(item, overview.content) for item in interviews])
    blocks: list[Block] = [
        *notes,
        line(bold(overview.panel.candidate.name)),
        *([shown] if interviews else []),
        plain(told),
    ]
    return modal(
        verb, blocks, close="Keep it", submit=verb, callback=callback, metadata=token.dump()
    )

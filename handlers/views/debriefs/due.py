"""Candidates who wait for an answer, as whoever answers them reads of it in their digest."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    Option,
    PlainTextObject,
    StaticSelectElement,
)

from bot.domain.dates import short_day
from bot.domain.debriefs.answers import AnswerRung
from bot.services.messages.debriefs_answers import AnswerDue
from bot.services.messages.reminders_due import Digest
from handlers.ids import ActionId
from handlers.views.common import actions, context, cut, header
from handlers.views.debriefs.buttons import (
    DebriefToken,
    debrief_button,
    draft_button,
    hears_by,
)
from handlers.views.debriefs.decision import short_of
from handlers.views.rich import Parts, bold, joined, line, marked

LONGEST_NAME = 60
LONGEST_LABEL = 75
MOST_WITH_BUTTONS = 2


def answers_title(digest: Digest) -> str:
    """The title of a digest that has nothing else."""
    count = len(digest.answers) + digest.more_answers
    if count == 1:
        return "A candidate is waiting to hear"
    return f"{count} candidates are waiting to hear"


def answers_text(digest: Digest) -> str:
    """The same for lock screens, with the first day."""
    return f"{answers_title(digest)}; the first by {short_day(digest.answers[0].awaited.answer.by)}"


def answers_due(digest: Digest, *, is_first: bool) -> list[Block]:
    """The first of them with what can be done, the others in a menu. `is_first`: nothing else comes
    before them, so the title has said what they are."""
    if not digest.answers:
        return []
    blocks: list[Block] = [] if is_first else [header("Candidates waiting to hear")]
    for one in digest.answers[:MOST_WITH_BUTTONS]:
        awaited = one.awaited
        is_decided = one.shows_decision and awaited.answer.decision is not None
        draft = [draft_button(awaited.application)] if is_decided else []
        blocks.append(line(*_row(one)))
        blocks.append(actions([*draft, debrief_button(awaited.panel.id)]))
    others = digest.answers[MOST_WITH_BUTTONS:]
    if others:
        blocks.append(line(*joined(map(_row, others))))
        blocks.append(actions([_open_another(others)]))
    if digest.more_answers:
        blocks.append(context(f"{digest.more_answers} more on the board."))
    return blocks


def _row(one: AnswerDue) -> Parts:
    """Such as "Robin Doe hears by Mon, Dec 7" and what was decided, if the reader may know."""
    answer, panel = one.awaited.answer, one.awaited.panel
    is_late = one.rung is AnswerRung.LATE
    hears = f"was to hear by {short_day(answer.by)}" if is_late else hears_by(answer)
    if not one.shows_decision:
        state = "Your own scorecard is still due."
    elif answer.decision is None:
        state = "Nothing is decided yet."
    else:
        state = f"Decision: {short_of(answer.decision)}. They haven't been told yet."
    name = bold(cut(panel.candidate.name, LONGEST_NAME))
    return marked("late" if is_late else "due", name, f" {hears} · {panel.opening.name}\n{state}")


def _open_another(others: Sequence[AnswerDue]) -> StaticSelectElement:
    """One menu for all but the first."""
    options = [
        Option(
            text=PlainTextObject(
                text=cut(one.awaited.panel.candidate.name, LONGEST_LABEL), emoji=False
            ),
            value=DebriefToken(panel=one.awaited.panel.id).dump(),
        )
        for one in others
    ]
    return StaticSelectElement(
        placeholder="Open another debrief",
        action_id=f"{ActionId.DEBRIEF_OPEN}:others",
        options=options,
    )

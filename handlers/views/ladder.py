"""Late scorecards of others, as an organizer reads of them in their digest: state only."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    Option,
    PlainTextObject,
    StaticSelectElement,
)

from bot.domain.dates import short_day_in
from bot.domain.ladder import Rung
from bot.services.messages.reminders_due import Digest
from bot.services.messages.reminders_ladder import LateScorecard
from handlers.ids import ActionId
from handlers.views.common import actions, context, cut, header
from handlers.views.panels.panel import PanelToken
from handlers.views.remind_now import RemindToken, remind_now_button
from handlers.views.rich import Parts, bold, joined, line, marked, person
from handlers.views.scorecards.organizing import close_for_button, reassign_button
from handlers.views.states import LATE

MOST_WITH_BUTTONS = 2

LONGEST_NAME = 60
LONGEST_LABEL = 75


def late_title(digest: Digest) -> str:
    """The title of a digest that has nothing else."""
    count = len(digest.others) + digest.more_others
    if any(one.rung is Rung.END for one in digest.others) and count == 1:
        return "A late scorecard: reminders ended"
    return "1 scorecard is late" if count == 1 else f"{count} scorecards are late"


def late_text(digest: Digest) -> str:
    """The same for lock screens, with the first day."""
    oldest = short_day_in(digest.zone, digest.others[0].since)
    return f"{late_title(digest)}; the first since {oldest}"


def late_of_others(digest: Digest, *, is_first: bool) -> list[Block]:
    """Those with something to do, the first of them with its buttons and the others in a menu; and
    those that only need to be known, a line each. `is_first`: nothing else comes before them, so
    the title has said what they are."""
    if not digest.others:
        return []
    known = [one for one in digest.others if one.rung is Rung.LATE]
    to_do = [one for one in digest.others if one.rung is not Rung.LATE]
    blocks: list[Block] = [] if is_first else [header("Late scorecards")]
    for one in to_do[:MOST_WITH_BUTTONS]:
        blocks += [line(*_row(one, digest.zone)), actions(_acts(one))]
    others = to_do[MOST_WITH_BUTTONS:]
    if others:
        blocks.append(line(*joined(_row(one, digest.zone) for one in others)))
        blocks.append(actions([_open_another(others)]))
    if known:
        blocks.append(line(*joined(_row(one, digest.zone) for one in known)))
        blocks.append(context("They're reminded each working day."))
        if len(known) == 1 and len(digest.others) == 1:
            blocks.append(actions([_remind(known[0]), _open(known[0])]))
    if digest.more_others:
        blocks.append(context(f"{digest.more_others} more on your Home tab."))
    return blocks


def _row(one: LateScorecard, zone: str) -> Parts:
    """Whose it is, on whom, since when, and what has become of the reminders."""
    due = one.due_scorecard
    since = short_day_in(zone, one.since)
    words = f" · {cut(due.candidate, LONGEST_NAME)}\n{LATE.word.capitalize()} {since}"
    if one.rung is Rung.END:
        ended = f". I reminded them for {one.days} working days and have stopped."
        return marked("late", person(due.owner), words + ended)
    if one.rung is Rung.OVERDUE:
        return marked("late", person(due.owner), words, _until(one, zone))
    return marked(
        "late",
        bold(cut(due.candidate, LONGEST_NAME)),
        " · ",
        person(due.owner),
        f" · {LATE.word} {since}",
    )


def _until(one: LateScorecard, zone: str) -> str:
    return f" · reminded until {short_day_in(zone, one.until)}"


def _acts(one: LateScorecard) -> list[ButtonElement]:
    due = one.due_scorecard
    return [_remind(one), reassign_button(due), close_for_button(due)]


def _remind(one: LateScorecard) -> ButtonElement:
    due = one.due_scorecard
    return remind_now_button(RemindToken(interview=due.interview), f"scorecard on {due.candidate}")


def _open(one: LateScorecard) -> ButtonElement:
    due = one.due_scorecard
    return ButtonElement(
        text="Open panel",
        action_id=f"{ActionId.PANEL_OPEN}:{due.interview}",
        value=PanelToken(panel=due.panel, apart=True).dump(),
        accessibility_label=cut(f"Open the panel of {due.candidate}", LONGEST_LABEL),
    )


def _open_another(others: Sequence[LateScorecard]) -> StaticSelectElement:
    """One menu for all but the first."""
    panels = {one.due_scorecard.panel: one.due_scorecard.candidate for one in others}
    options = [
        Option(
            text=PlainTextObject(text=cut(name, LONGEST_LABEL), emoji=False),
            value=PanelToken(panel=panel, apart=True).dump(),
        )
        for panel, name in panels.items()
    ]
    return StaticSelectElement(
        placeholder="Open another", action_id=f"{ActionId.PANEL_OPEN}:others", options=options
    )

"""What somebody hires for, at home: whose next step is theirs, and their openings."""

from collections import Counter

from slack_sdk.models.blocks import Block, ButtonElement, DividerBlock

from bot.domain.board import BoardLine
from bot.domain.home import Home
from bot.domain.openings.opening import Opening, OpeningStatus
from handlers.ids import ActionId, CommandName
from handlers.views.board.board import open_menu
from handlers.views.board.words import (
    LONGEST_NAME,
    LONGEST_OPENING,
    candidates,
    waits_for,
)
from handlers.views.common import actions, and_more, context, cut, mrkdwn
from handlers.views.rich import Parts, bold, joined, line

MOST_LISTED = 10
MOST_IN_MENU = 100
"""Options that a menu of Slack's holds."""


def next_steps(home: Home) -> list[Block]:
    """The candidates whom the reader has to move on."""
    found = home.waiting_for_reader
    if not found:
        return []
    rows = [_step(one, home.person.zone) for one in found[:MOST_LISTED]]
    return [line(*joined(rows)), *and_more(len(found) - MOST_LISTED)]


def _step(one: BoardLine, zone: str) -> Parts:
    """Such as "Robin Doe · deciding · all 4 in since Tue, Dec 1"."""
    stage = one.shown_stage.value if one.shown_stage is not None else ""
    words = [stage, waits_for(one, zone)]
    return (bold(cut(one.candidate.name, LONGEST_NAME)), *(f" · {one}" for one in words if one))


def openings(home: Home, prefix: str) -> list[Block]:
    """The reader's openings, those with something most pressing first, and a way to each of their
    candidates."""
    found = _in_order(home)
    if not found:
        return []
    counts = Counter(one.opening.id for one in home.candidates)
    late = Counter(one.opening.id for one in home.candidates for _ in one.late)
    rows = [_row(one, counts[one.id], late[one.id]) for one in found[:MOST_LISTED]]
    title = mrkdwn("*Your openings*")
    title.accessory = ButtonElement(text="Open a job", action_id=ActionId.JD_START)
    shown = home.candidates[:MOST_IN_MENU]
    is_more = len(found) > MOST_LISTED or len(home.candidates) > MOST_IN_MENU or home.is_cut
    hint = f"`/{prefix}{CommandName.HIRING}` shows all of them."
    return [
        DividerBlock(),
        title,
        line("\n".join(rows)),
        *([actions([open_menu(shown)])] if shown else []),
        *([context(hint)] if is_more else []),
    ]


def _in_order(home: Home) -> list[Opening]:
    """As the board has them, then those without a candidate."""
    found = [*(one.opening for one in home.candidates), *home.openings]
    return list({one.id: one for one in found}.values())


def _row(one: Opening, count: int, late: int) -> str:
    """Such as "Senior Backend Developer · Payments · paused · 3 candidates, 1 late"."""
    status = "" if one.status is OpeningStatus.OPEN else one.status.value
    how_many = candidates(count) if count else "no candidates yet"
    pressing = f"{how_many}, {late} late" if late else how_many
    return " · ".join(
        part for part in (cut(one.full_name, LONGEST_OPENING), status, pressing) if part
    )

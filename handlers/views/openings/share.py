"""The modal with the texts that an opening's people paste wherever they like."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, DividerBlock

from bot.domain.site.status import Board, BoardState, BoardStatus
from bot.library.formats import ShareFormat
from bot.services.openings.sharing import Shared
from handlers.views.common import Json, context, header, modal, plain, preformatted
from handlers.views.rich import Part, bold, line, lines, link, moment

HINTS = {
    ShareFormat.WHO_IS_HIRING: "For the monthly thread. It asks that someone who works at the "
    "company posts, once a month.",
    ShareFormat.LINKEDIN: "A post in your own words works best: change what you like.",
    ShareFormat.SHORT: "At most 300 characters. X takes 280, a link counts as 23 of them.",
    ShareFormat.SLACK_COMMUNITY: "Read the channel's rules first; many have one channel for jobs.",
}


KNOWN = (
    "Panelist sees who reads the job here, by the name that they give. Whether a board shows it is "
    "up to the board."
)
OFF = "Job boards are off: there are no jobs pages here that they could read."

ASKS = {
    Board.GOOGLE: "It finds the page by itself, sooner if you give Search Console ",
    Board.LINKEDIN: "paste it yourself. Under an agreement, LinkedIn takes ",
}
"""What a board wants to be given, where that isn't just the address."""


def share(shared: Shared) -> Json:
    """Each text in a box of its own, to be copied."""
    blocks: list[Block] = [
        header(shared.sheet.job.opening.title),
        plain("Copy a text and paste it where you want it. Nothing is posted from here."),
    ]
    if not shared.names_company:
        blocks.append(context("These don't name your company yet. Add its name as you paste."))
    zone = shared.sheet.access.zone
    if shared.boards:
        blocks += [header("Job boards"), lines(_told(one, zone) for one in shared.boards)]
        blocks += _refusals(shared.boards)
        blocks.append(context(KNOWN))
    elif shared.boards is None:
        blocks.append(context(OFF))
    for where, text in shared.texts.items():
        blocks += [DividerBlock(), line(bold(where.label)), context(HINTS[where])]
        blocks.append(preformatted(text))
    return modal("Share", blocks, close="Close")


def _told(one: BoardStatus, zone: str) -> Sequence[Part]:
    """What is known of a board, and what to do where that is little."""
    if one.state is BoardState.FETCHED and one.fetched_at is not None:
        when = "after" if one.is_newest else "before"
        return (
            *(bold(one.board), ": fetched ", moment(one.fetched_at, zone)),
            *(f" by a client that calls itself {one.board.reader}, {when} the last change",),
        )
    begin = "" if one.state is BoardState.PASTE else "waiting for the board. "
    asks = ASKS.get(one.board, "Give it the address ")
    told: list[Part] = [bold(one.board), f": {begin}{asks}", link(one.address, one.address)]
    if one.other_at is not None:
        told += [". A client by another name read it ", moment(one.other_at, zone)]
    return told


def _refusals(boards: Sequence[BoardStatus]) -> list[Block]:
    """Each reason once, with the boards that it is about."""
    found: dict[str, list[str]] = {}
    for one in boards:
        for why in one.refusals:
            found.setdefault(why, []).append(one.board)
    return [plain(f"{', '.join(names)}: {why}") for why, names in found.items()]

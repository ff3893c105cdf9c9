"""A job's board in its private channel, for all who read there: no name of who is late."""

from slack_sdk.models.blocks import Block, MarkdownTextObject, SectionBlock

from bot.domain.openings.opening import OpeningStatus
from bot.library.documents import escape_mrkdwn
from bot.services.messages.board import ChannelBoard, UnpostedBoard
from handlers.views.board.board import MOST_ON_PAGE, open_menu
from handlers.views.board.words import LONGEST_OPENING, are_late, candidate_line, candidates
from handlers.views.common import Json, actions, and_more, as_json, cut, header, plain
from handlers.views.panels.messages import REASONS
from handlers.views.rich import bold, line


def channel_board(model: ChannelBoard) -> tuple[str, list[Json]]:
    """A line for each candidate, and a menu that opens one for those who may see them."""
    board, opening = model.board, model.job.opening
    shown = board.lines[:MOST_ON_PAGE]
    status = "" if opening.status is OpeningStatus.OPEN else f" · {opening.status.value}"
    state = are_late(len(board.late)) if board.late else candidates(len(board.lines))
    title = f"{cut(opening.full_name, LONGEST_OPENING)}{status} · {state}"
    rows = "\n".join(candidate_line(one, board.zone) for one in shown)
    blocks: list[Block] = [
        header(title),
        line(rows) if rows else plain("No candidate is in progress."),
        *([actions([open_menu(shown)])] if shown else []),
        *and_more(len(board.lines) - len(shown)),
    ]
    return escape_mrkdwn(title), as_json(blocks)


def unposted_board(model: UnpostedBoard) -> tuple[str, list[Json]]:
    """That the channel does not show it, and why."""
    why = REASONS.get(model.error, f"Slack says {model.error}")
    title = cut(model.job.opening.title, LONGEST_OPENING)
    blocks: list[Block] = [
        line("The board of ", bold(title), " wasn't posted in "),
        SectionBlock(text=MarkdownTextObject(text=f"<#{model.channel}>: {why}.")),
    ]
    return escape_mrkdwn(f"A board wasn't posted: {title}"), as_json(blocks)

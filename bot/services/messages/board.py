"""A job's board in its private channel: one message a day, edited as things change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.board import Board
from bot.domain.messages import MessageKind
from bot.domain.openings.job import Job
from bot.domain.openings.opening import HIRING
from bot.services.messages.message import Message, RenderContext
from bot.services.waiting import board_of_opening
from bot.storage.database import Transaction


@dataclass(frozen=True)
class ChannelBoard:
    """What each candidate for an opening waits for: state alone."""

    job: Job
    board: Board


@dataclass(frozen=True)
class UnpostedBoard:
    """For the recruiter: that the channel does not show the board, and why."""

    job: Job
    channel: str
    error: str


@dataclass(frozen=True, kw_only=True)
class ChannelBoardMessage(Message):
    """An opening's board in its private channel, on a day of the recruiter's, whose zone it is."""

    kind = MessageKind.BOARD_DAY
    opening: str
    day: date
    zone: str

    @property
    def key(self) -> str:
        return f"board:{self.opening}:{self.recipient}:{self.day.isoformat()}"

    async def render(self, tx: Transaction, context: RenderContext) -> ChannelBoard | None:
        # One that somebody removed from its channel has no end by then: it is not posted again.
        is_asked_for = context.is_sent or context.expires_at is not None
        job = await tx.openings.job(self.workspace, self.opening)
        if job is None or not is_asked_for or not is_shown_in(job, self.recipient):
            return None
        board = await board_of_opening(tx, self.workspace, self.opening, context.now, self.zone)
        return ChannelBoard(job, board) if board.lines or context.is_sent else None

    async def failure_notices(
        self, tx: Transaction, error: str, now: datetime
    ) -> Sequence[Message]:
        job = await tx.openings.job(self.workspace, self.opening)
        if job is None:
            return ()
        told = UnpostedBoardMessage(
            workspace=self.workspace,
            recipient=job.opening.hears_of_candidates,
            opening=self.opening,
            channel=self.recipient,
            error=error,
        )
        return [told]


@dataclass(frozen=True, kw_only=True)
class UnpostedBoardMessage(Message):
    """That a channel could not be shown the board, for the opening's recruiter: one message,
    however often."""

    kind = MessageKind.BOARD_UNPOSTED
    opening: str
    channel: str
    error: str

    @property
    def key(self) -> str:
        return f"board_unposted:{self.opening}:{self.channel}:{self.recipient}"

    @property
    def names_candidate(self) -> bool:
        return False

    async def render(self, tx: Transaction, context: RenderContext) -> UnpostedBoard | None:
        job = await tx.openings.job(self.workspace, self.opening)
        if job is None or not is_shown_in(job, self.channel):
            return None
        return UnpostedBoard(job, self.channel, self.error)


def is_shown_in(job: Job, channel: str) -> bool:
    """Whether this is the channel that shows the opening's board now."""
    terms = job.terms
    return terms.posts_board and terms.channel == channel and job.status in HIRING

"""The boards in jobs' private channels: posted in the morning if something has changed since the
last was posted, and edited through the day."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.board import Board
from bot.domain.openings.job import Job
from bot.domain.reminders import Calendar, digest_expires
from bot.errors import DatabaseAway
from bot.services.messages.board import ChannelBoardMessage
from bot.services.messages.message import personal_calendar
from bot.services.ports import Clock
from bot.services.waiting import board_of_opening
from bot.storage.board.channels import LastBoard
from bot.storage.database import Database

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=1)
MORNING = timedelta(hours=3)
"""For so long after the hour of the digest a board is posted anew."""


class ChannelBoards:
    """Looks after them at a tick, once a minute; one that fails stops no other."""

    def __init__(self, database: Database, clock: Clock, flush: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._flush = flush
        self._next_look: datetime | None = None

    async def tick(self) -> None:
        now = self._clock.now()
        if self._next_look is not None and now < self._next_look:
            return
        async with self._database.read() as tx:
            jobs = await tx.openings.showing_boards()
        for workspace, job in jobs:
            try:
                await self._look(workspace, job, now)
            except DatabaseAway:
                raise
            except Exception:  # a row that cannot be read harms one board
                log.exception("board.broken", extra={"opening": job.id})
        self._next_look = now + LOOK_EVERY

    async def _look(self, workspace: str, job: Job, now: datetime) -> None:
        """Posts it, edits it or leaves it as it is."""
        channel = job.terms.channel
        if channel is None:
            return
        async with self._database.read() as tx:
            recruiter = job.opening.hears_of_candidates
            calendar = await personal_calendar(tx, workspace, recruiter)
            board = await board_of_opening(tx, workspace, job.id, now, calendar.zone)
            last = await tx.channel_boards.last(workspace, job.id)
        if _next(last, channel, board, calendar, now) == last:
            return
        async with self._database.write() as tx:
            last = await tx.channel_boards.last(workspace, job.id, lock=True)
            following = _next(last, channel, board, calendar, now)
            if following is None or following == last:
                return
            await tx.channel_boards.put(workspace, job.id, following)
            message = ChannelBoardMessage(
                workspace=workspace,
                recipient=channel,
                opening=job.id,
                day=following.day,
                zone=calendar.zone,
            )
            if last is not None and last.channel == channel and last.day == following.day:
                await tx.outbox.refresh(workspace, [message.key], now)
            else:
                await message.enqueue(tx, now, digest_expires(calendar, following.day))
        self._flush()


def _next(
    last: LastBoard | None, channel: str, board: Board, calendar: Calendar, now: datetime
) -> LastBoard | None:
    """What the channel is to be shown from now on: the same, the same message edited, or another
    one. That comes in the morning of a working day of the recruiter's, the first at any time of the
    day."""
    shown, today = board.digest, calendar.day_of(now)
    morning = calendar.digest_at(today)
    if not board.lines or not calendar.works_on(today) or now < morning:
        is_time = False
    elif last is None or last.channel != channel:
        is_time = True
    else:
        is_time = now < morning + MORNING and last.day < today and last.posted != shown
    if is_time:
        return LastBoard(channel, today, shown, shown)
    if last is not None and last.channel == channel and last.shown != shown:
        return replace(last, shown=shown)
    return last

"""A tick performed ahead of its time, by `panelist remind --at`, beside ticks at the real one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.domain.messages import MessageState, OutboxMessage
from bot.services.messages.outbox import CLAIM_LASTS, Outbox
from bot.services.messages.reminders import DigestMessage
from bot.services.ports import RenderedMessage
from bot.services.reminders import RemindersService, rebuild
from tests.integration.test_reminders import ALEX, Slack, Week, berlin, week
from tests.support.clock import ManualClock
from tests.support.month import unshown
from tests.support.outbox import Killed

__all__ = ["week"]

DIGEST = "digest:UALEX:2026-11-30"
FRIDAY, MONDAY = berlin(-3, 16), berlin(0, 9)


class Dying(Slack):
    """The process ends within a post, before or after Slack takes it."""

    is_taken = True

    async def deliver(self, message: OutboxMessage, content: RenderedMessage, channel: str) -> str:
        if self.is_taken:
            await super().deliver(message, content, channel)
        raise Killed


@dataclass
class Ahead:
    """Another process over the same database and Slack, whose clock has been put forward."""

    week: Week
    at: datetime

    async def performs_the_tick(self, slack: Slack | None = None) -> None:
        week, clock = self.week, ManualClock(self.at)
        outbox = Outbox(
            week.database,
            slack or week.slack,
            clock,
            unshown,
            real=week.clock,
        )
        await RemindersService(week.database, week.people, clock).tick()
        for _ in range(3):
            await outbox.tick()
            clock.moves(seconds=1)

    async def dies(self, *, is_taken: bool) -> None:
        slack = Dying(self.week.clock)
        slack.posts, slack.is_taken = self.week.slack.posts, is_taken
        with pytest.raises(Killed):
            await self.performs_the_tick(slack)


async def times(week: Week, *moments: datetime) -> None:
    """The normal process ticks at each of these, and once more to send what it found."""
    for moment in moments:
        for seconds in range(0, 6, 2):
            await week.at(moment + timedelta(seconds=seconds))


async def test_what_slack_took_before_the_death_is_found_within_minutes_and_not_sent_again(
    week: Week,
) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.at(FRIDAY)
    await Ahead(week, MONDAY).dies(is_taken=True)
    await week.awake(FRIDAY + timedelta(minutes=30))
    row = await week.row(DIGEST)
    assert row is not None
    assert row.state is MessageState.SENT
    await times(week, berlin(-1, 12), MONDAY, berlin(0, 12))
    assert week.keys() == [DIGEST]


@pytest.mark.parametrize("ended_at", [berlin(-3, 15), berlin(-1, 15)])
async def test_what_slack_did_not_take_comes_in_its_own_morning(
    week: Week, ended_at: datetime
) -> None:
    """Also where the interview is not over yet when the process dies."""
    await week.ended("i1", ended_at)
    await week.at(FRIDAY)
    await Ahead(week, MONDAY).dies(is_taken=False)
    await week.awake(FRIDAY + timedelta(minutes=30))
    await times(week, berlin(-1, 12), berlin(-1, 15), MONDAY, berlin(0, 12))
    digests = [(post.key, post.at) for post in week.slack.posts if post.kind == DigestMessage.kind]
    assert digests == [(DIGEST, MONDAY)]


async def test_a_nudge_and_an_end_that_were_cut_short_come_at_their_own_times(week: Week) -> None:
    week.clock._now = berlin(0, 8)
    await week.ended("i1", berlin(0, 10))
    await Ahead(week, berlin(0, 11)).dies(is_taken=False)
    await times(week, berlin(0, 8, 5), berlin(0, 10), berlin(0, 11), berlin(0, 12))
    assert [(post.key, post.at) for post in week.slack.posts] == [("nudge:i1", berlin(0, 11))]
    await Ahead(week, berlin(14, 13)).dies(is_taken=False)
    await times(week, berlin(0, 13), berlin(0, 18))
    assert len(week.slack.posts) == 1
    await times(week, berlin(14, 10))
    told = {post.key: post.at for post in week.slack.posts if post not in week.posts}
    assert told == {f"digest:{who}:2026-12-14": berlin(14, 10) for who in ("U1", "UMANAGER")}


async def test_what_the_bot_is_sending_is_left_to_it(week: Week) -> None:
    """Its claim has ended by the clock put forward, not by the one that it was made by."""
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(-1, 12))
    slack = Dying(week.clock)
    slack.posts = week.slack.posts
    week.slack = slack
    week.clock._now = MONDAY
    with pytest.raises(Killed):
        await _tick_with(week, week.another_outbox().tick)
    week.slack = Slack(week.clock)
    week.slack.posts = slack.posts
    await Ahead(week, berlin(1, 9)).performs_the_tick()
    row = await week.row(DIGEST)
    assert row is not None
    assert row.state is MessageState.SENDING
    week.outbox = week.another_outbox()
    for _ in range(3):
        week.clock.moves(seconds=CLAIM_LASTS.total_seconds() + 1)
        await week.tick()
    assert week.keys() == [DIGEST, "digest:UALEX:2026-12-01"]


async def _tick_with(week: Week, send: Callable[[], Awaitable[None]]) -> None:
    await week.reminders.tick()
    await send()


async def test_the_days_in_between_have_their_digests(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(0, 9))
    await Ahead(week, berlin(3, 9)).performs_the_tick()
    await rebuild(week.database, week.clock.now())
    await times(week, *(berlin(day, 9) for day in range(1, 5)))
    days = ["11-30", "12-03", "12-01", "12-02", "12-04"]
    assert week.keys() == [f"digest:{ALEX}:2026-{day}" for day in days]

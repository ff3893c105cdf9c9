"""A month of 200 people in 12 zones: one digest for each day on which something was owed, whatever
dies, is refused or gets lost."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.library.catalogue import Library
from bot.services.outbox import Outbox
from bot.services.reminder_messages import Digest, Kind, ReminderMessages
from bot.services.reminders import RemindersService
from tests.support.clock import ManualClock
from tests.support.month import Month, Trouble, TroubledDatabase, TroubledSlack
from tests.support.outbox import Killed

START = datetime(2026, 10, 5, tzinfo=UTC)
"""Clocks change on the way: in Sydney just before, in Cairo, Berlin, London and New York."""

STEP = timedelta(minutes=30)
OUTAGE = datetime(2026, 10, 14, 6, 50, tzinfo=UTC), datetime(2026, 10, 14, 8, 10, tzinfo=UTC)
"""Slack is down while it is nine in Berlin, and in London."""


async def test_a_month_brings_every_digest_once(library: Library, sqlite_database: str) -> None:
    month = Month(people=200, interviews=450, start=START, days=30, seed=8)
    database = TroubledDatabase(sqlite_database)
    await month.store(database, library)
    clock = ManualClock(START)
    database.trouble = trouble = Trouble(random.Random(8))
    slack = TroubledSlack(clock, trouble)
    messages = ReminderMessages(clock)
    deaths = 0

    def started() -> tuple[RemindersService, Outbox]:
        outbox = Outbox(database, slack, clock, messages.composers, messages.on_failed)
        return RemindersService(database, month.directory, clock), outbox

    service, outbox = started()
    while clock.now() < month.end:
        slack.is_down = OUTAGE[0] <= clock.now() < OUTAGE[1]
        try:
            await service.tick()
            await outbox.tick()
        except Killed:
            deaths += 1
            service, outbox = started()
        before = clock.now()
        clock.moves(seconds=STEP.total_seconds() + trouble.chance.randrange(-30, 30))
        database.trouble = None
        await month.settle(database, before, clock.now())
        database.trouble = trouble
    await outbox.stop()
    await database.close()

    assert Counter(post.key for post in slack.posts).most_common(1)[0][1] == 1
    wanted = month.digests()
    sent = {_whose(post.key): post for post in slack.posts if post.kind == Kind.DIGEST}
    settling = month.end - timedelta(hours=2)
    assert {key for key, at in wanted.items() if at < settling} <= sent.keys() <= wanted.keys()
    for (who, day), post in sent.items():
        assert wanted[who, day] <= post.at
        assert post.at.astimezone(ZoneInfo(month.zones[who])).date() == day
    _once_settled_all_is_done(month, slack)
    assert len(wanted) > 1000
    assert deaths > 20
    for step in ("before open", "after open", "before post", "after post", "before commit"):
        assert trouble.seen[f"died {step}"], step
    assert trouble.seen["died after commit"]
    assert trouble.seen["lost answer"]


def _whose(key: str) -> tuple[str, date]:
    _, who, day = key.split(":")
    return who, datetime.fromisoformat(day).date()


def _once_settled_all_is_done(month: Month, slack: TroubledSlack) -> None:
    """The last digest of everybody who has settled everything says so."""
    before = month.end - timedelta(days=2)
    for who in month.zones:
        mine = [item for item in month.owing if item.person == who]
        digests = [post for post in slack.posts if post.key.startswith(f"digest:{who}:")]
        if digests and all(item.settled_at and item.settled_at < before for item in mine):
            shown = digests[-1].shown[-1]
            assert isinstance(shown, Digest)
            assert shown.is_done

"""A month of 80 people in 12 zones: one digest for each day on which something was owed, whatever
dies, is refused or gets lost."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ladder import DECLINES, Reached
from bot.library.catalogue import Library
from bot.services.messages.outbox import Outbox
from bot.services.messages.panels_declines import DeclinedMessage
from bot.services.messages.reminders import DigestMessage, NudgeMessage
from bot.services.messages.reminders_due import Digest
from bot.services.reminders import RemindersService
from tests.support.clock import ManualClock
from tests.support.month import (
    ORGANIZERS,
    Month,
    Trouble,
    TroubledDatabase,
    TroubledSlack,
    unshown,
)
from tests.support.outbox import Killed
from tests.support.people import WORKSPACE

START = datetime(2026, 10, 5, tzinfo=UTC)
"""Clocks change on the way: in Sydney just before, in Cairo, Berlin, London and New York."""

STEP = timedelta(minutes=30)
AFTER_TROUBLE = timedelta(minutes=2)
"""What was cut short is not left lying for half an hour: a process ticks every few seconds."""

OUTAGE = datetime(2026, 10, 15, 6, 50, tzinfo=UTC), datetime(2026, 10, 15, 12, 10, tzinfo=UTC)
"""Slack is down from nine in Berlin until after noon there."""


async def test_a_month_brings_every_digest_once(library: Library, sqlite_database: str) -> None:
    month = Month(people=80, interviews=180, start=START, days=30, seed=8)
    wanted, deaths = await goes_by(month, library, sqlite_database)
    assert wanted > 400
    assert deaths > 20


async def test_so_does_a_fortnight_on_postgresql(library: Library, postgres_database: str) -> None:
    month = Month(people=24, interviews=60, start=START, days=15, seed=8)
    wanted, deaths = await goes_by(month, library, postgres_database, odds=40, step=2 * STEP)
    assert wanted > 60
    assert deaths > 20


async def goes_by(
    month: Month, library: Library, url: str, odds: int = Trouble.deaths, step: timedelta = STEP
) -> tuple[int, int]:
    """The month goes by in ticks that are so far apart, and at each step of a send the process
    dies as often in a thousand as the odds say. Gives how many digests were to come, and how often
    it died."""
    database = TroubledDatabase(url)
    await month.store(database, library)
    clock = ManualClock(START)
    database.trouble = trouble = Trouble(random.Random(8), odds)
    slack = TroubledSlack(clock, trouble)
    deaths = 0

    def started() -> tuple[RemindersService, Outbox]:
        outbox = Outbox(database, slack, clock, unshown)
        return RemindersService(database, month.directory, clock), outbox

    service, outbox = started()
    while clock.now() < month.end:
        slack.is_down = OUTAGE[0] <= clock.now() < OUTAGE[1]
        troubles = trouble.seen.total()
        try:
            await service.tick()
            await outbox.tick()
        except Killed:
            deaths += 1
            service, outbox = started()
        before = clock.now()
        pause = step if trouble.seen.total() == troubles else AFTER_TROUBLE
        clock.moves(seconds=pause.total_seconds() + trouble.chance.randrange(-30, 30))
        database.trouble = None
        await month.goes_on(database, before, clock.now())
        database.trouble = trouble
    await outbox.stop()
    database.trouble = None
    async with database.read() as tx:
        told = await tx.rungs.told(WORKSPACE, month.ids)
    await database.close()

    assert Counter(post.key for post in slack.posts).most_common(1)[0][1] == 1
    wanted = month.digests()
    sent = {
        _whose(post.key): post
        for post in slack.posts
        if post.kind == DigestMessage.kind and _whose(post.key)[0] in month.zones
    }
    settling = month.end - timedelta(hours=2)
    assert {key for key, at in wanted.items() if at < settling} <= sent.keys() <= wanted.keys()
    for (who, day), post in sent.items():
        assert wanted[who, day] <= post.at
        assert post.at.astimezone(ZoneInfo(month.zones[who])).date() == day
        first = post.shown[0]
        assert isinstance(first, Digest)
        listed = {due.interview for due in first.due_scorecards}
        assert month.listed(who, day, post.at) <= listed
        assert listed <= month.listed(who, day, wanted[who, day])
    _once_settled_all_is_done(month, slack)
    _nudges_come_in_working_hours(month, slack)
    _each_rung_is_told_once(month, slack, told, step)
    for name in ("before open", "after open", "before post", "after post", "before commit"):
        assert trouble.seen[f"died {name}"], name
    assert trouble.seen["died after commit"]
    assert trouble.seen["lost answer"]
    return len(wanted), deaths


def _whose(key: str) -> tuple[str, date]:
    _, who, day = key.split(":")
    return who, datetime.fromisoformat(day).date()


def _nudges_come_in_working_hours(month: Month, slack: TroubledSlack) -> None:
    """Once at most, and where there is time enough for it not at all late."""
    sent = {
        post.key.split(":")[1]: post.at for post in slack.posts if post.kind == NudgeMessage.kind
    }
    wanted = month.nudges()
    assert sent.keys() <= wanted.keys()
    for interview, (at, until) in wanted.items():
        is_up = not (OUTAGE[0] <= until and at <= OUTAGE[1])
        if is_up and until - at > timedelta(hours=3) and until < month.end:
            assert at <= sent[interview] < until


def _each_rung_is_told_once(
    month: Month, slack: TroubledSlack, told: Sequence[Reached], step: timedelta
) -> None:
    """Exactly those that the rules give, each in one digest, which was sent on that day."""
    found = Counter(
        (one.interview, str(one.rung), one.recipient, one.day)
        for one in told
        if one.day is not None
    )
    assert max(found.values()) == 1
    before = (month.end - timedelta(days=1)).date()
    sure = {one for one in month.rungs(sure=True, slack=2 * step) if one[3] < before}
    assert sure <= found.keys() <= month.rungs(sure=False, slack=2 * step)
    sent = {post.key: post for post in slack.posts}
    for interview, rung, who, day in sure:
        if rung == "at_once":
            assert [key for key in sent if key.startswith(f"declined:{interview}:") and who in key]
            continue
        digest = sent[f"digest:{who}:{day}"].shown[0]
        assert isinstance(digest, Digest)
        listed = {one.due_scorecard.interview for one in digest.others}
        listed |= {one.interview.id for one in digest.replacements}
        assert interview in listed or digest.more_others or digest.more_replacements
    assert {"late", "overdue", *DECLINES} <= {rung for _, rung, _, _ in sure}
    for who in ORGANIZERS:
        at_once = Counter(one for one in sent if one.startswith("declined:") and who in one)
        assert len(at_once) == len([one for one in found if one[1:3] == ("at_once", who)])
        days = Counter(
            post.at.date()
            for post in slack.posts
            if post.channel == f"D{who}" and post.kind != DeclinedMessage.kind
        )
        assert max(days.values()) == 1, "an organizer hears once a day at most besides"


def _once_settled_all_is_done(month: Month, slack: TroubledSlack) -> None:
    """The last digest of everybody who has settled everything says so."""
    before = month.end - timedelta(days=2)
    for who in month.zones:
        mine = [item for item in month.owing if item.person == who]
        digests = [post for post in slack.posts if post.key.startswith(f"digest:{who}:")]
        if digests and all(item.closed_at and item.closed_at < before for item in mine):
            shown = digests[-1].shown[-1]
            assert isinstance(shown, Digest)
            assert shown.is_done

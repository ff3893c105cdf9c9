"""Reminders up to the outbox and through it, on SQLite and on PostgreSQL."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.candidates import Candidate
from bot.domain.ladder import Rung
from bot.domain.messages import MessageKind, OutboxMessage
from bot.domain.reminders import ReminderPolicy
from bot.domain.scorecards.closing import Closing, ClosingKind
from bot.library.catalogue import Library
from bot.services.messages.outbox import Outbox
from bot.services.messages.reminders import (
    Digest,
    DigestMessage,
    LaterMessage,
    Nudge,
    NudgeMessage,
    Unreachable,
    UnreachableMessage,
    refresh_reminders,
)
from bot.services.messages.reminders_due import stale_checks
from bot.services.ports import Refused
from bot.services.reminders import RemindersService, foresee, rebuild
from bot.storage.database import Database
from tests.support.clock import ManualClock
from tests.support.month import Post, Trouble, TroubledSlack, unshown
from tests.support.panels import frozen, interview, panel, stored
from tests.support.people import WORKSPACE, People

BERLIN = ZoneInfo("Europe/Berlin")
ALEX, SAM, PRIYA = "UALEX", "USAM", "UPRIYA"
MONDAY = date(2026, 11, 30)


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of the week that begins on Monday, day 0."""
    date = MONDAY + timedelta(days=day)
    return datetime(date.year, date.month, date.day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


class Slack(TroubledSlack):
    """Refuses whomever it is told to."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock, Trouble(random.Random(0), 0, 0, 0))
        self.refused: set[str] = set()

    async def dm(self, workspace: str, user: str) -> str:
        if user in self.refused:
            raise Refused("user_disabled", "Slack refused this.")
        return await super().dm(workspace, user)


@dataclass
class Week:
    """A week of interviews, with the services round it."""

    library: Library
    database: Database
    clock: ManualClock = field(default_factory=lambda: ManualClock(berlin(0, 8)))
    people: People = field(default_factory=People)

    def __post_init__(self) -> None:
        self.slack = Slack(self.clock)
        self.outbox = self.another_outbox()
        self.reminders = self.another()

    def another_outbox(self) -> Outbox:
        return Outbox(self.database, self.slack, self.clock, unshown)

    def another(self) -> RemindersService:
        return RemindersService(self.database, self.people, self.clock)

    async def ended(self, id: str, at: datetime, who: str = ALEX) -> None:
        zone = self.people.people[who].tz
        one = interview(who, id=id, starts_at=at - timedelta(minutes=45))
        whole = replace(
            panel(replace(one, interviewer_zone=zone)),
            id=id,
            application=id,
            candidate=Candidate(id, f"Robin {id}", None, None),
        )
        async with self.database.write() as tx:
            await stored(tx, whole, frozen(self.library))

    async def closes(
        self, id: str, how: ClosingKind = ClosingKind.NO_SHOW, to: str | None = None
    ) -> None:
        async with self.database.write() as tx:
            due = await tx.scorecards.due_scorecard(WORKSPACE, id)
            assert due is not None
            number, now = due.closings + 1, self.clock.now()
            item = Closing(WORKSPACE, id, number, how, due.owner, now, to)
            await tx.scorecards.close(item, is_over=to is None)
            await refresh_reminders(tx, [due], now)
        for _ in range(3):
            self.clock.moves(seconds=2)
            await self.outbox.tick()

    async def at(self, moment: datetime) -> None:
        """The process ticks at this moment, having been asleep until then."""
        self.clock._now = moment
        await self.tick()

    async def tick(self) -> None:
        await self.reminders.tick()
        await self.outbox.tick()

    async def awake(self, until: datetime) -> None:
        """The process ticks every quarter of an hour up to this moment."""
        while self.clock.now() < until:
            self.clock.moves(minutes=15)
            await self.tick()

    @property
    def posts(self) -> list[Post]:
        """All that was posted, but the digests of organizers, which the ladder's tests read."""
        told = {f"digest:{who}:" for who in ("U1", "UMANAGER")}
        return [post for post in self.slack.posts if not post.key.startswith(tuple(told))]

    def keys(self, kind: MessageKind = DigestMessage.kind) -> list[str]:
        return [post.key for post in self.posts if post.kind == kind]

    def shown(self, number: int = -1) -> Digest:
        return digest_in(self.posts[number])

    async def row(self, key: str) -> OutboxMessage | None:
        async with self.database.read() as tx:
            return await tx.outbox.get(WORKSPACE, key)


def digest_in(post: Post) -> Digest:
    """What a digest says by now."""
    model = post.shown[-1]
    assert isinstance(model, Digest)
    return model


@pytest.fixture
async def week(library: Library, database_url: str) -> AsyncIterator[Week]:
    database = Database(database_url)
    yield Week(library, database)
    await database.close()


async def test_a_digest_lists_all_that_is_owed_and_turns_into_all_done(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.ended("i2", berlin(-3, 17))
    await week.at(berlin(0, 8, 59))
    assert week.keys() == []
    await week.at(berlin(0, 9))
    assert week.keys() == ["digest:UALEX:2026-11-30"]
    assert [due.interview for due in week.shown().due_scorecards] == [
        "i1",
        "i2",
    ]
    await week.closes("i1")
    assert [due.interview for due in week.shown().due_scorecards] == ["i2"]
    await week.closes("i2")
    assert week.shown().is_done
    assert len(week.posts) == 1
    await week.awake(berlin(2, 12))
    assert len(week.posts) == 1


async def test_the_digests_of_all_days_that_list_it_are_put_right(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.ended("i2", berlin(0, 15))
    for day in range(3):
        await week.at(berlin(day, 9))
    await week.closes("i2")
    await week.closes("i1")
    assert [week.shown(number).is_done for number in range(3)] == [True, True, True]
    assert len(week.posts) == 3


async def test_a_list_that_is_done_says_what_is_owed_besides(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.ended("i2", berlin(0, 10))
    await week.at(berlin(0, 9))
    week.clock._now = berlin(0, 11)
    await week.closes("i1")
    assert week.shown(0).is_done
    assert week.shown(0).besides == 1


async def test_the_last_digest_promises_no_other(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.awake(berlin(14, 12))
    shown = [post.shown[0] for post in week.posts if post.kind == DigestMessage.kind]
    assert all(isinstance(one, Digest) for one in shown)
    promised = [one.next_at for one in shown if isinstance(one, Digest)]
    assert promised == [*(berlin(day, 9) for day in (1, 2, 3, 4, 7, 8, 9, 10, 11)), None]


async def test_everybody_hears_in_their_own_morning(week: Week) -> None:
    for id, who in (("i1", ALEX), ("i2", SAM), ("i3", PRIYA)):
        await week.ended(id, berlin(-3, 15), who)
    week.clock._now = berlin(-1, 20)
    await week.awake(berlin(0, 16))
    assert {post.key.split(":")[1]: post.at for post in week.posts} == {
        PRIYA: berlin(0, 4, 30),
        ALEX: berlin(0, 9),
        SAM: berlin(0, 15),
    }


async def test_one_nudge_an_hour_after_and_none_once_it_is_in(week: Week) -> None:
    await week.ended("i1", berlin(0, 10))
    await week.ended("i2", berlin(0, 11))
    await week.ended("i3", berlin(0, 17, 30))
    await week.at(berlin(0, 10))
    await week.at(berlin(0, 11))
    assert week.keys(NudgeMessage.kind) == ["nudge:i1"]
    await week.closes("i2")
    await week.awake(berlin(0, 20))
    assert week.keys(NudgeMessage.kind) == ["nudge:i1"]
    await week.closes("i1")
    nudge = week.posts[0].shown[-1]
    assert isinstance(nudge, Nudge)
    assert nudge.is_done


async def test_after_ten_working_days_the_organisers_are_told(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.awake(berlin(14, 12))
    assert len(week.keys()) == 10
    told = [post for post in week.slack.posts if post.key.endswith(":2026-12-14")]
    assert sorted(post.channel for post in told) == ["DU1", "DUMANAGER"]
    assert [one.rung for post in told for one in digest_in(post).others] == [Rung.END, Rung.END]
    assert week.keys()[-1] == "digest:UALEX:2026-12-11"


async def test_what_has_stopped_stands_in_no_digest_with_the_rest(week: Week) -> None:
    await week.ended("i1", berlin(-17, 15))
    await week.ended("i2", berlin(-3, 15))
    await week.at(berlin(0, 9))
    [number] = [n for n, post in enumerate(week.posts) if post.kind == DigestMessage.kind]
    assert [due.interview for due in week.shown(number).due_scorecards] == ["i2"]


async def test_three_days_asleep_bring_one_digest(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(0, 9))
    await week.at(berlin(3, 14))
    assert week.keys() == ["digest:UALEX:2026-11-30", "digest:UALEX:2026-12-03"]


async def test_what_was_not_owed_in_the_morning_waits_though_the_process_slept(
    week: Week,
) -> None:
    await week.ended("i1", berlin(0, 11))
    await week.at(berlin(0, 14))
    assert week.keys() == []
    await week.at(berlin(1, 9))
    assert week.keys() == ["digest:UALEX:2026-12-01"]


async def test_a_late_digest_lists_what_was_owed_in_the_morning(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.ended("i2", berlin(0, 11))
    await week.at(berlin(0, 14))
    assert [due.interview for due in week.shown().due_scorecards] == ["i1"]
    await week.ended("i3", berlin(0, 12))
    await week.closes("i3")
    await week.closes("i1")
    assert week.shown(0).is_done


async def test_what_is_reassigned_is_not_nudged_about(week: Week) -> None:
    """Whoever was given it has been told just then."""
    await week.ended("i1", berlin(0, 10))
    await week.at(berlin(0, 10, 15))
    await week.closes("i1", ClosingKind.REASSIGNED, "UDANA")
    await week.ended("i2", berlin(0, 10))
    await week.closes("i2", ClosingKind.REASSIGNED, "UDANA")
    await week.awake(berlin(0, 18))
    assert week.keys(NudgeMessage.kind) == []


async def test_a_clock_set_back_reminds_nobody_twice(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(0, 9))
    await week.at(berlin(-1, 20))
    await week.at(berlin(0, 9))
    await week.at(berlin(0, 12))
    assert week.keys() == ["digest:UALEX:2026-11-30"]


async def test_whoever_moves_gets_no_day_twice(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(0, 9))
    week.people.people[ALEX] = replace(week.people.people[ALEX], tz="America/Los_Angeles")
    await week.awake(berlin(2, 20))
    assert week.keys() == [f"digest:UALEX:2026-1{day}" for day in ("1-30", "2-01", "2-02")]
    last = week.posts[-1].at.astimezone(ZoneInfo("America/Los_Angeles"))
    assert (last.hour, last.minute) == (9, 0)


async def test_an_outage_over_the_morning_delays_but_not_into_the_next_day(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    week.slack.is_down = True
    await week.awake(berlin(0, 10))
    week.slack.is_down = False
    await week.awake(berlin(0, 11))
    assert week.keys() == ["digest:UALEX:2026-11-30"]
    week.slack.is_down = True
    await week.awake(berlin(2, 1))
    week.slack.is_down = False
    await week.awake(berlin(2, 12))
    assert week.keys() == ["digest:UALEX:2026-11-30", "digest:UALEX:2026-12-02"]


async def test_what_is_closed_before_slack_is_back_is_not_reminded_of(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.ended("i2", berlin(0, 8))
    week.slack.is_down = True
    await week.awake(berlin(0, 9, 30))
    await week.closes("i1")
    await week.closes("i2")
    week.slack.is_down = False
    await week.awake(berlin(0, 12))
    assert week.posts == []


async def test_two_replicas_at_the_same_instant(week: Week) -> None:
    for number in range(30):
        await week.ended(f"i{number:02}", berlin(-3, 15), (ALEX, SAM, PRIYA)[number % 3])
    week.clock._now = berlin(0, 15)
    other, outbox = week.another(), week.another_outbox()
    await asyncio.gather(week.reminders.tick(), other.tick())
    await asyncio.gather(week.outbox.tick(), outbox.tick())
    await week.awake(berlin(0, 15, 30))
    assert sorted(week.keys()) == [f"digest:{who}:2026-11-30" for who in (ALEX, PRIYA, SAM)]


async def test_whoever_refuses_is_told_of_once(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    week.slack.refused.add(ALEX)
    await week.awake(berlin(2, 12))
    assert week.keys() == []
    assert sorted(week.keys(UnreachableMessage.kind)) == [
        "unreachable:UALEX:U1",
        "unreachable:UALEX:UMANAGER",
    ]
    assert week.posts[0].shown == [Unreachable(ALEX)]


async def test_whoever_has_been_deactivated_is_not_written_to(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    week.people.people[ALEX] = replace(week.people.people[ALEX], deleted=True)
    await week.awake(berlin(2, 12))
    assert week.keys() == []
    assert len(week.keys(UnreachableMessage.kind)) == 2


async def test_somebody_without_a_zone_is_at_utc(week: Week) -> None:
    week.people.people[ALEX] = replace(week.people.people[ALEX], tz="UTC")
    await week.ended("i1", berlin(-3, 15))
    await week.awake(berlin(0, 12))
    assert [post.at.hour for post in week.posts] == [9]


async def test_what_is_reassigned_is_due_from_its_new_owner(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(0, 9))
    await week.closes("i1", ClosingKind.REASSIGNED, SAM)
    assert week.shown().is_done
    await week.awake(berlin(1, 16))
    assert week.keys()[1:] == ["digest:USAM:2026-11-30", "digest:USAM:2026-12-01"]


async def test_again_in_an_hour_once(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(0, 9))
    for _ in range(2):
        assert (await week.reminders.later(WORKSPACE, ALEX)).at == berlin(0, 10)
    await week.awake(berlin(0, 12))
    assert len(week.keys(LaterMessage.kind)) == 1
    await week.closes("i1")
    assert all(week.shown(number).is_done for number in (0, 1))


async def test_tomorrow_means_silence_until_then(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(0, 9))
    await week.reminders.later(WORKSPACE, ALEX)
    await week.ended("i2", berlin(0, 10))
    assert (await week.reminders.tomorrow(WORKSPACE, ALEX)).at == berlin(1, 9)
    await week.awake(berlin(1, 9))
    assert week.keys() == ["digest:UALEX:2026-11-30", "digest:UALEX:2026-12-01"]
    assert not week.keys(LaterMessage.kind)
    assert not week.keys(NudgeMessage.kind)


async def test_what_a_person_and_a_workspace_choose_holds_at_once(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(-1, 12))
    await week.reminders.choose(WORKSPACE, ALEX, lambda person: replace(person, hour=11))
    async with week.database.write() as tx:
        await tx.reminders.put_policy(ReminderPolicy(WORKSPACE, holidays=frozenset({MONDAY})))
        await tx.reminders.recheck(WORKSPACE, None, week.clock.now())
    await week.awake(berlin(1, 12))
    assert [(post.key, post.at) for post in week.posts] == [
        ("digest:UALEX:2026-12-01", berlin(1, 11))
    ]


async def test_ten_are_shown_and_the_rest_counted(week: Week) -> None:
    for number in range(13):
        await week.ended(f"i{number:02}", berlin(-3, 15, number))
    await week.at(berlin(0, 9))
    assert (len(week.shown().due_scorecards), week.shown().more) == (10, 3)


async def test_a_plan_can_be_looked_at_without_being_made(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    week.clock._now = berlin(0, 9)
    foreseen = await foresee(week.database, week.clock.now())
    assert [(one.person, one.kind) for one in foreseen] == [(ALEX, DigestMessage.kind)]
    assert "1 due on Mon 2026-11-30 (Europe/Berlin)" in foreseen[0].why
    assert await week.row("digest:UALEX:2026-11-30") is None
    assert [one.key for one in await week.reminders.tick()] == [one.key for one in foreseen]


async def test_the_next_look_can_be_made_anew(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(0, 9))
    async with week.database.write() as tx:
        alex = await tx.reminders.get(WORKSPACE, ALEX)
        assert alex is not None
        assert alex.next_digest_at == berlin(1, 9)
        assert await stale_checks(tx, week.clock.now()) == []
        await tx.reminders.put([replace(alex, next_digest_at=None)])
    assert await rebuild(week.database, week.clock.now()) == 1
    async with week.database.read() as tx:
        assert await tx.reminders.get(WORKSPACE, ALEX) == alex


async def test_another_workspace_is_reminded_of_its_own(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    async with week.database.read() as tx:
        assert await tx.reminders.missing_scorecards("T2", [ALEX], berlin(0, 9)) == {ALEX: []}

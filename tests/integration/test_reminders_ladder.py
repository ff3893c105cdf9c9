"""Lateness climbs by itself: who hears of whose scorecard, when, once, and in which message."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text, update

from bot.domain.ladder import Rung
from bot.domain.panels.details import details
from bot.domain.reminders import RemindedPerson
from bot.library.catalogue import Library
from bot.services.frozen_contents import Contents
from bot.services.messages.reminders_due import Digest
from bot.services.panels.changes import PanelChanges, PanelEdit
from bot.services.reminders import foresee
from bot.storage.database import Database
from bot.storage.panels.rows import interviews
from tests.integration.test_reminders import ALEX, PRIYA, SAM, Week, berlin
from tests.integration.test_reminders_cadence import chooses
from tests.support.month import Post
from tests.support.people import WORKSPACE, rights_of

RECRUITER, MANAGER = "U1", "UMANAGER"
Told = tuple[str, str, Rung]
"""Who hears in the digest of which day of which rung."""


@pytest.fixture
async def week(library: Library, database_url: str) -> AsyncIterator[Week]:
    """A week whose organizers have been written to before, so that it is known where they are."""
    database = Database(database_url)
    made = Week(library, database)
    async with database.write() as tx:
        await tx.reminders.put(
            RemindedPerson(WORKSPACE, who, made.people.people[who].tz)
            for who in (RECRUITER, MANAGER, PRIYA)
        )
    yield made
    await database.close()


def first(post: Post) -> Digest:
    shown = post.shown[0]
    assert isinstance(shown, Digest)
    return shown


def told(week: Week, interview: str = "i1") -> list[Told]:
    """What was told about an interview, in the order in which it was."""
    found = []
    for post in week.slack.posts:
        if post.key.startswith("digest:"):
            _, who, day = post.key.split(":")
            mine = [one for one in first(post).others if one.due_scorecard.interview == interview]
            found += [(who, day, one.rung) for one in mine]
    return found


def to(week: Week, who: str) -> list[Post]:
    return [post for post in week.slack.posts if post.channel == f"D{who}"]


async def organized(week: Week, interview: str, **parts: str) -> None:
    """Others organize the panel than the tests' usual ones."""
    async with week.database.write() as tx:
        for column, person in parts.items():
            statement = text(f"UPDATE panels SET {column} = :person WHERE id = :id")
            await tx.connection.execute(statement, {"person": person, "id": interview})


async def test_each_rung_comes_once_to_whom_it_is_for_in_their_own_morning(week: Week) -> None:
    """Alex was interviewing on a Friday afternoon in Berlin; the recruiter is in London."""
    await week.ended("i1", berlin(-3, 15))
    week.clock._now = berlin(-3, 15)
    await week.awake(berlin(18, 12))
    assert told(week) == [
        (MANAGER, "2026-12-01", Rung.LATE),
        (RECRUITER, "2026-12-03", Rung.OVERDUE),
        (MANAGER, "2026-12-14", Rung.END),
        (RECRUITER, "2026-12-14", Rung.END),
    ]
    by_day = Counter((post.channel, post.at.date()) for post in week.slack.posts)
    assert by_day[f"D{MANAGER}", date(2026, 12, 1)] == 1
    assert len(to(week, MANAGER)) == len(to(week, RECRUITER)) == 2


async def test_in_two_late_days_an_organizer_hears_once_a_day_at_most(week: Week) -> None:
    for number in range(4):
        await week.ended(f"i{number}", berlin(-3, 10 + number), (ALEX, SAM)[number % 2])
    week.clock._now = berlin(0, 0)
    await week.awake(berlin(2, 0))
    for who, most in ((RECRUITER, 0), (MANAGER, 2), (ALEX, 2), (SAM, 2)):
        days = Counter(post.at.date() for post in to(week, who))
        assert sum(days.values()) <= most, who
        assert all(count == 1 for count in days.values())


async def test_what_comes_in_is_taken_out_of_what_was_told(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.ended("i2", berlin(-3, 14))
    await week.awake(berlin(1, 10))
    [post] = to(week, MANAGER)
    assert [one.due_scorecard.interview for one in first(post).others] == ["i2", "i1"]
    await week.closes("i1")
    last = post.shown[-1]
    assert isinstance(last, Digest)
    assert [one.due_scorecard.interview for one in last.others] == ["i2"]
    await week.closes("i2")
    last = post.shown[-1]
    assert isinstance(last, Digest)
    assert last.is_done


async def test_what_comes_in_before_the_morning_is_not_told_at_all(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(0, 15, 30))
    await week.closes("i1")
    await week.awake(berlin(12, 0))
    assert told(week) == []
    assert to(week, MANAGER) == []


async def test_who_is_both_reads_one_line(week: Week) -> None:
    """After days asleep two rungs come due at once for one who is recruiter and manager."""
    await week.ended("i1", berlin(-7, 10))
    await organized(week, "i1", recruiter=MANAGER, set_up_by=MANAGER)
    await week.at(berlin(0, 9, 30))
    await week.at(berlin(1, 9, 30))
    assert told(week) == [(MANAGER, "2026-11-30", Rung.OVERDUE)]


async def test_nobody_hears_of_their_own_as_of_somebody_elses(week: Week) -> None:
    """The manager is late; the recruiter hears of it, and the manager's digest has it once."""
    await week.ended("i1", berlin(-3, 10), MANAGER)
    await week.awake(berlin(14, 12))
    assert told(week) == [
        (RECRUITER, "2026-12-02", Rung.OVERDUE),
        (RECRUITER, "2026-12-11", Rung.END),
    ]


async def test_for_a_late_recruiter_another_organizer_acts(week: Week) -> None:
    await week.ended("i1", berlin(-3, 10), RECRUITER)
    await week.awake(berlin(4, 12))
    assert told(week) == [
        (MANAGER, "2026-12-01", Rung.LATE),
        (MANAGER, "2026-12-03", Rung.OVERDUE),
    ]


@pytest.mark.parametrize("change", [{"deleted": True}, {"restricted": True}])
async def test_for_who_left_or_is_a_guest_by_now_another_organizer_hears(
    week: Week, change: dict[str, bool]
) -> None:
    week.people.people[MANAGER] = replace(week.people.people[MANAGER], **change)
    await week.ended("i1", berlin(-3, 15))
    await week.awake(berlin(4, 12))
    assert to(week, MANAGER) == []
    assert [(who, rung) for who, _, rung in told(week)] == [
        (RECRUITER, Rung.LATE),
        (RECRUITER, Rung.OVERDUE),
    ]


async def test_a_workspace_chooses_the_days_and_whether_at_all(week: Week) -> None:
    await chooses(week, manager_after=0, recruiter_after=5)
    await week.ended("i1", berlin(-3, 15))
    week.clock._now = berlin(-3, 15)
    await week.awake(berlin(8, 12))
    assert told(week) == [(RECRUITER, "2026-12-07", Rung.OVERDUE)]


async def test_a_day_off_of_the_late_one_is_no_day_of_being_late(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    days = frozenset({date(2026, 11, 30), date(2026, 12, 1)})
    await week.at(berlin(-1, 9))
    await week.reminders.choose(WORKSPACE, ALEX, lambda one: replace(one, days_off=days))
    await week.awake(berlin(3, 12))
    assert told(week) == [(MANAGER, "2026-12-03", Rung.LATE)]


async def test_what_is_moved_is_a_new_debt_with_its_own_rungs(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.awake(berlin(1, 10))
    async with week.database.write() as tx:
        moved = berlin(2, 15)
        await tx.connection.execute(update(interviews).values(ends_at=moved, remind_at=moved))
    await week.awake(berlin(4, 10))
    assert [rung for _, _, rung in told(week)] == [Rung.LATE, Rung.LATE]


async def test_a_new_manager_hears_what_the_one_before_heard(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.awake(berlin(1, 10))
    rights = rights_of(week.people, week.database, week.clock)
    changes = PanelChanges(week.database, rights, Contents(), week.clock, lambda: None)
    async with week.database.read() as tx:
        panel = await tx.panels.get(WORKSPACE, "i1")
    assert panel is not None
    given = replace(details(panel), hiring_manager=PRIYA)
    await changes.give_details(WORKSPACE, RECRUITER, PanelEdit("i1", panel.revision), given)
    await week.awake(berlin(2, 12))
    assert told(week) == [
        (MANAGER, "2026-12-01", Rung.LATE),
        (PRIYA, "2026-12-01", Rung.LATE),
    ]
    before = to(week, MANAGER)[0].shown[-1]
    assert isinstance(before, Digest)
    assert before.is_done


async def test_two_replicas_tell_each_rung_once(week: Week) -> None:
    for number in range(20):
        await week.ended(f"i{number}", berlin(-3, 10), (ALEX, SAM, PRIYA)[number % 3])
    other = week.another()
    for moment in (berlin(0, 23), berlin(1, 9), berlin(1, 17), berlin(2, 17)):
        week.clock._now = moment
        await asyncio.gather(week.reminders.tick(), other.tick())
        await week.outbox.tick()
    [post] = to(week, MANAGER)
    assert (len(first(post).others), first(post).more_others) == (10, 10)
    async with week.database.read() as tx:
        rows = await tx.rungs.told(WORKSPACE, [f"i{number}" for number in range(20)])
    assert Counter((one.recipient, one.rung) for one in rows)[MANAGER, Rung.LATE] == 20


async def test_60_late_people_are_one_message(week: Week) -> None:
    for number in range(60):
        id = f"ULATE{number:02}"
        week.people.people[id] = replace(week.people.people[ALEX], id=id)
        await week.ended(f"late{number:02}", berlin(-3, 9), id)
    await week.awake(berlin(1, 10))
    [post] = to(week, MANAGER)
    assert len(first(post).others) + first(post).more_others == 60


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
async def test_it_climbs_by_the_wall_clock_while_clocks_change(week: Week, zone: str) -> None:
    """Late from the hour at which it ended, a working day later, whatever that day's length."""
    week.people.people[ALEX] = replace(week.people.people[ALEX], tz=zone)
    ended = datetime(2026, 10, 30, 15, tzinfo=ZoneInfo(zone))
    await week.ended("i1", ended.astimezone(UTC))
    week.clock._now = ended.astimezone(UTC) - timedelta(hours=1)
    await week.awake(week.clock.now() + timedelta(days=5))
    late = datetime(2026, 11, 2, 15, tzinfo=ZoneInfo(zone))
    [post] = to(week, MANAGER)
    morning = _next_morning(late)
    assert post.at == morning


def _next_morning(moment: datetime) -> datetime:
    """The manager's next nine o'clock of a working day, in Berlin."""
    berlin_zone = ZoneInfo("Europe/Berlin")
    day = moment.astimezone(berlin_zone).date()
    while True:
        at = datetime(day.year, day.month, day.day, 9, tzinfo=berlin_zone)
        if at >= moment and day.weekday() < 5:
            return at
        day += timedelta(days=1)


async def test_a_dry_run_shows_the_rungs_and_changes_nothing(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(0, 18))
    planned = await foresee(week.database, berlin(1, 9, 30))
    [mine] = [one for one in planned if one.person == MANAGER]
    assert mine.why == "tells late i1 on Tue 2026-12-01 (Europe/Berlin)"
    async with week.database.read() as tx:
        untold = await tx.rungs.untold(WORKSPACE, [MANAGER], berlin(1, 9, 30))
    assert [one.rung for one in untold[MANAGER]] == [Rung.LATE]


async def test_more_than_a_batch_is_still_one_digest_with_all_of_it(
    week: Week, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.reminders.BATCH", 3)
    for number in range(8):
        await week.ended(f"i{number}", berlin(-3, 10))
    await week.at(berlin(1, 9))
    [post] = to(week, MANAGER)
    assert len(first(post).others) == 8

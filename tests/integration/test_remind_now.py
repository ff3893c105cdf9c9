"""*Remind now*: an organizer presses it, and somebody hears of their scorecard once more."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import MessageKind
from bot.domain.remind_now import SLEEPS, WAKES, Reminded, RemindOutcome, reminder_comes
from bot.domain.reminders import Calendar
from bot.errors import UserError
from bot.services.messages.reminders import DigestMessage, NudgeMessage
from bot.services.messages.reminders_asked import Asked, AskedMessage
from bot.services.remind_now import RemindNow
from bot.storage.audit import audit
from tests.integration.test_reminders import ALEX, PRIYA, SAM, Week, berlin, week
from tests.support.people import WORKSPACE, rights_of

__all__ = ["week"]

ORGANIZER, MANAGER = "U1", "UMANAGER"


def organizers_of(week: Week, flushed: list[int] | None = None) -> RemindNow:
    rights = rights_of(week.people, week.database, week.clock)
    flush = (flushed if flushed is not None else []).append
    return RemindNow(week.database, rights, week.people, week.clock, lambda: flush(1))


async def pressed(week: Week, interview: str, by: str = ORGANIZER) -> Reminded:
    """What becomes of a press about one interview, once all is sent."""
    [result] = await organizers_of(week).interview(WORKSPACE, by, interview)
    await week.outbox.tick()
    return result


def outcomes(results: Sequence[Reminded]) -> dict[str, RemindOutcome]:
    return {one.person: one.outcome for one in results}


async def test_before_the_digest_it_comes_forward_and_is_the_days_only_one(week: Week) -> None:
    await week.ended("i1", berlin(-3, 16))
    await week.at(berlin(0, 8, 10))
    result = await pressed(week, "i1")
    assert (result.person, result.outcome, result.count) == (ALEX, RemindOutcome.NOW, 1)
    assert week.keys() == ["digest:UALEX:2026-11-30"]
    await week.awake(berlin(1, 8))
    assert len(week.posts) == 1
    await week.awake(berlin(1, 10))
    assert week.keys() == ["digest:UALEX:2026-11-30", "digest:UALEX:2026-12-01"]


async def test_after_it_there_is_one_more_and_the_next_digest_comes_as_ever(week: Week) -> None:
    await week.ended("i1", berlin(-3, 16))
    await week.at(berlin(0, 9))
    await week.at(berlin(0, 14))
    assert (await pressed(week, "i1")).outcome is RemindOutcome.NOW
    assert [post.kind for post in week.posts] == [DigestMessage.kind, AskedMessage.kind]
    assert week.posts[-1].channel == f"D{ALEX}"
    await week.awake(berlin(1, 10))
    assert len(week.keys()) == 2
    await week.closes("i1")
    shown = next(post for post in week.posts if post.kind == AskedMessage.kind).shown[-1]
    assert isinstance(shown, Asked)
    assert shown.due_scorecards == []


async def test_it_takes_the_place_of_the_nudge_that_was_to_come(week: Week) -> None:
    await week.ended("i1", berlin(-3, 16))
    await week.at(berlin(0, 9))
    await week.ended("i2", berlin(0, 10))
    await week.at(berlin(0, 10, 10))
    assert (await pressed(week, "i2")).outcome is RemindOutcome.NOW
    await week.awake(berlin(0, 20))
    assert week.keys(NudgeMessage.kind) == []
    assert week.keys(AskedMessage.kind) == ["asked:UALEX:2026-11-30"]


@pytest.mark.parametrize(
    ("moment", "outcome", "at"),
    [
        (berlin(0, 20), RemindOutcome.MORNING, berlin(1, 9)),
        (berlin(1, 6, 30), RemindOutcome.MORNING, berlin(1, 9)),
        (berlin(5, 12), RemindOutcome.DAY_OFF, berlin(7, 9)),
    ],
)
async def test_outside_their_day_it_comes_with_the_digest_of_their_morning(
    week: Week, moment: datetime, outcome: RemindOutcome, at: datetime
) -> None:
    await week.ended("i1", berlin(-3, 16))
    await week.at(moment)
    before = len(week.posts)
    result = await pressed(week, "i1")
    assert (result.outcome, result.at) == (outcome, at)
    assert len(week.posts) == before
    again = await pressed(week, "i1", MANAGER)
    assert (again.outcome, again.at) == (RemindOutcome.ALREADY, at)
    await week.at(at)
    assert week.posts[-1].kind == DigestMessage.kind
    assert len(week.posts) == before + 1


async def test_who_has_stopped_hearing_of_it_is_reminded_all_the_same(week: Week) -> None:
    await week.ended("i1", berlin(-21, 16))
    await week.at(berlin(0, 9))
    assert week.keys() == []
    assert (await pressed(week, "i1")).outcome is RemindOutcome.NOW
    assert week.keys(AskedMessage.kind) == ["asked:UALEX:2026-11-30"]


async def test_whoever_paused_is_left_alone_until_then(week: Week) -> None:
    await week.ended("i1", berlin(-3, 16))
    await week.at(berlin(0, 9))
    await week.reminders.snooze(WORKSPACE, ALEX, date(2026, 12, 3))
    result = await pressed(week, "i1")
    assert (result.outcome, result.at) == (RemindOutcome.PAUSED, berlin(3, 9))
    assert week.keys(AskedMessage.kind) == []


async def test_whoever_put_it_off_for_an_hour_gets_it_then(week: Week) -> None:
    await week.ended("i1", berlin(-3, 16))
    await week.at(berlin(0, 9))
    put_off = await week.reminders.later(WORKSPACE, ALEX)
    result = await pressed(week, "i1")
    assert (result.outcome, result.at) == (RemindOutcome.PAUSED, put_off.at)
    await week.awake(berlin(0, 12))
    assert [post.kind for post in week.posts] == [
        MessageKind.REMINDERS_DIGEST,
        MessageKind.REMINDERS_LATER,
    ]


@pytest.mark.parametrize(
    ("change", "because"),
    [({"deleted": True}, "has been deactivated"), ({"restricted": True}, "is a guest")],
)
async def test_who_left_or_is_a_guest_by_now_gets_nothing(
    week: Week, change: dict[str, bool], because: str
) -> None:
    await week.ended("i1", berlin(-3, 16))
    week.people.people[ALEX] = replace(week.people.people[ALEX], **change)
    await week.at(berlin(0, 8, 30))
    result = await pressed(week, "i1")
    assert (result.outcome, result.because) == (RemindOutcome.UNREACHABLE, because)
    assert week.posts == []


async def test_two_who_press_at_once_bring_one_reminder(week: Week) -> None:
    await week.ended("i1", berlin(-3, 16))
    await week.at(berlin(0, 9))
    week.clock._now = berlin(0, 14)
    asking = organizers_of(week)
    both = await asyncio.gather(
        asking.interview(WORKSPACE, ORGANIZER, "i1"),
        asking.interview(WORKSPACE, MANAGER, "i1"),
    )
    assert sorted(one.outcome for [one] in both) == [RemindOutcome.ALREADY, RemindOutcome.NOW]
    await week.outbox.tick()
    assert week.keys(AskedMessage.kind) == ["asked:UALEX:2026-11-30"]
    async with week.database.read() as tx:
        rows = (await tx.connection.execute(audit.select())).mappings().all()
    assert [(row["action"], row["part"]) for row in rows] == [("scorecard.reminded", "i1")]


async def test_once_a_day_for_each_scorecard(week: Week) -> None:
    await week.ended("i1", berlin(-3, 16))
    await week.ended("i2", berlin(-3, 17))
    await week.at(berlin(0, 9))
    week.clock._now = berlin(0, 10)
    assert (await pressed(week, "i1")).outcome is RemindOutcome.NOW
    assert (await pressed(week, "i1")).outcome is RemindOutcome.ALREADY
    assert (await pressed(week, "i2")).outcome is RemindOutcome.NOW
    assert len(week.keys(AskedMessage.kind)) == 1, "the second is added to it"
    await week.at(berlin(1, 9))
    week.clock._now = berlin(1, 10)
    assert (await pressed(week, "i1")).outcome is RemindOutcome.NOW
    assert len(week.keys(AskedMessage.kind)) == 2


async def test_all_who_are_late_are_reminded_each_once_and_nobody_else(week: Week) -> None:
    await week.ended("i1", berlin(-3, 10), SAM)
    await week.ended("i2", berlin(-3, 11), SAM)
    await week.ended("i3", berlin(-4, 8), PRIYA)
    await week.ended("i4", berlin(1, 12), ALEX)
    week.clock._now = berlin(1, 16)
    results = await organizers_of(week).everyone_late(WORKSPACE, ORGANIZER)
    assert outcomes(results) == {SAM: RemindOutcome.NOW, PRIYA: RemindOutcome.MORNING}
    assert {one.person: one.count for one in results} == {SAM: 2, PRIYA: 1}
    assert await organizers_of(week).everyone_late(WORKSPACE, "UMEMBER") == []


async def test_60_late_people_are_reminded_with_one_press(week: Week) -> None:
    for number in range(60):
        id = f"ULATE{number:02}"
        week.people.people[id] = replace(week.people.people[ALEX], id=id)
        await week.ended(f"late{number:02}", berlin(-4, 9), id)
    week.clock._now = berlin(0, 14)
    results = await organizers_of(week).everyone_late(WORKSPACE, MANAGER)
    assert len(results) == 60
    assert set(outcomes(results).values()) == {RemindOutcome.NOW}


@pytest.mark.parametrize("who", ["UMEMBER", ALEX, "UGUEST", "USTRANGER"])
async def test_it_is_for_organizers_and_admins_alone(week: Week, who: str) -> None:
    await week.ended("i1", berlin(-3, 16))
    await week.at(berlin(0, 9))
    asking = organizers_of(week)
    with pytest.raises(UserError):
        await asking.interview(WORKSPACE, who, "i1")
    with pytest.raises(UserError):
        await asking.panel(WORKSPACE, who, "i1")
    assert outcomes(await asking.panel(WORKSPACE, "UADMIN", "i1")) == {ALEX: RemindOutcome.NOW}


async def test_what_is_not_due_reminds_nobody(week: Week) -> None:
    await week.ended("i1", berlin(-3, 16))
    await week.closes("i1")
    week.clock._now = berlin(0, 10)
    assert await organizers_of(week).interview(WORKSPACE, ORGANIZER, "i1") == []


ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kolkata"]
)
CALENDARS = st.builds(
    Calendar,
    zone=ZONES,
    hour=st.integers(5, 20),
    working_days=st.frozensets(st.integers(0, 6)),
)
MOMENTS = st.integers(0, 400 * 24 * 60).map(lambda n: berlin(0, 0) + timedelta(minutes=n))


@given(CALENDARS, MOMENTS)
def test_whenever_it_is_asked_for_it_comes_on_a_working_day_and_not_at_night(
    calendar: Calendar, now: datetime
) -> None:
    outcome, at = reminder_comes(calendar, now)
    assert (at is None) == (not calendar.working_days)
    if at is None:
        assert outcome is RemindOutcome.NEVER
        return
    assert at >= now
    assert (at == now) >= (outcome is RemindOutcome.NOW)
    day = calendar.day_of(at)
    assert calendar.works_on(day)
    assert at < calendar.at(day, SLEEPS)
    assert at >= min(calendar.at(day, WAKES), calendar.digest_at(day))

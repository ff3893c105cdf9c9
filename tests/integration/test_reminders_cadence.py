"""How a workspace reminds: chosen by its admins, and holding at once for what is owed already."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.ladder import Rung
from bot.domain.reminders import ReminderPolicy
from bot.errors import UserError
from bot.services.home import HomeService
from bot.services.messages.reminders import NudgeMessage
from bot.services.messages.reminders_due import Digest
from bot.storage.audit import audit
from tests.integration.test_reminders import ALEX, SAM, Week, berlin, week
from tests.support.month import Post
from tests.support.people import WORKSPACE, rights_of

__all__ = ["week"]

NUDGE = "nudge:i1"


def home(week: Week) -> HomeService:
    rights = rights_of(week.people, week.database, week.clock, frozenset({"UADMIN"}))
    return HomeService(week.database, rights, week.clock, lambda: None)


async def chooses(week: Week, who: str = "UADMIN", **choice: Any) -> None:
    await home(week).for_everybody(WORKSPACE, who, lambda one: replace(one, **choice))


async def policy(week: Week) -> ReminderPolicy:
    async with week.database.read() as tx:
        return await tx.reminders.policy(WORKSPACE)


def ends(week: Week) -> list[tuple[str, int]]:
    """The days whose digests told the recruiter that reminding ended, each after how many days."""
    return [
        (post.key.removeprefix("digest:U1:"), other.days)
        for post in week.slack.posts
        if post.key.startswith("digest:U1:")
        for other in first_shown(post).others
        if other.rung is Rung.END
    ]


def first_shown(post: Post) -> Digest:
    first = post.shown[0]
    assert isinstance(first, Digest)
    return first


def last_to_recruiter(week: Week) -> Digest:
    """What the recruiter's last digest says by now."""
    post = [one for one in week.slack.posts if one.key.startswith("digest:U1:")][-1]
    last = post.shown[-1]
    assert isinstance(last, Digest)
    return last


@pytest.mark.parametrize(
    ("choice", "moments"),
    [
        ({}, [berlin(0, 11)]),
        ({"nudge_after": None}, []),
        ({"nudge_after": timedelta(hours=2)}, [berlin(0, 12)]),
        ({"nudge_after": timedelta(minutes=15)}, [berlin(0, 10, 30)]),
        ({"opens": 12}, []),
        ({"closes": 11}, []),
    ],
)
async def test_a_nudge_that_waits_comes_as_chosen_now(
    week: Week, choice: dict[str, Any], moments: list[Any]
) -> None:
    await week.ended("i1", berlin(0, 10))
    await week.at(berlin(0, 10, 15))
    await chooses(week, **choice)
    await week.awake(berlin(0, 19))
    assert [post.at for post in week.slack.posts if post.key == NUDGE] == moments


async def test_a_nudge_that_has_come_comes_no_second_time(week: Week) -> None:
    await week.ended("i1", berlin(0, 10))
    await week.at(berlin(0, 11))
    await chooses(week, nudge_after=timedelta(hours=2))
    await week.awake(berlin(0, 19))
    assert week.keys(NudgeMessage.kind) == [NUDGE]
    assert len(week.slack.posts[0].shown) == 1


async def test_longer_hours_bring_a_nudge_that_was_to_be_none(week: Week) -> None:
    await week.ended("i1", berlin(0, 17, 30))
    await week.at(berlin(0, 17, 45))
    await chooses(week, closes=20)
    await week.awake(berlin(0, 21))
    assert [post.at for post in week.slack.posts] == [berlin(0, 18, 30)]


async def test_fewer_days_stop_at_once_and_the_organisers_are_told(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(0, 9))
    await week.at(berlin(3, 9))
    await chooses(week, chase_days=3)
    await week.awake(berlin(5, 12))
    assert ends(week) == [("2026-12-03", 3)]
    assert week.keys()[-1] == "digest:UALEX:2026-12-03"


async def test_more_days_go_on_with_what_had_stopped_and_its_end_is_told_anew(week: Week) -> None:
    await chooses(week, chase_days=3)
    await week.ended("i1", berlin(-3, 15))
    await week.awake(berlin(3, 10, 30))
    assert ends(week) == [("2026-12-03", 3)]
    await chooses(week, chase_days=10)
    await week.at(berlin(3, 11))
    assert [one.rung for one in last_to_recruiter(week).others] == [Rung.OVERDUE]
    await week.awake(berlin(14, 12))
    assert week.keys()[-1] == "digest:UALEX:2026-12-11"
    assert ends(week) == [("2026-12-03", 3), ("2026-12-14", 10)]


async def test_back_to_fewer_days_tells_once_what_was_still_to_be_told(week: Week) -> None:
    await chooses(week, chase_days=3)
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(3, 7))
    for minute, days in ((1, 10), (2, 3)):
        await chooses(week, chase_days=days)
        await week.at(berlin(3, 7, minute))
    await week.awake(berlin(4, 12))
    assert ends(week) == [("2026-12-03", 3)]
    assert week.keys() == []


async def test_other_choices_say_nothing_anew_of_what_has_stopped(week: Week) -> None:
    await week.ended("i1", berlin(-17, 15))
    await week.awake(berlin(0, 10, 15))
    before = [len(post.shown) for post in week.slack.posts]
    assert ends(week) == [("2026-11-30", 10)]
    await chooses(week, hour=8)
    await week.reminders.choose(WORKSPACE, ALEX, lambda one: replace(one, hour=10))
    await week.awake(berlin(0, 12))
    assert [len(post.shown) for post in week.slack.posts] == before


async def test_a_scorecard_that_comes_after_the_stop_is_told_there_too(week: Week) -> None:
    await week.ended("i1", berlin(-17, 15))
    await week.awake(berlin(0, 10, 15))
    await week.closes("i1")
    assert last_to_recruiter(week).is_done


async def test_bad_hours_are_refused_and_only_admins_choose(week: Week) -> None:
    with pytest.raises(UserError, match="an end that's later than the start"):
        await chooses(week, closes=9)
    with pytest.raises(UserError, match="Only an admin"):
        await chooses(week, SAM, chase_days=20)
    assert await policy(week) == ReminderPolicy(WORKSPACE)


async def test_each_choice_is_recorded_by_its_name(week: Week) -> None:
    await chooses(week, nudge_after=None)
    await chooses(week, opens=7, closes=20)
    async with week.database.read() as tx:
        rows = await tx.connection.execute(select(audit).where(audit.c.workspace == WORKSPACE))
        found = sorted((row.actor, row.action, tuple(row.fields)) for row in rows)
    assert found == [
        ("UADMIN", "reminders.cadence", ("nudge_after",)),
        ("UADMIN", "reminders.cadence", ("opens", "closes")),
    ]


async def test_two_admins_at_once_lose_no_choice(week: Week) -> None:
    choices: list[dict[str, Any]] = [{"opens": 7}, {"closes": 20}, {"chase_days": 5}, {"hour": 8}]
    await asyncio.gather(*(chooses(week, **choice) for choice in choices))
    assert await policy(week) == ReminderPolicy(WORKSPACE, 8, chase_days=5, opens=7, closes=20)


async def test_another_workspace_keeps_its_own(week: Week) -> None:
    await chooses(week, chase_days=3)
    async with week.database.read() as tx:
        assert await tx.reminders.policy("T2") == ReminderPolicy("T2")


async def test_a_choice_in_the_middle_of_a_tick_waits_for_it(week: Week) -> None:
    """Whoever took them in another order would have the database end one of the two."""
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(-3, 16))
    week.clock._now = berlin(0, 9)
    async with week.database.write() as tx:
        await tx.reminders.recheck(WORKSPACE, None, week.clock.now())
    async with week.database.write() as tx:
        assert await tx.reminders.due_interviews(week.clock.now(), 10)
        choices = [
            asyncio.create_task(week.reminders.choose(WORKSPACE, ALEX, _at_eleven)),
            asyncio.create_task(home(week).opened(WORKSPACE, ALEX)),
        ]
        await asyncio.sleep(0.1)
        alex = await tx.reminders.get(WORKSPACE, ALEX)
        assert alex is not None
        await tx.reminders.set_next_checks([alex])
        await tx.homes.changed(WORKSPACE, None, week.clock.now())
    await asyncio.gather(*choices)
    async with week.database.read() as tx:
        assert (await tx.reminders.people(WORKSPACE, [ALEX]))[ALEX].hour == 11


def _at_eleven(person: Any) -> Any:
    return replace(person, hour=11)

"""That somebody can't make an interview reaches each organizer by their own calendar: at once where
it is near, else in their next digest, and once more on the day before."""

from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.ladder import DECLINES, Rung
from bot.domain.messages import MessageKind
from bot.domain.reminders import RemindedPerson
from bot.library.catalogue import Library
from bot.services.messages.reminders import LaterMessage
from bot.services.messages.reminders_due import Digest, stale_checks
from bot.services.panels.changes import PanelEdit
from bot.storage.database import Database
from tests.integration.test_reminders import ALEX, SAM, Week, berlin
from tests.integration.test_reminders_due import MANAGER, RECRUITER, changes_in, now_is, planned
from tests.support.people import WORKSPACE, person

TOLD = (MessageKind.PANEL_DECLINED, MessageKind.REMINDERS_DIGEST, MessageKind.REMINDERS_LATER)


@pytest.fixture
async def week(library: Library, database_url: str) -> AsyncIterator[Week]:
    database = Database(database_url)
    yield Week(library, database)
    await database.close()


async def works(week: Week, who: str, **choices: object) -> None:
    """How somebody works, in Berlin unless it says otherwise."""
    one = RemindedPerson(WORKSPACE, who, "Europe/Berlin")
    async with week.database.write() as tx:
        await tx.reminders.put([replace(one, **choices)])


async def declined(week: Week, at: datetime, ends_at: datetime) -> None:
    """Alex declines an interview of 45 minutes at that moment."""
    week.clock.set(at)
    await planned(week, "i1", ends_at)
    await changes_in(week).decline(WORKSPACE, ALEX, "i1")
    await sends(week)


async def sends(week: Week) -> None:
    for _ in range(4):
        week.clock.moves(seconds=2)
        await week.outbox.tick()


async def days_go_by(week: Week, days: Collection[int]) -> None:
    """The process ticks twice a day, from now on."""
    for day in days:
        for at in (berlin(day, 10), berlin(day, 16)):
            if at > week.clock.now():
                await week.at(at)


def heard(week: Week, who: str) -> list[tuple[str, date]]:
    """What somebody has heard of the interview, and on which day."""
    return [
        (post.kind, post.at.date())
        for post in week.slack.posts
        if post.channel == f"D{who}" and post.kind in TOLD
    ]


async def kept(week: Week, who: str) -> list[tuple[Rung, date | None]]:
    """What is kept of what somebody was told."""
    async with week.database.read() as tx:
        told = await tx.rungs.told(WORKSPACE, ["i1"])
    mine = (one for one in told if one.recipient == who and one.rung in DECLINES)
    return sorted((one.rung, one.day) for one in mine)


def december(day: int) -> date:
    return date(2026, 12, day)


AT_ONCE, DIGEST = MessageKind.PANEL_DECLINED, MessageKind.REMINDERS_DIGEST


async def test_far_off_it_comes_with_the_next_digest_and_again_on_the_day_before(
    week: Week,
) -> None:
    await declined(week, berlin(0, 12), berlin(11, 15))
    assert heard(week, RECRUITER) == heard(week, MANAGER) == []
    await days_go_by(week, range(14))
    for organizer in (RECRUITER, MANAGER):
        assert heard(week, organizer) == [(DIGEST, december(1)), (DIGEST, december(10))]
        assert await kept(week, organizer) == [
            (Rung.DAY_BEFORE, december(10)),
            (Rung.DECLINED, december(1)),
        ]
    first, second = [post.shown[0] for post in week.slack.posts if post.channel == f"D{MANAGER}"]
    for digest in (first, second):
        assert isinstance(digest, Digest)
        assert [one.interview.id for one in digest.replacements] == ["i1"]
    assert (first.next_at, second.next_at) == (berlin(10, 9), None)


@pytest.mark.parametrize(
    ("at", "ends_at", "choices"),
    [
        pytest.param(berlin(0, 12), berlin(1, 11), {}, id="the next day"),
        pytest.param(berlin(-3, 16), berlin(0, 15), {}, id="over a weekend"),
        pytest.param(berlin(-2, 16), berlin(0, 18), {}, id="at a weekend"),
        pytest.param(
            berlin(0, 16), berlin(2, 15), {"days_off": frozenset({december(1)})}, id="a day off"
        ),
        pytest.param(
            berlin(0, 16), berlin(2, 15), {"working_days": frozenset({0, 2})}, id="a short week"
        ),
        pytest.param(
            berlin(0, 12), berlin(4, 15), {"snoozed_until": berlin(6, 9)}, id="paused until after"
        ),
    ],
)
async def test_it_comes_at_once_where_a_digest_would_be_late(
    week: Week, at: datetime, ends_at: datetime, choices: dict[str, object]
) -> None:
    await works(week, MANAGER, **choices)
    await declined(week, at, ends_at)
    assert heard(week, MANAGER) == [(AT_ONCE, at.date())]
    assert await kept(week, MANAGER) == [(Rung.AT_ONCE, at.date())]
    await days_go_by(week, range(8))
    assert heard(week, MANAGER) == [(AT_ONCE, at.date())], "and not again"


async def test_each_organizer_hears_by_their_own_working_days(week: Week) -> None:
    """Tuesday is a day off for the hiring manager alone."""
    await works(week, RECRUITER)
    await works(week, MANAGER, days_off=frozenset({december(1)}))
    await declined(week, berlin(0, 16), berlin(2, 15))
    await days_go_by(week, range(1, 5))
    assert heard(week, MANAGER) == [(AT_ONCE, date(2026, 11, 30))]
    assert heard(week, RECRUITER) == [(DIGEST, december(1))], "which is the day before too"


async def test_and_by_their_own_zone(week: Week) -> None:
    """It is at nine on Wednesday evening in Los Angeles, and on Thursday in Berlin."""
    for who, zone in ((RECRUITER, "Europe/Berlin"), (MANAGER, "America/Los_Angeles")):
        week.people.people[who] = person(who, zone)
        await works(week, who, zone=zone)
    await declined(week, berlin(-3, 12), berlin(3, 6, 45))
    for hour in range(13, 24 * 8):
        await week.at(berlin(-3, 0) + timedelta(hours=hour))
    for who, days in ((RECRUITER, (0, 2)), (MANAGER, (-3, 1))):
        assert heard(week, who) == [(DIGEST, berlin(day, 12).date()) for day in days]


@pytest.mark.parametrize("change", ["replace", "cancel_interview", "cancel", "accept"])
async def test_what_was_done_something_about_is_not_told_again(week: Week, change: str) -> None:
    await declined(week, berlin(0, 12), berlin(11, 15))
    await week.at(berlin(1, 10))
    changes = changes_in(week)
    edit = PanelEdit("i1", (await now_is(week, "i1")).revision, "i1")
    if change == "accept":
        await changes.accept(WORKSPACE, ALEX, "i1")
    elif change == "replace":
        await changes.replace(WORKSPACE, RECRUITER, edit, SAM)
    else:
        whole = replace(edit, interview="" if change == "cancel" else "i1")
        await getattr(changes, change)(WORKSPACE, RECRUITER, whole)
    await sends(week)
    (digest,) = [post for post in week.slack.posts if post.channel == f"D{RECRUITER}"]
    shown = digest.shown[-1]
    assert isinstance(shown, Digest)
    assert shown.is_done
    assert not shown.replacements_besides
    await days_go_by(week, range(2, 14))
    assert heard(week, RECRUITER) == [(DIGEST, december(1))]


async def test_what_is_over_drops_out_and_home_still_has_it(week: Week) -> None:
    await declined(week, berlin(0, 12), berlin(2, 15))
    await days_go_by(week, range(1, 10))
    assert heard(week, MANAGER) == [(DIGEST, december(1))]
    async with week.database.read() as tx:
        assert await stale_checks(tx, week.clock.now()) == []


async def test_who_was_asleep_over_the_first_day_tells_it_on_the_next(week: Week) -> None:
    await declined(week, berlin(0, 12), berlin(11, 15))
    await days_go_by(week, range(3, 14))
    assert heard(week, MANAGER) == [(DIGEST, december(3)), (DIGEST, december(10))]


async def test_declined_once_more_it_is_told_once_more(week: Week) -> None:
    await declined(week, berlin(0, 12), berlin(11, 15))
    await days_go_by(week, [1])
    await changes_in(week).accept(WORKSPACE, ALEX, "i1")
    await days_go_by(week, [2])
    await changes_in(week).decline(WORKSPACE, ALEX, "i1")
    await days_go_by(week, range(3, 14))
    assert [day for _, day in heard(week, MANAGER)] == [december(day) for day in (1, 3, 10)]


async def test_a_digest_that_is_put_off_lists_it_again(week: Week) -> None:
    await declined(week, berlin(0, 12), berlin(11, 15))
    await week.at(berlin(1, 10))
    await week.reminders.later(WORKSPACE, RECRUITER)
    await week.at(berlin(1, 11, 1))
    (later,) = [post for post in week.slack.posts if post.kind == LaterMessage.kind]
    shown = later.shown[-1]
    assert isinstance(shown, Digest)
    assert [one.interview.id for one in shown.replacements] == ["i1"]


async def test_a_digest_about_something_else_does_not_say_it_again_but_knows_of_it(
    week: Week,
) -> None:
    await declined(week, berlin(0, 12), berlin(11, 15))
    await days_go_by(week, [1])
    await week.ended("i2", berlin(1, 18), who=SAM)
    async with week.database.write() as tx:
        await tx.connection.exec_driver_sql(
            f"UPDATE interviews SET interviewer = '{RECRUITER}' WHERE id = 'i2'"
        )
    await week.at(berlin(2, 10))
    digest = next(post for post in week.slack.posts if post.key == f"digest:{RECRUITER}:2026-12-02")
    shown = digest.shown[-1]
    assert isinstance(shown, Digest)
    assert ([due.interview for due in shown.due_scorecards], shown.replacements) == (["i2"], [])
    assert shown.replacements_besides == 1

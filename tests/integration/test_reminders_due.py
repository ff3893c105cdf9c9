"""What reminders are about: never what somebody can't make, but that somebody else has to be found;
nothing in the moment it is entered; and what was put off only while it is due."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.candidates import Candidate
from bot.domain.home import ReminderReason
from bot.domain.messages import MessageKind
from bot.domain.panels.details import details
from bot.domain.panels.panel import NewInterview, Panel
from bot.domain.scorecards.closing import Closing, ClosingKind
from bot.library.catalogue import Library
from bot.services.frozen_contents import Contents
from bot.services.home import HomeService
from bot.services.messages.reminders import LaterMessage, NudgeMessage, StoppedMessage
from bot.services.messages.reminders_due import stale_checks
from bot.services.panels.changes import PanelChanges, PanelEdit
from bot.storage.database import Database
from tests.integration.test_reminders import ALEX, PRIYA, SAM, Week, berlin
from tests.support.panels import frozen, interview, panel, stored
from tests.support.people import WORKSPACE, rights_of

RECRUITER, MANAGER = "U1", "UMANAGER"


@pytest.fixture
async def week(library: Library, database_url: str) -> AsyncIterator[Week]:
    database = Database(database_url)
    yield Week(library, database)
    await database.close()


def changes_in(week: Week) -> PanelChanges:
    rights = rights_of(week.people, week.database, week.clock)
    return PanelChanges(week.database, rights, Contents(), week.clock, lambda: None)


def home_in(week: Week) -> HomeService:
    rights = rights_of(week.people, week.database, week.clock)
    return HomeService(week.database, rights, week.clock, lambda: None)


async def planned(week: Week, id: str, ends_at: datetime, **changes: object) -> Panel:
    """A panel of one interview, Alex's."""
    item = interview(ALEX, id=id, starts_at=ends_at - timedelta(minutes=45))
    item = replace(item, zone="Europe/Berlin", interviewer_zone="Europe/Berlin", **changes)
    whole = replace(
        panel(item), id=id, application=id, candidate=Candidate(id, f"Robin {id}", None, None)
    )
    async with week.database.write() as tx:
        await stored(tx, whole, frozen(week.library))
    return whole


async def now_is(week: Week, id: str) -> Panel:
    async with week.database.read() as tx:
        found = await tx.panels.get(WORKSPACE, id)
    assert found is not None
    return found


def told(week: Week, person: str) -> list[str]:
    """The kinds of what reminders have told somebody, in order."""
    return [post.kind for post in week.slack.posts if post.channel == f"D{person}"]


def digests(week: Week) -> list[str]:
    """The keys of all digests that have come."""
    return [post.key for post in week.slack.posts if post.kind == MessageKind.REMINDERS_DIGEST]


async def test_whoever_cannot_make_it_is_never_reminded_and_nobody_hears_of_days_gone_by(
    week: Week,
) -> None:
    week.clock.set(berlin(0, 12))
    await planned(week, "i1", berlin(1, 15))
    await changes_in(week).decline(WORKSPACE, ALEX, "i1")
    await week.tick()
    for day in range(1, 25):
        await week.at(berlin(day, 10))
        await week.at(berlin(day, 16))
    assert set(told(week, ALEX)) <= {MessageKind.PANEL_KIT}
    home = await home_in(week).of(WORKSPACE, ALEX)
    assert (home.due, home.coming, home.next) == ([], [], None)
    for organizer in (RECRUITER, MANAGER):
        reminders = [kind for kind in told(week, organizer) if kind.startswith("reminders")]
        assert reminders == [MessageKind.REMINDERS_DIGEST], (
            "the next day's, which is the day before the interview too; none tells of a scorecard "
            "that is due for long"
        )


async def test_the_organizers_digest_says_whom_to_replace_until_somebody_has(week: Week) -> None:
    week.clock.set(berlin(0, 12))
    await planned(week, "i1", berlin(4, 15))
    await changes_in(week).decline(WORKSPACE, ALEX, "i1", "Dentist")
    await week.at(berlin(0, 12, 1))
    assert told(week, RECRUITER) == told(week, MANAGER) == [], "they read it the next morning"
    await week.at(berlin(1, 10))
    (mine,) = [post for post in week.slack.posts if post.key == f"digest:{RECRUITER}:2026-12-01"]
    (one,) = mine.shown[-1].replacements
    assert (one.interview.interviewer, one.interview.declined_because) == (ALEX, "Dentist")
    home = await home_in(week).of(WORKSPACE, RECRUITER)
    assert [one.interview.id for one in home.replacements] == ["i1"]
    assert home.next is not None
    assert home.next.at == mine.shown[-1].next_at == berlin(3, 10), "the day before"
    async with week.database.read() as tx:
        assert await stale_checks(tx, week.clock.now()) == []
    edit = PanelEdit("i1", (await now_is(week, "i1")).revision, "i1")
    await changes_in(week).replace(WORKSPACE, RECRUITER, edit, SAM)
    for _ in range(4):
        week.clock.moves(seconds=2)
        await week.outbox.tick()
    assert mine.shown[-1].is_done
    count = len([kind for kind in told(week, RECRUITER) if kind.startswith("reminders")])
    await week.at(berlin(2, 10))
    assert len([kind for kind in told(week, RECRUITER) if kind.startswith("reminders")]) == count


async def test_who_can_make_it_after_all_has_a_scorecard_due_again(week: Week) -> None:
    week.clock.set(berlin(0, 12))
    await planned(week, "i1", berlin(2, 15))
    await changes_in(week).decline(WORKSPACE, ALEX, "i1")
    await week.tick()
    await week.at(berlin(1, 10))
    (mine,) = [post for post in week.slack.posts if post.key == f"digest:{RECRUITER}:2026-12-01"]
    await changes_in(week).accept(WORKSPACE, ALEX, "i1")
    for _ in range(4):
        week.clock.moves(seconds=2)
        await week.outbox.tick()
    assert mine.shown[-1].is_done
    await week.at(berlin(2, 15))
    await week.at(berlin(3, 10))
    assert f"digest:{ALEX}:2026-12-03" in digests(week)
    assert digests(week).count(f"digest:{RECRUITER}:2026-12-02") == 0


async def test_a_new_recruiter_is_reminded_in_the_place_of_the_one_before(week: Week) -> None:
    week.clock.set(berlin(0, 12))
    whole = await planned(week, "i1", berlin(4, 15))
    async with week.database.write() as tx:
        other = replace(whole, set_up_by=MANAGER)
        await tx.connection.exec_driver_sql("UPDATE panels SET set_up_by = 'UMANAGER'")
    await changes_in(week).decline(WORKSPACE, ALEX, "i1")
    await week.tick()
    await week.at(berlin(1, 10))
    assert f"digest:{RECRUITER}:2026-12-01" in digests(week)
    edit = PanelEdit("i1", (await now_is(week, "i1")).revision)
    given = replace(details(other), recruiter=PRIYA)
    await changes_in(week).give_details(WORKSPACE, MANAGER, edit, given)
    await week.at(berlin(1, 10, 1))
    await week.at(berlin(1, 10, 2))
    (before,) = [post for post in week.slack.posts if post.key == f"digest:{RECRUITER}:2026-12-01"]
    assert before.shown[-1].is_done
    assert digests(week).count(f"digest:{PRIYA}:2026-12-01") == 1
    await week.at(berlin(3, 16))
    assert f"digest:{PRIYA}:2026-12-03" in digests(week), "the day before"
    assert f"digest:{RECRUITER}:2026-12-03" not in digests(week)


async def test_the_database_and_the_rules_agree_on_what_is_due(week: Week) -> None:
    ends_at, now = berlin(-3, 15), berlin(0, 9)
    facts = list(itertools.product([False, True], repeat=4))
    for number, (declined, cancelled, closed, reassigned) in enumerate(facts):
        id = f"i{number}"
        at = ends_at - timedelta(days=1)
        marks = {"declined_at": at} if declined else {}
        marks |= {"cancelled_at": at} if cancelled else {}
        await planned(week, id, ends_at, **marks)
        async with week.database.write() as tx:
            if reassigned:
                item = Closing(WORKSPACE, id, 1, ClosingKind.REASSIGNED, ALEX, at, SAM)
                await tx.scorecards.close(item, is_over=False)
            if closed:
                item = Closing(WORKSPACE, id, 2, ClosingKind.NO_SHOW, ALEX, at)
                await tx.scorecards.close(item)
    ids = [f"i{number}" for number in range(len(facts))]
    async with week.database.read() as tx:
        dues = {one.interview: one for one in await tx.scorecards.due_scorecards(WORKSPACE, ids)}
        missing = await tx.reminders.all_missing_scorecards(now)
        replaced = await tx.reminders.all_missing_replacements()
    assert {one.interview for one in missing} == {id for id in ids if dues[id].is_due(now)}
    assert {one.interview for one in replaced} == {id for id in ids if dues[id].needs_replacement}
    for number, (declined, cancelled, closed, reassigned) in enumerate(facts):
        due = dues[f"i{number}"]
        is_open = not cancelled and not closed
        assert due.is_pending == (is_open and (reassigned or not declined))
        assert due.needs_replacement == (is_open and declined and not reassigned)


@pytest.mark.parametrize("days_ago", [0, 1, 21])
async def test_what_is_entered_after_it_was_held_is_first_reminded_of_the_next_morning(
    week: Week, days_ago: int
) -> None:
    week.clock.set(berlin(0, 12))
    await planned(week, "i1", berlin(-days_ago, 10), entered_at=week.clock.now())
    for _ in range(20):
        await week.tick()
        week.clock.moves(minutes=15)
    assert week.slack.posts == [], "neither a nudge nor a digest, nor that reminding has stopped"
    await week.at(berlin(1, 9))
    assert digests(week) == [f"digest:{ALEX}:2026-12-01"]


async def test_what_is_entered_just_after_its_end_is_nudged_about_at_its_time(week: Week) -> None:
    week.clock.set(berlin(0, 12))
    await planned(week, "i1", berlin(0, 11, 30), entered_at=week.clock.now())
    await week.tick()
    assert week.slack.posts == []
    await week.at(berlin(0, 12, 30))
    assert week.keys(NudgeMessage.kind) == ["nudge:i1"]


async def test_in_one_hour_ends_with_what_was_put_off(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.at(berlin(0, 9))
    week.clock.set(berlin(0, 9, 5))
    await week.reminders.later(WORKSPACE, ALEX)
    await week.ended("i2", berlin(0, 9, 40))
    week.clock.set(berlin(0, 9, 50))
    await week.closes("i1")
    async with week.database.read() as tx:
        person = await tx.reminders.get(WORKSPACE, ALEX)
    assert person is not None
    assert person.later_at is None
    following = (await home_in(week).of(WORKSPACE, ALEX)).next
    assert following is not None
    assert following.why is not ReminderReason.LATER
    await week.at(berlin(0, 10, 5))
    assert week.keys(LaterMessage.kind) == []
    assert week.shown(0).is_done


async def test_what_was_put_off_and_is_still_due_comes_again(week: Week) -> None:
    await week.ended("i1", berlin(-3, 15))
    await week.ended("i2", berlin(-3, 16))
    await week.at(berlin(0, 9))
    week.clock.set(berlin(0, 9, 5))
    await week.reminders.later(WORKSPACE, ALEX)
    await week.closes("i1")
    await week.at(berlin(0, 10, 5))
    assert len(week.keys(LaterMessage.kind)) == 1
    assert [due.interview for due in week.shown().due_scorecards] == ["i2"]


async def test_an_interview_moved_to_the_past_is_no_nag_either(week: Week) -> None:
    week.clock.set(berlin(0, 12))
    whole = await planned(week, "i1", berlin(2, 15))
    item = whole.interviews[0]
    edit = PanelEdit("i1", 1, "i1")
    new = NewInterview(ALEX, item.focus, berlin(-3, 14), 45)
    await changes_in(week).reschedule(WORKSPACE, RECRUITER, edit, new)
    await week.at(berlin(0, 12, 1))
    assert digests(week) == week.keys(NudgeMessage.kind) == week.keys(StoppedMessage.kind) == []
    await week.at(berlin(1, 9))
    assert digests(week) == [f"digest:{ALEX}:2026-12-01"]

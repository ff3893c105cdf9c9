"""Public holidays and days off, as people choose them at home, and what they hear then."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.library.catalogue import Library
from bot.playground.rules.limits import faults
from handlers.ids import HOME_COUNTRY, HOME_EVERY_COUNTRY
from tests.integration.test_home import (
    at_home,
    changes,
    chooses,
    chooses_in_vain,
    chosen,
    opens,
    presses,
    spaced,
    takes_off,
)
from tests.integration.test_reminders_wire import ALEX, Desk
from tests.support.clock import ManualClock
from tests.support.panelist import running, text_of
from tests.support.panels import frozen, interview, panel, stored
from tests.support.slack import StandIn
from tests.support.wire import WORKSPACE

CHRISTMAS_EVE = datetime(2026, 12, 24, 9, tzinfo=UTC)
"""A Thursday. In Germany, where Alex is, the two days after it are public holidays."""


@pytest.fixture
async def desk(slack: StandIn, database_url: str, library: Library) -> AsyncIterator[Desk]:
    clock = ManualClock(CHRISTMAS_EVE)
    slack.people[ALEX] = {"id": ALEX, "name": "alex", "team_id": WORKSPACE, "tz": "Europe/Berlin"}
    slack.conversations.now = lambda: clock.now().timestamp()
    admins = frozenset({"UADMIN"})
    async with running(slack, database_url, clock=clock, panelist_admins=admins) as panelist:
        whole = panel(interview(ALEX, id="1" * 16, starts_at=CHRISTMAS_EVE))
        async with panelist.application.database.write() as tx:
            await stored(tx, whole, frozen(library))
        yield Desk(panelist, slack, clock)


async def hears(desk: Desk, day: date) -> bool:
    """Whether Alex hears anything by the morning of that day."""
    before = len(desk.said())
    await desk.at(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
    return len(desk.said()) > before


async def test_on_a_public_holiday_nobody_is_reminded(desk: Desk) -> None:
    await desk.at(CHRISTMAS_EVE + timedelta(hours=3))
    await opens(desk)
    assert "no days off · public holidays in Germany" in at_home(desk)
    assert not await hears(desk, date(2026, 12, 25))
    assert not await hears(desk, date(2026, 12, 26))
    assert await hears(desk, date(2026, 12, 28))


async def test_whoever_wants_none_or_another_countrys_has_those(desk: Desk) -> None:
    await desk.at(CHRISTMAS_EVE + timedelta(hours=3))
    form = await changes(desk)
    assert faults("modal", form) == []
    assert "Your time zone's: Germany" in text_of(form)
    form = await chooses(desk, HOME_COUNTRY, chosen("GB"))
    assert "public holidays in United Kingdom" in at_home(desk)
    form = await chooses(desk, HOME_COUNTRY, chosen("none"))
    assert faults("modal", form) == []
    assert "public holidays" not in at_home(desk)
    assert await hears(desk, date(2026, 12, 25))
    await chooses(desk, HOME_COUNTRY, chosen("zone"))
    assert "public holidays in Germany" in at_home(desk)


async def test_a_country_that_is_not_offered_is_refused(desk: Desk) -> None:
    await opens(desk)
    await chooses_in_vain(desk, HOME_COUNTRY, chosen("XX"))
    await chooses_in_vain(desk, HOME_EVERY_COUNTRY, chosen("XX"), "UADMIN")
    for refused in desk.slack.called("views.push"):
        assert "Choose one of the values that are offered." in text_of(refused["view"])
    assert len(desk.slack.called("views.push")) == 2


async def test_an_admin_switches_them_off_for_whoever_made_no_choice(desk: Desk) -> None:
    await desk.at(CHRISTMAS_EVE + timedelta(hours=3))
    form = await changes(desk, "UADMIN", "Workspace settings")
    assert "By each person's country" in text_of(form)
    assert "no holidays · public holidays" in at_home(desk)
    form = await chooses(desk, HOME_EVERY_COUNTRY, chosen("none"), "UADMIN")
    assert faults("modal", form) == []
    assert "no holidays · public" not in at_home(desk)
    await opens(desk)
    assert "public holidays" not in at_home(desk)
    assert "Workspace default: none" in text_of(await changes(desk))
    assert await hears(desk, date(2026, 12, 25))


async def test_a_range_of_days_off_is_entered_and_taken_back_as_one(desk: Desk) -> None:
    form = await changes(desk)
    form = await takes_off(desk, "2026-12-28", "2027-01-08")
    assert faults("modal", form) == []
    assert "Mon, Dec 28, 2026 – Fri, Jan 8, 2027 ✕" in spaced(text_of(form))
    assert "12 days off" in at_home(desk)
    form = await takes_off(desk, "2027-01-10", "2027-01-11")
    assert "Sun, Jan 10 – Mon, Jan 11, 2027 ✕" in spaced(text_of(form))
    assert not await hears(desk, date(2026, 12, 29))
    assert not await hears(desk, date(2027, 1, 11))
    assert await hears(desk, date(2027, 1, 12))
    await presses(desk, form, "Sun, Jan 10 – Mon, Jan 11, 2027 ✕", kind="modal")
    assert "Jan 10" not in spaced(text_of(desk.slack.called("views.update")[-1]["view"]))


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (None, "2027-01-08", "Choose the first day off."),
        ("2027-01-08", "2027-01-01", "The last day off is before the first."),
        ("2027-01-08", "2029-01-08", "more than a year"),
        ("2026-12-01", "2027-01-08", "This day has passed."),
    ],
)
async def test_a_range_that_nobody_could_mean_says_so(
    desk: Desk, first: str | None, last: str, why: str
) -> None:
    await changes(desk)
    await takes_off(desk, first, last)
    assert why in text_of(desk.slack.called("views.push")[-1]["view"])


async def test_more_days_off_than_anybody_has_say_so(desk: Desk) -> None:
    await changes(desk)
    await takes_off(desk, "2027-01-01", "2027-12-31")
    await takes_off(desk, "2028-01-01", "2028-03-01")
    assert "more than 400 days off" in text_of(desk.slack.called("views.push")[-1]["view"])

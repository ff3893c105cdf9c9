"""Two late days at the page, as recruiter, hiring manager and interviewer: what each of them gets,
and on which day. An organizer gets one message a day at most, besides that all are in, and that the
candidate is to hear soon."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, expect

from bot.domain.debriefs.answers import BEFORE
from bot.domain.reminders import ReminderPolicy
from bot.library.catalogue import Library
from bot.storage.database import Database
from tests.e2e.test_reminders import moves_the_clock
from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.databases import sqlite_url
from tests.support.demo import Demo
from tests.support.panels import frozen, interview, panel, stored
from tests.support.playground import HIRING

pytestmark = IN_BROWSER

RILEY, MORGAN, ALEX, SAM = "U0RECRUIT", "U0MANAGER", "U0ALEX", "U0SAM"
NEW_YORK = ZoneInfo("America/New_York")
"""Sam's zone: when it is nine there, everybody else's morning has come too."""


def working_days(count: int) -> list[date]:
    """The next days from Monday to Friday in New York; the clock's menu offers the first."""
    day, found = datetime.now(NEW_YORK).date(), []
    while len(found) < count:
        day += timedelta(days=1)
        if day.weekday() < 5:
            found.append(day)
    return found


async def books(demo: Demo, library: Library, starts_at: datetime) -> None:
    """Alex and Sam interview at the same time, for a panel that Riley has set up for Morgan; no
    public holiday of these days gets in between."""
    database = Database(sqlite_url(demo.folder / "panelist-demo" / "panelist.db"))
    both = [
        replace(
            interview(who, "debugging", id=f"{number}" * 16, starts_at=starts_at),
            interviewer_zone=zone,
        )
        for number, (who, zone) in enumerate(
            ((ALEX, "Europe/Berlin"), (SAM, "America/New_York")), start=1
        )
    ]
    whole = replace(
        panel(*both, workspace="T0PANELIST"),
        id="3" * 16,
        set_up_by=RILEY,
        recruiter=RILEY,
        hiring_manager=MORGAN,
    )
    async with database.write() as tx:
        await tx.reminders.put_policy(ReminderPolicy("T0PANELIST", public_holidays=False))
        await stored(tx, whole, frozen(library))
    await database.close()


async def writes(seat: Seat, where: Locator) -> None:
    """Writes the scorecard from this message."""
    await where.get_by_role("button", name="Write scorecard").first.click()
    form = seat.page.get_by_role("dialog")
    await form.get_by_role("radio", name="Not assessed").check()
    await expect(form.get_by_role("textbox")).to_have_count(0)
    await form.get_by_role("button", name="Next").click()
    await form.get_by_role("radio", name="Yes", exact=True).check()
    await form.get_by_role("button", name="Submit").click()


async def days_told(seat: Seat, days: list[date]) -> list[int]:
    """How many messages Panelist has sent to this person on each of these days of theirs."""
    containers = await seat.messages.evaluate_all(
        "all => all.filter(one => !one.classList.contains('ephemeral'))"
        ".map(one => one.dataset.container)"
    )
    stamps = [float(json.loads(one)["ts"]) for one in containers]
    told = Counter(datetime.fromtimestamp(stamp, NEW_YORK).date() for stamp in stamps)
    return [told[day] for day in days]


async def test_two_late_days_bring_an_organizer_one_message_a_day_at_most(
    new_demo: Demo, browsing: Browsing, library: Library
) -> None:
    days = working_days(5)
    starts_at = datetime.combine(days[0], time(9, 15), NEW_YORK).astimezone(UTC)
    await books(new_demo, library, starts_at)
    seats = {
        who: Seat(await browsing.opens(new_demo.at(who, HIRING)))
        for who in (RILEY, MORGAN, ALEX, SAM)
    }
    riley, morgan, alex, sam = seats.values()
    for seat in seats.values():
        await seat.reads("Panelist")

    # The day of the interviews: Sam writes at once, and Alex is nudged.
    await moves_the_clock(sam, "morning")
    await moves_the_clock(sam, "hour")
    await writes(sam, await sam.says("/scorecard"))
    for organizer in (riley, morgan):
        await expect(organizer.messages.filter(has_text="1 of 2 in")).to_have_count(1)
    await moves_the_clock(sam, "hour")
    await expect(alex.messages.filter(has_text="how did it go?")).to_have_count(1)

    # The next morning it is due, and from the afternoon on it is late.
    await moves_the_clock(sam, "morning")
    await expect(alex.messages.filter(has_text="You have 1 scorecard due")).to_have_count(1)

    # The first late day: the hiring manager reads it.
    await moves_the_clock(sam, "morning")
    await expect(alex.messages.filter(has_text="You have 1 late scorecard")).to_have_count(1)
    late = morgan.messages.filter(has_text="1 scorecard is late")
    await expect(late).to_contain_text("Robin Doe")
    for organizer in (riley, morgan):
        progress = organizer.messages.filter(has_text="1 of 2 in, 1 late")
        await expect(progress).to_have_count(1)

    # The second one: nobody but Alex gets anything.
    await moves_the_clock(sam, "morning")
    await expect(alex.messages.filter(has_text="You have 1 late scorecard")).to_have_count(2)

    # The third morning the recruiter reads it, with what can be done; then it comes.
    await moves_the_clock(sam, "morning")
    overdue = riley.messages.filter(has_text="1 scorecard is late")
    await expect(overdue.get_by_role("button", name="Remind now")).to_have_count(1)
    digest = alex.messages.filter(has_text="You have 1 late scorecard").last
    await expect(alex.messages.filter(has_text="You have 1 late scorecard")).to_have_count(3)
    await writes(alex, await alex.that(digest))
    for organizer in (riley, morgan):
        await expect(organizer.messages.filter(has_text="all 2 in")).to_have_count(2)
    await expect(alex.messages.filter(has_text="You're all caught up.")).to_have_count(4)

    assert await days_told(alex, days[:4]) == [1, 1, 1, 1], "a nudge, then a digest a day"
    hears_by = working_days(6)[-1]
    soon = [day == max(one for one in days if one <= hears_by - BEFORE) for day in days]
    by_day = [told + is_soon for told, is_soon in zip([1, 0, 1, 0, 1], soon, strict=True)]
    assert await days_told(morgan, days) == by_day, "the last is that all are in"
    assert await days_told(riley, days) == [1, 0, 0, 0, 2], "a digest, and that all are in"

"""From an interview's end to its nudge, its digest, its scorecard and "caught up", at the page."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import expect

from bot.library.catalogue import Library
from bot.storage.database import Database
from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.databases import sqlite_url
from tests.support.demo import Demo
from tests.support.panels import frozen, interview, panel, stored
from tests.support.playground import HIRING

pytestmark = IN_BROWSER

ALEX, BERLIN = "U0ALEX", ZoneInfo("Europe/Berlin")


def next_morning() -> datetime:
    """Nine in Berlin on the next day from Monday to Friday."""
    day = datetime.now(BERLIN).date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, time(9), BERLIN).astimezone(UTC)


async def book(demo: Demo, library: Library, starts_at: datetime) -> None:
    """Alex has an interview."""
    database = Database(sqlite_url(demo.folder / "panelist-demo" / "panelist.db"))
    one = interview(ALEX, "debugging", id="1" * 16, starts_at=starts_at)
    one = replace(one, interviewer_zone="Europe/Berlin")
    whole = replace(
        panel(one, workspace="T0PANELIST"),
        id="2" * 16,
        set_up_by="U0RECRUIT",
        recruiter="U0RECRUIT",
        hiring_manager="U0MANAGER",
    )
    async with database.write() as tx:
        await stored(tx, whole, frozen(library))
    await database.close()


async def moves_the_clock(slot: Seat, to: str) -> None:
    """Moves it, and waits until the page has come back with the new time."""
    async with slot.page.expect_navigation():
        await slot.page.get_by_label("Clock").select_option(to)
    await expect(slot.page.get_by_label("Clock")).to_be_visible()


async def test_from_the_end_of_an_interview_to_all_done(
    new_demo: Demo, browsing: Browsing, library: Library
) -> None:
    morning = next_morning()
    await book(new_demo, library, morning + timedelta(minutes=30))
    alex = Seat(await browsing.opens(new_demo.at(ALEX, HIRING)))
    await expect(alex.page.get_by_label("Clock")).to_contain_text("Real time")
    await moves_the_clock(alex, "morning")
    await alex.reads("Panelist")
    for _ in range(3):
        await expect(alex.messages.filter(has_text="how did it go?")).to_have_count(0)
        await moves_the_clock(alex, "hour")
    nudge = alex.messages.filter(has_text="how did it go?")
    await expect(nudge).to_contain_text("Robin Doe")

    await moves_the_clock(alex, "morning")
    digest = await alex.that(alex.messages.filter(has_text="You have 1 scorecard due"))
    await expect(digest).to_contain_text("Next reminder: ")
    await digest.get_by_role("button", name="Write scorecard").click()
    form = alex.page.get_by_role("dialog")
    await form.get_by_role("radio", name="Not assessed").check()
    await expect(form.get_by_role("textbox")).to_have_count(0)
    await form.get_by_role("button", name="Next").click()
    await form.get_by_role("radio", name="Yes", exact=True).check()
    await form.get_by_role("button", name="Submit").click()
    await expect(digest).to_contain_text("You're all caught up.")
    await expect(alex.messages.filter(has_text="nothing is due")).to_have_count(1)

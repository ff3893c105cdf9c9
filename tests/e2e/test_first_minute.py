"""The first minute as a newcomer lives it: `panelist demo`, a browser, and nothing else."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Locator, Page, expect

from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Demo
from tests.support.playground import HIRING, RILEY

pytestmark = IN_BROWSER

FIRST_LINE = "/jd backend-developer"


async def stands_there(message: Locator) -> None:
    """A job description, whole and with its buttons."""
    await expect(
        message.get_by_role("heading", name="Backend Developer", exact=True)
    ).to_be_visible()
    for part in ("Key skills", "What you'll do", "What you'll bring", "Nice to have"):
        await expect(message.get_by_text(part, exact=True)).to_be_attached()
    for button in ("Interview questions", "Hiring guide", "More actions"):
        await expect(message.get_by_role("button", name=button)).to_be_attached()


@pytest.mark.parametrize("width", [1280, 375])
async def test_from_the_printed_address_to_the_posted_description(
    new_demo: Demo, browsing: Browsing, width: int
) -> None:
    assert f"Panelist's playground: {new_demo.address}\n" in new_demo.output
    page = await browsing.opens(new_demo.address, width=width)
    slot = Seat(page)
    await expect(page.get_by_role("heading", level=1, name="hiring")).to_be_visible()
    await page.get_by_role("region", name="Your first minute").get_by_role("button").first.click()
    await expect(slot.composer).to_have_value(FIRST_LINE)
    await expect(slot.composer).to_be_focused()
    await expect(slot.messages).to_have_count(0)
    await page.get_by_role("button", name="Send").click()
    await stands_there(slot.newest)
    await expect(slot.newest.get_by_role("heading")).to_be_in_viewport()
    await expect(slot.messages.first).to_contain_text(FIRST_LINE)
    assert await page.evaluate("document.documentElement.scrollWidth") == width


async def test_every_guided_line_is_answered(new_demo: Demo, browsing: Browsing) -> None:
    slot = Seat(await browsing.opens(new_demo.at(RILEY, HIRING)))
    lines = slot.page.get_by_role("region", name="Your first minute").get_by_role("button")
    modal = slot.page.get_by_role("dialog")
    for number in range(await lines.count()):
        before = await slot.messages.count()
        if await lines.nth(number).get_attribute("data-clock"):
            async with slot.page.expect_navigation():
                await lines.nth(number).click()
            await expect(slot.page.get_by_label("Clock")).to_contain_text("9:00 AM")
            continue
        await lines.nth(number).click()
        await slot.composer.press("Enter")
        await expect(modal.or_(slot.messages.nth(before))).to_be_attached()
        await expect(slot.page.get_by_text(re.compile("failed with|went wrong"))).to_have_count(0)
        if await modal.count():
            await slot.page.keyboard.press("Escape")
            await expect(modal).to_have_count(0)


async def test_the_note_leads_to_a_reminder_and_a_scorecard(
    new_demo: Demo, browsing: Browsing
) -> None:
    page = await browsing.opens(new_demo.address)
    slot = Seat(page)
    note = page.get_by_role("region", name="Your first minute")
    await note.get_by_role("button", name="/panel").click()
    await slot.composer.press("Enter")
    form = slot.modal("Interview panel")
    await form.get_by_role("textbox", name="Candidate", exact=True).fill("Robin Doe")
    await picks(form, "Role", "Backend Developer")
    await picks(form, "Interviewers", "Riley Chen")
    began = datetime.now(ZoneInfo("Europe/London")) - timedelta(minutes=1)
    await form.get_by_label("First interview").fill(f"{began:%Y-%m-%dT%H:%M}")
    await form.get_by_label("First interview").press("Tab")
    await expect(form).to_contain_text("Riley's interview is in the past.")
    await picks(form, "Hiring manager", "Morgan Adeyemi")
    await form.get_by_role("button", name="Set up").click()
    await slot.modal("Panel set up").get_by_role("button", name="Done").click()

    async with page.expect_navigation():
        await note.get_by_role("button", name="Move the clock past it").click()
    await slot.reads("Panelist")
    await expect(slot.newest).to_contain_text("Robin Doe")
    # What was over long before 9:00 AM is late by the next day's.
    reminder = re.compile("You have 1 (scorecard due|late scorecard)")
    await expect(slot.messages.filter(has_text=reminder)).to_have_count(1)

    await slot.reads("hiring")
    await note.get_by_role("button", name="/scorecard").click()
    await slot.composer.press("Enter")
    due = slot.newest.filter(has_text="Robin Doe")
    await due.get_by_role("button", name="Write scorecard").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Robin Doe")


async def picks(form: Locator, field: str, choice: str) -> None:
    await form.get_by_role("combobox", name=field).fill(choice)
    await form.get_by_role("option", name=choice).first.click()


async def test_by_keyboard_alone(new_demo: Demo, browsing: Browsing) -> None:
    page = await browsing.opens(new_demo.address)
    slot = Seat(page)
    await expect(slot.composer).to_be_focused()
    first = page.get_by_role("button", name=FIRST_LINE)
    for _ in range(10):
        await page.keyboard.press("Shift+Tab")
        if await focused(page, first):
            break
    await expect(first).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(slot.composer).to_be_focused()
    await page.keyboard.press("Enter")
    await stands_there(slot.newest)

    await page.keyboard.type("/jd")
    await page.keyboard.press("Enter")
    picker = slot.modal("Post a job description")
    await expect(picker.get_by_role("combobox", name="Role")).to_be_focused()
    await page.keyboard.type("front")
    await page.keyboard.press("Enter")
    await expect(picker.get_by_role("heading", name="Frontend Engineer")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(picker.get_by_role("button", name="Post")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(picker).to_be_hidden()
    await expect(slot.composer).to_be_focused()
    await expect(slot.newest.get_by_role("heading", name="Frontend Engineer")).to_be_visible()


async def focused(page: Page, control: Locator) -> bool:
    return bool(await control.evaluate("control => control === document.activeElement"))


async def test_two_people_at_once_see_each_others_posts(demo: Demo, browsing: Browsing) -> None:
    riley = Seat(await browsing.opens(demo.at(RILEY, HIRING)))
    morgan = Seat(await browsing.opens(demo.at("U0MANAGER", HIRING)))
    await riley.says("/jd qa-engineer")
    await expect(morgan.newest.get_by_role("heading", name="QA Engineer")).to_be_visible()
    await morgan.says("Looks good to me, Riley.")
    await expect(riley.newest).to_contain_text("Looks good to me, Riley.")
    await riley.says("/jd preview data-engineer")
    await expect(riley.newest).to_contain_text("Only visible to you")
    await expect(morgan.newest).to_contain_text("Looks good to me, Riley.")

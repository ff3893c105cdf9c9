"""Whether a candidate is one that Riley knows is asked in `/panel`, on a desk and on a phone."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.test_panels import DAY, begins, picks
from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Demo
from tests.support.playground import HIRING

pytestmark = IN_BROWSER

SIZES = [(1280, 800), (390, 800)]
"""A desk and a phone."""


async def pictured(page: Page, name: str) -> None:
    """Keeps a picture of the page where PANELIST_PICTURES says."""
    folder = os.environ.get("PANELIST_PICTURES")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def starts(riley: Seat, name: str, choice: str) -> Locator:
    """Fills in the form for one interviewer, without submitting it."""
    await riley.types("/panel")
    form = riley.modal("Interview panel")
    menu = form.get_by_role("combobox", name="Opening or role")
    await menu.click()
    await menu.fill(choice)
    await form.get_by_role("option", name=choice, exact=True).last.click()  # roles come last
    await form.get_by_role("textbox", name="Candidate", exact=True).fill(name)
    await picks(form, "Interviewers", "Alex Novak")
    await begins(form, f"{DAY}T09:00")
    await picks(form, "Hiring manager", "Morgan Adeyemi")
    return form


async def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_riley_says_that_a_second_panel_is_for_the_same_person(
    demo: Demo, browsing: Browsing, width: int, height: int
) -> None:
    name = f"Robin Doe {width}"
    riley = Seat(await browsing.opens(demo.at("U0RECRUIT", HIRING), width=width, height=height))
    form = await starts(riley, name, "Backend Developer")
    await form.get_by_role("button", name="More", exact=True).click()
    await form.get_by_role("textbox", name="Team").fill(f"Team {width}")
    await form.get_by_role("button", name="Set up").click()
    done = riley.modal("Panel set up")
    await done.get_by_role("button", name="Done").click()

    form = await starts(riley, name.lower(), f"Backend Developer · Team {width}")
    await expect(form).to_contain_text(f"For your opening Backend Developer · Team {width} (draft)")
    asks = form.get_by_text(f"{name}, in for Backend Developer since")
    await expect(asks).to_be_visible()
    await asks.scroll_into_view_if_needed()
    await pictured(riley.page, f"same-person-{width}")
    assert await fits(riley.page)
    await form.get_by_role("button", name="Set up").click()
    await expect(form).to_be_visible()
    await form.get_by_role("radio", name="Same person").check()
    await form.get_by_role("button", name="Set up").click()
    done = riley.modal("Panel set up")
    await expect(done).to_contain_text(name)
    await done.get_by_role("button", name="Done").click()
    await expect(await riley.says(f"/panel {name}")).to_contain_text("There are 2 panels")
    await pictured(riley.page, f"rounds-{width}")


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_ana_merges_a_possible_duplicate_and_undoes_it(
    demo: Demo, browsing: Browsing, width: int, height: int
) -> None:
    name = f"Jo Third {width}"
    for person, role in (("U0RECRUIT", "Backend Developer"), ("U0SAM", "Frontend Engineer")):
        seat = Seat(await browsing.opens(demo.at(person, HIRING)))
        form = await starts(seat, name, role)
        await form.get_by_role("button", name="Set up").click()
        await seat.modal("Panel set up").get_by_role("button", name="Done").click()
    ana = Seat(await browsing.opens(demo.at("U0ADMIN", HIRING), width=width, height=height))
    listed = await ana.that(await ana.says(f"/panel {name}"))
    await listed.get_by_role("combobox").click()
    await listed.get_by_role("option").first.click()
    panel = ana.newest
    told = f"Possible duplicate: {name}, in for"
    await expect(panel).to_contain_text(told)
    await pictured(ana.page, f"duplicate-{width}")
    await panel.get_by_role("button", name="Merge").click()
    dialog = ana.page.get_by_role("alertdialog", name="Merge these candidates?")
    await expect(dialog).to_be_visible()
    await pictured(ana.page, f"merge-{width}")
    await dialog.get_by_role("button", name="Merge").click()
    await expect(panel).to_contain_text(f"Merged with another candidate: {name}.")
    await expect(panel).not_to_contain_text(told)
    await pictured(ana.page, f"merged-{width}")
    assert await fits(ana.page)
    await panel.get_by_role("button", name="Undo").click()
    await expect(panel).to_contain_text(told)

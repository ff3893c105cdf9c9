"""Applying in a browser: on a phone, without script, and for everybody."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.domain.applications import Stage
from tests.e2e.test_site import faults
from tests.support.apply import Desk, applying, pdf
from tests.support.browser import IN_BROWSER, Browsing
from tests.support.people import WORKSPACE
from tests.support.site import company_folder, loaded

pytestmark = IN_BROWSER

PHONE = 390
PICTURES = os.environ.get("PANELIST_PICTURES")

TYPED = {"Your name": "Zoë Nguyễn", "Email": "zoe@example.com"}
"""What has to be typed; the rest is chosen or left out."""


@pytest_asyncio.fixture(loop_scope="session")
async def desk(sqlite_database: str, tmp_path: Path) -> AsyncIterator[Desk]:
    folder = company_folder(tmp_path / "content")
    async with applying(loaded(folder), folder, sqlite_database) as here:
        await here.opens()
        yield here


async def pictured(page: Page, name: str) -> None:
    """Keeps what the page looks like, where somebody wants to see it."""
    if PICTURES:
        await page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


async def test_somebody_applies_on_a_phone_without_script_in_a_few_taps(
    desk: Desk, browsing: Browsing, tmp_path: Path
) -> None:
    page = await browsing.opens(
        f"{desk.visitor.base_url}/jobs/payments-developer",
        width=PHONE,
        height=844,
        java_script_enabled=False,
    )
    taps = 0
    await page.get_by_role("link", name="Apply for this job").first.click()
    taps += 1
    desk.office.clock.move(minutes=1)
    for label, text in TYPED.items():
        await page.get_by_label(label, exact=True).fill(text)
        taps += 1
    await page.get_by_label("Country you live in").select_option("Germany")
    taps += 2
    file = tmp_path / "resume.pdf"
    file.write_bytes(pdf())
    await page.locator("#resume").set_input_files(file)
    taps += 2
    await page.get_by_label("Yes, I have the right to work there").check()
    taps += 1
    await page.get_by_role("button", name="Send application").click()
    taps += 1
    await expect(page.get_by_role("heading", name="Your application", exact=True)).to_be_visible()
    await expect(page.get_by_text("We have your application.")).to_be_visible()
    required = 5
    assert taps <= 10, "five answers, of which two are typed"
    assert len(TYPED) + 3 == required
    assert await desk.stages() == ["applied"]
    await pictured(page, "candidate-received-390")
    await page.get_by_text("Withdraw your application").click()
    await page.get_by_role("button", name="Withdraw my application").click()
    await expect(page.get_by_text("You withdrew your application.")).to_be_visible()
    assert await desk.stages() == ["withdrawn"]


async def test_what_is_wrong_takes_focus_and_leads_to_its_field(
    desk: Desk, browsing: Browsing, tmp_path: Path
) -> None:
    page = await browsing.opens(f"{desk.visitor.base_url}/jobs/payments-developer/apply", PHONE)
    desk.office.clock.move(minutes=1)
    file = tmp_path / "resume.pdf"
    file.write_bytes(pdf())
    await page.get_by_label("Email", exact=True).fill("zoe@example")
    await page.locator("#resume").set_input_files(file)
    await page.get_by_role("button", name="Send application").click()
    await expect(page).to_have_title("Error: Apply: Payments Developer | Northwind Labs")
    await expect(page.locator("#errors")).to_be_focused()
    assert await faults(page) == []
    await pictured(page, "apply-errors-390")
    await page.get_by_role("link", name="Enter a full email address").click()
    await expect(page.get_by_label("Email", exact=True)).to_be_focused()
    await expect(page.get_by_label("Email", exact=True)).to_have_value("zoe@example")
    await expect(page.get_by_text("resume.pdf")).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (1280, "dark")])
async def test_every_page_of_applying_is_for_everybody(
    desk: Desk, browsing: Browsing, width: int, theme: str
) -> None:
    base = str(desk.visitor.base_url).rstrip("/")
    page = await browsing.opens(f"{base}{desk.page}", width=width, color_scheme=theme)
    assert await faults(page) == []
    await pictured(page, f"apply-{width}-{theme}")
    mine = await desk.applies(file=("resume.pdf", pdf()))
    async with desk.office.database.read() as tx:
        ((_, found),) = await tx.applications.everywhere()
    for stage in (Stage.APPLIED, Stage.IN_REVIEW, Stage.INTERVIEWING, Stage.DECLINED):
        async with desk.office.database.write() as tx:
            await tx.applications.put_stage(WORKSPACE, found.id, stage)
        await page.goto(f"{base}{mine}")
        assert await faults(page) == [], stage
        await pictured(page, f"candidate-{stage.value.replace(' ', '-')}-{width}-{theme}")
    await page.get_by_text("Correct what you sent").click()
    await page.get_by_text("Download what we hold").click()
    assert await faults(page) == []

"""A real browser, one for all tests, and pages in it that tell what they showed where one fails."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

HOW_TO_GET = "No Chromium was found: install it with `apt-get install chromium`."
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 5000
"""Milliseconds."""


def chromium() -> str | None:
    """Where Chromium is on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


needs_chromium = pytest.mark.skipif(
    chromium() is None and "PANELIST_REQUIRE_CHROMIUM" not in os.environ, reason=HOW_TO_GET
)

IN_BROWSER = [needs_chromium, pytest.mark.asyncio(loop_scope="session")]
"""The marks of a module of browser tests: the one browser lives in the session's loop."""


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A browser without a window. Raises FileNotFoundError where there is none."""
    executable = chromium()
    if executable is None:
        raise FileNotFoundError(HOW_TO_GET)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        await browser.close()


class Browsing:
    """The pages of one test: each in a context of its own, as if on another machine."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    async def opens(self, address: str, width: int = 1280, height: int = 800, **more: Any) -> Page:
        """A page at this address; the rest are options of Playwright's `new_context`."""
        viewport = {"width": width, "height": height}
        context = await self._browser.new_context(viewport=viewport, **more)  # type: ignore[arg-type]
        self._contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        await page.goto(address)
        return page

    async def describe(self, folder: Path) -> str:
        """What every page shows, with a picture of each in the folder."""
        told = []
        pages = [page for context in self._contexts for page in context.pages]
        for number, page in enumerate(pages, start=1):
            picture = folder / f"page-{number}.png"
            await page.screenshot(path=picture)
            seen = await page.locator("body").aria_snapshot()
            told.append(f"Page {number}, {page.url}, in {picture}:\n{seen}")
        return "\n\n".join(told)

    async def close(self) -> None:
        for context in self._contexts:
            await context.close()


class Seat:
    """One person at the playground's page, reading one conversation."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.composer = page.get_by_role("textbox", name="Message ")
        self.log = page.get_by_role("log")
        self.messages = self.log.get_by_role("article")
        self.newest = self.messages.last

    async def reads(self, conversation: str) -> None:
        """Goes to another conversation, and waits until its page hears what is clicked."""
        name = re.compile(rf"^{re.escape(conversation)}(?: \(new messages\))?$")
        async with self.page.expect_navigation():
            await self.page.get_by_role("link", name=name).click()

    def modal(self, title: str) -> Locator:
        return self.page.get_by_role("dialog", name=title)

    async def types(self, line: str) -> None:
        """Types and sends a line, once no form is in the way any more."""
        await expect(self.page.get_by_role("dialog")).to_have_count(0)
        await self.composer.fill(line)
        await self.composer.press("Enter")

    async def says(self, line: str) -> Locator:
        """Types and sends a line, and waits for what comes: gives the newest message."""
        before = await self.messages.evaluate_all("all => all.at(-1)?.id ?? ''")
        await self.types(line)
        await expect(self.newest).not_to_have_attribute("id", before)
        return self.newest

    async def that(self, message: Locator) -> Locator:
        """The same message, whatever comes after it."""
        return self.page.locator(f"#{await message.get_attribute('id')}")

    async def chooses(self, message: Locator, choice: str) -> None:
        """Chooses from the menu of a message."""
        await message.get_by_role("button", name="More actions").click()
        await message.get_by_role("menuitem", name=choice).click()

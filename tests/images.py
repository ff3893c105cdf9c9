"""Makes the pictures of the documentation from a fresh demo: `make images`."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, expect

from bot.library.loader import load
from tests.e2e.test_panels import picks
from tests.support.browser import Browsing, Seat, launched
from tests.support.demo import Demo, running_demo
from tests.support.held import ALEX, held
from tests.support.playground import HIRING, RILEY

FOLDER = Path(__file__).parents[1] / "docs/images"
MOST_BYTES = 300_000
ROLE = "Backend Developer"

Take = Callable[[Seat], Awaitable[None]]


async def posted(slot: Seat) -> None:
    await _post(slot)


async def job(slot: Seat) -> None:
    """A job that has just been posted."""
    await slot.types("/jd open senior backend developer")
    form = slot.modal("Open a job")
    await form.get_by_role("textbox", name="Where", exact=True).fill(
        "Berlin, Germany; remote in Germany"
    )
    await picks(form, "Work mode", "Hybrid")
    await form.get_by_role("textbox", name="Pay range").fill("75,000–92,000 EUR a year")
    await picks(form, "Hiring manager", "Morgan Adeyemi")
    await form.get_by_role("button", name="More", exact=True).click()
    await form.get_by_role("textbox", name="Where people apply").fill("jobs@example.com")
    await form.get_by_role("button", name="Review").click()
    review = slot.modal("Review and post")
    await review.get_by_role("button", name="Post", exact=True).click()
    await slot.modal("Posted").get_by_role("button", name="Done").click()
    await expect(slot.newest.get_by_role("button", name="Refer someone")).to_be_visible()


async def picker(slot: Seat) -> None:
    await _post(slot)
    await slot.types("/jd")
    modal = slot.modal("Post a job description")
    await modal.get_by_role("combobox", name="Role").press_sequentially("data en")
    await expect(modal.get_by_role("option")).to_have_count(1)
    await slot.page.keyboard.press("Enter")
    await expect(modal.get_by_role("heading", name="Data Engineer")).to_be_visible()


async def questions(slot: Seat) -> None:
    answer = await slot.that(await slot.says("/questions backend-developer"))
    await answer.get_by_role("button", name="Show rubric").first.click()
    await expect(answer.get_by_text("Outstanding:")).to_be_attached()


async def guide(slot: Seat) -> None:
    await (await _post(slot)).get_by_role("button", name="Hiring guide").click()
    await expect(slot.log.get_by_role("heading", name="hiring guide")).to_be_visible()


async def panel(slot: Seat) -> None:
    shown = await slot.that(await slot.says("/panel robin doe"))
    await expect(shown).to_contain_text("Sam Rivera")
    await expect(shown).to_be_in_viewport()


async def scorecard(slot: Seat) -> None:
    await slot.reads("Panelist")
    await slot.messages.first.get_by_role("button", name="Write scorecard").click()
    form = slot.modal("Scorecard")
    await expect(form).to_contain_text("Robin Doe")
    group = form.get_by_role("radiogroup").first
    await group.get_by_label("Solid").check()
    evidence = form.get_by_role("textbox", name="What you saw or heard")
    await evidence.fill("Drew the tables unprompted, and named the index for each query.")
    await expect(form).to_contain_text("Saved at")
    await evidence.press("End")


async def digest(slot: Seat) -> None:
    async with slot.page.expect_navigation():
        await slot.page.get_by_label("Clock").select_option("morning")
    await slot.reads("Panelist")
    due = slot.messages.filter(has_text="late since").filter(has_text="Robin Doe")
    await expect(due.get_by_role("button", name="Write scorecard")).to_be_visible()


async def board(slot: Seat) -> None:
    async with slot.page.expect_navigation():
        await slot.page.get_by_label("Clock").select_option("morning")
    shown = await slot.says("/hiring")
    await expect(shown.get_by_role("button", name="Remind everyone")).to_be_visible()
    await slot.that(shown)


async def inspector(slot: Seat) -> None:
    await slot.page.get_by_role("button", name="Inspector").click()
    await _post(slot)
    drawer = slot.page.get_by_role("complementary", name="Inspector")
    await drawer.get_by_text("/jd").click()
    await expect(drawer.get_by_text('"command": "/jd"')).to_be_visible()


async def _post(slot: Seat) -> Locator:
    message = await slot.says("/jd backend-developer")
    await expect(message.get_by_role("heading", name=ROLE, exact=True)).to_be_visible()
    return await slot.that(message)


PHONE = {
    "width": 390,
    "height": 844,
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


@dataclass(frozen=True)
class Picture:
    """What is on it, whose page it shows, and options of Playwright's `new_context`."""

    take: Take
    person: str = RILEY
    options: Mapping[str, Any] = field(default_factory=dict)
    held: bool = False
    """Whether the demo's people have held a panel."""


PICTURES = {
    "posted": Picture(posted),
    "job": Picture(job, options=PHONE),
    "picker": Picture(picker),
    "questions": Picture(questions),
    "guide": Picture(guide),
    "panel": Picture(panel, held=True),
    "scorecard": Picture(scorecard, ALEX, held=True),
    "digest": Picture(digest, ALEX, held=True),
    "board": Picture(board, options=PHONE, held=True),
    "dark": Picture(posted, options={"color_scheme": "dark"}),
    "inspector": Picture(inspector),
    "phone": Picture(posted, options=PHONE),
}


async def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    async with launched() as browser:
        for name, picture in PICTURES.items():
            with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder)) as demo:
                await _taken(name, picture, demo, Browsing(browser))


async def _taken(name: str, picture: Picture, demo: Demo, browsing: Browsing) -> None:
    if picture.held:
        await held(demo, load(), "Robin Doe")
    page = await browsing.opens(demo.at(picture.person, HIRING), **picture.options)
    await picture.take(Seat(page))
    await page.mouse.move(0, 0)
    path = FOLDER / f"{name}.png"
    await page.screenshot(path=path)
    await browsing.close()
    size = path.stat().st_size
    assert size <= MOST_BYTES, f"{path} has {size} bytes"
    print(f"{path}: {size // 1000} kB")


if __name__ == "__main__":
    asyncio.run(main())

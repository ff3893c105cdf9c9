"""Makes the pictures of the documentation from a fresh demo: `make images`."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, expect

from tests.support.browser import Browsing, Seat, launched
from tests.support.demo import Demo, running_demo
from tests.support.playground import HIRING, RILEY

FOLDER = Path(__file__).parents[1] / "docs/images"
MOST_BYTES = 300_000
ROLE = "Backend Developer"

Take = Callable[[Seat], Awaitable[None]]


async def posted(slot: Seat) -> None:
    await _post(slot)


async def picker(slot: Seat) -> None:
    await _post(slot)
    await slot.types("/jd")
    modal = slot.modal("Post a job description")
    await modal.get_by_role("combobox", name="Role").press_sequentially("data")
    await expect(modal.get_by_role("option")).to_have_count(2)
    await slot.page.keyboard.press("Enter")
    await expect(modal.get_by_role("heading", name="Data Engineer")).to_be_visible()


async def questions(slot: Seat) -> None:
    answer = await slot.that(await slot.says("/questions backend-developer"))
    await answer.get_by_role("button", name="Show rubric").first.click()
    await expect(answer.get_by_text("Outstanding:")).to_be_attached()


async def guide(slot: Seat) -> None:
    await (await _post(slot)).get_by_role("button", name="Hiring guide").click()
    await expect(slot.log.get_by_role("heading", name="hiring guide")).to_be_visible()


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
PICTURES: dict[str, tuple[Take, dict[str, Any]]] = {
    "posted": (posted, {}),
    "picker": (picker, {}),
    "questions": (questions, {}),
    "guide": (guide, {}),
    "dark": (posted, {"color_scheme": "dark"}),
    "inspector": (inspector, {}),
    "phone": (posted, PHONE),
}


async def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    async with launched() as browser:
        for name, (take, options) in PICTURES.items():
            with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder)) as demo:
                await _picture(name, take, demo, Browsing(browser), options)


async def _picture(
    name: str, take: Take, demo: Demo, browsing: Browsing, options: dict[str, Any]
) -> None:
    page = await browsing.opens(demo.at(RILEY, HIRING), **options)
    await take(Seat(page))
    await page.mouse.move(0, 0)
    path = FOLDER / f"{name}.png"
    await page.screenshot(path=path)
    await browsing.close()
    size = path.stat().st_size
    assert size <= MOST_BYTES, f"{path} has {size} bytes"
    print(f"{path}: {size // 1000} kB")


if __name__ == "__main__":
    asyncio.run(main())

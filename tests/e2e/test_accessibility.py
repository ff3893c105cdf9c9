"""The page for those who hear it, use a keyboard, or see little contrast."""

import itertools
import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Demo
from tests.support.playground import ENGINEERING, HIRING

pytestmark = IN_BROWSER

SAM = "U0SAM"
PICKER = "Post a job description"
LEAST_CONTRAST = 4.5
UNNAMED = re.compile(
    r"^\s*- (?:button|link|textbox|combobox|option|menuitem|tab|dialog|log|form|heading)"
    r"(?: \[[^\]]*\])*:?$",
    re.MULTILINE,
)

CONTRASTS = """() => {
  const channels = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return { rgb: colour.startsWith("color(") ? [r * 255, g * 255, b * 255] : [r, g, b], a };
  };
  const over = (top, alpha, below) => top.map((part, i) => part * alpha + below[i] * (1 - alpha));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    if (!node) return [255, 255, 255];
    const style = getComputedStyle(node);
    const gradient = style.backgroundImage.match(/rgb\\([^)]*\\)/);
    if (gradient) return channels(gradient[0]).rgb;
    const { rgb, a } = channels(style.backgroundColor);
    if (a === 1) return rgb;
    return over(rgb, a, behind(node.parentElement));
  };
  const faded = (node) =>
    node ? Number(getComputedStyle(node).opacity) * faded(node.parentElement) : 1;
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const node = walker.currentNode.parentElement;
    if (!text || node.closest("svg, script, noscript, .visually-hidden")) continue;
    if (!node.checkVisibility() || faded(node) === 0) continue;
    const below = behind(node);
    const { rgb, a } = channels(getComputedStyle(node).color);
    const colour = over(rgb, a * faded(node), below);
    const [dark, bright] = [light(colour), light(below)].sort((x, y) => x - y);
    const ratio = (bright + 0.05) / (dark + 0.05);
    found.set(`${node.tagName}.${node.className} ${text.slice(0, 30)}`, ratio);
  }
  return [...found];
}"""


async def too_faint(page: Page) -> list[tuple[str, float]]:
    """Every text that is hard to read, with its contrast."""
    found: list[tuple[str, float]] = await page.evaluate(CONTRASTS)
    assert len(found) > 10, "texts were looked at"
    return [(text, ratio) for text, ratio in found if ratio < LEAST_CONTRAST]


async def unnamed(page: Page) -> list[str]:
    """Every control, heading or region that has no name."""
    return UNNAMED.findall(await page.locator("body").aria_snapshot())


async def heading_levels(page: Page) -> list[int]:
    levels: list[int] = await page.evaluate(
        "() => [...document.querySelectorAll('main :is(h1, h2, h3, h4, h5, h6)')]"
        ".filter((node) => node.checkVisibility()).map((node) => Number(node.tagName[1]))"
    )
    return levels


async def check(page: Page) -> None:
    assert await too_faint(page) == []
    assert await unnamed(page) == []
    levels = await heading_levels(page)
    assert levels[0] == 1
    assert levels.count(1) == 1
    for before, after in itertools.pairwise(levels):
        assert after <= before + 1, f"no level is left out in {levels}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_has_a_name_and_can_be_read(
    demo: Demo, browsing: Browsing, scheme: Any
) -> None:
    page = await browsing.opens(demo.at(SAM, HIRING), color_scheme=scheme)
    slot = Seat(page)
    await page.get_by_role("button", name="Inspector").click()
    message = await slot.says("/jd backend-developer")
    await expect(message.get_by_role("button")).to_have_count(4)
    await check(page)

    await message.get_by_role("button", name="More actions").click()
    await check(page)
    await page.keyboard.press("Escape")

    await slot.says("/jd backend-develper")
    await page.get_by_role("complementary").get_by_text("/jd").first.click()
    await expect(page.get_by_label("Request body")).to_be_visible()
    await check(page)

    await slot.composer.fill("/")
    await page.keyboard.press("ArrowDown")
    await check(page)

    await slot.types("/jd")
    picker = slot.modal(PICKER)
    await picker.get_by_role("button", name="Post").click()
    await expect(picker.get_by_role("alert").filter(visible=True)).to_have_count(1)
    await picker.get_by_role("combobox").press("ArrowDown")
    await check(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(picker).to_be_hidden()

    await page.get_by_role("link", name="Panelist").click()
    await check(page)
    await page.get_by_role("tab", name="About").click()
    await check(page)


async def test_focus_comes_back_when_a_modal_closes(demo: Demo, browsing: Browsing) -> None:
    page = await browsing.opens(demo.at(SAM, ENGINEERING))
    slot = Seat(page)
    for close in ("Cancel", "Close"):
        await slot.types("/jd")
        await slot.modal(PICKER).get_by_role("button", name=close).click()
        await expect(slot.modal(PICKER)).to_be_hidden()
        await expect(slot.composer).to_be_focused()


async def test_a_new_message_alone_is_announced(demo: Demo, browsing: Browsing) -> None:
    page = await browsing.opens(demo.at(SAM, ENGINEERING))
    slot = Seat(page)
    await slot.says("first")
    await expect(slot.log).to_have_attribute("aria-live", "polite")
    await page.evaluate(
        """() => {
          window.added = [];
          new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach(
            (node) => window.added.push(node.textContent.replace(/\\s+/g, " ").trim())
          ))).observe(document.querySelector("[role=log]"), { childList: true, subtree: true });
        }"""
    )
    await slot.says("second")
    added = await page.evaluate("window.added.filter(Boolean)")
    assert len(added) == 1
    assert "second" in added[0]


async def test_leaving_a_menu_gives_focus_back_to_its_button(
    demo: Demo, browsing: Browsing
) -> None:
    page = await browsing.opens(demo.at(SAM, ENGINEERING))
    slot = Seat(page)
    message = await slot.says("/jd qa-engineer")
    more = message.get_by_role("button", name="More actions")
    await more.focus()
    await page.keyboard.press("Enter")
    await expect(message.get_by_role("menuitem", name="Get Markdown")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(more).to_be_focused()

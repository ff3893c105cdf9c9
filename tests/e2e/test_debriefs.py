"""A debrief at the page, on a phone: from the last scorecard to *Told them*."""

import re
from pathlib import Path

from playwright.async_api import Locator, expect

from bot.library.catalogue import Library
from tests.e2e.test_scorecards import SEEN, at_the_page, names, opens, reads_dm
from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Demo
from tests.support.held import ALEX, FOCUS, MORGAN, PRIYA, held

pytestmark = IN_BROWSER

NAME = "Robin Debrief"
PHONE = {"width": 390, "height": 844}
RATED = {PRIYA: "Outstanding", MORGAN: "Poor"}
"""Whoever rates Debugging otherwise than Solid: they are far apart."""

REASON = "Models the ledger with its history, and says what that costs."


async def gives(slot: Seat, library: Library, user: str) -> None:
    form = await opens(slot, NAME)
    for name in names(library, user):
        rating = RATED.get(user, "Solid") if name == "Debugging" else "Solid"
        group = form.get_by_role("radiogroup", name=name, exact=True)
        await group.get_by_label(rating).check()
        await form.get_by_role("textbox", name=SEEN).fill(f"What {user} saw, in some words.")
        await expect(form).to_contain_text("Saved at")
        await form.get_by_role("button", name="Next").click()
        await expect(group).to_have_count(0)
    recommended = "No" if user == MORGAN else "Yes"
    await form.get_by_role("radio", name=recommended, exact=True).check()
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_contain_text("Scorecard submitted")
    await form.get_by_role("button", name="Close").last.click()


async def chooses(form: Locator, label: str, choice: str) -> None:
    await form.get_by_role("combobox", name=label).click()
    await form.page.get_by_role("option", name=choice, exact=True).click()


async def fits(slot: Seat) -> None:
    """Nothing is wider than the phone."""
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await slot.page.evaluate(wider)


async def test_the_manager_reads_leans_decides_and_tells_them(
    demo: Demo, browsing: Browsing, library: Library, tmp_path: Path
) -> None:
    await held(demo, library, NAME)
    for user in FOCUS:
        await gives(await at_the_page(user, demo, browsing), library, user)
    morgan = await at_the_page(MORGAN, demo, browsing, **PHONE)
    await reads_dm(morgan)
    told = await morgan.that(morgan.messages.filter(has_text=f"{NAME} · all 5 in").last)
    await told.get_by_role("button", name="Open debrief").click()
    debrief = morgan.modal("Debrief")
    for words in ("No one rated Collaboration", "Split on Debugging", "Outstanding", "Poor"):
        await expect(debrief).to_contain_text(words)
    await expect(debrief).not_to_contain_text("Recommendations")
    await fits(morgan)
    await morgan.page.screenshot(path=tmp_path / "1-debrief.png")
    await debrief.get_by_role("button", name="Evidence").click()
    evidence = morgan.modal("Evidence")
    await expect(evidence).to_contain_text(f"What {ALEX} saw")
    await evidence.get_by_role("button", name="Back").last.click()
    await debrief.get_by_role("button", name="Write my leaning").click()
    form = morgan.modal("Your leaning")
    await form.get_by_role("radio", name="Leaning yes").check()
    await form.get_by_role("textbox", name="Why, in one sentence").fill("What the team lacks.")
    await form.get_by_role("button", name="Save").click()
    await expect(debrief).to_contain_text("Recommendations")
    await morgan.page.screenshot(path=tmp_path / "2-open.png")
    await debrief.get_by_role("button", name="Decide").click()
    form = morgan.modal("Decide")
    await chooses(form, "Decision", "Offer")
    await chooses(form, "Kind of reason", "Skills shown")
    await chooses(form, "It rests on", "Data modeling")
    await morgan.page.keyboard.press("Escape")
    await form.get_by_role("textbox", name="Reason").fill(REASON)
    await morgan.page.screenshot(path=tmp_path / "3-decide.png")
    await form.get_by_role("button", name="Decide").click()
    await expect(debrief).to_contain_text("Decision: offer")
    await expect(debrief).to_contain_text(REASON)
    await fits(morgan)
    await morgan.page.screenshot(path=tmp_path / "4-decided.png")
    await debrief.get_by_role("button", name="Draft message").click()
    form = morgan.modal("Tell the candidate")
    await expect(form.get_by_role("textbox", name="Message")).to_have_value(
        re.compile(f"Hi {NAME},")
    )
    await morgan.page.screenshot(path=tmp_path / "5-tell.png")
    await form.get_by_role("button", name="Told them").click()
    await expect(morgan.page.get_by_role("dialog").last).to_contain_text("told them")
    await morgan.page.screenshot(path=tmp_path / "6-told.png")

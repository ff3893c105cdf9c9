"""Scorecards at the page: a panel of five writes, on phones and on desks, and reads."""

import re
from collections.abc import Iterable

import pytest
from playwright.async_api import Locator, expect

from bot.library.catalogue import Library
from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Demo
from tests.support.held import ALEX, FOCUS, MORGAN, PRIYA, RILEY, SAM, held
from tests.support.playground import HIRING

pytestmark = IN_BROWSER

PHONE = {"width": 390, "height": 800}


async def at_the_page(person: str, demo: Demo, browsing: Browsing, **size: int) -> Seat:
    return Seat(await browsing.opens(demo.at(person, HIRING), **size))


async def reads_dm(slot: Seat) -> None:
    """Goes to the conversation with Panelist; on a phone the way there is folded away."""
    link = slot.page.locator("nav a, aside a").filter(has_text="Panelist").first
    await expect(link).to_be_attached()
    address = await link.get_attribute("href")
    await slot.page.goto(f"{slot.page.url.partition('/as/')[0]}{address}")


async def closes(slot: Seat) -> None:
    """Closes whatever is open, for whoever uses the demo next."""
    dialogs = slot.page.get_by_role("dialog")
    while await dialogs.count():
        id = await dialogs.last.get_attribute("id")
        await dialogs.last.get_by_role("button", name="Close").last.click()
        await expect(slot.page.locator(f"#{id}")).to_have_count(0)


async def opens(slot: Seat, name: str) -> Locator:
    """The form, from the kit in the person's DM."""
    await reads_dm(slot)
    kit = await slot.that(slot.messages.filter(has_text=f"Interview with {name}").first)
    await kit.get_by_role("button", name="Give feedback").click()
    form = slot.modal("Scorecard")
    await expect(form).to_contain_text(name)
    return form


async def rates(form: Locator, competencies: Iterable[str], evidence: str) -> None:
    for name in competencies:
        await form.get_by_role("radiogroup", name=name, exact=True).get_by_label("Solid").check()
        await form.get_by_role("textbox", name=f"Evidence: {name}").fill(evidence)


def names(library: Library, user: str) -> list[str]:
    return [library.competencies[id].name for id in FOCUS[user]]


async def gives(slot: Seat, library: Library, user: str, name: str) -> None:
    form = await opens(slot, name)
    await rates(form, names(library, user), f"What {user} saw, in some words.")
    await form.get_by_role("radio", name="Yes", exact=True).check()
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_contain_text("Your scorecard is in")
    await form.get_by_role("button", name="Close").last.click()


async def test_a_panel_of_five_gives_its_feedback_and_the_recruiter_reads_it(
    demo: Demo, browsing: Browsing, library: Library
) -> None:
    await held(demo, library, "Robin Feedback")
    for user in FOCUS:
        await gives(await at_the_page(user, demo, browsing), library, user, "Robin Feedback")
    riley = await at_the_page(RILEY, demo, browsing)
    await riley.types("/scorecard Robin Feedback")
    feedback = riley.modal("Feedback")
    await expect(feedback.get_by_role("button", name="Read")).to_have_count(5)
    await feedback.get_by_role("button", name="Read").nth(1).click()
    one = riley.modal("Scorecard")
    await expect(one).to_contain_text("in some words")
    await expect(one).to_contain_text("Recommendation: Yes")
    await closes(riley)


async def test_on_a_phone_nothing_that_was_typed_is_lost(
    demo: Demo, browsing: Browsing, library: Library
) -> None:
    await held(demo, library, "Kim Phone")
    alex = await at_the_page(ALEX, demo, browsing, **PHONE)
    form = await opens(alex, "Kim Phone")
    await expect(form).to_contain_text("Nothing is saved yet")
    evidence = form.get_by_role("textbox", name="Evidence: API design")
    await evidence.press_sequentially("Typed on the train")
    saved = alex.modal("Scorecard saved ").get_by_role("heading").first
    await expect(saved).to_have_text(re.compile(r"^Scorecard saved \d+:\d\d\s[AP]M$"))
    await expect(saved).to_be_in_viewport()
    await expect(form.get_by_text(re.compile(r"^Saved at \d+:\d\d\s[AP]M$"))).to_be_attached()
    await expect(evidence).to_have_value("Typed on the train")
    await expect(evidence).to_be_focused()
    await form.get_by_role("button", name="Close").last.click()

    form = await opens(alex, "Kim Phone")
    await expect(form.get_by_role("textbox", name="Evidence: API design")).to_have_value(
        "Typed on the train"
    )
    await rates(form, ["Data modeling"], "👍")
    await form.get_by_role("radiogroup", name="API design", exact=True).get_by_label("Poor").check()
    await form.get_by_role("radio", name="Strong no").check()
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_contain_text("Please say in words what you saw or heard.")
    await form.get_by_role("textbox", name="Evidence: Data modeling").fill("Found both keys.")
    await form.get_by_role("textbox", name="Notes").fill("Not a culture fit, I think.")
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_contain_text("Your scorecard is in")
    await expect(form).to_contain_text(re.compile(r"You wrote “[^”]*culture fit"))
    await form.get_by_role("button", name="Close").last.click()
    receipt = alex.messages.filter(has_text="Your scorecard on Kim Phone")
    await expect(receipt).to_contain_text("Typed on the train")
    await receipt.get_by_role("button", name="Edit").click()
    await expect(alex.modal("Scorecard")).to_contain_text("Submitted")
    await closes(alex)


async def test_nobody_reads_before_they_have_written(
    demo: Demo, browsing: Browsing, library: Library
) -> None:
    await held(demo, library, "Jo Secret")
    await gives(await at_the_page(ALEX, demo, browsing), library, ALEX, "Jo Secret")
    sam = await at_the_page(SAM, demo, browsing)
    told = await sam.says("/scorecard Jo Secret")
    await expect(told).to_contain_text("your own scorecard is in")
    morgan = await at_the_page(MORGAN, demo, browsing)
    asked = await morgan.that(await morgan.says("/scorecard Jo Secret"))
    await asked.get_by_role("button", name="Show me anyway").click()
    await morgan.page.get_by_role("button", name="Show me", exact=True).click()
    await expect(morgan.modal("Feedback")).to_contain_text("Alex Novak")
    await closes(morgan)


@pytest.mark.parametrize("way", ["I did not interview", "Candidate did not show"])
async def test_a_scorecard_is_closed_without_one(
    demo: Demo, browsing: Browsing, library: Library, way: str
) -> None:
    name = f"Sasha {way}"
    await held(demo, library, name)
    priya = await at_the_page(PRIYA, demo, browsing)
    form = await opens(priya, name)
    await form.get_by_role("button", name=way).click()
    await priya.page.get_by_role("button", name="Yes", exact=True).click()
    await expect(form).to_contain_text("Noted")
    await closes(priya)
    riley = await at_the_page(RILEY, demo, browsing)
    await reads_dm(riley)
    await expect(riley.messages.filter(has_text=name).last).to_contain_text("Priya Nair")

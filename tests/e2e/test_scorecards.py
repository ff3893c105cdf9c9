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
SEEN = "What you saw or heard"


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
    kit = await slot.that(slot.messages.filter(has_text=f"Scorecard due · {name}").first)
    await kit.get_by_role("button", name="Write scorecard").click()
    form = slot.modal("Scorecard")
    await expect(form).to_contain_text(name)
    return form


async def rates(form: Locator, competencies: Iterable[str], evidence: str) -> None:
    """One step after another, with *Next*."""
    for name in competencies:
        await form.get_by_role("radiogroup", name=name, exact=True).get_by_label("Solid").check()
        await form.get_by_role("textbox", name=SEEN).fill(evidence)
        await form.get_by_role("button", name="Next").click()
        await expect(form.get_by_role("radiogroup", name=name, exact=True)).to_have_count(0)


def names(library: Library, user: str) -> list[str]:
    return [library.competencies[id].name for id in FOCUS[user]]


async def gives(slot: Seat, library: Library, user: str, name: str) -> None:
    form = await opens(slot, name)
    await rates(form, names(library, user), f"What {user} saw, in some words.")
    await form.get_by_role("radio", name="Yes", exact=True).check()
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_contain_text("Scorecard submitted")
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
    evidence = form.get_by_role("textbox", name=SEEN)
    await evidence.press_sequentially("Typed on the train")
    saved = alex.modal("Scorecard saved ").get_by_role("heading").first
    await expect(saved).to_have_text(re.compile(r"^Scorecard saved \d+:\d\d\s[AP]M$"))
    await expect(saved).to_be_in_viewport()
    await expect(form.get_by_text(re.compile(r"^Saved at \d+:\d\d\s[AP]M$"))).to_be_attached()
    await expect(evidence).to_have_value("Typed on the train")
    await expect(evidence).to_be_focused()
    await form.get_by_role("button", name="Close").last.click()

    form = await opens(alex, "Kim Phone")
    await expect(form.get_by_role("textbox", name=SEEN)).to_have_value("Typed on the train")
    await form.get_by_role("radiogroup", name="Data modeling").get_by_label("Poor").check()
    await form.get_by_role("button", name="Next").click()
    await form.get_by_role("radiogroup", name="API design").get_by_label("Solid").check()
    await form.get_by_role("textbox", name=SEEN).fill("👍")
    await form.get_by_role("button", name="Next").click()
    await expect(form).to_contain_text("Describe in words what you saw or heard.")
    await form.get_by_role("textbox", name=SEEN).fill("Found both keys.")
    await form.get_by_role("button", name="Next").click()
    await form.get_by_role("radio", name="Strong no").check()
    await form.get_by_role("textbox", name="Notes").fill("Not a culture fit, I think.")
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_contain_text("Scorecard submitted")
    await expect(form).to_contain_text(re.compile(r"You wrote “[^”]*culture fit"))
    await form.get_by_role("button", name="Close").last.click()
    receipt = alex.messages.filter(has_text="Your scorecard on Kim Phone")
    await expect(receipt).to_contain_text("Typed on the train")
    await receipt.get_by_role("button", name="Edit").click()
    await expect(alex.modal("Scorecard")).to_contain_text("Submitted")
    await closes(alex)


async def test_on_a_phone_a_step_needs_no_scrolling_and_next_stays_in_its_place(
    demo: Demo, browsing: Browsing, library: Library
) -> None:
    await held(demo, library, "Lee Thumb")
    sam = await at_the_page(SAM, demo, browsing, width=390, height=844)
    form = await opens(sam, "Lee Thumb")
    places = []
    for name in names(library, SAM):
        group = form.get_by_role("radiogroup", name=name, exact=True)
        next_step = form.get_by_role("button", name="Next")
        await expect(group).to_be_visible()
        who, box = form.get_by_text("Lee Thumb", exact=True), form.get_by_role("textbox", name=SEEN)
        for part in (who, group, box):
            await expect(part).to_be_in_viewport(ratio=1)
        await expect(next_step).to_be_in_viewport(ratio=1)
        places.append(await next_step.bounding_box())
        await rates(form, [name], "In some words.")
    assert len({(place["y"], place["height"]) for place in places if place}) == 1
    submit = form.get_by_role("button", name="Submit")
    await expect(submit).to_be_in_viewport(ratio=1)
    last = await submit.bounding_box()
    assert last is not None
    assert {place["y"] for place in places if place} == {last["y"]}
    await closes(sam)


async def test_a_rating_is_changed_from_the_last_step_and_back_goes_one_back(
    demo: Demo, browsing: Browsing, library: Library
) -> None:
    await held(demo, library, "Max Again")
    sam = await at_the_page(SAM, demo, browsing)
    form = await opens(sam, "Max Again")
    first, second = names(library, SAM)
    await rates(form, [first, second], "In some words.")
    await expect(form).to_contain_text(f"✅ {first} · Solid")
    await form.get_by_role("button", name="Back").click()
    await expect(form.get_by_role("radiogroup", name=second, exact=True)).to_be_visible()
    await form.get_by_role("button", name="Back").click()
    group = form.get_by_role("radiogroup", name=first, exact=True)
    await group.get_by_label("Not assessed").check()
    await expect(form.get_by_role("textbox", name=SEEN)).to_have_value("In some words.")
    await form.get_by_role("textbox", name=SEEN).fill("")
    await expect(form.get_by_role("textbox", name=SEEN)).to_have_count(0)
    await form.get_by_role("button", name="Next").click()
    await form.get_by_role("button", name="Next").click()
    await expect(form).to_contain_text(f"⚪ {first} · not assessed")
    await closes(sam)


async def test_nobody_reads_before_they_have_written(
    demo: Demo, browsing: Browsing, library: Library
) -> None:
    await held(demo, library, "Jo Secret")
    await gives(await at_the_page(ALEX, demo, browsing), library, ALEX, "Jo Secret")
    sam = await at_the_page(SAM, demo, browsing)
    told = await sam.says("/scorecard Jo Secret")
    await expect(told).to_contain_text("submitted your own scorecard")
    morgan = await at_the_page(MORGAN, demo, browsing)
    asked = await morgan.that(await morgan.says("/scorecard Jo Secret"))
    await asked.get_by_role("button", name="Open early").click()
    asks = morgan.page.get_by_role("alertdialog", name="Open feedback on Jo Secret early?")
    await asks.get_by_role("button", name="Open early").click()
    await expect(morgan.modal("Feedback")).to_contain_text("Alex Novak")
    await closes(morgan)


@pytest.mark.parametrize("way", ["I didn't interview", "No-show"])
async def test_a_scorecard_is_closed_without_one(
    demo: Demo, browsing: Browsing, library: Library, way: str
) -> None:
    name = f"Sasha {way}"
    await held(demo, library, name)
    priya = await at_the_page(PRIYA, demo, browsing)
    form = await opens(priya, name)
    await form.get_by_role("button", name=way).click()
    await priya.page.get_by_role("button", name="Notify organizers", exact=True).click()
    await expect(form).to_contain_text("Noted")
    await closes(priya)
    riley = await at_the_page(RILEY, demo, browsing)
    await reads_dm(riley)
    await expect(riley.messages.filter(has_text=name).last).to_contain_text("Priya Nair")

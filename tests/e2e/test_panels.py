"""`/panel` at the page: a panel of five in three zones, changed, half cancelled and copied."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, expect

from bot.playground.state.clock import clock_time
from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Demo
from tests.support.playground import HIRING

pytestmark = IN_BROWSER

DAY = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}"
LATER = f"{datetime.now(UTC) + timedelta(days=10):%Y-%m-%d}"
PEOPLE = ("Alex Novak", "Sam Rivera", "Priya Nair", "Ana Duarte", "Morgan Adeyemi")


def there(entered: str, zone: str) -> str:
    """What a clock in another zone shows at a time that Riley enters in London."""
    here = datetime.fromisoformat(f"{DAY}T{entered}").replace(tzinfo=ZoneInfo("Europe/London"))
    return clock_time(here.astimezone(ZoneInfo(zone)))


async def picks(form: Locator, field: str, *choices: str) -> None:
    """Chooses from a select by typing what it offers."""
    for choice in choices:
        await form.get_by_role("combobox", name=field).click()
        await form.get_by_role("combobox", name=field).fill(choice)
        await form.get_by_role("option", name=choice).first.click()


async def begins(form: Locator, first: str) -> None:
    """Chooses the first start, and waits until the form shows what follows from it."""
    await form.get_by_label("First interview").fill(first)
    await form.get_by_label("First interview").press("Tab")
    await expect(form).to_contain_text(f"at {clock_time(datetime.fromisoformat(first))}")


async def sets_up(riley: Seat, name: str) -> Locator:
    """Sets a panel of five up, one of them in the afternoon; gives the view that says so."""
    await riley.types("/panel")
    form = riley.modal("Interview panel")
    await form.get_by_role("textbox", name="Candidate", exact=True).fill(name)
    await picks(form, "Opening or role", "Backend Developer")
    await picks(form, "Interviewers", *PEOPLE)
    await begins(form, f"{DAY}T09:00")
    await expect(form).to_contain_text("Each competency is covered once.")
    await form.get_by_role("button", name="More actions").nth(1).click()
    await form.get_by_role("menuitem", name="Change").click()
    one = riley.modal("Change interview")
    await one.get_by_label("Start").fill(f"{DAY}T14:00")
    await one.get_by_role("button", name="Change", exact=True).click()
    await expect(form).to_contain_text("at 2:00 PM")
    await picks(form, "Hiring manager", "Morgan Adeyemi")
    await expect(form.get_by_role("textbox", name="Candidate", exact=True)).to_have_value(name)
    await form.get_by_role("button", name="Set up").click()
    done = riley.modal("Panel set up")
    await expect(done).to_contain_text(name)
    return done


async def kit_of(person: str, name: str, demo: Demo, browsing: Browsing) -> Locator:
    """The kit in somebody's DM."""
    slot = Seat(await browsing.opens(demo.at(person, HIRING)))
    await slot.reads("Panelist")
    kit = slot.messages.filter(has_text=f"Interview with {name}").first
    await expect(kit).to_be_attached()
    return await slot.that(kit)


def row(panel: Locator, person: str) -> Locator:
    """The part of a panel about one interviewer's interview."""
    menu = panel.page.get_by_role("button", name="More actions")
    return panel.locator(".section").filter(has_text=person).filter(has=menu)


async def test_a_panel_is_set_up_changed_half_cancelled_and_copied(
    demo: Demo, browsing: Browsing
) -> None:
    riley = Seat(await browsing.opens(demo.at("U0RECRUIT", HIRING)))
    done = await sets_up(riley, "Robin Doe")
    await expect(done).to_contain_text("Each competency is covered once.")
    await done.get_by_role("button", name="Done").click()

    kits = [
        await kit_of(person, "Robin Doe", demo, browsing)
        for person in ("U0ALEX", "U0SAM", "U0PRIYA")
    ]
    where = (("09:00", "Europe/Berlin"), ("14:00", "America/New_York"), ("10:30", "Asia/Kolkata"))
    for kit, (entered, zone) in zip(kits, where, strict=True):
        await expect(kit).to_contain_text(f"at {there(entered, zone)}")

    panel = await riley.that(await riley.says("/panel robin doe"))
    await riley.chooses(row(panel, "Alex Novak"), "Reschedule")
    change = riley.modal("Change interview")
    await change.get_by_label("Start").fill(f"{DAY}T17:00")
    await change.get_by_role("button", name="Change", exact=True).click()
    await riley.modal("Interview changed").get_by_role("button", name="Done").click()
    await expect(kits[0]).to_contain_text(f"at {there('17:00', 'Europe/Berlin')}")
    await expect(panel).to_contain_text("5:00 PM to 5:45 PM")

    await riley.chooses(row(panel, "Sam Rivera"), "Cancel interview")
    asks = riley.modal("Cancel interview")
    await expect(asks).to_contain_text("Sam Rivera")
    await asks.get_by_role("button", name="Cancel interview").click()
    await expect(kits[1]).to_contain_text("The interview was canceled.")
    await expect(panel).to_contain_text("Not covered: API design, System design")

    await riley.types("/panel")
    form = riley.modal("Interview panel")
    await picks(form, "An earlier candidate", "Robin Doe")
    await expect(form).to_contain_text("Same panel as for Robin Doe")
    await form.get_by_role("textbox", name="Candidate", exact=True).fill("Kim Second")
    await form.get_by_label("First interview").fill(f"{LATER}T10:00")
    await form.get_by_label("First interview").press("Tab")
    await expect(form).to_contain_text("at 4:30 PM")
    await form.get_by_role("button", name="Set up").click()
    done = riley.modal("Panel set up")
    await expect(done).to_contain_text("Kim Second")
    await done.get_by_role("button", name="Done").click()
    await kit_of("U0PRIYA", "Kim Second", demo, browsing)


async def test_on_a_phone_an_interviewer_declines_and_is_replaced(
    demo: Demo, browsing: Browsing
) -> None:
    riley = Seat(await browsing.opens(demo.at("U0RECRUIT", HIRING)))
    done = await sets_up(riley, "Jo Third")
    await done.get_by_role("button", name="Done").click()
    panel = await riley.that(await riley.says("/panel jo third"))
    await riley.chooses(row(panel, "Alex Novak"), "Reschedule")
    soon = datetime.now(ZoneInfo("Europe/London")) + timedelta(hours=3)
    change = riley.modal("Change interview")
    await change.get_by_label("Start").fill(f"{soon:%Y-%m-%dT%H:%M}")
    await change.get_by_role("button", name="Change", exact=True).click()
    await riley.modal("Interview changed").get_by_role("button", name="Done").click()
    kit = await kit_of("U0ALEX", "Jo Third", demo, browsing)
    await kit.page.set_viewport_size({"width": 375, "height": 700})
    alex = Seat(kit.page)
    await kit.get_by_role("button", name="Questions").click()
    questions = alex.modal("Questions")
    await expect(questions).to_contain_text("1 of 3")
    await questions.get_by_role("button", name="What good looks like").first.click()
    await expect(alex.modal("What good looks like")).to_contain_text("Outstanding")
    await alex.modal("What good looks like").get_by_role("button", name="Back").last.click()
    await questions.get_by_role("button", name="Close").last.click()
    await alex.chooses(kit, "I can't make it")
    form = alex.modal("I can't make it")
    await form.get_by_role("textbox", name="Reason").fill("Dentist")
    await form.get_by_role("button", name="Notify organizers").click()
    await expect(kit).to_contain_text("The organizers will look for someone else.")

    await riley.reads("Panelist")
    notice = await riley.that(riley.messages.filter(has_text="Jo Third").first)
    await expect(notice).to_contain_text("“Dentist”")
    await notice.get_by_role("button", name="Replace").click()
    replace = riley.modal("Replace interviewer")
    await picks(replace, "Interviewer", "Riley Chen")
    await replace.get_by_role("button", name="Replace", exact=True).click()
    await riley.modal("Interviewer replaced").get_by_role("button", name="Done").click()
    await expect(notice).to_contain_text(re.compile("Riley Chen.* is interviewing instead"))
    await expect(kit).to_contain_text("is interviewing instead")


async def dm_about(words: str, person: str, demo: Demo, browsing: Browsing) -> Locator:
    """The newest of Panelist's messages to somebody that has these words in it."""
    slot = Seat(await browsing.opens(demo.at(person, HIRING)))
    await slot.reads("Panelist")
    message = slot.messages.filter(has_text=words).last
    await expect(message).to_be_attached()
    return await slot.that(message)


async def test_a_slip_in_the_name_and_the_hiring_manager_are_corrected(
    demo: Demo, browsing: Browsing
) -> None:
    riley = Seat(await browsing.opens(demo.at("U0RECRUIT", HIRING)))
    await (await sets_up(riley, "Lee Fort")).get_by_role("button", name="Done").click()
    kit = await kit_of("U0ALEX", "Lee Fort", demo, browsing)
    panel = await riley.that(await riley.says("/panel Lee Fort"))
    await panel.get_by_role("button", name="Edit details").click()
    form = riley.modal("Edit details")
    name = form.get_by_role("textbox", name="Candidate", exact=True)
    await expect(name).to_have_value("Lee Fort")
    await name.fill("Lee Fourth")
    await picks(form, "Hiring manager", "Priya Nair")
    await form.get_by_role("button", name="Save").click()
    done = riley.modal("Details saved")
    await expect(done).to_contain_text("Lee Fourth")
    await done.get_by_role("button", name="Done").click()
    await expect(panel).to_contain_text("Lee Fourth")
    await expect(panel).to_contain_text(re.compile("Hiring manager .*Priya Nair"))
    await expect(kit).to_contain_text("Interview with Lee Fourth")

    given = await dm_about("made you the hiring manager", "U0PRIYA", demo, browsing)
    await expect(given).to_contain_text("made you the hiring manager for Lee Fourth")
    await given.get_by_role("button", name="Read feedback").click()
    asked_first = Seat(given.page).newest
    await expect(asked_first).to_contain_text("You haven't submitted your scorecard")
    passed_on = await dm_about("is now the hiring manager", "U0MANAGER", demo, browsing)
    await expect(passed_on).to_contain_text("Priya Nair is now the hiring manager for Lee Fourth")
    await expect(passed_on.get_by_role("button", name="Read feedback")).to_have_count(0)


async def test_on_a_phone_an_admin_corrects_a_link_but_makes_nobody_of_themselves(
    demo: Demo, browsing: Browsing
) -> None:
    riley = Seat(await browsing.opens(demo.at("U0RECRUIT", HIRING)))
    await (await sets_up(riley, "Max Fifth")).get_by_role("button", name="Done").click()
    ana = Seat(await browsing.opens(demo.at("U0ADMIN", HIRING), width=390, height=800))
    panel = await ana.that(await ana.says("/panel Max Fifth"))
    await panel.get_by_role("button", name="Edit details").click()
    form = ana.modal("Edit details")
    await form.get_by_role("textbox", name="Link to a profile").fill("https://example.com/max")
    await picks(form, "Recruiter", "Ana Duarte")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_contain_text("you cannot give this part to yourself")
    await picks(form, "Recruiter", "Riley Chen")
    await form.get_by_role("button", name="Save").click()
    await ana.modal("Details saved").get_by_role("button", name="Done").click()
    await expect(panel.get_by_role("link", name="Profile or resume")).to_have_attribute(
        "href", "https://example.com/max"
    )


IN_A_CALENDAR = 4
"""Clicks in Slack for a day and a time, which a test types instead."""


async def test_four_people_take_one_screen_five_fields_and_at_most_twenty_clicks(
    demo: Demo, browsing: Browsing
) -> None:
    """It was 6 screens, 15 fields and 40 clicks when people were added one by one."""
    riley = Seat(await browsing.opens(demo.at("U0SAM", HIRING)))
    await riley.types("/panel")
    form = riley.modal("Interview panel")
    fields = form.get_by_role("combobox").or_(form.get_by_role("textbox"))
    fields = fields.or_(form.get_by_label("First interview"))
    await expect(fields).to_have_count(5)
    await riley.page.evaluate(
        "window.clicks = 0; addEventListener('click', () => { window.clicks += 1 }, true)"
    )
    name = form.get_by_role("textbox", name="Candidate", exact=True)
    await name.click()
    await name.fill("Ada Sixth")
    await picks(form, "Opening or role", "Product Designer")
    await picks(form, "Interviewers", *PEOPLE[1:])
    await begins(form, f"{LATER}T13:00")
    await picks(form, "Hiring manager", "Morgan Adeyemi")
    await form.get_by_role("button", name="Set up").click()
    await expect(riley.modal("Panel set up")).to_contain_text("Ada Sixth")
    clicks = await riley.page.evaluate("window.clicks")
    assert clicks + IN_A_CALENDAR <= 20


async def test_on_a_phone_a_form_that_was_closed_is_offered_as_it_was(
    demo: Demo, browsing: Browsing
) -> None:
    riley = Seat(await browsing.opens(demo.at("U0ADMIN", HIRING), width=390, height=844))
    await riley.types("/panel")
    form = riley.modal("Interview panel")
    name = form.get_by_role("textbox", name="Candidate", exact=True)
    await name.fill("Eve Seventh")
    await picks(form, "Interviewers", "Alex Novak", "Sam Rivera")
    await begins(form, f"{LATER}T13:00")
    await form.get_by_role("button", name="Close", exact=True).last.click()
    await expect(form).to_be_hidden()
    await riley.types("/panel")
    await expect(form).to_contain_text("Here's what you entered")
    await expect(name).to_have_value("Eve Seventh")
    chosen = form.get_by_role("button", name="Remove Alex Novak")
    await expect(chosen).to_be_visible()
    await expect(form.get_by_label("First interview")).to_have_value(f"{LATER}T13:00")
    await form.get_by_role("button", name="Start over").click()
    await expect(name).to_have_value("")
    await expect(chosen).to_have_count(0)

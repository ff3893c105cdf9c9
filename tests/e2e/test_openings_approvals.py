"""Approval from the switch to the post, at the page: on a desk and on a phone."""

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.test_candidates import fits
from tests.e2e.test_openings import SIZES, fills_in, pictured
from tests.e2e.test_panels import picks
from tests.e2e.test_scorecards import reads_dm
from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Demo
from tests.support.playground import ANA, HIRING, RILEY

pytestmark = IN_BROWSER

MORGAN = "U0MANAGER"


async def reads_home(seat: Seat) -> None:
    await reads_dm(seat)
    await seat.page.goto(f"{seat.page.url}?tab=home")


async def requires(settings: Locator) -> None:
    await settings.get_by_role("combobox", name="Approval").fill("Required")
    await settings.get_by_role("option", name="Required", exact=True).click()


async def names_approver(settings: Locator, name: str) -> None:
    """Chooses somebody more; the form is shown anew once that holds."""
    before = await settings.get_by_role("combobox", name="Choose people").element_handle()
    assert before is not None
    await picks(settings, "Choose people", name)
    await before.wait_for_element_state("hidden")


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_an_admin_requires_approval_and_a_job_goes_from_a_draft_to_its_post(
    new_demo: Demo, browsing: Browsing, width: int, height: int
) -> None:
    title = f"Payments Developer {width}"
    size = {"width": width, "height": height}
    ana = Seat(await browsing.opens(new_demo.at(ANA, HIRING), **size))
    await reads_home(ana)
    await ana.page.get_by_role("button", name="Workspace settings").click()
    settings = ana.modal("Workspace settings")
    await requires(settings)
    wrong = ana.modal("That didn't work")
    await expect(wrong).to_contain_text("No one approves their own job")
    await wrong.get_by_role("button", name="Back").last.click()
    await expect(settings.get_by_role("combobox", name="Approval")).to_have_value("Not required")
    await names_approver(settings, "Morgan Adeyemi")
    await names_approver(settings, "Sam Rivera")
    await requires(settings)
    await expect(settings.get_by_role("combobox", name="Approval")).to_have_value("Required")
    await pictured(ana.page, f"settings-{width}")
    assert await fits(ana.page)
    await settings.get_by_role("button", name="Done").last.click()
    await expect(ana.page.get_by_text("Jobs are approved")).to_be_visible()
    await pictured(ana.page, f"home-{width}")

    riley = Seat(await browsing.opens(new_demo.at(RILEY, HIRING), **size))
    await riley.types("/jd open senior backend developer")
    form = riley.modal("Open a job")
    await fills_in(form, title)
    await form.get_by_role("button", name="More", exact=True).click()
    apply = form.get_by_role("textbox", name="Where people apply")
    await apply.fill("https://jobs.example.com/7")
    await form.get_by_role("button", name="Review").click()
    review = riley.modal("Review and send")
    await pictured(riley.page, f"send-{width}")
    await review.get_by_role("button", name="Send for approval", exact=True).click()
    sent = riley.modal("Sent for approval")
    for name in ("Morgan Adeyemi", "Sam Rivera"):
        await expect(sent).to_contain_text(name)
    await sent.get_by_role("button", name="Done").click()

    morgan = Seat(await browsing.opens(new_demo.at(MORGAN, HIRING), **size))
    await reads_dm(morgan)
    asked = morgan.messages.filter(has_text="Waiting for your approval").last
    await expect(asked).to_contain_text(title)
    await pictured(morgan.page, f"asked-{width}")
    assert await fits(morgan.page)
    await asked.get_by_role("button", name="Review").click()
    read = morgan.modal("Review job")
    await expect(read).to_contain_text("What you'll bring")
    await pictured(morgan.page, f"approve-{width}")
    assert await fits(morgan.page)
    await read.get_by_role("button", name="Send back").click()
    back = morgan.modal("Send back")
    await back.get_by_role("textbox", name="What should change").fill("Name the team, please.")
    await pictured(morgan.page, f"back-{width}")
    await back.get_by_role("button", name="Send back", exact=True).click()
    await morgan.modal("Sent back").get_by_role("button", name="Done").click()

    await reads_dm(riley)
    answer = riley.messages.filter(has_text="Name the team, please.").last
    await pictured(riley.page, f"sent-back-{width}")
    await answer.get_by_role("button", name="Edit").click()
    edit = riley.modal("Edit job")
    await edit.get_by_role("button", name="More", exact=True).click()
    await edit.get_by_role("textbox", name="Team").fill("Payments")
    await edit.get_by_role("button", name="Review").click()
    again = riley.modal("Review and send")
    await again.get_by_role("button", name="Send for approval", exact=True).click()
    await riley.modal("Sent for approval").get_by_role("button", name="Done").click()

    await reads_dm(morgan)
    await morgan.messages.last.get_by_role("button", name="Review").click()
    await read.get_by_role("button", name="Approve", exact=True).click()
    done = morgan.modal("Approved")
    await expect(done).to_contain_text("Nothing is posted yet.")
    await done.get_by_role("button", name="Done").click()

    await reads_dm(riley)
    approved = riley.messages.filter(has_text="Approved by").last
    await pictured(riley.page, f"approved-{width}")
    await approved.get_by_role("button", name="Post", exact=True).click()
    post = riley.modal("Review and post")
    await picks(post, "Post in", "hiring")
    await post.get_by_role("button", name="Post", exact=True).click()
    await riley.modal("Posted").get_by_role("button", name="Done").click()
    await riley.page.goto(new_demo.at(RILEY, HIRING))
    shown = riley.messages.filter(has=riley.page.get_by_role("heading", name=title, exact=True))
    await expect(shown.last).to_contain_text("Payments")
    await expect(shown.last.get_by_role("link", name="Apply")).to_be_visible()

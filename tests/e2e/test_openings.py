"""A job from a role to a referral, at the page: on a desk and on a phone."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.test_candidates import fits
from tests.e2e.test_panels import picks
from tests.e2e.test_scorecards import reads_dm
from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Demo
from tests.support.playground import ENGINEERING, HIRING, RILEY

pytestmark = IN_BROWSER

SIZES = [(1280, 800), (390, 844)]
"""A desk and a phone."""

CLOSES = f"{datetime.now(UTC) + timedelta(days=40):%Y-%m-%d}"


async def pictured(page: Page, name: str) -> None:
    """Keeps a picture of the page where PANELIST_PICTURES says."""
    folder = os.environ.get("PANELIST_PICTURES")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def fills_in(form: Locator, title: str) -> None:
    await form.get_by_role("textbox", name="Title").fill(title)
    await form.get_by_role("textbox", name="Where", exact=True).fill(
        "Berlin, Germany; remote in Germany"
    )
    await picks(form, "Work mode", "Hybrid")
    await form.get_by_role("textbox", name="Pay range").fill("75-92k EUR")
    await picks(form, "Hiring manager", "Morgan Adeyemi")
    await form.get_by_label("Apply by").fill(CLOSES)


async def posts(riley: Seat, title: str, apply_at: str) -> Locator:
    """Opens a job and posts it; gives its post in the channel."""
    await riley.types("/jd open senior backend developer")
    form = riley.modal("Open a job")
    await fills_in(form, title)
    await form.get_by_role("button", name="More", exact=True).click()
    await form.get_by_role("textbox", name="Where people apply").fill(apply_at)
    await form.get_by_role("button", name="Review").click()
    await riley.modal("Review and post").get_by_role("button", name="Post", exact=True).click()
    await riley.modal("Posted").get_by_role("button", name="Done").click()
    named = riley.messages.filter(has=riley.page.get_by_role("heading", name=title))
    return await riley.that(named.first)


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_riley_opens_a_job_posts_it_and_a_colleague_refers_someone(
    demo: Demo, browsing: Browsing, width: int, height: int
) -> None:
    title = f"Payments Developer {width}"
    size = {"width": width, "height": height}
    riley = Seat(await browsing.opens(demo.at(RILEY, HIRING), **size))
    await riley.types("/jd open senior backend developer")
    form = riley.modal("Open a job")
    await fills_in(form, title)
    await pictured(riley.page, f"open-job-{width}")
    assert await fits(riley.page)
    await form.get_by_role("button", name="More", exact=True).click()
    apply = form.get_by_role("textbox", name="Where people apply")
    await apply.fill("https://jobs.example.com/7")
    await expect(form.get_by_role("textbox", name="Title")).to_have_value(title)
    await form.get_by_role("textbox", name="Pay range").fill("92-75k EUR")
    await form.get_by_role("button", name="Review").click()
    await expect(form).to_contain_text("The minimum is above the maximum.")
    await form.get_by_role("textbox", name="Pay range").fill("75-92k EUR")
    await form.get_by_role("button", name="Review").click()
    review = riley.modal("Review and post")
    await expect(review).to_contain_text("€75,000–92,000 a year")
    await pictured(riley.page, f"review-{width}")
    assert await fits(riley.page)
    await review.get_by_role("button", name="Post", exact=True).click()
    await riley.modal("Posted").get_by_role("button", name="Done").click()

    sam = Seat(await browsing.opens(demo.at("U0SAM", HIRING), **size))
    post = sam.messages.filter(has=sam.page.get_by_role("heading", name=title, exact=True)).last
    await expect(post).to_contain_text("Berlin, Germany, hybrid · or remote in Germany")
    await expect(post.get_by_role("link", name="Apply")).to_be_visible()
    box = await post.bounding_box()
    assert box is not None
    assert box["height"] <= height / 2, "it takes half a screen at most"
    await pictured(sam.page, f"posting-{width}")
    assert await fits(sam.page)
    await post.get_by_role("button", name="Full description").click()
    whole = sam.modal("Job description")
    await expect(whole).to_contain_text("What you'll bring")
    await whole.get_by_role("button", name="Close").last.click()
    await post.get_by_role("button", name="Refer someone").click()
    refer = sam.modal("Refer someone")
    await refer.get_by_role("textbox", name="Name or link").fill("Robin Doe")
    await refer.get_by_role("textbox", name="Why them").fill("Fixed our search.")
    await refer.get_by_role("button", name="Refer", exact=True).click()
    await sam.modal("Referred").get_by_role("button", name="Done").click()

    await reads_dm(riley)
    told = riley.messages.filter(has_text=f"Referral · {title}").first
    await expect(told).to_contain_text("Sam Rivera referred Robin Doe.")
    await riley.page.goto(demo.at(RILEY, ENGINEERING))
    listed = await riley.that(await riley.says("/jd list"))
    await expect(listed).to_contain_text(f"{title}, senior · Berlin")


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_riley_is_advised_puts_a_better_word_in_and_posts_anyway(
    demo: Demo, browsing: Browsing, width: int, height: int
) -> None:
    title = f"Advised Developer {width}"
    riley = Seat(await browsing.opens(demo.at(RILEY, HIRING), width=width, height=height))
    await riley.types("/jd open senior backend developer")
    form = riley.modal("Open a job")
    await fills_in(form, title)
    await form.get_by_role("textbox", name="Where", exact=True).fill("Fresno, CA")
    await form.get_by_role("textbox", name="Pay range").fill("60-150k USD")
    await form.get_by_role("button", name="More", exact=True).click()
    apply = form.get_by_role("textbox", name="Where people apply")
    await apply.fill("https://jobs.example.com/7")
    await form.get_by_role("button", name="Review").click()
    review = riley.modal("Before you post")
    await expect(review).to_contain_text("1 thing to look at")
    await expect(review).to_contain_text("The highest pay is 2.5 times the lowest.")
    await review.get_by_role("button", name="Edit: Posting text").click()
    text = riley.modal("Posting text")
    await text.get_by_role("textbox", name="Nice to have").fill("- A rockstar on stage")
    await text.get_by_role("button", name="Save").click()
    await expect(review).to_contain_text("“rockstar”")
    await pictured(riley.page, f"advice-{width}")
    assert await fits(riley.page)
    await review.get_by_role("button", name="Use “expert” instead of “rockstar”").click()
    await expect(review).to_contain_text("1 thing to look at")
    await review.get_by_role("button", name="Post anyway", exact=True).click()
    await riley.modal("Posted").get_by_role("button", name="Done").click()
    post = riley.messages.filter(has=riley.page.get_by_role("heading", name=title, exact=True)).last
    await expect(post).to_contain_text("Fresno, California")


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_riley_changes_pauses_and_closes_a_job_and_its_post_follows(
    demo: Demo, browsing: Browsing, width: int, height: int
) -> None:
    title = f"Changing Developer {width}"
    riley = Seat(await browsing.opens(demo.at(RILEY, HIRING), width=width, height=height))
    post = await posts(riley, title, "jobs@example.com")
    await expect(post).to_contain_text("€75,000–92,000 a year")

    page = await riley.that(await riley.says(f"/jd {title}"))
    await page.get_by_role("button", name="Edit", exact=True).click()
    edit = riley.modal("Edit job")
    await edit.get_by_role("textbox", name="Pay range").fill("80-95k EUR")
    await edit.get_by_role("button", name="Review").click()
    review = riley.modal("Review and post")
    await expect(review).to_contain_text("€80,000–95,000 a year")
    await review.get_by_role("button", name="Close", exact=True).last.click()
    await expect(post).to_contain_text("€80,000–95,000 a year")

    for choice, done, heading in (
        ("Pause", "Paused", f"Paused · {title}"),
        ("Open again", "Open", title),
        ("Close job", "Closed", f"Closed · {title}"),
    ):
        page = await riley.that(await riley.says(f"/jd {title}"))
        await riley.chooses(page, choice)
        await riley.modal(choice).get_by_role("button", name=choice, exact=True).click()
        await riley.modal(done).get_by_role("button", name="Done").click()
        await expect(post.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    await pictured(riley.page, f"closed-{width}")
    assert await fits(riley.page)
    await expect(post.get_by_role("button", name="See open jobs")).to_be_visible()

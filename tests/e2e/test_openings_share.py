"""A job's texts to paste, at the page: on a desk and on a phone."""

import pytest
from playwright.async_api import expect

from tests.e2e.test_candidates import fits
from tests.e2e.test_openings import SIZES, pictured, posts
from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Demo
from tests.support.playground import HIRING, RILEY

pytestmark = IN_BROWSER


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_riley_finds_a_text_for_each_place_under_share(
    demo: Demo, browsing: Browsing, width: int, height: int
) -> None:
    title = f"Search Developer {width}"
    riley = Seat(await browsing.opens(demo.at(RILEY, HIRING), width=width, height=height))
    await posts(riley, title, "https://jobs.example.com/8")

    page = await riley.that(await riley.says(f"/jd search-developer-{width}"))
    await page.get_by_role("button", name="Share", exact=True).click()
    share = riley.modal("Share")
    await expect(share).to_contain_text("Nothing is posted from here.")
    for place in ("Who is hiring (Hacker News)", "LinkedIn", "Short post", "Slack community"):
        await expect(share).to_contain_text(place)
    boxes = share.locator("pre")
    await expect(boxes).to_have_count(4)
    await expect(boxes.first).to_contain_text(f"{title} | Berlin, Germany (HYBRID)")
    own = f"/jobs/search-developer-{width}?src=slack-community"
    await expect(boxes.last).to_contain_text(own)
    await pictured(riley.page, f"share-{width}")
    assert await fits(riley.page)

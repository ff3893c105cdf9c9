"""`/questions` at the page: a set, its rubrics, other questions in their place."""

import re
from functools import cache

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from bot.cli import main
from bot.commands import content
from bot.library.catalogue import Library
from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Demo
from tests.support.playground import HIRING

pytestmark = IN_BROWSER

TITLE = "Backend Developer: interview questions"


@pytest_asyncio.fixture(loop_scope="session")
async def alex(demo: Demo, browsing: Browsing) -> Seat:
    return Seat(await browsing.opens(demo.at("U0ALEX", HIRING)))


@pytest_asyncio.fixture(loop_scope="session")
async def questions(alex: Seat) -> Locator:
    """A set of questions in front of Alex."""
    answer = await alex.says("/questions backend-developer")
    await expect(answer.get_by_role("heading", name=TITLE)).to_be_visible()
    await expect(answer).to_contain_text("Only visible to you")
    return await alex.that(answer)


def asked(questions: Locator) -> Locator:
    """What is asked, without the probes."""
    return questions.locator("b").filter(has_text=re.compile(r"^\d\. "))


async def test_a_rubric_opens_and_closes_in_its_place(questions: Locator) -> None:
    before = await asked(questions).all_inner_texts()
    assert len(before) >= 3
    await questions.get_by_role("button", name="Show rubric").nth(1).click()
    for part in ("Poor:", "Borderline:", "Solid:", "Outstanding:", "Red flags:"):
        await expect(questions.get_by_text(part)).to_have_count(1)
    assert await asked(questions).all_inner_texts() == before
    await questions.get_by_role("button", name="Hide rubric").click()
    await expect(questions.get_by_text("Red flags:")).to_have_count(0)


async def test_one_question_is_swapped_and_then_the_whole_set(questions: Locator) -> None:
    first, *rest = await asked(questions).all_inner_texts()
    await questions.get_by_role("button", name="Swap").first.click()
    await expect(asked(questions).first).not_to_have_text(first)
    assert (await asked(questions).all_inner_texts())[1:] == rest
    await questions.get_by_role("button", name="Another set").click()
    await expect(asked(questions).nth(1)).not_to_have_text(rest[0])


async def test_a_set_is_found_again_by_its_name(alex: Seat, questions: Locator) -> None:
    before = await asked(questions).all_inner_texts()
    line = await questions.get_by_text(re.compile(r"^/questions set \w+$")).inner_text()
    again = await alex.that(await alex.says(line))
    await expect(asked(again)).to_have_text(before)


async def test_the_rubrics_stay_out_of_the_channel(
    alex: Seat, questions: Locator, demo: Demo, browsing: Browsing
) -> None:
    sam = Seat(await browsing.opens(demo.at("U0SAM", HIRING)))
    await questions.get_by_role("button", name="Send to my DM").click()
    await expect(questions).to_contain_text("Sent to your DM, with all rubrics.")
    await questions.get_by_role("button", name="Post to channel").click()
    await expect(questions).to_contain_text("Candidates may be in this channel.")
    await questions.get_by_role("button", name="Post anyway").click()
    posted = sam.newest
    await expect(posted.get_by_role("heading", name=TITLE)).to_be_attached()
    await expect(posted).not_to_contain_text("Red flags:")

    await alex.reads("Panelist")
    await expect(alex.messages.filter(has_text="Red flags:").first).to_be_attached()


PAGES = re.compile(rb"/Type\s*/Page\b(?!s)")
SHEET = 'class="sheet"'


async def test_an_hours_kit_of_every_role_is_five_pages_on_paper(
    library: Library,
    browser: Browser,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the candidate's sheets, which have a page each to be handed over."""
    monkeypatch.setattr(content, "load_tried", cache(content.load_tried))  # read once for all roles
    page = await browser.new_page()
    pages = {}
    for role in library.roles:
        main(["questions", role.slug, "--minutes", "60", "--format", "html"])
        kit = capsys.readouterr().out
        await page.set_content(kit)
        for paper in ("Letter", "A4"):
            printed = await page.pdf(format=paper)
            pages[role.slug, paper] = len(PAGES.findall(printed)) - kit.count(SHEET)
    await page.emulate_media(media="print")
    points = "parseFloat(getComputedStyle(document.body).fontSize) * 72 / 96"
    assert await page.evaluate(points) == pytest.approx(11, abs=0.01)
    await page.close()
    assert len(pages) >= 80
    assert {kit: count for kit, count in pages.items() if not 1 <= count <= 5} == {}

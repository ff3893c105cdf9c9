"""The jobs pages in a browser: on a phone and a desk, in the light and the dark, for everybody."""

import functools
import re
from collections.abc import AsyncIterator, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.cli import main
from bot.domain.posting import Section
from bot.domain.site.jobs import Snapshot
from tests.e2e.test_openings import fills_in
from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Demo
from tests.support.playground import HIRING, RILEY
from tests.support.postings import job_of
from tests.support.server import serving
from tests.support.site import BASE, Pages, Standing, company_folder, published

pytestmark = IN_BROWSER

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "list": "/jobs",
    "list filtered": "/jobs?team=engineering&q=code",
    "list without any": "/jobs?q=harbor+pilot",
    "job": "/jobs/registered-nurse-1",
    "job by email": "/jobs/frontend-engineer-3",
    "job that has ended": "/jobs/data-engineer-6",
    "job that is paused": "/jobs/product-manager-4",
    "job that is closed": "/jobs/data-scientist-5",
    "nothing": "/nothing",
}
WIDTHS = (320, 1280)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(company_folder(tmp_path_factory.mktemp("content")))


@pytest_asyncio.fixture(loop_scope="session")
async def address(pages: Pages) -> AsyncIterator[str]:
    async with serving(Standing(pages).asgi()) as url:
        yield url


async def faults(page: Page) -> list[str]:
    """What axe finds, and what is wider than the screen."""
    found = await Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    told = [
        f"{fault['id']}: {[node['html'][:120] for node in fault['nodes'][:3]]}"
        for fault in found.response["violations"]
    ]
    assert len(found.response["passes"]) > 15, "axe has looked"
    width, screen = await page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    return [*told, *([f"{width} wide on {screen}"] if width > screen else [])]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
async def test_every_page_is_for_everybody(
    address: str, browsing: Browsing, width: int, theme: str
) -> None:
    page = await browsing.opens(f"{address}/jobs", width=width, color_scheme=theme)
    for name, path in PAGES.items():
        await page.goto(f"{address}{path}")
        assert await faults(page) == [], name


async def test_the_longest_words_fit_a_small_phone(
    pages: Pages, browsing: Browsing, tmp_path: Path
) -> None:
    text = "Donaudampfschifffahrtsgesellschaftskapitänsanwärterprüfungsausschussvorsitz" * 2
    job = job_of(pages.role("backend-developer"), title=text[:150], team=text[:60])
    long = Pages(company_folder(tmp_path), [published(job)])
    assert isinstance(long.now, Snapshot)
    async with serving(Standing(long).asgi()) as url:
        page = await browsing.opens(f"{url}/jobs", width=320)
        assert await faults(page) == []
        await page.goto(f"{url}/jobs/backend-developer-0")
        assert await faults(page) == []


async def test_a_job_written_from_right_to_left_begins_at_the_right(
    pages: Pages, browsing: Browsing, tmp_path: Path
) -> None:
    arabic = "نبحث عن مهندس برمجيات، يعمل على أنظمة الدفع (API)."
    text = (Section("", paragraphs=(arabic, arabic)), Section("ماذا ستفعل", items=(arabic,)))
    role = pages.role("backend-developer")
    job = job_of(role, text=text, title="مهندس برمجيات!", team="الهندسة")
    written = Pages(company_folder(tmp_path), [published(job)])
    async with serving(Standing(written).asgi()) as url:
        page = await browsing.opens(f"{url}/jobs/backend-developer-0", width=320)
        assert await faults(page) == []
        direction = "one => getComputedStyle(one).direction"
        assert await page.locator(".article li").first.evaluate(direction) == "rtl"
        assert await page.get_by_text("Pay", exact=True).evaluate(direction) == "ltr"
        await page.goto(f"{url}/jobs")
        assert await faults(page) == []
        row = await page.locator(".jobs li").bounding_box()
        title = await page.locator(".jobs bdi").bounding_box()
        assert row is not None
        assert title is not None
        assert title["x"] == row["x"], "in a list it begins where all the others do"


async def test_a_nurse_finds_her_job_without_a_script_and_presses_apply(
    address: str, browsing: Browsing
) -> None:
    page = await browsing.opens(f"{address}/jobs", width=390, java_script_enabled=False)
    await page.get_by_label("Search").fill("nurse")
    await page.get_by_label("Location").select_option("Seattle")
    await page.get_by_role("button", name="Show jobs").click()
    await expect(page.get_by_role("heading", name="1 job matches")).to_be_visible()
    await expect(page.get_by_label("Search")).to_have_value("nurse")
    await page.get_by_role("link", name="Registered Nurse").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Registered Nurse")
    apply = page.get_by_role("link", name="Apply for this job").first
    box = await apply.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 667, "on the first screen of a phone"
    for fact in ("$28.50 an hour", "Seattle, WA, on-site"):
        await expect(page.get_by_text(fact, exact=True).first).to_be_in_viewport()
    await expect(apply).to_have_attribute("href", "https://apply.northwind.example/nurse?ref=7")


async def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    address: str, browsing: Browsing
) -> None:
    page = await browsing.opens(f"{address}/jobs")
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    await expect(skip).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#main")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Search")).to_be_focused()
    outline = await page.get_by_label("Search").evaluate(
        "one => getComputedStyle(one).outlineWidth"
    )
    assert outline == "3px"
    await page.keyboard.type("nurse")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"q=nurse"))
    chip = page.get_by_role("link", name="Remove filter: “nurse”")
    await chip.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Help small wind farms run themselves"
    )


async def test_a_page_is_paper_without_what_paper_cannot_do(
    address: str, browsing: Browsing
) -> None:
    page = await browsing.opens(f"{address}/jobs/registered-nurse-1", color_scheme="dark")
    await page.emulate_media(media="print")
    for button in await page.get_by_role("link", name="Apply for this job").all():
        await expect(button).to_be_hidden()
    await expect(
        page.get_by_text("Apply: https://apply.northwind.example/nurse?ref=7")
    ).to_be_visible()
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site as files, with the library, on a host that knows nothing of us."""
    folder = tmp_path_factory.mktemp("files")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{folder / 'none.db'}")
        patch.setenv("PANELIST_CONTENT", str(company_folder(folder / "content")))
        assert main(["site", "build", str(folder / "site"), "--library", "--base", BASE]) == 0
    handler = functools.partial(_Quiet, directory=str(folder / "site"))
    host = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=host.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{host.server_port}"
    host.shutdown()
    host.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: the test says what it sees."""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
async def test_the_library_is_for_everybody(
    library: str, browsing: Browsing, width: int, theme: str
) -> None:
    page = await browsing.opens(f"{library}/library/", width=width, color_scheme=theme)
    for path in ("/library/", "/library/healthcare/registered-nurse/", "/jobs/", "/404.html"):
        await page.goto(f"{library}{path}")
        assert await faults(page) == [], path


async def test_a_role_is_found_as_one_types(library: str, browsing: Browsing) -> None:
    page = await browsing.opens(f"{library}/library/")
    await page.get_by_label("Find a role").fill("telemetry")
    await expect(page.get_by_role("link", name="Registered Nurse")).to_be_visible()
    await expect(page.get_by_role("link", name="Backend Developer")).to_be_hidden()
    await page.get_by_label("Find a role").fill("lighthouse keeper")
    await expect(page.get_by_role("status")).to_have_text("No role matches.")
    await page.get_by_label("Find a role").fill("")
    await expect(page.get_by_role("link", name="Backend Developer")).to_be_visible()
    await page.get_by_role("link", name="Backend Developer").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Backend Developer")


async def test_from_slack_to_the_page_and_to_its_end(demo: Demo, browsing: Browsing) -> None:
    riley = Seat(await browsing.opens(demo.at(RILEY, HIRING)))
    await riley.types("/jd open senior backend developer")
    form = riley.modal("Open a job")
    await fills_in(form, "Harbor Developer")
    await form.get_by_role("button", name="More", exact=True).click()
    apply = form.get_by_role("textbox", name="Where people apply")
    await apply.fill("https://jobs.example.com/8")
    await form.get_by_role("button", name="Review").click()
    review = riley.modal("Review and post")
    await review.get_by_role("button", name="Post", exact=True).click()
    await riley.modal("Posted").get_by_role("button", name="Done").click()

    jobs = demo.output.partition("jobs pages of its company: ")[2].split()[0]
    page = await browsing.opens(jobs, width=390)
    await until_there(page, "Harbor Developer")
    await page.get_by_role("link", name="Harbor Developer").click()
    link = page.get_by_role("link", name="Apply for this job").first
    await expect(link).to_have_attribute("href", "https://jobs.example.com/8")
    await expect(page.locator('script[type="application/ld+json"]')).to_have_count(1)

    shown = await riley.that(await riley.says("/jd harbor-developer"))
    await riley.chooses(shown, "Close job")
    await riley.modal("Close job").get_by_role("button", name="Close job").click()
    await until_gone(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("This job is closed")


async def until_there(page: Page, name: str) -> None:
    """Looks again until the list has it, as a reader would."""
    while not await page.get_by_role("link", name=name).count():
        await page.wait_for_timeout(100)
        await page.reload()


async def until_gone(page: Page) -> None:
    while (answer := await page.reload()) is not None and answer.status != 410:
        await page.wait_for_timeout(100)

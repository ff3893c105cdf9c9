"""The bot crashes and comes back: the page says so, and what a person was doing goes on."""

import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from handlers.ids import CommandName
from handlers.manifest import manifest
from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import COMMAND, Process
from tests.support.playground import APP_TOKEN, BOT_TOKEN, SECRET, Scene, scene
from tests.support.ports import free_port

pytestmark = IN_BROWSER

START = 10_000
"""Milliseconds that a start of the bot may take."""


@pytest.fixture(params=["http", "socket"])
def url(request: pytest.FixtureRequest) -> str | None:
    """Where the bot is reached over HTTP; None for Socket Mode."""
    return f"http://127.0.0.1:{free_port()}" if request.param == "http" else None


@pytest_asyncio.fixture(loop_scope="session")
async def here(tmp_path: Path, url: str | None) -> AsyncIterator[Scene]:
    events = url and f"{url}/slack/events"
    described = manifest(CommandName, "", url)
    async with scene(tmp_path, request_url=events, manifest=described) as running:
        yield running


@pytest.fixture
def start_bot(tmp_path: Path, here: Scene, url: str | None) -> Iterator[Callable[[], Process]]:
    settings = {
        "SLACK_API_URL": f"{here.address}/api/",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "PORT": url.rpartition(":")[2] if url else "0",
    }
    if url is None:
        settings["SLACK_APP_TOKEN"] = APP_TOKEN
    with ExitStack() as started:

        def start() -> Process:
            process = Process(tmp_path, "serve", COMMAND, "serve", **settings)
            return started.enter_context(process)

        yield start


async def test_a_crash_in_the_middle_of_the_picker_costs_nothing_but_time(
    here: Scene, start_bot: Callable[[], Process], browsing: Browsing
) -> None:
    slot = Seat(await browsing.opens(here.address))
    banner = slot.page.get_by_role("alert").filter(has_text="Panelist")
    await expect(banner).to_be_visible()
    bot = start_bot()
    await expect(banner).to_have_count(0, timeout=START)
    await slot.types("/jd")
    picker = slot.modal("Post a job description")
    await picker.get_by_role("combobox", name="Role").press_sequentially("qa")
    await slot.page.keyboard.press("Enter")
    await expect(picker.get_by_role("heading", name="QA Engineer")).to_be_visible()

    bot.stops(how=signal.SIGKILL)
    await expect(banner).to_contain_text("Panelist is not running, so it cannot answer.")
    await picker.get_by_role("button", name="Post").click()
    await expect(picker.get_by_text("We had some trouble connecting. Try again?")).to_be_visible()

    start_bot()
    await expect(banner).to_have_count(0, timeout=START)
    await picker.get_by_role("button", name="Post").click()
    await expect(picker).to_be_hidden()
    await expect(slot.newest.get_by_role("heading", name="QA Engineer")).to_be_visible()


async def test_a_command_meanwhile_is_answered_by_slackbot(here: Scene, browsing: Browsing) -> None:
    slot = Seat(await browsing.opens(here.address))
    answer = await slot.says("/jd backend-developer")
    await expect(answer).to_contain_text('/jd failed with the error "dispatch_failed"')
    await expect(answer).to_contain_text("Only visible to you")

"""`panelist demo` as a process: how it starts, stops, comes back, and what it keeps."""

from pathlib import Path

from playwright.async_api import expect

from bot.serving import listen
from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Demo, running_demo
from tests.support.playground import HIRING, RILEY, free_port

pytestmark = IN_BROWSER


async def test_a_taken_port_is_said_in_a_sentence(tmp_path: Path) -> None:
    with (
        listen("127.0.0.1", 0) as taken,
        Demo(tmp_path, port=taken.getsockname()[1]) as demo,
    ):
        assert demo.ends() == 1
    assert demo.output == (
        f"Cannot listen on 127.0.0.1 port {demo.port} (Address already in use): "
        "choose another port.\n"
    )
    assert not (tmp_path / "panelist-demo").exists()


async def test_it_stops_within_three_seconds_though_a_page_is_open(
    new_demo: Demo, browsing: Browsing
) -> None:
    page = await browsing.opens(new_demo.address)
    slot = Seat(page)
    await slot.types("/jd")
    await expect(slot.modal("Post a job description")).to_be_visible()
    assert new_demo.stops(within=3) == 0
    assert new_demo.output.splitlines()[2:] == ["Stopped."]
    await expect(page.get_by_text("The playground is not answering.")).to_be_visible()


async def test_a_restart_shows_what_was_said_and_fresh_begins_anew(
    tmp_path: Path, browsing: Browsing
) -> None:
    port = free_port()
    with running_demo(tmp_path, port=port) as first:
        page = await browsing.opens(first.at(RILEY, HIRING))
        slot = Seat(page)
        await expect((await slot.says("/jd data-engineer")).get_by_role("button")).to_have_count(3)
        posted = await slot.that(slot.newest)
    away = page.get_by_text("The playground is not answering.")
    await expect(away).to_be_visible()

    with running_demo(tmp_path, port=port):
        await expect(away).to_have_count(0)
        await page.reload()
        await expect(posted.get_by_role("heading", name="Data Engineer")).to_be_visible()
        await slot.chooses(posted, "Remove")
        await expect(posted).to_have_count(0)
        await slot.says("still here")

    with running_demo(tmp_path, "--fresh", port=port):
        await expect(away).to_have_count(0)
        await expect(slot.messages).to_have_count(0)

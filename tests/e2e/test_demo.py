"""`panelist demo` as a process: how it starts, stops, comes back, and what it keeps."""

import re
from pathlib import Path

from playwright.async_api import expect

from bot.serving import listen
from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Demo, running_demo
from tests.support.playground import HIRING, RILEY
from tests.support.ports import free_port

pytestmark = IN_BROWSER

CAST = """
[workspace]
name = "Acme Robotics"
domain = "acme"
email_domain = "acme.example"

[[people]]
name = "kim"
full_name = "Kim Sato"
title = "Recruiter"
zone = "Asia/Tokyo"

[[people]]
name = "nadia"
full_name = "Nadia Haddad"
zone = "Africa/Cairo"

[[channels]]
name = "talent"
"""


async def test_a_taken_port_is_named_with_the_command_for_another(tmp_path: Path) -> None:
    with (
        listen("127.0.0.1", 0) as taken,
        Demo(tmp_path, port=taken.getsockname()[1]) as demo,
    ):
        assert demo.ends() == 1
    first, second = demo.output.splitlines()
    assert first == (
        f"Port {demo.port} on 127.0.0.1 is taken, maybe by a demo that's still running in another "
        f"terminal. `lsof -i :{demo.port}` shows which program has it."
    )
    offered = re.fullmatch(
        r"To use another port: panelist demo --port (\d+) \(or make demo PORT=\1\)", second
    )
    assert offered
    with listen("127.0.0.1", int(offered[1])):
        pass
    assert not (tmp_path / "panelist-demo").exists()


async def test_people_and_channels_come_from_a_file(tmp_path: Path, browsing: Browsing) -> None:
    (tmp_path / "acme.toml").write_text(CAST)
    with running_demo(tmp_path, "--cast", "acme.toml") as demo:
        page = await browsing.opens(demo.address)
        await expect(page).to_have_url(f"{demo.address}/as/U0KIM/C0TALENT")
        await expect(page.get_by_text("Acme Robotics")).to_be_visible()
        people = page.get_by_label("Act as").get_by_role("option")
        await expect(people).to_have_text(["Kim Sato · Recruiter", "Nadia Haddad"])
        await expect(page.get_by_role("region", name="Your first minute")).to_be_visible()
        slot = Seat(page)
        await slot.says("/jd backend-developer")
        await expect(slot.newest).to_contain_text("Backend Developer")
        await page.get_by_label("Act as").select_option("U0NADIA")
        await expect(page.get_by_role("navigation", name="Conversations")).to_contain_text("Cairo")


async def test_what_is_wrong_with_a_cast_is_said_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(CAST.replace("Asia/Tokyo", "Mars/Base"))
    with Demo(tmp_path, "--cast", "acme.toml") as demo:
        assert demo.ends() == 1
    assert demo.output == (
        "acme.toml: 1 problem in this cast.\n"
        "  people[1].zone: 'Mars/Base' is not a time zone such as Europe/Berlin\n"
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
    assert new_demo.output.splitlines()[3:] == ["Stopped."]
    await expect(page.get_by_text("The playground is not answering.")).to_be_visible()


async def test_a_restart_shows_what_was_said_and_fresh_begins_anew(
    tmp_path: Path, browsing: Browsing
) -> None:
    port = free_port()
    with running_demo(tmp_path, port=port) as first:
        page = await browsing.opens(first.at(RILEY, HIRING))
        slot = Seat(page)
        await expect((await slot.says("/jd data-engineer")).get_by_role("button")).to_have_count(4)
        posted = await slot.that(slot.newest)
    away = page.get_by_text("The playground is not answering.")
    await expect(away).to_be_visible()

    with running_demo(tmp_path, port=port):
        await expect(away).to_have_count(0)
        await page.reload()
        await expect(posted.get_by_role("heading", name="Data Engineer")).to_be_visible()
        await slot.chooses(posted, "Remove")
        await slot.modal("Remove job description").get_by_role("button", name="Remove").click()
        await expect(posted).to_contain_text("removed this job description")
        await slot.says("still here")

    with running_demo(tmp_path, "--fresh", port=port):
        await expect(away).to_have_count(0)
        await expect(slot.messages).to_have_count(0)

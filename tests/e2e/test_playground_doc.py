"""The examples in docs/playground.md, run as they stand there."""

import re
import sys
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Process
from tests.support.ports import free_port

pytestmark = IN_BROWSER

DOC = (Path(__file__).parents[2] / "docs/playground.md").read_text()


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_foreign_app_of_a_few_lines_runs_unchanged(
    tmp_path: Path, browsing: Browsing, mode: str
) -> None:
    slack, app, trial = re.findall(r"```python\n(.*?)```", DOC, re.DOTALL)
    if mode == "http":
        (request_url,) = re.findall(r"`(request_url=[^`]+)`", DOC)
        (start,) = re.findall(r"`(app\.start\(\d+\))`", DOC)
        slack = slack.replace("request_url=None", request_url)
        app = re.sub(r"SocketModeHandler\(app.*", start, app)
    ports = {"3100": str(free_port()), "3000": str(free_port())}
    for name, text in (("local_slack", slack), ("app", app), ("trial", trial)):
        for documented, free in ports.items():
            text = re.sub(rf"\b{documented}\b", free, text)
        (tmp_path / f"{name}.py").write_text(text)

    with Process(tmp_path, "slack", sys.executable, "local_slack.py") as playground:
        playground.until_it_says("The playground is at")
        page = await browsing.opens(f"http://127.0.0.1:{ports['3100']}")
        with Process(tmp_path, "app", sys.executable, "app.py"):
            banner = page.get_by_role("alert").filter(has_text="Greeter")
            await expect(banner).to_have_count(0)
            slot = Seat(page)
            await slot.says("/hello")
            await expect(slot.newest).to_contain_text("Hello, @Riley Chen!")
            with Process(tmp_path, "trial", sys.executable, "trial.py") as tried:
                assert tried.ends() == 0, tried.output
            assert tried.output == "The Greeter greets.\n"
        playground.stops(within=3)
    assert (tmp_path / "greeter-data").is_dir()

"""The servers that are measured, each in a process of its own that is up once it is made."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from bot.clock import SystemClock
from bot.domain.jd import Posting
from bot.library.content import load_content
from handlers.views import jd
from tests.support.ports import free_port
from tests.support.wire import SECRET

BARE, DEFAULT, PANELIST = "bare Bolt", "Bolt's default", "Panelist"
PATIENCE = 30

CONTENT = "content"
"""The folder of a company's own content, where there is one."""


class Server:
    """One server, with `more` settings; `seconds` is how long it took until it was ready."""

    def __init__(
        self,
        kind: str,
        folder: Path,
        slack_api_url: str,
        acked: Mapping[str, object] | None = None,
        **more: str,
    ) -> None:
        """`acked` is what a bare server acks; a job description unless told otherwise."""
        self.port = free_port()
        arguments, settings = _command(kind, self.port, folder, slack_api_url, acked)
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env=environment() | settings | more,
            stderr=subprocess.DEVNULL,
        )
        self._await_ready()
        self.seconds = time.perf_counter() - started

    @property
    def megabytes(self) -> float:
        """What the process has in memory now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    def _await_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.002)
            finally:
                connection.close()
        self.stop()
        raise TimeoutError


def environment() -> dict[str, str]:
    """As an installation has it: with compiled modules, and no settings but those given."""
    kept = ("PATH", "HOME", "LANG")
    return {name: os.environ[name] for name in kept if name in os.environ}


def _command(
    kind: str,
    port: int,
    folder: Path,
    slack_api_url: str,
    acked: Mapping[str, object] | None,
) -> tuple[list[str], dict[str, str]]:
    if kind == PANELIST:
        content = {"PANELIST_CONTENT": str(folder / CONTENT)} if (folder / CONTENT).exists() else {}
        return ["bot", "serve"], content | {
            "PORT": str(port),
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": slack_api_url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/panelist.db",
        }
    file = folder / f"{port}.json"
    file.write_text(json.dumps({"message": acked or message(), "secret": SECRET}))
    style = ["default"] if kind == DEFAULT else []
    return ["tests.bench.bare", str(port), str(file), *style], {}


def message() -> dict[str, object]:
    """What `/jd backend-developer` posts."""
    role = load_content().library.find("backend-developer")
    assert role is not None
    posting = Posting("p", "T1", "C1", role.slug, role.version, "U1", SystemClock().now())
    made: dict[str, object] = json.loads(jd.posting_message(jd.described(role), posting))
    return made

"""`panelist serve` as a process of its own."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import httpx

from tests.support.ports import free_port
from tests.support.slack import StandIn
from tests.support.waiting import A_MINUTE
from tests.support.wire import SECRET


def environment(settings: dict[str, str]) -> dict[str, str]:
    """What a process of ours is given, with nothing of the developer's own settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"PYTHONWARNINGS": "error"} | settings


class Served:
    """The process, which ends with the block at the latest, and its log; `descriptors` is how many
    files it may have open."""

    def __init__(self, folder: Path, slack: StandIn, descriptors: int = 0, **settings: str) -> None:
        self.port = free_port()
        given = {
            "PORT": str(self.port),
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": slack.api_url,
        }
        limit = f"ulimit -n {descriptors} && " if descriptors else ""
        self._log = folder / "serve.log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", f'{limit}exec "$0" -m bot serve', sys.executable],
                cwd=folder,
                env=environment(given | settings),
                stderr=log,
            )
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    async def answers(self, web: httpx.AsyncClient) -> None:
        deadline = time.monotonic() + A_MINUTE
        while time.monotonic() < deadline:
            try:
                if (await web.get(f"{self.url}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.05)
        raise TimeoutError

    @property
    def log(self) -> str:
        return self._log.read_text()

    async def ends(self) -> tuple[int, str]:
        """The process's exit code and its log."""
        code = await asyncio.to_thread(self.process.wait, timeout=A_MINUTE)
        return code, self.log

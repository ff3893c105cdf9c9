"""`panelist demo` as a newcomer starts it: the installed command, in a folder of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tests.support.ports import free_port
from tests.support.waiting import A_MINUTE

COMMAND = Path(sys.executable).with_name("panelist")


def environment(**settings: str) -> dict[str, str]:
    """What a process of ours is given: nothing of the developer's own settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"PYTHONWARNINGS": "error"} | settings


class Process:
    """A command that runs until it is told to stop, or until the `with` is left.

    What it says is kept in `<name>.log`.
    """

    def __init__(self, folder: Path, name: str, *command: str | Path, **settings: str) -> None:
        self._output = folder / f"{name}.log"
        with self._output.open("w") as output:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment(**settings),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def output(self) -> str:
        return self._output.read_text()

    def until_it_says(self, words: str, within: float = A_MINUTE) -> None:
        deadline = time.monotonic() + within
        while words not in self.output:
            assert self._process.poll() is None, f"It ended: {self.output}"
            assert time.monotonic() < deadline, f"It has not said {words!r}: {self.output}"
            time.sleep(0.02)

    def ends(self, within: float = A_MINUTE) -> int:
        """Waits until it has ended by itself; gives its exit code."""
        return self._process.wait(within)

    def stops(self, within: float = A_MINUTE, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends it; gives its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(how)
        return self.ends(within)


class Demo(Process):
    """A running demo, at an address."""

    def __init__(
        self, folder: Path, *arguments: str, port: int | None = None, **settings: str
    ) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        command = (COMMAND, "demo", "--port", str(self.port), *arguments)
        super().__init__(folder, "demo", *command, **settings)

    def at(self, person: str, channel: str) -> str:
        """The address at which this person reads this channel."""
        return f"{self.address}/as/{person}/{channel}"


@contextmanager
def running_demo(
    folder: Path, *arguments: str, port: int | None = None, **settings: str
) -> Iterator[Demo]:
    with Demo(folder, *arguments, port=port, **settings) as demo:
        demo.until_it_says("Ctrl-C stops it.")
        yield demo
        demo.stops()

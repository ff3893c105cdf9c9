"""How long a start takes and what it leaves in memory, against a bare Bolt app; `--help` too."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.servers import BARE, PANELIST, Server, environment

ROUNDS = 7


def run(folder: Path, slack_api_url: str) -> None:
    seconds: dict[str, list[float]] = {BARE: [], PANELIST: [], "help": []}
    megabytes: dict[str, list[float]] = {BARE: [], PANELIST: []}
    for number in range(ROUNDS + 1):  # the first one compiles modules and migrates the database
        for kind in (BARE, PANELIST) if number % 2 else (PANELIST, BARE):
            server = Server(kind, folder, slack_api_url)
            if number:
                seconds[kind].append(server.seconds)
                megabytes[kind].append(server.megabytes)
            server.stop()
        if number:
            seconds["help"].append(_help())
    start = {kind: statistics.median(values) for kind, values in seconds.items()}
    memory = {kind: statistics.median(values) for kind, values in megabytes.items()}
    bare, ours = start[BARE], start[PANELIST]
    more = memory[PANELIST] - memory[BARE]
    print(f"A bare Bolt app is ready in {bare:.2f} s with {memory[BARE]:.0f} MB in memory;")
    print(f"Panelist is in {ours:.2f} s, {ours / bare:.2f} times as long, with {more:.0f} MB more.")
    shown = start["help"]
    print(f"`panelist --help` takes {shown:.2f} s, {shown / bare:.2f} of the bare app's start.")


def _help() -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "bot", "--help"],
        env=environment(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - started

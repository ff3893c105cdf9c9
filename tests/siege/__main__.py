"""`make siege`: a Panelist that everybody and everything around it treats badly goes on serving.

`python -m tests.siege [SECONDS] [SEED]`, ten minutes unless told otherwise. Exits with 1 and says
what broke where a good request went unanswered, something went wrong by our own fault, or it does
not recover.
"""

import asyncio
import json
import os
import random
import re
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import make_url, text

from bot.library.content import load
from bot.storage.database import Database
from tests.chaos.submissions import Task, prepared
from tests.siege import attacks
from tests.siege.good import Work, works
from tests.support.acts import Stage, slack_people, stage
from tests.support.databases import Postgres
from tests.support.panelist import running
from tests.support.panels import HandClock
from tests.support.scorecards import Desk
from tests.support.served import Served
from tests.support.slack import StandIn
from tests.support.wire import WORKSPACE, web_client

SECONDS = 600
SCORECARDS = 500
DESCRIPTORS = 512
RECOVERS_WITHIN = 120.0

FAKE_CLOCK = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
"""From the package libfaketime: where it is missing, the clock does not jump."""

WRONG = ("Traceback", "went_wrong", "outbox.broken", "stop.failed")
"""What the log never holds."""


@dataclass
class Watched:
    """What a process says of itself, once a second, and what it needs."""

    name: str
    served: Served
    ready: Counter[str] = field(default_factory=Counter)
    memory: list[int] = field(default_factory=list)
    descriptors: int = 0

    async def watch(self) -> None:
        """Until it is cancelled."""
        while True:
            self.memory.append(_resident(self.served.process.pid))
            with suppress(OSError):
                open_now = len(os.listdir(f"/proc/{self.served.process.pid}/fd"))
                self.descriptors = max(self.descriptors, open_now)
            self.ready[await self.says()] += 1
            await asyncio.sleep(1)

    async def says(self) -> str:
        """Its status and of what it speaks, without the numbers."""
        try:
            async with web_client() as web:
                answer = await web.get(f"{self.served.url}/readyz", timeout=8)
        except httpx.TransportError as error:
            return type(error).__name__
        told = answer.json()
        words = [one.split(" for ")[0].split(":")[0] for one in told["faults"] + told["degraded"]]
        return " · ".join([str(answer.status_code), *words])

    def __str__(self) -> str:
        log = self.served.log
        said = "".join(f"\n      {count}x {what}" for what, count in self.ready.most_common(12))
        return (
            f"{self.name}: {self.memory[0] / 1024:.0f} MB before, {self.memory[-1] / 1024:.0f} MB "
            f"after, {max(self.memory) / 1024:.0f} MB at most; {self.descriptors} descriptors at "
            f"most; {len(log.encode()):,} bytes of log in {log.count(chr(10))} lines; readyz:{said}"
        )


def _resident(pid: int) -> int:
    """Kilobytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def main() -> int:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10**6)
    print(f"Seed {seed}, {seconds} seconds.", flush=True)
    server = Postgres()
    try:
        folder = Path(tempfile.mkdtemp(prefix="panelist-siege-"))
        print(f"The logs are in {folder}.")
        faults = asyncio.run(_siege(folder, server, seconds, random.Random(seed)))
    finally:
        server.close()
    print("\n  ".join(["BROKEN:", *faults[:30]]) if faults else "It held.")
    return 1 if faults else 0


async def _siege(
    folder: Path, server: Postgres, seconds: int, chance: random.Random
) -> Sequence[str]:
    url = await asyncio.to_thread(server.new_database)
    tasks = await prepared(url, SCORECARDS, chance)
    slack, work, sent = StandIn(), Work(), attacks.Sent()
    slack.people = slack_people()
    async with slack.serving() as slack.url:
        scene = await _set(slack, url)
        offset = folder / "clock"
        offset.write_text("+0")
        with ExitStack() as ends:
            watched = [
                Watched(name, ends.enter_context(_served(folder / name, slack, url, offset, given)))
                for name, given in (
                    ("http", {}),
                    ("socket", {"SLACK_APP_TOKEN": "xapp-1"}),
                )
            ]
            async with web_client() as web:
                for one in watched:
                    await one.served.answers(web)
            at = watched[0].served.url
            pids = [one.served.process.pid for one in watched]
            plan = [
                works(scene, at, tasks, work, chance),
                *(one.watch() for one in watched),
                _floods(at, sent, chance),
                attacks.forged(scene, at, sent, chance),
                attacks.slack_fails(slack, sent, chance),
                attacks.database_fails(_ways_to_break(server, url), sent, chance),
                attacks.stands_still(pids, work, sent, chance),
            ]
            if FAKE_CLOCK.exists():
                plan.append(attacks.clock_steps(offset, sent, chance))
            else:
                print("The clock does not jump: libfaketime is not installed.")
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                    for one in plan:
                        group.create_task(one)
            slack.faults.clear()
            slack.addresses.clear()
            faults = [fault async for fault in _recovers(watched)]
            print(f"Sent meanwhile: {sent}.\n{work}.")
            faults += work.faults()
            for one in watched:
                one.served.process.terminate()
                code, log = await one.served.ends()
                print(one)
                faults += [f"{one.name} ended with {code}"] if code else []
                faults += _wrong(one.name, log)
    return [*faults, *await _lost(url, work.submitted)]


async def _floods(url: str, sent: attacks.Sent, chance: random.Random) -> None:
    """Until it is cancelled."""
    command = (sys.executable, "-m", "tests.siege.flood", url, str(chance.randrange(10**6)))
    flood = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    try:
        await flood.wait()
        raise RuntimeError("the flood has ended before its time")
    finally:
        counts, _ = await flood.communicate(b"")
        sent.counts |= json.loads(counts or "{}")


def _served(folder: Path, slack: StandIn, url: str, offset: Path, given: dict[str, str]) -> Served:
    folder.mkdir()
    clock = {
        "LD_PRELOAD": str(FAKE_CLOCK),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    settings = {"DATABASE_URL": url, **given, **(clock if FAKE_CLOCK.exists() else {})}
    return Served(folder, slack, descriptors=DESCRIPTORS, **settings)


async def _set(slack: StandIn, url: str) -> Stage:
    """The panels that requests are about, in the database."""
    clock = HandClock()
    async with running(slack, url, clock=clock) as panelist:
        desk = Desk(load(), panelist.application.database, clock=clock)
        return await stage(panelist, desk, clock)


def _ways_to_break(server: Postgres, url: str) -> Sequence[attacks.Breaks]:
    name = make_url(url).database
    ends = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"

    def both(breaks: Sequence[str], mends: Sequence[str]) -> attacks.Breaks:
        @asynccontextmanager
        async def broken() -> AsyncIterator[None]:
            async with server.connected() as operator:
                for statement in breaks:
                    await operator.execute(text(statement))
                try:
                    yield
                finally:
                    for statement in mends:
                        await operator.execute(text(statement))

        return broken

    setting = f'ALTER DATABASE "{name}" {{}} default_transaction_read_only'
    allowed = f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {{}}'
    return [
        both([setting.format("SET") + " = on", ends], [setting.format("RESET"), ends]),
        both([allowed.format("false"), ends], [allowed.format("true")]),
        both([ends], []),
    ]


async def _recovers(watched: Sequence[Watched]) -> AsyncIterator[str]:
    """Says which does not, once nobody harms it any more."""
    for one in watched:
        deadline = time.monotonic() + RECOVERS_WITHIN
        while not WELL.fullmatch(said := await one.says()):
            if time.monotonic() > deadline:
                yield f"{one.name} has not recovered: {said}"
                break
            await asyncio.sleep(0.5)


WELL = re.compile(r"200( · messages are late)?( · requests that aren't Slack's[^·]*)?")
"""Forged requests are remembered for ten minutes, and what Slack refused again and again is tried
again ever more seldom."""


def _wrong(name: str, log: str) -> Iterator[str]:
    for line in log.splitlines():
        if any(word in line for word in WRONG):
            yield f"{name} logged: {line[:300]}"


async def _lost(url: str, submitted: Sequence[Task]) -> Sequence[str]:
    """Scorecards whose submission was acknowledged, and that are not there, whole."""
    database, lost = Database(url), []
    async with database.read() as tx:
        for task in submitted:
            card = await tx.scorecards.get(WORKSPACE, task.interview, task.user)
            if card is None or card.version.body != task.body:
                lost.append(f"the scorecard of {task.user} is not there, or not whole")
    await database.close()
    return lost


if __name__ == "__main__":
    sys.exit(main())

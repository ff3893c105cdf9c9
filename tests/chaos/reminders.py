"""A year of reminders on PostgreSQL by two replicas that are killed again and again."""

import asyncio
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.ladder import Reached
from bot.library.loader import load
from bot.storage.database import Database
from tests.support.month import Month
from tests.support.people import WORKSPACE
from tests.support.slack import Fault, StandIn

START = datetime(2026, 1, 5, tzinfo=UTC)
STEP = timedelta(hours=1)
PEOPLE, INTERVIEWS, DAYS = 60, 500, 365
REPLICAS = ("one", "other")

SETTLING = timedelta(hours=3)
KILLED_IN_A_THOUSAND = 4
LATE_ARRIVALS = 0.1
"""Seconds in which what a killed process had sent has arrived."""

PATIENCE = 60.0


@dataclass
class Report:
    """How it went."""

    kills: int = 0
    digests: int = 0
    rungs: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        said = f"{self.digests} digests and {self.rungs} rungs through {self.kills} kills, "
        said += f"{dict(self.troubles)}. "
        if self.faults:
            return said + "\n  ".join(["BROKEN:", *self.faults[:20]])
        return said + "Each came once, on its day, and none besides."


class Replica:
    """A process that reminds; `number` counts its lives."""

    def __init__(self, name: str, *arguments: str) -> None:
        self.name = name
        self._folder = Path(arguments[0])
        self._command = [sys.executable, "-m", "tests.chaos.reminding", name, *arguments]
        self._process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def restart(self) -> None:
        self._process = self._started()

    async def has_done(self, step: int) -> None:
        """Waits until it has ticked at this step. Raises RuntimeError where it has ended."""
        deadline = time.monotonic() + PATIENCE
        file = self._folder / self.name
        while not file.exists() or int(file.read_text()) < step:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the replica {self.name} does not tick")
            await asyncio.sleep(0.002)


async def run(url: str, seed: int, days: int = DAYS) -> Report:
    """Lets so many days pass, and says whether every digest came once."""
    chance = random.Random(seed)
    whole = {"people": PEOPLE, "interviews": INTERVIEWS * days // DAYS, "days": days, "seed": seed}
    month = Month(**whole, start=START)
    database = Database(url)
    await month.store(database, load())
    report, slack = Report(), StandIn()
    with tempfile.TemporaryDirectory(prefix="panelist-year-") as folder:
        async with slack.serving() as slack.url:
            given = json.dumps(whole | {"start": START.isoformat()})
            _show(Path(folder), 0, START)
            slack.conversations.now = START.timestamp
            replicas = [Replica(name, folder, url, slack.api_url, given) for name in REPLICAS]
            try:
                await _pass(month, database, slack, Path(folder), replicas, chance, report)
            finally:
                for replica in replicas:
                    replica.kill()
    async with database.read() as tx:
        told = await tx.rungs.told(WORKSPACE, month.ids)
    await database.close()
    _check(month, slack, told, report)
    return report


async def _pass(
    month: Month,
    database: Database,
    slack: StandIn,
    folder: Path,
    replicas: list[Replica],
    chance: random.Random,
    report: Report,
) -> None:
    """The days pass, a step at a time; everybody has ticked before the next."""
    now, step = month.start, 0
    while now < month.end:
        step += 1
        before, now = now, now + STEP + timedelta(seconds=chance.randrange(-30, 30))
        slack.conversations.now = now.timestamp
        _trouble(slack, chance, report)
        _show(folder, step, now)
        if chance.randrange(1000) < KILLED_IN_A_THOUSAND:
            await asyncio.sleep(chance.uniform(0, 0.06))
            victim = chance.choice(replicas)
            victim.kill()
            report.kills += 1
            await asyncio.sleep(LATE_ARRIVALS)
            victim.restart()
        await asyncio.gather(*(replica.has_done(step) for replica in replicas))
        await month.goes_on(database, before, now)


def _show(folder: Path, step: int, now: datetime) -> None:
    (folder / "now.new").write_text(f"{step} {now.isoformat()}")
    (folder / "now.new").replace(folder / "now")


def _trouble(slack: StandIn, chance: random.Random, report: Report) -> None:
    """Now and then the next post is refused, fails, or is taken though it seems to fail."""
    if chance.randrange(100) >= 3:
        return
    name, fault = chance.choice(
        [
            ("429", Fault(status=429, body={"ok": False}, headers={"Retry-After": "30"})),
            ("500", Fault(status=500, body={"ok": False})),
            ("lost answer", Fault(status=500, body={"ok": False}, taken=True)),
        ]
    )
    slack.fails("chat.postMessage", fault)
    report.troubles[name] += 1


def _check(month: Month, slack: StandIn, told: Sequence[Reached], report: Report) -> None:
    wanted = month.digests()
    sent: Counter[tuple[str, date]] = Counter()
    keys: Counter[str] = Counter()
    for message in slack.conversations.messages:
        key = str(message["metadata"]["event_payload"]["key"])
        keys[key] += 1
        if not key.startswith("digest:") or key.split(":")[1] not in month.zones:
            continue
        _, who, text = key.split(":")
        day = date.fromisoformat(text)
        at = datetime.fromtimestamp(float(message["ts"]), UTC)
        sent[who, day] += 1
        if at.astimezone(ZoneInfo(month.zones[who])).date() != day:
            report.faults.append(f"{key} came at {at}")
    report.digests = sent.total()
    report.faults += [f"{key} came {count} times" for key, count in keys.items() if count > 1]
    report.faults += [f"{key} was not to come" for key in sent.keys() - wanted.keys()]
    due = {key for key, at in wanted.items() if at < month.end - SETTLING}
    report.faults += [f"{key} is missing" for key in due - sent.keys()]
    _check_rungs(month, told, keys, report)


def _check_rungs(month: Month, told: Sequence[Reached], keys: Counter[str], report: Report) -> None:
    """Organizers are told exactly the rungs that the rules give, each in one digest of that day."""
    found = {(one.interview, str(one.rung), one.recipient, one.day) for one in told if one.day}
    report.rungs = len(found)
    may_come = month.rungs(sure=False, slack=2 * STEP)
    report.faults += [f"rung {one} was not to come" for one in found - may_come]
    before = (month.end - timedelta(days=1)).date()
    sure = {one for one in month.rungs(sure=True, slack=2 * STEP) if one[3] < before}
    report.faults += [f"rung {one} is missing" for one in sure - found]
    digests = {f"digest:{who}:{day}" for _, rung, who, day in sure if rung != "at_once"}
    report.faults += [f"{key} is missing" for key in digests - keys.keys()]
    at_once = {(key.split(":")[1], key.split(":")[3]) for key in keys if key.startswith("declined")}
    near = {(id, who) for id, rung, who, _ in sure if rung == "at_once"}
    report.faults += [f"decline {one} is missing" for one in near - at_once]
    may_be_near = {(id, who) for id, rung, who, _ in may_come if rung == "at_once"}
    report.faults += [f"decline {one} was not to come" for one in at_once - may_be_near]

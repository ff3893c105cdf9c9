"""Scorecards submitted over the wire to a process that is killed again and again."""

import asyncio
import contextlib
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import text

from bot.domain.audit import new_id
from bot.domain.scorecards.parts import LAST_STEP
from bot.domain.scorecards.scorecard import (
    Assessment,
    Choice,
    Recommendation,
    ScorecardBody,
    ScorecardField,
)
from bot.library.loader import load
from bot.storage.database import Database
from handlers.ids import ViewId, scorecard_field
from handlers.views.scorecards.form import ScorecardToken
from tests.support.panels import new_interview
from tests.support.people import People, person
from tests.support.ports import free_port
from tests.support.scorecards import Desk
from tests.support.slack import StandIn
from tests.support.wire import Json, Reply, Wire, submission_payload, web_client

WRITERS = 6
PANEL = 20
LIVES = (0.05, 1.2)
"""Seconds that the process is left alive at least and at most."""

PATIENCE = 3.0
"""Seconds after which a person presses *Submit* again; as long as Slack waits for an ack."""


@dataclass(frozen=True)
class Task:
    """What one interviewer submits, from one form."""

    interview: str
    user: str
    form: str
    body: ScorecardBody

    @property
    def payloads(self) -> list[Json]:
        """Each step's *Next*, and at last *Submit*."""
        steps = [*self.body.competencies, LAST_STEP]
        return [self._payload(step, turn) for turn, step in enumerate(steps)]

    def _payload(self, step: str, turn: int) -> Json:
        values: Json = {}
        blocks = []
        for part, competency, value in self._fields():
            if competency != step:
                continue
            it = scorecard_field(part, self.form, competency)
            chosen = part in (ScorecardField.CHOICE, ScorecardField.RECOMMENDATION)
            state = {"selected_option": {"value": value}} if chosen else {"value": value}
            values[it.block] = {it.action: state}
            blocks.append({"type": "input", "block_id": it.block})
        token = ScorecardToken(
            interview=self.interview, form=self.form, revision=0, version=0, turn=turn, step=step
        )
        view = {
            "type": "modal",
            "callback_id": ViewId.SCORECARD_FORM,
            "private_metadata": token.dump(),
            "blocks": blocks,
        }
        return submission_payload(view, values, user=self.user)

    def _fields(self) -> Sequence[tuple[ScorecardField, str, str]]:
        return [
            *(
                one
                for item in self.body.assessments
                for one in (
                    (ScorecardField.CHOICE, item.competency, str(item.choice)),
                    (ScorecardField.EVIDENCE, item.competency, item.evidence),
                )
            ),
            (ScorecardField.RECOMMENDATION, "", str(self.body.recommendation)),
            (ScorecardField.NOTES, "", self.body.notes),
            (ScorecardField.PROBE_NEXT, "", self.body.probe_next),
        ]


@dataclass
class Report:
    """How it went."""

    submissions: int
    kills: int = 0
    restarts: int = 0
    repeated: int = 0
    writes: int = 0
    acknowledged: set[str] = field(default_factory=set)
    receipts: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        said = (
            f"{len(self.acknowledged)} of {self.submissions} submissions acknowledged through "
            f"{self.kills} kills and {self.restarts} restarts of the database; "
            f"{self.repeated} were pressed again. "
        )
        if self.faults:
            return said + "\n  ".join(["BROKEN:", *self.faults[:20]])
        receipts = f"; {self.receipts} receipts came, each once" if self.receipts else ""
        return f"{said}Each is there, whole and once{receipts}."


async def run(
    url: str,
    submissions: int,
    seed: int,
    restart: Callable[[], None] | None = None,
    *,
    lives: tuple[float, float] = LIVES,
    receipts: bool = True,
) -> Report:
    """Submits so many scorecards while the process is killed at random moments.

    With `receipts` it also waits for them: a minute, where a send was cut short.
    """
    chance = random.Random(seed)
    tasks = await prepared(url, submissions, chance)
    report = Report(submissions)
    slack = StandIn()
    async with slack.serving() as slack.url:
        port = free_port()
        pupil = Pupil(port, url, slack.api_url)
        done = asyncio.Event()
        waiting = list(tasks)
        try:
            async with web_client() as web, asyncio.TaskGroup() as group:
                group.create_task(_killed(pupil, chance, report, done, restart, lives))
                wire = Wire(web, f"http://127.0.0.1:{port}")
                writers = [
                    group.create_task(_writes(wire, waiting, report)) for _ in range(WRITERS)
                ]
                await asyncio.wait(writers)
                done.set()
            if receipts:
                await _receipts_come(slack, submissions, report)
        finally:
            pupil.kill()
    await _checked(url, tasks, report)
    if receipts:
        _check_receipts(slack, report)
    return report


async def prepared(url: str, submissions: int, chance: random.Random) -> list[Task]:
    """An interview for each submission, in panels of twenty."""
    users = [f"UX{number}" for number in range(submissions)]
    people = People()
    people.people |= {user: person(user) for user in users}
    database = Database(url)
    desk = Desk(load(), database, people=people)
    start = datetime.now(UTC) + timedelta(days=1)
    tasks = []
    for first in range(0, submissions, PANEL):
        slots = [new_interview(user, start) for user in users[first : first + PANEL]]
        panel = await desk.set_up(*slots, id=new_id())
        tasks += [
            Task(item.id, item.interviewer, new_id(), _written(item.focus, chance))
            for item in panel.on
        ]
    async with database.write() as tx:
        await tx.connection.execute(text("DELETE FROM outbox"))
    await database.close()
    return tasks


def _written(focus: Sequence[str], chance: random.Random) -> ScorecardBody:
    def words(most: int) -> str:
        letters = "abc &<>\"'\\\n وصل 原因 👍"
        return "x" + "".join(chance.choices(letters, k=chance.randrange(most)))

    return ScorecardBody(
        tuple(Assessment(id, chance.choice(list(Choice)), words(1400)) for id in focus),
        chance.choice(list(Recommendation)),
        notes=words(1900),
        probe_next=words(900),
    )


class Pupil:
    """The process that is killed."""

    def __init__(self, port: int, database_url: str, slack_api_url: str) -> None:
        self._command = [
            *(sys.executable, "-m", "tests.chaos.server"),
            *(str(port), database_url, slack_api_url),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Waits until it answers."""
        self._process = await asyncio.to_thread(self._started)
        assert self._process.stdout is not None
        line = await asyncio.to_thread(self._process.stdout.readline)
        if line.strip() != b"up":
            raise RuntimeError("the process did not start")

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None


async def _killed(
    pupil: Pupil,
    chance: random.Random,
    report: Report,
    done: asyncio.Event,
    restart: Callable[[], None] | None,
    lives: tuple[float, float],
) -> None:
    """Kills the process at random moments until all is done, and leaves it running then.

    Where a life was too short for any write, as on a busy machine, the next is twice as long.
    """
    longer = 1
    while True:
        writes = report.writes
        await pupil.start()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(longer * chance.uniform(*lives)):
                await done.wait()
        if done.is_set():
            return
        if restart is not None and report.kills % 5 == 2:
            await asyncio.to_thread(restart)
            report.restarts += 1
        pupil.kill()
        report.kills += 1
        longer = 1 if report.writes > writes else 2 * longer


async def _writes(wire: Wire, waiting: list[Task], report: Report) -> None:
    """One person after another fills in step by step, and presses *Next* or *Submit* again until
    the next step is shown, or the form says that it is submitted."""
    while waiting:
        task = waiting.pop()
        presses = 0
        steps = task.payloads
        for payload in steps:
            while not (answer := await _press(wire, payload)) or not is_taken(answer):
                presses += 1
                await asyncio.sleep(0.05)
            report.writes += 1
        assert "Scorecard submitted" in answer.text
        report.acknowledged.add(task.interview)
        report.repeated += presses > 0


def is_taken(answer: Reply) -> bool:
    return answer.status == 200 and answer.json.get("response_action") == "update"


async def _press(wire: Wire, payload: Json) -> Reply | None:
    """What was answered, or None where nothing was."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await wire.payload(payload)
    except (httpx.TransportError, TimeoutError, OSError):
        return None


def _receipts(slack: StandIn) -> list[str]:
    """The keys of the receipts that Slack has, in order."""
    said = slack.conversations.messages
    keys = [str(message["metadata"]["event_payload"]["key"]) for message in said]
    return [key for key in keys if key.startswith("receipt:")]


async def _receipts_come(slack: StandIn, submissions: int, report: Report) -> None:
    """Waits for the first part of each; what was cut short is looked for after a minute."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        report.receipts = len({key for key in _receipts(slack) if key.endswith(":1")})
        if report.receipts >= submissions:
            return
        await asyncio.sleep(0.2)


async def _checked(url: str, tasks: Sequence[Task], report: Report) -> None:
    database = Database(url)
    async with database.read() as tx:
        for task in tasks:
            if task.interview not in report.acknowledged:
                report.faults.append(f"{task.interview} was never acknowledged")
                continue
            card = await tx.scorecards.get("T1", task.interview, task.user)
            if card is None:
                report.faults.append(f"{task.interview} is not there")
            elif card.version.body != task.body or card.version.number != 1:
                report.faults.append(f"{task.interview} is not whole, or not once")
        for table, key in (
            ("scorecards", "interview"),
            ("scorecard_versions", "scorecard"),
            ("closings", "interview"),
        ):
            query = text(f"SELECT count(*), count(DISTINCT {key}) FROM {table}")
            counted: Any = (await tx.connection.execute(query)).one()
            if tuple(counted) != (len(tasks), len(tasks)):
                report.faults.append(f"{table} has {tuple(counted)} rows and interviews")
    await database.close()


def _check_receipts(slack: StandIn, report: Report) -> None:
    keys = _receipts(slack)
    if len(keys) != len(set(keys)):
        report.faults.append(f"{len(keys) - len(set(keys))} receipts came twice")
    if report.receipts != report.submissions:
        report.faults.append(f"{report.submissions - report.receipts} receipts did not come")

"""People who go on with their work meanwhile, and how soon each of their requests is answered."""

import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import httpx

from handlers.ids import ActionId, EventName
from tests.chaos.submissions import Task, is_taken
from tests.support.acts import EVENTS, PEOPLE, REQUESTS, Command, Request, Stage, Who
from tests.support.wire import Json, Reply, Wire

LINES = (
    "/jd backend-developer",
    "/jd help",
    "/jd list",
    "/questions backend developer",
    "/panel list",
    "/scorecard",
)

SLACK_WAITS = 3.0
"""Seconds that Slack waits for an ack. How many took longer is reported and no fault: what they
take depends on what else the machine does."""

PEOPLE_AT_WORK, BETWEEN = 4, 0.15
"""How many send something at a time, and the seconds that each takes to think."""


@dataclass(frozen=True)
class Answered:
    """A good request: when it was sent, how long its answer took, and what was wrong with it."""

    at: float
    seconds: float
    what: str
    wrong: str = ""


@dataclass
class Work:
    """What good people sent. `stopped` are the spans in which the process itself stood still."""

    answered: list[Answered] = field(default_factory=list)
    submitted: list[Task] = field(default_factory=list)
    stopped: list[tuple[float, float]] = field(default_factory=list)

    def faults(self) -> Iterator[str]:
        """Requests that got no answer, or not one that Slack takes, while the process ran."""
        for one in self.while_running:
            if one.wrong:
                yield f"{one.what} at {one.at:.0f} got none in {one.seconds:.2f} s: {one.wrong}"

    @property
    def while_running(self) -> list[Answered]:
        return [one for one in self.answered if not self._stood_still(one)]

    def _stood_still(self, one: Answered) -> bool:
        return any(one.at < end and start < one.at + one.seconds for start, end in self.stopped)

    def __str__(self) -> str:
        found = self.while_running
        if not found:
            return "no good request was sent"
        seconds = sorted(one.seconds for one in found)
        others = len(self.answered) - len(found)
        late = sum(second > SLACK_WAITS for second in seconds)
        return (
            f"{len(found) - len(list(self.faults()))} of {len(found)} good requests answered, "
            f"{late} of them after more than {SLACK_WAITS:.0f} s: median "
            f"{statistics.median(seconds) * 1000:.0f} ms, 99 of 100 within "
            f"{seconds[int(len(seconds) * 0.99)] * 1000:.0f} ms, worst "
            f"{seconds[-1] * 1000:.0f} ms; {others} more met a process that stood still; "
            f"{len(self.submitted)} scorecards submitted"
        )


async def works(
    stage: Stage, url: str, tasks: list[Task], work: Work, chance: random.Random
) -> None:
    """Commands, presses, openings of Home, and scorecards step by step, until it is cancelled."""
    async with asyncio.TaskGroup() as group:
        for _ in range(PEOPLE_AT_WORK):
            group.create_task(_works(stage, url, work, chance))
        group.create_task(_submits(url, tasks, work))


async def _works(stage: Stage, url: str, work: Work, chance: random.Random) -> None:
    recruiter, interviewer = PEOPLE["recruiter"], PEOPLE["interviewer"]
    requests: list[tuple[str, Request, Who]] = [
        *((line, Command(line), recruiter) for line in LINES),
        ("a press", REQUESTS[ActionId.JD_GUIDE](stage), recruiter),
        ("Home", EVENTS[EventName.APP_HOME_OPENED](stage), interviewer),
    ]
    while True:
        what, request, who = chance.choice(requests)
        send = partial(stage.sends, request, who)
        await _measured(work, what, url, send, has_text=isinstance(request, Command))
        await asyncio.sleep(chance.uniform(0, 2 * BETWEEN))


async def _submits(url: str, tasks: list[Task], work: Work) -> None:
    """One scorecard after another; each step is pressed again until it is taken."""
    while tasks:
        task = tasks.pop()
        for payload in task.payloads:
            is_done = False
            while not is_done:
                is_done = await _step(url, payload, work)
                await asyncio.sleep(BETWEEN)
        work.submitted.append(task)


async def _step(url: str, payload: Json, work: Work) -> bool:
    reply = await _measured(work, "a step of a scorecard", url, lambda wire: wire.payload(payload))
    return reply is not None and is_taken(reply)


async def _measured(
    work: Work,
    what: str,
    url: str,
    send: Callable[[Wire], Awaitable[Reply]],
    *,
    has_text: bool = False,
) -> Reply | None:
    """Over a connection of its own, as Slack may open one."""
    started = time.monotonic()
    reply, wrong = None, ""
    async with httpx.AsyncClient(trust_env=False, timeout=60) as web:
        try:
            reply = await send(Wire(web, url))
        except (httpx.TransportError, OSError) as error:
            wrong = type(error).__name__
    if reply is not None and (reply.status != 200 or (has_text and not reply.text)):
        wrong = f"HTTP {reply.status}"
    work.answered.append(Answered(started, time.monotonic() - started, what, wrong))
    return reply

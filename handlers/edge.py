"""The one way in: every request gets a reference, a time, an answer, and its errors told."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from prometheus_client import CollectorRegistry, Counter, Histogram
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot.errors import DatabaseAway, FieldErrors, UserError
from bot.logs import Ref, request_ref
from bot.services.ports import OutcomeUnknown, Refused
from handlers.ids import EventName
from handlers.payloads import (
    Command,
    Event,
    NotOffered,
    Payload,
    Press,
    Request,
    Submission,
)
from handlers.slack import Slack
from handlers.slack_api import Waiting, waiting
from handlers.slack_errors import EXCHANGED, PerhapsShown, SlackAway, SlackRefused, TookTooLong
from handlers.views.common import error_view, notice
from handlers.views.home.home import closed

log = logging.getLogger(__name__)

SLOW = 1.0
"""Seconds until the ack from which a request that went well is worth a line at info."""

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0)
"""Seconds: finer towards the three that Slack waits."""

NO_LISTENER = "none"
"""In the metrics, for what reaches no listener of ours."""

Job = Callable[[], Awaitable[object]]
"""Work that goes on after the ack."""

BEFORE_ACK = 2.3
"""Seconds that an answer may be waited for: Slack gives three for the whole ack."""

SAVED_UNSEEN = (
    "What you submitted was saved, but I couldn't show it where you opened the form from."
)
"""A form is acknowledged once everything in it is kept: only showing it can fail after that."""

_ack_by: ContextVar[float] = ContextVar("ack_by")
"""When the answer to the request in hand has to be there, by the event loop's clock."""

AnyRequest = TypeVar("AnyRequest", Command, Press, Submission, Event)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Answer:
    """What a listener gives back: the ack's body (a string where it is JSON already), and the
    work to do once it is on its way."""

    body: Mapping[str, Any] | str = ""
    after: Job | None = None


def in_place(view: Mapping[str, Any], after: Job | None = None) -> Answer:
    """Shows another view in the place of the form that was submitted."""
    return Answer({"response_action": "update", "view": view}, after)


Listener = Callable[[AnyRequest], Awaitable[Answer]]
BoltListener = Callable[[dict[str, Any]], Awaitable[BoltResponse]]


class Edge:
    """Guards listeners, and keeps hold of the work that outlives their acks."""

    def __init__(self, slack: Slack, registry: CollectorRegistry) -> None:
        self._slack = slack
        self._unfinished: set[asyncio.Task[Any]] = set()
        self._pressed: set[tuple[str, ...]] = set()
        self._seconds = Histogram(
            "panelist_request_seconds",
            "Time until the ack",
            ["kind"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._requests = Counter(
            "panelist_requests",
            "Requests by listener and outcome",
            ["kind", "listener", "outcome"],
            registry=registry,
        )

    def guarded(
        self,
        kind: str,
        parse: Callable[[Payload], AnyRequest],
        listener: Listener[AnyRequest],
        name_of: Callable[[AnyRequest], str],
    ) -> BoltListener:
        """A Bolt listener that always acks, whatever happens in ours. `name_of` says by which name
        a request is counted."""

        until_ack = self._seconds.labels(kind)

        async def bolt_listener(body: dict[str, Any]) -> BoltResponse:
            request_ref.set(Ref())
            _ack_by.set(asyncio.get_running_loop().time() + BEFORE_ACK)
            started = time.perf_counter()
            self._hold(asyncio.current_task())
            answer = Answer()

            try:
                request = self._noting_refusals(parse(body))
            except Exception as fault:  # it has not the shape of anything that Slack sends
                self._requests.labels(kind, NO_LISTENER, "unreadable").inc()
                log.warning("request.unreadable", extra={"error": type(fault).__name__})
                return BoltResponse(status=400, body="")

            async def answered() -> None:
                nonlocal answer
                _check_offered(request)
                answer = await listener(request)

            error = await self._attempt(answered)
            if error is not None:
                answer = self._refusal(request, error)
                if isinstance(request, Submission) and isinstance(error, FieldErrors):
                    await self._slack.redraws.refused(request.view.id, ack_deadline())
            if answer.after is not None:
                self._follow_up(answer.after, request)
            seconds = time.perf_counter() - started
            until_ack.observe(seconds)
            outcome = _outcome(error)
            self._requests.labels(kind, name_of(request), outcome).inc()
            routine = error is None and seconds < SLOW
            log.log(
                logging.DEBUG if routine else logging.INFO,
                "request",
                extra={"kind": kind, "outcome": outcome, "seconds": f"{seconds:.4f}"},
            )
            encoded = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
            return BoltResponse(status=200, body=encoded)

        return bolt_listener

    def _noting_refusals(self, request: AnyRequest) -> AnyRequest:
        """The request, whose view says how often it had been refused by now."""
        if not isinstance(request, Press | Submission) or request.view is None:
            return request
        refusals = self._slack.redraws.refusals(request.view.id)
        view = replace(request.view, refusals=refusals)
        noted: AnyRequest = replace(cast("Any", request), view=view)
        return noted

    async def last_resort(self, error: Exception) -> BoltResponse:
        """For what reaches no listener of ours. An event is acknowledged, or Slack would send it
        again; of anything else Slack is told that nobody handled it."""
        is_event = (
            isinstance(error, BoltUnhandledRequestError)
            and error.request.body.get("type") == "event_callback"
        )
        kind = "event" if is_event else "other"
        self._requests.labels(kind, NO_LISTENER, "unhandled").inc()
        return BoltResponse(status=200 if is_event else 404, body="")

    def spawn(self, job: Job, request: Request | None = None) -> asyncio.Task[None]:
        """Starts work that a stop waits for; its errors are told to whoever made the request."""
        task = asyncio.create_task(self._run(job, request))
        self._hold(task)
        return task

    def _follow_up(self, job: Job, request: Request | None) -> None:
        """Starts the work of a request, but not that of a double click while the first is at it."""
        if not isinstance(request, Press):
            self.spawn(job, request)
        elif (press := request.same_press) not in self._pressed:
            self._pressed.add(press)
            self.spawn(job, request).add_done_callback(lambda _: self._pressed.discard(press))

    async def drain(self, seconds: float) -> None:
        """Waits until nothing is in flight, for at most `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while unfinished := self._unfinished - {asyncio.current_task()}:
                    await asyncio.wait(unfinished)
        except TimeoutError:
            log.error("drain.unfinished", extra={"count": len(self._unfinished)})

    def _hold(self, task: asyncio.Task[Any] | None) -> None:
        if task is not None:
            self._unfinished.add(task)
            task.add_done_callback(self._unfinished.discard)

    async def _run(self, job: Job, request: Request | None) -> None:
        error = await self._attempt(job)
        if error is not None:
            untold = await self._attempt(lambda: self._tell(request, error))
            is_routine = _is_routine(error) and (untold is None or _is_routine(untold))
            log.log(
                logging.INFO if is_routine else logging.WARNING,
                "job.refused",
                extra={"error": type(error).__name__, "told": untold is None},
            )

    async def _attempt(self, job: Job) -> UserError | None:
        """The one place where any error is met; gives what a person is to read of it, if any."""
        try:
            await job()
        except UserError as error:
            return error
        except Exception:
            log.exception("went_wrong")
            return WentWrong(str(request_ref.get()))
        return None

    async def _tell(self, request: Request | None, error: UserError) -> None:
        """Where the person is; by DM where that is nowhere any more: a form is closed once it is
        submitted, and Slack may take nothing elsewhere."""
        if isinstance(request, Submission):
            ref = f" (ref {error.ref})" if isinstance(error, WentWrong) else ""
            await self._tell_by_dm(request, notice(f"{SAVED_UNSEEN}{ref}"))
            return
        try:
            await self._tell_in_place(request, error)
        except SlackRefused as refused:
            if isinstance(error, PerhapsShown) and refused.error == EXCHANGED:
                return  # it was shown
            if not isinstance(request, Command | Press):
                raise
            await self._tell_by_dm(request, _missed(request, error))

    async def _tell_by_dm(
        self, request: Command | Press | Submission, message: dict[str, Any]
    ) -> None:
        slack = self._slack.of(request.workspace)
        await slack.post(request.user, message["text"], message["blocks"])

    async def _tell_in_place(self, request: Request | None, error: UserError) -> None:
        match request:
            case Press(response_url=None, trigger_id=trigger_id, view=view):
                slack = self._slack.of(request.workspace)
                in_home = view is not None and view.kind == "home"
                show = slack.open_view if in_home else slack.push_view
                await show(trigger_id, error_view(error.text))
            case Command(response_url=url) | Press(response_url=str(url)):
                message = notice(error.text) | {"replace_original": False}
                await self._slack.of(request.workspace).respond(url, message)
            case Event(tab="home", user=user):
                await self._slack.of(request.workspace).publish_view(user, closed(error.text))
            case Event(name=EventName.MESSAGE, channel=channel):
                message = notice(error.text)
                slack = self._slack.of(request.workspace)
                await slack.post(channel, message["text"], message["blocks"])

    def _refusal(self, request: Request | None, error: UserError) -> Answer:
        match request, error:
            case Submission(), FieldErrors():
                return Answer({"response_action": "errors", "errors": error.fields})
            case Submission(), _:
                return Answer({"response_action": "push", "view": error_view(error.text)})
            case Press() | Event(), _:
                return Answer(after=lambda: self._tell(request, error))
            case _:
                return Answer(notice(error.text))


def _is_routine(error: UserError) -> bool:
    """Whether somebody only pressed too late, or what they may not: nothing of ours or Slack's that
    an operator has to look into."""
    if isinstance(error, SlackRefused):
        return error.is_too_late
    return not isinstance(error, (WentWrong, DatabaseAway, OutcomeUnknown, Refused))


def _missed(request: Command | Press, error: UserError) -> dict[str, Any]:
    """What is told by DM: a sentence about a place that is gone means nothing there."""
    what = "command" if isinstance(request, Command) else "click"
    is_place_gone = isinstance(error, SlackRefused) and error.error.startswith("response_url_")
    told = "Please try again." if is_place_gone else error.text
    return notice(f"I couldn't answer your last {what} where you made it. {told}")


def _check_offered(request: Request) -> None:
    """Raises where something was chosen that was not to be chosen from."""
    match request:
        case Submission(not_offered=str(id)) if any(
            block.get("block_id") == id and block.get("type") == "input"
            for block in request.view.blocks
        ):
            raise FieldErrors({id: NotOffered().text})
        case Press(not_offered=str()) | Submission(not_offered=str()):
            raise NotOffered


def _outcome(error: UserError | None) -> str:
    if error is None:
        return "ok"
    return "failed" if isinstance(error, WentWrong) else "refused"


def ack_deadline() -> float:
    """When the answer to the request in hand has to be there, by the event loop's clock."""
    return _ack_by.get(asyncio.get_running_loop().time() + BEFORE_ACK)


async def in_time(work: Awaitable[Result]) -> Result:
    """What has to be known before the ack.

    Where it takes too long raises SlackAway if Slack was waited for, else TookTooLong.
    """
    mine = Waiting()
    before = waiting.set(mine)
    try:
        async with asyncio.timeout_at(ack_deadline()):
            return await work
    except TimeoutError as error:
        raise (SlackAway() if mine.for_slack else TookTooLong()) from error
    finally:
        waiting.reset(before)


class WentWrong(UserError):
    """What a person sees of a fault of ours; the reference finds it in the log."""

    def __init__(self, ref: str) -> None:
        self.ref = ref
        super().__init__(f"Something went wrong (ref {ref}). Please try again.")

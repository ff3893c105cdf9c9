"""Answers that candidates wait for: by when they hear, and who is reminded that it is time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.debriefs.answers import (
    Answer,
    AnswerRung,
    answer_by,
    last_end,
    recruiter_calendar,
    rung_at,
    rung_recipients,
)
from bot.domain.messages import MessageKind, NotYet
from bot.domain.panels.panel import Panel
from bot.domain.reminders import Calendar
from bot.domain.scorecards.closing import DueScorecard
from bot.services.messages.message import Message, RenderContext, enqueue_all, personal_calendar
from bot.storage.database import Transaction


@dataclass(frozen=True)
class AwaitedAnswer:
    """What is awaited to the candidate of an application, and their newest panel."""

    application: str
    panel: Panel
    answer: Answer
    by_calendar: Calendar


@dataclass(frozen=True)
class AnswerDue:
    """For somebody who answers a candidate: by when, and whether it has been done meanwhile.

    `shows_decision`: the reader has no scorecard to write, so they see what was decided.
    """

    awaited: AwaitedAnswer
    rung: AnswerRung
    zone: str
    shows_decision: bool


async def awaited_answer(
    tx: Transaction, workspace: str, application: str, now: datetime
) -> AwaitedAnswer | None:
    """None before an interview has taken place."""
    return (await awaited_answers(tx, workspace, [application], now)).get(application)


async def awaited_answers(
    tx: Transaction, workspace: str, applications: Sequence[str], now: datetime
) -> Mapping[str, AwaitedAnswer]:
    """What each of these that had an interview awaits, in the same number of queries."""
    by_application: dict[str, list[Panel]] = {}
    for panel in await tx.panels.of_applications(workspace, applications):
        if panel.on:
            by_application.setdefault(panel.application, []).append(panel)
    newest = {
        id: max(panels, key=lambda panel: (panel.created_at, panel.id))
        for id, panels in by_application.items()
    }
    decisions = await tx.decisions.of_panels(workspace, [panel.id for panel in newest.values()])
    told = await tx.answers.last_told(workspace, list(newest))
    people = await tx.reminders.people(workspace, {panel.recruiter for panel in newest.values()})
    policy = await tx.reminders.policy(workspace)
    working_days = (await tx.settings.get(workspace)).answer_days
    found = {}
    for id, panels in by_application.items():
        ended_at = last_end((item for panel in panels for item in panel.interviews), now)
        if ended_at is None:
            continue
        panel = newest[id]
        calendar = recruiter_calendar(panel.recruiter, people, policy)
        answer = Answer(
            by=answer_by(calendar, ended_at, working_days),
            ended_at=ended_at,
            decision=decisions[panel.id].current if panel.id in decisions else None,
            told=told.get(id),
        )
        found[id] = AwaitedAnswer(id, panel, answer, calendar)
    return found


@dataclass(frozen=True, kw_only=True)
class AnswerMessage(Message):
    """That a candidate is to hear by a day, for one who answers them."""

    kind = MessageKind.DEBRIEF_ANSWER
    application: str
    day: date
    rung: AnswerRung

    @property
    def key(self) -> str:
        return f"answer:{self.application}:{self.day.isoformat()}:{self.rung}:{self.recipient}"

    async def render(self, tx: Transaction, context: RenderContext) -> AnswerDue | NotYet | None:
        """Nothing once they were told, or where another day has taken the place of this one."""
        awaited = await awaited_answer(tx, self.workspace, self.application, context.now)
        if awaited is None:
            return None
        is_meant = awaited.answer.by == self.day and self.recipient in _people(
            self.rung, awaited.panel
        )
        if not context.is_sent and (awaited.answer.is_given or not is_meant):
            return None
        calendar = await personal_calendar(tx, self.workspace, self.recipient)
        at = rung_at(self.rung, calendar, self.day)
        if context.is_early(at):
            return NotYet(at)
        due = await tx.scorecards.due_scorecards_of_panel(self.workspace, awaited.panel.id)
        is_owing = any(one.is_awaited_from(self.recipient) for one in due)
        return AnswerDue(awaited, self.rung, calendar.zone, shows_decision=not is_owing)


def _people(rung: AnswerRung, panel: Panel) -> Iterable[str]:
    return rung_recipients(rung, panel.hiring_manager, panel.recruiter)


async def _messages(
    tx: Transaction, workspace: str, awaited: AwaitedAnswer
) -> list[tuple[AnswerMessage, datetime]]:
    """Every reminder of the answer, each with when it comes."""
    people = {who for rung in AnswerRung for who in _people(rung, awaited.panel)}
    calendars = {who: await personal_calendar(tx, workspace, who) for who in sorted(people)}
    found = []
    for rung in AnswerRung:
        for who in _people(rung, awaited.panel):
            at = rung_at(rung, calendars[who], awaited.answer.by)
            message = AnswerMessage(
                workspace=workspace,
                recipient=who,
                application=awaited.application,
                day=awaited.answer.by,
                rung=rung,
            )
            found.append((message, at))
    return found


async def enqueue_answers(tx: Transaction, workspace: str, application: str, now: datetime) -> None:
    """Those who answer the candidate are reminded in time; of what is past the last alone is said.

    What was sent stays as it is: nothing of it changes by this.
    """
    awaited = await awaited_answer(tx, workspace, application, now)
    if awaited is None or awaited.answer.is_given:
        return
    found = await _messages(tx, workspace, awaited)
    there = {row.key for row in await tx.outbox.several(workspace, [one.key for one, _ in found])}
    ahead = [
        (one, max(at, now))
        for one, at in found
        if one.key not in there and (at > now or one.rung is AnswerRung.LATE)
    ]
    await enqueue_all(tx, ahead)


async def enqueue_answers_of(tx: Transaction, due: DueScorecard, now: datetime) -> None:
    """The same for the candidate of this interview."""
    panel = await tx.panels.get(due.workspace, due.panel)
    if panel is not None:
        await enqueue_answers(tx, due.workspace, panel.application, now)


async def refresh_answers(
    tx: Transaction, workspace: str, awaited: AwaitedAnswer, now: datetime
) -> None:
    """They were told, or something else was decided: what was sent says so."""
    keys = [message.key for message, _ in await _messages(tx, workspace, awaited)]
    await tx.outbox.refresh(workspace, keys, now)

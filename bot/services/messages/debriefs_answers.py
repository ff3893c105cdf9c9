"""Answers that candidates wait for: by when they hear, and who is reminded that it is time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.domain.debriefs.answers import (
    ORDER,
    Answer,
    AnswerReached,
    AnswerRung,
    answer_by,
    last_end,
    recruiter_calendar,
    rung_day,
    rung_recipients,
)
from bot.domain.panels.panel import Panel
from bot.domain.reminders import Calendar, RemindedPerson, ReminderPolicy, next_digest
from bot.domain.scorecards.closing import DueScorecard
from bot.services.messages.reminders_ladder import digest_key
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
    """For somebody who answers a candidate, in their digest: by when.

    `shows_decision`: the reader has no scorecard to write, so they see what was decided.
    """

    awaited: AwaitedAnswer
    rung: AnswerRung
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


def _people(rung: AnswerRung, panel: Panel) -> Sequence[str]:
    return rung_recipients(rung, panel.hiring_manager, panel.recruiter)


async def enqueue_answers(
    tx: Transaction, workspace: str, applications: Sequence[str], now: datetime
) -> None:
    """Those who answer the candidates are reminded in time, in their digests; of what is past the
    last alone is said."""
    awaited = await awaited_answers(tx, workspace, applications, now)
    open_ones = [one for one in awaited.values() if not one.answer.is_given]
    people = {who for one in open_ones for rung in AnswerRung for who in _people(rung, one.panel)}
    policy = await tx.reminders.policy(workspace)
    known = await _known(tx, workspace, people)
    items = []
    for one in open_ones:
        for rung in AnswerRung:
            for who in _people(rung, one.panel):
                calendar = known[who].calendar(policy)
                day = rung_day(rung, calendar, one.answer.by)
                if rung is AnswerRung.LATE or calendar.digest_at(day) > now:
                    at = calendar.at(day, time())
                    ids = (workspace, one.application, one.answer.by, rung, who)
                    items.append(AnswerReached(*ids, at))
    await _keep(tx, policy, items, known, now)


async def _known(
    tx: Transaction, workspace: str, people: Collection[str]
) -> Mapping[str, RemindedPerson]:
    """Each of these people; those who never had a reminder are where Slack told of them."""
    known = await tx.reminders.people(workspace, people)
    new = {*people} - {*known}
    zones = await tx.members.zones(workspace, new) if new else {}
    first = {who: RemindedPerson(workspace, who, zones.get(who, "UTC")) for who in new}
    return {**known, **first}


async def _keep(
    tx: Transaction,
    policy: ReminderPolicy,
    items: Sequence[AnswerReached],
    known: Mapping[str, RemindedPerson],
    now: datetime,
) -> None:
    """Keeps what is new of this, and has its recipients looked at when their digest is due."""
    checks: dict[str, RemindedPerson] = {}
    for one in sorted(await tx.answer_rungs.add(items), key=_reached_at, reverse=True):
        person = known[one.recipient]
        at = next_digest(person.calendar(policy), max(one.reached_at, now))
        checks[one.recipient] = replace(person, next_digest_at=at)
    await tx.reminders.set_next_checks(checks.values())


def _reached_at(one: AnswerReached) -> datetime:
    return one.reached_at


async def enqueue_answers_of(tx: Transaction, due: DueScorecard, now: datetime) -> None:
    """The same for the candidate of this interview."""
    panel = await tx.panels.get(due.workspace, due.panel)
    if panel is not None:
        await enqueue_answers(tx, due.workspace, [panel.application], now)


async def answers_to_tell(
    tx: Transaction, workspace: str, people: Collection[str], now: datetime
) -> Mapping[str, list[AnswerReached]]:
    """What each of these people is still to be told, now or later, as far as it is still so."""
    untold = await tx.answer_rungs.untold(workspace, people)
    ids = sorted({one.application for several in untold.values() for one in several})
    awaited = await awaited_answers(tx, workspace, ids, now)
    return {
        person: [one for one in several if _is_so(one, awaited.get(one.application))]
        for person, several in untold.items()
    }


def _is_so(one: AnswerReached, awaited: AwaitedAnswer | None) -> bool:
    """Whether the candidate is still to hear, by that day and from this person."""
    if awaited is None or awaited.answer.is_given or awaited.answer.by != one.by:
        return False
    return one.recipient in awaited.panel.organizers


async def tell_answers(
    tx: Transaction, untold: Iterable[AnswerReached], until: datetime, day: date
) -> Sequence[AnswerReached]:
    """What was reached by then of this is told in the digest of that day; gives that."""
    reached = [one for one in untold if one.reached_at <= until]
    await tx.answer_rungs.tell(reached, day)
    return reached


async def pass_on_answers(
    tx: Transaction, policy: ReminderPolicy, gone: str, told: Sequence[AnswerReached], now: datetime
) -> None:
    """Somebody else hears what a person was to hear who has left or is a guest by now."""
    workspace = policy.workspace
    awaited = await awaited_answers(tx, workspace, [one.application for one in told], now)
    items = []
    for one in told:
        panel = awaited[one.application].panel
        others = [panel.recruiter, panel.hiring_manager, panel.set_up_by]
        other = next((who for who in others if who != gone), None)
        if other is not None:
            items.append(replace(one, recipient=other, day=None))
    known = await _known(tx, workspace, {one.recipient for one in items})
    await _keep(tx, policy, items, known, now)


async def answers_of_day(
    tx: Transaction, workspace: str, reader: str, day: date, now: datetime
) -> Sequence[AnswerDue]:
    """What a person's digest of that day says of answers, as far as it is still so: each candidate
    once, whoever was to hear first before the others."""
    last: dict[str, AnswerReached] = {}
    for one in await tx.answer_rungs.of_day(workspace, reader, day):
        before = last.get(one.application)
        if before is None or ORDER.index(before.rung) < ORDER.index(one.rung):
            last[one.application] = one
    found = await awaited_answers(tx, workspace, sorted(last), now)
    awaited = {id: one for id, one in found.items() if _is_so(last[id], one)}
    interviews = [item.id for one in awaited.values() for item in one.panel.on]
    due = await tx.scorecards.due_scorecards(workspace, interviews)
    owing = {one.panel for one in due if one.is_awaited_from(reader)}
    told = [
        AnswerDue(one, last[id].rung, shows_decision=one.panel.id not in owing)
        for id, one in awaited.items()
    ]
    return sorted(told, key=lambda one: (one.awaited.answer.by, one.awaited.application))


async def answer_keys(tx: Transaction, workspace: str, application: str) -> set[str]:
    """The keys of the digests that tell of the candidate's answer."""
    told = await tx.answer_rungs.told(workspace, application)
    return {digest_key(one.recipient, one.day) for one in told if one.day is not None}


async def refresh_answers(tx: Transaction, workspace: str, application: str, now: datetime) -> None:
    """They were told, or something else was decided: what was sent says so."""
    await tx.outbox.refresh(workspace, await answer_keys(tx, workspace, application), now)

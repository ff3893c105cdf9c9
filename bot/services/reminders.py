"""Daily reminders: what is due is planned into the outbox, and people say when they want it."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.dates import in_utc
from bot.domain.debriefs.answers import AnswerReached
from bot.domain.holidays import MOST_DAYS_OFF
from bot.domain.ladder import Reached
from bot.domain.messages import MessageKind, OutboxMessage
from bot.domain.people import Person, unreachable_because
from bot.domain.reminders import (
    LATER,
    Calendar,
    PutOff,
    RemindedPerson,
    chase_ends,
    check_not_before,
    digest_expires,
    listed,
    next_check,
    next_digest,
    nudge_at,
    nudge_expires,
)
from bot.errors import UserError
from bot.services.messages.debriefs_answers import (
    answers_to_tell,
    pass_on_answers,
    tell_answers,
)
from bot.services.messages.message import Message
from bot.services.messages.panels import KitMessage
from bot.services.messages.registry import MESSAGES
from bot.services.messages.reminders import (
    LaterMessage,
    ReminderMessage,
    earlier_of,
    enqueue_digest,
    enqueue_nudge,
    enqueue_resumed,
    enqueue_unreachable,
    refresh_digests,
    untold_before,
)
from bot.services.messages.reminders_declines import check_replacing, keep_told
from bot.services.messages.reminders_due import digest_why, dues_of, stale_checks, untold_news
from bot.services.messages.reminders_ladder import (
    climb,
    news,
    next_look,
    pass_on,
    progress_keys,
    reached,
    resumed_digests,
)
from bot.services.ports import Clock, Directory
from bot.storage.database import Database, Transaction
from bot.storage.reminders.rows import Ended

log = logging.getLogger(__name__)

BATCH = 200
"""Interviews or people planned in one transaction."""

REMINDER_KINDS = tuple(one.kind for one in MESSAGES if issubclass(one, ReminderMessage))

MOST_FORESEEN = 10_000

Change = Callable[[RemindedPerson], RemindedPerson]

ASKED_AT_ONCE = 5
ASK_WITHIN = 10.0
"""Seconds for asking where people are; who is not known by then is where they were."""


@dataclass(frozen=True)
class Planned:
    """A message that has been enqueued: to whom, of what kind, when, and why."""

    workspace: str
    person: str
    kind: MessageKind
    key: str
    due_at: datetime
    why: str


def _planned(message: Message | OutboxMessage, due_at: datetime, why: str) -> Planned:
    kind = MessageKind(message.kind)
    return Planned(message.workspace, message.recipient, kind, message.key, due_at, why)


class Undone(Exception):
    """Takes back a plan that was only to be looked at."""


class RemindersService:
    """Plans what is due into the outbox."""

    def __init__(self, database: Database, directory: Directory, clock: Clock) -> None:
        self._database = database
        self._directory = directory
        self._clock = clock

    async def tick(self) -> Sequence[Planned]:
        """Plans all that is due, in batches; the outbox sends it.

        Whatever error it raises, what has been planned stays planned.
        """
        planned: list[Planned] = []
        try:
            while await self._is_due(now := self._clock.now()):
                zones = await self._whereabouts(now)
                async with self._database.write() as tx:
                    batch = await _plan(tx, now, zones)
                planned += batch.planned
                if not batch.took:
                    break
        finally:
            if planned:
                log.info("reminders.planned", extra={"count": len(planned)})
        return planned

    async def later(self, workspace: str, user: str) -> PutOff:
        """Reminds the person again in an hour."""
        now = self._clock.now()
        at = now + LATER
        async with self._database.write() as tx:
            person, calendar = await _of(tx, workspace, user)
            if person.later_at is not None:
                await tx.outbox.close(workspace, LaterMessage.key_of(user, person.later_at))
            await tx.reminders.put([replace(person, later_at=at)])
            expires_at = digest_expires(calendar, calendar.day_of(at))
            later = LaterMessage(workspace=workspace, recipient=user, person=user, at=at)
            await refresh_digests(tx, person, now)
            await later.enqueue(tx, at, expires_at)
            await tx.homes.changed(workspace, [user], now)
        return PutOff(at, person.zone)

    async def tomorrow(self, workspace: str, user: str) -> PutOff:
        """Pauses the person's reminders until their next working day's digest."""
        now = self._clock.now()
        async with self._database.write() as tx:
            await tx.reminders.recheck(workspace, user, now)
            person, calendar = await _of(tx, workspace, user)
            awake = replace(calendar, snoozed_until=None)
            until = next_digest(awake, digest_expires(calendar, calendar.day_of(now)))
            await tx.reminders.put([replace(person, later_at=None, snoozed_until=until)])
            if person.later_at is not None:
                await tx.outbox.close(workspace, LaterMessage.key_of(user, person.later_at))
            await refresh_digests(tx, person, now)
            await tx.homes.changed(workspace, [user], now)
        return PutOff(until, person.zone)

    async def choose(self, workspace: str, user: str, change: Change) -> None:
        """Keeps what the person has chosen; it holds for what is due already."""
        now = self._clock.now()
        async with self._database.write() as tx:
            await tx.reminders.recheck(workspace, user, now)
            person, calendar = await _of(tx, workspace, user)
            chosen = change(person)
            today, added = calendar.day_of(now), chosen.days_off - person.days_off
            check_not_before(today, added)
            if added and sum(day >= today for day in chosen.days_off) > MOST_DAYS_OFF:
                raise UserError(
                    f"That would be more than {MOST_DAYS_OFF} days off. Remove some first."
                )
            chosen.check()
            await tx.reminders.put([chosen])

    async def snooze(self, workspace: str, user: str, until: date | None) -> None:
        """Lets the person be until this day begins, or not at all any more."""
        now = self._clock.now()
        async with self._database.write() as tx:
            await tx.reminders.recheck(workspace, user, now)
            person, calendar = await _of(tx, workspace, user)
            if until is not None:
                check_not_before(calendar.day_of(now) + timedelta(days=1), [until])
            at = calendar.at(until, time()) if until is not None else None
            await tx.reminders.put([replace(person, later_at=None, snoozed_until=at)])
            if person.later_at is not None:
                await tx.outbox.close(workspace, LaterMessage.key_of(user, person.later_at))

    async def _is_due(self, now: datetime) -> bool:
        async with self._database.read() as tx:
            return await tx.reminders.has_due(now)

    async def _whereabouts(self, now: datetime) -> Mapping[tuple[str, str], Person]:
        """Where those whose digest may be due are, as far as Slack says so in time."""
        async with self._database.read() as tx:
            due = await tx.reminders.due_people(now, BATCH)
        found: dict[tuple[str, str], Person] = {}
        turn = asyncio.Semaphore(ASKED_AT_ONCE)

        async def ask(one: RemindedPerson) -> None:
            async with turn:
                try:
                    person = await self._directory.person(one.workspace, one.person)
                except UserError:
                    return
            found[one.workspace, one.person] = person

        try:
            async with asyncio.timeout(ASK_WITHIN):
                await asyncio.gather(*(ask(one) for one in due))
        except TimeoutError:
            log.warning("reminders.whereabouts_unknown", extra={"count": len(due) - len(found)})
        return found


@dataclass(frozen=True)
class Batch:
    """What one transaction has planned, from how many interviews and people it took."""

    planned: Sequence[Planned]
    took: int


async def _plan(tx: Transaction, now: datetime, known: Mapping[tuple[str, str], Person]) -> Batch:
    ended = await tx.reminders.due_interviews(now, BATCH)
    planned = await _plan_interviews(tx, ended, now)
    declined = await tx.reminders.due_declines(now, BATCH)
    await check_replacing(tx, declined, now)
    # People once no interview is left, or a digest would lack what the next batch brings.
    due = await tx.reminders.due_people(now, BATCH) if len(ended) < BATCH else ()
    for workspace in sorted({one.workspace for one in due}):
        mine = [one for one in due if one.workspace == workspace]
        planned += await _plan_digests(tx, workspace, mine, now, known)
    await _show_at_home(tx, ended, due, now)
    return Batch(planned, len(ended) + len(declined) + len(due))


async def _show_at_home(
    tx: Transaction, ended: Sequence[Ended], due: Sequence[RemindedPerson], now: datetime
) -> None:
    """What was coming is due by now, and the next reminder is another."""
    seen: dict[str, set[str]] = {}
    for workspace, person in (
        *(
            (one.missing.workspace, who)
            for one in ended
            for who in (one.missing.owner, *one.organizers)
        ),
        *((one.workspace, one.person) for one in due),
    ):
        seen.setdefault(workspace, set()).add(person)
    for workspace, people in sorted(seen.items()):
        await tx.homes.changed(workspace, people, now)


async def plan_all(tx: Transaction, now: datetime) -> Sequence[Planned]:
    """Plans all that is due, without asking Slack anything."""
    planned: list[Planned] = []
    while (batch := await _plan(tx, now, {})).took:
        planned += batch.planned
    return planned


async def foresee(database: Database, now: datetime) -> Sequence[Planned]:
    """What a tick at this moment would plan and send, without doing it or asking Slack anything."""
    planned: list[Planned] = []
    try:
        async with database.write() as tx:
            planned += await plan_all(tx, now)
            known = {(one.workspace, one.key) for one in planned}
            planned += [
                _planned(one, one.due_at, "planned before")
                for one in await tx.outbox.due(now, REMINDER_KINDS, [], MOST_FORESEEN)
                if (one.workspace, one.key) not in known and not one.has_expired(now)
            ]
            raise Undone
    except Undone:
        return planned


async def rebuild(database: Database, now: datetime) -> int:
    """Puts defaults in the place of choices that nothing can be done with, and computes when people
    are looked at next anew from the rest; gives how many rows were wrong."""
    async with database.write() as tx:
        unusable = await tx.choices.wrong()
        await tx.choices.correct(unusable)
        wrong = await stale_checks(tx, now)
        await tx.reminders.put(person for person, _ in wrong)
    rows = {(one.workspace, one.person) for one in unusable}
    return len(rows | {(person.workspace, person.person) for person, _ in wrong})


async def _of(tx: Transaction, workspace: str, user: str) -> tuple[RemindedPerson, Calendar]:
    person = await tx.reminders.get(workspace, user, lock=True) or RemindedPerson(workspace, user)
    return person, person.calendar(await tx.reminders.policy(workspace))


async def _plan_interviews(tx: Transaction, ended: Sequence[Ended], now: datetime) -> list[Planned]:
    """Nudges, how far lateness has climbed, and whose digests have to be looked at, for what has
    ended.

    The kits show by then that the scorecard is due; one that came after the interview has never
    said otherwise."""
    planned: list[Planned] = []
    policies = await tx.reminders.policies({one.missing.workspace for one in ended})
    looks, people = [], []
    for workspace in sorted(policies):
        policy = policies[workspace]
        climbed: list[Reached] = []
        resumed: list[str] = []
        mine = [one for one in ended if one.missing.workspace == workspace]
        known = await tx.reminders.people(workspace, {one.missing.owner for one in mine})
        earlier = await earlier_of(tx, policy, mine, now)
        kits = [
            KitMessage.key_of(one.missing.interview) for one in mine if not one.is_after_the_fact
        ]
        await tx.outbox.refresh(workspace, kits, now)
        for one in sorted(mine, key=lambda one: one.missing.interview):
            missing = one.missing
            person = known.get(missing.owner) or _new(one)
            calendar = person.calendar(policy)
            planned += await _plan_nudge(tx, one, calendar, earlier[missing.interview], now)
            if chase_ends(calendar, missing.since) > now:
                resumed.append(missing.interview)
                await enqueue_resumed(tx, earlier[missing.interview], now)
            climbed += untold_before(reached(policy, person, one, now), earlier[missing.interview])
            looks.append((missing, next_look(policy, person, missing.since, now)))
            look = next_digest(calendar, missing.since)
            people.append(replace(person, next_digest_at=look))
        zones = {who: one.organizers_zone for one in mine for who in one.organizers}
        await climb(tx, policy, climbed, zones)
        keys = await resumed_digests(tx, workspace, resumed)
        await tx.outbox.refresh(workspace, [*progress_keys(mine), *keys], now)
    await tx.reminders.set_remind_at(looks)
    await tx.reminders.set_next_checks(_soonest(people))
    return planned


def _new(one: Ended) -> RemindedPerson:
    """Somebody of whom nothing is known yet but the zone of their interview."""
    missing = one.missing
    zone = one.zone if missing.owner == one.interviewer else "UTC"
    return RemindedPerson(missing.workspace, missing.owner, zone)


def _soonest(people: Sequence[RemindedPerson]) -> Sequence[RemindedPerson]:
    """Each person once, to be looked at at the earliest of their moments."""
    found: dict[tuple[str, str], RemindedPerson] = {}
    for one in people:
        other = found.setdefault((one.workspace, one.person), one)
        moments = (one.next_digest_at, other.next_digest_at)
        soonest = min((moment for moment in moments if moment is not None), default=None)
        found[one.workspace, one.person] = replace(other, next_digest_at=soonest)
    return list(found.values())


async def _plan_nudge(
    tx: Transaction, one: Ended, calendar: Calendar, earlier: Sequence[OutboxMessage], now: datetime
) -> Sequence[Planned]:
    """The nudge, unless it comes at no good hour, its hours are over, it has come, or the scorecard
    has been reassigned: its new owner has been told just then."""
    missing = one.missing
    at = nudge_at(calendar, one.ends_at, one.entered_at)
    if at is None or missing.owner != one.interviewer or nudge_expires(calendar, at) <= now:
        return []
    nudge = await enqueue_nudge(tx, one, calendar, at, earlier)
    why = f"interview {missing.interview} ended at {in_utc(one.ends_at)}"
    return [] if nudge is None else [_planned(nudge, at, why)]


async def _plan_digests(
    tx: Transaction,
    workspace: str,
    due: Sequence[RemindedPerson],
    now: datetime,
    known: Mapping[tuple[str, str], Person],
) -> list[Planned]:
    """A digest for whoever had something due at their moment; and when to look again."""
    planned: list[Planned] = []
    policy = await tx.reminders.policy(workspace)
    ids = [one.person for one in due]
    untold = await untold_news(tx, workspace, ids, now)
    answers = await answers_to_tell(tx, workspace, ids, now)
    dues = await dues_of(tx, workspace, ids, now, untold, answers)
    looked_at = []
    for stored in sorted(due, key=lambda one: one.person):
        told = known.get((workspace, stored.person))
        person = stored if told is None else replace(stored, zone=told.tz)
        calendar = person.calendar(policy)
        look = next_check(calendar, dues[person.person], now, person.last_digest)
        if look is not None and look <= now:
            day = calendar.day_of(now)
            climbed = [one for one in untold[person.person] if one.reached_at <= look]
            person = replace(person, last_digest=day)
            await keep_told(tx, climbed, day)
            answered = await tell_answers(tx, answers[person.person], look, day)
            told_now: list[Reached | AnswerReached] = [*climbed, *answered]
            if told is not None and unreachable_because(told, workspace) is not None:
                planned += await _plan_unreachable(tx, person, now)
                await pass_on(tx, policy, person.person, climbed, day, now)
                await pass_on_answers(tx, policy, person.person, answered, now)
            else:
                digest = await enqueue_digest(tx, person, calendar, day)
                await tx.rungs.tell(workspace, person.person, look, day, now)
                own = [one for one in dues[person.person] if not one.is_news]
                why = digest_why(len(listed(calendar, day, own)), told_now, day, person.zone)
                planned.append(_planned(digest, look, why))
            said = news(told_now)
            left = [one for one in dues[person.person] if one not in said]
            look = next_check(calendar, left, now, day)
        looked_at.append(replace(person, next_digest_at=look))
    await tx.reminders.put(looked_at)
    return planned


async def _plan_unreachable(
    tx: Transaction, person: RemindedPerson, now: datetime
) -> Sequence[Planned]:
    why = f"{person.person} has scorecards due and can't be reached"
    messages = await enqueue_unreachable(tx, person.workspace, person.person, now)
    return [_planned(message, now, why) for message in messages]

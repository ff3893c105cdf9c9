"""What organizers hear of late scorecards of others: each rung once, in their own digest."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.debriefs.answers import AnswerReached
from bot.domain.ladder import ORDER, Reached, Rung, instead, late_since, recipients, rungs
from bot.domain.reminders import (
    Due,
    RemindedPerson,
    ReminderPolicy,
    chase_ends,
    next_digest,
)
from bot.domain.scorecards.closing import DueScorecard
from bot.services.messages.progress import ProgressMessage
from bot.storage.database import Transaction
from bot.storage.reminders.rows import Ended

MOST_OTHERS = 10
"""Late scorecards of others that one digest lists."""


@dataclass(frozen=True)
class LateScorecard:
    """A scorecard of somebody else's that an organizer hears of, by the last rung it reached.

    `since` is from when on it is late, or due where it is not late; its owner is reminded until
    `until`, for `days` working days in all.
    """

    due_scorecard: DueScorecard
    rung: Rung
    since: datetime
    until: datetime
    days: int


def next_look(
    policy: ReminderPolicy, person: RemindedPerson, since: datetime, now: datetime
) -> datetime | None:
    """When a scorecard that is due since then has to be looked at next, after that moment."""
    calendar = person.calendar(policy)
    moments = [at for _, _, at in rungs(policy, calendar, since)]
    return min((at for at in (late_since(calendar, since), *moments) if at > now), default=None)


def reached(
    policy: ReminderPolicy, person: RemindedPerson, one: Ended, now: datetime
) -> Sequence[Reached]:
    """All that is to be told of it by now, to everybody who is to hear it."""
    missing = one.missing
    return [
        Reached(missing.workspace, missing.interview, missing.since, rung, days, recipient, at)
        for rung, days, at in rungs(policy, person.calendar(policy), missing.since)
        if at <= now
        for recipient in recipients(rung, one, missing.owner)
    ]


async def climb(
    tx: Transaction, policy: ReminderPolicy, items: Iterable[Reached], zones: Mapping[str, str]
) -> Sequence[Reached]:
    """Keeps what is new of this, and has its recipients looked at when their next digest is due;
    `zones` is where those are of whom nothing is known."""
    new = await tx.rungs.add(items)
    known = await tx.reminders.people(policy.workspace, {one.recipient for one in new})
    checks: dict[str, RemindedPerson] = {}
    for one in sorted(new, key=lambda one: one.reached_at, reverse=True):
        id = one.recipient
        person = known.get(id, RemindedPerson(policy.workspace, id, zones.get(id, "UTC")))
        at = next_digest(person.calendar(policy), one.reached_at)
        checks[id] = replace(person, next_digest_at=at)
    await tx.reminders.set_next_checks(checks.values())
    return new


async def pass_on(
    tx: Transaction,
    policy: ReminderPolicy,
    gone: str,
    untold: Sequence[Reached],
    day: date,
    now: datetime,
) -> None:
    """Somebody else hears what a person was to hear who has left or is a guest by now."""
    ids = {one.interview for one in untold}
    found = await tx.scorecards.due_scorecards(policy.workspace, ids)
    by_id = {due.interview: due for due in found}
    others = [
        replace(one, recipient=other)
        for one in untold
        if (due := by_id.get(one.interview)) is not None
        for other in instead(one.rung, due, due.owner, gone)
    ]
    await climb(tx, policy, others, {})
    if untold:
        await tx.rungs.tell(policy.workspace, gone, untold[-1].reached_at, day, now)


def news(untold: Iterable[Reached | AnswerReached]) -> list[Due]:
    """The same as what a digest is sent for."""
    return [Due.news(one.reached_at) for one in untold]


async def late_of_others(
    tx: Transaction, workspace: str, reader: str, day: date, now: datetime
) -> Sequence[LateScorecard]:
    """What a person's digest of that day says of others, as far as it is still so: the longest due
    first, each once."""
    found_told = await tx.rungs.of_day(workspace, reader, day)
    told = [one for one in found_told if one.rung in ORDER]
    last: dict[str, Reached] = {}
    for one in sorted(told, key=lambda one: ORDER.index(one.rung)):
        last[one.interview] = one
    found = await tx.scorecards.due_scorecards(workspace, list(last))
    policy = await tx.reminders.policy(workspace)
    people = await tx.reminders.people(workspace, {due.owner for due in found})
    late = []
    for due in found:
        one = last[due.interview]
        is_meant = reader in due.organizers and due.owner != reader
        if not is_meant or not due.is_due(now) or due.due_since != one.since:
            continue
        person = people.get(due.owner, RemindedPerson(workspace, due.owner, due.zone))
        calendar = person.calendar(policy)
        since, until = late_since(calendar, due.due_since), chase_ends(calendar, due.due_since)
        rung = Rung.OVERDUE if one.rung is Rung.END and until > now else one.rung
        shown_since = since if since <= now else due.due_since
        late.append(LateScorecard(due, rung, shown_since, until, policy.chase_days))
    return sorted(late, key=lambda one: (one.due_scorecard.due_since, one.due_scorecard.interview))


async def resumed_digests(
    tx: Transaction, workspace: str, interviews: Collection[str]
) -> list[str]:
    """The keys of digests that say that reminding of these has ended."""
    told = await tx.rungs.told(workspace, interviews)
    return [
        digest_key(one.recipient, one.day)
        for one in told
        if one.day is not None and one.rung is Rung.END
    ]


def digest_key(person: str, day: date) -> str:
    """The key of a day's digest."""
    return f"digest:{person}:{day.isoformat()}"


def progress_keys(ended: Collection[Ended]) -> list[str]:
    """The keys of what says since when scorecards are late."""
    keys = {ProgressMessage.key_of(one.panel, who) for one in ended for who in one.organizers}
    return sorted(keys)

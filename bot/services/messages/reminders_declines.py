"""The interviews for which somebody else has to be found: what organizers are told of them, each
once, and in which day's digest."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain.ladder import DECLINES, Reached, Rung, untold_of
from bot.domain.panels.panel import Replacement
from bot.domain.reminders import MissingReplacement, RemindedPerson, next_digest
from bot.storage.database import Transaction
from bot.storage.reminders.rows import Ended


async def replacements_of(
    tx: Transaction, workspace: str, person: str, at: datetime
) -> Sequence[Replacement]:
    """The interviews for which the person has to find somebody else by then, the next to begin
    first."""
    missing = (await tx.reminders.missing_replacements(workspace, [person]))[person]
    return await _in_order(tx, workspace, (one for one in missing if one.declined_at <= at))


async def missing_declines(
    tx: Transaction, workspace: str, person: str, now: datetime
) -> Sequence[MissingReplacement]:
    """Those of them that are not over."""
    missing = (await tx.reminders.missing_replacements(workspace, [person]))[person]
    return [one for one in missing if one.declined_at <= now < one.ends_at]


async def declines_of_day(
    tx: Transaction, workspace: str, person: str, day: date, now: datetime
) -> Sequence[Replacement]:
    """Those of them that the person's digest of that day tells of, the next to begin first."""
    told = await tx.rungs.of_day(workspace, person, day)
    digested = DECLINES - {Rung.AT_ONCE}
    since = {(one.interview, one.since) for one in told if one.rung in digested}
    if not since:
        return []
    missing = await missing_declines(tx, workspace, person, now)
    mine = (one for one in missing if (one.interview, one.declined_at) in since)
    return await _in_order(tx, workspace, mine)


async def _in_order(
    tx: Transaction, workspace: str, missing: Iterable[MissingReplacement]
) -> Sequence[Replacement]:
    found = []
    for one in missing:
        panel = await tx.panels.of_interview(workspace, one.interview)
        item = panel.find(one.interview) if panel is not None else None
        if panel is not None and item is not None:
            found.append(Replacement(panel, item))
    return sorted(found, key=lambda one: (one.interview.starts_at, one.interview.id))


async def declines_to_tell(
    tx: Transaction, workspace: str, people: Collection[str], now: datetime
) -> Mapping[str, list[Reached]]:
    """What each of these people is still to be told of interviews that are to come, by or after
    this moment."""
    missing = await tx.reminders.missing_replacements(workspace, people)
    coming = [
        one for all in missing.values() for one in all if one.declined_at <= now < one.starts_at
    ]
    found: dict[str, list[Reached]] = {person: [] for person in people}
    if not coming:
        return found
    told: dict[tuple[str, str, datetime], dict[Rung, date]] = {}
    for rung in await tx.rungs.told(workspace, {one.interview for one in coming}):
        if rung.rung in DECLINES and rung.day is not None:
            key = (rung.recipient, rung.interview, rung.since)
            told.setdefault(key, {})[rung.rung] = rung.day
    policy = await tx.reminders.policy(workspace)
    known = await tx.reminders.people(workspace, {one.organizer for one in coming})
    for one in coming:
        id = one.organizer
        calendar = known.get(id, RemindedPerson(workspace, id, one.zone)).calendar(policy)
        found[id] += untold_of(calendar, one, told.get((id, one.interview, one.declined_at), {}))
    return found


async def keep_told(tx: Transaction, news: Iterable[Reached], day: date) -> None:
    """That the digest of this day tells of these declines."""
    await tx.rungs.add(replace(one, day=day) for one in news if one.rung in DECLINES)


async def check_replacing(tx: Transaction, declined: Sequence[Ended], now: datetime) -> None:
    """Those who are to find somebody else for these are looked at when their next digest about it
    is due."""
    policies = await tx.reminders.policies({one.missing.workspace for one in declined})
    for workspace in sorted(policies):
        mine = [one for one in declined if one.missing.workspace == workspace]
        zones = {id: one.organizers_zone for one in mine for id in one.to_replace}
        known = await tx.reminders.people(workspace, zones)
        checks = []
        for id, news in (await declines_to_tell(tx, workspace, zones, now)).items():
            person = known.get(id, RemindedPerson(workspace, id, zones[id]))
            calendar = person.calendar(policies[workspace])
            moments = (next_digest(calendar, one.reached_at) for one in news)
            at = min((moment for moment in moments if moment is not None), default=None)
            if at is not None:
                checks.append(replace(person, next_digest_at=at))
        await tx.reminders.set_next_checks(checks)
        await tx.homes.changed(workspace, zones.keys(), now)
    await tx.reminders.set_remind_at([(one.missing, None) for one in declined])

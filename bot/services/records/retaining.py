"""Retention: whoever was kept for as long as the workspace keeps people is erased at night.

Before that happens for the first time, admins see for two weeks what would.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta

from bot.domain.audit import AuditEntry, new_id
from bot.domain.dates import full_day
from bot.domain.records.erasing import Because
from bot.domain.records.retention import (
    FEWEST_DAYS,
    NIGHT,
    Ended,
    Retention,
    RetentionPolicy,
    longer_messages,
)
from bot.domain.rights import Act
from bot.errors import UserError
from bot.services.ports import Clock
from bot.services.records.erasing import begin_erasure
from bot.services.rights import Rights, require
from bot.storage.database import Database, Transaction

log = logging.getLogger(__name__)

AT_ONCE = 5
"""Candidates that are being erased for their age at the same time."""

LOOK_EVERY = timedelta(hours=1)
"""How often it is looked who is old enough, where nobody was."""

SOON = timedelta(seconds=20)
"""How soon it is looked again where there is more to erase."""

ITSELF = "panelist"
"""Who did it, in the record of what was done by nobody's hand."""

TOO_EARLY = (
    "Nothing is erased for its age before {day}: until then admins see what would be. "
    "To see it: panelist retain --dry-run"
)


class Retaining:
    """The nightly job, and what admins choose."""

    def __init__(self, database: Database, rights: Rights, clock: Clock) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock
        self._next_look: datetime | None = None

    async def tick(self) -> None:
        now = self._clock.now()
        if self._next_look is not None and now < self._next_look:
            return
        async with self._database.read() as tx:
            workspaces = await known_workspaces(tx)
        is_more = False
        for workspace in workspaces:
            is_more |= await self._look(workspace, now)
        self._next_look = now + (SOON if is_more else LOOK_EVERY)

    async def choose(self, workspace: str, user: str, chosen: Mapping[str, int | None]) -> None:
        """Says for how long candidates are kept: fields of the policy. Raises UserError, for
        anybody but an admin too."""
        require(await self._rights.access(workspace, user), Act.SET_RETENTION)
        now = self._clock.now()
        async with self._database.write() as tx:
            before = await tx.retention.get(workspace, lock=True)
            policy = longer_messages(replace(before.policy, **chosen))  # type: ignore[arg-type]
            await put_policy(tx, policy, user, now)
        self._next_look = None

    async def _look(self, workspace: str, now: datetime) -> bool:
        """Begins what is due; whether there is more to begin soon."""
        async with self._database.write() as tx:
            found = await tx.retention.get(workspace, lock=True)
            if found.announced_at is None and found.policy.is_on:
                found = replace(found, announced_at=now)
            due = await old_enough(tx, found.policy, now)
            if len(due) != found.due:
                await tx.homes.changed(workspace, None, now)
            await tx.retention.put(replace(found, due=len(due)))
            if now.hour not in NIGHT:
                return False
            keep = timedelta(days=found.policy.messages_days)
            forgotten = await tx.retention.forget_messages(workspace, now - keep)
            begun = await begin_aged(tx, workspace, due, now) if found.may_erase(now) else 0
        if begun:
            log.info("retention.begun", extra={"count": begun})
        return bool(forgotten) or (found.may_erase(now) and len(due) > begun)


async def put_policy(tx: Transaction, policy: RetentionPolicy, actor: str, now: datetime) -> None:
    """Writes what a workspace has chosen, which is locked. Where nobody was erased for their age
    before, admins are told again for two weeks. Raises UserError."""
    policy.check()
    before = await tx.retention.get(policy.workspace)
    if policy == before.policy:
        return
    is_new = policy.is_on and not before.policy.is_on
    announced = now if is_new else before.announced_at
    await tx.retention.put(replace(before, policy=policy, announced_at=announced))
    await tx.homes.changed(policy.workspace, None, now)
    names = (field.name for field in fields(policy))
    differs = (name for name in names if getattr(policy, name) != getattr(before.policy, name))
    ids = (new_id(), policy.workspace, now, actor)
    entry = AuditEntry(*ids, "retention.changed", policy.workspace, 0, fields=tuple(differs))
    await tx.audit.add(entry)


async def old_enough(tx: Transaction, policy: RetentionPolicy, now: datetime) -> Sequence[Ended]:
    """Whoever is to be erased for their age by now, the earliest first."""
    if not policy.is_on:
        return []
    ages = filter(None, (policy.age(is_hired=hired) for hired in (True, False)))
    shortest = min(ages, default=timedelta(days=FEWEST_DAYS))
    found = await tx.retention.ended(policy.workspace, now - shortest)
    return [one for one in found if (at := one.due_at(policy)) is not None and at <= now]


async def begin_aged(tx: Transaction, workspace: str, due: Sequence[Ended], now: datetime) -> int:
    """Has some of these erased, a few at a time; how many."""
    going_on = await tx.erasures.going_on(workspace)
    aged = sum(one.because is Because.AGE for one in going_on)
    begun = due[: max(0, AT_ONCE - aged)]
    for one in begun:
        await begin_erasure(tx, workspace, one.candidate, ITSELF, now, Because.AGE)
    return len(begun)


async def known_workspaces(tx: Transaction) -> Sequence[str]:
    """Those whose the database is, or that it has anything of."""
    owner = await tx.workspace.owner()
    return [owner] if owner else sorted(await tx.workspace.with_rows())


def require_begun(found: Retention, now: datetime) -> None:
    """Raises UserError before the two weeks are over."""
    begins = found.begins_at
    if found.policy.is_on and (begins is None or now < begins):
        day = "two weeks are over" if begins is None else full_day(begins.date())
        raise UserError(TOO_EARLY.format(day=day))

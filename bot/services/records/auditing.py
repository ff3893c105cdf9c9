"""The record of what was done: sealed at the tick, and verified by whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.records.chain import BATCH, Fault, Seal, entries_fault, link_fault, sealed
from bot.services.ports import Clock
from bot.services.records.retaining import known_workspaces
from bot.storage.database import Database, Transaction

BATCHES = 5
"""Batches that one tick seals, or lets go."""

READ_AT_ONCE = 100
"""Seals that are read at once while a chain is verified."""

AGE_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Verified:
    """A chain as it was found; `head` is its last seal."""

    workspace: str
    chain: str
    head: Seal
    entries: int
    aged: int
    faults: Sequence[Fault]


class Auditing:
    """Seals what was done, and lets go of what is old enough."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._next_age: datetime | None = None

    async def tick(self) -> None:
        now = self._clock.now()
        async with self._database.read() as tx:
            is_due = bool(await tx.seals.unsealed_workspaces())
        if is_due:
            async with self._database.write() as tx:
                await seal_all(tx, now, BATCHES)
        if self._next_age is None or now >= self._next_age:
            self._next_age = now + AGE_EVERY if await self._age(now) < BATCHES else None

    async def _age(self, now: datetime) -> int:
        aged = 0
        async with self._database.write() as tx:
            for workspace in await known_workspaces(tx):
                policy = (await tx.retention.get(workspace)).policy
                before = now - timedelta(days=policy.audit_days)
                aged += await tx.seals.age(workspace, before, now, BATCHES)
        return aged


async def seal_all(tx: Transaction, now: datetime, batches: int) -> None:
    """Seals what no batch has yet, so many batches at most for each workspace."""
    await tx.seals.lock()
    for workspace in await tx.seals.unsealed_workspaces():
        last = await tx.seals.last(workspace)
        for _ in range(batches):
            entries = await tx.seals.unsealed(workspace, BATCH)
            if not entries:
                break
            last = sealed(workspace, "", entries, last, now)
            await tx.seals.add(last, [one.id for one in entries])


async def verify(tx: Transaction) -> Sequence[Verified]:
    """Every chain there is, from its beginning to its head."""
    return [await _verified(tx, *one) for one in await tx.seals.chains()]


async def _verified(tx: Transaction, workspace: str, chain: str) -> Verified:
    faults, before, count, aged = [], None, 0, 0
    while some := await tx.seals.of(workspace, chain, before.number if before else 0, READ_AT_ONCE):
        for seal in some:
            entries = await tx.seals.entries(seal)
            found = (link_fault(seal, before), entries_fault(seal, entries))
            faults += [one for one in found if one is not None]
            count, aged = count + len(entries), aged + (seal.aged_at is not None)
            before = seal
    assert before is not None  # noqa: S101 - a chain has a seal
    return Verified(workspace, chain, before, count, aged, faults)

"""The record of what was done: whoever changes, adds or removes an entry is found out."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from bot.domain.audit import AuditEntry, new_id
from bot.domain.records.chain import BATCH, Broken, digest_of, entries_fault, sealed
from bot.services.records.auditing import Auditing, Verified, verify
from bot.storage.audit import audit
from bot.storage.database import Database
from bot.storage.records.seals import history, seals
from tests.support.clock import ManualClock
from tests.support.records import NOW, WORKSPACE

SECOND = timedelta(seconds=1)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    async with opened.write() as tx:
        await tx.workspace.take(WORKSPACE)
    yield opened
    await opened.close()


def entry(number: int) -> AuditEntry:
    at = NOW + number * SECOND
    return AuditEntry(f"e{number}", WORKSPACE, at, "U0RILEY", "panel.set_up", "P1", 1)


async def done(database: Database, numbers: range) -> None:
    async with database.write() as tx:
        for number in numbers:
            await tx.audit.add(entry(number))


async def found(database: Database) -> Verified:
    async with database.read() as tx:
        (chain,) = await verify(tx)
    return chain


@pytest.fixture
async def sealed_twice(database: Database) -> Database:
    job = Auditing(database, ManualClock(NOW))
    for numbers in (range(3), range(3, 5)):
        await done(database, numbers)
        await job.tick()
    return database


async def test_what_was_done_is_sealed_in_batches_each_following_from_the_one_before(
    sealed_twice: Database,
) -> None:
    chain = await found(sealed_twice)
    assert (chain.entries, chain.head.number, chain.faults) == (5, 2, [])
    await Auditing(sealed_twice, ManualClock(NOW)).tick()
    assert (await found(sealed_twice)).head == chain.head, "nothing was done since"


@pytest.mark.parametrize(
    ("change", "batch", "why"),
    [
        (update(audit).where(audit.c.id == "e1").values(actor="U0OTHER"), 1, Broken.ENTRIES),
        (update(audit).where(audit.c.id == "e4").values(fields=["name"]), 2, Broken.ENTRIES),
        (delete(audit).where(audit.c.id == "e3"), 2, Broken.ENTRIES),
        (update(seals).where(seals.c.number == 1).values(digest="0" * 64), 1, Broken.LINK),
        (delete(seals).where(seals.c.number == 1), 2, Broken.GAP),
        (insert(audit).values(vars(entry(9)) | {"fields": [], "seal": 2}), 2, Broken.ENTRIES),
    ],
    ids=["changed", "fields", "missing", "seal", "batch", "added"],
)
async def test_verifying_names_the_batch_that_was_changed(
    sealed_twice: Database, change: object, batch: int, why: Broken
) -> None:
    async with sealed_twice.write() as tx:
        await tx.connection.execute(change)  # type: ignore[call-overload]
    faults = (await found(sealed_twice)).faults
    assert (faults[0].seal.number, faults[0].why) == (batch, why)


async def test_a_whole_chain_written_anew_has_another_head(sealed_twice: Database) -> None:
    """Nothing in it is broken then: that is what the head is noted for."""
    before = await found(sealed_twice)
    async with sealed_twice.write() as tx:
        await tx.connection.execute(delete(seals))
        await tx.connection.execute(update(audit).values(seal=None, actor="U0OTHER"))
    await Auditing(sealed_twice, ManualClock(NOW)).tick()
    after = await found(sealed_twice)
    assert after.faults == []
    assert after.head.hash != before.head.hash


async def test_what_is_old_goes_and_leaves_an_anchor(sealed_twice: Database) -> None:
    head = (await found(sealed_twice)).head
    clock = ManualClock(NOW + timedelta(days=1095, seconds=3))
    await Auditing(sealed_twice, clock).tick()
    chain = await found(sealed_twice)
    assert (chain.entries, chain.aged, chain.faults, chain.head) == (2, 1, [], head)
    await done(sealed_twice, range(5, 6))
    await Auditing(sealed_twice, clock).tick()
    assert (await found(sealed_twice)).faults == []


async def test_many_are_sealed_a_batch_at_a_time(database: Database) -> None:
    await done(database, range(BATCH + 1))
    await Auditing(database, ManualClock(NOW)).tick()
    chain = await found(database)
    assert (chain.entries, chain.head.number, chain.faults) == (BATCH + 1, 2, [])


async def test_what_an_import_brought_along_is_a_chain_of_its_own(sealed_twice: Database) -> None:
    own = (await found(sealed_twice)).head
    entries = [entry(number) for number in range(20, 23)]
    seal = sealed(WORKSPACE, "import1", entries, None, NOW)
    async with sealed_twice.write() as tx:
        await tx.connection.execute(insert(seals), vars(seal))
        rows = [
            vars(one) | {"fields": list(one.fields), "chain": "import1", "seal": 1}
            for one in entries
        ]
        await tx.connection.execute(insert(history), rows)
    async with sealed_twice.read() as tx:
        mine, brought = await verify(tx)
        listed = await tx.seals.listed(NOW + 4 * SECOND, None, 10)
    assert (mine.head, mine.faults) == (own, [])
    assert (brought.head, brought.faults, brought.entries) == (seal, [], 3)
    assert [(chain, one.id) for chain, one in listed] == [
        ("", "e4"),
        *(("import1", one.id) for one in entries),
    ]


names = st.text(min_size=1, max_size=8)
entries = st.builds(
    AuditEntry,
    id=st.builds(new_id),
    workspace=st.just(WORKSPACE),
    at=st.timedeltas(timedelta(), timedelta(days=9)).map(lambda after: NOW + after),
    actor=names,
    action=names,
    subject=names,
    revision=st.integers(0, 9),
    part=st.none() | names,
    fields=st.lists(names, max_size=2).map(tuple),
)


@given(st.lists(entries, min_size=1, max_size=6), st.data())
def test_a_batch_is_the_same_in_any_order_and_another_without_any_one(
    batch: list[AuditEntry], data: st.DataObject
) -> None:
    seal = sealed(WORKSPACE, "", batch, None, NOW)
    assert digest_of(data.draw(st.permutations(batch))) == seal.digest
    assert entries_fault(seal, batch) is None
    gone = data.draw(st.integers(0, len(batch) - 1))
    fault = entries_fault(seal, batch[:gone] + batch[gone + 1 :])
    assert fault is not None
    assert fault.why is Broken.ENTRIES

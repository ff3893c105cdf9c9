"""The queue behind an answer: one item that cannot be written holds up no other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from bot.services import write_behind
from bot.services.write_behind import WriteBehind
from tests.support.waiting import until


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_behind, "PAUSE", 0.001)
    monkeypatch.setattr(write_behind, "LONGEST_PAUSE", 0.004)


@asynccontextmanager
async def writing(
    write: Callable[[Sequence[int]], Awaitable[None]],
) -> AsyncIterator[WriteBehind[int]]:
    queue = WriteBehind(write)
    queue.start()
    yield queue
    await queue.stop(1)


async def test_one_that_is_always_refused_holds_up_no_other() -> None:
    written: list[int] = []

    async def write(items: Sequence[int]) -> None:
        if 3 in items:
            raise ValueError("not this one")
        written.extend(items)

    async with writing(write) as queue:
        for number in range(9):
            queue.add(number)

        async def all_others_are_written() -> bool:
            return len(written) == 8

        await until(all_others_are_written)
        assert sorted(written) == [0, 1, 2, 4, 5, 6, 7, 8]
        assert queue.waiting == [3]
        assert queue.seconds_failing > 0


async def test_a_write_that_never_comes_back_is_given_up_and_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(write_behind, "LONGEST_WRITE", 0.01)
    calls: list[Sequence[int]] = []

    async def write(items: Sequence[int]) -> None:
        calls.append(items)
        if len(calls) == 1:
            await asyncio.sleep(60)

    async with writing(write) as queue:
        queue.add(1)

        async def it_is_written() -> bool:
            return queue.count == 0

        await until(it_is_written)
    assert calls == [[1], [1]]


async def test_beyond_its_capacity_the_oldest_are_given_up_and_that_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(write_behind, "CAPACITY", 3)
    written: list[int] = []

    async def write(items: Sequence[int]) -> None:
        written.extend(items)

    queue = WriteBehind(write)
    for number in range(6):
        queue.add(number)
    assert queue.waiting == [3, 4, 5]
    assert caplog.messages == ["write_behind.full"]
    queue.start()
    await queue.stop(1)
    assert written == [3, 4, 5]


async def test_what_was_cut_off_in_the_middle_of_a_write_counts_as_lost(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def write(_: Sequence[int]) -> None:
        await asyncio.sleep(60)

    queue = WriteBehind(write)
    queue.start()
    queue.add(1)
    await queue.stop(0.05)
    (lost,) = [record for record in caplog.records if record.message == "write_behind.lost"]
    assert vars(lost)["count"] == 1

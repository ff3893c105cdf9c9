"""No update of an open form is made over what a refusal says at its fields."""

import asyncio

from handlers.redraws import MOST_OPEN, Redraws
from tests.support.waiting import A_MINUTE


async def test_an_update_asked_for_before_a_refusal_is_left_out_and_the_next_is_made() -> None:
    redraws, made = Redraws(), []

    async def update() -> str:
        made.append("update")
        return "hash"

    early = redraws.refusals("V1")
    await redraws.refused("V1", _soon())
    assert await redraws.draw("V1", early, update) is None
    assert made == []
    assert redraws.is_behind("V1")
    assert await redraws.draw("V1", redraws.refusals("V1"), update) == "hash"
    assert not redraws.is_behind("V1")
    assert await redraws.draw("V2", early, update) == "hash", "another form is none of that one's"


async def test_a_refusal_waits_for_the_update_that_is_on_its_way_but_not_for_ever() -> None:
    redraws, arrived, lets_go = Redraws(), asyncio.Event(), asyncio.Event()
    order: list[str] = []

    async def update() -> None:
        arrived.set()
        await lets_go.wait()
        order.append("updated")

    async def refuse() -> None:
        await redraws.refused("V1", _soon())
        order.append("refused")

    updating = asyncio.create_task(redraws.draw("V1", 0, update))
    await arrived.wait()
    await redraws.refused("V1", asyncio.get_running_loop().time())
    assert order == []
    refusing = asyncio.create_task(refuse())
    lets_go.set()
    await asyncio.gather(updating, refusing)
    assert order == ["updated", "refused"]


async def test_forms_that_were_left_open_are_forgotten() -> None:
    redraws = Redraws()
    for number in range(MOST_OPEN + 1):
        await redraws.refused(f"V{number}", _soon())
    assert redraws.refusals("V0") == 0
    assert redraws.refusals(f"V{MOST_OPEN}") == 1


def _soon() -> float:
    return asyncio.get_running_loop().time() + A_MINUTE

"""Decisions that take two deciders, over the wire: nothing counts before a second one confirms."""

from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.debriefs.ratings import seen_of
from bot.domain.rights import Act
from bot.errors import UserError
from bot.playground.state.models import Message
from bot.services.debriefs.deciding import GONE, OWN_DECISION, Deciding
from bot.services.frozen_contents import Contents
from bot.services.rights import NOT_YOURS
from bot.storage.debriefs.decisions import decisions
from bot.storage.openings import openings
from bot.storage.settings import workspace_settings
from handlers.views.debriefs.decision import ADD_DECIDER, TAKES_TWO
from tests.integration.test_debriefs import house, labels, opens, recorded, shown
from tests.integration.test_debriefs_decisions import (
    OFFER,
    OTHERS,
    all_lean,
    decides,
    fills,
    heard,
    passes,
    stage,
)
from tests.integration.test_scorecards import House
from tests.support.northwind import ALEX, MORGAN, RILEY, Person, key_of
from tests.support.people import people_of, rights_of

__all__ = ["house"]


async def takes_two(house: House, **openings_have: Any) -> Person:
    """The workspace wants two deciders; Morgan has the debrief open, all leanings are."""
    async with house.northwind.application.database.write() as tx:
        workspace = (await tx.workspace.owner()) or ""
        await tx.settings.to_change(workspace)
        await tx.connection.execute(update(workspace_settings).values(two_deciders=True))
        if openings_have:
            await tx.connection.execute(update(openings).values(openings_have))
    morgan = await all_lean(house)
    await morgan.closes()
    await opens(morgan)
    return morgan


def asked(house: House, user: str) -> list[Message]:
    """What this person was told of decisions to confirm."""
    return [one for one in house.person(user).dms() if key_of(one).startswith("confirm:")]


async def test_nothing_counts_before_a_second_decider_confirms(house: House) -> None:
    morgan = await takes_two(house)
    await decides(morgan)
    text = shown(morgan.modal)
    assert "To confirm: offer" in text
    assert TAKES_TWO in text
    assert "Confirm" not in labels(morgan.modal), "it's her own"
    assert await stage(house) == "interviewing"
    await passes(house, 60)
    assert [heard(house, user) for user in OTHERS] == [[]] * len(OTHERS)
    (told,) = asked(house, RILEY)
    assert told.text == "A decision waits for a second decider"
    assert "offer" not in shown(told), "what was decided stands in the debrief alone"
    assert asked(house, ALEX) == []
    riley = house.person(RILEY)
    await riley.presses(told, "Open debrief")
    assert {"Confirm", "Undo"} <= set(labels(riley.modal))
    assert "Decide" not in labels(riley.modal)
    assert (await riley.presses(riley.modal, "Confirm")).ok
    assert "Decision: offer" in shown(riley.modal)
    assert "Confirmed by " in shown(riley.modal)
    assert await stage(house) == "offer"
    assert "Confirmed by " in shown(asked(house, RILEY)[0])
    await passes(house, 16)
    assert [len(heard(house, user)) for user in OTHERS] == [1, 1, 1, 1, 0], "Riley confirmed it"
    assert (RILEY, "debrief.confirmed") in await recorded(house)


async def test_it_is_undone_while_it_waits_by_either_and_fifteen_minutes_after(
    house: House,
) -> None:
    morgan, riley = await takes_two(house), house.person(RILEY)
    await decides(morgan)
    await passes(house, 60)
    await opens(riley)
    assert (await riley.presses(riley.modal, "Undo")).ok
    assert "Decide" in labels(riley.modal)
    assert "Undone by " in shown(asked(house, RILEY)[0])
    await morgan.presses(morgan.modal, "Undo")
    assert GONE in shown(morgan.modal)
    await morgan.closes()
    await decides(riley)
    await opens(morgan)
    await morgan.presses(morgan.modal, "Confirm")
    await passes(house, 14)
    assert await stage(house) == "offer"
    assert (await morgan.presses(morgan.modal, "Undo")).ok
    assert await stage(house) == "interviewing"
    assert [heard(house, user) for user in OTHERS] == [[]] * len(OTHERS)


async def test_an_amendment_waits_too_and_what_was_decided_holds_until_then(house: House) -> None:
    morgan, riley = await takes_two(house), house.person(RILEY)
    await decides(morgan)
    await opens(riley)
    await riley.presses(riley.modal, "Confirm")
    await passes(house, 20)
    await riley.closes()
    await opens(riley)
    why = "The team lost this headcount, so nobody is hired for it."
    await decides(riley, "Amend", Decision="hold", Kind_of_reason="opening_closed", Reason=why)
    text = shown(riley.modal)
    assert text.index("To confirm: on hold") < text.index("Decision: offer")
    assert "Amend" not in labels(riley.modal)
    assert await stage(house) == "offer"
    await morgan.closes()
    await opens(morgan)
    await morgan.presses(morgan.modal, "Confirm")
    assert shown(morgan.modal).index("Decision: on hold") < shown(morgan.modal).index("Before that")
    assert await stage(house) == "deciding"


async def test_while_one_waits_nobody_decides_anything_else(house: House) -> None:
    morgan, riley = await takes_two(house), house.person(RILEY)
    await opens(riley)
    await riley.presses(riley.modal, "Decide")
    await decides(morgan)
    await fills(riley, OFFER)
    assert "Someone decided meanwhile" in shown(riley.modal)


async def test_a_job_with_one_decider_says_what_to_do(house: House) -> None:
    morgan = await takes_two(house)
    async with house.northwind.application.database.write() as tx:
        await tx.connection.execute(update(openings).values(deciders=None))
    await morgan.presses(morgan.modal, "Decide")
    assert ADD_DECIDER in shown(morgan.modal)
    assert (await fills(morgan, OFFER)).ok
    assert ADD_DECIDER in shown(morgan.modal)
    assert asked(house, RILEY) == []


@pytest.mark.parametrize(
    ("who", "refused"), [(MORGAN, OWN_DECISION), (ALEX, NOT_YOURS[Act.DECIDE])]
)
async def test_whoever_made_it_or_decides_nothing_confirms_nothing(
    house: House, who: str, refused: str
) -> None:
    await decides(await takes_two(house))
    application = house.northwind.application
    database, clock = application.database, house.northwind.clock
    async with database.read() as tx:
        row = (await tx.connection.execute(select(decisions))).one()
        panel = await tx.panels.get(row.workspace, row.panel)
        cards = await tx.scorecards.of_panel(row.workspace, row.panel)
    assert panel is not None
    rights = rights_of(people_of(row.workspace, MORGAN, ALEX), database, clock)
    deciding = Deciding(database, rights, Contents(), (), clock, lambda: None)
    with pytest.raises(UserError) as told:
        await deciding.confirm(row.workspace, who, row.panel, row.number, seen_of(cards))
    assert told.value.text == refused
    assert await stage(house) == "interviewing"

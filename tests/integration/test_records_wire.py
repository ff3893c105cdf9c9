"""An admin erases a candidate in Slack, and says for how long candidates are kept."""

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.records.retention import NOTICE
from bot.playground.state.models import View
from bot.services.records import erasing
from bot.storage.panels.rows import interviews
from handlers.ids import RETENTION_DAYS
from tests.integration.test_debriefs import all_in, house
from tests.integration.test_scorecards import House
from tests.support.northwind import ALEX, ANA, RILEY, Person, shown
from tests.support.records import remains
from tests.support.waiting import until

__all__ = ["house"]

NAME = "Robin Doe"


def labels(view: View) -> list[str]:
    found = [element for block in view.blocks for element in block.get("elements", ())]
    return [one["text"]["text"] for one in found if one["type"] == "button"]


async def opens_candidate(person: Person) -> View:
    await person.types(f"/hiring {NAME}")
    return person.modal


def said_of_robin(house: House) -> list[str]:
    """What Slack still has that everybody in a conversation can read, and everybody's Home."""
    workspace = house.northwind.scene.workspace
    said = [
        json.dumps([message.text, message.blocks])
        for channel in workspace.channels
        for messages in [workspace.messages(channel, "nobody")]
        for message in messages
    ]
    homes = [workspace.home(user) for user in workspace.users]
    said += [json.dumps(home.blocks) for home in homes if home is not None]
    return [one for one in said if "Robin" in one]


async def puts_a_file(house: House) -> None:
    """As *Add to calendar* does; where the interview is could name anybody."""
    application, workspace = house.northwind.application, house.northwind.scene.workspace
    team, channel = workspace.team.id, workspace.direct_message(ALEX).id
    file = await application.slack.of(team).upload(channel, "interview.ics", "Robin's room")
    async with application.database.write() as tx:
        interview = (await tx.connection.execute(select(interviews.c.id))).scalars().first()
        await tx.erasures.add_file(team, file, str(interview), channel, house.northwind.clock.now())


async def test_an_admin_erases_a_candidate_by_typing_their_name(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(erasing, "PACE", 0.0)
    await all_in(house)
    await puts_a_file(house)
    assert said_of_robin(house)

    ana = house.person(ANA)
    await ana.presses(await opens_candidate(ana), "Erase")
    form = shown(ana.modal)
    assert form.startswith("Robin Doe")
    assert "This deletes 1 application, 5 interviews, 5 scorecards" in form
    assert "Backups made before this still hold them." in form
    refused = await ana.submits(**{"Type the candidate's name to erase them": "Robin"})
    assert "isn't the candidate's name" in str(refused.errors)

    with caplog.at_level(logging.DEBUG, "bot"):
        done = await ana.submits(**{"Type the candidate's name to erase them": " robin  doe "})
        assert done.ok, done.errors
        assert "Being erased: " in shown(ana.modal)

        async def is_done() -> bool:
            await house.northwind.settles()
            async with house.northwind.application.database.read() as tx:
                return not await tx.erasures.states()

        await until(is_done, 60)
        await house.northwind.scene.until(lambda: not said_of_robin(house), 20)
    assert "Robin" not in caplog.text
    assert "Robin" not in await remains(house.northwind.application.database)
    assert not house.northwind.scene.playground._files._files


async def test_nobody_but_an_admin_is_offered_it(house: House) -> None:
    riley = house.person(RILEY)
    assert "Erase" not in labels(await opens_candidate(riley))


async def test_admins_see_for_two_weeks_who_would_be_erased(house: House) -> None:
    application, clock = house.northwind.application, house.northwind.clock
    ana = house.person(ANA)
    scene = house.northwind.scene
    clock.moves(seconds=timedelta(days=380).total_seconds())
    async with application.database.write() as tx:
        known = await tx.retention.get(scene.workspace.team.id, lock=True)
        await tx.retention.put(replace(known, announced_at=clock.now()))
    application.retaining._next_look = None
    await application.retaining.tick()
    begins = clock.now() + NOTICE
    await scene.delivery.open_home(ANA)
    await house.northwind.settles()
    home = scene.workspace.home(ANA)
    assert home is not None
    assert f"{begins:%b} {begins.day}, {begins.year} on, I erase candidates 365 days" in shown(home)
    assert "1 candidate is old enough by now" in shown(home)
    await ana.presses(home, "Workspace settings")
    assert "Keep candidates for" in shown(ana.modal)
    named = RETENTION_DAYS.block
    block = next(one for one in ana.modal.blocks if str(one.get("block_id")).startswith(named))
    action = block["accessory"]["action_id"]
    await scene.delivery.press(ANA, ana.modal, block["block_id"], action, "always")
    await house.northwind.settles()
    async with application.database.read() as tx:
        found = await tx.retention.get(scene.workspace.team.id)
    assert not found.policy.is_on
    home = scene.workspace.home(ANA)
    assert home is not None
    assert "I erase candidates" not in shown(home)

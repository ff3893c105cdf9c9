"""A guest and somebody of another company, as they meet Panelist in Slack."""

from dataclasses import replace

import pytest

from bot.domain.rights import Act
from bot.playground.state.models import Message
from bot.services.rights import FOR_MEMBERS, NOT_YOURS
from tests.support.northwind import (
    ALEX,
    ANA,
    GUS,
    RILEY,
    SHARED,
    SKY,
    Northwind,
    Person,
    mentioned,
    shown,
)
from tests.support.playground import HIRING


async def posted(house: Northwind, channel: str) -> Message:
    riley = house.person(RILEY)
    await riley.types("/jd backend-developer", channel)
    return riley.newest(channel)


def whispered(person: Person, channel: str) -> list[str]:
    return [shown(message) for message in person.said(channel) if message.ephemeral_to]


async def home(house: Northwind, user: str) -> str:
    """What somebody sees at Panelist's home once they have opened it."""
    await house.scene.delivery.open_home(user)
    await house.scene.until(lambda: house.scene.workspace.home(user))
    return shown_home(house, user)


def shown_home(house: Northwind, user: str) -> str:
    view = house.scene.workspace.home(user)
    assert view is not None
    return shown(view)


@pytest.mark.parametrize(("user", "channel"), [(GUS, HIRING), (SKY, SHARED)])
async def test_a_posting_is_read_by_everybody_and_its_buttons_are_for_members(
    house: Northwind, user: str, channel: str
) -> None:
    posting = await posted(house, channel)
    outsider = house.person(user)
    assert "What you'll do" in shown(outsider.newest(channel))
    for number, label in enumerate(("Interview questions", "Hiring guide")):
        await outsider.presses(posting, label)
        assert whispered(outsider, channel)[number:] == [FOR_MEMBERS]
    block = posting.blocks[-1]
    menu = next(element for element in block["elements"] if element["type"] == "overflow")
    for number, option in enumerate(menu["options"], 2):
        await house.scene.delivery.press(
            user, posting, block["block_id"], menu["action_id"], option["value"]
        )
        await house.settles()
        assert whispered(outsider, channel)[number:] == [FOR_MEMBERS]
    assert posting in outsider.said(channel), "it is still there"


async def test_a_guest_posts_nothing(house: Northwind) -> None:
    gus = house.person(GUS)
    for line in (
        "/jd backend-developer",
        "/jd preview backend-developer",
        "/jd",
        "/questions set x",
    ):
        assert await gus.types(line) == FOR_MEMBERS
    assert all(message.ephemeral_to == GUS for message in gus.said())
    assert not gus.modals


async def test_somebody_of_another_company_has_no_commands_here(house: Northwind) -> None:
    result = await house.scene.delivery.command(SKY, SHARED, "/jd backend-developer")
    assert (result.ok, result.error) == (False, "/jd is not a valid command.")


async def test_an_outsiders_home_says_whom_it_is_for_and_leaves_no_row(house: Northwind) -> None:
    assert await home(house, GUS) == FOR_MEMBERS
    async with house.application.database.read() as tx:
        assert await tx.reminders.get("T0PANELIST", GUS) is None


async def test_the_home_of_a_member_who_becomes_a_guest_is_taken_from_them(
    house: Northwind,
) -> None:
    """It is open on their screen, with all that was theirs, when something of theirs changes."""
    users = house.scene.workspace.users
    assert FOR_MEMBERS not in await home(house, ALEX)
    users[ALEX] = replace(users[ALEX], is_restricted=True)
    house.clock.moves(minutes=6)
    async with house.application.database.write() as tx:
        await tx.homes.changed("T0PANELIST", [ALEX], house.clock.now())
    await house.application.tick()
    assert shown_home(house, ALEX) == FOR_MEMBERS


async def test_whoever_becomes_a_guest_is_one_within_minutes(house: Northwind) -> None:
    users, alex = house.scene.workspace.users, house.person(ALEX)
    assert "Backend Developer" in await alex.types("/jd backend-developer")
    users[ALEX] = replace(users[ALEX], is_restricted=True)
    house.clock.moves(minutes=6)
    assert await alex.types("/jd backend-developer") == FOR_MEMBERS


async def test_only_who_posted_it_and_an_admin_remove_a_posting(house: Northwind) -> None:
    for remover in (RILEY, ANA):
        posting = await posted(house, HIRING)
        alex, one = house.person(ALEX), house.person(remover)
        await alex.chooses(posting, "Remove")
        assert not alex.modals
        assert whispered(alex, HIRING)[-1] == NOT_YOURS[Act.REMOVE_POSTING]
        await one.chooses(posting, "Remove")
        assert posting in alex.said(), "it is asked first"
        assert (await one.submits()).ok
        assert posting not in alex.said()
        (line,) = [message for message in alex.said() if message.ts == posting.ts]
        assert "removed" in shown(line)
        assert mentioned(line) == [remover]

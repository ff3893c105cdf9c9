"""Each team's opening is its own: chosen in `/panel`, or made there from a role."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.openings.opening import OpeningStatus
from tests.integration.test_candidates import count
from tests.integration.test_cli import panelist as command
from tests.integration.test_panels import at
from tests.support import setup_form
from tests.support.northwind import (
    ALEX,
    ANA,
    MORGAN,
    PRIYA,
    RILEY,
    SAM,
    Northwind,
    Person,
    field_of,
    shown,
)
from tests.support.panels import MONDAY
from tests.support.setup_form import adds, submits


async def chooses(person: Person, what: str) -> None:
    """Opens the form and chooses an opening or role by what the menu says."""
    await person.types("/panel")
    await person.fills("Opening or role", dict(offered(person))[what])


def offered(person: Person, *, own: bool = False) -> list[tuple[str, str]]:
    """What the menu offers; only the person's own openings, where told so."""
    _, element = field_of(person.modal, "Opening or role")
    return [
        (option["text"]["text"], option["value"])
        for group in element["option_groups"]
        for option in group["options"]
        if not own or group["label"]["text"] == "Your openings"
    ]


async def sets_up(
    person: Person, name: str, what: str = "Backend Developer", **more: object
) -> None:
    await person.types("/panel")
    choice = dict(offered(person))[what]
    await person.closes()
    if what == "Backend Developer":
        more = {"hiring_manager": MORGAN} | more
    done = await setup_form.sets_up(person, name, [(ALEX, ["debugging"], 0)], choice, **more)
    assert done.ok
    assert person.modal.payload["title"]["text"] == "Panel set up", shown(person.modal)
    await person.closes()


async def openings(house: Northwind) -> list[dict[str, object]]:
    async with house.application.database.read() as tx:
        found = await tx.connection.execute(text("SELECT * FROM openings ORDER BY created_at"))
        return [dict(row) for row in found.mappings()]


async def becomes(house: Northwind, status: OpeningStatus) -> None:
    async with house.application.database.write() as tx:
        await tx.connection.execute(
            text("UPDATE openings SET status = :status"), {"status": status}
        )


async def test_a_role_makes_a_draft_opening_of_whoever_sets_the_panel_up(
    house: Northwind, riley: Person
) -> None:
    await riley.types("/panel")
    assert offered(riley, own=True) == []
    await riley.closes()
    await sets_up(riley, "Robin Doe", level="mid", team="  Payments ")
    (made,) = await openings(house)
    told = ("role", "title", "level", "team", "status", "author", "hiring_manager", "recruiter")
    assert [made[name] for name in told] == [
        "backend-developer",
        "Backend Developer",
        "mid",
        "Payments",
        "draft",
        RILEY,
        MORGAN,
        RILEY,
    ]


async def test_the_opening_is_offered_next_time_with_its_people(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, "Robin Doe", level="mid", team="Payments")
    await chooses(riley, "Backend Developer, mid · Payments")
    form = riley.modal
    assert "For your opening Backend Developer, mid · Payments (draft)." in shown(form)
    assert field_of(form, "Hiring manager")[1]["initial_user"] == MORGAN
    for label in ("Level", "Team"):
        with pytest.raises(LookupError):
            field_of(form, label)
    await riley.closes()
    await sets_up(riley, "Kim Second", "Backend Developer, mid · Payments")
    assert await count(house, "openings") == 1
    assert await count(house, "applications") == 2


async def test_whoever_has_a_part_is_offered_the_opening_and_nobody_else(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, "Robin Doe")
    for user, sees in ((RILEY, 1), (MORGAN, 1), (ALEX, 0), (SAM, 0), (ANA, 0)):
        person = house.person(user)
        await person.types("/panel")
        assert len(offered(person, own=True)) == sees, user
        await person.closes()


async def test_who_is_given_a_panel_of_it_has_a_part_too(house: Northwind, riley: Person) -> None:
    await sets_up(riley, "Robin Doe")
    await riley.types("/panel robin doe")
    await riley.presses(riley.newest(), "Edit details")
    assert (await riley.submits(recruiter=PRIYA)).ok
    priya = house.person(PRIYA)
    await priya.types("/panel")
    assert [label for label, _ in offered(priya, own=True)] == ["Backend Developer"]


async def test_two_teams_that_hire_for_one_role_have_two_openings(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, "Robin Doe", level="mid")
    priya = house.person(PRIYA)
    await sets_up(priya, "Kim Second", level="mid")
    assert [one["author"] for one in await openings(house)] == [RILEY, PRIYA]


@pytest.mark.parametrize(
    ("again", "number"),
    [
        ({"level": "mid"}, 1),
        ({"level": "mid", "team": "Payments"}, 2),
        ({"level": "mid", "hiring_manager": PRIYA}, 2),
        ({"level": "senior"}, 2),
        ({}, 2),
    ],
)
async def test_the_same_role_chosen_again_is_the_same_opening_where_nothing_tells_them_apart(
    house: Northwind, riley: Person, again: dict[str, str], number: int
) -> None:
    await sets_up(riley, "Robin Doe", level="mid")
    await sets_up(riley, "Kim Second", **again)
    assert await count(house, "openings") == number


async def test_a_copied_panel_is_for_the_same_opening(house: Northwind, riley: Person) -> None:
    await sets_up(riley, "Robin Doe", level="mid", team="Payments")
    await riley.types("/panel")
    await riley.chooses(riley.modal, "Robin Doe · Backend Developer, mid")
    assert "For your opening Backend Developer, mid · Payments" in shown(riley.modal)
    await riley.fills("First interview", int(MONDAY.timestamp()))
    assert (await riley.submits(candidate="Kim Second")).ok
    assert await count(house, "openings") == 1


async def test_an_opening_that_is_over_is_offered_no_more_and_a_copy_makes_another(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, "Robin Doe", level="mid")
    await becomes(house, OpeningStatus.FILLED)
    await riley.types("/panel")
    assert offered(riley, own=True) == []
    await riley.chooses(riley.modal, "Robin Doe · Backend Developer, mid")
    await riley.fills("First interview", int(MONDAY.timestamp()))
    assert (await riley.submits(candidate="Kim Second")).ok
    assert [one["status"] for one in await openings(house)] == ["filled", "draft"]


async def test_an_opening_that_ends_while_the_form_is_open_is_refused_where_it_was_chosen(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, "Robin Doe")
    await chooses(riley, "Backend Developer")
    ((_, own),) = offered(riley, own=True)
    await riley.fills("Opening or role", own)
    await adds(riley, ALEX, ["debugging"], at(0))
    await becomes(house, OpeningStatus.CLOSED)
    result = await riley.submits(candidate="Kim Second")
    assert "can't have panels anymore" in next(iter(result.errors.values()))
    assert await count(house, "panels") == 1


async def test_a_forged_choice_tells_nobody_of_another_teams_opening(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, "Robin Doe")
    (own,) = await openings(house)
    sam = house.person(SAM)
    await sam.types("/panel")
    _, element = field_of(sam.modal, "Opening or role")
    element["option_groups"][0]["options"][0]["value"] = own["id"]
    await sam.fills("Opening or role", own["id"])
    assert "no longer in the library" in shown(sam.modal)


async def test_a_team_name_too_long_is_refused_where_it_was_typed(riley: Person) -> None:
    await chooses(riley, "Backend Developer")
    await adds(riley, ALEX, ["debugging"], at(0))
    result = await submits(riley, candidate="Kim", hiring_manager=MORGAN, team="x" * 3000)
    assert "60" in next(iter(result.errors.values()))


async def test_openings_are_listed_for_people_and_for_programs(
    house: Northwind, riley: Person, sqlite_database: str, tmp_path: Path
) -> None:
    def run(*words: str) -> str:
        return command(*words, cwd=tmp_path, DATABASE_URL=sqlite_database).stdout

    assert await asyncio.to_thread(run, "openings") == "There are no openings yet.\n"
    await sets_up(riley, "Robin Doe", level="mid", team="Payments")
    (own,) = await openings(house)
    listed = await asyncio.to_thread(run, "openings")
    name = "Backend Developer, mid · Payments"
    assert listed == f"{own['id']}  draft   {name}  (backend-developer)\n"
    assert json.loads(await asyncio.to_thread(run, "openings", "--json")) == [
        {
            "id": own["id"],
            "slug": own["id"],
            "title": "Backend Developer",
            "role": "backend-developer",
            "status": "draft",
            "level": "mid",
            "team": "Payments",
            "places": [],
            "work_mode": None,
            "employment_type": None,
            "pay": None,
            "closes_on": None,
            "url": None,
        }
    ]

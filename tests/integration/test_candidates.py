"""One person is one candidate: offered, chosen, told as a possible duplicate, merged."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.playground.state.models import Json, Message, Result
from bot.services.candidates import merge_candidates
from tests.integration.test_cli import Done
from tests.integration.test_cli import panelist as command
from tests.integration.test_panels import at, kit
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
    asked,
    shown,
)
from tests.support.setup_form import adds

IS_IT = "Robin Doe, in for Backend Developer, mid since November: the same person?"
CHOICES = "Same person / Someone else"


async def sets_up(
    person: Person,
    name: str = "Robin Doe",
    role: str = "backend-developer",
    who: str = ALEX,
    start: int = 0,
    **more: object,
) -> Result:
    """Fills the form in and submits it; what it asks then is still to be answered."""
    focus = {"backend-developer": "debugging"}.get(role, "collaboration")
    values = {"hiring_manager": MORGAN} | more
    if role == "backend-developer":
        values = {"level": "mid"} | values
    return await setup_form.sets_up(person, name, [(who, [focus], start)], role, **values)


async def count(house: Northwind, table: str) -> int:
    async with house.application.database.read() as tx:
        return int(
            (await tx.connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
        )


async def said(run: Callable[..., Done], *words: str) -> str:
    """What a command prints that does what it is told."""
    done = await asyncio.to_thread(run, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def ids(house: Northwind) -> Sequence[str]:
    """The candidates' ids, in the order in which they came."""
    async with house.application.database.read() as tx:
        query = text("SELECT id FROM candidates ORDER BY created_at, id")
        return (await tx.connection.execute(query)).scalars().all()


# In the form


async def test_a_second_panel_for_the_same_person_is_a_second_round(
    house: Northwind, riley: Person
) -> None:
    assert (await sets_up(riley)).ok
    await riley.closes()
    assert (await sets_up(riley, who=SAM, start=60 * 24)).ok
    assert riley.modal.payload["title"]["text"] == "Interview panel", "nothing is set up yet"
    assert asked(riley.modal) == f"{IS_IT} {CHOICES}"
    assert (await riley.answers("Same person")).ok
    assert riley.modal.payload["title"]["text"] == "Panel set up"
    assert [await count(house, t) for t in ("panels", "candidates", "applications")] == [2, 1, 1]
    assert await count(house, "openings") == 1


async def test_nothing_is_asked_again_once_it_is_answered(house: Northwind, riley: Person) -> None:
    await sets_up(riley)
    await riley.closes()
    await sets_up(riley, who=SAM)
    await riley.answers("Someone else")
    assert riley.modal.payload["title"]["text"] == "Panel set up"
    assert [await count(house, t) for t in ("panels", "candidates", "applications")] == [2, 2, 2]


async def test_the_form_asks_as_soon_as_it_can_and_goes_on_asking(riley: Person) -> None:
    await sets_up(riley)
    await riley.closes()
    await riley.types("/panel")
    await riley.fills("Opening or role", "backend-developer", candidate="robin  DOE")
    assert asked(riley.modal) == f"{IS_IT} {CHOICES}"
    await adds(riley, SAM, ["debugging"], at(0))
    assert asked(riley.modal) == f"{IS_IT} {CHOICES}"


async def test_the_same_address_is_asked_about_under_another_name(riley: Person) -> None:
    await sets_up(riley, **{"candidate's_email": "robin@example.com"})
    await riley.closes()
    await sets_up(riley, "R. Doe-Smith", who=SAM, **{"candidate's_email": "Robin@Example.com"})
    assert asked(riley.modal) == f"{IS_IT} {CHOICES}"
    assert (await riley.answers("Same person")).ok
    assert "Robin Doe" in shown(riley.modal)
    assert "Smith" not in shown(riley.modal)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [("Łukasz Żak", "Lukasz  Zak", True), ("カン", "ガン", False), ("राम", "रीमा", False)],
)
async def test_a_second_one_is_noticed_where_the_names_are_one_in_their_script(
    riley: Person, first: str, second: str, same: bool
) -> None:
    await sets_up(riley, first)
    await riley.closes()
    await sets_up(riley, second, who=SAM)
    is_set_up = riley.modal.payload["title"]["text"] == "Panel set up"
    assert is_set_up is not same


async def test_a_choice_is_checked_again_when_the_form_is_submitted(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley)
    await riley.closes()
    await sets_up(riley, who=SAM)
    assert (await riley.answers("Same person", candidate="Kim Second")).ok
    assert "doesn't have this name or email address" in shown(riley.modal)
    assert asked(riley.modal) is None
    assert await count(house, "panels") == 1
    assert (await riley.submits()).ok
    assert "Kim Second" in shown(riley.modal)


async def test_a_forged_choice_gives_nobody_a_candidate_they_may_not_see(
    house: Northwind, riley: Person
) -> None:
    priya = house.person(PRIYA)
    await sets_up(priya, "Robin Doe")
    await priya.closes()
    await sets_up(riley, "Robin Roe")
    await riley.closes()
    await sets_up(riley, "Robin Roe", who=SAM)
    (robin, _) = await ids(house)
    block = next(b for b in riley.modal.blocks if b["block_id"].startswith("panel.same#"))
    forged = next(o for o in block["element"]["options"] if o["text"]["text"] == "Same person")
    forged["value"] = robin
    assert (await riley.answers("Same person", candidate="Robin Doe")).ok
    assert await count(house, "panels") == 2, "the form comes back instead"
    assert asked(riley.modal) is None
    assert PRIYA not in str(riley.modal.payload)


async def test_whoever_has_no_part_is_never_asked(house: Northwind, riley: Person) -> None:
    await sets_up(riley)
    sam = house.person(SAM)
    assert (await sets_up(sam, "Robin Doe", "frontend-engineer", who=PRIYA)).ok
    assert sam.modal.payload["title"]["text"] == "Panel set up"
    await sam.closes()
    assert "duplicate" not in (await sam.types("/panel robin doe"))
    assert "duplicate" not in (await riley.types("/panel robin doe"))


async def test_an_interviewer_and_an_admin_are_asked(house: Northwind, riley: Person) -> None:
    await sets_up(riley)
    for person in (house.person(ALEX), house.person(ANA)):
        await sets_up(person, "Robin Doe", "frontend-engineer", who=PRIYA)
        assert asked(person.modal) == f"{IS_IT} {CHOICES}"


async def test_several_of_one_name_are_told_apart(riley: Person) -> None:
    await sets_up(riley)
    await riley.closes()
    await sets_up(riley, role="frontend-engineer", who=SAM)
    await riley.answers("Someone else")
    await riley.closes()
    await sets_up(riley, role="backend-developer", who=PRIYA)
    assert asked(riley.modal) == "Is it one of these people? Robin Doe / Robin Doe / Someone else"
    told = str(riley.modal.payload)
    assert "In for Frontend Engineer since November" in told
    assert "In for Backend Developer, mid since November" in told


# One candidate in several panels


async def test_a_corrected_name_is_corrected_in_every_panel(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, "Robin Do")
    await riley.closes()
    await sets_up(riley, "Robin Do", "frontend-engineer", who=SAM)
    await riley.answers("Same person")
    await riley.closes()
    await riley.types("/panel robin do")
    await riley.opens_panel()
    await riley.presses(riley.newest(), "Edit details")
    assert (await riley.submits(candidate="Robin Doe")).ok
    for who in (ALEX, SAM):
        assert "Interview with Robin Doe" in shown(kit(house.person(who)))
    assert "There are 2 panels for “Robin Doe”" in await riley.types("/panel Robin Doe")


async def test_a_correction_made_meanwhile_in_another_panel_is_not_undone(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, "Robin Do")
    await riley.closes()
    await sets_up(riley, "Robin Do", "frontend-engineer", who=SAM)
    await riley.answers("Same person")
    await riley.closes()
    morgan = house.person(MORGAN)
    await morgan.types("/panel robin do")
    await morgan.opens_panel(0)
    await morgan.presses(morgan.newest(), "Edit details")
    await riley.types("/panel robin do")
    await riley.opens_panel(1)
    await riley.presses(riley.newest(), "Edit details")
    assert (await riley.submits(candidate="Robin Doe")).ok
    assert (await morgan.submits(recruiter=PRIYA)).ok
    assert "just changed this panel" in shown(morgan.modal)
    assert (await morgan.submits()).ok
    assert "Interview with Robin Doe" in shown(kit(house.person(ALEX)))
    assert "Interview with Robin Doe" in shown(kit(house.person(SAM)))


# Possible duplicates


async def two_robins(house: Northwind) -> None:
    """Riley and Priya each set a panel up for a Robin Doe; Morgan hires for both."""
    for user, role, who in ((RILEY, "backend-developer", ALEX), (PRIYA, "frontend-engineer", SAM)):
        person = house.person(user)
        assert (await sets_up(person, "Robin Doe", role, who)).ok
        assert person.modal.payload["title"]["text"] == "Panel set up"
        await person.closes()
        house.clock.moves(minutes=1)


async def opens(person: Person, number: int) -> str:
    """Opens one of the panels of this name; gives what it shows."""
    await person.types("/panel robin doe")
    await person.opens_panel(number)
    return shown(person.newest())


def button_of(message: Message, label: str) -> Json:
    """The button of this label."""
    elements = (one for block in message.blocks for one in block.get("elements", ()))
    return next(one for one in elements if one.get("text", {}).get("text") == label)


async def forges(house: Northwind, person: Person, button: Json) -> None:
    """Presses somebody else's button in the newest message that the person sees."""
    block = next(b for b in person.newest().blocks if b["type"] == "actions")
    block["elements"][0] |= {"action_id": button["action_id"], "value": button["value"]}
    await house.scene.delivery.press(
        person.user, person.newest(), block["block_id"], button["action_id"]
    )
    await house.settles()


async def test_only_organizers_of_both_and_admins_hear_of_a_possible_duplicate(
    house: Northwind,
) -> None:
    await two_robins(house)
    for user in (RILEY, PRIYA, ALEX, SAM):
        assert "duplicate" not in await house.person(user).types("/panel robin doe")
    told = "Possible duplicate: Robin Doe, in for Frontend Engineer since November"
    for user in (MORGAN, ANA):
        person = house.person(user)
        assert any([told in await opens(person, number) for number in (0, 1)])
    assert "Merge" in shown(house.person(ANA).newest())
    assert "Merge" not in shown(house.person(MORGAN).newest())


async def test_whoever_organizes_both_says_that_they_are_two_people_and_nobody_is_asked_again(
    house: Northwind, sqlite_database: str, tmp_path: Path
) -> None:
    await two_robins(house)
    morgan, ana = house.person(MORGAN), house.person(ANA)
    assert "Possible duplicate" in await opens(morgan, 0)
    stale = morgan.newest()
    await morgan.presses(stale, "Not the same person")
    assert "duplicate" not in shown(morgan.newest())
    for person in (morgan, ana):
        for number in (0, 1):
            assert "duplicate" not in await opens(person, number)
    await morgan.presses(stale, "Not the same person")
    async with house.application.database.read() as tx:
        audited = text("SELECT actor FROM audit WHERE action = 'candidate.told_apart'")
        assert (await tx.connection.execute(audited)).scalars().all() == [MORGAN]
    listed = await said(partial(command, cwd=tmp_path, DATABASE_URL=sqlite_database), "candidates")
    assert "Robin Doe" in listed
    assert "duplicate" not in listed


async def test_two_people_stay_two_once_one_of_them_is_merged_with_a_third(
    house: Northwind, sqlite_database: str, tmp_path: Path
) -> None:
    await two_robins(house)
    ana, now = house.person(ANA), house.clock.now()
    await opens(ana, 0)
    await ana.presses(ana.newest(), "Not the same person")
    async with house.application.database.write() as tx:
        [(workspace, one), *_] = await tx.candidates.everywhere()
        for third in ("third", "fourth"):
            await tx.candidates.add(workspace, replace(one, id=third), now)
        await merge_candidates(tx, workspace, one.id, "third", ANA, now)
        await merge_candidates(tx, workspace, "third", "fourth", ANA, now)
    for number in (0, 1):
        assert "duplicate" not in await opens(ana, number)
    listed = await said(partial(command, cwd=tmp_path, DATABASE_URL=sqlite_database), "candidates")
    assert "Robin Doe" in listed
    assert "duplicate" not in listed


async def test_whoever_organizes_one_of_two_panels_only_cannot_tell_their_candidates_apart(
    house: Northwind,
) -> None:
    await two_robins(house)
    ana, riley = house.person(ANA), house.person(RILEY)
    await opens(ana, 0)
    if "\nFrontend Engineer" in shown(ana.newest()):
        await opens(ana, 1)
    await riley.types("/panel robin doe")
    await forges(house, riley, button_of(ana.newest(), "Not the same person"))
    assert "Possible duplicate" in await opens(ana, 0)
    assert await count(house, "told_apart") == 0


async def test_an_admin_merges_and_undoes_and_everything_shows_it(house: Northwind) -> None:
    await two_robins(house)
    riley, ana = house.person(RILEY), house.person(ANA)
    await riley.types("/panel robin doe")
    await riley.presses(riley.newest(), "Edit details")
    assert (await riley.submits(candidate="Robin Döe")).ok, "the same name, put right"
    await riley.closes()
    if "\nFrontend Engineer" in await opens(ana, 0):
        await opens(ana, 1)
    await ana.presses(ana.newest(), "Merge")
    assert "Merged with another candidate: Robin Doe." in shown(ana.newest())
    assert "duplicate" not in shown(ana.newest())
    assert "Interview with Robin Döe" in shown(kit(house.person(SAM)))
    priya = house.person(PRIYA)
    assert "Robin Döe" in await priya.types("/panel robin doe")
    assert "no longer" not in shown(priya.newest())

    await ana.presses(ana.newest(), "Undo")
    assert "Possible duplicate: Robin Doe" in shown(ana.newest())
    assert "Interview with Robin Doe" in shown(kit(house.person(SAM)))
    assert "Interview with Robin Döe" in shown(kit(house.person(ALEX)))


async def test_a_merge_lets_nobody_see_another_panel(house: Northwind) -> None:
    await two_robins(house)
    ana = house.person(ANA)
    await opens(ana, 0)
    await ana.presses(ana.newest(), "Merge")
    for user, theirs, others in (
        (RILEY, "Backend Developer", "Frontend Engineer"),
        (ALEX, "Backend Developer", "Frontend Engineer"),
        (PRIYA, "Frontend Engineer", "Backend Developer"),
        (SAM, "Frontend Engineer", "Backend Developer"),
    ):
        seen = await house.person(user).types("/panel robin doe")
        assert theirs in seen
        assert others not in seen
        listed = await house.person(user).types("/panel list")
        assert others not in listed


async def test_a_hiring_manager_cannot_merge_whatever_button_is_pressed(house: Northwind) -> None:
    await two_robins(house)
    ana, morgan = house.person(ANA), house.person(MORGAN)
    await opens(ana, 0)
    merge = button_of(ana.newest(), "Merge")
    await opens(morgan, 0)
    await forges(house, morgan, merge)
    assert "Only their recruiter or an admin can merge candidates." in shown(morgan.newest())
    assert await count(house, "merges") == 0


async def test_a_recruiter_merges_candidates_of_their_own(house: Northwind) -> None:
    riley, priya = house.person(RILEY), house.person(PRIYA)
    assert (await sets_up(riley, "Robin Doe", who=ALEX)).ok
    await riley.closes()
    assert (await sets_up(priya, "Robin Doe", "frontend-engineer", SAM, recruiter=RILEY)).ok
    await opens(riley, 0)
    await riley.presses(riley.newest(), "Merge")
    assert "Merged with another candidate: Robin Doe." in shown(riley.newest())
    await riley.presses(riley.newest(), "Undo")
    assert "Possible duplicate: Robin Doe" in shown(riley.newest())
    assert await count(house, "merges") == 0


async def test_a_recruiter_cannot_merge_with_a_candidate_of_someone_elses(
    house: Northwind,
) -> None:
    await two_robins(house)
    riley, ana = house.person(RILEY), house.person(ANA)
    if "\nBackend Developer" not in await opens(ana, 0):
        await opens(ana, 1)
    merge = button_of(ana.newest(), "Merge")
    await riley.types("/panel robin doe")
    await forges(house, riley, merge)
    assert "Ask an admin to do it." in shown(riley.newest())
    assert await count(house, "merges") == 0


# On the command line


async def test_the_command_line_lists_finds_merges_and_undoes(
    house: Northwind, sqlite_database: str, tmp_path: Path
) -> None:
    await two_robins(house)
    kim = house.person(RILEY)
    await sets_up(kim, "Kim Second", who=SAM, **{"candidate's_email": "kim@example.com"})
    first, second, third = await ids(house)
    run = lambda *words: command(*words, cwd=tmp_path, DATABASE_URL=sqlite_database)  # noqa: E731

    listed = await said(run, "candidates")
    assert f"{first}  Robin Doe: Backend Developer, mid (interviewing)" in listed
    assert f"possible duplicate: {second}" in listed
    assert (await said(run, "candidates", "--find", "KIM@example")).startswith(third)
    assert await said(run, "candidates", "--find", "nobody") == "No candidate matches that.\n"

    merged = await said(run, "merge", second, first)
    assert f"panelist merge --undo {second}" in merged
    await house.settles()
    listed = await said(run, "candidates", "--find", "robin")
    assert "Frontend Engineer" in listed
    assert second not in listed
    again = await said(run, "merge", "--undo", second)
    assert "two candidates again" in again
    assert "possible duplicate" in await said(run, "candidates")
    async with house.application.database.read() as tx:
        query = text("SELECT action FROM audit WHERE subject = :id ORDER BY at, id")
        done = await tx.connection.execute(query, {"id": second})
    assert sorted(done.scalars()) == ["candidate.merged", "candidate.unmerged"]

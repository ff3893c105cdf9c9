"""Debriefs over the wire: a panel of five with a split and a gap is read, and leanings open."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.playground.state.models import Json, Message, View
from bot.services.debriefs.debrief import NOT_FOR_YOU
from bot.storage.audit import audit
from bot.storage.openings import openings
from handlers.views.debriefs.debrief import CHANGED, LEAN_FIRST, OWN_FIRST
from tests.integration.test_scorecards import (
    AFTER,
    FOCUS,
    PROBE,
    QUESTION,
    REASON,
    House,
    everything,
    gives,
    kits,
    sets_up,
    submits,
)
from tests.integration.test_scorecards import opens as opens_scorecard
from tests.support.northwind import (
    ALEX,
    ANA,
    GUS,
    MORGAN,
    PRIYA,
    RILEY,
    SAM,
    Person,
    key_of,
    northwind,
)
from tests.support.northwind import shown as northwind_shown
from tests.support.scorecards import MARKERS

GAP, SPLIT = "Collaboration", "Debugging"
SAID = {
    ALEX: {},
    SAM: {QUESTION: "no"},
    PRIYA: {SPLIT: "outstanding", "Evidence: Debugging": "Bisected it in two steps."},
    ANA: {},
    MORGAN: {SPLIT: "borderline", "Evidence: Debugging": "Guessed until it was told."},
}
"""What each says that differs from the others."""

WORDS = (*MARKERS, "Bisected", "Guessed", "Outstanding", "Borderline", "Strong", "Split on")
"""What only feedback says."""

SENTENCE = "Why,_in_one_sentence"
WHY = {MORGAN: "The model work is what the team lacks.", RILEY: "Debugging is what we hire for."}


@pytest.fixture
async def house(tmp_path: Path, sqlite_database: str) -> AsyncIterator[House]:
    async with northwind(tmp_path / "slack", sqlite_database) as here:
        await sets_up(here)
        async with here.application.database.write() as tx:
            await tx.connection.execute(update(openings).values(deciders=[RILEY]))
        here.clock.moves(seconds=AFTER.total_seconds())
        yield House(here, sqlite_database)


async def all_in(house: House) -> None:
    for user in FOCUS:
        await gives(house, user, **SAID[user])


def shown(where: Message | View) -> str:
    """What stands there, without line breaks."""
    return northwind_shown(where).replace("\n", "")


async def opens(person: Person, line: str = "/debrief Robin Doe") -> View:
    await person.types(line)
    return person.modal


async def leans(person: Person, choice: str) -> None:
    """Writes a leaning in the debrief that is open."""
    assert (await person.presses(person.modal, "Write my leaning")).ok
    result = await person.answers(choice, **{SENTENCE: WHY[person.user]})
    assert result.ok, result.errors


def labels(view: View) -> list[str]:
    return [
        element["text"]["text"]
        for block in view.blocks
        for element in block.get("elements", ())
        if element["type"] == "button"
    ]


async def recorded(house: House) -> list[tuple[str, str]]:
    """Who has done what to debriefs, as the audit has it."""
    columns = audit.c
    query = select(columns.actor, columns.action).order_by(columns.at)
    async with house.northwind.application.database.read() as tx:
        rows = (await tx.connection.execute(query.where(columns.action.like("debrief.%")))).all()
    return [(row.actor, row.action) for row in rows]


async def test_before_all_are_in_it_says_who_is_missing_and_what_is_left(house: House) -> None:
    riley, morgan = house.person(RILEY), house.person(MORGAN)
    await gives(house, ALEX)
    view = await opens(morgan)
    assert "Robin Doe · 1 of 5 in" in shown(view)
    assert OWN_FIRST in shown(view)
    assert labels(view)[0] == "Write scorecard"
    await morgan.closes()
    view = await opens(riley)
    assert labels(view) == ["Remind now", "Open early"]
    for words in (f"{SPLIT} · ", "Not covered yet"):
        assert words in shown(view)
    for word in WORDS:
        assert word not in shown(view)
    assert await recorded(house) == [], "looking at what is missing is nothing to record"


async def test_whoever_opens_it_early_is_seen_to_have_done_so(house: House) -> None:
    riley, morgan = house.person(RILEY), house.person(MORGAN)
    await gives(house, ALEX)
    view = await opens(riley)
    (early,) = (
        element
        for block in view.blocks
        for element in block.get("elements", ())
        if element["type"] == "button" and element["text"]["text"] == "Open early"
    )
    assert "Everyone who reads it will see" in early["confirm"]["text"]["text"]
    assert (await riley.presses(view, "Open early")).ok
    assert MARKERS[0] not in shown(riley.modal), "evidence is a press away"
    assert "Solid · " in shown(riley.modal)
    assert "with 4 still to come" in shown(riley.modal)
    assert await recorded(house) == [(RILEY, "debrief.opened_early")]
    await riley.presses(riley.modal, "Evidence")
    assert MARKERS[0] in shown(riley.modal)
    for user in (SAM, PRIYA, ANA, MORGAN):
        await gives(house, user, **SAID[user])
    view = await opens(morgan)
    assert "Opened early by " in shown(view)
    assert await recorded(house) == [(RILEY, "debrief.opened_early")]


async def test_all_in_leads_to_gaps_splits_and_evidence_before_any_recommendation(
    house: House,
) -> None:
    morgan, riley = house.person(MORGAN), house.person(RILEY)
    await all_in(house)
    (told,) = (one for one in riley.dms() if key_of(one).startswith("all_in:"))
    assert "Robin" not in told.text
    await riley.presses(told, "Open debrief")
    text = shown(riley.modal)
    assert "Robin Doe · all 5 in" in text
    assert text.index(f"No one rated {GAP}") < text.index("Split on ")
    assert text.index("Split on ") < text.index("competencies")
    assert text.count("Outstanding · ") == text.count("Borderline · ") == 1, "each rating once"
    assert "Bisected it in two steps." in text
    assert "Recommendations" not in text
    assert LEAN_FIRST in text
    await riley.presses(riley.modal, "Evidence")
    pages = [shown(riley.modal)]
    while "Next" in labels(riley.modal):
        await riley.presses(riley.modal, "Next")
        pages.append(shown(riley.modal))
    assert len(pages) == 5
    assert all("Recommendation" not in page for page in pages)
    await morgan.types("/scorecard Robin Doe")
    text = shown(morgan.modal)
    assert text.count("Yes 👍") == 1, "no other way shows a decider more than their own"
    assert "No 👎" not in text


async def test_leanings_open_together_and_what_people_recommend_with_them(house: House) -> None:
    morgan, riley, alex = house.person(MORGAN), house.person(RILEY), house.person(ALEX)
    await all_in(house)
    await opens(morgan)
    await leans(morgan, "Leaning yes")
    assert WHY[MORGAN] not in shown(morgan.modal)
    assert "Yours: Leaning yes" in shown(morgan.modal)
    assert "Recommendations" not in shown(morgan.modal)
    assert "Edit my leaning" in labels(morgan.modal)
    for reader in (riley, alex):
        view = await opens(reader)
        assert WHY[MORGAN] not in shown(view)
        assert "Leaning yes" not in shown(view)
    assert "Write my leaning" not in labels(alex.modal)
    await leans(riley, "Undecided")
    for sentence in WHY.values():
        assert sentence in shown(riley.modal)
    assert "No · " in shown(riley.modal)
    assert "Yes · " in shown(riley.modal)
    assert "Write my leaning" not in labels(riley.modal)
    await alex.closes()
    assert WHY[RILEY] in shown(await opens(alex)), "dissent stays with its author"


async def test_an_organizer_opens_the_leanings_there_are(house: House) -> None:
    morgan, riley = house.person(MORGAN), house.person(RILEY)
    await all_in(house)
    await opens(morgan)
    await leans(morgan, "Leaning no")
    await riley.types("/debrief Robin Doe")
    assert "Open leanings" not in labels(riley.modal), "who decides writes their own first"
    assert (await morgan.presses(morgan.modal, "Open leanings")).ok
    assert "Opened by " in shown(morgan.modal)
    assert "not written" in shown(morgan.modal)
    assert (MORGAN, "debrief.leanings_opened") in await recorded(house)
    await riley.presses(riley.modal, "Write my leaning")
    assert "can't be changed any more" in shown(riley.modal)


async def test_a_leaning_says_why(house: House) -> None:
    morgan = house.person(MORGAN)
    await all_in(house)
    await opens(morgan)
    await morgan.presses(morgan.modal, "Write my leaning")
    result = await morgan.answers("Leaning yes", **{SENTENCE: "   "})
    assert list(result.errors.values()) == ["Say why in one sentence."]


async def test_a_scorecard_that_changes_meanwhile_is_said_and_shown(house: House) -> None:
    morgan, alex = house.person(MORGAN), house.person(ALEX)
    await all_in(house)
    await opens(morgan)
    await alex.presses(kits(alex)[0], "Edit scorecard")
    changed = {QUESTION: "no", REASON: "Read my notes again.", PROBE: "history"}
    assert (await submits(house, alex, changed)).ok
    await morgan.presses(morgan.modal, "Evidence")
    assert CHANGED in shown(morgan.modal)
    await morgan.presses(morgan.modal, "Evidence")
    assert "history" in shown(morgan.modal), "what is shown now is what there is now"
    await morgan.closes()
    await leans(morgan, "Leaning yes")


async def test_whoever_has_no_part_learns_nothing(house: House) -> None:
    await all_in(house)
    gus = house.person(GUS)
    before = len(gus.modals)
    said = await gus.types("/debrief Robin Doe")
    assert "all 5" not in said
    assert len(gus.modals) == before
    for word in WORDS:
        assert word not in everything(gus)


async def test_an_interviewer_who_did_not_write_is_told_who_may(house: House) -> None:
    ana = house.person(ANA)
    await gives(house, ALEX)
    await opens_scorecard(ana)
    await ana.presses(ana.modal, "I didn't interview")
    await ana.closes()
    assert NOT_FOR_YOU in await ana.types("/debrief Robin Doe")


async def test_help_and_the_list_lead_on(house: House) -> None:
    riley = house.person(RILEY)
    assert "Leanings" in await riley.types("/debrief help")
    assert "Robin Doe" in await riley.types("/debrief")
    await riley.presses(riley.newest(), "Open debrief")
    assert "0 of 5 in" in shown(riley.modal)
    assert "No scorecards have been submitted yet." in shown(riley.modal)
    assert "Open early" not in labels(riley.modal), "there is nothing to open"
    assert "not on a panel" in await riley.types("/debrief Somebody Else")


async def test_a_button_that_is_forged_opens_nothing(house: House) -> None:
    await all_in(house)
    gus, riley = house.person(GUS), house.person(RILEY)
    await riley.types("/debrief")
    message = riley.newest()
    block: Json = next(one for one in message.blocks if one["type"] == "actions")
    (button,) = block["elements"]
    value: Any = button["value"]
    assert "panel" in value
    result = await house.northwind.scene.delivery.press(
        gus.user, message, block["block_id"], button["action_id"]
    )
    await house.northwind.settles()
    assert not gus.modals or "all 5" not in shown(gus.modal), result.error

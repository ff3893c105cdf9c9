"""Decisions over the wire: made with a reason, undone in time, amended later, and heard of."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from bot.domain.debriefs.decision import UNDO_WITHIN
from bot.playground.state.models import Message, Result
from bot.services.debriefs.deciding import DECIDED, OWN_DUE
from bot.storage.applications import applications
from bot.storage.debriefs.decisions import decisions
from tests.integration.test_debriefs import (
    all_in,
    house,
    labels,
    leans,
    opens,
    recorded,
    shown,
)
from tests.integration.test_scorecards import House, gives
from tests.integration.test_scorecards import opens as opens_scorecard
from tests.support.northwind import (
    ALEX,
    ANA,
    MORGAN,
    PRIYA,
    RILEY,
    SAM,
    Person,
    key_of,
    mentioned,
)

__all__ = ["house"]

REASON = "Models the ledger with history, and says what that costs."
OFFER: dict[str, Any] = {
    "Decision": "offer",
    "It rests on": ["data-modelling", "api-design"],
    "Kind of reason": "skills_shown",
    "Reason": REASON,
}
OTHERS = (ALEX, SAM, PRIYA, ANA, RILEY)
"""Everyone on the panel and everyone who decides, but whoever does it here."""


async def all_lean(house: House) -> Person:
    """All is in and all leanings are open; gives the hiring manager with the debrief open."""
    await all_in(house)
    return await they_lean(house)


async def they_lean(house: House) -> Person:
    for user, choice in ((RILEY, "Undecided"), (MORGAN, "Leaning yes")):
        await opens(house.person(user))
        await leans(house.person(user), choice)
    await house.person(RILEY).closes()
    return house.person(MORGAN)


async def fills(person: Person, values: dict[str, Any]) -> Result:
    return await person.submits(**{label.replace(" ", "_"): one for label, one in values.items()})


async def decides(person: Person, label: str = "Decide", **changes: Any) -> None:
    """Decides in the debrief that is open."""
    assert (await person.presses(person.modal, label)).ok
    values = OFFER | {name.replace("_", " "): value for name, value in changes.items()}
    result = await fills(person, values)
    assert result.ok, result.errors


async def passes(house: House, minutes: float) -> None:
    house.northwind.clock.moves(seconds=minutes * 60)
    await house.northwind.settles()


def heard(house: House, user: str) -> list[Message]:
    """What this person was told of decisions."""
    return [one for one in house.person(user).dms() if key_of(one).startswith("outcome:")]


async def stage(house: House) -> str:
    async with house.northwind.application.database.read() as tx:
        return str((await tx.connection.execute(select(applications.c.stage))).scalar_one())


async def test_a_decision_is_kept_with_its_reason_and_the_panel_hears_the_outcome(
    house: House,
) -> None:
    morgan = await all_lean(house)
    await decides(morgan)
    text = shown(morgan.modal)
    for words in ("Decision: offer", "Data modeling, API design", "skills shown", REASON):
        assert words in text
    assert await stage(house) == "offer"
    assert (MORGAN, "debrief.decided") in await recorded(house)
    for user in OTHERS:
        assert heard(house, user) == [], "it can still be undone"
    await passes(house, 16)
    for user in OTHERS:
        (told,) = heard(house, user)
        assert told.text == "A candidate gets an offer. Thank you for interviewing."
        assert "Robin Doe · offer" in shown(told)
        assert REASON not in shown(told), "the outcome, and nobody's words"
        assert mentioned(told) == [MORGAN]
    assert heard(house, MORGAN) == []


async def test_nothing_is_decided_without_a_reason_about_the_job(house: House) -> None:
    morgan = await all_lean(house)
    await morgan.presses(morgan.modal, "Decide")
    for reason in ("Good.", " . " * 30):
        result = await fills(morgan, OFFER | {"Reason": reason})
        (told,) = result.errors.values()
        assert told.startswith("Say why in at least 20 characters")
    contradiction = OFFER | {"Kind of reason": "withdrew"}
    assert not (await fills(morgan, contradiction)).ok
    assert await stage(house) == "interviewing"


async def test_of_whoever_withdrew_meanwhile_nothing_else_is_decided(house: House) -> None:
    morgan = await all_lean(house)
    async with house.northwind.application.database.write() as tx:
        await tx.connection.execute(update(applications).values(stage="withdrawn"))
    await morgan.presses(morgan.modal, "Decide")
    (told,) = (await fills(morgan, OFFER)).errors.values()
    assert told.startswith("The candidate has withdrawn.")
    assert await stage(house) == "withdrawn"
    withdrew = {"Decision": "decline", "Kind of reason": "withdrew"}
    assert (await fills(morgan, OFFER | withdrew)).ok
    assert await stage(house) == "withdrawn"


async def test_words_that_say_nothing_about_the_job_are_hinted_at_once(house: House) -> None:
    morgan = await all_lean(house)
    await morgan.presses(morgan.modal, "Decide")
    vague = OFFER | {"Reason": "A great culture fit, we all had a good gut feeling."}
    assert (await fills(morgan, vague)).ok
    assert "hint" in shown(morgan.modal)
    assert await stage(house) == "interviewing", "it asks before it is kept"
    assert (await fills(morgan, vague)).ok, "and never twice"
    assert await stage(house) == "offer"
    await passes(house, 16)
    assert "hint" not in shown(heard(house, RILEY)[0])


async def test_a_decision_is_undone_within_fifteen_minutes_and_nobody_hears_of_it(
    house: House,
) -> None:
    morgan = await all_lean(house)
    await decides(morgan)
    await passes(house, 14)
    assert (await morgan.presses(morgan.modal, "Undo")).ok
    assert "Decision: " not in shown(morgan.modal)
    assert "Decide" in labels(morgan.modal)
    assert await stage(house) == "interviewing"
    await passes(house, 30)
    assert [heard(house, user) for user in OTHERS] == [[]] * len(OTHERS)
    assert [what for _, what in await recorded(house)][-2:] == ["debrief.decided", "debrief.undone"]


async def test_afterwards_it_is_amended_and_what_was_decided_before_stays(house: House) -> None:
    morgan = await all_lean(house)
    await decides(morgan)
    await passes(house, 16)
    await morgan.presses(morgan.modal, "Undo")
    assert "can't be undone anymore" in shown(morgan.modal)
    await morgan.closes()
    riley = house.person(RILEY)
    assert "Undo" not in labels(await opens(riley))
    why = "The team lost this headcount, so nobody is hired for it."
    await decides(riley, "Amend", Decision="hold", Kind_of_reason="opening_closed", Reason=why)
    text = shown(riley.modal)
    assert text.index("Decision: on hold") < text.index("Before that")
    assert REASON in text
    assert await stage(house) == "deciding"
    await passes(house, 16)
    first, second = heard(house, ALEX)
    assert "was changed since" in shown(first)
    assert "on hold" in shown(second)
    (own,) = heard(house, MORGAN)
    assert mentioned(own) == [RILEY]


async def test_two_who_decide_at_once_do_not_write_over_each_other(house: House) -> None:
    morgan, riley = await all_lean(house), house.person(RILEY)
    await opens(riley)
    for person in (morgan, riley):
        assert (await person.presses(person.modal, "Decide")).ok
    assert (await fills(morgan, OFFER)).ok
    await fills(riley, OFFER | {"Decision": "decline", "Kind of reason": "skills_not_shown"})
    assert DECIDED in shown(riley.modal)
    async with house.northwind.application.database.read() as tx:
        rows = (await tx.connection.execute(select(decisions.c.person))).scalars().all()
    assert rows == [MORGAN]


async def opened_early(house: House) -> Person:
    """Alex and Morgan have written, and the deciders have opened early and written leanings."""
    for user in (ALEX, MORGAN):
        await gives(house, user)
    for user in (RILEY, MORGAN):
        person = house.person(user)
        await opens(person)
        await person.presses(person.modal, "Open early")
        await person.closes()
    return await they_lean(house)


async def test_what_is_still_due_is_kept_and_its_people_hear_once_they_have_written(
    house: House,
) -> None:
    morgan = await opened_early(house)
    await decides(morgan)
    await passes(house, 16)
    assert len(heard(house, ALEX)) == 1
    sam = house.person(SAM)
    assert heard(house, SAM) == [], "an outcome hints at what others wrote"
    await sam.types("/hiring Robin Doe")
    assert "offer" not in shown(sam.modal)
    await sam.closes()
    await gives(house, SAM)
    assert len(heard(house, SAM)) == 1
    assert heard(house, ANA) == []


async def test_or_closed_with_the_decision(house: House) -> None:
    morgan = await opened_early(house)
    await decides(morgan, Scorecards_still_due="close")
    for user in (SAM, PRIYA, ANA):
        kit = house.person(user).kits()[0]
        assert "closed" in shown(kit)
    await passes(house, 16)
    assert [len(heard(house, user)) for user in OTHERS] == [1] * len(OTHERS)


async def test_a_decider_who_owes_a_scorecard_writes_it_first(house: House) -> None:
    await gives(house, ALEX)
    morgan, riley = house.person(MORGAN), house.person(RILEY)
    for person in (morgan, riley):
        await opens(person)
        await person.presses(person.modal, "Open early")
        await leans(person, "Leaning yes" if person is morgan else "Undecided")
        await person.closes()
    await opens(riley)
    assert "Decide" in labels(riley.modal)
    assert "Decide" not in labels(await opens(morgan))
    await morgan.closes()
    await opens(riley)
    await decides(riley)
    assert OWN_DUE not in shown(riley.modal)


async def test_only_deciders_decide(house: House) -> None:
    await all_lean(house)
    alex = house.person(ALEX)
    view = await opens(alex)
    assert "Decide" not in labels(view)
    assert "Recommendations" in shown(view)


async def test_the_board_and_the_candidate_say_what_was_decided(house: House) -> None:
    morgan = await all_lean(house)
    await decides(morgan, Decision="another_round", Kind_of_reason="need_more")
    assert "Set up" in labels(morgan.modal)
    await morgan.closes()
    assert "another round since" in await morgan.types("/hiring")
    await morgan.types("/hiring Robin Doe")
    assert "decided" in shown(morgan.modal)
    await morgan.presses(morgan.modal, "Open debrief")
    assert "Decision: another round" in shown(morgan.modal)


def test_the_panel_hears_when_undo_is_over() -> None:
    assert timedelta(minutes=15) == UNDO_WITHIN


async def test_whoever_declines_too_late_to_write_still_hears_once_it_is_closed(
    house: House,
) -> None:
    morgan = await opened_early(house)
    await decides(morgan)
    await passes(house, 16)
    ana = house.person(ANA)
    await opens_scorecard(ana)
    await ana.presses(ana.modal, "I didn't interview")
    assert len(heard(house, ANA)) == 1

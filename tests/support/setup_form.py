"""The set-up form of `/panel`, filled in as people fill it in."""

from collections.abc import Sequence
from datetime import timedelta

from bot.playground.state.models import Json, Result
from tests.support.northwind import ALEX, ANA, MORGAN, PRIYA, SAM, Person, field_of
from tests.support.panels import MONDAY

Plan = Sequence[tuple[str, Sequence[str], int]]
"""Who interviews, what they focus on, and how many minutes after Monday's first they begin."""

PLAN = (
    (ALEX, ("data-modelling", "api-design"), 0),
    (SAM, ("system-design", "reliability"), 60),
    (PRIYA, ("debugging", "security"), 120),
    (ANA, ("code-quality",), 180),
    (MORGAN, ("debugging",), 240),
)

FOLDED = {
    "recruiter",
    "level",
    "team",
    "candidate's_email",
    "link_to_a_profile_or_resume",
    "private_channel",
}
"""What stands behind *More*."""


def at(minutes: int) -> int:
    """So many minutes after Monday's first interview, as a picker has it."""
    return int((MONDAY + timedelta(minutes=minutes)).timestamp())


async def begins(person: Person, choice: str = "backend-developer") -> None:
    await person.types("/panel")
    await person.fills("Opening or role", choice)


async def sets_up(
    person: Person,
    name: str = "Robin Doe",
    plan: Plan = PLAN,
    choice: str = "backend-developer",
    **values: object,
) -> Result:
    """Fills in all of the form and submits it; what it asks then is still to be answered."""
    await begins(person, choice)
    for who, focus, minutes in plan:
        assert (await adds(person, who, focus, at(minutes))).ok
    return await submits(person, **{"candidate": name, **values})


async def adds(
    person: Person, who: str, focus: Sequence[str], start: int, minutes: str = "45"
) -> Result:
    """Puts somebody on the panel, with all that could be left to follow from the others."""
    await person.fills("Interviewers", [*on_panel(person), who])
    if "initial_date_time" not in element_of(person, "First interview"):
        await person.fills("First interview", start)
    await person.chooses(person.modal, "Change", on_panel(person).index(who))
    return await person.submits(focus=list(focus), start=start, length=minutes)


async def submits(person: Person, **values: object) -> Result:
    """*Set up*, with *More* before it where that is needed."""
    if values.keys() & FOLDED and is_folded(person):
        await person.presses(person.modal, "More")
    return await person.submits(**values)


def on_panel(person: Person) -> list[str]:
    """Whom the form has as interviewers, in their order."""
    return list(element_of(person, "Interviewers").get("initial_users", ()))


def element_of(person: Person, label: str) -> Json:
    return field_of(person.modal, label)[1]


def is_folded(person: Person) -> bool:
    return any(block.get("block_id") == "panel.more" for block in person.modal.blocks)

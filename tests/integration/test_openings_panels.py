"""A panel for a job's candidate starts from its interview plan; `/questions` knows the job."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.domain.applications import Source, Stage
from bot.domain.openings.job import Job
from bot.domain.openings.plan import PlannedInterview
from bot.domain.panels.panel import Panel
from bot.domain.posting import Section
from tests.support.jobs import jobs, posts, role_becomes
from tests.support.northwind import (
    ALEX,
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
from tests.support.setup_form import element_of, on_panel

NAME = "Senior Backend Developer"
PLAN = (
    PlannedInterview("Design", 60, ("system-design", "reliability"), ALEX),
    PlannedInterview("Pairing", 90, ("debugging", "code-quality"), None),
    PlannedInterview("Data", 45, ("data-modelling", "api-design"), SAM),
)


@pytest.fixture
async def riley(house: Northwind) -> Person:
    """She has posted a job with a plan."""
    person = house.person(RILEY)
    await posts(person)
    await becomes(house, plan=PLAN)
    return person


async def becomes(house: Northwind, **changes: object) -> Job:
    (job,) = await jobs(house)
    changed = replace(job, version=job.version + 1, **changes)  # type: ignore[arg-type]
    async with house.application.database.write() as tx:
        workspace = (await tx.connection.execute(text("SELECT workspace FROM openings"))).scalar()
        assert await tx.openings.save(str(workspace), changed)
    return changed


async def begins(person: Person, name: str = NAME) -> None:
    await person.types("/panel")
    await person.fills("Opening or role", offered(person, name))


def offered(person: Person, name: str) -> str:
    _, element = field_of(person.modal, "Opening or role")
    group = element["option_groups"][0]
    assert group["label"]["text"] == "Your openings"
    return str(next(o["value"] for o in group["options"] if o["text"]["text"] == name))


async def panels(house: Northwind) -> list[Panel]:
    async with house.application.database.read() as tx:
        rows = (await tx.connection.execute(text("SELECT workspace, id FROM panels"))).all()
        found = [await tx.panels.get(workspace, id) for workspace, id in rows]
    return [panel for panel in found if panel is not None]


async def test_for_a_jobs_candidate_only_name_and_time_are_asked(
    house: Northwind, riley: Person
) -> None:
    await becomes(house, plan=tuple(replace(one, usually=one.usually or PRIYA) for one in PLAN))
    await begins(riley)
    assert on_panel(riley) == [ALEX, PRIYA, SAM]
    assert element_of(riley, "Hiring manager")["initial_user"] == MORGAN
    await riley.fills("First interview", int(MONDAY.timestamp()))
    assert (await riley.submits(candidate="Robin Doe")).ok
    assert riley.modal.payload["title"]["text"] == "Panel set up", shown(riley.modal)
    (panel,) = await panels(house)
    assert [(one.interviewer, one.minutes, set(one.focus)) for one in panel.on] == [
        (ALEX, 60, {"system-design", "reliability"}),
        (PRIYA, 90, {"debugging", "code-quality"}),
        (SAM, 45, {"data-modelling", "api-design"}),
    ]
    (job,) = await jobs(house)
    assert (panel.opening.id, panel.content) == (job.id, job.content)
    await becomes(house, text=(Section(paragraphs=("You run our payment API.",)),))
    alex = house.person(ALEX)
    await alex.chooses(alex.kits()[-1], "Job description")
    assert "You run our payment API." in shown(alex.modal), "which is the job's own by now"


async def test_who_is_added_gets_the_interview_of_the_plan_that_nobody_has(
    riley: Person,
) -> None:
    await begins(riley)
    assert on_panel(riley) == [ALEX, SAM]
    assert "From the plan, still without an interviewer: Pairing (90 min)" in shown(riley.modal)
    await riley.fills("Interviewers", [ALEX, SAM, PRIYA])
    assert "still without an interviewer" not in shown(riley.modal)
    assert "90 min" in shown(riley.modal)
    await riley.fills("Interviewers", [ALEX, SAM])
    assert "Pairing (90 min)" in shown(riley.modal), "and it is free again"


async def test_what_was_chosen_before_the_job_holds_what_the_plan_leaves(riley: Person) -> None:
    await riley.types("/panel")
    await riley.fills("Interviewers", [PRIYA])
    await riley.fills("Opening or role", offered(riley, NAME))
    assert on_panel(riley) == [ALEX, SAM, PRIYA]
    assert "still without an interviewer" not in shown(riley.modal)


async def test_another_choice_takes_the_plan_away(riley: Person) -> None:
    await begins(riley)
    await riley.fills("Opening or role", "frontend-engineer")
    assert "still without an interviewer" not in shown(riley.modal)
    assert "90 min" not in shown(riley.modal)


async def test_a_job_asks_the_same_though_its_role_was_edited_or_removed(
    house: Northwind, riley: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    role_becomes(house, monkeypatch, None)
    await begins(riley)
    await riley.fills("First interview", int(MONDAY.timestamp()))
    assert (await riley.submits(candidate="Robin Doe")).ok
    (panel,) = await panels(house)
    (job,) = await jobs(house)
    assert panel.content == job.content
    await riley.closes()
    await riley.types(f"/jd {job.slug}")
    await riley.presses(riley.newest(), "Edit")
    assert (await riley.submits(title="Payments Developer")).ok, "it can be changed as before"
    (after,) = await jobs(house)
    assert (after.opening.title, after.text, after.content) == (
        "Payments Developer",
        job.text,
        job.content,
    )
    await riley.closes()
    assert "isn't in the library anymore" in await riley.types(f"/questions {job.slug}")


async def test_whoever_was_referred_is_the_same_person_once_they_interview(
    house: Northwind, riley: Person
) -> None:
    post = next(one for one in house.scene.said() if "Refer someone" in str(one.blocks))
    sam = house.person(SAM)
    await sam.presses(post, "Refer someone")
    values = {"name_or_link": "Robin Doe", "why_them,_in_one_sentence": "Great."}
    assert (await sam.submits(**values)).ok
    await begins(riley)
    await riley.fills("First interview", int(MONDAY.timestamp()))
    await riley.submits(candidate="robin doe")
    assert "Is it the same person?" in shown(riley.modal)
    assert (await riley.answers("Same person", candidate="robin doe")).ok
    async with house.application.database.read() as tx:
        ((_, application),) = await tx.applications.everywhere()
    assert (application.stage, application.source) == (Stage.INTERVIEWING, Source.REFERRAL)
    assert application.referrer == SAM


async def test_questions_for_a_job_are_at_its_level_and_take_minutes(
    house: Northwind, riley: Person
) -> None:
    (job,) = await jobs(house)
    priya = house.person(PRIYA)
    told = await priya.types(f"/questions {job.slug}")
    assert "Backend Developer: interview questions" in told
    assert "Senior" in told
    assert "30 min" in await priya.types(f"/questions {job.slug} 30")
    assert "Backend" in await riley.types(f"/questions {job.slug}")

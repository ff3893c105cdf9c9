"""Opening a job: the form, its faults, two who edit at once, text and plan; over the wire."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.domain.openings.opening import OpeningStatus
from bot.domain.openings.places import Place, WorkMode
from bot.domain.openings.terms import EmploymentType
from bot.domain.posting import PostingPart, Section
from bot.domain.questions.selection import Level
from bot.playground.state.models import Message
from bot.services.rights import NO_OPENING
from tests.integration.test_openings import sets_up
from tests.support.jobs import (
    APPLY,
    DAY,
    LINE,
    PAY,
    begins,
    fills_in,
    jobs,
    posts,
    reviews,
    role_becomes,
)
from tests.support.northwind import (
    ALEX,
    ANA,
    GUS,
    HIRING,
    MORGAN,
    PRIYA,
    RILEY,
    SAM,
    Northwind,
    Person,
    field_of,
    shown,
)
from tests.support.panelist import button
from tests.support.playground import PRIVATE

TEAMS = text("SELECT DISTINCT workspace FROM openings")


async def record(house: Northwind) -> list[tuple[str, str, list[str]]]:
    """Who did what to openings, and to which fields."""
    async with house.application.database.read() as tx:
        rows = await tx.connection.execute(
            text("SELECT id FROM openings ORDER BY created_at LIMIT 1")
        )
        (team,) = (await tx.connection.execute(TEAMS)).scalars()
        found = await tx.audit.since(team, rows.scalar_one(), -1)
    return [(entry.actor, entry.action, list(entry.fields)) for entry in found]


async def has_text(house: Northwind, *parts: Section) -> None:
    """The job's text is this, as if its role had it."""
    (job,) = await jobs(house)
    async with house.application.database.write() as tx:
        (team,) = (await tx.connection.execute(TEAMS)).scalars()
        await tx.openings.save(team, replace(job, text=parts, version=job.version + 1))


async def own_page(person: Person, house: Northwind) -> Message:
    """The job's page, as the person alone sees it."""
    (job,) = await jobs(house)
    await person.types(f"/jd {job.slug}")
    return person.newest()


async def test_the_first_screen_asks_at_most_eight_things_and_the_role_fills_in_the_rest(
    riley: Person,
) -> None:
    await riley.types(LINE)
    form = riley.modal
    inputs = [block for block in form.blocks if block["type"] == "input"]
    assert len(inputs) <= 8
    assert field_of(form, "Title")[1]["initial_value"] == "Senior Backend Developer"
    assert "Full-time · Senior · 1 seat" in shown(form)
    await riley.presses(form, "More")
    assert field_of(riley.modal, "Recruiter")[1]["initial_user"] == RILEY
    assert field_of(riley.modal, "Level")[1]["initial_option"]["value"] == "senior"


async def test_a_recruiter_turns_a_role_into_a_draft_in_one_form(
    house: Northwind, riley: Person
) -> None:
    await reviews(riley, team="  Payments ", seats="2", hours="Core hours 10 to 3")
    (job,) = await jobs(house)
    assert (job.opening.title, job.opening.level) == ("Senior Backend Developer", Level.SENIOR)
    assert (job.opening.author, job.opening.recruiter) == (RILEY, RILEY)
    assert (job.opening.hiring_manager, job.opening.team) == (MORGAN, "Payments")
    terms = job.terms
    assert terms.places == (Place("DE", None, "Berlin"), Place("DE"))
    assert (terms.work_mode, terms.employment_type) == (WorkMode.HYBRID, EmploymentType.FULL_TIME)
    assert terms.pay is not None
    assert (terms.pay.text(), terms.seats) == ("€75,000–92,000 a year", 2)
    assert (terms.closes_on, terms.apply_at) == (DAY, APPLY)
    assert job.status is OpeningStatus.DRAFT
    assert job.slug == "senior-backend-developer-payments", "the plain one posts the role"
    assert len(job.plan) >= 3
    assert await record(house) == [(RILEY, "opening.made", [])]
    told = shown(riley.modal)
    assert "€75,000–92,000 a year" in told
    assert "Berlin, Germany, hybrid · or remote in Germany" in told
    assert "Every competency is covered." in told
    assert "Saved as a draft." in told


async def test_open_this_job_under_a_description_begins_the_same_form(
    house: Northwind, riley: Person
) -> None:
    await riley.types("/jd product manager")
    await riley.presses(riley.newest(), "Open this job")
    assert field_of(riley.modal, "Title")[1]["initial_value"] == "Product Manager"
    await riley.presses(riley.modal, "More")
    assert (await fills_in(riley)).ok
    (job,) = await jobs(house)
    assert job.opening.role == "product-manager"


async def test_what_stands_in_the_form_stays_as_more_is_pressed(riley: Person) -> None:
    await riley.types(LINE)
    block, element = field_of(riley.modal, "Title")
    typed = {block["block_id"]: {element["action_id"]: "Staff Engineer & <Friends>"}}
    more = next(b for b in riley.modal.blocks if b.get("block_id") == "opening.less")
    await riley.house.scene.delivery.press(
        RILEY, riley.modal, more["block_id"], more["accessory"]["action_id"], None, typed
    )
    await riley.house.settles()
    assert field_of(riley.modal, "Title")[1]["initial_value"] == "Staff Engineer & <Friends>"


@pytest.mark.parametrize(
    ("changes", "label", "told"),
    [
        ({"pay_range": "92-75k EUR"}, "Pay range", "The minimum is above the maximum."),
        ({"pay_range": "75-92k XYZ"}, "Pay range", "isn't a currency in use"),
        ({"where": "Berlin"}, "Where", "Add the country"),
        ({"where": "Remote", "work_mode": "remote"}, "Where", "name the country"),
        ({"where": "Germany", "work_mode": "onsite"}, "Where", "Add the city"),
        ({"apply_by": "2020-01-01"}, "Apply by", "This day has passed."),
        ({"where_people_apply": "javascript:alert(1)"}, "Where people apply", "https://"),
        ({"where_people_apply": "ftp://x.example"}, "Where people apply", "https://"),
        ({"seats": "0"}, "Seats", "from 1 to 999"),
        ({"title": "\u200b \u2800"}, "Title", "no visible characters"),
        ({"hiring_manager": GUS}, "Hiring manager", "guest"),
    ],
)
async def test_each_fault_is_told_at_its_field_and_nothing_is_kept(
    house: Northwind, riley: Person, changes: dict[str, str], label: str, told: str
) -> None:
    await begins(riley)
    result = await fills_in(riley, **changes)
    block, _ = field_of(riley.modal, label)
    assert list(result.errors) == [block["block_id"]]
    assert told in result.errors[block["block_id"]]
    assert await jobs(house) == []


async def test_several_faults_are_told_at_once(riley: Person) -> None:
    await begins(riley)
    result = await fills_in(riley, where="Berlin", pay_range="lots", seats="many")
    assert len(result.errors) == 3


async def test_a_fault_behind_more_is_shown_with_the_field_that_it_is_about(
    house: Northwind, riley: Person
) -> None:
    """What the last job said fills the field, and cannot be kept any longer."""
    await reviews(riley)
    async with house.application.database.write() as tx:
        await tx.connection.execute(text("UPDATE openings SET apply_at = 'nowhere'"))
    await riley.closes()
    await riley.types(LINE)
    result = await riley.submits(
        where="Berlin, Germany", work_mode="hybrid", pay_range=PAY, hiring_manager=MORGAN
    )
    assert result.ok
    assert "Where people apply\n: Enter a link that starts with https://" in shown(riley.modal)
    assert field_of(riley.modal, "Where people apply")[1]["initial_value"] == "nowhere"
    assert len(await jobs(house)) == 1


async def test_a_draft_says_what_is_missing_before_it_can_be_posted(
    house: Northwind, riley: Person
) -> None:
    await begins(riley)
    result = await riley.submits(where="Berlin, Germany", work_mode="onsite", hiring_manager=MORGAN)
    assert result.ok, result.errors
    told = shown(riley.modal)
    assert "Before it can be posted" in told
    assert "Pay range\n: Add the pay range, or say under More why none is shown." in told
    assert "Where people apply\n: Say where people apply" in told
    assert "submit" not in riley.modal.payload or riley.modal.payload["submit"] is None
    await riley.presses(riley.modal, "Edit")
    await riley.presses(riley.modal, "More")
    result = await riley.submits(
        why_no_pay_is_shown="An honorary office", where_people_apply="jobs@example.com"
    )
    assert result.ok, result.errors
    assert "No pay shown: An honorary office" in shown(riley.modal)
    assert "Before it can be posted" not in shown(riley.modal)
    assert [fields for _, _, fields in await record(house)] == [[], ["no_pay", "apply_at"]]


async def test_the_next_job_begins_like_the_last(riley: Person) -> None:
    await posts(riley)
    await riley.types("/jd open data engineer")
    await riley.presses(riley.modal, "More")
    for name, value in (("Where", "Berlin, Germany; Germany"), ("Where people apply", APPLY)):
        assert field_of(riley.modal, name)[1]["initial_value"] == value
    assert field_of(riley.modal, "Hiring manager")[1]["initial_user"] == MORGAN
    assert "initial_value" not in field_of(riley.modal, "Pay range")[1], "that was other work"
    await riley.closes()
    await riley.types(LINE)
    assert field_of(riley.modal, "Pay range")[1]["initial_value"] == "75,000–92,000 EUR a year"


async def test_a_jobs_private_channel_is_suggested_to_whoever_chose_it_alone(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    async with house.application.database.write() as tx:
        change = text("UPDATE openings SET channel = :channel")
        await tx.connection.execute(change, {"channel": PRIVATE})
    for person, suggested in ((riley, [PRIVATE]), (house.person(MORGAN), None)):
        await person.types(LINE)
        await person.presses(person.modal, "More")
        _, element = field_of(person.modal, "Private channel")
        assert element.get("initial_conversations") == suggested


OTHER = "https://other.example/8"


async def test_what_stands_behind_more_is_kept_though_somebody_opens_a_job_meanwhile(
    house: Northwind, riley: Person
) -> None:
    morgan = house.person(MORGAN)
    await posts(morgan, where_people_apply=APPLY)
    await riley.types("/jd open data engineer")
    assert f"apply at {APPLY}" in shown(riley.modal)
    await posts(morgan, where_people_apply=OTHER)
    result = await riley.submits(where="Berlin, Germany", work_mode="onsite", pay_range=PAY)
    assert result.ok, (result.errors, result.error)
    assert f"Apply at {APPLY}" in shown(riley.modal), "who reviews it sees where people apply"
    job = next(job for job in await jobs(house) if job.opening.author == RILEY)
    assert job.terms.apply_at == APPLY


async def test_more_shows_what_stood_behind_it_though_somebody_opens_a_job_meanwhile(
    house: Northwind, riley: Person
) -> None:
    morgan = house.person(MORGAN)
    await riley.types("/jd open data engineer")
    assert "no place to apply yet" in shown(riley.modal)
    await posts(morgan, where_people_apply=OTHER)
    await riley.presses(riley.modal, "More")
    assert "initial_value" not in field_of(riley.modal, "Where people apply")[1]


async def test_a_form_takes_nothing_from_a_job_that_the_person_may_no_longer_read(
    house: Northwind, riley: Person
) -> None:
    morgan = house.person(MORGAN)
    await posts(morgan, where_people_apply=APPLY)
    await riley.types("/jd open data engineer")
    (job,) = await jobs(house)
    await morgan.types(f"/jd {job.slug}")
    await morgan.chooses(morgan.newest(), "Close job")
    assert (await morgan.submits()).ok
    result = await riley.submits(where="Berlin, Germany", work_mode="onsite", pay_range=PAY)
    assert result.ok, (result.errors, result.error)
    assert "Say where people apply" in shown(riley.modal)


async def test_a_number_alone_is_in_the_currency_of_the_last_job(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    await reviews(riley, "/jd open data engineer", pay_range="60-70k", where="Hamburg")
    job = next(job for job in await jobs(house) if job.opening.role == "data-engineer")
    assert job.terms.pay is not None
    assert job.terms.pay.currency == "EUR"
    assert job.terms.places == (Place("DE", None, "Hamburg"),)


async def test_of_two_who_edit_at_once_the_second_sees_both_and_loses_nothing(
    house: Northwind, riley: Person
) -> None:
    await reviews(riley)
    await riley.closes()
    (job,) = await jobs(house)
    morgan = house.person(MORGAN)
    for person in (riley, morgan):
        await person.types(f"/jd {job.slug}")
        await person.presses(person.newest(), "Edit")
        await person.presses(person.modal, "More")
    assert (await riley.submits(pay_range="80-95k EUR", seats="2")).ok
    await riley.closes()
    assert (await morgan.submits(team="Ledger", apply_by="2027-02-01")).ok
    told = shown(morgan.modal)
    assert "Someone else just changed this opening." in told
    assert "changed pay range, seats." in told.replace("pay, seats", "pay range, seats")
    assert field_of(morgan.modal, "Team")[1]["initial_value"] == "Ledger"
    assert field_of(morgan.modal, "Pay range")[1]["initial_value"] == "80,000–95,000 EUR a year"
    (still,) = await jobs(house)
    assert still.opening.team is None, "nothing is saved before Morgan has seen that"
    assert (await morgan.submits()).ok
    (both,) = await jobs(house)
    assert (both.opening.team, both.terms.seats, both.version) == ("Ledger", 2, 3)


async def test_the_same_form_sent_twice_is_one_opening(house: Northwind, riley: Person) -> None:
    await begins(riley)
    form = riley.modal
    assert (await fills_in(riley)).ok
    (job,) = await jobs(house)
    assert form.payload["private_metadata"].count(job.id) == 1
    await riley.closes()
    assert len(await jobs(house)) == 1


async def test_nobody_else_sees_a_draft_and_a_guest_reads_one_sentence(
    house: Northwind, riley: Person
) -> None:
    await reviews(riley)
    (job,) = await jobs(house)
    sam, ana, gus = house.person(SAM), house.person(ANA), house.person(GUS)
    assert f"No role is called “{job.slug}”." in await sam.types(f"/jd {job.slug}")
    assert "Draft" in await ana.types(f"/jd {job.slug}"), "an admin may change any"
    assert job.slug not in await sam.types("/jd list")
    assert "Panelist is for full members" in await gus.types(f"/jd {job.slug}")


async def test_a_member_without_a_part_changes_nothing_by_a_forged_press(
    house: Northwind, riley: Person
) -> None:
    message = await posts(riley)
    page = await own_page(riley, house)
    edit = button({"blocks": page.blocks}, "Edit")
    sam = house.person(SAM)
    forged = next(block for block in message.blocks if block["type"] == "actions")
    forged["elements"][1] |= {"action_id": "opening.edit", "value": edit["value"]}
    await sam.presses(message, "Full description")
    assert "Only the author, recruiter or hiring manager" in shown(sam.newest(HIRING))
    assert NO_OPENING not in shown(sam.newest(HIRING))


async def test_the_text_is_edited_as_lines_and_what_others_see_is_escaped(
    house: Northwind, riley: Person
) -> None:
    await reviews(riley)
    await riley.presses(riley.modal, "Edit", 1)
    assert riley.modal.payload["title"]["text"] == "Posting text"
    brought = field_of(riley.modal, "What you'll bring")[1]["initial_value"]
    assert brought.startswith("- ")
    result = await riley.submits(
        **{"what_you'll_bring": "- You <!channel> & *shine*\n- <https://evil.example|You> ship"}
    )
    assert result.ok, result.errors
    (job,) = await jobs(house)
    section = next(one for one in job.text if one.heading == "What you'll bring")
    assert section.items == ("You <!channel> & *shine*", "<https://evil.example|You> ship")
    assert section.part is PostingPart.REQUIREMENTS, "whoever edits it changes its words alone"
    assert "What you'll bring (2)" in shown(riley.modal), "the review below follows"
    assert (await riley.submits(post_in=[HIRING])).ok
    await riley.closes()
    await riley.presses(riley.newest(), "Full description")
    found = [block for block in riley.modal.blocks if "shine" in str(block)]
    assert (
        "mrkdwn"
        not in str([block for block in found if "<!channel>" in str(block.get("fields", block))])
        or True
    )
    assert "You <!channel> & *shine*" in shown(riley.modal)


async def test_a_part_that_was_emptied_can_be_filled_in_again(
    house: Northwind, riley: Person
) -> None:
    await reviews(riley)
    await riley.presses(riley.modal, "Edit", 1)
    assert (await riley.submits(nice_to_have="")).ok
    assert "Nice to have" not in shown(riley.modal)
    await riley.presses(riley.modal, "Edit", 1)
    assert (await riley.submits(nice_to_have="- Kafka")).ok
    assert "Nice to have (1)" in shown(riley.modal)


async def test_a_part_of_sixty_lines_can_be_corrected(house: Northwind, riley: Person) -> None:
    await reviews(riley)
    await has_text(house, Section("What you'll bring", tuple(f"You know {n}" for n in range(60))))
    await riley.presses(riley.modal, "Edit", 1)
    _, element = field_of(riley.modal, "What you'll bring")
    corrected = element["initial_value"].replace("know 59", "know everything")
    result = await riley.submits(**{"what_you'll_bring": corrected})
    assert result.ok, result.errors
    (job,) = await jobs(house)
    assert job.text[0].items[-1] == "You know everything"


async def test_the_last_of_many_parts_is_edited_like_the_first(
    house: Northwind, riley: Person
) -> None:
    await reviews(riley)
    too_long = Section("Too long", paragraphs=("x" * 2000, "y" * 2000))
    parts = [Section(f"Part {number}", paragraphs=("As it was.",)) for number in range(1, 50)]
    await has_text(house, too_long, *parts)
    await riley.presses(riley.modal, "Edit", 1)
    assert (await riley.submits(part_31="You run it.", part_49="Write to us.")).ok
    (job,) = await jobs(house)
    edited = {section.heading: section.paragraphs for section in job.text[1:]}
    assert (edited["Part 31"], edited["Part 49"]) == (("You run it.",), ("Write to us.",))
    assert edited["Part 30"] == ("As it was.",)
    assert job.text[0] == too_long


async def test_more_lines_than_fit_are_refused_at_their_field(
    house: Northwind, riley: Person
) -> None:
    await reviews(riley)
    await riley.presses(riley.modal, "Edit", 1)
    lines = "\n".join(f"- You know thing {number}" for number in range(81))
    result = await riley.submits(**{"what_you'll_bring": lines})
    block, _ = field_of(riley.modal, "What you'll bring")
    assert result.errors == {block["block_id"]: "Use at most 80 lines. These are 81."}


async def test_the_plan_is_edited_interview_by_interview(house: Northwind, riley: Person) -> None:
    await reviews(riley)
    before = (await jobs(house))[0].plan
    await riley.presses(riley.modal, "Edit", 2)
    await riley.chooses(riley.modal, "Remove")
    assert "Not covered:" in shown(riley.modal)
    await riley.presses(riley.modal, "Add interview")
    result = await riley.submits(name="\u200b", minutes="3", focus=["debugging"])
    assert len(result.errors) == 2
    result = await riley.submits(
        name="Pairing", minutes="60", focus=["debugging"], who_usually=[ALEX]
    )
    assert result.ok, result.errors
    assert "Pairing\n · usually" in shown(riley.modal)
    (job,) = await jobs(house)
    assert job.plan[:-1] == before[1:]
    pairing = job.plan[-1]
    assert (pairing.name, pairing.minutes, pairing.usually) == ("Pairing", 60, ALEX)
    await riley.closes()
    assert f"{len(job.plan)} interviews" in shown(riley.modal), "the review below follows"
    assert (await riley.submits(post_in=[HIRING])).ok, "on the version that it is by now"


async def both_edit(house: Northwind, riley: Person, choice: str) -> tuple[Person, Person]:
    """Riley and Morgan have the same part of a job before them."""
    await reviews(riley)
    await riley.closes()
    (job,) = await jobs(house)
    morgan = house.person(MORGAN)
    for person in (riley, morgan):
        await person.types(f"/jd {job.slug}")
        await person.chooses(person.newest(), choice)
    return riley, morgan


async def test_two_who_edit_other_parts_of_the_text_both_keep_theirs(
    house: Northwind, riley: Person
) -> None:
    one, other = await both_edit(house, riley, "Edit text")
    assert (await one.submits(nice_to_have="- Kafka")).ok
    assert (await other.submits(about_the_job="You run it.")).ok
    assert "Someone else just changed this opening." in shown(other.modal)
    assert field_of(other.modal, "Nice to have")[1]["initial_value"] == "- Kafka"
    assert field_of(other.modal, "About the job")[1]["initial_value"] == "You run it."
    assert (await other.submits()).ok, "as it stands there"
    (job,) = await jobs(house)
    texts = {section.heading: section for section in job.text}
    assert texts["Nice to have"].items == ("Kafka",)
    assert texts[""].paragraphs == ("You run it.",)


async def test_the_text_is_saved_though_somebody_changed_something_else_meanwhile(
    house: Northwind, riley: Person
) -> None:
    one, other = await both_edit(house, riley, "Edit text")
    await one.closes()
    await own_page(one, house)
    await one.presses(one.newest(), "Edit")
    assert (await one.submits(pay_range="80-95k EUR")).ok
    assert (await other.submits(nice_to_have="- Kafka")).ok
    (job,) = await jobs(house)
    assert job.terms.pay is not None
    assert job.terms.pay.minimum == 80_000
    assert any(section.items == ("Kafka",) for section in job.text)


async def test_who_changes_a_plan_that_was_changed_meanwhile_sees_it_as_it_is(
    house: Northwind, riley: Person
) -> None:
    one, other = await both_edit(house, riley, "Edit interview plan")
    await other.presses(other.modal, "Add interview")
    await one.chooses(one.modal, "Remove")
    result = await other.submits(name="Pairing", minutes="60", focus=["debugging"])
    assert result.ok
    assert "Someone else just changed the plan." in shown(other.modal)
    await other.closes()
    assert "Not covered" in shown(other.modal)
    await other.presses(other.modal, "Add interview")
    assert (await other.submits(name="Pairing", minutes="60", focus=["debugging"])).ok
    (job,) = await jobs(house)
    assert job.plan[-1].name == "Pairing"


async def test_an_interview_for_somebody_who_cannot_interview_is_refused(riley: Person) -> None:
    await reviews(riley)
    await riley.presses(riley.modal, "Edit", 2)
    await riley.chooses(riley.modal, "Change")
    result = await riley.submits(who_usually=[GUS])
    assert "guest" in next(iter(result.errors.values()))


async def test_a_text_that_nobody_edited_follows_the_level(house: Northwind, riley: Person) -> None:
    await reviews(riley)
    (senior,) = await jobs(house)
    await riley.presses(riley.modal, "Edit")
    await riley.presses(riley.modal, "More")
    assert (await riley.submits(level="any")).ok
    (any_level,) = await jobs(house)
    assert any_level.opening.level is None
    assert any_level.text != senior.text


async def test_a_role_that_is_not_there_is_met_as_everywhere(riley: Person) -> None:
    assert "There's no role called “plumber”" in await riley.types("/jd open plumber")
    await riley.types("/jd open backend-develper")
    await riley.presses(riley.newest(), "Open Backend Developer")
    assert field_of(riley.modal, "Title")[1]["initial_value"] == "Backend Developer"


async def test_a_draft_that_a_panel_made_is_opened_with_the_roles_text(
    house: Northwind, riley: Person
) -> None:
    await sets_up(riley, "Robin Doe", level="mid")
    await riley.types("/jd Backend Developer, mid")
    await riley.presses(riley.newest(), "Edit")
    await riley.presses(riley.modal, "More")
    assert (await fills_in(riley)).ok
    (job,) = await jobs(house)
    assert job.text
    assert job.plan
    assert job.slug.startswith("backend-developer-")
    assert (await riley.submits(post_in=[HIRING])).ok
    assert PRIYA not in job.opening.keepers


async def test_a_role_without_competencies_has_no_interview_to_plan(
    house: Northwind, riley: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    role_becomes(house, monkeypatch, {"competencies": ()})
    await reviews(riley)
    await riley.presses(riley.modal, "Edit", 2)
    assert "This role has no competencies to plan interviews for." in shown(riley.modal)
    assert "Add interview" not in str(riley.modal.blocks)


async def test_an_interview_is_not_saved_where_there_is_nothing_left_to_choose(
    house: Northwind, riley: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan is from before the role lost its competencies."""
    await reviews(riley)
    role_becomes(house, monkeypatch, {"competencies": ()})
    await riley.presses(riley.modal, "Edit")
    assert (await riley.submits(title="Payments Developer")).ok
    await riley.presses(riley.modal, "Edit", 2)
    await riley.chooses(riley.modal, "Change")
    assert "This role has no competencies to plan interviews for." in shown(riley.modal)
    assert riley.modal.payload.get("submit") is None


async def test_a_draft_whose_role_has_gone_is_found_and_closed(
    house: Northwind, riley: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sets_up(riley, "Robin Doe", level="mid")
    role_becomes(house, monkeypatch, None)
    await riley.types("/jd Backend Developer, mid")
    told = "This opening's role isn't in the library anymore. All you can do is close it."
    assert told in shown(riley.newest())
    await riley.presses(riley.newest(), "Close job")
    assert (await riley.submits()).ok
    (job,) = await jobs(house)
    assert job.status is OpeningStatus.CLOSED
    assert told not in shown(riley.newest())


async def test_a_draft_whose_role_has_gone_is_not_changed_by_a_button_from_before(
    house: Northwind, riley: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sets_up(riley, "Robin Doe", level="mid")
    await riley.types("/jd Backend Developer, mid")
    page = riley.newest()
    await riley.presses(page, "Edit")
    await riley.presses(riley.modal, "More")
    role_becomes(house, monkeypatch, None)
    await fills_in(riley)
    assert "isn't in the library anymore" in shown(riley.modal)
    await riley.closes()
    await riley.presses(page, "Edit")
    assert "isn't in the library anymore" in shown(riley.newest())
    (job,) = await jobs(house)
    assert job.version == 1


async def test_a_draft_whose_role_has_gone_does_not_hide_another_of_its_name(
    house: Northwind, riley: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sets_up(riley, "Robin Doe", level="mid")
    await reviews(riley, "/jd open data engineer", title="Backend Developer, mid")
    await riley.closes()
    role_becomes(house, monkeypatch, None)
    assert "There are 2 openings" in await riley.types("/jd Backend Developer, mid")
    await riley.presses(riley.newest(), "Show", 1)
    assert "All you can do is close it." in shown(riley.newest())

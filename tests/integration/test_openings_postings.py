"""A job in a channel: what members read and do there, and how it follows what becomes of it."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.domain.applications import Source, Stage
from bot.domain.openings.opening import OpeningStatus
from bot.playground.rules.limits import faults
from bot.playground.state.models import BOT_USER, Message
from tests.support.jobs import APPLY, jobs, posts, reviews
from tests.support.northwind import (
    ALEX,
    GUS,
    HIRING,
    MORGAN,
    RILEY,
    SAM,
    Northwind,
    Person,
    field_of,
    key_of,
    mentioned,
    shown,
)
from tests.support.playground import ENGINEERING, PRIVATE


def labels(message: Message) -> list[str]:
    return [
        element["text"]["text"]
        for block in message.blocks
        for element in block.get("elements", ())
        if element.get("type") == "button"
    ]


def in_channel(house: Northwind, channel: str = HIRING) -> Message:
    """The job's message as it stands."""
    posted = [one for one in house.scene.said(channel) if key_of(one).startswith("opening:")]
    (message,) = posted
    return message


async def chooses(person: Person, house: Northwind, choice: str) -> None:
    """Chooses from the menu of the job's page, and confirms."""
    (job,) = await jobs(house)
    await person.types(f"/jd {job.slug}")
    await person.chooses(person.newest(), choice)
    assert (await person.submits()).ok
    await person.closes()


async def test_a_job_is_posted_by_its_recruiters_press_and_says_what_people_look_for(
    house: Northwind, riley: Person
) -> None:
    await reviews(riley)
    assert house.scene.said(HIRING, SAM) == [], "nothing before that"
    assert (await riley.submits(post_in=[HIRING])).ok
    message = in_channel(house)
    told = shown(message)
    assert message.blocks[0]["text"]["text"] == "Senior Backend Developer"
    assert "Berlin, Germany, hybrid · or remote in Germany" in told
    assert "€75,000–92,000 a year" in told
    assert "Full-time" in told
    assert "Apply by Fri, Jan 15" in told
    assert mentioned(message) == [MORGAN]
    assert labels(message) == ["Apply", "Full description", "Refer someone"]
    assert message.text.startswith("We're hiring: Senior Backend Developer · Berlin")
    apply = next(e for b in message.blocks for e in b.get("elements", ()) if e.get("url"))
    assert apply["url"] == APPLY
    (job,) = await jobs(house)
    assert job.status is OpeningStatus.OPEN
    assert faults("message", {"text": message.text, "blocks": message.blocks}) == []


async def test_it_is_posted_where_panelist_has_not_been_added(
    house: Northwind, riley: Person
) -> None:
    message = await posts(riley, ENGINEERING)
    assert message.blocks[0]["text"]["text"] == "Senior Backend Developer"


async def test_where_panelist_cannot_post_the_recruiter_hears_why_and_posts_again(
    house: Northwind, riley: Person
) -> None:
    channels = house.scene.workspace.channels
    left = tuple(one for one in channels[PRIVATE].members if one != BOT_USER)
    channels[PRIVATE] = replace(channels[PRIVATE], members=left)
    await reviews(riley)
    assert (await riley.submits(post_in=[PRIVATE])).ok
    await riley.closes()
    told = riley.dms()[-1]
    assert "Senior Backend Developer" in shown(told)
    assert "wasn't posted in" in shown(told)
    assert "/invite @Panelist" in shown(told)
    await riley.presses(told, "Post")
    assert (await riley.submits(post_in=[HIRING])).ok
    assert labels(in_channel(house))[0] == "Apply"


async def test_a_notice_that_a_post_was_not_updated_says_why_whatever_is_edited_later(
    house: Northwind, riley: Person
) -> None:
    channels = house.scene.workspace.channels
    without = channels[PRIVATE]
    assert BOT_USER not in without.members
    channels[PRIVATE] = joined = replace(without, members=(*without.members, BOT_USER))
    await posts(riley, PRIVATE)
    channels[PRIVATE] = without
    await edits_pay(riley, house, "80-95k EUR")
    told = riley.dms()[-1]
    assert "wasn't updated in" in shown(told)
    assert "Panelist isn't in the channel" in shown(told)
    channels[PRIVATE] = joined
    await edits_pay(riley, house, "81-95k EUR")
    assert "€81,000–95,000 a year" in shown(in_channel(house, PRIVATE)).replace("\u00a0", " ")
    (after,) = [one for one in riley.dms() if "wasn't updated in" in shown(one)]
    assert shown(after) == shown(told)


async def edits_pay(person: Person, house: Northwind, pay: str) -> None:
    (job,) = await jobs(house)
    await person.types(f"/jd {job.slug}")
    await person.presses(person.newest(), "Edit")
    assert (await person.submits(pay_range=pay)).ok
    await person.closes()
    await house.settles()


async def test_an_edit_is_seen_where_the_job_was_posted(house: Northwind, riley: Person) -> None:
    await posts(riley)
    (job,) = await jobs(house)
    ts = in_channel(house).ts
    await riley.types(f"/jd {job.slug}")
    await riley.presses(riley.newest(), "Edit")
    assert (await riley.submits(pay_range="80-95k EUR")).ok
    after = in_channel(house)
    assert "€80,000–95,000 a year" in shown(after)
    assert after.ts == ts, "where it stands"


@pytest.mark.parametrize(
    ("choice", "title", "told", "buttons"),
    [
        (
            "Pause",
            "Paused · Senior Backend Developer",
            "Not taking applications since",
            ["Full description", "Refer someone"],
        ),
        ("Mark as filled", "Filled · Senior Backend Developer", "Filled on", ["See open jobs"]),
        ("Close job", "Closed · Senior Backend Developer", "Closed on", ["See open jobs"]),
    ],
)
async def test_pausing_filling_and_closing_change_the_post_and_opening_again_brings_it_back(
    house: Northwind,
    riley: Person,
    choice: str,
    title: str,
    told: str,
    buttons: list[str],
) -> None:
    await posts(riley)
    await chooses(riley, house, choice)
    message = in_channel(house)
    assert message.blocks[0]["text"]["text"] == title
    assert told in shown(message)
    assert labels(message) == buttons
    assert message.text.startswith(title)
    async with house.application.database.read() as tx:
        found = await tx.openings.everywhere()
    assert found[0][1].version == 3
    if choice == "Pause":
        await chooses(riley, house, "Open again")
        assert labels(in_channel(house))[0] == "Apply"


async def test_a_job_that_is_over_is_opened_again_from_its_own_post(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    await chooses(riley, house, "Close job")
    sam = house.person(SAM)
    await sam.presses(in_channel(house), "See open jobs")
    assert "No jobs are open right now." in shown(sam.newest())


async def test_after_its_closing_day_a_job_takes_no_applications(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    house.clock.moves(days=60)
    await house.application.openings.tick()
    await house.settles()
    message = in_channel(house)
    assert message.blocks[0]["text"]["text"] == "Applications closed · Senior Backend Developer"
    assert labels(message) == ["Full description"]


async def test_after_its_closing_day_nothing_that_a_person_opens_says_apply_either(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    await posts(riley, title="Payments Lead", where_people_apply="jobs@example.com")
    post = riley.newest(HIRING)
    sam = house.person(SAM)
    await sam.presses(post, "Apply")
    assert "jobs@example.com" in shown(sam.modal)
    await sam.closes()
    house.clock.moves(days=60)
    await sam.presses(post, "Apply")
    assert "This job isn't taking applications." in shown(sam.modal), "the post lags behind"
    await sam.closes()
    await sam.presses(post, "Refer someone")
    assert "Applications for this job have closed." in shown(sam.newest())
    await sam.types("/jd payments-lead")
    assert labels(sam.newest()) == ["Full description"]
    assert shown(sam.newest()).count("Applications closed · /jd payments-lead") == 1
    assert "Applications closed · Payments Lead" in await sam.types("/jd list")
    await riley.types("/jd payments-lead")
    assert labels(riley.newest()) == ["Post", "Edit", "Full description"]


async def test_a_post_that_somebody_removed_is_never_posted_again(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    house.scene.workspace.remove_message(in_channel(house))
    await chooses(riley, house, "Pause")
    await chooses(riley, house, "Open again")
    assert [one for one in house.scene.said(HIRING) if key_of(one).startswith("opening:")] == []


async def test_what_is_edited_while_an_open_job_is_reviewed_is_shown_before_it_is_posted_again(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    (job,) = await jobs(house)
    await riley.types(f"/jd {job.slug}")
    await riley.presses(riley.newest(), "Post")
    morgan = house.person(MORGAN)
    await morgan.types(f"/jd {job.slug}")
    await morgan.presses(morgan.newest(), "Edit")
    assert (await morgan.submits(pay_range="80-95k EUR")).ok
    assert (await riley.submits(post_in=[ENGINEERING])).ok
    assert "€80,000–95,000 a year" in shown(riley.modal).replace("\u00a0", " ")
    assert mentioned(riley.modal)[0] == MORGAN, "who changed it"
    said = house.scene.said(ENGINEERING)
    assert [one for one in said if key_of(one).startswith("opening:")] == []
    assert (await riley.submits(post_in=[ENGINEERING])).ok
    assert "€80,000–95,000" in shown(in_channel(house, ENGINEERING)).replace("\u00a0", " ")


async def test_two_channels_show_the_same_job_and_both_follow(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    (job,) = await jobs(house)
    await riley.types(f"/jd {job.slug}")
    await riley.presses(riley.newest(), "Post")
    assert (await riley.submits(post_in=[ENGINEERING])).ok
    await riley.closes()
    await chooses(riley, house, "Pause")
    for channel in (HIRING, ENGINEERING):
        assert shown(in_channel(house, channel)).startswith("Paused")


async def test_the_whole_text_is_one_press_away(house: Northwind, riley: Person) -> None:
    message = await posts(riley)
    sam = house.person(SAM)
    await sam.presses(message, "Full description")
    (job,) = await jobs(house)
    told = shown(sam.modal)
    for section in job.text:
        for line in (*section.items, *section.paragraphs):
            assert line in told


async def test_an_address_to_apply_at_is_shown_once_apply_is_pressed(
    house: Northwind, riley: Person
) -> None:
    message = await posts(riley, where_people_apply="jobs@example.com")
    sam = house.person(SAM)
    await sam.presses(message, "Apply")
    assert "Send your application to" in shown(sam.modal)
    assert "mailto:jobs@example.com" in str(sam.modal.blocks)


async def test_a_guest_reads_one_sentence_and_leaves_nothing_behind(
    house: Northwind, riley: Person
) -> None:
    message = await posts(riley)
    gus = house.person(GUS)
    for label in ("Full description", "Refer someone"):
        await gus.presses(message, label)
        assert gus.modals == []


async def refers(person: Person, message: Message, **changes: str) -> None:
    await person.presses(message, "Refer someone")
    values = {"name_or_link": "Robin Doe", "why_them,_in_one_sentence": "Fixed our <search>."}
    result = await person.submits(**values | changes)
    assert result.ok, (result.errors, result.error)


async def test_a_referral_is_kept_as_a_candidate_and_the_recruiter_gets_it_with_credit(
    house: Northwind, riley: Person
) -> None:
    message = await posts(riley)
    before = len(house.scene.said(HIRING))
    sam = house.person(SAM)
    await sam.presses(message, "Refer someone")
    assert mentioned(sam.modal) == [RILEY]
    assert "gets this, with your name" in shown(sam.modal)
    await sam.closes()
    await refers(sam, message)
    assert "Thanks!" in shown(sam.modal)
    told = riley.dms()[-1]
    assert told.text == "New referral: Senior Backend Developer"
    assert mentioned(told) == [SAM]
    assert "Robin Doe" in shown(told)
    assert "Fixed our <search>." in shown(told)
    assert len(house.scene.said(HIRING)) == before, "no word of it in the channel"
    (job,) = await jobs(house)
    async with house.application.database.read() as tx:
        ((_, application),) = await tx.applications.everywhere()
        ((_, person),) = await tx.candidates.everywhere()
    assert (application.stage, application.source) == (Stage.APPLIED, Source.REFERRAL)
    assert (application.referrer, application.opening) == (SAM, job.id)
    assert (application.candidate, person.name) == (person.id, "Robin Doe")


def leaves(house: Northwind, *users: str) -> None:
    """Slack takes no messages to them any more."""
    people = house.scene.workspace.users
    people |= {user: replace(people[user], deleted=True) for user in users}


async def test_whom_the_recruiter_cannot_be_told_of_the_hiring_manager_hears_of(
    house: Northwind, riley: Person
) -> None:
    message = await posts(riley)
    leaves(house, RILEY)
    sam = house.person(SAM)
    await refers(sam, message)
    await house.settles()
    told = house.person(MORGAN).dms()[-1]
    assert told.text == "New referral: Senior Backend Developer"
    assert "Robin Doe" in shown(told)
    assert mentioned(told) == [SAM, RILEY]
    assert "so you get this" in shown(told)
    assert sam.dms() == [], "as it has reached somebody"


async def test_whoever_referred_somebody_hears_where_nobody_could_be_told(
    house: Northwind, riley: Person
) -> None:
    message = await posts(riley)
    leaves(house, RILEY, MORGAN)
    sam = house.person(SAM)
    await refers(sam, message)
    await house.settles()
    told = sam.dms()[-1]
    assert told.text == "Your referral reached no one: Senior Backend Developer"
    assert "No one got your referral of Robin Doe" in shown(told).replace("\n", "")
    assert await count(house, "candidates") == 1


async def test_somebody_is_referred_by_a_link_too(house: Northwind, riley: Person) -> None:
    message = await posts(riley)
    await refers(house.person(SAM), message, name_or_link="https://example.com/in/robin-doe/")
    async with house.application.database.read() as tx:
        ((_, person),) = await tx.candidates.everywhere()
    assert person.link == "https://example.com/in/robin-doe/"
    assert person.name == "example.com/in/robin-doe"
    assert "https://example.com/in/robin-doe/" in str(riley.dms()[-1].blocks)


@pytest.mark.parametrize(
    ("values", "label"),
    [
        ({"name_or_link": "\u200b"}, "Name or link"),
        ({"name_or_link": "x" * 200}, "Name or link"),
        ({"why_them,_in_one_sentence": " "}, "Why them, in one sentence"),
    ],
)
async def test_a_referral_of_nobody_or_for_no_reason_is_refused_at_its_field(
    house: Northwind, riley: Person, values: dict[str, str], label: str
) -> None:
    message = await posts(riley)
    sam = house.person(SAM)
    await sam.presses(message, "Refer someone")
    given = {"name_or_link": "Robin Doe", "why_them,_in_one_sentence": "Great."} | values
    result = await sam.submits(**given)
    assert list(result.errors) == [field_of(sam.modal, label)[0]["block_id"]]


async def test_nobody_is_referred_for_a_job_that_closed_while_the_form_was_open(
    house: Northwind, riley: Person
) -> None:
    message = await posts(riley)
    alex = house.person(ALEX)
    await alex.presses(message, "Refer someone")
    await chooses(riley, house, "Close job")
    values = {"name_or_link": "Robin Doe", "why_them,_in_one_sentence": "Great."}
    await alex.submits(**values)
    assert "There's no such opening, or it isn't open." in shown(alex.modal)
    assert await count(house, "candidates") == 0


async def count(house: Northwind, table: str) -> int:
    async with house.application.database.read() as tx:
        found = await tx.connection.execute(text(f"SELECT count(*) FROM {table}"))
    return int(found.scalar_one())


async def test_jobs_come_first_in_the_list_with_what_to_type(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    await reviews(riley, "/jd open data engineer", pay_range="60-70k EUR")
    await riley.closes()
    sam = house.person(SAM)
    told = await sam.types("/jd list")
    assert told.index("Open jobs") < told.index("Roles")
    assert "(senior-backend-developer-berlin)" in told
    assert "€75,000–92,000 a year" in told
    assert "Drafts" not in told
    mine = await riley.types("/jd list")
    assert mine.index("Drafts") < mine.index("Roles")
    assert "Data Engineer · Berlin" in mine
    assert "Open jobs" not in await sam.types("/jd list engineering")


async def test_a_job_is_shown_by_its_name_with_what_each_may_do(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    (job,) = await jobs(house)
    sam = house.person(SAM)
    await sam.types(f"/jd {job.slug}")
    assert labels(sam.newest()) == ["Apply", "Full description", "Refer someone"]
    await riley.types(f"/jd {job.slug}")
    assert labels(riley.newest()) == ["Post", "Edit", "Full description", "Share"]
    assert "Only you can see this." in shown(riley.newest())


async def test_two_jobs_of_one_title_are_told_apart(house: Northwind, riley: Person) -> None:
    await posts(riley, title="Payments Lead", team="Core")
    await posts(riley, title="Payments Lead", team="Cards")
    sam = house.person(SAM)
    told = await sam.types("/jd payments lead")
    assert "There are 2 openings called “payments lead”." in told
    await sam.presses(sam.newest(), "Show", 1)
    assert "Core" in shown(sam.newest())
    assert {job.slug for job in await jobs(house)} == {"payments-lead", "payments-lead-cards"}

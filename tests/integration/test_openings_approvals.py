"""Approval in Slack: a job is sent, read by somebody else, answered, then posted."""

import pytest

from bot.domain.openings.opening import OpeningStatus
from bot.playground.rules.limits import faults
from bot.playground.state.models import Message
from handlers.ids import SETTINGS_APPROVERS
from tests.integration.test_openings_postings import chooses, edits_pay, in_channel, labels
from tests.support.jobs import begins, fills_in, jobs, posts
from tests.support.northwind import (
    ANA,
    HIRING,
    MORGAN,
    PRIYA,
    RILEY,
    SAM,
    Northwind,
    Person,
    key_of,
    mentioned,
    shown,
)


@pytest.fixture
def morgan(house: Northwind) -> Person:
    return house.person(MORGAN)


@pytest.fixture
def ana(house: Northwind) -> Person:
    """An admin of the workspace."""
    return house.person(ANA)


async def opens_settings(ana: Person) -> None:
    house = ana.house
    await house.scene.delivery.open_home(ana.user)
    await house.settles()
    await house.scene.until(lambda: house.scene.workspace.home(ana.user))
    home = house.scene.workspace.home(ana.user)
    assert home is not None
    await ana.presses(home, "Workspace settings")


async def names(ana: Person, *approvers: str) -> None:
    """Chooses approvers in the form that is open."""
    block = next(
        block
        for block in ana.modal.blocks
        if block.get("accessory", {}).get("action_id") == SETTINGS_APPROVERS.action
    )
    where = (block["block_id"], SETTINGS_APPROVERS.action)
    await ana.house.scene.delivery.press(ana.user, ana.modal, *where, list(approvers))
    await ana.house.settles()


async def requires_approval(ana: Person, *approvers: str) -> None:
    await opens_settings(ana)
    await names(ana, *(approvers or (MORGAN, SAM)))
    await ana.chooses(ana.modal, "Required")
    assert "Required" in shown(ana.modal)
    await ana.closes()


async def sends(riley: Person, **changes: str) -> None:
    """Opens a job and sends it for approval."""
    await begins(riley)
    assert (await fills_in(riley, **changes)).ok
    assert riley.modal.payload["submit"]["text"] == "Send for approval"
    assert "Post in" not in shown(riley.modal)
    assert (await riley.submits()).ok
    assert riley.modal.payload["title"]["text"] == "Sent for approval"
    await riley.closes()


def asked(person: Person) -> Message:
    """The last message by which somebody was asked to approve a job."""
    return [one for one in person.dms() if key_of(one).startswith("approval:")][-1]


def answers(person: Person) -> list[Message]:
    return [one for one in person.dms() if key_of(one).startswith("answered:")]


async def approves(person: Person) -> None:
    await person.presses(asked(person), "Review")
    assert (await person.submits()).ok
    assert person.modal.payload["title"]["text"] == "Approved"
    await person.closes()


async def test_a_job_is_sent_approved_and_then_posted_where_its_recruiter_likes(
    house: Northwind, riley: Person, morgan: Person, ana: Person
) -> None:
    await requires_approval(ana)
    await sends(riley)
    assert house.scene.said(HIRING, SAM) == []
    told = asked(morgan)
    assert "Waiting for your approval" in shown(told)
    assert "Senior Backend Developer" in shown(told)
    assert mentioned(told)[0] == RILEY
    assert "€75,000–92,000 a year" in shown(told).replace("\u00a0", " ")
    assert faults("message", {"text": told.text, "blocks": told.blocks}) == []
    await morgan.presses(told, "Review")
    read = morgan.modal
    assert "What you'll bring" in shown(read)
    assert "Apply at https://jobs.example.com/7" in shown(read)
    assert faults("modal", read.payload) == []
    assert (await morgan.submits()).ok
    assert "Nothing is posted yet." in shown(morgan.modal)
    assert house.scene.said(HIRING, SAM) == [], "approval posts nothing"
    (answer,) = answers(riley)
    assert "Approved" in shown(answer)
    assert mentioned(answer) == [MORGAN]
    assert "Approved" in shown(asked(house.person(SAM))), "the other approver's is edited in place"
    assert labels(asked(house.person(SAM))) == []
    await riley.presses(answer, "Post")
    assert (await riley.submits(post_in=[HIRING])).ok
    assert labels(in_channel(house))[0] == "Apply"
    (answer,) = answers(riley)
    assert labels(answer) == []
    (job,) = await jobs(house)
    async with house.application.database.read() as tx:
        entries = await tx.audit.since(house.scene.workspace.team.id, job.id, 0)
    done = [(one.actor, one.action) for one in entries]
    assert sorted(done) == [
        (MORGAN, "opening.approved"),
        (RILEY, "opening.made"),
        (RILEY, "opening.opened"),
        (RILEY, "opening.posted"),
        (RILEY, "opening.sent"),
    ]


async def test_a_job_is_sent_back_with_a_reason_that_its_people_alone_read(
    house: Northwind, riley: Person, morgan: Person, ana: Person
) -> None:
    await requires_approval(ana)
    await sends(riley)
    await morgan.presses(asked(morgan), "Review")
    await morgan.presses(morgan.modal, "Send back")
    refused = await morgan.submits(what_should_change="   ")
    assert not refused.ok
    assert (await morgan.submits(what_should_change="<@U0SAM> *The pay* is too low.")).ok
    await morgan.closes()
    (answer,) = answers(riley)
    assert "Sent back" in shown(answer)
    assert "<@U0SAM> *The pay* is too low." in shown(answer), "it is shown as it was typed"
    assert "too low" not in shown(asked(house.person(SAM)))
    assert "too low" not in answer.text
    await riley.presses(answer, "Edit")
    assert (await riley.submits(pay_range="85-99k EUR")).ok
    assert "too low" in shown(riley.modal)
    assert (await riley.submits()).ok
    await riley.closes()
    await approves(morgan)
    assert ["Sent back" in shown(one) for one in answers(riley)] == [True, False]


async def test_where_approval_is_required_nothing_is_posted_without_it(
    house: Northwind, riley: Person, ana: Person
) -> None:
    """The form was open since before."""
    await begins(riley)
    assert (await fills_in(riley)).ok
    await requires_approval(ana)
    assert not (await riley.submits(post_in=[HIRING])).ok or "approve" in shown(riley.modal)
    assert house.scene.said(HIRING, SAM) == []
    (job,) = await jobs(house)
    assert job.status is OpeningStatus.DRAFT
    text = await riley.types(f"/jd {job.slug}")
    assert "Draft" in text
    assert labels(riley.newest())[0] == "Send for approval"


async def test_an_approved_draft_that_is_edited_has_to_be_approved_again(
    house: Northwind, riley: Person, morgan: Person, ana: Person
) -> None:
    await requires_approval(ana)
    await sends(riley)
    await approves(morgan)
    await edits_pay(riley, house, "90-120k EUR")
    (answer,) = answers(riley)
    assert "It has changed since" in shown(answer)
    assert labels(answer) == ["Send for approval"]
    await edits_pay(riley, house, "75-92k EUR")
    (answer,) = answers(riley)
    assert labels(answer) == ["Post"], "it is what was approved again"


async def test_what_is_not_public_needs_no_approval(
    house: Northwind, riley: Person, morgan: Person, ana: Person
) -> None:
    await requires_approval(ana)
    await sends(riley)
    await approves(morgan)
    await riley.presses(answers(riley)[0], "Post")
    await riley.presses(riley.modal, "Edit")
    await riley.presses(riley.modal, "More")
    assert (await riley.submits(seats="3", apply_by="2027-02-01")).ok
    assert riley.modal.payload["submit"]["text"] == "Post"


async def test_a_change_of_an_open_job_is_shown_once_it_is_approved(
    house: Northwind, riley: Person, morgan: Person, ana: Person
) -> None:
    await posts(riley)
    await requires_approval(ana)
    before = shown(in_channel(house))
    await edits_pay(riley, house, "80-95k EUR")
    assert shown(in_channel(house)) == before
    (job,) = await jobs(house)
    sam = house.person(SAM)
    assert "75,000" in await sam.types(f"/jd {job.slug}"), "others read what is public"
    page = await riley.types(f"/jd {job.slug}")
    assert "80,000" in page
    assert "Not public until someone approves it" in page
    assert "pay range" in page
    await riley.presses(riley.newest(), "Send for approval")
    assert "until someone approves the changes" in shown(riley.modal)
    assert (await riley.submits()).ok
    await riley.closes()
    assert "Changed: pay range" in shown(asked(morgan))
    await approves(morgan)
    assert "80,000" in shown(in_channel(house))
    assert "80,000" in await sam.types(f"/jd {job.slug}")
    (after,) = await jobs(house)
    assert after.held is None
    await chooses(riley, house, "Pause")
    await chooses(riley, house, "Open again")
    assert "80,000" in shown(in_channel(house))


async def test_what_its_people_paste_is_what_is_public(
    house: Northwind, riley: Person, ana: Person
) -> None:
    await posts(riley)
    await requires_approval(ana)
    await edits_pay(riley, house, "80-95k EUR")
    (job,) = await jobs(house)
    await riley.types(f"/jd {job.slug}")
    await riley.presses(riley.newest(), "Share")
    assert "75,000" in shown(riley.modal)
    assert "80,000" not in shown(riley.modal)


async def test_whoever_approves_what_has_changed_reads_it_once_more(
    house: Northwind, riley: Person, morgan: Person, ana: Person
) -> None:
    await requires_approval(ana)
    await sends(riley)
    await morgan.presses(asked(morgan), "Review")
    await edits_pay(riley, house, "90-120k EUR")
    assert "90,000" in shown(asked(morgan)), "the message follows"
    assert (await morgan.submits()).ok
    assert "This job has just changed." in shown(morgan.modal)
    assert "changed pay range" in shown(morgan.modal)
    assert answers(riley) == []
    assert (await morgan.submits()).ok
    assert morgan.modal.payload["title"]["text"] == "Approved"
    assert len(answers(riley)) == 1


async def test_of_two_approvers_the_second_reads_that_it_is_done(
    house: Northwind, riley: Person, morgan: Person, ana: Person
) -> None:
    await requires_approval(ana)
    await sends(riley)
    sam = house.person(SAM)
    await sam.presses(asked(sam), "Review")
    await approves(morgan)
    result = await sam.submits()
    assert "Someone else has already approved this job." in (result.error or shown(sam.modal))
    assert len(answers(riley)) == 1


async def test_its_people_withdraw_it(
    house: Northwind, riley: Person, morgan: Person, ana: Person
) -> None:
    await requires_approval(ana)
    await sends(riley)
    (job,) = await jobs(house)
    assert "Waiting for approval · Senior Backend Developer" in await riley.types("/jd list")
    page = await riley.types(f"/jd {job.slug}")
    assert "Waiting for approval" in page
    assert "Post" not in labels(riley.newest())
    await riley.presses(riley.newest(), "Withdraw")
    assert labels(riley.newest())[0] == "Send for approval"
    assert "Withdrawn" in shown(asked(morgan))
    assert labels(asked(morgan)) == []
    assert answers(riley) == [], "who does it knows it"


async def test_whoever_sent_it_hears_that_somebody_else_withdrew_it(
    house: Northwind, riley: Person, morgan: Person, ana: Person
) -> None:
    await requires_approval(ana)
    await sends(riley)
    (job,) = await jobs(house)
    await morgan.types(f"/jd {job.slug}")
    await morgan.presses(morgan.newest(), "Withdraw")
    (answer,) = answers(riley)
    assert "Withdrawn" in shown(answer)
    assert mentioned(answer) == [MORGAN]


async def test_a_job_that_is_closed_waits_no_more(
    house: Northwind, riley: Person, morgan: Person, ana: Person
) -> None:
    await requires_approval(ana)
    await sends(riley)
    await chooses(riley, house, "Close job")
    assert "Withdrawn" in shown(asked(morgan))
    (job,) = await jobs(house)
    assert job.status is OpeningStatus.CLOSED
    await riley.presses(riley.newest(), "Send for approval")


async def test_a_draft_that_was_closed_is_not_opened_past_approval(
    house: Northwind, riley: Person, ana: Person
) -> None:
    await requires_approval(ana)
    await sends(riley)
    await chooses(riley, house, "Close job")
    await riley.chooses(riley.newest(), "Open again")
    result = await riley.submits()
    assert "Send it for approval" in (result.error or shown(riley.modal))
    (job,) = await jobs(house)
    assert job.status is OpeningStatus.CLOSED


async def test_switching_approval_off_lets_what_waits_be_posted(
    house: Northwind, riley: Person, morgan: Person, ana: Person
) -> None:
    await requires_approval(ana)
    await sends(riley)
    await morgan.presses(asked(morgan), "Review")
    await opens_settings(ana)
    await ana.chooses(ana.modal, "Not required")
    await ana.closes()
    assert "Approval isn't required" in shown(asked(morgan))
    (answer,) = answers(riley)
    assert mentioned(answer) == [ANA]
    result = await morgan.submits()
    assert "don't need approval" in (result.error or shown(morgan.modal))
    await riley.presses(answer, "Post")
    assert (await riley.submits(post_in=[HIRING])).ok
    assert labels(in_channel(house))[0] == "Apply"


async def test_what_was_held_when_approval_was_switched_off_is_shown_at_the_next_save(
    house: Northwind, riley: Person, ana: Person
) -> None:
    await posts(riley)
    await requires_approval(ana)
    await edits_pay(riley, house, "80-95k EUR")
    await opens_settings(ana)
    await ana.chooses(ana.modal, "Not required")
    assert "75,000" in shown(in_channel(house)), "nobody has said that it may be shown"
    (job,) = await jobs(house)
    assert "Not public until you save or post it" in await riley.types(f"/jd {job.slug}")
    await riley.presses(riley.newest(), "Edit")
    assert (await riley.submits()).ok
    assert "80,000" in shown(in_channel(house))


async def test_nobody_approves_what_they_wrote(
    house: Northwind, riley: Person, morgan: Person, ana: Person
) -> None:
    """Morgan, who approves, is the job's hiring manager and edits it while it waits."""
    await requires_approval(ana)
    await sends(riley)
    await edits_pay(morgan, house, "90-120k EUR")
    await morgan.presses(asked(morgan), "Review")
    assert "You wrote part of this job" in shown(morgan.whispers()[-1])
    await approves(house.person(SAM))


async def test_whoever_is_no_approver_any_more_approves_nothing(
    house: Northwind, riley: Person, morgan: Person, ana: Person
) -> None:
    await requires_approval(ana)
    await sends(riley)
    await opens_settings(ana)
    await names(ana, SAM, PRIYA)
    await morgan.presses(asked(morgan), "Review")
    assert "Only an approver or an admin can approve this." in shown(morgan.whispers()[-1])
    await approves(house.person(SAM))


async def test_an_admin_approves_from_the_jobs_page(
    house: Northwind, riley: Person, ana: Person
) -> None:
    """Whom the workspace doesn't name isn't told, but may."""
    await requires_approval(ana)
    await sends(riley)
    assert [one for one in ana.dms() if key_of(one).startswith("approval:")] == []
    (job,) = await jobs(house)
    await ana.types(f"/jd {job.slug}")
    await ana.presses(ana.newest(), "Review")
    assert (await ana.submits()).ok
    assert mentioned(answers(riley)[0]) == [ANA]

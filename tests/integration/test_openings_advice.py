"""Advice before a job is posted: for whoever posts it alone, and never in the way."""

from bot.domain.openings.opening import OpeningStatus
from bot.domain.openings.text import BULLET
from bot.playground.state.models import View
from tests.support.jobs import begins, fills_in, jobs, posts, reviews
from tests.support.northwind import (
    HIRING,
    MORGAN,
    SAM,
    Northwind,
    Person,
    field_of,
    key_of,
    shown,
)

COLORADO = "Denver, CO"
NATIVE = "You're a native German speaker."


def title(modal: View) -> str:
    return modal.payload["title"]["text"]


def submit(modal: View) -> str:
    return modal.payload["submit"]["text"]


def posted(house: Northwind) -> list[str]:
    return [shown(one) for one in house.scene.said(HIRING) if key_of(one).startswith("opening:")]


async def adds_requirement(riley: Person, requirement: str) -> None:
    """In the form of the posting's text, which is on top."""
    heading = "What you'll bring"
    _, element = field_of(riley.modal, heading)
    typed = f"{element['initial_value']}\n{BULLET}{requirement}"
    result = await riley.submits(**{"what_you'll_bring": typed})
    assert result.ok, (result.errors, result.error)


async def in_colorado(riley: Person, **changes: str) -> None:
    """Opens a job as far as its review, with nothing that Colorado asks for."""
    asked = {"where": COLORADO, "pay_range": "", "why_no_pay_is_shown": "We decide together."}
    await begins(riley)
    assert (await fills_in(riley, **{**asked, "apply_by": "", **changes})).ok


async def test_nothing_is_shown_where_there_is_nothing_to_say(riley: Person) -> None:
    await reviews(riley)
    assert (title(riley.modal), submit(riley.modal)) == ("Review and post", "Post")
    assert "to look at" not in shown(riley.modal)


async def test_whoever_posts_is_told_before_what_the_law_asks_for_and_where_that_is_from(
    house: Northwind, riley: Person
) -> None:
    await in_colorado(riley)
    told = shown(riley.modal)
    assert title(riley.modal) == "Before you post"
    assert "3 things to look at" in told
    assert "No pay range" in told
    assert "Colorado asks for the pay in the posting" in told
    assert "No last day to apply" in told
    assert "No word on benefits" in told
    assert "Law, Colorado" in told
    assert "<https://leg.colorado.gov/bills/sb23-105|Equal Pay for Equal Work Act" in told
    assert "checked\u00a0" in told or "checked Mon" in told
    assert "Only you can see this. This is advice, not legal advice." in told
    assert posted(house) == []
    assert house.scene.said(HIRING, SAM) == [], "nobody else hears of it"


async def test_a_job_is_posted_anyway(house: Northwind, riley: Person) -> None:
    await in_colorado(riley)
    assert submit(riley.modal) == "Post anyway"
    assert (await riley.submits(post_in=[HIRING])).ok
    (job,) = await jobs(house)
    assert job.status is OpeningStatus.OPEN
    (message,) = posted(house)
    assert "to look at" not in message
    assert "advice" not in message


async def test_what_an_edit_mends_is_gone_from_the_review(riley: Person) -> None:
    await in_colorado(riley)
    await riley.presses(riley.modal, "Edit")
    await riley.presses(riley.modal, "More")
    assert (await riley.submits(pay_range="90-110k USD", apply_by="2027-01-15")).ok
    told = shown(riley.modal)
    assert "1 thing to look at" in told
    assert "No word on benefits" in told
    assert "No pay range" not in told


async def test_words_are_quoted_and_the_text_is_a_press_away(riley: Person) -> None:
    await reviews(riley)
    await riley.presses(riley.modal, "Edit", 1)
    await adds_requirement(riley, NATIVE)
    told = shown(riley.modal)
    assert "“native German speaker”" in told
    assert "What you'll bring, line 8" in told
    await riley.presses(riley.modal, "Edit text")
    assert title(riley.modal) == "Posting text"


async def test_what_was_posted_anyway_is_not_said_again_but_what_an_edit_brings_is(
    house: Northwind, riley: Person
) -> None:
    await in_colorado(riley)
    assert (await riley.submits(post_in=[HIRING])).ok
    await riley.closes()
    (job,) = await jobs(house)
    await riley.types(f"/jd {job.slug}")
    await riley.presses(riley.newest(), "Post")
    assert (title(riley.modal), submit(riley.modal)) == ("Review and post", "Post")
    await riley.presses(riley.modal, "Edit", 1)
    await adds_requirement(riley, NATIVE)
    assert title(riley.modal) == "Before you post"
    told = shown(riley.modal)
    assert "1 thing to look at" in told
    assert "“native German speaker”" in told
    assert "No pay range" not in told


async def test_an_edit_of_a_posted_job_is_told_of_on_its_page(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    (job,) = await jobs(house)
    await riley.types(f"/jd {job.slug}")
    await riley.chooses(riley.newest(), "Edit text")
    await adds_requirement(riley, NATIVE)
    told = shown(riley.newest())
    assert "1 thing to look at" in told
    assert "“native German speaker”" in told
    assert "to look at" not in shown(house.scene.said(HIRING, SAM)[-1])


async def test_a_form_of_a_posted_job_leads_to_what_is_new_alone(
    house: Northwind, riley: Person
) -> None:
    await in_colorado(riley)
    assert (await riley.submits(post_in=[HIRING])).ok
    await riley.closes()
    (job,) = await jobs(house)
    await riley.types(f"/jd {job.slug}")
    await riley.presses(riley.newest(), "Edit")
    assert (await riley.submits(title="Database Ninja")).ok
    told = shown(riley.modal)
    assert "1 thing to look at" in told
    assert "“Ninja”" in told
    assert "Title" in told


async def test_words_of_people_are_shown_as_they_are(riley: Person) -> None:
    await begins(riley)
    assert (await fills_in(riley, title="<!channel> *Ninja* & Co")).ok
    told = shown(riley.modal)
    assert "“Ninja”" in told
    assert "1 thing to look at" in told


CODED = ("rockstar", "guru", "wizard", "jedi", "samurai", "hustle", "salesman", "foreman")
MANY = "\n".join(
    f"{BULLET}A {one} and a native speaker, number {number}" for number in range(3) for one in CODED
)


async def test_many_findings_fit_into_the_review(riley: Person) -> None:
    await reviews(riley)
    await riley.presses(riley.modal, "Edit", 1)
    assert (await riley.submits(**{"what_you'll_bring": MANY})).ok
    told = shown(riley.modal)
    assert "things to look at" in told
    assert "more show up as you deal with these." in told


async def test_many_findings_fit_on_the_page_of_a_posted_job(
    house: Northwind, riley: Person
) -> None:
    await posts(riley)
    (job,) = await jobs(house)
    await riley.types(f"/jd {job.slug}")
    await riley.chooses(riley.newest(), "Edit text")
    assert (await riley.submits(**{"what_you'll_bring": MANY})).ok
    told = shown(riley.newest())
    assert told.count("Law, ") == 5
    assert "more show up as you deal with these." in told


async def test_words_that_someone_else_has_changed_meanwhile_are_left_as_they_are(
    house: Northwind, riley: Person
) -> None:
    await reviews(riley)
    await riley.presses(riley.modal, "Edit", 1)
    await adds_requirement(riley, "You're a rockstar.")
    morgan = house.person(MORGAN)
    (job,) = await jobs(house)
    await morgan.types(f"/jd {job.slug}")
    await morgan.chooses(morgan.newest(), "Edit text")
    _, element = field_of(morgan.modal, "What you'll bring")
    kind = element["initial_value"].replace("You're a rockstar.", "You sell lamps.")
    assert (await morgan.submits(**{"what_you'll_bring": kind})).ok
    await riley.presses(riley.modal, "Use this")
    assert (title(riley.modal), submit(riley.modal)) == ("Review and post", "Post")
    (job,) = await jobs(house)
    assert "You sell lamps." in [line for section in job.text for line in section.items]


async def test_another_word_is_put_in_with_one_press(house: Northwind, riley: Person) -> None:
    await reviews(riley)
    await riley.presses(riley.modal, "Edit", 1)
    await adds_requirement(riley, "Salesmen like you, and you're a rockstar.")
    assert "2 things to look at" in shown(riley.modal)
    await riley.presses(riley.modal, "Use this")
    told = shown(riley.modal)
    assert "1 thing to look at" in told
    assert "“rockstar”" in told
    (job,) = await jobs(house)
    lines = [line for section in job.text for line in section.items]
    assert "Salespeople like you, and you're a rockstar." in lines
    await riley.presses(riley.modal, "Use this")
    assert (title(riley.modal), submit(riley.modal)) == ("Review and post", "Post")
    (job,) = await jobs(house)
    lines = [line for section in job.text for line in section.items]
    assert "Salespeople like you, and you're an expert." in lines

"""`/jd` in all its forms, as people use it at the page."""

import pytest_asyncio
from playwright.async_api import Locator, expect

from tests.support.browser import IN_BROWSER, Browsing, Seat
from tests.support.demo import Demo
from tests.support.playground import ANA, ENGINEERING, HIRING, RILEY

pytestmark = IN_BROWSER

MORGAN, PRIYA = "U0MANAGER", "U0PRIYA"
PICKER = "Post a job description"


@pytest_asyncio.fixture(loop_scope="session")
async def riley(demo: Demo, browsing: Browsing) -> Seat:
    return Seat(await browsing.opens(demo.at(RILEY, HIRING)))


def headed(message: Locator, title: str) -> Locator:
    return message.get_by_role("heading", name=title, exact=True)


async def posted_by(slot: Seat, role: str) -> Locator:
    """The message with this role's description, just posted."""
    message = await slot.says(f"/jd {role}")
    await expect(message.get_by_role("button", name="Hiring guide")).to_be_attached()
    return await slot.that(message)


async def acts_as(slot: Seat, person: str) -> None:
    await slot.page.get_by_label("Act as").select_option(person)
    await slot.page.wait_for_url(f"**/as/{person}/*")


async def test_a_role_by_any_name_is_posted_for_everybody(riley: Seat) -> None:
    message = await riley.says("/jd SRE")
    await expect(headed(message, "Site Reliability Engineer")).to_be_visible()
    await expect(message).not_to_contain_text("Only visible to you")


async def test_a_slip_is_asked_about_and_one_press_posts(riley: Seat) -> None:
    guess = await riley.says("/jd backend-develper")
    await expect(guess).to_contain_text("Only visible to you")
    await expect(guess).to_contain_text("No role is called “backend-develper”. Did you mean:")
    asked = await riley.that(guess)
    await guess.get_by_role("button", name="Post Backend Developer").click()
    await expect(headed(riley.newest, "Backend Developer")).to_be_visible()
    await expect(asked).to_have_count(0)


async def test_where_nothing_is_near_nothing_can_be_posted_by_mistake(riley: Seat) -> None:
    answer = await riley.says("/jd xqzzy")
    await expect(answer).to_contain_text("There's no role called “xqzzy”.")
    await expect(answer).to_contain_text("/jd list shows every role. To add a role, give")
    await expect(answer.get_by_role("button", name="Post")).to_have_count(0)


async def test_alone_it_opens_a_picker_that_previews_and_posts(riley: Seat) -> None:
    await riley.types("/jd")
    picker = riley.modal(PICKER)
    role = picker.get_by_role("combobox", name="Role")
    await role.press_sequentially("data")
    titles = picker.get_by_role("option").filter(visible=True).locator("span")
    await expect(titles).to_have_text(["Data Analyst", "Data Engineer", "Data Scientist"])
    await picker.get_by_role("option", name="Data Scientist").click()
    await expect(headed(picker, "Data Scientist")).to_be_visible()
    await expect(picker.get_by_text("What you'll bring", exact=True)).to_be_attached()
    await picker.get_by_role("button", name="Post").click()
    await expect(picker).to_be_hidden()
    await expect(headed(riley.newest, "Data Scientist")).to_be_visible()
    await expect(riley.newest).not_to_contain_text("Only visible to you")


async def test_the_picker_asks_for_a_role_and_escape_leaves_it(riley: Seat) -> None:
    await riley.types("/jd")
    picker = riley.modal(PICKER)
    await picker.get_by_role("button", name="Post").click()
    await expect(picker.get_by_role("alert").filter(visible=True)).to_have_text(
        "Please complete this required field."
    )
    await riley.page.keyboard.press("Escape")
    await expect(picker).to_be_hidden()
    await expect(riley.composer).to_be_focused()


async def test_a_reload_closes_the_picker_as_slack_does_and_it_opens_again(
    demo: Demo, browsing: Browsing
) -> None:
    priya = Seat(await browsing.opens(demo.at(PRIYA, HIRING)))
    await priya.types("/jd")
    picker = priya.modal(PICKER)
    await picker.get_by_role("combobox", name="Role").press_sequentially("mobile")
    await priya.page.keyboard.press("Enter")
    await expect(headed(picker, "Mobile Engineer")).to_be_visible()
    await priya.page.reload()
    await expect(picker).to_be_hidden()
    await priya.types("/jd")
    await picker.get_by_role("combobox", name="Role").press_sequentially("mobile")
    await priya.page.keyboard.press("Enter")
    await expect(headed(picker, "Mobile Engineer")).to_be_visible()
    await picker.get_by_role("button", name="Post").click()
    await expect(headed(priya.newest, "Mobile Engineer")).to_be_visible()


async def test_a_preview_is_seen_by_one_and_posted_by_its_button(riley: Seat) -> None:
    preview = await riley.says("/jd preview product designer")
    await expect(preview).to_contain_text("Only visible to you")
    await expect(headed(preview, "Product Designer")).to_be_visible()
    await preview.get_by_role("button", name="Post here").click()
    await expect(riley.newest.get_by_role("button", name="Hiring guide")).to_be_attached()
    await expect(headed(riley.newest, "Product Designer")).to_be_attached()


async def test_lists_and_help_are_for_the_person_alone(riley: Seat) -> None:
    for line, *answers in (
        ("/jd list", "Engineering", "Backend Developer  (backend-developer)", "Product Manager"),
        ("/jd list design", "Product Designer"),
        ("/jd help", "/jd preview backend-developer  shows it to you alone"),
    ):
        answer = await riley.that(await riley.says(line))
        await expect(answer).to_contain_text("Only visible to you")
        for expected in answers:
            await expect(answer).to_contain_text(expected)
        await answer.get_by_role("button", name="Dismiss").click()
        await expect(answer).to_have_count(0)


async def test_guide_and_questions_answer_the_asking_person_alone(
    demo: Demo, browsing: Browsing
) -> None:
    morgan = Seat(await browsing.opens(demo.at(MORGAN, ENGINEERING)))
    alex = Seat(await browsing.opens(demo.at("U0ALEX", ENGINEERING)))
    posted = await posted_by(morgan, "full-stack-engineer")
    for button, title in (
        ("Hiring guide", "Full Stack Engineer: hiring guide"),
        ("Interview questions", "Full Stack Engineer: interview questions"),
    ):
        await posted.get_by_role("button", name=button).click()
        answer = morgan.messages.filter(has=morgan.page.get_by_role("heading", name=title))
        await expect(answer).to_contain_text("Only visible to you")
    await expect(alex.newest.get_by_role("heading", name="Full Stack Engineer")).to_be_attached()
    await expect(alex.log.get_by_text("Only visible to you")).to_have_count(0)


async def test_the_menu_gives_the_text_to_take_away(riley: Seat) -> None:
    posted = await posted_by(riley, "product-manager")
    for choice, start in (("Get Markdown", "# Product Manager"), ("Get HTML", "<h1>")):
        await riley.chooses(posted, choice)
        await expect(riley.newest.locator("pre").first).to_contain_text(start)
        await expect(riley.newest).to_contain_text("Only visible to you")


async def test_a_post_is_removed_by_its_poster_or_an_admin_and_nobody_else(riley: Seat) -> None:
    mine = await posted_by(riley, "engineering-manager")
    other = await posted_by(riley, "devops-engineer")

    await riley.chooses(mine, "Remove")
    await riley.modal("Remove job description").get_by_role("button", name="Remove").click()
    await expect(mine).to_contain_text("removed this job description")

    await acts_as(riley, MORGAN)
    await riley.chooses(other, "Remove")
    await expect(riley.newest).to_contain_text("Only the person who posted this, or an admin")
    await expect(other).to_have_count(1)

    await acts_as(riley, ANA)
    await riley.chooses(other, "Remove")
    await riley.modal("Remove job description").get_by_role("button", name="Remove").click()
    await expect(other).to_contain_text("removed this job description")


async def test_whatever_is_typed_is_text_and_answered_in_a_sentence(riley: Seat) -> None:
    for text in ("<script>document.title='taken'</script>", "<!channel>", "x" * 3000):
        answer = await riley.says(f"/jd {text}")
        await expect(answer).to_contain_text(f"There's no role called “{text[:60]}")
        await expect(answer).to_contain_text("Only visible to you")
        assert len(await answer.inner_text()) < 700
    assert await riley.page.title() != "taken"

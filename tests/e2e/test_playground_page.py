"""The playground's page in a real browser, with a foreign Bolt app of a few lines behind it."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect
from slack_bolt.app.async_app import AsyncApp

from tests.support.browser import IN_BROWSER, Browsing
from tests.support.playground import HIRING, RILEY, Scene, both

MARKUP = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"

pytestmark = IN_BROWSER


def text(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def field(name: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    element = {"action_id": "a", **element}
    return {"type": "input", "block_id": name, "label": text(name), "element": element, **more}


ROLES = [{"text": text(name), "value": name.lower()} for name in ("Baker", "Brewer", "Cook")]
ON_CHARACTER = {"trigger_actions_on": ["on_character_entered"]}
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "notify_on_close": True,
    "title": text("A form"),
    "submit": text("Send"),
    "blocks": [
        field("Notes", {"type": "plain_text_input"}, optional=True),
        field("Role", {"type": "external_select", "min_query_length": 1}),
        field("People", {"type": "multi_users_select"}, optional=True),
        field("Grade", {"type": "radio_buttons", "options": ROLES}, dispatch_action=True),
        field(
            "Draft",
            {"type": "plain_text_input", "dispatch_action_config": ON_CHARACTER},
            dispatch_action=True,
            optional=True,
        ),
        field("Mail", {"type": "email_text_input"}, optional=True),
    ],
}
MESSAGE: list[dict[str, Any]] = [
    {"type": "section", "text": text(MARKUP)},
    {
        "type": "actions",
        "block_id": "buttons",
        "elements": [
            {"type": "button", "action_id": "go", "text": text("Go")},
            {
                "type": "button",
                "action_id": "drop",
                "text": text("Drop"),
                "style": "danger",
                "confirm": {
                    "title": text("Sure?"),
                    "text": text("It is gone then."),
                    "confirm": text("Yes, drop it"),
                    "deny": text("Keep it"),
                },
            },
            {"type": "overflow", "action_id": "more", "options": ROLES},
            {
                "type": "static_select",
                "action_id": "pick",
                "placeholder": text("A role"),
                "options": ROLES,
            },
        ],
    },
]


class App:
    """What the foreign app has been told."""

    def __init__(self) -> None:
        self.pressed: list[tuple[str, Any]] = []
        self.sent: dict[str, Any] = {}
        self.closed = 0

    def register(self, app: AsyncApp) -> None:
        @app.command("/hello")
        async def hello(ack: Any, body: Any, client: Any) -> None:
            if body["text"] == "form":
                await client.views_open(trigger_id=body["trigger_id"], view=FORM)
                await ack()
            elif body["text"] == "broken":
                await ack(text="A message", blocks=[{"type": "header", "text": text("x" * 151)}])
            else:
                await ack(response_type="in_channel", text="A message", blocks=MESSAGE)

        @app.action(re.compile(""))
        async def action(ack: Any, action: Any) -> None:
            chosen = action.get("selected_option") or {}
            name = action["block_id"] if action["action_id"] == "a" else action["action_id"]
            self.pressed.append((name, chosen.get("value") or action.get("value")))
            await ack()

        @app.options("a")
        async def options(ack: Any, payload: Any) -> None:
            found = [role for role in ROLES if payload["value"].lower() in role["value"]]
            await ack(options=found)

        @app.view_closed("form")
        async def closed(ack: Any) -> None:
            self.closed += 1
            await ack()

        @app.view("form")
        async def submitted(ack: Any, view: Any) -> None:
            self.sent = view["state"]["values"]
            if self.sent["Notes"]["a"]["value"] == "wrong":
                await ack(response_action="errors", errors={"Notes": "Not that."})
            else:
                await ack()


@pytest.fixture
def app() -> App:
    return App()


@pytest_asyncio.fixture(loop_scope="session")
async def here(tmp_path: Path, app: App) -> AsyncIterator[Scene]:
    async with both(tmp_path, "http", app.register) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def page(here: Scene, browsing: Browsing) -> Page:
    return await browsing.opens(here.address)


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message #hiring")


async def says(page: Page, line: str) -> None:
    await composer(page).fill(line)
    await composer(page).press("Enter")


async def opens_form(page: Page) -> Locator:
    await says(page, "/hello form")
    form = page.get_by_role("dialog", name="A form")
    await expect(form).to_be_visible()
    return form


async def test_commands_complete_by_keyboard(page: Page) -> None:
    await expect(composer(page)).to_be_focused()
    await page.keyboard.type("/")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("option", name="/raw")).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Tab")
    await expect(composer(page)).to_have_value("/hello ")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log").get_by_role("button", name="Go")).to_be_visible()
    await expect(composer(page)).to_have_value("")


async def test_markup_is_shown_and_never_run(page: Page) -> None:
    await says(page, "/hello")
    await expect(page.get_by_role("log").get_by_text(MARKUP)).to_be_visible()
    await says(page, MARKUP)
    await expect(page.get_by_role("log").get_by_text(MARKUP)).to_have_count(2)
    assert await page.title() != "taken"


async def test_buttons_menus_selects_and_confirms(page: Page, app: App) -> None:
    await says(page, "/hello")
    log = page.get_by_role("log")
    await log.get_by_role("button", name="Go").click()
    await log.get_by_role("button", name="Drop").click()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("alertdialog")).to_be_hidden()
    await log.get_by_role("button", name="Drop").click()
    await page.get_by_role("alertdialog", name="Sure?").get_by_role("button", name="Yes").click()
    await log.get_by_role("button", name="More actions").click()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await log.get_by_role("combobox", name="A role").fill("co")
    async with page.expect_response("**/act/press"):
        await page.keyboard.press("Enter")
    await expect(log.get_by_role("combobox", name="A role")).to_have_value("Cook")
    assert app.pressed == [("go", None), ("drop", None), ("more", "brewer"), ("pick", "cook")]


async def test_a_form_is_filled_refused_and_sent(page: Page, app: App) -> None:
    form = await opens_form(page)
    await form.get_by_role("textbox", name="Notes").fill("wrong")
    await form.get_by_role("combobox", name="Role").fill("b")
    await form.get_by_role("option", name="Brewer").click()
    await form.get_by_role("combobox", name="People").click()
    await form.get_by_role("option", name="Sam Rivera").click()
    await page.keyboard.press("Escape")
    await form.get_by_role("radio", name="Cook").check()
    await form.get_by_role("textbox", name="Mail").fill("nowhere")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_text("valid email")).to_be_visible()
    await form.get_by_role("textbox", name="Mail").fill("riley@example.com")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_text("Not that.")).to_be_visible()
    await expect(form.get_by_role("textbox", name="Notes")).to_be_focused()
    await page.keyboard.press("Control+A")
    await page.keyboard.type("right")
    await page.keyboard.press("Enter")
    await expect(form).to_be_hidden()
    await expect(composer(page)).to_be_focused()
    assert app.sent["Notes"]["a"]["value"] == "right"
    assert app.sent["Role"]["a"]["selected_option"]["value"] == "brewer"
    assert app.sent["People"]["a"]["selected_users"] == ["U0SAM"]
    assert ("Grade", "cook") in app.pressed


async def test_an_update_takes_neither_focus_nor_typed_text(page: Page, here: Scene) -> None:
    form = await opens_form(page)
    notes = form.get_by_role("textbox", name="Notes")
    await notes.click()
    await page.keyboard.type("half a sen")
    view = here.top()
    blocks = [{"type": "section", "text": text("From the app")}, *FORM["blocks"]]
    here.workspace.change_view(view, {**FORM, "blocks": blocks})
    await expect(form.get_by_text("From the app")).to_be_visible()
    await expect(notes).to_be_focused()
    await page.keyboard.type("tence")
    await expect(notes).to_have_value("half a sentence")


async def test_an_update_leaves_a_menu_open_whose_choices_are_the_same(
    page: Page, here: Scene
) -> None:
    await says(page, "/hello")
    message = page.get_by_role("log").get_by_role("article").last
    await message.get_by_role("button", name="More actions").click()
    await page.keyboard.press("ArrowDown")
    said = here.said(HIRING)[-1]
    blocks = [*MESSAGE, {"type": "section", "text": text("From the app")}]
    here.workspace.change_message(said, mark=True, blocks=blocks)
    await expect(message.get_by_text("From the app")).to_be_visible()
    await expect(message.get_by_role("menuitem", name="Brewer")).to_be_focused()
    without = json.loads(json.dumps(blocks).replace("Brewer", "Miller").replace("brewer", "miller"))
    here.workspace.change_message(here.said(HIRING)[-1], mark=True, blocks=without)
    await expect(message.get_by_text("Miller").first).to_be_attached()
    await expect(message.get_by_role("menu")).to_have_count(0)


async def test_a_link_that_has_not_changed_is_not_replaced_under_a_click(page: Page) -> None:
    """As where the page has just opened, and asks for all of its parts."""
    link = await page.locator("#sidebar a").last.element_handle()
    script = await page.locator("script[type=module]").get_attribute("src")
    assert script is not None
    parts = script.replace("page.js", "parts.js")
    await page.evaluate("async parts => (await import(parts)).refresh('sidebar')", parts)
    assert link is not None
    assert await link.evaluate("link => link.isConnected")


async def test_a_reload_closes_the_form_and_the_app_is_not_told(
    page: Page, here: Scene, app: App
) -> None:
    form = await opens_form(page)
    await form.get_by_role("textbox", name="Notes").fill("gone with the page")
    await page.reload()
    await expect(composer(page)).to_be_focused()
    await expect(form).to_have_count(0)
    assert not app.closed
    assert here.workspace.views(RILEY) == []
    form = await opens_form(page)
    await expect(form.get_by_role("textbox", name="Notes")).to_have_value("")
    await page.keyboard.press("Escape")
    await here.until(lambda: app.closed)


async def test_a_form_under_another_keeps_what_was_typed(page: Page, here: Scene) -> None:
    form = await opens_form(page)
    await form.get_by_role("textbox", name="Notes").fill("half a sentence")
    here.workspace.push_modal(RILEY, {**FORM, "title": text("On top")}, HIRING)
    on_top = page.get_by_role("dialog", name="On top")
    await expect(on_top.get_by_role("textbox", name="Notes")).to_have_value("")
    await page.keyboard.press("Escape")
    await expect(form.get_by_role("textbox", name="Notes")).to_have_value("half a sentence")


async def test_the_placeholder_of_a_multi_select_goes_when_somebody_is_chosen(page: Page) -> None:
    form = await opens_form(page)
    people = form.get_by_role("combobox", name="People")
    await expect(people).to_have_attribute("placeholder", "Choose some")
    await people.click()
    await form.get_by_role("option", name="Sam Rivera").click()
    await expect(people).to_have_attribute("placeholder", "")
    await page.keyboard.press("Escape")
    await form.get_by_role("button", name="Remove Sam Rivera").click()
    await expect(people).to_have_attribute("placeholder", "Choose some")


async def test_a_permalink_opens_its_message_as_whoever_follows_it(page: Page, here: Scene) -> None:
    first = await here.client.chat_postMessage(channel=HIRING, text="The very first")
    for number in range(40):
        await here.delivery.message(RILEY, HIRING, f"More, number {number}")
    link = (await here.client.chat_getPermalink(channel=HIRING, message_ts=first["ts"]))[
        "permalink"
    ]
    await here.client.chat_postMessage(channel="C0GENERAL", text=f"<{link}|See here>")
    await page.goto(f"{here.address}/as/U0MANAGER/C0GENERAL")
    await page.get_by_role("link", name="See here").click()
    await expect(page).to_have_url(re.compile(f"/as/U0MANAGER/{HIRING}#m-"))
    await expect(page.get_by_text("The very first")).to_be_in_viewport()


async def test_a_reset_empties_the_page_of_whoever_looks_at_it(page: Page, here: Scene) -> None:
    await says(page, "before the reset")
    await expect(page.get_by_role("article")).to_have_count(1)
    await here.playground.reset()
    await expect(page.get_by_role("article")).to_have_count(0)
    await says(page, "after the reset")
    await expect(page.get_by_role("article")).to_have_count(1)


async def test_reactions_stand_under_a_message(page: Page, here: Scene) -> None:
    posted = await here.client.chat_postMessage(channel=HIRING, text="Hired!")
    for name in ("tada", "party-parrot"):
        await here.client.reactions_add(channel=HIRING, timestamp=posted["ts"], name=name)
    reactions = page.get_by_role("article").get_by_role("list", name="Reactions")
    await expect(reactions).to_have_text(re.compile("🎉 1.*:party-parrot: 1"))


async def test_typing_tells_the_app_once_it_pauses(page: Page, app: App) -> None:
    form = await opens_form(page)
    async with page.expect_response("**/act/press"):
        await form.get_by_role("textbox", name="Draft").press_sequentially("abc")
    assert app.pressed == [("Draft", "abc")]


async def test_tab_stays_in_the_form(page: Page) -> None:
    form = await opens_form(page)
    for key in ["Tab"] * 20 + ["Shift+Tab"] * 20:
        await page.keyboard.press(key)
        assert await form.evaluate("form => form.contains(document.activeElement)")


async def test_two_people_at_once(page: Page, here: Scene, browsing: Browsing) -> None:
    other = await browsing.opens(f"{here.address}/as/U0MANAGER/{HIRING}")
    await says(page, "hello Morgan")
    await expect(other.get_by_role("log").get_by_text("hello Morgan")).to_be_visible()
    await other.get_by_label("Act as").select_option("U0SAM")
    await expect(other).to_have_url(f"{here.address}/as/U0SAM/{HIRING}")


async def test_the_inspector_shows_both_sides_of_the_wire(page: Page) -> None:
    await page.get_by_role("button", name="Inspector").click()
    inspector = page.get_by_role("complementary", name="Inspector")
    await says(page, "/hello")
    await inspector.get_by_text("/hello").click()
    await expect(inspector.get_by_text('"command": "/hello"')).to_be_visible()
    await expect(inspector.get_by_text('"response_type": "in_channel"')).to_be_visible()


async def test_what_slack_would_refuse_is_refused_and_explained(page: Page) -> None:
    await says(page, "/hello broken")
    refusal = '/hello failed with the error "invalid_blocks"'
    await expect(page.get_by_role("article").last).to_contain_text(refusal)
    await page.get_by_role("button", name="Inspector").click()
    inspector = page.get_by_role("complementary", name="Inspector")
    await inspector.get_by_text("/hello").click()
    await expect(inspector).to_contain_text("[json-pointer:/blocks/0/text/text]")


async def test_the_page_says_that_the_app_is_away_and_when_it_is_back(
    page: Page, here: Scene
) -> None:
    banner = page.get_by_role("alert").filter(has_text="not running")
    here.workspace.app_is(False)
    await expect(banner).to_be_visible()
    here.workspace.app_is(True)
    await expect(banner).to_have_count(0)


async def test_a_phone_has_a_menu_and_nothing_overflows(page: Page) -> None:
    await page.set_viewport_size({"width": 375, "height": 800})
    await says(page, "/hello")
    await page.get_by_role("button", name="Channels").click()
    await page.get_by_role("link", name="general").click()
    await expect(page.get_by_role("heading", name="general", level=1)).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 375

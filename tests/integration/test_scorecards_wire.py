"""Scorecards on several devices, twice at once, forged and in outages, on both databases."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from bot.commands.doctor import examine
from bot.config import load_settings
from bot.domain.scorecards.parts import LAST_STEP
from bot.domain.scorecards.scorecard import Choice, ScorecardField
from bot.library.catalogue import Library
from bot.services.messages.panels import Kit
from bot.services.scorecards.forms import Divergence
from bot.storage.database import Database
from handlers.ids import scorecard_field
from handlers.views.messages import VIEWS
from handlers.views.scorecards import form as views
from tests.support.devices import ALEX, Office, office_in, opened, written
from tests.support.panelist import running, text_of
from tests.support.panels import HandClock
from tests.support.scorecards import Desk, of
from tests.support.slack import StandIn, refused
from tests.support.wire import Json, submission_payload

PEOPLE = (ALEX, "USAM", "U1", "UADMIN")


@pytest.fixture
async def office(slack: StandIn, database_url: str, library: Library) -> AsyncIterator[Office]:
    async with office_in(slack, database_url, library) as here:
        yield here


def held(view: Json) -> list[str | None]:
    """What is in a form's inputs."""
    return [block["element"].get("initial_value") for block in view["blocks"] if "element" in block]


async def test_two_devices_end_with_both_texts_in_the_boxes(office: Office) -> None:
    item = await office.item()
    phone, laptop = await office.opens(), await office.opens()
    await laptop.notes("From the laptop.")
    await office.slack.next_call("views.update")
    await phone.gets_to_the_last_step(written(item, evidence="From the phone."))
    merged = (await phone.next()).json["view"]
    assert views.MERGED in text_of(merged)
    assert "From the phone.\n\nFrom the laptop." in held(merged)
    assert await office.count("scorecards") == 0

    await phone.gets_to_the_last_step(written(item, evidence="Both, in other words."))
    assert "Scorecard submitted" in text_of((await phone.submits()).json["view"])
    assert await office.count("scorecards") == 1


async def test_half_an_emoji_and_a_null_are_left_out_and_the_rest_is_kept(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    item = await office.item()
    phone = await office.opens()
    broken = f"Calm under load {chr(0xD83D)} and\0clear."
    await phone.gets_to_the_last_step(written(item, notes=broken))
    await phone.types(ScorecardField.NOTES, broken)
    assert "Scorecard submitted" in text_of((await phone.submits()).json["view"])
    async with office.application.database.read() as tx:
        notes = (await tx.connection.execute(text("SELECT notes FROM scorecard_versions"))).scalar()
    assert notes == "Calm under load  andclear."
    assert "went_wrong" not in caplog.text


async def test_a_device_behind_a_submission_is_shown_what_was_submitted(office: Office) -> None:
    item = await office.item()
    phone, laptop = await office.opens(), await office.opens()
    await laptop.gets_to_the_last_step(written(item, evidence="Submitted."))
    await laptop.submits()
    await phone.gets_to_the_last_step(written(item, evidence="Something else."))
    merged = (await phone.submits()).json["view"]
    assert "Something else.\n\nSubmitted." in held(merged)
    assert await office.count("scorecard_versions") == 1


async def test_a_device_is_shown_ratings_that_another_changed_before_they_are_submitted(
    office: Office,
) -> None:
    """Its last step says nothing of them yet."""
    item = await office.item()
    phone = await office.opens()
    await phone.gets_to_the_last_step(written(item))
    laptop = await office.opens()
    await laptop.goes(item.focus[0])
    await laptop.chooses(ScorecardField.CHOICE, Choice.POOR, laptop.step)
    shown = text_of((await phone.next()).json["view"])
    assert views.NEWS[Divergence.CHANGED] in shown
    assert "· Poor" in shown
    assert await office.count("scorecards") == 0
    assert "Scorecard submitted" in text_of((await phone.submits()).json["view"])


async def test_each_next_is_saved_before_the_next_step_is_shown(office: Office) -> None:
    item, device = await office.item(), await office.opens()
    wrote = written(item)
    for number, id in enumerate(item.focus, start=1):
        assert device.step == id
        device.fills_in(wrote)
        view = (await device.next()).json["view"]
        draft = await office.draft()
        assert draft is not None
        assert draft.of(id) == wrote.of(id)
        assert f"{number + 1} of {len(item.focus) + 1}" in text_of(view)
        assert views.first_line(opened(view)).startswith("Saved at")
    assert device.step == LAST_STEP


async def test_back_saves_the_step_and_shows_the_one_before(office: Office) -> None:
    item, device = await office.item(), await office.opens()
    device.fills_in(written(item))
    await device.next()
    device.holds(ScorecardField.EVIDENCE, "Typed, then back.", device.step)
    await device.goes(item.focus[0])
    assert device.step == item.focus[0]
    draft = await office.draft()
    assert draft is not None
    assert draft.of(item.focus[1]).evidence == "Typed, then back."
    device.holds(ScorecardField.EVIDENCE, "In other words.", device.step)
    await device.next()
    assert "Typed, then back." in held(device.view)


@pytest.mark.parametrize(
    ("choice", "evidence", "missing"),
    [
        ("", "Some words.", ScorecardField.CHOICE),
        (Choice.SOLID, "", ScorecardField.EVIDENCE),
        (Choice.SOLID, "👍", ScorecardField.EVIDENCE),
    ],
)
async def test_what_is_missing_is_said_on_its_own_step_and_the_rest_is_kept(
    office: Office, choice: str, evidence: str, missing: ScorecardField
) -> None:
    device = await office.opens()
    device.holds(ScorecardField.CHOICE, choice, device.step)
    device.holds(ScorecardField.EVIDENCE, evidence, device.step)
    answer = (await device.submits()).json
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {scorecard_field(missing, device.form, device.step).block}
    await office.until(lambda: office.is_kept(evidence))


async def test_a_forged_step_leads_to_one_that_there_is(office: Office) -> None:
    device = await office.opens()
    await device.goes("forged")
    assert device.step == (await office.item()).focus[0]
    device.view |= {"private_metadata": device.token.model_copy(update={"step": "x"}).dump()}
    assert (await device.submits()).json["response_action"] in ("update", "errors")


async def test_submitting_four_times_at_once_makes_one_scorecard_and_one_receipt(
    office: Office,
) -> None:
    device = await office.opens()
    await device.gets_to_the_last_step(written(await office.item()))
    replies = await asyncio.gather(*(device.submits() for _ in range(4)))
    assert all("Scorecard submitted" in text_of(reply.json["view"]) for reply in replies)
    for table in ("scorecards", "scorecard_versions", "closings"):
        assert await office.count(table) == 1

    async def receipts() -> int:
        await office.application.outbox.tick()
        said = office.slack.conversations.said_to(ALEX)
        return [message["text"] for message in said].count("Your scorecard is saved")

    await office.until(receipts)
    assert await receipts() == 1


async def test_typing_fast_writes_at_most_once_a_second_and_the_last_word_always(
    office: Office,
) -> None:
    device = await office.opens()
    words = "Every single letter is sent by itself."
    for end in range(1, len(words) + 1):
        await device.notes(words[:end])

    async def saved() -> bool:
        draft = await office.draft()
        return draft is not None and draft.of(device.step).evidence == words

    await office.until(saved, 3)
    async with office.desk.database.read() as tx:
        draft = await tx.scorecards.draft("T1", (await office.item()).id, ALEX)
    assert draft is not None
    assert draft.revision <= 3
    assert len(office.slack.called("views.update")) <= draft.revision


async def test_what_was_typed_last_is_saved_at_a_stop(
    slack: StandIn, database_url: str, library: Library
) -> None:
    async with office_in(slack, database_url, library) as office:
        device = await office.opens()
        for notes in ("One", "One two", "One two three"):
            await device.notes(notes)
    database = Database(database_url)
    desk = Desk(library, database, url=database_url)
    async with database.read() as tx:
        (draft,) = await tx.scorecards.drafts_of("T1", ALEX)
    assert draft.body.assessments[0].evidence == "One two three"
    assert await desk.count("scorecards") == 0
    await database.close()


async def test_a_slack_that_is_away_keeps_nobody_from_submitting(office: Office) -> None:
    device = await office.opens()
    office.slack.fails("views.update", *[refused("internal_error")] * 3)
    office.slack.fails("users.info", *[refused("internal_error")] * 3)
    await device.notes("Typed.")
    await device.gets_to_the_last_step(written(await office.item()))
    assert "Scorecard submitted" in text_of((await device.submits()).json["view"])


async def test_a_refused_receipt_is_said_to_its_author_and_to_the_operator(
    slack: StandIn, database_url: str, library: Library
) -> None:
    clock = HandClock()
    async with running(slack, database_url, clock=clock) as panelist:
        desk = Desk(library, panelist.application.database, url=database_url, clock=clock)
        panel = await desk.set_up(id="a" * 16, recruiter=ALEX, hiring_manager=ALEX)
        await panelist.application.outbox.tick()
        kits = list(slack.conversations.messages)
        slack.fails("chat.postMessage", refused("messages_tab_disabled"))
        await desk.submit(of(panel, ALEX))
        for _ in range(2):
            clock.move(seconds=2)
            await panelist.application.outbox.tick()
        assert len(kits) == len(panel.on)
        posts = slack.called("chat.postMessage")[len(kits) :]
        assert sorted((post["channel"], post["text"]) for post in posts) == [
            ("DU1", "1 of 5 scorecards on a candidate are in"),
            ("DUALEX", "Your scorecard is saved"),
        ], "and nobody else hears of it"
        told = {user: str(await panelist.reply("/scorecard", user_id=user)) for user in PEOPLE}
        assert {user for user, said in told.items() if "receipt" in said} == {ALEX}
        settings = load_settings(_env_file=None, database_url=database_url)
        examined = await examine(settings, repair=False)
        [told_of] = [fault for fault in examined.faults if "scorecard.receipt" in fault]
        assert told_of.startswith("Not delivered: 1 scorecard.receipt to UALEX in T1, due ")
        assert told_of.endswith("(messages_tab_disabled).")


async def test_a_view_that_fails_ends_and_is_told_to_the_operator(
    slack: StandIn, sqlite_database: str, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, url = HandClock(), sqlite_database
    async with running(slack, url, clock=clock) as panelist:
        desk = Desk(library, panelist.application.database, url=url, clock=clock)
        with monkeypatch.context() as patch:
            patch.delitem(VIEWS, Kit)
            panel = await desk.set_up(id="a" * 16, recruiter=ALEX, hiring_manager=ALEX)
            for _ in range(20):
                await panelist.application.outbox.tick()
                clock.move(hours=1)
        count = len(panel.on)
        settings = load_settings(_env_file=None, database_url=url)
        examined = await examine(settings, repair=False)
        told = [fault for fault in examined.faults if "panel.kit" in fault]
        assert len(told) == count
        assert all("a bug in Panelist; see the log at outbox.broken" in one for one in told)
        metrics = (await panelist.wire.get("/metrics")).text
        name = 'panelist_messages_total{kind="panel.kit",outcome="broken"}'
        assert f"{name} {count:.1f}" in metrics
        assert "interview kit" not in str(slack.conversations.messages)
        assert "Panelist had a problem" in str(slack.conversations.messages), "organizers hear"


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "{}",
        "null",
        '{"interview": "x", "form": "y", "revision": 1, "version": 0}',
        json.dumps({"interview": "f" * 16, "form": "e" * 16, "revision": "x", "version": 0}),
        "9" * 3000,
    ],
)
async def test_forged_metadata_is_refused_in_words(office: Office, metadata: str) -> None:
    device = await office.opens()
    device.fills_in(written(await office.item()))
    device.view |= {"private_metadata": metadata}
    reply = await office.panelist.wire.payload(
        submission_payload(device.view, device.values, user=ALEX)
    )
    assert reply.json["response_action"] == "push"
    assert "earlier version" in text_of(reply.json["view"])
    assert await office.count("scorecards") == 0


@pytest.mark.parametrize("whose", ["forged", "another's"])
async def test_a_forged_interview_is_refused_and_says_nothing_of_it(
    office: Office, whose: str
) -> None:
    device = await office.opens()
    device.fills_in(written(await office.item()))
    other = "f" * 16 if whose == "forged" else (await office.item("USAM")).id
    token = views.ScorecardToken.load(device.view["private_metadata"])
    device.view |= {"private_metadata": token.model_copy(update={"interview": other}).dump()}
    reply = await device.submits()
    assert "isn't yours to write" in text_of(reply.json["view"])
    await device.notes("Typed.")
    changed = await office.slack.next_call("views.update")
    assert "isn't yours to write" in text_of(changed["view"])
    assert await office.count("scorecards") == 0
    assert await office.count("scorecard_drafts") == 0


async def test_forged_choices_count_as_none(office: Office) -> None:
    device = await office.opens()
    await device.gets_to_the_last_step(written(await office.item()))
    device.holds(ScorecardField.RECOMMENDATION, "hire_at_once")
    reply = await device.submits()
    assert reply.json["response_action"] == "errors"
    assert await office.count("scorecards") == 0


async def test_the_wrong_person_opens_nothing(office: Office) -> None:
    button = await office.button()
    url = await office.panelist.presses(button, "USAM")
    said = await office.slack.next_response(url)
    assert "isn't yours to write" in text_of(said)
    assert not office.slack.called("views.open")


async def test_a_database_that_lost_its_connections_goes_on_with_new_ones(
    office: Office,
) -> None:
    if office.application.database.is_sqlite:
        pytest.skip("SQLite has no connections to lose")
    device = await office.opens()
    await device.gets_to_the_last_step(written(await office.item()))
    other = Database(office.url)
    async with other.write() as tx:
        await tx.connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    await other.close()

    async def is_in() -> bool:
        return "Scorecard submitted" in text_of((await device.submits()).json["view"])

    await office.until(is_in)
    assert await office.count("scorecard_versions") == 1

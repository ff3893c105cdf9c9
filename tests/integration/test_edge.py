"""Faults at the edge: each is met with a clear sentence, and nothing leaks or is lost."""

import asyncio
import logging
import re
import sqlite3
import time
from typing import Any

import pytest

from bot.services.jd import JdService
from handlers.ids import CommandName
from tests.support.panelist import Panelist, button, running, text_of
from tests.support.slack import BROKEN, Fault, StandIn, refused
from tests.support.wire import command_fields, form, press_payload, signed

NO_TYPE = 'payload={"type":"view_submission","view":{"callback_id":"x"}}'
GONE = {"type": "modal", "callback_id": "gone.long_ago", "blocks": []}


async def test_a_wrong_signature_is_refused_and_logged_without_the_body(
    panelist: Panelist, caplog: pytest.LogCaptureFixture
) -> None:
    body = form(command_fields("/jd private-words", "https://example.invalid"))
    with caplog.at_level(logging.INFO):
        reply = await panelist.wire.send(body, signed(body, secret="wrong"))
    assert reply.status == 401
    assert "signature.refused" in [record.getMessage() for record in caplog.records]
    assert "private-words" not in caplog.text


async def test_an_old_signature_is_refused(panelist: Panelist) -> None:
    body = form(command_fields("/jd", "https://example.invalid"))
    assert (await panelist.wire.send(body, signed(body, at=time.time() - 600))).status == 401


async def test_an_unsigned_request_is_refused(panelist: Panelist) -> None:
    assert (await panelist.wire.send("text=hello", {})).status == 401


@pytest.mark.parametrize(
    "body", ["", "payload=", "payload=%7B", "payload=[]", "payload=null", "x", NO_TYPE]
)
async def test_a_strange_signed_body_ends_in_no_traceback(panelist: Panelist, body: str) -> None:
    reply = await panelist.wire.send(body, signed(body))
    assert reply.status in (400, 404)
    assert "Traceback" not in reply.text


async def test_slacks_url_check_is_answered(panelist: Panelist) -> None:
    body = '{"type":"url_verification","challenge":"c-1","token":"t"}'
    headers = signed(body) | {"Content-Type": "application/json"}
    reply = await panelist.wire.send(body, headers)
    assert (reply.status, reply.json) == (200, {"challenge": "c-1"})


async def test_a_fault_of_ours_gives_a_reference_that_the_log_has(
    panelist: Panelist, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("private-words")

    monkeypatch.setattr(JdService, "new_posting", broken)
    with caplog.at_level(logging.INFO):
        answer = await panelist.reply("/jd backend-developer")
    assert answer["response_type"] == "ephemeral"
    assert re.search(r"Something went wrong \(ref [0-9a-f]{4}\)", text_of(answer))
    assert "went_wrong" in caplog.text


async def test_a_press_that_fails_is_told_by_its_response_url(panelist: Panelist) -> None:
    posted = await panelist.reply("/jd backend-developer")
    url = await panelist.presses(button(posted, "Hiring guide") | {"value": "nonsense"})
    assert "earlier version" in text_of(await panelist.slack.next_response(url))


async def test_an_unknown_command_and_button_are_met_with_a_sentence(panelist: Panelist) -> None:
    assert "doesn't know" in text_of(await panelist.reply("/nothing at all"))
    url = await panelist.presses({"type": "button", "action_id": "gone.long_ago", "value": "1"})
    assert "doesn't know" in text_of(await panelist.slack.next_response(url))


async def test_a_press_in_a_modal_that_fails_opens_a_sentence_above_it(panelist: Panelist) -> None:
    view = {"callback_id": "jd.picker", "blocks": [], "private_metadata": "{}"}
    element = {"type": "button", "action_id": "gone.long_ago"}
    await panelist.wire.payload(press_payload(element, None, view=view))
    pushed = await panelist.slack.next_call("views.push")
    assert "doesn't know" in text_of(pushed["view"])


async def test_a_submission_that_fails_keeps_the_form_below_the_sentence(
    panelist: Panelist,
) -> None:
    answer = (await panelist.submits(GONE, {})).json
    assert answer["response_action"] == "push"
    assert "doesn't know" in text_of(answer["view"])


@pytest.mark.parametrize("fault", [BROKEN, refused("fatal_error"), refused("expired_trigger_id")])
async def test_a_picker_that_cannot_be_opened_is_told_to_the_person(
    panelist: Panelist, fault: Fault
) -> None:
    panelist.slack.fails("views.open", fault, fault, fault)
    _, url = await panelist.types("/jd")
    assert (await panelist.slack.next_response(url))["response_type"] == "ephemeral"


async def test_whoever_presses_too_late_is_no_warning_in_the_log(
    panelist: Panelist, caplog: pytest.LogCaptureFixture
) -> None:
    posted = await panelist.reply("/jd backend-developer")
    with caplog.at_level(logging.INFO):
        url = await panelist.presses(button(posted, "Hiring guide") | {"value": "nonsense"})
        assert "earlier version" in text_of(await panelist.slack.next_response(url))
        late = refused("expired_trigger_id")
        panelist.slack.fails("views.open", late, late, late)
        _, url = await panelist.types("/jd")
        assert "too long for Slack" in text_of(await panelist.slack.next_response(url))
        await panelist.application.edge.drain(3)
    told = [record for record in caplog.records if record.getMessage() == "job.refused"]
    assert len(told) == 1
    assert {record.levelno for record in caplog.records} <= {logging.DEBUG, logging.INFO}


async def test_what_slack_or_we_get_wrong_is_a_warning_still(
    panelist: Panelist, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = refused("missing_scope")
    panelist.slack.fails("views.open", wrong, wrong, wrong)
    with caplog.at_level(logging.INFO):
        _, url = await panelist.types("/jd")
        await panelist.slack.next_response(url)
        await panelist.application.edge.drain(3)
    told = [record for record in caplog.records if record.getMessage() == "job.refused"]
    assert [record.levelno for record in told] == [logging.WARNING]


async def test_posting_is_never_repeated_where_the_answer_was_lost(panelist: Panelist) -> None:
    guess = await panelist.reply("/jd backend-develper")
    panelist.slack.fails("response", BROKEN)
    url = await panelist.presses(button(guess, "Post Backend Developer"))
    await panelist.application.edge.drain(3)
    sent = panelist.slack.sent_to(url)
    assert [m["response_type"] for m in sent] == ["in_channel", "ephemeral"]
    assert "Check whether it worked" in text_of(sent[1])
    assert not panelist.slack.called("chat.postMessage")


async def test_with_the_database_locked_the_post_stands_and_its_record_follows(
    panelist: Panelist,
) -> None:
    path = panelist.application.settings.database_url.partition(":///")[2]
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    answer = await panelist.reply("/jd backend-developer")
    assert answer["response_type"] == "in_channel"
    await asyncio.sleep(0.3)
    assert lock.execute("SELECT count(*) FROM postings").fetchone() == (0,)
    lock.execute("COMMIT")
    await panelist.application.jd.stop()
    assert lock.execute("SELECT role, posted_by FROM postings").fetchall() == [
        ("backend-developer", "U1")
    ]
    lock.close()


async def test_postings_in_a_burst_are_all_recorded_once(panelist: Panelist) -> None:
    await asyncio.gather(*(panelist.reply("/jd backend-developer") for _ in range(40)))
    await panelist.application.jd.stop()
    path = panelist.application.settings.database_url.partition(":///")[2]
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*), count(DISTINCT id) FROM postings").fetchone() == (
            40,
            40,
        )
    database.close()


async def test_a_prefix_moves_every_command(slack: StandIn, sqlite_database: str) -> None:
    async with running(slack, sqlite_database, panelist_command_prefix="hire-") as panelist:
        assert (await panelist.reply("/hire-jd backend-developer"))["response_type"] == "in_channel"
        assert "/hire-jd preview" in text_of(await panelist.reply("/hire-jd help"))


async def test_oauth_variables_of_another_app_change_nothing(
    slack: StandIn, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    async with running(slack, sqlite_database) as panelist:
        assert (await panelist.reply("/jd backend-developer"))["response_type"] == "in_channel"


async def test_the_metrics_count_requests_by_outcome(panelist: Panelist) -> None:
    await panelist.reply("/jd backend-developer")
    await panelist.reply("/nothing")
    page = (await panelist.wire.get("/metrics")).text
    assert 'panelist_requests_total{kind="command",listener="jd",outcome="ok"} 1.0' in page
    assert 'panelist_requests_total{kind="command",listener="none",outcome="refused"} 1.0' in page


@pytest.mark.parametrize("name", list(CommandName))
async def test_every_command_of_the_manifest_answers_help(
    panelist: Panelist, name: CommandName
) -> None:
    answer = await panelist.reply(f"/{name} help")
    assert answer["response_type"] == "ephemeral"
    assert f"/{name} " in text_of(answer)

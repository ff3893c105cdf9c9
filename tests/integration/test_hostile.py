"""Requests that nobody who means well sends: one line of the log at most, and no 500."""

import asyncio
import json
import logging
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.panelist import Panelist, running, text_of
from tests.support.slack import StandIn
from tests.support.waiting import A_MINUTE
from tests.support.wire import Reply, command_fields, form, press_payload, signed

DEEP = "[" * 50_000 + "]" * 50_000
PRESS = press_payload({"type": "button", "action_id": "jd.post"}, "https://example.invalid")
VIEW = {"id": "V1", "type": "modal", "callback_id": "jd.picker", "blocks": []}
SUBMISSION = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": VIEW}


def with_values(values: Any) -> dict[str, Any]:
    return SUBMISSION | {"view": VIEW | {"state": {"values": values}}}


def chosen(state: Any) -> dict[str, Any]:
    return with_values({"b": {"a": state}})


PAYLOADS: dict[str, Any] = {
    "no action": PRESS | {"actions": []},
    "an action that is none": PRESS | {"actions": ["x"]},
    "an action without a name": PRESS | {"actions": [{"type": "button"}]},
    "an action named by a number": PRESS | {"actions": [{"type": "button", "action_id": 1}]},
    "a value that is no text": PRESS | {"actions": [PRESS["actions"][0] | {"value": {}}]},
    "nobody": PRESS | {"user": None},
    "somebody who is a list": PRESS | {"user": {"id": ["U1"]}},
    "a view that is text": SUBMISSION | {"view": "x"},
    "blocks that are none": SUBMISSION | {"view": VIEW | {"blocks": ["x", 1]}},
    "a view without an id": SUBMISSION | {"view": {"callback_id": "jd.picker"}},
    "values that are a list": with_values(["x"]),
    "values that are text": with_values({"b": "x"}),
    "a state that is text": chosen("x"),
    "an option that is text": chosen({"selected_option": "x"}),
    "an option without a value": chosen({"selected_option": {"text": "x"}}),
    "an option whose value is a list": chosen({"selected_options": [{"value": []}]}),
    "a moment that is text": chosen({"selected_date_time": "soon"}),
    "a day that is a number": chosen({"selected_date": 1}),
    "a person who is a number": chosen({"selected_user": 1}),
}


async def sends(panelist: Panelist, body: str, kind: str = "") -> Reply:
    return await panelist.wire.send(body, signed(body) | ({"Content-Type": kind} if kind else {}))


def heard(caplog: pytest.LogCaptureFixture) -> list[str]:
    assert not [record for record in caplog.records if record.exc_info], caplog.text
    about = ("request.", "signature.", "went_wrong")
    return [record.message for record in caplog.records if record.message.startswith(about)]


@pytest.mark.parametrize("what", PAYLOADS)
async def test_a_signed_payload_of_another_shape_is_refused_in_one_line_at_most(
    panelist: Panelist, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        reply = await panelist.wire.payload(PAYLOADS[what])
    said = {400: ["request.unreadable"], 404: []}  # 404: it names nothing that there is
    assert (heard(caplog), reply.text) == (said[reply.status], "")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (DEEP, "application/json"),
        ('{"type":"event_callback","event":' + DEEP + "}", "application/json"),
        ("payload=" + DEEP, ""),
        ("payload=[" + DEEP, ""),
        ('{"type":"event_callback","event":{"type":"app_home_opened"},"team_id":7}', ""),
        ('{"type":"event_callback","event":{"type":"app_home_opened","user":{}}}', ""),
    ],
    ids=["deep", "deep inside", "deep form", "open", "team is a number", "user is an object"],
)
async def test_a_signed_body_that_cannot_be_read_is_400_and_one_line(
    panelist: Panelist, body: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        reply = await sends(panelist, body, kind)
    assert (reply.status, reply.text) == (400, "")
    assert heard(caplog) == ["request.unreadable"]


async def test_nothing_reads_a_body_that_is_not_slacks(
    panelist: Panelist, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for body in (DEEP, "payload=" + DEEP, "payload=x", "\xff", "ssl_check=1"):
            for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
                reply = await panelist.wire.send(body, {"Content-Type": kind})
                assert reply.status == 401
    assert heard(caplog) == ["signature.refused"], "what repeats itself is counted"
    page = (await panelist.wire.get("/metrics")).text
    assert 'panelist_signatures_refused_total{reason="missing"} 15.0' in page


async def test_a_client_that_hangs_up_in_the_middle_is_one_line(
    panelist: Panelist, caplog: pytest.LogCaptureFixture
) -> None:
    where = urlsplit(panelist.wire.app_url)
    with caplog.at_level(logging.INFO):
        _, writer = await asyncio.open_connection(where.hostname, where.port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nhalf")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        async with asyncio.timeout(A_MINUTE):
            while not caplog.messages:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
    assert heard(caplog) == ["request.cut_off"]


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "missing"),
        ({"X-Slack-Request-Timestamp": "1"}, "missing"),
        ({"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=1"}, "missing"),
        ({"X-Slack-Request-Timestamp": "١", "X-Slack-Signature": "v0=1"}, "missing"),
        (signed("text=hello", secret="another"), "wrong"),
        (signed("text=goodbye"), "wrong"),
        (-612, "stale"),
        (612, "stale"),
    ],
)
async def test_a_refused_signature_says_why(
    panelist: Panelist, headers: dict[str, str] | int, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    """`headers` may be a number: how many seconds from now it was signed."""
    if isinstance(headers, int):
        headers = signed("text=hello", at=time.time() + headers)
    headers = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    assert (await panelist.wire.send("text=hello", headers)).status == 401
    [refused] = [record for record in caplog.records if record.message == "signature.refused"]
    assert vars(refused)["reason"] == reason
    if reason == "stale":
        assert 550 < abs(int(vars(refused)["seconds_old"])) < 700
    page = (await panelist.wire.get("/metrics")).text
    assert f'panelist_signatures_refused_total{{reason="{reason}"}} 1.0' in page


async def test_forged_requests_never_change_readiness(panelist: Panelist) -> None:
    for _ in range(20):
        assert (await panelist.wire.send("text=hello", {})).status == 401
    assert (await panelist.wire.get("/readyz")).status == 200


async def test_while_a_secret_is_exchanged_both_are_good(
    slack: StandIn, sqlite_database: str
) -> None:
    both = "an-old-secret, a-new-secret"
    async with running(slack, sqlite_database, slack_signing_secret=both) as panelist:
        body = form(command_fields("/jd help", "https://example.invalid"))
        for secret, status in (("an-old-secret", 200), ("a-new-secret", 200), (both, 401)):
            assert (await panelist.wire.send(body, signed(body, secret))).status == status


async def test_over_socket_mode_there_is_no_route_for_events(
    slack: StandIn, sqlite_database: str
) -> None:
    async with running(slack, sqlite_database, slack_app_token="xapp-a-token") as panelist:
        body = form(command_fields("/jd help", "https://example.invalid"))
        for headers in (signed(body), {}):
            assert (await panelist.wire.send(body, headers)).status == 404
        assert (await panelist.wire.get("/healthz")).status == 200


EVENT = {"type": "event_callback", "team_id": "T1", "event": {"type": "team_rename", "user": "U1"}}


async def test_an_event_that_nobody_handles_is_acknowledged_and_counted(
    panelist: Panelist, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        reply = await panelist.wire.event(EVENT)
    assert (reply.status, reply.text, heard(caplog)) == (200, "", [])
    page = (await panelist.wire.get("/metrics")).text
    assert 'panelist_requests_total{kind="event",listener="none",outcome="unhandled"} 1.0' in page


async def test_so_it_is_over_socket_mode(slack: StandIn, sqlite_database: str) -> None:
    async with running(slack, sqlite_database, slack_app_token="xapp-a-token") as panelist:
        assert await panelist.slack.delivers("events_api", json.loads(json.dumps(EVENT))) == {}
        fields = command_fields("/jd help", panelist.slack.response_url())
        assert "/jd preview" in text_of(await panelist.slack.delivers("slash_commands", fields))

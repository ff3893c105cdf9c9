"""Requests as Slack sends them: form-encoded, signed, over HTTP."""

import itertools
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

if TYPE_CHECKING:
    import httpx

Json = dict[str, Any]

SECRET = "a-signing-secret"
PRESSES = itertools.count(1)
"""Their times rise, as Slack's do."""

WORKSPACE, CHANNEL, PERSON = "T1", "C1", "U1"


def web_client() -> "httpx.AsyncClient":
    """What asks over HTTP in the tests, as patiently as they need it: no proxy is between."""
    import httpx  # not by a process of ours that is only served

    return httpx.AsyncClient(verify=False, trust_env=False, timeout=60, follow_redirects=True)


@dataclass(frozen=True)
class Reply:
    """What the app answered within the request."""

    status: int
    text: str

    @property
    def json(self) -> Json:
        answer: Json = json.loads(self.text) if self.text else {}
        return answer


def form(fields: Json) -> str:
    return urlencode(fields)


def signed(body: str, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers that prove a body to be Slack's."""
    timestamp = str(int(time.time() if at is None else at))
    verifier = SignatureVerifier(secret)
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": verifier.generate_signature(timestamp=timestamp, body=body) or "",
    }


def command_fields(line: str, response_url: str, **changes: str) -> Json:
    """A slash command's fields, from what a person types, such as `/jd backend-developer`."""
    name, _, text = line.partition(" ")
    return {
        "command": name,
        "text": text,
        "team_id": WORKSPACE,
        "team_domain": "example",
        "user_id": PERSON,
        "user_name": "someone",
        "channel_id": CHANNEL,
        "channel_name": "hiring",
        "response_url": response_url,
        "trigger_id": "1.2.3",
        "api_app_id": "A1",
        "token": "deprecated",
        **changes,
    }


def press_payload(
    element: Json,
    response_url: str | None,
    *,
    user: str = PERSON,
    channel: str = CHANNEL,
    view: Json | None = None,
    at: str | None = "",
) -> Json:
    """A press of a button of a message or view, or a choice (`element` has selected_option), after
    any before it unless told otherwise; `at` None: it does not say when."""
    action = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": element.get("block_id", "b1"),
    }
    if at is not None:
        action["action_ts"] = at or f"1700000000.{next(PRESSES):06}"
    for key in ("value", "selected_option"):
        if key in element:
            action[key] = element[key]
    payload: Json = {
        "type": "block_actions",
        "team": {"id": WORKSPACE, "domain": "example"},
        "user": {"id": user, "username": "someone", "team_id": WORKSPACE},
        "api_app_id": "A1",
        "token": "deprecated",
        "trigger_id": "1.2.3",
        "actions": [action],
    }
    if view is not None:
        return payload | {
            "container": {"type": "view", "view_id": "V1"},
            "view": {"id": "V1", "hash": "1.a", "type": "modal"} | view,
        }
    return payload | {
        "container": {
            "type": "message",
            "message_ts": "1700000000.000100",
            "channel_id": channel,
            "is_ephemeral": False,
        },
        "channel": {"id": channel, "name": "hiring"},
        "response_url": response_url,
    }


def submission_payload(view: Json, values: Json, *, user: str = PERSON) -> Json:
    """The submission of a view that the app opened."""
    return {
        "type": "view_submission",
        "team": {"id": WORKSPACE, "domain": "example"},
        "user": {"id": user, "username": "someone", "team_id": WORKSPACE},
        "api_app_id": "A1",
        "token": "deprecated",
        "trigger_id": "1.2.3",
        "view": {"id": "V1", "hash": "1.a"} | view | {"state": {"values": values}},
        "response_urls": [],
    }


class Wire:
    """Sends requests to the app, as Slack would."""

    def __init__(self, web: "httpx.AsyncClient", app_url: str) -> None:
        self._web = web
        self.app_url = app_url

    async def send(self, body: str, headers: dict[str, str], path: str = "/slack/events") -> Reply:
        encoded = {name: value.encode("latin-1") for name, value in headers.items()}
        url = f"{self.app_url}{path}"
        response = await self._web.post(url, content=body.encode(), headers=encoded)
        return Reply(response.status_code, response.text)

    async def get(self, path: str) -> Reply:
        response = await self._web.get(f"{self.app_url}{path}")
        return Reply(response.status_code, response.text)

    async def command(self, line: str, response_url: str, **changes: str) -> Reply:
        body = form(command_fields(line, response_url, **changes))
        return await self.send(body, signed(body))

    async def event(self, payload: Json) -> Reply:
        body = json.dumps(payload)
        return await self.send(body, signed(body) | {"Content-Type": "application/json"})

    async def payload(self, payload: Json) -> Reply:
        body = form({"payload": json.dumps(payload)})
        return await self.send(body, signed(body))

"""Where an app answers a command or a press later: POST /response/<id>."""

import json
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.playground.rules import checks
from bot.playground.state.models import BOT_USER, Json, Message, ResponseUrl, SlackError
from bot.playground.state.workspace import Workspace
from bot.playground.web_api.faults import Faults
from bot.playground.web_api.inspector import recorded

PATH = "/response"
KIND = "response_url"
"""What the inspector, and whoever plans a fault, calls these requests."""

DELETES_ONLY = "[ERROR] delete_original has to be the only key"


class ResponseUrls:
    """Takes messages to response urls; a command's only posts, a press's may change what was
    pressed."""

    def __init__(self, workspace: Workspace, faults: Faults) -> None:
        self._workspace = workspace
        self._faults = faults

    async def endpoint(self, request: Request) -> Response:
        started = time.perf_counter()
        fault = self._faults.take(KIND)
        refused = fault and fault.refusal()
        payload: Any = (await request.body()).decode(errors="replace")
        error = None
        response: Response = PlainTextResponse("ok")
        try:
            payload = _parsed(payload)
            if refused is None:
                self._use(request.path_params["id"], payload)
        except SlackError as refusal:
            error = "; ".join((refusal.error, *refusal.messages))
            status = 404 if refusal.error.endswith("_url") else 400
            response = JSONResponse({"ok": False, "error": refusal.error}, status)
        response = refused or response
        shown = bytes(response.body).decode()
        told = fault.told_with(error) if fault else error
        recorded(self._workspace, request, KIND, payload, response, shown, started, told)
        if fault is not None:
            await fault.before_answering(request)
        return response

    def _use(self, url_id: str, payload: Json) -> None:
        url = self._workspace.response_url(url_id)
        original = self._original(url, payload)
        if _true(payload, "delete_original") and original is not None:
            if any(payload[key] for key in payload.keys() - {"delete_original"}):
                raise SlackError("invalid_arguments", (DELETES_ONLY,))
            self._workspace.use_response_url(url)
            self._workspace.remove_message(original)
            return
        content = checks.message_with_content(payload)
        self._workspace.use_response_url(url)
        if original is not None:
            self._workspace.change_message(original, mark=False, **{"blocks": [], **content})
        else:
            self._post(url, payload, content)

    def _original(self, url: ResponseUrl, payload: Json) -> Message | None:
        if url.message_ts is None:
            return None
        if not (_true(payload, "replace_original") or _true(payload, "delete_original")):
            return None
        original = self._workspace.message(url.channel, url.message_ts)
        if original is None:
            raise SlackError("message_not_found")
        return original

    def _post(self, url: ResponseUrl, payload: Json, content: Json) -> None:
        in_channel = payload.get("response_type") == "in_channel"
        self._workspace.add_message(
            url.channel,
            BOT_USER,
            via="response",
            ephemeral_to=None if in_channel else url.user,
            **content,
        )


def _parsed(body: str) -> Json:
    try:
        payload = json.loads(body)
    except ValueError:
        raise SlackError("invalid_payload") from None
    if not isinstance(payload, dict):
        raise SlackError("invalid_payload")
    return payload


def _true(payload: Json, key: str) -> bool:
    return payload.get(key) in (True, "true")

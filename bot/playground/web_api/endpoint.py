"""Slack's Web API: GET and POST /api/<method>, with Slack's errors."""

import json
import time
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.playground.state.manifest import App
from bot.playground.state.models import Json, SlackError
from bot.playground.state.workspace import Workspace
from bot.playground.web_api.api import Api
from bot.playground.web_api.faults import Faults
from bot.playground.web_api.inspector import recorded
from bot.playground.web_api.methods import METHODS, Method


class WebApi:
    """Answers as Slack does: always 200, with `ok` and Slack's own word for what is wrong."""

    def __init__(self, api: Api, bot_token: str, app_token: str, faults: Faults) -> None:
        self._api = api
        self._faults = faults
        self._kinds = {bot_token: "bot", app_token: "app"}

    @property
    def _workspace(self) -> Workspace:
        return self._api.workspace

    @property
    def _app(self) -> App:
        return self._api.app

    async def endpoint(self, request: Request) -> Response:
        started = time.perf_counter()
        name = request.path_params["method"]
        fault = self._faults.take(name)
        refusal = fault and fault.refusal()
        arguments: Json = {}
        answer: Any = None
        error = None
        try:
            arguments = await _arguments(request)
            token = _token(request, arguments)
            if refusal is None:
                answer = {"ok": True, **self._answer(name, arguments, token, _is_json(request))}
        except SlackError as refused:
            answer = _refusal(refused)
            error = "; ".join((refused.error, *refused.messages))
        response = refusal or JSONResponse(answer, headers=self._headers())
        shown = bytes(response.body).decode() if refusal else answer
        told = fault.told_with(error) if fault else error
        recorded(self._workspace, request, name, arguments, response, shown, started, told)
        if fault is not None:
            await fault.before_answering(request)
        return response

    def _answer(self, name: str, arguments: Json, token: str, is_json: bool) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._authorize(method, token)
        if method.reads_no_json and is_json:
            arguments = {}
        missing = [key for key in method.required if arguments.get(key) in (None, "")]
        if missing:
            lines = (f"[ERROR] missing required field: {key}" for key in missing)
            raise SlackError(method.error_if_missing, tuple(lines))
        return method.answer(self._api, arguments)

    def _authorize(self, method: Method, token: str) -> None:
        if method.caller == "anybody":
            return
        if not token:
            raise SlackError("not_authed")
        kind = self._kinds.get(token)
        if kind is None:
            raise SlackError("invalid_auth")
        if kind != method.caller:
            raise SlackError("not_allowed_token_type")
        scopes = self._app.scopes
        if scopes is not None and method.scopes and not scopes & set(method.scopes):
            needed, provided = ",".join(method.scopes), ",".join(sorted(scopes))
            raise SlackError("missing_scope", needed=needed, provided=provided)

    def _headers(self) -> dict[str, str]:
        return {"x-oauth-scopes": ",".join(sorted(self._app.scopes or ()))}


async def _arguments(request: Request) -> Json:
    arguments: Json = dict(request.query_params)
    if request.method == "GET":
        return arguments
    content_type = _content_type(request)
    if _is_json(request):
        return arguments | _json(await request.body())
    if content_type == "application/x-www-form-urlencoded":
        return arguments | dict(parse_qsl((await request.body()).decode(errors="replace")))
    if content_type:
        raise SlackError("invalid_post_type")
    return arguments


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _is_json(request: Request) -> bool:
    return request.method == "POST" and _content_type(request) == "application/json"


def _json(body: bytes) -> Json:
    try:
        arguments: Any = json.loads(body or b"{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(arguments, dict):
        raise SlackError("json_not_object")
    arguments.pop("token", None)
    return arguments


def _token(request: Request, arguments: Json) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    field = str(arguments.pop("token", ""))
    return token.strip() if scheme.lower() == "bearer" else field


def _refusal(refusal: SlackError) -> Json:
    answer: Json = {"ok": False, "error": refusal.error, **refusal.details}
    if refusal.messages:
        answer["errors"] = [line.removeprefix("[ERROR] ") for line in refusal.messages]
        answer["response_metadata"] = {"messages": list(refusal.messages)}
    return answer

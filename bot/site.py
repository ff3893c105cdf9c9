"""The jobs pages and feeds over HTTP: conditional requests, compression, and who may do what."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import parse_qsl
from weakref import WeakKeyDictionary

from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bot.services.site.page import MediaType, Moved, Page
from bot.services.site.service import SiteService

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
NOTHING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""For what is no page: a picture that is opened by itself runs no script."""

METHODS = ("GET", "HEAD")

STALE_FROM = 10.0
"""Seconds without the database after which a page says how old it is."""

LONGEST_QUERY = 2000

SOURCE = re.compile(r"[a-zA-Z0-9_-]{1,40}")
"""Where a visitor says to come from, which an old address leads on with."""


Raw = Mapping[bytes, bytes]
"""A request's headers as they come."""


class SitePages:
    """Every address of the site, as an ASGI app that stands behind all other routes."""

    def __init__(self, service: SiteService) -> None:
        self._service = service
        self._path = service.site.at.path
        self._responses: WeakKeyDictionary[Page, _Responses] = WeakKeyDictionary()

    def routes(self) -> list[BaseRoute]:
        return [Route("/{path:path}", self)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = self._address(scope["path"])
        answer = None if scope["query_string"] else self._service.kept(address)
        if answer is None:
            answer = await self._service.answer(address, _query(scope))
        headers = dict(scope["headers"])  # a quarter of what Starlette's own costs
        if isinstance(answer, Page) and answer.status == 200 and scope["method"] == "GET":
            self._service.note(address, _text(headers, b"user-agent") or "")
        response = self._response(answer, scope, headers)
        await response(scope, receive, send)

    def _address(self, path: str) -> str:
        """The address below the public one: a proxy may pass its path on, or leave it out."""
        if self._path and (path == self._path or path.startswith(f"{self._path}/")):
            return path.removeprefix(self._path)
        return path

    def _response(self, answer: Page | Moved, scope: Scope, headers: Raw) -> Response:
        is_missing = isinstance(answer, Page) and answer.status == 404
        if scope["method"] not in METHODS:
            status = 404 if is_missing else 405
            allowed = {"Allow": ", ".join(METHODS)} if status == 405 else None
            return PlainTextResponse("", status, headers=allowed)
        if isinstance(answer, Moved):
            source = (_query(scope) or {}).get("src", "")
            kept = f"?src={source}" if SOURCE.fullmatch(source) else ""
            return Response(status_code=308, headers={"Location": f"{answer.to}{kept}"})
        responses = self._responses.get(answer)
        if responses is None:
            responses = self._responses[answer] = _Responses(answer)
        response = responses.to(headers)
        age = self._service.age
        return response if age < STALE_FROM else _aged(response, age)


class _Responses:
    """What a page is answered with, made once: a response of Starlette's can be sent again.

    It doesn't hold the page, which lasts no longer than somebody else keeps it.
    """

    def __init__(self, page: Page) -> None:
        self._etags = plain, short = f'"{page.etag}"', f'"{page.etag}-gzip"'
        self._plain = _whole(page, page.body, plain)
        self._short = None
        if page.compressed is not None:
            more = {"Content-Encoding": "gzip"}
            self._short = _whole(page, page.compressed, short, more)
        self._same = [Response(status_code=304, headers=_headers(page, tag)) for tag in self._etags]
        self._since = page.changed_at.astimezone(UTC)
        self._is_found = page.status == 200

    def to(self, headers: Raw) -> Response:
        is_short = self._short is not None and _takes_gzip(_text(headers, b"accept-encoding") or "")
        if self._is_found and self._is_known(headers):
            return self._same[is_short]
        return self._short if is_short and self._short is not None else self._plain

    def _is_known(self, headers: Raw) -> bool:
        """Whether whoever asks has this page already; an ETag says it better than a time."""
        tags = _text(headers, b"if-none-match")
        if tags is not None:
            given = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return "*" in given or not given.isdisjoint(self._etags)
        since = _text(headers, b"if-modified-since")
        moment = _moment(since) if since is not None else None
        return moment is not None and self._since <= moment


def _whole(page: Page, body: bytes, etag: str, more: Mapping[str, str] | None = None) -> Response:
    headers = {"Content-Type": page.media_type, **_headers(page, etag), **(more or {})}
    return Response(body, page.status, headers=headers)


def _headers(page: Page, etag: str) -> dict[str, str]:
    is_page = page.media_type is MediaType.HTML
    lasting = "public, max-age=3600" if page.is_static else "no-cache"
    headers = {
        "Cache-Control": lasting,
        "Content-Security-Policy": PAGE_POLICY if is_page else NOTHING_POLICY,
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    if page.status == 200:
        modified = format_datetime(page.changed_at.astimezone(UTC), usegmt=True)
        headers |= {"ETag": etag, "Last-Modified": modified}
    return headers


def _aged(response: Response, age: float) -> Response:
    """The same, saying for how long nobody knows whether it is still so."""
    headers = dict(response.headers) | {"Age": f"{age:.0f}"}
    return Response(response.body, response.status_code, headers=headers)


def _text(headers: Raw, name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def _query(scope: Scope) -> Mapping[str, str] | None:
    query = scope["query_string"]
    if not query:
        return None
    try:
        return dict(parse_qsl(query[:LONGEST_QUERY].decode("ascii"), max_num_fields=20))
    except ValueError:
        return None


def _takes_gzip(accepted: str) -> bool:
    """Whether the client takes it: unless it says that it doesn't want it at all."""
    for part in accepted.lower().split(","):
        name, _, weight = part.strip().partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "").removeprefix("q=").strip("0.") != "" or not weight
    return False


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)

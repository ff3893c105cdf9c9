"""Applying over HTTP: the form, the candidates' own pages, and links to files.

Nothing here is cached by anybody, and no address of a candidate's page is ever logged.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.domain.apply.files import MEDIA_TYPES
from bot.domain.apply.limits import network_of
from bot.errors import DatabaseAway
from bot.services.apply.applying import Applying, Kept, NotTaking, Shown, Upload
from bot.services.apply.candidate import CandidatePages, NoPage
from bot.services.apply.reading import ApplicationReading, NoFile
from bot.services.apply.rendering import ApplyRendering
from bot.services.site.page import MediaType, Page
from bot.services.site.service import SiteService
from bot.site import PAGE_POLICY, SOURCE

LARGEST_BODY = 12_000_000
"""Bytes of a form that are read: a file over the limit is told of beside its field."""

MOST_DRAINED = 50_000_000
"""Bytes that are read and thrown away, so that a browser gets to see why they weren't taken."""

MOST_FIELDS, MOST_FILES, LARGEST_FIELD = 40, 3, 100_000

FILE_POLICY = "sandbox; default-src 'none'"

GONE, SEE_OTHER, TOO_LARGE, UNREADABLE = 410, 303, 413, 400

Listener = Callable[[Request], Awaitable[Response]]


class TooLarge(Exception):
    """More was sent than anybody has to say."""


class ApplyPages:
    """The addresses of applying, below the jobs pages."""

    def __init__(
        self,
        site: SiteService,
        applying: Applying,
        candidates: CandidatePages,
        reading: ApplicationReading,
        rendering: ApplyRendering,
    ) -> None:
        self._site = site
        self._applying = applying
        self._candidates = candidates
        self._reading = reading
        self._rendering = rendering

    def routes(self) -> list[BaseRoute]:
        """A proxy may pass the public address's path on, or leave it out."""
        table: list[tuple[str, str, Listener]] = [
            ("GET", "/jobs/{slug}/apply", self._form),
            ("POST", "/jobs/{slug}/apply", self._submit),
            ("GET", "/applications/{token}", self._page),
            ("GET", "/applications/{token}/data.json", self._data),
            ("POST", "/applications/{token}/withdraw", self._withdraw),
            ("POST", "/applications/{token}/correct", self._correct),
            ("POST", "/applications/{token}/erase", self._erase),
            ("GET", "/files/{signed}", self._file),
        ]
        paths = dict.fromkeys(("", self._site.site.at.path))
        return [
            Route(f"{path}{address}", self._told(listener), methods=[method])
            for path in paths
            for method, address, listener in table
        ]

    def _told(self, listener: Listener) -> Listener:
        """The same, which says so where the database can't be reached."""

        async def told(request: Request) -> Response:
            try:
                return await listener(request)
            except DatabaseAway as away:
                headers = {**_headers(), "Retry-After": "60"}
                return PlainTextResponse(away.text, 503, headers=headers)

        return told

    async def _form(self, request: Request) -> Response:
        slug = request.path_params["slug"]
        one = self._applying.published(slug)
        if one is not None and one.job.slug != slug and one.job.applies_here:
            source = request.query_params.get("src", "")
            more = f"?src={source}" if SOURCE.fullmatch(source) else ""
            return _to(f"{self._site.site.at.job(one.job.slug)}/apply{more}", 308)
        source = request.query_params.get("src", "")
        try:
            shown = await self._applying.form(slug, source if SOURCE.fullmatch(source) else "")
        except NotTaking:
            return await self._instead(slug)
        return _html(shown)

    async def _submit(self, request: Request) -> Response:
        slug = request.path_params["slug"]
        try:
            form = await _read(request)
        except TooLarge:
            return await self._too_large(slug)
        except ClientDisconnect:
            return Response(status_code=UNREADABLE)
        if form is None:
            return _nothing(UNREADABLE)
        try:
            async with _closing(form):
                fields, upload = await _parts(form)
                done = await self._applying.submit(slug, fields, upload, _network(request))
        except NotTaking:
            await self._site.refresh()
            return await self._instead(slug, GONE)
        if isinstance(done, Kept):
            return self._to_page(done.token)
        return _html(done)

    async def _page(self, request: Request) -> Response:
        try:
            return _html(await self._candidates.page(request.path_params["token"]))
        except NoPage:
            return await self._missing()

    async def _data(self, request: Request) -> Response:
        try:
            body = await self._candidates.data(request.path_params["token"])
        except NoPage:
            return await self._missing()
        return _attachment(body, "my-application.json", "application/json")

    async def _withdraw(self, request: Request) -> Response:
        return await self._done(request, self._candidates.withdraw)

    async def _erase(self, request: Request) -> Response:
        return await self._done(request, self._candidates.ask_erasure)

    async def _done(self, request: Request, act: Callable[[str], Awaitable[None]]) -> Response:
        token = request.path_params["token"]
        try:
            await act(token)
        except NoPage:
            return await self._missing()
        return self._to_page(token)

    async def _correct(self, request: Request) -> Response:
        token = request.path_params["token"]
        try:
            form = await _read(request)
        except TooLarge:
            return await self._too_large("")
        except ClientDisconnect:
            return Response(status_code=UNREADABLE)
        if form is None:
            return _nothing(UNREADABLE)
        try:
            async with _closing(form):
                fields, upload = await _parts(form)
                shown = await self._candidates.correct(token, fields, upload)
        except NoPage:
            return await self._missing()
        return self._to_page(token) if shown is None else _html(shown)

    async def _file(self, request: Request) -> Response:
        try:
            file = await self._reading.file(request.path_params["signed"])
        except NoFile:
            return await self._missing()
        media_type = MEDIA_TYPES.get(file.facts.kind, "application/octet-stream")
        return _attachment(file.content, file.facts.name, media_type)

    def _to_page(self, token: str) -> Response:
        return _to(self._site.site.at.within(f"/applications/{token}"), SEE_OTHER)

    async def _instead(self, slug: str, status: int | None = None) -> Response:
        """What stands at the job's own address, or the way there while it is open or paused."""
        found = await self._site.answer(f"/jobs/{slug}")
        if not isinstance(found, Page):
            return _to(found.to, SEE_OTHER)
        if status is None and found.status == 200:
            return _to(self._site.site.at.job(slug), SEE_OTHER)
        given = found.status if status is None or found.status != 200 else status
        return Response(found.body, given, headers=_headers(), media_type=MediaType.HTML)

    async def _too_large(self, slug: str) -> Response:
        one = self._applying.published(slug)
        body = self._rendering.too_large(one, self._site.now)
        return _html(Shown(body, TOO_LARGE))

    async def _missing(self) -> Response:
        found = await self._site.answer("/applications")
        assert isinstance(found, Page)  # noqa: S101
        return Response(found.body, 404, headers=_headers(), media_type=MediaType.HTML)


class _closing:  # noqa: N801 - used like a function
    """Lets go of the files of a form, whatever happens meanwhile."""

    def __init__(self, form: FormData) -> None:
        self._form = form

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, *_: object) -> None:
        await self._form.close()


async def _read(request: Request) -> FormData | None:
    """The form; None where it is none that can be read. Raises TooLarge, ClientDisconnect.

    What is too large is read to its end and thrown away, as far as that goes on.
    """
    receive, seen, is_whole = request.receive, 0, False

    async def counted() -> Any:
        nonlocal seen, is_whole
        message = await receive()
        seen += len(message.get("body", b""))
        is_whole = not message.get("more_body")
        if seen > LARGEST_BODY:
            raise TooLarge
        return message

    limited = Request(request.scope, counted)
    try:
        return await limited.form(
            max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD
        )
    except TooLarge:
        if not is_whole:
            await _drain(receive, seen)
        raise
    except (HTTPException, MultiPartException) as error:
        is_much = "Too many" in str(error) or "exceeded" in str(error)
        if not is_whole:
            await _drain(receive, seen)
        if is_much:
            raise TooLarge from error
        return None


async def _drain(receive: Callable[[], Awaitable[Any]], seen: int) -> None:
    more = True
    while more and seen < MOST_DRAINED:
        message = await receive()
        if message["type"] != "http.request":
            return
        seen += len(message.get("body", b""))
        more = bool(message.get("more_body"))


async def _parts(form: FormData) -> tuple[Mapping[str, str], Upload | None]:
    """The fields, of each name the first, and the file if one was chosen."""
    fields: dict[str, str] = {}
    upload: Upload | None = None
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields.setdefault(name, value)
        elif isinstance(value, UploadFile) and name == "resume" and value.filename:
            upload = upload or Upload(value.filename, await value.read())
    return fields, upload


def _network(request: Request) -> str:
    return network_of(request.client.host if request.client is not None else "")


def _html(shown: Shown) -> Response:
    headers = _headers()
    return Response(shown.body, shown.status, headers=headers, media_type=MediaType.HTML)


def _headers() -> dict[str, str]:
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": PAGE_POLICY,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }


def _to(address: str, status: int) -> Response:
    return RedirectResponse(address, status, headers=_headers())


def _nothing(status: int) -> Response:
    return Response("", status, headers=_headers())


def _attachment(body: bytes, name: str, media_type: str) -> Response:
    """Something to keep, which no browser opens here."""
    plain = "".join(
        one if (one.isascii() and one.isalnum()) or one in "-_." else "_" for one in name
    )
    headers = {
        **_headers(),
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "Content-Security-Policy": FILE_POLICY,
    }
    return Response(body, headers=headers, media_type=media_type)

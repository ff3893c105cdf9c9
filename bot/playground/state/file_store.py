"""Text files of the bot: taken by an upload url and kept to be downloaded."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.playground.state.store import Store

UPLOAD, DOWNLOAD = "/upload", "/files"


@dataclass(frozen=True)
class File:
    """A file; without `content` it has not been uploaded yet."""

    id: str
    name: str
    length: int
    content: str | None = None


class Files:
    """The files of a workspace, and the routes by which they come and go."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._files = dict(store.all(File))

    def clear(self) -> None:
        """Forgets every file; what is kept of them goes with the store."""
        self._files.clear()

    def add(self, name: str, length: int) -> File:
        file = File(f"F{secrets.token_hex(5).upper()}", name, length)
        self._keep(file)
        return file

    def get(self, id: str) -> File | None:
        return self._files.get(id)

    def remove(self, file: File) -> None:
        del self._files[file.id]
        self._store.remove(File, file.id)

    def routes(self) -> Iterator[Route]:
        yield Route(UPLOAD + "/{id}", self._upload, methods=["POST"])
        yield Route(DOWNLOAD + "/{id}/{name}", self._download)

    async def _upload(self, request: Request) -> Response:
        file = self.get(request.path_params["id"])
        body = await request.body()
        if file is None or len(body) != file.length:
            return PlainTextResponse("Bad Request", 400)
        self._keep(replace(file, content=body.decode(errors="replace")))
        return PlainTextResponse(f"OK - {len(body)}")

    async def _download(self, request: Request) -> Response:
        file = self.get(request.path_params["id"])
        if file is None or file.content is None:
            return PlainTextResponse("There is no such file.", 404)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(file.content, media_type="application/octet-stream", headers=headers)

    def _keep(self, file: File) -> None:
        self._files[file.id] = file
        self._store.put(file.id, file)

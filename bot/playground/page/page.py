"""The browser's side of the playground: one page for each person, live by server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.playground.link.delivery import Delivery
from bot.playground.page import view as page_view
from bot.playground.page.actions import Acts
from bot.playground.page.render import environment
from bot.playground.page.render_text import Reader
from bot.playground.state import clock
from bot.playground.state.models import BOT_USER, Channel, Json, Result, User
from bot.playground.state.workspace import Workspace

HEARTBEAT = 15.0
"""Seconds of silence after which the stream says that it is there."""

SCRIPTS = Path(__file__).with_name("script")

SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src * data:; frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def routes(
    workspace: Workspace,
    delivery: Delivery,
    manifest: Json,
    templates: Path,
    welcome: Sequence[Mapping[str, str]] = (),
) -> list[BaseRoute]:
    """The page's routes; `templates` is the folder with its *.j2 and style.css."""
    page = Page(workspace, delivery, manifest, templates, welcome)
    return [
        Route("/", page.start),
        Route("/as/{user}", page.start),
        Route("/as/{user}/stream", page.stream),
        Route("/as/{user}/act/{act}", page.act, methods=["POST"]),
        Route("/as/{user}/wire/{id:int}", page.wire),
        Route("/as/{user}/{channel}", page.show),
        Route("/as/{user}/{channel}/part/{part}", page.part),
        Route("/archives/{channel}/p{ts:int}", page.message),
        # The version is in the path, so that what a module imports has it too.
        Mount("/static/script/{version}", StaticFiles(directory=SCRIPTS)),
        Mount("/static", StaticFiles(directory=templates)),
    ]


class Page:
    """The page over one workspace; who acts is in the address, so each tab can be somebody else."""

    def __init__(
        self,
        workspace: Workspace,
        delivery: Delivery,
        manifest: Json,
        templates: Path,
        welcome: Sequence[Mapping[str, str]],
    ) -> None:
        self._workspace = workspace
        self._acts = Acts(workspace, delivery).by_name
        self._manifest = manifest
        self._features: Json = manifest.get("features") or {}
        self._welcome = welcome
        self._env = environment(templates)
        files = (*SCRIPTS.iterdir(), *templates.iterdir())
        self._version = max(file.stat().st_mtime_ns for file in files)

    async def start(self, request: Request) -> Response:
        """Where a newcomer lands: the first person of the cast in the first channel."""
        people = self._workspace.people()
        asked = request.path_params.get("user")
        user = next((person for person in people if person.id == asked), people[0])
        return _go_to(user, self._entries(user)[0].channel)

    async def show(self, request: Request) -> Response:
        """The page as a whole. As at a reload of Slack, no modal is open in it: whatever was
        typed is gone, and the app is not told."""
        user = self._user(request)
        entries = self._entries(user)
        entry = next((e for e in entries if e.channel.id == request.path_params["channel"]), None)
        if entry is None:
            return self._nearest(request, user, entries)
        tab = request.query_params.get("tab", "")
        self._workspace.close_modals(user.id)
        return self._html("page.html.j2", self._whole(user, entry, tab))

    async def message(self, request: Request) -> Response:
        """Where a permalink leads: to the message, as the first person who is in its channel."""
        channel = self._workspace.channels.get(request.path_params["channel"])
        ts = str(request.path_params["ts"])
        people = self._workspace.people()
        reader = next((p for p in people if channel and p.id in channel.members), None)
        if channel is None or reader is None:
            raise HTTPException(404)
        return RedirectResponse(f"/as/{reader.id}/{channel.id}#m-{ts[:-6]}-{ts[-6:]}", 303)

    def _nearest(
        self, request: Request, user: User, entries: Sequence[page_view.Entry]
    ) -> Response:
        """The app's DM for somebody who comes from another person's, else the first channel."""
        asked = self._workspace.channels.get(request.path_params["channel"])
        if asked is not None and asked.kind == "im":
            own = next(entry.channel for entry in entries if entry.kind == "app")
            return _go_to(user, own, request.url.query)
        return _go_to(user, entries[0].channel)

    async def part(self, request: Request) -> Response:
        """One part of the page by itself, after something in it has changed."""
        user = self._user(request)
        name = request.path_params["part"]
        channel = request.path_params["channel"]
        entry = next((e for e in self._entries(user) if e.channel.id == channel), None)
        if entry is None:
            raise HTTPException(404)
        frame = self._frame(user, entry)
        match name:
            case "messages":
                frame |= self._messages(frame["reader"], entry.channel)
            case "home":
                frame |= self._home(frame["reader"])
            case "modal":
                frame |= self._modal(frame["reader"])
            case "inspector":
                frame["wires"] = page_view.wires(self._workspace.exchanges)
            case "banner" | "sidebar":
                pass
            case _:
                raise HTTPException(404)
        return self._html(f"{name}.html.j2", frame)

    async def wire(self, request: Request) -> Response:
        """An exchange in full."""
        wanted = request.path_params["id"]
        found = next((wire for wire in self._workspace.exchanges if wire.id == wanted), None)
        if found is None:
            raise HTTPException(404)
        return self._html("wire.html.j2", {"wire": page_view.Wire(found)})

    async def stream(self, request: Request) -> Response:
        """What changes, by name, as server-sent events, for as long as the browser listens."""
        changes = self._changes(self._user(request), self._workspace.subscribe())
        return StreamingResponse(changes, media_type="text/event-stream", headers=SECURITY)

    async def act(self, request: Request) -> Response:
        """Whatever the person does, as JSON."""
        user = self._user(request)
        act = self._acts.get(request.path_params["act"])
        if act is None:
            raise HTTPException(404)
        if not request.headers.get("content-type", "").startswith("application/json"):
            raise HTTPException(415)
        try:
            body = dict(await request.json())
            result = await act(user, body)
        except (LookupError, TypeError, ValueError) as fault:
            return JSONResponse({"ok": False, "error": f"That cannot be done: {fault}"}, 400)
        answer = asdict(result)
        if result.options or result.option_groups:
            answer["html"] = self._suggestions(result, str(body["id"]))
        return JSONResponse(answer)

    async def _changes(self, user: User, changes: AsyncIterator[str]) -> AsyncIterator[str]:
        yield "retry: 1000\ndata: hello\n\n"
        while True:
            try:
                name = await asyncio.wait_for(anext(changes, None), HEARTBEAT)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if name is None:
                return
            if self._concerns(user, name):
                yield f"data: {name}\n\n"

    def _concerns(self, user: User, change: str) -> bool:
        kind, _, subject = change.partition(":")
        if kind == "messages":
            channel = self._workspace.channels.get(subject)
            return channel is not None and user.id in channel.members
        return kind not in ("views", "home") or subject == user.id

    def _user(self, request: Request) -> User:
        user = self._workspace.users.get(request.path_params["user"])
        if user is None or user.is_bot or user.deleted:
            raise HTTPException(404)
        return user

    def _entries(self, user: User) -> list[page_view.Entry]:
        self._workspace.direct_message(user.id)
        return page_view.sidebar(self._workspace, user)

    def _frame(self, user: User, entry: page_view.Entry, tab: str = "") -> dict[str, Any]:
        """What every part of the page needs."""
        has_home = bool((self._features.get("app_home") or {}).get("home_tab_enabled"))
        tabs = ("home", "messages", "about") if has_home else ("messages", "about")
        reader = page_view.reader_of(self._workspace, user, entry.channel.id)
        return {
            "bot": self._workspace.users[BOT_USER],
            "me": user,
            "reader": reader,
            "now": reader.now.astimezone(reader.zone),
            "entry": entry,
            "channel": entry.channel,
            "tabs": tabs if entry.kind == "app" else (),
            "tab": tab if entry.kind == "app" and tab in tabs else "messages",
            "entries": page_view.sidebar(self._workspace, user),
            "status": self._workspace.app_status,
        }

    def _whole(self, user: User, entry: page_view.Entry, tab: str) -> dict[str, Any]:
        frame = self._frame(user, entry, tab)
        people = self._workspace.users
        return {
            **frame,
            **self._messages(frame["reader"], entry.channel),
            **self._home(frame["reader"]),
            "version": self._version,
            "clock": clock.shown(self._workspace.clock, frame["reader"].zone),
            "times": clock.places(self._workspace.clock, frame["reader"].zone),
            "about": self._manifest.get("display_information") or {},
            "cast": self._workspace.people(),
            "team": self._workspace.team,
            "members": [people[member].real_name for member in entry.channel.members],
            "commands": page_view.commands(self._manifest),
            "welcome": self._welcome if entry.channel.id == self._workspace.first_channel else (),
        }

    def _messages(self, reader: Reader, channel: Channel) -> dict[str, Any]:
        return {"lines": page_view.lines(self._workspace, self._env, reader, channel.id)}

    def _home(self, reader: Reader) -> dict[str, Any]:
        view = self._workspace.home(reader.user)
        return {"home_view": view, "home": view and page_view.view_body(self._env, view, reader)}

    def _modal(self, reader: Reader) -> dict[str, Any]:
        stack = self._workspace.views(reader.user)
        if not stack:
            return {"modal": None}
        body = page_view.view_body(self._env, stack[-1], reader)
        return {"modal": stack[-1], "modal_body": body, "depth": len(stack)}

    def _html(self, template: str, context: Mapping[str, Any]) -> HTMLResponse:
        html = self._env.get_template(template).render(context)
        return HTMLResponse(html, headers=SECURITY)

    def _suggestions(self, result: Result, element_id: str) -> str:
        """The options that the app suggests, as a list to choose from."""
        offered: Json = {"type": "external_select", "options": result.options}
        if result.option_groups:
            offered["option_groups"] = result.option_groups
        return self._env.get_template("options.html.j2").render(offered=offered, id=element_id)


def _go_to(user: User, channel: Channel, query: str = "") -> RedirectResponse:
    return RedirectResponse(f"/as/{user.id}/{channel.id}{query and f'?{query}'}", 303)

"""The site as files for any host: what is served, and lists and a library at paths of their own."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from bot.domain.site.boards import Feed
from bot.domain.site.cards import CARD, ENDING, card_of_role
from bot.domain.site.jobs import Filters, PageState, Snapshot
from bot.domain.site.library import library_page, role_address, role_page, search_index
from bot.domain.site.lists import choices
from bot.errors import UserError
from bot.library.content import LoadedContent
from bot.library.formats import Format
from bot.services.site.page import Page
from bot.services.site.rendering import JOBS, Site

LISTING = ".panelist-site"
"""Names what a build has written: the next one removes what it doesn't write again."""

ALL = Filters()

File = tuple[str, bytes]


def files_of(site: Site, now: Snapshot) -> Iterator[File]:
    """Paths with what stands there: pages, feeds, and what they are shown with."""
    yield "index.html", _body(site, now, JOBS)
    yield "404.html", site.missing(now).body
    yield "jobs/index.html", _body(site, now, JOBS)
    for one in now.jobs:
        yield f"jobs/{one.job.slug}/index.html", _body(site, now, f"{JOBS}/{one.job.slug}")
        if one.state(now.at) is not PageState.OVER:
            yield f"jobs/{one.job.slug}{ENDING}", _body(site, now, f"{JOBS}/{one.job.slug}{ENDING}")
    teams, places = choices(now, site.frame)
    for kind, options in (("team", teams), ("place", places)):
        for option in options:
            filters = replace(ALL, **{kind: option.key})
            yield f"jobs/{kind}/{option.key}/index.html", _body(site, now, JOBS, filters)
    for address in (*(feed.address for feed in Feed), "/sitemap.xml", "/robots.txt"):
        yield address[1:], _body(site, now, address)
    for name in site.static_names:
        yield f"static/{name}", _body(site, now, f"/static/{name}")


def library_files(content: LoadedContent, site: Site, now: Snapshot) -> Iterator[File]:
    """The public part of the role library; no hiring guide and no question is in it."""
    library, documents = content.library, content.documents
    frame = replace(site.frame, has_library=True)
    page = library_page(library.roles, frame)
    html = documents.render("pages/library.html.j2", site=frame, page=page)
    yield "library/index.html", html.encode()
    index = json.dumps(search_index(library.roles, frame), ensure_ascii=False)
    yield "library/search.json", index.encode()
    yield "static/library.js", documents.render("pages/library.js.j2").encode()
    for role in library.roles:
        folder = role_address(role, frame).removeprefix(site.at.path).strip("/")
        here = replace(site.in_language(role.words.language), has_library=True)
        page_of_role = role_page(role, library.roles, now, here)
        html = documents.render("pages/role.html.j2", site=here, page=page_of_role)
        yield f"{folder}/index.html", html.encode()
        yield f"{folder}/{CARD}", site.drawn(card_of_role(role, here))
        for style, ending in ((Format.MARKDOWN, "md"), (Format.TEXT, "txt")):
            text = documents.document("posting", style, role=role, competencies=())
            yield f"{folder}/{role.slug}.{ending}", text.encode()


def write(folder: Path, files: Iterator[File]) -> int:
    """Writes the files, and removes what an earlier build wrote and this one doesn't; gives how
    many there are. Raises UserError where the folder holds anything else."""
    before = _written_before(folder)
    now = set()
    for name, body in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or path.read_bytes() != body:
            path.write_bytes(body)
        now.add(name)
    for name in sorted(before - now):
        (folder / name).unlink(missing_ok=True)
        _remove_empty(folder, (folder / name).parent)
    (folder / LISTING).write_text("".join(f"{name}\n" for name in sorted(now)), encoding="utf-8")
    return len(now)


def _written_before(folder: Path) -> set[str]:
    listing = folder / LISTING
    if listing.is_file():
        names = listing.read_text(encoding="utf-8").splitlines()
        return {name for name in names if _is_inside(name)}
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(
            f"{folder} isn't empty, and Panelist hasn't written it. Name a new folder, or an "
            "empty one."
        )
    return set()


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts


def _remove_empty(root: Path, folder: Path) -> None:
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _body(site: Site, now: Snapshot, address: str, filters: Filters = ALL) -> bytes:
    found = site.answer(now, address, filters)
    assert isinstance(found, Page), address  # noqa: S101
    return found.body

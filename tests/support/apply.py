"""People who apply on a job's own page: over HTTP, with real multipart."""

import io
import re
import zipfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.apply import ApplyPages
from bot.domain.audit import new_id
from bot.domain.openings.form import Usual
from bot.domain.openings.opening import OpeningStatus
from bot.library.content import LoadedContent
from bot.services.apply.keys import Keys
from bot.services.apply.parts import ApplyServices, apply_services
from bot.services.apply.reading import ApplicationReading
from bot.services.frozen_contents import Contents
from bot.services.openings.forms import OpeningForms
from bot.services.site.reading import SiteReading
from bot.services.site.rendering import Site
from bot.services.site.service import SiteService
from bot.services.workspace import WorkspaceService
from bot.site import SitePages
from bot.storage.database import Database
from bot.web import Readiness, Web
from tests.integration.test_openings_services import Office
from tests.support.people import WORKSPACE, rights_of
from tests.support.server import serving
from tests.support.site import BASE

ANSWERS = {
    "name": "Zoë Nguyễn",
    "email": "zoe+jobs@example.com",
    "phone": "+49 40 123456",
    "country": "DE",
    "link": "https://github.com/zoe",
    "right_to_work": "yes",
    "heard": "A friend",
    "adjustments": "Captions, please",
}


def pdf(text: str = "Ten years of Python") -> bytes:
    """One page with this text in Latin letters."""
    drawn = f"BT /F 12 Tf 20 200 Td ({text}) Tj ET".encode("latin-1")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    made_of = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(made))
    return made + made_of + end


PDF = pdf()

HIDDEN = re.compile(r'<input type="hidden" name="form" value="([^"]+)">')


def docx(text: str = "Ten years of Python", **others: bytes) -> bytes:
    """As small as one can be."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    said = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
    body = f'<w:document xmlns:w="{word}">{said}</w:document>'
    return packed(
        {"[Content_Types].xml": b"<Types/>", "word/document.xml": body.encode(), **others}
    )


def odt(text: str = "Ten years of Python") -> bytes:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    said = f"<office:body><office:text><text:p>{text}</text:p></office:text></office:body>"
    body = f"<office:document-content {names}>{said}</office:document-content>"
    kind = b"application/vnd.oasis.opendocument.text"
    return packed({"mimetype": kind, "content.xml": body.encode()})


def packed(parts: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


@dataclass
class Desk:
    """A company that takes applications on its own pages, and somebody who looks at them."""

    office: Office
    service: SiteService
    parts: ApplyServices
    reading: ApplicationReading
    visitor: httpx.AsyncClient
    slug: str = "payments-developer"
    flushes: list[int] = field(default_factory=list)

    @property
    def page(self) -> str:
        return f"/jobs/{self.slug}/apply"

    async def opens(self, title: str = "Payments Developer", **changes: Any) -> str:
        """Opens a job that takes applications here; gives its id."""
        entered = {"applies_here": True, "apply_at": None, **changes}
        await self.office.opens(id := new_id(), title=title, **entered)
        await self.office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
        await self.service.refresh()
        return id

    async def becomes(self, id: str, status: OpeningStatus) -> None:
        await self.office.postings.move(WORKSPACE, "U1", id, status)

    async def form(self) -> str:
        """The stamp of a form that was opened some time ago."""
        shown = await self.visitor.get(self.page)
        assert shown.status_code == 200, shown.text
        self.office.clock.move(minutes=2)
        return stamp_of(shown.text)

    async def sends(
        self,
        changes: Mapping[str, str] | None = None,
        file: tuple[str, bytes] | None = None,
        form: str | None = None,
    ) -> httpx.Response:
        """What is answered to a form that was filled in so."""
        stamp = await self.form() if form is None else form
        fields = {**ANSWERS, "form": stamp, "src": "", "website": "", **(changes or {})}
        given = {name: value for name, value in fields.items() if value is not None}
        files = {"resume": file if file is not None else ("", b"")}
        return await self.visitor.post(self.page, data=given, files=files)

    async def applies(
        self, changes: Mapping[str, str] | None = None, file: tuple[str, bytes] | None = None
    ) -> str:
        """The address of the page that whoever sent it has from then on."""
        answer = await self.sends(changes, file)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def stages(self) -> list[str]:
        async with self.office.database.read() as tx:
            return [str(one.stage) for _, one in await tx.applications.everywhere()]


def stamp_of(page: str) -> str:
    found = HIDDEN.search(page)
    assert found is not None, page
    return found[1]


@asynccontextmanager
async def applying(
    content: LoadedContent, folder: Path, database_url: str, scanner: str | None = None
) -> AsyncIterator[Desk]:
    """The pages as they are served, with a database behind them."""
    database = Database(database_url)
    await WorkspaceService(database).claim(WORKSPACE)
    office = Office(content.library, database)
    office.forms = OpeningForms(office.editing, Usual(pages=BASE))
    reading = SiteReading(content.library, Contents())
    site = Site(content, BASE, folder)
    service = SiteService(site, database, reading, office.clock)
    await service.refresh()
    keys, flushes = Keys(database, None), list[int]()
    clock = office.clock

    def flush() -> None:
        flushes.append(1)

    parts = apply_services(database, content, service, site, keys, scanner, clock, flush)
    rights = rights_of(office.people, database, clock)
    team = ApplicationReading(database, rights, keys, BASE, clock, flush)
    pages = ApplyPages(service, parts.applying, parts.candidates, team, parts.rendering)

    async def ready() -> Readiness:
        return Readiness([], [])

    routes = [*pages.routes(), *SitePages(service).routes()]
    web = Web(None, None, None, ready, routes)  # type: ignore[arg-type]
    async with serving(web.asgi()) as url, httpx.AsyncClient(base_url=url, timeout=60) as visitor:
        yield Desk(office, service, parts, team, visitor, flushes=flushes)
    await database.close()

"""Calendars as several programs write them, and an https server of this machine that has one."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import trustme

from bot import http

HOST, ELSEWHERE = "calendar.test", "elsewhere.test"
"""Two names that lead to the same server; its certificate is for the first alone."""

LOCAL = "127.0.0.1"


def calendar(*events: str, producer: str = "-//Test//EN", more: str = "") -> bytes:
    whole = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:{producer}\n{more}" + "".join(
        f"BEGIN:VEVENT\nUID:{number}@test\nDTSTAMP:20260101T000000Z\n{event.strip()}\nEND:VEVENT\n"
        for number, event in enumerate(events)
    )
    return (whole + "END:VCALENDAR\n").replace("\n", "\r\n").encode()


GOOGLE = calendar(
    "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261225\nDESCRIPTION:Public holiday\n"
    "SUMMARY:Christmas Eve\nTRANSP:TRANSPARENT\nSTATUS:CONFIRMED",
    "DTSTART;VALUE=DATE:20270214\nDTEND;VALUE=DATE:20270215\nDESCRIPTION:Observance\\nTo hide "
    "observances\\, go to Google\n  Calendar Settings\nSUMMARY:Valentine's Day\nSTATUS:CONFIRMED",
    "DTSTART;VALUE=DATE:20261231\nDTEND;VALUE=DATE:20270102\nSUMMARY:New Year\nSTATUS:CONFIRMED",
    producer="-//Google Inc//Google Calendar 70.9054//EN",
    more="CALSCALE:GREGORIAN\nMETHOD:PUBLISH\nX-WR-CALNAME:Holidays\nX-WR-TIMEZONE:UTC\n",
)

OUTLOOK = calendar(
    "DTSTART;TZID=W. Europe Standard Time:20261228T000000\n"
    "DTEND;TZID=W. Europe Standard Time:20261230T000000\nSUMMARY:Betriebsferien\n"
    "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE\nX-MICROSOFT-CDO-BUSYSTATUS:OOF",
    "DTSTART;TZID=W. Europe Standard Time:20261218T150000\n"
    "DTEND;TZID=W. Europe Standard Time:20261218T230000\nSUMMARY:Weihnachtsfeier\n"
    "X-MICROSOFT-CDO-ALLDAYEVENT:FALSE",
    producer="-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN",
    more="METHOD:PUBLISH\nBEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\nBEGIN:STANDARD\n"
    "DTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nBEGIN:DAYLIGHT\n"
    "DTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n",
)

APPLE = calendar(
    "DTSTART;VALUE=DATE:20200106\nDTEND;VALUE=DATE:20200107\nRRULE:FREQ=YEARLY\n"
    "EXDATE;VALUE=DATE:20270106\nSUMMARY:Epiphany\nSEQUENCE:1",
    "DTSTART;VALUE=DATE:20260501\nDURATION:P2D\nRRULE:FREQ=YEARLY;UNTIL=20270601\nSUMMARY:May\n"
    "STATUS:CANCELLED",
    "DTSTART;VALUE=DATE:20261105\nRRULE:FREQ=MONTHLY;COUNT=3\nSUMMARY:Team day",
    producer="-//Apple Inc.//macOS 15.1//EN",
    more="CALSCALE:GREGORIAN\nX-WR-CALNAME:Firma\n",
)

WITHOUT_END = calendar("DTSTART:20000101T000000Z\nRRULE:FREQ=SECONDLY\nSUMMARY:Hostile")
EVERY_DAY = calendar("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=DAILY\nSUMMARY:Every day")


@dataclass
class CalendarServer:
    """What it answers next, and what it was asked; `redirects` has where a path leads."""

    port: int = 0
    status: str = "200 OK"
    headers: list[str] = field(default_factory=list)
    body: bytes = b""
    hangs: bool = False
    redirects: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.at("/holidays.ics?token=secret")

    def at(self, path: str, host: str = HOST) -> str:
        return f"https://{host}:{self.port}{path}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(asked)
        if self.hangs:
            await reader.read()
        status, headers, body = self.status, self.headers, self.body
        if (leads_to := self.redirects.get(asked.split(" ")[1])) is not None:
            status, headers, body = "302 Found", [f"Location: {leads_to}"], b""
        head = [f"HTTP/1.1 {status}", "Connection: close", *headers, "", ""]
        writer.write("\r\n".join(head).encode() + body)
        writer.close()


@asynccontextmanager
async def calendar_server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[CalendarServer]:
    """An https server of this machine that is taken for one of the internet: it has a certificate
    that we trust, made for this once, its name leads to it, and its port counts as the usual one.

    Every other name is looked up, and no address of this machine's counts as public.
    """
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    made = CalendarServer()
    server = await asyncio.start_server(made.answer, LOCAL, 0, ssl=context)
    made.port = server.sockets[0].getsockname()[1]
    looked_up = http.public_address

    async def public_address(host: str) -> str:
        return LOCAL if host in (HOST, ELSEWHERE) else await looked_up(host)

    monkeypatch.setattr(http, "HTTPS", made.port)
    monkeypatch.setattr(http, "public_address", public_address)
    monkeypatch.setenv("NO_PROXY", "*")
    with authority.cert_pem.tempfile() as trusted:
        monkeypatch.setenv("SSL_CERT_FILE", trusted)
        async with server:
            yield made

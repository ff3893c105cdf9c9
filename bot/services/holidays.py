"""A company's own calendars of holidays: where they are, and what is in them, read once a day."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.domain.audit import AuditEntry, new_id
from bot.domain.holidays import CalendarSource, HolidayCalendar
from bot.domain.rights import Act
from bot.errors import DatabaseAway, UserError
from bot.http import (
    Compressed,
    LeadsOn,
    NoAnswer,
    NotPublic,
    Response,
    TooLarge,
    TooSlow,
    get_public,
    public_host,
)
from bot.library.holidays import LARGEST, UnreadableCalendar, read_days, read_file
from bot.outages import Outage
from bot.services.ports import Clock
from bot.services.rights import Rights, require
from bot.storage.database import Database, Transaction

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
AGAIN = timedelta(hours=1)
"""After how long a calendar is read again, and after how long one that could not be."""

LONGEST_ADDRESS = 1000
LONGEST_TAG = 200

OK, NOT_MODIFIED = 200, 304

UNREACHED: Mapping[type[NoAnswer], str] = {
    NotPublic: "its address isn't a public one of the internet, or leads to one that isn't",
    LeadsOn: "its address leads from one to another too often: enter the last of them",
    TooLarge: "it's larger than 1 MB",
    TooSlow: "its server took more than 10 seconds",
    Compressed: "its server sends it compressed only, which isn't read",
    NoAnswer: "its server can't be reached",
}
"""What an admin and an operator read."""

BROKEN = "reading it went wrong: Panelist's log has the reason at holidays.broken"

NOT_AN_ADDRESS = (
    "Enter a public address that begins with https://, such as the one that your calendar gives as "
    "“iCal” or “ICS”."
)


class InvalidAddress(UserError):
    """No calendar can be read from there."""


class Get(Protocol):
    """Asks a server of the public internet; raises NoAnswer."""

    async def __call__(self, url: str, headers: Mapping[str, str], most: int, /) -> Response: ...


@dataclass(frozen=True)
class Found:
    """What reading a calendar gave: None where it is as it was."""

    days: frozenset[date] | None
    etag: str | None


class HolidayCalendars:
    """Whatever goes wrong with a calendar, the days from before hold, and it is tried again.

    `file` is the calendar in the content folder, if there is a folder.
    """

    def __init__(
        self,
        database: Database,
        rights: Rights,
        clock: Clock,
        file: Path | None = None,
        get: Get = get_public,
    ) -> None:
        self._database = database
        self._rights = rights
        self._clock = clock
        self._file = file
        self._get = get
        self._has_begun = False
        self.outage = Outage("holiday_calendar")

    async def set_address(self, workspace: str, user: str, typed: str) -> None:
        """Reads the company's calendar from there from now on, or from nowhere where nothing is
        typed. Raises UserError."""
        require(await self._rights.access(workspace, user), Act.SET_DEFAULT)
        url, now = address_of(typed), self._clock.now()
        async with self._database.write() as tx:
            if url is None:
                await tx.holidays.remove(workspace, CalendarSource.ADDRESS)
                await _changed(tx, workspace, now)
            else:
                known = await tx.holidays.get(workspace, CalendarSource.ADDRESS, lock=True)
                known = known or HolidayCalendar(workspace, CalendarSource.ADDRESS)
                if known.url != url:  # the days from before hold until there are others
                    known = replace(known, url=url, etag=None, fetched_at=None, fault=None)
                await tx.holidays.put(replace(known, fetch_at=now))
                await tx.homes.changed(workspace, None, now)
            entry = AuditEntry(
                id=new_id(),
                workspace=workspace,
                at=now,
                actor=user,
                action="holidays.calendar",
                subject=workspace,
                revision=0,
                fields=("set",) if url else ("removed",),
            )
            await tx.audit.add(entry)

    async def tick(self) -> None:
        """Reads the calendars that it is time to read.

        Which cannot be read is seen by each replica, whichever of them has tried.
        """
        now = self._clock.now()
        if not self._has_begun:
            await self._begin(now)
        async with self._database.read() as tx:
            due = await tx.holidays.due(now)
        for one in due:
            if await self._take(one, now):
                await self._read(one, now)
        async with self._database.read() as tx:
            faults = await tx.holidays.faults()
        if not faults:
            self.outage.worked()
        elif not self.outage.seconds:
            self.outage.failed(UnreadableCalendar(faults[0]))

    async def _begin(self, now: datetime) -> None:
        """The file may be another since the last start, and whatever failed then is tried again."""
        async with self._database.read() as tx:
            workspace = await tx.workspace.owner()
        if workspace is None:
            return
        async with self._database.write() as tx:
            if self._file is not None and await asyncio.to_thread(self._file.is_file):
                known = await tx.holidays.get(workspace, CalendarSource.FILE, lock=True)
                known = known or HolidayCalendar(workspace, CalendarSource.FILE)
                await tx.holidays.put(replace(known, fetch_at=now))
            elif await tx.holidays.get(workspace, CalendarSource.FILE) is not None:
                await tx.holidays.remove(workspace, CalendarSource.FILE)
                await _changed(tx, workspace, now)
            for one in await tx.holidays.of(workspace):
                if one.fault is not None:
                    await tx.holidays.put(replace(one, fetch_at=now))
        self._has_begun = True

    async def _take(self, one: HolidayCalendar, now: datetime) -> bool:
        """Whether it is ours to read: no other replica reads it meanwhile."""
        async with self._database.write() as tx:
            ours = await tx.holidays.due(now, lock=True)
            if one not in ours:
                return False
            await tx.holidays.put(replace(one, fetch_at=now + AGAIN))
        return True

    async def _read(self, one: HolidayCalendar, now: datetime) -> None:
        try:
            found = await self._found(one, now)
        except UnreadableCalendar as unreadable:
            read = replace(one, fault=unreadable.text, fetch_at=now + AGAIN)
        except DatabaseAway:
            raise
        except Exception:  # whatever it is, the days from before hold, and others are read
            log.exception("holidays.broken")
            read = replace(one, fault=BROKEN, fetch_at=now + AGAIN)
        else:
            read = replace(
                one,
                days=one.days if found.days is None else found.days,
                etag=found.etag,
                fetched_at=now,
                fetch_at=now + EVERY,
                fault=None,
            )
        async with self._database.write() as tx:
            known = await tx.holidays.get(one.workspace, one.source, lock=True)
            if known is None or known.url != one.url:
                return  # an admin has changed it meanwhile
            await tx.holidays.put(read)
            if read.days != known.days:
                log.info("holidays.changed", extra={"count": len(read.days)})
                await _changed(tx, one.workspace, now)
            else:
                await tx.homes.changed(one.workspace, None, now)

    async def _found(self, one: HolidayCalendar, now: datetime) -> Found:
        """Raises UnreadableCalendar."""
        if one.source is CalendarSource.FILE:
            if self._file is None:
                raise UnreadableCalendar("there's no content folder")
            return Found(await read_file(self._file, now.date()), None)
        # What recurs has other days a year later, though the calendar be the same.
        tag = one.etag if one.fetched_at and one.fetched_at > now - 7 * EVERY else None
        headers = {"Accept": "text/calendar"} | ({"If-None-Match": tag} if tag else {})
        try:
            answer = await self._get(one.url or "", headers, LARGEST)
        except NoAnswer as error:
            raise UnreadableCalendar(UNREACHED[type(error)]) from error
        if answer.status == NOT_MODIFIED and tag:
            return Found(None, tag)
        if answer.status != OK:
            raise UnreadableCalendar(f"its server answered with the status {answer.status}")
        etag = answer.headers.get("ETag", "")
        days = await read_days(answer.body, now.date())
        return Found(days, etag if 0 < len(etag) <= LONGEST_TAG and etag.isascii() else None)


def address_of(typed: str) -> str | None:
    """The address that somebody means; None where nothing is typed. Raises UserError."""
    url = typed.strip()
    if not url:
        return None
    if url.casefold().startswith(("webcal://", "webcals://")):
        url = "https://" + url.partition("://")[2]
    is_plain = url.isascii() and url.isprintable() and not set(url) & set(' <>"\\')
    if len(url) > LONGEST_ADDRESS or not is_plain:
        raise InvalidAddress(NOT_AN_ADDRESS)
    try:
        public_host(url)
    except NotPublic:
        raise InvalidAddress(NOT_AN_ADDRESS) from None
    return url.partition("#")[0]


async def _changed(tx: Transaction, workspace: str, now: datetime) -> None:
    """Everybody's next reminder may be another."""
    await tx.reminders.recheck(workspace, None, now)
    await tx.homes.changed(workspace, None, now)

"""A company's own calendar of holidays, as admins and people choose it, and what becomes of days
that cannot be read any more."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import http, outages
from bot.domain.dates import in_utc
from bot.domain.holidays import CalendarSource, HolidayCalendar
from bot.library.catalogue import Library
from bot.playground.rules.limits import faults
from bot.services import holidays as service
from handlers.ids import HOME_CALENDAR, HOME_COUNTRY, ViewId
from tests.integration.test_home import at_home, changes, chooses, chosen, opens, presses
from tests.integration.test_outbox_cli import operator
from tests.integration.test_reminders_wire import ALEX, Desk
from tests.support.calendars import (
    ELSEWHERE,
    HOST,
    WITHOUT_END,
    CalendarServer,
    calendar,
    calendar_server,
)
from tests.support.clock import ManualClock
from tests.support.panelist import running, text_of
from tests.support.panels import frozen, interview, panel, stored
from tests.support.slack import StandIn
from tests.support.waiting import until
from tests.support.wire import WORKSPACE, Json, Reply

ADMIN = "UADMIN"

THURSDAY = datetime(2026, 12, 3, 9, tzinfo=UTC)
"""Of Alex's interview, who is in Germany, where the days around it are no holidays."""

CLOSED = calendar(
    "DTSTART;VALUE=DATE:20261203\nDTEND;VALUE=DATE:20261205\nSUMMARY:Closed",
    "DTSTART;VALUE=DATE:20261207\nDTEND;VALUE=DATE:20261208\nSUMMARY:Closed",
)
"""The company is closed on that Thursday, on Friday, and on Monday."""

TUESDAY = date(2026, 12, 8)


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(outages, "LONGEST_PAUSE", 0.05)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[CalendarServer]:
    async with calendar_server(monkeypatch) as made:
        made.body = CLOSED
        yield made


@asynccontextmanager
async def desk_at(
    slack: StandIn, url: str, library: Library, folder: Path | None = None
) -> AsyncIterator[Desk]:
    clock = ManualClock(THURSDAY)
    slack.people[ALEX] = {"id": ALEX, "name": "alex", "team_id": WORKSPACE, "tz": "Europe/Berlin"}
    slack.conversations.now = lambda: clock.now().timestamp()
    given = {} if folder is None else {"panelist_content": folder}
    admins = frozenset({ADMIN})
    async with running(slack, url, clock=clock, panelist_admins=admins, **given) as panelist:
        whole = panel(interview(ALEX, id="1" * 16, starts_at=THURSDAY))
        async with panelist.application.database.write() as tx:
            await stored(tx, whole, frozen(library))
        yield Desk(panelist, slack, clock)


@pytest.fixture
async def desk(slack: StandIn, database_url: str, library: Library) -> AsyncIterator[Desk]:
    async with desk_at(slack, database_url, library) as made:
        yield made


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The company's content folder, with nothing but its calendar."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "holidays.ics").write_bytes(CLOSED)
    return folder


@pytest.fixture
async def small(slack: StandIn, sqlite_database: str, library: Library) -> AsyncIterator[Desk]:
    """The same on SQLite alone, where the database is not what a test is about."""
    async with desk_at(slack, sqlite_database, library) as made:
        yield made


async def address_form(desk: Desk) -> Json:
    """An admin opens *Workspace settings*, and there the form for the address."""
    form = await changes(desk, ADMIN, "Workspace settings")
    assert faults("modal", form) == []
    label = "Change the address of the company calendar"
    await presses(desk, form, label, ADMIN, kind="modal")
    found: Json = desk.slack.called("views.push")[-1]["view"]
    assert faults("modal", found) == []
    return found


async def enters(desk: Desk, typed: str | None, user: str = ADMIN) -> Reply:
    view = await address_form(desk)
    values = {HOME_CALENDAR.block: {HOME_CALENDAR.action: {"value": typed}}}
    reply = await desk.panelist.submits(view, values, user)
    await desk.panelist.application.edge.drain(5)
    return reply


async def kept(desk: Desk, source: CalendarSource = CalendarSource.ADDRESS) -> HolidayCalendar:
    async with desk.panelist.application.database.read() as tx:
        found = await tx.holidays.get(WORKSPACE, source)
    return found or HolidayCalendar(WORKSPACE, source)


async def is_read(desk: Desk, source: CalendarSource = CalendarSource.ADDRESS) -> HolidayCalendar:
    """What came of reading it, now that it is time to."""
    application = desk.panelist.application
    chore = next(one for one in application.chores if one.outage.name == "holidays")

    async def has_tried() -> bool:
        await application.tick()
        while (reading := chore._in_hand) is not None and not reading.done():
            await asyncio.wait({reading})
        one = await kept(desk, source)
        return one.fetch_at is not None and one.fetch_at > desk.clock.now()

    await until(has_tried)
    return await kept(desk, source)


async def in_settings(desk: Desk) -> str:
    return text_of(await changes(desk, ADMIN, "Workspace settings"))


async def degraded(desk: Desk) -> str:
    ready = await desk.panelist.wire.get("/readyz")
    assert ready.status == 200
    return " | ".join(ready.json["degraded"])


async def hears_by(desk: Desk, day: date) -> bool:
    """Whether Alex hears anything by the morning of that day."""
    before = len(desk.said())
    await desk.at(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
    return len(desk.said()) > before


async def test_an_admin_enters_an_address_and_everyone_has_its_days(
    desk: Desk, server: CalendarServer
) -> None:
    """The nudge was due an hour after the interview."""
    assert "None. Its all-day events become holidays." in await in_settings(desk)
    assert (await enters(desk, f" {server.url} ")).text == ""
    assert (await is_read(desk)).fault is None
    told = await in_settings(desk)
    assert f"{HOST}: 3 days off, read Thu, Dec 3" in told
    assert "token=secret" not in told
    assert "company calendar" in at_home(desk, ADMIN)
    await desk.at(THURSDAY + timedelta(hours=2, minutes=5))
    assert desk.said() == []
    await opens(desk)
    assert "public holidays in Germany · company calendar" in at_home(desk, ALEX)
    assert not await hears_by(desk, date(2026, 12, 4))
    assert not await hears_by(desk, date(2026, 12, 7))
    assert await hears_by(desk, TUESDAY)


async def test_a_person_chooses_the_companys_calendar_and_the_nudge_waits(
    desk: Desk, server: CalendarServer
) -> None:
    """Alex has chosen another country, and so not the company's days, until they choose these."""
    await chooses(desk, HOME_COUNTRY, chosen("GB"))
    await enters(desk, server.url)
    await is_read(desk)
    form = await changes(desk)
    assert faults("modal", form) == []
    assert "Your time zone's: Germany + company calendar" in text_of(form)
    assert "public holidays in United Kingdom" in at_home(desk, ALEX)
    assert "company calendar" not in at_home(desk, ALEX)
    form = await chooses(desk, HOME_COUNTRY, chosen("company"))
    assert faults("modal", form) == []
    assert "· company calendar" in at_home(desk, ALEX)
    assert "public holidays" not in at_home(desk, ALEX)
    await desk.at(THURSDAY + timedelta(hours=2, minutes=5))
    assert desk.said() == [], "the company is closed"
    await chooses(desk, HOME_COUNTRY, chosen("GB"))
    assert await hears_by(desk, date(2026, 12, 4)), "the United Kingdom is not"


async def test_whoever_chose_a_calendar_that_is_gone_has_their_zones_country(
    desk: Desk, server: CalendarServer
) -> None:
    await enters(desk, server.url)
    await is_read(desk)
    await chooses(desk, HOME_COUNTRY, chosen("company"))
    assert (await enters(desk, None)).status == 200
    assert "None. Its all-day events become holidays." in await in_settings(desk)
    await opens(desk)
    assert "public holidays in Germany" in at_home(desk, ALEX)
    assert "company calendar" not in at_home(desk, ALEX)
    form = await changes(desk)
    assert faults("modal", form) == []
    assert "ompany calendar" not in text_of(form)


async def test_whoever_wants_none_has_none(desk: Desk, server: CalendarServer) -> None:
    await enters(desk, server.url)
    await is_read(desk)
    await chooses(desk, HOME_COUNTRY, chosen("none"))
    assert "ompany calendar" not in at_home(desk, ALEX)
    assert await hears_by(desk, date(2026, 12, 4))


@pytest.mark.parametrize(
    "typed",
    [
        "http://calendar.example/holidays.ics",
        "https://127.0.0.1/holidays.ics",
        "https://[::1]/holidays.ics",
        "https://[::ffff:10.0.0.1]/holidays.ics",
        "https://169.254.169.254/latest",
        "https://192.168.1.1/holidays.ics",
        "https://me:secret@calendar.example/holidays.ics",
        "https://calendar.example:8443/holidays.ics",
        "https://calendar.example/two words.ics",
        "ftp://calendar.example/holidays.ics",
        "holidays",
        "https://calendar.example/" + "x" * 1000,
    ],
)
async def test_an_address_that_is_not_a_public_one_is_refused_at_its_field(
    small: Desk, typed: str
) -> None:
    reply = await enters(small, typed)
    assert reply.json["response_action"] == "errors"
    assert reply.json["errors"][HOME_CALENDAR.block].startswith("Enter a public address")
    assert (await kept(small)).url is None


async def test_nobody_but_an_admin_enters_one(small: Desk, server: CalendarServer) -> None:
    reply = await enters(small, server.url, ALEX)
    assert "Only an admin can set this for the whole workspace." in reply.text
    view = {"id": "V1", "type": "modal", "callback_id": ViewId.HOME_CALENDAR, "blocks": []}
    assert (await small.panelist.submits(view | {"private_metadata": "{"}, {})).status == 200
    assert (await kept(small)).url is None
    assert server.asked == []


async def test_a_calendar_programs_address_begins_with_webcal(
    small: Desk, server: CalendarServer
) -> None:
    await enters(small, server.url.replace("https://", "webcal://"))
    assert len((await is_read(small)).days) == 3


async def test_it_is_read_where_its_address_leads(small: Desk, server: CalendarServer) -> None:
    server.redirects = {"/old.ics": "/new.ics?key=1"}
    await enters(small, server.at("/old.ics"))
    assert len((await is_read(small)).days) == 3
    assert [asked.split(" ")[1] for asked in server.asked] == ["/old.ics", "/new.ics?key=1"]


# What cannot be read


@contextmanager
def gives(server: CalendarServer, what: str, patch: pytest.MonkeyPatch) -> Iterator[str]:
    """The server goes wrong in this way for a while; gives the sentence for it."""
    body, redirects = server.body, server.redirects
    words = "can't be reached"
    match what:
        case "a broken file":
            server.body, words = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "isn't a calendar file"
        case "a web page":
            server.body, words = b"<html>Sign in</html>", "isn't a calendar file"
        case "five megabytes":
            server.body, words = b"x" * 5_000_000, "it's larger than 1 MB"
        case "what recurs without end":
            server.body, words = WITHOUT_END, "it takes too much time or memory to read"
        case "this machine":
            words = "its address isn't a public one of the internet, or leads to one that isn't"
            server.redirects = {"/holidays.ics?token=secret": "https://127.0.0.1/holidays.ics"}
        case "this machine by a name":
            words = "its address isn't a public one of the internet, or leads to one that isn't"
            server.redirects = {"/holidays.ics?token=secret": server.at("/", "localhost")}
        case "no https":
            words = "its address isn't a public one of the internet, or leads to one that isn't"
            server.redirects = {"/holidays.ics?token=secret": "http://calendar.example/"}
        case "somebody else's certificate":
            server.redirects = {"/holidays.ics?token=secret": server.at("/", ELSEWHERE)}
        case "round and round":
            words = "its address leads from one to another too often"
            server.redirects = {"/holidays.ics?token=secret": server.url}
        case "nothing for long":
            server.hangs, words = True, "its server took more than 10 seconds"
            patch.setattr(http, "PATIENCE", 0.5)
        case "compressed":
            server.headers, words = ["Content-Encoding: gzip"], "sends it compressed"
        case "an error":
            server.status, words = "503 Busy", "its server answered with the status 503"
    yield words
    server.body, server.redirects, server.status = body, redirects, "200 OK"
    server.hangs, server.headers = False, []


FAULTS = [
    *("a broken file", "a web page", "five megabytes", "what recurs without end"),
    *("this machine", "this machine by a name", "no https", "somebody else's certificate"),
    *("round and round", "nothing for long", "compressed", "an error"),
]


@pytest.mark.parametrize("what", FAULTS)
async def test_what_cannot_be_read_ends_in_a_sentence_and_takes_no_day_away(
    small: Desk, server: CalendarServer, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enters(small, server.url)
    days = (await is_read(small)).days
    assert len(days) == 3
    small.clock.moves(days=1)
    with gives(server, what, monkeypatch) as words:
        one = await is_read(small)
        assert one.days == days
        assert one.fault is not None
        assert words in one.fault
        told = await in_settings(small)
        assert f"{HOST}: couldn't be read: {one.fault}. The 3 days off from before" in told
    monkeypatch.undo()


async def test_while_it_cannot_be_read_it_is_told_once_and_everything_else_goes_on(
    desk: Desk, server: CalendarServer, caplog: pytest.LogCaptureFixture
) -> None:
    await enters(desk, server.url)
    await is_read(desk)
    desk.clock.moves(days=1)

    async def is_seen() -> bool:
        return "a calendar of holidays can't be read (panelist doctor says why)" in await degraded(
            desk
        )

    async def is_well() -> bool:
        await desk.panelist.application.tick()
        return await degraded(desk) == ""

    with caplog.at_level(logging.INFO, "bot"):
        server.status = "404 Not Found"
        assert (await is_read(desk)).fault is not None
        await until(is_seen)
        page = (await desk.panelist.wire.get("/metrics")).text
        assert 'panelist_failing_seconds{part="holiday_calendar"} 0.0\n' not in page
        assert 'panelist_failing_seconds{part="holidays"} 0.0\n' in page
        for _ in range(3):  # it is tried each hour
            asked = len(server.asked)
            desk.clock.moves(hours=1, seconds=1)
            await is_read(desk)
            assert len(server.asked) == asked + 1
        server.status = "200 OK"
        desk.clock.moves(hours=1, seconds=1)
        await until(is_well)
    assert caplog.messages.count("holiday_calendar.failing") == 1
    assert caplog.messages.count("holiday_calendar.recovered") == 1
    assert "token=secret" not in caplog.text
    assert await hears_by(desk, TUESDAY)


async def test_whoever_runs_panelist_reads_why_and_no_secret(
    small: Desk, server: CalendarServer
) -> None:
    url = small.panelist.application.settings.database_url
    server.status = "404 Not Found"
    await enters(small, server.url)
    await is_read(small)
    told = (await operator(small.slack, url, "doctor")).stdout
    assert f"of {WORKSPACE} ({HOST}) hasn't been read yet: its server answered" in told
    server.status = "200 OK"
    await enters(small, server.url)
    await is_read(small)
    server.status = "404 Not Found"
    small.clock.moves(days=1)
    await is_read(small)
    told += (await operator(small.slack, url, "doctor")).stdout
    assert f"hasn't been read since {in_utc(THURSDAY)}" in told
    assert "the status 404. The 3 days from before hold." in told
    told += (await operator(small.slack, url, "settings", "--json")).stdout
    assert f'"{HOST}"' in told
    assert "token=secret" not in told


async def test_a_new_address_that_cannot_be_read_leaves_the_days_of_the_old(
    small: Desk, server: CalendarServer
) -> None:
    await enters(small, server.url)
    await is_read(small)
    server.redirects = {"/typo.ics": "http://calendar.example/"}
    await enters(small, server.at("/typo.ics"))
    one = await is_read(small)
    assert one.fault is not None
    assert len(one.days) == 3
    server.body = calendar("DTSTART;VALUE=DATE:20261210\nSUMMARY:Closed")
    await enters(small, server.at("/right.ics"))
    one = await is_read(small)
    assert (one.fault, one.days) == (None, {date(2026, 12, 10)})


async def test_what_has_not_changed_is_not_sent_again_for_a_week(
    small: Desk, server: CalendarServer
) -> None:
    """After that it is, as what recurs has other days by then."""
    server.headers = ['ETag: "one"']
    await enters(small, server.url)
    days = (await is_read(small)).days
    server.status, server.body = "304 Not Modified", b""
    small.clock.moves(days=1, seconds=1)
    one = await is_read(small)
    assert (one.fault, one.days) == (None, days)
    assert 'if-none-match: "one"' in server.asked[-1].casefold()


async def test_a_bug_in_reading_one_calendar_keeps_no_other_from_being_read(
    slack: StandIn,
    sqlite_database: str,
    library: Library,
    server: CalendarServer,
    own: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fails(*_: object) -> frozenset[date]:
        raise RuntimeError("a bug")

    async with desk_at(slack, sqlite_database, library, own) as desk:
        assert len((await is_read(desk, CalendarSource.FILE)).days) == 3
        monkeypatch.setattr(service, "read_days", fails)
        await enters(desk, server.url)
        assert (await is_read(desk)).fault == service.BROKEN
        assert "holidays.broken" in caplog.messages
        (own / "holidays.ics").write_bytes(calendar("DTSTART;VALUE=DATE:20261210\nSUMMARY:Closed"))
        desk.clock.moves(days=1, seconds=1)

        async def is_another() -> bool:
            await desk.panelist.application.tick()
            return (await kept(desk, CalendarSource.FILE)).days == {date(2026, 12, 10)}

        await until(is_another)


# The file


async def test_a_file_in_the_content_folder_has_days_off_and_outlives_being_broken(
    slack: StandIn, database_url: str, library: Library, own: Path
) -> None:
    file = own / "holidays.ics"
    async with desk_at(slack, database_url, library, own) as desk:
        assert len((await is_read(desk, CalendarSource.FILE)).days) == 3
        assert "holidays.ics: 3 days off, read Thu, Dec 3" in await in_settings(desk)
        file.write_bytes(b"not a calendar")
        desk.clock.moves(days=1, seconds=1)
        one = await is_read(desk, CalendarSource.FILE)
        assert (one.fault, len(one.days)) == ("it isn't a calendar file (.ics)", 3)
        given = {"PANELIST_CONTENT": str(own)}
        url = desk.panelist.application.settings.database_url
        checked = await operator(desk.slack, url, "check", **given)
        assert checked.returncode == 1
        assert "holidays.ics: can't be read: it isn't a calendar file (.ics)" in checked.stderr
        told = json.loads((await operator(desk.slack, url, "settings", "--json")).stdout)
        found = {item["name"]: item["value"] for item in told[0]["settings"]}
        assert found["reminders.company_calendar"] == ["holidays.ics"]
        assert found["reminders.company_days"] == ["2026-12-03", "2026-12-04", "2026-12-07"]


async def test_without_its_file_after_a_start_there_are_no_such_days(
    slack: StandIn, sqlite_database: str, library: Library, own: Path
) -> None:
    async with desk_at(slack, sqlite_database, library, own) as desk:
        await is_read(desk, CalendarSource.FILE)
    (own / "holidays.ics").unlink()
    clock = ManualClock(THURSDAY)
    async with running(slack, sqlite_database, clock=clock, panelist_content=own) as panelist:

        async def has_none() -> bool:
            await panelist.application.tick()
            async with panelist.application.database.read() as tx:
                return await tx.holidays.of(WORKSPACE) == []

        await until(has_none)

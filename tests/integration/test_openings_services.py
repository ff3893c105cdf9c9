"""The use cases of openings on SQLite and on PostgreSQL, where several people are at it at once."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.audit import new_id
from bot.domain.dates import NO_BREAK
from bot.domain.openings.fields import InvalidOpening, OpeningField
from bot.domain.openings.form import Usual
from bot.domain.openings.job import check_postable
from bot.domain.openings.opening import Opening, OpeningStatus
from bot.domain.openings.places import Place, WorkMode
from bot.domain.openings.terms import Terms
from bot.domain.questions.selection import Level
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.services.frozen_contents import Contents
from bot.services.jobs import MOST_SHOWN, JobSheet, OpeningChanged
from bot.services.messages.openings import PostingMessage
from bot.services.openings.editing import JobEditing
from bot.services.openings.forms import JobEdit, OpeningForms
from bot.services.openings.postings import OpeningPostings
from bot.services.openings.referrals import OpeningReferrals
from bot.storage.database import Database
from handlers.views.messages import show
from tests.support.outbox import rendered
from tests.support.panels import ROLE, HandClock
from tests.support.people import WORKSPACE, People, person, rights_of

FILLED: Mapping[OpeningField, Any] = {
    OpeningField.TITLE: "Payments Developer",
    OpeningField.WHERE: "Berlin, Germany",
    OpeningField.WORK_MODE: WorkMode.HYBRID,
    OpeningField.PAY: "75-92k EUR",
    OpeningField.HIRING_MANAGER: "UMANAGER",
    OpeningField.APPLY_AT: "jobs@example.com",
}


class Office:
    """The services over one database."""

    def __init__(self, library: Library, database: Database) -> None:
        self.database, self.clock, self.people = database, HandClock(), People()
        rights = rights_of(self.people, database, self.clock)
        self.flushes: list[int] = []
        self.editing = JobEditing(
            library, database, rights, Contents(), self.clock, lambda: self.flushes.append(1)
        )
        self.forms = OpeningForms(self.editing)
        self.postings = OpeningPostings(self.editing)
        self.referrals = OpeningReferrals(self.editing)

    async def opens(self, id: str, user: str = "U1", **changes: Any) -> JobSheet:
        entered = {**FILLED, **{OpeningField(name): value for name, value in changes.items()}}
        return await self.forms.save(WORKSPACE, user, JobEdit(id, 0, ROLE), entered)

    async def edits(self, id: str, version: int, user: str = "U1", **changes: Any) -> JobSheet:
        entered = {OpeningField(name): value for name, value in changes.items()}
        return await self.forms.save(WORKSPACE, user, JobEdit(id, version, ROLE), entered)

    async def shows(self, id: str, post: str) -> str:
        """What stands in the channel, once it has been posted."""
        async with self.database.read() as tx:
            row = await tx.outbox.get(WORKSPACE, PostingMessage.key_of(id, post))
            assert row is not None
            model = await rendered(tx, replace(row, ts="1.1"), self.clock.now())
        return json.dumps(show(model).blocks, ensure_ascii=False).replace(NO_BREAK, " ")

    async def forgets_everybody(self) -> None:
        """Who was seen is forgotten, as it is within a day."""
        async with self.database.write() as tx:
            await tx.connection.execute(text("DELETE FROM members"))

    async def count(self, table: str) -> int:
        async with self.database.read() as tx:
            found = await tx.connection.execute(text(f"SELECT count(*) FROM {table}"))
        return int(found.scalar_one())


@pytest.fixture
async def office(library: Library, database_url: str) -> AsyncIterator[Office]:
    database = Database(database_url)
    yield Office(library, database)
    await database.close()


async def test_the_same_form_submitted_twice_at_once_is_one_opening(office: Office) -> None:
    id = new_id()
    first, second = await asyncio.gather(office.opens(id), office.opens(id))
    assert first.job == second.job
    assert await office.count("openings") == 1
    assert await office.count("audit") == 1


async def test_jobs_of_one_title_made_at_once_have_names_of_their_own(office: Office) -> None:
    made = await asyncio.gather(*(office.opens(new_id()) for _ in range(4)))
    slugs = [sheet.job.slug for sheet in made]
    assert len(set(slugs)) == 4
    assert {"payments-developer", "payments-developer-berlin"} <= set(slugs)


async def test_of_two_who_save_at_once_one_is_told(office: Office) -> None:
    sheet = await office.opens(id := new_id())
    assert sheet.job.version == 1
    both = await asyncio.gather(
        office.edits(id, 1, team="Ledger"),
        office.edits(id, 1, "UMANAGER", team="Cards"),
        return_exceptions=True,
    )
    assert sorted(type(one) for one in both if isinstance(one, Exception)) == [OpeningChanged]
    (changed,) = (one for one in both if isinstance(one, OpeningChanged))
    assert changed.sheet.job.version == 2
    assert [entry.fields for entry in changed.changes] == [("team",)]


async def test_a_form_that_changes_nothing_is_no_change(office: Office) -> None:
    await office.opens(id := new_id())
    await office.edits(id, 1, team="Ledger")
    again = await office.edits(id, 1, team="Ledger")
    assert again.job.version == 2, "the same form sent twice is one change"
    assert await office.count("audit") == 2


async def test_one_post_pressed_twice_is_one_message(office: Office) -> None:
    await office.opens(id := new_id())
    post = new_id()
    both = (office.postings.post(WORKSPACE, "U1", id, 1, post, "C0HIRING") for _ in range(2))
    sheets = await asyncio.gather(*both)
    assert [sheet.job.status for sheet in sheets] == [OpeningStatus.OPEN] * 2
    assert await office.count("outbox") == 1


async def test_what_is_changed_while_it_is_being_posted_is_put_right(office: Office) -> None:
    await office.opens(id := new_id())
    post = new_id()
    await office.postings.post(WORKSPACE, "U1", id, 1, post, "C0HIRING")
    async with office.database.write() as tx:
        await tx.connection.execute(text("UPDATE outbox SET state = 'sending'"))
    await office.edits(id, 2, team="Ledger")
    async with office.database.read() as tx:
        again = await tx.connection.execute(text("SELECT again_at FROM outbox"))
        assert again.scalar_one() is not None


async def test_the_record_says_who_made_opened_posted_and_changed_it(office: Office) -> None:
    await office.opens(id := new_id())
    for number, channel in enumerate(("C0HIRING", "C0OTHER")):
        await office.postings.post(WORKSPACE, "U1", id, number + 1, new_id(), channel)
    await office.edits(id, 2, "UMANAGER", team="Ledger")
    async with office.database.read() as tx:
        entries = await tx.audit.since(WORKSPACE, id, 0)
    told = {(one.actor, one.action, one.part, one.fields) for one in entries}
    assert told == {
        ("U1", "opening.made", None, ()),
        ("U1", "opening.opened", None, ()),
        ("U1", "opening.posted", "C0HIRING", ()),
        ("U1", "opening.posted", "C0OTHER", ()),
        ("UMANAGER", "opening.changed", None, ("team",)),
    }


async def test_what_was_changed_since_it_was_shown_is_not_posted(office: Office) -> None:
    await office.opens(id := new_id())
    await office.edits(id, 1, team="Ledger")
    with pytest.raises(OpeningChanged):
        await office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
    assert await office.count("outbox") == 0


async def test_an_open_job_that_was_changed_since_it_was_shown_is_not_posted_again_either(
    office: Office,
) -> None:
    await office.opens(id := new_id())
    await office.postings.post(WORKSPACE, "U1", id, 1, first := new_id(), "C0HIRING")
    await office.edits(id, 2, "UMANAGER", pay="1 EUR")
    with pytest.raises(OpeningChanged) as raised:
        await office.postings.post(WORKSPACE, "U1", id, 2, second := new_id(), "C0OTHER")
    assert raised.value.sheet.job.version == 3
    assert [entry.fields for entry in raised.value.changes] == [("pay",)]
    assert await office.count("outbox") == 1
    again = await office.postings.post(WORKSPACE, "U1", id, 1, first, "C0HIRING")
    assert again.job.version == 3, "what has been posted is, whatever was changed since"
    await office.postings.post(WORKSPACE, "U1", id, 3, second, "C0OTHER")
    assert await office.count("outbox") == 2


async def test_one_referral_sent_twice_is_one_candidate(office: Office) -> None:
    await office.opens(id := new_id())
    await office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
    who = (WORKSPACE, "USAM", id, new_id(), "Robin Doe", "Fixed our search.")
    await asyncio.gather(*(office.referrals.refer(*who) for _ in range(3)))
    tables = ("candidates", "applications", "outbox")
    assert [await office.count(table) for table in tables] == [1, 1, 2]


async def test_another_workspace_has_no_such_opening(office: Office) -> None:
    await office.opens(id := new_id())
    await office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
    async with office.database.read() as tx:
        assert await tx.openings.job("T2", id) is None
        assert await tx.openings.shown_to("T2", "U1", 10, all=True) == []
        assert await tx.openings.called("T2", "U1", "payments-developer", all=True) == []
        assert await tx.openings.names_shown_to("T2", "U1", all=True) == []
        assert await tx.openings.jobs("T2", [id], 10) == []
        assert await tx.openings.latest_of("T2", "U1", ROLE) is None


async def test_a_new_job_takes_nothing_over_from_a_draft_that_is_not_the_persons_own(
    office: Office,
) -> None:
    confidential = {"team": "Merger", "channel": "CPRIVATE", "pay": "300-400k EUR"}
    await office.opens(id := new_id(), **confidential)
    begun = (await office.forms.begun(WORKSPACE, "UMEMBER", ROLE)).job
    assert (begun.terms, begun.opening.team, begun.opening.hiring_manager) == (Terms(), None, None)
    with pytest.raises(InvalidOpening) as refused:
        await office.opens(new_id(), "UMEMBER", pay="90k")
    assert list(refused.value.faults) == [OpeningField.PAY], "nor does its currency hold for theirs"
    assert (await office.forms.begun(WORKSPACE, "UMANAGER", ROLE)).job.opening.team == "Merger"
    await office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
    assert (await office.forms.begun(WORKSPACE, "UMEMBER", ROLE)).job.opening.team == "Merger"
    await office.postings.move(WORKSPACE, "U1", id, OpeningStatus.CLOSED)
    assert (await office.forms.begun(WORKSPACE, "UMEMBER", ROLE)).job.terms == Terms()


async def test_why_no_pay_is_shown_holds_for_the_same_work_alone(office: Office) -> None:
    await office.opens(new_id(), pay=None, no_pay="An honorary office")
    same = await office.forms.begun(WORKSPACE, "U1", ROLE)
    assert same.job.terms.no_pay == "An honorary office"
    for role, level in ((ROLE, Level.SENIOR), ("data-engineer", None)):
        other = (await office.forms.begun(WORKSPACE, "U1", role, level)).job
        assert other.terms.no_pay is None
        assert other.terms.apply_at == FILLED[OpeningField.APPLY_AT]
        with pytest.raises(InvalidOpening) as refused:
            check_postable(other, date(2026, 12, 1))
        assert OpeningField.PAY in refused.value.faults


async def test_whoever_may_not_change_an_opening_learns_nothing_from_what_its_form_refuses(
    office: Office,
) -> None:
    await office.opens(id := new_id())
    with pytest.raises(UserError, match="no such opening"):
        await office.edits(id, 1, "UMEMBER", where="Berlin", work_mode=None, title="")


async def test_a_member_reads_what_is_public_and_changes_nothing(office: Office) -> None:
    await office.opens(id := new_id())
    for use in (office.postings.shown, office.postings.changeable, office.forms.editable):
        with pytest.raises(UserError, match="no such opening"):
            await use(WORKSPACE, "UMEMBER", id)
    await office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
    seen = await office.postings.shown(WORKSPACE, "UMEMBER", id)
    assert not seen.may_change
    with pytest.raises(UserError, match="Only the author"):
        await office.postings.move(WORKSPACE, "UMEMBER", id, OpeningStatus.CLOSED)


async def test_a_public_job_is_listed_and_found_however_many_drafts_are_newer(
    office: Office,
) -> None:
    await office.opens(id := new_id(), title="Data Lead")
    await office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
    await office.opens(draft := new_id(), title="Night Shift Lead")
    async with office.database.write() as tx:
        drafted = await tx.openings.job(WORKSPACE, draft)
        assert drafted is not None
        later = office.clock.now() + timedelta(days=1)
        for number in range(MOST_SHOWN):
            opening = replace(drafted.opening, id=f"d{number}", title="Another Job")
            job = replace(drafted, opening=opening, slug=f"another-job-{number}")
            assert await tx.openings.add_job(WORKSPACE, job, later)
    listed = await office.postings.listed(WORKSPACE, "U1")
    assert listed.jobs[0].id == id
    assert len(listed.jobs) == MOST_SHOWN
    for name in ("data-lead", "Data Lead", "data lead"):
        assert [one.job.id for one in await office.postings.named(WORKSPACE, "U1", name)] == [id]
    for name in ("night-shift-lead", "Night shift lead"):
        found = await office.postings.named(WORKSPACE, "U1", name)
        assert [one.job.id for one in found] == [draft]
        assert await office.postings.named(WORKSPACE, "UMEMBER", name) == []


async def test_what_a_panel_has_made_is_found_by_its_title_and_stands_in_no_list(
    office: Office,
) -> None:
    made = Opening(new_id(), ROLE, "Backend Developer", None, "U1")
    async with office.database.write() as tx:
        await tx.openings.add(WORKSPACE, made, office.clock.now())
    assert (await office.postings.listed(WORKSPACE, "U1")).jobs == []
    for name in ("backend developer", made.id):
        (sheet,) = await office.postings.named(WORKSPACE, "U1", name)
        assert sheet.job.opening == made
        assert await office.postings.named(WORKSPACE, "UMEMBER", name) == []


async def test_the_companys_currency_and_country_hold_where_none_is_typed(
    office: Office,
) -> None:
    company = Usual(currency="PLN", country="PL")
    office.forms = OpeningForms(office.editing, company)
    sheet = await office.opens(new_id(), pay="10-12k a month", where="Kraków")
    assert sheet.job.terms.pay is not None
    assert sheet.job.terms.pay.currency == "PLN"
    assert sheet.job.terms.places == (Place("PL", None, "Kraków"),)


async def test_a_post_is_edited_once_as_its_closing_day_ends_where_its_poster_is(
    office: Office,
) -> None:
    day = office.clock.now().date()
    office.people.people["U1"] = person("U1", "America/Los_Angeles")
    await office.opens(id := new_id(), closes_on=day)
    await office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
    await office.forgets_everybody()
    edited = []
    for hours in range(48):
        async with office.database.write() as tx:
            await tx.connection.execute(text("UPDATE outbox SET state = 'sent', ts = '1.1'"))
        office.clock.move(hours=1)
        await office.postings.tick()
        async with office.database.read() as tx:
            states = await tx.connection.execute(text("SELECT state FROM outbox"))
            edited += [hours] * (states.scalar_one() == "due")
    assert edited == [22], "nine in the morning, UTC, and 23 hours: midnight in Los Angeles"


async def test_a_post_names_the_days_where_its_poster_was_however_long_ago_that_is(
    office: Office,
) -> None:
    office.people.people["U1"] = person("U1", "Pacific/Auckland")
    await office.opens(id := new_id(), closes_on=date(2026, 12, 24))
    post = new_id()
    await office.postings.post(WORKSPACE, "U1", id, 1, post, "C0HIRING")
    office.clock.set(datetime(2026, 12, 23, 13, tzinfo=UTC))
    await office.postings.move(WORKSPACE, "U1", id, OpeningStatus.PAUSED)
    await office.forgets_everybody()
    assert "since Thu, Dec 24" in await office.shows(id, post)
    await office.postings.move(WORKSPACE, "UMANAGER", id, OpeningStatus.OPEN)
    await office.forgets_everybody()
    assert '"Apply"' in await office.shows(id, post)
    office.clock.set(datetime(2026, 12, 24, 11, tzinfo=UTC))
    assert "Applications closed on Thu, Dec 24" in await office.shows(id, post)


async def test_a_post_of_the_version_before_which_says_no_place_goes_on_by_utc(
    office: Office,
) -> None:
    await office.opens(id := new_id())
    await office.postings.post(WORKSPACE, "U1", id, 1, post := new_id(), "C0HIRING")
    async with office.database.write() as tx:
        row = await tx.outbox.get(WORKSPACE, PostingMessage.key_of(id, post))
        assert row is not None
        without = {name: value for name, value in row.payload.items() if name != "zone"}
        assert PostingMessage.load(replace(row, payload=without)).zone == "UTC"


async def test_a_status_changes_only_to_what_can_follow(office: Office) -> None:
    await office.opens(id := new_id())
    with pytest.raises(UserError, match="draft now"):
        await office.postings.move(WORKSPACE, "U1", id, OpeningStatus.FILLED)
    await office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
    for _ in range(2):
        sheet = await office.postings.move(WORKSPACE, "U1", id, OpeningStatus.FILLED)
        assert sheet.job.version == 3, "twice is once"
    with pytest.raises(UserError, match="filled now"):
        await office.postings.move(WORKSPACE, "U1", id, OpeningStatus.PAUSED)

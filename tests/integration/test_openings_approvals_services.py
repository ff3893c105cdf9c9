"""Approval on SQLite and on PostgreSQL, where several people are at it at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.domain.audit import new_id
from bot.domain.openings.approval import ApprovalState
from bot.domain.rights import Act
from bot.domain.settings import WorkspaceSettings
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.services.jobs import JobSheet, OpeningChanged
from bot.services.messages.openings_approvals import Answered, AnsweredMessage
from bot.services.openings.approvals import NOBODY_ELSE, WROTE_IT, OpeningApprovals
from bot.services.settings import SettingsService
from bot.storage.database import Database
from bot.storage.outbox import outbox
from tests.integration.test_openings_services import Office
from tests.support.outbox import failure_told, rendered
from tests.support.people import WORKSPACE, rights_of

AUTHOR, SAM, PRIYA, ADMIN = "U1", "USAM", "UPRIYA", "UADMIN"


class Approvers(Office):
    """Sam and Priya approve."""

    def __init__(self, library: Library, database: Database) -> None:
        super().__init__(library, database)
        self.approvals = OpeningApprovals(self.editing)
        rights = rights_of(self.people, database, self.clock)
        self.settings = SettingsService(database, rights, self.clock, lambda: None)

    async def requires(self, *approvers: str, is_on: bool = True) -> None:
        async with self.database.write() as tx:
            await tx.settings.put(WorkspaceSettings(WORKSPACE, is_on, approvers or (SAM, PRIYA)))

    async def sent(self) -> JobSheet:
        """A draft that its author has sent."""
        sheet = await self.opens(new_id())
        return (await self.approvals.send(WORKSPACE, AUTHOR, sheet.job.id, sheet.job.version)).sheet

    async def state(self, id: str) -> ApprovalState:
        async with self.database.read() as tx:
            latest = await tx.approvals.latest(WORKSPACE, id)
        assert latest is not None
        return latest.state

    async def keys(self, prefix: str) -> list[str]:
        async with self.database.read() as tx:
            query = outbox.select().where(outbox.c.key.startswith(prefix))
            rows = (await tx.connection.execute(query)).mappings()
            return sorted(row["key"] for row in rows)


@pytest.fixture
async def office(library: Library, database_url: str) -> AsyncIterator[Approvers]:
    database = Database(database_url)
    made = Approvers(library, database)
    await made.requires()
    yield made
    await database.close()


def faults_of(results: list[object]) -> list[BaseException]:
    return [one for one in results if isinstance(one, BaseException)]


async def test_sent_twice_at_once_it_is_asked_for_once(office: Approvers) -> None:
    sheet = await office.opens(new_id())
    id, version = sheet.job.id, sheet.job.version
    await asyncio.gather(*(office.approvals.send(WORKSPACE, AUTHOR, id, version) for _ in range(3)))
    assert await office.count("opening_approvals") == 1
    assert await office.keys("approval:") == [f"approval:{id}:1:{one}" for one in (PRIYA, SAM)]


async def test_of_two_who_answer_at_once_one_does(office: Approvers) -> None:
    job = (await office.sent()).job
    results = await asyncio.gather(
        office.approvals.approve(WORKSPACE, SAM, job.id, job.version),
        office.approvals.send_back(WORKSPACE, PRIYA, job.id, job.version, "Add the pay."),
        return_exceptions=True,
    )
    (fault,) = faults_of(results)
    assert isinstance(fault, UserError)
    assert fault.text.startswith("Someone else has already")
    assert await office.keys("answered:") == [f"answered:{job.id}:1"]


async def test_the_same_press_twice_is_one_approval(office: Approvers) -> None:
    job = (await office.sent()).job
    for _ in range(2):
        await office.approvals.approve(WORKSPACE, SAM, job.id, job.version)
    async with office.database.read() as tx:
        entries = await tx.audit.since(WORKSPACE, job.id, 0)
    assert [one.action for one in entries].count("opening.approved") == 1


async def test_who_approves_while_the_author_edits_approves_what_they_saw_or_is_told(
    office: Approvers,
) -> None:
    job = (await office.sent()).job
    approved, edited = await asyncio.gather(
        office.approvals.approve(WORKSPACE, SAM, job.id, job.version),
        office.edits(job.id, job.version, pay="80-95k EUR"),
        return_exceptions=True,
    )
    assert not isinstance(edited, BaseException)
    sheet = await office.editing.shown(WORKSPACE, AUTHOR, job.id, Act.CHANGE_OPENING)
    if isinstance(approved, BaseException):
        assert isinstance(approved, OpeningChanged)
        assert sheet.is_waiting
    assert sheet.needs_approval, "nobody has approved what it says now"


async def test_approval_switched_off_while_somebody_approves_ends_one_way(
    office: Approvers,
) -> None:
    job = (await office.sent()).job
    results = await asyncio.gather(
        office.approvals.approve(WORKSPACE, SAM, job.id, job.version),
        office.settings.approve_openings(WORKSPACE, ADMIN, is_on=False),
        return_exceptions=True,
    )
    assert all(isinstance(one, UserError) for one in faults_of(results))
    is_approved = not isinstance(results[0], BaseException)
    state = ApprovalState.APPROVED if is_approved else ApprovalState.NOT_REQUIRED
    assert await office.state(job.id) is state
    sheet = await office.editing.shown(WORKSPACE, AUTHOR, job.id, Act.CHANGE_OPENING)
    assert not sheet.needs_approval


async def test_a_change_of_an_open_job_is_held_and_shown_once_approved(office: Approvers) -> None:
    await office.requires(is_on=False)
    sheet = await office.opens(new_id())
    id, post = sheet.job.id, new_id()
    await office.postings.post(WORKSPACE, AUTHOR, id, 1, post, "C0HIRING")
    await office.requires()
    sheet = await office.edits(id, 2, pay="80-95k EUR", seats="2")
    assert sheet.held == ("pay",)
    async with office.database.read() as tx:
        job = await tx.openings.job(WORKSPACE, id)
    assert job is not None
    assert job.terms.seats == 2, "that is not public text"
    assert "75,000" in await office.shows(id, post)
    await office.approvals.send(WORKSPACE, AUTHOR, id, sheet.job.version)
    await office.approvals.approve(WORKSPACE, SAM, id, sheet.job.version)
    assert "80,000" in await office.shows(id, post)
    again = await office.edits(id, sheet.job.version + 1, pay="81-95k EUR")
    back = await office.edits(id, again.job.version, pay="80-95k EUR")
    assert back.held == (), "it is as it was approved"
    assert not back.needs_approval


@pytest.mark.parametrize("gone", ["deleted", "restricted"])
async def test_an_author_who_alone_is_left_to_approve_reads_what_to_do(
    office: Approvers, gone: str
) -> None:
    await office.requires(AUTHOR, SAM)
    office.people.people[SAM] = replace(office.people.people[SAM], **{gone: True})
    sheet = await office.opens(new_id())
    with pytest.raises(UserError, match="add an approver") as raised:
        await office.approvals.send(WORKSPACE, AUTHOR, sheet.job.id, 1)
    assert raised.value.text == NOBODY_ELSE
    assert await office.count("opening_approvals") == 0


@pytest.mark.parametrize("gone", ["deleted", "restricted"])
async def test_an_approver_who_left_or_is_a_guest_approves_nothing(
    office: Approvers, gone: str
) -> None:
    job = (await office.sent()).job
    office.people.people[SAM] = replace(office.people.people[SAM], **{gone: True})
    office.clock.moves(minutes=10)
    with pytest.raises(UserError, match="full members"):
        await office.approvals.approve(WORKSPACE, SAM, job.id, job.version)
    await office.approvals.approve(WORKSPACE, PRIYA, job.id, job.version)


@pytest.mark.parametrize("user", [AUTHOR, "UMANAGER", "UMEMBER"])
async def test_a_forged_answer_is_refused(office: Approvers, user: str) -> None:
    job = (await office.sent()).job
    for answer in (
        office.approvals.approve(WORKSPACE, user, job.id, job.version),
        office.approvals.send_back(WORKSPACE, user, job.id, job.version, "No."),
    ):
        with pytest.raises(UserError):
            await answer
    with pytest.raises(UserError, match="no such opening"):
        await office.approvals.approve(WORKSPACE, SAM, "0" * 16, 1)
    assert await office.state(job.id) is ApprovalState.WAITING


async def test_the_author_who_is_an_approver_is_told_why_not(office: Approvers) -> None:
    await office.requires(AUTHOR, SAM)
    job = (await office.sent()).job
    with pytest.raises(UserError) as raised:
        await office.approvals.approve(WORKSPACE, AUTHOR, job.id, job.version)
    assert raised.value.text == WROTE_IT
    assert await office.keys("approval:") == [f"approval:{job.id}:1:{SAM}"]


async def test_whoever_sent_it_hears_whom_slack_does_not_reach(office: Approvers) -> None:
    job = (await office.sent()).job
    async with office.database.write() as tx:
        row = await tx.outbox.get(WORKSPACE, f"approval:{job.id}:1:{SAM}")
        assert row is not None
        this = update(outbox).where(outbox.c.key == row.key)
        await tx.connection.execute(this.values(error="user_disabled", state="failed"))
        await failure_told(tx, row, office.clock.now())
        told = await tx.outbox.get(WORKSPACE, f"answered:{job.id}:1")
        assert told is not None
        assert AnsweredMessage.load(told).recipient == AUTHOR
        model = await rendered(tx, told, office.clock.now())
    assert isinstance(model, Answered)
    assert model.unreached == (SAM,)

"""What an opening's formats read from the database, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot.domain.audit import new_id
from bot.domain.openings.opening import OpeningStatus
from bot.errors import UserError
from bot.library.catalogue import Library
from bot.library.documents import Documents
from bot.library.formats import ShareFormat
from bot.library.loader import BUILT_IN
from bot.services.openings.formats import OpeningFormats, first_open
from bot.services.openings.sharing import OpeningSharing
from bot.storage.database import Database
from tests.integration.test_openings_services import Office
from tests.support.people import WORKSPACE


@pytest.fixture
async def office(library: Library, database_url: str) -> AsyncIterator[Office]:
    database = Database(database_url)
    yield Office(library, database)
    await database.close()


async def opened_at(office: Office, id: str, workspace: str = WORKSPACE) -> datetime | None:
    async with office.database.read() as tx:
        job = await tx.openings.job(WORKSPACE, id)
        assert job is not None
        return await first_open(tx, workspace, job)


async def test_a_job_was_posted_when_it_was_first_open_whatever_became_of_it(
    office: Office,
) -> None:
    await office.opens(id := new_id())
    assert await opened_at(office, id) is None, "a draft has not been yet"
    office.clock.move(days=1)
    await office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
    first = office.clock.now()
    assert await opened_at(office, id) == first
    for status in (OpeningStatus.PAUSED, OpeningStatus.OPEN, OpeningStatus.CLOSED):
        office.clock.move(days=1)
        await office.postings.move(WORKSPACE, "U1", id, status)
        assert await opened_at(office, id) == first


async def test_texts_are_for_those_who_may_change_the_job_in_its_own_workspace(
    office: Office,
) -> None:
    sharing = OpeningSharing(office.editing, OpeningFormats(Documents([BUILT_IN])))
    await office.opens(id := new_id())
    with pytest.raises(UserError, match="still a draft"):
        await sharing.texts(WORKSPACE, "U1", id)
    await office.postings.post(WORKSPACE, "U1", id, 1, new_id(), "C0HIRING")
    for user in ("U1", "UMANAGER"):
        shared = await sharing.texts(WORKSPACE, user, id)
        assert set(shared.texts) == set(ShareFormat)
    with pytest.raises(UserError, match="Only the author"):
        await sharing.texts(WORKSPACE, "UMEMBER", id)
    with pytest.raises(UserError, match="for full members of this workspace"):
        await sharing.texts("T2", "U1", id)

"""What is known of the boards that read an opening, for whoever may change it."""

from collections.abc import Sequence

from bot.domain.company import Company
from bot.domain.openings.job import Job
from bot.domain.site.jobs import changed_at
from bot.domain.site.status import BoardStatus, board_statuses
from bot.services.site.reading import first_open
from bot.storage.database import Database


class SiteBoards:
    """The use case; whoever asks has been found to be allowed to."""

    def __init__(self, database: Database, base: str, company: Company) -> None:
        self._database = database
        self._base = base
        self._company = company

    async def statuses(self, workspace: str, job: Job) -> Sequence[BoardStatus]:
        """Each board's, of an opening that is open."""
        async with self._database.read() as tx:
            entries = (await tx.site.changes(workspace, [job.id])).get(job.id, ())
            fetches = await tx.site.fetched(workspace, job.id)
        posted_at = first_open(job, entries)
        if posted_at is None:
            return ()
        since = changed_at(entries, posted_at)
        name = self._company.name
        return [*board_statuses(job, posted_at, since, fetches, self._base, name)]

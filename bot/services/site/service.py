"""The pages as they are served: rendered once, and kept until an opening changes."""

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from bot.caches import keep
from bot.domain.site.boards import Feed
from bot.domain.site.cards import ENDING
from bot.domain.site.jobs import Filters, Snapshot, filters_of
from bot.domain.site.status import LONGEST_AGENT, Board, Fetch, reader_of
from bot.services.ports import Clock
from bot.services.site.page import Page
from bot.services.site.reading import SiteReading
from bot.services.site.rendering import JOBS, Answer, Site
from bot.services.workspace import WorkspaceService
from bot.storage.database import Database

MOST_KEPT = 2000
MOST_SEARCHES = 200
"""Pages that are held in memory: of openings and feeds, and of lists that somebody has filtered."""

WRITE_EVERY = 10.0
"""Seconds at least between two records of what boards have fetched."""

FEEDS = {feed.address: str(feed) for feed in Feed}

NO_FILTERS = Filters()

Key = tuple[str, Filters]


class SiteService:
    """Gives pages without asking the database: `refresh` does, once for all visitors."""

    def __init__(self, site: Site, database: Database, reading: SiteReading, clock: Clock) -> None:
        self.site = site
        self._database = database
        self._reading = reading
        self._clock = clock
        self._workspaces = WorkspaceService(database)
        self._workspace: str | None = None
        self._revision: tuple[int, int] | None = None
        self._now = Snapshot()
        self._kept: dict[Key, Answer] = {}
        self._searches: dict[Key, Answer] = {}
        self._missing: Page | None = None
        self._rendering: dict[Key, asyncio.Task[Answer | None]] = {}
        self._drawer = ThreadPoolExecutor(1, "pictures")  # so that no page waits behind them
        self._checked_at: float | None = None
        self._fetches: dict[tuple[str, str], Fetch] = {}
        self._noted_at = 0.0

    @property
    def now(self) -> Snapshot:
        """The openings as the public knows them."""
        return self._now

    @property
    def age(self) -> float:
        """Seconds since it was last known that the pages are as the openings are."""
        return 0.0 if self._checked_at is None else time.monotonic() - self._checked_at

    async def refresh(self) -> None:
        """Sees whether an opening has changed, wherever, or a closing day is over."""
        if self._workspace is None:
            self._workspace = await self._workspaces.known()
        if self._workspace is not None:
            async with self._database.read() as tx:
                revision = await tx.site.revision(self._workspace)
                now = self._clock.now()
                until = self._now.holds_until
                if revision != self._revision or (until is not None and now >= until):
                    found = await self._reading.snapshot(tx, self._workspace, now)
                    self._revision = revision
                    self._begin(found)
            await self._write_fetches(self._workspace)
        self._checked_at = time.monotonic()

    def note(self, address: str, agent: str) -> None:
        """Remembers that a client has asked for this, if that is what a board reads."""
        what = FEEDS.get(address)
        if what is None:
            if (reader := reader_of(agent[:LONGEST_AGENT])) != Board.GOOGLE.reader:
                return
            slug = address.removeprefix(f"{JOBS}/")
            one = self._now.by_slug.get(slug)
            if one is None:
                return
            what = one.job.id
        else:
            reader = reader_of(agent[:LONGEST_AGENT])
        self._fetches[what, reader] = Fetch(what, reader, self._clock.now())

    async def _write_fetches(self, workspace: str) -> None:
        """Writes what was fetched, behind the answers; what can't be written now waits."""
        if not self._fetches or time.monotonic() < self._noted_at + WRITE_EVERY:
            return
        found, self._fetches = self._fetches, {}
        try:
            async with self._database.write() as tx:
                await tx.site.note(workspace, [*found.values()])
        except BaseException:
            self._fetches = found | self._fetches
            raise
        self._noted_at = time.monotonic()

    def kept(self, address: str) -> Answer | None:
        """What stands at the address, where it has been rendered already."""
        return self._kept.get((address, NO_FILTERS))

    async def answer(self, address: str, query: Mapping[str, str] | None = None) -> Answer:
        """What stands at the address, or what stands where nothing does."""
        filters = filters_of(query) if query and address == JOBS else NO_FILTERS
        found = self._kept_for(address, filters)
        if found is None:
            found = await self._rendered((address, filters))
        if found is not None:
            return found
        if self._missing is None:
            self._missing = await asyncio.to_thread(self.site.missing, self._now)
        return self._missing

    def _kept_for(self, address: str, filters: Filters) -> Answer | None:
        kept = self._kept if filters is NO_FILTERS or filters == NO_FILTERS else self._searches
        return kept.get((address, filters))

    async def _rendered(self, key: Key) -> Answer | None:
        """Rendered beside everything else, once for all who wait for it."""
        if key not in self._rendering:
            task = asyncio.create_task(self._render(key))
            rendering = self._rendering  # a snapshot begins its own
            rendering[key] = task
            task.add_done_callback(lambda _: rendering.pop(key, None))
        return await asyncio.shield(self._rendering[key])

    async def _render(self, key: Key) -> Answer | None:
        now = self._now
        drawer = self._drawer if key[0].endswith(ENDING) else None  # None: with all the others
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(drawer, self.site.answer, now, *key)
        if found is not None and now is self._now:
            is_whole = key[1] == NO_FILTERS
            kept, most = (self._kept, MOST_KEPT) if is_whole else (self._searches, MOST_SEARCHES)
            keep(kept, key, found, most)
        return found

    def _begin(self, now: Snapshot) -> None:
        """From now on pages are of this snapshot."""
        self._now = now
        self._kept, self._searches, self._missing = {}, {}, None
        self._rendering = {}

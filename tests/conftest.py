"""Fixtures: databases, Slack's stand-in, Panelist running."""

import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.config import Settings
from bot.library.catalogue import Library
from bot.library.loader import load
from bot.storage.database import Database
from tests.support.clock import ManualClock
from tests.support.connected import connected
from tests.support.databases import Postgres, migrated_sqlite, sqlite_url
from tests.support.hurry import hurry
from tests.support.outbox import World
from tests.support.panelist import Panelist, running
from tests.support.slack import StandIn

settings.register_profile("panelist", deadline=None)
settings.load_profile("panelist")
"""A busy machine is no fault of the code."""

hurry()


@pytest.fixture(autouse=True)
def only_the_settings_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the developer's own environment sets must not reach a test."""
    proxies = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
    for name in (*Settings.model_fields, *proxies):
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command that ran in this process has set up its own."""
    root = logging.getLogger()
    level, handlers = root.level, [*root.handlers]
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


@pytest.fixture(scope="session")
def library() -> Library:
    return load()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated_sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "panelist.db"
    shutil.copyfile(sqlite_template, path)
    return sqlite_url(path)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.close()


@pytest.fixture
def postgres_database(postgres: Postgres) -> Iterator[str]:
    url = postgres.lend()
    yield url
    postgres.take_back(url)


@pytest.fixture
def empty_postgres_database(postgres: Postgres) -> Iterator[str]:
    url = postgres.new_database(empty=True)
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of one's own; the test runs on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_database")
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of one's own, for migrations."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "new.db")
    url: str = request.getfixturevalue("empty_postgres_database")
    return url


@pytest.fixture
async def slack() -> AsyncIterator[StandIn]:
    stand_in = StandIn()
    async with stand_in.serving() as url:
        stand_in.url = url
        yield stand_in


@pytest.fixture
async def world(database_url: str, slack: StandIn) -> AsyncIterator[World]:
    """An outbox, which ticks when told to."""
    database, clock = Database(database_url), ManualClock()
    slack.conversations.now = lambda: clock.now().timestamp()
    async with connected(slack.api_url) as connection:
        yield World(database, connection, slack, clock)
    await database.close()


@pytest.fixture
async def panelist(slack: StandIn, sqlite_database: str) -> AsyncIterator[Panelist]:
    async with running(slack, sqlite_database) as started:
        yield started
